package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/node"
)

// draft makes an event of Terrassa in 2090 through the API, outside of any
// conversation, and returns its identifier.
func (w *world) draft(t testing.TB, change in) string {
	t.Helper()
	input := in{
		"organiser": w.council, "kind": "TRAINING", "title": in{"ca": "Formació"}, "startsAt": "2090-05-10T08:00:00Z", "endsAt": "2090-05-10T12:00:00Z",
		"venueName": "Sala de proves", "seatPools": []in{{"name": in{"ca": "General"}, "capacity": 3}},
	}
	for name, value := range change {
		input[name] = value
	}
	made := w.hub.Must(t, w.officer.token, `mutation($in: EventCreateInput!) { eventCreate(input: $in) { event { id } errors { code path } } }`, in{"in": input})
	if errs := fmt.Sprint(made["eventCreate"].(map[string]any)["errors"]); errs != "[]" {
		t.Fatal(errs)
	}
	return at(t, made, "eventCreate.event.id")
}

// published is draft, published.
func (w *world) published(t testing.TB, change in) string {
	t.Helper()
	event := w.draft(t, change)
	made := w.hub.Must(t, w.officer.token, publishEvent, in{"id": event})
	if state := at(t, made, "eventPublish.event.state"); state != "PUBLISHED" {
		t.Fatal(state)
	}
	return event
}

// pools are the identifiers of an event's pools.
func (w *world) pools(t testing.TB, event string) (ids []string) {
	t.Helper()
	found := w.hub.Must(t, w.officer.token, `query($id: ID!) { event(id: $id) { seatPools { id } } }`, in{"id": event})
	for _, p := range found["event"].(map[string]any)["seatPools"].([]any) {
		ids = append(ids, at(t, p, "id"))
	}
	return ids
}

const partsOfEvent = `event { sessions { id title description startsAt endsAt room track speakers { name role organisation } } documents { id title url note version addedAt } revision }`

// eventParts: sessions and documents, with their warnings and refusals.
func eventParts(c *conversation, w *world) {
	event := w.published(c, nil)
	other := w.published(c, nil)
	c.call(event, "the training")
	addSession := `mutation($in: EventSessionAddInput!) { eventSessionAdd(input: $in) { ` + partsOfEvent + ` warnings { message code path } errors { message code path } } }`
	session := func(change in) in {
		input := in{"event": event, "title": in{"ca": "Benvinguda"}, "startsAt": "2090-05-10T08:00:00Z", "endsAt": "2090-05-10T09:00:00Z", "room": "Sala 1"}
		for name, value := range change {
			input[name] = value
		}
		return in{"in": input}
	}
	first := c.do(w.officer, "adds a session", addSession, session(in{"speakers": []in{{"name": " Anna Prova ", "role": in{"ca": "Cap"}, "organisation": "Prova"}, {"name": "Bru"}}}), "eventSessionAdd.event.sessions.0.id")
	c.ask(w.officer, "adds one in the same room, and too late", addSession, session(in{"title": in{"es": "Cierre"}, "startsAt": "2090-05-10T08:30:00Z", "endsAt": "2090-05-10T13:00:00Z"}))
	c.ask(w.officer, "adds one with everything wrong", addSession, session(in{
		"title": in{}, "description": in{"ca": strings.Repeat("x", 5001)}, "endsAt": "2090-05-10T07:00:00Z", "room": strings.Repeat("x", 101), "track": strings.Repeat("x", 101),
		"speakers": []in{{"name": ""}, {"name": strings.Repeat("x", 201), "role": in{"en": strings.Repeat("x", 201)}}},
	}))
	c.ask(w.officer, "adds one in a place that is none", addSession, session(in{"territory": node.Comarca.Global(territory.ComarcaID("07"))}))
	c.ask(w.officer, "adds one in a place that does not exist", addSession, session(in{"territory": "mun_01m7zv5hnje8wrd7mvpjrgt59z"}))
	c.ask(w.rep, "adds one without organising", addSession, session(nil))
	update := `mutation($in: EventSessionUpdateInput!) { eventSessionUpdate(input: $in) { ` + partsOfEvent + ` warnings { code path } errors { message code path } } }`
	c.ask(w.officer, "moves it to another room", update, in{"in": in{"id": first, "room": "Sala 2", "speakers": []in{}}})
	c.ask(w.officer, "names a session of nothing", update, in{"in": in{"id": strings.Replace(first, first[4:30], other[3:], 1), "room": "Sala 3"}})
	remove := `mutation($id: ID!) { eventSessionRemove(input: {id: $id}) { ` + partsOfEvent + ` warnings { code path } errors { message code path } } }`
	c.ask(w.officer, "takes it out", remove, in{"id": first})
	c.ask(w.officer, "takes it out again", remove, in{"id": first})

	addDocument := `mutation($in: EventDocumentAddInput!) { eventDocumentAdd(input: $in) { ` + partsOfEvent + ` errors { message code path } } }`
	document := c.do(w.officer, "adds a document", addDocument, in{"in": in{"event": event, "title": in{"ca": "Programa"}, "url": "https://example.org/programa.pdf"}}, "eventDocumentAdd.event.documents.0.id")
	c.ask(w.officer, "adds a new version", addDocument, in{"in": in{"event": event, "replaces": document, "title": in{"ca": "Programa"}, "url": "https://example.org/programa2.pdf", "note": in{"ca": "Sala nova"}}})
	c.ask(w.officer, "adds a version to a document of another event", addDocument, in{"in": in{"event": other, "replaces": document, "title": in{"ca": "Programa"}, "url": "https://example.org/x"}})
	c.ask(w.officer, "adds one with everything wrong", addDocument, in{"in": in{"event": event, "title": in{}, "url": "data:text/html,<script>", "note": in{"ca": strings.Repeat("x", 501)}}})
	withdraw := `mutation($id: ID!) { eventDocumentWithdraw(input: {id: $id}) { ` + partsOfEvent + ` errors { message code path } } }`
	c.ask(w.rep, "withdraws it without organising", withdraw, in{"id": document})
	c.ask(w.officer, "withdraws it", withdraw, in{"id": document})
	c.ask(w.officer, "withdraws it again", withdraw, in{"id": document})
}

// Filters, order and pages of events.
func TestEventList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	c := w.talk(t)
	nou, vell := district("08"), district("01")
	for i, e := range []in{
		{"title": in{"ca": "Àgora d'hivern"}, "startsAt": "2091-01-31T22:59:59Z", "endsAt": nil, "area": []string{nou}},
		{"title": in{"ca": "Àgora d'estiu", "en": "Summer agora"}, "startsAt": "2091-07-01T08:00:00Z", "endsAt": nil, "venues": []string{neighbourhood("53")}, "kind": "SEMINAR"},
		{"title": in{"ca": "Cloenda"}, "startsAt": nil, "endsAt": nil, "date": in{"month": 11}, "area": []string{vell}, "coOrganisers": []string{w.clubGlobal}},
		{"title": in{"ca": "Trobada 100 %"}, "startsAt": "2091-01-31T23:00:00Z", "endsAt": nil, "area": []string{nou, vell}, "about": []string{term(node.Goal, "INCLUSION")}},
		{"title": in{"ca": "Antiga"}, "startsAt": "2020-01-31T23:00:00Z", "endsAt": nil, "area": []string{nou}, "audiences": []string{term(node.Audience, "LOCAL_POLICE")}},
	} {
		c.call(w.published(t, e), fmt.Sprint("event ", i+1))
	}
	barcelona := node.Municipality.Global(hubtest.Barcelona)
	list := `query($first: Int, $after: String, $filter: EventFilter) { events(first: $first, after: $after, filter: $filter) { totalCount
		edges { cursor node { id title startsAt date { month } } } pageInfo { hasNextPage hasPreviousPage endCursor } } }`
	var seen []string
	after, more := "", true
	for more {
		a := c.ask(anonymous, "a page of what is in Barcelona", list, in{"first": 2, "after": after, "filter": in{"territory": barcelona}})
		page := a.Data["events"].(map[string]any)
		for _, e := range page["edges"].([]any) {
			seen = append(seen, at(t, e, "node.title"))
		}
		after, more = at(t, page, "pageInfo.endCursor"), page["pageInfo"].(map[string]any)["hasNextPage"].(bool)
	}
	if got := strings.Join(seen, ", "); got != "Antiga, Àgora d'hivern, Trobada 100 %, Summer agora, Cloenda" {
		t.Errorf("in order: %s", got)
	}
	for _, x := range []struct {
		what   string
		filter in
	}{
		{"what is to come", in{"territory": barcelona, "upcoming": true}},
		{"not only what is to come", in{"territory": nou, "upcoming": false}},
		{"by words of the title", in{"territory": barcelona, "text": "ESTIU agora"}},
		{"by a sign that means something to the database", in{"territory": barcelona, "text": "100 %"}},
		{"on a day in Madrid", in{"territory": barcelona, "from": "2091-02-01", "until": "2091-02-01"}},
		{"the day before", in{"territory": barcelona, "from": "2091-01-31", "until": "2091-01-31"}},
		{"by kind", in{"territory": barcelona, "kinds": []string{"SEMINAR"}}},
		{"by state", in{"territory": barcelona, "states": []string{"DRAFT", "CANCELLED"}}},
		{"by goal", in{"about": term(node.Goal, "INCLUSION")}},
		{"by audience", in{"audience": term(node.Audience, "LOCAL_POLICE")}},
		{"by co-organiser", in{"organiser": w.clubGlobal}},
		{"in a neighbourhood", in{"territory": neighbourhood("53")}},
		{"from a day after until", in{"territory": barcelona, "from": "2091-02-02", "until": "2091-02-01"}},
		{"about an audience", in{"about": term(node.Audience, "MEDIATORS")}},
		{"in a place that does not exist", in{"territory": "mun_01m7zv5hnje8wrd7mvpjrgt59z"}},
		{"from 31 February", in{"from": "2091-02-31"}},
		{"with a text that is too long", in{"text": strings.Repeat("a", 201)}},
	} {
		c.ask(anonymous, x.what, list, in{"filter": x.filter})
	}
	c.ask(anonymous, "by way of the town, its district's events included", `{ municipality(by: {ineCode: "08019"}) { events(first: 2, upcoming: false) { totalCount nodes { title } pageInfo { hasNextPage } } } }`, nil)
	c.ask(anonymous, "by way of the co-organiser", `query($id: ID!) { organization(by: {id: $id}) { ... on Association { events { totalCount nodes { title organisers { lead organization { title } } } } } } }`, in{"id": w.clubGlobal})
}
