package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/jobs"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// seen are the facts that a follower was told, by all instances.
type seen struct {
	mu    sync.Mutex
	facts map[string]int
	sizes []int // of the portions
	fail  func(e journal.Entry) error
}

func newSeen() *seen {
	return &seen{facts: map[string]int{}, fail: func(journal.Entry) error { return nil }}
}

// handle takes all of the facts or none.
func (s *seen) handle(_ context.Context, facts []journal.Entry) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sizes = append(s.sizes, len(facts))
	for _, e := range facts {
		if err := s.fail(e); err != nil {
			return err
		}
	}
	for _, e := range facts {
		if err := s.note(e); err != nil {
			return err
		}
	}
	return nil
}

func (s *seen) note(e journal.Entry) error {
	var n struct {
		N string `json:"n"`
	}
	if err := json.Unmarshal(e.Data, &n); err != nil {
		return err
	}
	s.facts[e.Kind+" "+n.N]++
	return nil
}

// list is what was told, sorted, with how often when not once.
func (s *seen) list() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for fact, times := range s.facts {
		if times > 1 {
			fact = fmt.Sprint(fact, " ×", times)
		}
		all = append(all, fact)
	}
	slices.Sort(all)
	return fmt.Sprint(all)
}

func (s *seen) follow(t testing.TB, name string, kinds ...string) func(*jobs.Runner) {
	return func(r *jobs.Runner) { must(t, r.Follow(name, kinds, s.handle)) }
}

func topic(t testing.TB, db *postgres.DB) id.ID {
	t.Helper()
	v := id.New()
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		return node.Register(ctx, tx, node.Node{ID: v, Kind: node.Event, Title: lang.Text{CA: "Prova"}})
	}))
	return v
}

func write(db *postgres.DB, topic id.ID, kind, n string) error {
	return db.InTx(context.Background(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, topic); err != nil {
			return err
		}
		return journal.Append(ctx, tx, topic, nil, journal.Fact{Kind: kind, Level: access.Organisers, Data: map[string]string{"n": n}})
	})
}

// Facts of the followed kinds, of all topics, are told once each by whichever of
// two instances; those from before and of other kinds are not.
func TestEachFactOnce(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	topics := []id.ID{topic(t, db), topic(t, db), topic(t, db)}
	must(t, write(db, topics[0], "a.done", "before"))
	eventually(t, "true", func() string { // other tests' transactions hold it back
		return text(t, db, `select bool_and(fxid < pg_snapshot_xmin(pg_current_snapshot()))::text from journal`)
	})
	told := newSeen()
	runner(t, pgtest.Open(t, d), jobs.Options{}, told.follow(t, "test", "a.done", "b.done"))
	runner(t, pgtest.Open(t, d), jobs.Options{}, told.follow(t, "test", "a.done", "b.done"))
	var all errgroup.Group
	var want []string
	for i, kind := range []string{"a.done", "b.done", "c.done"} {
		for n := range 60 {
			if kind != "c.done" {
				want = append(want, fmt.Sprintf("%s %02d", kind, n))
			}
		}
		all.Go(func() error {
			for n := range 60 {
				if err := write(db, topics[(i+n)%3], kind, fmt.Sprintf("%02d", n)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	must(t, all.Wait())
	slices.Sort(want)
	eventually(t, fmt.Sprint(want), told.list)
	eventually(t, "120 in jobs, all done", func() string {
		return text(t, db, `select sum(coalesce(jsonb_array_length(args->'facts'), 1)) || ' in jobs, ' || case when bool_and(state = 'completed') then 'all done' else 'not yet' end
			from river_job where kind in ('fact', 'facts')`)
	})
}

// What is written at once is told in portions; when one of its facts cannot be
// told, the others are.
func TestPortions(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	about := topic(t, db)
	told := newSeen()
	stop(t, runner(t, pgtest.Open(t, d), jobs.Options{}, told.follow(t, "test", "a.done"))) // begins to follow
	var want []string
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, about); err != nil {
			return err
		}
		for n := range 250 {
			data := fmt.Sprintf("%03d", n)
			if n != 7 {
				want = append(want, "a.done "+data)
			}
			err := journal.Append(ctx, tx, about, nil, journal.Fact{Kind: "a.done", Level: access.Organisers, Data: map[string]string{"n": data}})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	bad := true
	told.fail = func(e journal.Entry) error {
		if bad && e.Number == 8 {
			return errors.New("this one not")
		}
		return nil
	}
	runner(t, pgtest.Open(t, d), jobs.Options{}, told.follow(t, "test", "a.done"))
	eventually(t, fmt.Sprint(want), told.list)
	told.mu.Lock()
	bad = false
	whole := slices.Max(told.sizes)
	told.mu.Unlock()
	if whole != 200 {
		t.Errorf("the largest portion had %d", whole)
	}
	eventually(t, fmt.Sprint(slices.Insert(want, 7, "a.done 007")), told.list)
}

// What happens while no instance is up is told when one is again, and a failing
// follower is told again until it succeeds.
func TestFollowersCatchUp(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	about := topic(t, db)
	told := newSeen()
	first := runner(t, pgtest.Open(t, d), jobs.Options{}, told.follow(t, "test", "a.done"))
	must(t, write(db, about, "a.done", "1"))
	eventually(t, "[a.done 1]", told.list)
	stop(t, first)
	must(t, write(db, about, "a.done", "2"))
	failures := 0
	told.fail = func(journal.Entry) error {
		if failures++; failures < 3 {
			return errors.New("not yet")
		}
		return nil
	}
	runner(t, pgtest.Open(t, d), jobs.Options{}, told.follow(t, "test", "a.done"))
	must(t, write(db, about, "a.done", "3"))
	eventually(t, "[a.done 1 a.done 2 a.done 3]", told.list)
}

// In a new epoch transaction numbers may start low again; nothing is told twice
// or lost.
func TestFollowersAcrossEpochs(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	about := topic(t, db)
	told := newSeen()
	first := runner(t, pgtest.Open(t, d), jobs.Options{}, told.follow(t, "test", "a.done"))
	must(t, write(db, about, "a.done", "1"))
	eventually(t, "[a.done 1]", told.list)
	stop(t, first)
	must(t, write(db, about, "a.done", "2"))
	// As after a restore in a young cluster: what was, has high numbers.
	admin := pgtest.Database{App: d.Admin}
	run(t, pgtest.Open(t, admin), `update journal set fxid = (fxid::text::bigint + 900000000)::text::xid8 where data->>'n' = '2'`)
	_, err := journal.NewEpoch(t.Context(), db)
	must(t, err)
	must(t, write(db, about, "a.done", "3"))
	runner(t, pgtest.Open(t, d), jobs.Options{}, told.follow(t, "test", "a.done"))
	eventually(t, "[a.done 1 a.done 2 a.done 3]", told.list)
}

// Two followers have each their own cursor; one that an instance does not know
// waits for an instance that does.
func TestFollowersAreApart(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	about := topic(t, db)
	one, two := newSeen(), newSeen()
	runner(t, pgtest.Open(t, d), jobs.Options{}, one.follow(t, "one", "a.done"))
	must(t, write(db, about, "a.done", "1"))
	runner(t, pgtest.Open(t, d), jobs.Options{}, one.follow(t, "one", "a.done"), two.follow(t, "two", "a.done"))
	must(t, write(db, about, "a.done", "2"))
	eventually(t, "[a.done 1 a.done 2]", one.list)
	eventually(t, "two", func() string {
		return text(t, db, `select coalesce(max(args->>'name'), '') from river_job where kind in ('fact', 'facts') and args->>'name' = 'two'`)
	})
}

func TestNamesAreTheirOwn(t *testing.T) {
	t.Parallel()
	r, err := jobs.New(pgtest.New(t), jobs.Options{})
	must(t, err)
	told := newSeen()
	must(t, r.Follow("one", []string{"a"}, told.handle))
	for _, name := range []string{"one", ""} {
		if r.Follow(name, []string{"a"}, told.handle) == nil {
			t.Errorf("a follower %q", name)
		}
	}
	if r.Follow("two", nil, told.handle) == nil {
		t.Error("a follower of nothing")
	}
}
