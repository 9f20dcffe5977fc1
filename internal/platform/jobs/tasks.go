package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Bounds of long work: how long one attempt may take, when it hands itself back to
// the queue, so that an instance that stops need not wait for it, and how often it
// may fail.
const (
	taskTime     = 3 * time.Minute
	taskTurn     = 15 * time.Second
	taskAttempts = 10
)

// An instance holds the task it works on for a while at a time. It renews that from
// the side, however long a step takes, and breaks the step off when it could not:
// earlier than another instance may take the task over. One that was killed renews
// nothing, and so another goes on within seconds.
const (
	taskRenew = 3 * time.Second
	taskHeld  = 15 * time.Second // without being renewed, until it is taken over
	taskAlone = 10 * time.Second // without being renewed, until it is broken off here
)

var errNotHeld = errors.New("jobs: another instance may be doing the task")

// Step does the next part of a piece of long work and tells whether there is more.
// A step may be done again by an instance that knows nothing of the one before.
type Step func(ctx context.Context, of id.ID) (more bool, err error)

// Task has step called for whatever is begun under this name, until nothing is left
// to do. It is called before Start.
func (r *Runner) Task(name string, step Step) error {
	if _, taken := r.tasks[name]; name == "" || taken {
		return fmt.Errorf("jobs: task %q: a name of its own is needed", name)
	}
	r.tasks[name] = step
	return nil
}

// taskArgs name a piece of long work.
type taskArgs struct {
	Name string `json:"name"`
	Of   id.ID  `json:"of"`
}

// Kind implements river.JobArgs.
func (taskArgs) Kind() string { return "task" }

// BeginTx begins a piece of long work, if and only if the transaction commits.
func (r *Runner) BeginTx(ctx context.Context, tx *postgres.Tx, name string, of id.ID) error {
	_, err := r.inserts.InsertTx(ctx, tx.Pgx(), taskArgs{name, of}, &river.InsertOpts{Queue: otherQueue, MaxAttempts: taskAttempts})
	if err != nil {
		return fmt.Errorf("begin %s: %w", name, err)
	}
	return nil
}

// taskWorker does long work.
type taskWorker struct {
	river.WorkerDefaults[taskArgs]
	runner *Runner
}

// Timeout implements river.Worker.
func (w *taskWorker) Timeout(*river.Job[taskArgs]) time.Duration { return taskTime }

// Work does step after step. Between two of them it may go to another instance.
func (w *taskWorker) Work(ctx context.Context, job *river.Job[taskArgs]) error {
	step, ok := w.runner.tasks[job.Args.Name]
	if !ok {
		return river.JobSnooze(attemptTime) // for a newer instance, while this one is being replaced
	}
	ctx, end := w.runner.hold(ctx, job.JobRow)
	defer end()
	for turn := time.Now().Add(taskTurn); ; {
		more, err := step(ctx, job.Args.Of)
		if cause := context.Cause(ctx); err != nil && errors.Is(cause, errNotHeld) {
			return cause
		}
		if err != nil || !more {
			return err
		}
		if time.Now().After(turn) {
			return river.JobSnooze(0)
		}
	}
}

// hold renews the hold on a task until end is called; what it gives is broken off
// when that has not worked for too long, or the task is somebody else's already.
func (r *Runner) hold(ctx context.Context, job *rivertype.JobRow) (held context.Context, end func()) {
	held, lose := context.WithCancelCause(ctx)
	var renewing sync.WaitGroup
	renewing.Go(func() {
		again := time.NewTicker(r.renewEvery())
		defer again.Stop()
		for last := time.Now(); ; {
			select {
			case <-held.Done():
				return
			case <-again.C:
			}
			asked := time.Now()
			ours, err := r.renew(held, job, last.Add(taskAlone))
			switch {
			case err == nil && ours:
				last = asked
			case err == nil || time.Since(last) >= taskAlone:
				lose(errNotHeld)
				return
			}
		}
	})
	return held, func() {
		lose(nil)
		renewing.Wait()
	}
}

func (r *Runner) renewEvery() time.Duration {
	if r.o.quick {
		return 10 * time.Millisecond
	}
	return taskRenew
}

// renew is false when the task is not this attempt's any more.
func (r *Runner) renew(ctx context.Context, job *rivertype.JobRow, until time.Time) (ours bool, err error) {
	ctx, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	tag, err := r.db.Read().Exec(ctx, `
		update river_job set attempted_at = clock_timestamp() where id = $1 and attempt = $2 and state = 'running'`, job.ID, job.Attempt)
	return tag.RowsAffected() == 1, err
}

// takeOver lets tasks that no instance holds any more be begun again. Those that
// have failed too often already are left to River, which gives them up.
func (r *Runner) takeOver(ctx context.Context) error {
	tag, err := r.db.Read().Exec(ctx, `
		update river_job set state = 'available', scheduled_at = clock_timestamp()
		where state = 'running' and kind = $1 and attempt < max_attempts and attempted_at < clock_timestamp() - $2::interval`,
		taskArgs{}.Kind(), taskHeld)
	if err != nil {
		return postgres.Translate(fmt.Errorf("take tasks over: %w", err), nil)
	}
	if n := tag.RowsAffected(); n > 0 {
		r.log.Warn("tasks of an instance that has gone are taken over", "tasks", n)
	}
	return nil
}
