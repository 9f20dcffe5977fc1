package network

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Neighbour is a node at the other end of an edge.
type Neighbour struct {
	node.Node
	Edge    id.ID
	Role    string
	From    *time.Time
	Until   *time.Time // the last day
	IneCode *string    // of a municipality
}

// Type is the name of the node's type in the contract.
func (n *Neighbour) Type() string { return types[n.Kind] }

var types = map[node.Kind]string{
	node.Municipality: "Municipality", node.Comarca: "Comarca", node.Province: "Province", node.District: "District",
	node.Neighbourhood: "Neighbourhood", node.Association: "Association", node.PublicService: "PublicService",
	node.Institution: "Institution", node.Event: "Event", node.Field: "Field", node.Goal: "Goal", node.Challenge: "Challenge",
	node.Axis: "Axis", node.Audience: "Audience", node.TargetGroup: "TargetGroup", node.WorkingTable: "WorkingTable",
	node.SharedProject: "SharedProject", node.Programme: "Programme", node.Strategy: "Strategy", node.Workshop: "Workshop",
	node.PriorConsultation: "PriorConsultation", node.DocumentCollection: "DocumentCollection",
}

// Group is the neighbours by one relation.
type Group struct {
	Relation   Relation
	Neighbours []*Neighbour
	PageInfo   page.Info
}

// Asked says whose neighbours, and which.
type Asked struct {
	Of        id.ID
	Relations []Relation // none: all
	AsOf      *time.Time // nil: today
	Page      page.Args  // of each relation
}

// Neighbours reads the neighbours of a node in one statement, by relation. Whether
// the node itself may be seen was asked before; if not, there are none.
func Neighbours(ctx context.Context, q postgres.Querier, v *access.Viewer, a Asked) ([]*Group, error) {
	if len(a.Page.After) > 0 && len(a.Relations) != 1 {
		return nil, errOneRelation.At("relations")
	}
	args, err := a.args(v)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, neighboursSQL, args...)
	if err != nil {
		return nil, wrap("read neighbours", err)
	}
	groups, err := a.groups(rows)
	if err == nil && len(groups) == 0 && len(a.Page.After) > 0 {
		// Who goes on gets a page, though nothing is on it any more.
		groups = []*Group{{Relation: a.Relations[0], Neighbours: []*Neighbour{}, PageInfo: page.Info{HasPreviousPage: true}}}
	}
	return groups, err
}

// The keys of a cursor: title, node, edge.
const keys = 3

func (a Asked) args(v *access.Viewer) ([]any, error) {
	after, err := a.Page.After.Keys(keys)
	if err != nil {
		return nil, err
	}
	var title, far, of *string
	if after != nil {
		title, far, of = &after[0], &after[1], &after[2]
	}
	var relations, kinds []string
	var inward []bool
	for _, e := range asked(a.Relations) {
		relations, kinds, inward = append(relations, string(e.relation)), append(kinds, string(e.kind)), append(inward, e.inward)
	}
	args := []any{relations, kinds, inward, a.Of, a.AsOf, a.Page.Rows(), title, far, of}
	return append(args, v.SQLArgs()...), nil
}

var neighboursSQL = `
select k.relation, l.* from unnest($1::text[], $2::text[], $3::boolean[]) with ordinality as k(relation, kind, inward, place)
join nodes o on o.id = $4 and ` + access.VisibleSQL("o", 10) + `
cross join lateral (
  (` + sideSQL("source", "target", "not k.inward") + `)
  union all
  (` + sideSQL("target", "source", "k.inward") + `)) l
order by k.place, l.title_ca, l.id, l.edge`

// sideSQL are the edges of a kind at one end of which the node stands.
func sideSQL(near, far, when string) string {
	return `select e.id as edge, e.role, lower(e.valid) as valid_from, upper(e.valid) - 1 as valid_until, t.code, ` + node.Columns("n") + `
  from edges e join nodes n on n.id = e.` + far + ` left join territories t on t.node = n.id and t.kind = 'municipality'
  where ` + when + ` and e.` + near + ` = o.id and e.kind = k.kind and e.valid @> coalesce($5::date, ` + relation.TodaySQL + `)
    and n.kind <> 'person' and ` + access.VisibleSQL("n", 10) + `
    and ($7::text is null or (n.title_ca, n.id, e.id) > ($7::text collate ca, $8::uuid, $9::uuid))
  order by n.title_ca, n.id, e.id limit $6`
}

func (a Asked) groups(rows pgx.Rows) ([]*Group, error) {
	defer rows.Close()
	groups := []*Group{}
	for rows.Next() {
		var of Relation
		n := &Neighbour{}
		if err := rows.Scan(append([]any{&of, &n.Edge, &n.Role, &n.From, &n.Until, &n.IneCode}, n.ScanTargets()...)...); err != nil {
			return nil, wrap("read neighbours", err)
		}
		if last := len(groups) - 1; last < 0 || groups[last].Relation != of {
			groups = append(groups, &Group{Relation: of})
		}
		last := groups[len(groups)-1]
		last.Neighbours = append(last.Neighbours, n)
	}
	for _, g := range groups {
		c := page.NewConnection(g.Neighbours, a.Page, func(n *Neighbour) page.Cursor {
			return page.Cursor{n.Title.CA, n.ID.String(), n.Edge.String()}
		})
		g.Neighbours, g.PageInfo = c.Nodes, *c.PageInfo()
	}
	return groups, wrap("read neighbours", rows.Err())
}
