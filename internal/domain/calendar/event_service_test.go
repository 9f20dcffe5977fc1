package calendar

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
)

func TestEventLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	in := w.input("Inclusió als barris del Besòs")
	in.Visibility = access.Network
	in.StartsAt = time.Date(2020, 11, 28, 8, 30, 0, 0, time.UTC)
	in.Pools = []PoolSpec{{Name: lang.Text{CA: "General"}, Capacity: 40}}
	event := w.create(in).Event
	if event.State != Draft || event.Revision != 1 || w.sees(w.outsider, event.ID) || !w.sees(w.officer, event.ID) {
		t.Fatalf("draft: %+v", event)
	}
	steps := []func() (*EventResult, error){
		func() (*EventResult, error) { return w.events.Publish(ctx, w.officer, event.ID, nil, "") },
		func() (*EventResult, error) { return w.events.MarkHeld(ctx, w.officer, event.ID, nil, "") },
		func() (*EventResult, error) { return w.events.Close(ctx, w.officer, event.ID, nil, "") },
	}
	for i, want := range []EventState{Published, Held, Closed} {
		r, err := steps[i]()
		if err != nil || r.Event.State != want {
			t.Fatalf("to %s: %v", want, err)
		}
	}
	if w.sees(access.Anonymous(lang.CA), event.ID) || !w.sees(w.outsider, event.ID) {
		t.Error("an event for the network is seen by the wrong people")
	}
	title := lang.Text{CA: "Massa tard"}
	if _, err := w.events.Update(ctx, w.officer, event.ID, nil, EventChanges{Title: &title}, ""); !errors.Is(err, ErrEventFinal) {
		t.Errorf("a closed event was changed: %v", err)
	}
	want := []string{"EVENT_CREATED 4", "EVENT_PUBLISHED 1", "EVENT_HELD 1", "EVENT_CLOSED 1"}
	if diff := cmp.Diff(want, w.facts(event.ID)); diff != "" {
		t.Error(diff)
	}
}

func TestCreateKeepsWhatWasSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := EventInput{
		Home: named("Oficina de Sant Andreu"),
		EventFields: EventFields{
			Kind: ConferenceDay, Title: lang.Text{CA: "Jornada", ES: "Jornada", EN: "Working day"},
			Summary: lang.Text{CA: "Resum"}, Description: lang.Text{CA: "Text"},
			Objectives: []lang.Text{{CA: "Primer"}, {CA: "Segon"}}, Date: PartialDate{Month: 11, Day: 28},
			RegistrationOpensAt:  time.Date(2026, 10, 1, 7, 0, 0, 0, time.UTC),
			RegistrationClosesAt: time.Date(2026, 11, 20, 13, 0, 1, 0, time.UTC),
			RequiresApproval:     true, Overtaking: SmallerMayPass, Sensitive: true, Visibility: access.Home,
			VenueName: "Can Fabra", VenueAddress: "c. del Segre, 24", OnlineURL: "https://example.cat/x?a=1", Languages: []string{"ca", "csc"},
			CoOrganisers: []id.ID{named("Associació Riu")}, Areas: []id.ID{named("Sant Andreu")}, Venues: []id.ID{named("el Bon Pastor")},
			Places: []id.ID{named("la Trinitat Vella")}, About: []id.ID{named("igualtat"), named("soledat")}, Audiences: []id.ID{named("mediadores")},
		},
		Sessions: []SessionInput{{
			Title: lang.Text{CA: "Obertura"}, Room: "Sala d'actes", Track: "A", Capacity: 30,
			Speakers: []Speaker{{Name: "Nom Inventat", Role: lang.Text{CA: "Regidora"}, Organisation: "Districte"}},
		}},
		Documents: []DocumentInput{{Title: lang.Text{CA: "Programa"}, URL: "https://example.cat/p.pdf"}},
	}
	r := w.create(in)
	if len(r.Warnings) > 0 {
		t.Errorf("warned: %v", r.Warnings[0].Message(lang.EN))
	}
	on := Today(r.Event.ReadAt)
	all, err := relatedTo(t.Context(), w.db.Read(), w.officer, r.Event.ID, on)
	if err != nil {
		t.Fatal(err)
	}
	got := r.Event.fields()
	got.fill(all)
	sortIDs := cmpopts.SortSlices(func(a, b id.ID) int { return strings.Compare(a.String(), b.String()) })
	if diff := cmp.Diff(in.EventFields, got, sortIDs); diff != "" {
		t.Error(diff)
	}
	programme, err := SessionsOf(t.Context(), w.db.Read(), w.officer, []id.ID{r.Event.ID})
	if err != nil || len(programme[r.Event.ID]) != 1 {
		t.Fatalf("programme: %v %v", programme, err)
	}
	if diff := cmp.Diff(in.Sessions[0], programme[r.Event.ID][0].input()); diff != "" {
		t.Error(diff)
	}
	links, err := OrganisersOf(t.Context(), w.db.Read(), w.officer, []id.ID{r.Event.ID}, on)
	if err != nil || len(links) != 2 || links[0].Role != string(CoOrganiser) || links[1].Role != string(LeadOrganiser) {
		t.Errorf("organisers: %+v %v", links, err)
	}
}

func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		viewer *access.Viewer
		change func(*EventInput)
		code   fault.Code
		path   string
	}{
		"without an account":     {access.Anonymous(lang.CA), func(*EventInput) {}, fault.ErrUnauthenticated, ""},
		"a technician":           {w.technician, func(*EventInput) {}, fault.ErrDenied, "organiser"},
		"a hidden organisation":  {w.officer, func(in *EventInput) { in.Home = named("Casal amagat") }, fault.ErrNotFound, "organiser"},
		"a field that is a town": {w.officer, func(in *EventInput) { in.About = []id.ID{named("igualtat"), named("Vic")} }, fault.ErrNotFound, "about.1"},
		"an unknown area":        {w.officer, func(in *EventInput) { in.Areas = []id.ID{id.New()} }, fault.ErrNotFound, "area.0"},
		"a hidden co-organiser":  {w.officer, func(in *EventInput) { in.CoOrganisers = []id.ID{named("Casal amagat")} }, fault.ErrNotFound, "coOrganisers.0"},
		"itself as co-organiser": {w.officer, func(in *EventInput) { in.CoOrganisers = []id.ID{in.Home} }, ErrGivenTwice, "coOrganisers.0"},
		"a session on a field": {w.officer, func(in *EventInput) {
			in.Sessions = []SessionInput{{Title: lang.Text{CA: "x"}, Territory: named("igualtat")}}
		}, fault.ErrNotFound, "sessions.0.territory"},
		"seats for nobody": {w.officer, func(in *EventInput) {
			in.Pools = []PoolSpec{{Name: lang.Text{CA: "x"}, Reserve: Reserve{Audience: id.New()}}}
		}, fault.ErrNotFound, "seatPools.0.reserve.audience"},
	} {
		in := w.input("Jornada")
		c.change(&in)
		_, err := w.events.Create(t.Context(), c.viewer, in, "")
		if f := fault.From(err); !errors.Is(err, c.code) || strings.Join(f.Path, ".") != c.path {
			t.Errorf("%s: %v, want %s at %q", name, err, c.code.Name, c.path)
		}
	}
	var n int
	if err := w.db.Read().QueryRow(t.Context(), `select (select count(*) from events) + (select count(*) from nodes where kind = 'event')`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d rows were left by refused commands (%v)", n, err)
	}
}

func TestWhoMayChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := w.input("Jornada")
	in.CoOrganisers = []id.ID{named("Associació Riu")}
	event, draft := w.published(in).ID, w.create(w.input("Esborrany")).Event.ID
	title := lang.Text{CA: "Nova"}
	for name, c := range map[string]struct {
		viewer *access.Viewer
		event  id.ID
		want   fault.Code
	}{
		"without an account":      {access.Anonymous(lang.CA), event, fault.ErrUnauthenticated},
		"an outsider, published":  {w.outsider, event, fault.ErrDenied},
		"an outsider, draft":      {w.outsider, draft, fault.ErrNotFound},
		"a technician, published": {w.technician, event, fault.ErrDenied},
		"nothing there":           {w.officer, id.New(), fault.ErrNotFound},
		"a person's id":           {w.officer, named("officer"), fault.ErrNotFound},
	} {
		if _, err := w.events.Update(t.Context(), c.viewer, c.event, nil, EventChanges{Title: &title}, ""); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want.Name)
		}
	}
	granted := &access.Viewer{Person: named("outsider"), Organises: []id.ID{event}}
	if _, err := w.events.Update(t.Context(), granted, event, nil, EventChanges{Title: &title}, ""); err != nil {
		t.Errorf("with a grant: %v", err)
	}
}

func TestUpdateTellsWhatChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	in := w.input("Jornada")
	in.About, in.CoOrganisers = []id.ID{named("igualtat")}, []id.ID{named("Associació Riu")}
	event := w.published(in)
	revision := event.Revision
	r, err := w.events.Update(ctx, w.officer, event.ID, &revision, EventChanges{
		About: &[]id.ID{named("mediació")}, CoOrganisers: &[]id.ID{}, VenueName: new(string), OnlineURL: ptr("https://example.cat"),
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	if r.Event.Revision != revision+1 || r.Event.Title != event.Title || r.Event.VenueName != "" {
		t.Errorf("after: %+v", r.Event)
	}
	if _, err := w.events.Update(ctx, w.officer, event.ID, &revision, EventChanges{VenueName: ptr("x")}, ""); !errors.Is(err, ErrRevision) {
		t.Errorf("a stale revision passed: %v", err)
	}
	var data string
	var about []id.ID
	err = w.db.Read().QueryRow(ctx, `select j.data::text, array(select a.about from journal_about a where a.seq = j.seq)
		from journal j where j.node = $1 and j.kind = 'EVENT_UPDATED'`, event.ID).Scan(&data, &about)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"fields": ["venueName", "onlineUrl", "coOrganisers", "about"]}`; data != want {
		t.Errorf("told %s, want %s", data, want)
	}
	for _, feed := range []string{"igualtat", "mediació", "Associació Riu", "Oficina de Sant Andreu"} {
		if !oneOf(named(feed), about) {
			t.Errorf("the feed of %s does not hear of the change", feed)
		}
	}
	var version int
	if err := w.db.Read().QueryRow(ctx, `select version from viewer_versions where person = $1`, named("river")).Scan(&version); err != nil || version != 1 {
		t.Errorf("the representative of a former co-organiser keeps the old rights: version %d, %v", version, err)
	}
	before := len(w.facts(event.ID))
	if _, err := w.events.Update(ctx, w.officer, event.ID, nil, EventChanges{OnlineURL: ptr("https://example.cat")}, ""); err != nil {
		t.Fatal(err)
	}
	if len(w.facts(event.ID)) != before {
		t.Error("a change of nothing was told")
	}
}

// Of several people who change what they have read, one wins and the others are
// told; nothing is lost without a word.
func TestOneOfManyWithTheSameRevisionWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	event := w.published(w.input("Jornada"))
	results := make(chan error)
	for i := range 6 {
		go func() {
			_, err := w.events.Update(t.Context(), w.officer, event.ID, &event.Revision, EventChanges{VenueName: ptr(fmt.Sprint("Sala ", i))}, "")
			results <- err
		}()
	}
	won := 0
	for range 6 {
		switch err := <-results; {
		case err == nil:
			won++
		case !errors.Is(err, ErrRevision):
			t.Errorf("told %v", err)
		}
	}
	if facts := w.facts(event.ID); won != 1 || len(facts) != 3 {
		t.Errorf("%d won and the journal has %v", won, facts)
	}
}

func TestHidingIsToldToWhoSawIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	event := w.published(w.input("Jornada")).ID
	if _, err := w.events.Update(t.Context(), w.officer, event, nil, EventChanges{Visibility: ptr(access.Home)}, ""); err != nil {
		t.Fatal(err)
	}
	if w.sees(w.outsider, event) || !w.sees(w.technician, event) {
		t.Error("the new visibility is not in force")
	}
	if facts := w.facts(event); facts[len(facts)-1] != "EVENT_UPDATED 0" {
		t.Errorf("told %v", facts)
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	published, draft := w.published(w.input("Jornada")).ID, w.create(w.input("Esborrany")).Event.ID
	if _, err := w.events.Cancel(ctx, w.officer, published, nil, lang.Text{CA: " "}, ""); !errors.Is(err, fault.ErrRequired) {
		t.Errorf("cancelled without a reason: %v", err)
	}
	reason := lang.Text{CA: "Alerta per pluges"}
	for _, event := range []id.ID{published, draft} {
		r, err := w.events.Cancel(ctx, w.officer, event, nil, reason, "")
		if err != nil || r.Event.State != Cancelled || r.Event.CancellationReason != reason {
			t.Fatalf("cancel: %+v %v", r, err)
		}
	}
	if !w.sees(w.outsider, published) || w.sees(w.outsider, draft) {
		t.Error("a cancelled event is seen by the wrong people")
	}
	if facts := w.facts(draft); facts[len(facts)-1] != "EVENT_CANCELLED 4" {
		t.Errorf("giving a draft up was told as %v", facts)
	}
}

func TestPublishNeedsADate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := w.input("Jornada")
	in.StartsAt = time.Time{}
	event := w.create(in).Event.ID
	if _, err := w.events.Publish(t.Context(), w.officer, event, nil, ""); !errors.Is(err, ErrNeedsDate) {
		t.Errorf("published without a date: %v", err)
	}
	if _, err := w.events.Update(t.Context(), w.officer, event, nil, EventChanges{Date: &PartialDate{Month: 11, Day: 28}}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.events.Publish(t.Context(), w.officer, event, nil, ""); err != nil {
		t.Errorf("28 November is a date: %v", err)
	}
	if _, err := w.events.Update(t.Context(), w.officer, event, nil, EventChanges{Date: &PartialDate{}}, ""); !errors.Is(err, ErrNeedsDate) {
		t.Errorf("the date of a published event was taken away: %v", err)
	}
}

func TestSameKeyIsOneEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, err := w.events.Create(t.Context(), w.officer, w.input("Jornada"), "k1")
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.events.Create(t.Context(), w.officer, w.input("Jornada"), "k1")
	if err != nil || again.Event.ID != first.Event.ID {
		t.Errorf("the second is %+v, %v", again, err)
	}
	if _, err := w.events.Create(t.Context(), w.officer, w.input("Altra"), "k1"); !errors.Is(err, journal.ErrKeyReused) {
		t.Errorf("the key stood for something else: %v", err)
	}
}

func ptr[T any](v T) *T { return &v }
