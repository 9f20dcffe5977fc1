package directory

import "github.com/teixit/teixit/internal/kernel/fault"

// The faults of this package; those about identifiers are in identifier.go.
var (
	ErrNoPlace = fault.Define(fault.Invalid, "NO_PLACE",
		"Digueu almenys un lloc on actua.", "Indique al menos un lugar donde actúa.",
		"Say at least one place where it acts.")
	ErrTooMany = fault.Define(fault.Invalid, "TOO_MANY",
		"N'hi pot haver com a molt {max}.", "Puede haber como mucho {max}.", "There can be at most {max}.")
	ErrRepeated = fault.Define(fault.Invalid, "REPEATED",
		"Hi surt dues vegades.", "Aparece dos veces.", "It is there twice.")
	ErrBadMail = fault.Define(fault.Invalid, "BAD_MAIL",
		"No és una adreça de correu.", "No es una dirección de correo.", "This is no mail address.")
	ErrBadURL = fault.Define(fault.Invalid, "BAD_URL",
		"L'adreça ha de començar per http:// o https://.",
		"La dirección debe empezar por http:// o https://.",
		"The address must begin with http:// or https://.")
	ErrBadKind = fault.Define(fault.Invalid, "BAD_ORGANIZATION_KIND",
		"No es pot afegir una organització d'aquesta mena.",
		"No se puede añadir una organización de este tipo.",
		"An organisation of this kind cannot be added.")
	ErrBadSector = fault.Define(fault.Invalid, "BAD_SECTOR",
		"Aquest sector no existeix.", "Este sector no existe.", "There is no such sector.")
	ErrNoWhole = fault.Define(fault.Invalid, "NO_WHOLE",
		"Un servei forma part d'un organisme o d'un altre servei: digueu quin.",
		"Un servicio forma parte de un organismo o de otro servicio: indique cuál.",
		"An office is part of a body or of another office: say which.")
	ErrCircle = fault.Define(fault.Conflict, "UNIT_CIRCLE",
		"Un servei no pot formar part de si mateix, ni passant per d'altres.",
		"Un servicio no puede formar parte de sí mismo, ni a través de otros.",
		"An office cannot be part of itself, not even by way of others.")
	ErrDatesReversed = fault.Define(fault.Invalid, "DATES_REVERSED",
		"L'últim dia no pot ser anterior al primer.",
		"El último día no puede ser anterior al primero.",
		"The last day cannot be before the first.")
	ErrRoleOfPublicBody = fault.Define(fault.Invalid, "ROLE_OF_PUBLIC_BODY",
		"Una associació no té personal funcionari ni tècnic municipal.",
		"Una asociación no tiene personal funcionario ni técnico municipal.",
		"An association has no officers or technicians of a public body.")
	ErrBadRole = fault.Define(fault.Invalid, "BAD_ROLE",
		"Aquest paper no existeix.", "Este papel no existe.", "There is no such role.")
	ErrAlreadyActs = fault.Define(fault.Conflict, "ALREADY_ACTS",
		"Aquesta persona ja té aquest paper en aquestes dates.",
		"Esta persona ya tiene este papel en estas fechas.",
		"This person has this role at these dates already.")
	ErrNoAppointment = fault.Define(fault.NotFound, "NO_APPOINTMENT",
		"Aquesta persona no té aquest paper en aquesta data.",
		"Esta persona no tiene este papel en esa fecha.",
		"This person does not have this role on that date.")
	ErrRevision = fault.Define(fault.Conflict, "REVISION_CONFLICT",
		"Algú altre ho ha canviat mentrestant. Torneu-ho a llegir abans de canviar-ho.",
		"Otra persona lo ha cambiado mientras tanto. Vuelva a leerlo antes de cambiarlo.",
		"Somebody else changed it meanwhile. Read it again before you change it.")
	ErrAlreadyClaimed = fault.Define(fault.Conflict, "ALREADY_CLAIMED",
		"Aquesta associació ja té persones que la representen: demaneu-los que us hi afegeixin.",
		"Esta asociación ya tiene personas que la representan: pídales que le añadan.",
		"This association has people who represent it: ask them to add you.")
	ErrClaimOpen = fault.Define(fault.Conflict, "CLAIM_OPEN",
		"Ja ho heu demanat: falta que ho confirmi l'ajuntament.",
		"Ya lo ha solicitado: falta que lo confirme el ayuntamiento.",
		"You have asked already: the town council has yet to confirm.")
	ErrClaimDecided = fault.Define(fault.Conflict, "CLAIM_DECIDED",
		"Aquesta petició ja està resolta.", "Esta solicitud ya está resuelta.",
		"This claim has been decided already.")
	ErrMergeSame = fault.Define(fault.Invalid, "MERGE_SAME",
		"Una organització no es pot fusionar amb si mateixa.",
		"Una organización no puede fusionarse consigo misma.",
		"An organisation cannot be merged with itself.")
	ErrMergeKinds = fault.Define(fault.Invalid, "MERGE_KINDS",
		"Només es poden fusionar dues associacions, o dos organismes.",
		"Solo se pueden fusionar dos asociaciones, o dos organismos.",
		"Only two associations, or two institutions, can be merged.")
)
