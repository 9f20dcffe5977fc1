package graph

import (
	"context"
	"slices"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/inbox"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/feeds"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// following is one stream of a feed: how it is read at one instant, as far as the
// viewer may see it then.
type following[T message] struct {
	// begin reads the state, and the cursor from which it goes on.
	begin func(ctx context.Context, q postgres.Querier) (T, journal.FeedCursor, error)
	// next reads what came behind the cursor: a message when there is something to
	// say, and whether there may be more at once.
	next func(ctx context.Context, q postgres.Querier, after journal.FeedCursor) (m T, say bool, at journal.FeedCursor, more bool, err error)
	// keys is what wakes it, as of the last reading.
	keys func() []journal.Source
}

// feedPortion is how many facts one message of a feed has at most.
const feedPortion = 100

// feedStream sends the state first, unless the reader resumes, and then what
// comes, each fact once and in order. Each message is read at one instant with
// the viewer's rights of that instant: what they do not see any more stops
// coming. When they lose sight of what the feed is of, it ends as every stream
// does.
func feedStream[T message](ctx context.Context, r *Resolver, w watch, f following[T]) (<-chan T, error) {
	after, err := journal.DecodeFeedCursor(w.after)
	if err != nil {
		return nil, err
	}
	if err := r.notStale(ctx, after); err != nil {
		return nil, err
	}
	return produce(ctx, w, func(rights *auth.Stream, send func(T) bool) error {
		reader := r.Feeds.Follow(access.From(ctx).Person, nil)
		defer reader.Close()
		if after == (journal.FeedCursor{}) {
			var first T
			if err := r.atOnce(ctx, rights, func(ctx context.Context, q postgres.Querier) (err error) {
				if first, after, err = f.begin(ctx, q); err == nil {
					err = r.loadMessage(ctx, q, first)
				}
				return err
			}); err != nil || !send(first) {
				return err
			}
		}
		for {
			m, say, more, err := readOn(ctx, r, rights, reader, f, &after)
			if err != nil {
				return err
			}
			if say && !send(m) {
				return nil
			}
			if more {
				continue
			}
			if _, err := next(ctx, rights, func(ctx context.Context) (struct{}, error) { return struct{}{}, reader.Wait(ctx) }); err != nil {
				return err
			}
		}
	}), nil
}

// readOn reads what comes next and sets what wakes the stream, in this order
// twice when that has changed: nothing falls between.
func readOn[T message](ctx context.Context, r *Resolver, rights *auth.Stream, reader *feeds.Reader, f following[T], after *journal.FeedCursor) (m T, say, more bool, err error) {
	err = r.atOnce(ctx, rights, func(ctx context.Context, q postgres.Querier) (err error) {
		if m, say, *after, more, err = f.next(ctx, q, *after); err == nil && say {
			err = r.loadMessage(ctx, q, m)
		}
		return err
	})
	if err == nil && reader.Set(journal.Sources{Of: f.keys()}.Keys()) {
		more = true
	}
	return m, say, more, err
}

// atOnce reads in one snapshot in which the viewer may go on, and notes whose
// personal data were read.
func (r *Resolver) atOnce(ctx context.Context, rights *auth.Stream, read func(ctx context.Context, q postgres.Querier) error) error {
	return r.logged(ctx, func(ctx context.Context) error {
		return r.DB.Snapshot(ctx, func(ctx context.Context, q postgres.Querier) error {
			if err := mayGoOn(ctx, q, rights); err != nil {
				return err
			}
			return read(ctx, q)
		})
	})
}

// notStale refuses a cursor that cannot be gone on from before the stream begins.
func (r *Resolver) notStale(ctx context.Context, after journal.FeedCursor) error {
	if after == (journal.FeedCursor{}) {
		return nil
	}
	_, _, err := journal.Feed(ctx, r.DB.Read(), journal.Sources{}, access.From(ctx), after, 1)
	return err
}

// feedFollowing follows a feed of things.
func (r *Resolver) feedFollowing(of inbox.Of, first int) following[*model.FeedChange] {
	var sources journal.Sources
	resolve := func(ctx context.Context, q postgres.Querier) (err error) {
		if _, err = of.Subject(ctx, q, access.From(ctx)); err != nil {
			return errLost
		}
		sources, err = of.Sources(ctx, q, access.From(ctx))
		return err
	}
	return following[*model.FeedChange]{
		begin: func(ctx context.Context, q postgres.Querier) (*model.FeedChange, journal.FeedCursor, error) {
			if err := resolve(ctx, q); err != nil {
				return nil, journal.FeedCursor{}, err
			}
			entries, head, err := journal.FeedBefore(ctx, q, sources, access.From(ctx), journal.FeedCursor{}, first)
			if err != nil {
				return nil, head, err
			}
			slices.Reverse(entries)
			items, err := feedItems(entries, head)
			return &model.FeedChange{Cursor: head.Encode(), State: true, Items: items}, head, err
		},
		next: func(ctx context.Context, q postgres.Querier, after journal.FeedCursor) (*model.FeedChange, bool, journal.FeedCursor, bool, error) {
			if err := resolve(ctx, q); err != nil {
				return nil, false, after, false, err
			}
			entries, at, err := journal.Feed(ctx, q, sources, access.From(ctx), after, feedPortion)
			if err != nil {
				return nil, false, after, false, err
			}
			items, err := feedItems(entries, at)
			return &model.FeedChange{Cursor: at.Encode(), Items: items}, len(items) > 0, at, len(items) == feedPortion, err
		},
		keys: func() []journal.Source { return sources.Of },
	}
}

// inboxFollowing follows the viewer's inbox: a message for what comes in, and for
// another count.
func (r *Resolver) inboxFollowing(first int) following[*model.InboxChange] {
	var box *inbox.Box
	told := -1
	return following[*model.InboxChange]{
		begin: func(ctx context.Context, q postgres.Querier) (m *model.InboxChange, head journal.FeedCursor, err error) {
			v := access.From(ctx)
			if box, err = r.Services.Inbox.Open(ctx, q, v); err != nil {
				return nil, head, err
			}
			list, head, err := box.Before(ctx, q, v, journal.FeedCursor{}, first)
			if err != nil {
				return nil, head, err
			}
			slices.Reverse(list)
			if m, err = inboxChange(ctx, q, box, list, head); err != nil {
				return nil, head, err
			}
			m.State, told = true, m.Unread
			return m, head, nil
		},
		next: func(ctx context.Context, q postgres.Querier, after journal.FeedCursor) (m *model.InboxChange, say bool, at journal.FeedCursor, more bool, err error) {
			v := access.From(ctx)
			if box, err = r.Services.Inbox.Open(ctx, q, v); err != nil {
				return nil, false, after, false, err
			}
			list, at, err := box.After(ctx, q, v, after, feedPortion)
			if err != nil {
				return nil, false, after, false, err
			}
			if m, err = inboxChange(ctx, q, box, list, at); err != nil {
				return nil, false, after, false, err
			}
			say = len(list) > 0 || m.Unread != told
			told = m.Unread
			return m, say, at, len(list) == feedPortion, nil
		},
		keys: func() []journal.Source { return box.Sources() },
	}
}

func inboxChange(ctx context.Context, q postgres.Querier, box *inbox.Box, list []*inbox.Item, at journal.FeedCursor) (*model.InboxChange, error) {
	items, err := inboxItems(list, at)
	if err != nil {
		return nil, err
	}
	unread, err := box.Unread(ctx, q, access.From(ctx))
	return &model.InboxChange{Cursor: at.Encode(), Items: items, Unread: unread}, err
}

// watchFeed finds what a feed is of, and what its viewer must go on seeing.
func (r *Resolver) watchFeed(ctx context.Context, of inbox.Of, after *string) (watch, error) {
	subject, err := of.Subject(ctx, r.DB.Read(), access.From(ctx))
	if err != nil {
		return watch{}, err
	}
	if _, err := of.Sources(ctx, r.DB.Read(), access.From(ctx)); err != nil {
		return watch{}, err
	}
	return watch{topic: subject.Node, level: subject.Visibility, after: position(ctx, after)}, nil
}

// watchInbox is the viewer's own: it lasts as long as they are signed in.
func watchInbox(ctx context.Context, after *string) (watch, error) {
	v := access.From(ctx)
	if !v.SignedIn() {
		return watch{}, fault.ErrUnauthenticated.New()
	}
	return watch{topic: v.Person, level: access.Network, after: position(ctx, after)}, nil
}

func feedSize(first *int) (int, error) {
	args, err := page.Parse(first, nil)
	return args.First, err
}
