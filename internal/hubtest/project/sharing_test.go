package project_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/pgtest"
)

const (
	projectAlike = `subscription($id: ID!, $after: String) { projectChanges(id: $id, after: $after) { number cursor kind at fields part organization { name } note { text internal onBehalfOf { name } }
	project { title state revision dropReason notes { text } partners { organization { name } lead side } commitments { text state partner { name } moves { at } } milestones { title late }
		done { count activities { title territory { title } } } funding { source euros } } } }`
	workshopAlike = `subscription($id: ID!, $after: String) { workshopChanges(id: $id, after: $after) { number cursor kind at entry group { name }
	workshop { state joinCode groups { name } organization { name } board { territory { title } priorities { text byOrganisers authors { name } } } } } }`
	boardAlike = `subscription($id: ID, $token: String) { workshopBoard(id: $id, token: $token) { number cursor workshop { state joinCode board { territory { title } priorities { text } } } } }`
)

// readings are a subscription at an instance that shares executions and at one
// that does not, read by the same people.
type readings struct {
	*world
	shared, alone *hubtest.Audience
}

// levels are the groups of everyLevel.
const levels = 5

// everyLevel lets people of every level of sight follow, several of each. Those
// inside are of one level between everybody who is signed in and the organisers.
func (w *world) everyLevel(single *hubtest.Hub, subscription, of string, inside ...reader) *readings {
	w.Helper()
	r := &readings{world: w}
	both := [2]*hubtest.Audience{}
	for i, hub := range []*hubtest.Hub{w.hub, single} {
		both[i] = hub.Audience(w, subscription, in{"id": of})
		both[i].Join("everybody", "en", "", "")
		both[i].Join("signed in", "en", w.stranger.token, w.neighbour.token)
		for _, who := range inside {
			both[i].Join("inside", "en", who.token)
		}
		both[i].Join("organisers", "en", w.officer.token, w.officer.token)
		both[i].Join("organisers in Spanish", "es", w.officer.token, w.officer.token)
	}
	r.shared, r.alone = both[0], both[1]
	return r
}

// next is the next message of groups. Shared or alone, it is the same; shared, it
// is executed once for each group.
func (r *readings) next(groups ...string) map[string]string {
	r.Helper()
	got := r.shared.Next(groups...)
	if diff := cmp.Diff(r.alone.Next(groups...), got); diff != "" {
		r.Errorf("shared it is not the same as alone (-alone +shared):\n%s", diff)
	}
	want := len(groups)
	if want == 0 {
		want = levels
	}
	if n := r.shared.Executed(); n != want {
		r.Errorf("a change for %d groups was executed %d times", want, n)
	}
	return got
}

// begin reads the states: who asks the same at one level and in one language is a
// group.
func (r *readings) begin() {
	r.Helper()
	for level, alone := range r.alone.Next() {
		if shared := r.shared.Next(level)[level]; shared != alone {
			r.Errorf("%s begin with\n%s\nalone with\n%s", level, shared, alone)
		}
	}
	r.shared.Executed()
}

// Projects and workshops are executed once for all who follow them at one level
// and in one language, and never for two levels: what some may see is in nobody
// else's messages, and everybody gets what they would get alone.
func TestProjectsAndWorkshopsAreShared(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	w := newWorld(t, hubtest.Config{Database: d})
	single := hubtest.Start(t, hubtest.Config{Database: d, Options: []app.Option{app.WithoutSharing()}})

	p := w.project(in{"visibility": "PUBLIC", "partners": []in{{"organization": w.club, "side": "SOCIAL"}, {"organization": w.otherClub, "side": "SOCIAL"}}})
	project := w.everyLevel(single, projectAlike, p, w.technician, w.rep, w.otherRep)
	project.begin()
	if n, groups := project.shared.Members(); n != 11 || groups != levels {
		t.Errorf("%d share executions in %d groups", n, groups)
	}
	w.ask(w.officer, addNote, in{"in": in{"project": p, "text": in{"ca": "Per a tothom"}, "internal": false}}, "")
	project.next()
	w.ask(w.rep, addCommitment, in{"in": in{"project": p, "partner": w.club, "text": in{"ca": "Dos tallers"}}}, "")
	project.next()
	w.ask(w.officer, addNote, in{"in": in{"project": p, "text": in{"ca": canary}, "internal": true}}, "")
	for level, payload := range project.next("inside", "organisers", "organisers in Spanish") {
		if !strings.Contains(payload, canary) {
			t.Errorf("%s lack what is for them: %s", level, payload)
		}
	}
	w.ask(w.officer, setActivity, in{"in": in{"project": p, "title": in{"ca": "Taller"}, "participants": 7}}, "")
	for level, payload := range project.next() {
		if secret := strings.Contains(payload, canary); secret != (level == "inside" || strings.HasPrefix(level, "organisers")) {
			t.Errorf("%s got %s", level, payload)
		}
		if counted := !strings.Contains(payload, `"revision":null`); counted != strings.HasPrefix(level, "organisers") {
			t.Errorf("%s got a number that counts what is hidden: %s", level, payload)
		}
	}

	for _, subscription := range []string{workshopAlike, boardAlike} {
		shop, code := w.workshop(in{"visibility": "PUBLIC"})
		workshop := w.everyLevel(single, subscription, shop, w.technician, w.technician)
		workshop.begin()
		w.ask(w.officer, noteEntry, in{"in": in{"by": in{"workshop": shop}, "kind": "PRIORITY", "territory": quarter("59"), "text": in{"ca": "Més bancs"}}}, "")
		for level, payload := range workshop.next() {
			if !strings.Contains(payload, "Més bancs") || strings.Contains(payload, `"joinCode":null`) == strings.HasPrefix(level, "organisers") {
				t.Errorf("%s got %s", level, payload)
			}
		}
		// A group's link can be taken back: who has one follows alone.
		before, _ := workshop.shared.Members()
		token := w.join(code, "Grup")
		workshop.next()
		w.hub.Socket(t, "").Subscribe(boardAlike, in{"token": token}).Next()
		if now, _ := workshop.shared.Members(); now != before {
			t.Errorf("who has a link shares: %d instead of %d", now, before)
		}
	}
}
