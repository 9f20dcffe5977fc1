package journal_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

var nobody = access.Anonymous(lang.CA)

// granted is the feed of a thing that need not be a node.
func granted(about id.ID) journal.Sources {
	return journal.Sources{Of: []journal.Source{{About: about, Granted: true}}}
}

// readFeed reads a feed from a cursor until it has as many facts as wanted.
func readFeed(t testing.TB, db *postgres.DB, about id.ID, v *access.Viewer, after journal.FeedCursor, want int) ([]journal.Entry, journal.FeedCursor) {
	t.Helper()
	var got []journal.Entry
	eventually(t, func() error {
		entries, next, err := journal.Feed(t.Context(), db.Read(), granted(about), v, after, 2)
		must(t, err)
		got, after = append(got, entries...), next
		if len(got) < want {
			return fmt.Errorf("%d of %d facts", len(got), want)
		}
		return nil
	})
	return got, after
}

// A transaction left open anywhere in the cluster, here in another database,
// holds feeds back but no topic: the topic's facts are read while it is open.
func TestOpenTransactionDelaysFeedsOnly(t *testing.T) {
	t.Parallel()
	db, elsewhere := pgtest.New(t), pgtest.URL(t)
	topic, about := newTopic(t, db, access.Public), id.New()
	end := openXID(t, elsewhere.App)
	write(t, db, topic, fact(access.Public, 1, about))

	entries, err := journal.After(t.Context(), db.Read(), topic, access.Public, 0, 10)
	must(t, err)
	if len(entries) != 1 {
		t.Errorf("the topic gave %d facts while a transaction was open elsewhere, want 1", len(entries))
	}
	entries, next, err := journal.Feed(t.Context(), db.Read(), granted(about), nobody, journal.FeedCursor{}, 10)
	must(t, err)
	if len(entries) != 0 {
		t.Error("the feed ran ahead of an open transaction")
	}
	end()
	readFeed(t, db, about, nobody, next, 1)
}

// The older transaction gets the lock after the younger has committed. Its fact
// is the later one, also in the feed. Negative control: in the order of plain
// transaction numbers it would come first.
func TestFeedOrderAgreesWithTheTopic(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topic, about := newTopic(t, db, access.Public), id.New()
	must(t, db.InTx(t.Context(), func(ctx context.Context, older *postgres.Tx) error {
		if _, err := older.Native().Exec(ctx, `select pg_current_xact_id()`); err != nil {
			return err
		}
		write(t, db, topic, fact(access.Public, 1, about)) // a younger one, committed
		if err := journal.Lock(ctx, older, topic); err != nil {
			return err
		}
		return journal.Append(ctx, older, topic, nil, fact(access.Public, 2, about), fact(access.Public, 3, about))
	}))
	entries, _ := readFeed(t, db, about, nobody, journal.FeedCursor{}, 3)
	if diff := cmp.Diff([]string{`1 {"n": 1}`, `2 {"n": 2}`, `3 {"n": 3}`}, ns(entries)); diff != "" {
		t.Error(diff)
	}
	var first int
	must(t, db.Read().QueryRow(t.Context(),
		`select n4 from journal where node = $1 order by xmin::text::bigint, seq limit 1`, topic).Scan(&first))
	if first == 1 {
		t.Error("the control shows nothing: plain transaction numbers gave the right order")
	}
}

// A feed cursor never skips a transaction that was open when it was given.
func TestFeedMissesNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	slow, quick, about := newTopic(t, db, access.Public), newTopic(t, db, access.Public), id.New()
	var after journal.FeedCursor
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, slow); err != nil {
			return err
		}
		if err := journal.Append(ctx, tx, slow, nil, fact(access.Public, 1, about)); err != nil {
			return err
		}
		write(t, db, quick, fact(access.Public, 2, about))
		entries, next, err := journal.Feed(ctx, db.Read(), granted(about), nobody, after, 10)
		if len(entries) > 0 {
			t.Error("the younger fact came while the older was open")
		}
		after = next
		return err
	}))
	entries, _ := readFeed(t, db, about, nobody, after, 2)
	if diff := cmp.Diff([]string{`1 {"n": 1}`, `1 {"n": 2}`}, ns(entries)); diff != "" {
		t.Error(diff)
	}
}

func TestFeedShowsWhatTheViewerMaySee(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	about := id.New()
	open, draft := newTopic(t, db, access.Public), newTopic(t, db, access.Organisers)
	member := &access.Viewer{Person: id.New(), Member: []id.ID{open}}
	organiser := &access.Viewer{Person: id.New(), Organises: []id.ID{open, draft}}
	someone := &access.Viewer{Person: id.New()}
	for n := range access.Levels {
		write(t, db, open, fact(access.Level(n), n, about))
	}
	write(t, db, draft, fact(access.Public, 9, about))
	write(t, db, open, fact(access.Public, 10, about))

	for name, c := range map[string]struct {
		viewer *access.Viewer
		want   []string
	}{
		"anybody":   {nobody, []string{`1 {"n": 0}`, `2 {"n": 10}`}},
		"signed in": {someone, []string{`1 {"n": 0}`, `2 {"n": 1}`, `3 {"n": 10}`}},
		"member":    {member, []string{`1 {"n": 0}`, `2 {"n": 1}`, `3 {"n": 2}`, `4 {"n": 3}`, `5 {"n": 10}`}},
		"organiser": {organiser, []string{
			`1 {"n": 0}`, `2 {"n": 1}`, `3 {"n": 2}`, `4 {"n": 3}`, `5 {"n": 4}`, `1 {"n": 9}`, `6 {"n": 10}`,
		}},
	} {
		got, _ := readFeed(t, db, about, c.viewer, journal.FeedCursor{}, len(c.want))
		if diff := cmp.Diff(c.want, ns(got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestFeedHeadStandsBeforeWhatComes(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topic, about := newTopic(t, db, access.Public), id.New()
	write(t, db, topic, fact(access.Public, 1, about))
	readFeed(t, db, about, nobody, journal.FeedCursor{}, 1)
	head, err := journal.FeedHead(t.Context(), db.Read())
	must(t, err)
	write(t, db, topic, fact(access.Public, 2, about))
	entries, _ := readFeed(t, db, about, nobody, head, 1)
	if diff := cmp.Diff([]string{`2 {"n": 2}`}, ns(entries)); diff != "" {
		t.Error(diff)
	}
}

func TestFeedAcrossEpochs(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topic, about := newTopic(t, db, access.Public), id.New()
	_, err := journal.CheckEpoch(t.Context(), db)
	must(t, err)
	write(t, db, topic, fact(access.Public, 1, about), fact(access.Public, 2, about), fact(access.Public, 3, about))
	_, old := readFeed(t, db, about, nobody, journal.FeedCursor{}, 3)

	_, err = journal.NewEpoch(t.Context(), db)
	must(t, err)
	write(t, db, topic, fact(access.Public, 4, about))
	if _, _, err := journal.Feed(t.Context(), db.Read(), granted(about), nobody, old, 10); !errors.Is(err, journal.ErrStaleCursor) {
		t.Errorf("a cursor of the old epoch: %v", err)
	}
	// From the beginning, pages cross from the old epoch into the new one.
	entries, _ := readFeed(t, db, about, nobody, journal.FeedCursor{}, 4)
	if diff := cmp.Diff([]string{`1 {"n": 1}`, `2 {"n": 2}`, `3 {"n": 3}`, `4 {"n": 4}`}, ns(entries)); diff != "" {
		t.Error(diff)
	}
}

// Facts of a node that is gone are in no feed.
func TestFeedOfARemovedNode(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topic, other, about := newTopic(t, db, access.Public), newTopic(t, db, access.Public), id.New()
	write(t, db, topic, fact(access.Public, 1, about))
	write(t, db, other, fact(access.Public, 2, about))
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `delete from nodes where id = $1`, topic)
		return err
	}))
	entries, _ := readFeed(t, db, about, nobody, journal.FeedCursor{}, 1)
	if diff := cmp.Diff([]string{`1 {"n": 2}`}, ns(entries)); diff != "" {
		t.Error(diff)
	}
}
