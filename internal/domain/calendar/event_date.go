package calendar

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// The years a date may have. What lies outside is a slip of the keyboard.
const (
	firstYear = 1900
	lastYear  = 2200
)

// PartialDate is as much of a date as is known; a part that is not known is 0.
// "28 November" without a year stays without a year: nothing is ever filled in.
type PartialDate struct {
	Year  int `json:"year,omitempty"`  // 1900–2200
	Month int `json:"month,omitempty"` // 1–12
	Day   int `json:"day,omitempty"`   // 1–31; never without a month
}

// DateOf is the full date of a moment in Madrid.
func DateOf(t time.Time) PartialDate {
	y, m, d := t.In(madrid()).Date()
	return PartialDate{Year: y, Month: int(m), Day: d}
}

// IsZero reports whether nothing is known.
func (d PartialDate) IsZero() bool { return d == PartialDate{} }

// Full reports whether year, month and day are known.
func (d PartialDate) Full() bool { return d.Year != 0 && d.Month != 0 && d.Day != 0 }

// Valid reports whether such a date can exist. 29 February without a year can.
func (d PartialDate) Valid() bool {
	if d.Year != 0 && (d.Year < firstYear || d.Year > lastYear) {
		return false
	}
	if d.Month < 0 || d.Month > 12 || d.Day < 0 || (d.Day > 0 && d.Month == 0) {
		return false
	}
	return d.Day == 0 || d.Day <= daysIn(d.Year, d.Month)
}

func daysIn(year, month int) int {
	if year == 0 {
		year = 2000 // a leap year: without a year 29 February is possible
	}
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// First is the first day the date can be, at midnight UTC; false when the year
// is not known.
func (d PartialDate) First() (time.Time, bool) {
	if d.Year == 0 {
		return time.Time{}, false
	}
	return time.Date(d.Year, time.Month(max(d.Month, 1)), max(d.Day, 1), 0, 0, 0, 0, time.UTC), true
}

// String writes the date as ISO 8601 does: 2026-11-28, 2026-11, 2026, and with
// the year left open --11-28, --11.
func (d PartialDate) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.Year != 0 && d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Year != 0 && d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	case d.Year != 0:
		return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
	case d.Day == 0:
		return fmt.Sprintf("--%02d", d.Month)
	}
	return fmt.Sprintf("--%02d-%02d", d.Month, d.Day)
}

var partialForm = regexp.MustCompile(`^(?:(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?|--(\d{2})(?:-(\d{2}))?)$`)

// ParsePartialDate reads the forms that String writes. It fails with
// fault.ErrBadDate for anything else and for dates that cannot exist.
func ParsePartialDate(s string) (PartialDate, error) {
	m := partialForm.FindStringSubmatch(s)
	if m == nil {
		return PartialDate{}, fault.ErrBadDate.New()
	}
	number := func(a, b string) int { n, _ := strconv.Atoi(a + b); return n } // digits by the pattern
	d := PartialDate{Year: number(m[1], ""), Month: number(m[2], m[4]), Day: number(m[3], m[5])}
	// A part that is written as zeros is not the same as one left out.
	if !d.Valid() || d.String() != s {
		return PartialDate{}, fault.ErrBadDate.New()
	}
	return d, nil
}

// Text is the date as people write it: "28 de novembre", "28 November 2026".
func (d PartialDate) Text() lang.Text {
	if d.IsZero() {
		return lang.Text{}
	}
	if d.Month == 0 {
		y := strconv.Itoa(d.Year)
		return lang.Text{CA: y, ES: y, EN: y}
	}
	ca, es, en := monthsCA[d.Month-1], monthsES[d.Month-1], monthsEN[d.Month-1]
	if d.Day != 0 {
		day := strconv.Itoa(d.Day)
		ca, es, en = day+" "+ofMonthCA(ca), day+" de "+es, day+" "+en
	}
	if d.Year != 0 {
		year := strconv.Itoa(d.Year)
		ca, es, en = ca+" de "+year, es+" de "+year, en+" "+year
	}
	return lang.Text{CA: ca, ES: es, EN: en}
}

// ofMonthCA elides the preposition before a vowel: "d'abril".
func ofMonthCA(month string) string {
	switch month[0] {
	case 'a', 'o':
		return "d'" + month
	}
	return "de " + month
}

var (
	monthsCA = [12]string{
		"gener", "febrer", "març", "abril", "maig", "juny",
		"juliol", "agost", "setembre", "octubre", "novembre", "desembre",
	}
	monthsES = [12]string{
		"enero", "febrero", "marzo", "abril", "mayo", "junio",
		"julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
	}
	monthsEN = [12]string{
		"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December",
	}
)
