package inbox

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Sort says why something is in the inbox.
type Sort string

// The sorts.
const (
	Mention   Sort = "MENTION"
	Concerned Sort = "CONCERNED"
	Asked     Sort = "ASKED"
	Comment   Sort = "COMMENT"
	Change    Sort = "CHANGE"
)

// Sorts lists them.
func Sorts() []Sort { return []Sort{Mention, Concerned, Asked, Comment, Change} }

// Item is one thing in the inbox.
type Item struct {
	journal.Entry
	Sort Sort
	Read bool
}

// Box is the viewer's inbox as it stood at one instant: what it gathers, and what
// of it is read.
type Box struct {
	sources  journal.Sources
	watched  int // place of the first watched source
	asked    int // place of the first asked one
	comments []string
	upTo     journal.FeedCursor
	marks    map[journal.FeedCursor]bool // single items, by position
}

// Open reads what the viewer's inbox gathers, in one statement.
func (s *Service) Open(ctx context.Context, q postgres.Querier, v *access.Viewer) (*Box, error) {
	b := &Box{comments: s.told.Comments, marks: map[journal.FeedCursor]bool{}}
	b.sources.Except = v.Person
	b.sources.Of = []journal.Source{{About: v.Person, Granted: true}}
	b.asked = len(b.sources.Of)
	for _, body := range v.Home {
		b.sources.Of = append(b.sources.Of, journal.Source{About: body, Asked: true})
	}
	b.watched = len(b.sources.Of)
	rows, err := postgres.Personal(q, v).Query(ctx, `
		select 0, node, era, fxid, 0, false from watches where person = $1
		union all select 1, null, era, fxid, seq, true from inboxes where person = $1
		union all select 2, null, era, fxid, seq, is_read from inbox_marks where person = $1`, v.Person)
	if err != nil {
		return nil, wrap("open the inbox", err)
	}
	var what int
	var of id.ID
	var at journal.FeedCursor
	var read bool
	_, err = pgx.ForEachRow(rows, []any{&what, &of, &at.Era, &at.FXID, &at.Seq, &read}, func() error {
		switch what {
		case 0:
			b.sources.Of = append(b.sources.Of, journal.Source{About: of, Since: at})
		case 1:
			b.upTo = at
		default:
			b.marks[at] = read
		}
		return nil
	})
	return b, wrap("open the inbox", err)
}

// Sources are what the inbox gathers.
func (b *Box) Sources() []journal.Source { return b.sources.Of }

// After reads up to limit items after a cursor, in order; see journal.Feed.
func (b *Box) After(ctx context.Context, q postgres.Querier, v *access.Viewer, after journal.FeedCursor, limit int) ([]*Item, journal.FeedCursor, error) {
	entries, next, err := journal.Feed(ctx, q, b.sources, v, after, limit)
	return b.items(entries), next, err
}

// Before reads up to limit items before a cursor, newest first; see
// journal.FeedBefore.
func (b *Box) Before(ctx context.Context, q postgres.Querier, v *access.Viewer, before journal.FeedCursor, limit int) ([]*Item, journal.FeedCursor, error) {
	entries, head, err := journal.FeedBefore(ctx, q, b.sources, v, before, limit)
	return b.items(entries), head, err
}

func (b *Box) items(entries []journal.Entry) []*Item {
	items := make([]*Item, len(entries))
	for i, e := range entries {
		items[i] = &Item{Entry: e, Sort: b.sort(e), Read: b.isRead(position(e))}
	}
	return items
}

// sort is why the entry is there; of several reasons the first source counts,
// and those are in the order of how near they go.
func (b *Box) sort(e journal.Entry) Sort {
	comment := slices.Contains(b.comments, e.Kind)
	switch {
	case e.Source < b.asked && comment:
		return Mention
	case e.Source < b.asked:
		return Concerned
	case e.Source < b.watched:
		return Asked
	case comment:
		return Comment
	}
	return Change
}

func (b *Box) isRead(at journal.FeedCursor) bool {
	if read, marked := b.marks[at]; marked {
		return read
	}
	return at.Compare(b.upTo) <= 0
}

// position is the place of an entry, in whatever epoch its cursor was given.
func position(e journal.Entry) journal.FeedCursor {
	return journal.FeedCursor{Era: e.Era, FXID: e.FXID, Seq: e.Seq}
}

// Unread counts what is unread and visible now, up to MaxUnread.
func (b *Box) Unread(ctx context.Context, q postgres.Querier, v *access.Viewer) (int, error) {
	// Beyond the mark, as many more as are marked as read there.
	newer, err := journal.CountFeed(ctx, q, b.sources, v, b.upTo, MaxUnread+len(b.marks))
	if err != nil {
		return 0, err
	}
	n := 0
	for _, at := range newer {
		at.Epoch = 0
		if !b.isRead(at) {
			n++
		}
	}
	older := b.unreadBefore()
	if len(older) > 0 {
		some := b.sources
		some.Only = older
		before, err := journal.CountFeed(ctx, q, some, v, journal.FeedCursor{}, len(older))
		if err != nil {
			return 0, err
		}
		n += len(before)
	}
	return min(n, MaxUnread), nil
}

// unreadBefore are the single items before the mark that were marked as unread.
func (b *Box) unreadBefore() (older []journal.FeedCursor) {
	for at, read := range b.marks {
		if !read && at.Compare(b.upTo) <= 0 {
			older = append(older, at)
		}
	}
	return older
}
