package ics_test

import (
	"strings"
	"testing"
	"time"

	parser "github.com/emersion/go-ical"

	"github.com/teixit/teixit/internal/platform/ics"
)

func entry() ics.Entry {
	return ics.Entry{
		UID: "ev_1@teixit.example", Sequence: 3, Changed: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC),
		Start: time.Date(2026, 6, 9, 16, 30, 0, 0, time.UTC), End: time.Date(2026, 6, 9, 18, 0, 0, 0, time.UTC),
		Summary: "Col·laboració; «prova», amb \\ i ñ " + strings.Repeat("llarga ", 20), Description: "Primera línia\nSegona; amb, signes",
		Location: "Casal, Terrassa", URL: "https://teixit.example/events/ev_1",
		Organizer: "hub@teixit.example", Attendee: "anna@example.org",
	}
}

// read parses a file with a parser that is not the writer's.
func read(t testing.TB, file string) (*parser.Calendar, parser.Event) {
	t.Helper()
	c, err := parser.NewDecoder(strings.NewReader(file)).Decode()
	if err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	events := c.Events()
	if len(events) != 1 {
		t.Fatalf("%d events in\n%s", len(events), file)
	}
	return c, events[0]
}

// What goes with a mail is read back as it was meant, in Madrid, and obeys the
// form: lines of at most 75 bytes that end as they have to.
func TestMailedEntry(t *testing.T) {
	e := entry()
	file := ics.Mailed(ics.Request, e)
	c, v := read(t, file)
	if err := parser.NewEncoder(&strings.Builder{}).Encode(c); err != nil {
		t.Errorf("it lacks what a calendar needs: %v", err)
	}
	if method, _ := c.Props.Text("METHOD"); method != "REQUEST" {
		t.Errorf("method %q", method)
	}
	for name, want := range map[string]string{
		"UID": e.UID, "SUMMARY": strings.TrimSpace(e.Summary), "LOCATION": e.Location, "DESCRIPTION": e.Description, "STATUS": "CONFIRMED",
	} {
		if got, _ := v.Props.Text(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	start, err := v.DateTimeStart(madrid)
	if err != nil || !start.Equal(e.Start) {
		t.Errorf("starts %v (%v)", start, err)
	}
	if end, err := v.DateTimeEnd(madrid); err != nil || !end.Equal(e.End) {
		t.Errorf("ends %v (%v)", end, err)
	}
	for _, line := range strings.Split(strings.TrimSuffix(file, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
	if !strings.Contains(file, "BEGIN:VTIMEZONE\r\nTZID:Europe/Madrid\r\n") || !strings.Contains(file, "BEGIN:DAYLIGHT") {
		t.Errorf("no rules of the zone in\n%s", file)
	}
}

// A later version and a cancellation have the same UID and a higher number, by
// which programs replace the entry and take it out.
func TestVersionsReplaceEachOther(t *testing.T) {
	first := entry()
	later := first
	later.Sequence, later.Start = 4, first.Start.Add(time.Hour)
	gone := later
	gone.Sequence = 5
	held := map[string]int{}
	for i, file := range []string{ics.Mailed(ics.Request, first), ics.Mailed(ics.Request, later), ics.Mailed(ics.Cancel, gone)} {
		c, v := read(t, file)
		uid, _ := v.Props.Text("UID")
		n, err := v.Props.Get("SEQUENCE").Int()
		if err != nil || n <= held[uid] && i > 0 || len(held) > 1 {
			t.Errorf("version %d has number %d after %v (%v)", i, n, held, err)
		}
		held[uid] = n
		if method, _ := c.Props.Text("METHOD"); i == 2 && method != "CANCEL" {
			t.Errorf("the last one has method %q", method)
		}
	}
	if len(held) != 1 {
		t.Errorf("the versions have different UIDs: %v", held)
	}
}

// A day without an hour stays a day.
func TestFeedOfDays(t *testing.T) {
	e := entry()
	e.AllDay, e.Start, e.Attendee = true, time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC), ""
	c, v := read(t, ics.Feed("Jornades", []ics.Entry{e}))
	if v.Props.Get("DTSTART").Value != "20261128" || v.Props.Get("DTEND").Value != "20261129" {
		t.Errorf("%v to %v", v.Props.Get("DTSTART"), v.Props.Get("DTEND"))
	}
	if name, _ := c.Props.Text("X-WR-CALNAME"); name != "Jornades" {
		t.Errorf("the calendar is called %q", name)
	}
}
