package access_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

// meeting is an event of Terrassa that a club co-organises, on two instances.
type meeting struct {
	*testing.T
	hubs    [2]*hubtest.Hub
	officer string // token of who leads it
	lead    id.ID
	club    id.ID
	event   id.ID
	global  string
}

func newMeeting(t *testing.T) *meeting {
	t.Helper()
	d := pgtest.URL(t)
	m := &meeting{T: t}
	for i := range m.hubs {
		m.hubs[i] = hubtest.Start(t, hubtest.Config{Database: d})
	}
	h := m.hubs[0]
	m.lead = h.Person(t, "Olga Prova", hubtest.Terrassa, directory.Officer)
	m.officer = h.Token(m.lead)
	m.club = h.Association(t, "Entitat Coorganitzadora")
	m.event = h.Event(t, m.lead, 50, func(in *calendar.EventInput) { in.CoOrganisers = []id.ID{m.club} })
	m.global = node.Event.Global(m.event)
	return m
}

// representative adds a person who answers for the club.
func (m *meeting) representative(i int) (person id.ID, token string) {
	m.Helper()
	person = m.hubs[0].Person(m, fmt.Sprint("Berta ", i), m.club, directory.Representative)
	return person, m.hubs[0].Token(person)
}

const changesQuery = `subscription($id: ID!) { eventChanges(id: $id) { number kind fields event { revision venueName } } }`

// change is one message of it.
type change struct {
	Number int
	Kind   *string
	Fields []string
	Event  *struct{ Revision, VenueName *string }
}

// shows decodes a message; the payload of an answer.
func shows(t testing.TB, payload json.RawMessage) change {
	t.Helper()
	var answer struct {
		Data   struct{ EventChanges change }
		Errors []any
	}
	if err := json.Unmarshal(payload, &answer); err != nil || answer.Errors != nil {
		t.Fatalf("%s: %v", payload, err)
	}
	return answer.Data.EventChanges
}

// reader follows the event's changes on some transport.
type reader struct {
	next  func() (c change, more bool) // false: the stream has ended
	end   func() (reason string)
	close func() // from this side
}

// overSocket follows on a connection of its own. With a board it follows that
// too, on the same connection.
func (m *meeting) overSocket(h *hubtest.Hub, token string, board bool) reader {
	m.Helper()
	s := h.Socket(m, token)
	stream := s.Subscribe(changesQuery, map[string]any{"id": m.global})
	if board {
		s.Subscribe(`subscription($id: ID!) { registrationBoard(eventId: $id) { number confirmed } }`, map[string]any{"id": m.global}).Next()
	}
	return reader{
		next: func() (change, bool) {
			message, more := stream.Last()
			if !more {
				return change{}, false
			}
			if message.Kind != "next" {
				m.Fatalf("%s: %s", message.Kind, message.Payload)
			}
			return shows(m, message.Payload), true
		},
		end: func() string {
			code, reason := s.Ended()
			return fmt.Sprint(code, " ", reason)
		},
		close: s.Close,
	}
}

// overEvents follows over server-sent events, whose end is said by an error.
func (m *meeting) overEvents(h *hubtest.Hub, token string, _ bool) reader {
	m.Helper()
	stream := h.Events(m, token, "", changesQuery, map[string]any{"id": m.global})
	reason := ""
	return reader{
		next: func() (change, bool) {
			message := stream.Message()
			var failed struct {
				Data   any
				Errors []struct{ Message string }
			}
			if err := json.Unmarshal(message.Payload, &failed); err == nil && len(failed.Errors) > 0 && failed.Data == nil {
				reason = failed.Errors[0].Message
				if message = stream.Message(); message.Kind != "complete" {
					m.Fatalf("%s after the reason", message.Kind)
				}
				return change{}, false
			}
			return shows(m, message.Payload), true
		},
		end:   func() string { return "4403 " + reason },
		close: stream.Complete,
	}
}

// resize makes a fact for everybody and one for the organisers.
func (m *meeting) resize(capacity int) {
	m.Helper()
	r := calendar.NewRegistrations(m.hubs[0].DB)
	pools, err := calendar.SeatPoolsOf(context.Background(), m.hubs[0].DB.Read(), m.viewer(), []id.ID{m.event})
	if err != nil {
		m.Fatal(err)
	}
	if _, err := r.SetCapacity(context.Background(), m.viewer(), m.event, pools[m.event][0].ID, capacity, ""); err != nil {
		m.Fatal(err)
	}
}

func (m *meeting) viewer() *access.Viewer { return m.hubs[0].Viewer(m, m.lead) }

// update changes the event over HTTP, as its lead.
func (m *meeting) update(h *hubtest.Hub, input map[string]any) {
	m.Helper()
	input["id"] = m.global
	data := h.Must(m, m.officer, `mutation($in: EventUpdateInput!) { eventUpdate(input: $in) { errors { message } } }`, map[string]any{"in": input})
	if errs := data["eventUpdate"].(map[string]any)["errors"].([]any); len(errs) > 0 {
		m.Fatalf("eventUpdate: %v", errs)
	}
}

// percentile of durations that are sorted.
func percentile(sorted []time.Duration, p int) time.Duration {
	return sorted[min(len(sorted)*p/100, len(sorted)-1)].Round(time.Millisecond)
}

func sortedCopy(d []time.Duration) []time.Duration {
	d = slices.Clone(d)
	slices.Sort(d)
	return d
}
