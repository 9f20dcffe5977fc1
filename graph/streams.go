package graph

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/stream"
	"github.com/teixit/teixit/internal/platform/access"
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
}

// stateOf reads a topic's state as it is at one number.
type stateOf[T any] func(ctx context.Context, q postgres.Querier, at journal.Cursor) (T, error)

// changesOf makes the messages for facts, one each and in order.
type changesOf[T any] func(ctx context.Context, q postgres.Querier, facts []journal.Entry) ([]T, error)

// message is what a stream sends: it knows its cursor.
type message interface{ StreamCursor() string }

// position is where the reader wants to go on: the argument, else what a
// returning reader of server-sent events brought along.
func position(ctx context.Context, after *string) string {
	if after != nil {
		return *after
	}
	return stream.LastEventID(ctx)
}

// factStream sends the state first, unless the reader resumes, and then every
// fact, none skipped and none twice.
func factStream[T message](ctx context.Context, r *Resolver, w watch, state stateOf[T], changes changesOf[T]) (<-chan T, error) {
	cursor, begins, err := r.Live.Resume(w.after, w.topic, w.level)
	if err != nil {
		return nil, err
	}
	return produce(ctx, func(send func(T) bool) error {
		if begins != journal.Resumed {
			first, at, err := snapshot(ctx, r, w, state)
			if err != nil || !send(first) {
				return err
			}
			cursor = at
		}
		facts := r.Live.FollowFrom(cursor)
		defer facts.Close()
		for {
			entries, err := facts.Next(ctx)
			if err != nil {
				return err
			}
			messages, err := load(ctx, r, r.DB.Read(), entries, changes)
			if err != nil {
				return err
			}
			for _, m := range messages {
				if !send(m) {
					return nil
				}
			}
		}
	}), nil
}

// stateStream sends the state and, whenever it has changed, the newest state:
// several facts may be one message.
func stateStream[T message](ctx context.Context, r *Resolver, w watch, state stateOf[T]) (<-chan T, error) {
	cursor, begins, err := r.Live.Resume(w.after, w.topic, w.level)
	if err != nil {
		return nil, err
	}
	return produce(ctx, func(send func(T) bool) error {
		if begins != journal.Resumed {
			first, at, err := snapshot(ctx, r, w, state)
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
			if _, err := latest.Next(ctx); err != nil {
				return err
			}
			now, at, err := snapshot(ctx, r, w, state)
			if err != nil || !send(now) {
				return err
			}
			latest.SkipTo(at)
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
func produce[T message](ctx context.Context, run func(send func(T) bool) error) <-chan T {
	ch := make(chan T)
	go func() {
		defer close(ch)
		err := run(func(m T) bool { return stream.Send(ctx, ch, m, m.StreamCursor()) })
		if err != nil && ctx.Err() == nil && !errors.Is(err, live.ErrStopping) {
			stream.Fail(ctx, err)
		}
	}()
	return ch
}

// snapshot reads the state and all the selection links to, of one instant.
func snapshot[T any](ctx context.Context, r *Resolver, w watch, state stateOf[T]) (value T, at journal.Cursor, err error) {
	err = r.Live.Snapshot(ctx, w.topic, w.level, func(ctx context.Context, q postgres.Querier, now journal.Cursor) error {
		at = now
		if value, err = state(ctx, q, now); err != nil {
			return err
		}
		return r.loadMessage(ctx, q, value)
	})
	return value, at, err
}

// load makes the messages of facts and what their selection links to.
func load[T any](ctx context.Context, r *Resolver, q postgres.Querier, facts []journal.Entry, changes changesOf[T]) ([]T, error) {
	messages, err := changes(ctx, q, facts)
	if err != nil {
		return nil, err
	}
	return messages, r.loadMessage(ctx, q, messages)
}

func (r *Resolver) loadMessage(ctx context.Context, q postgres.Querier, value any) error {
	field := graphql.GetFieldContext(ctx).Field
	return r.look.run(ctx, q, graphql.GetOperationContext(ctx), field, value)
}
