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
	"github.com/teixit/teixit/internal/platform/postgres"
)

// belonging says which projects belong to a parent p.id, as a set of project
// ids. It is gathered in an array first: a semijoin would tempt the planner to
// walk all projects and ask each for its edges.
type belonging string

const (
	toPartner belonging = `select g.target from edges g
		where g.source = p.id and g.kind in ('leads', 'collaborates_in') and g.valid @> ` + relation.TodaySQL
	toTerritory belonging = `select h.source from edges h join (
			with recursive within(id) as (
				select p.id
				union
				select b.source from edges b join within on b.target = within.id
				where b.kind = 'part_of' and b.valid @> ` + relation.TodaySQL + `)
			select id from within) w on w.id = h.target
		where h.kind = 'held_at' and h.valid @> ` + relation.TodaySQL
	toGroup belonging = `select g.source from edges g
		where g.target = p.id and g.kind in ('part_of', 'contributes_to') and g.valid @> ` + relation.TodaySQL
)

// Parameters of the statements over many parents: $1 parents, $2 first, $3 and
// $4 the cursor (null: from the start), $5 the viewer's.
const childrenViewer = 5

func (b belonging) from() string {
	return ` from shared_projects s join nodes n on n.id = s.node
	  where s.node = any(array(` + string(b) + `)) and ` + access.VisibleSQL("n", childrenViewer)
}

func (b belonging) sql(set Columns) string {
	return `select p.id, c.* from unnest(` + postgres.Keys + `) with ordinality as p(id, place)
	cross join lateral (
	  select ` + set.columns(childrenViewer) + b.from() + `
	    and ($3::text is null or (n.title_ca, n.id) > ($3::text collate ca, $4::uuid))
	  order by n.title_ca, n.id limit $2) c
	order by p.place`
}

func (b belonging) countSQL() string {
	return `select p.id, (select count(*) ` + b.from() + `) from unnest(` + postgres.Keys + `) as p(id)
	where $2::int is not null and $3::text is null and $4::uuid is null`
}

// childrenSQL are the prepared statements, by columns.
type childrenSQL struct {
	page  [2]string
	count string
}

func newChildrenSQL(b belonging) childrenSQL {
	return childrenSQL{page: [2]string{b.sql(Card), b.sql(Full)}, count: b.countSQL()}
}

var (
	ofPartners    = newChildrenSQL(toPartner)
	inTerritories = newChildrenSQL(toTerritory)
	inGroups      = newChildrenSQL(toGroup)
)

// OfPartners reads one page of the projects in which each organisation takes
// part today, by title. Every parent has a connection in the answer.
func OfPartners(ctx context.Context, q postgres.Querier, v *access.Viewer, parents []id.ID, set Columns, args page.Args) (map[id.ID]*page.Connection[*Project], error) {
	return children(ctx, q, v, ofPartners, parents, set, args)
}

// InTerritories reads one page of the projects that are for each territory or a
// part of it, or name it.
func InTerritories(ctx context.Context, q postgres.Querier, v *access.Viewer, parents []id.ID, set Columns, args page.Args) (map[id.ID]*page.Connection[*Project], error) {
	return children(ctx, q, v, inTerritories, parents, set, args)
}

// InGroups reads one page of the projects of each programme or lab, or that carry
// out each strategy.
func InGroups(ctx context.Context, q postgres.Querier, v *access.Viewer, parents []id.ID, set Columns, args page.Args) (map[id.ID]*page.Connection[*Project], error) {
	return children(ctx, q, v, inGroups, parents, set, args)
}

func children(ctx context.Context, q postgres.Querier, v *access.Viewer, sql childrenSQL, parents []id.ID, set Columns, args page.Args) (map[id.ID]*page.Connection[*Project], error) {
	title, node, err := listing.After(args.After)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, sql.page[set], append([]any{parents, args.Rows(), title, node}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read projects of parents: %w", err)
	}
	projects := make(map[id.ID][]*Project, len(parents))
	var parent id.ID
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) {
		p := &Project{}
		err := p.scan(row, set, &parent)
		projects[parent] = append(projects[parent], p)
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("read projects of parents: %w", err)
	}
	found := make(map[id.ID]*page.Connection[*Project], len(parents))
	for _, p := range parents {
		found[p] = page.NewConnection(projects[p], args, cursorOf)
	}
	if args.Total {
		err = countChildren(ctx, q, v, sql.count, parents, found)
	}
	return found, err
}

func countChildren(ctx context.Context, q postgres.Querier, v *access.Viewer, sql string, parents []id.ID, into map[id.ID]*page.Connection[*Project]) error {
	rows, err := q.Query(ctx, sql, append([]any{parents, 0, nil, nil}, v.SQLArgs()...)...)
	if err != nil {
		return fmt.Errorf("count projects of parents: %w", err)
	}
	var parent id.ID
	var n int
	_, err = pgx.ForEachRow(rows, []any{&parent, &n}, func() error {
		total := n
		into[parent].TotalCount = &total
		return nil
	})
	if err != nil {
		return fmt.Errorf("count projects of parents: %w", err)
	}
	return nil
}
