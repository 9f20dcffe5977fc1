package table_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
)

const canary = "CANARI"

// ways are how an internal table of Terrassa could be come upon. TABLE, SESSION
// and RESOLUTION are its identifiers.
var ways = map[string]string{
	"node":          `{ node(id: "TABLE") { __typename id ... on WorkingTable { title } } }`,
	"nodes":         `{ nodes(ids: ["TABLE", "TERRASSA"]) { __typename ... on WorkingTable { title } } }`,
	"table":         `{ workingTable(id: "TABLE") { title sessions { totalCount nodes { title } } seats { name } officers { name } members { organization { title } } } }`,
	"list":          `{ workingTables(first: 100) { nodes { title } } }`,
	"count":         `{ workingTables { totalCount } }`,
	"by text":       `{ workingTables(filter: {text: "canari"}) { totalCount edges { cursor } } }`,
	"by territory":  `{ workingTables(filter: {territory: "TERRASSA"}) { totalCount nodes { title } } }`,
	"by member":     `{ workingTables(filter: {member: "CLUB"}) { totalCount nodes { title } } }`,
	"by convenor":   `{ workingTables(filter: {member: "TERRASSA"}) { totalCount nodes { title } } }`,
	"of the town":   `{ municipality(by: {ineCode: "08279"}) { workingTables { totalCount nodes { title } } } }`,
	"of the club":   `{ organization(by: {id: "CLUB"}) { ... on Association { workingTables { totalCount nodes { title } } } } }`,
	"session":       `{ tableSession(id: "SESSION") { title minutes { text } agenda { title } } }`,
	"resolution":    `{ tableResolution(id: "RESOLUTION") { text } }`,
	"promises":      `{ tableResolutions(first: 100) { totalCount nodes { text } } }`,
	"late":          `{ tableResolutions(filter: {territory: "TERRASSA", overdue: true}) { totalCount nodes { text } } }`,
	"by table":      `{ tableResolutions(filter: {responsible: "CLUB"}) { totalCount nodes { text } } }`,
	"what it was":   `{ minutesPreview(session: "SESSION") }`,
	"its trail":     `{ auditTrail(node: "TABLE") { nodes { what } } }`,
	"its sub-table": `{ workingTables(filter: {text: "publica"}) { nodes { title partOf { title } subTables { title } } } }`,
}

// TestInternalTableDoesNotExist for people of another town, a provincial
// coordinator, an administrator of the platform and nobody: in no list, search,
// count, feed, nor by its identifiers. Answers are, but for the identifiers, what
// they were before there was such a table.
func TestInternalTableDoesNotExist(t *testing.T) {
	w := newWorld(t)
	public := w.newTable(in{"title": in{"ca": "Taula publica"}, "visibility": "PUBLIC"})
	names := strings.NewReplacer("TERRASSA", w.terrassa(), "CLUB", global(w.bodies[0]), "TABLE", node.WorkingTable.Global(id.New()),
		"SESSION", "tss_"+strings.Repeat("0", 52), "RESOLUTION", "res_"+strings.Repeat("0", 52))
	outsiders := map[string]string{"another town": w.otherTown, "provincial": w.provincial, "administrator": w.boss, "stranger": w.stranger, "nobody": ""}
	before := map[string]string{}
	for way, query := range ways {
		for who, token := range outsiders {
			before[way+who] = w.body(token, names.Replace(query))
		}
	}
	secret := in{"ca": canary + " intern"}
	table := w.newTable(in{"title": secret, "description": secret, "visibility": "MEMBERS", "partOf": public})
	session, item := w.called(table, in{"title": secret})
	w.opened(session, 0, 1, 2)
	resolution := w.do(w.secretaryToken, "tableResolutionAdopt", in{"item": item, "kind": "TASK", "text": secret, "responsible": global(w.bodies[0]), "deadline": day(-1)}, "resolution { id }", "resolution.id").(string)
	names = strings.NewReplacer("TERRASSA", w.terrassa(), "CLUB", global(w.bodies[0]), "TABLE", table, "SESSION", session, "RESOLUTION", resolution)
	for way, query := range ways {
		for who, token := range outsiders {
			got := w.body(token, names.Replace(query))
			if strings.Contains(got, canary) || got != before[way+who] {
				t.Errorf("%s finds the table by %s:\n%s\ninstead of\n%s", who, way, got, before[way+who])
			}
		}
		// The negative control: who takes part finds it by each way but the trail.
		got := string(w.hub.Query(t, w.tokens[0], names.Replace(query), nil).Body)
		if found := strings.Contains(got, canary) || way == "count" || way == "by text" || way == "its trail" || way == "what it was"; !found {
			t.Errorf("a member does not find it by %s: %s", way, got)
		}
	}
	w.nothingLive(table, session, outsiders)
	w.nothingInFeeds(table, outsiders)
	for name, input := range map[string]in{
		"workingTableUpdate": {"id": table, "filePrefix": "X"}, "tableMemberAdd": {"table": table, "organization": global(w.bodies[0])},
		"tableSessionAnswer": {"id": session, "organization": global(w.bodies[0]), "answer": "ATTEND"}, "tableResolutionFollow": {"id": resolution, "state": "DONE"},
		"minutesDraft": {"session": session}, "agendaItemOpen": {"id": item},
	} {
		w.mustRefuse(w.provincial, name, input, "NOT_FOUND")
		w.mustRefuse(w.boss, name, input, "NOT_FOUND")
		w.mustRefuse("", name, input, "UNAUTHENTICATED")
	}
}

var reference = regexp.MustCompile(`"reference":"[^"]*"`)

// body is an answer without what differs from request to request.
func (w *world) body(token, query string) string {
	w.Helper()
	return string(reference.ReplaceAll(w.hub.Query(w.T, token, query, nil).Body, nil))
}

// nothingLive: the streams answer as for what does not exist.
func (w *world) nothingLive(table, session string, outsiders map[string]string) {
	w.Helper()
	for who, token := range outsiders {
		for name, s := range map[string]struct{ query, id string }{"table": {follow, table}, "session": {followSession, session}, "board": {board, session}} {
			m := w.hub.Socket(w.T, token).Subscribe(s.query, in{"id": s.id}).Message()
			if m.Kind != "error" || strings.Contains(string(m.Payload), canary) || !strings.Contains(string(m.Payload), "NOT_FOUND") && !strings.Contains(string(m.Payload), "UNAUTHENTICATED") {
				w.Errorf("%s watches the %s: %s %s", who, name, m.Kind, m.Payload)
			}
		}
	}
}

// nothingInFeeds: neither in the feed of the town, of a member, nor in its own.
func (w *world) nothingInFeeds(table string, outsiders map[string]string) {
	w.Helper()
	w.hub.Settled(w.T)
	feed := `query($of: ID!) { feed(of: {node: $of}, first: 100) { nodes { node { id } } } }`
	for _, of := range []string{w.terrassa(), global(w.bodies[0]), table} {
		for who, token := range outsiders {
			if a := w.hub.Query(w.T, token, feed, in{"of": of}); strings.Contains(string(a.Body), table) {
				w.Errorf("%s finds the table in the feed of %s: %s", who, of, a.Body)
			}
		}
		if a := w.hub.Query(w.T, w.tokens[1], feed, in{"of": of}); !strings.Contains(string(a.Body), table) {
			w.Errorf("a member finds nothing in the feed of %s: %s", of, a.Body)
		}
	}
}

// TestLevels: what is public of a table, what is the members', what the
// organisers'.
func TestLevels(t *testing.T) {
	w := newWorld(t)
	table := w.newTable(in{"visibility": "PUBLIC", "inside": "MEMBERS"})
	prepared := w.do(w.secretaryToken, "tableSessionCreate", in{"table": table, "title": in{"ca": "En preparació"}}, "session { id }", "session.id").(string)
	session, _ := w.called(table, in{"title": in{"ca": "Convocada"}})
	shown := `query($id: ID!) { workingTable(id: $id) { title members { organization { title } } seats { name } officers { name } sessions { totalCount nodes { title } } revision } }`
	w.same(w.ask("", shown, in{"id": table}, "workingTable.sessions"), `{"totalCount": 0, "nodes": []}`)
	w.same(w.ask("", shown, in{"id": table}, "workingTable.seats"), `[]`)
	w.same(w.ask("", shown, in{"id": table}, "workingTable.officers"), `[]`)
	if got := w.ask("", shown, in{"id": table}, "workingTable.members.3.organization.title"); got != "Entitat Inventada 4" {
		t.Errorf("nobody sees the members: %v", got)
	}
	w.same(w.ask(w.tokens[0], shown, in{"id": table}, "workingTable.sessions"), `{"totalCount": 1, "nodes": [{"title": "Convocada"}]}`)
	w.same(w.ask(w.chair, shown, in{"id": table}, "workingTable.sessions"), `{"totalCount": 2, "nodes": [{"title": "En preparació"}, {"title": "Convocada"}]}`)
	for token, want := range map[string]any{w.tokens[0]: nil, w.chair: "En preparació"} {
		if got := w.ask(token, `query($id: ID!) { tableSession(id: $id) { title } }`, in{"id": prepared}, "tableSession.title"); got != want {
			t.Errorf("a session in preparation: %v, want %v", got, want)
		}
	}
	// Opened to everybody, its sessions are seen by everybody, attendance is not.
	w.do(w.chair, "workingTableUpdate", in{"id": table, "inside": "PUBLIC"}, "table { inside }", "")
	w.same(w.ask("", `query($id: ID!) { tableSession(id: $id) { title attendance { present } quorum { members } } }`, in{"id": session}, "tableSession"), `{"title": "Convocada", "attendance": [], "quorum": {"members": 4}}`)
	// Hidden again, whoever watched is cut off behind that change.
	s := w.hub.Socket(t, w.stranger)
	stream := s.Subscribe(follow, in{"id": table})
	stream.Next()
	w.do(w.chair, "workingTableUpdate", in{"id": table, "visibility": "MEMBERS"}, "table { inside }", "")
	if got := read(t, stream.Next()); got.kind() != "TABLE_UPDATED" {
		t.Errorf("the last thing seen is %s", got.kind())
	}
	if code, _ := s.Ended(); code != 4403 {
		t.Errorf("ended with %d", code)
	}
}
