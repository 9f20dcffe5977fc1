package table_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/hubtest"
)

const follow = `subscription($id: ID!, $after: String) { tableChanges(id: $id, after: $after) { number cursor kind
	session { state quorum { present needed reached } } resolution { number state } organization { title } fields table { title } } }`

const followSession = `subscription($id: ID!, $after: String) { tableSessionChanges(id: $id, after: $after) { number cursor kind
	session { state quorum { present needed reached } } item { title outcome } resolution { number state } organization { title } } }`

const board = `subscription($id: ID!) { tableSessionBoard(id: $id) { number cursor adopted currentItem { title } session { state quorum { present needed reached } } } }`

// change is one message of either stream.
type change struct {
	Number  int
	Cursor  string
	Kind    *string
	Session *struct {
		State  string
		Quorum struct {
			Present, Needed int
			Reached         bool
		}
	}
	Item         *struct{ Title string }
	Resolution   *struct{ Number int }
	Organization *struct{ Title string }
}

func (c change) kind() string {
	if c.Kind == nil {
		return "STATE"
	}
	return *c.Kind
}

func read(t testing.TB, payload json.RawMessage) change {
	t.Helper()
	var a struct {
		Data   map[string]change
		Errors []any
	}
	if err := json.Unmarshal(payload, &a); err != nil || a.Errors != nil {
		t.Fatalf("%s: %v", payload, err)
	}
	for _, c := range a.Data {
		return c
	}
	t.Fatal("nothing was sent")
	return change{}
}

// next reads n messages and fails on a gap after number.
func next(t testing.TB, s *hubtest.Stream, after, n int) (kinds []string, last change) {
	t.Helper()
	for range n {
		last = read(t, s.Next())
		if after++; last.Number != after {
			t.Errorf("%d (%s) follows %d", last.Number, last.kind(), after-1)
		}
		kinds = append(kinds, last.kind())
	}
	return kinds, last
}

// TestFromCallToApprovedMinutes is a table's ordinary life, with a member who is
// away in the middle and an instance that stops.
func TestFromCallToApprovedMinutes(t *testing.T) {
	w := newWorld(t)
	table := w.newTable(nil)
	w.same(w.ask(w.tokens[0], `query($id: ID!) { workingTable(id: $id) { title kind state convenor { name } members { role organization { title } }
		seats { position name hasAccount organization { title } } officers { office name } rules { quorumFirst noticeDays } viewerCanOrganise { allowed code } viewerCanTakePart { allowed } } }`, in{"id": table}, "workingTable"), `{
		"title": "Taula de prova", "kind": "CROSS_CUTTING", "state": "ACTIVE", "convenor": {"name": "Terrassa Town Council"},
		"members": [{"role": "FULL", "organization": {"title": "Entitat Inventada 1"}}, {"role": "FULL", "organization": {"title": "Entitat Inventada 2"}},
			{"role": "FULL", "organization": {"title": "Entitat Inventada 3"}}, {"role": "FULL", "organization": {"title": "Entitat Inventada 4"}}],
		"seats": [`+strings.Join(each(4, func(i int) string {
		return fmt.Sprintf(`{"position": "DELEGATE", "name": "Persona Inventada %d", "hasAccount": true, "organization": {"title": "Entitat Inventada %d"}}`, i+1, i+1)
	}), ",")+`],
		"officers": [{"office": "SECRETARY", "name": "Sara Prova"}], "rules": {"quorumFirst": "MORE_THAN_HALF", "noticeDays": 2},
		"viewerCanOrganise": {"allowed": false, "code": "DENIED"}, "viewerCanTakePart": {"allowed": true}}`)

	member := w.hub.Socket(t, w.tokens[0])
	stream := member.Subscribe(follow, in{"id": table})
	state := read(t, stream.Next())

	// What the organisers prepare is not told: the next number is the call's.
	session, item := w.called(table, nil)
	kinds, last := next(t, stream, state.Number, 1)
	if kinds[0] != "SESSION_CALLED" {
		t.Fatalf("a member is told %v", kinds)
	}
	if got := w.ask(w.tokens[1], `query($id: ID!) { tableSession(id: $id) { fileNumber agenda { title late } callUrl viewerCanAnswer { allowed } } }`, in{"id": session}, "tableSession.fileNumber"); got != "TP/2026/001" {
		t.Errorf("file number %v", got)
	}
	w.do(w.tokens[0], "tableSessionAnswer", in{"id": session, "organization": global(w.bodies[0]), "answer": "ATTEND"}, "session { quorum { answered } }", "")
	w.mustRefuse(w.tokens[0], "tableSessionAnswer", in{"id": session, "organization": global(w.bodies[1]), "answer": "ATTEND"}, "DENIED")
	w.mustRefuse(w.tokens[0], "tableSessionOpen", in{"id": session}, "DENIED")
	kinds, last = next(t, stream, last.Number, 1)
	if kinds[0] != "CALL_ANSWERED" || last.Organization.Title != "Entitat Inventada 1" {
		t.Fatalf("%v %+v", kinds, last.Organization)
	}
	w.do(w.secretaryToken, "tablePaperAdd", in{"session": session, "title": in{"ca": "Informe"}, "url": "https://example.org/informe.pdf"}, "session { papers { late } }", "")
	_, last = next(t, stream, last.Number, 1)
	stream.Complete()
	member.Close()

	// The member is away for forty minutes, in which seven things happen …
	w.opened(session, 0, 1)
	w.mustRefuse(w.secretaryToken, "tableResolutionAdopt", in{"item": item, "kind": "TASK", "text": in{"ca": "Massa aviat"}}, "NO_QUORUM")
	w.comes(session, true, 2)
	adopted := w.do(w.secretaryToken, "tableResolutionAdopt", in{
		"item": item, "kind": "TASK", "text": in{"ca": "Fer el mapa d'entitats"}, "responsible": global(w.bodies[1]),
		"deadline": day(20), "vote": in{"inFavour": 2, "against": 1},
	}, "resolution { id number state vote { inFavour against named { choice } } }", "resolution")
	w.same(at(t, adopted, "vote"), `{"inFavour": 2, "against": 1, "named": []}`)

	// … and the instance stops and another one begins.
	w.hub.Stop()
	w.hub = w.start()
	back := w.hub.Socket(t, w.tokens[0])
	stream = back.Subscribe(follow, in{"id": table, "after": last.Cursor})
	kinds, last = next(t, stream, last.Number, 7)
	want := "SESSION_OPENED ORGANIZATION_ARRIVED ORGANIZATION_ARRIVED ORGANIZATION_ARRIVED QUORUM_REACHED RESOLUTION_ADOPTED AGENDA_ITEM_CLOSED"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("missed\n%s\nwant\n%s", got, want)
	}

	// The quorum is lost half-way: nothing more is adopted.
	w.comes(session, false, 2)
	kinds, last = next(t, stream, last.Number, 2)
	if kinds[1] != "QUORUM_LOST" || last.Session.Quorum.Reached {
		t.Errorf("%v %+v", kinds, last.Session)
	}
	w.mustRefuse(w.secretaryToken, "tableResolutionAdopt", in{"item": item, "kind": "DECISION", "text": in{"ca": "Sense quòrum"}}, "NO_QUORUM")

	// A right is removed while its holder watches: that is the last thing seen.
	leaving := w.hub.Socket(t, w.tokens[3])
	seen := leaving.Subscribe(follow, in{"id": table})
	seen.Next()
	leavingBoard := leaving.Subscribe(followSession, in{"id": session})
	leavingBoard.Next()
	w.do(w.chair, "tableMemberEnd", in{"table": table, "organization": global(w.bodies[3])}, "table { id }", "")
	if got := read(t, seen.Next()); got.kind() != "MEMBER_ENDED" {
		t.Errorf("the last thing seen is %s", got.kind())
	}
	if code, reason := leaving.Ended(); code != 4403 || reason != "Your rights have changed. Try again." {
		t.Errorf("ended with %d %s", code, reason)
	}
	if kinds, last = next(t, stream, last.Number, 1); kinds[0] != "MEMBER_ENDED" {
		t.Errorf("%v", kinds)
	}

	// Minutes: drafted, corrected, circulated, approved in the next session.
	w.do(w.secretaryToken, "tableSessionClose", in{"id": session}, "session { state }", "")
	draft := w.do(w.secretaryToken, "minutesDraft", in{"session": session, "language": "CA"}, "minutes { revision text version }", "minutes")
	for _, said := range []string{"Fer el mapa d'entitats", "2 a favor, 1 en contra", "Responsable: Entitat Inventada 2", "Quòrum: 3 de 4 (calen 3)", "- Entitat Inventada 1"} {
		if !strings.Contains(at(t, draft, "text").(string), said) {
			t.Errorf("the draft does not say %q:\n%s", said, at(t, draft, "text"))
		}
	}
	minutes := `query($id: ID!) { tableSession(id: $id) { minutes { text approved version } minutesUrl } }`
	if got := w.ask(w.tokens[0], minutes, in{"id": session}, "tableSession.minutes"); got != nil {
		t.Errorf("a member reads a draft that was not circulated: %v", got)
	}
	w.do(w.secretaryToken, "minutesWrite", in{"session": session, "expectedRevision": at(t, draft, "revision"), "minutes": at(t, draft, "text").(string) + "Precs i preguntes: cap.\n"}, "minutes { version }", "")
	w.do(w.secretaryToken, "minutesCirculate", in{"session": session}, "minutes { version }", "")
	second, _ := w.called(table, in{"startsAt": soon(30)})
	w.mustRefuse(w.secretaryToken, "minutesApprove", in{"session": session, "in": second}, "NOT_IN_SESSION")
	w.opened(second, 0, 1)
	w.mustRefuse(w.secretaryToken, "minutesApprove", in{"session": second, "in": session}, "NO_MINUTES")
	w.same(w.do(w.secretaryToken, "minutesApprove", in{"session": session, "in": second}, "session { state approvedIn { number } minutes { approved version } }", "session"),
		`{"state": "MINUTES_APPROVED", "approvedIn": {"number": 2}, "minutes": {"approved": true, "version": 2}}`)
	w.mustRefuse(w.secretaryToken, "minutesWrite", in{"session": session, "expectedRevision": "2", "minutes": "Una altra cosa"}, "SESSION_TRANSITION")

	// What was promised came onto the next agenda by itself.
	w.same(w.ask(w.tokens[0], `query($id: ID!) { tableSession(id: $id) { agenda { kind title outcome resolution { number } minutesOf { number } } } }`, in{"id": second}, "tableSession.agenda"), `[
		{"kind": "TOPIC", "title": "Primer punt", "outcome": null, "resolution": null, "minutesOf": null},
		{"kind": "MINUTES_APPROVAL", "title": "Session 1", "outcome": "INFORMATION", "resolution": null, "minutesOf": {"number": 1}},
		{"kind": "FOLLOW_UP", "title": "Fer el mapa d'entitats", "outcome": null, "resolution": {"number": 1}, "minutesOf": null}]`)
	resolution := at(t, adopted, "id").(string)
	w.mustRefuse(w.tokens[2], "tableResolutionFollow", in{"id": resolution, "state": "DONE"}, "DENIED")
	w.same(w.do(w.tokens[1], "tableResolutionFollow", in{"id": resolution, "state": "IN_PROGRESS", "note": in{"ca": "A mig fer"}, "session": second},
		"resolution { state notes { state text } viewerCanFollow { allowed } }", "resolution"), `{"state": "IN_PROGRESS", "notes": [{"state": "IN_PROGRESS", "text": "A mig fer"}], "viewerCanFollow": {"allowed": true}}`)
	w.do(w.secretaryToken, "tableSessionClose", in{"id": second}, "session { state }", "")
	var rest []string
	for {
		c := read(t, stream.Next())
		rest = append(rest, c.kind())
		if c.Number != last.Number+1 {
			t.Errorf("%d follows %d", c.Number, last.Number)
		}
		if last = c; c.kind() == "SESSION_CLOSED" && c.Session.State == "HELD" && len(rest) > 5 {
			break
		}
	}
	if got := strings.Join(rest, " "); strings.Contains(got, "MINUTES_DRAFTED") || strings.Contains(got, "MINUTES_WRITTEN") || strings.Contains(got, "SESSION_CREATED") {
		t.Errorf("a member is told what organisers do among themselves: %s", got)
	}
}

func each(n int, f func(int) string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = f(i)
	}
	return out
}

// TestSessionStream: the numbers of a session's stream are its own, whatever
// happens elsewhere at the table; the board is a state.
func TestSessionStream(t *testing.T) {
	w := newWorld(t)
	table := w.newTable(nil)
	session, item := w.called(table, nil)
	other, otherItem := w.called(table, in{"startsAt": soon(9)})
	s := w.hub.Socket(t, w.tokens[2])
	stream := s.Subscribe(followSession, in{"id": session})
	glance := s.Subscribe(board, in{"id": session})
	state := read(t, stream.Next())
	glance.Next()
	w.opened(other, 0, 1, 2)
	w.do(w.secretaryToken, "tableResolutionAdopt", in{"item": otherItem, "kind": "DECISION", "text": in{"ca": "En una altra sessió"}}, "resolution { id }", "")
	w.opened(session, 0, 1, 2)
	w.do(w.secretaryToken, "agendaItemOpen", in{"id": item}, "session { id }", "")
	w.do(w.secretaryToken, "tableResolutionAdopt", in{"item": item, "kind": "DECISION", "text": in{"ca": "Aquí"}}, "resolution { id }", "")
	kinds, last := next(t, stream, state.Number, 8)
	want := "SESSION_OPENED ORGANIZATION_ARRIVED ORGANIZATION_ARRIVED ORGANIZATION_ARRIVED QUORUM_REACHED AGENDA_ITEM_OPENED RESOLUTION_ADOPTED AGENDA_ITEM_CLOSED"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	for {
		var a struct {
			Data struct {
				B struct {
					Adopted     int
					CurrentItem *struct{ Title string }
					Session     struct{ Quorum struct{ Reached bool } }
				} `json:"tableSessionBoard"`
			}
		}
		if err := json.Unmarshal(glance.Next(), &a); err != nil {
			t.Fatal(err)
		}
		if b := a.Data.B; b.Adopted == 1 {
			if b.CurrentItem == nil || b.CurrentItem.Title != "Primer punt" || !b.Session.Quorum.Reached {
				t.Errorf("the board shows %+v", b)
			}
			break
		}
	}
	// After a disconnection: once each, with the session's numbers going on.
	s.Close()
	w.comes(session, false, 2)
	w.comes(other, false, 2)
	w.do(w.secretaryToken, "tableSessionClose", in{"id": session}, "session { id }", "")
	again := w.hub.Socket(t, w.tokens[2]).Subscribe(followSession, in{"id": session, "after": last.Cursor})
	kinds, _ = next(t, again, last.Number, 3)
	if got := strings.Join(kinds, " "); got != "ORGANIZATION_LEFT QUORUM_LOST SESSION_CLOSED" {
		t.Errorf("missed %s", got)
	}
}
