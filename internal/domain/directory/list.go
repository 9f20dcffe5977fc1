package directory

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/listing"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Filter narrows a list of bodies; every condition that is set must hold.
type Filter struct {
	// Text is part of the name in any language; accents and capitals do not
	// matter.
	Text   string
	Kinds  []node.Kind // empty: all
	Sector Sector
	Field  id.ID
	// ActsIn is a place: bodies that act in it or in a part of it today.
	ActsIn id.ID
}

// sortName is the name a body sorts by: its Catalan one, or what it has. The
// index nodes_organizations has the same expression.
const sortName = `coalesce(nullif(n.title_ca, ''), nullif(n.title_es collate ca, ''), n.title_en collate ca)`

// inside selects the place (SQL expression) and everything that is part of it
// today.
func inside(place string) string {
	return `with recursive inside as (
	  select ` + place + ` as id
	  union
	  select e.source from inside i join edges e on e.target = i.id
	  where e.kind = 'part_of' and e.role <> 'UNIT' and e.valid @> ` + today + `)`
}

const actors = `select a.source from inside i join edges a on a.target = i.id
	where a.kind = 'acts_in' and a.valid @> ` + today

var (
	// Parameters: 1 text, 2 kinds, 3 sector, 4 field, 5 place, 6 what the text asks
	// of towns, then the viewer's.
	conditions = ` where ` + isBody + ` and n.ended_at is null
	and ($1 = '%%' or n.plain_title like plain($1) or n.kind = 'municipality' and n.plain_title like plain($6))
	and (cardinality($2::text[]) = 0 or n.kind = any($2))
	and ($3 = '' or coalesce(o.sector, 'PUBLIC') = $3)
	and ($4::uuid is null or exists (select from edges f where f.source = n.id and f.target = $4 and f.kind = 'about' and f.valid @> ` + today + `))
	and ($5::uuid is null or n.id in (` + actors + `))
	and ` + access.VisibleSQL("n", 7)
	listSQL = inside("$5::uuid") + ` select ` + sortName + `, ` + columns + ` from nodes n ` + joins + conditions + `
	and ($12::text is null or (` + sortName + `, n.id) > ($12 collate ca, $13::uuid))
	order by ` + sortName + `, n.id limit $14`
	countSQL = inside("$5::uuid") + ` select count(*) from nodes n ` + joins + conditions
)

// Organizations reads one page of bodies by name.
func Organizations(ctx context.Context, q postgres.Querier, v *access.Viewer, f Filter, want page.Args) (*page.Connection[Body], error) {
	name, last, err := listing.After(want.After)
	if err != nil {
		return nil, err
	}
	own := args(v, f.args()...)
	rows, err := q.Query(ctx, listSQL, append(own, name, last, want.Rows())...)
	if err != nil {
		return nil, wrap("list organisations", err)
	}
	found, err := pgx.CollectRows(rows, scanSorted)
	if err != nil {
		return nil, wrap("list organisations", err)
	}
	c := pageOf(found, want)
	if want.Total {
		c.TotalCount = new(int)
		err = q.QueryRow(ctx, countSQL, args(v, f.args()...)...).Scan(c.TotalCount)
	}
	return c, wrap("count organisations", err)
}

func (f Filter) args() []any {
	kinds := make([]string, len(f.Kinds))
	for i, k := range f.Kinds {
		kinds[i] = string(k)
	}
	return []any{likeText(f.Text), kinds, string(f.Sector), f.Field, f.ActsIn, councilText(f.Text)}
}

// likeText makes a LIKE pattern of what a person typed; empty matches all.
func likeText(text string) string {
	return "%" + escaped(text) + "%"
}

func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`, "’", "'").Replace(strings.TrimSpace(text))
}

// leastCouncil is how much of its first word tells that a council is meant.
const leastCouncil = 4

// councilText is the pattern for the name of a town in a text that is, or begins
// to be, the name of its council: towns are kept as places, and only shown as
// "Ajuntament de l'Hospitalet". Nil when it is none.
func councilText(text string) *string {
	text = strings.ToLower(escaped(text))
	if place, ok := strings.CutSuffix(text, "town council"); ok {
		place = "%" + strings.TrimSpace(place) + "%"
		if place == "%%" {
			place = "%"
		}
		return &place
	}
	for _, council := range []string{"ajuntament", "ayuntamiento"} {
		if len(text) >= leastCouncil && strings.HasPrefix(council, text) {
			text = council
		}
		if rest, ok := strings.CutPrefix(text, council); ok && (rest == "" || rest[0] == ' ') {
			place := withoutOf(strings.TrimSpace(rest)) + "%"
			return &place
		}
	}
	return nil
}

// withoutOf takes the preposition from before the name of a town. Catalan writes
// it together with some articles, which belong to the name.
func withoutOf(name string) string {
	for _, of := range []struct{ before, article string }{{"de ", ""}, {"d'", ""}, {"del ", "el "}, {"dels ", "els "}} {
		if place, ok := strings.CutPrefix(name+" ", of.before); ok {
			return of.article + strings.TrimSpace(place)
		}
	}
	return name
}

// actingNow are the rows n of place_bodies, in a place i.id, of bodies that the viewer
// may see there today.
var actingNow = `n.place = i.id and n.valid @> ` + today + ` and n.ended_at is null and ` + isBody + `
	        and ` + access.VisibleCopySQL("n", "node", 2)

// Each place within brings a page of its own, in order; profiles are read for those
// on the page only.
var actingInSQL = bySet(func(columns, joins string) string {
	return `select w.id, c.* from unnest(` + postgres.Keys + `) with ordinality as w(id, place)
	cross join lateral (` + inside("w.id") + `
	  select n.sort, ` + columns + ` from (
	    select distinct on (p.sort, p.node) p.*, p.node as id from inside i cross join lateral (
	      select n.* from place_bodies n where ` + actingNow + `
	        and ($7::text is null or (n.sort, n.node) > ($7 collate ca, $8::uuid))
	      order by n.sort, n.node limit $9) p
	    order by p.sort, p.node limit $9) n ` + joins + `
	  order by n.sort, n.id) c
	order by w.place`
})

// ActingIn reads, for every place at once, one page of the bodies that act in
// it or in a part of it today, by name. Every place has a page.
func ActingIn(ctx context.Context, q postgres.Querier, v *access.Viewer, places []id.ID, want page.Args, set Columns) (map[id.ID]*page.Connection[Body], error) {
	name, last, err := listing.After(want.After)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, actingInSQL[set], append(args(v, places), name, last, want.Rows())...)
	if err != nil {
		return nil, wrap("read who acts", err)
	}
	byPlace := make(map[id.ID][]sorted, len(places))
	var place id.ID
	var s sorted
	each := bodyRows[Body]{set: set, before: []any{&place, &s.name}}
	defer rows.Close()
	for rows.Next() {
		if s.body, err = each.body(rows); err != nil {
			return nil, wrap("read who acts", err)
		}
		byPlace[place] = append(byPlace[place], s)
	}
	if err := rows.Err(); err != nil {
		return nil, wrap("read who acts", err)
	}
	pages := make(map[id.ID]*page.Connection[Body], len(places))
	for _, place := range places {
		pages[place] = pageOf(byPlace[place], want)
	}
	if want.Total {
		err = countActing(ctx, q, v, places, pages)
	}
	return pages, err
}

var countActingSQL = `select w.id, (` + inside("w.id") + `
	  select count(distinct n.node) from inside i join place_bodies n on ` + actingNow + `)
	from unnest(` + postgres.Keys + `) as w(id)`

func countActing(ctx context.Context, q postgres.Querier, v *access.Viewer, places []id.ID, into map[id.ID]*page.Connection[Body]) error {
	rows, err := q.Query(ctx, countActingSQL, args(v, places)...)
	if err != nil {
		return wrap("count who acts", err)
	}
	var place id.ID
	var n int
	_, err = pgx.ForEachRow(rows, []any{&place, &n}, func() error {
		total := n
		into[place].TotalCount = &total
		return nil
	})
	return wrap("count who acts", err)
}

// sorted is a body with the name it sorts by, for its cursor.
type sorted struct {
	name string
	body Body
}

func scanSorted(row pgx.CollectableRow) (s sorted, err error) {
	each := bodyRows[Body]{set: Full, before: []any{&s.name}}
	s.body, err = each.body(row)
	return s, err
}

// pageOf makes a page of as many rows as want.Rows says.
func pageOf(rows []sorted, want page.Args) *page.Connection[Body] {
	found := make([]Body, len(rows))
	names := make(map[id.ID]string, len(rows))
	for i, r := range rows {
		found[i], names[r.body.Self().ID] = r.body, r.name
	}
	return page.NewConnection(found, want, func(b Body) page.Cursor {
		self := b.Self().ID
		return page.Cursor{names[self], self.String()}
	})
}
