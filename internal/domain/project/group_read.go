package project

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/listing"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// groupsSQL is one row for each programme and strategy.
const groupsSQL = `(
	select node, kind, description, starts_on as first, ends_on as last from programmes
	union all
	select node, kind, description, valid_from, valid_until from strategies) g`

func groupColumns(viewer int) string {
	return node.Columns("n") + ", " + access.LevelSQL("n", viewer) + `, g.kind, g.description, g.first, g.last,
	coalesce(g.first <= ` + relation.TodaySQL + `, true) and coalesce(g.last >= ` + relation.TodaySQL + `, true)`
}

func (g *Group) targets() []any {
	return append(g.Node.ScanTargets(), &g.ViewerLevel, &g.GroupKind, &g.Description, &g.From, &g.Until, &g.InForce)
}

func scanGroup(row pgx.CollectableRow) (*Group, error) {
	g := &Group{}
	return g, row.Scan(g.targets()...)
}

var groupsByIDsSQL = `
select ` + groupColumns(2) + `
from unnest(` + postgres.Keys + `) with ordinality as p(id, place) join nodes n on n.id = p.id join ` + groupsSQL + ` on g.node = n.id
where ` + access.VisibleSQL("n", 2) + ` order by p.place`

// GroupsByIDs reads those of the groups that the viewer can see.
func GroupsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Group, error) {
	rows, err := q.Query(ctx, groupsByIDsSQL, append([]any{ids}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read groups: %w", err)
	}
	groups, err := pgx.CollectRows(rows, scanGroup)
	if err != nil {
		return nil, fmt.Errorf("read groups: %w", err)
	}
	return groups, nil
}

var groupListSQL = `
select ` + groupColumns(5) + `, count(*) over ()
from nodes n join ` + groupsSQL + ` on g.node = n.id
where g.kind = any($1) and ` + access.VisibleSQL("n", 5) + `
order by n.title_ca, n.id`

// ListGroups reads one page of the groups of some kinds that the viewer can see,
// by title.
func ListGroups(ctx context.Context, q postgres.Querier, v *access.Viewer, kinds []GroupKind, args page.Args) (*page.Connection[*Group], error) {
	title, last, err := listing.After(args.After)
	if err != nil {
		return nil, err
	}
	sql := `select l.* from (` + groupListSQL + `) l where $3::text is null or (l.title_ca, l.id) > ($3::text collate ca, $4::uuid) limit $2`
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	rows, err := q.Query(ctx, sql, append([]any{names, args.Rows(), title, last}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("list groups: %w", err)
	}
	total := 0
	groups, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Group, error) {
		g := &Group{}
		return g, row.Scan(append(g.targets(), &total)...)
	})
	if err != nil {
		return nil, fmt.Errorf("list groups: %w", err)
	}
	found := page.NewConnection(groups, args, func(g *Group) page.Cursor { return page.Cursor{g.Title.CA, g.ID.String()} })
	if args.Total {
		found.TotalCount = &total
	}
	return found, nil
}

// GroupsOf reads the programmes, labs and strategies of the projects.
func GroupsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, projects []id.ID, strategies bool) (map[id.ID][]*Group, error) {
	kind, of := node.PartOf, `g.kind in ('PROGRAMME', 'LAB')`
	if strategies {
		kind, of = node.ContributesTo, `g.kind not in ('PROGRAMME', 'LAB')`
	}
	rows, err := q.Query(ctx, `
		select e.source, `+groupColumns(3)+`
		from edges e join nodes n on n.id = e.target join `+groupsSQL+` on g.node = n.id
		where e.source = any(`+postgres.Keys+`) and e.kind = $2 and e.valid @> `+relation.TodaySQL+` and `+of+` and `+access.VisibleSQL("n", 3)+`
		order by n.title_ca, n.id`, append([]any{projects, kind}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read groups of projects: %w", err)
	}
	out := map[id.ID][]*Group{}
	var project id.ID
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) {
		g := &Group{}
		err := row.Scan(append([]any{&project}, g.targets()...)...)
		out[project] = append(out[project], g)
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("read groups of projects: %w", err)
	}
	return out, nil
}

// SignatoriesOf reads who has signed the strategies, on a day (nil: today).
func SignatoriesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, strategies []id.ID) ([]node.Linked, error) {
	today, err := relation.Today(ctx, q)
	if err != nil {
		return nil, err
	}
	return node.LinksOf(ctx, q, v, strategies, node.Signed, "", node.In, today, 500)
}
