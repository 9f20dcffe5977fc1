package live_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/live"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// TestOwnCommitsAreNotReadAgain: what an instance has committed itself costs it no
// statement; with a gap before it, all of it is read.
func TestOwnCommitsAreNotReadAgain(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db, other := pgtest.Open(t, d), pgtest.Open(t, d)
	h, statements := counted(t, db)
	topic := newTopic(t, db)
	s := h.Follow(topic, access.Public, 0)
	defer s.Close()
	written := int64(0)
	writes := func(by *postgres.DB, n int) {
		t.Helper()
		must(t, write(t.Context(), by, topic, public(n)...))
		written += int64(n)
	}
	var got []journal.Entry
	takes := func() {
		t.Helper()
		more, err := take(t.Context(), s, written)
		must(t, err)
		got = append(got, more...)
	}
	writes(db, 1)
	takes() // the topic was unknown, and connections were made
	before := statements.N()
	for n := range 5 {
		writes(db, n+1)
		takes()
	}
	if n := statements.N() - before; n != 0 {
		t.Errorf("%d statements for what was known", n)
	}
	writes(other, 2)
	writes(db, 1)
	takes()
	if n := statements.N() - before; n != 1 {
		t.Errorf("%d statements where something was missing", n)
	}
	must(t, sameAsJournal(t.Context(), db, got, topic, access.Public, 0))
}

// TestNewConnectionsAreNotBelieved: behind a new connection may be another server,
// with other facts under the same numbers.
func TestNewConnectionsAreNotBelieved(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	h, statements := counted(t, db)
	topic := newTopic(t, db)
	s := h.Follow(topic, access.Public, 0)
	defer s.Close()
	must(t, write(t.Context(), db, topic, public(1)...))
	_, err := take(t.Context(), s, 1)
	must(t, err)
	before := statements.N()
	made := db.Connections()
	// One transaction inside another takes a connection that was not there.
	must(t, db.InTx(t.Context(), func(ctx context.Context, _ *postgres.Tx) error {
		return db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
			if err := journal.Lock(ctx, tx, topic); err != nil {
				return err
			}
			return journal.Append(ctx, tx, topic, nil, public(1)...)
		})
	}))
	_, err = take(t.Context(), s, 2)
	must(t, err)
	if db.Connections() == made {
		t.Fatal("no connection was made")
	}
	if n := statements.N() - before; n != 2 {
		t.Errorf("%d statements: the topic was not read, or the epoch not compared", n)
	}
}

// TestNewsOfAnotherHistory: what belongs to an epoch that the hub does not know ends
// the streams of the one before, whatever its number.
func TestNewsOfAnotherHistory(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	h, _ := counted(t, db)
	topic := newTopic(t, db)
	s := h.Follow(topic, access.Public, 0)
	defer s.Close()
	must(t, write(t.Context(), db, topic, public(1)...))
	_, err := take(t.Context(), s, 1)
	must(t, err)
	_, err = journal.NewEpoch(t.Context(), db)
	must(t, err)
	must(t, write(t.Context(), db, topic, public(1)...))
	if got, err := s.Next(t.Context()); !errors.Is(err, journal.ErrStaleCursor) {
		t.Errorf("%d facts of another history, %v", len(got), err)
	}
}

// gossip hands commits on as it likes.
type gossip struct {
	mu  sync.Mutex
	all [][]postgres.Touched
}

func (g *gossip) heard(touched []postgres.Touched) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.all = append(g.all, touched)
}

// TestNewsInAnyOrder: whatever becomes of what commits bring along (late, twice,
// not at all, in another order), streams are the journal.
func TestNewsInAnyOrder(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	h, _ := counted(t, db)
	g := &gossip{}
	db.OnTouched(g.heard, h.Follows)
	rapid.Check(t, func(r *rapid.T) {
		topics := []id.ID{newTopic(t, db), newTopic(t, db)}
		var all []*live.Subscriber
		for _, topic := range topics {
			s := h.Follow(topic, access.Members, 0)
			defer s.Close()
			all = append(all, s)
		}
		for range rapid.IntRange(1, 8).Draw(r, "commits") {
			topic := topics[rapid.IntRange(0, 1).Draw(r, "topic")]
			must(t, write(t.Context(), db, topic, facts(rapid.IntRange(1, 7).Draw(r, "facts"))...))
		}
		for len(g.all) > 0 {
			i := rapid.IntRange(0, len(g.all)-1).Draw(r, "next")
			for range rapid.IntRange(0, 2).Draw(r, "times") {
				h.Committed(g.all[i])
			}
			g.all = slices.Delete(g.all, i, i+1)
		}
		wake(h, topics...) // what was lost is found by looking
		for i, s := range all {
			head, err := journal.Heads(t.Context(), db.Read(), topics[i])
			must(t, err)
			got, err := take(t.Context(), s, head.Heads[access.Members])
			must(t, err)
			if err := sameAsJournal(t.Context(), db, got, topics[i], access.Members, 0); err != nil {
				r.Fatal(err)
			}
		}
	})
}
