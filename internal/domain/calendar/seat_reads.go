package calendar

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Whether the counts may be told is decided in the statement, with the level;
// the word is told to everybody who sees the event.
func poolsSQL(by, order string) string {
	return `
select p.event, e.overtaking, not e.sensitive or ` + access.LevelSQL("n", 2) + ` = 4, ` + poolColumns + `
from seat_pools p join events e on e.node = p.event join nodes n on n.id = p.event
where ` + by + ` and ` + access.VisibleSQL("n", 2) + ` order by ` + order
}

var (
	poolsOfSQL    = poolsSQL(`p.event = any(`+postgres.Keys+`)`, `p.event, p.position`)
	poolsByIDsSQL = poolsSQL(`p.id = any(`+postgres.Keys+`)`, `array_position($1::uuid[], p.id)`)
)

// SeatPoolsOf reads the pools of events, each event's in the order of its
// organisers.
func SeatPoolsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, events []id.ID) (map[id.ID][]*SeatPool, error) {
	list, err := collectPools(q.Query(ctx, poolsOfSQL, append([]any{events}, v.SQLArgs()...)...))
	return byParent(list, func(p *SeatPool) id.ID { return p.Event }), err
}

// What of the event decides what may be told is at hand with the event; whether it
// may be seen is asked here too.
var poolsOfReadSQL = `
select p.event, p.id, p.name, p.reserved_audience, p.reserved_organisation, coalesce(p.reserved_role, ''), p.position,
  p.capacity, p.confirmed, p.waiting, p.blocks
from seat_pools p where p.event = any(` + postgres.Keys + `) and ` + access.VisibleCopySQL("p", "event", 2) + ` order by p.event, p.position`

// SeatPoolsOfRead is SeatPoolsOf for events that the viewer has just read, each
// once.
func SeatPoolsOfRead(ctx context.Context, q postgres.Querier, v *access.Viewer, events []*Event) (map[id.ID][]*SeatPool, error) {
	ids, behind := make([]id.ID, len(events)), make(map[id.ID]*Event, len(events))
	for i, e := range events {
		ids[i], behind[e.ID] = e.ID, e
	}
	rows, err := q.Query(ctx, poolsOfReadSQL, append([]any{ids}, v.SQLArgs()...)...)
	if err != nil {
		return nil, registrationError("read seat pools", err)
	}
	defer rows.Close()
	pools := make(map[id.ID][]*SeatPool, len(events))
	counts := SeatCounts{}
	row := SeatPool{Counts: &counts}
	targets := append([]any{&row.Event}, poolTargets(&row)...)
	for rows.Next() {
		row = SeatPool{Counts: &counts}
		if err := rows.Scan(targets...); err != nil {
			return nil, registrationError("read seat pools", err)
		}
		p := &struct {
			SeatPool
			counts SeatCounts
		}{row, counts}
		p.Counts = &p.counts
		of := behind[p.Event]
		p.tell(of.Overtaking, !of.Sensitive || of.ViewerLevel == access.Organisers)
		pools[p.Event] = append(pools[p.Event], &p.SeatPool)
	}
	return pools, registrationError("read seat pools", rows.Err())
}

// tell finds the word of the pool and takes the counts away where they are not to
// be told.
func (p *SeatPool) tell(order Overtaking, counted bool) {
	p.Availability = p.Counts.availability(order)
	if !counted {
		p.Counts = nil
	}
}

// SeatPoolsByIDs reads the visible ones among the given pools, in the order
// given.
func SeatPoolsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*SeatPool, error) {
	return collectPools(q.Query(ctx, poolsByIDsSQL, append([]any{ids}, v.SQLArgs()...)...))
}

func collectPools(rows pgx.Rows, err error) ([]*SeatPool, error) {
	if err != nil {
		return nil, registrationError("read seat pools", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*SeatPool, error) {
		p := &SeatPool{Counts: &SeatCounts{}}
		var order Overtaking
		var counted bool
		if err := row.Scan(append([]any{&p.Event, &order, &counted}, poolTargets(p)...)...); err != nil {
			return nil, err
		}
		p.tell(order, counted)
		return p, nil
	})
	return list, registrationError("read seat pools", err)
}

func onePool(ctx context.Context, q postgres.Querier, v *access.Viewer, pool id.ID) (*SeatPool, error) {
	list, err := SeatPoolsByIDs(ctx, q, v, []id.ID{pool})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.ErrNotFound.New()
	}
	return list[0], nil
}

// A pool admits a body as Reserve.admits says. What a block says of itself
// (audience, role) can be chosen; what the body is cannot.
const seatsForSQL = `
select e.id, coalesce(bool_or(a.admits), false), coalesce(bool_or(a.admits and p.capacity > 0), false)
from unnest(` + postgres.Keys + `) as e(id) left join seat_pools p on p.event = e.id
cross join (
  select coalesce(bool_or(n.kind = 'association'), false) as association, coalesce(bool_or(n.kind <> 'association'), false) as other
  from nodes n where n.id = any($2)) b
cross join lateral (
  select p.id is not null and case
    when p.reserved_organisation is not null then p.reserved_organisation = any($2)
    when p.reserved_role = 'ASSOCIATION' then b.association
    when p.reserved_role = 'PUBLIC' then b.other
    else true end as admits) a
group by e.id`

// SeatsFor says for which of the events there is no seat for a body that the
// viewer acts for, and why: ErrNoPool where no pool admits it, ErrFull where those
// that do have neither a seat nor a line. A full pool that has seats at all has a
// line.
func SeatsFor(ctx context.Context, q postgres.Querier, v *access.Viewer, events []id.ID) (map[id.ID]error, error) {
	rows, err := q.Query(ctx, seatsForSQL, events, v.Home)
	if err != nil {
		return nil, registrationError("look for seats", err)
	}
	none := map[id.ID]error{}
	var event id.ID
	var admits, open bool
	_, err = pgx.ForEachRow(rows, []any{&event, &admits, &open}, func() error {
		switch {
		case !admits:
			none[event] = ErrNoPool.New()
		case !open:
			none[event] = ErrFull.New()
		}
		return nil
	})
	return none, registrationError("look for seats", err)
}
