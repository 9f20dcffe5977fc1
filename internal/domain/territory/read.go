package territory

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Level reads: one prepared statement each, whatever the number of parents. The
// answer leaves out what does not exist or may not be seen, in no promised
// order unless said; Zero identifiers are skipped. A nil asOf means today in
// Catalonia.

// day is the date asked about, in SQL: parameter or today.
const dayOf2 = `coalesce($2::date, (now() at time zone 'Europe/Madrid')::date)`

var (
	byIDsSQL = `select ` + columns + ` from nodes n ` + joins +
		`where n.id = any(` + postgres.Keys + `) and ` + access.VisibleSQL("n", 2)
	municipalitiesByIDsSQL = byIDsSQL + ` and n.kind = 'municipality'`
	byCodesSQL             = `select ` + columns + ` from nodes n ` + joins +
		`where t.kind = 'municipality' and t.code = any((select $1::text[])::text[]) and ` + access.VisibleSQL("n", 2)
)

// ByIDs reads places of any kind.
func ByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]Territory, error) {
	return collect[Territory](q.Query(ctx, byIDsSQL, args(v, ids)...))
}

// MunicipalitiesByIDs reads towns; identifiers of other things are skipped.
func MunicipalitiesByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Municipality, error) {
	return collect[*Municipality](q.Query(ctx, municipalitiesByIDsSQL, args(v, ids)...))
}

// MunicipalitiesByINECodes reads towns by five- or six-digit codes. A code that
// is none raises ErrBadINECode; a right one without a town is left out.
func MunicipalitiesByINECodes(ctx context.Context, q postgres.Querier, v *access.Viewer, codes []string) ([]*Municipality, error) {
	short := make([]string, len(codes))
	for i, code := range codes {
		var err error
		if short[i], err = ParseINECode(code); err != nil {
			return nil, err
		}
	}
	return collect[*Municipality](q.Query(ctx, byCodesSQL, args(v, short)...))
}

var comarquesSQL = `select ` + columns + `
	from nodes n ` + joins + `
	where n.kind = $1 and ` + access.VisibleSQL("n", 3) + `
	  and exists (select from edges e where e.source = n.id and e.kind = 'part_of' and e.valid @> ` + dayOf2 + `)
	order by n.title_ca, n.id`

// Comarques reads every comarca that existed on the day, ordered by name, la
// Selva included.
func Comarques(ctx context.Context, q postgres.Querier, v *access.Viewer, asOf *time.Time) ([]*Comarca, error) {
	return collect[*Comarca](q.Query(ctx, comarquesSQL, args(v, string(node.Comarca), asOf)...))
}

var provincesSQL = `select ` + columns + ` from nodes n ` + joins +
	`where n.kind = $1 and ` + access.VisibleSQL("n", 2) + ` order by n.title_ca, n.id`

// Provinces reads the provinces, ordered by name.
func Provinces(ctx context.Context, q postgres.Querier, v *access.Viewer) ([]*Province, error) {
	return collect[*Province](q.Query(ctx, provincesSQL, args(v, string(node.Province))...))
}

// InTown is a district or neighbourhood with the town it was read for.
type InTown[T Territory] struct {
	Town  id.ID
	Place T
}

var inTownsSQL = `select t.municipality, ` + columns + `
	from nodes n ` + joins + `
	where t.municipality = any(` + postgres.Keys + `) and t.kind = $2 and ` + access.VisibleSQL("n", 3) + `
	order by t.municipality, t.code`

// Districts reads the districts of towns, ordered by code within each.
func Districts(ctx context.Context, q postgres.Querier, v *access.Viewer, towns []id.ID) ([]InTown[*District], error) {
	return inTowns[*District](ctx, q, v, towns, node.District)
}

// Neighbourhoods reads the neighbourhoods of whole towns, ordered by code
// within each; those of a district are its PartsOf.
func Neighbourhoods(ctx context.Context, q postgres.Querier, v *access.Viewer, towns []id.ID) ([]InTown[*Neighbourhood], error) {
	return inTowns[*Neighbourhood](ctx, q, v, towns, node.Neighbourhood)
}

func inTowns[T Territory](ctx context.Context, q postgres.Querier, v *access.Viewer, towns []id.ID, kind node.Kind) ([]InTown[T], error) {
	rows, err := q.Query(ctx, inTownsSQL, args(v, towns, string(kind))...)
	if err != nil {
		return nil, wrap("read parts of towns", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (in InTown[T], err error) {
		in.Place, err = scanAs[T](row, &in.Town)
		return in, err
	})
	return found, wrap("read parts of towns", err)
}

const populationsSQL = `
	select territory, inhabitants, year, source from populations
	where territory = any(` + postgres.Keys + `) order by territory, year desc, source`

// PopulationsOf reads all figures of the places, newest first within each.
// Populations are public; the caller has read the places through the viewer.
func PopulationsOf(ctx context.Context, q postgres.Querier, places []id.ID) ([]Population, error) {
	rows, err := q.Query(ctx, populationsSQL, places)
	if err != nil {
		return nil, wrap("read populations", err)
	}
	figures, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Population])
	return figures, wrap("read populations", err)
}

// args puts the viewer's five parameters behind the statement's own.
func args(v *access.Viewer, own ...any) []any { return append(own, v.SQLArgs()...) }
