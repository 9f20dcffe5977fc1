package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
)

const (
	listShown = `id state dryRun partial total checked participants registrations problemCount
		problems(first: 2) { nodes { line column code message } pageInfo { hasNextPage } } refusal { code message }
		askedBy { name } onBehalfOf { name } createdAt finishedAt`
	listsOf    = `query($id: ID!, $after: String) { event(id: $id) { participantImports(first: 1, after: $after) { nodes { ` + listShown + ` } pageInfo { hasNextPage endCursor } } } }`
	followList = `subscription($id: ID!, $after: String) { participantImportProgress(id: $id, after: $after) { number cursor import { ` + listShown + ` } } }`
)

// Lists in the graph: how far they have got, as it goes on, and what became of them;
// for the organisers, in the language of each.
func TestParticipantImports(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{Options: []app.Option{app.WithStatementCounts()}})
	t.Run("followed", func(t *testing.T) { followedList(w.talk(t), w) })
	t.Run("refused", func(t *testing.T) { refusedList(w.talk(t), w) })
	t.Run("lost", func(t *testing.T) { lostList(w.talk(t), w) })
	t.Run("statements", func(t *testing.T) { listStatements(t, w) })
}

// sent begins a list.
func (w *world) sent(c *conversation, event, how, text string) (list string) {
	c.Helper()
	status, answer, _ := w.file(c.T, w.officer, http.MethodPut, "/files/events/"+event+"/participants?"+how, []byte(text))
	var begun struct{ ID string }
	if err := json.Unmarshal(answer, &begun); err != nil || status != http.StatusAccepted {
		c.Fatalf("%d %s %v", status, answer, err)
	}
	return begun.ID
}

// listUntil reads on until the list has that state, and gives that message.
func listUntil(c *conversation, s *hubtest.Stream, state string) (payload json.RawMessage, cursor string) {
	c.Helper()
	for number := 0; ; {
		payload = s.Next()
		var m struct {
			Data struct {
				ParticipantImportProgress struct {
					Number int
					Cursor string
					Import struct{ State string }
				}
			}
		}
		if err := json.Unmarshal(payload, &m); err != nil {
			c.Fatal(err)
		}
		now := m.Data.ParticipantImportProgress
		if now.Number <= number {
			c.Fatalf("number %d after %d: %s", now.Number, number, payload)
		}
		if number = now.Number; now.Import.State == state {
			return payload, now.Cursor
		}
	}
}

// ends fails unless the stream says that there is nothing more.
func ends(c *conversation, when string, s *hubtest.Stream) {
	c.Helper()
	if m := s.Message(); m.Kind != "complete" {
		c.Errorf("%s: %s %s", when, m.Kind, m.Payload)
	}
}

// atEvent keeps everybody else from registering at an event.
func (w *world) atEvent(c *conversation, event string) (letGo func()) {
	c.Helper()
	_, of, err := node.Parse(event)
	must(c, err)
	hold, err := w.hub.DB.Native().Begin(c.Context())
	must(c, err)
	c.T.Cleanup(func() { _ = hold.Rollback(context.Background()) })
	_, err = hold.Exec(c.Context(), `select from topics where node = $1 for update`, of)
	must(c, err)
	return func() { must(c, hold.Rollback(c.Context())) }
}

// lostList: who follows a list and is no organiser any more is told nothing further.
func lostList(c *conversation, w *world) {
	event := w.published(c, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 4}}})
	letGo := w.atEvent(c, event)
	list := w.sent(c, event, "", "nom\nU\n")
	other, person := w.reader(c.T, "Tomàs Prova", hubtest.Terrassa, directory.Officer)
	socket, stays := w.hub.Socket(c, other.token), w.hub.Socket(c, w.officer.token).Subscribe(followList, in{"id": list})
	watching := socket.Subscribe(followList, in{"id": list})
	listUntil(c, watching, "REGISTERING")
	w.hub.Must(c, w.officer.token, `mutation($in: AppointmentEndInput!) { appointmentEnd(input: $in) { errors { message } } }`,
		in{"in": in{"organization": w.council, "person": node.Person.Global(person), "role": "OFFICER"}})
	if code, reason := socket.Ended(); code != 4403 {
		c.Errorf("closed with %d %s", code, reason)
	}
	letGo()
	listUntil(c, stays, "DONE")
	c.note("nothing more", w.hub.Socket(c, other.token).Subscribe(followList, in{"id": list}).Message().Payload)
}

func followedList(c *conversation, w *world) {
	event := w.published(c, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 4}}})
	c.ask(w.officer, "before any list", listsOf, in{"id": event})
	letGo := w.atEvent(c, event)
	list := w.sent(c, event, "partial=true", "nom,correu\nJana,jana@example.org\n,ningu@example.org\nPol,cap correu\n,res\n")
	watching := w.hub.Socket(c, w.officer.token).Subscribe(followList, in{"id": list})
	checked, before := listUntil(c, watching, "REGISTERING")
	c.note("checked, while somebody else is at the event", checked)
	letGo()
	done, after := listUntil(c, watching, "DONE")
	c.note("its end", done)
	ends(c, "behind the end", watching)

	again := w.hub.Socket(c, w.officer.token)
	ends(c, "gone on from its end", again.Subscribe(followList, in{"id": list, "after": after}))
	resumed := again.Subscribe(followList, in{"id": list, "after": before})
	c.note("gone on from the middle", resumed.Next())
	ends(c, "behind the end, gone on", resumed)
	other := w.sent(c, event, "dryRun=true", "nom\nU\nDos\nTres\nQuatre\nCinc\n")
	tried := again.Subscribe(followList, in{"id": other})
	refused, _ := listUntil(c, tried, "REFUSED")
	c.note("one for which there are not enough seats", refused)
	c.note("a cursor of another list", again.Subscribe(followList, in{"id": other, "after": after}).Message().Payload)

	newest := c.ask(w.officer, "the newest list", listsOf, in{"id": event})
	end := at(c, newest.Data, "event.participantImports.pageInfo.endCursor")
	c.ask(w.officer.speaking("ca"), "the one before, in Catalan", listsOf, in{"id": event, "after": end})
	for _, who := range []reader{w.rep, anonymous} {
		c.ask(who, "no lists", listsOf, in{"id": event})
	}
}

func refusedList(c *conversation, w *world) {
	event := w.published(c, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 4}}})
	list := w.sent(c, event, "", "nom\nU\n")
	for _, who := range []reader{w.rep, w.stranger, anonymous} {
		c.note(who.name, w.hub.Socket(c, who.token).Subscribe(followList, in{"id": list}).Message().Payload)
	}
	_, elsewhere, err := node.Parse(w.published(c, nil))
	must(c, err)
	_, part, err := calendar.ImportID.Part(list)
	must(c, err)
	for what, global := range map[string]string{
		"at another event": calendar.ImportID.GlobalPart(elsewhere, part), "no list": calendar.ImportID.GlobalPart(elsewhere, id.New()), "an event": event,
	} {
		m := w.hub.Socket(c, w.officer.token).Subscribe(followList, in{"id": global}).Message()
		if !strings.Contains(string(m.Payload), `"code":"NOT_FOUND"`) {
			c.Errorf("%s: %s %s", what, m.Kind, m.Payload)
		}
	}
}

// listStatements: lists of many events with what is wrong with them are one statement
// for each link, and so is a message of a stream.
func listStatements(t *testing.T, w *world) {
	ask := func() (statements string) {
		a := w.hub.Query(t, w.officer.token, `{ events(first: 50) { nodes { participantImports(first: 5) { nodes { state askedBy { name } onBehalfOf { name } problems(first: 5) { nodes { code } } } } } } }`, nil)
		if len(a.Errors) > 0 || !strings.Contains(string(a.Body), "REQUIRED") {
			t.Fatalf("%s", a.Body)
		}
		return a.Header.Get(app.StatementsHeader)
	}
	exec := func(sql string, args ...any) {
		_, err := w.hub.DB.Native().Exec(t.Context(), sql, args...)
		must(t, err)
	}
	var few string
	for n := range 4 {
		event := w.hub.Event(t, w.officerID, 5, nil)
		for range n + 1 {
			list := id.New()
			exec(`insert into participant_imports (id, event, asked_by, acting_for, lang, dry, partial) values ($1, $2, $3, $4, 'ca', true, true)`,
				list, event, w.officerID, hubtest.Terrassa)
			exec(`insert into participant_import_problems (import, line, field, code, message) select $1, l, 'NAME', 'REQUIRED', '{"ca": "Cal"}' from generate_series(1, 9) l`, list)
		}
		if now := ask(); n == 0 {
			few = now
		} else if now != few {
			t.Errorf("%s statements on many lists and %s on few", now, few)
		}
	}
	if want := "7"; few != want {
		t.Errorf("%s statements, not %s: is that worth it?", few, want)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
