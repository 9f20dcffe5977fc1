package main

import (
	"context"
	"errors"
	"fmt"
)

// The figures of the hub's own runtime, beside what is resident.
const (
	heapInUse  = "go_memstats_heap_inuse_bytes"
	stackInUse = "go_memstats_stack_inuse_bytes"
)

// ownPace has the collector of all that are written in Go work as it does by
// itself. The hub else leaves 64 MiB between two collections, which do not grow
// with the sockets: sockets would fill what was resident before, and cost
// nothing.
const ownPace = "GOGC=100"

// idleMemory measures what an idle subscriber takes: resident memory with many
// sockets less that with few, by what there are more, when a server had time to
// give back what opening took. A runtime with a collector does that late: Go
// collects by itself after two minutes. Each server is started for this alone, so
// that nothing is resident that something else took.
func idleMemory(ctx context.Context, o options, sockets int) error {
	fmt.Printf("\nidle memory, %d sockets, read after %v, %s\n", sockets, o.settle, ownPace)
	fmt.Printf("  %-6s %14s %7s %7s\n", "", "KiB/socket", "/bare", "/stock")
	took := map[string]float64{}
	notes := map[string]string{}
	for _, name := range o.servers {
		s, err := startServer(ctx, o, name, ownPace)
		if err != nil {
			return err
		}
		resident, note, err := idleOf(ctx, o, s, sockets)
		if err = errors.Join(err, s.end()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		took[name], notes[name] = resident, note
	}
	for _, name := range o.servers {
		fmt.Printf("  %-6s %14.2f", name, took[name])
		for _, base := range []string{"bare", "stock"} {
			if took[base] > 0 {
				fmt.Printf(" %6.2f×", took[name]/took[base])
			} else {
				fmt.Printf(" %7s", "–")
			}
		}
		fmt.Println(notes[name])
	}
	return nil
}

// idleOf compares a hundred sockets, so that all that is made once is there, with
// so many more.
func idleOf(ctx context.Context, o options, s server, sockets int) (kib float64, note string, err error) {
	files := s.proc().files()
	warm, err := gather(ctx, s, "identical", min(sockets, 100))
	if err != nil {
		return 0, "", err
	}
	defer warm.leave()
	used := func() (resident int64, inUse float64, err error) {
		if err := pause(ctx, o.settle); err != nil {
			return 0, 0, err
		}
		heap, _ := s.gauge(ctx, heapInUse)
		stacks, _ := s.gauge(ctx, stackInUse)
		resident, err = s.proc().memory()
		return resident, heap + stacks, err
	}
	before, inUse, err := used()
	if err != nil {
		return 0, "", err
	}
	c, err := gather(ctx, s, "identical", sockets)
	if err != nil {
		return 0, "", err
	}
	defer func() {
		c.leave()
		warm.leave()
		err = errors.Join(err, s.proc().waitFiles(ctx, files+20))
	}()
	after, inUseNow, err := used()
	if err != nil {
		return 0, "", err
	}
	note = fmt.Sprintf("  (resident %d MiB, then %d", before>>20, after>>20)
	if inUse > 0 {
		note += fmt.Sprintf("; heap and stacks in use by its own account: %.2f KiB/socket", (inUseNow-inUse)/1024/float64(sockets))
	}
	note += ")"
	return float64(after-before) / 1024 / float64(sockets), note, nil
}
