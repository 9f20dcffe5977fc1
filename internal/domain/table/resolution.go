package table

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Resolution is what a table decided, or was asked to and did not.
type Resolution struct {
	link.Slots
	ID          id.ID
	Table       id.ID
	Session     id.ID
	Item        id.ID
	Number      int
	Kind        ResolutionKind
	State       ResolutionState
	Text        lang.Text
	Responsible id.ID
	Deadline    *time.Time
	Linked      id.ID // a project, a commitment
	ByVote      bool
	NamedVote   bool
	Tally       Tally
	AdoptedAt   time.Time
	FollowedAt  time.Time
	// Overdue and Quiet are as of the moment of reading, by PostgreSQL's clock.
	Overdue, Quiet bool
	Revision       int64
	TableSubject   access.Subject
}

// GlobalID is its public identifier.
func (r *Resolution) GlobalID() string { return ResolutionType.GlobalPart(r.Table, r.ID) }

// Note is what was said about a resolution later on.
type Note struct {
	link.Slots
	ID         id.ID
	Resolution id.ID
	Session    id.ID // Zero: between sessions
	State      ResolutionState
	Text       lang.Text
	At         time.Time
}

// Vote is how an organisation voted, where the vote was by name.
type Vote struct {
	link.Slots
	Resolution   id.ID
	Organization id.ID
	Choice       Choice
}

// Choice is how somebody votes.
type Choice string

// The choices.
const (
	For        Choice = "FOR"
	Against    Choice = "AGAINST"
	Abstention Choice = "ABSTENTION"
)

const (
	overdueSQL = `(r.state in ('OPEN', 'IN_PROGRESS') and coalesce(r.deadline < ` + today + `, false))`
	quietSQL   = `(r.state in ('OPEN', 'IN_PROGRESS') and r.followed_at < now() - make_interval(days => t.quiet_days))`
)

const resolutionColumns = `r.id, r.table_node, r.session, r.item, r.number, r.kind, r.state, r.text, r.responsible, r.deadline, r.linked,
	r.by_vote, r.named_vote, r.votes_for, r.votes_against, r.abstentions, r.adopted_at, r.followed_at, ` + overdueSQL + `, ` + quietSQL + `, r.version,
	n.id, n.home, n.visibility`

func (r *Resolution) scan(row pgx.CollectableRow, before ...any) error {
	return row.Scan(append(before, &r.ID, &r.Table, &r.Session, &r.Item, &r.Number, &r.Kind, &r.State, &r.Text, &r.Responsible, &r.Deadline,
		&r.Linked, &r.ByVote, &r.NamedVote, &r.Tally.For, &r.Tally.Against, &r.Tally.Abstentions, &r.AdoptedAt, &r.FollowedAt,
		&r.Overdue, &r.Quiet, &r.Revision, &r.TableSubject.Node, &r.TableSubject.Home, &r.TableSubject.Visibility)...)
}

const resolutionsFrom = ` from table_resolutions r join working_tables t on t.node = r.table_node join nodes n on n.id = r.table_node `

func seenInside(first int) string {
	return access.LevelSQL("n", first) + ` >= greatest(n.visibility, t.inside)`
}

func resolutions(rows pgx.Rows, err error) ([]*Resolution, error) {
	if err != nil {
		return nil, wrap("read resolutions", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Resolution, error) {
		r := &Resolution{}
		return r, r.scan(row)
	})
	return found, wrap("read resolutions", err)
}

var resolutionsByIDsSQL = `select ` + resolutionColumns + resolutionsFrom + `where r.id = any($1) and ` + seenInside(2)

// ResolutionsByIDs reads the resolutions among these that the viewer can see.
func ResolutionsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Resolution, error) {
	return resolutions(q.Query(ctx, resolutionsByIDsSQL, with(v, ids)...))
}

var resolutionsOfSessionsSQL = `select ` + resolutionColumns + resolutionsFrom + `where r.session = any($1) and ` + seenInside(2) + ` order by r.session, r.number`

// ResolutionsOfSessions reads what was adopted, or not, in the sessions.
func ResolutionsOfSessions(ctx context.Context, q postgres.Querier, v *access.Viewer, sessions []id.ID) (map[id.ID][]*Resolution, error) {
	found, err := resolutions(q.Query(ctx, resolutionsOfSessionsSQL, with(v, sessions)...))
	out := map[id.ID][]*Resolution{}
	for _, r := range found {
		out[r.Session] = append(out[r.Session], r)
	}
	return out, err
}

// Promises narrows a list of resolutions; an empty field does not.
type Promises struct {
	Tables             []id.ID
	Territories, About []id.ID // of the tables
	Responsible        []id.ID // organisations
	MineToDo           bool    // the viewer's own: theirs, or of an organisation they act for
	MyTables           bool    // tables in which the viewer takes part
	States             []ResolutionState
	Overdue, Quiet     *bool
}

func (p Promises) query(v *access.Viewer) *query {
	q := &query{args: v.SQLArgs(), where: []string{seenInside(1)}}
	q.ofTables(Filter{Territories: p.Territories, About: p.About, Mine: p.MyTables})
	if len(p.Tables) > 0 {
		q.and(`r.table_node = any(%s)`, p.Tables)
	}
	if len(p.Responsible) > 0 {
		q.and(`r.responsible = any(%s)`, p.Responsible)
	}
	if p.MineToDo {
		q.and(`(r.responsible = any($2::uuid[]) or r.id = any(array(select x.resolution from table_resolution_people x where x.person = %s)))`, v.Person)
	}
	if len(p.States) > 0 {
		q.and(`r.state = any(%s::text[])`, p.States)
	} else {
		q.where = append(q.where, `r.state <> 'NOT_ADOPTED'`)
	}
	for _, flag := range []struct {
		wanted *bool
		sql    string
	}{{p.Overdue, overdueSQL}, {p.Quiet, quietSQL}} {
		if flag.wanted != nil {
			q.and(flag.sql+` = %s::boolean`, *flag.wanted)
		}
	}
	return q
}

// ListResolutions reads a page of what tables promised, by deadline; those
// without one come last. Who is late stands first.
func ListResolutions(ctx context.Context, q postgres.Querier, v *access.Viewer, p Promises, args page.Args) (*page.Connection[*Resolution], error) {
	if p.MineToDo {
		q = postgres.Personal(q, v)
	}
	list := p.query(v)
	total, err := counted(ctx, q, resolutionsFrom+"where ", list, args)
	if err != nil {
		return nil, err
	}
	keys, err := args.After.Keys(2)
	if err != nil {
		return nil, err
	}
	if keys != nil {
		last, err := id.ParseUUID(keys[1])
		if err != nil {
			return nil, fault.ErrBadCursor.At("after")
		}
		if _, err := time.Parse(time.DateOnly, keys[0]); err != nil && keys[0] != "infinity" {
			return nil, fault.ErrBadCursor.At("after")
		}
		list.and(`(coalesce(r.deadline, 'infinity'), r.id) > (%s::text::date, %s::uuid)`, keys[0], last)
	}
	list.args = append(list.args, args.First+1)
	found, err := resolutions(q.Query(ctx, `select `+resolutionColumns+resolutionsFrom+"where "+strings.Join(list.where, " and ")+
		fmt.Sprintf(" order by coalesce(r.deadline, 'infinity'), r.id limit $%d", len(list.args)), list.args...))
	if err != nil {
		return nil, err
	}
	c := page.NewConnection(found, args, func(r *Resolution) page.Cursor {
		due := "infinity"
		if r.Deadline != nil {
			due = r.Deadline.Format(time.DateOnly)
		}
		return page.Cursor{due, r.ID.String()}
	})
	c.TotalCount = total
	return c, nil
}

// NotesOf reads what was noted about resolutions, oldest first, for who takes
// part in the table.
func NotesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, resolutions []id.ID) (map[id.ID][]*Note, error) {
	rows, err := q.Query(ctx, notesSQL, with(v, resolutions)...)
	if err != nil {
		return nil, wrap("read notes", err)
	}
	return collect(rows, func(row pgx.CollectableRow) (*Note, id.ID, error) {
		n := &Note{}
		return n, n.Resolution, row.Scan(&n.ID, &n.Resolution, &n.Session, &n.State, &n.Text, &n.At)
	})
}

var notesSQL = `select x.id, x.resolution, x.session, x.state, x.text, x.at from table_resolution_notes x
	join table_resolutions r on r.id = x.resolution join working_tables t on t.node = r.table_node join nodes n on n.id = r.table_node
	where x.resolution = any($1) and ` + access.LevelSQL("n", 2) + ` >= greatest(3, n.visibility, t.inside) order by x.resolution, x.at, x.id`

// VotesOf reads how organisations voted where votes were by name.
func VotesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, resolutions []id.ID) (map[id.ID][]*Vote, error) {
	rows, err := q.Query(ctx, votesSQL, with(v, resolutions)...)
	if err != nil {
		return nil, wrap("read votes", err)
	}
	return collect(rows, func(row pgx.CollectableRow) (*Vote, id.ID, error) {
		x := &Vote{}
		return x, x.Resolution, row.Scan(&x.Resolution, &x.Organization, &x.Choice)
	})
}

var votesSQL = `select x.resolution, x.organisation, x.choice from table_resolution_votes x join nodes o on o.id = x.organisation
	join table_resolutions r on r.id = x.resolution join working_tables t on t.node = r.table_node join nodes n on n.id = r.table_node
	where x.resolution = any($1) and ` + seenInside(2) + ` order by x.resolution, o.title_ca, o.id`

// ResponsiblePeopleOf reads which person is responsible, for who takes part in
// the table: row-level security decides.
func ResponsiblePeopleOf(ctx context.Context, q postgres.Querier, v *access.Viewer, resolutions []id.ID) (map[id.ID]*Responsible, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, `
		select x.resolution, x.person, p.name from table_resolution_people x left join person_names p on p.subject = x.person
		where x.resolution = any($1)`, resolutions)
	if err != nil {
		return nil, wrap("read who is responsible", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Responsible, error) {
		r := &Responsible{}
		return r, row.Scan(&r.Resolution, &r.Person, &r.Name)
	})
	out := make(map[id.ID]*Responsible, len(found))
	for _, r := range found {
		out[r.Resolution] = r
	}
	return out, wrap("read who is responsible", err)
}

// InChargeOf tells for which of the resolutions the viewer is the responsible
// person.
func InChargeOf(ctx context.Context, q postgres.Querier, v *access.Viewer, resolutions []id.ID) (map[id.ID]bool, error) {
	mine := map[id.ID]bool{}
	if !v.SignedIn() {
		return mine, nil
	}
	rows, err := postgres.Personal(q, v).Query(ctx, `
		select resolution from table_resolution_people where resolution = any($1) and person = $2`, resolutions, v.Person)
	if err != nil {
		return nil, wrap("read who is responsible", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	for _, r := range found {
		mine[r] = true
	}
	return mine, wrap("read who is responsible", err)
}

// MayFollow says why the viewer cannot note how far the resolution is; nil when
// they can. inCharge says whether they are the responsible person.
func (r *Resolution) MayFollow(v *access.Viewer, inCharge bool) error {
	var person id.ID
	if inCharge {
		person = v.Person
	}
	if err := access.MayFollowUp(v, r.TableSubject, r.Responsible, person); err != nil {
		return err
	}
	if r.State == NotAdopted {
		return ErrResolutionFinal.New()
	}
	return nil
}

// Responsible is the person who answers for a resolution.
type Responsible struct {
	Resolution id.ID
	Person     id.ID
	Name       *string
}

// AdoptSpec is a resolution to be adopted in a session.
type AdoptSpec struct {
	Kind        ResolutionKind
	Text        lang.Text
	Responsible id.ID // organisation
	Person      id.ID
	Deadline    *time.Time
	Linked      id.ID
	// Vote is the result; nil: adopted by assent. Named is who voted how, and
	// gives the result.
	Vote  *Tally
	Named []Vote
}

func (in *AdoptSpec) check() error {
	in.Text = form.Trim(in.Text)
	var c findings
	c.Needed(in.Text, maxDescription, "text")
	c.moment(in.Deadline, "deadline")
	if len(in.Named) > 0 {
		if in.Vote != nil {
			c.add(ErrBadVote.At("vote"))
		}
		in.Vote = &Tally{}
		for _, n := range in.Named {
			switch n.Choice {
			case For:
				in.Vote.For++
			case Against:
				in.Vote.Against++
			default:
				in.Vote.Abstentions++
			}
		}
	}
	return c.Err()
}

// Adopt adopts a resolution under an agenda item, by assent or by vote. A vote
// that does not carry is kept as not adopted. Below the quorum nothing is
// adopted. Who may: the table's organisers.
func (s *Service) Adopt(ctx context.Context, v *access.Viewer, table, item id.ID, in AdoptSpec, key string) (made id.ID, err error) {
	if err := in.check(); err != nil {
		return id.Zero, err
	}
	cmd := request{key, "tableResolutionAdopt", table, []any{item, in}, access.MayOrganise}
	return s.run(ctx, v, cmd, func(ctx context.Context, w *work) (id.ID, error) {
		i, of, err := w.item(ctx, item, "item")
		if err != nil {
			return id.Zero, err
		}
		if err := of.running(); err != nil {
			return id.Zero, err
		}
		if err := of.quorate(); err != nil {
			return id.Zero, err
		}
		if err := w.checkAdopt(ctx, of, in); err != nil {
			return id.Zero, err
		}
		return w.adopt(ctx, i, of, in)
	})
}

func (w *work) checkAdopt(ctx context.Context, of *Session, in AdoptSpec) error {
	for _, x := range []struct {
		id   id.ID
		name string
	}{{in.Responsible, "responsible"}, {in.Linked, "linked"}} {
		if err := visible(ctx, w.q, w.viewer, some(x.id), nil, x.name); err != nil {
			return err
		}
	}
	if err := w.knows(ctx, in.Person); err != nil {
		return err
	}
	if in.Vote == nil {
		return nil
	}
	if err := checkVote(*in.Vote, of.Present); err != nil {
		return err
	}
	return w.checkVoters(ctx, of, in.Named)
}

// knows lets nobody be made responsible who has nothing to do with the table.
func (w *work) knows(ctx context.Context, person id.ID) error {
	if person.IsZero() {
		return nil
	}
	var known bool
	err := w.q.QueryRow(ctx, `
		select exists (select from edges where source = $1 and target = $2 and kind = 'has_role' and role in ('MEMBER', 'ORGANISER') and valid @> $3::date)
		or exists (select from edges a join edges m on m.source = a.target and m.kind = 'member_of' and m.target = $2 and m.valid @> $3::date
		  where a.source = $1 and a.kind = 'acts_for' and a.valid @> $3::date)`, person, w.table.ID, w.table.Today).Scan(&known)
	if err == nil && !known {
		return fault.ErrNotFound.At("person")
	}
	return wrap("look for a person at the table", err)
}

func (w *work) checkVoters(ctx context.Context, of *Session, named []Vote) error {
	var voters []id.ID
	for _, n := range named {
		if slices.Contains(voters, n.Organization) {
			return ErrBadVote.At("named")
		}
		voters = append(voters, n.Organization)
	}
	var n int
	err := w.q.QueryRow(ctx, `select count(*) from table_attendance where session = $1 and organisation = any($2) and present and counts`,
		of.ID, voters).Scan(&n)
	if err == nil && n != len(voters) {
		return ErrVoterAbsent.At("named")
	}
	return wrap("look who may vote", err)
}

func (w *work) adopt(ctx context.Context, i *Item, of *Session, in AdoptSpec) (id.ID, error) {
	var number int
	err := w.q.QueryRow(ctx, `update working_tables set resolutions = resolutions + 1 where node = $1 returning resolutions`, w.table.ID).Scan(&number)
	if err != nil {
		return id.Zero, wrap("count resolutions", err)
	}
	made, state, kind, tally := id.New(), Open, FactAdopted, Tally{}
	if in.Vote != nil {
		if tally = *in.Vote; !w.table.Rules.Majority.Carries(tally, of.Members) {
			state, kind = NotAdopted, FactNotAdopted
		}
	}
	_, err = w.q.Exec(ctx, `
		insert into table_resolutions (id, table_node, session, item, number, kind, state, text, responsible, deadline, linked,
		  by_vote, named_vote, votes_for, votes_against, abstentions, adopted_at, followed_at)
		select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, at, at
		from (select case when $17 then $18 else clock_timestamp() end as at) x`,
		made, w.table.ID, of.ID, i.ID, number, in.Kind, state, in.Text, in.Responsible, in.Deadline, in.Linked,
		in.Vote != nil, len(in.Named) > 0, tally.For, tally.Against, tally.Abstentions, of.Recorded, of.StartsAt)
	if err != nil {
		return id.Zero, wrap("keep a resolution", err)
	}
	if err := w.adoptedBy(ctx, made, in); err != nil {
		return id.Zero, err
	}
	w.tell(kind, w.table.inside(), Fact{Session: of.ID, Item: i.ID, Resolution: made, Organization: in.Responsible})
	if state == NotAdopted {
		return made, nil
	}
	outcome := OutcomeDecision
	if in.Kind == Task {
		outcome = OutcomeTask
	}
	return made, w.closeItem(ctx, of, i.ID, outcome, lang.Text{})
}

// adoptedBy keeps who voted how, where they said so, and who is responsible.
func (w *work) adoptedBy(ctx context.Context, made id.ID, in AdoptSpec) error {
	bodies, choices := make([]id.ID, len(in.Named)), make([]string, len(in.Named))
	for i, n := range in.Named {
		bodies[i], choices[i] = n.Organization, string(n.Choice)
	}
	_, err := w.q.Exec(ctx, `
		insert into table_resolution_votes (resolution, organisation, choice) select $1, * from unnest($2::uuid[], $3::text[])`, made, bodies, choices)
	if err == nil && !in.Person.IsZero() {
		_, err = w.q.Exec(ctx, `insert into table_resolution_people (resolution, table_node, person) values ($1, $2, $3)`, made, w.table.ID, in.Person)
	}
	return wrap("keep who is responsible", err)
}

// FollowSpec is what is noted about a resolution; nil leaves things as they are.
// A zero deadline or identifier takes it away.
type FollowSpec struct {
	State       *ResolutionState
	Note        lang.Text
	Session     id.ID // in which it is said; Zero: between sessions
	Deadline    *time.Time
	Responsible *id.ID
	Person      *id.ID
	Linked      *id.ID
}

// Follow notes how far a resolution is. Who may: the table's organisers, who acts
// for the responsible organisation, and the responsible person; the deadline and
// who is responsible are changed by the organisers alone.
func (s *Service) Follow(ctx context.Context, v *access.Viewer, table, resolution id.ID, expected *int64, in FollowSpec, key string) (id.ID, error) {
	in.Note = form.Trim(in.Note)
	var c findings
	c.Text(in.Note, maxDescription, "note")
	if in.Deadline != nil && !in.Deadline.IsZero() {
		c.moment(in.Deadline, "deadline")
	}
	if err := c.Err(); err != nil {
		return id.Zero, err
	}
	cmd := request{key, "tableResolutionFollow", table, []any{resolution, expected, in}, access.MayTakePart}
	return s.run(ctx, v, cmd, func(ctx context.Context, w *work) (id.ID, error) {
		r, err := w.resolution(ctx, resolution)
		if err != nil {
			return id.Zero, err
		}
		if err := w.mayFollow(ctx, r, in); err != nil {
			return id.Zero, err
		}
		if err := checkRevision(expected, r.Revision); err != nil {
			return id.Zero, err
		}
		if r.State == NotAdopted || in.State != nil && !r.State.May(*in.State) {
			return id.Zero, ErrResolutionFinal.At("id")
		}
		return resolution, w.follow(ctx, r, in)
	})
}

func (w *work) resolution(ctx context.Context, resolution id.ID) (*Resolution, error) {
	found, err := resolutions(w.q.Query(ctx, `select `+resolutionColumns+resolutionsFrom+`where r.id = $1 and r.table_node = $2 and `+seenInside(3),
		with(w.viewer, resolution, w.table.ID)...))
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fault.ErrNotFound.At("id")
	}
	return found[0], nil
}

func (w *work) mayFollow(ctx context.Context, r *Resolution, in FollowSpec) error {
	var person id.ID
	err := w.q.QueryRow(ctx, `select (select person from table_resolution_people where resolution = $1)`, r.ID).Scan(&person)
	if err != nil {
		return wrap("read who is responsible", err)
	}
	if in.Deadline != nil || in.Responsible != nil || in.Person != nil {
		return access.MayOrganise(w.viewer, w.table.Subject())
	}
	return access.MayFollowUp(w.viewer, w.table.Subject(), r.Responsible, person)
}

func (w *work) follow(ctx context.Context, r *Resolution, in FollowSpec) error {
	for _, x := range []struct {
		id   *id.ID
		name string
	}{{in.Responsible, "responsible"}, {in.Linked, "linked"}} {
		if x.id == nil {
			continue
		}
		if err := visible(ctx, w.q, w.viewer, some(*x.id), nil, x.name); err != nil {
			return err
		}
	}
	of, err := w.running(ctx, in.Session)
	if err != nil {
		return err
	}
	state := or(in.State, r.State)
	deadline := r.Deadline
	if in.Deadline != nil {
		if deadline = in.Deadline; deadline.IsZero() {
			deadline = nil
		}
	}
	_, err = w.q.Exec(ctx, `
		with noted as (
		  insert into table_resolution_notes (id, resolution, session, state, text, noted_by) values ($2, $1, $3, $4, $5, $6)
		)
		update table_resolutions set state = $4, deadline = $7, responsible = $8, linked = $9, followed_at = clock_timestamp(), version = version + 1
		where id = $1`, r.ID, id.New(), in.Session, state, in.Note, w.viewer.Person, deadline, or(in.Responsible, r.Responsible), or(in.Linked, r.Linked))
	if err != nil {
		return wrap("follow a resolution", err)
	}
	if in.Person != nil {
		if err := w.entrust(ctx, r.ID, *in.Person); err != nil {
			return err
		}
	}
	w.tell(FactFollowed, w.table.inside(), Fact{Session: in.Session, Resolution: r.ID, Organization: or(in.Responsible, r.Responsible)})
	return w.dealtWith(ctx, r, of, in.Note)
}

// running is the session in which something is said; nil between sessions.
func (w *work) running(ctx context.Context, session id.ID) (*Session, error) {
	if session.IsZero() {
		return nil, nil
	}
	of, err := w.session(ctx, session, "session")
	if err == nil && of.running() != nil {
		err = fault.From(of.running()).Under("session")
	}
	return of, err
}

// entrust makes another person responsible; Zero: nobody.
func (w *work) entrust(ctx context.Context, resolution, person id.ID) error {
	if err := w.knows(ctx, person); err != nil {
		return err
	}
	_, err := w.q.Exec(ctx, `delete from table_resolution_people where resolution = $1`, resolution)
	if err == nil && !person.IsZero() {
		_, err = w.q.Exec(ctx, `insert into table_resolution_people (resolution, table_node, person) values ($1, $2, $3)`, resolution, w.table.ID, person)
	}
	return wrap("keep who is responsible", err)
}

// dealtWith closes the item with which a session follows the resolution.
func (w *work) dealtWith(ctx context.Context, r *Resolution, of *Session, note lang.Text) error {
	if of == nil {
		return nil
	}
	var item id.ID
	err := w.q.QueryRow(ctx, `select (select id from table_agenda_items where session = $1 and resolution = $2 and outcome is null)`, of.ID, r.ID).Scan(&item)
	if err != nil || item.IsZero() {
		return wrap("find the item", err)
	}
	return w.closeItem(ctx, of, item, OutcomeInformation, note)
}
