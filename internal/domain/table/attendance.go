package table

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// CallAnswer is what a member organisation answers to a call.
type CallAnswer string

// The answers.
const (
	Attends        CallAnswer = "ATTEND"
	SendSubstitute CallAnswer = "SUBSTITUTE"
	Excused        CallAnswer = "EXCUSED"
)

// CameAs is who came for an organisation.
type CameAs string

// Who came. A substitute counts as the delegate does.
const (
	AsDelegate   CameAs = "DELEGATE"
	AsSubstitute CameAs = "SUBSTITUTE"
	AsOther      CameAs = "OTHER"
)

// Attendance is what a member organisation answered, and whether it came.
type Attendance struct {
	link.Slots
	Table        id.ID
	Session      id.ID
	Organization id.ID
	Counts       bool // a full member, for the quorum and votes
	Answer       *CallAnswer
	AnsweredAt   *time.Time
	Present      bool
	CameAs       *CameAs
	ArrivedAt    *time.Time
	LeftAt       *time.Time
}

var attendanceSQL = `select s.table_node, a.session, a.organisation, a.counts, a.answer, a.answered_at, a.present, a.came_as, a.arrived_at, a.left_at
	from table_attendance a join nodes o on o.id = a.organisation join table_sessions s on s.id = a.session
	join working_tables t on t.node = s.table_node join nodes n on n.id = s.table_node
	where a.session = any(` + postgres.Keys + `) and ` + seenSession(2) + ` and ` + access.LevelSQL("n", 2) + ` >= 3 and ` + access.VisibleSQL("o", 2) + `
	order by a.session, o.title_ca, o.id`

// AttendanceOf reads who answered and who came, for who takes part in the table.
func AttendanceOf(ctx context.Context, q postgres.Querier, v *access.Viewer, sessions []id.ID) (map[id.ID][]*Attendance, error) {
	rows, err := q.Query(ctx, attendanceSQL, with(v, sessions)...)
	if err != nil {
		return nil, wrap("read attendance", err)
	}
	return collect(rows, func(row pgx.CollectableRow) (*Attendance, id.ID, error) {
		a := &Attendance{}
		return a, a.Session, row.Scan(&a.Table, &a.Session, &a.Organization, &a.Counts, &a.Answer, &a.AnsweredAt, &a.Present, &a.CameAs,
			&a.ArrivedAt, &a.LeftAt)
	})
}

// AnswerCall answers a call for a member organisation, until the session opens.
// Who may: who acts for it or sits at the table for it, and the organisers.
func (s *Service) AnswerCall(ctx context.Context, v *access.Viewer, table, session, organisation id.ID, answer CallAnswer, key string) (id.ID, error) {
	cmd := request{key: key, name: "tableSessionAnswer", table: table, input: []any{session, organisation, answer}, may: access.MayTakePart}
	return s.onSession(ctx, v, cmd, session, func(ctx context.Context, w *work, of *Session) (id.ID, error) {
		if err := w.mayAnswer(ctx, organisation); err != nil {
			return id.Zero, err
		}
		return session, w.answer(ctx, of, organisation, answer)
	})
}

// mayAnswer asks whether the viewer may speak for the organisation.
func (w *work) mayAnswer(ctx context.Context, organisation id.ID) error {
	rows, err := postgres.Hub(w.q).Query(ctx, `
		select person from table_seats where table_node = $1 and organisation = $2 and person is not null and valid @> $3::date`,
		w.table.ID, organisation, w.table.Today)
	if err != nil {
		return wrap("read who sits there", err)
	}
	seated, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return wrap("read who sits there", err)
	}
	return access.At(access.MayAnswerFor(w.viewer, w.table.Subject(), organisation, seated), "organization")
}

func (w *work) answer(ctx context.Context, of *Session, organisation id.ID, answer CallAnswer) error {
	if of.State != Called {
		return of.not()
	}
	role, err := w.roleOn(ctx, organisation, w.table.Today)
	if err != nil {
		return err
	}
	if role == "" {
		return ErrNotMember.At("organization")
	}
	_, err = w.q.Exec(ctx, `
		insert into table_attendance (session, organisation, counts, answer, answered_at) values ($1, $2, $3, $4, clock_timestamp())
		on conflict (session, organisation) do update set answer = excluded.answer, answered_at = excluded.answered_at`,
		of.ID, organisation, role == Full, answer)
	if err != nil {
		return wrap("keep an answer", err)
	}
	w.tell(FactCallAnswered, w.table.members(), Fact{Session: of.ID, Organization: organisation})
	if answer != SendSubstitute {
		return nil
	}
	return w.toTellSubstitute(ctx, of.ID, organisation)
}

// Attend notes that an organisation arrived, and as whom, or that it left. When
// the quorum is reached or lost with it, that is told too. Who may: the table's
// organisers.
func (s *Service) Attend(ctx context.Context, v *access.Viewer, table, session, organisation id.ID, present bool, as CameAs, key string) (id.ID, error) {
	cmd := request{key: key, name: "tableSessionAttend", table: table, input: []any{session, organisation, present, as}}
	return s.onSession(ctx, v, cmd, session, func(ctx context.Context, w *work, of *Session) (id.ID, error) {
		if err := of.running(); err != nil {
			return id.Zero, err
		}
		return session, w.attend(ctx, of, organisation, present, as)
	})
}

func (w *work) attend(ctx context.Context, of *Session, organisation id.ID, present bool, as CameAs) error {
	if present && as == "" {
		return fault.ErrRequired.At("cameAs")
	}
	var counts, before bool
	err := w.q.QueryRow(ctx, `select counts, present from table_attendance where session = $1 and organisation = $2`, of.ID, organisation).Scan(&counts, &before)
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrNotMember.At("organization")
	}
	if err != nil {
		return wrap("read attendance", err)
	}
	_, err = w.q.Exec(ctx, `
		update table_attendance set present = $3, came_as = coalesce(nullif($4, ''), came_as),
		  arrived_at = case when $3 then coalesce(arrived_at, clock_timestamp()) else arrived_at end,
		  left_at = case when $3 then null else clock_timestamp() end
		where session = $1 and organisation = $2`, of.ID, organisation, present, string(as))
	if err != nil {
		return wrap("note attendance", err)
	}
	kind := FactLeft
	if present {
		kind = FactArrived
	}
	w.tell(kind, w.table.members(), Fact{Session: of.ID, Organization: organisation})
	if !counts || before == present {
		return nil
	}
	had := of.HasQuorum()
	if of.Present--; present {
		of.Present += 2
	}
	switch has := of.HasQuorum(); {
	case has && !had:
		w.tell(FactQuorumReached, w.table.inside(), Fact{Session: of.ID})
	case had && !has:
		w.tell(FactQuorumLost, w.table.inside(), Fact{Session: of.ID})
	}
	return nil
}
