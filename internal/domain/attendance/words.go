package attendance

import (
	"sync"
	"time"
	_ "time/tzdata" // machines without a zone database must know Madrid too

	"github.com/teixit/teixit/internal/kernel/lang"
)

var madrid = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		panic("attendance: the embedded zone database lacks Europe/Madrid: " + err.Error())
	}
	return zone
})

// moment shows a moment as people in the province read it; empty when there is none.
func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.In(madrid()).Format("02/01/2006 15:04")
}

// columns are the heads of the sheet of participants.
func columns() []lang.Text {
	return []lang.Text{
		{CA: "Organització", ES: "Organización", EN: "Organisation"},
		{CA: "Nom", ES: "Nombre", EN: "Name"},
		{CA: "Correu", ES: "Correo", EN: "Mail"},
		{CA: "Perfil", ES: "Perfil", EN: "Role"},
		{CA: "Territori", ES: "Territorio", EN: "Territory"},
		{CA: "Estat", ES: "Estado", EN: "State"},
		{CA: "Places", ES: "Plazas", EN: "Seats"},
		{CA: "Arribada", ES: "Llegada", EN: "Arrival"},
		{CA: "Minuts", ES: "Minutos", EN: "Minutes"},
		{CA: "Sessions", ES: "Sesiones", EN: "Sessions"},
	}
}

func roleWords() map[string]lang.Text {
	return map[string]lang.Text{
		"PUBLIC":       {CA: "Sector públic", ES: "Sector público", EN: "Public sector"},
		"PROFESSIONAL": {CA: "Professional", ES: "Profesional", EN: "Professional"},
		"ASSOCIATION":  {CA: "Associació", ES: "Asociación", EN: "Association"},
	}
}

func stateWords() map[string]lang.Text {
	return map[string]lang.Text{
		"PENDING":    {CA: "Pendent d'aprovació", ES: "Pendiente de aprobación", EN: "Pending approval"},
		"CONFIRMED":  {CA: "Confirmada", ES: "Confirmada", EN: "Confirmed"},
		"WAITLISTED": {CA: "En llista d'espera", ES: "En lista de espera", EN: "Waiting"},
		"CANCELLED":  {CA: "Anul·lada", ES: "Anulada", EN: "Cancelled"},
		"REJECTED":   {CA: "Denegada", ES: "Denegada", EN: "Rejected"},
		"ATTENDED":   {CA: "Hi va assistir", ES: "Asistió", EN: "Came"},
		"NO_SHOW":    {CA: "No hi va assistir", ES: "No asistió", EN: "Did not come"},
	}
}

func word(words map[string]lang.Text, of string, l lang.Lang) string { return words[of].In(l) }
