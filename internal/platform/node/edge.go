package node

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// EdgeKind is what a relation means, read from source to target.
type EdgeKind string

// The kinds of edge in use; the table edge_kinds has all of them.
const (
	PartOf     EdgeKind = "part_of"     // territory–territory, unit–unit, table–table; role: COMARCA, PROVINCE, DISTRICT, MUNICIPALITY, UNIT, TABLE
	LocatedIn  EdgeKind = "located_in"  // organisation → territory
	ActsIn     EdgeKind = "acts_in"     // organisation → territory
	MemberOf   EdgeKind = "member_of"   // organisation → table, circle, network
	Organises  EdgeKind = "organises"   // organisation → event; role: LEAD, CO
	HeldAt     EdgeKind = "held_at"     // event → territory; role: VENUE, AREA
	About      EdgeKind = "about"       // anything → field, goal, challenge, axis
	AudienceOf EdgeKind = "audience_of" // event → audience
	ActsFor    EdgeKind = "acts_for"    // person → organisation; role: REPRESENTATIVE, OFFICER, TECHNICIAN, DELEGATE, SUBSTITUTE
	Targets    EdgeKind = "targets"     // project → target group
	// Leads is organisation → shared project or table that it convenes;
	// CollaboratesIn organisation → shared project; role in a project: PUBLIC, SOCIAL.
	Leads          EdgeKind = "leads"
	CollaboratesIn EdgeKind = "collaborates_in"
	ContributesTo  EdgeKind = "contributes_to" // project → strategy that it carries out
	DerivedFrom    EdgeKind = "derived_from"   // what came of something → that
	Signed         EdgeKind = "signed"         // organisation → strategy
	HasRole        EdgeKind = "has_role"       // person → node, a grant; role: ORGANISER, MEMBER, CHECK_IN
)

// Edge is one dated relation with its own facts. From and To are dates (the
// day counts, in UTC midnight); To is the first day on which it no longer
// holds; nil is open.
type Edge struct {
	ID         id.ID
	Kind       EdgeKind
	Source     id.ID
	Target     id.ID
	Role       string
	From, To   *time.Time
	Facts      map[string]any
	RecordedBy id.ID // the person
	RecordedIn id.ID // the aggregate that records it: its topic tells of the edge
}

var (
	errEdgeOverlap = fault.Define(fault.Conflict, "RELATION_OVERLAPS",
		"Aquesta relació ja hi és en aquestes dates.",
		"Esta relación ya existe en estas fechas.",
		"This relation already exists at these dates.")
	errOneWhole = fault.Define(fault.Conflict, "PART_OF_TWO",
		"En aquestes dates ja forma part d'un altre element.",
		"En estas fechas ya forma parte de otro elemento.",
		"At these dates it is already part of something else.")
	errEdgeDates = fault.Define(fault.Invalid, "DATES_REVERSED",
		"La data final ha de ser posterior a la inicial.",
		"La fecha final debe ser posterior a la inicial.",
		"The last date must be after the first.")
	errEdgeEnd = fault.Define(fault.NotFound, "RELATION_END_NOT_FOUND",
		"Un dels elements de la relació no existeix.",
		"Uno de los elementos de la relación no existe.",
		"One end of the relation does not exist.")
	edgeConstraints = map[string]fault.Code{
		"edges_once": errEdgeOverlap, "edges_one_whole": errOneWhole,
		"edges_source_fkey": errEdgeEnd, "edges_target_fkey": errEdgeEnd,
	}
)

// Connect adds edges in one statement. An edge without an identifier gets one.
func Connect(ctx context.Context, tx *postgres.Tx, edges ...Edge) error {
	if len(edges) == 0 {
		return nil
	}
	c, err := columnsOf(edges)
	if err != nil {
		return err
	}
	_, err = tx.Native().Exec(ctx, `
		insert into edges (id, kind, source, target, role, valid, facts, recorded_by, recorded_in)
		select e.id, e.kind, e.source, e.target, e.role, daterange(e.valid_from, e.valid_to), e.facts, e.recorded_by, e.recorded_in
		from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::date[], $7::date[], $8::jsonb[], $9::uuid[], $10::uuid[])
		  as e(id, kind, source, target, role, valid_from, valid_to, facts, recorded_by, recorded_in)`,
		c.ids, c.kinds, c.sources, c.targets, c.roles, c.from, c.to, c.facts, c.by, c.in)
	return postgres.Translate(wrap("connect", err), edgeConstraints)
}

type edgeColumns struct {
	ids, sources, targets, by, in []id.ID
	kinds, roles                  []string
	from, to                      []*time.Time
	facts                         []*string
}

func columnsOf(edges []Edge) (c edgeColumns, err error) {
	for _, e := range edges {
		if e.From != nil && e.To != nil && !e.From.Before(*e.To) {
			return c, errEdgeDates.New()
		}
		if e.ID.IsZero() {
			e.ID = id.New()
		}
		var facts *string
		if len(e.Facts) > 0 {
			b, err := json.Marshal(e.Facts)
			if err != nil {
				return c, fmt.Errorf("edge facts: %w", err)
			}
			s := string(b)
			facts = &s
		}
		c.ids, c.sources, c.targets = append(c.ids, e.ID), append(c.sources, e.Source), append(c.targets, e.Target)
		c.by, c.in = append(c.by, e.RecordedBy), append(c.in, e.RecordedIn)
		c.kinds, c.roles = append(c.kinds, string(e.Kind)), append(c.roles, e.Role)
		c.from, c.to, c.facts = append(c.from, e.From), append(c.to, e.To), append(c.facts, facts)
	}
	return c, nil
}

// Disconnect ends the edge that holds on the date: it no longer holds from that
// date on. An edge that began on the date is removed. It reports whether there
// was one.
func Disconnect(ctx context.Context, tx *postgres.Tx, kind EdgeKind, source, target id.ID, role string, on time.Time) (bool, error) {
	tag, err := tx.Native().Exec(ctx, `
		update edges set valid = daterange(lower(valid), $5::date)
		where kind = $1 and source = $2 and target = $3 and role = $4 and valid @> $5::date
		  and (lower_inf(valid) or lower(valid) < $5::date)`, kind, source, target, role, on)
	if err != nil || tag.RowsAffected() > 0 {
		return err == nil, wrap("disconnect", err)
	}
	tag, err = tx.Native().Exec(ctx, `
		delete from edges where kind = $1 and source = $2 and target = $3 and role = $4 and lower(valid) = $5::date`,
		kind, source, target, role, on)
	return tag.RowsAffected() > 0, wrap("disconnect", err)
}

// Linked is one edge seen from the parent that was asked about, with the node
// at its other end.
type Linked struct {
	Parent   id.ID
	Edge     id.ID
	Role     string
	From, To *time.Time
	Node     *Node
	Ended    bool // the node does not exist any more
}

// Direction says from which end an edge is read.
type Direction int

// The two directions.
const (
	Out Direction = iota // parents are sources
	In                   // parents are targets
)

// LinksOf reads, for every parent at once, up to first edges of a kind (and
// role, when not empty) that hold on asOf, with the visible nodes at the other
// end, ordered by title.
func LinksOf(ctx context.Context, q postgres.Querier, v *access.Viewer, parents []id.ID, kind EdgeKind, role string, dir Direction, asOf time.Time, first int) ([]Linked, error) {
	sql, of := linksSQL[dir].ofMany, any(parents)
	if len(parents) == 1 {
		sql, of = linksSQL[dir].ofOne, parents[0]
	}
	rows, err := q.Query(ctx, sql, append([]any{of, kind, role, asOf, first}, v.SQLArgs()...)...)
	if err != nil {
		return nil, wrap("read links", err)
	}
	links, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Linked, error) {
		l := Linked{Node: &Node{}}
		err := row.Scan(append([]any{&l.Parent, &l.Edge, &l.Role, &l.From, &l.To, &l.Ended}, l.Node.ScanTargets()...)...)
		return l, err
	})
	return links, wrap("read links", err)
}

var linksSQL = [2]linkSQL{newLinkSQL("source", "target"), newLinkSQL("target", "source")}

// linkSQL is the same question about many parents and about one: pages that show one
// thing ask for a dozen of its relations, and what holds parents together costs as
// much as finding one's.
type linkSQL struct{ ofMany, ofOne string }

func newLinkSQL(near, far string) linkSQL {
	of := func(parent string) string {
		return `
	  select e.` + near + ` as parent, e.id as edge, e.role, lower(e.valid) as valid_from, upper(e.valid) as valid_to,
	    n.ended_at is not null as ended, ` + Columns("n") + `
	  from edges e join nodes n on n.id = e.` + far + `
	  where e.` + near + ` = ` + parent + ` and e.kind = $2 and ($3 = '' or e.role = $3) and e.valid @> $4::date
	    and ` + access.VisibleSQL("n", 6) + `
	  order by n.title_ca, n.id limit $5`
	}
	return linkSQL{
		ofMany: `select l.* from unnest(` + postgres.Keys + `) with ordinality as p(id, place)
	cross join lateral (` + of("p.id") + `) l order by p.place`,
		ofOne: of("$1::uuid"),
	}
}

// ByIDs reads the visible ones among the given nodes.
func ByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Node, error) {
	rows, err := q.Query(ctx, byIDsSQL, append([]any{ids}, v.SQLArgs()...)...)
	if err != nil {
		return nil, wrap("read nodes", err)
	}
	nodes, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Node, error) {
		n := &Node{}
		return n, row.Scan(n.ScanTargets()...)
	})
	return nodes, wrap("read nodes", err)
}

var byIDsSQL = `select ` + Columns("n") + ` from nodes n where n.id = any(` + postgres.Keys + `) and ` + access.VisibleSQL("n", 2)
