package project

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/ground/listing"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Filter narrows a list of projects; an empty field does not. Several values in
// one field mean any of them, several fields mean all of them.
type Filter struct {
	// Text holds words that must all stand in the title, in any language,
	// without regard to accents and case. At most 8 words count.
	Text string
	// Territories finds what is for one of them or a part of one, or names it.
	Territories []id.ID
	About       []id.ID
	Partners    []id.ID // leading or collaborating today
	States      []State
	Replicable  *bool
}

const viewerFirst = 1 // the viewer's five parameters come first in a list

func (f Filter) query(v *access.Viewer) *listing.Query {
	q := listing.For(v, access.VisibleSQL("n", viewerFirst))
	q.Titled(f.Text)
	if len(f.Territories) > 0 {
		q.And(`s.node = any(array(select h.source from edges h join (`+relation.WithinSQL+`) w on w.id = h.target
			where h.kind = 'held_at' and h.valid @> `+relation.TodaySQL+`))`, f.Territories)
	}
	if len(f.About) > 0 {
		q.And(`s.node = any(array(select a.source from edges a join nodes t on t.id = a.target
			where a.kind in ('about', 'targets') and a.target = any(%s) and a.valid @> `+relation.TodaySQL+`
			and `+access.VisibleSQL("t", viewerFirst)+`))`, f.About)
	}
	if len(f.Partners) > 0 {
		q.And(`s.node = any(array(select g.target from edges g join nodes o on o.id = g.source
			where g.kind in ('leads', 'collaborates_in') and g.source = any(%s) and g.valid @> `+relation.TodaySQL+`
			and `+access.VisibleSQL("o", viewerFirst)+`))`, f.Partners)
	}
	if len(f.States) > 0 {
		states := make([]string, len(f.States))
		for i, s := range f.States {
			states[i] = string(s)
		}
		q.And(`s.state = any(%s)`, states)
	}
	if f.Replicable != nil {
		q.And(`s.replicable = %s`, *f.Replicable)
	}
	return q
}

func (f Filter) check() error {
	var c form.Findings
	c.String(f.Text, 200, "filter", "text")
	return c.Err()
}

// List reads one page of the projects that the viewer can see, by title. The
// total is counted only when args ask for it.
func List(ctx context.Context, q postgres.Querier, v *access.Viewer, f Filter, args page.Args, set Columns) (*page.Connection[*Project], error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	list := f.query(v)
	const from = `shared_projects s join nodes n on n.id = s.node`
	total, err := list.Count(ctx, q, from, args.Total)
	if err != nil {
		return nil, err
	}
	if err := list.AfterTitle(args.After); err != nil {
		return nil, err
	}
	sql := fmt.Sprintf(`select %s from %s where %s order by n.title_ca, n.id`, set.columns(viewerFirst), from, list.Where()) + list.Limit(args.Rows())
	rows, err := q.Query(ctx, sql, list.Params()...)
	if err != nil {
		return nil, fmt.Errorf("list projects: %w", err)
	}
	projects, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Project, error) {
		p := &Project{}
		return p, p.scan(row, set)
	})
	if err != nil {
		return nil, fmt.Errorf("list projects: %w", err)
	}
	found := page.NewConnection(projects, args, cursorOf)
	found.TotalCount = total
	return found, nil
}

func cursorOf(p *Project) page.Cursor { return page.Cursor{p.Title.CA, p.ID.String()} }
