package calendar

import (
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/platform/access"
)

// Limits of what an event may carry.
const (
	maxSummary     = 1_000
	maxDescription = 20_000
	maxObjectives  = 20
	maxLanguages   = 10
	maxSessions    = 100
	maxDocuments   = 100
	maxSpeakers    = 30
)

// findings are those of forms, and what an event can have wrong besides.
type findings struct{ form.Findings }

func (f *findings) moment(t time.Time, path ...string) {
	if y := t.In(madrid()).Year(); !t.IsZero() && (y < firstYear || y > lastYear) {
		f.Add(fault.ErrBadDate, path...)
	}
}

// span checks a start and an end; start and end name their fields.
func (f *findings) span(from, to time.Time, start, end string) {
	f.moment(from, start)
	f.moment(to, end)
	switch {
	case to.IsZero():
	case from.IsZero():
		f.Add(ErrEndWithoutStart, end)
	case !to.After(from):
		f.Add(ErrEndBeforeStart, end)
	}
}

var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

func (f *findings) languages(tags []string) {
	if len(tags) > maxLanguages {
		f.Max(ErrTooMany, maxLanguages, "languages")
	}
	for i, tag := range tags {
		if len(tag) > 35 || !languageTag.MatchString(tag) || slices.Contains(tags[:i], tag) {
			f.Add(ErrBadLanguage, "languages", strconv.Itoa(i))
		}
	}
}

// check finds every fault that can be seen without the database.
func (f EventFields) check() fault.List {
	var c findings
	if !f.Kind.Valid() {
		c.Add(ErrBadPolicy, "kind")
	}
	if f.Overtaking != InOrder && f.Overtaking != SmallerMayPass {
		c.Add(ErrBadPolicy, "overtaking")
	}
	if f.Visibility < access.Public || f.Visibility > access.Organisers {
		c.Add(ErrBadPolicy, "visibility")
	}
	f.checkTexts(&c)
	f.checkDates(&c)
	for _, r := range relations() {
		c.IDs(*r.in(&f), r.max, r.name)
	}
	return c.Faults
}

func (f EventFields) checkTexts(c *findings) {
	c.Title(f.Title, "title")
	c.Text(f.Summary, maxSummary, "summary")
	c.Text(f.Description, maxDescription, "description")
	if len(f.Objectives) > maxObjectives {
		c.Max(ErrTooMany, maxObjectives, "objectives")
	}
	for i, o := range f.Objectives {
		if o.Empty() {
			c.Add(fault.ErrRequired, "objectives", strconv.Itoa(i))
		}
		c.Text(o, 500, "objectives", strconv.Itoa(i))
	}
	c.String(f.VenueName, 200, "venueName")
	c.String(f.VenueAddress, 300, "venueAddress")
	c.URL(f.OnlineURL, "onlineUrl")
	c.languages(f.Languages)
}

func (f EventFields) checkDates(c *findings) {
	c.span(f.StartsAt, f.EndsAt, "startsAt", "endsAt")
	if !f.Date.Valid() {
		c.Add(fault.ErrBadDate, "date")
	}
	if !f.StartsAt.IsZero() && !f.Date.IsZero() {
		c.Add(ErrTwoDates, "date")
	}
	opens, closes := f.RegistrationOpensAt, f.RegistrationClosesAt
	c.moment(opens, "registrationOpensAt")
	c.moment(closes, "registrationClosesAt")
	if !opens.IsZero() && !closes.IsZero() && !closes.After(opens) {
		c.Add(ErrClosesBeforeOpens, "registrationClosesAt")
	}
}

func (s SessionInput) check() fault.List {
	var c findings
	c.Title(s.Title, "title")
	c.Text(s.Description, 5_000, "description")
	c.span(s.StartsAt, s.EndsAt, "startsAt", "endsAt")
	c.String(s.Room, 100, "room")
	c.String(s.Track, 100, "track")
	if s.Capacity < 0 || s.Capacity > MaxCapacity {
		c.Max(ErrCapacityRange, MaxCapacity, "capacity")
	}
	if s.Position < 0 || s.Position > 10_000 {
		c.Max(ErrPosition, 10_000, "position")
	}
	if len(s.Speakers) > maxSpeakers {
		c.Max(ErrTooMany, maxSpeakers, "speakers")
	}
	for i, sp := range s.Speakers {
		at := []string{"speakers", strconv.Itoa(i)}
		if sp.Name == "" {
			c.Add(fault.ErrRequired, append(at, "name")...)
		}
		c.String(sp.Name, 200, append(at, "name")...)
		c.String(sp.Organisation, 200, append(at, "organisation")...)
		c.Text(sp.Role, 200, append(at, "role")...)
	}
	return c.Faults
}

func (d DocumentInput) check() fault.List {
	var c findings
	c.Title(d.Title, "title")
	if d.URL == "" {
		c.Add(fault.ErrRequired, "url")
	}
	c.URL(d.URL, "url")
	c.Text(d.Note, 500, "note")
	return c.Faults
}
