package calendar

import "github.com/teixit/teixit/internal/kernel/fault"

// Why a registration, a cancellation or a check-in is refused.
var (
	// ErrNotOpenYet and ErrRegistrationClosed go by the second, by the
	// database's clock.
	ErrNotOpenYet = fault.Define(fault.Conflict, "REGISTRATION_NOT_OPEN_YET",
		"La inscripció encara no és oberta: s'obre el {opens}.",
		"La inscripción aún no está abierta: se abre el {opens}.",
		"Registration is not open yet: it opens on {opens}.")
	ErrRegistrationClosed = fault.Define(fault.Conflict, "REGISTRATION_CLOSED",
		"La inscripció es va tancar el {closed}.",
		"La inscripción se cerró el {closed}.",
		"Registration closed on {closed}.")
	// ErrEventNotTaking covers drafts and cancelled, held or closed events.
	ErrEventNotTaking = fault.Define(fault.Conflict, "EVENT_TAKES_NO_REGISTRATIONS",
		"Aquest acte no admet inscripcions en l'estat actual.",
		"Este acto no admite inscripciones en su estado actual.",
		"This event takes no registrations in its present state.")
	// ErrNoPool means that the event has no seats, or none that the
	// organisation has a right to.
	ErrNoPool = fault.Define(fault.Conflict, "NO_SEATS_FOR_YOU",
		"Aquest acte no té places per a aquesta organització.",
		"Este acto no tiene plazas para esta organización.",
		"This event has no seats for this organisation.")
	// ErrFull is said before anybody tries: there is neither a seat nor a line to
	// wait in.
	ErrFull = fault.Define(fault.Conflict, "FULL",
		"No queden places ni hi ha llista d'espera.",
		"No quedan plazas ni hay lista de espera.",
		"There are no seats left and no waiting list.")
	ErrNotEnoughSeats = fault.Define(fault.Conflict, "NOT_ENOUGH_SEATS",
		"No queden prou places: en demaneu {wanted} i n'hi ha {free}. No us hem inscrit, com heu demanat.",
		"No quedan suficientes plazas: pide {wanted} y hay {free}. No le hemos inscrito, como ha pedido.",
		"Not enough seats: {wanted} asked for, {free} left. You were not registered, as you chose.")
	ErrBlockTooLarge = fault.Define(fault.Invalid, "BLOCK_LARGER_THAN_POOL",
		"Inscriviu {wanted} persones i el grup de places només en té {places}.",
		"Inscribe a {wanted} personas y el grupo de plazas solo tiene {places}.",
		"You are registering {wanted} people and the pool has only {places} seats.")
	ErrNoDelegates = fault.Define(fault.Invalid, "NO_DELEGATES",
		"Inscriviu com a mínim una persona.", "Inscriba al menos a una persona.", "Register at least one person.")
	ErrTooManyDelegates = fault.Define(fault.Invalid, "TOO_MANY_DELEGATES",
		"Podeu inscriure com a màxim {max} persones de cop.",
		"Puede inscribir como máximo a {max} personas a la vez.",
		"You can register at most {max} people at once.")
	// ErrSameDelegateTwice is about two entries of one block.
	ErrSameDelegateTwice = fault.Define(fault.Invalid, "SAME_DELEGATE_TWICE",
		"Aquesta persona ja és a la llista que envieu.",
		"Esta persona ya está en la lista que envía.",
		"This person is already in the list you are sending.")
	// ErrAlreadyRegistered is about somebody who has a seat, waits, or awaits
	// approval at the same event already. It does not say with whom.
	ErrAlreadyRegistered = fault.Define(fault.Conflict, "ALREADY_REGISTERED",
		"Una de les persones ja està inscrita en aquest acte.",
		"Una de las personas ya está inscrita en este acto.",
		"One of these people is registered for this event already.")
	ErrBadMail = fault.Define(fault.Invalid, "BAD_MAIL",
		"L'adreça de correu no és vàlida.", "La dirección de correo no es válida.", "The mail address is not valid.")
	ErrBadPolicy = fault.Define(fault.Invalid, "UNKNOWN_CHOICE",
		"Aquesta opció no existeix.", "Esta opción no existe.", "There is no such choice.")
	// ErrMixedRoles is raised where only one role has seats for each delegate.
	ErrMixedRoles = fault.Define(fault.Conflict, "MIXED_ROLES",
		"Les places estan reservades per tipus d'assistent: inscriviu cada tipus a part.",
		"Las plazas están reservadas por tipo de asistente: inscriba cada tipo por separado.",
		"Seats are reserved by role: register each role separately.")
	ErrPersonOrName = fault.Define(fault.Invalid, "PERSON_OR_NAME",
		"Indiqueu la persona o bé el nom i el correu, no totes dues coses.",
		"Indique la persona o bien el nombre y el correo, no ambas cosas.",
		"Give the person, or name and mail, not both.")

	ErrNotPending = fault.Define(fault.Conflict, "REGISTRATION_NOT_PENDING",
		"Aquesta inscripció no espera aprovació.",
		"Esta inscripción no espera aprobación.",
		"This registration does not await approval.")
	ErrAlreadyCancelled = fault.Define(fault.Conflict, "REGISTRATION_ALREADY_CANCELLED",
		"Aquesta inscripció ja està anul·lada o rebutjada.",
		"Esta inscripción ya está anulada o rechazada.",
		"This registration is cancelled or rejected already.")
	ErrDelegateGone = fault.Define(fault.Conflict, "DELEGATE_NO_LONGER_REGISTERED",
		"Aquesta persona ja no està inscrita: se n'ha anul·lat o canviat la plaça.",
		"Esta persona ya no está inscrita: su plaza se ha anulado o cambiado.",
		"This person is no longer registered: the seat was cancelled or given to somebody else.")
	ErrHasArrived = fault.Define(fault.Conflict, "DELEGATE_HAS_ARRIVED",
		"Aquesta persona ja ha arribat; desfeu primer l'entrada.",
		"Esta persona ya ha llegado; deshaga primero la entrada.",
		"This person has arrived already; undo the check-in first.")
	ErrEventOver = fault.Define(fault.Conflict, "EVENT_OVER",
		"L'acte ja ha passat, o s'ha anul·lat o tancat: ja no s'hi pot inscriure ningú ni canviar-hi res.",
		"El acto ya ha pasado, o se ha anulado o cerrado: ya no puede inscribirse nadie ni cambiarse nada.",
		"The event is over, or was cancelled or closed: nobody can register any more and nothing can be changed.")

	ErrBelowConfirmed = fault.Define(fault.Conflict, "CAPACITY_BELOW_CONFIRMED",
		"Hi ha {confirmed} places confirmades: la capacitat no pot baixar a {wanted}.",
		"Hay {confirmed} plazas confirmadas: la capacidad no puede bajar a {wanted}.",
		"{confirmed} seats are confirmed: the capacity cannot go down to {wanted}.")
	ErrCapacityRange = fault.Define(fault.Invalid, "CAPACITY_RANGE",
		"La capacitat ha de ser entre 0 i {max}.",
		"La capacidad debe estar entre 0 y {max}.",
		"The capacity must be between 0 and {max}.")
	ErrPoolExists = fault.Define(fault.Conflict, "POOL_EXISTS",
		"L'acte ja té un grup de places per a aquests destinataris.",
		"El acto ya tiene un grupo de plazas para estos destinatarios.",
		"The event has a pool of seats for these people already.")
	ErrTooManyPools = fault.Define(fault.Invalid, "TOO_MANY_POOLS",
		"Un acte pot tenir com a màxim {max} grups de places.",
		"Un acto puede tener como máximo {max} grupos de plazas.",
		"An event can have at most {max} pools of seats.")
	ErrBadReserve = fault.Define(fault.Invalid, "BAD_RESERVE",
		"Reserveu per a una sola cosa: un perfil, una organització o un tipus d'assistent.",
		"Reserve para una sola cosa: un perfil, una organización o un tipo de asistente.",
		"Reserve for exactly one thing: an audience, an organisation or a role.")
	ErrNobodyToPass = fault.Define(fault.Conflict, "NOBODY_TO_LET_PASS",
		"Ningú de la llista d'espera no cap a les places lliures.",
		"Nadie de la lista de espera cabe en las plazas libres.",
		"Nobody in the waiting list fits the free seats.")

	ErrUnknownCode = fault.Define(fault.NotFound, "CODE_UNKNOWN",
		"Aquest codi no és de cap persona inscrita en aquest acte.",
		"Este código no es de ninguna persona inscrita en este acto.",
		"This code belongs to nobody registered for this event.")
	ErrCodeDead = fault.Define(fault.Conflict, "CODE_NO_LONGER_VALID",
		"Aquest codi ja no val: la plaça s'ha anul·lat o ha passat a una altra persona.",
		"Este código ya no vale: la plaza se ha anulado o ha pasado a otra persona.",
		"This code is no longer valid: the seat was cancelled or went to somebody else.")
	ErrNoSeatYet = fault.Define(fault.Conflict, "DELEGATE_HAS_NO_SEAT",
		"Aquesta persona no té plaça confirmada: és en llista d'espera o pendent d'aprovació.",
		"Esta persona no tiene plaza confirmada: está en lista de espera o pendiente de aprobación.",
		"This person has no confirmed seat: waiting or pending approval.")
	ErrNotArrived = fault.Define(fault.Conflict, "DELEGATE_NOT_ARRIVED",
		"No consta que aquesta persona hagi arribat.",
		"No consta que esta persona haya llegado.",
		"This person is not recorded as arrived.")
	ErrNotOverYet = fault.Define(fault.Conflict, "EVENT_NOT_OVER_YET",
		"L'acte encara no s'ha acabat.", "El acto aún no ha terminado.", "The event is not over yet.")
)
