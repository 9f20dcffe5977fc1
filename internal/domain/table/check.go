package table

import (
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the zone of people here, wherever the hub runs

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Limits of what people write.
const (
	maxTitle       = form.MaxTitle
	maxNote        = 2_000
	maxDescription = 20_000
	// MaxMinutes is the longest text of minutes, in characters.
	MaxMinutes = 200_000
	maxURL     = 2_000
	maxItems   = 100
	maxDates   = 20
)

// findings are those of forms, and what a table can have wrong besides.
type findings struct{ form.Findings }

// add notes a fault that says more than its field.
func (f *findings) add(wrong *fault.Fault) { f.Faults = append(f.Faults, wrong) }

func (f *findings) url(s string, path ...string) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(s) > maxURL || !form.Storable(s) {
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

func trimmed(t *lang.Text) *lang.Text {
	if t == nil {
		return nil
	}
	s := form.Trim(*t)
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
