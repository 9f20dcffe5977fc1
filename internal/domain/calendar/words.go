package calendar

import "github.com/teixit/teixit/internal/kernel/lang"

// Words says the kinds of facts of events to people, as a feed shows them under the
// title of the thing they happened to.
func Words() map[string]lang.Text {
	return map[string]lang.Text{
		FactEventCreated:          {CA: "S'ha creat l'esdeveniment", ES: "Se ha creado el evento", EN: "The event was created"},
		FactEventPublished:        {CA: "S'ha publicat l'esdeveniment", ES: "Se ha publicado el evento", EN: "The event was published"},
		FactEventUpdated:          {CA: "Han canviat dades de l'esdeveniment", ES: "Han cambiado datos del evento", EN: "Details of the event changed"},
		FactEventCancelled:        {CA: "S'ha cancel·lat l'esdeveniment", ES: "Se ha cancelado el evento", EN: "The event was cancelled"},
		FactEventHeld:             {CA: "L'esdeveniment s'ha fet", ES: "El evento se ha celebrado", EN: "The event took place"},
		FactEventClosed:           {CA: "L'esdeveniment s'ha tancat", ES: "El evento se ha cerrado", EN: "The event was closed"},
		FactSessionAdded:          {CA: "S'ha afegit una sessió al programa", ES: "Se ha añadido una sesión al programa", EN: "A session was added to the programme"},
		FactSessionChanged:        {CA: "Ha canviat una sessió del programa", ES: "Ha cambiado una sesión del programa", EN: "A session of the programme changed"},
		FactSessionRemoved:        {CA: "S'ha tret una sessió del programa", ES: "Se ha quitado una sesión del programa", EN: "A session was taken out of the programme"},
		FactDocumentAdded:         {CA: "S'ha afegit un document", ES: "Se ha añadido un documento", EN: "A document was added"},
		FactDocumentVersionAdded:  {CA: "Hi ha una versió nova d'un document", ES: "Hay una versión nueva de un documento", EN: "There is a new version of a document"},
		FactDocumentWithdrawn:     {CA: "S'ha retirat un document", ES: "Se ha retirado un documento", EN: "A document was withdrawn"},
		FactSeatsChanged:          {CA: "Han canviat les places", ES: "Han cambiado las plazas", EN: "The seats changed"},
		FactRegistrationCreated:   {CA: "S'ha fet una inscripció", ES: "Se ha hecho una inscripción", EN: "A registration was made"},
		FactRegistrationApproved:  {CA: "S'ha aprovat una inscripció", ES: "Se ha aprobado una inscripción", EN: "A registration was approved"},
		FactRegistrationRejected:  {CA: "S'ha rebutjat una inscripció", ES: "Se ha rechazado una inscripción", EN: "A registration was rejected"},
		FactRegistrationPromoted:  {CA: "Una inscripció en espera ha obtingut plaça", ES: "Una inscripción en espera ha obtenido plaza", EN: "A waiting registration got seats"},
		FactRegistrationCancelled: {CA: "S'ha anul·lat una inscripció", ES: "Se ha anulado una inscripción", EN: "A registration was cancelled"},
		FactDelegateCancelled:     {CA: "S'ha donat de baixa una persona inscrita", ES: "Se ha dado de baja a una persona inscrita", EN: "A delegate was cancelled"},
		FactDelegateReplaced:      {CA: "S'ha canviat o identificat una persona inscrita", ES: "Se ha cambiado o identificado a una persona inscrita", EN: "A delegate was replaced or named"},
		FactDelegateArrived:       {CA: "Ha arribat una persona inscrita", ES: "Ha llegado una persona inscrita", EN: "A delegate arrived"},
		FactArrivalUndone:         {CA: "S'ha desfet una arribada", ES: "Se ha deshecho una llegada", EN: "An arrival was taken back"},
		FactNoShowsNoted:          {CA: "S'ha anotat qui no hi va venir", ES: "Se ha anotado quién no vino", EN: "It was noted who did not come"},
		FactCapacityChanged:       {CA: "Ha canviat l'aforament", ES: "Ha cambiado el aforo", EN: "The capacity changed"},
		FactBlockSetAside:         {CA: "Un grup ja no cap i s'ha deixat a part", ES: "Un grupo ya no cabe y se ha dejado aparte", EN: "A block no longer fits and was set aside"},
		FactBlockReturned:         {CA: "Un grup que s'havia deixat a part torna a la cua", ES: "Un grupo que se había dejado aparte vuelve a la cola", EN: "A block that was set aside is back in the line"},
		FactSmallerLetPass:        {CA: "S'ha deixat passar un grup més petit", ES: "Se ha dejado pasar a un grupo más pequeño", EN: "A smaller block was let pass"},
		FactRegistrationConfirmed: {CA: "S'ha confirmat una inscripció feta per correu", ES: "Se ha confirmado una inscripción hecha por correo", EN: "A registration by mail was confirmed"},
		FactRegistrationLapsed:    {CA: "Ningú no ha confirmat a temps unes places i han passat als següents", ES: "Nadie ha confirmado a tiempo unas plazas y han pasado a los siguientes", EN: "Seats were not confirmed in time and went to the next in line"},
		FactOfferAccepted:         {CA: "S'ha acceptat una plaça oferta", ES: "Se ha aceptado una plaza ofrecida", EN: "An offered seat was accepted"},
		FactRegistrationAdopted:   {CA: "Una inscripció feta per correu ja és en un compte", ES: "Una inscripción hecha por correo ya está en una cuenta", EN: "A registration by mail is in an account now"},
		FactNeedsNoted:            {CA: "S'han anotat necessitats d'una persona inscrita", ES: "Se han anotado necesidades de una persona inscrita", EN: "A delegate's needs were noted"},
		FactDelegateAnswered:      {CA: "Una persona inscrita ha respost", ES: "Una persona inscrita ha respondido", EN: "A delegate answered"},
		FactDelegateErased:        {CA: "S'han esborrat dades d'una persona inscrita", ES: "Se han borrado datos de una persona inscrita", EN: "A delegate's data were erased"},
		FactSeenAgain:             {CA: "Una persona que ja havia arribat s'ha tornat a presentar", ES: "Una persona que ya había llegado se ha vuelto a presentar", EN: "A delegate who had arrived was seen again"},
		FactAttendanceTyped:       {CA: "S'ha copiat l'assistència del paper", ES: "Se ha copiado la asistencia del papel", EN: "Attendance was typed in from paper"},
		FactQuestionsChanged:      {CA: "Han canviat les preguntes del formulari", ES: "Han cambiado las preguntas del formulario", EN: "The questions of the form changed"},
		FactNoticeChanged:         {CA: "Ha canviat l'avís de privacitat", ES: "Ha cambiado el aviso de privacidad", EN: "The privacy notice changed"},
		FactAnswersGiven:          {CA: "S'han respost les preguntes d'una persona inscrita", ES: "Se han respondido las preguntas de una persona inscrita", EN: "A delegate's questions were answered"},
		FactSessionsChosen:        {CA: "S'han triat sessions per a una persona inscrita", ES: "Se han elegido sesiones para una persona inscrita", EN: "Sessions were chosen for a delegate"},
		FactNamesPurged:           {CA: "S'han esborrat noms que ja no calia guardar", ES: "Se han borrado nombres que ya no hacía falta guardar", EN: "Names that need not be kept any more were deleted"},
	}
}
