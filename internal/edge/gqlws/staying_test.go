package gqlws

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// TestStayingIsAContext: an operation that somebody else feeds ends as a context of
// the library's does, for who asks, who waits, who is to be called, and who has
// derived another.
func TestStayingIsAContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		op := &operation{s: &socket{}, values: context.WithValue(t.Context(), key{}, "kept")}
		ctx := op.staying()
		var called atomic.Int64
		call := func() { called.Add(1) }
		stop := context.AfterFunc(ctx, call)
		stopOther := ctx.(*staying).AfterFunc(call)
		ctx.(*staying).AfterFunc(call)
		derived, cancel := context.WithCancel(context.WithValue(ctx, key{}, "another"))
		defer cancel()
		if !stopOther() || stopOther() || ctx.Err() != nil || derived.Err() != nil || ctx.Value(key{}) != "kept" {
			t.Error("before the end")
		}
		op.s.mu.Lock()
		op.stop()
		op.stop() // once more is nothing
		op.s.mu.Unlock()
		<-ctx.Done()
		<-derived.Done()
		synctest.Wait()
		if stop() || called.Load() != 2 || !errors.Is(ctx.Err(), context.Canceled) {
			t.Errorf("called %d times, %v", called.Load(), ctx.Err())
		}
		context.AfterFunc(ctx, call)
		synctest.Wait()
		if called.Load() != 3 {
			t.Error("who comes after the end is not called")
		}
	})
}
