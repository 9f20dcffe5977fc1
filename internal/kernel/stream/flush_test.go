package stream_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/teixit/teixit/internal/kernel/stream"
)

// TestFlush waits for what was sent to be carried, and for nothing else.
func TestFlush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := stream.WithEnd(t.Context())
		stream.Flush(t.Context()) // without a transport
		stream.Flush(ctx)         // with nothing sent
		stream.Position(ctx, "1")
		stream.Position(ctx, "2")
		flushed := false
		go func() {
			stream.Flush(ctx)
			flushed = true
		}()
		end.Carried()
		synctest.Wait()
		if flushed {
			t.Error("one of two messages was enough")
		}
		end.Carried()
		synctest.Wait()
		if !flushed {
			t.Error("it still waits")
		}
	})
}

// TestFlushEnds with the context: a transport that is gone carries nothing.
func TestFlushEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ctx, _ = stream.WithEnd(ctx)
	stream.Position(ctx, "1")
	cancel()
	stream.Flush(ctx)
}
