package table

import (
	"context"

	"github.com/teixit/teixit/internal/ground/listing"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Filter narrows a list of tables; an empty field does not. Several values in
// one field mean any of them, several fields mean all of them.
type Filter struct {
	Text        string  // words that all stand in the title, whatever accents and case
	Territories []id.ID // acts in one of them or a part of one
	About       []id.ID // fields, goals, challenges or axes
	Members     []id.ID // organisations that belong to it, or convene it
	Kinds       []Kind
	States      []State
	Mine        bool // of the viewer: member or organiser
}

const withinSQL = `with recursive within(id) as (
	select unnest(%s::uuid[])
	union select p.source from edges p join within on p.target = within.id where p.kind = 'part_of' and p.valid @> ` + today + `)
	select id from within`

// ofTables narrows to tables by what they are about; n is their node.
func ofTables(q *listing.Query, f Filter) {
	if len(f.Territories) > 0 {
		q.And(`n.id = any(array(select a.source from edges a join (`+withinSQL+`) w on w.id = a.target
			where a.kind = 'acts_in' and a.valid @> `+today+`))`, f.Territories)
	}
	if len(f.About) > 0 {
		q.And(`n.id = any(array(select a.source from edges a where a.kind = 'about' and a.target = any(%s) and a.valid @> `+today+`))`, f.About)
	}
	if len(f.Members) > 0 {
		q.And(`n.id = any(array(select m.target from edges m where m.kind in ('member_of', 'leads') and m.source = any(%s) and m.valid @> `+today+`))`, f.Members)
	}
	if f.Mine {
		q.And(access.LevelSQL("n", 1) + ` >= 3`)
	}
}

func (f Filter) query(v *access.Viewer) *listing.Query {
	q := listing.For(v, access.VisibleSQL("n", 1))
	q.Titled(f.Text)
	ofTables(q, f)
	if len(f.Kinds) > 0 {
		q.And(`t.kind = any(%s::text[])`, f.Kinds)
	}
	if len(f.States) > 0 {
		q.And(`t.state = any(%s::text[])`, f.States)
	}
	return q
}

// List reads one page of the tables that the viewer can see, by title. The total
// is counted only when args ask for it.
func List(ctx context.Context, q postgres.Querier, v *access.Viewer, f Filter, args page.Args) (*page.Connection[*Table], error) {
	if len(f.Text) > 200 {
		return nil, fault.ErrTooLong.At("filter", "text").With("max", 200)
	}
	list := f.query(v)
	const from = `working_tables t join nodes n on n.id = t.node`
	total, err := list.Count(ctx, q, from, args.Total)
	if err != nil {
		return nil, err
	}
	if err := list.AfterTitle(args.After); err != nil {
		return nil, err
	}
	sql := `select ` + tableColumns(1) + ` from ` + from + ` where ` + list.Where() + ` order by n.title_ca, n.id` + list.Limit(args.Rows())
	found, err := tables(q.Query(ctx, sql, list.Params()...))
	if err != nil {
		return nil, err
	}
	c := page.NewConnection(found, args, func(t *Table) page.Cursor { return page.Cursor{t.Title.CA, t.ID.String()} })
	c.TotalCount = total
	return c, nil
}

// OfOrganizations reads the tables that organisations belong to or convene, by
// title, a page for each.
func OfOrganizations(ctx context.Context, q postgres.Querier, v *access.Viewer, bodies []id.ID, args page.Args) (map[id.ID]*page.Connection[*Table], error) {
	title, last, err := listing.After(args.After)
	if err != nil {
		return nil, err
	}
	found, err := related(q.Query(ctx, ofOrganizationsSQL, with(v, bodies, args.Rows(), title, last)...))
	if err != nil {
		return nil, err
	}
	totals := map[id.ID]int{}
	if args.Total {
		if totals, err = totalsOf(ctx, q, v, bodies); err != nil {
			return nil, err
		}
	}
	pages := make(map[id.ID]*page.Connection[*Table], len(bodies))
	for _, body := range bodies {
		c := page.NewConnection(found[body], args, func(t *Table) page.Cursor { return page.Cursor{t.Title.CA, t.ID.String()} })
		if args.Total {
			n := totals[body]
			c.TotalCount = &n
		}
		pages[body] = c
	}
	return pages, nil
}

const sitsAt = `exists (select from edges m where m.source = w.id and m.target = n.id and m.kind in ('member_of', 'leads') and m.valid @> ` + today + `)`

var ofOrganizationsSQL = `select w.id, x.* from unnest(` + postgres.Keys + `) with ordinality as w(id, place)
	cross join lateral (
	  select ` + tableColumns(5) + ` from working_tables t join nodes n on n.id = t.node
	  where ` + sitsAt + ` and ` + access.VisibleSQL("n", 5) + `
	    and ($3::text is null or (n.title_ca, n.id) > ($3::text collate ca, $4::uuid))
	  order by n.title_ca, n.id limit $2) x order by w.place`

var totalsSQL = `select w.id, count(n.id) from unnest(` + postgres.Keys + `) as w(id)
	left join (working_tables t join nodes n on n.id = t.node) on ` + sitsAt + ` and ` + access.VisibleSQL("n", 2) + ` group by w.id`

func totalsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, bodies []id.ID) (map[id.ID]int, error) {
	rows, err := q.Query(ctx, totalsSQL, with(v, bodies)...)
	if err != nil {
		return nil, wrap("count tables", err)
	}
	defer rows.Close()
	totals := map[id.ID]int{}
	for rows.Next() {
		var body id.ID
		var n int
		if err := rows.Scan(&body, &n); err != nil {
			return nil, wrap("count tables", err)
		}
		totals[body] = n
	}
	return totals, wrap("count tables", rows.Err())
}
