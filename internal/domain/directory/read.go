package directory

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Level reads: one prepared statement each, whatever the number of parents. The
// answer leaves out what does not exist or may not be seen, in no promised
// order unless said; Zero identifiers are skipped. A nil asOf means today in
// Catalonia. Reads that take no viewer are of parts of bodies that the caller
// has read through the viewer.

// Columns is how much of a body is read.
type Columns int

// The two sets of columns.
const (
	Line Columns = iota // what it is called: the fields of LineFields
	Full                // everything
)

// columns is the select list of any body; the row of nodes is n, of
// organizations o, which a town council may lack.
var columns = node.Columns("n") + `, coalesce(o.institution_kind, ''), coalesce(o.sector, 'PUBLIC'),
	case when o.node is null then true else o.legal_personality end, coalesce(o.description, '{}'),
	coalesce(o.mail, ''), coalesce(o.phone, ''), coalesce(o.website, ''), coalesce(o.capacities, '[]'),
	o.board_from, o.board_until, o.board_until < ` + today + `, coalesce(o.invented, false),
	case when n.kind = 'municipality' or o.verified_at is not null then 'VERIFIED'
	     when o.claimed_at is not null then 'CLAIMED' else 'UNCLAIMED' end,
	coalesce(o.revision, 0)`

const joins = ` left join organizations o on o.node = n.id `

// LineFields are the fields of the contract that a Line is enough for.
func LineFields() []string { return []string{"__typename", "id", "title", "name", "events"} }

// LineOf shows a node that was read elsewhere as the body it is, with the columns of
// a Line; nil when it is none.
func LineOf(n node.Node) Body { return newBody(Profile{Node: n, Capacities: []lang.Text{}}) }

// bySet makes a statement for each set of columns: from its select list, and what
// has to be joined for it.
func bySet(sql func(columns, joins string) string) [2]string {
	return [2]string{Line: sql(node.Columns("n"), ""), Full: sql(columns, joins)}
}

// bodyRows reads bodies row by row, behind what stands before them in a row.
type bodyRows[T Body] struct {
	set     Columns
	before  []any
	targets []any // of the row before, to be used again
}

func (r *bodyRows[T]) body(row pgx.CollectableRow) (typed T, err error) {
	var p Profile
	var mail, phone, website string
	r.targets = append(append(r.targets[:0], r.before...), p.ScanTargets()...)
	if r.set == Full {
		r.targets = append(r.targets, &p.InstitutionKind, &p.Sector, &p.LegalPersonality, &p.Description,
			&mail, &phone, &website, &p.Capacities, &p.BoardFrom, &p.BoardUntil, &p.BoardLapsed, &p.Invented,
			&p.ClaimState, &p.Revision)
	}
	if err := row.Scan(r.targets...); err != nil {
		return typed, err
	}
	if mail+phone+website != "" {
		p.Contact = &Contact{Mail: written(mail), Phone: written(phone), Website: written(website)}
	}
	if p.Capacities == nil {
		p.Capacities = []lang.Text{}
	}
	typed, ok := newBody(p).(T)
	if !ok {
		return typed, errors.New("directory: " + p.ID.String() + " is a " + string(p.Node.Kind))
	}
	return typed, nil
}

func written(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func bodies[T Body](rows pgx.Rows, err error) ([]T, error) { return collect[T](Full, rows, err) }

func collect[T Body](set Columns, rows pgx.Rows, err error) ([]T, error) {
	if err != nil {
		return nil, wrap("read organisations", err)
	}
	each := bodyRows[T]{set: set}
	found, err := pgx.CollectRows(rows, each.body)
	return found, wrap("read organisations", err)
}

var (
	byIDsSQL = bySet(func(columns, joins string) string {
		return `select ` + columns + ` from nodes n ` + joins +
			`where n.id = any(` + postgres.Keys + `) and n.ended_at is null and ` + isBody + ` and ` + access.VisibleSQL("n", 2)
	})
	byIDsOfKindSQL = byIDsSQL[Full] + ` and n.kind = $7`
)

// OrganizationsByIDs reads bodies of any kind; a municipality is read as its
// *Council.
func OrganizationsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID, set Columns) ([]Body, error) {
	rows, err := q.Query(ctx, byIDsSQL[set], args(v, ids)...)
	return collect[Body](set, rows, err)
}

// AssociationsByIDs reads associations.
func AssociationsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Association, error) {
	return bodies[*Association](q.Query(ctx, byIDsOfKindSQL, append(args(v, ids), string(node.Association))...))
}

// ServicesByIDs reads offices of public bodies.
func ServicesByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*PublicService, error) {
	return bodies[*PublicService](q.Query(ctx, byIDsOfKindSQL, append(args(v, ids), string(node.PublicService))...))
}

// InstitutionsByIDs reads institutions.
func InstitutionsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Institution, error) {
	return bodies[*Institution](q.Query(ctx, byIDsOfKindSQL, append(args(v, ids), string(node.Institution))...))
}

// CouncilsByIDs reads the profiles of town councils, for the fields of a
// municipality that belong to the body.
func CouncilsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Council, error) {
	return bodies[*Council](q.Query(ctx, byIDsOfKindSQL, append(args(v, ids), string(node.Municipality))...))
}

// identifiersTable is every identifier: those given to bodies, and the
// municipalities' codes, which package territory imports.
const identifiersTable = `(
	select organization, scheme, value from organization_identifiers
	union all
	select node, 'INE', code from territories where kind = 'municipality') i`

var byIdentifierSQL = `select ` + columns + ` from ` + identifiersTable + `
	join nodes n on n.id = i.organization ` + joins + `
	where i.scheme = $1 and i.value = $2 and ` + access.VisibleSQL("n", 3)

// OrganizationByIdentifier reads the body a register knows by a code; nil when
// there is none for the viewer. An INE code has five digits here.
func OrganizationByIdentifier(ctx context.Context, q postgres.Querier, v *access.Viewer, scheme Scheme, code string) (Body, error) {
	x := ExternalIdentifier{Scheme: scheme, Value: code}.tidy()
	found, err := bodies[Body](q.Query(ctx, byIdentifierSQL, args(v, string(x.Scheme), x.Value)...))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// IdentifiersOf reads the codes of the bodies, by register within each; a
// municipality has its INE code among them.
func IdentifiersOf(ctx context.Context, q postgres.Querier, organizations []id.ID) ([]ExternalIdentifier, error) {
	rows, err := q.Query(ctx, `select i.organization, i.scheme, i.value from `+identifiersTable+`
		where i.organization = any(`+postgres.Keys+`) order by i.organization, i.scheme, i.value`, organizations)
	if err != nil {
		return nil, wrap("read identifiers", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ExternalIdentifier])
	return found, wrap("read identifiers", err)
}

// LinksOf reads the links of the bodies, in their order within each. A link is
// dead when nothing answered, or with 404, 410 or a failure of the server.
func LinksOf(ctx context.Context, q postgres.Querier, organizations []id.ID) ([]OrganizationLink, error) {
	rows, err := q.Query(ctx, `
		select id, organization, label, url, checked_at, status = 0 or status in (404, 410) or status >= 500
		from organization_links where organization = any(`+postgres.Keys+`) order by organization, position, id`, organizations)
	if err != nil {
		return nil, wrap("read links", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[OrganizationLink])
	return found, wrap("read links", err)
}

// Related is something at the other end of an edge of a body.
type Related struct {
	Organization id.ID
	Other        id.ID
	From, To     *time.Time // To is the first day on which it no longer holds
}

var relatedSQL = `
	select w.id, c.target, c.valid_from, c.valid_to
	from unnest(` + postgres.Keys + `) with ordinality as w(id, place)
	cross join lateral (
	  select e.target, lower(e.valid) as valid_from, upper(e.valid) as valid_to
	  from edges e join nodes n on n.id = e.target
	  where e.source = w.id and e.kind = $2 and e.valid @> coalesce($3::date, ` + today + `)
	    and ` + access.VisibleSQL("n", 5) + `
	  order by n.title_ca, n.id limit $4) c
	order by w.place`

// PlacesOf reads where the bodies act on the day, by name, at most first each.
func PlacesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, organizations []id.ID, asOf *time.Time, first int) ([]Related, error) {
	return related(ctx, q, v, organizations, node.ActsIn, asOf, first)
}

// FieldsOf reads what the bodies are about on the day: the fields they work in,
// by name, at most first each.
func FieldsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, organizations []id.ID, asOf *time.Time, first int) ([]Related, error) {
	return related(ctx, q, v, organizations, node.About, asOf, first)
}

func related(ctx context.Context, q postgres.Querier, v *access.Viewer, organizations []id.ID, kind node.EdgeKind, asOf *time.Time, first int) ([]Related, error) {
	rows, err := q.Query(ctx, relatedSQL, args(v, organizations, string(kind), asOf, first)...)
	if err != nil {
		return nil, wrap("read relations", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Related])
	return found, wrap("read relations", err)
}

// Unit is an office with what it is part of.
type Unit struct {
	Whole   id.ID
	Service *PublicService
}

var unitsSQL = `select w.id, c.* from unnest(` + postgres.Keys + `) with ordinality as w(id, place)
	cross join lateral (
	  select ` + columns + `
	  from edges e join nodes n on n.id = e.source and n.kind = 'public_service' ` + joins + `
	  where e.target = w.id and e.kind = 'part_of' and e.role = 'UNIT'
	    and e.valid @> coalesce($2::date, ` + today + `) and ` + access.VisibleSQL("n", 4) + `
	  order by n.title_ca, n.id limit $3) c
	order by w.place`

// UnitsOf reads the offices directly part of the bodies on the day, by name, at
// most first each.
func UnitsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, wholes []id.ID, asOf *time.Time, first int) ([]Unit, error) {
	rows, err := q.Query(ctx, unitsSQL, args(v, wholes, asOf, first)...)
	if err != nil {
		return nil, wrap("read units", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u Unit, err error) {
		each := bodyRows[*PublicService]{set: Full, before: []any{&u.Whole}}
		u.Service, err = each.body(row)
		return u, err
	})
	return found, wrap("read units", err)
}

// Whole is what an office is part of.
type Whole struct {
	Unit id.ID
	Body Body
}

var wholesSQL = `select e.source, ` + columns + `
	from edges e join nodes n on n.id = e.target and ` + isBody + joins + `
	where e.source = any(` + postgres.Keys + `) and e.kind = 'part_of' and e.role = 'UNIT'
	  and e.valid @> coalesce($2::date, ` + today + `) and ` + access.VisibleSQL("n", 3)

// WholesOf reads what the offices are directly part of on the day; each has at
// most one.
func WholesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, units []id.ID, asOf *time.Time) ([]Whole, error) {
	rows, err := q.Query(ctx, wholesSQL, args(v, units, asOf)...)
	if err != nil {
		return nil, wrap("read wholes", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (w Whole, err error) {
		each := bodyRows[Body]{set: Full, before: []any{&w.Unit}}
		w.Body, err = each.body(row)
		return w, err
	})
	return found, wrap("read wholes", err)
}
