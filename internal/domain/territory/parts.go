package territory

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

const membershipColumns = `e.source, e.role, lower(e.valid), upper(e.valid), coalesce(e.facts->>'extent', ''), `

var containersSQL = `select ` + membershipColumns + columns + `
	from edges e join nodes n on n.id = e.target ` + joins + `
	where e.source = any(` + postgres.Keys + `) and e.kind = 'part_of' and e.valid @> ` + dayOf2 + ` and ` + access.VisibleSQL("n", 3) + `
	order by e.source, e.role`

// ContainersOf reads what the places were directly part of on the day: comarca
// and province of a town, town of a district, district of a neighbourhood.
func ContainersOf(ctx context.Context, q postgres.Querier, v *access.Viewer, places []id.ID, asOf *time.Time) ([]Membership, error) {
	return memberships(q.Query(ctx, containersSQL, args(v, places, asOf)...))
}

var historySQL = `select ` + membershipColumns + columns + `
	from edges e join nodes n on n.id = e.target ` + joins + `
	where e.source = any(` + postgres.Keys + `) and e.kind = 'part_of' and ` + access.VisibleSQL("n", 2) + `
	order by e.source, e.role, lower(e.valid) nulls first`

// HistoryOf reads everything the places were ever directly part of, oldest
// first within each role.
func HistoryOf(ctx context.Context, q postgres.Querier, v *access.Viewer, places []id.ID) ([]Membership, error) {
	return memberships(q.Query(ctx, historySQL, args(v, places)...))
}

func memberships(rows pgx.Rows, err error) ([]Membership, error) {
	if err != nil {
		return nil, wrap("read memberships", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m Membership, err error) {
		m.Whole, err = scanAs[Territory](row, &m.Part, &m.Role, &m.From, &m.To, &m.Extent)
		return m, err
	})
	return found, wrap("read memberships", err)
}

// partsSQL orders districts and neighbourhoods by their city code, everything
// else by name; both are in the keyset so that one statement serves all.
var partsSQL = `select w.id, c.sort, ` + partColumns + `
	from unnest(` + postgres.Keys + `) with ordinality as w(id, place)
	cross join lateral (
	  select o.sort, ` + columns + `
	  from edges e join nodes n on n.id = e.source ` + joins + `
	  cross join lateral (select case when t.municipality is null then '' else t.code end as sort) o
	  where e.target = w.id and e.kind = 'part_of' and n.kind = $3 and e.valid @> ` + dayOf2 + `
	    and ($4::text is null or (o.sort, n.title_ca, n.id) > ($4, $5 collate ca, $6::uuid))
	    and ` + access.VisibleSQL("n", 8) + `
	  order by o.sort, n.title_ca, n.id limit $7) c
	order by w.place, c.sort, c.title_ca, c.id`

const partColumns = `c.id, c.kind, c.title_ca, c.title_es, c.title_en, c.visibility, c.home, c.created_at,
	c.code, c.municipality, c.lat, c.lon, c.inhabitants, c.year, c.source`

type part[T Territory] struct {
	whole id.ID
	sort  string
	place T
}

// PartsOf reads, for every whole at once, one page of its direct parts of the
// type T on the day: towns of a comarca or province (PartsOf[*Municipality]),
// comarques of a province, districts of a town, neighbourhoods of a district.
// Names decide the order, city codes that of districts and neighbourhoods. A
// whole without parts has an empty page.
func PartsOf[T Territory](ctx context.Context, q postgres.Querier, v *access.Viewer, wholes []id.ID, asOf *time.Time, want page.Args) (map[id.ID]*page.Connection[T], error) {
	keys, err := want.After.Keys(3)
	if err != nil {
		return nil, err
	}
	sort, name, last, err := partKeys(keys)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, partsSQL, args(v, wholes, asOf, string(kindOf[T]()), sort, name, last, want.Rows())...)
	if err != nil {
		return nil, wrap("read parts", err)
	}
	parts, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p part[T], err error) {
		p.place, err = scanAs[T](row, &p.whole, &p.sort)
		return p, err
	})
	if err != nil {
		return nil, wrap("read parts", err)
	}
	found := pages(wholes, parts, want)
	if want.Total {
		err = countParts(ctx, q, v, wholes, asOf, kindOf[T](), func(whole id.ID, n int) { found[whole].TotalCount = &n })
	}
	return found, err
}

var countPartsSQL = `select w.id, (
	  select count(*) from edges e join nodes n on n.id = e.source
	  where e.target = w.id and e.kind = 'part_of' and n.kind = $3 and e.valid @> ` + dayOf2 + `
	    and ` + access.VisibleSQL("n", 4) + `)
	from unnest(` + postgres.Keys + `) as w(id) where w.id is not null`

func countParts(ctx context.Context, q postgres.Querier, v *access.Viewer, wholes []id.ID, asOf *time.Time, kind node.Kind, note func(whole id.ID, n int)) error {
	rows, err := q.Query(ctx, countPartsSQL, args(v, wholes, asOf, string(kind))...)
	if err != nil {
		return wrap("count parts", err)
	}
	var whole id.ID
	var n int
	_, err = pgx.ForEachRow(rows, []any{&whole, &n}, func() error {
		note(whole, n)
		return nil
	})
	return wrap("count parts", err)
}

func partKeys(keys []string) (sort, name *string, last id.ID, err error) {
	if keys == nil {
		return nil, nil, id.Zero, nil
	}
	if last, err = id.ParseUUID(keys[2]); err != nil {
		return nil, nil, id.Zero, fault.ErrBadCursor.At("after").Because(err)
	}
	return &keys[0], &keys[1], last, nil
}

func pages[T Territory](wholes []id.ID, parts []part[T], args page.Args) map[id.ID]*page.Connection[T] {
	byWhole := make(map[id.ID][]T, len(wholes))
	for _, p := range parts {
		byWhole[p.whole] = append(byWhole[p.whole], p.place)
	}
	all := make(map[id.ID]*page.Connection[T], len(wholes))
	for _, whole := range wholes {
		if whole.IsZero() {
			continue
		}
		all[whole] = page.NewConnection(byWhole[whole], args, partCursor[T])
	}
	return all
}

func partCursor[T Territory](place T) page.Cursor {
	p := place.Self()
	sort := ""
	if !p.Town.IsZero() {
		sort = p.Code
	}
	return page.Cursor{sort, p.Title.CA, p.ID.String()}
}

func kindOf[T Territory]() node.Kind {
	var t T
	switch any(t).(type) {
	case *Comarca:
		return node.Comarca
	case *District:
		return node.District
	case *Neighbourhood:
		return node.Neighbourhood
	case *Province:
		return node.Province
	}
	return node.Municipality
}
