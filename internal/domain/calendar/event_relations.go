package calendar

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// relation is one list of other nodes in an event's fields, and the edges that
// keep it. Edges go from the event to the node, organisers' the other way.
type relation struct {
	name   string // as in the contract
	edge   node.EdgeKind
	role   string
	kinds  []node.Kind // what may stand there
	max    int
	in     func(*EventFields) *[]id.ID
	change func(*EventChanges) *[]id.ID
}

func relations() []relation {
	return []relation{
		{
			"coOrganisers", node.Organises, string(CoOrganiser), organisations(), 50,
			func(f *EventFields) *[]id.ID { return &f.CoOrganisers },
			func(c *EventChanges) *[]id.ID { return c.CoOrganisers },
		},
		{
			"area", node.HeldAt, string(PlaceArea), territories(), 100,
			func(f *EventFields) *[]id.ID { return &f.Areas },
			func(c *EventChanges) *[]id.ID { return c.Areas },
		},
		{
			"venues", node.HeldAt, string(PlaceVenue), territories(), 10,
			func(f *EventFields) *[]id.ID { return &f.Venues },
			func(c *EventChanges) *[]id.ID { return c.Venues },
		},
		{
			"places", node.HeldAt, string(PlaceNamed), territories(), 100,
			func(f *EventFields) *[]id.ID { return &f.Places },
			func(c *EventChanges) *[]id.ID { return c.Places },
		},
		{
			"about", node.About, "",
			[]node.Kind{node.Field, node.Goal, node.Challenge, node.Axis},
			50,
			func(f *EventFields) *[]id.ID { return &f.About },
			func(c *EventChanges) *[]id.ID { return c.About },
		},
		{
			"audiences", node.AudienceOf, "",
			[]node.Kind{node.Audience},
			50,
			func(f *EventFields) *[]id.ID { return &f.Audiences },
			func(c *EventChanges) *[]id.ID { return c.Audiences },
		},
	}
}

func organisations() []node.Kind {
	return []node.Kind{node.Municipality, node.Association, node.PublicService, node.Institution}
}

func territories() []node.Kind {
	return []node.Kind{node.Municipality, node.Comarca, node.Province, node.District, node.Neighbourhood}
}

// related is one node an event has a relation with.
type related struct {
	Edge    node.EdgeKind
	Role    string
	Node    id.ID
	Kind    node.Kind
	Visible bool // to who asks
}

func (r relation) holds(x related) bool {
	return r.edge == x.Edge && r.role == x.Role && slices.Contains(r.kinds, x.Kind)
}

// edgeOf makes the edge that keeps one entry of the list.
func (r relation) edgeOf(event, other id.ID, from *time.Time, by id.ID) node.Edge {
	e := node.Edge{Kind: r.edge, Source: event, Target: other, Role: r.role, From: from, RecordedBy: by, RecordedIn: event}
	if r.edge == node.Organises {
		e.Source, e.Target = other, event
	}
	return e
}

var relatedSQL = `
select e.kind, e.role, n.id, n.kind, ` + access.VisibleSQL("n", 3) + `
from edges e join nodes n on n.id = e.target
where e.source = $1 and e.kind in ('held_at', 'about', 'audience_of') and e.valid @> $2::date
union all
select e.kind, e.role, n.id, n.kind, ` + access.VisibleSQL("n", 3) + `
from edges e join nodes n on n.id = e.source
where e.target = $1 and e.kind = 'organises' and e.valid @> $2::date`

// relatedTo reads everything an event has a relation with on a day, visible or
// not: facts are about all of it, lists show only what is visible.
func relatedTo(ctx context.Context, q postgres.Querier, v *access.Viewer, event id.ID, on time.Time) ([]related, error) {
	rows, err := q.Query(ctx, relatedSQL, append([]any{event, on}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read relations of an event: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (x related, err error) {
		return x, row.Scan(&x.Edge, &x.Role, &x.Node, &x.Kind, &x.Visible)
	})
	if err != nil {
		return nil, fmt.Errorf("read relations of an event: %w", err)
	}
	return all, nil
}

// fill puts the visible relations into the lists they belong to.
func (f *EventFields) fill(all []related) {
	for _, r := range relations() {
		list := []id.ID{}
		for _, x := range all {
			if x.Visible && r.holds(x) {
				list = append(list, x.Node)
			}
		}
		*r.in(f) = list
	}
}

// checkRelated refuses every id that is not visible to the viewer or of the
// wrong kind; both answers are the same.
func checkRelated(ctx context.Context, q postgres.Querier, v *access.Viewer, home id.ID, f EventFields) (fault.List, error) {
	var ids []id.ID
	for _, r := range relations() {
		ids = append(ids, *r.in(&f)...)
	}
	kinds, err := visibleKinds(ctx, q, v, ids)
	if err != nil {
		return nil, err
	}
	var c findings
	for _, r := range relations() {
		for i, other := range *r.in(&f) {
			if !slices.Contains(r.kinds, kinds[other]) {
				c.Add(fault.ErrNotFound, r.name, strconv.Itoa(i))
			}
			if r.edge == node.Organises && other == home {
				c.Add(ErrGivenTwice, r.name, strconv.Itoa(i))
			}
		}
	}
	return c.Faults, nil
}

// visibleKinds tells the kind of each node that the viewer can see.
func visibleKinds(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) (map[id.ID]node.Kind, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	nodes, err := node.ByIDs(ctx, q, v, ids)
	if err != nil {
		return nil, err
	}
	kinds := make(map[id.ID]node.Kind, len(nodes))
	for _, n := range nodes {
		kinds[n.ID] = n.Kind
	}
	return kinds, nil
}

// connectNew adds the edges of a new event. They hold without a first day: an
// event of years ago that is recorded today was about its themes then, too.
func connectNew(ctx context.Context, tx *postgres.Tx, event, home, by id.ID, f EventFields) error {
	lead := relation{edge: node.Organises, role: string(LeadOrganiser)}
	edges := []node.Edge{lead.edgeOf(event, home, nil, by)}
	for _, r := range relations() {
		for _, other := range *r.in(&f) {
			edges = append(edges, r.edgeOf(event, other, nil, by))
		}
	}
	return node.Connect(ctx, tx, edges...)
}

// reconnect ends and begins edges on a day so that they say what after says.
func reconnect(ctx context.Context, tx *postgres.Tx, event, by id.ID, before, after EventFields, on time.Time) error {
	var edges []node.Edge
	for _, r := range relations() {
		added, removed := setDifference(*r.in(&before), *r.in(&after))
		for _, other := range removed {
			e := r.edgeOf(event, other, nil, by)
			if _, err := node.Disconnect(ctx, tx, e.Kind, e.Source, e.Target, e.Role, on); err != nil {
				return err
			}
		}
		for _, other := range added {
			edges = append(edges, r.edgeOf(event, other, &on, by))
		}
	}
	return node.Connect(ctx, tx, edges...)
}
