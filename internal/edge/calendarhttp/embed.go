package calendarhttp

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// How many events a list in somebody's page has, and at most.
const (
	embedded    = 6
	maxEmbedded = 50
)

// embedPolicy lets every page show this one in a frame, unlike all else of the
// hub. It loads nothing, runs nothing, sends no form and carries no cookie, so
// there is nothing in it that a page around it could steal or have pressed.
const embedPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *; sandbox allow-popups allow-popups-to-escape-sandbox"

// embed answers with the next events of a body, a place, a series or the hub, as a
// page for the page of somebody else.
func (h handler) embed(w http.ResponseWriter, r *http.Request) {
	l, asked := language(r), r.URL.Query()
	what, of := listOf(asked)
	limit, err := limitOf(asked)
	if err != nil {
		h.refuse(w, r, err, l)
		return
	}
	c, err := h.Calendar(r.Context(), what, of, l)
	if err != nil {
		h.refuse(w, r, err, l)
		return
	}
	var body bytes.Buffer
	if err := embedTemplate().Execute(&body, map[string]any{
		"Lang": string(l), "Name": c.Name, "Events": next(c.Events, time.Now(), limit), "Words": embedWordsIn(l), "Site": h.Site,
	}); err != nil {
		h.refuse(w, r, err, l)
		return
	}
	w.Header().Set("Content-Security-Policy", embedPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=300")
	w.Header().Set("Vary", "Accept-Language")
	_, _ = w.Write(body.Bytes())
}

// listOf says whose events are asked for: one of three, or all.
func listOf(asked url.Values) (what, of string) {
	for param, what := range map[string]string{"organization": "organizations", "territory": "territories", "series": "series"} {
		if of := asked.Get(param); of != "" {
			return what, of
		}
	}
	return "hub", "events"
}

func limitOf(asked url.Values) (int, error) {
	text := asked.Get("limit")
	if text == "" {
		return embedded, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > maxEmbedded {
		return 0, fault.ErrNotFound.New()
	}
	return limit, nil
}

// next are the events that are not over, soonest first. What is not dated to the
// day may still come, and stands last.
func next(all []Event, now time.Time, limit int) []Event {
	coming := slices.DeleteFunc(slices.Clone(all), func(e Event) bool { return e.Dated && over(e).Before(now) })
	slices.SortStableFunc(coming, func(a, b Event) int {
		if a.Dated != b.Dated {
			return map[bool]int{true: -1, false: 1}[a.Dated]
		}
		return a.Start.Compare(b.Start)
	})
	return coming[:min(limit, len(coming))]
}

// over is when an event has ended; one of a day, or without an end, at that day's.
func over(e Event) time.Time {
	if !e.AllDay && !e.End.IsZero() {
		return e.End
	}
	return e.Start.AddDate(0, 0, 1)
}

type embedWords struct{ None, Cancelled, More, By string }

func embedWordsIn(l lang.Lang) embedWords {
	switch l {
	case lang.ES:
		return embedWords{"No hay actividades previstas.", "Cancelada", "Más en Teixit", "Actividades de"}
	case lang.EN:
		return embedWords{"No events are planned.", "Cancelled", "More on Teixit", "Events of"}
	}
	return embedWords{"No hi ha activitats previstes.", "Cancel·lada", "Més a Teixit", "Activitats de"}
}

var embedTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("embed").Parse(embedText))
})

const embedText = `<!doctype html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{.Words.By}} {{.Name}} · Teixit</title>
<style>
:root{color-scheme:light dark;--ink:#17211f;--soft:#4b5855;--paper:#fff;--line:#d9d3c6;--link:#0d5b55}
@media (prefers-color-scheme:dark){:root{--ink:#edf1ee;--soft:#b2c0bb;--paper:#19211f;--line:#33403d;--link:#82d3c6}}
body{margin:0;padding:1rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{margin:0 0 .5rem;font:600 1.25rem/1.3 Georgia,serif}
ol{margin:0;padding:0;list-style:none}
li{padding:.6rem 0;border-top:1px solid var(--line)}
a{color:var(--link)}
p{margin:.1rem 0}
.soft{color:var(--soft);font-size:.875rem}
</style>
</head>
<body>
<main>
<h1>{{.Words.By}} {{.Name}}</h1>
{{if .Events}}<ol>
{{range .Events}}<li><a href="{{.URL}}" target="_blank" rel="noopener">{{.Summary}}</a>{{if .Cancelled}} · <strong>{{$.Words.Cancelled}}</strong>{{end}}
<p class="soft">{{.When}}{{if .VenueName}} · {{.VenueName}}{{end}}</p></li>
{{end}}</ol>{{else}}<p>{{.Words.None}}</p>{{end}}
<p class="soft"><a href="{{.Site}}/events" target="_blank" rel="noopener">{{.Words.More}}</a></p>
</main>
</body>
</html>
`
