package api_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/schema"
)

// contract is the schema as it is published.
func contract(t *testing.T) *ast.Schema {
	t.Helper()
	files, err := fs.Glob(schema.FS, "*.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	var sources []*ast.Source
	for _, name := range files {
		text, err := schema.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	s, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// complete holds the rows of a table to the fields of a root type.
func complete[V any](t *testing.T, root *ast.Definition, table map[string]V) {
	t.Helper()
	for _, field := range root.Fields {
		if _, ok := table[field.Name]; !ok && !strings.HasPrefix(field.Name, "__") {
			t.Errorf("%s.%s has no row: say who may and who may not", root.Name, field.Name)
		}
	}
	for name := range table {
		if root.Fields.ForName(name) == nil {
			t.Errorf("%s.%s has a row and does not exist", root.Name, name)
		}
	}
}

// scene is what the matrix is played on: an event with a registration that
// awaits approval, a session and a document. Names and titles are canaries.
type scene struct{ event, session, document, pool, registration, delegate, person string }

func newScene(t *testing.T, w *world) scene {
	text := in{"ca": canary}
	event := w.published(t, in{"title": text, "requiresApproval": true, "visibility": "NETWORK"})
	session := w.hub.Must(t, w.officer.token, `mutation($in: EventSessionAddInput!) { eventSessionAdd(input: $in) { event { sessions { id } } } }`, in{"in": in{"event": event, "title": text}})
	document := w.hub.Must(t, w.officer.token, `mutation($in: EventDocumentAddInput!) { eventDocumentAdd(input: $in) { event { documents { id } } } }`, in{"in": in{"event": event, "title": text, "url": "https://example.org/canari"}})
	made := w.hub.Must(t, w.rep.token, short, block(event, w.clubGlobal, "WAIT_TOGETHER", []in{{"name": canary, "mail": "canari@example.org", "role": "PUBLIC"}}))
	return scene{
		event: event, session: at(t, session, "eventSessionAdd.event.sessions.0.id"), document: at(t, document, "eventDocumentAdd.event.documents.0.id"),
		pool: w.pools(t, event)[0], registration: at(t, made, "registrationCreate.registration.id"),
		delegate: at(t, made, "registrationCreate.registration.delegates.0.id"), person: node.Person.Global(w.repID),
	}
}

// mutations has, for each change, an input that would work for who may, and the
// codes that answer a stranger who is signed in.
func mutations(w *world, s scene) map[string]struct {
	input    in
	stranger []string
} {
	type row = struct {
		input    in
		stranger []string
	}
	denied, notFound, open := []string{"DENIED"}, []string{"NOT_FOUND"}, []string(nil)
	delegates := []in{{"name": "Aina", "role": "PUBLIC"}}
	return map[string]row{
		"associationCreate":      {in{"title": in{"ca": "Qualsevol"}, "actsIn": []string{w.council}}, open},
		"personCreate":           {in{"organization": w.clubGlobal, "name": "Aina", "role": "DELEGATE"}, denied},
		"appointmentCreate":      {in{"organization": w.clubGlobal, "person": s.person, "role": "DELEGATE"}, denied},
		"appointmentEnd":         {in{"organization": w.clubGlobal, "person": s.person, "role": "REPRESENTATIVE"}, denied},
		"eventCreate":            {in{"organiser": w.council, "kind": "SEMINAR", "title": in{"ca": "Seminari"}}, denied},
		"eventUpdate":            {in{"id": s.event, "venueName": "Una altra"}, denied},
		"eventPublish":           {in{"id": s.event}, denied},
		"eventCancel":            {in{"id": s.event, "reason": in{"ca": "Perquè sí"}}, denied},
		"eventMarkHeld":          {in{"id": s.event}, denied},
		"eventClose":             {in{"id": s.event}, denied},
		"eventSessionAdd":        {in{"event": s.event, "title": in{"ca": "Sessió"}}, denied},
		"eventSessionUpdate":     {in{"id": s.session, "room": "2"}, denied},
		"eventSessionRemove":     {in{"id": s.session}, denied},
		"eventDocumentAdd":       {in{"event": s.event, "title": in{"ca": "Document"}, "url": "https://example.org"}, denied},
		"eventDocumentWithdraw":  {in{"id": s.document}, denied},
		"eventNoShowsNote":       {in{"id": s.event}, denied},
		"seatPoolResize":         {in{"id": s.pool, "capacity": 9}, denied},
		"seatPoolLetSmallerPass": {in{"id": s.pool}, denied},
		"registrationCreate":     {in{"event": s.event, "organization": w.clubGlobal, "policy": "WAIT_TOGETHER", "delegates": delegates}, denied},
		"registrationCancel":     {in{"id": s.registration}, notFound},
		"registrationApprove":    {in{"id": s.registration}, denied},
		"registrationReject":     {in{"id": s.registration}, denied},
		"delegateCancel":         {in{"id": s.delegate}, notFound},
		"delegateReplace":        {in{"id": s.delegate, "name": "Aina"}, notFound},
		"delegateCheckIn":        {in{"event": s.event, "delegate": in{"id": s.delegate}}, denied},
		"delegateCheckInUndo":    {in{"id": s.delegate}, denied},
	}
}

// Every change of the contract, by nobody and by somebody who has nothing to do
// with it: refused, nothing told, nothing done.
func TestMutationsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	s := newScene(t, w)
	contract := contract(t)
	table := mutations(w, s)
	complete(t, contract.Mutation, table)
	before := facts(t, w)
	for name, row := range table {
		field := contract.Mutation.Fields.ForName(name)
		if field == nil {
			continue
		}
		query := fmt.Sprintf("mutation($in: %s) { %s(input: $in) { __typename errors { code } } }", field.Arguments.ForName("input").Type, name)
		a := w.hub.Query(t, "", query, in{"in": row.input})
		if len(a.Errors) != 1 || at(t, a.Errors[0], "extensions.code") != "UNAUTHENTICATED" || a.Data[name] != nil {
			t.Errorf("anonymous %s: %s", name, a.Body)
		}
		if row.stranger == nil {
			continue
		}
		a = w.hub.Query(t, w.stranger.token, query, in{"in": row.input})
		if code := refusal(t, a, name); !slices.Contains(row.stranger, code) || bytes.Contains(a.Body, []byte(canary)) {
			t.Errorf("a stranger's %s: %s", name, a.Body)
		}
	}
	if after := facts(t, w); after != before {
		t.Errorf("%d facts before and %d after", before, after)
	}
	for name, row := range table { // the same inputs work for who may: otherwise the refusals prove little
		if name == "registrationCreate" {
			query := fmt.Sprintf("mutation($in: %s) { %s(input: $in) { errors { code } } }", contract.Mutation.Fields.ForName(name).Arguments.ForName("input").Type, name)
			if a := w.hub.Query(t, w.rep.token, query, in{"in": row.input}); refusal(t, a, name) != "" {
				t.Errorf("the representative's %s: %s", name, a.Body)
			}
		}
	}
}

// refusal is the code that refused a change, at the top or in its payload;
// empty when it was not refused.
func refusal(t *testing.T, a hubtest.Answer, name string) string {
	t.Helper()
	if len(a.Errors) > 0 {
		return at(t, a.Errors[0], "extensions.code")
	}
	payload, ok := a.Data[name].(map[string]any)
	if !ok {
		return ""
	}
	if errs, ok := payload["errors"].([]any); ok && len(errs) > 0 {
		return at(t, errs, "0.code")
	}
	return ""
}

// facts is how many changes the journal knows.
func facts(t *testing.T, w *world) (n int) {
	t.Helper()
	if err := w.hub.DB.Read().QueryRow(context.Background(), `select count(*) from journal`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Every entry point for reading, by nobody: it answers, and tells no name, no
// title and no mail that are not for everybody.
func TestQueriesOfNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	s := newScene(t, w)
	c := w.talk(t)
	table := map[string]string{
		"node":           fmt.Sprintf(`{ node(id: %q) { __typename } }`, s.event),
		"nodes":          fmt.Sprintf(`{ nodes(ids: [%q, %q, %q]) { __typename ... on Person { name } ... on Association { title people { role person { name } } } } }`, s.event, s.person, w.clubGlobal),
		"viewer":         `{ viewer { person { name } } }`,
		"event":          fmt.Sprintf(`{ event(id: %q) { title } }`, s.event),
		"events":         `{ events { totalCount nodes { title registrations { nodes { delegates { name } } } } } }`,
		"registration":   fmt.Sprintf(`{ registration(id: %q) { state delegates { name } } }`, s.registration),
		"organization":   fmt.Sprintf(`{ organization(by: {id: %q}) { title ... on Association { people { person { name } } events { totalCount nodes { title } } } } }`, w.clubGlobal),
		"organizations":  `{ organizations(filter: {kinds: [ASSOCIATION]}) { totalCount nodes { title ... on Association { people { person { name } } } } } }`,
		"municipality":   `{ municipality(by: {ineCode: "08279"}) { title events(upcoming: false) { totalCount nodes { title } } organizations { nodes { title } } } }`,
		"municipalities": `{ municipalities(first: 1) { totalCount nodes { title } } }`,
		"comarques":      `{ comarques { title } }`,
		"taxonomy":       `{ taxonomy(kind: AXIS) { title } }`,
	}
	complete(t, contract(t).Query, table)
	names := make([]string, 0, len(table))
	for name := range table {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		a := c.ask(anonymous, name, table[name], nil)
		for _, secret := range []string{canary, "canari@", "Ramon", "Olga", "Aina"} {
			if len(a.Errors) > 0 || bytes.Contains(a.Body, []byte(secret)) {
				t.Errorf("%s tells nobody %s: %s", name, secret, a.Body)
			}
		}
	}
}

// The streams of the contract are those that TestLive knows.
func TestStreamsAreKnown(t *testing.T) {
	complete(t, contract(t).Subscription, map[string]string{"eventChanges": follow, "registrationBoard": watchBoard})
}
