package faults

import (
	"context"
	"testing"
	"time"

	"github.com/teixit/teixit/bench/streamload"
)

// soon bounds what should happen at once.
const soon = 20 * time.Second

// dial opens a stream and ends it with the test.
func dial(t *testing.T, how streamload.Dialer, addr, token, event, after string) streamload.Stream {
	t.Helper()
	s, err := how(context.WithoutCancel(t.Context()), addr, token, event, after)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Cut)
	return s
}

// expect waits for the message with this number.
func expect(t *testing.T, s streamload.Stream, number int) streamload.Change {
	t.Helper()
	c, err := s.Next(soon)
	if err != nil {
		t.Fatalf("waiting for number %d: %v", number, err)
	}
	if c.Number != number {
		t.Fatalf("got number %d, want %d", c.Number, number)
	}
	return c
}
