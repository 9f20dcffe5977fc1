// Package app is the composition root: configuration goes in, a running hub
// comes out. It is the only room that sees all others.
package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/platform/jobs"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Main runs one command of the program until it is done or ctx ends.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	cmd, done, err := config.Parse(args, stdout)
	if err != nil || done {
		return err
	}
	log := newLog(cmd.Config, stderr)
	switch cmd.Name {
	case "migrate":
		return withDatabase(ctx, cmd.Config, log, func(d *database) error {
			return migrate(ctx, d)
		})
	case "admin create", "admin disable", "admin enable":
		return withDatabase(ctx, cmd.Config, log, func(d *database) error { return administer(ctx, cmd, d, log, stdout) })
	case "person erase":
		return withDatabase(ctx, cmd.Config, log, func(d *database) error { return erasePerson(ctx, cmd, d, log, stdout) })
	case "epoch new":
		return withDatabase(ctx, cmd.Config, log, func(d *database) error { return newEpoch(ctx, d, stdout) })
	default:
		return serve(ctx, cmd.Config, log, stdout)
	}
}

func newLog(cfg config.Config, w io.Writer) *slog.Logger {
	opts := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(w, opts))
	}
	return slog.New(slog.NewJSONHandler(w, opts))
}

func withDatabase(ctx context.Context, cfg config.Config, log *slog.Logger, do func(*database) error) error {
	d, err := openDatabase(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer closeDatabase(d, log)
	return do(d)
}

func closeDatabase(d *database, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	if err := d.close(ctx); err != nil {
		log.Error("stop the private PostgreSQL", "cause", err)
	}
}

// migrate brings the database to this version, the queue of jobs included.
func migrate(ctx context.Context, d *database) error {
	if err := postgres.Migrate(ctx, d.ownerURL, d.appRole); err != nil {
		return err
	}
	return jobs.Migrate(ctx, d.ownerURL, d.appRole)
}

func newEpoch(ctx context.Context, d *database, stdout io.Writer) error {
	db, err := postgres.Open(ctx, postgres.Config{URL: d.url})
	if err != nil {
		return err
	}
	defer db.Close()
	epoch, err := journal.NewEpoch(ctx, db)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "Epoch %d has begun; cursors handed out before are stale.\n", epoch)
	return nil
}

// serve runs an instance until ctx ends, then drains it: it stops being ready,
// ends streams with a reason, lets open work finish, and stops the database
// last.
func serve(ctx context.Context, cfg config.Config, log *slog.Logger, stdout io.Writer) error {
	defer keepHeadroom()()
	listener, err := listen(ctx, cfg.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s (TEIXIT_ADDR): %w", cfg.Addr, err)
	}
	defer listener.Close()
	tell := newTeller(stdout)
	tell.step("PostgreSQL")
	d, err := openDatabase(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer closeDatabase(d, log)
	tell.step("Migrations")
	if err := migrate(ctx, d); err != nil {
		return err
	}
	hub, err := Open(ctx, cfg, d.url, listener.Addr().String(), log, tell.step)
	if err != nil {
		return err
	}
	defer hub.Close()
	tell.ready(hub, listener.Addr().String())
	return hub.Serve(ctx, listener)
}

func roleOf(url string) (string, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return "", fmt.Errorf("DATABASE_URL is no address of a PostgreSQL server: %w", err)
	}
	return cfg.User, nil
}
