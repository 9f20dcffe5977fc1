package workshop

import "github.com/teixit/teixit/internal/kernel/lang"

// Words says the kinds of facts of workshops and consultations to people, as a
// feed shows them under the title of the thing they happened to.
func Words() map[string]lang.Text {
	return map[string]lang.Text{
		FactCreated:       {CA: "Es prepara un taller", ES: "Se prepara un taller", EN: "A workshop is being prepared"},
		FactOpened:        {CA: "S'ha obert el taller", ES: "Se ha abierto el taller", EN: "The workshop was opened"},
		FactClosed:        {CA: "S'ha tancat el taller", ES: "Se ha cerrado el taller", EN: "The workshop was closed"},
		FactCodeRenewed:   {CA: "El taller té un codi nou", ES: "El taller tiene un código nuevo", EN: "The workshop has a new code"},
		FactGroupJoined:   {CA: "S'ha incorporat un grup al taller", ES: "Se ha incorporado un grupo al taller", EN: "A group joined the workshop"},
		FactGroupRevoked:  {CA: "S'ha retirat l'enllaç d'un grup", ES: "Se ha retirado el enlace de un grupo", EN: "A group's link was taken back"},
		FactNoted:         {CA: "Un grup ha apuntat una cosa al taller", ES: "Un grupo ha anotado algo en el taller", EN: "A group noted something at the workshop"},
		FactWithdrawn:     {CA: "S'ha retirat una cosa apuntada al taller", ES: "Se ha retirado algo anotado en el taller", EN: "Something noted at the workshop was taken back"},
		FactMerged:        {CA: "S'han ajuntat prioritats", ES: "Se han unido prioridades", EN: "Priorities were merged"},
		FactBecameProject: {CA: "Una prioritat s'ha convertit en projecte", ES: "Una prioridad se ha convertido en proyecto", EN: "A priority became a project"},
		FactConsultation:  {CA: "S'ha publicat una consulta prèvia", ES: "Se ha publicado una consulta previa", EN: "A prior consultation was recorded"},
		FactFinding:       {CA: "S'ha afegit un resultat a la consulta", ES: "Se ha añadido un resultado a la consulta", EN: "A finding was added to the consultation"},
		FactEventLinked:   {CA: "La consulta ha donat lloc a un esdeveniment", ES: "La consulta ha dado lugar a un evento", EN: "An event came of the consultation"},
	}
}
