package jobs

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// factsAtOnce is how many facts a follower looks at in one transaction, portion
// how many of those become one job.
const (
	factsAtOnce = 500
	portion     = 200
)

type follower struct {
	kinds  []string
	handle func(ctx context.Context, facts []journal.Entry) error
}

// Follow has handle called with every fact of these kinds, of whatever topic and
// level, that is written after the follower of this name was first started on
// the database; facts from shortly before may be told as well, when some
// transaction was open then. The name is part of the stored state: it never
// changes.
//
// What was written since the last look is handed over in portions, in the order of
// the feed: so much costs little. Each portion becomes one job, with retries; when
// it fails, each of its facts becomes a job of its own, so that one does not keep
// the others waiting. Jobs run side by side and in no particular order, so handle
// looks at the present state. It may be called again with a fact, after a failure or
// when an instance died: mails it queues carry a key made from the fact, commands an
// idempotency key. It is called before Start.
func (r *Runner) Follow(name string, kinds []string, handle func(ctx context.Context, facts []journal.Entry) error) error {
	if _, taken := r.followers[name]; name == "" || taken || len(kinds) == 0 {
		return fmt.Errorf("jobs: follower %q: a name of its own and some kinds are needed", name)
	}
	r.followers[name] = follower{kinds: slices.Clone(kinds), handle: handle}
	return nil
}

// factArgs name a fact and who is told of it.
type factArgs struct {
	Name string `json:"name"`
	journal.Place
}

// Kind implements river.JobArgs.
func (factArgs) Kind() string { return "fact" }

// factsArgs name a portion of facts and who is told of them.
type factsArgs struct {
	Name  string          `json:"name"`
	Facts []journal.Place `json:"facts"`
}

// Kind implements river.JobArgs.
func (factsArgs) Kind() string { return "facts" }

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
	set, left := time.NewTicker(time.Minute), time.NewTicker(r.renewEvery())
	defer set.Stop()
	defer left.Stop()
	for {
		if err := r.lookOnce(ctx); err != nil && ctx.Err() == nil {
			r.log.Warn("facts are not read; trying again", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		case <-left.C:
			if err := r.takeOver(ctx); err != nil && ctx.Err() == nil {
				r.log.Warn("tasks are not taken over; trying again", "cause", err)
			}
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
	for more := len(behind) > 0; more; {
		if more, err = r.advance(ctx, behind); err != nil {
			return err
		}
	}
	return nil
}

var behindSQL = `select c.name from job_cursors c where c.name = any($1::text[]) and ` +
	journal.AnyBehindHorizon("c.epoch", "c.fxid", "c.seq")

// advance turns the next facts into jobs and moves the cursors, all in one
// transaction: a fact is in a job of a follower exactly once. Those who stand at one
// place, as they do but for a while after one was added, share a look. While another
// instance is at it, there is nothing to do.
func (r *Runner) advance(ctx context.Context, names []string) (more bool, err error) {
	err = r.db.InTx(postgres.PlannedOnce(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		at, err := cursors(ctx, tx.Native(), names)
		if err != nil {
			return err
		}
		for after, names := range at {
			further, err := r.advanceFrom(ctx, tx, after, names)
			if err != nil {
				return err
			}
			more = more || further
		}
		return nil
	})
	return more, err
}

// cursors takes the places of followers, where nobody has them.
func cursors(ctx context.Context, q postgres.Querier, names []string) (map[journal.FeedCursor][]string, error) {
	rows, err := q.Query(ctx, `
		select name, epoch, fxid, seq from job_cursors where name = any($1::text[]) order by name for update skip locked`, names)
	if err != nil {
		return nil, fmt.Errorf("read the cursors of followers: %w", err)
	}
	at := map[journal.FeedCursor][]string{}
	var name string
	var after journal.FeedCursor
	_, err = pgx.ForEachRow(rows, []any{&name, &after.Era, &after.FXID, &after.Seq}, func() error {
		at[after] = append(at[after], name)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the cursors of followers: %w", err)
	}
	return at, nil
}

// advanceFrom lets followers who stand at one place look further.
func (r *Runner) advanceFrom(ctx context.Context, tx *postgres.Tx, after journal.FeedCursor, names []string) (more bool, err error) {
	var kinds []string
	for _, name := range names {
		kinds = append(kinds, r.followers[name].kinds...)
	}
	facts, next, more, err := journal.All(ctx, tx.Native(), kinds, after, factsAtOnce)
	if err != nil || next == after {
		return false, err
	}
	var told []river.JobArgs
	for _, name := range names {
		told = append(told, portions(name, r.followers[name].of(facts))...)
	}
	if err := r.insertTold(ctx, tx, told); err != nil {
		return false, err
	}
	_, err = tx.Native().Exec(ctx, `
		update job_cursors set epoch = $2, fxid = $3, seq = $4, updated_at = clock_timestamp() where name = any($1::text[])`,
		names, next.Era, next.FXID, next.Seq)
	return more, err
}

// of are those of the facts that it follows.
func (f follower) of(facts []journal.Entry) (own []journal.Entry) {
	for _, e := range facts {
		if slices.Contains(f.kinds, e.Kind) {
			own = append(own, e)
		}
	}
	return own
}

// portions are the jobs that tell a follower of facts.
func portions(name string, facts []journal.Entry) (told []river.JobArgs) {
	for some := range slices.Chunk(facts, portion) {
		if len(some) == 1 {
			told = append(told, factArgs{name, some[0].Place()})
			continue
		}
		args := factsArgs{Name: name}
		for _, f := range some {
			args.Facts = append(args.Facts, f.Place())
		}
		told = append(told, args)
	}
	return told
}

// insertTold puts jobs in that tell a follower.
func (r *Runner) insertTold(ctx context.Context, tx *postgres.Tx, jobs []river.JobArgs) error {
	if len(jobs) == 0 {
		return nil
	}
	many := make([]river.InsertManyParams, len(jobs))
	for i, args := range jobs {
		many[i] = river.InsertManyParams{Args: args, InsertOpts: &river.InsertOpts{Queue: otherQueue, MaxAttempts: factAttempts}}
	}
	if _, err := r.inserts.InsertManyFastTx(ctx, tx.Pgx(), many); err != nil {
		return fmt.Errorf("turn facts into jobs: %w", err)
	}
	return nil
}
