package area

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Warnings warns, with the code, of given places outside the areas and of areas
// that do not belong with the others, as the territories were on a day. The
// code's message may use {place}, {within}, {area} and {hint}.
func Warnings(ctx context.Context, q postgres.Querier, v *access.Viewer, code fault.Code, areas, given []Given, on time.Time) ([]form.Warning, error) {
	if len(areas) == 0 {
		return nil, nil
	}
	a, err := read(ctx, q, v, append(idsOf(areas), idsOf(given)...), on)
	if err != nil {
		return nil, err
	}
	var found []form.Warning
	for _, s := range a.Strays(areas, given) {
		if a[s.Place] == nil {
			continue
		}
		meant, err := suggest(ctx, q, v, s, on)
		if err != nil {
			return nil, err
		}
		found = append(found, s.warning(code, a, meant))
	}
	return found, nil
}

// The nearest whole comes first, and the smaller of two at the same distance.
// The depth is bounded against a circle in the data.
var atlasSQL = `
with recursive up(place, at, depth) as (
	select p, p, 0 from unnest($1::uuid[]) p
	union
	select up.place, e.target, up.depth + 1 from up join edges e on e.source = up.at
	where e.kind = 'part_of' and e.valid @> $2::date and up.depth < 10
)
select up.place, n.id, n.kind, n.title_ca, n.title_es, n.title_en
from (select place, at, min(depth) as depth from up group by place, at) up
join nodes n on n.id = up.at
where ` + access.VisibleSQL("n", 3) + `
order by up.place, up.depth,
	array_position(array['neighbourhood', 'district', 'municipality', 'comarca', 'province'], n.kind), n.id`

func read(ctx context.Context, q postgres.Querier, v *access.Viewer, places []id.ID, on time.Time) (Atlas, error) {
	rows, err := q.Query(ctx, atlasSQL, append([]any{places, on}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read where places are: %w", err)
	}
	a := Atlas{}
	var of id.ID
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) {
		var p Place
		if err := row.Scan(&of, &p.ID, &p.Kind, &p.Title.CA, &p.Title.ES, &p.Title.EN); err != nil {
			return struct{}{}, err
		}
		a.add(of, p)
		return struct{}{}, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read where places are: %w", err)
	}
	return a, nil
}

// add notes p as what the place of is, or is part of. Rows come nearest first,
// so that a place comes before its wholes.
func (a Atlas) add(of id.ID, p Place) {
	if a[p.ID] == nil {
		a[p.ID] = &p
	}
	if own := a[of]; own != nil && p.ID != of {
		own.Wholes = append(own.Wholes, p.ID)
	}
}

// A place of the same kind inside the area, with a name much like the stray's.
var suggestSQL = `
with recursive down(id) as (
	select unnest($2::uuid[])
	union
	select e.source from edges e join down on e.target = down.id
	where e.kind = 'part_of' and e.valid @> $3::date
)
select n.id, n.title_ca, n.title_es, n.title_en
from down join nodes n on n.id = down.id join nodes s on s.id = $1
where n.kind = s.kind and n.id <> s.id and similarity(n.plain_title, s.plain_title) >= 0.4
	and ` + access.VisibleSQL("n", 4) + `
order by similarity(n.plain_title, s.plain_title) desc, n.id limit 1`

func suggest(ctx context.Context, q postgres.Querier, v *access.Viewer, s Stray, on time.Time) (*Place, error) {
	var found Place
	var t lang.Text
	err := q.QueryRow(ctx, suggestSQL, append([]any{s.Place, s.Areas, on}, v.SQLArgs()...)...).
		Scan(&found.ID, &t.CA, &t.ES, &t.EN)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for the place that was meant: %w", err)
	}
	found.Title = t
	return &found, nil
}
