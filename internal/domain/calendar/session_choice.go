package calendar

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// FactSessionsChosen tells the organisers that a delegate chose other sessions.
const FactSessionsChosen = "SESSIONS_CHOSEN" // DelegateChanged

var (
	// ErrSessionFull is raised for the last place of a session, which is given once.
	ErrSessionFull = fault.Define(fault.Conflict, "SESSION_FULL",
		"La sessió és plena, o hi ha més persones que les places que indiqueu.",
		"La sesión está completa, o hay más personas que las plazas que indica.",
		"The session is full, or has more people than the places you give.")
	// ErrSessionsOverlap is about two sessions at the same time.
	ErrSessionsOverlap = fault.Define(fault.Conflict, "SESSIONS_OVERLAP",
		"Aquesta sessió coincideix amb una altra de triada.",
		"Esta sesión coincide con otra elegida.", "This session is at the same time as another one chosen.")
)

// take notes how many have chosen the session, and tells it where it may be told.
func (s *Session) take(chosen int, counted bool) {
	s.Availability = SeatsPlaces
	if s.Capacity > 0 {
		s.Availability = SeatCounts{Capacity: s.Capacity, Confirmed: chosen}.availability(SmallerMayPass)
	}
	if counted {
		s.Chosen = &chosen
	}
}

// ShownCapacity is the session's own number of places; nil when it has none, or
// where it is not told.
func (s *Session) ShownCapacity() *int {
	if s.Capacity == 0 || s.Chosen == nil {
		return nil
	}
	return &s.Capacity
}

// ChooseSessions says to which parallel sessions a delegate goes; it replaces what
// was chosen before. Whoever replaces a delegate keeps the sessions.
//
// Who may: the parties of the registration, and the delegate. Refusals:
// ErrNoSeatYet, ErrDelegateGone, ErrEventOver, ErrSessionFull,
// ErrSessionsOverlap.
func (s *Registrations) ChooseSessions(ctx context.Context, v *access.Viewer, event, delegate id.ID, sessions []id.ID, key string) (x *Delegate, err error) {
	if len(sessions) > maxSessions {
		return nil, ErrTooMany.At("sessions").With("max", maxSessions)
	}
	r := request{viewer: v, event: event, key: key, name: "delegateSessionsChoose", input: []any{delegate, sessions}}
	err = s.do(ctx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
		f, err := d.fileOf(ctx, delegate)
		if err != nil {
			return nil, err
		}
		who := f.delegate(delegate)
		if err := d.mayNoteNeeds(f, who); err != nil {
			return nil, err
		}
		if !who.holdsSeat() {
			return nil, ErrNoSeatYet.New()
		}
		return []id.ID{delegate}, d.choose(ctx, f, who, sessions)
	}, func(ctx context.Context, q postgres.Querier, ids []id.ID) (err error) {
		x, err = oneDelegate(ctx, q, v, ids[0])
		return err
	})
	return x, err
}

// place is a session as it stands under the lock, and whether this delegate has
// it already.
type place struct {
	id            id.ID
	from, to      time.Time
	capacity, now int
	mine          bool
}

func (d *desk) choose(ctx context.Context, f *file, who fileDelegate, wanted []id.ID) error {
	rows, err := d.tx.Native().Query(ctx, `
		select s.id, s.starts_at, s.ends_at, coalesce(s.capacity, 0), s.chosen,
		  exists (select from session_choices c where c.session = s.id and c.registration = $2 and c.position = $3)
		from event_sessions s where s.event = $1`, d.event, f.party.Registration, who.Position)
	if err != nil {
		return registrationError("read sessions", err)
	}
	places, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p place, err error) {
		return p, row.Scan(&p.id, at{&p.from}, at{&p.to}, &p.capacity, &p.now, &p.mine)
	})
	if err != nil {
		return registrationError("read sessions", err)
	}
	if err := checkChoice(places, wanted); err != nil {
		return err
	}
	// Out before in: who changes from one full session to another needs one place.
	_, err = d.tx.Native().Exec(ctx, `
		delete from session_choices where registration = $1 and position = $2 and session <> all($3)`,
		f.party.Registration, who.Position, someIDs(wanted))
	if err != nil {
		return registrationError("leave sessions", err)
	}
	_, err = d.tx.Native().Exec(ctx, `
		insert into session_choices (session, registration, position, event)
		select s, $1, $2, $4 from unnest($3::uuid[]) as s on conflict do nothing`,
		f.party.Registration, who.Position, someIDs(wanted), d.event)
	if err != nil {
		return registrationError("choose sessions", err)
	}
	d.tellDelegates(FactSessionsChosen, f, []fileDelegate{who})
	d.tellSessions(places, wanted)
	return nil
}

func checkChoice(places []place, wanted []id.ID) error {
	var wrong fault.List
	var chosen []place
	for i, session := range wanted {
		path := []string{"sessions", strconv.Itoa(i)}
		n := slices.IndexFunc(places, func(p place) bool { return p.id == session })
		if n < 0 {
			wrong = append(wrong, fault.ErrNotFound.At(path...))
			continue
		}
		p := places[n]
		switch {
		case slices.ContainsFunc(chosen, func(o place) bool { return o.id == p.id }):
			wrong = append(wrong, ErrGivenTwice.At(path...))
		case slices.ContainsFunc(chosen, p.overlaps):
			wrong = append(wrong, ErrSessionsOverlap.At(path...))
		case !p.mine && p.capacity > 0 && p.now >= p.capacity:
			wrong = append(wrong, ErrSessionFull.At(path...))
		}
		chosen = append(chosen, p)
	}
	return wrong.Err()
}

func (p place) overlaps(o place) bool {
	return !p.from.IsZero() && !o.from.IsZero() && !p.to.IsZero() && !o.to.IsZero() && p.from.Before(o.to) && o.from.Before(p.to)
}

// tellSessions tells who follows the event how full its sessions are: at a
// sensitive one only when the word changes.
func (d *desk) tellSessions(places []place, wanted []id.ID) {
	for _, p := range places {
		now := p.now
		switch {
		case p.mine == slices.Contains(wanted, p.id):
			continue
		case p.mine:
			now--
		default:
			now++
		}
		before, after := &Session{Capacity: p.capacity}, &Session{Capacity: p.capacity}
		before.take(p.now, false)
		after.take(now, false)
		level := d.at.Visibility
		if d.at.Sensitive && before.Availability == after.Availability {
			level = access.Organisers
		}
		d.facts = append(d.facts, journal.Fact{
			Kind: FactSessionChanged, Level: level, Data: SessionFact{Session: p.id, Fields: []string{"chosen"}},
		})
	}
}

var choicesSQL = `
select d.id, c.session from registration_delegates d
join session_choices c on c.registration = d.registration and c.position = d.position
join registrations r on r.id = d.registration join nodes n on n.id = d.event
left join delegate_secrets s on s.delegate = d.id
where d.id = any($7) and d.state <> 'REPLACED' and ` + answersForSQL

// ChoicesOf reads which sessions delegates have chosen, for whom AnswersOf is.
func ChoicesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, delegates []id.ID) (map[id.ID][]*Session, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, choicesSQL, seer(v, delegates)...)
	if err != nil {
		return nil, registrationError("read chosen sessions", err)
	}
	of, all := map[id.ID][]id.ID{}, []id.ID{}
	var delegate, session id.ID
	_, err = pgx.ForEachRow(rows, []any{&delegate, &session}, func() error {
		of[delegate] = append(of[delegate], session)
		all = append(all, session)
		return nil
	})
	if err != nil || len(all) == 0 {
		return nil, registrationError("read chosen sessions", err)
	}
	found, err := sessionsByIDs(ctx, q, v, all)
	chosen := map[id.ID][]*Session{}
	for delegate, ids := range of {
		for _, s := range found {
			if slices.Contains(ids, s.ID) {
				chosen[delegate] = append(chosen[delegate], s)
			}
		}
	}
	return chosen, err
}

// someIDs keeps an empty list from becoming NULL.
func someIDs(ids []id.ID) []id.ID {
	if ids == nil {
		return []id.ID{}
	}
	return ids
}
