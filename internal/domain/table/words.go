package table

import "github.com/teixit/teixit/internal/kernel/lang"

// words are what call and minutes say besides what people wrote.
type words map[string]lang.Text

func phrases() words {
	return words{
		"call":       {CA: "Convocatòria", ES: "Convocatoria", EN: "Call"},
		"minutes":    {CA: "Acta", ES: "Acta", EN: "Minutes"},
		"draft":      {CA: "Esborrany, pendent d'aprovació", ES: "Borrador, pendiente de aprobación", EN: "Draft, not yet approved"},
		"approved":   {CA: "Acta aprovada", ES: "Acta aprobada", EN: "Approved minutes"},
		"table":      {CA: "Taula", ES: "Mesa", EN: "Table"},
		"convenor":   {CA: "Convoca", ES: "Convoca", EN: "Convened by"},
		"session":    {CA: "Sessió", ES: "Sesión", EN: "Session"},
		"when":       {CA: "Data i hora", ES: "Fecha y hora", EN: "Date and time"},
		"second":     {CA: "Segona convocatòria", ES: "Segunda convocatoria", EN: "Second call"},
		"where":      {CA: "Lloc", ES: "Lugar", EN: "Place"},
		"online":     {CA: "En línia", ES: "En línea", EN: "Online"},
		"kind":       {CA: "Caràcter", ES: "Carácter", EN: "Nature"},
		"ordinary":   {CA: "Ordinària", ES: "Ordinaria", EN: "Ordinary"},
		"extra":      {CA: "Extraordinària", ES: "Extraordinaria", EN: "Extraordinary"},
		"urgent":     {CA: "Motiu de la urgència", ES: "Motivo de la urgencia", EN: "Why it is urgent"},
		"agenda":     {CA: "Ordre del dia", ES: "Orden del día", EN: "Agenda"},
		"papers":     {CA: "Documentació", ES: "Documentación", EN: "Papers"},
		"late":       {CA: "incorporat després de la convocatòria", ES: "incorporado después de la convocatoria", EN: "added after the call"},
		"present":    {CA: "Assistents", ES: "Asistentes", EN: "Present"},
		"excused":    {CA: "Han excusat l'absència", ES: "Han excusado su ausencia", EN: "Apologies"},
		"absent":     {CA: "Absents", ES: "Ausentes", EN: "Absent"},
		"substitute": {CA: "amb substitut/a", ES: "con sustituto/a", EN: "with a substitute"},
		"observer":   {CA: "sense vot", ES: "sin voto", EN: "without a vote"},
		"quorum":     {CA: "Quòrum", ES: "Quórum", EN: "Quorum"},
		"needed":     {CA: "calen", ES: "hacen falta", EN: "needed"},
		"of":         {CA: "de", ES: "de", EN: "of"},
		"matters":    {CA: "Desenvolupament", ES: "Desarrollo", EN: "What was dealt with"},
		"follow":     {CA: "Seguiment", ES: "Seguimiento", EN: "Follow-up"},
		"approval":   {CA: "Aprovació de l'acta", ES: "Aprobación del acta", EN: "Approval of the minutes"},
		"carried":    {CA: "pendent de la sessió anterior", ES: "pendiente de la sesión anterior", EN: "from the session before"},
		"nothing":    {CA: "No s'ha tractat.", ES: "No se ha tratado.", EN: "Not dealt with."},
		"informed":   {CA: "S'informa.", ES: "Se informa.", EN: "Information was given."},
		"DECISION":   {CA: "Acord", ES: "Acuerdo", EN: "Decision"},
		"TASK":       {CA: "Tasca", ES: "Tarea", EN: "Task"},
		"refused":    {CA: "No s'aprova", ES: "No se aprueba", EN: "Not adopted"},
		"assent":     {CA: "per assentiment", ES: "por asentimiento", EN: "by assent"},
		"for":        {CA: "a favor", ES: "a favor", EN: "for"},
		"against":    {CA: "en contra", ES: "en contra", EN: "against"},
		"abstained":  {CA: "abstencions", ES: "abstenciones", EN: "abstentions"},
		"who":        {CA: "Responsable", ES: "Responsable", EN: "Responsible"},
		"by":         {CA: "Termini", ES: "Plazo", EN: "Deadline"},
		"begins":     {CA: "S'inicia", ES: "Se inicia", EN: "Began"},
		"ends":       {CA: "S'aixeca la sessió", ES: "Se levanta la sesión", EN: "Ended"},
	}
}

func (w words) in(l lang.Lang) func(key string) string {
	return func(key string) string { return w[key].In(l) }
}

// name is how people call the state, as what a session is.
func (s SessionState) name() lang.Text {
	switch s {
	case SessionProposed:
		return lang.Text{CA: "en preparació", ES: "en preparación", EN: "being prepared"}
	case Called:
		return lang.Text{CA: "convocada", ES: "convocada", EN: "called"}
	case InSession:
		return lang.Text{CA: "en curs", ES: "en curso", EN: "in session"}
	case Held:
		return lang.Text{CA: "celebrada", ES: "celebrada", EN: "over"}
	case MinutesDraft:
		return lang.Text{CA: "pendent d'acta", ES: "pendiente de acta", EN: "waiting for its minutes"}
	case MinutesApproved:
		return lang.Text{CA: "tancada, amb l'acta aprovada", ES: "cerrada, con el acta aprobada", EN: "closed, with its minutes approved"}
	}
	return lang.Text{CA: "desconvocada", ES: "desconvocada", EN: "called off"}
}
