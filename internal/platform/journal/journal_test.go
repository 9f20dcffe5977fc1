package journal_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func TestNumbersRunPerLevel(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topic := newTopic(t, db, access.Public)
	write(t, db, topic, fact(access.Organisers, 1), fact(access.Public, 2), fact(access.Members, 3))
	write(t, db, topic, fact(access.Public, 4))
	write(t, db, topic, fact(access.Network, 5), fact(access.Organisers, 6))

	want := [access.Levels][]string{
		access.Public:     {`1 {"n": 2}`, `2 {"n": 4}`},
		access.Network:    {`1 {"n": 2}`, `2 {"n": 4}`, `3 {"n": 5}`},
		access.Home:       {`1 {"n": 2}`, `2 {"n": 4}`, `3 {"n": 5}`},
		access.Members:    {`1 {"n": 2}`, `2 {"n": 3}`, `3 {"n": 4}`, `4 {"n": 5}`},
		access.Organisers: {`1 {"n": 1}`, `2 {"n": 2}`, `3 {"n": 3}`, `4 {"n": 4}`, `5 {"n": 5}`, `6 {"n": 6}`},
	}
	position, err := journal.Heads(t.Context(), db.Read(), topic)
	must(t, err)
	for level := access.Public; level <= access.Organisers; level++ {
		entries, err := journal.After(t.Context(), db.Read(), topic, level, 0, 100)
		must(t, err)
		if diff := cmp.Diff(want[level], ns(entries)); diff != "" {
			t.Errorf("%s: %s", level, diff)
		}
		if head := position.Heads[level]; head != int64(len(want[level])) {
			t.Errorf("%s: head %d, want %d", level, head, len(want[level]))
		}
	}
	entries, err := journal.After(t.Context(), db.Read(), topic, access.Members, 1, 2)
	must(t, err)
	if diff := cmp.Diff([]string{`2 {"n": 3}`, `3 {"n": 4}`}, ns(entries)); diff != "" {
		t.Error(diff)
	}
}

func TestEntrySaysWhoAndWhen(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topic := newTopic(t, db, access.Public)
	v := &access.Viewer{Person: id.New(), For: id.New()}
	var before, after time.Time
	must(t, db.Read().QueryRow(t.Context(), `select clock_timestamp()`).Scan(&before))
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, topic); err != nil {
			return err
		}
		return journal.Append(ctx, tx, topic, v, journal.Fact{Kind: "event.published"})
	}))
	must(t, db.Read().QueryRow(t.Context(), `select clock_timestamp()`).Scan(&after))
	entries, err := journal.After(t.Context(), db.Read(), topic, access.Public, 0, 1)
	must(t, err)
	e := entries[0]
	if e.Actor != v.Person || e.OnBehalfOf != v.For || e.Kind != "event.published" || string(e.Data) != "{}" || e.Node != topic {
		t.Errorf("entry %+v", e)
	}
	if e.At.Before(before) || e.At.After(after) {
		t.Errorf("at %s, not within %s and %s", e.At, before, after)
	}
}

func TestAppendNeedsTheLock(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topic := newTopic(t, db, access.Public)
	err := db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		return journal.Append(ctx, tx, topic, nil, fact(access.Public, 1))
	})
	if err == nil {
		t.Error("a topic that was not locked took a fact")
	}
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, topic, topic); err != nil {
			return err
		}
		for n := range 3 { // the second time the row is one of our own
			if err := journal.Append(ctx, tx, topic, nil, fact(access.Public, n)); err != nil {
				return err
			}
		}
		return nil
	}))
	entries, err := journal.After(t.Context(), db.Read(), topic, access.Public, 0, 10)
	must(t, err)
	if len(entries) != 3 {
		t.Errorf("%d facts, want 3", len(entries))
	}
}

// A node registered in the same transaction is nobody else's to change.
func TestAppendToANewTopic(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topic := id.New()
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		err := node.Register(ctx, tx, node.Node{ID: topic, Kind: node.Event, Title: lang.Text{CA: "Prova"}})
		if err != nil {
			return err
		}
		return journal.Append(ctx, tx, topic, nil, fact(access.Public, 1))
	}))
	entries, err := journal.After(t.Context(), db.Read(), topic, access.Public, 0, 10)
	must(t, err)
	if len(entries) != 1 {
		t.Errorf("%d facts, want 1", len(entries))
	}
}

// One statement for all watched topics, and one for any number of facts.
func TestStatements(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	watched := make([]journal.Watch, 50)
	for i := range watched {
		watched[i] = journal.Watch{Topic: newTopic(t, db, access.Public)}
		write(t, db, watched[i].Topic, fact(access.Public, 1), fact(access.Organisers, 2))
	}
	watched[7].After = 2 // up to date
	watched[8].After = journal.Unknown
	watched = append(watched, journal.Watch{Topic: id.New()})
	ctx, statements := postgres.CountStatements(t.Context())
	_, changes, err := journal.Changes(ctx, db.Read(), watched, 64, 1)
	must(t, err)
	if statements.N() != 1 || len(changes) != 50 {
		t.Errorf("%d statements, %d changes", statements.N(), len(changes))
	}
	for _, c := range changes {
		if missing := c.Topic == watched[50].Topic; c.Gone != missing || !missing && (len(c.Entries) != 1 || c.Heads[4] != 2 || c.Heads[0] != 1) {
			t.Errorf("change %+v", c)
		}
	}
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		ctx, statements := postgres.CountStatements(ctx)
		if err := journal.Lock(ctx, tx, watched[0].Topic); err != nil {
			return err
		}
		about := []id.ID{watched[1].Topic, watched[2].Topic}
		err := journal.Append(ctx, tx, watched[0].Topic, nil, fact(access.Public, 3, about...), fact(access.Home, 4, about...))
		if n := statements.N(); n != 2 {
			t.Errorf("%d statements to lock and append", n)
		}
		return err
	}))
}

func TestLockOfAMissingTopic(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topic := newTopic(t, db, access.Public)
	err := db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		return journal.Lock(ctx, tx, topic, id.New())
	})
	if !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestReadingOutsideTheTopic(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topic := newTopic(t, db, access.Public)
	write(t, db, topic, fact(access.Organisers, 1), fact(access.Public, 2))
	for name, c := range map[string]struct {
		topic id.ID
		level access.Level
		after int64
		want  error
	}{
		"at the head":     {topic, access.Public, 1, nil},
		"ahead":           {topic, access.Public, 2, journal.ErrStaleCursor},
		"before all":      {topic, access.Public, -1, journal.ErrStaleCursor},
		"no such topic":   {id.New(), access.Public, 0, fault.ErrNotFound},
		"organisers' end": {topic, access.Organisers, 2, nil},
	} {
		if _, err := journal.After(t.Context(), db.Read(), c.topic, c.level, c.after, 10); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if _, err := journal.Heads(t.Context(), db.Read(), id.New()); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("heads of nothing: %v", err)
	}
}
