package calendar

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// calendarWorld has events with all sorts of dates; they are listed by title.
func calendarWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	for _, e := range []struct {
		title  string
		change func(*EventInput)
	}{
		{"Mediació", func(in *EventInput) {
			in.StartsAt, in.Areas, in.About = day(2020, 5, 4), []id.ID{named("Vic")}, []id.ID{named("mediació")}
		}},
		{"Trinitat", func(in *EventInput) {
			in.StartsAt, in.Venues, in.CoOrganisers = day(2031, 1, 10), []id.ID{named("la Trinitat Vella")}, []id.ID{named("Associació Riu")}
		}},
		{"Novembre", func(in *EventInput) { in.Date = PartialDate{Year: 2030, Month: 11} }},
		{"Sense any", func(in *EventInput) {
			in.Date, in.Kind, in.Audiences = PartialDate{Month: 11, Day: 28}, Training, []id.ID{named("mediadores")}
		}},
		{"Per a la xarxa 100%", func(in *EventInput) { in.StartsAt, in.Visibility = day(2032, 1, 1), access.Network }},
	} {
		in := w.input(e.title)
		in.StartsAt = time.Time{}
		e.change(&in)
		w.published(in)
	}
	w.create(w.input("Esborrany"))
	return w
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, madrid()) }

func titles(events []*Event) []string {
	found := []string{}
	for _, e := range events {
		found = append(found, e.Title.CA)
	}
	return found
}

func TestListEventsFilters(t *testing.T) {
	t.Parallel()
	w := calendarWorld(t)
	anyone := access.Anonymous(lang.CA)
	for name, c := range map[string]struct {
		viewer *access.Viewer
		filter EventFilter
		want   []string
	}{
		"everything public":    {anyone, EventFilter{}, []string{"Mediació", "Novembre", "Trinitat", "Sense any"}},
		"signed in":            {w.outsider, EventFilter{}, []string{"Mediació", "Novembre", "Trinitat", "Per a la xarxa 100%", "Sense any"}},
		"its organisers":       {w.officer, EventFilter{States: []EventState{Draft}}, []string{"Esborrany"}},
		"drafts of others":     {w.outsider, EventFilter{States: []EventState{Draft}}, []string{}},
		"without accents":      {anyone, EventFilter{Text: "MEDIACIO"}, []string{"Mediació"}},
		"all words":            {anyone, EventFilter{Text: "any sense"}, []string{"Sense any"}},
		"a wildcard is a sign": {w.outsider, EventFilter{Text: "%"}, []string{"Per a la xarxa 100%"}},
		"from":                 {anyone, EventFilter{From: utcDay(2030, 11, 1)}, []string{"Novembre", "Trinitat", "Sense any"}},
		"until":                {anyone, EventFilter{Until: utcDay(2020, 5, 4)}, []string{"Mediació"}},
		"until the day before": {anyone, EventFilter{Until: utcDay(2020, 5, 3)}, []string{}},
		"a town":               {anyone, EventFilter{Territories: []id.ID{named("Barcelona")}}, []string{"Trinitat"}},
		"two comarques":        {anyone, EventFilter{Territories: []id.ID{named("Barcelonès"), named("Osona")}}, []string{"Mediació", "Trinitat"}},
		"another district":     {anyone, EventFilter{Territories: []id.ID{named("Nou Barris")}}, []string{}},
		"a field":              {anyone, EventFilter{About: []id.ID{named("mediació"), named("igualtat")}}, []string{"Mediació"}},
		"an audience":          {anyone, EventFilter{Audiences: []id.ID{named("mediadores")}}, []string{"Sense any"}},
		"a co-organiser":       {anyone, EventFilter{Organisers: []id.ID{named("Associació Riu")}}, []string{"Trinitat"}},
		"a kind":               {anyone, EventFilter{Kinds: []EventKind{Training, Seminar}}, []string{"Sense any"}},
		"to come":              {anyone, EventFilter{Upcoming: ptr(true)}, []string{"Novembre", "Trinitat", "Sense any"}},
		"over":                 {anyone, EventFilter{Upcoming: ptr(false)}, []string{"Mediació"}},
		"two conditions":       {anyone, EventFilter{Text: "trinitat", About: []id.ID{named("mediació")}}, []string{}},
	} {
		found, err := ListEvents(t.Context(), w.db.Read(), c.viewer, c.filter, ByStart, page.Args{First: 10, Total: true}, Card)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(c.want, titles(found.Nodes)); diff != "" || *found.TotalCount != len(c.want) {
			t.Errorf("%s: total %d %s", name, *found.TotalCount, diff)
		}
	}
}

func utcDay(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func TestListEventsPages(t *testing.T) {
	t.Parallel()
	w := calendarWorld(t)
	forwards := []string{"Mediació", "Novembre", "Trinitat", "Per a la xarxa 100%", "Sense any"}
	backwards := []string{"Sense any", "Per a la xarxa 100%", "Trinitat", "Novembre", "Mediació"}
	for order, want := range map[EventOrder][]string{ByStart: forwards, ByStartLatest: backwards} {
		for size := 1; size <= 6; size++ {
			args, got := page.Args{First: size}, []string{}
			for range 6 {
				found, err := ListEvents(t.Context(), w.db.Read(), w.outsider, EventFilter{}, order, args, Full)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, titles(found.Nodes)...)
				if !found.PageInfo().HasNextPage {
					break
				}
				args.After, err = page.Decode(*found.PageInfo().EndCursor)
				if err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("order %d, pages of %d: %s", order, size, diff)
			}
		}
	}
}

// TestListEventsOfPlacesPages: lists that gather their events first go on behind a
// cursor as others do, and count the same on each page, the one behind the last
// included.
func TestListEventsOfPlacesPages(t *testing.T) {
	t.Parallel()
	w := calendarWorld(t)
	for _, text := range []string{"", "i"} {
		for _, set := range []Columns{Line, Full} {
			filter := EventFilter{Text: text, Territories: []id.ID{named("Barcelonès"), named("Barcelona"), named("Osona")}}
			w.turnsPages(filter, set, ByStart, []string{"Mediació", "Trinitat"})
			w.turnsPages(filter, set, ByStartLatest, []string{"Trinitat", "Mediació"})
		}
	}
}

func (w *world) turnsPages(filter EventFilter, set Columns, order EventOrder, want []string) {
	w.t.Helper()
	args, got := page.Args{First: 1, Total: true}, []string{}
	for range len(want) + 1 {
		found, err := ListEvents(w.t.Context(), w.db.Read(), w.outsider, filter, order, args, set)
		if err != nil {
			w.t.Fatal(err)
		}
		if *found.TotalCount != len(want) {
			w.t.Errorf("%d counted behind %v, want %d", *found.TotalCount, got, len(want))
		}
		got = append(got, titles(found.Nodes)...)
		if len(found.Nodes) > 0 {
			if args.After, err = page.Decode(*found.PageInfo().EndCursor); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("order %d, columns %d: %s", order, set, diff)
	}
	uncounted, err := ListEvents(w.t.Context(), w.db.Read(), w.outsider, filter, order, page.Args{First: 5}, set)
	if err != nil || uncounted.TotalCount != nil {
		w.t.Errorf("counted without being asked: %v, %v", uncounted, err)
	}
	if diff := cmp.Diff(want, titles(uncounted.Nodes)); diff != "" {
		w.t.Errorf("order %d, columns %d, uncounted: %s", order, set, diff)
	}
}

func TestListEventsRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		filter EventFilter
		after  page.Cursor
		want   fault.Code
	}{
		"a cursor of another list": {EventFilter{}, page.Cursor{"a"}, fault.ErrBadCursor},
		"a forged time":            {EventFilter{}, page.Cursor{"'; drop", id.New().String()}, fault.ErrBadCursor},
		"a forged id":              {EventFilter{}, page.Cursor{"infinity", "x"}, fault.ErrBadCursor},
		"NUL":                      {EventFilter{Text: "a\x00"}, nil, fault.ErrBadText},
		"the year 3000":            {EventFilter{From: utcDay(3000, 1, 1)}, nil, fault.ErrBadDate},
		"too many ids":             {EventFilter{About: make([]id.ID, 101)}, nil, ErrTooMany},
	} {
		_, err := ListEvents(t.Context(), w.db.Read(), w.outsider, c.filter, ByStart, page.Args{First: 1, After: c.after}, Card)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want.Name)
		}
	}
}

func TestEventsOfParents(t *testing.T) {
	t.Parallel()
	w := calendarWorld(t)
	q := w.db.Read()
	type read func(context.Context, postgres.Querier, *access.Viewer, []id.ID, ChildFilter, page.Args) (map[id.ID]*page.Connection[*Event], error)
	for name, c := range map[string]struct {
		read   read
		filter ChildFilter
		want   map[string][]string
	}{
		"organisers": {EventsOfOrganisers, ChildFilter{}, map[string][]string{
			"Oficina de Sant Andreu": {"Mediació", "Novembre"}, "Associació Riu": {"Trinitat"},
		}},
		"organisers, latest first": {EventsOfOrganisers, ChildFilter{Order: ByStartLatest, Columns: Full}, map[string][]string{
			"Oficina de Sant Andreu": {"Sense any", "Trinitat"}, "Associació Riu": {"Trinitat"},
		}},
		"territories": {EventsInTerritories, ChildFilter{}, map[string][]string{
			"Barcelonès": {"Trinitat"}, "Osona": {"Mediació"}, "Nou Barris": {},
		}},
		"territories, to come": {EventsInTerritories, ChildFilter{Upcoming: ptr(true)}, map[string][]string{
			"Sant Andreu": {"Trinitat"}, "Osona": {},
		}},
		"terms": {EventsAbout, ChildFilter{}, map[string][]string{
			"mediació": {"Mediació"}, "mediadores": {"Sense any"}, "soledat": {},
		}},
	} {
		var parents []id.ID
		for title := range c.want {
			parents = append(parents, named(title))
		}
		ctx, statements := postgres.CountStatements(t.Context())
		found, err := c.read(ctx, q, access.Anonymous(lang.CA), parents, c.filter, page.Args{First: 2})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if n := statements.N(); n != 1 {
			t.Errorf("%s: %d statements for %d parents", name, n, len(parents))
		}
		for title, want := range c.want {
			if diff := cmp.Diff(want, titles(found[named(title)].Nodes)); diff != "" {
				t.Errorf("%s of %s: %s", name, title, diff)
			}
		}
	}
	found, err := EventsOfOrganisers(t.Context(), q, w.officer, []id.ID{named("Oficina de Sant Andreu"), named("Vic")}, ChildFilter{}, page.Args{First: 1, Total: true})
	if err != nil {
		t.Fatal(err)
	}
	if n := *found[named("Oficina de Sant Andreu")].TotalCount; n != 6 {
		t.Errorf("counted %d events", n)
	}
	if n := *found[named("Vic")].TotalCount; n != 0 {
		t.Errorf("counted %d events", n)
	}
}

// The rules in Go and the generated columns must agree on when an event is over.
func TestOverByIsTheSameInGoAndSQL(t *testing.T) {
	t.Parallel()
	w := calendarWorld(t)
	in := w.input("Amb final")
	in.EndsAt = in.StartsAt.Add(3 * time.Hour)
	w.published(in)
	rows, err := w.db.Read().Query(t.Context(), `select node, over_by from events`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	over := map[id.ID]time.Time{}
	var ids []id.ID
	for rows.Next() {
		var event id.ID
		var by time.Time
		if err := rows.Scan(&event, at{&by}); err != nil {
			t.Fatal(err)
		}
		over[event], ids = by, append(ids, event)
	}
	events, err := EventsByIDs(t.Context(), w.db.Read(), w.officer, ids, Card)
	if err != nil || len(events) != 7 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for _, e := range events {
		if !e.overBy().Equal(over[e.ID]) {
			t.Errorf("%s: over by %v in Go, %v in SQL", e.Title.CA, e.overBy(), over[e.ID])
		}
	}
}

func TestRevisionIsForOrganisersOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	event := w.published(w.input("Jornada"))
	for _, v := range []*access.Viewer{w.outsider, w.technician, access.Anonymous(lang.CA)} {
		found, err := EventsByIDs(t.Context(), w.db.Read(), v, []id.ID{event.ID}, Full)
		if err != nil || len(found) != 1 || found[0].Revision != 0 {
			t.Errorf("revision shown: %+v %v", found, err)
		}
	}
}
