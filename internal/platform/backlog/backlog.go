// Package backlog works off rows that wait for the hub to do something about
// them: mails to be written, say.
package backlog

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// portion bounds what one transaction takes on.
const portion = 50

// Backlog is one kind of waiting rows.
type Backlog[T any] struct {
	// Waiting locks the identifiers of the next rows, parameter 1 at most, and
	// skips those that another instance has. Mostly there are none: it is asked
	// alone, because planning what Read joins costs more than all of this.
	Waiting string
	// Read tells what is to be known of the rows in parameter 1.
	Read string
	// Scan reads one row of Read.
	Scan func(pgx.CollectableRow) (T, error)
	// Do does what is to be done about one, so that it waits no longer.
	Do func(context.Context, *postgres.Tx, T) error
}

// Work does one portion in one transaction, on the hub's own authority, and says
// how many rows that were; 0 when none waited. Any instance may call it at any
// time.
func (b Backlog[T]) Work(ctx context.Context, db *postgres.DB) (n int, err error) {
	err = db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		rows, err := tx.Native().Query(ctx, b.Waiting, portion)
		if err != nil {
			return err
		}
		waiting, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
		if err != nil || len(waiting) == 0 {
			return err
		}
		if rows, err = tx.Native().Query(ctx, b.Read, waiting); err != nil {
			return err
		}
		all, err := pgx.CollectRows(rows, b.Scan)
		if err != nil {
			return err
		}
		for _, one := range all {
			if err := b.Do(ctx, tx, one); err != nil {
				return err
			}
		}
		n = len(waiting)
		return nil
	})
	return n, err
}
