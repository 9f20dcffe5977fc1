package privacy_test

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"

	ical "github.com/emersion/go-ical"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

// get asks for a page or a file as somebody without an account.
func (w *world) get(address string) (status int, kind, body string) {
	w.Helper()
	if strings.HasPrefix(address, "/") {
		address = "http://" + w.hub.Addr + address
	}
	response, err := http.Get(address)
	w.ok(err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	w.ok(err)
	return response.StatusCode, response.Header.Get("Content-Type"), string(text)
}

// TestCalendarsOutside: calendars, feeds and the page of an event show what
// anybody may see, in forms that others read; a person's own calendar opens with
// its secret until that is taken back.
func TestCalendarsOutside(t *testing.T) {
	w := newWorld(t)
	public := w.event(10, func(in *calendar.EventInput) { in.Title = lang.Text{CA: "Jornada </script> oberta"} })
	inner := w.event(10, func(in *calendar.EventInput) { in.Visibility, in.Title = access.Home, lang.Text{CA: "Reunió interna"} })
	for _, path := range []string{
		"/calendar/events/" + node.Event.Global(public) + ".ics", "/calendar/organizations/" + node.Municipality.Global(hubtest.Terrassa) + ".ics",
		"/calendar/territories/" + node.Municipality.Global(hubtest.Terrassa) + ".ics", "/calendar/hub/events.ics",
	} {
		status, kind, body := w.get(path)
		if status != http.StatusOK || !strings.HasPrefix(kind, "text/calendar") {
			t.Errorf("%s: %d %s", path, status, kind)
			continue
		}
		c, err := ical.NewDecoder(strings.NewReader(body)).Decode()
		if err != nil || len(c.Events()) != 1 {
			t.Errorf("%s: %v\n%s", path, err, body)
			continue
		}
		if title, _ := c.Events()[0].Props.Text(ical.PropSummary); title != "Jornada </script> oberta" {
			t.Errorf("%s has %q", path, title)
		}
	}
	for _, path := range []string{
		"/calendar/events/" + node.Event.Global(inner) + ".ics", "/calendar/events/" + node.Event.Global(inner) + ".html", "/calendar/mine/secret.ics",
		"/calendar/organizations/" + node.Association.Global(public) + ".ics", "/calendar/hub/other.ics", "/calendar/hub/events.txt",
	} {
		if status, _, body := w.get(path); status != http.StatusNotFound || strings.Contains(body, "interna") {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	var feed struct {
		Entry []struct {
			Title string `xml:"title"`
		} `xml:"entry"`
	}
	_, kind, body := w.get("/calendar/territories/" + node.Municipality.Global(hubtest.Terrassa) + ".atom")
	if err := xml.Unmarshal([]byte(body), &feed); err != nil || len(feed.Entry) != 1 || !strings.HasPrefix(kind, "application/atom+xml") {
		t.Errorf("the feed: %v %s\n%s", err, kind, body)
	}
	_, _, page := w.get("/calendar/events/" + node.Event.Global(public) + ".html")
	_, data, _ := strings.Cut(page, `<script type="application/ld+json">`)
	data, _, _ = strings.Cut(data, "</script>")
	var event struct {
		Type      string `json:"@type"`
		Name      string
		StartDate string
		Location  []struct{ Name string }
	}
	if err := json.Unmarshal([]byte(data), &event); err != nil || event.Type != "Event" || event.Name != "Jornada </script> oberta" ||
		event.StartDate == "" || len(event.Location) != 1 || event.Location[0].Name != "Sala de proves" {
		t.Errorf("schema.org data: %v %+v\n%s", err, event, data)
	}
	if !strings.Contains(page, "<h1>Jornada &lt;/script&gt; oberta</h1>") {
		t.Errorf("the page:\n%s", page)
	}

	w.seriesOutside(public, inner)
	w.registers(w.representative, w.entitat, public, named("Algú", "algu@example.org"))
	opened := w.hub.Must(t, w.asRep, `mutation { personalCalendarOpen(input: {}) { url calendar { since } errors { code } } }`, nil)["personalCalendarOpen"].(object)
	address := opened["url"].(string)
	address = address[strings.Index(address, "/calendar/"):]
	if status, _, body := w.get(address); status != http.StatusOK || !strings.Contains(body, "SUMMARY:Jornada") {
		t.Errorf("%d %s", status, body)
	}
	w.hub.Must(t, w.asRep, `mutation { personalCalendarClose(input: {}) { errors { code } } }`, nil)
	if status, _, _ := w.get(address); status != http.StatusNotFound {
		t.Errorf("after it was taken back: %d", status)
	}
}

// seriesOutside: the calendar of a series has those of its events that everybody
// sees; a series without any is not there.
func (w *world) seriesOutside(public, inner id.ID) {
	w.Helper()
	const join = `mutation($event: ID!, $series: ID) { eventSeriesSet(input: {id: $event, series: $series}) { event { id } errors { code } } }`
	series := func(events ...id.ID) (path string) {
		made := w.hub.Must(w.T, w.asOfficer, `mutation($home: ID!) { eventSeriesCreate(input: {organiser: $home, title: {ca: "Cicle de prova"}}) { series { id calendarUrl } } }`,
			object{"home": node.Municipality.Global(hubtest.Terrassa)})["eventSeriesCreate"].(object)["series"].(object)
		for _, event := range events {
			w.hub.Must(w.T, w.asOfficer, join, object{"event": node.Event.Global(event), "series": made["id"]})
		}
		url := made["calendarUrl"].(string)
		return url[strings.Index(url, "/calendar/"):]
	}
	second := w.event(10, func(in *calendar.EventInput) { in.Visibility, in.Title = access.Home, lang.Text{CA: "Segona interna"} })
	hidden, mixed := series(inner), series(public, second)
	w.event(10, nil) // in no series
	if status, _, body := w.get(hidden); status != http.StatusNotFound || strings.Contains(body, "Cicle") {
		w.Errorf("a series that nobody sees: %d\n%s", status, body)
	}
	_, _, body := w.get(mixed)
	c, err := ical.NewDecoder(strings.NewReader(body)).Decode()
	w.ok(err)
	if name, _ := c.Props.Text("X-WR-CALNAME"); len(c.Events()) != 1 || name != "Cicle de prova" {
		w.Errorf("the calendar of the series is\n%s", body)
	}
	if status, kind, feed := w.get(strings.Replace(mixed, ".ics", ".atom", 1)); status != http.StatusOK ||
		!strings.HasPrefix(kind, "application/atom+xml") || strings.Count(feed, "<entry>") != 1 {
		w.Errorf("the feed of the series: %d %s\n%s", status, kind, feed)
	}
}
