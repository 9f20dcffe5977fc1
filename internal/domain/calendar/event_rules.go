package calendar

import (
	"slices"
	"time"

	"github.com/teixit/teixit/internal/platform/access"
)

// next lists where an event may go from a state.
func (s EventState) next() []EventState {
	switch s {
	case Draft:
		return []EventState{Published, Cancelled}
	case Published:
		return []EventState{Held, Cancelled}
	case Held:
		return []EventState{Closed}
	}
	return nil
}

// Final reports whether nothing about such an event changes any more.
func (s EventState) Final() bool { return len(s.next()) == 0 }

// mayBecome decides on a transition by the database's clock.
// placed tells that a territory is given as its venue.
func (e *Event) mayBecome(to EventState, placed bool) error {
	if !slices.Contains(e.State.next(), to) {
		return ErrEventTransition.New().With("from", e.State.Label()).With("to", to.Label())
	}
	switch to {
	case Published:
		return e.mayBePublished(placed)
	case Held:
		if !e.hasBegun() {
			return ErrNotStarted.New()
		}
	}
	return nil
}

// mayBePublished asks for what a reader needs to come: some date, and a place or
// an address online.
func (e *Event) mayBePublished(placed bool) error {
	var c findings
	if e.KnownDate().IsZero() {
		c.Add(ErrNeedsDate, "date")
	}
	if !placed && e.VenueName == "" && e.VenueAddress == "" && e.OnlineURL == "" {
		c.Add(ErrNeedsPlace, "venueName")
	}
	return c.Faults.Err()
}

// hasBegun gives an event whose date is not fully known the benefit of the
// doubt: its organisers know whether it took place.
func (e *Event) hasBegun() bool {
	if !e.StartsAt.IsZero() {
		return !e.StartsAt.After(e.ReadAt)
	}
	first, known := e.Date.First()
	if !known {
		return true
	}
	today, _ := DateOf(e.ReadAt).First()
	return !first.After(today)
}

// mayChange decides whether the description, programme or documents of an event
// may change at all.
func (e *Event) mayChange() error {
	if e.State.Final() {
		return ErrEventFinal.New().With("state", e.State.Label())
	}
	return nil
}

// checkRevision is the optimistic lock: nil means that the caller does not mind.
func (e *Event) checkRevision(expected *int64) error {
	if expected != nil && *expected != e.Revision {
		return ErrRevision.At("expectedRevision").Carrying(e)
	}
	return nil
}

// effective is the visibility of the event's node in a state: drafts, and
// drafts that were given up, are for their organisers.
func effective(declared access.Level, everPublished bool) access.Level {
	if everPublished {
		return declared
	}
	return access.Organisers
}

// everPublished reports whether the node carries the declared visibility.
// A cancelled event may have been given up as a draft; its node tells.
func (e *Event) everPublished() bool {
	return e.State != Draft && e.Visibility == e.Declared
}

// RegistrationPhase is where an event stands for who wants to register.
type RegistrationPhase string

// The phases of registration.
const (
	RegistrationNone     RegistrationPhase = "NONE" // not published, cancelled, held or closed
	RegistrationNotYet   RegistrationPhase = "NOT_YET"
	RegistrationOpen     RegistrationPhase = "OPEN"
	RegistrationFinished RegistrationPhase = "FINISHED"
)

// RegistrationPhase tells the phase at the moment now. Opening counts from its
// second on, closing excludes its own: a deadline of 14:00:00 refuses 14:00:00.
// At the latest, registration ends with the event.
func (e *Event) RegistrationPhase(now time.Time) RegistrationPhase {
	switch {
	case e.State != Published:
		return RegistrationNone
	case !e.RegistrationOpensAt.IsZero() && now.Before(e.RegistrationOpensAt):
		return RegistrationNotYet
	case !e.RegistrationClosesAt.IsZero() && !now.Before(e.RegistrationClosesAt),
		e.isOver(now):
		return RegistrationFinished
	}
	return RegistrationOpen
}

func (e *Event) isOver(now time.Time) bool {
	over := e.overBy()
	return !over.IsZero() && !now.Before(over)
}

// overBy is the moment by which the event is certainly over: its end, or the
// end of the last day its known date allows; zero when the year is not known.
// The column over_by of the table says the same.
func (e *Event) overBy() time.Time {
	if !e.EndsAt.IsZero() {
		return e.EndsAt
	}
	d := e.KnownDate()
	switch {
	case d.Year == 0:
		return time.Time{}
	case d.Month == 0:
		return time.Date(d.Year+1, 1, 1, 0, 0, 0, 0, madrid())
	case d.Day == 0:
		return time.Date(d.Year, time.Month(d.Month)+1, 1, 0, 0, 0, 0, madrid())
	}
	return time.Date(d.Year, time.Month(d.Month), d.Day+1, 0, 0, 0, 0, madrid())
}
