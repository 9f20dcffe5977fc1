package project_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/node"
)

// outsiders are who has nothing to do with an internal project: nobody, somebody
// signed in, an officer of another town, a provincial coordinator, an
// administrator of the platform.
func (w *world) outsiders() []reader {
	return []reader{anonymous, w.stranger, w.neighbour, w.coordinator, w.admin}
}

// ways are all ways to find a project: by its identifier, in lists, searches and
// counts, from its town, field and partners, and by following it.
func (w *world) ways(project string) map[string]string {
	field := node.Field.Global(taxonomy.TermID(node.Field, "EQUAL_TREATMENT"))
	return map[string]string{
		"id":        fmt.Sprintf(`{ sharedProject(id: %q) { id title notes { text } partners { organization { name } } } }`, project),
		"node":      fmt.Sprintf(`{ node(id: %q) { id ... on SharedProject { title } } }`, project),
		"nodes":     fmt.Sprintf(`{ nodes(ids: [%q, %q]) { id ... on SharedProject { title } } }`, project, w.town),
		"list":      `{ sharedProjects(first: 100) { nodes { id title } } }`,
		"count":     `{ sharedProjects { totalCount } }`,
		"search":    fmt.Sprintf(`{ sharedProjects(filter: {text: %q}) { totalCount nodes { id } } }`, canary),
		"state":     `{ sharedProjects(filter: {states: [IDEA]}) { totalCount nodes { id } } }`,
		"about":     fmt.Sprintf(`{ sharedProjects(filter: {about: %q}) { totalCount nodes { id } } }`, field),
		"partner":   fmt.Sprintf(`{ sharedProjects(filter: {partner: %q}) { totalCount nodes { id } } }`, w.club),
		"territory": fmt.Sprintf(`{ sharedProjects(filter: {territory: %q}) { totalCount nodes { id } } }`, w.town),
		"town":      `{ municipality(by: {ineCode: "08279"}) { projects { totalCount nodes { id title } } partnerIn { totalCount nodes { id title } } } }`,
		"comarca":   `{ comarques { municipalities(first: 100) { nodes { projects { totalCount } } } } }`,
		"partnerIn": fmt.Sprintf(`{ organization(by: {id: %q}) { ... on Association { partnerIn { totalCount nodes { id title } } } } }`, w.club),
	}
}

// Nobody who has nothing to do with an internal project finds anything of it:
// each answer is, byte for byte, what it was before the project was.
func TestInternalProjectsDoNotExist(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	w.project(in{"title": in{"ca": "Un projecte públic"}, "visibility": "PUBLIC"})
	none := strings.Repeat("0", 26)
	before := map[string]string{}
	for way, query := range w.ways("prj_" + none) {
		for _, who := range w.outsiders() {
			before[way+who.name] = w.body(who, query)
		}
	}
	field := node.Field.Global(taxonomy.TermID(node.Field, "EQUAL_TREATMENT"))
	p := w.project(in{"title": in{"ca": canary}, "about": []string{field}})
	for way, query := range w.ways(p) {
		for _, who := range w.outsiders() {
			got := strings.ReplaceAll(w.body(who, query), p, "prj_"+none)
			if got != before[way+who.name] {
				t.Errorf("%s finds the project by %s:\n%s\ninstead of\n%s", who.name, way, got, before[way+who.name])
			}
		}
		for _, who := range []reader{w.officer, w.rep} { // negative control: they do
			if got := w.body(who, query); way != "count" && way != "comarca" && !strings.Contains(got, p) {
				t.Errorf("%s does not find their project by %s: %s", who.name, way, got)
			}
		}
	}
	for _, who := range w.outsiders() {
		m := w.hub.Socket(t, who.token).Subscribe(follow, in{"id": p}).Message()
		if m.Kind != "error" || !bytes.Contains(m.Payload, []byte("NOT_FOUND")) || bytes.Contains(m.Payload, []byte(canary)) {
			t.Errorf("%s follows the project: %s %s", who.name, m.Kind, m.Payload)
		}
		for _, change := range []string{moveProject, addCommitment, setActivity, addNote, leaveProject} {
			input := map[string]in{
				moveProject: {"id": p, "to": "DROPPED", "reason": in{"ca": "Perquè sí"}}, addCommitment: {"project": p, "partner": w.club, "text": in{"ca": "Res"}},
				setActivity: {"project": p, "title": in{"ca": "Res"}}, addNote: {"project": p, "text": in{"ca": "Res"}, "internal": true},
				leaveProject: {"project": p, "organization": w.club},
			}[change]
			a := w.hub.Query(t, who.token, change, in{"in": input})
			code := string(codes.FindSubmatch(a.Body)[1])
			if who.token == "" && code != "UNAUTHENTICATED" || who.token != "" && code != "NOT_FOUND" {
				t.Errorf("%s: %s\nanswered %s", who.name, change, a.Body)
			}
		}
	}
}

// body is an answer without what differs from request to request.
func (w *world) body(who reader, query string) string {
	w.Helper()
	return string(changing.ReplaceAll(w.hub.Query(w, who.token, query, nil).Body, []byte(`"$1":""`)))
}

// Internal notes are for the members: not in a query of others, not in their
// stream, and not counted in its numbers.
func TestInternalNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	p := w.call(w.project(in{"visibility": "PUBLIC"}), "project")
	public, inside := w.follow(anonymous, p, ""), w.follow(w.rep, p, "")
	public.next()
	inside.next()
	note := func(text string, internal bool) {
		w.ask(w.rep, addNote, in{"in": in{"project": p, "text": in{"ca": text}, "internal": internal}}, "")
	}
	note(canary, true)
	note("Ja hem començat", false)
	for _, who := range w.outsiders() {
		w.want(who, `query($id: ID!) { sharedProject(id: $id) { notes { text internal onBehalfOf { name } } } }`, in{"id": p},
			`{"data":{"sharedProject":{"notes":[{"text":"Ja hem començat","internal":false,"onBehalfOf":null}]}}}`)
	}
	w.want(w.officer, `query($id: ID!) { sharedProject(id: $id) { notes { text internal } } }`, in{"id": p},
		`{"data":{"sharedProject":{"notes":[{"text":"Ja hem començat","internal":false},{"text":"CANARI-SECRET","internal":true}]}}}`)
	if c := public.next(); c.Kind != "NOTE_ADDED" || c.Note.Text != "Ja hem començat" {
		t.Errorf("nobody gets %+v", c)
	}
	for _, want := range []string{canary, "Ja hem començat"} {
		if c := inside.next(); c.Kind != "NOTE_ADDED" || c.Note.Text != want {
			t.Errorf("a member gets %+v, not %s", c, want)
		}
	}
	w.refused(w.stranger, addNote, in{"in": in{"project": p, "text": in{"ca": "Jo també"}, "internal": false}}, "DENIED")
}
