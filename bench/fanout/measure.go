package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// checkEqual lets the others say what the hub says, and holds that all of them
// put the same bytes on the wire.
func checkEqual(ctx context.Context, all []server) error {
	var want []byte
	for _, s := range all {
		got, err := oneChange(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name(), err)
		}
		if want == nil {
			want = got
			if err := repeat(all, got); err != nil {
				return err
			}
			fmt.Printf("payload of %d bytes, of %s: %s\n", len(got), s.name(), got)
			continue
		}
		if !bytes.Equal(got, want) {
			return fmt.Errorf("%s says %s, not the same bytes", s.name(), got)
		}
	}
	fmt.Printf("equal payloads: %d servers\n", len(all))
	return nil
}

func oneChange(ctx context.Context, s server) ([]byte, error) {
	socket, err := dial(ctx, s.proc().addr, plain, s.topic(0), 0)
	if err != nil {
		return nil, err
	}
	defer socket.conn.Close()
	if _, err := socket.payload(); err != nil { // the state
		return nil, err
	}
	if err := s.change(ctx, 0); err != nil {
		return nil, err
	}
	got, err := socket.payload()
	return bytes.Clone(got), err
}

// repeat lets the others say what was said.
func repeat(all []server, payload []byte) error {
	var said struct {
		Data struct{ EventChanges message }
	}
	if err := json.Unmarshal(payload, &said); err != nil {
		return err
	}
	for _, s := range all {
		if o, ok := s.(*other); ok {
			o.mu.Lock()
			o.say = said.Data.EventChanges
			o.mu.Unlock()
		}
	}
	return nil
}

// figures of one server in one round.
type figures struct {
	cpu        time.Duration // for a message, without what the changes cost alone
	gross      time.Duration // with it
	first      time.Duration
	last       time.Duration
	database   time.Duration // of the database, for a message, without what the changes cost alone
	executions float64       // for a change; negative where they are not counted
	groups     float64
}

// fanOut measures one scenario with one number of sockets.
func fanOut(ctx context.Context, o options, all []server, scenario string, sockets int) error {
	rounds := map[string][]figures{}
	for range o.rounds {
		for _, s := range all {
			f, err := round(ctx, o, s, scenario, sockets)
			if err != nil {
				return fmt.Errorf("%s: %w", s.name(), err)
			}
			rounds[s.name()] = append(rounds[s.name()], f)
		}
	}
	report(o, all, scenario, sockets, rounds)
	return nil
}

func round(ctx context.Context, o options, s server, scenario string, sockets int) (f figures, err error) {
	alone, databaseAlone, err := costAlone(ctx, o, s, scenario)
	if err != nil {
		return f, err
	}
	files := s.proc().files()
	c, err := gather(ctx, s, scenario, sockets)
	if err != nil {
		return f, err
	}
	defer func() {
		c.leave()
		err = errors.Join(err, s.proc().waitFiles(ctx, files+20))
	}()
	for range 2 { // caches, pools and stacks
		if _, err := c.turn(ctx, scenario); err != nil {
			return f, err
		}
	}
	executed, counted := s.gauge(ctx, executions)
	f.groups, _ = s.gauge(ctx, groups)
	begun, databaseBegun, err := used(s)
	if err != nil {
		return f, err
	}
	for range o.changes {
		t, err := c.turn(ctx, scenario)
		if err != nil {
			return f, err
		}
		f.first += t.first / time.Duration(o.changes)
		f.last += t.last / time.Duration(o.changes)
	}
	now, databaseNow, err := used(s)
	if err != nil {
		return f, err
	}
	messages := time.Duration(sockets * o.changes)
	f.gross = (now - begun) / messages
	f.cpu = max(now-begun-alone, 0) / messages
	f.database = max(databaseNow-databaseBegun-databaseAlone, 0) / messages
	f.executions = -1
	if counted {
		now, _ := s.gauge(ctx, executions)
		f.executions = (now - executed) / float64(o.changes*changesIn(scenario))
	}
	return f, nil
}

// The figures of the hub's metrics that are read.
const (
	executions = `teixit_live_executions_total{of="change"}`
	groups     = `teixit_live_groups`
)

// changesIn is how many changes a turn makes.
func changesIn(scenario string) int {
	if scenario == "topics" {
		return topics
	}
	return 1
}

// costAlone is what a round's changes cost when nobody listens.
func costAlone(ctx context.Context, o options, s server, scenario string) (cpu, database time.Duration, err error) {
	begun, databaseBegun, err := used(s)
	if err != nil {
		return 0, 0, err
	}
	for range o.changes {
		if err := changeAll(ctx, s, scenario, func(int) {}); err != nil {
			return 0, 0, err
		}
	}
	cpu, database, err = used(s)
	return cpu - begun, database - databaseBegun, err
}

// used is what a server and its database have used so far.
func used(s server) (cpu, database time.Duration, err error) {
	if cpu, err = s.proc().cpu(); err != nil {
		return 0, 0, err
	}
	database, err = s.database()
	return cpu, database, err
}

func median(all []figures, of func(figures) float64) float64 {
	values := make([]float64, len(all))
	for i, f := range all {
		values[i] = of(f)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

var columns = []struct {
	name string
	of   func(figures) float64
}{
	{"CPU µs/message", func(f figures) float64 { return float64(f.cpu.Nanoseconds()) / 1000 }},
	{"spread ms", func(f figures) float64 { return float64((f.last - f.first).Microseconds()) / 1000 }},
	{"last ms", func(f figures) float64 { return float64(f.last.Microseconds()) / 1000 }},
}

func report(o options, all []server, scenario string, sockets int, rounds map[string][]figures) {
	fmt.Printf("\n%s, %d sockets, %d changes a round, median of %d rounds\n", scenario, sockets, o.changes, o.rounds)
	fmt.Printf("  %-6s", "")
	for _, c := range columns {
		fmt.Printf(" %14s %7s %7s", c.name, "/bare", "/stock")
	}
	fmt.Printf(" %9s %9s\n", "first ms", "gross µs")
	for _, s := range all {
		fmt.Printf("  %-6s", s.name())
		for _, c := range columns {
			value := median(rounds[s.name()], c.of)
			fmt.Printf(" %14.2f %7s %7s", value, ratio(value, rounds["bare"], c.of), ratio(value, rounds["stock"], c.of))
		}
		first := median(rounds[s.name()], func(f figures) float64 { return float64(f.first.Microseconds()) / 1000 })
		gross := median(rounds[s.name()], func(f figures) float64 { return float64(f.gross.Nanoseconds()) / 1000 })
		fmt.Printf(" %9.2f %9.2f\n", first, gross)
	}
	for _, f := range rounds["hub"] {
		fmt.Printf("  hub: its PostgreSQL takes %.2f µs/message besides\n", median(rounds["hub"], func(f figures) float64 { return float64(f.database.Nanoseconds()) / 1000 }))
		if f.executions >= 0 {
			fmt.Printf("  hub: %.2f executions a change, %.0f groups watch\n", f.executions, f.groups/float64(changesIn(scenario)))
		} else {
			fmt.Println("  hub: executions are not counted")
		}
		break
	}
}

func ratio(value float64, to []figures, of func(figures) float64) string {
	if len(to) == 0 {
		return "–"
	}
	if base := median(to, of); base > 0 {
		return fmt.Sprintf("%.2f×", value/base)
	}
	return "–"
}
