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

// Poll asks the members for the date of a session.
type Poll struct {
	link.Slots
	ID       id.ID
	Table    id.ID
	Session  id.ID
	ClosesAt *time.Time
	ClosedAt *time.Time
	Chosen   id.ID
	OpenedAt time.Time
	Dates    []*PollDate
}

// GlobalID is its public identifier.
func (p *Poll) GlobalID() string { return PollType.GlobalPart(p.Table, p.ID) }

// Open tells that it can be answered.
func (p *Poll) Open() bool { return p.ClosedAt == nil }

// PollDate is one of the dates that are asked about.
type PollDate struct {
	ID                id.ID
	Table, Poll       id.ID
	StartsAt          time.Time
	Chosen            bool
	Yes, IfNeeded, No int
}

// GlobalID is its public identifier.
func (d *PollDate) GlobalID() string { return PollDateType.GlobalPart(d.Table, d.ID) }

// DateAnswer is what an organisation says to a date.
type DateAnswer string

// The answers.
const (
	Yes      DateAnswer = "YES"
	IfNeeded DateAnswer = "IF_NEEDED"
	No       DateAnswer = "NO"
)

// DateChoice is the answer to one date.
type DateChoice struct {
	Date   id.ID
	Answer DateAnswer
}

var pollsSQL = `select p.id, p.table_node, p.session, p.closes_at, p.closed_at, p.chosen, p.opened_at, d.id, d.starts_at,
	  (select count(*) from table_poll_answers a where a.date = d.id and a.answer = 'YES'),
	  (select count(*) from table_poll_answers a where a.date = d.id and a.answer = 'IF_NEEDED'),
	  (select count(*) from table_poll_answers a where a.date = d.id and a.answer = 'NO')
	from table_polls p join table_poll_dates d on d.poll = p.id join nodes n on n.id = p.table_node join working_tables t on t.node = p.table_node
	where (p.table_node = any($1) and p.closed_at is null or p.id = any($2) or p.session = any($3))
	  and ` + access.LevelSQL("n", 4) + ` >= greatest(3, n.visibility, t.inside)
	order by p.opened_at desc, p.id, d.starts_at, d.id`

func polls(ctx context.Context, q postgres.Querier, v *access.Viewer, tables, ids, sessions []id.ID) ([]*Poll, error) {
	rows, err := q.Query(ctx, pollsSQL, with(v, none(tables), none(ids), none(sessions))...)
	if err != nil {
		return nil, wrap("read polls", err)
	}
	defer rows.Close()
	var found []*Poll
	for rows.Next() {
		p, d := &Poll{}, &PollDate{}
		err := rows.Scan(&p.ID, &p.Table, &p.Session, &p.ClosesAt, &p.ClosedAt, &p.Chosen, &p.OpenedAt, &d.ID, &d.StartsAt, &d.Yes, &d.IfNeeded, &d.No)
		if err != nil {
			return nil, wrap("read polls", err)
		}
		if n := len(found); n == 0 || found[n-1].ID != p.ID {
			found = append(found, p)
		}
		last := found[len(found)-1]
		d.Table, d.Poll, d.Chosen = p.Table, p.ID, d.ID == p.Chosen
		last.Dates = append(last.Dates, d)
	}
	return found, wrap("read polls", rows.Err())
}

func none(ids []id.ID) []id.ID {
	if ids == nil {
		return []id.ID{}
	}
	return ids
}

// OpenPollsOf reads the open polls of tables, for who takes part in them.
func OpenPollsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, tables []id.ID) (map[id.ID][]*Poll, error) {
	found, err := polls(ctx, q, v, tables, nil, nil)
	out := map[id.ID][]*Poll{}
	for _, p := range found {
		out[p.Table] = append(out[p.Table], p)
	}
	return out, err
}

// PollsByIDs reads the polls among these that the viewer may see.
func PollsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Poll, error) {
	return polls(ctx, q, v, nil, ids, nil)
}

// OpenPoll asks the members when a session should be. Who may: the table's
// organisers; the session is not called yet.
func (s *Service) OpenPoll(ctx context.Context, v *access.Viewer, table, session id.ID, dates []time.Time, closes *time.Time, key string) (id.ID, error) {
	var c findings
	if len(dates) < 2 || len(dates) > maxDates {
		c.add(ErrRange.At("dates").With("min", 2).With("max", maxDates))
	}
	for i := range dates {
		c.moment(&dates[i], "dates")
	}
	if err := c.Err(); err != nil {
		return id.Zero, err
	}
	cmd := request{key: key, name: "tablePollOpen", table: table, input: []any{session, dates, closes}}
	return s.onSession(ctx, v, cmd, session, func(ctx context.Context, w *work, of *Session) (id.ID, error) {
		if of.State != SessionProposed {
			return id.Zero, of.not()
		}
		for _, d := range dates {
			if d.Before(w.table.ReadAt) {
				return id.Zero, ErrInPast.At("dates")
			}
		}
		if closes != nil && closes.Before(w.table.ReadAt) {
			return id.Zero, ErrInPast.At("closesAt")
		}
		return w.openPoll(ctx, session, dates, closes)
	})
}

func (w *work) openPoll(ctx context.Context, session id.ID, dates []time.Time, closes *time.Time) (id.ID, error) {
	poll := id.New()
	_, err := w.q.Exec(ctx, `insert into table_polls (id, table_node, session, closes_at) values ($1, $2, $3, $4)`, poll, w.table.ID, session, closes)
	if err == nil {
		_, err = w.q.Exec(ctx, `
			insert into table_poll_dates (id, poll, starts_at) select gen_random_uuid(), $1, d from (select distinct unnest($2::timestamptz[]) as d) x`, poll, dates)
	}
	if err != nil {
		return id.Zero, wrap("open a poll", err)
	}
	// The session itself is not the members' to see yet: the poll is.
	w.tell(FactPollOpened, w.table.members(), Fact{Poll: poll})
	return poll, w.toTell(ctx, session, poll)
}

// AnswerPoll answers for a member organisation; what was answered before is
// replaced. Who may: who acts for it or sits at the table for it, and the
// organisers.
func (s *Service) AnswerPoll(ctx context.Context, v *access.Viewer, table, poll, organisation id.ID, answers []DateChoice, key string) (id.ID, error) {
	cmd := request{key, "tablePollAnswer", table, []any{poll, organisation, answers}, access.MayTakePart}
	return s.run(ctx, v, cmd, func(ctx context.Context, w *work) (id.ID, error) {
		if err := w.mayAnswer(ctx, organisation); err != nil {
			return id.Zero, err
		}
		return poll, w.answerPoll(ctx, poll, organisation, answers)
	})
}

func (w *work) answerPoll(ctx context.Context, poll, organisation id.ID, answers []DateChoice) error {
	now, err := w.openNow(ctx, poll)
	if err != nil {
		return err
	}
	role, err := w.roleOn(ctx, organisation, w.table.Today)
	if err != nil {
		return err
	}
	if role == "" {
		return ErrNotMember.At("organization")
	}
	dates, given := make([]id.ID, len(answers)), make([]string, len(answers))
	for i, a := range answers {
		if !now.has(a.Date) {
			return fault.ErrNotFound.At("answers")
		}
		dates[i], given[i] = a.Date, string(a.Answer)
	}
	_, err = w.q.Exec(ctx, `
		insert into table_poll_answers (date, organisation, answer) select distinct on (d) d, $1::uuid, a from unnest($2::uuid[], $3::text[]) as x(d, a)
		on conflict (date, organisation) do update set answer = excluded.answer, answered_at = clock_timestamp()`, organisation, dates, given)
	w.tell(FactPollAnswered, w.table.members(), Fact{Poll: poll, Organization: organisation})
	return wrap("answer a poll", err)
}

func (p *Poll) has(date id.ID) bool {
	for _, d := range p.Dates {
		if d.ID == date {
			return true
		}
	}
	return false
}

// openNow reads a poll of the table that can still be answered.
func (w *work) openNow(ctx context.Context, poll id.ID) (*Poll, error) {
	found, err := polls(ctx, w.q, w.viewer, nil, []id.ID{poll}, nil)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 || found[0].Table != w.table.ID {
		return nil, fault.ErrNotFound.At("id")
	}
	p := found[0]
	if !p.Open() || p.ClosesAt != nil && p.ClosesAt.Before(w.table.ReadAt) {
		return nil, ErrPollClosed.New()
	}
	return p, nil
}

// ClosePoll ends a poll and gives the session the date that was chosen. Who may:
// the table's organisers, also after its time.
func (s *Service) ClosePoll(ctx context.Context, v *access.Viewer, table, poll, date id.ID, key string) (id.ID, error) {
	cmd := request{key, "tablePollClose", table, []any{poll, date}, access.MayOrganise}
	return s.run(ctx, v, cmd, func(ctx context.Context, w *work) (id.ID, error) {
		var session id.ID
		var closed bool
		var at time.Time
		err := w.q.QueryRow(ctx, `
			select p.session, p.closed_at is not null, d.starts_at from table_polls p join table_poll_dates d on d.poll = p.id
			where p.id = $1 and p.table_node = $2 and d.id = $3`, poll, table, date).Scan(&session, &closed, &at)
		if errors.Is(err, pgx.ErrNoRows) {
			return id.Zero, fault.ErrNotFound.At("date")
		}
		if err != nil {
			return id.Zero, wrap("read a poll", err)
		}
		if closed {
			return id.Zero, ErrPollClosed.New()
		}
		w.tell(FactPollClosed, w.table.members(), Fact{Poll: poll})
		_, err = w.q.Exec(ctx, `
			with closed as (update table_polls set chosen = $2, closed_at = clock_timestamp() where id = $1)
			update table_sessions set starts_at = $4, version = version + 1 where id = $3 and state = 'PROPOSED'`, poll, date, session, at)
		return poll, wrap("close a poll", err)
	})
}
