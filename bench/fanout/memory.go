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

// idleMemory measures what an idle subscriber takes: resident memory before and
// after, when a server had time to give back what opening took. A runtime with a
// collector does that late: Go collects by itself after two minutes.
func idleMemory(ctx context.Context, o options, all []server, sockets int) error {
	fmt.Printf("\nidle memory, %d sockets, read after %v\n", sockets, o.settle)
	fmt.Printf("  %-6s %14s %7s %7s\n", "", "KiB/socket", "/bare", "/stock")
	took := map[string]float64{}
	notes := map[string]string{}
	for _, s := range all {
		resident, note, err := idleOf(ctx, o, s, sockets)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name(), err)
		}
		took[s.name()], notes[s.name()] = resident, note
	}
	for _, s := range all {
		fmt.Printf("  %-6s %14.2f", s.name(), took[s.name()])
		for _, base := range []string{"bare", "stock"} {
			if took[base] > 0 {
				fmt.Printf(" %6.2f×", took[s.name()]/took[base])
			} else {
				fmt.Printf(" %7s", "–")
			}
		}
		fmt.Println(notes[s.name()])
	}
	return nil
}

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
	if inUse > 0 {
		note = fmt.Sprintf("  (heap and stacks in use by its own account: %.2f)", (inUseNow-inUse)/1024/float64(sockets))
	}
	return float64(after-before) / 1024 / float64(sockets), note, nil
}
