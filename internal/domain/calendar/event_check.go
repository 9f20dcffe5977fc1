package calendar

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

// Limits of what an event may carry.
const (
	maxTitle       = 200
	maxSummary     = 1_000
	maxDescription = 20_000
	maxObjectives  = 20
	maxURL         = 2_000
	maxLanguages   = 10
	maxSessions    = 100
	maxDocuments   = 100
	maxSpeakers    = 30
)

// findings collects every wrong field, so that a form is told all at once.
type findings struct{ faults fault.List }

func (f *findings) add(code fault.Code, path ...string) {
	f.faults = append(f.faults, code.At(path...))
}

func (f *findings) addMax(code fault.Code, limit int, path ...string) {
	f.faults = append(f.faults, code.At(path...).With("max", limit))
}

// text checks a text in three languages; each language is named in the path.
func (f *findings) text(t lang.Text, limit int, path ...string) {
	f.string(t.CA, limit, append(path, "ca")...)
	f.string(t.ES, limit, append(path, "es")...)
	f.string(t.EN, limit, append(path, "en")...)
}

// title is a text that must exist and fit in one line.
func (f *findings) title(t lang.Text, path ...string) {
	if t.Empty() {
		f.add(fault.ErrRequired, path...)
	}
	f.text(t, maxTitle, path...)
	for _, s := range []string{t.CA, t.ES, t.EN} {
		if strings.ContainsAny(s, "\r\n") {
			f.add(ErrSeveralLines, path...)
			return
		}
	}
}

func (f *findings) string(s string, limit int, path ...string) {
	path = slices.Clone(path)
	switch {
	case !storable(s):
		f.add(fault.ErrBadText, path...)
	case utf8.RuneCountInString(s) > limit:
		f.addMax(fault.ErrTooLong, limit, path...)
	}
}

// storable refuses what PostgreSQL cannot keep (NUL, invalid UTF-8) and control
// characters that no reader could see.
func storable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

func (f *findings) moment(t time.Time, path ...string) {
	if y := t.In(madrid()).Year(); !t.IsZero() && (y < firstYear || y > lastYear) {
		f.add(fault.ErrBadDate, path...)
	}
}

// span checks a start and an end; start and end name their fields.
func (f *findings) span(from, to time.Time, start, end string) {
	f.moment(from, start)
	f.moment(to, end)
	switch {
	case to.IsZero():
	case from.IsZero():
		f.add(ErrEndWithoutStart, end)
	case !to.After(from):
		f.add(ErrEndBeforeStart, end)
	}
}

func (f *findings) url(s string, path ...string) {
	f.string(s, maxURL, path...)
	if s != "" && storable(s) && !webAddress(s) {
		f.add(ErrBadURL, path...)
	}
}

// webAddress accepts http and https with a host. An address that carries a
// user name is refused: it makes a stranger's site look like a known one.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") &&
		u.Hostname() != "" && u.User == nil && !strings.ContainsFunc(s, unicode.IsSpace)
}

var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

func (f *findings) languages(tags []string) {
	if len(tags) > maxLanguages {
		f.addMax(ErrTooMany, maxLanguages, "languages")
	}
	for i, tag := range tags {
		if len(tag) > 35 || !languageTag.MatchString(tag) || slices.Contains(tags[:i], tag) {
			f.add(ErrBadLanguage, "languages", strconv.Itoa(i))
		}
	}
}

func (f *findings) ids(ids []id.ID, limit int, name string) {
	if len(ids) > limit {
		f.addMax(ErrTooMany, limit, name)
		return
	}
	for i, v := range ids {
		if slices.Contains(ids[:i], v) {
			f.add(ErrGivenTwice, name, strconv.Itoa(i))
		}
	}
}

// check finds every fault that can be seen without the database.
func (f EventFields) check() fault.List {
	var c findings
	if !f.Kind.Valid() {
		c.add(ErrBadPolicy, "kind")
	}
	if f.Overtaking != InOrder && f.Overtaking != SmallerMayPass {
		c.add(ErrBadPolicy, "overtaking")
	}
	if f.Visibility < access.Public || f.Visibility > access.Organisers {
		c.add(ErrBadPolicy, "visibility")
	}
	f.checkTexts(&c)
	f.checkDates(&c)
	for _, r := range relations() {
		c.ids(*r.in(&f), r.max, r.name)
	}
	return c.faults
}

func (f EventFields) checkTexts(c *findings) {
	c.title(f.Title, "title")
	c.text(f.Summary, maxSummary, "summary")
	c.text(f.Description, maxDescription, "description")
	if len(f.Objectives) > maxObjectives {
		c.addMax(ErrTooMany, maxObjectives, "objectives")
	}
	for i, o := range f.Objectives {
		if o.Empty() {
			c.add(fault.ErrRequired, "objectives", strconv.Itoa(i))
		}
		c.text(o, 500, "objectives", strconv.Itoa(i))
	}
	c.string(f.VenueName, 200, "venueName")
	c.string(f.VenueAddress, 300, "venueAddress")
	c.url(f.OnlineURL, "onlineUrl")
	c.languages(f.Languages)
}

func (f EventFields) checkDates(c *findings) {
	c.span(f.StartsAt, f.EndsAt, "startsAt", "endsAt")
	if !f.Date.Valid() {
		c.add(fault.ErrBadDate, "date")
	}
	if !f.StartsAt.IsZero() && !f.Date.IsZero() {
		c.add(ErrTwoDates, "date")
	}
	opens, closes := f.RegistrationOpensAt, f.RegistrationClosesAt
	c.moment(opens, "registrationOpensAt")
	c.moment(closes, "registrationClosesAt")
	if !opens.IsZero() && !closes.IsZero() && !closes.After(opens) {
		c.add(ErrClosesBeforeOpens, "registrationClosesAt")
	}
}

func (s SessionInput) check() fault.List {
	var c findings
	c.title(s.Title, "title")
	c.text(s.Description, 5_000, "description")
	c.span(s.StartsAt, s.EndsAt, "startsAt", "endsAt")
	c.string(s.Room, 100, "room")
	c.string(s.Track, 100, "track")
	if s.Capacity < 0 || s.Capacity > MaxCapacity {
		c.addMax(ErrCapacityRange, MaxCapacity, "capacity")
	}
	if s.Position < 0 || s.Position > 10_000 {
		c.addMax(ErrPosition, 10_000, "position")
	}
	if len(s.Speakers) > maxSpeakers {
		c.addMax(ErrTooMany, maxSpeakers, "speakers")
	}
	for i, sp := range s.Speakers {
		at := []string{"speakers", strconv.Itoa(i)}
		if sp.Name == "" {
			c.add(fault.ErrRequired, append(at, "name")...)
		}
		c.string(sp.Name, 200, append(at, "name")...)
		c.string(sp.Organisation, 200, append(at, "organisation")...)
		c.text(sp.Role, 200, append(at, "role")...)
	}
	return c.faults
}

func (d DocumentInput) check() fault.List {
	var c findings
	c.title(d.Title, "title")
	if d.URL == "" {
		c.add(fault.ErrRequired, "url")
	}
	c.url(d.URL, "url")
	c.text(d.Note, 500, "note")
	return c.faults
}
