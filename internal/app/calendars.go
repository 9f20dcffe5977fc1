package app

import (
	"context"
	"net/http"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/edge/calendarhttp"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/node"
)

// calendars gives out events as everybody sees them, and each person's own at
// their secret address.
func (e *endpoint) calendars() http.Handler {
	return calendarhttp.New(calendarhttp.Options{
		Site: siteOf(e.hub.cfg, e.hub.addr), Calendar: e.hub.calendar, Event: e.hub.eventPage, Log: e.hub.log,
	})
}

func (h *Hub) calendar(ctx context.Context, what, of string, l lang.Lang) (*calendarhttp.Calendar, error) {
	v, q, site := access.Anonymous(l), h.db.Read(), siteOf(h.cfg, h.addr)
	var name lang.Text
	var filter calendar.EventFilter
	switch what {
	case "events":
		one, err := h.eventPage(ctx, of, l)
		if err != nil {
			return nil, err
		}
		return &calendarhttp.Calendar{Name: one.Summary, Events: []calendarhttp.Event{*one}}, nil
	case "mine":
		return h.ownCalendar(ctx, of, l)
	case "hub":
		if of != "events" {
			return nil, fault.ErrNotFound.New()
		}
		name = lang.Text{CA: "Teixit", ES: "Teixit", EN: "Teixit"}
	case "series":
		_, series, err := calendar.SeriesID.Part(of)
		if err != nil {
			return nil, fault.ErrNotFound.New()
		}
		if name, err = calendar.SeriesTitle(ctx, q, v, series); err != nil {
			return nil, err
		}
		filter.Series = series
	default:
		var err error
		if name, filter, err = h.calendarOf(ctx, v, what, of); err != nil {
			return nil, err
		}
	}
	found, err := calendar.Feed(ctx, q, v, filter, site)
	return &calendarhttp.Calendar{Name: name.In(l), Events: shownOutside(found)}, err
}

// calendarOf is whose events a calendar has, and what it is called.
func (h *Hub) calendarOf(ctx context.Context, v *access.Viewer, what, of string) (name lang.Text, f calendar.EventFilter, err error) {
	kinds := map[string][]node.Kind{
		"organizations": {node.Association, node.PublicService, node.Institution, node.Municipality},
		"territories":   {node.Province, node.Comarca, node.Municipality, node.District, node.Neighbourhood},
	}[what]
	kind, thing, err := node.Parse(of)
	if err != nil || len(kinds) == 0 {
		return name, f, fault.ErrNotFound.New()
	}
	if name, err = calendar.TitleOf(ctx, h.db.Read(), v, thing, kinds...); err != nil {
		return name, f, err
	}
	if what == "territories" {
		f.Territories = []id.ID{thing}
		return name, f, nil
	}
	if kind == node.Municipality {
		name = territory.CouncilName(name.CA)
	}
	f.Organisers = []id.ID{thing}
	return name, f, nil
}

// ownCalendar reads with the sight of the person whose secret it is.
func (h *Hub) ownCalendar(ctx context.Context, secret string, l lang.Lang) (*calendarhttp.Calendar, error) {
	person, err := calendar.PersonBehind(ctx, h.db.Read(), secret)
	if err != nil {
		return nil, err
	}
	v, err := auth.Viewer(ctx, h.db.Read(), person, l)
	if err != nil {
		return nil, err
	}
	found, err := calendar.PersonalFeed(ctx, h.db.Read(), v, siteOf(h.cfg, h.addr))
	return &calendarhttp.Calendar{Name: "Teixit", Events: shownOutside(found)}, err
}

func (h *Hub) eventPage(ctx context.Context, of string, l lang.Lang) (*calendarhttp.Event, error) {
	event, err := node.ParseOf(of, node.Event)
	if err != nil {
		return nil, fault.ErrNotFound.New()
	}
	found, dated, err := calendar.ListedEvent(ctx, h.db.Read(), access.Anonymous(l), event, siteOf(h.cfg, h.addr))
	if err != nil {
		return nil, err
	}
	shown := outside(found)
	shown.Dated = dated
	return &shown, nil
}

func shownOutside(found []calendar.Listed) []calendarhttp.Event {
	events := make([]calendarhttp.Event, len(found))
	for i, x := range found {
		events[i] = outside(x)
	}
	return events
}

func outside(x calendar.Listed) calendarhttp.Event {
	return calendarhttp.Event{
		Entry: x.Entry, Dated: true, When: x.When, VenueName: x.VenueName, Address: x.Address, OnlineAt: x.OnlineAt, Organisers: x.Organisers,
	}
}
