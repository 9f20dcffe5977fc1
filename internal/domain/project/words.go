package project

import "github.com/teixit/teixit/internal/kernel/lang"

// Words says the kinds of facts of projects, and of what groups them, to people,
// as a feed shows them under the title of the thing they happened to.
func Words() map[string]lang.Text {
	return map[string]lang.Text{
		FactCreated:           {CA: "S'ha creat el projecte", ES: "Se ha creado el proyecto", EN: "The project was created"},
		FactUpdated:           {CA: "Han canviat dades del projecte", ES: "Han cambiado datos del proyecto", EN: "Details of the project changed"},
		FactStateChanged:      {CA: "El projecte ha canviat d'estat", ES: "El proyecto ha cambiado de estado", EN: "The project came into another state"},
		FactPartnerJoined:     {CA: "Una organització s'incorpora al projecte", ES: "Una organización se incorpora al proyecto", EN: "An organisation joined the project"},
		FactPartnerLeft:       {CA: "Una organització deixa el projecte", ES: "Una organización deja el proyecto", EN: "An organisation left the project"},
		FactCommitmentAdded:   {CA: "Un soci ha pres un compromís", ES: "Un socio ha asumido un compromiso", EN: "A partner committed to something"},
		FactCommitmentChanged: {CA: "Ha canviat un compromís", ES: "Ha cambiado un compromiso", EN: "A commitment changed"},
		FactCommitmentMoved:   {CA: "Un compromís ha passat a un altre soci", ES: "Un compromiso ha pasado a otro socio", EN: "A commitment went to another partner"},
		FactMilestoneAdded:    {CA: "S'ha afegit una fita", ES: "Se ha añadido un hito", EN: "A milestone was added"},
		FactMilestoneChanged:  {CA: "Ha canviat una fita", ES: "Ha cambiado un hito", EN: "A milestone changed"},
		FactMilestoneRemoved:  {CA: "S'ha tret una fita", ES: "Se ha quitado un hito", EN: "A milestone was taken out"},
		FactActivityAdded:     {CA: "S'ha anotat una activitat", ES: "Se ha anotado una actividad", EN: "An activity was noted"},
		FactActivityChanged:   {CA: "S'ha corregit una activitat", ES: "Se ha corregido una actividad", EN: "An activity was corrected"},
		FactActivityRemoved:   {CA: "S'ha tret una activitat", ES: "Se ha quitado una actividad", EN: "An activity was taken out"},
		FactFundingSet:        {CA: "Ha canviat el pressupost del projecte", ES: "Ha cambiado el presupuesto del proyecto", EN: "The budget of the project changed"},
		FactNoteAdded:         {CA: "Hi ha novetats del projecte", ES: "Hay novedades del proyecto", EN: "There is an update on the project"},
		FactNoteRemoved:       {CA: "S'ha retirat una novetat del projecte", ES: "Se ha retirado una novedad del proyecto", EN: "An update on the project was removed"},
		FactGrouped:           {CA: "El projecte forma part d'un programa o d'una estratègia", ES: "El proyecto forma parte de un programa o de una estrategia", EN: "The project became part of a programme or strategy"},
		FactUngrouped:         {CA: "El projecte ja no forma part d'un programa o d'una estratègia", ES: "El proyecto ya no forma parte de un programa o de una estrategia", EN: "The project is no longer part of a programme or strategy"},
		FactGroupCreated:      {CA: "S'ha creat", ES: "Se ha creado", EN: "It was created"},
		FactProjectAdded:      {CA: "S'hi ha afegit un projecte", ES: "Se ha añadido un proyecto", EN: "A project was added"},
		FactProjectRemoved:    {CA: "Se n'ha tret un projecte", ES: "Se ha quitado un proyecto", EN: "A project was taken out"},
		FactSigned:            {CA: "Una organització ho ha signat", ES: "Una organización lo ha firmado", EN: "An organisation signed it"},
		FactUnsigned:          {CA: "Una organització n'ha retirat la signatura", ES: "Una organización ha retirado su firma", EN: "An organisation withdrew its signature"},
	}
}
