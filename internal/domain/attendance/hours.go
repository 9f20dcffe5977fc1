package attendance

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// FactHoursNoted tells the organisers that it was noted who was at a session.
const FactHoursNoted = "HOURS_NOTED" // HoursNoted

// HoursNoted counts those it was noted of.
type HoursNoted struct {
	Session   id.ID `json:"session"`
	Delegates int   `json:"delegates"`
}

const (
	maxAtOnce  = 500
	maxMinutes = 24 * 60
)

var errNoMinutes = fault.Define(fault.Invalid, "MINUTES_UNKNOWN",
	"La sessió no té hora d'inici i de final: indiqueu els minuts.",
	"La sesión no tiene hora de inicio y de fin: indique los minutos.",
	"The session has no start and end: give the minutes.")

var errNotHere = fault.Define(fault.Conflict, "DELEGATE_DID_NOT_COME",
	"No consta que aquesta persona hagi assistit a l'acte.",
	"No consta que esta persona haya asistido al acto.",
	"This person is not recorded as having come to the event.")

// NoteHours notes who was at a session, for so many minutes, or as long as it
// lasted (0). Once more replaces what was noted of them; minutes below 0 take it
// back.
//
// Who may: the event's organisers.
func (s *Service) NoteHours(ctx context.Context, v *access.Viewer, of, session id.ID, delegates []id.ID, minutes int, key string) error {
	var c form.Findings
	c.IDs(delegates, maxAtOnce, "delegates")
	c.Number(minutes, -1, maxMinutes, "minutes")
	if err := c.Err(); err != nil {
		return err
	}
	_, err := s.on(ctx, v, of, "eventHoursNote", []any{session, delegates, minutes}, key, func(ctx context.Context, tx *postgres.Tx, e *event) (id.ID, error) {
		minutes, err := lasting(ctx, tx.Native(), of, session, minutes)
		if err != nil {
			return id.Zero, err
		}
		if err := cameTo(ctx, tx.Native(), of, delegates); err != nil {
			return id.Zero, err
		}
		if _, err := tx.Native().Exec(ctx, `delete from session_attendance where session = $1 and delegate = any($2)`, session, delegates); err != nil {
			return id.Zero, readError("take hours back", err)
		}
		if minutes > 0 {
			_, err = tx.Native().Exec(ctx, `
				insert into session_attendance (session, delegate, event, minutes, noted_by)
				select $1, d, $3, $4, $5 from unnest($2::uuid[]) as d`, session, delegates, of, minutes, v.Person)
		}
		if err != nil {
			return id.Zero, readError("note hours", err)
		}
		return session, tell(ctx, tx, v, e, FactHoursNoted, HoursNoted{session, len(delegates)})
	})
	return err
}

// lasting is for how long the session counts.
func lasting(ctx context.Context, q postgres.Querier, of, session id.ID, minutes int) (int, error) {
	var long int
	err := q.QueryRow(ctx, `
		select coalesce(extract(epoch from ends_at - starts_at) / 60, 0)::int from event_sessions where id = $1 and event = $2`, session, of).Scan(&long)
	switch {
	case err != nil:
		return 0, missing("session", "read the session", err)
	case minutes != 0:
		return minutes, nil
	case long < 1 || long > maxMinutes:
		return 0, errNoMinutes.At("minutes")
	}
	return long, nil
}

// cameTo refuses delegates of other events, and those who did not come.
func cameTo(ctx context.Context, q postgres.Querier, of id.ID, delegates []id.ID) error {
	rows, err := q.Query(ctx, `
		select p.place - 1, d.id is not null from unnest($2::uuid[]) with ordinality as p(id, place)
		left join registration_delegates d on d.id = p.id and d.event = $1
		where d.state is distinct from 'ATTENDED'`, of, delegates)
	if err != nil {
		return readError("read who came", err)
	}
	var wrong fault.List
	var place int
	var known bool
	_, err = pgx.ForEachRow(rows, []any{&place, &known}, func() error {
		code := errNotHere
		if !known {
			code = fault.ErrNotFound
		}
		wrong = append(wrong, code.At("delegates", strconv.Itoa(place)))
		return nil
	})
	if err != nil {
		return readError("read who came", err)
	}
	return wrong.Err()
}

// minutesSQL is for how many minutes delegate d was at event e: what was noted of
// sessions, else the whole event.
const minutesSQL = `coalesce(
  (select sum(a.minutes) from session_attendance a where a.delegate = d.id),
  extract(epoch from e.ends_at - e.starts_at) / 60, 0)::int`

var minutesOfSQL = `
select d.id, ` + minutesSQL + ` from registration_delegates d join events e on e.node = d.event
join registrations r on r.id = d.registration join nodes n on n.id = d.event
left join delegate_secrets s on s.delegate = d.id
where d.id = any($7) and d.state = 'ATTENDED' and coalesce(r.registered_by = $1 or r.organisation = any($4::uuid[]) or s.person = $1
  or ` + access.LevelSQL("n", 2) + ` = 4, false)`

// MinutesOf reads for how long delegates were there, for the parties of their
// registrations and for themselves.
func MinutesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, delegates []id.ID) (map[id.ID]*int, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, minutesOfSQL, append(append([]any{v.Person}, v.SQLArgs()...), delegates)...)
	if err != nil {
		return nil, readError("read hours", err)
	}
	of := map[id.ID]*int{}
	var delegate id.ID
	var minutes int
	_, err = pgx.ForEachRow(rows, []any{&delegate, &minutes}, func() error {
		n := minutes
		of[delegate] = &n
		return nil
	})
	return of, readError("read hours", err)
}

func readError(doing string, err error) error {
	if err == nil {
		return nil
	}
	return postgres.Translate(fmt.Errorf("%s: %w", doing, err), nil)
}

// missing is readError for a row that is named in the input.
func missing(field, doing string, err error) error {
	if isNone(err) {
		return fault.ErrNotFound.At(field)
	}
	return readError(doing, err)
}
