package journal

import (
	"context"
	"fmt"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Horizon is an instant in the life of all topics: whatever could not be read
// then was written by a transaction of this number or a higher one.
type Horizon struct {
	Epoch int64
	FXID  uint64
}

// Touched names the topics in which facts have appeared since an earlier look,
// with the newest number (at the highest level) among those, and the horizon to
// look from the next time. It costs what has happened, not how many topics there
// are.
//
// No fact is missed and none is late: what a transaction that is still open will
// write lies behind the horizon, so that it is found by the look after its
// commit. As long as it is open, the facts of others since then are named again
// with each look; when there are more than limit, all is false and the topics
// are some of them.
func Touched(ctx context.Context, q postgres.Querier, since Horizon, limit int) (topics map[id.ID]int64, next Horizon, all bool, err error) {
	rows, err := q.Query(ctx, touchedSQL, since.Epoch, since.FXID, limit)
	if err != nil {
		return nil, next, false, postgres.Translate(fmt.Errorf("look for touched topics: %w", err), nil)
	}
	defer rows.Close()
	topics = map[id.ID]int64{}
	facts := 0
	for rows.Next() {
		var topic id.ID
		var newest, n *int64
		if err := rows.Scan(&next.Epoch, &next.FXID, &topic, &newest, &n); err != nil {
			return nil, next, false, postgres.Translate(fmt.Errorf("look for touched topics: %w", err), nil)
		}
		if newest != nil {
			topics[topic] = *newest
			facts += int(*n)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, next, false, postgres.Translate(fmt.Errorf("look for touched topics: %w", err), nil)
	}
	return topics, next, facts < limit, nil
}

// A fact's position in feeds is never below its own transaction's number, which
// is what makes the index good for this. The left join keeps one row when
// nothing has happened: it brings the horizon.
const touchedSQL = `
	select e.number, pg_snapshot_xmin(pg_current_snapshot()), t.node, t.newest, t.n
	from epoch e
	left join lateral (
	  select f.node, max(f.n4) as newest, count(*) as n
	  from (
	    select j.node, j.n4 from journal j where (j.epoch, j.fxid) >= ($1::bigint, $2::xid8)
	    order by j.epoch, j.fxid limit $3) f
	  group by f.node) t on true`
