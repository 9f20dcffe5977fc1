package postgres

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/migrate"

	"github.com/teixit/teixit/migrations"
)

// migrationLock is the advisory lock under which one instance migrates while
// the others wait. A session lock ends with its process, unlike a row in a
// lock table.
const migrationLock = 7_315_948_211

// appendOnly tables may be added to by the application's role, never changed.
// Partitions and retired parts of the journal are reached through it only.
const appendOnlySQL = `
	select format('revoke update, delete, truncate on %I from ', tablename) from pg_tables
	where schemaname = 'public' and tablename in ('access_log', 'journal', 'journal_about')
	union all
	select format('revoke all on %I from ', tablename) from pg_tables
	where schemaname = 'public' and tablename ~ '^journal(_about)?_[0-9]{8}$'`

// Migrate brings the database to the newest version as its owner, and lets
// appRole use what is there. Several instances may call it at once: one works,
// the others wait and find nothing to do. Killed half-way, it can be run again.
func Migrate(ctx context.Context, ownerURL, appRole string) error {
	cfg, err := pgx.ParseConfig(ownerURL)
	if err != nil {
		return fmt.Errorf("read the owner's database address: %w", err)
	}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	db := stdlib.OpenDB(*cfg)
	defer db.Close()
	lock, err := db.Conn(ctx)
	if err != nil {
		return Translate(fmt.Errorf("connect as owner: %w", err), nil)
	}
	defer lock.Close()
	if _, err := lock.ExecContext(ctx, fmt.Sprintf("select pg_advisory_lock(%d)", migrationLock)); err != nil {
		return fmt.Errorf("wait for the migration lock: %w", err)
	}

	if err := runMigrations(ctx, bun.NewDB(db, pgdialect.New())); err != nil {
		return err
	}
	return grantUse(ctx, db, cfg.User, appRole)
}

func runMigrations(ctx context.Context, db *bun.DB) error {
	found := migrate.NewMigrations()
	if err := found.Discover(migrations.FS); err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	migrator := migrate.NewMigrator(db, found, migrate.WithMarkAppliedOnSuccess(true))
	if err := migrator.Init(ctx); err != nil {
		return fmt.Errorf("prepare the migration table: %w", err)
	}
	if _, err := migrator.Migrate(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

func grantUse(ctx context.Context, db *sql.DB, owner, appRole string) error {
	if appRole == "" || appRole == owner {
		return nil
	}
	role := pgx.Identifier{appRole}.Sanitize()
	statements := []string{
		"grant usage on schema public to " + role,
		"grant select, insert, update, delete on all tables in schema public to " + role,
		"grant usage on all sequences in schema public to " + role,
	}
	revokes, err := appendOnly(ctx, db)
	if err != nil {
		return err
	}
	for _, revoke := range revokes {
		statements = append(statements, revoke+role)
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("grant: %w", err)
		}
	}
	return nil
}

func appendOnly(ctx context.Context, db *sql.DB) (revokes []string, err error) {
	rows, err := db.QueryContext(ctx, appendOnlySQL)
	if err != nil {
		return nil, fmt.Errorf("find append-only tables: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var revoke string
		if err := rows.Scan(&revoke); err != nil {
			return nil, fmt.Errorf("find append-only tables: %w", err)
		}
		revokes = append(revokes, revoke)
	}
	return revokes, rows.Err()
}
