package journal_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// readAll reads the journal until it has as many facts of the test as wanted.
func readAll(t testing.TB, db *postgres.DB, after journal.FeedCursor, limit, want int) ([]journal.Entry, journal.FeedCursor) {
	t.Helper()
	var got []journal.Entry
	eventually(t, func() error {
		entries, next, _, err := journal.All(t.Context(), db.Read(), []string{"test.noted"}, after, limit)
		must(t, err)
		got, after = append(got, entries...), next
		if len(got) < want {
			return fmt.Errorf("%d of %d facts", len(got), want)
		}
		return nil
	})
	return got, after
}

// All topics come in one order that agrees with each topic's own, whatever the
// pages' size, and the facts of other kinds are passed over.
func TestAllTopicsInOneOrder(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topics := []id.ID{newTopic(t, db, access.Public), newTopic(t, db, access.Organisers), newTopic(t, db, access.Public)}
	for n := range 30 {
		write(t, db, topics[n%3], fact(access.Level(n%access.Levels), n),
			journal.Fact{Kind: "test.other", Level: access.Public})
	}
	whole, end := readAll(t, db, journal.FeedCursor{}, 1000, 30)
	last := map[id.ID]int64{}
	for _, e := range whole {
		if e.Kind != "test.noted" || e.Number <= last[e.Node] {
			t.Errorf("%s %d came after %d", e.Kind, e.Number, last[e.Node])
		}
		last[e.Node] = e.Number
	}
	for _, limit := range []int{1, 2, 7} {
		pages, pagesEnd := readAll(t, db, journal.FeedCursor{}, limit, 30)
		if diff := cmp.Diff(ns(whole), ns(pages)); diff != "" {
			t.Errorf("pages of %d: %s", limit, diff)
		}
		for more := true; more; {
			var err error
			_, pagesEnd, more, err = journal.All(t.Context(), db.Read(), []string{"test.noted"}, pagesEnd, limit)
			must(t, err)
		}
		if pagesEnd != end {
			t.Errorf("pages of %d end at %+v, all at %+v", limit, pagesEnd, end)
		}
	}
	if entries, next, more, err := journal.All(t.Context(), db.Read(), []string{"test.noted"}, end, 10); err != nil || len(entries) > 0 || more || next != end {
		t.Errorf("after the end: %d facts, %+v, more %v, %v", len(entries), next, more, err)
	}
}

// A transaction that is open is waited for: what it writes may belong before
// what others have written since.
func TestAllMissesNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	slow, quick := newTopic(t, db, access.Public), newTopic(t, db, access.Public)
	var after journal.FeedCursor
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, slow); err != nil {
			return err
		}
		if err := journal.Append(ctx, tx, slow, nil, fact(access.Public, 1)); err != nil {
			return err
		}
		write(t, db, quick, fact(access.Public, 2))
		entries, next, _, err := journal.All(ctx, db.Read(), []string{"test.noted"}, after, 10)
		if len(entries) > 0 {
			t.Error("the younger fact came while the older was open")
		}
		after = next
		return err
	}))
	entries, _ := readAll(t, db, after, 10, 2)
	if diff := cmp.Diff([]string{`1 {"n": 1}`, `1 {"n": 2}`}, ns(entries)); diff != "" {
		t.Error(diff)
	}
}

// Neither end of what is read is walked to: both are in the index.
func TestAllIsReadFromTheIndex(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	rows, err := db.Read().Query(t.Context(), `explain select where `+journal.AnyBehindHorizon("1::bigint", "'7'::xid8", "3::bigint"))
	must(t, err)
	var plan strings.Builder
	for rows.Next() {
		var line string
		must(t, rows.Scan(&line))
		plan.WriteString(line + "\n")
	}
	must(t, rows.Err())
	both := "Index Cond: ((ROW(epoch, fxid, seq) > ROW('1'::bigint, '7'::xid8, '3'::bigint)) AND (ROW(epoch, fxid) < ROW("
	if !strings.Contains(plan.String(), both) || strings.Contains(plan.String(), "Seq Scan on journal") {
		t.Error(plan.String())
	}
}

// Facts are found in the order they are asked for; what is not there is left out.
func TestFindReadsFacts(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topic, other := newTopic(t, db, access.Public), newTopic(t, db, access.Public)
	write(t, db, topic, fact(access.Public, 1), fact(access.Members, 2))
	write(t, db, other, fact(access.Public, 3))
	entries, _ := readAll(t, db, journal.FeedCursor{}, 10, 3)
	slices.Reverse(entries)
	places := []journal.Place{{Topic: topic, Number: 99, At: entries[0].At}}
	for _, e := range entries {
		places = append(places, e.Place())
	}
	got, err := journal.Find(t.Context(), db.Read(), places...)
	must(t, err)
	if diff := cmp.Diff(entries, got); diff != "" {
		t.Error(diff)
	}
	if got, err = journal.Find(t.Context(), db.Read(), places[0]); len(got) > 0 || err != nil {
		t.Errorf("a fact that is not there: %v, %v", got, err)
	}
}
