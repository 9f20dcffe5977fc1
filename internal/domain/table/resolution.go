package table

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/listing"
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

const resolutionsFrom = `table_resolutions r join working_tables t on t.node = r.table_node join nodes n on n.id = r.table_node`

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

var resolutionsByIDsSQL = `select ` + resolutionColumns + ` from ` + resolutionsFrom + ` where r.id = any(` + postgres.Keys + `) and ` + seenInside(2)

// ResolutionsByIDs reads the resolutions among these that the viewer can see.
func ResolutionsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Resolution, error) {
	return resolutions(q.Query(ctx, resolutionsByIDsSQL, with(v, ids)...))
}

var resolutionsOfSessionsSQL = `select ` + resolutionColumns + ` from ` + resolutionsFrom + ` where r.session = any(` + postgres.Keys + `) and ` + seenInside(2) + ` order by r.session, r.number`

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

func (p Promises) query(v *access.Viewer) *listing.Query {
	q := listing.For(v, seenInside(1))
	ofTables(q, Filter{Territories: p.Territories, About: p.About, Mine: p.MyTables})
	if len(p.Tables) > 0 {
		q.And(`r.table_node = any(%s)`, p.Tables)
	}
	if len(p.Responsible) > 0 {
		q.And(`r.responsible = any(%s)`, p.Responsible)
	}
	if p.MineToDo {
		q.And(`(r.responsible = any($2::uuid[]) or r.id = any(array(select x.resolution from table_resolution_people x where x.person = %s)))`, v.Person)
	}
	if len(p.States) > 0 {
		q.And(`r.state = any(%s::text[])`, p.States)
	} else {
		q.And(`r.state <> 'NOT_ADOPTED'`)
	}
	for _, flag := range []struct {
		wanted *bool
		sql    string
	}{{p.Overdue, overdueSQL}, {p.Quiet, quietSQL}} {
		if flag.wanted != nil {
			q.And(flag.sql+` = %s::boolean`, *flag.wanted)
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
	total, err := list.Count(ctx, q, resolutionsFrom, args.Total)
	if err != nil {
		return nil, err
	}
	due, last, err := listing.After(args.After)
	if err != nil {
		return nil, err
	}
	if due != nil {
		if _, err := time.Parse(time.DateOnly, *due); err != nil && *due != "infinity" {
			return nil, fault.ErrBadCursor.At("after")
		}
		list.And(`(coalesce(r.deadline, 'infinity'), r.id) > (%s::text::date, %s::uuid)`, *due, last)
	}
	sql := `select ` + resolutionColumns + ` from ` + resolutionsFrom + ` where ` + list.Where() + ` order by coalesce(r.deadline, 'infinity'), r.id` + list.Limit(args.Rows())
	found, err := resolutions(q.Query(ctx, sql, list.Params()...))
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
	where x.resolution = any(` + postgres.Keys + `) and ` + access.LevelSQL("n", 2) + ` >= greatest(3, n.visibility, t.inside) order by x.resolution, x.at, x.id`

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
	where x.resolution = any(` + postgres.Keys + `) and ` + seenInside(2) + ` order by x.resolution, o.title_ca, o.id`

// ResponsiblePeopleOf reads which person is responsible, for who takes part in
// the table: row-level security decides.
func ResponsiblePeopleOf(ctx context.Context, q postgres.Querier, v *access.Viewer, resolutions []id.ID) (map[id.ID]*Responsible, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, `
		select x.resolution, x.person, p.name from table_resolution_people x left join person_names p on p.subject = x.person
		where x.resolution = any(`+postgres.Keys+`)`, resolutions)
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
		select resolution from table_resolution_people where resolution = any(`+postgres.Keys+`) and person = $2`, resolutions, v.Person)
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
