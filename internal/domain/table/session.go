package table

import (
	"context"
	"fmt"
	"strings"
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

// Session is one meeting of a table.
type Session struct {
	link.Slots
	ID            id.ID
	Table         id.ID
	Number        int // within the table
	State         SessionState
	Extraordinary bool
	Recorded      bool // held on paper, noted afterwards
	Title         lang.Text
	StartsAt      *time.Time
	Place         string
	OnlineURL     string
	FileNumber    string
	Urgent        lang.Text // why there was less notice than the rule
	Cancellation  lang.Text
	CalledAt      *time.Time
	OpenedAt      *time.Time
	ClosedAt      *time.Time
	SecondCall    bool
	// Members and Needed are fixed when the session opens; before, they are as
	// they would be today.
	Members, Needed, Present int
	Answered                 int // organisations that answered the call
	CurrentItem              id.ID
	ApprovedIn               id.ID
	ApprovedAt               *time.Time
	SecondCallAt             *time.Time
	Revision                 int64
	Heads                    []int64 // of its own stream, per level
	ViewerLevel              access.Level
	Subject                  access.Subject // of its table
	Rules                    Rules
}

// GlobalID is its public identifier.
func (s *Session) GlobalID() string { return SessionType.GlobalPart(s.Table, s.ID) }

// seenSession is the condition under which the session s of table t, node n, is
// there: what is only proposed is the organisers' own matter.
func seenSession(first int) string {
	return `(` + access.LevelSQL("n", first) + ` >= greatest(n.visibility, case when s.state = 'PROPOSED' or s.called_at is null and s.state = 'CANCELLED' then 4 else t.inside end))`
}

// Members and quorum before the opening are as they would be on its day.
func sessionColumns(first int) string {
	return `s.id, s.table_node, s.number, s.state, s.extraordinary, s.recorded, s.title, s.starts_at, s.place, s.online_url, s.file_number,
	coalesce(s.urgent, '{}'), coalesce(s.cancellation, '{}'), s.called_at, s.opened_at, s.closed_at, s.second_call, s.members, s.needed,
	(select count(*) from table_attendance a where a.session = s.id and a.present and a.counts),
	(select count(*) from table_attendance a where a.session = s.id and a.answer is not null),
	case when s.members is null then (select count(*) from edges e where e.target = s.table_node and e.kind = 'member_of' and e.role = ''
	  and e.valid @> coalesce((s.starts_at at time zone 'Europe/Madrid')::date, ` + today + `)) else s.members end,
	s.current_item, s.approved_in, s.approved_at, s.version, s.heads, ` + access.LevelSQL("n", first) + `, n.id, n.home, n.visibility,
	t.quorum_first, t.quorum_second, t.quorum_least, t.second_call_minutes, t.notice_days, t.majority, t.periodicity, t.quiet_days`
}

func (s *Session) scan(row pgx.CollectableRow, before ...any) error {
	var members, needed *int
	r := &s.Rules
	err := row.Scan(append(before, &s.ID, &s.Table, &s.Number, &s.State, &s.Extraordinary, &s.Recorded, &s.Title, &s.StartsAt,
		&s.Place, &s.OnlineURL, &s.FileNumber, &s.Urgent, &s.Cancellation, &s.CalledAt, &s.OpenedAt, &s.ClosedAt, &s.SecondCall,
		&members, &needed, &s.Present, &s.Answered, &s.Members, &s.CurrentItem, &s.ApprovedIn, &s.ApprovedAt, &s.Revision, &s.Heads,
		&s.ViewerLevel, &s.Subject.Node, &s.Subject.Home, &s.Subject.Visibility,
		&r.QuorumFirst, &r.QuorumSecond, &r.QuorumLeast, &r.SecondCallMinutes, &r.NoticeDays, &r.Majority, &r.Periodicity, &r.QuietDays)...)
	if err != nil {
		return err
	}
	if s.Needed = r.Needed(s.Members, s.SecondCall); needed != nil {
		s.Needed = *needed
	}
	if r.SecondCallMinutes != nil && s.StartsAt != nil {
		at := s.StartsAt.Add(time.Duration(*r.SecondCallMinutes) * time.Minute)
		s.SecondCallAt = &at
	}
	if s.ViewerLevel < access.Organisers {
		s.Revision = 0
	}
	return nil
}

const sessionsFrom = ` from table_sessions s join working_tables t on t.node = s.table_node join nodes n on n.id = s.table_node `

func sessions(rows pgx.Rows, err error) ([]*Session, error) {
	if err != nil {
		return nil, wrap("read sessions", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Session, error) {
		s := &Session{}
		return s, s.scan(row)
	})
	return found, wrap("read sessions", err)
}

var sessionsByIDsSQL = `select ` + sessionColumns(2) + sessionsFrom + `where s.id = any(` + postgres.Keys + `) and ` + seenSession(2)

// SessionsByIDs reads the sessions among these that the viewer can see.
func SessionsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Session, error) {
	return sessions(q.Query(ctx, sessionsByIDsSQL, with(v, ids)...))
}

// SessionsOf reads a page of the sessions of each table, newest first; those
// without a date stand before.
func SessionsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, tables []id.ID, args page.Args) (map[id.ID]*page.Connection[*Session], error) {
	before, last, err := listing.After(args.After)
	if err != nil {
		return nil, err
	}
	if before != nil {
		if _, err := time.Parse(time.RFC3339Nano, *before); err != nil && *before != "infinity" {
			return nil, fault.ErrBadCursor.At("after")
		}
	}
	rows, err := q.Query(ctx, sessionsOfSQL, with(v, tables, args.Rows(), before, last)...)
	if err != nil {
		return nil, wrap("read sessions", err)
	}
	found, err := collect(rows, func(row pgx.CollectableRow) (*Session, id.ID, error) {
		s := &Session{}
		return s, s.Table, s.scan(row)
	})
	if err != nil {
		return nil, err
	}
	pages := make(map[id.ID]*page.Connection[*Session], len(tables))
	for _, table := range tables {
		pages[table] = page.NewConnection(found[table], args, sessionCursor)
	}
	if args.Total {
		return pages, countSessions(ctx, q, v, tables, pages)
	}
	return pages, nil
}

func sessionCursor(s *Session) page.Cursor {
	at := "infinity"
	if s.StartsAt != nil {
		at = s.StartsAt.UTC().Format(time.RFC3339Nano)
	}
	return page.Cursor{at, s.ID.String()}
}

var sessionsOfSQL = `select x.* from unnest(` + postgres.Keys + `) with ordinality as w(id, place) cross join lateral (
	select ` + sessionColumns(5) + sessionsFrom + `where s.table_node = w.id and ` + seenSession(5) + `
	  and ($3::text is null or (coalesce(s.starts_at, 'infinity'), s.id) < ($3::text::timestamptz, $4::uuid))
	order by coalesce(s.starts_at, 'infinity') desc, s.id desc limit $2) x order by w.place`

func countSessions(ctx context.Context, q postgres.Querier, v *access.Viewer, tables []id.ID, pages map[id.ID]*page.Connection[*Session]) error {
	rows, err := q.Query(ctx, `select s.table_node, count(*)`+sessionsFrom+`where s.table_node = any(`+postgres.Keys+`) and `+seenSession(2)+` group by 1`, with(v, tables)...)
	if err != nil {
		return wrap("count sessions", err)
	}
	for _, p := range pages {
		p.TotalCount = new(int)
	}
	var table id.ID
	var n int
	_, err = pgx.ForEachRow(rows, []any{&table, &n}, func() error {
		*pages[table].TotalCount = n
		return nil
	})
	return wrap("count sessions", err)
}

// session reads one of the table's own, whoever asks: the caller has the right.
func (w *work) session(ctx context.Context, session id.ID, path ...string) (*Session, error) {
	found, err := sessions(w.q.Query(ctx, `select `+sessionColumns(3)+sessionsFrom+`where s.id = $1 and s.table_node = $2 and `+seenSession(3),
		with(w.viewer, session, w.table.ID)...))
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fault.ErrNotFound.At(path...)
	}
	return found[0], nil
}

// level is who may learn what happens in the session.
func (w *work) level(s *Session) access.Level {
	if s.State == SessionProposed || s.State == Cancelled && s.CalledAt == nil {
		return access.Organisers
	}
	return w.table.inside()
}

// onSession runs an organisers' command on a session of a table.
func (s *Service) onSession(ctx context.Context, v *access.Viewer, c request, session id.ID, do func(context.Context, *work, *Session) (id.ID, error)) (id.ID, error) {
	if c.may == nil {
		c.may = access.MayOrganise
	}
	return s.run(ctx, v, c, func(ctx context.Context, w *work) (id.ID, error) {
		of, err := w.session(ctx, session, "id")
		if err != nil {
			return id.Zero, err
		}
		return do(ctx, w, of)
	})
}

// SessionSpec is what an organiser says about a session; nil leaves things as
// they are when one is changed.
type SessionSpec struct {
	Title         *lang.Text
	StartsAt      *time.Time
	Place         *string
	OnlineURL     *string
	FileNumber    *string
	Extraordinary *bool // only before it is called
}

func (in *SessionSpec) check() error {
	in.Title = trimmed(in.Title)
	var c findings
	if in.Title != nil {
		c.Text(*in.Title, maxTitle, "title")
	}
	c.moment(in.StartsAt, "startsAt")
	for _, s := range []struct {
		text *string
		name string
	}{{in.Place, "place"}, {in.FileNumber, "fileNumber"}} {
		if s.text != nil {
			*s.text = strings.TrimSpace(*s.text)
			c.String(*s.text, maxTitle, s.name)
		}
	}
	if in.OnlineURL != nil {
		c.URL(*in.OnlineURL, "onlineUrl")
	}
	return c.Err()
}

// CreateSession prepares a session; its organisers alone see it until it is
// called. Who may: the table's organisers.
func (s *Service) CreateSession(ctx context.Context, v *access.Viewer, table id.ID, in SessionSpec, key string) (id.ID, error) {
	if err := in.check(); err != nil {
		return id.Zero, err
	}
	return s.run(ctx, v, request{key, "tableSessionCreate", table, in, access.MayOrganise}, func(ctx context.Context, w *work) (id.ID, error) {
		if err := w.table.active(); err != nil {
			return id.Zero, err
		}
		session, err := w.newSession(ctx, in, SessionProposed)
		if err == nil {
			w.tell(FactSessionCreated, access.Organisers, Fact{Session: session})
		}
		return session, err
	})
}

// newSession adds a session with the next number and the file number that
// follows from it.
func (w *work) newSession(ctx context.Context, in SessionSpec, state SessionState) (id.ID, error) {
	var number int
	err := w.q.QueryRow(ctx, `update working_tables set sessions = sessions + 1 where node = $1 returning sessions`, w.table.ID).Scan(&number)
	if err != nil {
		return id.Zero, wrap("count sessions", err)
	}
	session, title, file := id.New(), or(in.Title, lang.Text{}), or(in.FileNumber, "")
	if title.Empty() {
		title = numbered(number)
	}
	if file == "" && w.table.FilePrefix != "" {
		file = fmt.Sprintf("%s/%03d", w.table.FilePrefix, number)
	}
	recorded := state == Held
	_, err = w.q.Exec(ctx, `
		insert into table_sessions (id, table_node, number, state, extraordinary, recorded, title, starts_at, place, online_url, file_number,
		  members, needed, opened_at, closed_at, created_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
		  case when $6 then 0 end, case when $6 then 0 end, case when $6 then $8::timestamptz end, case when $6 then $8::timestamptz end, $12)`,
		session, w.table.ID, number, state, or(in.Extraordinary, false), recorded, title, in.StartsAt, or(in.Place, ""), or(in.OnlineURL, ""),
		file, w.viewer.Person)
	return session, wrap("add a session", err)
}

func or[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// UpdateSession changes what is said about a session that has not begun. Who may:
// the table's organisers. Another date or place of a called session is told to
// the members.
func (s *Service) UpdateSession(ctx context.Context, v *access.Viewer, table, session id.ID, expected *int64, in SessionSpec, key string) (id.ID, error) {
	if err := in.check(); err != nil {
		return id.Zero, err
	}
	c := request{key: key, name: "tableSessionUpdate", table: table, input: struct {
		Session  id.ID
		Expected *int64
		Spec     SessionSpec
	}{session, expected, in}}
	return s.onSession(ctx, v, c, session, func(ctx context.Context, w *work, of *Session) (id.ID, error) {
		if err := checkRevision(expected, of.Revision); err != nil {
			return id.Zero, err
		}
		if of.State != SessionProposed && of.State != Called {
			return id.Zero, of.not()
		}
		if in.Extraordinary != nil && *in.Extraordinary != of.Extraordinary && of.State == Called {
			return id.Zero, of.not()
		}
		return session, w.updateSession(ctx, of, in)
	})
}

func (s *Session) not() error { return notIn(s.State) }

// notIn refuses what cannot be done with a session in a state.
func notIn(state SessionState) error { return ErrTransition.New().With("state", state.name()) }

func (w *work) updateSession(ctx context.Context, of *Session, in SessionSpec) error {
	var fields []string
	for _, f := range []struct {
		given bool
		name  string
	}{
		{in.Title != nil, "title"},
		{in.StartsAt != nil, "startsAt"},
		{in.Place != nil, "place"},
		{in.OnlineURL != nil, "onlineUrl"},
		{in.FileNumber != nil, "fileNumber"},
		{in.Extraordinary != nil, "extraordinary"},
	} {
		if f.given {
			fields = append(fields, f.name)
		}
	}
	if len(fields) == 0 {
		return nil
	}
	w.tell(FactSessionUpdated, w.level(of), Fact{Session: of.ID, Fields: fields})
	_, err := w.q.Exec(ctx, `
		update table_sessions set title = coalesce($2, title), starts_at = coalesce($3, starts_at), place = coalesce($4, place),
		  online_url = coalesce($5, online_url), file_number = coalesce($6, file_number), extraordinary = coalesce($7, extraordinary),
		  version = version + 1 where id = $1`,
		of.ID, in.Title, in.StartsAt, in.Place, in.OnlineURL, in.FileNumber, in.Extraordinary)
	return wrap("change a session", err)
}

// Of is the number of a fact in the stream of a session; false when it is none of
// its facts, or none that the level may see.
func (f Fact) Of(session id.ID, level access.Level) (number int64, ok bool) {
	if f.Session != session || f.Numbers == nil {
		return 0, false
	}
	return f.Numbers[level], f.Numbers[level] > 0
}
