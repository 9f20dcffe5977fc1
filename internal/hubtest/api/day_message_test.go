package api_test

import (
	"testing"
)

const sendMessage = `mutation($in: EventMessageSendInput!) { eventMessageSend(input: $in) { message { recipients subject } errors { code path } } }`

// messages: to some or to all, to who has an address, and for the organisers to
// read again.
func messages(t *testing.T, w *world) {
	event := w.published(t, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 2}}})
	w.comes(t, event, in{"name": "Aina", "mail": "aina@example.org", "role": "PUBLIC"}, in{"name": "Sense adreça", "role": "PUBLIC"})
	w.comes(t, event, in{"name": "Berta", "mail": "berta@example.org", "role": "PUBLIC"}) // waits
	write := func(change in) any {
		input := in{"event": event, "subject": in{"ca": "Canvi de sala"}, "text": in{"ca": "Ens trobarem a la sala gran.\n\nFins aviat."}}
		for name, value := range change {
			input[name] = value
		}
		sent := w.hub.Must(t, w.officer.token, sendMessage, in{"in": input})["eventMessageSend"].(json1)
		if message, ok := sent["message"].(json1); ok {
			return message["recipients"]
		}
		return at(t, sent, "errors.0.code")
	}
	for what, c := range map[string]struct {
		change in
		want   any
	}{
		"to all":                  {nil, 2.0},
		"to who has a seat":       {in{"states": []string{"CONFIRMED"}}, 1.0},
		"to the pool":             {in{"seatPools": w.pools(t, event)}, 1.0},
		"to another organisation": {in{"organizations": []string{w.otherClubGlobal}}, "NOBODY_TO_WRITE_TO"},
		"about nothing":           {in{"subject": in{"ca": " "}}, "REQUIRED"},
	} {
		if got := write(c.change); got != c.want {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
	const read = `query($id: ID!) { event(id: $id) { messages { subject recipients } } }`
	if got := list(t, w.hub.Must(t, w.officer.token, read, in{"id": event}), "event.messages"); len(got) != 3 {
		t.Errorf("the organisers read %v", got)
	}
	if got := list(t, w.hub.Must(t, w.rep.token, read, in{"id": event}), "event.messages"); len(got) != 0 {
		t.Errorf("who comes reads %v", got)
	}
}
