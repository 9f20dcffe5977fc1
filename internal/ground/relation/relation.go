// Package relation keeps the lists of other nodes that a thing is said to have
// to do with (its area, what it is about, whom it is for) as dated edges.
package relation

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// List is one list of nodes and the edges that keep it, from the thing to them.
type List struct {
	Name  string // as in the contract
	Edge  node.EdgeKind
	Role  string
	Kinds []node.Kind // what may stand there
	Max   int
	IDs   []id.ID
}

// Organisations are the kinds that can act.
func Organisations() []node.Kind {
	return []node.Kind{node.Municipality, node.Association, node.PublicService, node.Institution}
}

// Territories are the kinds of places.
func Territories() []node.Kind {
	return []node.Kind{node.Municipality, node.Comarca, node.Province, node.District, node.Neighbourhood}
}

// Themes are the kinds of terms that things are about.
func Themes() []node.Kind {
	return []node.Kind{node.Field, node.Goal, node.Challenge, node.Axis}
}

// Check refuses lists that are too long, name something twice, or name what is
// not visible to the viewer or of the wrong kind; both of these answer alike.
func Check(ctx context.Context, q postgres.Querier, v *access.Viewer, lists []List) (fault.List, error) {
	var all []id.ID
	for _, l := range lists {
		all = append(all, l.IDs...)
	}
	kinds, err := VisibleKinds(ctx, q, v, all)
	if err != nil {
		return nil, err
	}
	var f form.Findings
	for _, l := range lists {
		f.IDs(l.IDs, l.Max, l.Name)
		for i, other := range l.IDs {
			if !slices.Contains(l.Kinds, kinds[other]) {
				f.Add(fault.ErrNotFound, l.Name, strconv.Itoa(i))
			}
		}
	}
	return f.Faults, nil
}

// MayBeginFor asks whether the viewer may begin something in the name of an
// organisation; one that they cannot see is not found. The fault is at the path.
func MayBeginFor(ctx context.Context, q postgres.Querier, v *access.Viewer, organisation id.ID, path string) error {
	kinds, err := VisibleKinds(ctx, q, v, []id.ID{organisation})
	if err != nil {
		return err
	}
	if !slices.Contains(Organisations(), kinds[organisation]) {
		return fault.ErrNotFound.At(path)
	}
	return access.At(access.MayAdminister(v, organisation), path)
}

// MayBegin asks for MayBeginFor, and for Check of what the new thing shall be related
// to; found is what is wrong with the rest of it. All wrong fields are told at once.
func MayBegin(ctx context.Context, q postgres.Querier, v *access.Viewer, organisation id.ID, path string, lists []List, found fault.List) error {
	if err := MayBeginFor(ctx, q, v, organisation, path); err != nil {
		return err
	}
	unknown, err := Check(ctx, q, v, lists)
	if err != nil {
		return err
	}
	return append(found, unknown...).Err()
}

// VisibleKinds tells the kind of each node that the viewer can see.
func VisibleKinds(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) (map[id.ID]node.Kind, error) {
	kinds := make(map[id.ID]node.Kind, len(ids))
	if len(ids) == 0 {
		return kinds, nil
	}
	nodes, err := node.ByIDs(ctx, q, v, ids)
	if err != nil {
		return nil, err
	}
	for _, n := range nodes {
		kinds[n.ID] = n.Kind
	}
	return kinds, nil
}

// Connect adds the edges of a new thing. They hold without a first day: what is
// recorded today was so before.
func Connect(ctx context.Context, tx *postgres.Tx, of, by id.ID, lists []List) error {
	var edges []node.Edge
	for _, l := range lists {
		for _, other := range l.IDs {
			edges = append(edges, l.edge(of, other, nil, by))
		}
	}
	return node.Connect(ctx, tx, edges...)
}

func (l List) edge(of, other id.ID, from *time.Time, by id.ID) node.Edge {
	return node.Edge{Kind: l.Edge, Source: of, Target: other, Role: l.Role, From: from, RecordedBy: by, RecordedIn: of}
}

// Reconnect ends and begins edges on a day so that they say what after says. The
// two are the same lists, in the same order.
func Reconnect(ctx context.Context, tx *postgres.Tx, of, by id.ID, before, after []List, on time.Time) error {
	var edges []node.Edge
	for i, l := range after {
		for _, other := range before[i].IDs {
			if slices.Contains(l.IDs, other) {
				continue
			}
			if _, err := node.Disconnect(ctx, tx, l.Edge, of, other, l.Role, on); err != nil {
				return err
			}
		}
		for _, other := range l.IDs {
			if !slices.Contains(before[i].IDs, other) {
				edges = append(edges, l.edge(of, other, &on, by))
			}
		}
	}
	return node.Connect(ctx, tx, edges...)
}

// Related is one node that a thing has a relation with.
type Related struct {
	Edge    node.EdgeKind
	Role    string
	Node    id.ID
	Kind    node.Kind
	Visible bool // to who asks
}

var relatedSQL = `
select e.kind, e.role, n.id, n.kind, ` + access.VisibleSQL("n", 3) + `
from edges e join nodes n on n.id = e.target
where e.source = $1 and e.valid @> $2::date
order by n.title_ca, n.id`

// Of reads everything that a thing has a relation with on a day, visible or
// not: facts are about all of it, lists show only what is visible.
func Of(ctx context.Context, q postgres.Querier, v *access.Viewer, of id.ID, on time.Time) ([]Related, error) {
	rows, err := q.Query(ctx, relatedSQL, append([]any{of, on}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read relations: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (x Related, err error) {
		return x, row.Scan(&x.Edge, &x.Role, &x.Node, &x.Kind, &x.Visible)
	})
	if err != nil {
		return nil, fmt.Errorf("read relations: %w", err)
	}
	return all, nil
}

// Fill puts the visible relations into the lists they belong to.
func Fill(lists []List, all []Related) {
	for i, l := range lists {
		lists[i].IDs = []id.ID{}
		for _, x := range all {
			if x.Visible && x.Edge == l.Edge && x.Role == l.Role && slices.Contains(l.Kinds, x.Kind) {
				lists[i].IDs = append(lists[i].IDs, x.Node)
			}
		}
	}
}

// Same tells whether two lists name the same, in whatever order.
func Same(a, b []id.ID) bool {
	in := func(all []id.ID) func(id.ID) bool {
		return func(v id.ID) bool { return !slices.Contains(all, v) }
	}
	return !slices.ContainsFunc(a, in(b)) && !slices.ContainsFunc(b, in(a))
}

// Subjects are the nodes in whose feeds a fact appears: a home and all related,
// each once.
func Subjects(home id.ID, all []Related, more ...id.ID) []id.ID {
	about := append([]id.ID{home}, more...)
	for _, x := range all {
		about = append(about, x.Node)
	}
	slices.SortFunc(about, func(a, b id.ID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(about)
}

// Today is the date in Madrid by the database's clock, as edges are dated.
func Today(ctx context.Context, q postgres.Querier) (day time.Time, err error) {
	err = q.QueryRow(ctx, `select `+TodaySQL).Scan(&day)
	if err != nil {
		return day, fmt.Errorf("read the day: %w", err)
	}
	return day, nil
}

// TodaySQL is today in Madrid, as edges are dated.
const TodaySQL = `(now() at time zone 'Europe/Madrid')::date`

// WithinSQL are the given territories with all their parts, today; %s is the
// parameter that holds them.
const WithinSQL = `with recursive within(id) as (
		select unnest(%s::uuid[])
		union
		select p.source from edges p join within on p.target = within.id
		where p.kind = 'part_of' and p.valid @> ` + TodaySQL + `)
	select id from within`
