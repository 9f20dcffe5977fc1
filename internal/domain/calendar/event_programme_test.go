package calendar

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
)

func TestProgramme(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	event := w.published(w.input("Jornada"))
	nine := event.StartsAt
	second, err := w.events.AddSession(ctx, w.officer, event.ID, SessionInput{
		Title: lang.Text{CA: "Taller"}, StartsAt: nine.Add(time.Hour), EndsAt: nine.Add(2 * time.Hour), Room: "1",
	}, "s")
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.events.AddSession(ctx, w.officer, event.ID, SessionInput{
		Title: lang.Text{CA: "Taller"}, StartsAt: nine.Add(time.Hour), EndsAt: nine.Add(2 * time.Hour), Room: "1",
	}, "s")
	if err != nil || again.Session.ID != second.Session.ID {
		t.Fatalf("the same key made another session: %v", err)
	}
	first, err := w.events.AddSession(ctx, w.officer, event.ID, SessionInput{Title: lang.Text{CA: "Obertura"}, StartsAt: nine}, "")
	if err != nil {
		t.Fatal(err)
	}
	changed, err := w.events.UpdateSession(ctx, w.officer, event.ID, first.Session.ID, SessionChanges{
		StartsAt: ptr(nine.Add(90 * time.Minute)), EndsAt: ptr(nine.Add(3 * time.Hour)), Room: ptr("1"),
	}, "")
	if err != nil || changed.Session.Title.CA != "Obertura" {
		t.Fatalf("%+v %v", changed, err)
	}
	if len(changed.Warnings) != 1 || changed.Warnings[0].Code != "ROOM_TAKEN_TWICE" {
		t.Errorf("two sessions in one room: %+v", changed.Warnings)
	}
	_, err = w.events.UpdateSession(ctx, w.officer, event.ID, first.Session.ID, SessionChanges{EndsAt: &nine}, "")
	if f := fault.From(err); !errors.Is(err, ErrEndBeforeStart) || f.Path[0] != "endsAt" {
		t.Errorf("a session that ends before it starts: %v", err)
	}
	if _, err := w.events.RemoveSession(ctx, w.officer, event.ID, first.Session.ID, ""); err != nil {
		t.Fatal(err)
	}
	other := w.published(w.input("Altra")).ID
	if _, err := w.events.RemoveSession(ctx, w.officer, other, second.Session.ID, ""); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a session was removed through another event: %v", err)
	}
	if _, err := w.events.AddSession(ctx, w.outsider, event.ID, SessionInput{Title: lang.Text{CA: "x"}}, ""); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("an outsider added a session: %v", err)
	}
	want := []string{"EVENT_CREATED 4", "EVENT_PUBLISHED 0", "SESSION_ADDED 0", "SESSION_ADDED 0", "SESSION_CHANGED 0", "SESSION_REMOVED 0"}
	if diff := cmp.Diff(want, w.facts(event.ID)); diff != "" {
		t.Error(diff)
	}
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	event := w.published(w.input("Jornada")).ID
	in := DocumentInput{Title: lang.Text{CA: "Programa"}, URL: "https://example.cat/1.pdf"}
	added, err := w.events.AddDocument(ctx, w.officer, event, in, "")
	if err != nil {
		t.Fatal(err)
	}
	in.URL, in.Note = "https://example.cat/2.pdf", lang.Text{CA: "Canvi de sala"}
	next, err := w.events.AddDocumentVersion(ctx, w.officer, event, added.Document.ID, in, "")
	if err != nil || next.Document.Version != 2 || next.Document.GlobalID() != added.Document.GlobalID() {
		t.Fatalf("%+v %v", next, err)
	}
	shown, err := DocumentsOf(ctx, w.db.Read(), w.outsider, []id.ID{event})
	if err != nil || len(shown[event]) != 1 || shown[event][0].URL != in.URL {
		t.Errorf("shown: %+v %v", shown, err)
	}
	versions, err := DocumentVersionsOf(ctx, w.db.Read(), w.outsider, []id.ID{event})
	if err != nil || len(versions[event]) != 2 {
		t.Errorf("versions: %+v %v", versions, err)
	}
	if _, err := w.events.WithdrawDocument(ctx, w.officer, event, added.Document.ID, ""); err != nil {
		t.Fatal(err)
	}
	if shown, err = DocumentsOf(ctx, w.db.Read(), w.officer, []id.ID{event}); err != nil || len(shown) != 0 {
		t.Errorf("withdrawn and still shown: %+v %v", shown, err)
	}
	want := []string{"EVENT_CREATED 4", "EVENT_PUBLISHED 0", "DOCUMENT_ADDED 0", "DOCUMENT_VERSION_ADDED 0", "DOCUMENT_WITHDRAWN 0"}
	if diff := cmp.Diff(want, w.facts(event)); diff != "" {
		t.Error(diff)
	}
}

// The working day in Sant Andreu names Trinitat Nova, in Nou Barris, where it
// means Trinitat Vella: kept as written, with a warning.
func TestPlaceOutsideTheArea(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := w.input("Inclusió als barris del Besòs")
	in.Areas = []id.ID{named("Sant Andreu")}
	in.Places = []id.ID{named("el Bon Pastor"), named("la Trinitat Nova")}
	in.Sessions = []SessionInput{{Title: lang.Text{CA: "Visita"}, Territory: named("Vic")}}
	r := w.create(in)
	got := map[string]id.ID{}
	for _, warning := range r.Warnings {
		if warning.Code != WarnOutsideArea.Name {
			t.Errorf("unexpected: %s", warning.Message(lang.EN))
		}
		got[warning.Path[0]] = warning.Node
		if warning.Node == named("la Trinitat Nova") && warning.Suggestion != named("la Trinitat Vella") {
			t.Errorf("suggests %v", warning.Suggestion)
		}
	}
	if diff := cmp.Diff(map[string]id.ID{"places": named("la Trinitat Nova"), "sessions": named("Vic")}, got); diff != "" {
		t.Error(diff)
	}
	links, err := AreasOf(t.Context(), w.db.Read(), w.officer, []id.ID{r.Event.ID}, PlaceNamed, Today(r.Event.ReadAt))
	if err != nil || len(links) != 2 {
		t.Errorf("places were corrected: %+v %v", links, err)
	}
}
