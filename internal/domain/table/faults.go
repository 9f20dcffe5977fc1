package table

import (
	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
)

// Why something cannot be as asked.
var (
	ErrTransition = fault.Define(fault.Conflict, "SESSION_TRANSITION",
		"La sessió està {state} i ara no es pot fer això.",
		"La sesión está {state} y ahora no se puede hacer eso.",
		"The session is {state}: this cannot be done now.")
	ErrTableState = fault.Define(fault.Conflict, "TABLE_STATE",
		"La taula és «{state}» i ara no es pot fer això.",
		"La mesa está «{state}» y ahora no se puede hacer eso.",
		"The table is “{state}”: this cannot be done now.")
	ErrNotInSession = fault.Define(fault.Conflict, "NOT_IN_SESSION",
		"La sessió no està oberta.", "La sesión no está abierta.", "The session is not open.")
	ErrExtraordinary = fault.Define(fault.Conflict, "EXTRAORDINARY_SESSION",
		"Una sessió extraordinària ja convocada no admet punts nous.",
		"Una sesión extraordinaria ya convocada no admite puntos nuevos.",
		"An extraordinary session that has been called takes no new items.")
	ErrNoQuorum = fault.Define(fault.Conflict, "NO_QUORUM",
		"No hi ha quòrum: hi ha {present} organitzacions i en calen {needed}.",
		"No hay quórum: hay {present} organizaciones y hacen falta {needed}.",
		"There is no quorum: {present} organisations are here and {needed} are needed.")
	ErrNotice = fault.Define(fault.Conflict, "NOTICE_TOO_SHORT",
		"La taula demana {days} dies d'antelació; si és urgent, dieu per què.",
		"La mesa pide {days} días de antelación; si es urgente, diga por qué.",
		"The table asks for {days} days of notice; if it is urgent, say why.")
	ErrNoSecondCall = fault.Define(fault.Conflict, "NO_SECOND_CALL",
		"Aquesta taula no té segona convocatòria.",
		"Esta mesa no tiene segunda convocatoria.",
		"This table has no second call.")
	ErrNeedsDate = fault.Define(fault.Conflict, "SESSION_NEEDS_DATE",
		"Per convocar cal dia i hora.", "Para convocar hacen falta día y hora.", "A call needs a day and an hour.")
	ErrNeedsAgenda = fault.Define(fault.Conflict, "SESSION_NEEDS_AGENDA",
		"Per convocar cal un ordre del dia.", "Para convocar hace falta un orden del día.", "A call needs an agenda.")
	ErrInFuture = fault.Define(fault.Invalid, "SESSION_IN_FUTURE",
		"El que es registra ja s'ha celebrat: la data no pot ser futura.",
		"Lo que se registra ya se ha celebrado: la fecha no puede ser futura.",
		"What is recorded was held already: the date cannot be in the future.")
	ErrNotLater = fault.Define(fault.Conflict, "NOT_A_LATER_SESSION",
		"Les actes s'aproven en una sessió posterior de la mateixa taula.",
		"Las actas se aprueban en una sesión posterior de la misma mesa.",
		"Minutes are approved in a later session of the same table.")
	ErrNotMember = fault.Define(fault.Conflict, "NOT_A_MEMBER",
		"Aquesta organització no és membre de la taula.",
		"Esta organización no es miembro de la mesa.",
		"This organisation is no member of the table.")
	ErrAlreadyMember = fault.Define(fault.Conflict, "ALREADY_A_MEMBER",
		"Aquesta organització ja és membre de la taula.",
		"Esta organización ya es miembro de la mesa.",
		"This organisation is a member of the table already.")
	ErrSeatTaken = fault.Define(fault.Conflict, "SEAT_TAKEN",
		"Aquest lloc ja té algú en aquestes dates.",
		"Este puesto ya tiene a alguien en esas fechas.",
		"Somebody has this seat at these dates already.")
	ErrHasOffice = fault.Define(fault.Conflict, "HAS_OFFICE",
		"Aquesta persona ja té un càrrec a la taula.",
		"Esta persona ya tiene un cargo en la mesa.",
		"This person has an office at the table already.")
	ErrNoOffice = fault.Define(fault.NotFound, "NO_OFFICE",
		"Aquesta persona no té aquest càrrec.", "Esta persona no tiene este cargo.", "This person has not this office.")
	ErrNamedOrPerson = fault.Define(fault.Invalid, "PERSON_OR_NAME",
		"Indiqueu una persona amb compte o un nom, no totes dues coses.",
		"Indique una persona con cuenta o un nombre, no ambas cosas.",
		"Give a person with an account or a name, not both.")
	ErrAgendaItemDone = fault.Define(fault.Conflict, "AGENDA_ITEM_CLOSED",
		"Aquest punt ja s'ha tractat.", "Este punto ya se ha tratado.", "This item has been dealt with.")
	ErrOutcomeNeedsResolution = fault.Define(fault.Conflict, "OUTCOME_NEEDS_RESOLUTION",
		"Una decisió o una tasca s'ha d'adoptar com a acord.",
		"Una decisión o una tarea debe adoptarse como acuerdo.",
		"A decision or a task has to be adopted as a resolution.")
	ErrBadVote = fault.Define(fault.Invalid, "BAD_VOTE",
		"El resultat de la votació no és possible.",
		"El resultado de la votación no es posible.",
		"This result of a vote is not possible.")
	ErrTooManyVotes = fault.Define(fault.Invalid, "TOO_MANY_VOTES",
		"Hi ha {votes} vots i només {present} organitzacions presents amb vot.",
		"Hay {votes} votos y solo {present} organizaciones presentes con voto.",
		"There are {votes} votes and only {present} organisations present that may vote.")
	ErrVoterAbsent = fault.Define(fault.Invalid, "VOTER_ABSENT",
		"Qui vota ha de ser present i tenir vot.",
		"Quien vota debe estar presente y tener voto.",
		"Who votes has to be present and have a vote.")
	ErrResolutionFinal = fault.Define(fault.Conflict, "RESOLUTION_NOT_ADOPTED",
		"Això no es va aprovar: no hi ha res a seguir.",
		"Esto no se aprobó: no hay nada que seguir.",
		"This was not adopted: there is nothing to follow.")
	ErrNoMinutes = fault.Define(fault.Conflict, "NO_MINUTES",
		"Aquesta sessió no té cap esborrany d'acta.",
		"Esta sesión no tiene borrador de acta.",
		"This session has no draft minutes.")
	// ErrMinutesChanged means that somebody wrote in between; the fault carries
	// the present *Minutes.
	ErrMinutesChanged = fault.Define(fault.Conflict, "VERSION_CONFLICT",
		"Algú altre ha desat l'acta mentrestant: teniu el text actual al costat del vostre.",
		"Alguien ha guardado el acta entretanto: tiene el texto actual junto al suyo.",
		"Somebody else saved the minutes meanwhile: here is the present text beside yours.")
	ErrRevision = fault.Define(fault.Conflict, "VERSION_CONFLICT",
		"Algú altre ho ha canviat mentrestant: reviseu l'estat actual i torneu-hi.",
		"Alguien lo ha cambiado entretanto: revise el estado actual e inténtelo de nuevo.",
		"Somebody else changed this meanwhile: look at the present state and try again.")
	ErrPollOpen = fault.Define(fault.Conflict, "POLL_OPEN",
		"Aquesta sessió ja té una consulta de dates oberta.",
		"Esta sesión ya tiene una consulta de fechas abierta.",
		"This session has an open poll of dates already.")
	ErrPollClosed = fault.Define(fault.Conflict, "POLL_CLOSED",
		"Aquesta consulta de dates ja és tancada.",
		"Esta consulta de fechas ya está cerrada.",
		"This poll of dates is closed.")
	// ErrLinkEnded is the one answer to links that are no link or have ended.
	ErrLinkEnded = fault.Define(fault.NotFound, "LINK_ENDED",
		"Aquest enllaç no val o ha caducat.", "Este enlace no es válido o ha caducado.",
		"This link is not valid or has expired.")
	ErrInside = fault.Define(fault.Invalid, "INSIDE_WIDER",
		"El que passa dins la taula no pot ser més obert que la taula.",
		"Lo que pasa dentro de la mesa no puede ser más abierto que la mesa.",
		"What happens inside cannot be more open than the table.")
	ErrInPast = fault.Define(fault.Invalid, "DATE_IN_PAST",
		"Aquesta data ja ha passat.", "Esta fecha ya ha pasado.", "This date has passed.")
	ErrTooMany = fault.Define(fault.Invalid, "TOO_MANY",
		"N'hi pot haver {max} com a màxim.", "Puede haber {max} como máximo.", "There can be at most {max}.")
	ErrRange = fault.Define(fault.Invalid, "OUT_OF_RANGE",
		"Ha de ser entre {min} i {max}.", "Debe estar entre {min} y {max}.", "It must be between {min} and {max}.")
	ErrBadMail = fault.Define(fault.Invalid, "BAD_MAIL",
		"Aquesta adreça de correu no és vàlida.", "Esta dirección de correo no es válida.", "This mail address is not valid.")
	ErrAlreadyAsked = fault.Define(fault.Conflict, "ALREADY_ASKED",
		"Aquesta organització ja ho ha demanat: espereu la resposta.",
		"Esta organización ya lo ha pedido: espere la respuesta.",
		"This organisation has asked already: wait for the answer.")
	ErrJoinDecided = fault.Define(fault.Conflict, "REQUEST_DECIDED",
		"Aquesta petició ja té resposta.", "Esta petición ya tiene respuesta.", "This request has been answered already.")
	ErrJoinWithdrawn = fault.Define(fault.Conflict, "REQUEST_WITHDRAWN",
		"L'organització ha retirat aquesta petició.", "La organización ha retirado esta petición.", "The organisation has taken this request back.")
	ErrOwnSubTable = fault.Define(fault.Conflict, "SUB_TABLE_LOOP",
		"Una taula no pot formar part de si mateixa.",
		"Una mesa no puede formar parte de sí misma.",
		"A table cannot be part of itself.")
)

// constraints names the faults behind keys and checks; the rules refuse first,
// so these speak when two commands met.
func constraints() map[string]fault.Code {
	return map[string]fault.Code{
		"table_seats_once": ErrSeatTaken, "table_polls_open": ErrPollOpen, "edges_once": ErrAlreadyMember,
		"table_papers_url": form.ErrBadURL, "table_sessions_url": form.ErrBadURL, "tables_inside": ErrInside,
	}
}
