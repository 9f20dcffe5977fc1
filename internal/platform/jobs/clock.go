package jobs

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/teixit/teixit/internal/platform/postgres"
)

// clock tells River PostgreSQL's time, whatever this instance's clock says:
// otherwise an instance an hour ahead would put its retries off by an hour, and
// one behind would use up all attempts at once.
type clock struct{ ahead atomic.Int64 } // PostgreSQL's time less ours

// Now is PostgreSQL's time, as far as known.
func (c *clock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// NowOrNil leaves it to PostgreSQL wherever a statement can ask it.
func (c *clock) NowOrNil() *time.Time { return nil }

func (c *clock) set(ctx context.Context, db *postgres.DB) error {
	var there time.Time
	if err := db.Read().QueryRow(ctx, `select clock_timestamp()`).Scan(&there); err != nil {
		return postgres.Translate(fmt.Errorf("ask for the time: %w", err), nil)
	}
	c.ahead.Store(int64(time.Until(there)))
	return nil
}
