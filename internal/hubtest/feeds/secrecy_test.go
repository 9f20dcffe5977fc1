package feeds_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

// What is hidden, as a draft, as something for the people of its home, or as a
// note, is found by nobody else in any feed, inbox, count, list, stream or by its
// identifier: not by people of another town, the provincial coordinator, an
// administrator of the platform or nobody. Its organiser finds it by each of these
// ways: otherwise that the others do not would prove nothing.
func TestHiddenThingsAreFoundNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	others := map[string]somebody{
		"nobody": {}, "another town": w.elsewhere, "provincial": w.provincial, "administrator": w.admin, "association": w.club,
	}
	seen := w.event("Visible", access.Public)
	hidden := w.event("Abans visible", access.Public)
	sets := map[string]any{}
	for name, by := range others {
		if by.token == "" {
			continue
		}
		w.watch(by, global(hidden))
		sets[name] = at(w.do(by, "savedSetCreate", "SavedSetCreateInput", "savedSet { id }", in{"title": "L", "nodes": []string{global(hidden), global(seen)}}), "savedSet.id")
	}
	w.watch(w.officer, global(hidden))
	sets["officer"] = at(w.do(w.officer, "savedSetCreate", "SavedSetCreateInput", "savedSet { id }", in{"title": "L", "nodes": []string{global(hidden)}}), "savedSet.id")
	before := w.comment(w.club, global(hidden), canary+" d'abans", "EVERYBODY")
	w.hub.Must(t, w.officer.token, `mutation($in: EventUpdateInput!) { eventUpdate(input: $in) { errors { code } } }`,
		in{"in": in{"id": global(hidden), "title": in{"ca": canary}, "visibility": "HOME"}})
	w.comment(w.technician, global(hidden), canary+" de casa", "EVERYBODY")
	w.comment(w.officer, global(seen), canary+" en nota", "ORGANISERS")
	w.settled()
	ways := func(name string, by somebody) map[string]string {
		ask := func(query string, variables in) string {
			return string(w.hub.Query(t, by.token, query, variables).Body)
		}
		feed := func(of in) string { return ask(feedQuery, in{"of": of, "first": 100}) }
		all := map[string]string{
			"town": feed(in{"node": w.terrassa}), "comarca": feed(in{"node": w.vallesOccidental}), "field": feed(in{"node": w.theme}),
			"note in the feed": feed(in{"node": global(seen)}), "itself": feed(in{"node": global(hidden)}),
			"comments": ask(commentsQuery, in{"of": global(hidden)}), "notes": ask(commentsQuery, in{"of": global(seen)}),
			"lists":   ask(`{ savedSets { nodes { ... on Event { title } } } watches { node { ... on Event { title } } } }`, nil),
			"node":    ask(`query($id: ID!) { node(id: $id) { ... on Event { title } } }`, in{"id": global(hidden)}),
			"changes": string(w.hub.Socket(t, by.token).Subscribe(`subscription($id: ID!) { nodeChanges(id: $id) { number node { ... on Event { title } } } }`, in{"id": global(hidden)}).Message().Payload),
			"stream":  string(w.hub.Socket(t, by.token).Subscribe(feedChanges, in{"of": in{"node": w.terrassa}}).Message().Payload),
		}
		if by.token != "" {
			all["list"] = feed(in{"savedSet": sets[name]})
			all["inbox"] = ask(inboxQuery, in{"first": 100})
			all["inbox as a stream"] = string(w.hub.Socket(t, by.token).Subscribe(inboxChanges, nil).Message().Payload)
		}
		return all
	}
	control := ways("officer", w.officer)
	for name, by := range others {
		for way, answer := range ways(name, by) {
			if strings.Contains(answer, "Canari") || strings.Contains(answer, global(hidden)) && way != "itself" {
				t.Errorf("%s finds by %s: %s", name, way, answer)
			}
			if !strings.Contains(control[way], "Canari") {
				t.Errorf("the organiser does not find by %s: %s", way, control[way])
			}
		}
		if by.token == "" {
			continue
		}
		if box := w.inbox(by); len(withoutRoles(says(box.Items))) != 0 || box.Unread != len(box.Items) {
			t.Errorf("%s has %v in the inbox, %d unread", name, says(box.Items), box.Unread)
		}
		// As a thing that does not exist, to the letter.
		for query, variable := range map[string]string{commentsQuery: "of", `query($id: ID!) { viewerCanComment(of: $id) { allowed } watching(node: $id) }`: "id"} {
			a := w.hub.Query(t, by.token, query, in{variable: global(hidden)})
			b := w.hub.Query(t, by.token, query, in{variable: node.Event.Global(id.New())})
			if strings.Contains(query, "watching") {
				continue // one's own watch is known to oneself
			}
			if string(a.Body) != string(b.Body) {
				t.Errorf("%s: %s is not %s", name, a.Body, b.Body)
			}
		}
		for _, c := range []string{before} {
			if _, codes := w.try(by, "commentRemove", "CommentRemoveInput", "comment { id }", in{"id": c}); !cmp.Equal(codes, []string{"NOT_FOUND"}) {
				t.Errorf("%s on what was theirs to see: %v", name, codes)
			}
		}
	}
}

// A stream that is open when the thing is hidden: what it is of ends it with
// 4403; of what it only contains nothing more comes, and the rest goes on.
func TestHidingWhileConnected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seen, hidden := w.event("Visible", access.Public), w.event("Abans visible", access.Public)
	w.watch(w.club, global(hidden))
	w.watch(w.club, global(seen))
	w.settled()
	socket := w.hub.Socket(t, w.club.token)
	itself := socket.Subscribe(feedChanges, in{"of": in{"node": global(hidden)}})
	w.change(itself)
	town := w.hub.Socket(t, w.club.token).Subscribe(feedChanges, in{"of": in{"node": w.terrassa}})
	w.change(town)
	box := w.hub.Socket(t, w.club.token).Subscribe(inboxChanges, nil)
	w.inboxChange(box)
	w.hub.Must(t, w.officer.token, `mutation($in: EventUpdateInput!) { eventUpdate(input: $in) { errors { code } } }`,
		in{"in": in{"id": global(hidden), "title": in{"ca": canary}, "visibility": "HOME"}})
	w.comment(w.officer, global(hidden), canary, "EVERYBODY")
	if code, reason := socket.Ended(); code != 4403 {
		t.Errorf("closed with %d %s", code, reason)
	}
	w.comment(w.officer, global(seen), "Per a tothom", "EVERYBODY")
	w.hub.Must(t, w.officer.token, `mutation($in: EventUpdateInput!) { eventUpdate(input: $in) { errors { code } } }`, in{"in": in{"id": global(seen), "venueName": "Una altra"}})
	for {
		m := w.change(town)
		if b, _ := json.Marshal(m); strings.Contains(string(b), "Canari") {
			t.Errorf("the town's feed says %s", b)
		}
		if len(told(m.Items, "Visible")) > 0 {
			break
		}
	}
	for {
		m := w.inboxChange(box)
		if b, _ := json.Marshal(m); strings.Contains(string(b), "Canari") {
			t.Errorf("the inbox says %s", b)
		}
		if len(m.Items) > 0 {
			break
		}
	}
}

// A role that ends while connected: the inbox goes on with what is left, and the
// feed of what only the role showed ends.
func TestLosingARoleWhileConnected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.event("De casa", access.Home)
	w.settled()
	socket := w.hub.Socket(t, w.technician.token)
	stream := socket.Subscribe(feedChanges, in{"of": in{"node": global(home)}})
	if m := w.change(stream); len(m.Items) == 0 {
		t.Errorf("it begins with %+v", m)
	}
	a := w.hub.Query(t, w.officer.token, `mutation($in: AppointmentEndInput!) { appointmentEnd(input: $in) { errors { code } } }`,
		in{"in": in{"organization": w.terrassa, "person": w.technician.global, "role": "TECHNICIAN"}})
	if contains(a.Body, "code") {
		t.Fatalf("the role does not end: %s", a.Body)
	}
	w.comment(w.officer, global(home), canary, "EVERYBODY")
	if code, reason := socket.Ended(); code != 4403 {
		t.Errorf("closed with %d %s", code, reason)
	}
	if m, ok := stream.Last(); ok && contains(m.Payload, "Canari") {
		t.Errorf("behind the right came %s", m.Payload)
	}
}
