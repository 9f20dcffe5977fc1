package journal_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// age moves all facts written so far sixty days into the past.
func age(t *testing.T, d pgtest.Database) {
	t.Helper()
	owner := connect(t, d.Owner)
	for _, sql := range []string{
		`select journal_partition(clock_timestamp() - interval '60 days')`,
		`update journal set at = date_trunc('week', clock_timestamp() - interval '60 days', 'UTC') + interval '1 hour'`,
		`update journal_about set at = date_trunc('week', clock_timestamp() - interval '60 days', 'UTC') + interval '1 hour'`,
	} {
		_, err := owner.Exec(t.Context(), sql)
		must(t, err)
	}
}

func detached(t *testing.T, db *postgres.DB) (n int) {
	t.Helper()
	must(t, db.Read().QueryRow(t.Context(), `select count(*) from journal_partitions where detached_at is not null`).Scan(&n))
	return n
}

func TestRetire(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	_, err := journal.CheckEpoch(t.Context(), db)
	must(t, err)
	topic, untouched, about := newTopic(t, db, access.Public), newTopic(t, db, access.Public), id.New()
	write(t, db, topic, fact(access.Public, 1, about), fact(access.Organisers, 2, about), fact(access.Public, 3, about))
	_, old := readFeed(t, db, about, nobody, journal.FeedCursor{}, 2)
	old = old.At(journal.Entry{Era: old.Epoch}) // as if it had been read when the feed began
	age(t, d)
	write(t, db, topic, fact(access.Public, 4, about))
	write(t, db, untouched, fact(access.Public, 5))

	must(t, journal.Retire(t.Context(), db, 30*24*time.Hour, time.Hour))
	position, err := journal.Heads(t.Context(), db.Read(), topic)
	must(t, err)
	if want := [access.Levels]int64{2, 2, 2, 2, 3}; position.Floors != want {
		t.Errorf("floors %v, want %v", position.Floors, want)
	}
	if detached(t, db) != 0 {
		t.Error("detached while a snapshot may still read by the old floors")
	}
	check := func() {
		t.Helper()
		_, err := journal.After(t.Context(), db.Read(), topic, access.Public, 1, 10)
		if !errors.Is(err, journal.ErrStaleCursor) {
			t.Errorf("below the floor: %v", err)
		}
		entries, err := journal.After(t.Context(), db.Read(), topic, access.Public, 2, 10)
		must(t, err)
		if diff := cmp.Diff([]string{`3 {"n": 4}`}, ns(entries)); diff != "" {
			t.Error(diff)
		}
		entries, err = journal.After(t.Context(), db.Read(), untouched, access.Public, 0, 10)
		must(t, err)
		if len(entries) != 1 {
			t.Errorf("another topic gives %d facts", len(entries))
		}
		if _, _, err := journal.Feed(t.Context(), db.Read(), granted(about), nobody, old, 10); !errors.Is(err, journal.ErrStaleCursor) {
			t.Errorf("an old feed cursor: %v", err)
		}
	}
	check()
	must(t, journal.Retire(t.Context(), db, 30*24*time.Hour, 0))
	if detached(t, db) != 1 {
		t.Error("the old partition is still there")
	}
	check()
	entries, _ := readFeed(t, db, about, nobody, journal.FeedCursor{}, 1)
	if diff := cmp.Diff([]string{`3 {"n": 4}`}, ns(entries)); diff != "" {
		t.Error(diff)
	}
	must(t, journal.Maintain(t.Context(), db)) // again, and nothing is to be done
}

// The database itself refuses to detach what a reader could still be sent to.
func TestDetachRefusesReadableFacts(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	topic := newTopic(t, db, access.Public)
	write(t, db, topic, fact(access.Public, 1))
	age(t, d)
	_, err := db.Read().Exec(t.Context(), `update journal_partitions set floored_at = clock_timestamp() where upper_at < clock_timestamp()`)
	must(t, err)
	if err := journal.Retire(t.Context(), db, 30*24*time.Hour, 0); err == nil {
		t.Error("detached facts above the floor")
	}
	entries, err := journal.After(t.Context(), db.Read(), topic, access.Public, 0, 10)
	must(t, err)
	if len(entries) != 1 {
		t.Errorf("%d facts left", len(entries))
	}
}

func TestExtendMakesPartitionsAhead(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	made, err := journal.Extend(t.Context(), db, journal.PartitionsAhead)
	must(t, err)
	if made != 0 {
		t.Errorf("the migration left %d partitions out", made)
	}
	made, err = journal.Extend(t.Context(), db, journal.PartitionsAhead+14*24*time.Hour)
	must(t, err)
	if made != 2 {
		t.Errorf("made %d partitions for two more weeks", made)
	}
	if _, err := journal.Extend(t.Context(), db, 10*366*24*time.Hour); err == nil {
		t.Error("made partitions for ten years")
	}
}
