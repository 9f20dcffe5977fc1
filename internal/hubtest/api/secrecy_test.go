package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/node"
)

func TestSecrecy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	t.Run("drafts", func(t *testing.T) { drafts(t, w) })
	t.Run("levels", func(t *testing.T) { levels(t, w) })
	t.Run("sensitive", func(t *testing.T) { sensitive(t, w) })
	t.Run("one answer", func(t *testing.T) { oneAnswer(t, w) })
}

// canary stands in every text of what must not be seen.
const canary = "CANARI"

// everyWay are the ways by which an event of Terrassa may be come upon. %s is
// its identifier.
var everyWay = map[string]string{
	"node":                `{ node(id: %q) { __typename id ... on Event { title } } }`,
	"nodes":               `{ nodes(ids: [%q]) { __typename id ... on Event { title } } }`,
	"event":               `{ event(id: %q) { id title } }`,
	"events":              `{ events(first: 100) { nodes { id title } } }`,
	"count":               `{ events { totalCount } }`,
	"by text":             `{ events(filter: {text: "canari"}) { totalCount edges { cursor node { id } } } }`,
	"by territory":        `{ events(filter: {territory: "TERRASSA"}) { totalCount nodes { id } } }`,
	"by theme":            `{ events(filter: {about: "FIELD"}) { totalCount nodes { id } } }`,
	"by audience":         `{ events(filter: {audience: "AUDIENCE"}) { totalCount nodes { id } } }`,
	"by organiser":        `{ events(filter: {organiser: "TERRASSA"}) { totalCount nodes { id } } }`,
	"by co-organiser":     `{ events(filter: {organiser: "CLUB"}) { totalCount nodes { id } } }`,
	"by state":            `{ events(filter: {states: [DRAFT], kinds: [SEMINAR], from: "2090-01-01", until: "2090-12-31"}) { totalCount nodes { id } } }`,
	"municipality.events": `{ municipality(by: {ineCode: "08279"}) { events(upcoming: false) { totalCount nodes { id title } } } }`,
	"association.events":  `{ organization(by: {id: "CLUB"}) { ... on Association { events { totalCount nodes { id title } } } } }`,
}

// hidden makes a draft full of canaries and returns it with the questions that
// must not find it.
func (w *world) hidden(t *testing.T, change in) (event string, questions map[string]string) {
	t.Helper()
	text := in{"ca": canary + " títol"}
	input := in{
		"kind": "SEMINAR", "title": text, "summary": text, "description": text, "objectives": []in{text}, "venueName": canary, "venues": []string{w.council},
		"area": []string{w.council}, "about": []string{term(node.Field, "LGBTI")}, "audiences": []string{term(node.Audience, "RESIDENTS")}, "coOrganisers": []string{w.clubGlobal},
	}
	for name, value := range change {
		input[name] = value
	}
	event = w.draft(t, input)
	questions = map[string]string{}
	for way, question := range everyWay {
		if strings.Contains(question, "%q") {
			question = fmt.Sprintf(question, event)
		}
		questions[way] = strings.NewReplacer("TERRASSA", w.council, "CLUB", w.clubGlobal,
			"FIELD", term(node.Field, "LGBTI"), "AUDIENCE", term(node.Audience, "RESIDENTS")).Replace(question)
	}
	return event, questions
}

// drafts do not exist but for their organisers, whichever way one asks: each
// answer is, byte for byte, what it was before the draft was made.
func drafts(t *testing.T, w *world) {
	colleague, _ := w.reader(t, "technician", hubtest.Terrassa, directory.Technician)
	outsiders := []reader{anonymous, w.stranger, w.otherRep, colleague}
	w.published(t, in{"title": in{"ca": "Una altra"}, "area": []string{w.council}})
	before := map[string]string{}
	_, questions := w.hidden(t, nil) // a first one, to have questions; withdrawn at once
	cancelAll(t, w)
	for way, question := range questions {
		for _, who := range outsiders {
			before[way+who.name] = body(t, w, who, question)
		}
	}
	event, questions := w.hidden(t, nil)
	for way, question := range questions {
		for _, who := range outsiders {
			got := strings.ReplaceAll(body(t, w, who, question), event, "ID")
			want := before[way+who.name]
			if strings.Contains(got, canary) || strings.Contains(got, "ID") || got != want {
				t.Errorf("%s finds the draft by %s:\n%s\ninstead of\n%s", who.name, way, got, want)
			}
		}
		for _, who := range []reader{w.officer, w.rep} { // the lead, and who answers for a co-organiser
			if got := body(t, w, who, question); !strings.Contains(got, event) && way != "count" {
				t.Errorf("%s does not find their own draft by %s: %s", who.name, way, got)
			}
		}
	}
}

// cancelAll gives up all drafts of Terrassa: what nobody saw nobody sees.
func cancelAll(t *testing.T, w *world) {
	t.Helper()
	found := w.hub.Must(t, w.officer.token, `{ events(first: 100, filter: {states: [DRAFT]}) { nodes { id } } }`, nil)
	for _, e := range found["events"].(map[string]any)["nodes"].([]any) {
		w.hub.Must(t, w.officer.token, cancelEvent, in{"in": in{"id": at(t, e, "id"), "reason": in{"ca": "Proves"}}})
	}
}

// body is an answer without what differs from request to request.
func body(t *testing.T, w *world, who reader, question string) string {
	t.Helper()
	a := w.hub.Query(t, who.token, question, nil)
	return string(changing.ReplaceAll(a.Body, []byte(`"$1":""`)))
}

// levels: an event is seen by its declared visibility, and by nobody below it.
func levels(t *testing.T, w *world) {
	colleague, _ := w.reader(t, "another technician", hubtest.Terrassa, directory.Technician)
	everybody := []reader{anonymous, w.stranger, colleague, w.officer}
	for visibility, seen := range map[string]int{"PUBLIC": 0, "NETWORK": 1, "HOME": 2, "MEMBERS": 3, "ORGANISERS": 3} {
		event, questions := w.hidden(t, in{"visibility": visibility, "coOrganisers": nil})
		w.hub.Must(t, w.officer.token, publishEvent, in{"id": event})
		for way, question := range questions {
			if way == "count" || way == "by co-organiser" || way == "association.events" || way == "by state" {
				continue
			}
			for i, who := range everybody {
				if got := strings.Contains(body(t, w, who, question), event); got != (i >= seen) {
					t.Errorf("%s finds an event for %s by %s: %v", who.name, visibility, way, got)
				}
			}
		}
	}
}

// sensitive: outsiders get a word, never a number, wherever seats are shown.
func sensitive(t *testing.T, w *world) {
	c := w.talk(t)
	event := w.published(t, in{"sensitive": true, "seatPools": []in{{"name": in{"ca": "General"}, "capacity": 30}}})
	c.call(event, "sensitive event")
	c.do(w.rep, "registers 27", `mutation($in: RegistrationCreateInput!) { registrationCreate(input: $in) { registration { state
		event { seatPools { availability capacity confirmed waiting } } } errors { message code } } }`, block(event, w.clubGlobal, "WAIT_TOGETHER", public(27)))
	for _, who := range []reader{anonymous, w.stranger, w.rep, w.officer} {
		c.ask(who, "reads the seats", `query($id: ID!) { event(id: $id) { sensitive seatPools { availability capacity confirmed waiting } registrations { nodes { confirmed } } }
			node(id: $id) { ... on Event { seatPools { capacity confirmed waiting } } } }`, in{"id": event})
	}
	all := `mutation($in: RegistrationCreateInput!) { registrationCreate(input: $in) { registration { place lines { place } } errors { __typename message code ... on SeatsError { wanted free confirmed } } } }`
	c.ask(w.otherRep, "wants more than are left, all or nothing", all, block(event, w.otherClubGlobal, "ALL_OR_NOTHING", public(4)))
	c.ask(w.otherRep, "wants more than there are at all", all, block(event, w.otherClubGlobal, "ALL_OR_NOTHING", public(31)))
	c.ask(w.otherRep.speaking("ca"), "wants more than are left, all or nothing", all, block(event, w.otherClubGlobal, "ALL_OR_NOTHING", public(4)))
	c.ask(w.officer, "is told, as organiser", all, block(event, w.council, "ALL_OR_NOTHING", public(4)))
	for n, seats := range map[int]string{4: "3", 31: "30"} { // the numbers that nobody outside may learn
		a := w.hub.Query(t, w.otherRep.token, all, block(event, w.otherClubGlobal, "ALL_OR_NOTHING", public(n)))
		if told := at(t, a.Data, "registrationCreate.errors.0.message"); strings.Contains(told, seats) || a.Data["registrationCreate"].(map[string]any)["errors"].([]any)[0].(map[string]any)["free"] != nil {
			t.Errorf("an outsider is told %s: %s", seats, a.Body)
		}
	}
}

// oneAnswer: an identifier of another type, of something unseen, and of nothing
// are answered alike, to the letter, in queries and in changes.
func oneAnswer(t *testing.T, w *world) {
	hidden := w.draft(t, in{"title": in{"ca": canary}})
	part := w.hub.Must(t, w.officer.token, `mutation($in: EventSessionAddInput!) { eventSessionAdd(input: $in) { event { sessions { id } } } }`,
		in{"in": in{"event": hidden, "title": in{"ca": canary}}})
	document := w.hub.Must(t, w.officer.token, `mutation($in: EventDocumentAddInput!) { eventDocumentAdd(input: $in) { event { documents { id } } } }`,
		in{"in": in{"event": hidden, "title": in{"ca": canary}, "url": "https://example.org"}})
	seen := w.published(t, nil)
	registered := w.hub.Must(t, w.rep.token, short, block(seen, w.clubGlobal, "WAIT_TOGETHER", public(1)))
	ids := map[string][]string{ // unseen, of nothing, of another type, nonsense
		"ev":   {hidden, strings.Replace(w.council, "mun", "ev", 1), "ev_01m7zv5hnje8wrd7mvpjrgt59z", w.council, "ev_", "'; select 1", w.pools(t, seen)[0]},
		"evs":  {at(t, part, "eventSessionAdd.event.sessions.0.id"), "evs_01m7zv5hnje8wrd7mvpjrgt59z01m7zv5hnje8wrd7mvpjrgt59z", w.council, ""},
		"evd":  {at(t, document, "eventDocumentAdd.event.documents.0.id"), "evd_01m7zv5hnje8wrd7mvpjrgt59z01m7zv5hnje8wrd7mvpjrgt59z", w.council, ""},
		"pool": {w.pools(t, hidden)[0], "pool_01m7zv5hnje8wrd7mvpjrgt59z01m7zv5hnje8wrd7mvpjrgt59z", w.council, ""},
		"reg":  {at(t, registered, "registrationCreate.registration.id"), "reg_01m7zv5hnje8wrd7mvpjrgt59z01m7zv5hnje8wrd7mvpjrgt59z", w.council, ""},
		"del":  {at(t, registered, "registrationCreate.registration.delegates.0.id"), "del_01m7zv5hnje8wrd7mvpjrgt59z01m7zv5hnje8wrd7mvpjrgt59z", w.council, ""},
	}
	for _, x := range []struct{ kind, operation string }{
		{"ev", `query($id: ID!) { event(id: $id) { title } }`},
		{"reg", `query($id: ID!) { registration(id: $id) { state } }`},
		{"ev", `mutation($id: ID!) { eventUpdate(input: {id: $id, venueName: "x"}) { event { id } errors { message code path } } }`},
		{"ev", `mutation($id: ID!) { eventPublish(input: {id: $id}) { event { id } errors { message code path } } }`},
		{"ev", `mutation($id: ID!) { eventCancel(input: {id: $id, reason: {ca: "x"}}) { event { id } errors { message code path } } }`},
		{"ev", `mutation($id: ID!) { eventMarkHeld(input: {id: $id}) { event { id } errors { message code path } } }`},
		{"ev", `mutation($id: ID!) { eventClose(input: {id: $id}) { event { id } errors { message code path } } }`},
		{"ev", `mutation($id: ID!) { eventNoShowsNote(input: {id: $id}) { event { id } errors { message code path } } }`},
		{"ev", `mutation($id: ID!) { eventSessionAdd(input: {event: $id, title: {ca: "x"}}) { event { id } errors { message code path } } }`},
		{"ev", `mutation($id: ID!) { eventDocumentAdd(input: {event: $id, title: {ca: "x"}, url: "https://example.org"}) { event { id } errors { message code path } } }`},
		{"ev", `mutation($id: ID!) { registrationCreate(input: {event: $id, organization: "OTHER", policy: WAIT_TOGETHER, delegates: [{role: PUBLIC}]}) { registration { id } errors { message code path } } }`},
		{"ev", `mutation($id: ID!) { delegateCheckIn(input: {event: $id, delegate: {code: "x"}}) { delegate { id } errors { message code path } } }`},
		{"evs", `mutation($id: ID!) { eventSessionUpdate(input: {id: $id, room: "x"}) { event { id } errors { message code path } } }`},
		{"evs", `mutation($id: ID!) { eventSessionRemove(input: {id: $id}) { event { id } errors { message code path } } }`},
		{"evd", `mutation($id: ID!) { eventDocumentWithdraw(input: {id: $id}) { event { id } errors { message code path } } }`},
		{"pool", `mutation($id: ID!) { seatPoolResize(input: {id: $id, capacity: 1}) { event { id } errors { message code path } } }`},
		{"pool", `mutation($id: ID!) { seatPoolLetSmallerPass(input: {id: $id}) { event { id } errors { message code path } } }`},
		{"reg", `mutation($id: ID!) { registrationCancel(input: {id: $id}) { registration { id } errors { message code path } } }`},
		{"del", `mutation($id: ID!) { delegateCancel(input: {id: $id}) { registration { id } errors { message code path } } }`},
		{"del", `mutation($id: ID!) { delegateReplace(input: {id: $id, name: "x"}) { registration { id } errors { message code path } } }`},
	} {
		operation := strings.ReplaceAll(x.operation, "OTHER", w.otherClubGlobal)
		var first []byte
		for _, id := range ids[x.kind] {
			a := w.hub.Query(t, w.otherRep.token, operation, in{"id": id})
			answer := changing.ReplaceAll(a.Body, []byte(`"$1":""`))
			if first == nil {
				first = answer
			}
			if !json.Valid(answer) || !bytes.Equal(answer, first) || bytes.Contains(answer, []byte(canary)) {
				t.Errorf("%s\nanswers %q with\n%s\nand %q with\n%s", operation, ids[x.kind][0], first, id, answer)
			}
		}
		if strings.HasPrefix(operation, "mutation") && !bytes.Contains(first, []byte("NOT_FOUND")) {
			t.Errorf("%s\nanswers %s", operation, first)
		}
	}
}
