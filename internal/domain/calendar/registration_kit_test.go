package calendar

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// venue is an event with seats in a database of its own, and people around it.
type venue struct {
	testing.TB
	ctx       context.Context
	db        *postgres.DB
	desk      *Registrations
	home      id.ID // the town council that organises
	event     id.ID
	pools     []id.ID
	organiser *access.Viewer
}

// seatsFor opens an event, published and open, with these pools.
func seatsFor(t testing.TB, specs ...PoolSpec) *venue {
	t.Helper()
	return seatsIn(t, pgtest.New(t), specs...)
}

func seatsIn(t testing.TB, db *postgres.DB, specs ...PoolSpec) *venue {
	t.Helper()
	x := &venue{TB: t, ctx: t.Context(), db: db, desk: NewRegistrations(db), home: id.New(), event: id.New()}
	person := id.New()
	x.register(
		node.Node{ID: x.home, Kind: node.Municipality, Title: lang.Text{CA: "Vilaprova"}, Home: x.home},
		node.Node{ID: person, Kind: node.Person},
		node.Node{ID: x.event, Kind: node.Event, Title: lang.Text{CA: "Jornada"}, Home: x.home},
	)
	x.organiser = &access.Viewer{Person: person, Home: []id.ID{x.home}, Administers: []id.ID{x.home}}
	x.exec(`insert into events (node, kind, state, visibility, created_by)
		values ($1, 'CONFERENCE_DAY', 'PUBLISHED', 0, $2)`, x.event, person)
	x.tx(func(ctx context.Context, tx *postgres.Tx) error { return insertPools(ctx, tx, x.event, specs) })
	pools, err := SeatPoolsOf(x.ctx, db.Read(), x.organiser, []id.ID{x.event})
	x.ok(err)
	for _, p := range pools[x.event] {
		x.pools = append(x.pools, p.ID)
	}
	return x
}

func general(capacity int) PoolSpec {
	return PoolSpec{Name: lang.Text{CA: "General"}, Capacity: capacity}
}

func (x *venue) ok(err error) {
	x.Helper()
	if err != nil {
		x.Fatal(err)
	}
}

// refused checks that a command failed with the code, and at the field if one is
// given.
func (x *venue) refused(err error, code fault.Code, path ...string) *fault.Fault {
	x.Helper()
	if !errors.Is(err, code) {
		x.Fatalf("got %v, want %s", err, code.Name)
	}
	f := fault.All(err)[0]
	if len(path) > 0 && fmt.Sprint(f.Path) != fmt.Sprint(path) {
		x.Fatalf("%s is at %v, want %v", code.Name, f.Path, path)
	}
	return f
}

func (x *venue) tx(do func(context.Context, *postgres.Tx) error) {
	x.Helper()
	x.ok(x.db.InTx(x.ctx, do))
}

func (x *venue) exec(sql string, args ...any) {
	x.Helper()
	_, err := x.db.Read().Exec(x.ctx, sql, args...)
	x.ok(err)
}

func (x *venue) register(nodes ...node.Node) {
	x.Helper()
	x.tx(func(ctx context.Context, tx *postgres.Tx) error { return node.Register(ctx, tx, nodes...) })
}

// from makes somebody who acts for a new association without answering for it.
func (x *venue) from(name string) *access.Viewer {
	x.Helper()
	return x.of(node.Association, name)
}

func (x *venue) of(kind node.Kind, name string) *access.Viewer {
	x.Helper()
	org, person := id.New(), id.New()
	x.register(
		node.Node{ID: org, Kind: kind, Title: lang.Text{CA: name}, Home: org},
		node.Node{ID: person, Kind: node.Person},
	)
	x.tx(func(ctx context.Context, tx *postgres.Tx) error {
		return node.Connect(ctx, tx, node.Edge{Kind: node.ActsFor, Source: person, Target: org, Role: "TECHNICIAN"})
	})
	return &access.Viewer{Person: person, For: org, Home: []id.ID{org}}
}

func people(role DelegateRole, n int) []DelegateInput {
	list := make([]DelegateInput, n)
	for i := range list {
		list[i] = DelegateInput{Name: fmt.Sprintf("Persona %d", i+1), Role: role}
	}
	return list
}

func (x *venue) input(v *access.Viewer, n int, policy PlacesPolicy) RegistrationInput {
	return RegistrationInput{Event: x.event, Organisation: v.For, Delegates: people(RoleAssociation, n), Policy: policy}
}

func (x *venue) registers(v *access.Viewer, n int, policy PlacesPolicy) *Registration {
	x.Helper()
	r, err := x.desk.Create(x.ctx, v, x.input(v, n, policy), "")
	x.ok(err)
	return r
}

func (x *venue) read(r *Registration) *Registration {
	x.Helper()
	list, err := RegistrationsByIDs(x.ctx, x.db.Read(), x.organiser, []id.ID{r.ID})
	x.ok(err)
	if len(list) != 1 {
		x.Fatalf("read %d registrations", len(list))
	}
	return list[0]
}

func (x *venue) delegates(v *access.Viewer, r *Registration) []*Delegate {
	x.Helper()
	of, err := DelegatesOf(x.ctx, x.db.Read(), v, []id.ID{r.ID})
	x.ok(err)
	return of[r.ID]
}

// stands checks the state of a registration, its seats, who waits, and its place.
func (x *venue) stands(r *Registration, want string) {
	x.Helper()
	r = x.read(r)
	got := fmt.Sprintf("%s %d+%d", r.State, r.Counts.Confirmed, r.Counts.Waiting)
	if p := r.Place(); p > 0 {
		got += fmt.Sprintf(" at %d", p)
	}
	if got != want {
		x.Fatalf("stands at %q, want %q", got, want)
	}
}

// audit counts everything anew from the delegates and holds it against the
// counters of registrations and pools, and holds the promises of the line.
func (x *venue) audit() {
	x.Helper()
	rows, err := x.db.Read().Query(x.ctx, `
with d as (
  select registration, count(pool) as confirmed, count(*) filter (where state = 'WAITLISTED') as waiting,
    count(*) filter (where state = 'PENDING') as pending, count(*) filter (where state = 'CANCELLED') as cancelled,
    count(*) filter (where state = 'REJECTED') as rejected, count(*) filter (where state = 'ATTENDED') as arrived
  from registration_delegates where event = $1 group by registration
)
select 'registration ' || r.line || ' counts wrong' from registrations r left join d on d.registration = r.id
where r.event = $1 and (r.confirmed, r.waiting, r.pending, r.cancelled, r.rejected, r.arrived)
  is distinct from (d.confirmed, d.waiting, d.pending, d.cancelled, d.rejected, d.arrived)
union all
select 'pool counts ' || p.confirmed || ' confirmed and has ' || c.n || ' of ' || p.capacity
from seat_pools p cross join lateral (select count(*) as n from registration_delegates d where d.pool = p.id) c
where p.event = $1 and (p.confirmed <> c.n or c.n > p.capacity)
union all
select 'pool counts a line of ' || p.blocks || '/' || p.waiting || ' and has ' || c.blocks || '/' || c.waiting
from seat_pools p cross join lateral (
  select count(*) as blocks, coalesce(sum(waiting), 0) as waiting from registrations r
  where r.event = $1 and r.waiting > 0 and not r.aside and p.id = any(r.pools)) c
where p.event = $1 and (p.blocks, p.waiting) is distinct from (c.blocks, c.waiting)
union all
select 'block ' || r.line || ' is the first of its line, fits and waits'
from registrations r join seat_pools p on p.id = r.pools[1] and cardinality(r.pools) = 1
where r.event = $1 and r.waiting > 0 and not r.aside
  and not exists (select from registrations o where o.event = $1 and o.waiting > 0 and not o.aside and o.line < r.line
    and p.id = any(o.pools))
  and p.capacity - p.confirmed >= case r.policy when 'TAKE_WHAT_THERE_IS' then 1 else r.waiting end
union all
select 'block ' || r.line || ' is set aside wrongly' from registrations r
where r.event = $1 and r.waiting > 0 and r.aside is distinct from (r.policy <> 'TAKE_WHAT_THERE_IS'
  and r.waiting > (select sum(p.capacity) from seat_pools p where p.id = any(r.pools)))`, x.event)
	x.ok(err)
	defer rows.Close()
	for rows.Next() {
		var wrong string
		x.ok(rows.Scan(&wrong))
		x.Error(wrong)
	}
	x.ok(rows.Err())
}

var errNotFound = fault.ErrNotFound

func isCode(err, code error) bool { return errors.Is(err, code) }

// compare tells how two values differ, empty when they do not.
func compare(got, want any) string {
	return cmp.Diff(want, got, cmpopts.IgnoreUnexported(link.Slots{}), cmpopts.EquateEmpty())
}

// facts lists the kinds in the order told, of the kinds given.
func (x *venue) facts(kinds ...string) string {
	x.Helper()
	var all []string
	x.ok(x.db.Read().QueryRow(x.ctx, `
		select coalesce(array_agg(kind order by n4), '{}') from journal where node = $1 and kind = any($2)`, x.event, kinds).Scan(&all))
	return strings.Join(all, " ")
}

// dropBehindLock takes away what stands behind the lock of the topic.
func dropBehindLock(t *testing.T, d pgtest.Database) {
	t.Helper()
	owner, err := pgx.Connect(t.Context(), d.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(context.WithoutCancel(t.Context()))
	_, err = owner.Exec(t.Context(), `
		alter table seat_pools drop constraint seat_pools_never_oversold;
		alter table registrations drop constraint registrations_line_once`)
	if err != nil {
		t.Fatal(err)
	}
}
