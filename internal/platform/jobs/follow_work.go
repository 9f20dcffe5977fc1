package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// factWorker tells followers of one fact.
type factWorker struct {
	river.WorkerDefaults[factArgs]
	runner *Runner
}

// Work hands the fact to its follower.
func (w *factWorker) Work(ctx context.Context, job *river.Job[factArgs]) error {
	return w.runner.hand(ctx, job.Args.Name, job.Args.Place)
}

// factsWorker tells followers of a portion of facts.
type factsWorker struct {
	river.WorkerDefaults[factsArgs]
	runner *Runner
}

// Work hands the facts to their follower. Where that fails or takes too long, one
// of them may be why: each is tried again by itself, when the queue can take them.
func (w *factsWorker) Work(ctx context.Context, job *river.Job[factsArgs]) error {
	failed := w.runner.hand(ctx, job.Args.Name, job.Args.Facts...)
	if failed == nil || errors.Is(ctx.Err(), context.Canceled) || w.runner.followers[job.Args.Name].handle == nil {
		return failed // nil; broken off by Stop; or for another instance
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	w.runner.log.Warn("facts are not acted upon together; each is tried alone", "follower", job.Args.Name, "facts", len(job.Args.Facts), "cause", failed)
	err := w.runner.db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		alone := make([]river.JobArgs, len(job.Args.Facts))
		for i, f := range job.Args.Facts {
			alone[i] = factArgs{job.Args.Name, f}
		}
		if err := w.runner.insertTold(ctx, tx, alone); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[silent](ctx, tx.Pgx(), job)
		return err
	})
	if err != nil {
		return failed
	}
	return nil
}

// hand gives facts to a follower.
func (r *Runner) hand(ctx context.Context, name string, places ...journal.Place) error {
	f, ok := r.followers[name]
	if !ok {
		return river.JobSnooze(attemptTime) // for a newer instance, while this one is being replaced
	}
	facts, err := journal.Find(ctx, r.db.Read(), places...)
	if err != nil {
		return err
	}
	if n := len(places) - len(facts); n > 0 {
		r.log.Warn("facts were retired before they were acted upon", "follower", name, "facts", n)
	}
	if len(facts) == 0 {
		return nil
	}
	return f.handle(ctx, facts)
}
