// Package stream is the contract between who produces a live stream (the
// resolver of a subscription) and who carries it to a client (a transport).
// Neither imports the other: both meet in the context.
//
// The executor between them knows only a channel that is sent on and closed.
// Four things do not fit through it, and go this way instead:
//
//   - why the channel was closed: [Fail];
//   - the cursor of each message, so that a transport can name the place where
//     a reader was cut off: [Send] or [Position];
//   - that a message has reached the transport, which must be known before a
//     connection is ended on purpose behind it: [Flush];
//   - the cursor a returning reader brings along outside of the operation's
//     arguments: [LastEventID].
package stream

import (
	"context"
	"sync"
)

type contextKey int

const (
	endKey contextKey = iota
	lastEventKey
)

// End is the transport's side of one running stream: how it ended and which
// cursors belong to its messages. It is safe for concurrent use.
type End struct {
	mu      sync.Mutex
	err     error
	cursors []string // of messages sent and not yet carried, oldest first

	sent, carried int           // messages
	caughtUp      chan struct{} // made by who waits for carried to reach sent
}

// WithEnd returns a context for executing one stream, and the End that will
// know what its producer says with Fail, Send and Position.
func WithEnd(ctx context.Context) (context.Context, *End) {
	e := &End{}
	return context.WithValue(ctx, endKey, e), e
}

// Err is the error the stream was ended with; nil when it just came to its end.
// It is settled once the producer has closed its channel.
func (e *End) Err() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}

// NextCursor takes the cursor of the next message out of the line; it is empty
// when the producer noted none. A transport calls it exactly once for each
// message it receives.
func (e *End) NextCursor() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.cursors) == 0 {
		return ""
	}
	c := e.cursors[0]
	if e.cursors = e.cursors[1:]; len(e.cursors) == 0 {
		e.cursors = nil
	}
	return c
}

// Carried is called by a transport behind each message it has put into its own
// queue.
func (e *End) Carried() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.carried++
	if e.carried >= e.sent && e.caughtUp != nil {
		close(e.caughtUp)
		e.caughtUp = nil
	}
}

// Flush waits until the transport has every message of ctx that was sent, or
// until ctx ends.
func Flush(ctx context.Context) {
	e, ok := ctx.Value(endKey).(*End)
	if !ok {
		return
	}
	e.mu.Lock()
	if e.carried >= e.sent {
		e.mu.Unlock()
		return
	}
	if e.caughtUp == nil {
		e.caughtUp = make(chan struct{})
	}
	caughtUp := e.caughtUp
	e.mu.Unlock()
	select {
	case <-caughtUp:
	case <-ctx.Done():
	}
}

// Fail says why the stream of ctx ends. The producer calls it before it closes
// its channel; messages sent before are still delivered. The first call counts.
// A transport shows the error instead of an ordinary end; a fault of the kinds
// DENIED and UNAUTHENTICATED means that a right was taken away and may close
// the whole connection. Without a transport that listens it does nothing.
func Fail(ctx context.Context, err error) {
	e, ok := ctx.Value(endKey).(*End)
	if !ok || err == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.err == nil {
		e.err = err
	}
}

// Position notes the cursor of the message that is sent next. Messages and
// cursors are paired by counting, because a message may still be encoded while
// its producer prepares the following one: a producer calls Position before
// every message or never. Send does both at once and is the one to use where
// the producer holds the channel.
func Position(ctx context.Context, cursor string) {
	e, ok := ctx.Value(endKey).(*End)
	if !ok {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cursors = append(e.cursors, cursor)
	e.sent++
}

// Send notes the cursor of message and sends it to ch. It reports false when
// ctx ended first: nobody reads any more and the producer should stop.
func Send[T any](ctx context.Context, ch chan<- T, message T, cursor string) bool {
	Position(ctx, cursor)
	select {
	case ch <- message:
		return true
	case <-ctx.Done():
		return false
	}
}

// WithLastEventID returns a context that carries the cursor a reader of
// server-sent events came back with.
func WithLastEventID(ctx context.Context, cursor string) context.Context {
	return context.WithValue(ctx, lastEventKey, cursor)
}

// LastEventID is the cursor the reader came back with, empty when there is
// none. A subscription uses it where its own argument gives no position. It is
// the client's input: opaque, unchecked.
func LastEventID(ctx context.Context) string {
	c, _ := ctx.Value(lastEventKey).(string)
	return c
}
