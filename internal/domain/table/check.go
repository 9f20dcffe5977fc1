package table

import (
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the zone of people here, wherever the hub runs
	"unicode"
	"unicode/utf8"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Limits of what people write.
const (
	maxTitle       = 200
	maxNote        = 2_000
	maxDescription = 20_000
	// MaxMinutes is the longest text of minutes, in characters.
	MaxMinutes = 200_000
	maxURL     = 2_000
	maxItems   = 100
	maxDates   = 20
)

// findings collects everything that is wrong with an input.
type findings struct{ faults fault.List }

func (f *findings) add(wrong *fault.Fault) { f.faults = append(f.faults, wrong) }

func (f *findings) err() error { return f.faults.Err() }

func (f *findings) text(t lang.Text, limit int, path ...string) {
	for _, l := range []struct{ text, name string }{{t.CA, "ca"}, {t.ES, "es"}, {t.EN, "en"}} {
		f.string(l.text, limit, append(slices.Clone(path), l.name)...)
	}
}

// required is a text that must be there.
func (f *findings) required(t lang.Text, limit int, path ...string) {
	if t.Empty() {
		f.add(fault.ErrRequired.At(path...))
	}
	f.text(t, limit, path...)
}

func (f *findings) string(s string, limit int, path ...string) {
	switch {
	case !storable(s):
		f.add(fault.ErrBadText.At(path...))
	case utf8.RuneCountInString(s) > limit:
		f.add(fault.ErrTooLong.At(path...).With("max", limit))
	}
}

// storable refuses what PostgreSQL cannot keep and control characters that are
// no line breaks or tabs.
func storable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

func (f *findings) url(s string, path ...string) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(s) > maxURL || !storable(s) {
		f.add(ErrBadURL.At(path...))
	}
}

func (f *findings) mail(s string, path ...string) {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > 254 || !strings.Contains(s, "@") {
		f.add(ErrBadMail.At(path...))
	}
}

func (f *findings) between(n, least, most int, path ...string) {
	if n < least || n > most {
		f.add(ErrRange.At(path...).With("min", least).With("max", most))
	}
}

// moment refuses years no calendar of people has.
func (f *findings) moment(t *time.Time, path ...string) {
	if t != nil && (t.Year() < 1900 || t.Year() > 2200) {
		f.add(fault.ErrBadDate.At(path...))
	}
}

func trim(t lang.Text) lang.Text {
	return lang.Text{CA: strings.TrimSpace(t.CA), ES: strings.TrimSpace(t.ES), EN: strings.TrimSpace(t.EN)}
}

func trimmed(t *lang.Text) *lang.Text {
	if t == nil {
		return nil
	}
	s := trim(*t)
	return &s
}

// dateIn is the date of a moment in Madrid, as edges are dated.
func dateIn(t time.Time) time.Time {
	y, m, d := t.In(madrid()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// madrid is the zone in which the hub's days begin and end.
var madrid = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		panic("table: the embedded zone database lacks Europe/Madrid: " + err.Error())
	}
	return zone
})

// Today is the date in Madrid of a moment, as edges are dated.
func Today(now time.Time) time.Time { return dateIn(now) }

// today in Madrid, by the database's clock.
const today = `(now() at time zone 'Europe/Madrid')::date`

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return postgres.Translate(fmt.Errorf("%s: %w", doing, err), constraints())
}
