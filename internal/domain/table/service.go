package table

import (
	"context"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

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

// Service runs the commands on tables.
//
// Every command takes an idempotency key: sent again with the same key it takes
// effect once and answers with the same identifier. Every command may fail with
// fault.ErrUnauthenticated, with fault.ErrNotFound for what the viewer cannot
// see, and with fault.ErrDenied for what they see and may not do.
type Service struct {
	db      *postgres.DB
	council func(place string) lang.Text
}

// Option changes how the service works.
type Option func(*Service)

// WithCouncils tells how a town is called when it sits at a table, which the
// domain of territories knows. Without it a council goes by the town's name.
func WithCouncils(name func(place string) lang.Text) Option {
	return func(s *Service) { s.council = name }
}

// New makes the service on a database.
func New(db *postgres.DB, options ...Option) *Service {
	s := &Service{db: db, council: func(place string) lang.Text { return lang.Text{CA: place} }}
	for _, set := range options {
		set(s)
	}
	return s
}

// rule is who may do something to a table.
type rule func(*access.Viewer, access.Subject) error

// work is one command on a table whose topic is locked. What it tells is
// appended when it is done.
type work struct {
	tx      *postgres.Tx
	q       postgres.Querier
	viewer  *access.Viewer
	table   *Table
	facts   []told
	changed bool      // what its organisers edit: the revision rises
	revoked [][]id.ID // whose rights end with the last fact
}

type told struct {
	fact journal.Fact
	data *Fact
}

// request is what a command is known by.
type request struct {
	key, name string
	table     id.ID
	input     any
	may       rule
}

// run carries a command out once per key. The right is asked for before the
// lock, so that a stranger cannot hold a table up, and again under it.
func (s *Service) run(ctx context.Context, v *access.Viewer, c request, do func(context.Context, *work) (id.ID, error)) (made id.ID, err error) {
	return s.carry(ctx, v, "", c, do)
}

// tableInput is what counts as the same input under the same key.
type tableInput struct {
	Table id.ID
	Input any
}

// carry is run for who may have come by a link, of which bearer is the secret.
func (s *Service) carry(ctx context.Context, v *access.Viewer, bearer string, c request, do func(context.Context, *work) (id.ID, error)) (made id.ID, err error) {
	made, err = command.Made(ctx, command.Call{DB: s.db, Viewer: v, Key: c.key, Mutation: c.name, Bearer: bearer, Input: tableInput{c.table, c.input}},
		func(ctx context.Context, tx *postgres.Tx) (id.ID, error) { return s.locked(ctx, tx, v, c, do) })
	return made, postgres.Translate(err, constraints())
}

func (s *Service) locked(ctx context.Context, tx *postgres.Tx, v *access.Viewer, c request, do func(context.Context, *work) (id.ID, error)) (id.ID, error) {
	w := &work{tx: tx, q: tx.Native(), viewer: v}
	if _, err := w.read(ctx, c); err != nil {
		return id.Zero, err
	}
	if err := journal.Lock(ctx, tx, c.table); err != nil {
		return id.Zero, err
	}
	var err error
	if w.table, err = w.read(ctx, c); err != nil {
		return id.Zero, err
	}
	made, err := do(ctx, w)
	if err != nil {
		return id.Zero, err
	}
	return made, w.finish(ctx)
}

func (w *work) read(ctx context.Context, c request) (*Table, error) {
	found, err := ByIDs(ctx, w.q, w.viewer, []id.ID{c.table})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fault.ErrNotFound.At("id")
	}
	return found[0], c.may(w.viewer, found[0].Subject())
}

// Fact is the data of every fact about a table: what it is about, by id.
type Fact struct {
	Session      id.ID    `json:"session,omitzero"`
	Item         id.ID    `json:"item,omitzero"`
	Resolution   id.ID    `json:"resolution,omitzero"`
	Organization id.ID    `json:"organization,omitzero"`
	Poll         id.ID    `json:"poll,omitzero"`
	Fields       []string `json:"fields,omitempty"`
	// Visibility is set when the table's changed: who is below it now is cut off
	// behind this fact.
	Visibility *access.Level `json:"visibility,omitempty"`
	// Numbers are the fact's places in its session's own stream, per level; 0
	// where the level may not see it.
	Numbers *[access.Levels]int64 `json:"numbers,omitempty"`
}

// tell notes what happened, for who has at least the level.
func (w *work) tell(kind string, level access.Level, data Fact) {
	w.facts = append(w.facts, told{journal.Fact{Kind: kind, Level: level}, &data})
}

// finish numbers and appends what was told.
func (w *work) finish(ctx context.Context) error {
	if w.changed {
		if _, err := w.q.Exec(ctx, `update working_tables set version = version + 1 where node = $1`, w.table.ID); err != nil {
			return wrap("count a change", err)
		}
	}
	if len(w.facts) == 0 {
		return nil
	}
	if err := w.number(ctx); err != nil {
		return err
	}
	about, err := subjectsOf(ctx, w.q, w.table)
	if err != nil {
		return err
	}
	asked, err := w.asked(ctx)
	if err != nil {
		return err
	}
	facts := make([]journal.Fact, len(w.facts))
	for i, t := range w.facts {
		t.fact.Data = t.data
		if t.fact.About == nil {
			t.fact.About = about
			if !t.data.Organization.IsZero() {
				t.fact.About = append(slices.Clone(about), t.data.Organization)
			}
		}
		if asks(t.fact.Kind) {
			t.fact.Asks = asked
		}
		facts[i] = t.fact
	}
	if err := journal.Append(ctx, w.tx, w.table.ID, w.viewer, facts...); err != nil {
		return err
	}
	return auth.Revoke(ctx, w.tx, w.table.ID, slices.Concat(w.revoked...)...)
}

// asks tells whether a fact wants something from the members: it is in the inbox
// of their people.
func asks(kind string) bool {
	return slices.Contains([]string{FactSessionCalled, FactPollOpened, FactMinutesCirculated}, kind)
}

// asked are the table's members, read when one of the facts asks them.
func (w *work) asked(ctx context.Context) ([]id.ID, error) {
	if !slices.ContainsFunc(w.facts, func(t told) bool { return asks(t.fact.Kind) }) {
		return nil, nil
	}
	rows, err := w.q.Query(ctx, `select distinct source from edges where target = $1 and kind = 'member_of' and valid @> `+today, w.table.ID)
	if err != nil {
		return nil, wrap("read whom a table asks", err)
	}
	members, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	return members, wrap("read whom a table asks", err)
}

// number gives the facts of each session their places in its own stream: the
// table's numbers count what happens in other sessions too.
func (w *work) number(ctx context.Context) error {
	sessions := map[id.ID][]told{}
	for _, t := range w.facts {
		if !t.data.Session.IsZero() {
			sessions[t.data.Session] = append(sessions[t.data.Session], t)
		}
	}
	for session, facts := range sessions {
		var more, heads [access.Levels]int64
		for _, t := range facts {
			for l := t.fact.Level; l <= access.Organisers; l++ {
				more[l]++
			}
		}
		var after []int64
		err := w.q.QueryRow(ctx, `
			update table_sessions set heads = array(
			  select h + m from unnest(heads, $2::bigint[]) with ordinality as x(h, m, place) order by place)
			where id = $1 returning heads`, session, more[:]).Scan(&after)
		if err != nil {
			return wrap("number a session's facts", err)
		}
		for l := range heads {
			heads[l] = after[l] - more[l]
		}
		for _, t := range facts {
			t.data.Numbers = &[access.Levels]int64{}
			for l := t.fact.Level; l <= access.Organisers; l++ {
				heads[l]++
				t.data.Numbers[l] = heads[l]
			}
		}
	}
	return nil
}

// subjectsOf are the things in whose feeds a table's facts appear: who convenes
// it, where it acts and what it is about.
func subjectsOf(ctx context.Context, q postgres.Querier, t *Table) ([]id.ID, error) {
	rows, err := q.Query(ctx, `
		select target from edges where source = $1 and kind in ('acts_in', 'about', 'part_of') and valid @> `+today, t.ID)
	if err != nil {
		return nil, wrap("read what a table is about", err)
	}
	about, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	return append(about, t.Home), wrap("read what a table is about", err)
}

// visible reads nodes that the viewer can see and are of the kinds; the others
// are the fault NOT_FOUND, at the path and their place.
func visible(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID, kinds []node.Kind, path ...string) error {
	if len(ids) == 0 {
		return nil
	}
	nodes, err := node.ByIDs(ctx, q, v, ids)
	if err != nil {
		return err
	}
	var c findings
	for i, want := range ids {
		at := slices.IndexFunc(nodes, func(n *node.Node) bool { return n.ID == want })
		if at < 0 || kinds != nil && !slices.Contains(kinds, nodes[at].Kind) {
			where := path
			if len(ids) > 1 {
				where = append(slices.Clone(path), strconv.Itoa(i))
			}
			c.add(fault.ErrNotFound.At(where...))
		}
	}
	return c.Err()
}

func organisations() []node.Kind {
	return []node.Kind{node.Municipality, node.Association, node.PublicService, node.Institution}
}

func territories() []node.Kind {
	return []node.Kind{node.Municipality, node.Comarca, node.Province, node.District, node.Neighbourhood}
}

func themes() []node.Kind {
	return []node.Kind{node.Field, node.Goal, node.Challenge, node.Axis}
}

// peopleOf are those who act for organisations today.
func peopleOf(ctx context.Context, q postgres.Querier, organisations ...id.ID) ([]id.ID, error) {
	rows, err := q.Query(ctx, `
		select distinct source from edges where kind = 'acts_for' and target = any(`+postgres.Keys+`) and valid @> `+today, organisations)
	if err != nil {
		return nil, wrap("read who acts for an organisation", err)
	}
	people, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	return people, wrap("read who acts for an organisation", err)
}

// checkRevision refuses a change of what somebody else changed in between.
func checkRevision(expected *int64, now int64) error {
	if expected == nil || *expected == now {
		return nil
	}
	return ErrRevision.At("expectedRevision").With("currentRevision", strconv.FormatInt(now, 36))
}
