package project

import (
	"context"
	"slices"
	"strconv"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Service runs the commands on projects, programmes and strategies.
//
// Every command takes an idempotency key: the same command sent again with the
// same key takes effect once and answers with the project as it is now. Every
// command may fail with fault.ErrUnauthenticated, with fault.ErrNotFound for what
// the viewer cannot see, and with fault.ErrDenied for what they may not do.
type Service struct{ db *postgres.DB }

// New makes the service on a database.
func New(db *postgres.DB) *Service { return &Service{db: db} }

// Create makes a project as an idea. Who may: whoever answers for the lead. All
// wrong fields are told at once.
func (s *Service) Create(ctx context.Context, v *access.Viewer, in Input, key string) (*Result, error) {
	return s.run(ctx, s.call(v, key, "sharedProjectCreate", in), func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		project, err := s.CreateIn(ctx, tx, v, in)
		return []id.ID{project}, err
	})
}

// CreateIn is Create inside of a command of another domain, which has locked
// what is its own: a new project's topic is nobody else's yet.
func (s *Service) CreateIn(ctx context.Context, tx *postgres.Tx, v *access.Viewer, in Input) (id.ID, error) {
	in.Fields = in.Fields.clean()
	strangers, err := checkPartners(ctx, tx.Native(), v, in.Lead, in.Partners)
	if err != nil {
		return id.Zero, err
	}
	err = relation.MayBegin(ctx, tx.Native(), v, in.Lead, "lead", append(in.lists(), in.origins()), append(in.check(), strangers...))
	if err != nil {
		return id.Zero, err
	}
	project := id.New()
	return project, create(ctx, tx, v, project, in)
}

// origins are what the project came from.
func (in Input) origins() relation.List {
	return relation.List{
		Name: "derivedFrom", Edge: node.DerivedFrom, Max: 20, IDs: in.DerivedFrom,
		Kinds: []node.Kind{node.Workshop, node.Event, node.PriorConsultation, node.SharedProject},
	}
}

func create(ctx context.Context, tx *postgres.Tx, v *access.Viewer, project id.ID, in Input) error {
	partners := make([]id.ID, len(in.Partners))
	for i, p := range in.Partners {
		partners[i] = p.Organization
	}
	bodies := append([]id.ID{in.Lead}, partners...)
	if err := holdOrganisations(ctx, tx.Native(), bodies...); err != nil {
		return err
	}
	err := node.Register(ctx, tx, node.Node{
		ID: project, Kind: node.SharedProject, Title: in.Title, Home: in.Lead, Visibility: in.Visibility,
	})
	if err != nil {
		return err
	}
	if err := journal.Lock(ctx, tx, project); err != nil {
		return err
	}
	if err := insert(ctx, tx, project, v.Person, in.Fields); err != nil {
		return err
	}
	if err := relation.Connect(ctx, tx, project, v.Person, append(in.lists(), in.origins())); err != nil {
		return err
	}
	today, err := relation.Today(ctx, tx.Native())
	if err != nil {
		return err
	}
	edges := []node.Edge{partnerEdge(project, v.Person, PartnerInput{Organization: in.Lead, Side: in.Side}, true, today)}
	for _, p := range in.Partners {
		edges = append(edges, partnerEdge(project, v.Person, p, false, today))
	}
	if err := node.Connect(ctx, tx, edges...); err != nil {
		return err
	}
	if err := auth.BumpActing(ctx, tx, bodies...); err != nil {
		return err
	}
	var about []relation.Related
	for _, l := range append(in.lists(), in.origins()) {
		for _, other := range l.IDs {
			about = append(about, relation.Related{Node: other})
		}
	}
	return journal.Append(ctx, tx, project, v, journal.Fact{
		Kind: FactCreated, Level: in.Visibility, Data: Fact{}, About: relation.Subjects(in.Lead, about, bodies...),
		Asks: partners,
	})
}

func checkPartners(ctx context.Context, q postgres.Querier, v *access.Viewer, lead id.ID, partners []PartnerInput) (fault.List, error) {
	ids := make([]id.ID, len(partners))
	for i, p := range partners {
		ids[i] = p.Organization
	}
	kinds, err := relation.VisibleKinds(ctx, q, v, ids)
	if err != nil {
		return nil, err
	}
	var f form.Findings
	for i, p := range partners {
		at := []string{"partners", strconv.Itoa(i), "organization"}
		if !slices.Contains(relation.Organisations(), kinds[p.Organization]) {
			f.Add(fault.ErrNotFound, at...)
		}
		if p.Organization == lead || slices.Contains(ids[:i], p.Organization) {
			f.Add(form.ErrGivenTwice, at...)
		}
	}
	return f.Faults, nil
}

// Update changes what is given. With expected, the change is refused with
// ErrRevision when somebody changed the project in between. In a final state
// only what others could take over may change.
func (s *Service) Update(ctx context.Context, v *access.Viewer, project id.ID, expected *int64, changes Changes, key string) (*Result, error) {
	organised := func(ctx context.Context, tx *postgres.Tx, v *access.Viewer, project id.ID) (*changing, error) {
		return lock(ctx, tx, v, project, access.MayOrganise)
	}
	return s.onProject(ctx, s.call(v, key, "sharedProjectUpdate", project, expected, changes), project, organised,
		func(ctx context.Context, tx *postgres.Tx, c *changing) (id.ID, error) {
			if err := c.project.checkRevision(expected); err != nil {
				return id.Zero, err
			}
			return id.Zero, c.update(ctx, tx, changes)
		})
}

func (c *changing) update(ctx context.Context, tx *postgres.Tx, changes Changes) error {
	before := c.project.fields()
	before.fill(c.related)
	after, names := before.with(changes)
	if len(names) == 0 {
		return nil
	}
	afterwards := func(name string) bool { return name == "replicable" || name == "practice" }
	if c.project.State.Final() && slices.ContainsFunc(names, func(n string) bool { return !afterwards(n) }) {
		return c.project.mayChange()
	}
	faults := after.check()
	unknown, err := relation.Check(ctx, tx.Native(), c.viewer, after.lists())
	if err != nil {
		return err
	}
	if err := append(faults, unknown...).Err(); err != nil {
		return err
	}
	if err := c.store(ctx, tx, before, after); err != nil {
		return err
	}
	now, err := relation.Of(ctx, tx.Native(), c.viewer, c.project.ID, c.today)
	if err != nil {
		return err
	}
	c.related = append(c.related, now...)
	return c.tellUpdated(ctx, tx, after, names)
}

func (c *changing) store(ctx context.Context, tx *postgres.Tx, before, after Fields) error {
	project := c.project.ID
	if err := update(ctx, tx, project, after); err != nil {
		return err
	}
	if after.Title != before.Title {
		if err := node.SetTitle(ctx, tx, project, after.Title); err != nil {
			return err
		}
	}
	if after.Visibility != before.Visibility {
		if err := node.SetVisibility(ctx, tx, project, after.Visibility); err != nil {
			return err
		}
	}
	return relation.Reconnect(ctx, tx, project, c.viewer.Person, before.lists(), after.lists(), c.today)
}

// Move brings a project into another state. Dropping needs a reason, which is
// shown to everybody who sees the project; at least one language, 1,000
// characters.
func (s *Service) Move(ctx context.Context, v *access.Viewer, project id.ID, to State, reason lang.Text, key string) (*Result, error) {
	reason = form.Trim(reason)
	organised := func(ctx context.Context, tx *postgres.Tx, v *access.Viewer, project id.ID) (*changing, error) {
		return lock(ctx, tx, v, project, access.MayOrganise)
	}
	return s.onProject(ctx, s.call(v, key, "sharedProjectMove", project, to, reason), project, organised,
		func(ctx context.Context, tx *postgres.Tx, c *changing) (id.ID, error) {
			var f form.Findings
			if to == Dropped {
				f.Needed(reason, 1_000, "reason")
			}
			if err := f.Err(); err != nil {
				return id.Zero, err
			}
			return id.Zero, c.become(ctx, tx, to, reason)
		})
}

func (c *changing) become(ctx context.Context, tx *postgres.Tx, to State, reason lang.Text) error {
	open, err := openCommitments(ctx, tx.Native(), c.project.ID, id.Zero)
	if err != nil {
		return err
	}
	if err := c.project.mayBecome(to, standing{partners: len(c.partners), open: len(open)}); err != nil {
		return err
	}
	if err := setState(ctx, tx, c.project.ID, to, reason); err != nil {
		return err
	}
	return c.tell(ctx, tx, FactStateChanged, Fact{From: c.project.State, To: to})
}
