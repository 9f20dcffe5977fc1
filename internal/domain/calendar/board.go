package calendar

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Board is what the organisers of an event watch: who comes, in numbers, without
// names. It is a state: it can be read again at any time and only the newest
// one counts.
type Board struct {
	Event id.ID
	DelegateCounts
	ByRole []RoleCounts // each role once, in the order of DelegateRoles
	// ByTerritory has most delegates first, at most 100 places; the Zero
	// territory, for who did not say, comes last.
	ByTerritory []TerritoryCounts
	Pools       []*SeatPool
}

// RoleCounts are the counts of one role.
type RoleCounts struct {
	Role DelegateRole
	DelegateCounts
}

// TerritoryCounts are the counts of one territory.
type TerritoryCounts struct {
	Territory id.ID
	DelegateCounts
}

// BoardOf reads the board. Who may: the event's organisers; others get
// fault.ErrDenied, or fault.ErrNotFound when they do not see the event. With a
// snapshot as q, all of it is of one moment.
func BoardOf(ctx context.Context, q postgres.Querier, v *access.Viewer, event id.ID) (*Board, error) {
	rows, err := q.Query(ctx, boardSQL, append([]any{event}, v.SQLArgs()...)...)
	if err != nil {
		return nil, registrationError("read the board", err)
	}
	counted, err := pgx.CollectRows(rows, scanBoardRow)
	if err != nil {
		return nil, registrationError("read the board", err)
	}
	if len(counted) == 0 {
		return nil, fault.ErrNotFound.New()
	}
	if counted[0].level < access.Organisers {
		return nil, fault.ErrDenied.New()
	}
	b := newBoard(event, counted)
	pools, err := SeatPoolsOf(ctx, q, v, []id.ID{event})
	b.Pools = pools[event]
	return b, err
}

// One scan of the event's delegates, counted three ways. A row always comes
// back for a visible event: it carries the level.
var boardSQL = `
select a.level, coalesce(c.grouping, 3), coalesce(c.role, ''), c.territory, coalesce(c.pending, 0), coalesce(c.confirmed, 0),
  coalesce(c.waiting, 0), coalesce(c.cancelled, 0), coalesce(c.arrived, 0)
from (select n.id, ` + access.LevelSQL("n", 2) + ` as level
  from nodes n join events e on e.node = n.id where n.id = $1 and ` + access.VisibleSQL("n", 2) + `) a
left join lateral (
  select grouping(d.role, d.territory) as grouping, d.role, d.territory,
    count(*) filter (where d.state = 'PENDING') as pending,
    count(d.pool) as confirmed,
    count(*) filter (where d.state = 'WAITLISTED') as waiting,
    count(*) filter (where d.state in ('CANCELLED', 'REJECTED')) as cancelled,
    count(d.arrived_at) as arrived, count(*) as everybody
  from registration_delegates d
  where d.event = a.id and d.state <> 'REPLACED' and a.level = 4
  group by grouping sets ((), (d.role), (d.territory))) c on true
order by c.territory is null, c.everybody desc, c.territory`

// What grouping() says about a row: which of (role, territory) were added up.
const (
	groupedByRole      = 1
	groupedByTerritory = 2
	groupedTogether    = 3
)

const maxBoardTerritories = 100

type boardRow struct {
	level     access.Level
	grouping  int
	role      DelegateRole
	territory id.ID
	counts    DelegateCounts
}

func scanBoardRow(row pgx.CollectableRow) (b boardRow, err error) {
	c := &b.counts
	return b, row.Scan(&b.level, &b.grouping, &b.role, &b.territory,
		&c.Pending, &c.Confirmed, &c.Waiting, &c.Cancelled, &c.Arrived)
}

func newBoard(event id.ID, rows []boardRow) *Board {
	b := &Board{Event: event}
	byRole := map[DelegateRole]DelegateCounts{}
	for _, row := range rows {
		switch row.grouping {
		case groupedTogether:
			b.DelegateCounts = row.counts
		case groupedByRole:
			byRole[row.role] = row.counts
		case groupedByTerritory:
			if len(b.ByTerritory) < maxBoardTerritories || row.territory.IsZero() {
				b.ByTerritory = append(b.ByTerritory, TerritoryCounts{row.territory, row.counts})
			}
		}
	}
	for _, role := range DelegateRoles() {
		b.ByRole = append(b.ByRole, RoleCounts{role, byRole[role]})
	}
	return b
}
