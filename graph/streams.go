package graph

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/stream"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/live"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// watch is what one subscription follows: a topic, at the viewer's level of
// sight, from a cursor on (empty: from the state on).
type watch struct {
	topic id.ID
	level access.Level
	after string
	alone bool // what gives the right is neither the level nor the person's: not shared
}

// stateOf reads a topic's state as it is at one number.
type stateOf[T any] func(ctx context.Context, q postgres.Querier, at journal.Cursor) (T, error)

// changesOf makes the messages for facts, in order and at most one for each: where
// the subscription follows a part of the topic, facts of other parts have none.
type changesOf[T any] func(ctx context.Context, q postgres.Querier, facts []journal.Entry) ([]T, error)

// topicSpec declares a subscription: all that a domain says of it. The rest is
// liveOf's: see docs/live.md.
type topicSpec[T message] struct {
	// Find names the topic and the viewer's level of sight on it, or refuses.
	Find func(ctx context.Context) (watch, error)
	// State reads the first message: the topic's state at one number.
	State func(watch) stateOf[T]
	// Changes makes the messages for facts. Without it the subscription is a
	// state stream: whenever something has happened it sends the newest state.
	Changes func(watch) changesOf[T]
}

// liveOf is the one way to subscribe. The state comes first and then what
// happens, or, behind the cursor of a reader who comes back, only that. All who
// ask for the same at the same level share one execution; who asks for something
// that depends on the person (see shareable) has one of their own.
func liveOf[T message](ctx context.Context, r *Resolver, after *string, spec topicSpec[T]) (<-chan T, error) {
	if b := batchOf(ctx); b != nil {
		return inBatch(ctx, r, b, spec)
	}
	w, err := spec.Find(ctx)
	if err != nil {
		return nil, err
	}
	w.after = position(ctx, after)
	if offer := stream.OfferOf(ctx); offer != nil && !w.alone && r.shares(ctx) {
		return share(ctx, r, offer, w, spec)
	}
	if spec.Changes == nil {
		return stateStream(ctx, r, w, spec.State(w))
	}
	return factStream(ctx, r, w, spec.State(w), spec.Changes(w))
}

// asked tells whether the field being resolved is asked for a field of its own.
func asked(ctx context.Context, name string) bool {
	return level{op: graphql.GetOperationContext(ctx), field: graphql.GetFieldContext(ctx).Field}.asks(name)
}

// wanted reads what a field of a stream's messages shows, if it is asked for:
// most who follow a thing know it already, and then nothing need be read.
func wanted[T any](ctx context.Context, name string, read func() (*T, error)) (*T, error) {
	if !asked(ctx, name) {
		return nil, nil
	}
	return read()
}

// message is what a stream sends: it knows its cursor.
type message interface{ StreamCursor() string }

// errLost ends a stream inside: its viewer no longer has the level.
var errLost = errors.New("graph: the viewer lost the right to the stream")

// position is where the reader wants to go on: what a returning reader of
// server-sent events brought along, for it is newer than the argument, which
// EventSource repeats from its address; else the argument.
func position(ctx context.Context, after *string) string {
	if last := stream.LastEventID(ctx); last != "" {
		return last
	}
	if after != nil {
		return *after
	}
	return ""
}

// factStream executes for one reader alone. It sends the state first, unless the
// reader resumes, and then every fact, none skipped and none twice. When the
// viewer's right is taken away by a fact, that fact is the last.
func factStream[T message](ctx context.Context, r *Resolver, w watch, state stateOf[T], changes changesOf[T]) (<-chan T, error) {
	cursor, begins, err := r.Live.Resume(w.after, w.topic, w.level)
	if err != nil {
		return nil, err
	}
	return produce(ctx, w, func(rights *auth.Stream, send func(T) bool) error {
		if begins != journal.Resumed {
			first, at, err := snapshot(ctx, r, w, rights, state)
			if err != nil || !send(first) {
				return err
			}
			cursor = at
		}
		facts := r.Live.FollowFrom(cursor)
		defer facts.Close()
		for {
			after := facts.Cursor().Number
			entries, err := next(ctx, rights, facts.Next)
			if err != nil {
				return err
			}
			messages, err := permitted(ctx, r, portion{w, rights, entries, after}, changes)
			for _, m := range messages {
				if !send(m) {
					return nil
				}
			}
			if err != nil {
				return err
			}
		}
	}), nil
}

// stateStream executes for one reader alone. It sends the state and, whenever it
// has changed, the newest state: several facts may be one message.
func stateStream[T message](ctx context.Context, r *Resolver, w watch, state stateOf[T]) (<-chan T, error) {
	cursor, begins, err := r.Live.Resume(w.after, w.topic, w.level)
	if err != nil {
		return nil, err
	}
	return produce(ctx, w, func(rights *auth.Stream, send func(T) bool) error {
		if begins != journal.Resumed {
			first, at, err := snapshot(ctx, r, w, rights, state)
			if err != nil || !send(first) {
				return err
			}
			cursor = at
		}
		if begins == journal.Resumed {
			if err := r.notAhead(ctx, cursor); err != nil {
				return err
			}
		}
		latest := r.Live.FollowLatest(cursor)
		defer latest.Close()
		for {
			before := cursor
			if cursor, err = next(ctx, rights, latest.Next); err != nil {
				return err
			}
			if cursor.Number == before.Number { // only asked to look
				if err := look(ctx, r, rights); err != nil {
					return err
				}
				continue
			}
			now, at, err := snapshot(ctx, r, w, rights, state)
			if err != nil || !send(now) {
				return err
			}
			latest.SkipTo(at)
			cursor = at
		}
	}), nil
}

// notAhead is STALE_CURSOR for a cursor that its topic has not reached: of a
// database that was restored, or of nobody's. Who waits for the newest state
// would otherwise wait until the topic gets there.
func (r *Resolver) notAhead(ctx context.Context, cursor journal.Cursor) error {
	at, err := journal.Heads(ctx, r.DB.Read(), cursor.Topic)
	if err == nil && at.Cursor(cursor.Level).Number < cursor.Number {
		err = journal.ErrStaleCursor.At("after")
	}
	return err
}

// produce runs a stream in its goroutine and tells the transport why it ended.
func produce[T message](ctx context.Context, w watch, run func(rights *auth.Stream, send func(T) bool) error) <-chan T {
	ch := make(chan T)
	rights := auth.Follow(ctx, w.topic, w.level)
	go func() {
		defer close(ch)
		defer rights.Close()
		err := run(rights, func(m T) bool { return stream.Send(ctx, ch, m, m.StreamCursor()) })
		if errors.Is(err, errLost) {
			stream.Flush(ctx)
			err = rights.Lost()
		}
		if err != nil && ctx.Err() == nil && !errors.Is(err, live.ErrStopping) {
			stream.Fail(ctx, err)
		}
	}()
	return ch
}

// next waits for what there is to send. It comes back with what wait gives when
// it is interrupted, and no error, when the stream is to look at its rights.
func next[V any](ctx context.Context, rights *auth.Stream, wait func(context.Context) (V, error)) (V, error) {
	waiting, done := rights.Waiting()
	defer done()
	v, err := wait(waiting)
	if errors.Is(err, context.Canceled) && ctx.Err() == nil {
		return v, nil
	}
	return v, err
}

// look is errLost when the viewer no longer has the stream's level.
func look(ctx context.Context, r *Resolver, rights *auth.Stream) error {
	return r.DB.Snapshot(ctx, func(ctx context.Context, q postgres.Querier) error {
		return mayGoOn(ctx, q, rights)
	})
}

func mayGoOn(ctx context.Context, q postgres.Querier, rights *auth.Stream) error {
	_, more, err := rights.Check(ctx, q)
	if err == nil && !more {
		err = errLost
	}
	return err
}

// snapshot reads the state and all the selection links to, of one instant in
// which the viewer has the level.
func snapshot[T any](ctx context.Context, r *Resolver, w watch, rights *auth.Stream, state stateOf[T]) (value T, at journal.Cursor, err error) {
	read := func(ctx context.Context, q postgres.Querier, now journal.Cursor) error {
		at = now
		if err := mayGoOn(ctx, q, rights); err != nil {
			return err
		}
		if value, err = state(ctx, q, now); err != nil {
			return err
		}
		return r.loadMessage(ctx, q, value)
	}
	err = r.logged(ctx, func(ctx context.Context) error { return r.Live.Snapshot(ctx, w.topic, w.level, read) })
	return value, at, err
}

func (r *Resolver) loadMessage(ctx context.Context, q postgres.Querier, value any) error {
	field := graphql.GetFieldContext(ctx).Field
	return r.look.run(ctx, q, graphql.GetOperationContext(ctx), field, value)
}
