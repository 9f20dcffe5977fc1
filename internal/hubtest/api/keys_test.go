package api_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/teixit/teixit/internal/hubtest"
)

// A key chosen by the client makes a request, however often it is sent, one
// change with one answer.
func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	c := w.talk(t)
	event := w.published(t, nil)
	with := func(key string, input in) in {
		input["idempotencyKey"] = key
		return in{"in": input}
	}
	registration := func(key string, delegates int) in {
		return with(key, block(event, w.clubGlobal, "WAIT_TOGETHER", public(delegates))["in"].(in))
	}
	c.ask(w.rep, "registers", short, registration("k1", 2))
	c.ask(w.rep, "the same again", short, registration("k1", 2))
	c.ask(w.rep, "the same key, another block", short, registration("k1", 1))
	c.ask(w.otherRep, "the same key of somebody else", short, with("k1", block(event, w.otherClubGlobal, "WAIT_TOGETHER", public(1))["in"].(in)))
	c.ask(w.officer, "what came of it", seats, in{"id": event})
	c.ask(w.rep, "a refused request does not use its key up", short, registration("k2", 4))
	c.ask(w.rep, "the key again, for what works", short, registration("k2", 1))
	c.ask(w.rep, "the same key for another change", createAssociation, with("k1", in{"title": in{"ca": "Nova"}, "actsIn": []string{w.council}}))
	c.ask(w.rep, "an association", createAssociation, with("k3", in{"title": in{"ca": "Nova"}, "actsIn": []string{w.council}}))
	c.ask(w.rep, "the association again", createAssociation, with("k3", in{"title": in{"ca": "Nova"}, "actsIn": []string{w.council}}))
	create := `mutation($in: EventCreateInput!) { eventCreate(input: $in) { event { id title } errors { message code path } } }`
	c.ask(w.officer, "an event", create, with("k4", in{"organiser": w.council, "kind": "SEMINAR", "title": in{"ca": "Un"}}))
	c.ask(w.officer, "the event again", create, with("k4", in{"organiser": w.council, "kind": "SEMINAR", "title": in{"ca": "Un"}}))
	c.ask(w.officer, "another event under the same key", create, with("k4", in{"organiser": w.council, "kind": "SEMINAR", "title": in{"ca": "Dos"}}))
	c.ask(w.officer, "a key that is too long", create, with(strings.Repeat("k", 101), in{"organiser": w.council, "kind": "SEMINAR", "title": in{"ca": "Un"}}))
	c.ask(w.officer, "a key that cannot be stored", create, with("a\x00b", in{"organiser": w.council, "kind": "SEMINAR", "title": in{"ca": "Un"}}))
	update := `mutation($in: EventUpdateInput!) { eventUpdate(input: $in) { event { venueName revision } errors { code path } } }`
	c.ask(w.officer, "a change", update, with("k5", in{"id": event, "venueName": "Una sala"}))
	c.ask(w.officer, "another change", update, in{"in": in{"id": event, "venueName": "Una altra"}})
	c.ask(w.officer, "the first change again does not undo the second", update, with("k5", in{"id": event, "venueName": "Una sala"}))
	person := `mutation($in: PersonCreateInput!) { personCreate(input: $in) { person { id } errors { code path } } }`
	c.ask(w.rep, "a person", person, with("k6", in{"organization": w.clubGlobal, "name": "Pau", "role": "DELEGATE"}))
	c.ask(w.rep, "the person again", person, with("k6", in{"organization": w.clubGlobal, "name": "Pau", "role": "DELEGATE"}))

	code := at(t, w.hub.Must(t, w.rep.token, `query($id: ID!) { event(id: $id) { registrations { nodes { delegates { checkInCode } } } } }`, in{"id": event}),
		"event.registrations.nodes.0.delegates.0.checkInCode")
	arrive := with("k7", in{"event": event, "delegate": in{"code": code}})
	c.ask(w.officer, "an arrival", checkIn, arrive)
	c.ask(w.officer, "the arrival again: the answer that was lost", checkIn, arrive)
	c.ask(w.officer, "the same person from another device", checkIn, with("k8", in{"event": event, "delegate": in{"code": code}}))
}

// Sixteen senders of one request at the same time: one registration.
func TestIdempotencyKeysAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	event := w.published(t, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 100}}})
	input := block(event, w.clubGlobal, "WAIT_TOGETHER", public(2))
	input["in"].(in)["idempotencyKey"] = "at once"
	answers := make([]hubtest.Answer, 16)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = w.hub.Query(t, w.rep.token, short, input) })
	}
	all.Wait()
	for _, a := range answers {
		if len(a.Errors) > 0 || at(t, a.Data, "registrationCreate.registration.id") != at(t, answers[0].Data, "registrationCreate.registration.id") {
			t.Errorf("answered %s and %s", a.Body, answers[0].Body)
		}
	}
	found := w.hub.Must(t, w.officer.token, seats, in{"id": event})
	if confirmed := at(t, found, "event.seatPools.0.confirmed"); confirmed != "2" {
		t.Errorf("%s seats", confirmed)
	}
}
