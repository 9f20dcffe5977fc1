package jobs

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/platform/postgres"
)

// Count is how many jobs of a kind are in a state of River: available, running,
// retryable (failed, to be tried again), completed, cancelled (failed for good),
// discarded (given up), scheduled.
type Count struct {
	State string
	Kind  string // mail, or facts:NAME, fact:NAME, chore:NAME, task:NAME
	N     int64
}

// Counts are for the operator; they are of the whole database, not of this
// instance.
func Counts(ctx context.Context, q postgres.Querier) ([]Count, error) {
	rows, err := q.Query(ctx, `
		select state::text, concat_ws(':', kind, args->>'name') as kind, count(*) from river_job group by 1, 2 order by 1, 2`)
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("count jobs: %w", err), nil)
	}
	counts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Count])
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("count jobs: %w", err), nil)
	}
	return counts, nil
}
