// Package jobs does what nobody waits for: it sends mails, acts upon facts of
// the journal and repeats chores, on River, a queue in PostgreSQL. Every
// instance works; a job is done by one of them, and again by another when that
// one was killed.
//
// There are four sorts of work:
//
//   - Mails (Enqueue, EnqueueTx), each key once. The queue holds only their
//     identifiers; whom they go to and what they say is in package mail's table,
//     and forgotten when they are sent.
//   - Followers (Follow) of the journal. A cursor in the database turns each fact
//     into exactly one job, in the transaction that moves the cursor on.
//   - Chores (Periodic), begun once per period by whichever instance leads.
//   - Tasks (Task, BeginTx): long work that somebody asked for, step by step.
//
// Work may run more than once when an instance dies in the middle of it, so it
// has to be harmless to repeat: mails have their key, commands theirs.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Options say how work is done.
type Options struct {
	Log *slog.Logger
	// Mail hands letters over. Without it this instance sends none: they wait for
	// an instance that can, until they are not worth sending any more.
	Mail mail.Sender
	// Workers bounds the jobs of each queue (mails, the rest) that one instance
	// does at once; default 10.
	Workers int
	// Poll is how often the journal is looked at for followers; default 250 ms.
	Poll time.Duration
	// Backoff is the pause after the n-th failed attempt (from 1); default from 5
	// seconds, doubling, to an hour.
	Backoff func(n int) time.Duration

	quick bool // in tests: start without the pauses that spread load
}

// Bounds of one attempt. RescueAfter is when a job counts as abandoned by a
// killed instance; it is longer than an attempt may take.
const (
	attemptTime = 30 * time.Second
	choreTime   = 10 * time.Minute
	rescueAfter = time.Minute
)

// Attempts before a job is given up: with the default pauses about a day for
// mails and facts. A chore comes again in its next period anyway.
const (
	mailAttempts  = 30
	factAttempts  = 30
	choreAttempts = 5
)

// fetchEvery is how often a queue is looked into, as everything in the hub that
// waits for PostgreSQL.
const fetchEvery = 250 * time.Millisecond

const (
	mailQueue  = "mail"
	otherQueue = "default"
)

// Runner is one instance's share of the work.
type Runner struct {
	db    *postgres.DB
	log   *slog.Logger
	o     Options
	clock *clock

	inserts *river.Client[pgx.Tx] // puts jobs in, also before Start
	works   *river.Client[pgx.Tx] // since Start

	followers map[string]follower
	chores    map[string]chore
	tasks     map[string]Step

	tail sync.WaitGroup
	stop context.CancelFunc
}

var _ mail.TxQueue = (*Runner)(nil)

// New prepares a runner. Mails may be queued at once; followers and chores are
// added before Start.
func New(db *postgres.DB, o Options) (*Runner, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Workers == 0 {
		o.Workers = 10
	}
	if o.Poll == 0 {
		o.Poll = 250 * time.Millisecond
	}
	if o.Backoff == nil {
		o.Backoff = backoff
	}
	r := &Runner{
		db: db, log: o.Log.With("part", "jobs"), o: o, clock: &clock{},
		followers: map[string]follower{}, chores: map[string]chore{}, tasks: map[string]Step{},
	}
	var err error
	r.inserts, err = river.NewClient(driver(db), &river.Config{Logger: quietly(r.log)})
	if err != nil {
		return nil, fmt.Errorf("prepare the queue: %w", err)
	}
	return r, r.Periodic("mail.tidy", time.Hour, func(ctx context.Context) error { return mail.Tidy(ctx, db.Read()) })
}

// Start begins to work. It ends with Stop; ctx is for starting only.
func (r *Runner) Start(ctx context.Context) (err error) {
	if err := r.clock.set(ctx, r.db); err != nil {
		return err
	}
	if err := r.beginCursors(ctx); err != nil {
		return err
	}
	if r.works, err = river.NewClient(driver(r.db), r.config()); err != nil {
		return fmt.Errorf("prepare the workers: %w", err)
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	if err := r.works.Start(running); err != nil {
		stop()
		return postgres.Translate(fmt.Errorf("start the workers: %w", err), nil)
	}
	r.stop = stop
	r.tail.Go(func() { r.follow(running) })
	return nil
}

func (r *Runner) config() *river.Config {
	queues := map[string]river.QueueConfig{otherQueue: {MaxWorkers: r.o.Workers}}
	if r.o.Mail != nil {
		queues[mailQueue] = river.QueueConfig{MaxWorkers: r.o.Workers}
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &mailWorker{runner: r})
	river.AddWorker(workers, &factWorker{runner: r})
	river.AddWorker(workers, &factsWorker{runner: r})
	river.AddWorker(workers, &choreWorker{runner: r})
	river.AddWorker(workers, &taskWorker{runner: r})
	c := &river.Config{
		Queues: queues, Workers: workers, PeriodicJobs: r.periodic(),
		Logger: quietly(r.log), ErrorHandler: teller{r.log},
		JobTimeout: attemptTime, RescueStuckJobsAfter: rescueAfter, RetryPolicy: r,
		FetchOnlyKnownKinds:         true, // an older instance leaves newer work alone
		CompletedJobRetentionPeriod: longestPeriod + time.Hour,
		CancelledJobRetentionPeriod: mail.Retention,
		DiscardedJobRetentionPeriod: mail.Retention,
		PollOnly:                    true, FetchCooldown: fetchEvery / 5, FetchPollInterval: fetchEvery,
		// Only the tables' owner may reindex them.
		ReindexerSchedule: river.NeverSchedule(), ReindexerIndexNames: []string{},
		Test: river.TestConfig{Time: r.clock}, TestOnly: r.o.quick,
	}
	if r.o.quick {
		c.FetchCooldown, c.FetchPollInterval = 5*time.Millisecond, 10*time.Millisecond
	}
	return c
}

// Stop takes no more work and waits for what is being done until ctx ends; what
// is left then is broken off and goes to another instance.
func (r *Runner) Stop(ctx context.Context) error {
	if r.stop == nil {
		return nil
	}
	defer r.tail.Wait()
	defer r.stop()
	r.stop = nil // a second call has nothing to do
	if err := r.works.Stop(ctx); err == nil || !errors.Is(err, ctx.Err()) {
		return err
	}
	r.log.Warn("jobs are broken off; another instance will do them")
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return r.works.StopAndCancel(last)
}
