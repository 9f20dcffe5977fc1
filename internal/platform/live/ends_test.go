package live_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/live"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func TestStaleCursors(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	h := hub(t, db, live.Options{RingBytes: 1000})
	topic := newTopic(t, db)
	must(t, write(t.Context(), db, topic, public(20)...))
	_, err := db.Read().Exec(t.Context(), `update topics set floor0 = 10, floor4 = 10 where node = $1`, topic)
	must(t, err)
	for after, want := range map[int64]error{9: journal.ErrStaleCursor, 10: nil, 19: nil, 21: journal.ErrStaleCursor} {
		s := h.Follow(topic, access.Public, after)
		if _, err := s.Next(t.Context()); !errors.Is(err, want) {
			t.Errorf("after %d: %v, want %v", after, err, want)
		}
		s.Close()
	}
	s := h.Follow(topic, access.Public, 20)
	defer s.Close()
	if _, err := s.Next(nothing()); !errors.Is(err, context.Canceled) {
		t.Errorf("at the head: %v", err)
	}
}

// following follows a topic from its head and waits until the hub knows it.
func following(t *testing.T, h *live.Hub, db *postgres.DB) (id.ID, *live.Subscriber) {
	t.Helper()
	topic := newTopic(t, db)
	s := h.Follow(topic, access.Public, 0)
	t.Cleanup(s.Close)
	must(t, write(t.Context(), db, topic, public(1)...))
	_, err := take(t.Context(), s, 1)
	must(t, err)
	return topic, s
}

func TestNewEpochEndsStreams(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	h := hub(t, db, live.Options{Log: slog.New(slog.DiscardHandler)})
	topic, s := following(t, h, db)
	text := s.Cursor().Encode()
	if _, beginning, err := h.Resume(text, topic, access.Public); beginning != journal.Resumed || err != nil {
		t.Errorf("before: %v, %v", beginning, err)
	}
	epoch, err := journal.NewEpoch(t.Context(), db)
	must(t, err)
	// A position read in the new history before the hub has noticed is good.
	fresh := h.FollowFrom(journal.Cursor{Topic: topic, Epoch: epoch, Number: 1})
	defer fresh.Close()
	if _, err := s.Next(t.Context()); !errors.Is(err, journal.ErrStaleCursor) {
		t.Errorf("the old stream: %v", err)
	}
	if _, _, err := h.Resume(text, topic, access.Public); !errors.Is(err, journal.ErrStaleCursor) {
		t.Errorf("the old cursor: %v", err)
	}
	must(t, write(t.Context(), db, topic, public(1)...))
	_, err = take(t.Context(), fresh, 2)
	must(t, err)
}

// The connections are lost, and behind the new ones is a server with another
// history: the hub finds out by itself, and gives nothing of it to old streams.
func TestAnotherServerEndsStreams(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	h := hub(t, db, live.Options{Log: slog.New(slog.DiscardHandler)})
	_, s := following(t, h, db)
	admin := connect(t, d.Admin)
	_, err := admin.Exec(t.Context(), `update epoch set timeline = timeline + 1`)
	must(t, err)
	cut(t, admin, `true`)
	if _, err := s.Next(t.Context()); !errors.Is(err, journal.ErrStaleCursor) {
		t.Errorf("got %v", err)
	}
}

// The same for a subscriber that reads the database, being outside its ring,
// on an instance that nothing else makes look: not one fact of the new history.
func TestAnotherServerEndsCatchingUp(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	h := hub(t, db, live.Options{Poll: never, NoNotify: true, RingBytes: 600, Page: 2, Log: slog.New(slog.DiscardHandler)})
	topic := newTopic(t, db)
	must(t, write(t.Context(), db, topic, public(30)...))
	s := h.Follow(topic, access.Public, 0)
	defer s.Close()
	_, err := take(t.Context(), s, 4)
	must(t, err)
	admin := connect(t, d.Admin)
	_, err = admin.Exec(t.Context(), `update epoch set timeline = timeline + 1`)
	must(t, err)
	cut(t, admin, `true`)
	if entries, err := s.Next(t.Context()); !errors.Is(err, journal.ErrStaleCursor) {
		t.Errorf("got %d entries, %v", len(entries), err)
	}
}

func TestStopEndsStreams(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	h := hub(t, db, live.Options{})
	topic, _ := following(t, h, db)
	all := errgroup.Group{}
	for range 20 {
		s, l := h.Follow(topic, access.Public, 1), h.FollowLatest(journal.Cursor{Topic: topic, Epoch: h.Epoch(), Number: 1})
		all.Go(func() error {
			defer s.Close()
			_, err := s.Next(t.Context())
			return err
		})
		all.Go(func() error {
			defer l.Close()
			_, err := l.Next(t.Context())
			return err
		})
	}
	h.Stop()
	if err := all.Wait(); !errors.Is(err, live.ErrStopping) {
		t.Errorf("got %v", err)
	}
	h.Stop() // again does nothing
}

func TestRemovedTopic(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	h := hub(t, db, live.Options{})
	topic, s := following(t, h, db)
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `delete from nodes where id = $1`, topic)
		return err
	}))
	if _, err := s.Next(t.Context()); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("removed: %v", err)
	}
	never := h.Follow(id.New(), access.Public, 0)
	defer never.Close()
	if _, err := never.Next(t.Context()); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("never there: %v", err)
	}
}

func TestClosedSubscriber(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	h := hub(t, db, live.Options{})
	_, s := following(t, h, db)
	s.Close()
	s.Close()
	if _, err := s.Next(t.Context()); !errors.Is(err, live.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

func TestLatestCoalesces(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	h := hub(t, db, live.Options{})
	topic, _ := following(t, h, db)
	l := h.FollowLatest(journal.Cursor{Topic: topic, Epoch: h.Epoch(), Number: 1})
	defer l.Close()
	if _, err := l.Next(nothing()); !errors.Is(err, context.Canceled) {
		t.Errorf("nothing new: %v", err)
	}
	must(t, write(t.Context(), db, topic, public(50)...))
	at, err := l.Next(t.Context())
	must(t, err)
	if at.Number != 51 {
		t.Errorf("told of %d first, want 51 at once", at.Number)
	}
	must(t, write(t.Context(), db, topic, facts(5)...))
	l.SkipTo(journal.Cursor{Epoch: h.Epoch(), Number: 52}) // as a snapshot found it
	if at, err := l.Next(nothing()); !errors.Is(err, context.Canceled) {
		t.Errorf("told of %d again: %v", at.Number, err)
	}
}

// What a snapshot shows and what follows it make up the whole, whenever it is
// taken.
func TestSnapshotThenFollow(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	h := hub(t, db, live.Options{})
	topic := newTopic(t, db)
	all, ctx := errgroup.WithContext(t.Context())
	writers(ctx, all, db, []id.ID{topic}, 2, 40, 5)
	for range 8 {
		all.Go(func() error {
			var at journal.Cursor
			var seen []journal.Entry
			err := h.Snapshot(ctx, topic, access.Home, func(ctx context.Context, q postgres.Querier, c journal.Cursor) (err error) {
				at = c
				seen, err = journal.After(ctx, q, topic, access.Home, 0, 100000)
				return err
			})
			if err != nil {
				return err
			}
			if int64(len(seen)) != at.Number {
				return errors.New("the number is not the state's")
			}
			s := h.FollowFrom(at)
			defer s.Close()
			rest, err := take(ctx, s, 240)
			if err != nil {
				return err
			}
			return sameAsJournal(ctx, db, append(seen, rest...), topic, access.Home, 0)
		})
	}
	must(t, all.Wait())
}
