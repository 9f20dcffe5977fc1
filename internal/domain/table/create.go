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

// Decide approves or rejects a proposal. Who may: who administers the convenor.
// The reason is needed to reject and shown to who proposed it.
func (s *Service) Decide(ctx context.Context, v *access.Viewer, table id.ID, approve bool, reason lang.Text, key string) error {
	reason = form.Trim(reason)
	var c findings
	c.Text(reason, maxNote, "reason")
	if !approve && reason.Empty() {
		c.add(fault.ErrRequired.At("reason"))
	}
	if err := c.Err(); err != nil {
		return err
	}
	name := "workingTableReject"
	if approve {
		name = "workingTableApprove"
	}
	_, err := s.run(ctx, v, request{key, name, table, reason, access.MayDecideProposal}, func(ctx context.Context, w *work) (id.ID, error) {
		if w.table.State != Proposed {
			return id.Zero, w.table.not()
		}
		return table, w.decide(ctx, approve, reason)
	})
	return err
}

func (w *work) decide(ctx context.Context, approve bool, reason lang.Text) error {
	t, state := w.table, Rejected
	if approve {
		state = Active
	}
	_, err := w.q.Exec(ctx, `update working_tables set state = $2, decision_reason = nullif($3::jsonb, '{}') where node = $1`, t.ID, state, reason)
	if err != nil {
		return wrap("decide on a table", err)
	}
	w.changed = true
	if !approve {
		w.tell(FactRejected, access.Members, Fact{})
		return nil
	}
	if err := node.SetVisibility(ctx, w.tx, t.ID, t.Declared); err != nil {
		return err
	}
	t.Visibility = t.Declared
	w.tell(FactApproved, t.Declared, Fact{})
	// From now on who proposed it sees what their other rights let them see.
	ended, err := node.Disconnect(ctx, w.tx, node.HasRole, t.ProposedBy, t.ID, "MEMBER", t.Today)
	if err == nil && ended {
		w.revoked = append(w.revoked, []id.ID{t.ProposedBy})
	}
	return err
}

func (t *Table) not() error { return ErrTableState.New().With("state", t.State) }

// active says why nothing new can happen at the table.
func (t *Table) active() error {
	if t.State == Active {
		return nil
	}
	return t.not()
}

// Changes are what an organiser changes; nil leaves things as they are.
type Changes struct {
	Title, Description *lang.Text
	Visibility, Inside *access.Level
	Rules              *Rules
	FilePrefix         *string
	Territories, About *[]id.ID
}

// Update changes a table and its rules. Who may: its organisers. Sessions that
// are open or over keep the quorum they were opened with.
func (s *Service) Update(ctx context.Context, v *access.Viewer, table id.ID, expected *int64, in Changes, key string) error {
	in.Title, in.Description = trimmed(in.Title), trimmed(in.Description)
	c := request{key, "workingTableUpdate", table, struct {
		Expected *int64
		Changes  Changes
	}{expected, in}, access.MayOrganise}
	_, err := s.run(ctx, v, c, func(ctx context.Context, w *work) (id.ID, error) {
		if err := checkRevision(expected, w.table.Revision); err != nil {
			return id.Zero, err
		}
		if w.table.State == Ended || w.table.State == Rejected {
			return id.Zero, w.table.not()
		}
		return table, w.update(ctx, in)
	})
	return err
}

func (w *work) update(ctx context.Context, in Changes) error {
	t := w.table
	now := Spec{
		Convenor: t.Home, Kind: t.TableKind, Title: t.Title, Description: t.Description, Visibility: t.Declared, Inside: t.Inside,
		Rules: t.Rules, FilePrefix: t.FilePrefix,
	}
	fields := in.apply(&now)
	if len(fields) == 0 {
		return nil
	}
	if err := now.check(ctx, w.q, w.viewer); err != nil {
		return err
	}
	level := t.Visibility
	data := Fact{Fields: fields}
	if in.Visibility != nil && t.State == Active && *in.Visibility != t.Visibility {
		if err := node.SetVisibility(ctx, w.tx, t.ID, *in.Visibility); err != nil {
			return err
		}
		level, data.Visibility = min(level, *in.Visibility), in.Visibility
	}
	if in.Title != nil {
		if err := node.SetTitle(ctx, w.tx, t.ID, now.Title); err != nil {
			return err
		}
	}
	if err := w.relate(ctx, in); err != nil {
		return err
	}
	w.changed = true
	w.tell(FactUpdated, level, data)
	r := now.Rules
	_, err := w.q.Exec(ctx, `
		update working_tables set visibility = $2, inside = $3, description = $4, quorum_first = $5, quorum_second = $6, quorum_least = $7,
		  second_call_minutes = $8, notice_days = $9, majority = $10, periodicity = $11, quiet_days = $12, file_prefix = $13 where node = $1`,
		t.ID, now.Visibility, now.Inside, now.Description, r.QuorumFirst, r.QuorumSecond, r.QuorumLeast, r.SecondCallMinutes,
		r.NoticeDays, r.Majority, r.Periodicity, r.QuietDays, now.FilePrefix)
	return wrap("change a table", err)
}

// apply puts what is given into the spec and names it.
func (in Changes) apply(now *Spec) (fields []string) {
	set := func(name string, given bool, do func()) {
		if given {
			fields = append(fields, name)
			do()
		}
	}
	set("title", in.Title != nil, func() { now.Title = *in.Title })
	set("description", in.Description != nil, func() { now.Description = *in.Description })
	set("visibility", in.Visibility != nil, func() { now.Visibility = *in.Visibility; now.Inside = max(now.Inside, now.Visibility) })
	set("inside", in.Inside != nil, func() { now.Inside = *in.Inside })
	set("rules", in.Rules != nil, func() { now.Rules = *in.Rules })
	set("filePrefix", in.FilePrefix != nil, func() { now.FilePrefix = *in.FilePrefix })
	set("territories", in.Territories != nil, func() { now.Territories = *in.Territories })
	set("about", in.About != nil, func() { now.About = *in.About })
	return fields
}

// relate ends and begins the edges that Changes speak of.
func (w *work) relate(ctx context.Context, in Changes) error {
	for _, l := range []struct {
		kind node.EdgeKind
		to   *[]id.ID
	}{{node.ActsIn, in.Territories}, {node.About, in.About}} {
		if l.to == nil {
			continue
		}
		_, err := w.q.Exec(ctx, `
			with gone as (delete from edges where source = $1 and kind = $2 and valid @> $4::date and not target = any($3)
			  and coalesce(lower(valid), $4::date) = $4::date and not lower_inf(valid))
			update edges set valid = daterange(lower(valid), $4::date)
			where source = $1 and kind = $2 and valid @> $4::date and not target = any($3) and (lower_inf(valid) or lower(valid) < $4::date)`,
			w.table.ID, l.kind, *l.to, w.table.Today)
		if err != nil {
			return wrap("end relations", err)
		}
		var there []id.ID
		err = w.q.QueryRow(ctx, `select coalesce(array_agg(target), '{}') from edges where source = $1 and kind = $2 and valid @> $3::date`,
			w.table.ID, l.kind, w.table.Today).Scan(&there)
		if err != nil {
			return wrap("read relations", err)
		}
		var edges []node.Edge
		for _, to := range *l.to {
			if !contains(there, to) {
				edges = append(edges, node.Edge{
					Kind: l.kind, Source: w.table.ID, Target: to, From: &w.table.Today, RecordedBy: w.viewer.Person, RecordedIn: w.table.ID,
				})
				there = append(there, to)
			}
		}
		if err := node.Connect(ctx, w.tx, edges...); err != nil {
			return err
		}
	}
	return nil
}

func contains(list []id.ID, v id.ID) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

// End ends a table: what it decided can still be followed, nothing new happens.
// Who may: who administers the convenor.
func (s *Service) End(ctx context.Context, v *access.Viewer, table id.ID, key string) error {
	_, err := s.run(ctx, v, request{key, "workingTableEnd", table, nil, access.MayDecideProposal}, func(ctx context.Context, w *work) (id.ID, error) {
		if err := w.table.active(); err != nil {
			return id.Zero, err
		}
		w.changed = true
		w.tell(FactEnded, w.table.Visibility, Fact{})
		_, err := w.q.Exec(ctx, `update working_tables set state = 'ENDED' where node = $1`, table)
		return table, wrap("end a table", err)
	})
	return err
}
