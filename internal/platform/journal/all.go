package journal

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// All reads the facts of every topic in feed order after a cursor, as the hub
// itself sees them: it is for background work, not for a viewer. It looks at up
// to limit facts behind the horizon (see Feed) and returns those of the kinds,
// with the cursor of the last one looked at; more says that there may be more.
// Number is the one at the highest level.
//
// Facts retired since the cursor was given are passed over in silence: who
// follows everything must come more often than Retention.
func All(ctx context.Context, q postgres.Querier, kinds []string, after FeedCursor, limit int) (entries []Entry, next FeedCursor, more bool, err error) {
	rows, err := q.Query(ctx, allSQL, after.Era, after.FXID, after.Seq, limit, kinds)
	if err != nil {
		return nil, after, false, postgres.Translate(fmt.Errorf("read the journal: %w", err), nil)
	}
	defer rows.Close()
	next = after
	for rows.Next() {
		var epoch, era, place int64
		var wanted bool
		e, _, err := scanEntry(rows, &epoch, &era, &place, &wanted)
		if err != nil {
			return nil, after, false, postgres.Translate(fmt.Errorf("read the journal: %w", err), nil)
		}
		e.Era, e.Number = era, e.Numbers[access.Organisers]
		next, more = FeedCursor{Epoch: epoch, Era: era, FXID: e.FXID, Seq: e.Seq}, place == int64(limit)
		if wanted {
			entries = append(entries, e)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, after, false, postgres.Translate(fmt.Errorf("read the journal: %w", err), nil)
	}
	return entries, next, more, nil
}

// Both ends are comparisons of rows, so that the index holds them: with a long
// transaction open elsewhere nothing behind the horizon is walked over again and
// again. No fact is of a later epoch than the present one.
const allSQL = `
	with seen as (
	  select j.*, row_number() over w as place, count(*) over () as many
	  from (
	    select * from journal j
	    where (j.epoch, j.fxid, j.seq) > ($1::bigint, $2::xid8, $3::bigint) and ` + behindHorizon + `
	    order by j.epoch, j.fxid, j.seq limit $4) j
	  window w as (order by j.epoch, j.fxid, j.seq))
	select (select number from epoch), j.epoch, j.place, j.kind = any($5::text[]), ` + entryColumns + `
	from seen j
	where j.kind = any($5::text[]) or j.place = j.many
	order by j.place`

const behindHorizon = `(j.epoch, j.fxid) < ((select number from epoch), pg_snapshot_xmin(pg_current_snapshot()))`

// AnyBehindHorizon is a condition in SQL: the journal holds a fact that All
// would look at, after the position whose three columns are named.
func AnyBehindHorizon(epoch, fxid, seq string) string {
	return `exists (select from journal j where (j.epoch, j.fxid, j.seq) > (` + epoch + `, ` + fxid + `, ` + seq + `) and ` +
		behindHorizon + `)`
}

// Place is where a fact is: its topic, its number at the highest level and its time.
type Place struct {
	Topic  id.ID     `json:"topic"`
	Number int64     `json:"number"`
	At     time.Time `json:"at"`
}

// Place is where the fact is, as All reads it.
func (e Entry) Place() Place { return Place{Topic: e.Node, Number: e.Number, At: e.At} }

// Find reads facts by their places, in that order. Those that have been retired are
// left out.
func Find(ctx context.Context, q postgres.Querier, places ...Place) ([]Entry, error) {
	var nodes []id.ID
	var numbers []int64
	var times []time.Time
	for _, p := range places {
		nodes, numbers, times = append(nodes, p.Topic), append(numbers, p.Number), append(times, p.At)
	}
	rows, err := q.Query(ctx, findSQL, nodes, numbers, times)
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("read facts: %w", err), nil)
	}
	facts, err := pgx.CollectRows(rows, func(pgx.CollectableRow) (Entry, error) {
		var era int64
		e, _, err := scanEntry(rows, &era)
		e.Era, e.Number = era, e.Numbers[access.Organisers]
		return e, err
	})
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("read facts: %w", err), nil)
	}
	return facts, nil
}

// The time leads to the partition. The arrays are kept from the planner: see
// postgres.Keys.
const findSQL = `
	select j.epoch, ` + entryColumns + `
	from unnest(` + postgres.Keys + `, (select $2::bigint[])::bigint[], (select $3::timestamptz[])::timestamptz[])
	  with ordinality as f(node, n4, at, place)
	cross join lateral (select * from journal j where j.node = f.node and j.n4 = f.n4 and j.at = f.at) j
	order by f.place`
