package table

import (
	"context"
	"strings"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Spec describes a table to be made or proposed.
type Spec struct {
	Convenor    id.ID // the organisation that answers for it
	Kind        Kind
	Title       lang.Text
	Description lang.Text
	Visibility  access.Level
	Inside      access.Level
	Rules       Rules
	FilePrefix  string
	Territories []id.ID
	About       []id.ID
	PartOf      id.ID // of which table it is a part
	From        id.ID // what it is proposed from: an event, a workshop
}

// Create makes a table at once. Who may: who administers the convenor.
func (s *Service) Create(ctx context.Context, v *access.Viewer, in Spec, key string) (id.ID, error) {
	return s.make(ctx, v, in, key, Active)
}

// Propose proposes a table to its convenor, from an event or freely. Who may:
// who acts for an organisation. Until it is decided on, the convenor and who
// proposed it see it.
func (s *Service) Propose(ctx context.Context, v *access.Viewer, in Spec, key string) (id.ID, error) {
	return s.make(ctx, v, in, key, Proposed)
}

func (s *Service) make(ctx context.Context, v *access.Viewer, in Spec, key string, state State) (made id.ID, err error) {
	if !v.SignedIn() {
		return id.Zero, fault.ErrUnauthenticated.New()
	}
	in.Title, in.Description, in.FilePrefix = form.Trim(in.Title), form.Trim(in.Description), strings.TrimSpace(in.FilePrefix)
	name := "workingTableCreate"
	if state == Proposed {
		name = "workingTablePropose"
	}
	call := command.Call{DB: s.db, Viewer: v, Key: key, Mutation: name, Input: tableInput{Input: in}}
	made, err = command.Made(ctx, call, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) { return create(ctx, tx, v, in, state) })
	return made, postgres.Translate(err, constraints())
}

func create(ctx context.Context, tx *postgres.Tx, v *access.Viewer, in Spec, state State) (id.ID, error) {
	if err := mayMake(ctx, tx.Native(), v, in, state); err != nil {
		return id.Zero, err
	}
	if err := in.check(ctx, tx.Native(), v); err != nil {
		return id.Zero, err
	}
	t := &Table{Node: node.Node{ID: id.New(), Kind: node.WorkingTable, Title: in.Title, Home: in.Convenor, Visibility: in.Visibility}}
	if state == Proposed {
		t.Visibility = access.Members
	}
	if err := node.Register(ctx, tx, t.Node); err != nil {
		return id.Zero, err
	}
	if err := insert(ctx, tx.Native(), t.ID, v.Person, in, state); err != nil {
		return id.Zero, err
	}
	if err := node.Connect(ctx, tx, in.edges(t.ID, v.Person, state)...); err != nil {
		return id.Zero, err
	}
	if state == Proposed {
		if err := auth.Bump(ctx, tx, v.Person); err != nil {
			return id.Zero, err
		}
	}
	if err := journal.Lock(ctx, tx, t.ID); err != nil {
		return id.Zero, err
	}
	w := &work{tx: tx, q: tx.Native(), viewer: v, table: t}
	if state == Proposed {
		w.tell(FactProposed, access.Members, Fact{})
	} else {
		w.tell(FactCreated, in.Visibility, Fact{})
	}
	return t.ID, w.finish(ctx)
}

func mayMake(ctx context.Context, q postgres.Querier, v *access.Viewer, in Spec, state State) error {
	if err := visible(ctx, q, v, []id.ID{in.Convenor}, organisations(), "convenor"); err != nil {
		return err
	}
	may, whole := access.At(access.MayAdminister(v, in.Convenor), "convenor"), access.MayOrganise
	if state == Proposed {
		may, whole = access.MayPropose(v), access.MayTakePart
	}
	if may != nil || in.PartOf.IsZero() {
		return may
	}
	parents, err := ByIDs(ctx, q, v, some(in.PartOf))
	if err != nil || len(parents) == 0 { // what is not seen is said with all that is wrong
		return err
	}
	return access.At(whole(v, parents[0].Subject()), "partOf")
}

func (in Spec) check(ctx context.Context, q postgres.Querier, v *access.Viewer) error {
	var c findings
	c.Needed(in.Title, maxTitle, "title")
	c.Text(in.Description, maxDescription, "description")
	c.String(in.FilePrefix, 50, "filePrefix")
	c.rules(in.Rules)
	if in.Inside < in.Visibility {
		c.add(ErrInside.At("inside"))
	}
	for _, l := range []struct {
		ids   []id.ID
		kinds []node.Kind
		name  string
	}{
		{in.Territories, territories(), "territories"},
		{in.About, themes(), "about"},
		{some(in.PartOf), []node.Kind{node.WorkingTable}, "partOf"},
		{some(in.From), nil, "from"},
	} {
		if len(l.ids) > 50 {
			c.add(ErrTooMany.At(l.name).With("max", 50))
			continue
		}
		if err := visible(ctx, q, v, l.ids, l.kinds, l.name); err != nil {
			c.Faults = append(c.Faults, fault.All(err)...)
		}
	}
	return c.Err()
}

// some is the list of one identifier, or of none.
func some(v id.ID) []id.ID {
	if v.IsZero() {
		return nil
	}
	return []id.ID{v}
}

func (f *findings) rules(r Rules) {
	f.between(r.QuorumLeast, 1, 1000, "quorumLeast")
	f.between(r.NoticeDays, 0, 60, "noticeDays")
	f.between(r.QuietDays, 1, 1000, "quietDays")
	if r.SecondCallMinutes != nil {
		f.between(*r.SecondCallMinutes, 1, 10080, "secondCallMinutes")
	}
}

func insert(ctx context.Context, q postgres.Querier, table, by id.ID, in Spec, state State) error {
	r := in.Rules
	proposer := by
	if state != Proposed {
		proposer = id.Zero
	}
	_, err := q.Exec(ctx, `
		insert into working_tables (node, kind, state, visibility, inside, description, quorum_first, quorum_second, quorum_least,
		  second_call_minutes, notice_days, majority, periodicity, quiet_days, file_prefix, proposed_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		table, in.Kind, state, in.Visibility, in.Inside, in.Description, r.QuorumFirst, r.QuorumSecond, r.QuorumLeast,
		r.SecondCallMinutes, r.NoticeDays, r.Majority, r.Periodicity, r.QuietDays, in.FilePrefix, proposer)
	return wrap("add a table", err)
}

// edges are the relations of a new table, and the grant that lets who proposed
// it see what becomes of it.
func (in Spec) edges(table, by id.ID, state State) []node.Edge {
	edge := func(kind node.EdgeKind, source, target id.ID, role string) node.Edge {
		return node.Edge{Kind: kind, Source: source, Target: target, Role: role, RecordedBy: by, RecordedIn: table}
	}
	edges := []node.Edge{edge(node.Leads, in.Convenor, table, "")}
	for _, place := range in.Territories {
		edges = append(edges, edge(node.ActsIn, table, place, ""))
	}
	for _, theme := range in.About {
		edges = append(edges, edge(node.About, table, theme, ""))
	}
	if !in.PartOf.IsZero() {
		edges = append(edges, edge(node.PartOf, table, in.PartOf, "TABLE"))
	}
	if !in.From.IsZero() {
		edges = append(edges, edge(node.DerivedFrom, table, in.From, ""))
	}
	if state == Proposed {
		grant := edge(node.HasRole, by, table, "MEMBER")
		grant.Facts = map[string]any{"office": "PROPOSER"}
		edges = append(edges, grant)
	}
	return edges
}
