package live_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/live"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// writers writes commands facts-by-facts over the topics from several
// goroutines at once.
func writers(ctx context.Context, all *errgroup.Group, db *postgres.DB, topics []id.ID, goroutines, commands, each int) {
	for range goroutines {
		all.Go(func() error {
			for n := range commands {
				if err := write(ctx, db, topics[n%len(topics)], facts(each)...); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// Two instances, several topics, writers at once: every subscriber of every
// level gets exactly what the journal holds for it, in order. The rings are so
// small that subscribers fall out of them.
func TestDeliversExactlyTheJournal(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]live.Options{
		"rings that hold all":      {},
		"rings of a few facts":     {RingBytes: 1500, Page: 7},
		"hardly room for any ring": {RingBytes: 4000, Bytes: 5000, Page: 16, Readers: 1},
		"polling only":             {NoNotify: true},
		"polling for what happens": live.Options{NoNotify: true}.PollAsOfMany(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := pgtest.URL(t)
			one, two := pgtest.Open(t, d), pgtest.Open(t, d)
			hubs := []*live.Hub{hub(t, one, opts), hub(t, two, opts)}
			topics := []id.ID{newTopic(t, one), newTopic(t, one), newTopic(t, two)}
			const goroutines, commands, each = 4, 30, 5 // per topic 40 commands, 200 facts, 40 of each level

			all, ctx := errgroup.WithContext(t.Context())
			for _, h := range hubs {
				for _, topic := range topics {
					for level := access.Public; level <= access.Organisers; level++ {
						all.Go(func() error {
							s := h.Follow(topic, level, 0)
							defer s.Close()
							got, err := take(ctx, s, 40*int64(level+1))
							if err != nil {
								return err
							}
							return sameAsJournal(ctx, one, got, topic, level, 0)
						})
					}
				}
			}
			writers(ctx, all, one, topics, goroutines/2, commands, each)
			writers(ctx, all, two, topics, goroutines/2, commands, each)
			must(t, all.Wait())
			for _, h := range hubs {
				if s := h.Stats(); s != (live.Stats{}) {
					t.Errorf("left behind after all closed: %+v", s)
				}
			}
		})
	}
}

func TestRingsAreBounded(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	opts := live.Options{RingBytes: 4000, Bytes: 10000}
	h := hub(t, db, opts)
	var subscribers []*live.Subscriber
	for range 10 {
		s := h.Follow(newTopic(t, db), access.Organisers, 0)
		defer s.Close()
		subscribers = append(subscribers, s)
	}
	for _, s := range subscribers {
		must(t, write(t.Context(), db, s.Cursor().Topic, public(30)...))
	}
	for _, s := range subscribers {
		got, err := take(t.Context(), s, 30)
		must(t, err)
		must(t, sameAsJournal(t.Context(), db, got, s.Cursor().Topic, access.Organisers, 0))
	}
	if b := h.Stats().Bytes; b > opts.Bytes {
		t.Errorf("rings hold %d bytes, more than %d", b, opts.Bytes)
	}
}

func TestResumesAnywhere(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	h := hub(t, db, live.Options{RingBytes: 2000})
	topic := newTopic(t, db)
	for range 20 {
		must(t, write(t.Context(), db, topic, facts(5)...))
	}
	all, ctx := errgroup.WithContext(t.Context())
	for after := range int64(60) {
		all.Go(func() error {
			s := h.Follow(topic, access.Home, after)
			defer s.Close()
			got, err := take(ctx, s, 60)
			if err != nil {
				return err
			}
			return sameAsJournal(ctx, db, got, topic, access.Home, after)
		})
	}
	must(t, all.Wait())
}

// The commit is made elsewhere and nobody says so: polling finds it.
func TestPollingIsTheTruth(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db, elsewhere := pgtest.Open(t, d), pgtest.Open(t, d)
	for _, opts := range []live.Options{{NoNotify: true}, live.Options{NoNotify: true, Poll: 20 * time.Millisecond}.PollAsOfMany()} {
		h := hub(t, db, opts)
		for range 3 {
			defer h.Follow(newTopic(t, elsewhere), access.Public, 0).Close()
		}
		topic := newTopic(t, elsewhere)
		s := h.Follow(topic, access.Public, 0)
		defer s.Close()
		for n := range int64(10) {
			must(t, write(t.Context(), elsewhere, topic, public(3)...))
			_, err := take(t.Context(), s, 3*n+3)
			must(t, err)
		}
		h.Stop()
	}
}

// A poll that only asks what was touched still finds, in turn, what is no fact:
// that a topic is gone.
func TestSweepFindsWhatIsGone(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	h := hub(t, db, live.Options{NoNotify: true, Poll: 10 * time.Millisecond}.PollAsOfMany())
	_, stays := following(t, h, db)
	gone, s := following(t, h, db)
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `delete from nodes where id = $1`, gone)
		return err
	}))
	if _, err := s.Next(t.Context()); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := stays.Next(nothing()); !errors.Is(err, context.Canceled) {
		t.Errorf("another topic ended too: %v", err)
	}
}

// Two instances that never poll: the second hears of the first one's commits,
// and still does after its listening connection was cut.
func TestNotificationsWakeOtherInstances(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	one, two := pgtest.Open(t, d), pgtest.Open(t, d)
	log := make(events, 1000)
	hub(t, one, live.Options{Poll: never})
	h := hub(t, two, live.Options{Poll: never, Log: slog.New(log)})
	log.await(t, "live: listening")
	topic := newTopic(t, one)
	s := h.Follow(topic, access.Public, 0)
	defer s.Close()
	must(t, write(t.Context(), one, topic, public(1)...))
	_, err := take(t.Context(), s, 1) // the topic is in the ring from here on
	must(t, err)
	must(t, write(t.Context(), one, topic, public(1)...))
	_, err = take(t.Context(), s, 2)
	must(t, err)

	if n := cut(t, connect(t, d.Admin), `query like 'listen %'`); n != 2 {
		t.Fatalf("cut %d listening connections, want 2", n)
	}
	log.await(t, "live: listening")
	must(t, write(t.Context(), one, topic, public(1)...))
	_, err = take(t.Context(), s, 3)
	must(t, err)
}

// More topics than one notification can name, and more than are named at all.
func TestNotificationsOfManyTopics(t *testing.T) {
	t.Parallel()
	for _, n := range []int{700, 2500} {
		d := pgtest.URL(t)
		one, two := pgtest.Open(t, d), pgtest.Open(t, d)
		log := make(events, 1000)
		h := hub(t, two, live.Options{Poll: never, Log: slog.New(log)})
		log.await(t, "live: listening")
		teller := hub(t, one, live.Options{Poll: never})
		topic := newTopic(t, one)
		s := h.Follow(topic, access.Public, 0)
		must(t, write(t.Context(), one, topic, public(1)...))
		_, err := take(t.Context(), s, 1)
		must(t, err)

		one.OnTouched(func([]postgres.Touched) {}, func(id.ID) bool { return false })
		must(t, write(t.Context(), one, topic, public(1)...))
		touched := make([]id.ID, n, n+1)
		for i := range touched {
			touched[i] = id.New()
		}
		wake(teller, append(touched, topic)...)
		_, err = take(t.Context(), s, 2)
		must(t, err)
		s.Close()
	}
}

// All connections of the database are cut again and again while facts are
// written; writers try again with their key. Nothing is lost or doubled.
func TestLostConnectionsLoseNothing(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	h := hub(t, db, live.Options{RingBytes: 3000, Log: slog.New(slog.DiscardHandler)})
	topic := newTopic(t, db)
	admin := connect(t, d.Admin)
	all, ctx := errgroup.WithContext(t.Context())
	const commands, each = 60, 5
	for level := access.Public; level <= access.Organisers; level++ {
		all.Go(func() error {
			s := h.Follow(topic, level, 0)
			defer s.Close()
			got, err := take(ctx, s, commands*int64(level+1))
			if err != nil {
				return err
			}
			return eventually(ctx, func() error { return sameAsJournal(ctx, db, got, topic, level, 0) })
		})
	}
	author := &access.Viewer{Person: id.New()}
	all.Go(func() error {
		for n := range commands {
			if n%10 == 5 {
				cut(t, admin, `true`)
			}
			if err := eventually(ctx, func() error { return writeOnce(ctx, db, author, fmt.Sprint(n), topic, each) }); err != nil {
				return err
			}
		}
		return nil
	})
	must(t, all.Wait())
}

func writeOnce(ctx context.Context, db *postgres.DB, v *access.Viewer, key string, topic id.ID, n int) error {
	return db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := journal.Once(ctx, tx, v, key, "test", nil, func() ([]id.ID, error) {
			if err := journal.Lock(ctx, tx, topic); err != nil {
				return nil, err
			}
			return nil, journal.Append(ctx, tx, topic, v, facts(n)...)
		})
		return err
	})
}

// eventually tries again while the database is away.
func eventually(ctx context.Context, try func() error) error {
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		err := try()
		if !errors.Is(err, fault.ErrUnavailable) {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return err
		}
	}
}

// A transaction stays open elsewhere in the cluster, holding the horizon back;
// streams go on meanwhile.
func TestOpenTransactionsElsewhereDelayNobody(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	h := hub(t, db, live.Options{})
	topic := newTopic(t, db)
	elsewhere, err := connect(t, pgtest.URL(t).App).Begin(t.Context())
	must(t, err)
	_, err = elsewhere.Exec(t.Context(), `select pg_current_xact_id()`)
	must(t, err)
	s := h.Follow(topic, access.Public, 0)
	defer s.Close()
	must(t, write(t.Context(), db, topic, public(2)...))
	_, err = take(t.Context(), s, 2)
	must(t, err)
	must(t, elsewhere.Rollback(t.Context())) // only now
}
