package calendar

import (
	"context"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Warning is something that is kept as it was given and may still be a slip.
type Warning = form.Warning

// The warnings. They are defined as faults are, for their messages.
var (
	WarnOutsideArea = fault.Define(fault.Invalid, "PLACE_OUTSIDE_AREA",
		"«{place}» és a {within}, fora de l'àmbit de l'acte ({area}). S'ha desat tal com ho heu escrit.{hint}",
		"«{place}» está en {within}, fuera del ámbito del acto ({area}). Se ha guardado tal como lo ha escrito.{hint}",
		"“{place}” is in {within}, outside the area of the event ({area}). It was kept as you gave it.{hint}")
	WarnClosesAfterEvent = fault.Define(fault.Invalid, "REGISTRATION_CLOSES_AFTER_EVENT",
		"La inscripció es tanca quan l'acte ja s'ha acabat.",
		"La inscripción se cierra cuando el acto ya ha terminado.",
		"Registration closes after the event is over.")
	WarnSessionOutsideEvent = fault.Define(fault.Invalid, "SESSION_OUTSIDE_EVENT",
		"La sessió «{session}» és fora de l'horari de l'acte.",
		"La sesión «{session}» está fuera del horario del acto.",
		"The session “{session}” lies outside the hours of the event.")
	WarnRoomTwice = fault.Define(fault.Invalid, "ROOM_TAKEN_TWICE",
		"«{session}» i «{other}» són alhora a la mateixa sala ({room}).",
		"«{session}» y «{other}» están a la vez en la misma sala ({room}).",
		"“{session}” and “{other}” are in the same room ({room}) at the same time.")
)

// warningsOf looks at the whole event: its hours, its rooms, its places.
func warningsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, e *Event) ([]Warning, error) {
	programme, err := SessionsOf(ctx, q, v, []id.ID{e.ID})
	if err != nil {
		return nil, err
	}
	sessions := programme[e.ID]
	warnings := append(e.hourWarnings(), e.programmeWarnings(sessions)...)
	all, err := relatedTo(ctx, q, v, e.ID, Today(e.ReadAt))
	if err != nil {
		return nil, err
	}
	outside, err := placeWarnings(ctx, q, v, e, all, sessions)
	return append(warnings, outside...), err
}

func (e *Event) hourWarnings() []Warning {
	over := e.overBy()
	if over.IsZero() || !e.RegistrationClosesAt.After(over) {
		return nil
	}
	return []Warning{form.Warn(WarnClosesAfterEvent, nil, "registrationClosesAt")}
}

func (e *Event) programmeWarnings(sessions []*Session) []Warning {
	var found []Warning
	for i, s := range sessions {
		if s.outside(e) {
			found = append(found, form.Warn(WarnSessionOutsideEvent, map[string]any{"session": s.Title}, "sessions", s.GlobalID(), "startsAt"))
		}
		for _, other := range sessions[:i] {
			if s.clashes(other) {
				args := map[string]any{"session": s.Title, "other": other.Title, "room": s.Room}
				found = append(found, form.Warn(WarnRoomTwice, args, "sessions", s.GlobalID(), "room"))
			}
		}
	}
	return found
}

// outside says nothing about hours that are not known.
func (s *Session) outside(e *Event) bool {
	if s.StartsAt.IsZero() || e.StartsAt.IsZero() {
		return false
	}
	over := e.overBy()
	return s.StartsAt.Before(e.StartsAt) || !s.StartsAt.Before(over) || s.EndsAt.After(over)
}

func (s *Session) clashes(other *Session) bool {
	if s.Room == "" || s.Room != other.Room || s.Territory != other.Territory || s.EndsAt.IsZero() || other.EndsAt.IsZero() {
		return false
	}
	return s.StartsAt.Before(other.EndsAt) && other.StartsAt.Before(s.EndsAt)
}
