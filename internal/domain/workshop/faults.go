package workshop

import "github.com/teixit/teixit/internal/kernel/fault"

// Why something cannot be noted or merged.
var (
	// ErrLinkEnded is the one answer for a secret that is none, was taken back, or
	// is of another workshop.
	ErrLinkEnded = fault.Define(fault.NotFound, "LINK_ENDED",
		"Aquest enllaç ja no serveix. Demaneu-ne un altre a qui organitza.",
		"Este enlace ya no sirve. Pida otro a quien organiza.",
		"This link is no longer good. Ask the organisers for another.")
	ErrNoSuchCode = fault.Define(fault.NotFound, "NO_SUCH_CODE",
		"Cap taller obert no té aquest codi.", "Ningún taller abierto tiene este código.", "No open workshop has this code.")
	ErrNotOpen = fault.Define(fault.Conflict, "WORKSHOP_NOT_OPEN",
		"El taller és «{state}»: ara no s'hi pot afegir res.",
		"El taller está «{state}»: ahora no se puede añadir nada.",
		"The workshop is “{state}”: nothing can be added now.")
	ErrTransition = fault.Define(fault.Conflict, "WORKSHOP_TRANSITION",
		"El taller és «{from}» i no pot passar a «{to}».",
		"El taller está «{from}» y no puede pasar a «{to}».",
		"The workshop is “{from}” and cannot become “{to}”.")
	ErrNameTaken = fault.Define(fault.Conflict, "GROUP_NAME_TAKEN",
		"Ja hi ha un grup amb aquest nom.", "Ya hay un grupo con este nombre.", "There is a group of this name already.")
	ErrTooManyGroups = fault.Define(fault.Conflict, "TOO_MANY_GROUPS",
		"Ja hi ha {max} grups.", "Ya hay {max} grupos.", "There are {max} groups already.")
	ErrTooManyEntries = fault.Define(fault.Conflict, "TOO_MANY_ENTRIES",
		"Ja n'heu anotat {max}.", "Ya ha anotado {max}.", "You have noted {max} already.")
	ErrElsewhere = fault.Define(fault.Invalid, "NOT_A_PLACE_OF_THE_WORKSHOP",
		"El taller no és d'aquest barri.", "El taller no es de este barrio.", "The workshop is not for this neighbourhood.")
	ErrNotPriority = fault.Define(fault.Invalid, "NOT_A_PRIORITY",
		"Això només es pot fer amb prioritats.", "Esto solo se puede hacer con prioridades.", "This can be done with priorities only.")
	ErrMerged = fault.Define(fault.Conflict, "ALREADY_MERGED",
		"S'ha unit amb altres prioritats: hi diuen la seva altres grups.",
		"Se ha unido con otras prioridades: también es de otros grupos.",
		"It was merged with other priorities: it is other groups' too.")
	ErrHasProject = fault.Define(fault.Conflict, "HAS_BECOME_PROJECT",
		"Aquesta prioritat ja és un projecte.", "Esta prioridad ya es un proyecto.", "This priority has become a project already.")
)

func constraints() map[string]fault.Code {
	return map[string]fault.Code{"workshop_groups_name": ErrNameTaken}
}
