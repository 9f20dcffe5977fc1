package gqlws

import (
	"context"
	"slices"
	"time"

	"github.com/teixit/teixit/internal/kernel/stream"
)

// stayer is a sink that can do with less than a context of its own while somebody
// else feeds it.
type stayer interface {
	// staying is the context of the sink's reader.
	staying() context.Context
	// fed is the sink as producers know it.
	fed() stream.Sink
	// stay says that nothing is derived any more from the context that the
	// operation was run with.
	stay()
}

// staying is an operation as a context: it ends when the operation is stopped.
// Ten thousand who listen have no other, for one of the library's takes as much
// memory as the rest of them. Who derives a context that ends from it starts a
// goroutine; who only waits for the end has AfterFunc.
type staying operation

var _ stayer = (*operation)(nil)

func (op *operation) staying() context.Context { return (*staying)(op) }

func (op *operation) fed() stream.Sink { return (*fed)(op) }

// fed is an operation as a sink of messages made for many.
type fed operation

func (f *fed) Next(payload []byte, cursor string) bool {
	return (*operation)(f).Next(Message{Payload: payload, Cursor: cursor})
}

func (f *fed) End(err error) { (*operation)(f).End(err) }

func (op *operation) stay() {
	op.s.mu.Lock()
	defer op.s.mu.Unlock()
	if op.cancel != nil {
		op.cancel()
		op.ctx, op.cancel = (*staying)(op), nil
	}
}

// context is what the operation is run with, or what is left of it.
func (op *operation) context() context.Context {
	op.s.mu.Lock()
	defer op.s.mu.Unlock()
	return op.ctx
}

// stop ends the work for an operation. Called under mu.
func (op *operation) stop() {
	if op.cancel != nil {
		op.cancel()
	}
	if op.isOver {
		return
	}
	op.isOver = true
	if op.over != nil {
		close(op.over)
	}
	for _, f := range op.after {
		go (*f)()
	}
	op.after = nil
}

// Deadline implements context.Context.
func (*staying) Deadline() (_ time.Time, _ bool) { return time.Time{}, false }

// Done implements context.Context.
func (c *staying) Done() <-chan struct{} {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if c.over == nil {
		c.over = make(chan struct{})
		if c.isOver {
			close(c.over)
		}
	}
	return c.over
}

// Err implements context.Context.
func (c *staying) Err() error {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if c.isOver {
		return context.Canceled
	}
	return nil
}

// Value implements context.Context.
func (c *staying) Value(key any) any { return c.values.Value(key) }

// AfterFunc is context.AfterFunc for this context.
func (c *staying) AfterFunc(f func()) (stop func() bool) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if c.isOver {
		go f()
		return func() bool { return false }
	}
	mine := &f
	c.after = append(c.after, mine)
	return func() bool {
		c.s.mu.Lock()
		defer c.s.mu.Unlock()
		i := slices.Index(c.after, mine)
		if i < 0 {
			return false
		}
		c.after = slices.Delete(c.after, i, i+1)
		return true
	}
}
