package workshop

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/listing"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func columns(viewer int) string {
	return node.Columns("n") + ", " + access.LevelSQL("n", viewer) + `, w.state, w.visibility, w.description, w.opened_at, w.closed_at,
	case when ` + access.LevelSQL("n", viewer) + ` = 4 then w.join_code else '' end`
}

func (w *Workshop) targets() []any {
	return append(w.Node.ScanTargets(), &w.ViewerLevel, &w.State, &w.Declared, &w.Description, &w.OpenedAt, &w.ClosedAt, &w.JoinCode)
}

func scan(row pgx.CollectableRow) (*Workshop, error) {
	w := &Workshop{}
	return w, row.Scan(w.targets()...)
}

var byIDsSQL = `
select ` + columns(2) + ` from unnest(` + postgres.Keys + `) with ordinality as p(id, place)
join nodes n on n.id = p.id join workshops w on w.node = n.id
where ` + access.VisibleSQL("n", 2) + ` order by p.place`

// ByIDs reads those of the workshops that the viewer can see.
func ByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Workshop, error) {
	rows, err := q.Query(ctx, byIDsSQL, append([]any{ids}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read workshops: %w", err)
	}
	list, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("read workshops: %w", err)
	}
	return list, nil
}

var listSQL = `
select l.* from (
  select ` + columns(4) + `, count(*) over () from nodes n join workshops w on w.node = n.id where ` + access.VisibleSQL("n", 4) + `) l
where $2::text is null or (l.title_ca, l.id) > ($2::text collate ca, $3::uuid)
order by l.title_ca, l.id limit $1`

// List reads one page of the workshops that the viewer can see, by title.
func List(ctx context.Context, q postgres.Querier, v *access.Viewer, args page.Args) (*page.Connection[*Workshop], error) {
	title, last, err := listing.After(args.After)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, listSQL, append([]any{args.Rows(), title, last}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("list workshops: %w", err)
	}
	total := 0
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Workshop, error) {
		w := &Workshop{}
		return w, row.Scan(append(w.targets(), &total)...)
	})
	if err != nil {
		return nil, fmt.Errorf("list workshops: %w", err)
	}
	found := page.NewConnection(list, args, func(w *Workshop) page.Cursor { return page.Cursor{w.Title.CA, w.ID.String()} })
	if args.Total {
		found.TotalCount = &total
	}
	return found, nil
}

const entryColumns = `e.id, e.workshop, e.kind, e.territory, e.text, e.author, e.beside, e.project, e.added_at, e.same_as,
	array(select p.project from workshop_priority_projects p where p.priority = e.id order by p.made_at)`

var boardSQL = `
select ` + entryColumns + ` from workshop_entries e join nodes n on n.id = e.workshop
where e.workshop = any(` + postgres.Keys + `) and e.withdrawn_at is null and ` + access.VisibleSQL("n", 2) + `
order by e.workshop, e.added_at, e.id`

// entriesOf reads the boards of workshops that the viewer can see, with sets put
// together.
func entriesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, workshops []id.ID) (map[id.ID][]*Entry, error) {
	rows, err := q.Query(ctx, boardSQL, append([]any{workshops}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read boards: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Entry, error) {
		e := &Entry{}
		return e, row.Scan(&e.ID, &e.Workshop, &e.Kind, &e.Territory, &e.Text, &e.Author, &e.Beside, &e.Project, &e.AddedAt, &e.sameAs, &e.Projects)
	})
	if err != nil {
		return nil, fmt.Errorf("read boards: %w", err)
	}
	return together(list), nil
}

// together puts sets and what stands beside them into who stands for them.
func together(list []*Entry) map[id.ID][]*Entry {
	byID := make(map[id.ID]*Entry, len(list))
	for _, e := range list {
		byID[e.ID] = e
	}
	out := map[id.ID][]*Entry{}
	for _, e := range list {
		if whole := byID[e.sameAs]; whole != e && whole != nil {
			whole.Merged = append(whole.Merged, e)
			whole.Projects = append(whole.Projects, e.Projects...)
			continue
		}
		out[e.Workshop] = append(out[e.Workshop], e)
	}
	for _, e := range list {
		if beside := byID[e.Beside]; beside != nil {
			whole := byID[beside.sameAs]
			whole.Capacities = append(whole.Capacities, e)
		}
	}
	for _, e := range list {
		slices.SortFunc(e.Merged, func(a, b *Entry) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	}
	return out
}

var placesSQL = `
select e.source, e.target from edges e join nodes n on n.id = e.source join nodes t on t.id = e.target
where e.source = any(` + postgres.Keys + `) and e.kind = 'held_at' and e.valid @> ` + relation.TodaySQL + ` and ` + access.VisibleSQL("n", 2) + `
order by e.source, t.title_ca, t.id`

// BoardsOf reads the boards of the workshops that the viewer can see,
// neighbourhood by neighbourhood, by title.
func BoardsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, workshops []id.ID) (map[id.ID][]*Place, error) {
	entries, err := entriesOf(ctx, q, v, workshops)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, placesSQL, append([]any{workshops}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read places of workshops: %w", err)
	}
	out := map[id.ID][]*Place{}
	var workshop, territory id.ID
	_, err = pgx.ForEachRow(rows, []any{&workshop, &territory}, func() error {
		p := &Place{Territory: territory}
		for _, e := range entries[workshop] {
			p.add(e)
		}
		out[workshop] = append(out[workshop], p)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read places of workshops: %w", err)
	}
	return out, nil
}

func (p *Place) add(e *Entry) {
	if !slices.Contains(e.Territories(), p.Territory) {
		return
	}
	switch {
	case e.Kind == Priority:
		p.Priorities = append(p.Priorities, e)
	case e.Kind == RunningProject:
		p.RunningProjects = append(p.RunningProjects, e)
	case e.Beside.IsZero():
		p.Capacities = append(p.Capacities, e)
	}
}

// EntriesByIDs reads entries that the viewer can see; one that was merged is
// answered by who stands for its set.
func EntriesByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) (map[id.ID]*Entry, error) {
	rows, err := q.Query(ctx, `select distinct workshop from workshop_entries where id = any(`+postgres.Keys+`)`, ids)
	if err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	workshops, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	all, err := entriesOf(ctx, q, v, workshops)
	if err != nil {
		return nil, err
	}
	found := map[id.ID]*Entry{}
	for _, list := range all {
		for _, e := range list {
			for _, x := range e.set() {
				if slices.Contains(ids, x.ID) {
					found[x.ID] = e
				}
			}
		}
	}
	return found, nil
}

// GroupsOf reads the groups of the workshops that the viewer can see, in the
// order in which they joined.
func GroupsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, workshops []id.ID) (map[id.ID][]*Group, error) {
	list, err := groups(ctx, q, `g.workshop = any(`+postgres.Keys+`)`, workshops, v)
	out := map[id.ID][]*Group{}
	for _, g := range list {
		out[g.Workshop] = append(out[g.Workshop], g)
	}
	return out, err
}

// GroupsByIDs reads groups of workshops that the viewer can see.
func GroupsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) (map[id.ID]*Group, error) {
	list, err := groups(ctx, q, `g.id = any(`+postgres.Keys+`)`, ids, v)
	out := map[id.ID]*Group{}
	for _, g := range list {
		out[g.ID] = g
	}
	return out, err
}

func groups(ctx context.Context, q postgres.Querier, which string, ids []id.ID, v *access.Viewer) ([]*Group, error) {
	rows, err := q.Query(ctx, `
		select g.id, g.workshop, g.name, g.joined_at, g.revoked_at is not null from workshop_groups g join nodes n on n.id = g.workshop
		where `+which+` and `+access.VisibleSQL("n", 2)+` order by g.workshop, g.joined_at, g.id`, append([]any{ids}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read groups: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Group, error) {
		g := &Group{}
		return g, row.Scan(&g.ID, &g.Workshop, &g.Name, &g.JoinedAt, &g.Revoked)
	})
	if err != nil {
		return nil, fmt.Errorf("read groups: %w", err)
	}
	return list, nil
}

// PrioritiesOf reads the priorities that projects came of.
func PrioritiesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, projects []id.ID) (map[id.ID][]*Entry, error) {
	rows, err := q.Query(ctx, `select project, priority from workshop_priority_projects where project = any(`+postgres.Keys+`)`, projects)
	if err != nil {
		return nil, fmt.Errorf("read priorities of projects: %w", err)
	}
	of := map[id.ID][]id.ID{}
	var all []id.ID
	var project, priority id.ID
	_, err = pgx.ForEachRow(rows, []any{&project, &priority}, func() error {
		of[project], all = append(of[project], priority), append(all, priority)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read priorities of projects: %w", err)
	}
	found, err := EntriesByIDs(ctx, q, v, all)
	out := map[id.ID][]*Entry{}
	for project, list := range of {
		for _, p := range list {
			if e := found[p]; e != nil {
				out[project] = append(out[project], e)
			}
		}
	}
	return out, err
}
