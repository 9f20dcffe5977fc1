// Package calendarhttp gives out events for programs and pages outside of the
// hub, as everybody sees them:
//
//	GET /calendar/events/{event}.ics                one event
//	GET /calendar/organizations/{id}.ics   .atom    those of an organisation
//	GET /calendar/territories/{id}.ics     .atom    those of a place and its parts
//	GET /calendar/series/{id}.ics          .atom    those of a series
//	GET /calendar/hub/events.ics           .atom    all of them
//	GET /calendar/mine/{secret}.ics                 a person's own, at their secret address
//	GET /calendar/events/{event}.html               a page that needs no script, with schema.org data
//	GET /embed/events?organization=|territory=|series=&limit=&lang=
//	                                                the next ones, for a frame in a page of somebody else
//
// Only the secret address shows more than anybody may see, and only the
// person's own things.
package calendarhttp

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/ics"
)

// Event is one event as it is shown outside.
type Event struct {
	ics.Entry
	Dated                        bool   // to the day at least
	When                         string // the date in words
	VenueName, Address, OnlineAt string
	Organisers                   []string
}

// Calendar is several of them under a name.
type Calendar struct {
	Name   string
	Events []Event
}

// Options is what the handler works with.
type Options struct {
	// Site is where people find the hub.
	Site string
	// Calendar reads a calendar (events, organizations, territories,
	// series, hub, mine) of
	// the thing with this public identifier or secret; what anybody may not see is
	// fault.ErrNotFound.
	Calendar func(ctx context.Context, what, of string, l lang.Lang) (*Calendar, error)
	// Event reads one event.
	Event func(ctx context.Context, of string, l lang.Lang) (*Event, error)
	Log   *slog.Logger
}

type handler struct{ Options }

// New makes the handler of /calendar/ and /embed/.
func New(o Options) http.Handler {
	h := handler{o}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /calendar/{what}/{file}", h.calendar)
	mux.HandleFunc("GET /embed/events", h.embed)
	return mux
}

func language(r *http.Request) lang.Lang {
	if wanted, ok := lang.Parse(r.URL.Query().Get("lang")); ok {
		return wanted
	}
	return auth.Language(r.Header.Get("Accept-Language"))
}

func (h handler) calendar(w http.ResponseWriter, r *http.Request) {
	l, what := language(r), r.PathValue("what")
	of, form, _ := strings.Cut(r.PathValue("file"), ".")
	if what == "events" && form == "html" {
		h.page(w, r, of)
		return
	}
	if form != "ics" && (form != "atom" || what == "mine" || what == "events") {
		h.refuse(w, r, fault.ErrNotFound.New(), l)
		return
	}
	c, err := h.Calendar(r.Context(), what, of, l)
	if err != nil {
		h.refuse(w, r, err, l)
		return
	}
	cache := "public, max-age=300"
	if what == "mine" {
		cache = "private, no-store"
	}
	w.Header().Set("Cache-Control", cache)
	w.Header().Set("Vary", "Accept-Language")
	if form == "atom" {
		h.atom(w, r, c, l)
		return
	}
	entries := make([]ics.Entry, 0, len(c.Events))
	for _, e := range c.Events {
		if e.Dated {
			entries = append(entries, e.Entry)
		}
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Content-Type", ics.Type)
	w.Header().Set("Content-Disposition", `inline; filename="teixit.ics"`)
	_, _ = w.Write([]byte(ics.Feed(c.Name, entries)))
}

func (h handler) page(w http.ResponseWriter, r *http.Request, of string) {
	l := language(r)
	e, err := h.Event(r.Context(), of, l)
	if err != nil {
		h.refuse(w, r, err, l)
		return
	}
	var body bytes.Buffer
	if err := writePage(&body, e, h.Site+"/calendar/events/"+of+".ics", l); err != nil {
		h.refuse(w, r, err, l)
		return
	}
	// The page loads nothing and runs nothing: its one script element is data.
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=60")
	w.Header().Set("Vary", "Accept-Language")
	_, _ = w.Write(body.Bytes())
}

func (h handler) refuse(w http.ResponseWriter, r *http.Request, err error, l lang.Lang) {
	f := fault.From(err)
	status := http.StatusInternalServerError
	switch f.Code.Kind {
	case fault.NotFound, fault.Invalid, fault.Unauthenticated: // whose calendar it was may have no account any more
		status, f = http.StatusNotFound, fault.ErrNotFound.New()
	case fault.Limited:
		status = http.StatusServiceUnavailable
	default:
		h.Log.ErrorContext(r.Context(), "give out a calendar", "cause", err)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(f.Message(l) + "\n"))
}
