package journal_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// settled waits until everything written so far is behind the horizon.
func settled(t testing.TB, db *postgres.DB) {
	t.Helper()
	var now uint64
	must(t, db.Read().QueryRow(t.Context(), `select pg_snapshot_xmax(pg_current_snapshot())`).Scan(&now))
	eventually(t, func() error {
		head, err := journal.FeedHead(t.Context(), db.Read())
		must(t, err)
		if head.FXID < now {
			return fmt.Errorf("the horizon is at %d, before %d", head.FXID, now)
		}
		return nil
	})
}

func whole(t testing.TB, db *postgres.DB, s journal.Sources, v *access.Viewer) []string {
	t.Helper()
	entries, _, err := journal.Feed(t.Context(), db.Read(), s, v, journal.FeedCursor{}, 100)
	must(t, err)
	out := []string{}
	for _, e := range entries {
		out = append(out, fmt.Sprintf("%d %s", e.Source, e.Data))
	}
	return out
}

// A fact about several sources comes once, by the first of them; its own topic is
// one of the things it is about; what is about nothing is in no feed.
func TestFeedOfManyThings(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	a, b, hidden := newTopic(t, db, access.Public), newTopic(t, db, access.Public), newTopic(t, db, access.Organisers)
	write(t, db, a, fact(access.Public, 1, b), fact(access.Public, 2))
	write(t, db, b, fact(access.Public, 3, hidden))
	write(t, db, hidden, fact(access.Public, 4, a))
	settled(t, db)
	for _, c := range []struct {
		name string
		of   journal.Sources
		want []string
	}{
		{"both", journal.About(a, b), []string{`0 {"n": 1}`, `1 {"n": 3}`}},
		{"the other way round", journal.About(b, a), []string{`0 {"n": 1}`, `0 {"n": 3}`}},
		{"one's own topic", journal.About(a), []string{`0 {"n": 1}`}},
		{"a thing that cannot be seen has no feed", journal.About(hidden), []string{}},
		{"nothing", journal.Sources{}, []string{}},
	} {
		if diff := cmp.Diff(c.want, whole(t, db, c.of, nobody)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestSourcesNarrow(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topic, body := newTopic(t, db, access.Public), newTopic(t, db, access.Public)
	me := id.New()
	append1 := func(v *access.Viewer, f journal.Fact) {
		must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
			if err := journal.Lock(ctx, tx, topic); err != nil {
				return err
			}
			return journal.Append(ctx, tx, topic, v, f)
		}))
	}
	append1(&access.Viewer{Person: me}, fact(access.Public, 1, body))
	asks := fact(access.Public, 2)
	asks.Asks = []id.ID{body}
	append1(nil, asks)
	settled(t, db)
	since, err := journal.FeedHead(t.Context(), db.Read())
	must(t, err)
	append1(nil, fact(access.Public, 3, body))
	settled(t, db)
	three, _, err := journal.Feed(t.Context(), db.Read(), journal.About(topic), nobody, journal.FeedCursor{}, 100)
	must(t, err)
	for _, c := range []struct {
		name string
		of   journal.Sources
		want []string
	}{
		{"everything", journal.About(body), []string{`0 {"n": 1}`, `0 {"n": 2}`, `0 {"n": 3}`}},
		{"asked", journal.Sources{Of: []journal.Source{{About: body, Asked: true}}}, []string{`0 {"n": 2}`}},
		{"since", journal.Sources{Of: []journal.Source{{About: body, Since: since}}}, []string{`0 {"n": 3}`}},
		{"except what I did", journal.Sources{Of: journal.About(body).Of, Except: me}, []string{`0 {"n": 2}`, `0 {"n": 3}`}},
		{"only", journal.Sources{Of: journal.About(body).Of, Only: []journal.FeedCursor{since.At(three[1])}}, []string{`0 {"n": 2}`}},
		{"none of them", journal.Sources{Of: journal.About(body).Of, Only: []journal.FeedCursor{}}, []string{}},
	} {
		if diff := cmp.Diff(c.want, whole(t, db, c.of, nobody)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	counted, err := journal.CountFeed(t.Context(), db.Read(), journal.About(body), nobody, since, 100)
	must(t, err)
	if len(counted) != 1 {
		t.Errorf("%d facts since", len(counted))
	}
}

// Pages from the newest on meet the stream in one cursor: nothing between, and
// nothing twice.
func TestPagesBackwardsMeetTheStream(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topic := newTopic(t, db, access.Public)
	for n := range 7 {
		write(t, db, topic, fact(access.Public, n, topic))
	}
	settled(t, db)
	var got []string
	var before, head journal.FeedCursor
	for {
		page, at, err := journal.FeedBefore(t.Context(), db.Read(), journal.About(topic), nobody, before, 3)
		must(t, err)
		if before == (journal.FeedCursor{}) {
			head = at
		}
		if len(page) == 0 {
			break
		}
		before = at.At(page[len(page)-1])
		got = append(ns(reversed(page)), got...)
	}
	write(t, db, topic, fact(access.Public, 7, topic))
	settled(t, db)
	later, _, err := journal.Feed(t.Context(), db.Read(), journal.About(topic), nobody, head, 100)
	must(t, err)
	got = append(got, ns(later)...)
	want := []string{}
	for n := range 8 {
		want = append(want, fmt.Sprintf(`%d {"n": %d}`, n+1, n))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func reversed(entries []journal.Entry) []journal.Entry {
	out := make([]journal.Entry, len(entries))
	for i, e := range entries {
		out[len(entries)-1-i] = e
	}
	return out
}

// Writers at once, some of them with transactions held open over others' work,
// and a reader of two things from different cursors all the while: each visible
// fact comes to it once, in the order in which the whole feed is read in the end.
func TestFeedReaderMissesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	rapid.Check(t, func(r *rapid.T) {
		topics := make([]id.ID, 3)
		for i := range topics {
			topics[i] = newTopic(r, db, access.Public)
		}
		of := journal.About(topics[0], topics[1])
		writers := rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(drawWrite), 1, 4), 2, 4).Draw(r, "writers")
		written := make(chan struct{})
		var all errgroup.Group
		for _, plan := range writers {
			all.Go(func() error {
				for _, w := range plan {
					if err := w.run(db, topics); err != nil {
						return err
					}
				}
				return nil
			})
		}
		done := make(chan error, 1)
		go func() { done <- all.Wait(); close(written) }()
		limit := rapid.IntRange(1, 4).Draw(r, "limit")
		got := follow(r, db, of, limit, written)
		must(r, <-done)
		entries, _, err := journal.Feed(context.Background(), db.Read(), of, nobody, journal.FeedCursor{}, 1000)
		must(r, err)
		if diff := cmp.Diff(ns(entries), got); diff != "" {
			r.Fatalf("read at once and read along differ: %s", diff)
		}
		if want := visibleWrites(writers); len(got) != want {
			r.Fatalf("%d facts, want %d", len(got), want)
		}
	})
}

// writing is one transaction: a fact on a topic, about another, and whether it
// stays open for a while.
type writing struct {
	Topic, About int
	Level        access.Level
	HoldsOpen    bool
}

func drawWrite(r *rapid.T) writing {
	return writing{
		Topic: rapid.IntRange(0, 2).Draw(r, "topic"), About: rapid.IntRange(0, 2).Draw(r, "about"),
		Level: access.Level(rapid.IntRange(0, 1).Draw(r, "level")), HoldsOpen: rapid.Bool().Draw(r, "holds open"),
	}
}

func (w writing) run(db *postgres.DB, topics []id.ID) error {
	return db.InTx(context.Background(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, topics[w.Topic]); err != nil {
			return err
		}
		if err := journal.Append(ctx, tx, topics[w.Topic], nil, fact(w.Level, w.About, topics[w.About])); err != nil {
			return err
		}
		if w.HoldsOpen { // stays open for some of the others' work
			_, err := tx.Native().Exec(ctx, `select pg_sleep(0.003)`)
			return err
		}
		return nil
	})
}

// visibleWrites counts what anybody sees in the feed of the first two topics.
func visibleWrites(writers [][]writing) (n int) {
	for _, plan := range writers {
		for _, w := range plan {
			if w.Level == access.Public && (w.Topic < 2 || w.About < 2) {
				n++
			}
		}
	}
	return n
}

// follow reads along until everything is written and behind the horizon.
func follow(r *rapid.T, db *postgres.DB, of journal.Sources, limit int, written <-chan struct{}) []string {
	got, last := []string{}, false
	var after journal.FeedCursor
	var end uint64
	for {
		entries, next, err := journal.Feed(context.Background(), db.Read(), of, nobody, after, limit)
		must(r, err)
		got, after = append(got, ns(entries)...), next
		if last && len(entries) == 0 && after.FXID >= end {
			return got
		}
		select {
		case <-written:
			if !last {
				must(r, db.Read().QueryRow(context.Background(), `select pg_snapshot_xmax(pg_current_snapshot())`).Scan(&end))
				last = true
			}
		default:
		}
	}
}
