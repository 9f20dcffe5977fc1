package jobs_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"testing"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/nettest"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/jobs"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func begin(t testing.TB, db *postgres.DB) {
	t.Helper()
	queue, err := jobs.New(db, jobs.Options{})
	must(t, err)
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error { return queue.BeginTx(ctx, tx, "long", id.New()) }))
}

// steps is a task of which each step waits until its context ends or it is let go.
type steps struct{ begun, letGo chan struct{} }

func newSteps() *steps {
	return &steps{begun: make(chan struct{}, 10), letGo: make(chan struct{})}
}

func (s *steps) task(t testing.TB) func(*jobs.Runner) {
	return func(r *jobs.Runner) {
		must(t, r.Task("long", func(ctx context.Context, _ id.ID) (bool, error) {
			s.begun <- struct{}{}
			select {
			case <-ctx.Done():
				return false, context.Cause(ctx)
			case <-s.letGo:
				return false, nil
			}
		}))
	}
}

// TestKilledInstanceLosesItsTask: what an instance that was killed (-9) was at is
// gone on with by another as soon as it has not been held for a while, long before
// an attempt would have to be over.
func TestKilledInstanceLosesItsTask(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	begin(t, db)
	process := exec.CommandContext(t.Context(), os.Args[0])
	process.Env = append(os.Environ(), childURL+"="+d.App, childRelay+"="+nettest.NewSMTP(t, nil, false).Addr())
	process.Stderr = os.Stderr
	out, err := process.StdoutPipe()
	must(t, err)
	must(t, process.Start())
	if said := bufio.NewScanner(out); !said.Scan() || said.Text() != "begun" {
		t.Errorf("the instance says %q", said.Text())
	}
	must(t, process.Process.Kill())
	_ = process.Wait() // it was killed

	s := newSteps()
	close(s.letGo)
	runner(t, pgtest.Open(t, d), jobs.Options{}, s.task(t))
	run(t, db, `update river_job set attempted_at = attempted_at - interval '16 seconds' where state = 'running'`) // time passes
	eventually(t, "completed 1", states(t, db, "task"))
	if n := len(s.begun); n != 1 {
		t.Errorf("it was done %d times", n)
	}
}

// TestTasksAreHeld: a step that goes on is held, whatever it waits for; one whose
// task is another's is broken off.
func TestTasksAreHeld(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t, pgtest.URL(t))
	s := newSteps()
	runner(t, db, jobs.Options{}, s.task(t))
	begin(t, db)
	<-s.begun
	at := text(t, db, `select attempted_at::text from river_job where kind = 'task'`)
	eventually(t, "true", func() string {
		return text(t, db, `select (attempted_at > $1::timestamptz)::text from river_job where kind = 'task'`, at)
	})
	if attempt := text(t, db, `select attempt::text from river_job where kind = 'task'`); attempt != "1" {
		t.Errorf("it is renewed by attempt %s", attempt)
	}
	run(t, db, `update river_job set attempt = attempt + 1 where kind = 'task'`) // as another that begins it does
	<-s.begun                                                                    // again: the first was broken off
	close(s.letGo)
	eventually(t, "completed 1", states(t, db, "task"))
}
