package mail

import (
	"fmt"
	"time"
	_ "time/tzdata" // a small container has no zones of its own

	"github.com/teixit/teixit/internal/kernel/lang"
)

// momentIn writes a time as people here read it: in Europe/Madrid.
func momentIn(l lang.Lang) func(time.Time) (string, error) {
	return func(t time.Time) (string, error) {
		zone, err := time.LoadLocation("Europe/Madrid")
		if err != nil {
			return "", err
		}
		t = t.In(zone)
		day, month := weekdays(l)[t.Weekday()], months(l)[t.Month()-1]
		switch l {
		case lang.ES:
			return fmt.Sprintf("%s %d de %s de %d a las %d:%02d", day, t.Day(), month, t.Year(), t.Hour(), t.Minute()), nil
		case lang.EN:
			return fmt.Sprintf("%s %d %s %d at %d:%02d", day, t.Day(), month, t.Year(), t.Hour(), t.Minute()), nil
		default:
			return fmt.Sprintf("%s %d %s de %d a les %d.%02d h", day, t.Day(), month, t.Year(), t.Hour(), t.Minute()), nil
		}
	}
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
