package directory

import (
	"context"
	"slices"
	"strconv"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// AssociationCreate adds an association that is not in the network yet and
// returns its identifier. Who may: anyone signed in; they get no right over it
// by that (see Claim). All wrong fields are told at once; a register number that
// another body has is ErrIdentifierTaken.
func (s *Service) AssociationCreate(ctx context.Context, v *access.Viewer, key string, in Spec) (id.ID, error) {
	in.Kind, in.ID, in.Invented = node.Association, id.Zero, false
	return s.command(ctx, v, key, "associationCreate", in, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		return createOne(ctx, tx, v, in)
	})
}

// PublicServiceCreate adds an office below a body or office. Who may: those who
// answer for that body or office.
func (s *Service) PublicServiceCreate(ctx context.Context, v *access.Viewer, key string, in Spec) (id.ID, error) {
	in.Kind, in.ID, in.Invented = node.PublicService, id.Zero, false
	return s.command(ctx, v, key, "publicServiceCreate", in, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		if err := mayAddBelow(ctx, tx.Native(), v, in.PartOf); err != nil {
			return id.Zero, err
		}
		return createOne(ctx, tx, v, in)
	})
}

// mayAddBelow leaves a missing or invisible whole to the checks of the Spec,
// which tell it together with everything else.
func mayAddBelow(ctx context.Context, q postgres.Querier, v *access.Viewer, whole id.ID) error {
	kinds, err := visibleKinds(ctx, q, v, []id.ID{whole})
	if err != nil || kinds[whole] == "" {
		return err
	}
	return answersFor(ctx, q, v, whole)
}

func createOne(ctx context.Context, tx *postgres.Tx, v *access.Viewer, in Spec) (id.ID, error) {
	made, err := createMany(ctx, tx, v, []Spec{in.tidy()})
	if err != nil {
		return id.Zero, unindexed(err)
	}
	return made[0], nil
}

// unindexed takes the place in the list off the paths of a list of one.
func unindexed(err error) error {
	var wrong fault.List
	for _, f := range fault.All(err) {
		g := *f
		if len(g.Path) > 0 && g.Path[0] == "0" {
			g.Path = g.Path[1:]
		}
		wrong = append(wrong, &g)
	}
	if len(wrong) == 1 {
		return wrong[0]
	}
	return wrong
}

// CreateMany adds bodies of any kind in a few statements, all or none, and
// returns their identifiers in order; an office may name a body of the same
// list. It asks for no right: it is for imports and the demonstration, which
// run with the hub's own authority (v nil) or check theirs before. Paths of
// faults begin with the place in the list. A few hundred bodies fit well into
// one transaction (400: about half a second on a quiet machine); longer lists
// come in several.
func CreateMany(ctx context.Context, tx *postgres.Tx, v *access.Viewer, specs []Spec) ([]id.ID, error) {
	tidied := make([]Spec, len(specs))
	for i, s := range specs {
		tidied[i] = s.tidy()
	}
	if v == nil {
		v = &access.Viewer{}
	}
	return createMany(ctx, tx, v, tidied)
}

func createMany(ctx context.Context, tx *postgres.Tx, v *access.Viewer, specs []Spec) ([]id.ID, error) {
	if len(specs) == 0 {
		return nil, nil
	}
	if err := checkSpecs(ctx, tx.Native(), v, specs); err != nil {
		return nil, err
	}
	if err := storeSpecs(ctx, tx, v, specs); err != nil {
		return nil, err
	}
	made := make([]id.ID, len(specs))
	for i, s := range specs {
		made[i] = s.ID
		also := slices.Concat(s.ActsIn, s.Fields, []id.ID{s.PartOf})
		err := journal.Append(ctx, tx, s.ID, v, fact(FactOrganizationAdded, access.Public, nil, s.ID, also...))
		if err != nil {
			return nil, err
		}
	}
	return made, nil
}

// checkSpecs looks at the texts first, then at what the specs refer to.
func checkSpecs(ctx context.Context, q postgres.Querier, v *access.Viewer, specs []Spec) error {
	var wrong fault.List
	var referred []id.ID
	for i, s := range specs {
		for _, f := range fault.All(s.check()) {
			wrong = append(wrong, f.Under(strconv.Itoa(i)))
		}
		referred = slices.Concat(referred, s.ActsIn, s.Fields, []id.ID{s.PartOf})
	}
	if len(wrong) > 0 {
		return wrong
	}
	kinds, err := visibleKinds(ctx, q, v, referred)
	if err != nil {
		return err
	}
	for _, s := range specs {
		kinds[s.ID] = s.Kind
	}
	for i, s := range specs {
		for _, f := range s.checkReferences(kinds) {
			wrong = append(wrong, f.Under(strconv.Itoa(i)))
		}
	}
	return wrong.Err()
}

// checkReferences says what the spec refers to and is not of the right kind;
// what the viewer cannot see has no kind.
func (s Spec) checkReferences(kinds map[id.ID]node.Kind) fault.List {
	var wrong fault.List
	places := []node.Kind{node.Municipality, node.District, node.Neighbourhood}
	if s.Kind != node.Association {
		places = append(places, node.Comarca, node.Province)
	}
	for i, place := range s.ActsIn {
		if !slices.Contains(places, kinds[place]) {
			wrong = append(wrong, fault.ErrNotFound.At("actsIn", strconv.Itoa(i)))
		}
	}
	for i, field := range s.Fields {
		if kinds[field] != node.Field {
			wrong = append(wrong, fault.ErrNotFound.At("fields", strconv.Itoa(i)))
		}
	}
	if s.Kind == node.PublicService && (s.PartOf == s.ID || !slices.Contains(publicBodies(), kinds[s.PartOf])) {
		wrong = append(wrong, ErrNoWhole.At("partOf"))
	}
	return wrong
}

// publicBodies are what an office can be part of.
func publicBodies() []node.Kind {
	return []node.Kind{node.Municipality, node.Institution, node.PublicService}
}

func storeSpecs(ctx context.Context, tx *postgres.Tx, v *access.Viewer, specs []Spec) error {
	nodes := make([]node.Node, len(specs))
	rows := make([]profileRow, len(specs))
	var edges []node.Edge
	var identifiers []ExternalIdentifier
	var links []linkRow
	for i, s := range specs {
		nodes[i] = node.Node{ID: s.ID, Kind: s.Kind, Title: s.Title, Home: s.ID}
		rows[i] = rowOf(s, v)
		edges = append(edges, s.edges(v)...)
		identifiers = append(identifiers, s.Identifiers...)
		links = append(links, linkRows(s.ID, s.Links)...)
	}
	if err := node.Register(ctx, tx, nodes...); err != nil {
		return err
	}
	if err := insertProfiles(ctx, tx, rows); err != nil {
		return err
	}
	if err := insertIdentifiers(ctx, tx.Native(), identifiers); err != nil {
		return err
	}
	if err := insertLinks(ctx, tx, links); err != nil {
		return err
	}
	return node.Connect(ctx, tx, edges...)
}

func (s Spec) edges(v *access.Viewer) []node.Edge {
	var edges []node.Edge
	add := func(e node.Edge) {
		e.Source, e.RecordedBy, e.RecordedIn = s.ID, v.Person, s.ID
		edges = append(edges, e)
	}
	for _, place := range s.ActsIn {
		add(node.Edge{Kind: node.ActsIn, Target: place, From: s.ActsInFrom})
	}
	for _, field := range s.Fields {
		add(node.Edge{Kind: node.About, Target: field})
	}
	if s.Kind == node.PublicService {
		add(node.Edge{Kind: node.PartOf, Role: RoleUnit, Target: s.PartOf, From: s.PartFrom, To: endOf(s.PartUntil)})
	}
	return edges
}

// RoleUnit is the role of the part_of edge from an office to what it is part of.
const RoleUnit = "UNIT"
