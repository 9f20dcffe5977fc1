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
		p.Availability = p.Counts.availability(order)
		if !counted {
			p.Counts = nil
		}
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
