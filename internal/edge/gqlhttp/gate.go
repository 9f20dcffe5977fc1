package gqlhttp

import (
	"context"
	"sync/atomic"
	"time"
)

// gate admits a bounded number of operations at once. Who finds it full waits
// a moment, in a bounded line; everybody else is refused at once, so that under
// overload the hub spends its time on what it can finish.
type gate struct {
	slots   chan struct{}
	waiting atomic.Int64
	wait    time.Duration
}

func newGate(size int, wait time.Duration) *gate {
	return &gate{slots: make(chan struct{}, size), wait: wait}
}

// full reports whether even the line is full: then a body need not be read.
func (g *gate) full() bool {
	return len(g.slots) == cap(g.slots) && g.waiting.Load() >= int64(cap(g.slots))
}

// enter takes a slot, and reports false when there is none in time. Who got
// one calls leave.
func (g *gate) enter(ctx context.Context) bool {
	select {
	case g.slots <- struct{}{}:
		return true
	default:
	}
	if g.waiting.Add(1) > int64(cap(g.slots)) {
		g.waiting.Add(-1)
		return false
	}
	defer g.waiting.Add(-1)
	timer := time.NewTimer(g.wait)
	defer timer.Stop()
	select {
	case g.slots <- struct{}{}:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

func (g *gate) leave() { <-g.slots }
