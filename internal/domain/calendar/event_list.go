package calendar

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/listing"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// EventOrder is how a list of events is ordered: by the first moment at which
// they can begin, where an unknown year counts as the most distant one.
type EventOrder int

// The orders.
const (
	ByStart EventOrder = iota
	ByStartLatest
)

// EventFilter narrows a list; an empty field does not. Several values in one
// field mean any of them, several fields mean all of them.
type EventFilter struct {
	// Text holds words that must all stand in the title, in any language,
	// without regard to accents and case. At most 8 words count.
	Text string
	// From and Until are the first and the last day, in Madrid, on which the
	// event may start; the zero time is no limit. An event whose year is not known
	// may still come: it is found by From alone, never with Until.
	From, Until time.Time
	// Territories finds what is held at, or is for, one of them or a part of
	// one: a comarca finds the events of its towns.
	Territories []id.ID
	About       []id.ID // fields, goals, challenges or axes
	Audiences   []id.ID
	Organisers  []id.ID // lead or co-organiser
	Series      id.ID
	Kinds       []EventKind
	States      []EventState
	// Upcoming true finds what is not over yet, false what is over; a cancelled
	// event is neither. Without a year an event is never over by itself.
	Upcoming *bool
}

// gathers tells that the events are gathered by what they belong to before
// anything else is asked of them. Then no value changes the best plan, and seeing
// them would only have it made anew for each list, which takes longer than a list
// of a small town (see postgres.Keys).
func (f EventFilter) gathers() bool {
	return len(f.Territories)+len(f.About)+len(f.Audiences)+len(f.Organisers) > 0
}

// unseen is the place of a parameter that the planner does not look into.
func unseen(kind string) string { return `(select %s::` + kind + `)::` + kind }

// Today in Madrid, as edges are dated.
const todaySQL = `(now() at time zone 'Europe/Madrid')::date`

// The same, worked out once and not for each edge: that took longer than reading
// them.
const onceTodaySQL = `(select ` + todaySQL + `)`

const (
	upcomingSQL = `(e.state in ('DRAFT', 'PUBLISHED') and e.over_by > now())`
	pastSQL     = `(e.state in ('HELD', 'CLOSED') or (e.state in ('DRAFT', 'PUBLISHED') and e.over_by <= now()))`
)

const viewerFirst = 1 // the viewer's five parameters come first in a list

// Which events belong to something is gathered in an array first: a semijoin
// would tempt the planner to walk all events by date and ask each for its edges.
func (f EventFilter) query(v *access.Viewer) *listing.Query {
	visible := access.VisibleSQL("n", viewerFirst)
	if f.placed() {
		visible = access.VisibleCopySQL("e", "node", viewerFirst)
	}
	q := listing.For(v, visible)
	q.Titled(f.Text)
	if !f.From.IsZero() {
		q.And(`e.begins >= %s::date::timestamp at time zone 'Europe/Madrid'`, f.From)
	}
	if !f.Until.IsZero() {
		q.And(`e.begins < (%s::date + 1)::timestamp at time zone 'Europe/Madrid'`, f.Until)
	}
	switch {
	case f.placed():
		q.And(heldSQL("e"), f.Territories)
	case len(f.Territories) > 0:
		q.And(`e.node = any(array(select h.node from event_relations h where `+heldSQL("h")+`))`, f.Territories)
	}
	f.terms(q)
	if len(f.Organisers) > 0 {
		q.And(`e.node = any(array(select g.target from edges g join nodes o on o.id = g.source
			where g.kind = 'organises' and g.source = any(`+unseen("uuid[]")+`) and g.valid @> `+todaySQL+`
			and `+access.VisibleSQL("o", viewerFirst)+`))`, f.Organisers)
	}
	f.own(q)
	return q
}

// heldSQL are the rows of event_relations in the given territories, today.
func heldSQL(alias string) string {
	return fmt.Sprintf(`%[1]s.other = any(array(%[2]s)) and %[1]s.relation = 'held_at' and %[1]s.valid @> %[3]s`, alias, withinSQL, onceTodaySQL)
}

// placed tells that what is known beside the places (see event_relations) is all
// that is asked of the events themselves.
func (f EventFilter) placed() bool { return len(f.Territories) > 0 && f.Series.IsZero() }

// gathering is how all events of a list are found: where, and by which key what is
// shown of them is looked up.
type gathering struct{ from, key, shown string }

// gathering of events that are held somewhere looks at what is known of them beside
// the place, where that is enough, since a town has thousands of events.
func (f EventFilter) gathering(set Columns) gathering {
	g := gathering{
		from: eventsFrom, key: "e.node",
		shown: set.columns() + ` from page p join events e on e.node = p.key join nodes n on n.id = e.node`,
	}
	if !f.placed() {
		return g
	}
	g.from = `event_relations e`
	if f.Text != "" {
		g.from += ` join nodes n on n.id = e.node`
	}
	if set == Line {
		g.key, g.shown = "e.edge", besideColumns+` from page p join event_relations e on e.edge = p.key`
	}
	return g
}

func (f EventFilter) terms(q *listing.Query) {
	for _, t := range []struct {
		edge string
		ids  []id.ID
	}{
		{"about", f.About}, {"audience_of", f.Audiences},
	} {
		if len(t.ids) > 0 {
			q.And(`e.node = any(array(select a.source from edges a join nodes t on t.id = a.target
				where a.kind = %s and a.target = any(`+unseen("uuid[]")+`) and a.valid @> `+todaySQL+`
				and `+access.VisibleSQL("t", viewerFirst)+`))`, t.edge, t.ids)
		}
	}
}

func (f EventFilter) own(q *listing.Query) {
	words := "%s"
	if f.gathers() {
		words = unseen("text[]")
	}
	switch {
	case len(f.Kinds) == 1 && f.gathers(): // the only form that an index looks up behind the places
		q.And(`e.kind = `+unseen("text"), string(f.Kinds[0]))
	case len(f.Kinds) > 0:
		q.And(`e.kind = any(`+words+`)`, asStrings(f.Kinds))
	}
	if len(f.States) > 0 {
		q.And(`e.state = any(`+words+`)`, asStrings(f.States))
	}
	if !f.Series.IsZero() {
		q.And(`e.series = %s`, f.Series)
	}
	switch {
	case f.Upcoming == nil:
	case *f.Upcoming:
		q.And(upcomingSQL)
	default:
		q.And(pastSQL)
	}
}

// withinSQL are the given territories with all their parts, today.
const withinSQL = `with recursive within(id) as (
		select unnest((select %s::uuid[])::uuid[])
		union
		select p.source from edges p join within on p.target = within.id
		where p.kind = 'part_of' and p.valid @> ` + todaySQL + `)
	select id from within`

func asStrings[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// check finds what cannot be searched for.
func (f EventFilter) check() error {
	var c findings
	c.String(f.Text, 200, "filter", "text")
	c.moment(f.From, "filter", "from")
	c.moment(f.Until, "filter", "until")
	for _, list := range [][]id.ID{f.Territories, f.About, f.Audiences, f.Organisers} {
		if len(list) > page.Max {
			c.Max(ErrTooMany, page.Max, "filter")
		}
	}
	return c.Faults.Err()
}

const eventsFrom = `events e join nodes n on n.id = e.node`

// ListEvents reads one page of the events that the viewer can see. The total
// is counted only when args ask for it.
func ListEvents(ctx context.Context, q postgres.Querier, v *access.Viewer, f EventFilter, order EventOrder, args page.Args, set Columns) (*page.Connection[*Event], error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	after, err := eventKeys(args.After)
	if err != nil {
		return nil, err
	}
	list := f.query(v)
	var events []*Event
	var total *int
	if f.gathers() {
		events, total, err = gatheredEvents(ctx, q, v, list, f.gathering(set), order, after, args, set)
	} else {
		events, total, err = walkedEvents(ctx, q, v, list, order, after, args, set)
	}
	if err != nil {
		return nil, err
	}
	found := page.NewConnection(events, args, eventCursor)
	found.TotalCount = total
	return found, nil
}

// walkedEvents walks the events in their order until there are enough; to count
// them is another question.
func walkedEvents(ctx context.Context, q postgres.Querier, v *access.Viewer, list *listing.Query, order EventOrder, after *eventKey, args page.Args, set Columns) ([]*Event, *int, error) {
	total, err := list.Count(ctx, q, eventsFrom, args.Total)
	if err != nil {
		return nil, nil, err
	}
	if after != nil {
		list.And(order.beyond(), after.begins, after.node)
	}
	sql := fmt.Sprintf(`select %s from %s where %s order by %s`, set.columns(), eventsFrom, list.Where(), order.by()) + list.Limit(args.Rows())
	events, err := listEvents(ctx, q, eventRows{viewer: v, set: set}, sql, list.Params())
	return events, total, err
}

// gatheredEvents finds all events, each once, counts them, and reads what is shown of
// a page of them.
func gatheredEvents(ctx context.Context, q postgres.Querier, v *access.Viewer, list *listing.Query, g gathering, order EventOrder, after *eventKey, args page.Args, set Columns) ([]*Event, *int, error) {
	all := `select distinct on (e.begins, e.node) e.node, e.begins, ` + g.key + ` as key from ` + g.from + ` where ` + list.Where() + ` order by ` + order.by()
	first, behind := *list, "true"
	if after != nil {
		behind = list.With(order.beyond(), after.begins, after.node)
	}
	total := 0
	events, err := listEvents(ctx, q, eventRows{viewer: v, set: set, before: []any{&total}}, `with found as materialized (`+all+`),
		page as (select e.key from found e where `+behind+` order by `+order.by()+list.Limit(args.Rows())+`)
		select (select count(*) from found), `+g.shown+` order by `+order.by(), list.Params())
	switch {
	case err != nil || !args.Total:
		return events, nil, err
	case after == nil || len(events) > 0:
		return events, &total, nil
	}
	// Nothing behind the cursor that could bring it along.
	if err := q.QueryRow(ctx, `select count(*) from (`+all+`) e`, first.Params()...).Scan(&total); err != nil {
		return nil, nil, fmt.Errorf("count events: %w", err)
	}
	return events, &total, nil
}

func listEvents(ctx context.Context, q postgres.Querier, each eventRows, sql string, params []any) ([]*Event, error) {
	rows, err := q.Query(ctx, sql, params...)
	if err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	events, err := pgx.CollectRows(rows, each.event)
	if err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	return events, nil
}

func (o EventOrder) by() string {
	if o == ByStartLatest {
		return "e.begins desc, e.node desc"
	}
	return "e.begins, e.node"
}

// beyond is the condition of rows after a cursor.
func (o EventOrder) beyond() string {
	sign := ">"
	if o == ByStartLatest {
		sign = "<"
	}
	return "(e.begins, e.node) " + sign + " (%s::timestamptz, %s::uuid)"
}

type eventKey struct {
	begins string // RFC 3339, or infinity for an unknown year
	node   id.ID
}

const noYear = "infinity"

func eventCursor(e *Event) page.Cursor {
	begins := noYear
	if !e.begins.IsZero() {
		begins = e.begins.UTC().Format(time.RFC3339Nano)
	}
	return page.Cursor{begins, e.ID.String()}
}

// eventKeys checks what came back from a client before the database reads it.
func eventKeys(c page.Cursor) (*eventKey, error) {
	keys, err := c.Keys(2)
	if keys == nil {
		return nil, err
	}
	node, err := id.ParseUUID(keys[1])
	if err != nil {
		return nil, fault.ErrBadCursor.At("after")
	}
	if _, err := time.Parse(time.RFC3339Nano, keys[0]); err != nil && keys[0] != noYear {
		return nil, fault.ErrBadCursor.At("after")
	}
	return &eventKey{begins: keys[0], node: node}, nil
}
