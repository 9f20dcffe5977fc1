package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// LockMigrations makes the other instances wait until unlock: for migrations
// that a library brings with it, which follow those of Migrate. The lock ends
// with the process, whatever happens to it.
func LockMigrations(ctx context.Context, ownerURL string) (unlock func(), err error) {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return nil, Translate(fmt.Errorf("connect as owner: %w", err), nil)
	}
	unlock = func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = conn.Close(ctx)
	}
	if _, err := conn.Exec(ctx, fmt.Sprintf("select pg_advisory_lock(%d)", migrationLock)); err != nil {
		unlock()
		return nil, fmt.Errorf("wait for the migration lock: %w", err)
	}
	return unlock, nil
}

// Grant lets appRole use the tables there are by now, as Migrate does for its
// own; append-only tables stay append-only. Call it under LockMigrations.
func Grant(ctx context.Context, ownerURL, appRole string) error {
	cfg, err := pgx.ParseConfig(ownerURL)
	if err != nil {
		return fmt.Errorf("read the owner's database address: %w", err)
	}
	db := stdlib.OpenDB(*cfg)
	defer db.Close()
	return grantUse(ctx, db, cfg.User, appRole)
}
