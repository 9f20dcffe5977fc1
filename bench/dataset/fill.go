package dataset

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// How many there are at scale 1.
const (
	associations  = 12_000
	tables        = 1_200
	projects      = 4_000
	events        = 20_000
	registrations = 500_000
)

// plainSQL copies what the peers read into tables of their own.
//
//go:embed plain.sql
var plainSQL string

// loader carries one load.
type loader struct {
	*Data
	cfg   Config
	db    *postgres.DB
	bar   *bar
	towns []town
	today time.Time
}

// town is a municipality with those who act in it.
type town struct {
	id           id.ID
	code, title  string
	population   int
	associations []id.ID
}

// fill loads everything into a database that is taken afresh.
func (d *Data) fill(ctx context.Context, cfg Config) error {
	if err := d.afresh(ctx); err != nil {
		return err
	}
	if err := d.migrate(ctx); err != nil {
		return err
	}
	db, err := postgres.Open(ctx, postgres.Config{URL: unhurried(d.AppURL()), TxTimeout: time.Minute})
	if err != nil {
		return err
	}
	defer db.Close()
	l := &loader{Data: d, cfg: cfg, db: db, bar: &bar{out: cfg.Out, since: time.Now()}, today: time.Now().UTC().Truncate(24 * time.Hour)}
	for _, stage := range []struct {
		title string
		of    int
		do    func(context.Context) error
	}{
		{"places and terms", 1, l.loadPlaces},
		{"associations", l.many(associations), l.loadAssociations},
		{"officers", 1, l.loadOfficers},
		{"tables", l.many(tables), l.loadTables},
		{"projects", l.many(projects), l.loadProjects},
		{"events", l.many(events), l.loadEvents},
		{"registrations", l.many(registrations), l.loadRegistrations},
		{"the peers' tables", 1, l.loadPlain},
	} {
		l.bar.begin(stage.title, stage.of)
		if err := stage.do(ctx); err != nil {
			return fmt.Errorf("load %s: %w", stage.title, err)
		}
		l.bar.end()
	}
	return nil
}

// many is a number at the load's scale.
func (l *loader) many(n int) int { return max(1, int(math.Round(float64(n)*l.cfg.Scale))) }

// afresh empties the database of what an earlier load left, if anything.
func (d *Data) afresh(ctx context.Context) error {
	return d.admin(ctx, func(conn *pgx.Conn) error {
		var schemas []string
		err := conn.QueryRow(ctx, `select coalesce(array_agg(quote_ident(nspname)), '{}') from pg_namespace
			where nspname = 'bench' or nspname = 'public' and exists (select from pg_tables where schemaname = 'public')`).Scan(&schemas)
		if err != nil || len(schemas) == 0 {
			return err
		}
		for _, schema := range schemas {
			if _, err := conn.Exec(ctx, `drop schema `+schema+` cascade`); err != nil {
				return err
			}
		}
		_, err = conn.Exec(ctx, `create schema public authorization teixit_owner`)
		return err
	})
}

// unhurried does not wait for the disk after each commit: a load that a crash
// breaks off is begun anew.
func unhurried(connection string) string {
	u, err := url.Parse(connection)
	if err != nil {
		return connection // its own mistake will be told when it is used
	}
	q := u.Query()
	q.Set("synchronous_commit", "off")
	u.RawQuery = q.Encode()
	return u.String()
}

const townsSQL = `
select t.node, t.code, n.title_ca, (select p.inhabitants from populations p where p.territory = t.node order by p.year desc limit 1)
from territories t join nodes n on n.id = t.node where t.kind = 'municipality' order by 4 desc, 2`

func (l *loader) loadPlaces(ctx context.Context) error {
	if _, err := territory.Import(ctx, l.db); err != nil {
		return err
	}
	if _, err := taxonomy.Import(ctx, l.db); err != nil {
		return err
	}
	rows, err := l.db.Read().Query(ctx, townsSQL)
	if err != nil {
		return err
	}
	l.towns, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t town, err error) {
		return t, row.Scan(&t.id, &t.code, &t.title, &t.population)
	})
	if err != nil {
		return err
	}
	return l.db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		return node.Register(ctx, tx, node.Node{ID: importer(), Kind: node.Person, Visibility: access.Organisers})
	})
}

// importer is the person without a name who stands for the load in the journal.
func importer() id.ID { return id.Named("bench:person:importer") }

// importing is the viewer that acts for one organisation while loading.
func importing(organisation id.ID) *access.Viewer {
	return &access.Viewer{
		Person: importer(), For: organisation, Lang: lang.CA, Home: []id.ID{organisation}, Administers: []id.ID{organisation},
	}
}

// loadPlain makes the peers' tables, and what the planner knows of all.
func (l *loader) loadPlain(ctx context.Context) error {
	return l.admin(ctx, func(conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, plainSQL); err != nil {
			return err
		}
		if err := copyPlain(ctx, conn); err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, `vacuum (analyze)`); err != nil {
			return err
		}
		_, err := conn.Exec(ctx, `insert into bench.loaded (scale) values ($1)`, l.cfg.Scale)
		return err
	})
}

// keep writes the officers with their tokens where only we read them.
func (l *loader) keep(officers []Officer) error {
	text, err := json.Marshal(officers)
	if err != nil {
		return err
	}
	return os.WriteFile(officersIn(l.cfg.Dir), text, 0o600)
}
