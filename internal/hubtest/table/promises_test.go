package table_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/node"
)

// recorded notes a session that was held on paper, with a topic and three
// organisations.
func (w *world) recorded(table string, days int) (session, item string) {
	w.Helper()
	session = w.do(w.secretaryToken, "tableSessionRecord", in{"table": table, "startsAt": ago(days)}, "session { id state recorded }", "session.id").(string)
	w.comes(session, true, 0, 1, 2)
	agenda := w.do(w.secretaryToken, "agendaItemAdd", in{"session": session, "title": in{"ca": "Del paper"}}, "session { agenda { id kind } }", "session.agenda").([]any)
	return session, at(w.T, agenda[len(agenda)-1], "id").(string)
}

// adopt adopts a task in a session.
func (w *world) adopt(item, text string, more in) string {
	w.Helper()
	input := in{"item": item, "kind": "TASK", "text": in{"ca": text}}
	for k, v := range more {
		input[k] = v
	}
	return w.do(w.secretaryToken, "tableResolutionAdopt", input, "resolution { id }", "resolution.id").(string)
}

const promised = `query($f: TableResolutionFilter, $first: Int, $after: String) { tableResolutions(first: $first, after: $after, filter: $f) {
	totalCount pageInfo { hasNextPage endCursor } nodes { id text overdue quiet state deadline responsible { title } table { title } } } }`

func (w *world) texts(token string, filter in) string {
	w.Helper()
	nodes := w.ask(token, promised, in{"f": filter, "first": 50}, "tableResolutions.nodes").([]any)
	var all []string
	for _, n := range nodes {
		all = append(all, at(w.T, n, "text").(string))
	}
	return strings.Join(all, ", ")
}

// TestWhatTablesPromised: who is late, by PostgreSQL's date; what stays quiet; by
// place, theme, responsible and for whoever asks.
func TestWhatTablesPromised(t *testing.T) {
	w := newWorld(t)
	table := w.newTable(in{"visibility": "PUBLIC", "inside": "PUBLIC"})
	elsewhere := w.newTable(in{"title": in{"ca": "Una altra taula"}, "territories": []string{}, "visibility": "PUBLIC", "inside": "NETWORK"})
	_, item := w.recorded(table, 40)
	late := w.adopt(item, "Tard", in{"deadline": day(-1), "responsible": global(w.bodies[0])})
	w.adopt(item, "Avui", in{"deadline": day(0), "responsible": global(w.bodies[1])})
	w.adopt(item, "Sense data", nil)
	_, item = w.recorded(table, 1)
	w.adopt(item, "Demà", in{"deadline": day(1), "person": node.Person.Global(w.people[2])})
	_, item = w.recorded(elsewhere, 2)
	w.adopt(item, "D'una altra", in{"deadline": day(5), "responsible": global(w.bodies[0])})
	refused := w.do(w.secretaryToken, "tableResolutionAdopt", in{"item": item, "kind": "DECISION", "text": in{"ca": "No"}, "vote": in{"inFavour": 1, "against": 2}}, "resolution { id state overdue viewerCanFollow { code } }", "resolution")
	if at(t, refused, "state") != "NOT_ADOPTED" || at(t, refused, "viewerCanFollow.code") != "RESOLUTION_NOT_ADOPTED" {
		t.Errorf("a vote that does not carry: %v", refused)
	}
	for name, c := range map[string]struct {
		token  string
		filter in
		want   string
	}{
		"all, by deadline":   {w.stranger, nil, "Tard, Avui, Demà, D'una altra, Sense data"},
		"nobody":             {"", nil, "Tard, Avui, Demà, Sense data"},
		"who is late":        {"", in{"overdue": true}, "Tard"},
		"not late":           {"", in{"overdue": false}, "Avui, Demà, Sense data"},
		"quiet for long":     {"", in{"quiet": true}, "Tard, Avui, Sense data"},
		"by place":           {w.stranger, in{"territory": w.terrassa()}, "Tard, Avui, Demà, Sense data"},
		"by responsible":     {w.stranger, in{"responsible": global(w.bodies[0])}, "Tard, D'una altra"},
		"by table":           {w.stranger, in{"table": elsewhere}, "D'una altra"},
		"mine, organisation": {w.tokens[0], in{"mineToDo": true}, "Tard, D'una altra"},
		"mine, in person":    {w.tokens[2], in{"mineToDo": true}, "Demà"},
		"of my tables":       {w.tokens[3], in{"myTables": true}, "Tard, Avui, Demà, D'una altra, Sense data"},
		"of nobody's tables": {w.stranger, in{"myTables": true}, ""},
		"not adopted":        {w.stranger, in{"states": []string{"NOT_ADOPTED"}}, "No"},
	} {
		if got := w.texts(c.token, c.filter); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	// The date passes: what was due today is late tomorrow. PostgreSQL says when.
	w.tomorrow("table_resolutions", "deadline")
	if got := w.texts("", in{"overdue": true}); got != "Tard, Avui" {
		t.Errorf("the day after: %s", got)
	}
	w.do(w.secretaryToken, "tableResolutionFollow", in{"id": late, "state": "DONE"}, "resolution { state overdue quiet }", "")
	if got := w.texts("", in{"overdue": true}); got != "Avui" {
		t.Errorf("once it is done: %s", got)
	}
	w.pages()
}

// tomorrow lets a day pass for dates, as PostgreSQL sees them.
func (w *world) tomorrow(table, column string) {
	w.Helper()
	if _, err := w.hub.DB.Read().Exec(w.Context(), fmt.Sprintf(`update %s set %s = %[2]s - 1`, table, column)); err != nil {
		w.Fatal(err)
	}
}

// pages: a page at a time gives each once, in order.
func (w *world) pages() {
	w.Helper()
	var all []string
	after := ""
	for {
		variables := in{"first": 2}
		if after != "" {
			variables["after"] = after
		}
		page := w.ask(w.stranger, promised, variables, "tableResolutions")
		for _, n := range at(w.T, page, "nodes").([]any) {
			all = append(all, at(w.T, n, "text").(string))
		}
		if at(w.T, page, "totalCount") != float64(5) {
			w.Errorf("total %v", at(w.T, page, "totalCount"))
		}
		if at(w.T, page, "pageInfo.hasNextPage") != true {
			break
		}
		after = at(w.T, page, "pageInfo.endCursor").(string)
	}
	if got := strings.Join(all, ", "); got != "Tard, Avui, Demà, D'una altra, Sense data" {
		w.Errorf("page by page: %s", got)
	}
}

// TestVotes: by name and by number, never more than who is there.
func TestVotes(t *testing.T) {
	w := newWorld(t)
	table := w.newTable(in{"rules": rules(in{"majority": "ABSOLUTE"})})
	session, item := w.called(table, nil)
	w.opened(session, 0, 1, 2)
	adopt := func(more in) in {
		input := in{"item": item, "kind": "DECISION", "text": in{"ca": "Una decisió"}}
		for k, v := range more {
			input[k] = v
		}
		return input
	}
	named := func(choices ...string) (votes []in) {
		for i, c := range choices {
			votes = append(votes, in{"organization": global(w.bodies[i]), "choice": c})
		}
		return votes
	}
	w.mustRefuse(w.secretaryToken, "tableResolutionAdopt", adopt(in{"vote": in{"inFavour": 4}}), "TOO_MANY_VOTES")
	w.mustRefuse(w.secretaryToken, "tableResolutionAdopt", adopt(in{"vote": in{"inFavour": -1, "against": 2}}), "BAD_VOTE")
	w.mustRefuse(w.secretaryToken, "tableResolutionAdopt", adopt(in{"vote": in{"inFavour": 0}}), "BAD_VOTE")
	w.mustRefuse(w.secretaryToken, "tableResolutionAdopt", adopt(in{"named": []in{{"organization": global(w.bodies[3]), "choice": "FOR"}}}), "VOTER_ABSENT")
	w.mustRefuse(w.secretaryToken, "tableResolutionAdopt", adopt(in{"named": append(named("FOR"), named("FOR")...)}), "BAD_VOTE")
	w.mustRefuse(w.secretaryToken, "tableResolutionAdopt", adopt(in{"named": named("FOR"), "vote": in{"inFavour": 1}}), "BAD_VOTE")
	w.mustRefuse(w.tokens[0], "tableResolutionAdopt", adopt(nil), "DENIED")
	const selection = "resolution { state vote { inFavour against abstentions named { choice organization { title } } } }"
	w.same(w.do(w.secretaryToken, "tableResolutionAdopt", adopt(in{"named": named("FOR", "FOR", "ABSTENTION")}), selection, "resolution"), `{"state": "NOT_ADOPTED", "vote": {"inFavour": 2, "against": 0, "abstentions": 1,
		"named": [{"choice": "FOR", "organization": {"title": "Entitat Inventada 1"}}, {"choice": "FOR", "organization": {"title": "Entitat Inventada 2"}}, {"choice": "ABSTENTION", "organization": {"title": "Entitat Inventada 3"}}]}}`)
	w.same(w.do(w.secretaryToken, "tableResolutionAdopt", adopt(in{"vote": in{"inFavour": 3}}), selection, "resolution"), `{"state": "OPEN", "vote": {"inFavour": 3, "against": 0, "abstentions": 0, "named": []}}`)
	w.same(w.do(w.secretaryToken, "tableResolutionAdopt", adopt(nil), selection, "resolution"), `{"state": "OPEN", "vote": null}`)
}

// TestRulesOfSessions: notice, second call, extraordinary sessions, late papers,
// what cannot be done from where.
func TestRulesOfSessions(t *testing.T) {
	w := newWorld(t)
	table := w.newTable(nil)
	empty := w.do(w.secretaryToken, "tableSessionCreate", in{"table": table, "startsAt": soon(7)}, "session { id viewerCanCall { allowed } }", "session.id").(string)
	w.mustRefuse(w.secretaryToken, "tableSessionCall", in{"id": empty}, "SESSION_NEEDS_AGENDA")
	undated := w.do(w.secretaryToken, "tableSessionCreate", in{"table": table}, "session { id }", "session.id").(string)
	w.mustRefuse(w.secretaryToken, "tableSessionCall", in{"id": undated}, "SESSION_NEEDS_DATE")
	w.do(w.secretaryToken, "tableSessionUpdate", in{"id": undated, "startsAt": soon(1)}, "session { id }", "")
	w.do(w.secretaryToken, "agendaItemAdd", in{"session": undated, "title": in{"ca": "Urgent"}}, "session { id }", "")
	w.mustRefuse(w.secretaryToken, "tableSessionCall", in{"id": undated}, "NOTICE_TOO_SHORT")
	w.same(w.do(w.secretaryToken, "tableSessionCall", in{"id": undated, "urgent": in{"ca": "Hi ha pressa"}}, "session { state urgent }", "session"), `{"state": "CALLED", "urgent": "Hi ha pressa"}`)
	w.mustRefuse(w.secretaryToken, "tableSessionClose", in{"id": undated}, "SESSION_TRANSITION")
	w.same(w.do(w.secretaryToken, "tableSessionCancel", in{"id": undated, "reason": in{"ca": "Pluja"}}, "session { state cancellation }", "session"), `{"state": "CANCELLED", "cancellation": "Pluja"}`)
	w.mustRefuse(w.secretaryToken, "tableSessionOpen", in{"id": undated}, "SESSION_TRANSITION")

	extra, _ := w.called(table, in{"extraordinary": true})
	w.mustRefuse(w.secretaryToken, "agendaItemAdd", in{"session": extra, "title": in{"ca": "Un més"}}, "EXTRAORDINARY_SESSION")
	ordinary, first := w.called(table, nil)
	w.same(w.do(w.secretaryToken, "agendaItemAdd", in{"session": ordinary, "title": in{"ca": "Un més"}, "position": 0}, "session { agenda { title late } }", "session.agenda"),
		`[{"title": "Un més", "late": true}, {"title": "Primer punt", "late": false}]`)
	w.same(w.do(w.secretaryToken, "tablePaperAdd", in{"session": ordinary, "title": in{"ca": "Tard"}, "url": "https://example.org", "item": first}, "session { papers { title late } }", "session.papers"), `[{"title": "Tard", "late": true}]`)
	w.mustRefuse(w.secretaryToken, "agendaItemRemove", in{"id": first}, "SESSION_TRANSITION")
	// As everywhere: a user name makes a stranger's site look like a known one.
	for url, code := range map[string]string{"javascript:alert(1)": "BAD_URL", "https://terrassa.cat@example.org/acta": "BAD_URL", "": "REQUIRED"} {
		w.mustRefuse(w.secretaryToken, "tablePaperAdd", in{"session": ordinary, "title": in{"ca": "Mal"}, "url": url}, code)
	}
	w.mustRefuse(w.secretaryToken, "tableSessionUpdate", in{"id": ordinary, "onlineUrl": "https://terrassa.cat@example.org/sala"}, "BAD_URL")

	// At second call a third is enough.
	w.do(w.secretaryToken, "tableSessionOpen", in{"id": ordinary, "secondCall": true}, "session { id }", "")
	w.comes(ordinary, true, 0)
	w.mustRefuse(w.secretaryToken, "tableResolutionAdopt", in{"item": first, "kind": "TASK", "text": in{"ca": "Un"}}, "NO_QUORUM")
	w.comes(ordinary, true, 1)
	w.same(w.do(w.secretaryToken, "tableResolutionAdopt", in{"item": first, "kind": "TASK", "text": in{"ca": "Dos"}}, "resolution { session { secondCall quorum { members present needed reached } } }", "resolution.session"),
		`{"secondCall": true, "quorum": {"members": 4, "present": 2, "needed": 2, "reached": true}}`)
	// The substitute counts as the delegate does, and once.
	w.do(w.secretaryToken, "tableSessionAttend", in{"id": ordinary, "organization": global(w.bodies[1]), "present": true, "cameAs": "SUBSTITUTE"}, "session { id }", "")
	w.same(w.ask(w.tokens[1], `query($id: ID!) { tableSession(id: $id) { quorum { present } attendance { cameAs present } } }`, in{"id": ordinary}, "tableSession.quorum"), `{"present": 2}`)
	w.mustRefuse(w.secretaryToken, "agendaItemClose", in{"id": first, "outcome": "DECISION"}, "OUTCOME_NEEDS_RESOLUTION")
	// What is not dealt with comes back.
	w.do(w.secretaryToken, "tableSessionClose", in{"id": ordinary}, "session { id }", "")
	next := w.do(w.secretaryToken, "tableSessionCreate", in{"table": table, "startsAt": soon(20)}, "session { id }", "session.id").(string)
	w.same(w.do(w.secretaryToken, "tableSessionCall", in{"id": next}, "session { agenda { kind title carried } }", "session.agenda"),
		`[{"kind": "FOLLOW_UP", "title": "Dos", "carried": false}, {"kind": "TOPIC", "title": "Un més", "carried": true}]`)

	// Held once more, it has its topics again, and none twice when it is called.
	again := w.do(w.secretaryToken, "tableSessionDuplicate", in{"id": ordinary}, "session { id }", "session.id").(string)
	w.same(w.ask(w.secretaryToken, `query($id: ID!) { tableSession(id: $id) { number state startsAt place recorded papers { title } agenda { kind title late outcome } } }`, in{"id": again}, "tableSession"),
		`{"number": 6, "state": "PROPOSED", "startsAt": null, "place": "Sala de proves", "recorded": false, "papers": [],
		"agenda": [{"kind": "TOPIC", "title": "Un més", "late": false, "outcome": null}, {"kind": "TOPIC", "title": "Primer punt", "late": false, "outcome": null}]}`)
	w.mustRefuse(w.tokens[1], "tableSessionDuplicate", in{"id": ordinary}, "DENIED")
	w.do(w.secretaryToken, "tableSessionUpdate", in{"id": again, "startsAt": soon(30)}, "session { id }", "")
	w.same(w.do(w.secretaryToken, "tableSessionCall", in{"id": again}, "session { agenda { title } }", "session.agenda"),
		`[{"title": "Un més"}, {"title": "Primer punt"}, {"title": "Dos"}]`)
}

// TestProposal: anybody who acts for an organisation proposes a table, from an
// event; its convenor decides; until then nobody else sees it.
func TestProposal(t *testing.T) {
	w := newWorld(t)
	event := node.Event.Global(w.hub.Event(t, w.officer, 10, nil))
	propose := func(title string) string {
		return w.do(w.tokens[0], "workingTablePropose", in{"convenor": w.terrassa(), "kind": "THEMATIC", "title": in{"ca": title}, "visibility": "PUBLIC", "from": event},
			"table { id state proposedFrom { ... on Event { title } } viewerCanDecide { allowed } }", "table.id").(string)
	}
	table := propose("Una proposta")
	for token, sees := range map[string]bool{"": false, w.stranger: false, w.tokens[1]: false, w.otherTown: false, w.tokens[0]: true, w.chair: true} {
		if got := w.ask(token, `query($id: ID!) { workingTable(id: $id) { state } }`, in{"id": table}, "workingTable.state"); (got == "PROPOSED") != sees {
			t.Errorf("%v, want to be seen: %v", got, sees)
		}
	}
	w.mustRefuse(w.tokens[0], "workingTableApprove", in{"id": table}, "DENIED")
	w.mustRefuse(w.chair, "tableSessionCreate", in{"table": table}, "TABLE_STATE")
	w.same(w.do(w.chair, "workingTableApprove", in{"id": table}, "table { state visibility proposedFrom { __typename } }", "table"), `{"state": "ACTIVE", "visibility": "PUBLIC", "proposedFrom": {"__typename": "Event"}}`)
	if got := w.ask("", `query($id: ID!) { workingTable(id: $id) { state } }`, in{"id": table}, "workingTable.state"); got != "ACTIVE" {
		t.Errorf("nobody sees the approved table: %v", got)
	}
	if got := w.ask(w.tokens[0], `query($id: ID!) { workingTable(id: $id) { viewerCanTakePart { allowed } } }`, in{"id": table}, "workingTable.viewerCanTakePart.allowed"); got != false {
		t.Error("who proposed it takes part without being a member")
	}
	other := propose("Una altra")
	w.mustRefuse(w.chair, "workingTableReject", in{"id": other, "reason": in{}}, "REQUIRED")
	w.do(w.chair, "workingTableReject", in{"id": other, "reason": in{"ca": "Ja n'hi ha una"}}, "table { id }", "")
	w.same(w.ask(w.tokens[0], `query($id: ID!) { workingTable(id: $id) { state decisionReason } }`, in{"id": other}, "workingTable"), `{"state": "REJECTED", "decisionReason": "Ja n'hi ha una"}`)
	if got := w.ask(w.tokens[1], `query($id: ID!) { workingTable(id: $id) { state } }`, in{"id": other}, "workingTable"); got != nil {
		t.Errorf("others see what was rejected: %v", got)
	}
	w.mustRefuse(w.hub.Token(w.hub.Person(t, "Sola Prova", hubtest.Terrassa, "TECHNICIAN")), "workingTableCreate", in{"convenor": w.terrassa(), "kind": "THEMATIC", "title": in{"ca": "Meva"}}, "DENIED")
}
