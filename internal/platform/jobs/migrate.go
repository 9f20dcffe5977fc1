package jobs

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/teixit/teixit/internal/platform/postgres"
)

// Migrate makes or renews the queue's tables as the database's owner, after
// postgres.Migrate, and lets appRole use them. Several instances may call it at
// once; killed half-way, it can be run again.
func Migrate(ctx context.Context, ownerURL, appRole string) error {
	unlock, err := postgres.LockMigrations(ctx, ownerURL)
	if err != nil {
		return err
	}
	defer unlock()
	if err := migrateQueue(ctx, ownerURL); err != nil {
		return err
	}
	return postgres.Grant(ctx, ownerURL, appRole)
}

func migrateQueue(ctx context.Context, ownerURL string) error {
	pool, err := pgxpool.New(ctx, ownerURL)
	if err != nil {
		return fmt.Errorf("connect as owner: %w", err)
	}
	defer pool.Close()
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("prepare the queue's migrations: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate the queue: %w", err)
	}
	if _, err := pool.Exec(ctx, unaskedSQL); err != nil {
		return fmt.Errorf("drop what nobody asks of the queue: %w", err)
	}
	return nil
}

// Nobody looks for jobs by what is in them, but each portion of facts would be
// entered into these by the hundred words, three times: when it comes, when it is
// taken and when it is done.
const unaskedSQL = `drop index if exists river_job_args_index, river_job_metadata_index`
