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
	poolsOfSQL    = poolsSQL(`p.event = any($1)`, `p.event, p.position`)
	poolsByIDsSQL = poolsSQL(`p.id = any($1)`, `array_position($1::uuid[], p.id)`)
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
