package directory

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Reads of people stand behind the stricter wall: a person is there for
// themselves and for the people of a body they act for today. Row-level security
// stands behind the statements, and reads of others' names are noted (see package
// audit).

// actsForMine holds when the person in row n acts today for a body whose people
// the viewer, with parameters from $first on, is one of.
func actsForMine(home string) string {
	return `exists (select from edges m where m.source = n.id and m.kind = 'acts_for'
	  and m.target = any(` + home + `::uuid[]) and m.valid @> ` + today + `)`
}

var peopleByIDsSQL = `select ` + node.Columns("n") + `, p.name
	from nodes n left join person_names p on p.subject = n.id
	where n.id = any(` + postgres.Keys + `) and n.kind = 'person' and (n.id = $7 or ` + actsForMine("$3") + `
	  or (n.home = any($3::uuid[]) and ` + access.VisibleSQL("n", 2) + `))`

// PeopleByIDs reads people, with names: whoever may see a person may see the
// name.
func PeopleByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Person, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, peopleByIDsSQL, append(args(v, ids), v.Person)...)
	if err != nil {
		return nil, wrap("read people", err)
	}
	people, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Person, error) {
		p := &Person{}
		return p, row.Scan(append(p.ScanTargets(), &p.Name)...)
	})
	if err != nil {
		return nil, wrap("read people", err)
	}
	read := map[id.ID][]id.ID{}
	for _, p := range people {
		if p.Name != nil {
			read[p.Home] = append(read[p.Home], p.ID)
		}
	}
	return people, noted(ctx, q, v, audit.Person, read)
}

var visiblePeopleSQL = `select n.id from nodes n
	where n.id = any(` + postgres.Keys + `) and n.kind = 'person' and n.ended_at is null and (n.id = $7 or ` + actsForMine("$3") + `
	  or (n.home = any($3::uuid[]) and ` + access.VisibleSQL("n", 2) + `))`

// VisiblePeople tells which of the people the viewer may see, by the rule of
// PeopleByIDs, and reads no name. Who was erased is nobody.
func VisiblePeople(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]id.ID, error) {
	rows, err := q.Query(ctx, visiblePeopleSQL, append(args(v, ids), v.Person)...)
	if err != nil {
		return nil, wrap("tell which people are seen", err)
	}
	visible, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	return visible, wrap("tell which people are seen", err)
}

// noted notes whose names were read in which things.
func noted(ctx context.Context, q postgres.Querier, v *access.Viewer, what string, read map[id.ID][]id.ID) error {
	for thing, people := range read {
		if err := audit.Read(ctx, q, v, what, thing, people); err != nil {
			return err
		}
	}
	return nil
}

const appointmentColumns = `e.id, e.source, e.target, e.role, lower(e.valid), upper(e.valid) - 1`

// peopleOfSQL asks for the viewer's level on the body itself: a person's own
// node may be at home elsewhere.
var peopleOfSQL = `select c.* from unnest(` + postgres.Keys + `) with ordinality as w(id, place)
	join nodes o on o.id = w.id and ` + access.LevelSQL("o", 4) + ` >= 2 and ` + access.VisibleSQL("o", 4) + `
	cross join lateral (
	  select ` + appointmentColumns + `, ` + node.Columns("n") + `, p.name
	  from edges e join nodes n on n.id = e.source and n.kind = 'person'
	  left join person_names p on p.subject = n.id
	  where e.target = w.id and e.kind = 'acts_for' and e.valid @> coalesce($2::date, ` + today + `)
	  order by p.name collate ca, e.role, e.id limit $3) c
	order by w.place`

// PeopleOf reads who acts for the bodies on the day, by name, at most first
// each, for viewers who are themselves people of the body; others get nobody.
func PeopleOf(ctx context.Context, q postgres.Querier, v *access.Viewer, organizations []id.ID, asOf *time.Time, first int) ([]Appointment, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, peopleOfSQL, args(v, organizations, asOf, first)...)
	if err != nil {
		return nil, wrap("read people", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Appointment, error) {
		a := Appointment{Person: &Person{}}
		targets := append(a.targets(), a.Person.ScanTargets()...)
		return a, row.Scan(append(targets, &a.Person.Name)...)
	})
	if err != nil {
		return nil, wrap("read people", err)
	}
	read := map[id.ID][]id.ID{}
	for _, a := range found {
		if a.Person.Name != nil {
			read[a.Organization] = append(read[a.Organization], a.PersonID)
		}
	}
	return found, noted(ctx, q, v, audit.People, read)
}

var appointmentsSQL = `select c.* from unnest(` + postgres.Keys + `) with ordinality as w(id, place)
	cross join lateral (
	  select ` + appointmentColumns + `
	  from edges e join nodes o on o.id = e.target
	  where e.source = w.id and e.kind = 'acts_for' and e.valid @> coalesce($2::date, ` + today + `)
	    and (w.id = $9 or ` + access.LevelSQL("o", 4) + ` >= 2) and ` + access.VisibleSQL("o", 4) + `
	  order by o.title_ca, o.id, e.role limit $3) c
	order by w.place`

// AppointmentsOf reads what people act for on the day, by the name of the body,
// at most first each: all of one's own, of others those for bodies whose people
// the viewer is one of. Person is left nil.
func AppointmentsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, people []id.ID, asOf *time.Time, first int) ([]Appointment, error) {
	return appointments(q.Query(ctx, appointmentsSQL, append(args(v, people, asOf, first), v.Person)...))
}

var appointmentsByIDsSQL = `select ` + appointmentColumns + `
	from edges e join nodes o on o.id = e.target
	where e.id = any(` + postgres.Keys + `) and e.kind = 'acts_for' and (e.source = $7 or ` + access.LevelSQL("o", 2) + ` >= 2)
	  and ` + access.VisibleSQL("o", 2)

// AppointmentsByIDs reads single appointments, past ones too, under the same
// rule. Person is left nil.
func AppointmentsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]Appointment, error) {
	return appointments(q.Query(ctx, appointmentsByIDsSQL, append(args(v, ids), v.Person)...))
}

func (a *Appointment) targets() []any {
	return []any{&a.ID, &a.PersonID, &a.Organization, &a.Role, &a.From, &a.Until}
}

func appointments(rows pgx.Rows, err error) ([]Appointment, error) {
	if err != nil {
		return nil, wrap("read appointments", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a Appointment, err error) {
		return a, row.Scan(a.targets()...)
	})
	return found, wrap("read appointments", err)
}

// ActorsByIDs reads people whom the reader may know because they did something
// to what the reader administers: that has been checked, and no policy could. It
// is for audit trails, which note the read.
func ActorsByIDs(ctx context.Context, q postgres.Querier, ids []id.ID) (map[id.ID]*Person, error) {
	rows, err := postgres.Hub(q).Query(ctx, `select `+node.Columns("n")+`, p.name
		from nodes n left join person_names p on p.subject = n.id where n.id = any(`+postgres.Keys+`) and n.kind = 'person'`, ids)
	if err != nil {
		return nil, wrap("read who acted", err)
	}
	people := make(map[id.ID]*Person, len(ids))
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Person, error) {
		p := &Person{}
		return p, row.Scan(append(p.ScanTargets(), &p.Name)...)
	})
	for _, p := range list {
		people[p.ID] = p
	}
	return people, wrap("read who acted", err)
}

// Persons tells which of the identifiers are people's. It tells nothing else.
func Persons(ctx context.Context, q postgres.Querier, ids []id.ID) ([]id.ID, error) {
	rows, err := q.Query(ctx, `select id from nodes where id = any(`+postgres.Keys+`) and kind = 'person'`, ids)
	if err != nil {
		return nil, wrap("tell people from others", err)
	}
	people, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	return people, wrap("tell people from others", err)
}
