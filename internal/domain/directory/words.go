package directory

import "github.com/teixit/teixit/internal/kernel/lang"

// Words says the kinds of facts of organisations to people, as a feed shows them under the
// title of the thing they happened to.
func Words() map[string]lang.Text {
	return map[string]lang.Text{
		FactOrganizationAdded:    {CA: "S'ha afegit a la xarxa", ES: "Se ha añadido a la red", EN: "It was added to the network"},
		FactOrganizationUpdated:  {CA: "Han canviat les seves dades", ES: "Han cambiado sus datos", EN: "Its details changed"},
		FactIdentifierAdded:      {CA: "S'hi ha afegit un codi de registre", ES: "Se ha añadido un código de registro", EN: "A register code was added"},
		FactPlacesSet:            {CA: "Ha canviat on actua", ES: "Ha cambiado dónde actúa", EN: "Where it acts has changed"},
		FactUnitMoved:            {CA: "Ha canviat de lloc dins l'organització", ES: "Ha cambiado de lugar en la organización", EN: "It has moved within the organisation"},
		FactOrganizationClaimed:  {CA: "Algú ha dit que és seva", ES: "Alguien ha dicho que es suya", EN: "Somebody said that it is theirs"},
		FactClaimDecided:         {CA: "S'ha decidit una reclamació", ES: "Se ha decidido una reclamación", EN: "A claim was decided"},
		FactOrganizationVerified: {CA: "S'han comprovat les seves dades", ES: "Se han comprobado sus datos", EN: "Its entry was checked"},
		FactOrganizationMerged:   {CA: "S'ha unit amb una altra fitxa", ES: "Se ha unido con otra ficha", EN: "It was merged with another entry"},
		FactPersonAppointed:      {CA: "Hi ha una persona nova que hi actua", ES: "Hay una persona nueva que actúa por ella", EN: "Another person acts for it"},
		FactPersonMerged:         {CA: "Una fitxa s'ha unit amb la persona", ES: "Una ficha se ha unido con la persona", EN: "A record became one with the person"},
		FactAppointmentEnded:     {CA: "Una persona ha deixat d'actuar-hi", ES: "Una persona ha dejado de actuar por ella", EN: "A person no longer acts for it"},
	}
}
