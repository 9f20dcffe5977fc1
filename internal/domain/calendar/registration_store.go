package calendar

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// registrationConstraints names the faults behind the keys and checks. The
// rules refuse an oversell first: that constraint speaks only when they err, so
// it has no fault here and is an internal error.
func registrationConstraints() map[string]fault.Code {
	return map[string]fault.Code{
		"delegates_person_once":                    ErrAlreadyRegistered,
		"delegates_mail_once":                      ErrAlreadyRegistered,
		"seat_pools_once":                          ErrPoolExists,
		"seat_pools_capacity":                      ErrCapacityRange,
		"registration_delegates_registration_fkey": ErrOrganisationEnded,
		"event_sessions_never_overfull":            ErrSessionFull,
	}
}

// poolColumns is the select list of scanPool, for seat_pools p outer joined.
const poolColumns = `p.id, coalesce(p.name, '{}'), p.reserved_audience, p.reserved_organisation,
	coalesce(p.reserved_role, ''), coalesce(p.position, 0), coalesce(p.capacity, 0), coalesce(p.confirmed, 0),
	coalesce(p.waiting, 0), coalesce(p.blocks, 0)`

func poolTargets(p *SeatPool) []any {
	return []any{
		&p.ID, &p.Name, &p.Reserve.Audience, &p.Reserve.Organisation, &p.Reserve.Role, &p.Position,
		&p.Counts.Capacity, &p.Counts.Confirmed, &p.Counts.Waiting, &p.Counts.Line,
	}
}

// The clock is read by this statement, after the lock was got: who waited past
// the closing time has come too late.
const desksSQL = `
select e.node, n.home, n.visibility, e.state, e.requires_approval, e.overtaking, e.sensitive,
  coalesce(clock_timestamp() < e.registration_opens_at, false),
  clock_timestamp() >= least(e.registration_closes_at, e.over_by), clock_timestamp() >= e.over_by,
  e.registration_opens_at, e.registration_closes_at,
  coalesce((select max(r.line) from registrations r where r.event = e.node), 0),
  exists (select from event_questions q where q.event = e.node and q.withdrawn_at is null),
  coalesce((select max(v.version) from event_notices v where v.event = e.node), 0),
  clock_timestamp() + make_interval(mins => coalesce(h.hold_minutes, $2)),
  case when clock_timestamp() between e.starts_at - make_interval(hours => coalesce(h.offer_hours, $3)) and e.starts_at
    then clock_timestamp() + least(make_interval(mins => coalesce(h.offer_minutes, $4)), (e.starts_at - clock_timestamp()) / 2) end,
  ` + poolColumns + `
from events e join nodes n on n.id = e.node left join event_holds h on h.event = e.node left join seat_pools p on p.event = e.node
where e.node = any(` + postgres.Keys + `) order by e.node, p.position, p.id`

// openDesks opens a desk for each of some events, with one statement. Who comes to
// it is still to be said.
func openDesks(ctx context.Context, tx *postgres.Tx, holds Holds, events ...id.ID) (map[id.ID]*desk, error) {
	rows, err := tx.Native().Query(ctx, desksSQL, events, minutes(holds.Hold), hours(holds.OfferWithin), minutes(holds.Offer))
	if err != nil {
		return nil, fmt.Errorf("read events and pools: %w", err)
	}
	desks := map[id.ID]*desk{}
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (none struct{}, err error) {
		var event id.ID
		var e eventDesk
		p := &SeatPool{Counts: &SeatCounts{}}
		err = row.Scan(append([]any{
			&event, &e.Home, &e.Visibility, &e.State, &e.RequiresApproval, &e.Overtaking, &e.Sensitive,
			&e.NotYet, &e.Finished, &e.Over, &e.OpensAt, &e.ClosesAt, &e.LastLine, &e.Asks, &e.Notice, &e.HoldUntil, &e.OfferUntil,
		}, poolTargets(p)...)...)
		d := desks[event]
		if d == nil {
			d = &desk{request: request{event: event}, tx: tx, at: e}
			desks[event] = d
		}
		if p.Event = event; !p.ID.IsZero() { // an event may have no pools
			d.pools = append(d.pools, p)
		}
		return none, err
	})
	if err != nil {
		return nil, fmt.Errorf("read events and pools: %w", err)
	}
	for _, d := range desks {
		d.openHall()
	}
	return desks, nil
}

const lineColumns = `id, organisation, line, policy, pools, waiting, aside`

const lineSQL = `select ` + lineColumns + ` from registrations
where event = $1 and waiting > 0 and not aside and line > $2 and pools && $3
order by line limit $4`

// readLine reads the next parties of the lines of some pools.
func readLine(ctx context.Context, q postgres.Querier, event id.ID, pools []id.ID, after int64, n int) ([]party, error) {
	return collectParties(q.Query(ctx, lineSQL, event, after, pools, n))
}

const wholeLineSQL = `select ` + lineColumns + ` from registrations where event = $1 and waiting > 0 order by line`

// readWholeLine reads everybody who waits at the event, those set aside too.
func readWholeLine(ctx context.Context, q postgres.Querier, event id.ID) ([]party, error) {
	return collectParties(q.Query(ctx, wholeLineSQL, event))
}

func collectParties(rows pgx.Rows, err error) ([]party, error) {
	if err == nil {
		var line []party
		line, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p party, err error) {
			return p, row.Scan(&p.Registration, &p.Organisation, &p.Line, &p.Policy, &p.Pools, &p.Waiting, &p.Aside)
		})
		if err == nil {
			return line, nil
		}
	}
	return nil, fmt.Errorf("read the waiting line: %w", err)
}

// A grant of n seats takes the next n waiting delegates of its registration;
// where a registration has several grants, each begins after the one before.
const seatsSQL = `
with g as (
  select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $9::timestamptz[]) as g(registration, pool, after, upto, offered)
), ranked as (
  select d.id, d.registration, row_number() over (partition by d.registration order by d.position) as rank
  from registration_delegates d where d.registration = any(` + postgres.Keys + `) and d.state = 'WAITLISTED'
), seated as (
  update registration_delegates d set state = 'CONFIRMED', pool = g.pool, offered_until = g.offered
  from ranked w join g on g.registration = w.registration and w.rank > g.after and w.rank <= g.upto
  where d.id = w.id
), counted as (
  update registrations r set confirmed = r.confirmed + c.n, waiting = r.waiting - c.n
  from (select registration, sum(upto - after)::int as n from g group by registration) c
  where r.id = c.registration
)
update seat_pools p
set confirmed = p.confirmed + c.confirmed, waiting = p.waiting + c.waiting, blocks = p.blocks + c.blocks
from unnest($5::uuid[], $6::int[], $7::int[], $8::int[]) as c(pool, confirmed, waiting, blocks)
where p.id = c.pool`

// writeSeats seats waiting delegates and brings the pools up to date, in one
// statement. Those of the registrations in offers are offered until then.
func writeSeats(ctx context.Context, q postgres.Querier, grants []grant, changes []seatChange, offers map[id.ID]*time.Time) error {
	if len(grants) == 0 && len(changes) == 0 {
		return nil
	}
	var registrations, pools []id.ID
	var after, upto []int
	var offered []*time.Time
	taken := map[id.ID]int{}
	for _, g := range grants {
		offered = append(offered, offers[g.Registration])
		registrations, pools = append(registrations, g.Registration), append(pools, g.Pool)
		after = append(after, taken[g.Registration])
		taken[g.Registration] += g.Seats
		upto = append(upto, taken[g.Registration])
	}
	c := columnsOf(changes)
	_, err := q.Exec(ctx, seatsSQL, registrations, pools, after, upto, c.pools, c.confirmed, c.waiting, c.blocks, offered)
	if err != nil {
		return fmt.Errorf("write seats: %w", err)
	}
	return nil
}

type changeColumns struct {
	pools                      []id.ID
	confirmed, waiting, blocks []int
}

func columnsOf(changes []seatChange) (c changeColumns) {
	for _, x := range changes {
		c.pools = append(c.pools, x.Pool)
		c.confirmed = append(c.confirmed, x.Confirmed)
		c.waiting = append(c.waiting, x.Waiting)
		c.blocks = append(c.blocks, x.Blocks)
	}
	return c
}

const asideSQL = `
update registrations r set aside = c.aside from unnest($1::uuid[], $2::bool[]) as c(id, aside) where r.id = c.id`

// writeAside stores who was set aside and who came back.
func writeAside(ctx context.Context, q postgres.Querier, changed []party) error {
	if len(changed) == 0 {
		return nil
	}
	var ids []id.ID
	var aside []bool
	for _, p := range changed {
		ids, aside = append(ids, p.Registration), append(aside, p.Aside)
	}
	if _, err := q.Exec(ctx, asideSQL, ids, aside); err != nil {
		return fmt.Errorf("set blocks aside: %w", err)
	}
	return nil
}

const addPoolsSQL = `
insert into seat_pools (id, event, name, reserved_audience, reserved_organisation, reserved_role, position, capacity)
select p.id, $1, p.name::jsonb, p.audience, p.organisation, nullif(p.role, ''), p.place, p.capacity
from unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::int[])
  with ordinality as p(id, name, audience, organisation, role, capacity, place)`

// insertPools gives a new event its pools of seats; checkPools has seen them.
func insertPools(ctx context.Context, tx *postgres.Tx, event id.ID, specs []PoolSpec) error {
	if len(specs) == 0 {
		return nil
	}
	var ids, audiences, organisations []id.ID
	var names, roles []string
	var capacities []int
	for _, p := range specs {
		name, err := json.Marshal(p.Name)
		if err != nil {
			return fmt.Errorf("add seat pools: %w", err)
		}
		ids, names = append(ids, id.New()), append(names, string(name))
		audiences = append(audiences, p.Reserve.Audience)
		organisations = append(organisations, p.Reserve.Organisation)
		roles, capacities = append(roles, string(p.Reserve.Role)), append(capacities, p.Capacity)
	}
	_, err := tx.Native().Exec(ctx, addPoolsSQL, event, ids, names, audiences, organisations, roles, capacities)
	if err != nil {
		return postgres.Translate(fmt.Errorf("add seat pools: %w", err), registrationConstraints())
	}
	return nil
}
