package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/pgtest"
)

// alike asks for nothing that depends on who reads it, beyond their level.
const alike = `subscription($id: ID!, $after: String) { eventChanges(id: $id, after: $after) { number cursor kind at fields
	event { id title state venueName revision viewerCanOrganise startsAt organisers { lead organization { id title } } venues { title } area { title }
		seatPools { availability capacity confirmed waiting } sessions { title room } }
	seats { availability capacity confirmed waiting } } }`

// figures are what the hub counted of shared executions.
type figures struct{ groups, subscribers, changes, states, missed, messages, statements int }

func (w *world) figures(t testing.TB) figures {
	t.Helper()
	m := func(name string) int { return w.hub.Meter(t, "teixit_live_"+name) }
	return figures{
		m("groups"), m("subscribers"), m(`executions_total{of="change"}`), m(`executions_total{of="state"}`),
		m(`executions_total{of="missed"}`), m("messages_total"), m("statements_total"),
	}
}

// since are the figures that rise, from others on.
func (f figures) since(before figures) figures {
	return figures{
		f.groups, f.subscribers, f.changes - before.changes, f.states - before.states, f.missed - before.missed,
		f.messages - before.messages, f.statements - before.statements,
	}
}

// settle waits until the figures say that all messages of a change were counted.
func (w *world) settle(t testing.TB, before figures, messages int) figures {
	t.Helper()
	for deadline := time.Now().Add(hubtest.Patience); ; {
		f := w.figures(t).since(before)
		if f.messages >= messages || time.Now().After(deadline) {
			return f
		}
	}
}

// rename changes the event's venue: one fact for everybody.
func (w *world) rename(t testing.TB, event, venue string) {
	t.Helper()
	w.hub.Must(t, w.officer.token, updateEvent, in{"in": in{"id": event, "venueName": venue}})
}

// TestSharedExecutions: readers of three levels over sockets and events, several
// of each, share an execution by level: each level has numbers of its own
// without a gap, all its readers get the same bytes, and a change is executed
// once for each level that sees it.
func TestSharedExecutions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	technician, _ := w.reader(t, "Tecla Prova", hubtest.Terrassa, directory.Technician)
	event := w.published(t, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 50}}})
	levels := []reader{anonymous, technician, w.officer}
	const each = 3
	streams := map[string][]*follower{}
	payloads := map[string][][]string{}
	for _, who := range levels {
		for range each {
			streams[who.name] = append(streams[who.name],
				&follower{t: t, stream: w.hub.Socket(t, who.token).Subscribe(alike, in{"id": event})},
				&follower{t: t, stream: w.hub.Events(t, who.token, "", alike, in{"id": event})})
		}
		for range streams[who.name] {
			payloads[who.name] = append(payloads[who.name], nil)
		}
	}
	read := func(until string) {
		t.Helper()
		for name, list := range streams {
			for i, f := range list {
				for {
					c, payload := f.next()
					if payloads[name][i] = append(payloads[name][i], string(payload)); c.Kind == until {
						break
					}
				}
			}
		}
	}
	read("") // the states
	before := w.figures(t)
	if before.groups != 3 || before.subscribers != 3*2*each {
		t.Errorf("%+v, want 3 groups of %d", before, 2*each)
	}
	w.rename(t, event, "Sala u")
	read("EVENT_UPDATED")
	if f := w.settle(t, before, 18); f.changes != 3 || f.messages != 18 || f.states+f.missed > 0 {
		t.Errorf("a change for everybody cost %+v", f)
	}
	before = w.figures(t)
	for range 4 { // one fact for everybody and one for organisers, each
		w.hub.Must(t, w.rep.token, short, block(event, w.clubGlobal, "WAIT_TOGETHER", public(1)))
	}
	w.rename(t, event, "Sala dos")
	read("EVENT_UPDATED")
	public, organisers := 5, 9
	if f := w.settle(t, before, 2*each*(2*public+organisers)); f.changes != 2*public+organisers || f.states+f.missed > 0 {
		t.Errorf("five changes for everybody and four for organisers cost %+v", f)
	}
	for name, list := range payloads {
		for i, got := range list[1:] {
			// The first may have begun before another, but all are of one group.
			if strings.Join(got[1:], "\n") != strings.Join(list[0][1:], "\n") {
				t.Errorf("%s: reader %d got other bytes:\n%s\nthan the first:\n%s", name, i+1, got[1:], list[0][1:])
			}
		}
	}
	for _, name := range []string{anonymous.name, technician.name} {
		if all := fmt.Sprint(payloads[name]); strings.Contains(all, `"revision":"`) || strings.Contains(all, `"viewerCanOrganise":true`) {
			t.Errorf("%s got what is for organisers: %s", name, all)
		}
	}
	if all := fmt.Sprint(payloads[w.officer.name]); !strings.Contains(all, `"revision":"`) || strings.Contains(all, `"viewerCanOrganise":false`) {
		t.Errorf("organisers lack what is theirs: %s", all)
	}
}

// TestStatementsOfAChange: what a change costs in the database does not depend
// on how many watch it.
func TestStatementsOfAChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	event := w.published(t, nil)
	const many, people = 500, 50
	tokens := make([]string, people)
	for i, person := range w.hub.Crowd(t, people, w.otherClub, directory.Delegate) {
		tokens[i] = w.hub.Token(person)
	}
	var streams []*follower
	join := func(n int) {
		var all errgroup.Group
		all.SetLimit(32) // a busy machine gives up on who does not get to sign in
		opened := make([]*follower, n)
		for i := range opened {
			all.Go(func() error {
				opened[i] = &follower{t: t, stream: w.hub.Socket(t, tokens[i%people]).Subscribe(alike, in{"id": event})}
				opened[i].next()
				return nil
			})
		}
		_ = all.Wait()
		streams = append(streams, opened...)
	}
	change := func(venue string) figures {
		t.Helper()
		before := w.figures(t)
		w.rename(t, event, venue)
		for _, f := range streams {
			f.next()
		}
		return w.settle(t, before, len(streams))
	}
	join(1)
	alone := change("Sala u")
	before := w.figures(t)
	join(many - 1)
	joined := w.figures(t).since(before)
	together := change("Sala dos")
	t.Logf("a change alone: %+v; with %d subscribers of %d people: %+v; these joined with %+v", alone, many, people, together, joined)
	if alone.changes != 1 || together.changes != 1 || together.messages != many {
		t.Errorf("executed %d and %d times", alone.changes, together.changes)
	}
	if alone.statements != together.statements || alone.statements == 0 {
		t.Errorf("%d statements for one, %d for %d", alone.statements, together.statements, many)
	}
	if joined.states >= many/2 {
		t.Errorf("%d who joined at once had the state made %d times", many-1, joined.states)
	}
}

// apart is the same operation with something in it that depends on the person.
func apart(field string) string {
	return strings.Replace(alike, "seats { availability", field+" seats { availability", 1)
}

// TestPersonalStreamsAreNotShared: what a subscription selects of the person is
// theirs, and such a subscription runs alone.
func TestPersonalStreamsAreNotShared(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	event := w.published(t, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 50}}})
	for _, field := range []string{
		"registration { state delegates { name } }", "event { viewerCanRegister { code } }",
		"event { registrations { nodes { place } } }", "event { organisers { organization { invitations { id } } } }",
		"event { ... on Node { ... on Event { registrations { pageInfo { hasNextPage } } } } }",
	} {
		t.Run(field, func(t *testing.T) {
			mine := &follower{t: t, stream: w.hub.Socket(t, w.rep.token).Subscribe(apart(field), in{"id": event})}
			theirs := &follower{t: t, stream: w.hub.Socket(t, w.stranger.token).Subscribe(apart(field), in{"id": event})}
			mine.next()
			theirs.next()
			if f := w.figures(t); f.groups != 0 || f.subscribers != 0 {
				t.Fatalf("it is shared: %+v", f)
			}
			w.hub.Must(t, w.rep.token, short, block(event, w.clubGlobal, "WAIT_TOGETHER", []in{{"name": canary, "role": "PUBLIC"}}))
			_, own := mine.next()
			_, other := theirs.next()
			if strings.Contains(string(other), canary) || strings.Contains(string(other), `"place"`) {
				t.Errorf("a stranger got %s", other)
			}
			if strings.HasPrefix(field, "event { registrations") && !strings.Contains(string(own), `"registrations":{"nodes":[{`) {
				t.Errorf("what is the reader's own is missing: %s", own)
			}
		})
	}
}

// TestSharedEqualsAlone: the same changes, read at an instance that shares
// executions and at one that does not, by people with other rights besides: byte
// for byte the same, for everything that may be shared.
func TestSharedEqualsAlone(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	w := newWorld(t, hubtest.Config{Database: d})
	single := hubtest.Start(t, hubtest.Config{Database: d, Options: []app.Option{app.WithoutSharing()}})
	event := w.published(t, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 50}}})
	readers := []reader{anonymous, w.stranger, w.rep, w.otherRep, w.officer}
	type pair struct {
		reader
		shared, alone *follower
	}
	var pairs []pair
	for _, who := range readers {
		p := pair{
			who, &follower{t: t, stream: w.hub.Socket(t, who.token).Subscribe(alike, in{"id": event})},
			&follower{t: t, stream: single.Socket(t, who.token).Subscribe(alike, in{"id": event})},
		}
		pairs = append(pairs, p)
	}
	compare := func(until string) {
		t.Helper()
		for _, p := range pairs {
			for {
				c, shared := p.shared.next()
				_, alone := p.alone.next()
				if string(shared) != string(alone) {
					t.Errorf("%s: shared\n%s\nalone\n%s", p.name, shared, alone)
				}
				if c.Kind == until {
					break
				}
			}
		}
	}
	compare("")
	for i := range 3 {
		w.hub.Must(t, w.rep.token, short, block(event, w.clubGlobal, "WAIT_TOGETHER", public(i+1)))
		compare("SEATS_CHANGED")
		w.rename(t, event, fmt.Sprint("Sala ", i))
		compare("EVENT_UPDATED")
	}
	if f := w.figures(t); f.groups != 3 { // everybody, who is signed in, and organisers
		t.Errorf("%+v", f)
	}
	if n := single.Meter(t, "teixit_live_groups"); n != 0 {
		t.Errorf("%d groups at the instance that shares nothing", n)
	}
}

// TestRaisedLevel: who comes to see more goes on at the new level, with its
// state first.
func TestRaisedLevel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	event := w.published(t, nil)
	stream := w.hub.Socket(t, w.rep.token).Subscribe(alike, in{"id": event})
	begun := changeOf(t, stream.Next())
	stays := w.hub.Socket(t, w.otherRep.token).Subscribe(alike, in{"id": event})
	stays.Next()
	w.hub.Must(t, w.officer.token, updateEvent, in{"in": in{"id": event, "coOrganisers": []string{w.clubGlobal}}})
	var raised json.RawMessage
	for { // the fact may come first, seen from outside
		raised = stream.Next()
		if c := changeOf(t, raised); c.Kind == "" {
			break
		} else if c.Number != begun.Number+1 {
			t.Fatalf("before the new state came %s", raised)
		}
	}
	if !strings.Contains(string(raised), `"viewerCanOrganise":true`) || !strings.Contains(string(raised), `"revision":"`) {
		t.Errorf("the state of who organises it now: %s", raised)
	}
	w.rename(t, event, "Sala u")
	if next := changeOf(t, stream.Next()); next.Number != changeOf(t, raised).Number+1 {
		t.Errorf("behind it came %+v", next)
	}
	for _, number := range []int{begun.Number + 1, begun.Number + 2} {
		if c := changeOf(t, stays.Next()); c.Number != number || c.Kind != "EVENT_UPDATED" {
			t.Errorf("who stays got %+v", c)
		}
	}
}
