package project_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/hubtest"
)

const follow = `subscription($id: ID!, $after: String) { projectChanges(id: $id, after: $after) { number cursor kind fields part organization { name } note { text internal }
	project { state notes { text } partners { organization { name } lead } commitments { text state partner { name } } } } }`

// change is one message of projectChanges.
type change struct {
	Number       int
	Cursor       string
	Kind         string
	Organization *struct{ Name string }
	Note         *struct{ Text string }
}

// follower reads one stream and holds its numbers to be consecutive.
type follower struct {
	*world
	socket *hubtest.Socket
	stream *hubtest.Stream
	last   int
}

func (w *world) follow(who reader, project, after string) *follower {
	w.Helper()
	variables := in{"id": project}
	if after != "" {
		variables["after"] = after
	}
	s := w.hub.Socket(w, who.token)
	return &follower{world: w, socket: s, stream: s.Subscribe(follow, variables), last: -1}
}

func (f *follower) next() change {
	f.Helper()
	payload := f.stream.Next()
	var answer struct {
		Data   struct{ ProjectChanges *change }
		Errors []any
	}
	if err := json.Unmarshal(payload, &answer); err != nil || answer.Data.ProjectChanges == nil || len(answer.Errors) > 0 {
		f.Fatalf("no change: %s", payload)
	}
	c := *answer.Data.ProjectChanges
	if f.last >= 0 && c.Number != f.last+1 {
		f.Errorf("number %d after %d", c.Number, f.last)
	}
	f.last = c.Number
	return c
}

// until reads on to the first message of a kind and tells the kinds.
func (f *follower) until(kind string) (kinds []string) {
	f.Helper()
	for {
		c := f.next()
		if kinds = append(kinds, c.Kind); c.Kind == kind {
			return kinds
		}
	}
}

// A partner leaves: what it promised goes on with others or is dropped, who had
// it before is kept, and its people see that they left as the last thing.
func TestPartnerLeaves(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	p := w.call(w.project(in{"partners": []in{{"organization": w.club, "side": "SOCIAL"}, {"organization": w.otherClub, "side": "SOCIAL"}}}), "project")
	// They have been partners for years: an edge that began today would leave no trace.
	w.exec(`update edges set valid = daterange('2020-01-01', null) where kind in ('leads', 'collaborates_in')`)
	promise := func(text string) string {
		return w.ask(w.rep, addCommitment, in{"in": in{"project": p, "partner": w.club, "text": in{"ca": text}}}, "partnerCommitmentAdd.commitment.id")
	}
	moved, dropped, kept := w.call(promise("Tallers"), "workshops"), w.call(promise("Cartells"), "posters"), w.call(promise("Un estudi"), "study")
	w.ask(w.rep, `mutation($in: PartnerCommitmentChangeInput!) { partnerCommitmentChange(input: $in) { commitment { id } errors { code } } }`, in{"in": in{"id": kept, "state": "DONE"}}, "")
	leaving, staying := w.follow(w.rep, p, ""), w.follow(w.otherRep, p, "")
	leaving.next()
	staying.next()

	leave := in{"project": p, "organization": w.club}
	w.refused(w.rep, leaveProject, in{"in": leave}, "COMMITMENTS_TO_REASSIGN")
	leave["reassign"] = []in{{"commitment": moved, "to": w.club}, {"commitment": dropped}}
	w.refused(w.rep, leaveProject, in{"in": leave}, "NOT_A_PARTNER")
	leave["reassign"] = []in{{"commitment": moved, "to": w.otherClub}, {"commitment": kept}}
	w.refused(w.rep, leaveProject, in{"in": leave}, "NOT_FOUND")
	leave["reassign"] = []in{{"commitment": moved, "to": w.otherClub}, {"commitment": dropped}}
	w.refused(w.otherRep, leaveProject, in{"in": leave}, "DENIED")
	leave["newLead"] = w.otherClub
	w.refused(w.rep, leaveProject, in{"in": leave}, "NOT_THE_LEAD")
	delete(leave, "newLead")
	leave["note"], leave["idempotencyKey"] = in{"ca": canary}, "leave-1"
	w.ask(w.rep, leaveProject, in{"in": leave}, "")

	told := []string{"COMMITMENT_MOVED", "COMMITMENT_CHANGED", "NOTE_ADDED", "PARTNER_LEFT"}
	if diff := cmp.Diff(told, leaving.until("PARTNER_LEFT")); diff != "" {
		t.Error("who left is told", diff)
	}
	if code, _ := leaving.socket.Ended(); code != 4403 {
		t.Errorf("the connection of who left is closed with %d", code)
	}
	if diff := cmp.Diff(told, staying.until("PARTNER_LEFT")); diff != "" {
		t.Error("who stays is told", diff)
	}
	w.want(w.rep, `query($id: ID!) { sharedProject(id: $id) { title } }`, in{"id": p}, `{"data":{"sharedProject":null}}`)
	w.want(w.otherRep, `query($id: ID!) { sharedProject(id: $id) { partners { organization { name } } before: partners(past: true) { organization { name } from }
		commitments { id state partner { name } moves { from { name } to { name } } } } }`, in{"id": p}, `{"data":{"sharedProject":{
		"partners":[{"organization":{"name":"Terrassa Town Council"}},{"organization":{"name":"Entitat Dues"}}],
		"before":[{"organization":{"name":"Terrassa Town Council"},"from":"2020-01-01"},{"organization":{"name":"Entitat Dues"},"from":"2020-01-01"},{"organization":{"name":"Entitat Una"},"from":"2020-01-01"}],
		"commitments":[{"id":"<workshops>","state":"OPEN","partner":{"name":"Entitat Dues"},"moves":[{"from":{"name":"Entitat Una"},"to":{"name":"Entitat Dues"}}]},
		{"id":"<posters>","state":"DROPPED","partner":{"name":"Entitat Una"},"moves":[]},{"id":"<study>","state":"DONE","partner":{"name":"Entitat Una"},"moves":[]}]}}}`)

	// The lead leaves only when another takes the lead, and then loses its sight.
	leading := w.follow(w.officer, p, "")
	leading.next()
	w.refused(w.officer, leaveProject, in{"in": in{"project": p, "organization": w.town}}, "PROJECT_NEEDS_LEAD")
	w.ask(w.officer, leaveProject, in{"in": in{"project": p, "organization": w.town, "newLead": w.otherClub}}, "")
	if kinds := leading.until("PARTNER_LEFT"); !slices.Equal(kinds, []string{"PARTNER_LEFT"}) {
		t.Errorf("the lead is told %v", kinds)
	}
	if code, _ := leading.socket.Ended(); code != 4403 {
		t.Errorf("the lead's connection is closed with %d", code)
	}
	w.want(w.otherRep, `query($id: ID!) { sharedProject(id: $id) { partners { organization { name } lead } viewerCanOrganise { allowed } } }`, in{"id": p},
		`{"data":{"sharedProject":{"partners":[{"organization":{"name":"Entitat Dues"},"lead":true}],"viewerCanOrganise":{"allowed":true}}}}`)
	w.want(w.officer, `query($id: ID!) { sharedProject(id: $id) { title } }`, in{"id": p}, `{"data":{"sharedProject":null}}`)
}

// Who comes back with a cursor gets what was missed, once each and in order.
func TestResumingAProject(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	p := w.project(nil)
	first := w.follow(w.rep, p, "")
	cursor := first.next().Cursor
	first.socket.Close()
	for _, text := range []string{"u", "dos", "tres", "quatre", "cinc", "sis", "set"} {
		w.ask(w.officer, addNote, in{"in": in{"project": p, "text": in{"ca": text}, "internal": true}}, "")
	}
	again := w.follow(w.rep, p, cursor)
	var got []string
	for range 7 {
		got = append(got, again.next().Note.Text)
	}
	if diff := cmp.Diff([]string{"u", "dos", "tres", "quatre", "cinc", "sis", "set"}, got); diff != "" {
		t.Error(diff)
	}
}
