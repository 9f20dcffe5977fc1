package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// What the scenario of slow readers does: some read no more and go on sending
// pongs, while the others are told of changes at an even pace. Before and after,
// the same is measured without them for as long: what these two differ by is
// what the figure cannot tell.
const (
	slowFor  = 14 * time.Second
	slowPace = 50 * time.Millisecond
	pongPace = 500 * time.Millisecond
	window   = 4 << 10 // of a slow reader: it fills soon
)

// slowFigures of one server.
type slowFigures struct {
	before, with, after delays
	gone                int           // of those who stopped
	within              time.Duration // the last of them
}

// moved is how p99 beside slow readers stands to p99 without, and how the two
// measurements without stand to each other.
func (f slowFigures) moved() (ratio, noise float64) {
	alone := float64(f.before.p99+f.after.p99) / 2
	return float64(f.with.p99) / max(alone, 1), float64(f.after.p99) / float64(max(f.before.p99, 1))
}

type delays struct{ p50, p99 time.Duration }

func slowReaders(ctx context.Context, o options, all []server, sockets int) error {
	fmt.Printf("\nslow readers, %d sockets, %d that stop and send pongs, a change every %v\n", sockets, o.slow, slowPace)
	fmt.Printf("  %-6s %10s %10s %12s %12s %8s %8s  %s\n", "", "p50 ms", "p99 ms", "p50 with", "p99 with", "p99", "noise", "closed by the server")
	for _, s := range all {
		f, err := withSlow(ctx, o, s, sockets)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name(), err)
		}
		ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		gone := fmt.Sprintf("%d of %d within %v", f.gone, o.slow, f.within.Round(100*time.Millisecond))
		if f.gone == 0 {
			gone = fmt.Sprintf("none of %d in %v", o.slow, slowFor)
		}
		moved, noise := f.moved()
		fmt.Printf("  %-6s %10.2f %10.2f %12.2f %12.2f %7.2f× %7.2f×  %s\n", s.name(), ms(f.before.p50), ms(f.before.p99), ms(f.with.p50), ms(f.with.p99), moved, noise, gone)
	}
	return nil
}

func withSlow(ctx context.Context, o options, s server, sockets int) (f slowFigures, err error) {
	files := s.proc().files()
	c, err := gather(ctx, s, "identical", sockets)
	if err != nil {
		return f, err
	}
	defer func() {
		c.leave()
		err = errors.Join(err, s.proc().waitFiles(ctx, files+20))
	}()
	if f.before, err = c.paced(ctx, slowFor); err != nil {
		return f, err
	}
	stopped, err := stopReading(ctx, s, o.slow)
	if err != nil {
		return f, err
	}
	f.with, err = c.paced(ctx, slowFor)
	f.gone, f.within = stopped.end()
	if err == nil {
		f.after, err = c.paced(ctx, slowFor)
	}
	return f, err
}

// stopped are sockets that send pongs and read nothing.
type stopped struct {
	sockets []*socket
	over    context.CancelFunc
	work    sync.WaitGroup
	gone    int
	within  time.Duration
}

func stopReading(ctx context.Context, s server, n int) (*stopped, error) {
	ctx, over := context.WithCancel(ctx)
	st := &stopped{over: over}
	before := s.proc().files()
	for range n {
		socket, err := dial(ctx, s.proc().addr, plain, s.topic(0), window)
		if err != nil {
			st.end()
			return nil, err
		}
		st.sockets = append(st.sockets, socket)
	}
	st.work.Go(func() { st.watch(ctx, s, before+n) })
	st.work.Go(func() { st.onlyPongs(ctx) })
	return st, nil
}

// watch notes when the server has closed them: a reader that does not read
// cannot.
func (st *stopped) watch(ctx context.Context, s server, with int) {
	for begun := time.Now(); st.gone < len(st.sockets) && pause(ctx, 50*time.Millisecond) == nil; {
		if gone := with - s.proc().files(); gone > st.gone {
			st.gone, st.within = gone, time.Since(begun)
		}
	}
}

func (st *stopped) onlyPongs(ctx context.Context) {
	for pause(ctx, pongPace) == nil {
		for _, s := range st.sockets {
			_ = s.send(opPong, "") // it may be closed
		}
	}
}

// end lets them go.
func (st *stopped) end() (gone int, within time.Duration) {
	st.over()
	st.work.Wait()
	for _, s := range st.sockets {
		_ = s.conn.Close()
	}
	return st.gone, st.within
}

// paced makes changes for a while and tells how late the crowd had them.
func (c *crowd) paced(ctx context.Context, d time.Duration) (delays, error) {
	c.mu.Lock()
	c.delays = nil
	c.mu.Unlock()
	c.keep.Store(true)
	defer c.keep.Store(false)
	for end := time.Now().Add(d); time.Now().Before(end); {
		begun := time.Now()
		if _, err := c.turn(ctx, "identical"); err != nil {
			return delays{}, err
		}
		if err := pause(ctx, max(slowPace-time.Since(begun), 0)); err != nil {
			return delays{}, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	slices.Sort(c.delays)
	n := len(c.delays)
	return delays{c.delays[n/2], c.delays[n*99/100]}, nil
}
