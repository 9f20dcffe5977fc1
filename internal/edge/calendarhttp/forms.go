package calendarhttp

import (
	"encoding/json"
	"encoding/xml"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/teixit/teixit/internal/kernel/lang"
)

type feed struct {
	XMLName xml.Name   `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string     `xml:"xml:lang,attr"`
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Author  author     `xml:"author"`
	Links   []atomLink `xml:"link"`
	Entries []item     `xml:"entry"`
}

type author struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type item struct {
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Link    atomLink `xml:"link"`
	Summary string   `xml:"summary"`
}

// atom writes the events, last changed first.
func (h handler) atom(w http.ResponseWriter, r *http.Request, c *Calendar, l lang.Lang) {
	self := h.Site + r.URL.Path
	f := feed{
		Lang: string(l), ID: self, Title: c.Name, Author: author{"Teixit"},
		Links: []atomLink{{"self", self}, {"alternate", h.Site + "/"}},
	}
	slices.SortStableFunc(c.Events, func(a, b Event) int { return b.Changed.Compare(a.Changed) })
	updated := time.Unix(0, 0)
	for _, e := range c.Events {
		if e.Changed.After(updated) {
			updated = e.Changed
		}
		f.Entries = append(f.Entries, item{
			ID: e.URL, Title: e.Summary, Updated: e.Changed.UTC().Format(time.RFC3339), Link: atomLink{"alternate", e.URL},
			Summary: strings.Join(some(e.When, e.where(), e.Description), " · "),
		})
	}
	f.Updated = updated.UTC().Format(time.RFC3339)
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	_, _ = io.WriteString(w, xml.Header)
	_ = xml.NewEncoder(w).Encode(f) // the reader is gone: nobody to tell
}

// some leaves empty texts out.
func some(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

func (e *Event) where() string { return strings.Join(some(e.VenueName, e.Address, e.OnlineAt), ", ") }

// schemaOrg is the event as search engines read it. What is not known is left
// out.
func (e *Event) schemaOrg(l lang.Lang) map[string]any {
	data := map[string]any{
		"@context": "https://schema.org", "@type": "Event", "@id": e.URL, "url": e.URL, "name": e.Summary, "inLanguage": string(l),
		"eventStatus": "https://schema.org/EventScheduled",
	}
	if e.Cancelled {
		data["eventStatus"] = "https://schema.org/EventCancelled"
	}
	if e.Description != "" {
		data["description"] = e.Description
	}
	if e.Dated {
		e.schemaTimes(data)
	}
	var places []any
	if e.VenueName != "" || e.Address != "" {
		places = append(places, map[string]any{"@type": "Place", "name": e.VenueName, "address": e.Address})
	}
	if e.OnlineAt != "" {
		places = append(places, map[string]any{"@type": "VirtualLocation", "url": e.OnlineAt})
	}
	if len(places) > 0 {
		data["location"] = places
	}
	var organisers []any
	for _, name := range e.Organisers {
		organisers = append(organisers, map[string]any{"@type": "Organization", "name": name})
	}
	if len(organisers) > 0 {
		data["organizer"] = organisers
	}
	return data
}

func (e *Event) schemaTimes(data map[string]any) {
	if e.AllDay {
		data["startDate"] = e.Start.Format(time.DateOnly)
		return
	}
	data["startDate"] = e.Start.UTC().Format(time.RFC3339)
	if !e.End.IsZero() {
		data["endDate"] = e.End.UTC().Format(time.RFC3339)
	}
}

type pageWords struct{ When, Where, By, Calendar, Cancelled string }

func wordsIn(l lang.Lang) pageWords {
	switch l {
	case lang.ES:
		return pageWords{"Cuándo", "Dónde", "Organiza", "Añadir al calendario", "Este acto se ha cancelado."}
	case lang.EN:
		return pageWords{"When", "Where", "Organised by", "Add to the calendar", "This event is cancelled."}
	}
	return pageWords{"Quan", "On", "Organitza", "Afegir al calendari", "Aquest acte s'ha cancel·lat."}
}

var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("event").Parse(pageText))
})

const pageText = `<!doctype html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Event.Summary}} · {{.Event.When}} · Teixit</title>
<meta name="description" content="{{.Description}}">
<meta property="og:type" content="website">
<meta property="og:title" content="{{.Event.Summary}}">
<meta property="og:description" content="{{.Description}}">
<meta property="og:url" content="{{.Event.URL}}">
<link rel="canonical" href="{{.Event.URL}}">
<link rel="alternate" type="text/calendar" href="{{.File}}">
<script type="application/ld+json">{{.Data}}</script>
<style>body{max-width:40rem;margin:2rem auto;padding:0 1rem;font:1.1rem/1.5 sans-serif;color:#1b1b1b;background:#fff}a{color:#0b4f8a}dt{font-weight:bold}dd{margin:0 0 .7rem}</style>
</head>
<body>
<main>
<h1>{{.Event.Summary}}</h1>
{{if .Event.Cancelled}}<p role="status"><strong>{{.Words.Cancelled}}</strong></p>{{end}}
<dl>
<dt>{{.Words.When}}</dt><dd>{{.Event.When}}</dd>
{{if .Where}}<dt>{{.Words.Where}}</dt><dd>{{.Where}}</dd>{{end}}
{{if .Organisers}}<dt>{{.Words.By}}</dt><dd>{{.Organisers}}</dd>{{end}}
</dl>
{{if .Event.Description}}<p>{{.Event.Description}}</p>{{end}}
<p><a href="{{.File}}">{{.Words.Calendar}}</a></p>
</main>
</body>
</html>
`

// writePage writes what everybody may see of an event; texts of people are
// escaped for where they stand.
func writePage(w io.Writer, e *Event, file string, l lang.Lang) error {
	data, err := json.Marshal(e.schemaOrg(l)) // escapes what could end the script
	if err != nil {
		return err
	}
	return pageTemplate().Execute(w, map[string]any{
		"Lang": string(l), "Event": e, "File": file, "Words": wordsIn(l), "Where": e.where(), "Organisers": strings.Join(e.Organisers, ", "),
		"Description": strings.Join(some(e.When, e.where(), e.Description), " · "), "Data": template.JS(data),
	})
}
