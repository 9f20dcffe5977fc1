package territory

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// existing tells which of the identifiers are taken by a node or an edge.
func existing(ctx context.Context, q postgres.Querier, ids []id.ID) (map[id.ID]bool, error) {
	rows, err := q.Query(ctx, `
		select id from nodes where id = any(`+postgres.Keys+`) union all select id from edges where id = any(`+postgres.Keys+`)`, ids)
	if err != nil {
		return nil, fmt.Errorf("read what is there: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return nil, fmt.Errorf("read what is there: %w", err)
	}
	there := make(map[id.ID]bool, len(found))
	for _, v := range found {
		there[v] = true
	}
	return there, nil
}

// insertPlaces adds rows beside their nodes. Towns come before their districts
// because the statement checks references at its end.
func insertPlaces(ctx context.Context, q postgres.Querier, places []placeRow) error {
	n := len(places)
	ids, within := make([]id.ID, n), make([]id.ID, n)
	kinds, codes := make([]string, n), make([]string, n)
	lats, lons := make([]*float64, n), make([]*float64, n)
	for i, p := range places {
		ids[i], within[i], kinds[i], codes[i], lats[i], lons[i] = p.id, p.municipality, string(p.kind), p.code, p.lat, p.lon
	}
	_, err := q.Exec(ctx, `
		insert into territories (node, kind, code, municipality, lat, lon)
		select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::float8[], $6::float8[])`,
		ids, kinds, codes, within, lats, lons)
	return wrap("add places", err)
}

// insertPopulations adds the figures that are not there and counts them.
func insertPopulations(ctx context.Context, q postgres.Querier, figures []Population) (int, error) {
	n := len(figures)
	places, sources := make([]id.ID, n), make([]string, n)
	years, inhabitants := make([]int32, n), make([]int32, n)
	for i, p := range figures {
		places[i], years[i], sources[i], inhabitants[i] = p.Territory, int32(p.Year), p.Source, int32(p.Inhabitants)
	}
	tag, err := q.Exec(ctx, `
		insert into populations (territory, year, source, inhabitants)
		select * from unnest($1::uuid[], $2::int4[], $3::text[], $4::int4[])
		on conflict do nothing`, places, years, sources, inhabitants)
	return int(tag.RowsAffected()), wrap("add populations", err)
}

// columns is the select list of any place; the row of nodes is n, of
// territories t, of the newest population p.
var columns = node.Columns("n") + `, t.code, t.municipality, t.lat, t.lon, p.inhabitants, p.year, p.source`

// joins reaches t and p from n.
const joins = ` join territories t on t.node = n.id
	left join lateral (
	  select inhabitants, year, source from populations
	  where territory = n.id order by year desc, source limit 1) p on true `

// placeRecord is one row of columns.
type placeRecord struct {
	place             Place
	lat, lon          *float64
	inhabitants, year *int
	source            *string
}

func (r *placeRecord) targets() []any {
	return append(r.place.ScanTargets(),
		&r.place.Code, &r.place.Town, &r.lat, &r.lon, &r.inhabitants, &r.year, &r.source)
}

// territory makes the type that belongs to the row's kind.
func (r *placeRecord) territory() (Territory, error) {
	switch r.place.Kind {
	case node.Municipality:
		return r.municipality(), nil
	case node.Comarca:
		return &Comarca{r.place}, nil
	case node.Province:
		return &Province{r.place}, nil
	case node.District:
		return &District{r.place}, nil
	case node.Neighbourhood:
		return &Neighbourhood{r.place}, nil
	}
	return nil, fmt.Errorf("territory: %s is a %s", r.place.ID, r.place.Kind)
}

func (r *placeRecord) municipality() *Municipality {
	m := &Municipality{Place: r.place}
	if r.lat != nil && r.lon != nil { // the database wants both of every town
		m.Latitude, m.Longitude = *r.lat, *r.lon
	}
	if r.inhabitants != nil {
		m.Population = &Population{Territory: m.ID, Inhabitants: *r.inhabitants, Year: *r.year, Source: *r.source}
	}
	return m
}

// scanAs reads a row as the place type T; another kind of place is an error of
// the statement.
func scanAs[T Territory](row pgx.CollectableRow, before ...any) (T, error) {
	var r placeRecord
	var none T
	if err := row.Scan(append(before, r.targets()...)...); err != nil {
		return none, err
	}
	found, err := r.territory()
	if err != nil {
		return none, err
	}
	typed, ok := found.(T)
	if !ok {
		return none, fmt.Errorf("territory: %s is a %s", r.place.ID, r.place.Kind)
	}
	return typed, nil
}

func collect[T Territory](rows pgx.Rows, err error) ([]T, error) {
	if err != nil {
		return nil, fmt.Errorf("read places: %w", err)
	}
	places, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (T, error) { return scanAs[T](row) })
	return places, wrap("read places", err)
}

func wrap(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
