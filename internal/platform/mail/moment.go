package mail

import (
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // a small container has no zones of its own

	"github.com/teixit/teixit/internal/kernel/lang"
)

// Moment writes a time as people here read it: in Europe/Madrid.
func Moment(l lang.Lang, t time.Time) (string, error) {
	zone, err := madrid()
	if err != nil {
		return "", err
	}
	t = t.In(zone)
	day := weekdays(l)[t.Weekday()] + " " + Day(l, t)
	switch l {
	case lang.ES:
		return fmt.Sprintf("%s a las %d:%02d", day, t.Hour(), t.Minute()), nil
	case lang.EN:
		return fmt.Sprintf("%s at %d:%02d", day, t.Hour(), t.Minute()), nil
	default:
		return fmt.Sprintf("%s a les %d.%02d h", day, t.Hour(), t.Minute()), nil
	}
}

var madrid = sync.OnceValues(func() (*time.Location, error) { return time.LoadLocation("Europe/Madrid") })

// Day writes a date as people here read it.
func Day(l lang.Lang, t time.Time) string {
	month := months(l)[t.Month()-1]
	switch l {
	case lang.ES:
		return fmt.Sprintf("%d de %s de %d", t.Day(), month, t.Year())
	case lang.EN:
		return fmt.Sprintf("%d %s %d", t.Day(), month, t.Year())
	default:
		return fmt.Sprintf("%d %s de %d", t.Day(), month, t.Year())
	}
}

func momentIn(l lang.Lang) func(time.Time) (string, error) {
	return func(t time.Time) (string, error) { return Moment(l, t) }
}

func minutesIn(l lang.Lang) func(int) string {
	one, many := "minut", "minuts"
	switch l {
	case lang.ES:
		one, many = "minuto", "minutos"
	case lang.EN:
		one, many = "minute", "minutes"
	}
	return func(n int) string {
		if n == 1 {
			return "1 " + one
		}
		return fmt.Sprint(n, " ", many)
	}
}

func weekdays(l lang.Lang) [7]string {
	switch l {
	case lang.ES:
		return [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"}
	case lang.EN:
		return [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	default:
		return [7]string{"diumenge", "dilluns", "dimarts", "dimecres", "dijous", "divendres", "dissabte"}
	}
}

// months are with their preposition in Catalan, where it elides.
func months(l lang.Lang) [12]string {
	switch l {
	case lang.ES:
		return [12]string{
			"enero", "febrero", "marzo", "abril", "mayo", "junio",
			"julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
		}
	case lang.EN:
		return [12]string{
			"January", "February", "March", "April", "May", "June",
			"July", "August", "September", "October", "November", "December",
		}
	default:
		return [12]string{
			"de gener", "de febrer", "de març", "d'abril", "de maig", "de juny",
			"de juliol", "d'agost", "de setembre", "d'octubre", "de novembre", "de desembre",
		}
	}
}
