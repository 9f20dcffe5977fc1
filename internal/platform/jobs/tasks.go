package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

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
	for turn := time.Now().Add(taskTurn); ; {
		more, err := step(ctx, job.Args.Of)
		if err != nil || !more {
			return err
		}
		if time.Now().After(turn) {
			return river.JobSnooze(0)
		}
	}
}
