package privacy_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/nettest"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// What is planted, and looked for afterwards: with accents and without, in any
// capitals.
const (
	canaryName = "Canària Esborrable"
	canaryMail = "canaria.esborrable@example.org"
	canary     = "esborrable"
)

const bounceSecret = "a secret between servers, for tests"

// letters keeps mails instead of sending them.
type letters struct {
	mu   sync.Mutex
	sent []mail.Message
}

func (l *letters) Enqueue(_ context.Context, m mail.Message) error { return l.keep(m) }

func (l *letters) EnqueueTx(_ context.Context, _ *postgres.Tx, m mail.Message) error {
	return l.keep(m)
}

func (l *letters) keep(m mail.Message) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = append(l.sent, m)
	return m.Check()
}

func (l *letters) of(template, to string) (found []mail.Message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range l.sent {
		if m.Template == template && m.To == to {
			found = append(found, m)
		}
	}
	return found
}

// world is a hub with an association whose delegate the canary is.
type world struct {
	*testing.T
	hub               *hubtest.Hub
	database          pgtest.Database
	letters           *letters
	relay             *nettest.SMTP // nil: letters
	erasures          string        // folder of the ledger
	officer           id.ID         // organises what Terrassa organises
	entitat, altra    id.ID
	representative    id.ID // of entitat
	stranger          id.ID // represents altra
	canary            id.ID // acts for entitat, with an account
	asOfficer, asRep  string
	asCanary, asOther string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldMailing(t, nil)
}

// newWorldMailing is one whose mails go through a relay, when there is one.
func newWorldMailing(t *testing.T, relay *nettest.SMTP) *world {
	t.Helper()
	w := &world{T: t, database: pgtest.URL(t), letters: &letters{}, relay: relay, erasures: filepath.Join(t.TempDir(), "ledger")}
	w.hub = w.start(w.database, w.erasures)
	w.officer = w.hub.Person(t, "Olga Prova", hubtest.Terrassa, directory.Officer)
	w.entitat, w.altra = w.hub.Association(t, "Entitat Inventada"), w.hub.Association(t, "Altra Inventada")
	w.representative = w.hub.Person(t, "Rita Mostra", w.entitat, directory.Representative)
	w.stranger = w.hub.Person(t, "Sara Exemple", w.altra, directory.Representative)
	w.canary = w.hub.Person(t, canaryName, w.entitat, directory.Technician)
	w.asOfficer, w.asRep = w.hub.Token(w.officer), w.hub.Token(w.representative)
	w.asCanary, w.asOther = w.hub.Token(w.canary), w.hub.Token(w.stranger)
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Native().Exec(ctx, `update person_names set mail = $2 where subject = $1`, w.canary, canaryMail); err != nil {
			return err
		}
		return auth.AddAccounts(ctx, tx, map[id.ID]string{w.canary: canaryMail})
	})
	return w
}

func (w *world) start(d pgtest.Database, ledger string) *hubtest.Hub {
	w.Helper()
	options := []app.Option{app.WithStatementCounts()}
	if w.relay == nil {
		options = append(options, app.WithMail(w.letters))
	}
	return hubtest.Start(w.T, hubtest.Config{Database: d, Options: options, Change: func(c *config.Config) {
		c.Erasures = ledger
		if w.relay != nil {
			c.SMTPURL, c.MailFrom = "smtp://"+w.relay.Addr()+"?tls=none", "Teixit <no-reply@teixit.example>"
			c.BounceAddress, c.BounceSecret = "bounces@teixit.example", bounceSecret
		}
	}})
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) tx(do func(ctx context.Context, tx *postgres.Tx) error) {
	w.Helper()
	w.ok(w.hub.DB.InTx(postgres.AsHub(context.Background()), do))
}

// event makes an event with so many places; past ones are moved after what has
// to happen before them.
func (w *world) event(capacity int, change func(*calendar.EventInput)) id.ID {
	w.Helper()
	return w.hub.Event(w.T, w.officer, capacity, change)
}

// registers signs delegates up for an organisation.
func (w *world) registers(by id.ID, body, event id.ID, delegates ...calendar.DelegateInput) *calendar.Registration {
	w.Helper()
	v := w.hub.Viewer(w.T, by)
	r, err := calendar.NewRegistrations(w.hub.DB).Create(w.Context(), v, calendar.RegistrationInput{
		Event: event, Organisation: body, Policy: calendar.WaitTogether, Delegates: delegates,
	}, "")
	w.ok(err)
	return r
}

func (w *world) delegates(by id.ID, r *calendar.Registration) []*calendar.Delegate {
	w.Helper()
	of, err := calendar.DelegatesOf(w.Context(), w.hub.DB.Read(), w.hub.Viewer(w.T, by), []id.ID{r.ID})
	w.ok(err)
	return of[r.ID]
}

// tell mails whoever is to be told, and returns the secret of the newest link.
func (w *world) tell(to string) (token string) {
	w.Helper()
	w.hub.WorkOff(w.T, calendar.NewTeller(w.hub.DB, w.letters, "https://teixit.example", "").Tell,
		`select exists (select from delegate_links where told_at is null)`)
	sent := w.letters.of(mail.RegisteredByOther, to)
	if len(sent) == 0 {
		return ""
	}
	_, token, _ = strings.Cut(sent[len(sent)-1].Data["link"].(string), "#token=")
	return token
}

func named(name, address string) calendar.DelegateInput {
	return calendar.DelegateInput{Name: name, Mail: address, Role: calendar.RoleAssociation}
}

func person(p id.ID) calendar.DelegateInput {
	return calendar.DelegateInput{Person: p, Role: calendar.RoleAssociation}
}

// admin runs a statement as superuser, behind every wall.
func (w *world) admin(d pgtest.Database, sql string, args ...any) {
	w.Helper()
	conn, err := pgx.Connect(w.Context(), d.Admin)
	w.ok(err)
	defer conn.Close(context.WithoutCancel(w.Context()))
	_, err = conn.Exec(w.Context(), sql, args...)
	w.ok(err)
}

// found looks for a text in every column of every table, partitions, queues and
// retired tables included, and tells where it is.
func (w *world) found(d pgtest.Database, text string) (places []string) {
	w.Helper()
	conn, err := pgx.Connect(w.Context(), d.Admin)
	w.ok(err)
	defer conn.Close(context.WithoutCancel(w.Context()))
	rows, err := conn.Query(w.Context(), `
		select format('%I.%I', schemaname, tablename) from pg_tables
		where schemaname not in ('pg_catalog', 'information_schema') order by 1`)
	w.ok(err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	w.ok(err)
	for _, table := range tables {
		var n int
		w.ok(conn.QueryRow(w.Context(), `select count(*) from `+table+` t where t::text ilike '%' || $1 || '%'`, text).Scan(&n))
		if n > 0 {
			places = append(places, fmt.Sprintf("%s (%d)", table, n))
		}
	}
	return places
}

// dump takes a backup and restore brings it up in another database.
func (w *world) dump(d pgtest.Database) string {
	w.Helper()
	file := filepath.Join(w.TempDir(), "backup.sql")
	w.run("pg_dump", "--dbname", d.Admin, "--file", file)
	return file
}

func (w *world) restore(file string) pgtest.Database {
	w.Helper()
	d := pgtest.Empty(w.T)
	w.run("psql", "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--dbname", d.Admin, "--file", file)
	return d
}

func (w *world) run(program string, args ...string) {
	w.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		installed, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + program)
		if len(installed) == 0 {
			w.Skipf("%s is not installed", program)
		}
		path = installed[len(installed)-1]
	}
	out, err := exec.CommandContext(w.Context(), path, args...).CombinedOutput()
	if err != nil {
		w.Fatalf("%s: %v\n%s", program, err, out)
	}
}

// audit holds the seats of all events against what their counters say.
func (w *world) audit(d pgtest.Database) {
	w.Helper()
	conn, err := pgx.Connect(w.Context(), d.Admin)
	w.ok(err)
	defer conn.Close(context.WithoutCancel(w.Context()))
	rows, err := conn.Query(w.Context(), `
with d as (
  select registration, count(pool) as confirmed, count(*) filter (where state = 'WAITLISTED') as waiting,
    count(*) filter (where state = 'PENDING') as pending, count(*) filter (where state = 'CANCELLED') as cancelled,
    count(*) filter (where state = 'REJECTED') as rejected, count(*) filter (where state = 'ATTENDED') as arrived
  from registration_delegates group by registration
)
select 'registration ' || r.id || ' counts wrong' from registrations r left join d on d.registration = r.id
where (r.confirmed, r.waiting, r.pending, r.cancelled, r.rejected, r.arrived)
  is distinct from (d.confirmed, d.waiting, d.pending, d.cancelled, d.rejected, d.arrived)
union all
select 'pool counts ' || p.confirmed || ' and has ' || c.n
from seat_pools p cross join lateral (select count(*) as n from registration_delegates d where d.pool = p.id) c
where p.confirmed <> c.n or c.n > p.capacity
union all
select 'a seat is free while somebody waits' from seat_pools p where p.confirmed < p.capacity and p.blocks > 0`)
	w.ok(err)
	wrong, err := pgx.CollectRows(rows, pgx.RowTo[string])
	w.ok(err)
	for _, what := range wrong {
		w.Error(what)
	}
}

func eventID(v id.ID) string { return node.Event.Global(v) }

// longAgo moves an event into the past.
func (w *world) longAgo(event id.ID, ago time.Duration) {
	w.Helper()
	w.admin(w.database, `update events set starts_at = now() - $2::interval - interval '4 hours', ends_at = now() - $2::interval where node = $1`,
		event.String(), ago.String())
}

func ledgerText(w *world) string {
	w.Helper()
	all, err := filepath.Glob(filepath.Join(w.erasures, "*"))
	w.ok(err)
	var b strings.Builder
	for _, file := range all {
		text, err := os.ReadFile(file)
		w.ok(err)
		b.Write(text)
	}
	return b.String()
}
