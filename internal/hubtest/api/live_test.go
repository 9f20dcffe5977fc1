package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
)

func TestLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	t.Run("everybody follows", func(t *testing.T) { everybodyFollows(w.talk(t), w) })
	t.Run("resuming", func(t *testing.T) { resuming(t, w) })
	t.Run("server-sent events", func(t *testing.T) { overEvents(w.talk(t), w) })
	t.Run("cursors", func(t *testing.T) { wrongCursors(w.talk(t), w) })
	t.Run("sensitive", func(t *testing.T) { sensitiveStream(w.talk(t), w) })
	t.Run("unseen", func(t *testing.T) { unseenStreams(t, w) })
	t.Run("drafts", func(t *testing.T) { draftStream(w.talk(t), w) })
	t.Run("narrowed", func(t *testing.T) { narrowed(t, w) })
	t.Run("board", func(t *testing.T) { board(w.talk(t), w) })
	t.Run("board denied", func(t *testing.T) { boardDenied(t, w) })
}

const (
	follow = `subscription($id: ID!, $after: String) { eventChanges(id: $id, after: $after) { number cursor kind at fields
		event { state venueName seatPools { availability capacity confirmed waiting } } seats { availability capacity confirmed waiting } registration { state organization { title } delegates { name } } } }`
	watchBoard = `subscription($id: ID!, $after: String) { registrationBoard(eventId: $id, after: $after) { number cursor confirmed waiting pending cancelled arrived
		byRole { role confirmed waiting arrived cancelled } byTerritory { territory { title } confirmed waiting arrived } seats { availability capacity confirmed waiting } } }`
)

// change is one message of eventChanges.
type change struct {
	Number int
	Cursor string
	Kind   string
}

func changeOf(t testing.TB, payload json.RawMessage) change {
	t.Helper()
	var answer struct {
		Data   struct{ EventChanges *change }
		Errors []any
	}
	if err := json.Unmarshal(payload, &answer); err != nil || answer.Data.EventChanges == nil || len(answer.Errors) > 0 {
		t.Fatalf("no change: %s", payload)
	}
	return *answer.Data.EventChanges
}

// follower reads one stream and holds its numbers to be consecutive.
type follower struct {
	t      testing.TB
	stream interface{ Next() json.RawMessage }
	last   change
	begun  bool
}

func (f *follower) next() (change, json.RawMessage) {
	f.t.Helper()
	payload := f.stream.Next()
	c := changeOf(f.t, payload)
	if f.begun && c.Number != f.last.Number+1 {
		f.t.Errorf("number %d after %d", c.Number, f.last.Number)
	}
	f.last, f.begun = c, true
	return c, payload
}

// until reads on to the first message of a kind.
func (f *follower) until(kind string) (all []json.RawMessage) {
	f.t.Helper()
	for {
		c, payload := f.next()
		all = append(all, payload)
		if c.Kind == kind {
			return all
		}
	}
}

func (w *world) follow(t testing.TB, who reader, event, after string) *follower {
	variables := in{"id": event}
	if after != "" {
		variables["after"] = after
	}
	return &follower{t: t, stream: w.hub.Socket(t, who.token).Subscribe(follow, variables)}
}

// everybodyFollows: the state first, then every change at one's level, numbers
// without a gap; an outsider's numbers do not count what is not theirs.
func everybodyFollows(c *conversation, w *world) {
	event := w.published(c, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 2}}})
	readers := []reader{anonymous, w.stranger, w.officer}
	streams := make([]*follower, len(readers))
	for i, who := range readers {
		streams[i] = w.follow(c, who, event, "")
		_, state := streams[i].next()
		c.note(who.name+" gets the state", state)
	}
	made := c.hub.Must(c, w.rep.token, short, block(event, w.clubGlobal, "WAIT_TOGETHER", []in{{"name": "Aina", "role": "PUBLIC"}, {"role": "PUBLIC"}}))
	c.hub.Must(c, w.otherRep.token, short, block(event, w.otherClubGlobal, "WAIT_TOGETHER", public(1)))
	c.hub.Must(c, w.rep.token, cancelIt, in{"id": at(c, made, "registrationCreate.registration.delegates.1.id")})
	c.hub.Must(c, w.officer.token, updateEvent, in{"in": in{"id": event, "venueName": "Una altra sala"}})
	c.hub.Must(c, w.officer.token, cancelEvent, in{"in": in{"id": event, "reason": in{"ca": "Ploguda"}}})
	for i, who := range readers {
		for _, payload := range streams[i].until("EVENT_CANCELLED") {
			// The event is as it is now, which depends on when it is read: only
			// what the facts say themselves is compared.
			c.note(who.name+" gets a change", withoutEvent(c, payload))
		}
	}
}

// withoutEvent leaves out what a message shows of the present.
func withoutEvent(t testing.TB, payload json.RawMessage) []byte {
	t.Helper()
	var message struct {
		Data struct {
			EventChanges struct {
				Number       int               `json:"number"`
				Cursor       string            `json:"cursor"`
				Kind         *string           `json:"kind"`
				Fields       []string          `json:"fields"`
				Seats        json.RawMessage   `json:"seats"`
				Registration *json.RawMessage  `json:"registration"`
				Event        map[string]any    `json:"-"`
				Errors       []json.RawMessage `json:"-"`
			} `json:"eventChanges"`
		} `json:"data"`
	}
	if err := json.Unmarshal(payload, &message); err != nil {
		t.Fatal(err)
	}
	if r := message.Data.EventChanges.Registration; r != nil && string(*r) != "null" {
		*r = json.RawMessage(`"told"`)
	}
	b, err := json.Marshal(message.Data.EventChanges)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// resuming: who comes back with a cursor gets what was missed, once each, in
// order, and no state; from any cursor on.
func resuming(t *testing.T, w *world) {
	event := w.published(t, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 100}}})
	for _, who := range []reader{anonymous, w.officer} {
		first := w.follow(t, who, event, "")
		begin, _ := first.next()
		for range 5 {
			w.hub.Must(t, w.rep.token, short, block(event, w.clubGlobal, "WAIT_TOGETHER", public(1)))
		}
		w.hub.Must(t, w.officer.token, updateEvent, in{"in": in{"id": event, "venueName": "Sala de " + who.name}})
		var all []change
		for {
			c, _ := first.next()
			if all = append(all, c); c.Kind == "EVENT_UPDATED" {
				break
			}
		}
		if who.name == "anonymous" && len(all) != 6 || all[0].Number != begin.Number+1 {
			t.Errorf("%s got %+v after %+v", who.name, all, begin)
		}
		for i, from := range append([]change{begin}, all[:len(all)-1]...) {
			again := w.follow(t, who, event, from.Cursor)
			for _, want := range all[i:] {
				if c, _ := again.next(); c.Number != want.Number || c.Kind != want.Kind || c.Cursor != want.Cursor {
					t.Errorf("%s, from %d: %+v, want %+v", who.name, from.Number, c, want)
				}
			}
		}
	}
	// A cursor of another level counts something else: the state comes first.
	public := w.follow(t, anonymous, event, "")
	state, _ := public.next()
	organiser := w.follow(t, w.officer, event, state.Cursor)
	if c, _ := organiser.next(); c.Kind != "" {
		t.Errorf("with a cursor of another level: %+v", c)
	}
}

// overEvents: the same over server-sent events, where the cursor is the event's
// id and comes back as Last-Event-ID.
func overEvents(c *conversation, w *world) {
	event := w.published(c, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 2}}})
	stream := w.hub.Events(c, "", "", follow, in{"id": event})
	if stream.Status != 200 || !strings.HasPrefix(stream.Header.Get("Content-Type"), "text/event-stream") {
		c.Fatalf("%d %v %s", stream.Status, stream.Header, stream.Body)
	}
	state := stream.Message()
	c.note("anonymous: the state", state.Payload)
	c.hub.Must(c, w.rep.token, short, block(event, w.clubGlobal, "WAIT_TOGETHER", public(1)))
	c.hub.Must(c, w.officer.token, updateEvent, in{"in": in{"id": event, "venueName": "Una altra sala"}})
	var ids []string
	for _, kind := range []string{"SEATS_CHANGED", "EVENT_UPDATED"} {
		m := stream.Message()
		if got := changeOf(c, m.Payload); m.Kind != "next" || m.ID != got.Cursor || got.Kind != kind {
			c.Errorf("%s with the id %s: %s", m.Kind, m.ID, m.Payload)
		}
		ids = append(ids, m.ID)
	}
	stream.Complete()
	for header, want := range map[string]string{state.ID: "SEATS_CHANGED", ids[0]: "EVENT_UPDATED"} {
		again := w.hub.Events(c, "", header, follow, in{"id": event})
		if got := changeOf(c, again.Next()); got.Kind != want {
			c.Errorf("after %s: %+v, want %s", header, got, want)
		}
		again.Complete()
	}
	// EventSource repeats its address, first after and all: where it stood counts.
	again := w.hub.Events(c, "", ids[0], follow, in{"id": event, "after": state.ID})
	if got := changeOf(c, again.Next()); got.Kind != "EVENT_UPDATED" {
		c.Errorf("with an older after in the address: %+v", got)
	}
	again.Complete()
	refused := w.hub.Events(c, "", "", `subscription { nothing }`, nil)
	c.note(fmt.Sprintf("anonymous: what the schema does not have (%d)", refused.Status), []byte(eventsAnswer(refused)))
	query := w.hub.Events(c, w.rep.token, "", `{ viewer { person { name } } }`, nil)
	c.note("representative: a query, answered as events", query.Next())
	if m := query.Message(); m.Kind != "complete" {
		c.Errorf("after the answer of a query: %s", m.Kind)
	}
}

// eventsAnswer is the body of a refusal, or the first event.
func eventsAnswer(e *hubtest.Events) string {
	if e.Body != "" {
		return e.Body
	}
	return string(e.Message().Payload)
}

// wrongCursors: of another event, of nothing, of another epoch, ahead of its
// topic.
func wrongCursors(c *conversation, w *world) {
	event, other := w.published(c, nil), w.published(c, nil)
	mine, _ := w.follow(c, anonymous, event, "").next()
	theirs, _ := w.follow(c, anonymous, other, "").next()
	topic := eventID(c, event)
	epoch := epochOf(c, mine.Cursor, event)
	for _, x := range []struct{ what, after string }{
		{"of another event", theirs.Cursor},
		{"of a list", "WyJhIl0"},
		{"that is none", "MARKED"},
		{"of another epoch", journal.Cursor{Topic: topic, Epoch: epoch + 1, Level: access.Public, Number: int64(mine.Number)}.Encode()},
		{"ahead of the event", journal.Cursor{Topic: topic, Epoch: epoch, Level: access.Public, Number: 1000}.Encode()},
	} {
		for _, query := range []string{follow, watchBoard} {
			who, name := anonymous, "eventChanges"
			if query == watchBoard {
				who, name = w.officer, "registrationBoard"
			}
			after := x.after
			if strings.Contains(x.what, "epoch") && who.name == "officer" || strings.Contains(x.what, "ahead") && who.name == "officer" {
				decoded, err := journal.DecodeCursor(after, topic)
				if err != nil {
					c.Fatal(err)
				}
				decoded.Level = access.Organisers
				after = decoded.Encode()
			}
			m := w.hub.Socket(c, who.token).Subscribe(query, in{"id": event, "after": after}).Message()
			c.note(fmt.Sprintf("%s: %s after a cursor %s: %s", who.name, name, x.what, m.Kind), m.Payload)
			c.note(fmt.Sprintf("%s: %s as events", who.name, name), []byte(eventsAnswer(w.hub.Events(c, who.token, after, query, in{"id": event}))))
		}
	}
}

func epochOf(t testing.TB, cursor, event string) int64 {
	t.Helper()
	decoded, err := journal.DecodeCursor(cursor, eventID(t, event))
	if err != nil {
		t.Fatal(err)
	}
	return decoded.Epoch
}

// sensitiveStream: outsiders get a word, and only when it changes; otherwise the
// number of messages would be the count.
func sensitiveStream(c *conversation, w *world) {
	event := w.published(c, in{"sensitive": true, "seatPools": []in{{"name": in{"ca": "General"}, "capacity": 30}}})
	outside, organiser := w.follow(c, anonymous, event, ""), w.follow(c, w.officer, event, "")
	own := w.follow(c, w.rep, event, "")
	_, state := outside.next()
	c.note("anonymous: the state", state)
	_, _ = organiser.next()
	_, _ = own.next()
	for _, n := range []int{10, 10, 7, 3} { // places, places, few, full
		c.hub.Must(c, w.rep.token, short, block(event, w.clubGlobal, "WAIT_TOGETHER", public(n)))
	}
	c.hub.Must(c, w.officer.token, updateEvent, in{"in": in{"id": event, "venueName": "Una altra sala"}})
	for _, f := range []struct {
		name string
		*follower
	}{{"anonymous", outside}, {"representative", own}, {"officer", organiser}} {
		for _, payload := range f.until("EVENT_UPDATED") {
			c.note(f.name, withoutEvent(c, payload))
			if f.name != "officer" {
				for _, number := range []string{`"capacity":30`, `"confirmed":`, `"waiting":`} {
					if strings.Contains(string(payload), number) && !strings.Contains(string(payload), number+"null") {
						c.Errorf("%s is told %s: %s", f.name, number, payload)
					}
				}
			}
		}
	}
}

// unseenStreams: what cannot be seen answers as what does not exist.
func unseenStreams(t *testing.T, w *world) {
	draft := w.draft(t, nil)
	network := w.draft(t, in{"visibility": "NETWORK"})
	w.hub.Must(t, w.officer.token, publishEvent, in{"id": network})
	for _, query := range []string{follow, watchBoard} {
		for _, who := range []reader{anonymous, w.stranger} {
			var first string
			for _, id := range []string{"ev_01m7zv5hnje8wrd7mvpjrgt59z", draft, w.council, "nonsense", ""} {
				m := w.hub.Socket(t, who.token).Subscribe(query, in{"id": id}).Message()
				got := m.Kind + string(changing.ReplaceAll(m.Payload, []byte(`"$1":""`)))
				if first == "" {
					first = got
				}
				if got != first || m.Kind == "next" && !strings.Contains(got, "errors") {
					t.Errorf("%s: %s for %q, %s for nothing", who.name, got, id, first)
				}
			}
			if query == follow && !strings.Contains(first, "NOT_FOUND") {
				t.Errorf("%s: %s", who.name, first)
			}
		}
	}
	if m := w.hub.Socket(t, "").Subscribe(follow, in{"id": network}).Message(); !strings.Contains(string(m.Payload), "NOT_FOUND") {
		t.Errorf("anonymous follows what is for the network: %s %s", m.Kind, m.Payload)
	}
	w.follow(t, w.stranger, network, "").next()
}

// draftStream: organisers follow a draft; what happened while it was one does
// not count for those who see it from its publication on.
func draftStream(c *conversation, w *world) {
	event := w.draft(c, nil)
	organiser := w.follow(c, w.officer, event, "")
	_, state := organiser.next()
	c.note("officer: the draft", state)
	c.hub.Must(c, w.officer.token, updateEvent, in{"in": in{"id": event, "venueName": "Una altra sala"}})
	c.hub.Must(c, w.officer.token, resize, in{"in": in{"id": w.pools(c, event)[0], "capacity": 30}})
	c.hub.Must(c, w.officer.token, publishEvent, in{"id": event})
	for _, payload := range organiser.until("EVENT_PUBLISHED") {
		c.note("officer", withoutEvent(c, payload))
	}
	_, state = w.follow(c, anonymous, event, "").next()
	c.note("anonymous: the state, of number 1", state)
}

// narrowed: when an event is no longer for everybody, outsiders are told so and
// nothing that follows.
func narrowed(t *testing.T, w *world) {
	event := w.published(t, nil)
	socket := w.hub.Socket(t, "")
	stream := &follower{t: t, stream: socket.Subscribe(follow, in{"id": event})}
	state, _ := stream.next()
	stays := w.follow(t, w.stranger, event, "")
	stays.next()
	w.hub.Must(t, w.officer.token, updateEvent, in{"in": in{"id": event, "visibility": "NETWORK"}})
	w.hub.Must(t, w.officer.token, updateEvent, in{"in": in{"id": event, "venueName": canary}})
	last, payload := stream.next()
	if last.Kind != "EVENT_UPDATED" || !strings.Contains(string(payload), `"fields":["visibility"]`) || strings.Contains(string(payload), canary) {
		t.Errorf("the last that outsiders see: %s", payload)
	}
	if code, reason := socket.Ended(); code != 4403 {
		t.Errorf("closed with %d %s", code, reason)
	}
	for kind := ""; kind != "EVENT_UPDATED"; {
		c, _ := stays.next()
		kind = c.Kind
	}
	if c, payload := stays.next(); c.Kind != "EVENT_UPDATED" || !strings.Contains(string(payload), canary) {
		t.Errorf("who may go on sees %s", payload)
	}
	for _, cursor := range []string{state.Cursor, last.Cursor} {
		if m := w.hub.Socket(t, "").Subscribe(follow, in{"id": event, "after": cursor}).Message(); !strings.Contains(string(m.Payload), "NOT_FOUND") {
			t.Errorf("coming back: %s %s", m.Kind, m.Payload)
		}
	}
}

// board: numbers by role and territory and no names; several changes may be one
// message.
func board(c *conversation, w *world) {
	event := w.published(c, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 3}}})
	watching := w.hub.Socket(c, w.officer.token).Subscribe(watchBoard, in{"id": event})
	c.note("officer: the empty board", watching.Next())
	made := c.hub.Must(c, w.rep.token, register, block(event, w.clubGlobal, "WAIT_TOGETHER", []in{
		{"name": canary, "mail": "canari@example.org", "role": "PUBLIC", "territory": neighbourhood("57")}, {"role": "ASSOCIATION", "territory": w.council}, {"role": "ASSOCIATION"},
	}))
	c.hub.Must(c, w.otherRep.token, short, block(event, w.otherClubGlobal, "WAIT_TOGETHER", public(2)))
	c.hub.Must(c, w.officer.token, checkIn, in{"in": in{"event": event, "delegate": in{"id": at(c, made, "registrationCreate.registration.delegates.0.id")}}})
	c.hub.Must(c, w.rep.token, cancelIt, in{"id": at(c, made, "registrationCreate.registration.delegates.2.id")})
	number := 0
	for {
		payload := watching.Next()
		var m struct {
			Data struct {
				RegistrationBoard struct{ Number, Cancelled int }
			}
		}
		if err := json.Unmarshal(payload, &m); err != nil {
			c.Fatal(err)
		}
		if n := m.Data.RegistrationBoard.Number; n <= number {
			c.Errorf("number %d after %d", n, number)
		}
		if number = m.Data.RegistrationBoard.Number; strings.Contains(string(payload), canary) {
			c.Errorf("a name on the board: %s", payload)
		}
		if m.Data.RegistrationBoard.Cancelled == 1 {
			c.note("officer: the board after all", payload)
			break
		}
	}
}

// boardDenied: the board is for organisers. Outsiders are told so; it does not
// begin.
func boardDenied(t *testing.T, w *world) {
	event := w.published(t, nil)
	for _, x := range []struct {
		who  reader
		code string
	}{{anonymous, "UNAUTHENTICATED"}, {w.stranger, "DENIED"}, {w.rep, "DENIED"}} {
		m := w.hub.Socket(t, x.who.token).Subscribe(watchBoard, in{"id": event}).Message()
		if !strings.Contains(string(m.Payload), `"code":"`+x.code+`"`) || strings.Contains(string(m.Payload), "confirmed") {
			t.Errorf("%s over a socket: %s %s", x.who.name, m.Kind, m.Payload)
		}
		if answer := eventsAnswer(w.hub.Events(t, x.who.token, "", watchBoard, in{"id": event})); !strings.Contains(answer, `"code":"`+x.code+`"`) {
			t.Errorf("%s as events: %s", x.who.name, answer)
		}
	}
	for _, token := range []string{"nonsense", "demo.x.y"} {
		if _, err := w.hub.DialSocket(t, token); err == nil || !strings.Contains(err.Error(), "4403") {
			t.Errorf("a socket with a token that is none: %v", err)
		}
	}
}
