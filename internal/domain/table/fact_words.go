package table

import "github.com/teixit/teixit/internal/kernel/lang"

// Words says the kinds of facts of tables and their sessions to people, as a feed shows them under the
// title of the thing they happened to.
func Words() map[string]lang.Text {
	return map[string]lang.Text{
		FactCreated:           {CA: "S'ha creat la taula", ES: "Se ha creado la mesa", EN: "The table was made"},
		FactProposed:          {CA: "S'ha proposat la taula", ES: "Se ha propuesto la mesa", EN: "The table was proposed"},
		FactApproved:          {CA: "S'ha aprovat la taula", ES: "Se ha aprobado la mesa", EN: "The table was approved"},
		FactRejected:          {CA: "S'ha rebutjat la taula", ES: "Se ha rechazado la mesa", EN: "The table was rejected"},
		FactUpdated:           {CA: "Han canviat dades de la taula", ES: "Han cambiado datos de la mesa", EN: "Details of the table changed"},
		FactEnded:             {CA: "La taula s'ha acabat", ES: "La mesa ha terminado", EN: "The table ended"},
		FactMember:            {CA: "Una organització s'incorpora a la taula", ES: "Una organización se incorpora a la mesa", EN: "An organisation joined the table"},
		FactMemberEnd:         {CA: "Una organització deixa la taula", ES: "Una organización deja la mesa", EN: "An organisation left the table"},
		FactSeat:              {CA: "Una organització té una persona a la taula", ES: "Una organización tiene una persona en la mesa", EN: "An organisation has somebody at the table"},
		FactSeatEnd:           {CA: "Un lloc de la taula ha quedat buit", ES: "Un puesto de la mesa ha quedado vacío", EN: "A seat at the table is empty"},
		FactOfficer:           {CA: "La taula té coordinació o secretaria nova", ES: "La mesa tiene coordinación o secretaría nueva", EN: "The table has a new coordinator or secretary"},
		FactOfficerEnd:        {CA: "S'acaba una coordinació o secretaria de la taula", ES: "Termina una coordinación o secretaría de la mesa", EN: "A coordinator or secretary of the table ended"},
		FactJoinAsked:         {CA: "Una organització demana incorporar-se a la taula", ES: "Una organización pide incorporarse a la mesa", EN: "An organisation asks to join the table"},
		FactJoinAnswered:      {CA: "S'ha respost una petició d'incorporar-se a la taula", ES: "Se ha respondido una petición de incorporarse a la mesa", EN: "A request to join the table was answered"},
		FactJoinWithdrawn:     {CA: "Una organització ha retirat la petició d'incorporar-se a la taula", ES: "Una organización ha retirado la petición de incorporarse a la mesa", EN: "An organisation took back its request to join the table"},
		FactSessionCreated:    {CA: "Es prepara una sessió", ES: "Se prepara una sesión", EN: "A session is being prepared"},
		FactSessionUpdated:    {CA: "Ha canviat una sessió", ES: "Ha cambiado una sesión", EN: "A session changed"},
		FactSessionCalled:     {CA: "S'ha convocat una sessió", ES: "Se ha convocado una sesión", EN: "A session was called"},
		FactSessionOpened:     {CA: "Ha començat una sessió", ES: "Ha empezado una sesión", EN: "A session began"},
		FactSessionClosed:     {CA: "S'ha acabat una sessió", ES: "Ha terminado una sesión", EN: "A session ended"},
		FactSessionCancelled:  {CA: "S'ha desconvocat una sessió", ES: "Se ha desconvocado una sesión", EN: "A session was called off"},
		FactSessionRecorded:   {CA: "S'ha anotat una sessió que es va fer en paper", ES: "Se ha anotado una sesión que se hizo en papel", EN: "A session that was held on paper was noted"},
		FactCallAnswered:      {CA: "Una organització ha respost a la convocatòria", ES: "Una organización ha respondido a la convocatoria", EN: "An organisation answered the call"},
		FactArrived:           {CA: "Ha arribat una organització", ES: "Ha llegado una organización", EN: "An organisation arrived"},
		FactLeft:              {CA: "Ha marxat una organització", ES: "Se ha ido una organización", EN: "An organisation left"},
		FactQuorumReached:     {CA: "Hi ha quòrum", ES: "Hay quórum", EN: "There is a quorum"},
		FactQuorumLost:        {CA: "Ja no hi ha quòrum", ES: "Ya no hay quórum", EN: "There is no quorum any more"},
		FactItemAdded:         {CA: "S'ha afegit un punt a l'ordre del dia", ES: "Se ha añadido un punto al orden del día", EN: "An item came onto the agenda"},
		FactItemRemoved:       {CA: "S'ha tret un punt de l'ordre del dia", ES: "Se ha quitado un punto del orden del día", EN: "An item was taken off the agenda"},
		FactItemOpened:        {CA: "Es tracta un punt de l'ordre del dia", ES: "Se trata un punto del orden del día", EN: "An item of the agenda is dealt with"},
		FactItemClosed:        {CA: "S'ha tractat un punt de l'ordre del dia", ES: "Se ha tratado un punto del orden del día", EN: "An item of the agenda was dealt with"},
		FactPaperAdded:        {CA: "S'ha afegit documentació", ES: "Se ha añadido documentación", EN: "A paper was added"},
		FactAdopted:           {CA: "S'ha adoptat un acord", ES: "Se ha adoptado un acuerdo", EN: "A resolution was adopted"},
		FactNotAdopted:        {CA: "Una proposta no s'ha aprovat", ES: "Una propuesta no se ha aprobado", EN: "A vote did not carry"},
		FactFollowed:          {CA: "S'ha anotat el seguiment d'un acord", ES: "Se ha anotado el seguimiento de un acuerdo", EN: "Something was noted about a resolution"},
		FactMinutesDrafted:    {CA: "Hi ha un esborrany d'acta", ES: "Hay un borrador de acta", EN: "Minutes were drafted"},
		FactMinutesWritten:    {CA: "S'ha corregit l'acta", ES: "Se ha corregido el acta", EN: "Minutes were corrected"},
		FactMinutesCirculated: {CA: "L'esborrany d'acta es pot llegir", ES: "El borrador de acta se puede leer", EN: "The draft minutes can be read"},
		FactMinutesApproved:   {CA: "S'ha aprovat l'acta", ES: "Se ha aprobado el acta", EN: "Minutes were approved"},
		FactPollOpened:        {CA: "Es demana quin dia va bé", ES: "Se pregunta qué día va bien", EN: "Dates are asked for"},
		FactPollAnswered:      {CA: "Una organització ha dit quins dies li van bé", ES: "Una organización ha dicho qué días le van bien", EN: "An organisation said which dates suit it"},
		FactPollClosed:        {CA: "S'ha triat un dia", ES: "Se ha elegido un día", EN: "A date was chosen"},
	}
}
