package calendar

import (
	"context"
	"fmt"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// belonging says which events belong to a parent p.id.
type belonging struct {
	from  string // rows e, with begins, over_by and state of an event node
	which string // those of the parent that the viewer may see
	line  string // the columns of a Line
}

// beside are events that have a relation with the parent; what stands on a line is
// known beside it.
func beside(relation string) belonging {
	return belonging{
		from:  `event_relations e`,
		which: relation + ` and e.valid @> ` + onceTodaySQL + ` and ` + access.VisibleCopySQL("e", "node", childrenViewer),
		line:  besideColumns,
	}
}

const (
	byOrganiser = `e.other = p.id and e.relation = 'organises'`
	byTerm      = `e.other = p.id and e.relation in ('about', 'audience_of')`
	byTerritory = `e.relation = 'held_at' and e.other = any(array(
		with recursive within(id) as (
			select p.id
			union
			select b.source from edges b join within on b.target = within.id
			where b.kind = 'part_of' and b.valid @> ` + todaySQL + `)
		select id from within))`
)

// Parameters of the statements over many parents: $1 parents, $2 first, $3
// upcoming (null: all), $4 and $5 the cursor (null: from the start), $6 the
// viewer's.
const childrenViewer = 6

func (b belonging) condition() string {
	return b.which + `
	  and ($3::boolean is null or case when $3 then ` + upcomingSQL + ` else ` + pastSQL + ` end)`
}

// page is, of one parent, the rows of a page: an event once, however many of its
// relations lead to it.
func (b belonging) page(columns string, order EventOrder) string {
	sign := ">"
	if order == ByStartLatest {
		sign = "<"
	}
	return `select distinct on (e.begins, e.node) ` + columns + ` from ` + b.from + `
	  where ` + b.condition() + ` and ($4::timestamptz is null or (e.begins, e.node) ` + sign + ` ($4, $5::uuid))
	  order by ` + order.by() + ` limit $2`
}

// What stands on a line is at hand; more is read for the events of the page.
func (b belonging) sql(order EventOrder, set Columns) string {
	events := b.page(b.line, order)
	if set != Line {
		events = `select ` + set.columns() + ` from (` + b.page("e.node", order) + `) p
	  join events e on e.node = p.node join nodes n on n.id = e.node order by ` + order.by()
	}
	return `select p.id, c.* from unnest(` + postgres.Keys + `) with ordinality as p(id, place)
	cross join lateral (` + events + `) c
	order by p.place`
}

func (b belonging) countSQL() string {
	return `select p.id, (select count(distinct e.node) from ` + b.from + ` where ` + b.condition() + `)
	from unnest(` + postgres.Keys + `) as p(id) where $2::int is not null and $4::timestamptz is null and $5::uuid is null`
}

// childrenSQL are the prepared statements, by order and columns.
type childrenSQL struct {
	page  [2][columnSets]string
	count string
}

func newChildrenSQL(b belonging) childrenSQL {
	s := childrenSQL{count: b.countSQL()}
	for _, order := range []EventOrder{ByStart, ByStartLatest} {
		s.page[order] = bySet(func(set Columns) string { return b.sql(order, set) })
	}
	return s
}

var (
	ofOrganisers  = newChildrenSQL(beside(byOrganiser))
	inTerritories = newChildrenSQL(beside(byTerritory))
	aboutTerms    = newChildrenSQL(beside(byTerm))
)

// ChildFilter narrows the events of a parent.
type ChildFilter struct {
	Upcoming *bool // as in EventFilter
	Order    EventOrder
	Columns  Columns
}

// EventsOfOrganisers reads one page of the events of each organisation, as lead
// or co-organiser. Every parent has a connection in the answer.
func EventsOfOrganisers(ctx context.Context, q postgres.Querier, v *access.Viewer, parents []id.ID, f ChildFilter, args page.Args) (map[id.ID]*page.Connection[*Event], error) {
	return children(ctx, q, v, ofOrganisers, parents, f, args)
}

// EventsInTerritories reads one page of the events held at, or for, each
// territory or a part of it.
func EventsInTerritories(ctx context.Context, q postgres.Querier, v *access.Viewer, parents []id.ID, f ChildFilter, args page.Args) (map[id.ID]*page.Connection[*Event], error) {
	return children(ctx, q, v, inTerritories, parents, f, args)
}

// EventsAbout reads one page of the events that carry each term of a taxonomy.
func EventsAbout(ctx context.Context, q postgres.Querier, v *access.Viewer, parents []id.ID, f ChildFilter, args page.Args) (map[id.ID]*page.Connection[*Event], error) {
	return children(ctx, q, v, aboutTerms, parents, f, args)
}

func children(ctx context.Context, q postgres.Querier, v *access.Viewer, sql childrenSQL, parents []id.ID, f ChildFilter, args page.Args) (map[id.ID]*page.Connection[*Event], error) {
	after, err := eventKeys(args.After)
	if err != nil {
		return nil, err
	}
	var begins *string
	var node id.ID
	if after != nil {
		begins, node = &after.begins, after.node
	}
	params := append([]any{parents, args.Rows(), f.Upcoming, begins, node}, v.SQLArgs()...)
	rows, err := q.Query(ctx, sql.page[f.Order][f.Columns], params...)
	if err != nil {
		return nil, fmt.Errorf("read events of parents: %w", err)
	}
	events := make(map[id.ID][]*Event, len(parents))
	var parent id.ID
	each := eventRows{viewer: v, set: f.Columns, before: []any{&parent}}
	defer rows.Close()
	for rows.Next() {
		e, err := each.event(rows)
		if err != nil {
			return nil, fmt.Errorf("read events of parents: %w", err)
		}
		events[parent] = append(events[parent], e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read events of parents: %w", err)
	}
	found := make(map[id.ID]*page.Connection[*Event], len(parents))
	for _, p := range parents {
		found[p] = page.NewConnection(events[p], args, eventCursor)
	}
	if args.Total {
		err = countChildren(ctx, q, v, sql.count, parents, f, found)
	}
	return found, err
}

func countChildren(ctx context.Context, q postgres.Querier, v *access.Viewer, sql string, parents []id.ID, f ChildFilter, into map[id.ID]*page.Connection[*Event]) error {
	params := append([]any{parents, 0, f.Upcoming, nil, nil}, v.SQLArgs()...)
	rows, err := q.Query(ctx, sql, params...)
	if err != nil {
		return fmt.Errorf("count events of parents: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var parent id.ID
		var n int
		if err := rows.Scan(&parent, &n); err != nil {
			return fmt.Errorf("count events of parents: %w", err)
		}
		into[parent].TotalCount = &n
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("count events of parents: %w", err)
	}
	return nil
}
