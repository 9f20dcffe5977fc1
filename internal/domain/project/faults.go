package project

import (
	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
)

// Why a project, or something of it, cannot be as asked.
var (
	ErrTransition = fault.Define(fault.Conflict, "PROJECT_TRANSITION",
		"El projecte és «{from}» i no pot passar a «{to}».",
		"El proyecto está «{from}» y no puede pasar a «{to}».",
		"The project is “{from}” and cannot become “{to}”.")
	ErrFinal = fault.Define(fault.Conflict, "PROJECT_FINAL",
		"El projecte és «{state}» i això ja no es pot canviar.",
		"El proyecto está «{state}» y esto ya no se puede cambiar.",
		"The project is “{state}” and this can no longer be changed.")
	ErrNeedsAims = fault.Define(fault.Conflict, "PROJECT_NEEDS_AIMS",
		"Per acordar-lo cal dir què es vol aconseguir.",
		"Para acordarlo hay que decir qué se quiere conseguir.",
		"To be agreed it has to say what it is for.")
	ErrNeedsPartner = fault.Define(fault.Conflict, "PROJECT_NEEDS_PARTNER",
		"Per acordar-lo cal com a mínim un altre soci.",
		"Para acordarlo hace falta al menos otro socio.",
		"To be agreed it needs one more partner at least.")
	ErrOpenCommitments = fault.Define(fault.Conflict, "PROJECT_OPEN_COMMITMENTS",
		"Hi ha {open} compromisos oberts: doneu-los per fets o per abandonats abans d'acabar.",
		"Hay {open} compromisos abiertos: dé por hechos o por abandonados antes de terminar.",
		"There are {open} open commitments: call them done or dropped before finishing.")
	// ErrRevision means that somebody changed the project in between; the fault
	// carries the present *Project.
	ErrRevision = fault.Define(fault.Conflict, "VERSION_CONFLICT",
		"Algú altre ho ha canviat mentrestant: reviseu l'estat actual i torneu-hi.",
		"Alguien lo ha cambiado entretanto: revise el estado actual e inténtelo de nuevo.",
		"Somebody else changed this meanwhile: look at the present state and try again.")
	ErrAlreadyPartner = fault.Define(fault.Conflict, "ALREADY_PARTNER",
		"Aquesta organització ja és sòcia del projecte.",
		"Esta organización ya es socia del proyecto.",
		"This organisation is a partner of the project already.")
	ErrNotPartner = fault.Define(fault.Conflict, "NOT_A_PARTNER",
		"Aquesta organització no és sòcia del projecte.",
		"Esta organización no es socia del proyecto.",
		"This organisation is not a partner of the project.")
	ErrNeedsLead = fault.Define(fault.Conflict, "PROJECT_NEEDS_LEAD",
		"Qui lidera el projecte només el pot deixar si un altre soci el passa a liderar.",
		"Quien lidera el proyecto solo puede dejarlo si otro socio pasa a liderarlo.",
		"Who leads the project can leave only when another partner takes the lead.")
	ErrNotTheLead = fault.Define(fault.Conflict, "NOT_THE_LEAD",
		"Només si marxa qui lidera cal dir qui el succeeix.",
		"Solo si se va quien lidera hay que decir quién le sucede.",
		"A new lead is named only when the lead leaves.")
	ErrReassign = fault.Define(fault.Conflict, "COMMITMENTS_TO_REASSIGN",
		"El soci que marxa té {open} compromisos oberts: digueu, de cadascun, qui el continua o que s'abandona.",
		"El socio que se va tiene {open} compromisos abiertos: diga, de cada uno, quién lo continúa o que se abandona.",
		"The partner that leaves has {open} open commitments: say of each who takes it on, or that it is dropped.")
	ErrCommitmentClosed = fault.Define(fault.Conflict, "COMMITMENT_CLOSED",
		"Aquest compromís ja és tancat.", "Este compromiso ya está cerrado.", "This commitment is closed.")
	ErrNoNumber = fault.Define(fault.Invalid, "COUNT_OR_STATE",
		"Indiqueu el nombre de participants o per què no n'hi ha, una de les dues coses.",
		"Indique el número de participantes o por qué no lo hay, una de las dos cosas.",
		"Give the number of participants or say why there is none, one of the two.")
	ErrOtherProgramme = fault.Define(fault.Conflict, "IN_ANOTHER_PROGRAMME",
		"El projecte ja és d'un altre programa o laboratori d'aquesta mena.",
		"El proyecto ya es de otro programa o laboratorio de este tipo.",
		"The project belongs to another programme or lab of this kind already.")
	ErrSigned = fault.Define(fault.Conflict, "ALREADY_SIGNED",
		"Aquesta organització ja l'ha signat.", "Esta organización ya lo ha firmado.", "This organisation has signed it already.")
	ErrOrganisationEnded = fault.Define(fault.Conflict, "ORGANIZATION_ENDED",
		"Aquesta organització s'acaba de fusionar amb una altra: torneu-ho a fer amb aquella.",
		"Esta organización se acaba de fusionar con otra: vuelva a hacerlo con aquella.",
		"This organisation has just been merged with another: do it again with that one.")
)

// Warnings, defined as faults are for their messages.
var (
	WarnOutsideArea = fault.Define(fault.Invalid, "PLACE_OUTSIDE_AREA",
		"«{place}» és a {within}, fora de l'àmbit del projecte ({area}). S'ha desat tal com ho heu escrit.{hint}",
		"«{place}» está en {within}, fuera del ámbito del proyecto ({area}). Se ha guardado tal como lo ha escrito.{hint}",
		"“{place}” is in {within}, outside the area of the project ({area}). It was kept as you gave it.{hint}")
)

// constraints names the faults behind the check constraints: the rules refuse
// first, so these only speak when a rule was forgotten.
func constraints() map[string]fault.Code {
	return map[string]fault.Code{
		"shared_projects_dates":   form.ErrDatesReversed,
		"programmes_dates":        form.ErrDatesReversed,
		"strategies_validity":     form.ErrDatesReversed,
		"project_activities_days": form.ErrDatesReversed,
		"edges_once":              ErrAlreadyPartner,
	}
}
