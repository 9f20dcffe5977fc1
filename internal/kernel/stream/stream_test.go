package stream_test

import (
	"context"
	"errors"
	"testing"

	"github.com/teixit/teixit/internal/kernel/stream"
)

func TestCursorsStayWithTheirMessagesThroughABuffer(t *testing.T) {
	ctx, end := stream.WithEnd(context.Background())
	ch := make(chan int, 3)
	for i, cursor := range []string{"a", "", "c"} {
		if !stream.Send(ctx, ch, i, cursor) {
			t.Fatal("Send gave up on a buffered channel")
		}
	}
	// The producer is three messages ahead before the first is carried.
	for i, want := range []string{"a", "", "c"} {
		if got := <-ch; got != i {
			t.Fatalf("message %d arrived as %d", i, got)
		}
		if got := end.NextCursor(); got != want {
			t.Errorf("cursor of message %d = %q, want %q", i, got, want)
		}
	}
	if got := end.NextCursor(); got != "" {
		t.Errorf("cursor past the last message = %q, want none", got)
	}
}

func TestSendGivesUpWhenNobodyReads(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if stream.Send(ctx, make(chan int), 1, "a") {
		t.Error("Send reported success on a channel without reader")
	}
}

func TestFirstFailureCounts(t *testing.T) {
	ctx, end := stream.WithEnd(context.Background())
	if end.Err() != nil {
		t.Fatal("a new stream already has an error")
	}
	first := errors.New("first")
	stream.Fail(ctx, nil)
	stream.Fail(ctx, first)
	stream.Fail(ctx, errors.New("second"))
	if got := end.Err(); !errors.Is(got, first) {
		t.Errorf("Err = %v, want the first", got)
	}
}

func TestWithoutTransportNothingHappens(t *testing.T) {
	ctx := context.Background()
	stream.Fail(ctx, errors.New("unheard"))
	stream.Position(ctx, "a")
	ch := make(chan int, 1)
	if !stream.Send(ctx, ch, 7, "a") || <-ch != 7 {
		t.Error("Send needs a transport to send")
	}
}

func TestLastEventID(t *testing.T) {
	if got := stream.LastEventID(context.Background()); got != "" {
		t.Errorf("LastEventID of a plain context = %q", got)
	}
	if got := stream.LastEventID(stream.WithLastEventID(context.Background(), "c7")); got != "c7" {
		t.Errorf("LastEventID = %q, want c7", got)
	}
}
