package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// factsAtOnce is how many facts a follower looks at in one transaction.
const factsAtOnce = 500

type follower struct {
	kinds  []string
	handle func(ctx context.Context, e journal.Entry) error
}

// Follow has handle called for every fact of these kinds, of whatever topic and
// level, that is written after the follower of this name was first started on
// the database; facts from shortly before may be told as well, when some
// transaction was open then. The name is part of the stored state: it never
// changes.
//
// Each fact becomes one job, with retries; jobs of different facts run side by
// side and in no particular order, so handle looks at the present state. It may
// be called again for a fact after an instance died: mails it queues carry a key
// made from the fact, commands an idempotency key. It is called before Start.
func (r *Runner) Follow(name string, kinds []string, handle func(ctx context.Context, e journal.Entry) error) error {
	if _, taken := r.followers[name]; name == "" || taken || len(kinds) == 0 {
		return fmt.Errorf("jobs: follower %q: a name of its own and some kinds are needed", name)
	}
	r.followers[name] = follower{kinds: slices.Clone(kinds), handle: handle}
	return nil
}

// factArgs name a fact and who is told of it.
type factArgs struct {
	Name   string    `json:"name"`
	Topic  id.ID     `json:"topic"`
	Number int64     `json:"number"`
	At     time.Time `json:"at"`
}

// Kind implements river.JobArgs.
func (factArgs) Kind() string { return "fact" }

// beginCursors lets new followers begin with what comes from now on.
func (r *Runner) beginCursors(ctx context.Context) error {
	_, err := r.db.Read().Exec(ctx, `
		insert into job_cursors (name, epoch, fxid, seq)
		select f.name, e.number, pg_snapshot_xmin(pg_current_snapshot()), 0
		from unnest($1::text[]) as f(name) cross join epoch e
		on conflict (name) do nothing`, r.followed())
	if err != nil {
		return postgres.Translate(fmt.Errorf("begin to follow: %w", err), nil)
	}
	return nil
}

func (r *Runner) followed() []string {
	names := make([]string, 0, len(r.followers))
	for name := range r.followers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// follow looks for new facts until ctx ends. Any number of instances may do it.
func (r *Runner) follow(ctx context.Context) {
	again := time.NewTicker(r.o.Poll)
	defer again.Stop()
	set := time.NewTicker(time.Minute)
	defer set.Stop()
	for {
		if err := r.lookOnce(ctx); err != nil && ctx.Err() == nil {
			r.log.Warn("facts are not read; trying again", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		case <-set.C:
			_ = r.clock.set(ctx, r.db) // the last known difference is good enough
		}
	}
}

// lookOnce brings every follower to the horizon. Whether there is anything to do
// is one statement for all of them.
func (r *Runner) lookOnce(ctx context.Context) error {
	if len(r.followers) == 0 {
		return nil
	}
	rows, err := r.db.Read().Query(ctx, behindSQL, r.followed())
	if err != nil {
		return postgres.Translate(fmt.Errorf("look for facts: %w", err), nil)
	}
	behind, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return postgres.Translate(fmt.Errorf("look for facts: %w", err), nil)
	}
	for _, name := range behind {
		for more := true; more; {
			if more, err = r.advance(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}

var behindSQL = `select c.name from job_cursors c where c.name = any($1::text[]) and ` +
	journal.AnyBehindHorizon("c.epoch", "c.fxid", "c.seq")

// advance turns the next facts into jobs and moves the cursor, all in one
// transaction: a fact gets its job exactly once. While another instance is at
// it, there is nothing to do.
func (r *Runner) advance(ctx context.Context, name string) (more bool, err error) {
	err = r.db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		q := tx.Native()
		var after, next journal.FeedCursor
		err := q.QueryRow(ctx, `select epoch, fxid, seq from job_cursors where name = $1 for update skip locked`, name).
			Scan(&after.Era, &after.FXID, &after.Seq)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the cursor of %s: %w", name, err)
		}
		var facts []journal.Entry
		if facts, next, more, err = journal.All(ctx, q, r.followers[name].kinds, after, factsAtOnce); err != nil || next == after {
			return err
		}
		if err := r.insertFacts(ctx, tx, name, facts); err != nil {
			return err
		}
		_, err = q.Exec(ctx, `update job_cursors set epoch = $2, fxid = $3, seq = $4, updated_at = clock_timestamp() where name = $1`,
			name, next.Era, next.FXID, next.Seq)
		return err
	})
	return more, err
}

func (r *Runner) insertFacts(ctx context.Context, tx *postgres.Tx, name string, facts []journal.Entry) error {
	if len(facts) == 0 {
		return nil
	}
	many := make([]river.InsertManyParams, len(facts))
	for i, f := range facts {
		many[i] = river.InsertManyParams{
			Args:       factArgs{Name: name, Topic: f.Node, Number: f.Number, At: f.At},
			InsertOpts: &river.InsertOpts{Queue: otherQueue, MaxAttempts: factAttempts},
		}
	}
	if _, err := r.inserts.InsertManyFastTx(ctx, tx.Pgx(), many); err != nil {
		return fmt.Errorf("turn facts into jobs: %w", err)
	}
	return nil
}

// factWorker tells followers.
type factWorker struct {
	river.WorkerDefaults[factArgs]
	runner *Runner
}

// Work hands the fact to its follower.
func (w *factWorker) Work(ctx context.Context, job *river.Job[factArgs]) error {
	f, ok := w.runner.followers[job.Args.Name]
	if !ok {
		return river.JobSnooze(attemptTime) // for a newer instance, while this one is being replaced
	}
	e, ok, err := journal.Find(ctx, w.runner.db.Read(), job.Args.Topic, job.Args.Number, job.Args.At)
	if err != nil {
		return err
	}
	if !ok {
		w.runner.log.Warn("a fact was retired before it was acted upon", "follower", job.Args.Name, "topic", job.Args.Topic)
		return nil
	}
	return f.handle(ctx, e)
}
