package table

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Minutes are the text of a session, in one version.
type Minutes struct {
	link.Slots
	Table        id.ID
	Session      id.ID
	Language     lang.Lang
	Version      int
	Text         string
	At           time.Time
	CirculatedAt *time.Time
	Approved     bool
}

// Revision names the version, opaque.
func (m *Minutes) Revision() string { return strconv.FormatInt(int64(m.Version), 36) }

// MinutesVersion is one version of a text, without the text.
type MinutesVersion struct {
	Session    id.ID
	Version    int
	At         time.Time
	Characters int
}

// seenMinutes: a draft is the organisers' until it is circulated to the members;
// approved minutes are for who may see inside.
func seenMinutes(first int) string {
	return access.LevelSQL("n", first) + ` >= greatest(n.visibility, t.inside, case when s.state = 'MINUTES_APPROVED' then 0
	  when m.circulated_at is not null then 3 else 4 end)`
}

const minutesFrom = ` from table_minutes m join table_sessions s on s.id = m.session
	join working_tables t on t.node = m.table_node join nodes n on n.id = m.table_node `

var minutesSQL = `select m.table_node, m.session, m.language, v.version, v.text, v.at, m.circulated_at, s.state = 'MINUTES_APPROVED'` + minutesFrom + `
	join table_minutes_versions v on v.session = m.session and v.version = coalesce($2::int, m.version)
	where m.session = any(` + postgres.Keys + `) and ` + seenMinutes(3) + ` and ($2::int is null or $2 = m.version or ` + access.LevelSQL("n", 3) + ` = 4)`

// MinutesOf reads the minutes of sessions, as far as the viewer may see them: the
// newest version, or the one asked for, which is for organisers.
func MinutesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, sessions []id.ID, version *int) (map[id.ID]*Minutes, error) {
	rows, err := q.Query(ctx, minutesSQL, with(v, sessions, version)...)
	if err != nil {
		return nil, wrap("read minutes", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Minutes, error) {
		m := &Minutes{}
		return m, row.Scan(&m.Table, &m.Session, &m.Language, &m.Version, &m.Text, &m.At, &m.CirculatedAt, &m.Approved)
	})
	out := make(map[id.ID]*Minutes, len(found))
	for _, m := range found {
		out[m.Session] = m
	}
	return out, wrap("read minutes", err)
}

// ReadableMinutes tells of which sessions the viewer may read minutes, and the
// tables they are of.
func ReadableMinutes(ctx context.Context, q postgres.Querier, v *access.Viewer, sessions []id.ID) (map[id.ID]id.ID, error) {
	rows, err := q.Query(ctx, `select m.session, m.table_node`+minutesFrom+`where m.session = any(`+postgres.Keys+`) and `+seenMinutes(2), with(v, sessions)...)
	if err != nil {
		return nil, wrap("look for minutes", err)
	}
	found := map[id.ID]id.ID{}
	var session, table id.ID
	_, err = pgx.ForEachRow(rows, []any{&session, &table}, func() error {
		found[session] = table
		return nil
	})
	return found, wrap("look for minutes", err)
}

// VersionsOf lists the versions of minutes, newest first, for the organisers.
func VersionsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, sessions []id.ID) (map[id.ID][]*MinutesVersion, error) {
	rows, err := q.Query(ctx, `select x.session, x.version, x.at, char_length(x.text)`+minutesFrom+`
		join table_minutes_versions x on x.session = m.session where m.session = any(`+postgres.Keys+`) and `+access.LevelSQL("n", 2)+` = 4
		order by x.session, x.version desc limit 1000`, with(v, sessions)...)
	if err != nil {
		return nil, wrap("read versions of minutes", err)
	}
	return collect(rows, func(row pgx.CollectableRow) (*MinutesVersion, id.ID, error) {
		m := &MinutesVersion{}
		return m, m.Session, row.Scan(&m.Session, &m.Version, &m.At, &m.Characters)
	})
}

// DraftMinutes writes the first version of the minutes from what happened, in a
// language. Who may: the table's organisers.
func (s *Service) DraftMinutes(ctx context.Context, v *access.Viewer, table, session id.ID, l lang.Lang, key string) (id.ID, error) {
	cmd := request{key: key, name: "minutesDraft", table: table, input: []any{session, l}}
	return s.onSession(ctx, v, cmd, session, func(ctx context.Context, w *work, of *Session) (id.ID, error) {
		if _, ok := of.State.After(StepDraft); !ok {
			return id.Zero, of.not()
		}
		text, err := s.generated(ctx, w.q, v, w.table, of, l)
		if err != nil {
			return id.Zero, err
		}
		w.tell(FactMinutesDrafted, access.Organisers, Fact{Session: session})
		_, err = w.q.Exec(ctx, `update table_sessions set state = 'MINUTES_DRAFT', version = version + 1 where id = $1`, session)
		if err == nil {
			_, err = w.q.Exec(ctx, `insert into table_minutes (session, table_node, language) values ($1, $2, $3)`, session, table, l)
		}
		if err == nil {
			err = w.keepVersion(ctx, session, 1, text)
		}
		return session, wrap("draft minutes", err)
	})
}

func (w *work) keepVersion(ctx context.Context, session id.ID, version int, text string) error {
	_, err := w.q.Exec(ctx, `insert into table_minutes_versions (session, version, text, written_by) values ($1, $2, $3, $4)`,
		session, version, text, w.viewer.Person)
	return wrap("keep a version of minutes", err)
}

// WriteMinutes saves a corrected text over the version that the writer had in
// front of them. When somebody saved meanwhile, nothing is saved and the fault
// ErrMinutesChanged carries the present minutes; the writer still has their own.
// Who may: the table's organisers, until the minutes are approved.
func (s *Service) WriteMinutes(ctx context.Context, v *access.Viewer, table, session id.ID, expected int64, text, key string) (id.ID, error) {
	var c findings
	c.String(text, MaxMinutes, "minutes")
	if err := c.Err(); err != nil {
		return id.Zero, err
	}
	cmd := request{key: key, name: "minutesWrite", table: table, input: []any{session, expected, text}}
	return s.onSession(ctx, v, cmd, session, func(ctx context.Context, w *work, of *Session) (id.ID, error) {
		now, err := w.draft(ctx, of)
		if err != nil {
			return id.Zero, err
		}
		if int64(now.Version) != expected {
			return id.Zero, ErrMinutesChanged.At("expectedRevision").Carrying(now)
		}
		level := access.Organisers
		if now.CirculatedAt != nil {
			level = w.table.members()
		}
		w.tell(FactMinutesWritten, level, Fact{Session: session})
		_, err = w.q.Exec(ctx, `update table_minutes set version = version + 1 where session = $1`, session)
		if err != nil {
			return id.Zero, wrap("count versions of minutes", err)
		}
		return session, w.keepVersion(ctx, session, now.Version+1, text)
	})
}

// draft reads the draft of a session's minutes.
func (w *work) draft(ctx context.Context, of *Session) (*Minutes, error) {
	if of.State != MinutesDraft {
		if of.State == MinutesApproved {
			return nil, of.not()
		}
		return nil, ErrNoMinutes.At("session")
	}
	found, err := MinutesOf(ctx, w.q, w.viewer, []id.ID{of.ID}, nil)
	if err == nil && found[of.ID] == nil {
		err = ErrNoMinutes.At("session")
	}
	return found[of.ID], err
}

// CirculateMinutes lets the members read the draft. Who may: the table's
// organisers.
func (s *Service) CirculateMinutes(ctx context.Context, v *access.Viewer, table, session id.ID, key string) (id.ID, error) {
	cmd := request{key: key, name: "minutesCirculate", table: table, input: session}
	return s.onSession(ctx, v, cmd, session, func(ctx context.Context, w *work, of *Session) (id.ID, error) {
		now, err := w.draft(ctx, of)
		if err != nil || now.CirculatedAt != nil {
			return session, err
		}
		w.tell(FactMinutesCirculated, w.table.members(), Fact{Session: session})
		_, err = w.q.Exec(ctx, `update table_minutes set circulated_at = clock_timestamp() where session = $1`, session)
		return session, wrap("circulate minutes", err)
	})
}

// ApproveMinutes approves the newest version in a later session, which has a
// quorum. From then on the text does not change. Who may: the table's organisers.
func (s *Service) ApproveMinutes(ctx context.Context, v *access.Viewer, table, session, in id.ID, expected *int64, key string) (id.ID, error) {
	cmd := request{key: key, name: "minutesApprove", table: table, input: []any{session, in, expected}}
	return s.onSession(ctx, v, cmd, session, func(ctx context.Context, w *work, of *Session) (id.ID, error) {
		now, err := w.draft(ctx, of)
		if err != nil {
			return id.Zero, err
		}
		if expected != nil && int64(now.Version) != *expected {
			return id.Zero, ErrMinutesChanged.At("expectedRevision").Carrying(now)
		}
		later, err := w.session(ctx, in, "in")
		if err != nil {
			return id.Zero, err
		}
		if err := of.approves(later); err != nil {
			return id.Zero, err
		}
		return session, w.approve(ctx, of, later)
	})
}

func (w *work) approve(ctx context.Context, of, later *Session) error {
	_, err := w.q.Exec(ctx, `
		update table_sessions set state = 'MINUTES_APPROVED', approved_in = $2, approved_at = clock_timestamp(), version = version + 1 where id = $1`,
		of.ID, later.ID)
	if err != nil {
		return wrap("approve minutes", err)
	}
	w.tell(FactMinutesApproved, w.table.inside(), Fact{Session: of.ID})
	var item id.ID
	err = w.q.QueryRow(ctx, `select id from table_agenda_items where session = $1 and minutes_of = $2 and outcome is null`, later.ID, of.ID).Scan(&item)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return wrap("find the item", err)
	}
	return w.closeItem(ctx, later, item, OutcomeInformation, lang.Text{})
}
