// Package form checks what people send: every wrong field is collected, so that
// a form is told all at once, and what may be a slip is kept with a warning.
package form

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// MaxTitle is the length of a title, MaxURL of an address, in characters.
const (
	MaxTitle = 200
	MaxURL   = 2_000
)

// What forms of all domains can have wrong.
var (
	ErrTooMany = fault.Define(fault.Invalid, "TOO_MANY",
		"N'hi pot haver {max} com a màxim.", "Puede haber {max} como máximo.", "There can be at most {max}.")
	ErrGivenTwice = fault.Define(fault.Invalid, "GIVEN_TWICE",
		"Aquest element ja hi és.", "Este elemento ya está.", "This is in the list already.")
	ErrSeveralLines = fault.Define(fault.Invalid, "SEVERAL_LINES",
		"Aquest text ha de cabre en una línia.", "Este texto debe caber en una línea.", "This text must be a single line.")
	ErrBadURL = fault.Define(fault.Invalid, "BAD_URL",
		"L'adreça ha de ser completa i començar per http:// o https://.",
		"La dirección debe ser completa y empezar por http:// o https://.",
		"The address must be complete and begin with http:// or https://.")
	ErrRange = fault.Define(fault.Invalid, "NUMBER_RANGE",
		"El nombre ha de ser entre {min} i {max}.", "El número debe estar entre {min} y {max}.",
		"The number must be between {min} and {max}.")
	ErrBadAmount = fault.Define(fault.Invalid, "BAD_AMOUNT",
		"L'import s'escriu amb xifres i, si cal, un punt i dos decimals.",
		"El importe se escribe con cifras y, si hace falta, un punto y dos decimales.",
		"The amount is written in figures and, where needed, a point and two decimals.")
	ErrBadChoice = fault.Define(fault.Invalid, "BAD_CHOICE",
		"Aquesta opció no existeix.", "Esta opción no existe.", "There is no such choice.")
	ErrDatesReversed = fault.Define(fault.Invalid, "DATES_REVERSED",
		"La data final ha de ser posterior a la inicial.",
		"La fecha final debe ser posterior a la inicial.",
		"The last date must be after the first.")
)

// Findings collects every wrong field. The zero value is ready.
type Findings struct{ Faults fault.List }

// Err is what was found; nil when nothing was wrong.
func (f *Findings) Err() error { return f.Faults.Err() }

// Add notes a fault at a field.
func (f *Findings) Add(code fault.Code, path ...string) {
	f.Faults = append(f.Faults, code.At(path...))
}

// Max notes that a field exceeds a limit, which the message tells.
func (f *Findings) Max(code fault.Code, limit int, path ...string) {
	f.Faults = append(f.Faults, code.At(path...).With("max", limit))
}

// Text checks a text in three languages; each language is named in the path.
func (f *Findings) Text(t lang.Text, limit int, path ...string) {
	f.String(t.CA, limit, append(path, "ca")...)
	f.String(t.ES, limit, append(path, "es")...)
	f.String(t.EN, limit, append(path, "en")...)
}

// Needed is Text for a text that must exist in some language.
func (f *Findings) Needed(t lang.Text, limit int, path ...string) {
	if t.Empty() {
		f.Add(fault.ErrRequired, path...)
	}
	f.Text(t, limit, path...)
}

// Title is a text that must exist and fit in one line.
func (f *Findings) Title(t lang.Text, path ...string) {
	f.Needed(t, MaxTitle, path...)
	if strings.ContainsAny(t.CA+t.ES+t.EN, "\r\n") {
		f.Add(ErrSeveralLines, path...)
	}
}

// Texts checks a list of texts, none of them empty.
func (f *Findings) Texts(list []lang.Text, most, limit int, name string) {
	if len(list) > most {
		f.Max(ErrTooMany, most, name)
		return
	}
	for i, t := range list {
		f.Needed(t, limit, name, strconv.Itoa(i))
	}
}

// String checks one text.
func (f *Findings) String(s string, limit int, path ...string) {
	path = slices.Clone(path)
	switch {
	case !Storable(s):
		f.Add(fault.ErrBadText, path...)
	case utf8.RuneCountInString(s) > limit:
		f.Max(fault.ErrTooLong, limit, path...)
	}
}

// Line checks one text that must exist and fit in one line.
func (f *Findings) Line(s string, limit int, path ...string) {
	if s == "" {
		f.Add(fault.ErrRequired, path...)
	}
	f.String(s, limit, path...)
	if strings.ContainsAny(s, "\r\n") {
		f.Add(ErrSeveralLines, path...)
	}
}

// Storable refuses what PostgreSQL cannot keep (NUL, invalid UTF-8) and control
// characters that no reader could see.
func Storable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

// Number checks a number.
func (f *Findings) Number(n, least, most int, path ...string) {
	if n < least || n > most {
		f.Faults = append(f.Faults, ErrRange.At(path...).With("min", least).With("max", most))
	}
}

// Dates checks a first and a last day, either of which may be missing.
func (f *Findings) Dates(from, until time.Time, first, last string) {
	f.Day(from, first)
	f.Day(until, last)
	if !from.IsZero() && !until.IsZero() && until.Before(from) {
		f.Add(ErrDatesReversed, last)
	}
}

// Day checks a day, which may be missing.
func (f *Findings) Day(t time.Time, path ...string) {
	if y := t.Year(); !t.IsZero() && (y < 1900 || y > 2200) {
		f.Add(fault.ErrBadDate, path...)
	}
}

// IDs checks that a list is short enough and names nothing twice.
func (f *Findings) IDs(ids []id.ID, most int, name string) {
	if len(ids) > most {
		f.Max(ErrTooMany, most, name)
		return
	}
	for i, v := range ids {
		if slices.Contains(ids[:i], v) {
			f.Add(ErrGivenTwice, name, strconv.Itoa(i))
		}
	}
}

// URL checks an address of the web; empty passes.
func (f *Findings) URL(s string, path ...string) {
	f.String(s, MaxURL, path...)
	if s != "" && Storable(s) && !WebAddress(s) {
		f.Add(ErrBadURL, path...)
	}
}

// WebAddress tells whether it is http or https with a host. An address that carries a
// user name is refused: it makes a stranger's site look like a known one.
func WebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") &&
		u.Hostname() != "" && u.User == nil && !strings.ContainsFunc(s, unicode.IsSpace)
}

// Choice checks that a value is one of a list.
func Choice[T comparable](f *Findings, v T, all []T, path ...string) {
	if !slices.Contains(all, v) {
		f.Add(ErrBadChoice, path...)
	}
}

// Trim takes white space from around a text: it is never meant, and a text of
// spaces is no text.
func Trim(t lang.Text) lang.Text {
	return lang.Text{CA: strings.TrimSpace(t.CA), ES: strings.TrimSpace(t.ES), EN: strings.TrimSpace(t.EN)}
}

// TrimAll is Trim for a list; never nil, so that it is stored as an empty one.
func TrimAll(list []lang.Text) []lang.Text {
	out := make([]lang.Text, len(list))
	for i, t := range list {
		out[i] = Trim(t)
	}
	return out
}
