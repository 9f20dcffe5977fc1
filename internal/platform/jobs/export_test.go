package jobs

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Quick takes the pauses out that spread load.
func Quick(o Options) Options {
	o.quick = true
	return o
}

// Again puts a second job in for a mail, as River does when it believes the
// first one's worker dead.
func (r *Runner) Again(ctx context.Context, mail id.ID) error {
	return r.db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := r.inserts.InsertTx(ctx, tx.Pgx(), mailArgs{mail}, &river.InsertOpts{Queue: mailQueue})
		return err
	})
}

// SetClock has the runner believe that PostgreSQL's clock is ahead by d.
func (r *Runner) SetClock(d time.Duration) { r.clock.ahead.Store(int64(d)) }

// Clock is what River takes for the time.
func (r *Runner) Clock() time.Time { return r.clock.Now() }

// AskClock asks PostgreSQL for the time.
func (r *Runner) AskClock(ctx context.Context) error { return r.clock.set(ctx, r.db) }

// Backoff is the usual pause.
func Backoff(n int) time.Duration { return backoff(n) }
