package calendar

import (
	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
)

// Why an event, its programme or its documents cannot be as asked.
var (
	ErrEndBeforeStart = fault.Define(fault.Invalid, "END_BEFORE_START",
		"El final ha de ser posterior a l'inici.",
		"El final debe ser posterior al inicio.",
		"The end must be after the start.")
	ErrEndWithoutStart = fault.Define(fault.Invalid, "END_WITHOUT_START",
		"Hi ha hora final però no d'inici.",
		"Hay hora final pero no de inicio.",
		"There is an end without a start.")
	ErrClosesBeforeOpens = fault.Define(fault.Invalid, "CLOSES_BEFORE_OPENS",
		"La inscripció s'ha de tancar després d'obrir-se.",
		"La inscripción debe cerrarse después de abrirse.",
		"Registration must close after it opens.")
	// ErrTwoDates is raised when an exact start and a partial date are given
	// together: one of them would be silently ignored.
	ErrTwoDates = fault.Define(fault.Invalid, "TWO_DATES",
		"Indiqueu l'inici exacte o la data parcial, no totes dues coses.",
		"Indique el inicio exacto o la fecha parcial, no ambas cosas.",
		"Give the exact start or the partial date, not both.")
	ErrBadURL      = form.ErrBadURL
	ErrBadLanguage = fault.Define(fault.Invalid, "BAD_LANGUAGE",
		"Cada llengua s'escriu un cop, amb el seu codi (ca, es, en, csc…).",
		"Cada lengua se escribe una vez, con su código (ca, es, en, csc…).",
		"Each language is given once, by its code (ca, es, en, csc…).")
	ErrPosition = fault.Define(fault.Invalid, "POSITION_RANGE",
		"La posició ha de ser entre 0 i {max}.",
		"La posición debe estar entre 0 y {max}.",
		"The position must be between 0 and {max}.")
	ErrTooMany      = form.ErrTooMany
	ErrGivenTwice   = form.ErrGivenTwice
	ErrSeveralLines = form.ErrSeveralLines

	ErrNeedsDate = fault.Define(fault.Conflict, "EVENT_NEEDS_DATE",
		"Per publicar cal una data, encara que sigui parcial.",
		"Para publicar hace falta una fecha, aunque sea parcial.",
		"Publishing needs a date, a partial one at least.")
	ErrNeedsPlace = fault.Define(fault.Conflict, "EVENT_NEEDS_PLACE",
		"Per publicar cal un lloc o una adreça en línia.",
		"Para publicar hace falta un lugar o una dirección en línea.",
		"Publishing needs a place or an address online.")
	ErrEventTransition = fault.Define(fault.Conflict, "EVENT_TRANSITION",
		"L'acte és «{from}» i no pot passar a «{to}».",
		"El acto está «{from}» y no puede pasar a «{to}».",
		"The event is “{from}” and cannot become “{to}”.")
	ErrEventFinal = fault.Define(fault.Conflict, "EVENT_FINAL",
		"L'acte és «{state}» i ja no es pot canviar.",
		"El acto está «{state}» y ya no se puede cambiar.",
		"The event is “{state}” and can no longer be changed.")
	ErrNotStarted = fault.Define(fault.Conflict, "EVENT_NOT_STARTED",
		"L'acte encara no ha començat.", "El acto aún no ha empezado.", "The event has not begun yet.")
	// ErrRevision means that somebody changed the event in between; the fault
	// carries the present *Event.
	ErrRevision = fault.Define(fault.Conflict, "VERSION_CONFLICT",
		"Algú altre ho ha canviat mentrestant: reviseu l'estat actual i torneu-hi.",
		"Alguien lo ha cambiado entretanto: revise el estado actual e inténtelo de nuevo.",
		"Somebody else changed this meanwhile: look at the present state and try again.")
	ErrHeldInFuture = fault.Define(fault.Conflict, "EVENT_ALREADY_HELD",
		"L'acte ja s'ha celebrat: no pot començar en el futur.",
		"El acto ya se ha celebrado: no puede empezar en el futuro.",
		"The event was held already: it cannot begin in the future.")
)

// eventConstraints names the faults behind the check constraints: the rules
// refuse first, so these only speak when a rule was forgotten.
func eventConstraints() map[string]fault.Code {
	return map[string]fault.Code{
		"events_end_after_start":         ErrEndBeforeStart,
		"events_end_needs_start":         ErrEndWithoutStart,
		"events_one_date":                ErrTwoDates,
		"events_closes_after_opens":      ErrClosesBeforeOpens,
		"events_year":                    fault.ErrBadDate,
		"events_month":                   fault.ErrBadDate,
		"events_day":                     fault.ErrBadDate,
		"event_sessions_end_after_start": ErrEndBeforeStart,
		"event_sessions_end_needs_start": ErrEndWithoutStart,
		"event_sessions_capacity":        ErrCapacityRange,
		"event_sessions_never_overfull":  ErrSessionFull,
		"event_documents_url":            ErrBadURL,
	}
}
