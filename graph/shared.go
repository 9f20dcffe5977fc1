package graph

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/stream"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/live"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// shares tells whether the operation of ctx may be executed for many.
func (r *Resolver) shares(ctx context.Context) bool {
	return r.Shares != nil && r.shared.shareable(graphql.GetOperationContext(ctx).Operation)
}

// share lets the subscription join the group of those who ask the same. Its own
// channel stays empty.
func share[T message](ctx context.Context, r *Resolver, offer *stream.Offer, w watch, spec topicSpec[T]) (<-chan T, error) {
	cursor, begins, err := r.Live.Resume(w.after, w.topic, w.level)
	if err != nil {
		return nil, err
	}
	if begins != journal.Resumed {
		cursor = journal.Cursor{}
	}
	m := membership{
		offer: offer, watch: w, latest: spec.Changes == nil,
		// Only what the member needs: the operation's context holds much more.
		ctx: access.With(offer.Context, access.From(ctx)),
	}
	offer.Take()
	r.Shares.Join(offer.Context, m.joint(w.level, cursor))
	none := make(chan T)
	close(none)
	return none, nil
}

// membership is what stays of a subscription that shares its execution.
type membership struct {
	ctx    context.Context
	offer  *stream.Offer
	watch  watch
	latest bool
}

func (m membership) joint(level access.Level, after journal.Cursor) live.Joint {
	viewer, topic := access.From(m.ctx), m.watch.topic
	j := live.Joint{
		Key:    live.Key{Operation: m.offer.Operation, Lang: viewer.Lang, Topic: topic, Level: level},
		Latest: m.latest, After: after, Sink: m.offer.Sink,
		Maker: maker{again: m.offer.Again, watch: watch{topic: topic, level: level}, lang: viewer.Lang},
	}
	if viewer.SignedIn() { // the rights of who is not neither end nor grow
		j.Rights = auth.Follow(m.ctx, topic, level)
		j.Raised = func(level access.Level) live.Joint { return m.joint(level, journal.Cursor{}) }
	}
	return j
}

// CheckRights looks at the rights of those who share an execution.
func CheckRights(ctx context.Context, q postgres.Querier, members []live.Rights) ([]access.Verdict, error) {
	streams := make([]*auth.Stream, len(members))
	for i, m := range members {
		streams[i] = m.(*auth.Stream)
	}
	return auth.CheckAll(ctx, q, streams)
}

// maker executes an operation for a group: with a viewer who holds nothing but
// the level on the topic.
type maker struct {
	again stream.Again
	watch watch
	lang  lang.Lang
}

// Make implements live.Maker.
func (m maker) Make(ctx context.Context, q postgres.Querier, sight access.Level, w live.Wanted) ([]live.Message, error) {
	home, err := homeOf(ctx, q, m.watch.topic, sight)
	if err != nil {
		return nil, err
	}
	b := &batch{q: q, watch: m.watch, wanted: w}
	viewer := access.Reduced(m.watch.topic, home, sight, m.lang)
	next := m.again(context.WithValue(access.With(ctx, viewer), batchKey{}, b))
	made := make([]live.Message, max(len(w.Facts), 1))
	for i := 0; ; i++ {
		payload, err := next()
		switch {
		case b.err != nil:
			return nil, b.err
		case errors.Is(err, io.EOF):
			return made, nil
		case err != nil:
			return nil, fmt.Errorf("execute for many: %w", err)
		case i == len(b.cursors):
			return nil, errors.New("graph: an answer that nobody has made")
		}
		made[b.places[i]] = live.Message{Payload: payload, Cursor: b.cursors[i]}
	}
}

// homeOf is the organisation that answers for a node, where the sight comes from
// there.
func homeOf(ctx context.Context, q postgres.Querier, node id.ID, sight access.Level) (home id.ID, err error) {
	if sight != access.Home {
		return home, nil
	}
	err = q.QueryRow(ctx, `select home from nodes where id = $1`, node).Scan(&home)
	if errors.Is(err, pgx.ErrNoRows) {
		return home, nil
	}
	return home, postgres.Translate(err, nil)
}

// batch is what one execution for a group is to make, and how that went.
type batch struct {
	q      postgres.Querier
	watch  watch
	wanted live.Wanted

	cursors []string // of the messages
	places  []int    // of their facts among those wanted
	err     error
}

// place notes a message. Where a domain has none for some of the facts, its
// cursor tells which fact it is for.
func (b *batch) place(cursor string, messages int) error {
	place := len(b.cursors)
	if facts := b.wanted.Facts; facts != nil && messages != len(facts) {
		at, err := journal.DecodeCursor(cursor, b.watch.topic)
		if err != nil {
			return err
		}
		place = slices.IndexFunc(facts, func(e journal.Entry) bool { return e.Number == at.Number })
	}
	if place < 0 || place >= max(len(b.wanted.Facts), 1) {
		return errors.New("graph: a message for no fact")
	}
	b.cursors, b.places = append(b.cursors, cursor), append(b.places, place)
	return nil
}

type batchKey struct{}

func batchOf(ctx context.Context) *batch {
	b, _ := ctx.Value(batchKey{}).(*batch)
	return b
}

// inBatch is liveOf in an execution for a group: the messages that are wanted,
// with all that they link to.
func inBatch[T message](ctx context.Context, r *Resolver, b *batch, spec topicSpec[T]) (<-chan T, error) {
	messages, err := readBatch(ctx, r, b, spec)
	ch := make(chan T, len(messages))
	for _, m := range messages {
		err = errors.Join(err, b.place(m.StreamCursor(), len(messages)))
		ch <- m
	}
	close(ch)
	b.err = err
	return ch, err
}

func readBatch[T message](ctx context.Context, r *Resolver, b *batch, spec topicSpec[T]) (messages []T, err error) {
	ctx, log := audit.Collect(ctx)
	if b.wanted.Facts != nil {
		messages, err = spec.Changes(b.watch)(ctx, b.q, b.wanted.Facts)
	} else {
		messages = make([]T, 1)
		messages[0], err = spec.State(b.watch)(ctx, b.q, b.wanted.At)
	}
	if err != nil {
		return nil, err
	}
	if err := r.loadMessage(ctx, b.q, messages); err != nil {
		return nil, err
	}
	if !log.Empty() {
		return nil, errors.New("graph: what is executed for many has read somebody's personal data")
	}
	return messages, nil
}
