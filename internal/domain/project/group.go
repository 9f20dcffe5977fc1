package project

import (
	"context"
	"slices"
	"time"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// GroupKind is what projects are grouped by: programmes and labs they belong to,
// strategies they carry out.
type GroupKind string

// The kinds of group.
const (
	ProgrammeKind    GroupKind = "PROGRAMME"
	LabKind          GroupKind = "LAB"
	StrategyKind     GroupKind = "STRATEGY"
	ProtocolKind     GroupKind = "PROTOCOL"
	EqualityPlanKind GroupKind = "EQUALITY_PLAN"
	PlanKind         GroupKind = "PLAN"
)

// ProgrammeKinds are those of programmes.
func ProgrammeKinds() []GroupKind { return []GroupKind{ProgrammeKind, LabKind} }

// StrategyKinds are those of strategies.
func StrategyKinds() []GroupKind {
	return []GroupKind{StrategyKind, ProtocolKind, EqualityPlanKind, PlanKind}
}

func (k GroupKind) strategy() bool { return slices.Contains(StrategyKinds(), k) }

// nodeKind is that of the group's node.
func (k GroupKind) nodeKind() node.Kind {
	if k.strategy() {
		return node.Strategy
	}
	return node.Programme
}

// edge is how a project belongs to such a group.
func (k GroupKind) edge() (kind node.EdgeKind, role string) {
	if k.strategy() {
		return node.ContributesTo, ""
	}
	return node.PartOf, string(k)
}

// Group is a programme, a lab, or a shared strategy, protocol or plan.
type Group struct {
	node.Node
	GroupKind   GroupKind
	Description lang.Text
	// From and Until are the first and last day: of a programme its run, of a
	// strategy its validity. nil is not known.
	From, Until *time.Time
	InForce     bool // today, as far as the days are known
	ViewerLevel access.Level
}

// Programme is a group that projects are part of.
type Programme struct{ Group }

// Strategy is a group that is signed, and that projects carry out.
type Strategy struct{ Group }

// GroupInput is what a group is created from.
type GroupInput struct {
	Home        id.ID // the organisation that answers for it
	Kind        GroupKind
	Title       lang.Text
	Description lang.Text // 20,000
	From, Until time.Time
	Visibility  access.Level
	About       []id.ID
}

// Kinds of facts about a group.
const (
	FactGroupCreated   = "GROUP_CREATED"
	FactProjectAdded   = "PROJECT_ADDED"   // project
	FactProjectRemoved = "PROJECT_REMOVED" // project
	FactSigned         = "SIGNED"          // partner: the organisation
	FactUnsigned       = "UNSIGNED"        // partner
)

// groupFact is what happened to a group.
type groupFact struct {
	Project id.ID `json:"project,omitzero"`
	Partner id.ID `json:"partner,omitzero"`
}

// CreateGroup makes a programme, a lab or a strategy. Who may: who answers for
// its home.
func (s *Service) CreateGroup(ctx context.Context, v *access.Viewer, in GroupInput, key string) (*Group, error) {
	in.Title, in.Description = form.Trim(in.Title), form.Trim(in.Description)
	return command.One(ctx, s.call(v, key, "groupCreate", in), func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		about := relation.List{Name: "about", Edge: node.About, Kinds: relation.Themes(), Max: 50, IDs: in.About}
		if err := relation.MayBegin(ctx, tx.Native(), v, in.Home, "organization", []relation.List{about}, in.check()); err != nil {
			return id.Zero, err
		}
		made := id.New()
		return made, createGroup(ctx, tx, v, made, in, about)
	}, groupReader(v))
}

func (in GroupInput) check() fault.List {
	var f form.Findings
	f.Title(in.Title, "title")
	f.Text(in.Description, maxDescription, "description")
	f.Dates(in.From, in.Until, "from", "until")
	form.Choice(&f, in.Kind, slices.Concat(ProgrammeKinds(), StrategyKinds()), "kind")
	return f.Faults
}

func createGroup(ctx context.Context, tx *postgres.Tx, v *access.Viewer, group id.ID, in GroupInput, about relation.List) error {
	if err := holdOrganisations(ctx, tx.Native(), in.Home); err != nil {
		return err
	}
	n := node.Node{ID: group, Kind: in.Kind.nodeKind(), Title: in.Title, Home: in.Home, Visibility: in.Visibility}
	if err := node.Register(ctx, tx, n); err != nil {
		return err
	}
	if err := journal.Lock(ctx, tx, group); err != nil {
		return err
	}
	sql := `insert into programmes (node, kind, description, starts_on, ends_on, created_by) values ($1, $2, $3, $4, $5, $6)`
	if in.Kind.strategy() {
		sql = `insert into strategies (node, kind, description, valid_from, valid_until, created_by) values ($1, $2, $3, $4, $5, $6)`
	}
	if _, err := tx.Native().Exec(ctx, sql, group, in.Kind, in.Description, day(in.From), day(in.Until), v.Person); err != nil {
		return storeError("insert group", err)
	}
	if err := relation.Connect(ctx, tx, group, v.Person, []relation.List{about}); err != nil {
		return err
	}
	return journal.Append(ctx, tx, group, v, journal.Fact{
		Kind: FactGroupCreated, Level: in.Visibility, Data: groupFact{}, About: append([]id.ID{in.Home}, in.About...),
	})
}

func groupReader(v *access.Viewer) func(context.Context, postgres.Querier, id.ID) (*Group, error) {
	return command.Found(v, GroupsByIDs)
}

func groupOf(ctx context.Context, q postgres.Querier, v *access.Viewer, group id.ID) (*Group, error) {
	return command.Found(v, GroupsByIDs)(ctx, q, group)
}

// AddToGroup makes a project part of a programme or lab, or says that it carries
// a strategy out. Who may: the group's organisers, who see the project.
func (s *Service) AddToGroup(ctx context.Context, v *access.Viewer, group, project id.ID, key string) (*Group, error) {
	return s.regroup(ctx, v, "groupProjectAdd", group, project, key, func(ctx context.Context, tx *postgres.Tx, g *Group, p *Project) error {
		if err := access.MayOrganise(v, g.Subject()); err != nil {
			return access.At(err, "id")
		}
		kind, role := g.GroupKind.edge()
		err := node.Connect(ctx, tx, node.Edge{
			Kind: kind, Role: role, Source: project, Target: group, From: &p.Today, RecordedBy: v.Person, RecordedIn: group,
		})
		if err != nil {
			return oneOfAKind(err)
		}
		return tellGrouped(ctx, tx, v, g, p, FactProjectAdded, FactGrouped)
	})
}

// oneOfAKind names the project's own words for a relation that is there already.
func oneOfAKind(err error) error {
	switch f := fault.From(err); f.Code.Name {
	case "PART_OF_TWO", "RELATION_OVERLAPS":
		return ErrOtherProgramme.At("project")
	}
	return err
}

// RemoveFromGroup ends it. Who may: the organisers of either.
func (s *Service) RemoveFromGroup(ctx context.Context, v *access.Viewer, group, project id.ID, key string) (*Group, error) {
	return s.regroup(ctx, v, "groupProjectRemove", group, project, key, func(ctx context.Context, tx *postgres.Tx, g *Group, p *Project) error {
		if access.MayOrganise(v, p.Subject()) != nil {
			if err := access.MayOrganise(v, g.Subject()); err != nil {
				return access.At(err, "id")
			}
		}
		kind, role := g.GroupKind.edge()
		there, err := node.Disconnect(ctx, tx, kind, project, group, role, p.Today)
		if err != nil {
			return err
		}
		if !there {
			return fault.ErrNotFound.At("project")
		}
		return tellGrouped(ctx, tx, v, g, p, FactProjectRemoved, FactUngrouped)
	})
}

// regroup runs a command on a group and a project, under the locks of both.
func (s *Service) regroup(ctx context.Context, v *access.Viewer, mutation string, group, project id.ID, key string,
	do func(context.Context, *postgres.Tx, *Group, *Project) error,
) (*Group, error) {
	read := func(ctx context.Context, q postgres.Querier) (*Group, *Project, error) {
		g, err := groupOf(ctx, q, v, group)
		if err != nil {
			return nil, nil, err
		}
		found, err := ByIDs(ctx, q, v, []id.ID{project}, Card)
		if err == nil && len(found) == 0 {
			err = fault.ErrNotFound.At("project")
		}
		if err != nil {
			return nil, nil, err
		}
		return g, found[0], nil
	}
	return command.One(ctx, s.call(v, key, mutation, group, project), func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		if _, _, err := read(ctx, tx.Native()); err != nil {
			return id.Zero, err // before the locks, so that a stranger holds nobody up
		}
		if err := journal.Lock(ctx, tx, group, project); err != nil {
			return id.Zero, err
		}
		g, p, err := read(ctx, tx.Native())
		if err != nil {
			return id.Zero, err
		}
		return group, do(ctx, tx, g, p)
	}, groupReader(v))
}

// tellGrouped tells both sides, each to who may see the other, too.
func tellGrouped(ctx context.Context, tx *postgres.Tx, v *access.Viewer, g *Group, p *Project, ofGroup, ofProject string) error {
	level := max(g.Visibility, p.Visibility)
	about := []id.ID{g.Home, p.Home}
	err := journal.Append(ctx, tx, g.ID, v, journal.Fact{Kind: ofGroup, Level: level, Data: groupFact{Project: p.ID}, About: about})
	if err != nil {
		return err
	}
	return journal.Append(ctx, tx, p.ID, v, journal.Fact{Kind: ofProject, Level: level, Data: Fact{Group: g.ID}, About: about})
}

// Sign adds an organisation's signature to a strategy, from a day on (zero:
// today); with withdraw it ends. Who may: who answers for the organisation.
func (s *Service) Sign(ctx context.Context, v *access.Viewer, strategy, organisation id.ID, on time.Time, withdraw bool, key string) (*Group, error) {
	call := s.call(v, key, "strategySign", strategy, organisation, on, withdraw)
	return command.One(ctx, call, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		return strategy, sign(ctx, tx, v, strategy, organisation, on, withdraw)
	}, groupReader(v))
}

func sign(ctx context.Context, tx *postgres.Tx, v *access.Viewer, strategy, organisation id.ID, on time.Time, withdraw bool) error {
	if _, err := groupOf(ctx, tx.Native(), v, strategy); err != nil {
		return err
	}
	if err := relation.MayBeginFor(ctx, tx.Native(), v, organisation, "organization"); err != nil {
		return err
	}
	if err := journal.Lock(ctx, tx, strategy); err != nil {
		return err
	}
	g, err := groupOf(ctx, tx.Native(), v, strategy)
	if err != nil {
		return err
	}
	if !g.GroupKind.strategy() {
		return fault.ErrNotFound.At("id")
	}
	if err := holdOrganisations(ctx, tx.Native(), organisation); err != nil {
		return err
	}
	if on.IsZero() {
		if on, err = relation.Today(ctx, tx.Native()); err != nil {
			return err
		}
	}
	kind := FactSigned
	if withdraw {
		kind = FactUnsigned
		there, err := node.Disconnect(ctx, tx, node.Signed, organisation, strategy, "", on)
		if err != nil {
			return err
		}
		if !there {
			return fault.ErrNotFound.At("organization")
		}
	} else {
		err := node.Connect(ctx, tx, node.Edge{
			Kind: node.Signed, Source: organisation, Target: strategy, From: &on, RecordedBy: v.Person, RecordedIn: strategy,
		})
		if err != nil {
			if fault.From(err).Code.Name == "RELATION_OVERLAPS" {
				return ErrSigned.At("organization")
			}
			return err
		}
	}
	return journal.Append(ctx, tx, strategy, v, journal.Fact{
		Kind: kind, Level: g.Visibility, Data: groupFact{Partner: organisation}, About: []id.ID{g.Home, organisation},
	})
}
