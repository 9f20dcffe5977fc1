// Package dataset fills a private database with a network of the size that the
// hub is measured at: the 311 municipalities, 12,000 associations, 1,200 tables,
// 4,000 projects, 20,000 events, 500,000 registrations.
//
// Everything comes in the way the demonstration does: places by the territory's
// import, bodies and people by the bulk functions of the directory, events, tables
// and projects by the commands of their services, with journal, edges and rights.
// Registrations are the exception. Half a million commands would take half a
// day of a test machine, so they are copied into the tables by the owner's role,
// with every constraint on and the counters of the pools drawn up afterwards;
// they have no facts in the journal.
//
// Nothing is drawn by lot: two loads of the same scale have the same titles,
// places, dates and counts. Only the identifiers that the hub makes itself differ.
//
// A folder is filled once and used again; what broke off is begun anew.
package dataset

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/platform/jobs"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/postgres/local"
)

// Config says where the data are and how many.
type Config struct {
	Dir   string  // folder of the private PostgreSQL, kept between runs
	Scale float64 // 1 is all; the municipalities are always all
	Plans bool    // measure what planning takes too, which itself takes some
	Out   io.Writer
}

// Data is the running database with everything in it.
type Data struct {
	Officers []Officer // each of another town council
	Towns    []Town    // those with the most associations, the largest first
	server   *local.Server
}

// Officer is somebody who answers for a town council.
type Officer struct {
	Token string // to sign in with
	Town  string // as the API writes it
}

// Town is a municipality.
type Town struct {
	Code         string
	ID           string // as the API writes it
	Associations int
	Events       int
}

// Open starts the folder's PostgreSQL and fills it when it is new. With an error
// nothing is left running.
func Open(ctx context.Context, cfg Config) (_ *Data, err error) {
	if err := os.MkdirAll(cfg.Dir, 0o711); err != nil { // root lets another user in
		return nil, err
	}
	server, err := local.Start(ctx, local.Config{Dir: cfg.Dir, Settings: settings(cfg), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	d := &Data{server: server}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	switch there, err := d.filled(ctx, cfg); {
	case err != nil:
		return nil, err
	case !there:
		if err := d.fill(ctx, cfg); err != nil {
			return nil, err
		}
	}
	if err := d.migrate(ctx); err != nil { // the hub may be newer than the data
		return nil, err
	}
	return d, d.describe(ctx, cfg)
}

// settings are those of a hub's own PostgreSQL, and statements counted.
func settings(cfg Config) map[string]string {
	return map[string]string{
		"pg_stat_statements.track_planning": strconv.FormatBool(cfg.Plans),
		"shared_preload_libraries":          "pg_stat_statements",
		"pg_stat_statements.track_utility":  "off",
		"pg_stat_statements.max":            "1000",
	}
}

// Close stops PostgreSQL.
func (d *Data) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return d.server.Stop(ctx)
}

// AppURL is for the hub to serve with.
func (d *Data) AppURL() string { return d.server.AppURL() }

// OwnerURL is for the hub to migrate with.
func (d *Data) OwnerURL() string { return d.server.OwnerURL() }

// AdminURL is the superuser's, on the same database.
func (d *Data) AdminURL() string { return d.server.URL(local.Admin, local.Database) }

// Version is PostgreSQL's.
func (d *Data) Version() string { return d.server.Version() }

// ErrScale is returned for a folder that was filled with another scale.
var ErrScale = errors.New("the folder holds a network of another scale: give another folder, or remove it")

// filled tells whether a load of this scale was completed.
func (d *Data) filled(ctx context.Context, cfg Config) (there bool, err error) {
	err = d.admin(ctx, func(conn *pgx.Conn) error {
		var scale *float64
		err := conn.QueryRow(ctx, `select to_regclass('bench.loaded') is not null`).Scan(&there)
		if err != nil || !there {
			return err
		}
		if err := conn.QueryRow(ctx, `select max(scale) from bench.loaded`).Scan(&scale); err != nil {
			return err
		}
		if there = scale != nil; there && *scale != cfg.Scale {
			return fmt.Errorf("%w: %g", ErrScale, *scale)
		}
		return nil
	})
	return there, err
}

func (d *Data) migrate(ctx context.Context) error {
	if err := postgres.Migrate(ctx, d.OwnerURL(), string(local.App)); err != nil {
		return err
	}
	return jobs.Migrate(ctx, d.OwnerURL(), string(local.App))
}

// admin does something as the superuser.
func (d *Data) admin(ctx context.Context, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, d.AdminURL())
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return do(conn)
}

// describe reads who may be asked about, and the officers.
func (d *Data) describe(ctx context.Context, cfg Config) error {
	text, err := os.ReadFile(officersIn(cfg.Dir))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &d.Officers); err != nil {
		return err
	}
	return d.admin(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, `
			select m.ine_code, m.id, (select count(*) from bench.associations a where a.municipality = m.id),
			  (select count(*) from bench.events e where e.municipality = m.id)
			from bench.municipalities m order by 3 desc, 1 limit 20`)
		if err != nil {
			return err
		}
		d.Towns, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Town])
		return err
	})
}

func officersIn(dir string) string { return filepath.Join(dir, "officers.json") }
