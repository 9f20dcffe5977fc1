package project_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
)

const (
	joinGroup = `mutation($in: WorkshopGroupJoinInput!) { workshopGroupJoin(input: $in) { group { id name } token workshop { id title board { territory { title } } } errors { code path } } }`
	noteEntry = `mutation($in: WorkshopEntryAddInput!) { workshopEntryAdd(input: $in) { entry errors { code path } } }`
	mergeThem = `mutation($in: WorkshopPriorityMergeInput!) { workshopPriorityMerge(input: $in) { priority { id } errors { code path } } }`
	moveIt    = `mutation($in: WorkshopMoveInput!) { workshopMove(input: $in) { workshop { state joinCode } errors { code path } } }`
	board     = `subscription($id: ID, $token: String, $after: String) { workshopBoard(id: $id, token: $token, after: $after) { number cursor workshop { state joinCode
		board { territory { title } priorities { text authors { name } byOrganisers merged { text } capacities { text author { name } } projects { title } } runningProjects { text } capacities { text } } groups { name revoked } } } }`
	changes = `subscription($id: ID, $token: String, $after: String) { workshopChanges(id: $id, token: $token, after: $after) { number cursor kind entry group { name } workshop { joinCode } } }`
)

func quarter(code string) string {
	return node.Neighbourhood.Global(territory.NeighbourhoodID("08019", code))
}

// workshop makes one for three neighbourhoods and opens it; it answers its
// identifier and its code.
func (w *world) workshop(change in) (global, code string) {
	w.Helper()
	input := in{"organization": w.town, "title": in{"ca": "Taller del Besòs"}, "places": []string{quarter("59"), quarter("58"), quarter("57")}, "visibility": "MEMBERS"}
	for k, v := range change {
		input[k] = v
	}
	global = w.ask(w.officer, `mutation($in: WorkshopCreateInput!) { workshopCreate(input: $in) { workshop { id state } errors { code path } } }`, in{"in": input}, "workshopCreate.workshop.id")
	code = w.ask(w.officer, moveIt, in{"in": in{"id": global, "to": "OPEN"}}, "workshopMove.workshop.joinCode")
	return global, code
}

// join lets a group in and answers its secret.
func (w *world) join(code, name string) string {
	w.Helper()
	return w.ask(anonymous, joinGroup, in{"in": in{"code": code, "name": name}}, "workshopGroupJoin.token")
}

func (w *world) note(token, kind, place, text string) string {
	w.Helper()
	return w.ask(anonymous, noteEntry, in{"in": in{"by": in{"token": token}, "kind": kind, "territory": place, "text": in{"ca": text}}}, "workshopEntryAdd.entry")
}

// Six groups on real sockets note and merge in opposite directions at the same
// time: everybody ends with the same board, one priority with six authors.
func TestSixGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	_, code := w.workshop(nil)
	const n = 6
	tokens, priorities, sockets := make([]string, n), make([]string, n), make([]*hubtest.Stream, n)
	for i := range n {
		tokens[i] = w.join(code, fmt.Sprintf("Grup %d", i+1))
		priorities[i] = w.note(tokens[i], "PRIORITY", quarter([]string{"59", "58", "57"}[i%3]), fmt.Sprintf("Soledat %d", i+1))
		sockets[i] = w.hub.Socket(t, "").Subscribe(board, in{"token": tokens[i]})
		sockets[i].Next()
	}
	var groups sync.WaitGroup
	for i := range n {
		groups.Go(func() {
			for step := range n - 1 { // each along the ring, every other one the other way round
				a, b := (i+step)%n, (i+step+1)%n
				if i%2 == 1 {
					a, b = b, a
				}
				answer := w.hub.Query(t, "", mergeThem, in{"in": in{"by": in{"token": tokens[i]}, "priorities": []string{priorities[a], priorities[b]}}})
				if len(answer.Errors) > 0 || bytes.Contains(answer.Body, []byte(`"errors":[{`)) {
					t.Errorf("group %d merges: %s", i+1, answer.Body)
				}
			}
		})
	}
	groups.Wait()
	var last []any
	for i, s := range sockets {
		for {
			payload := s.Next()
			place := firstPlace(t, payload)
			if len(place["priorities"].([]any)) == 1 && len(place["priorities"].([]any)[0].(map[string]any)["authors"].([]any)) == n {
				last = append(last, place)
				break
			}
			_ = i
		}
	}
	for _, b := range last[1:] {
		if diff := cmp.Diff(last[0], b); diff != "" {
			t.Error("two groups see different boards:", diff)
		}
	}
	priority := last[0].(map[string]any)["priorities"].([]any)[0].(map[string]any)
	if priority["text"] != "Soledat 1" || len(priority["merged"].([]any)) != n-1 {
		t.Errorf("the oldest does not stand for all: %v", priority)
	}
}

// firstPlace is the board of the first neighbourhood of a message.
func firstPlace(t testing.TB, payload json.RawMessage) map[string]any {
	t.Helper()
	var m struct {
		Data struct {
			WorkshopBoard struct {
				Workshop struct{ Board []map[string]any }
			}
		}
		Errors []any
	}
	if err := json.Unmarshal(payload, &m); err != nil || len(m.Errors) > 0 || len(m.Data.WorkshopBoard.Workshop.Board) == 0 {
		t.Fatalf("no board: %s", payload)
	}
	return m.Data.WorkshopBoard.Workshop.Board[0]
}

// From what people were asked to the projects of three neighbourhoods, in one
// query: consultation → event → workshop → priority → project.
func TestChain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{Options: []app.Option{app.WithStatementCounts()}})
	consultation := w.ask(w.officer, `mutation($in: PriorConsultationCreateInput!) { priorConsultationCreate(input: $in) { consultation { id } errors { code path } } }`,
		in{"in": in{"organization": w.town, "title": in{"ca": "Consulta prèvia"}, "answers": 212, "findings": []in{{"ca": "Molta gent gran viu sola"}}}}, "priorConsultationCreate.consultation.id")
	w.ask(w.officer, `mutation($in: PriorConsultationFindingAddInput!) { priorConsultationFindingAdd(input: $in) { consultation { id } errors { code path } } }`,
		in{"in": in{"id": consultation, "text": in{"ca": "Falten espais"}}}, "")
	officer, err := node.ParseOf(w.names["officer"], node.Person)
	if err != nil {
		t.Fatal(err)
	}
	event := node.Event.Global(w.hub.Event(t, officer, 10, func(e *calendar.EventInput) { e.Title = lang.Text{CA: "Jornada"} }))
	link := `mutation($in: PriorConsultationEventLinkInput!) { priorConsultationEventLink(input: $in) { consultation { id } errors { code path } } }`
	w.refused(w.stranger, link, in{"in": in{"id": consultation, "event": event}}, "DENIED")
	w.ask(w.officer, link, in{"in": in{"id": consultation, "event": event}}, "")
	shop, code := w.workshop(in{"derivedFrom": []string{event}, "visibility": "PUBLIC"})
	token := w.join(code, "Grup de gent gran")
	first := w.note(token, "PRIORITY", quarter("59"), "Acompanyar qui viu sol")
	second := w.note(token, "PRIORITY", quarter("57"), "Que ningú estigui sol")
	w.ask(anonymous, mergeThem, in{"in": in{"by": in{"token": token}, "priorities": []string{second, first}}}, "")
	w.ask(anonymous, noteEntry, in{"in": in{"by": in{"token": token}, "kind": "CAPACITY", "territory": quarter("59"), "beside": second, "text": in{"ca": "Tenim local"}}}, "")
	become := `mutation($in: WorkshopPriorityProjectCreateInput!) { workshopPriorityProjectCreate(input: $in) { project { id title state area { title } partners { organization { name } } } priority { projects { title } } errors { code path } } }`
	w.refused(w.stranger, become, in{"in": in{"priority": first, "lead": w.town, "side": "PUBLIC"}}, "DENIED")
	w.refused(w.officer, become, in{"in": in{"priority": first, "lead": w.club, "side": "SOCIAL"}}, "DENIED")
	project := w.call(w.ask(w.officer, become, in{"in": in{"priority": second, "lead": w.town, "side": "PUBLIC", "visibility": "PUBLIC"}}, "workshopPriorityProjectCreate.project.id"), "project")
	chain := `query($id: ID!) { priorConsultation(id: $id) { findings { text } answers ledTo { ... on Event { title ledTo { ... on Workshop { title board { territory { title } priorities { text territories { title } authors { name } merged { text } capacities { text author { name } }
		projects { id title state area { title } ledTo { id } derivedFrom { ... on Workshop { title derivedFrom { ... on Event { title derivedFrom { ... on PriorConsultation { title } } } } } } } } } } } } } } }`
	priority := `{"text":"Acompanyar qui viu sol","territories":[{"title":"el Bon Pastor"},{"title":"la Trinitat Vella"}],"authors":[{"name":"Grup de gent gran"}],"merged":[{"text":"Que ningú estigui sol"}],
		"capacities":[{"text":"Tenim local","author":{"name":"Grup de gent gran"}}],"projects":[{"id":"<project>","title":"Acompanyar qui viu sol","state":"IDEA","area":[{"title":"el Bon Pastor"},{"title":"la Trinitat Vella"}],"ledTo":[],
		"derivedFrom":[{"title":"Taller del Besòs","derivedFrom":[{"title":"Jornada","derivedFrom":[{"title":"Consulta prèvia"}]}]}]}]}`
	w.want(w.stranger, chain, in{"id": consultation}, `{"data":{"priorConsultation":{"findings":[{"text":"Molta gent gran viu sola"},{"text":"Falten espais"}],"answers":212,"ledTo":[{"title":"Jornada","ledTo":[{"title":"Taller del Besòs","board":[
		{"territory":{"title":"Baró de Viver"},"priorities":[]},{"territory":{"title":"el Bon Pastor"},"priorities":[`+priority+`]},{"territory":{"title":"la Trinitat Vella"},"priorities":[`+priority+`]}]}]}]}}}`)
	w.want(anonymous, `query($id: ID!, $w: ID!) { sharedProject(id: $id) { fromPriorities { text workshop { id } } } workshop(id: $w) { ledTo { id } } }`, in{"id": project, "w": w.call(shop, "workshop")},
		`{"data":{"sharedProject":{"fromPriorities":[{"text":"Acompanyar qui viu sol","workshop":{"id":"<workshop>"}}]},"workshop":{"ledTo":[{"id":"<project>"}]}}}`)
	a := w.hub.Query(t, w.stranger.token, chain, in{"id": consultation})
	if got := a.Header.Get(app.StatementsHeader); got != "28" {
		t.Errorf("the chain takes %s statements", got)
	}
	w.toTable(consultation, project)
}

// tour is the query of the README and of the demonstration, which has to stay
// within what a query may cost.
const tour = `query($id: ID!) { priorConsultation(id: $id) { title answers findings { text }
	ledTo { ... on Event { title ledTo { ... on Workshop { title board { territory { title }
		priorities { text authors { name } projects { title partners { organization { name } } ledTo { ... on WorkingTable { title } } } } } } } } } } }`

// toTable is the last step of the chain: an association proposes a working table
// from the project; once its town approves, it is found from the consultation on,
// and the consultation from it.
func (w *world) toTable(consultation, project string) {
	w.Helper()
	forward := `query($id: ID!) { priorConsultation(id: $id) { ledTo { ... on Event { ledTo { ... on Workshop { ledTo { ... on SharedProject { ledTo { ... on WorkingTable { title state } } } } } } } } } }`
	found := func(tables string) string {
		return `{"data":{"priorConsultation":{"ledTo":[{"ledTo":[{"ledTo":[{"ledTo":[` + tables + `]}]}]}]}}}`
	}
	table := w.call(w.ask(w.rep, `mutation($in: WorkingTableProposeInput!) { workingTablePropose(input: $in) { table { id } errors { code path } } }`, in{"in": in{
		"convenor": w.town, "kind": "THEMATIC", "title": in{"ca": "Taula de soledat"}, "visibility": "PUBLIC", "from": project,
	}}, "workingTablePropose.table.id"), "table")
	w.want(w.stranger, forward, in{"id": consultation}, found(""))
	w.want(w.rep, forward, in{"id": consultation}, found(`{"title":"Taula de soledat","state":"PROPOSED"}`))
	w.ask(w.officer, `mutation($in: WorkingTableApproveInput!) { workingTableApprove(input: $in) { table { id } errors { code path } } }`, in{"in": in{"id": table}}, "")
	w.want(anonymous, forward, in{"id": consultation}, found(`{"title":"Taula de soledat","state":"ACTIVE"}`))
	w.ask(anonymous, tour, in{"id": consultation}, "")
	w.want(anonymous, `query($id: ID!) { workingTable(id: $id) { proposedFrom { ... on SharedProject { title fromPriorities { text } derivedFrom { ... on Workshop { title derivedFrom { ... on Event { title derivedFrom { ... on PriorConsultation { title } } } } } } } } } }`,
		in{"id": table}, `{"data":{"workingTable":{"proposedFrom":{"title":"Acompanyar qui viu sol","fromPriorities":[{"text":"Acompanyar qui viu sol"}],
		"derivedFrom":[{"title":"Taller del Besòs","derivedFrom":[{"title":"Jornada","derivedFrom":[{"title":"Consulta prèvia"}]}]}]}}}}`)
}

// A group is bounded and its link can be taken back: then it neither sees nor
// notes, and its stream ends with a reason. What only the organisers know never
// reaches a group or a member.
func TestGroupLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	shop, code := w.workshop(nil)
	w.call(shop, "workshop")
	for _, who := range []reader{anonymous, w.stranger, w.neighbour, w.admin} {
		w.want(who, `query($id: ID!) { workshop(id: $id) { title } workshops { totalCount } node(id: $id) { id } }`, in{"id": shop}, `{"data":{"workshop":null,"workshops":{"totalCount":0},"node":null}}`)
	}
	w.refused(anonymous, joinGroup, in{"in": in{"code": "AAAAA-AAAAA", "name": "Grup"}}, "NO_SUCH_CODE")
	w.want(anonymous, `query($t: String!) { workshopOfGroup(token: $t) { title } }`, in{"t": "twg_res"}, `{"data":{"workshopOfGroup":null}}`)
	first, second := w.join(strings.ToLower(code), "Primer"), w.join(code, "Segon")
	w.refused(anonymous, joinGroup, in{"in": in{"code": code, "name": "Primer"}}, "GROUP_NAME_TAKEN")
	w.want(anonymous, `query($t: String!) { workshopOfGroup(token: $t) { id title joinCode groups { name } viewerCanOrganise { allowed } } }`, in{"t": first},
		`{"data":{"workshopOfGroup":{"id":"<workshop>","title":"Taller del Besòs","joinCode":null,"groups":[{"name":"Primer"},{"name":"Segon"}],"viewerCanOrganise":{"allowed":false}}}}`)
	seen := w.hub.Socket(t, "").Subscribe(changes, in{"token": first})
	inside := w.hub.Socket(t, w.officer.token).Subscribe(changes, in{"id": shop})
	seen.Next()
	inside.Next()
	mine := w.note(first, "PRIORITY", quarter("59"), "Més bancs")
	if c := changeKind(t, seen.Next()); c != "ENTRY_ADDED" { // a stream that was behind might end without it
		t.Errorf("the group is told %s", c)
	}
	w.refused(anonymous, noteEntry, in{"in": in{"by": in{"token": first}, "kind": "PRIORITY", "territory": w.town, "text": in{"ca": "Fora"}}}, "NOT_A_PLACE_OF_THE_WORKSHOP")
	withdraw := `mutation($in: WorkshopEntryWithdrawInput!) { workshopEntryWithdraw(input: $in) { workshop { id } errors { code path } } }`
	w.refused(anonymous, withdraw, in{"in": in{"by": in{"token": second}, "id": mine}}, "DENIED")
	w.ask(w.officer, `mutation($in: WorkshopCodeRenewInput!) { workshopCodeRenew(input: $in) { workshop { id } errors { code } } }`, in{"in": in{"id": shop}}, "")
	w.refused(anonymous, joinGroup, in{"in": in{"code": code, "name": "Tercer"}}, "NO_SUCH_CODE")
	group := w.ask(w.officer, `query($id: ID!) { workshop(id: $id) { groups { id } } }`, in{"id": shop}, "workshop.groups.0.id")
	revoke := `mutation($in: WorkshopGroupRevokeInput!) { workshopGroupRevoke(input: $in) { workshop { groups { name revoked } } errors { code } } }`
	w.refused(w.stranger, revoke, in{"in": in{"id": group}}, "NOT_FOUND")
	w.ask(w.officer, revoke, in{"in": in{"id": group}}, "")

	if m := seen.Message(); m.Kind != "error" || !bytes.Contains(m.Payload, []byte("LINK_ENDED")) {
		t.Errorf("the stream of the group ends with %s %s", m.Kind, m.Payload)
	}
	var kinds []string
	for range 3 {
		kinds = append(kinds, changeKind(t, inside.Next()))
	}
	if !slices.Equal(kinds, []string{"ENTRY_ADDED", "JOIN_CODE_RENEWED", "GROUP_REVOKED"}) {
		t.Errorf("the organisers are told %v", kinds)
	}
	w.want(anonymous, `query($t: String!) { workshopOfGroup(token: $t) { title } }`, in{"t": first}, `{"data":{"workshopOfGroup":null}}`)
	w.refused(anonymous, noteEntry, in{"in": in{"by": in{"token": first}, "kind": "PRIORITY", "territory": quarter("59"), "text": in{"ca": "Encara"}}}, "LINK_ENDED")
	if m := w.hub.Socket(t, "").Subscribe(board, in{"token": first}).Message(); m.Kind != "error" || !bytes.Contains(m.Payload, []byte("LINK_ENDED")) {
		t.Errorf("a link that was taken back shows %s %s", m.Kind, m.Payload)
	}
	w.ask(w.officer, moveIt, in{"in": in{"id": shop, "to": "CLOSED"}}, "")
	w.refused(anonymous, noteEntry, in{"in": in{"by": in{"token": second}, "kind": "PRIORITY", "territory": quarter("59"), "text": in{"ca": "Tard"}}}, "WORKSHOP_NOT_OPEN")
	w.refused(w.stranger, noteEntry, in{"in": in{"by": in{"workshop": shop}, "kind": "PRIORITY", "territory": quarter("59"), "text": in{"ca": "Jo"}}}, "NOT_FOUND")
	w.refused(anonymous, noteEntry, in{"in": in{"by": in{"workshop": shop}, "kind": "PRIORITY", "territory": quarter("59"), "text": in{"ca": "Jo"}}}, "UNAUTHENTICATED")
}

func changeKind(t testing.TB, payload json.RawMessage) string {
	t.Helper()
	var m struct {
		Data struct{ WorkshopChanges struct{ Kind string } }
	}
	if err := json.Unmarshal(payload, &m); err != nil {
		t.Fatal(err)
	}
	return m.Data.WorkshopChanges.Kind
}

// The same key sent again is the same group, and the same entry.
func TestGroupsRepeatThemselves(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	shop, code := w.workshop(nil)
	input := in{"code": code, "name": "Grup", "idempotencyKey": "tauleta-1"}
	lost := w.ask(anonymous, joinGroup, in{"in": input}, "workshopGroupJoin.token")
	token := w.ask(anonymous, joinGroup, in{"in": input}, "workshopGroupJoin.token")
	entry := in{"by": in{"token": token}, "kind": "PRIORITY", "territory": quarter("59"), "text": in{"ca": "Un cop"}, "idempotencyKey": "e1"}
	if a, b := w.ask(anonymous, noteEntry, in{"in": entry}, "workshopEntryAdd.entry"), w.ask(anonymous, noteEntry, in{"in": entry}, "workshopEntryAdd.entry"); a != b {
		t.Errorf("noted twice: %s and %s", a, b)
	}
	w.refused(anonymous, noteEntry, in{"in": in{"by": in{"token": lost}, "kind": "PRIORITY", "territory": quarter("59"), "text": in{"ca": "x"}}}, "LINK_ENDED")
	w.want(w.officer, `query($id: ID!) { workshop(id: $id) { groups { name } board { priorities { text } } } }`, in{"id": shop},
		`{"data":{"workshop":{"groups":[{"name":"Grup"}],"board":[{"priorities":[]},{"priorities":[{"text":"Un cop"}]},{"priorities":[]}]}}}`)
}
