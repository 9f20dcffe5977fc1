package access_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// bursts bounds the changes of one round: a test's reader keeps a thousand
// messages that nobody takes.
const bursts = 200

const rightsChanged = "4403 Your rights have changed. Try again."

// TestRightTakenAwayIsTheLastThingSeen: a co-organiser is removed while the
// seats change again and again. Who answers for it sees everything up to the
// removal, the removal, and nothing more, whatever the transport and whichever
// the instance.
func TestRightTakenAwayIsTheLastThingSeen(t *testing.T) {
	m := newMeeting(t)
	_, token := m.representative(1)
	for round := range 6 {
		m.setCoOrganisers(m.club)
		readers := []reader{
			m.overSocket(m.hubs[0], token, true), m.overSocket(m.hubs[1], token, true), m.overSocket(m.hubs[1], token, false),
			m.overEvents(m.hubs[0], token, false), m.overEvents(m.hubs[1], token, false),
		}
		witness := m.overSocket(m.hubs[1], m.officer, true)
		busy, stop := context.WithCancel(t.Context())
		var traffic sync.WaitGroup
		traffic.Go(func() {
			for i := 0; i < bursts && busy.Err() == nil; i++ {
				m.resize(60 + i%2)
			}
		})
		for _, r := range readers {
			for range 4 { // the state and a few changes
				if _, more := r.next(); !more {
					t.Fatal("ended too early: " + r.end())
				}
			}
		}
		m.setCoOrganisers()
		removal := 0
		for i, r := range readers {
			last := m.drain(r)
			if last.Kind == nil || *last.Kind != "EVENT_UPDATED" || !slices.Equal(last.Fields, []string{"coOrganisers"}) {
				t.Errorf("round %d, reader %d: the last thing seen is %+v", round, i, last)
			}
			if removal == 0 {
				removal = last.Number
			}
			if last.Number != removal {
				t.Errorf("reader %d ended at %d, another at %d", i, last.Number, removal)
			}
			if last.Event == nil || last.Event.Revision != nil {
				t.Errorf("reader %d: beside the removal stands what only organisers see: %+v", i, last.Event)
			}
			if got := r.end(); got != rightsChanged {
				t.Errorf("reader %d ended with %q", i, got)
			}
		}
		stop()
		traffic.Wait()
		for i := range 5 {
			m.resize(70 + i)
		}
		m.undisturbed(witness, removal+10)
		witness.close()
	}
}

// drain reads to the end and fails on a gap; it returns the last message.
func (m *meeting) drain(r reader) (last change) {
	m.Helper()
	for {
		c, more := r.next()
		if !more {
			return last
		}
		if last.Number != 0 && c.Number != last.Number+1 {
			m.Errorf("%d follows %d", c.Number, last.Number)
		}
		last = c
	}
}

// undisturbed reads on until a number, without a gap.
func (m *meeting) undisturbed(r reader, until int) {
	m.Helper()
	for number := 0; number < until; {
		c, more := r.next()
		if !more {
			m.Fatal("a watcher with all rights was cut off: " + r.end())
		}
		if number != 0 && c.Number != number+1 {
			m.Errorf("%d follows %d", c.Number, number)
		}
		number = c.Number
	}
}

func (m *meeting) setCoOrganisers(bodies ...id.ID) {
	m.Helper()
	list := append([]id.ID{}, bodies...)
	events := calendar.NewEvents(m.hubs[0].DB)
	_, err := events.Update(context.Background(), m.viewer(), m.event, nil, calendar.EventChanges{CoOrganisers: &list}, "")
	if err != nil {
		m.Fatal(err)
	}
}

// TestRevocations ends a hundred appointments, one after the other, of people who
// are connected to two instances, and prints how long each end took.
func TestRevocations(t *testing.T) {
	m := newMeeting(t)
	const n = 100
	people, sockets := make([]id.ID, n), make([]*hubtest.Socket, n)
	for i := range people {
		var token string
		people[i], token = m.representative(i)
		sockets[i] = m.hubs[i%2].Socket(t, token)
		sockets[i].Subscribe(changesQuery, map[string]any{"id": m.global}).Next()
	}
	witness := m.overSocket(m.hubs[1], m.officer, false)
	took := make([]time.Duration, n)
	for i := range people {
		begun := m.endAppointment(m.hubs[(i/2)%2], people[i], directory.Representative)
		code, reason := sockets[i].Ended()
		took[i] = time.Since(begun)
		if code != 4403 || reason != "Your rights have changed. Try again." {
			t.Errorf("%d ended with %d %s", i, code, reason)
		}
	}
	sorted := sortedCopy(took)
	t.Logf("from the answer of the revoking request to the end of the socket, %d revocations on 2 instances: p50 %v, p99 %v, most %v",
		n, percentile(sorted, 50), percentile(sorted, 99), percentile(sorted, 100))
	m.resize(77)
	c, _ := witness.next()
	m.undisturbed(witness, c.Number+1)
}

// endAppointment ends one over HTTP, at an instance, by somebody else who
// answers for the club. It returns when the answer was there.
func (m *meeting) endAppointment(h *hubtest.Hub, person id.ID, role directory.ActingRole) time.Time {
	m.Helper()
	input := map[string]any{
		"organization": node.Association.Global(m.club), "person": node.Person.Global(person), "role": role,
	}
	data := h.Must(m, h.Token(person), `mutation($in: AppointmentEndInput!) { appointmentEnd(input: $in) { errors { message } } }`, map[string]any{"in": input})
	answered := time.Now()
	if errs := data["appointmentEnd"].(map[string]any)["errors"].([]any); len(errs) > 0 {
		m.Fatalf("appointmentEnd: %v", errs)
	}
	return answered
}

// TestNothingAfterARightEndedElsewhere: an appointment ends on the topic of the
// club, while the event goes on; nothing of the event that came later is seen.
func TestNothingAfterARightEndedElsewhere(t *testing.T) {
	m := newMeeting(t)
	for i := range 10 {
		person, token := m.representative(i)
		r := m.overSocket(m.hubs[1], token, i%2 == 0)
		if i%3 == 0 {
			r = m.overEvents(m.hubs[1], token, false)
		}
		r.next()
		m.resize(50 + i)
		m.endAppointment(m.hubs[0], person, directory.Representative)
		head := m.head()
		m.resize(70 + i) // at once behind it
		if last := m.drain(r); last.Number > head {
			t.Errorf("%d was seen, the right ended at %d", last.Number, head)
		}
		if got := r.end(); got != rightsChanged {
			t.Errorf("ended with %q", got)
		}
	}
}

// head is the newest number of the event for organisers.
func (m *meeting) head() (n int) {
	m.Helper()
	if err := m.hubs[0].DB.Read().QueryRow(context.Background(), `select head4 from topics where node = $1`, m.event).Scan(&n); err != nil {
		m.Fatal(err)
	}
	return n
}

// TestHiddenEvent: an event that is hidden tells so to who could see it, as the
// last thing, without saying more; its organisers go on.
func TestHiddenEvent(t *testing.T) {
	m := newMeeting(t)
	_, token := m.representative(1)
	stranger := m.hubs[0].Token(m.hubs[0].Person(t, "Esther Prova", m.hubs[0].Association(t, "Entitat Aliena"), directory.Delegate))
	outside := []reader{
		m.overSocket(m.hubs[0], "", false), m.overEvents(m.hubs[1], "", false),
		m.overSocket(m.hubs[1], stranger, false), m.overEvents(m.hubs[0], stranger, false),
	}
	inside := m.overSocket(m.hubs[1], token, true)
	for _, r := range append(outside, inside) {
		r.next()
	}
	m.resize(51)
	m.update(m.hubs[0], map[string]any{"visibility": "ORGANISERS"})
	m.resize(52) // a fact for everybody who sees the event
	for i, r := range outside {
		last := m.drain(r)
		if last.Kind == nil || *last.Kind != "EVENT_UPDATED" || !slices.Equal(last.Fields, []string{"visibility"}) || last.Event != nil {
			t.Errorf("reader %d: the last thing seen is %+v", i, last)
		}
		if got := r.end(); got != rightsChanged {
			t.Errorf("reader %d ended with %q", i, got)
		}
	}
	m.undisturbed(inside, m.head())
}

// TestDatedRightEnds: glass that was broken is whole again when its time is
// over, by PostgreSQL's clock, without anybody doing anything.
func TestDatedRightEnds(t *testing.T) {
	m := newMeeting(t)
	person := m.hubs[0].Person(t, "Ada Prova", m.hubs[0].Association(t, "Entitat Aliena"), directory.Delegate)
	breakUntil := func(milliseconds int) {
		t.Helper()
		_, err := postgres.Hub(m.hubs[0].DB.Read()).Exec(t.Context(), `insert into glass_breaks (id, node, person, reason, until)
			values ($1, $2, $3, 'Una prova del final.', now() + $4 * interval '1 millisecond')`, id.New(), m.event, person, milliseconds)
		if err != nil {
			t.Fatal(err)
		}
	}
	breakUntil(1500)
	if v := m.hubs[0].Viewer(t, person); v.LevelOn(m.event, hubtest.Terrassa) != access.Organisers || v.Until.IsZero() {
		t.Fatalf("the glass gives %v until %v", v.LevelOn(m.event, hubtest.Terrassa), v.Until)
	}
	until := m.hubs[0].Viewer(t, person).Until
	readers := []reader{m.overSocket(m.hubs[0], m.hubs[0].Token(person), true), m.overEvents(m.hubs[1], m.hubs[0].Token(person), false)}
	for _, r := range readers {
		if c, more := r.next(); !more || c.Event.Revision == nil {
			t.Fatalf("no organiser: %+v", c)
		}
	}
	for _, r := range readers {
		m.drain(r)
		if got := r.end(); got != rightsChanged {
			t.Errorf("ended with %q", got)
		}
	}
	var late time.Duration
	if err := m.hubs[0].DB.Read().QueryRow(t.Context(), `select extract(epoch from clock_timestamp() - $1::timestamptz) * 1e9`, until).Scan(&late); err != nil {
		t.Fatal(err)
	}
	t.Logf("both streams had ended %v after the right", late.Round(time.Millisecond))
	if late < 0 || late > time.Second {
		t.Errorf("the streams ended %v after the right", late)
	}
}

// TestOperationsOfAConnectionReadRightsAfresh: what runs on an open socket has
// the rights of the moment it begins, like a plain request.
func TestOperationsOfAConnectionReadRightsAfresh(t *testing.T) {
	m := newMeeting(t)
	person, token := m.representative(1)
	s := m.hubs[1].Socket(t, token)
	organises := func() string {
		t.Helper()
		return string(s.Subscribe(`query($id: ID!) { event(id: $id) { viewerCanOrganise } }`, map[string]any{"id": m.global}).Next())
	}
	if got := organises(); got != `{"data":{"event":{"viewerCanOrganise":true}}}` {
		t.Fatal(got)
	}
	m.endAppointment(m.hubs[0], person, directory.Representative)
	if got := organises(); got != `{"data":{"event":{"viewerCanOrganise":false}}}` {
		t.Errorf("right after the end of the appointment: %s", got)
	}
}

// TestCommandThatWaitedLosesTheRight: a change that waits for its turn while its
// sender loses the right to it is not made.
func TestCommandThatWaitedLosesTheRight(t *testing.T) {
	m := newMeeting(t)
	person, _ := m.representative(1)
	stale := m.hubs[0].Viewer(t, person)
	name := "Una altra sala"
	rename := func(v *access.Viewer) error {
		_, err := calendar.NewEvents(m.hubs[0].DB).Update(t.Context(), v, m.event, nil, calendar.EventChanges{VenueName: &name}, "")
		return err
	}
	m.endAppointment(m.hubs[0], person, directory.Representative)
	before := m.head()
	if err := rename(stale); !errors.Is(err, access.ErrRightsChanged) {
		t.Errorf("it was made: %v", err)
	}
	if m.head() != before {
		t.Error("it was told")
	}
	if err := rename(m.viewer()); err != nil {
		t.Errorf("somebody else's: %v", err)
	}
}
