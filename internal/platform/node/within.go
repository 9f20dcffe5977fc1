package node

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Within reads what is today part of a place, directly or by way of others, the
// place itself first: a comarca with its towns, a town with its districts and
// neighbourhoods. Offices are no places: of anything else it is the node itself.
func Within(ctx context.Context, q postgres.Querier, place id.ID) ([]id.ID, error) {
	rows, err := q.Query(ctx, `
		with recursive inside as (
		  select $1::uuid as id, 0 as depth
		  union
		  select e.source, i.depth + 1 from inside i join edges e on e.target = i.id
		  where e.kind = 'part_of' and e.role <> 'UNIT' and i.depth < 5
		    and e.valid @> (now() at time zone 'Europe/Madrid')::date)
		select id from inside group by id order by min(depth), id`, place)
	if err != nil {
		return nil, wrap("read what is inside a place", err)
	}
	inside, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	return inside, wrap("read what is inside a place", err)
}
