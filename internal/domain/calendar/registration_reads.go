package calendar

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Level reads: one prepared statement each, whatever the number of parents.
//
// Who sees a registration: the event's organisers, who registered it, who
// answers for the organisation, the delegates in it; and the other people of the
// organisation, at a sensitive event only when all its delegates show themselves
// to them. The first three answer for it: they also see names and codes and who
// registered it.

// registrationSeenSQL goes behind "select r.*, m.answers". Parameters 1 to 6 are
// the viewer's person and SQLArgs.
var registrationSeenSQL = `
from registrations r join events e on e.node = r.event join nodes n on n.id = r.event
cross join lateral (select coalesce(
    r.registered_by = $1 or r.organisation = any($4::uuid[]) or ` + access.LevelSQL("n", 2) + ` = 4, false) as answers) m
where (m.answers or r.organisation = any($3::uuid[]) and (not e.sensitive or not exists (
    select from registration_delegates c where c.registration = r.id and c.shown_to <> 'COLLEAGUES'
      and c.state not in ('CANCELLED', 'REJECTED', 'REPLACED'))) or exists (
    select from delegate_secrets s where s.registration = r.id and s.person = $1 and s.live))`

// registrationsSQL reads the rows of page (r.*, answers, and rank, the order)
// with their places in the lines. Each line is walked once, as far as the last
// of the page stands in it.
func registrationsSQL(rows string) string {
	return `with page as (` + rows + `
), ends as (
  select event, max(line) as line from page where waiting > 0 and not aside group by event
), places as (
  select w.id, own.pool, own.rank, row_number() over (partition by own.pool order by w.line) as place
  from ends join registrations w on w.event = ends.event and w.line <= ends.line and w.waiting > 0 and not w.aside
  cross join unnest(w.pools) with ordinality as own(pool, rank)
), lines as (
  select id, array_agg(pool order by rank) as pools, array_agg(place order by rank) as places
  from places where id in (select id from page) group by id
)
select r.id, r.event, r.organisation, case when r.answers then r.registered_by end, r.policy, r.state, r.audience,
  r.pending, r.confirmed, r.waiting, r.cancelled + r.rejected, r.arrived,
  coalesce((select d.pool from registration_delegates d
    where r.confirmed > 0 and d.registration = r.id and d.pool is not null order by d.position limit 1), r.pools[1]),
  l.pools, l.places, r.line, r.created_at, r.answers, r.confirm_by, r.by_link,
  (select min(o.offered_until) from registration_delegates o where r.confirmed > 0 and o.registration = r.id)
from page r left join lines l on l.id = r.id
order by r.rank`
}

func scanRegistration(row pgx.CollectableRow) (*Registration, error) {
	r, c := &Registration{}, DelegateCounts{}
	var pools []id.ID
	var places []int
	err := row.Scan(&r.ID, &r.Event, &r.Organisation, &r.RegisteredBy, &r.Policy, &r.State, &r.Audience,
		&c.Pending, &c.Confirmed, &c.Waiting, &c.Cancelled, &c.Arrived, &r.Pool,
		&pools, &places, &r.Number, &r.CreatedAt, &r.MayChange, &r.ConfirmBy, &r.ByLink, &r.OfferedUntil)
	r.Counts = c
	for i, pool := range pools {
		r.Lines = append(r.Lines, PlaceInLine{pool, places[i]})
	}
	return r, err
}

// seer are the viewer's six parameters, followed by the statement's own.
func seer(v *access.Viewer, own ...any) []any {
	return append(append([]any{v.Person}, v.SQLArgs()...), own...)
}

func collectRegistrations(rows pgx.Rows, err error) ([]*Registration, error) {
	if err != nil {
		return nil, registrationError("read registrations", err)
	}
	list, err := pgx.CollectRows(rows, scanRegistration)
	return list, registrationError("read registrations", err)
}

var registrationsByIDsSQL = registrationsSQL(
	`select r.*, m.answers, array_position($7::uuid[], r.id) as rank ` + registrationSeenSQL + ` and r.id = any($7)`)

// RegistrationsByIDs reads the visible ones among the given registrations, in
// the order given.
func RegistrationsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Registration, error) {
	return collectRegistrations(postgres.Personal(q, v).Query(ctx, registrationsByIDsSQL, seer(v, ids)...))
}

var registrationsOfEventsSQL = registrationsSQL(`
select c.*, row_number() over (order by p.rank, c.line) as rank
from unnest((select $7::uuid[])::uuid[]) with ordinality as p(id, rank) cross join lateral (
  select r.*, m.answers ` + registrationSeenSQL + `
    and r.event = p.id and ($8 = '' or r.state = $8) and r.line > $9
  order by r.line limit $10) c`)

// RegistrationsOfEvents reads a page for each event, in order of arrival:
// organisers get all, others those they may see. An empty state is any.
func RegistrationsOfEvents(ctx context.Context, q postgres.Querier, v *access.Viewer, events []id.ID, state RegistrationState, args page.Args) (map[id.ID]*page.Connection[*Registration], error) {
	keys, err := args.After.Keys(1)
	if err != nil {
		return nil, err
	}
	after := int64(0)
	if keys != nil {
		if after, err = strconv.ParseInt(keys[0], 10, 64); err != nil {
			return nil, fault.ErrBadCursor.At("after").Because(err)
		}
	}
	list, err := collectRegistrations(postgres.Personal(q, v).Query(ctx, registrationsOfEventsSQL, seer(v, events, state, after, args.Rows())...))
	if err != nil {
		return nil, err
	}
	return pagesOf(events, list, args, func(r *Registration) id.ID { return r.Event }, func(r *Registration) page.Cursor {
		return page.Cursor{strconv.FormatInt(r.Number, 10)}
	}), nil
}

var registrationsOfOrganisationsSQL = registrationsSQL(`
select c.*, row_number() over (order by p.rank, c.id desc) as rank
from unnest((select $7::uuid[])::uuid[]) with ordinality as p(id, rank) cross join lateral (
  select r.*, m.answers ` + registrationSeenSQL + `
    and r.organisation = p.id and ($8 = '' or r.state = $8) and ($9::uuid is null or r.id < $9)
  order by r.id desc limit $10) c`)

// RegistrationsOfOrganisations reads a page for each organisation, newest first.
func RegistrationsOfOrganisations(ctx context.Context, q postgres.Querier, v *access.Viewer, organisations []id.ID, state RegistrationState, args page.Args) (map[id.ID]*page.Connection[*Registration], error) {
	after, err := afterID(args)
	if err != nil {
		return nil, err
	}
	list, err := collectRegistrations(postgres.Personal(q, v).Query(ctx, registrationsOfOrganisationsSQL, seer(v, organisations, state, after, args.Rows())...))
	if err != nil {
		return nil, err
	}
	return pagesOf(organisations, list, args, func(r *Registration) id.ID { return r.Organisation }, idCursor), nil
}

var registrationsOfViewerSQL = registrationsSQL(`
select c.*, row_number() over (order by c.id desc) as rank from (
  select r.*, m.answers ` + registrationSeenSQL + `
    and r.id in (
      select id from registrations where registered_by = $1
      union select registration from delegate_secrets where person = $1 and live)
    and ($7::uuid is null or r.id < $7)
  order by r.id desc limit $8) c`)

// RegistrationsOfViewer reads what the viewer has registered and where the
// viewer is a delegate, newest first.
func RegistrationsOfViewer(ctx context.Context, q postgres.Querier, v *access.Viewer, args page.Args) (*page.Connection[*Registration], error) {
	after, err := afterID(args)
	if err != nil {
		return nil, err
	}
	list, err := collectRegistrations(postgres.Personal(q, v).Query(ctx, registrationsOfViewerSQL, seer(v, after, args.Rows())...))
	if err != nil {
		return nil, err
	}
	return page.NewConnection(list, args, idCursor), nil
}

func idCursor(r *Registration) page.Cursor { return page.Cursor{r.ID.String()} }

func afterID(args page.Args) (id.ID, error) {
	keys, err := args.After.Keys(1)
	if err != nil || keys == nil {
		return id.Zero, err
	}
	v, err := id.ParseUUID(keys[0])
	if err != nil {
		return id.Zero, fault.ErrBadCursor.At("after").Because(err)
	}
	return v, nil
}

// pagesOf splits rows read for many parents into a page for each.
func pagesOf[T any](parents []id.ID, rows []T, args page.Args, parent func(T) id.ID, key func(T) page.Cursor) map[id.ID]*page.Connection[T] {
	of := byParent(rows, parent)
	pages := make(map[id.ID]*page.Connection[T], len(parents))
	for _, p := range parents {
		pages[p] = page.NewConnection(of[p], args, key)
	}
	return pages
}

// byParent groups rows, keeping their order.
func byParent[T any](rows []T, parent func(T) id.ID) map[id.ID][]T {
	of := map[id.ID][]T{}
	for _, row := range rows {
		of[parent(row)] = append(of[parent(row)], row)
	}
	return of
}
