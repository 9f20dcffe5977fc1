// Package ics writes iCalendar files (RFC 5545): entries that go with mails,
// and calendars to subscribe to. Moments are written in Europe/Madrid, with the
// zone's rules beside them, because not every program knows its name.
package ics

import (
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // a small container has no zones of its own

	ical "github.com/arran4/golang-ical"
)

// Method is what a program is to do with an entry that comes by mail.
type Method string

// The methods.
const (
	Request Method = "REQUEST" // put it in, or in the place of an older version
	Cancel  Method = "CANCEL"  // take it out
)

// Entry is one event of a calendar.
type Entry struct {
	UID string
	// Sequence is higher in each version: a program replaces what has the same UID
	// and a lower one.
	Sequence int
	Changed  time.Time // when this version was made
	// Start and End are moments; the zero End is not known. AllDay says that only
	// the day of Start counts.
	Start, End time.Time
	AllDay     bool

	Summary, Description, Location, URL string
	Cancelled                           bool

	// Organizer and Attendee are the mail addresses of a mailed entry.
	Organizer, Attendee string
}

const zone = "Europe/Madrid"

// Type is the media type of the files.
const Type = "text/calendar; charset=utf-8"

// Mailed is an entry that goes with a mail.
func Mailed(m Method, e Entry) string {
	c := newCalendar()
	c.SetMethod(ical.Method(m))
	e.Cancelled = e.Cancelled || m == Cancel
	e.add(c)
	return write(c)
}

// Feed is a calendar to subscribe to; programs are asked to look again every
// hour.
func Feed(name string, entries []Entry) string {
	c := newCalendar()
	c.SetMethod(ical.MethodPublish)
	c.SetName(line(name))
	c.SetXWRCalName(line(name))
	c.SetXWRTimezone(zone)
	c.SetRefreshInterval("PT1H", ical.WithValue("DURATION"))
	c.SetXPublishedTTL("PT1H")
	for _, e := range entries {
		e.add(c)
	}
	return write(c)
}

func newCalendar() *ical.Calendar {
	c := ical.NewCalendar()
	c.SetProductId("-//Teixit//Teixit//CA")
	c.SetCalscale("GREGORIAN")
	return c
}

// write puts the rules of the zone, which are the same in every file, before the
// first entry or, where there is none, the end.
func write(c *ical.Calendar) string {
	file := serialize(c)
	at := strings.Index(file, "\r\nBEGIN:VEVENT\r\n")
	if at < 0 {
		at = strings.LastIndex(file, "\r\nEND:VCALENDAR\r\n")
	}
	return file[:at+2] + madridRules() + file[at+2:]
}

func serialize(c *ical.Calendar) string { return c.Serialize(ical.WithNewLine("\r\n")) }

// madridRules are the rules of the zone as they stand in a file.
var madridRules = sync.OnceValue(func() string {
	c := ical.NewCalendar()
	addMadrid(c)
	file := serialize(c)
	_, rules, _ := strings.Cut(file, "BEGIN:VTIMEZONE")
	rules, _, _ = strings.Cut(rules, "END:VCALENDAR")
	return "BEGIN:VTIMEZONE" + rules
})

// addMadrid writes the rules that have held since 1996.
func addMadrid(c *ical.Calendar) {
	madrid := c.AddTimezone(zone)
	summer := &ical.Daylight{}
	rules(&summer.ComponentBase, "CEST", "19960331T020000", "+0100", "+0200", "3")
	winter := &ical.Standard{}
	rules(&winter.ComponentBase, "CET", "19961027T030000", "+0200", "+0100", "10")
	madrid.Components = append(madrid.Components, summer, winter)
}

func rules(b *ical.ComponentBase, name, since, from, to, month string) {
	b.SetProperty(ical.ComponentPropertyDtStart, since)
	b.SetProperty(ical.ComponentProperty("TZNAME"), name)
	b.SetProperty(ical.ComponentProperty("TZOFFSETFROM"), from)
	b.SetProperty(ical.ComponentProperty("TZOFFSETTO"), to)
	b.SetProperty(ical.ComponentPropertyRrule, "FREQ=YEARLY;BYMONTH="+month+";BYDAY=-1SU")
}

func (e Entry) add(c *ical.Calendar) {
	v := c.AddEvent(e.UID)
	v.SetDtStampTime(e.Changed)
	v.SetLastModifiedAt(e.Changed)
	v.SetSequence(e.Sequence)
	e.times(v)
	v.SetSummary(line(e.Summary))
	for _, text := range []struct {
		set   func(string, ...ical.PropertyParameter)
		value string
	}{{v.SetDescription, e.Description}, {v.SetLocation, line(e.Location)}, {v.SetURL, line(e.URL)}} {
		if text.value != "" {
			text.set(text.value)
		}
	}
	v.SetStatus(ical.ObjectStatusConfirmed)
	if e.Cancelled {
		v.SetStatus(ical.ObjectStatusCancelled)
	}
	if e.Attendee != "" {
		v.SetOrganizer("mailto:"+e.Organizer, ical.WithCN("Teixit"))
		v.AddAttendee("mailto:"+e.Attendee, ical.CalendarUserTypeIndividual, ical.ParticipationStatusAccepted, ical.ParticipationRoleReqParticipant, ical.WithRSVP(false))
	}
}

func (e Entry) times(v *ical.VEvent) {
	if e.AllDay {
		v.SetProperty(ical.ComponentPropertyDtStart, e.Start.Format("20060102"), ical.WithValue("DATE"))
		v.SetProperty(ical.ComponentPropertyDtEnd, e.Start.AddDate(0, 0, 1).Format("20060102"), ical.WithValue("DATE"))
		return
	}
	v.SetProperty(ical.ComponentPropertyDtStart, local(e.Start), ical.WithTZID(zone))
	if !e.End.IsZero() {
		v.SetProperty(ical.ComponentPropertyDtEnd, local(e.End), ical.WithTZID(zone))
	}
}

func local(t time.Time) string { return t.In(madrid()).Format("20060102T150405") }

var madrid = sync.OnceValue(func() *time.Location {
	place, err := time.LoadLocation(zone)
	if err != nil {
		panic("ics: the embedded zone database lacks " + zone + ": " + err.Error())
	}
	return place
})

// line keeps a text on one line.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }
