package jobs_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/jobs"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// A chore is done once in its period, by however many instances, also when the
// one that leads is replaced; and it is tried again when it fails.
func TestChoresOncePerPeriod(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	var runs, probes atomic.Int32
	daily := func(r *jobs.Runner) {
		must(t, r.Periodic("daily", 24*time.Hour, func(context.Context) error {
			if runs.Add(1) == 1 {
				return errors.New("not at the first try")
			}
			return nil
		}))
	}
	probe := func(name string) func(*jobs.Runner) {
		return func(r *jobs.Runner) {
			must(t, r.Periodic(name, 24*time.Hour, func(context.Context) error {
				probes.Add(1)
				return nil
			}))
		}
	}
	done := func(n int32) string {
		if runs.Load() == 2 && probes.Load() == n {
			return "done"
		}
		return ""
	}
	first := runner(t, pgtest.Open(t, d), jobs.Options{}, daily, probe("probe.one"))
	eventually(t, "done", func() string { return done(1) })
	stop(t, first)
	// The next leader begins all its chores: the probe is new, the other is not.
	runner(t, pgtest.Open(t, d), jobs.Options{}, daily, probe("probe.two"))
	runner(t, pgtest.Open(t, d), jobs.Options{}, daily, probe("probe.two"))
	eventually(t, "done", func() string { return done(2) })
	if n := text(t, db, `select count(*)::text from river_job where args->>'name' = 'daily'`); n != "1" || runs.Load() != 2 {
		t.Errorf("the chore was begun %s times and run %d times", n, runs.Load())
	}
}

func TestChoresHaveSensiblePeriods(t *testing.T) {
	t.Parallel()
	r, err := jobs.New(pgtest.New(t), jobs.Options{})
	must(t, err)
	nothing := func(context.Context) error { return nil }
	must(t, r.Periodic("one", time.Second, nothing))
	for name, every := range map[string]time.Duration{"one": time.Hour, "": time.Hour, "short": time.Millisecond, "long": 25 * time.Hour} {
		if r.Periodic(name, every, nothing) == nil {
			t.Errorf("chore %q every %s", name, every)
		}
	}
}

func TestBackoffGrowsToAnHour(t *testing.T) {
	t.Parallel()
	for n, longest := range map[int]time.Duration{
		0: 5 * time.Second, 1: 5 * time.Second, 2: 10 * time.Second, 5: 80 * time.Second, 11: time.Hour, 1000: time.Hour,
	} {
		if d := jobs.Backoff(n); d > longest || d < longest*9/10 {
			t.Errorf("after failure %d: %s", n, d)
		}
	}
}

// PostgreSQL's clock counts, not the instance's.
func TestClockIsPostgreSQLs(t *testing.T) {
	t.Parallel()
	r, err := jobs.New(pgtest.New(t), jobs.Options{})
	must(t, err)
	r.SetClock(-time.Hour)
	if d := time.Since(r.Clock()); d < 59*time.Minute {
		t.Errorf("an instance an hour ahead takes it to be %s ago", d)
	}
	must(t, r.AskClock(t.Context()))
	if d := time.Since(r.Clock()).Abs(); d > time.Minute {
		t.Errorf("the same machine's clocks are %s apart", d)
	}
}

// Several instances migrate at once; the application's role may use the queue
// and not change its tables.
func TestMigrateTogether(t *testing.T) {
	t.Parallel()
	d := pgtest.Empty(t)
	var all errgroup.Group
	for range 4 {
		all.Go(func() error {
			if err := postgres.Migrate(context.Background(), d.Owner, "teixit_app"); err != nil {
				return err
			}
			return jobs.Migrate(context.Background(), d.Owner, "teixit_app")
		})
	}
	must(t, all.Wait())
	db := pgtest.Open(t, d)
	r := runner(t, db, jobs.Options{})
	must(t, r.Enqueue(t.Context(), code("anna@example.org", "k")))
	for _, statement := range []string{`drop table river_job`, `truncate river_job`, `delete from journal`, `update access_log set what = ''`} {
		if _, err := db.Read().Exec(t.Context(), statement); err == nil {
			t.Errorf("the application's role may %s", statement)
		}
	}
}
