package table_test

import (
	"slices"
	"sync"
	"testing"
)

// TestAskingToJoin: an organisation asks to belong to a table, its organisers
// answer with a reason, who asked finds it in their inbox, and nobody else learns
// whose request it was.
func TestAskingToJoin(t *testing.T) {
	w := newWorld(t)
	w.account(w.people[3], "demana@example.org", false)
	w.account(w.secretary, "secretaria@example.org", false)
	table, body := w.newTable(in{"visibility": "PUBLIC"}), global(w.bodies[3])
	w.do(w.chair, "tableMemberEnd", in{"table": table, "organization": body}, "table { id }", "")
	requests := func(token string) any {
		return w.ask(token, `query($id: ID!) { workingTable(id: $id) { joinRequests { state message reason organization { title } } } }`, in{"id": table}, "workingTable.joinRequests")
	}
	told := func(token, text string) bool {
		w.hub.Settled(w.T)
		texts := w.ask(token, `{ inbox { items(first: 100) { nodes { item { text } } } } }`, nil, "inbox.items.nodes").([]any)
		return slices.ContainsFunc(texts, func(one any) bool { return at(w.T, one, "item.text") == text })
	}
	asking := in{"table": table, "organization": body, "message": "Hi volem ser"}
	id := w.do(w.tokens[3], "tableJoinRequestCreate", asking, "table { joinRequests { id } }", "table.joinRequests.0.id")
	w.mustRefuse(w.tokens[3], "tableJoinRequestCreate", asking, "ALREADY_ASKED")
	w.mustRefuse(w.stranger, "tableJoinRequestCreate", asking, "DENIED")
	w.mustRefuse(w.tokens[0], "tableJoinRequestCreate", in{"table": table, "organization": global(w.bodies[0])}, "ALREADY_A_MEMBER")
	for _, token := range []string{w.secretaryToken, w.tokens[3]} {
		w.same(requests(token), `[{"state": "OPEN", "message": "Hi volem ser", "reason": "", "organization": {"title": "Entitat Inventada 4"}}]`)
	}
	for _, token := range []string{"", w.tokens[0], w.stranger} {
		w.same(requests(token), `[]`)
	}
	if !told(w.secretaryToken, "An organisation asks to join the table") {
		t.Error("the secretary was not told")
	}

	w.mustRefuse(w.tokens[3], "tableJoinRequestDecide", in{"id": id, "accept": true}, "DENIED")
	w.mustRefuse(w.secretaryToken, "tableJoinRequestDecide", in{"id": id, "accept": false}, "REQUIRED")
	w.do(w.secretaryToken, "tableJoinRequestDecide", in{"id": id, "accept": false, "reason": "Ja som prou"}, "table { id }", "")
	w.mustRefuse(w.secretaryToken, "tableJoinRequestDecide", in{"id": id, "accept": true}, "REQUEST_DECIDED")
	w.same(requests(w.tokens[3]), `[{"state": "DECLINED", "message": "Hi volem ser", "reason": "Ja som prou", "organization": {"title": "Entitat Inventada 4"}}]`)
	w.same(requests(w.secretaryToken), `[]`)
	if !told(w.tokens[3], "A request to join the table was answered") {
		t.Error("who asked was not told")
	}

	// It asks again, and belongs to the table, by an answer or because it is added.
	w.do(w.tokens[3], "tableJoinRequestCreate", asking, "table { id }", "")
	w.do(w.secretaryToken, "tableMemberAdd", in{"table": table, "organization": body, "from": day(1)}, "table { id }", "")
	w.same(w.ask(w.tokens[3], `query($id: ID!) { workingTable(id: $id) { joinRequests { state } } }`, in{"id": table}, "workingTable.joinRequests"),
		`[{"state": "ACCEPTED"}, {"state": "DECLINED"}]`)
}

const joinStates = `query($id: ID!) { workingTable(id: $id) { joinRequests { state } } }`

// asking is a table that the fourth organisation asks to belong to.
func (w *world) asking() (table string, ask func() string) {
	w.Helper()
	table, body := w.newTable(in{"visibility": "PUBLIC"}), global(w.bodies[3])
	w.do(w.chair, "tableMemberEnd", in{"table": table, "organization": body}, "table { id }", "")
	return table, func() string {
		return w.do(w.tokens[3], "tableJoinRequestCreate", in{"table": table, "organization": body}, "table { joinRequests { id } }", "table.joinRequests.0.id").(string)
	}
}

// TestWithdrawingARequest: who asked takes it back, the organisers see it go as
// they watch, nobody else learns of it, and the organisation may ask again.
func TestWithdrawingARequest(t *testing.T) {
	w := newWorld(t)
	w.account(w.secretary, "secretaria@example.org", false)
	table, ask := w.asking()
	organiser, member := w.hub.Socket(t, w.secretaryToken).Subscribe(follow, in{"id": table}), w.hub.Socket(t, w.tokens[0]).Subscribe(follow, in{"id": table})
	state, before := read(t, organiser.Next()), read(t, member.Next())
	id := ask()
	for _, token := range []string{w.tokens[0], w.stranger} {
		w.mustRefuse(token, "tableJoinRequestWithdraw", in{"id": id}, "NOT_FOUND")
	}
	w.mustRefuse(w.secretaryToken, "tableJoinRequestWithdraw", in{"id": id}, "DENIED")
	w.mustRefuse("", "tableJoinRequestWithdraw", in{"id": id}, "UNAUTHENTICATED")
	once := in{"id": id, "idempotencyKey": "retirada"}
	for range 2 {
		w.same(w.do(w.tokens[3], "tableJoinRequestWithdraw", once, "table { joinRequests { state reason } }", "table.joinRequests"), `[{"state": "WITHDRAWN", "reason": ""}]`)
	}
	if kinds, last := next(t, organiser, state.Number, 2); !slices.Equal(kinds, []string{"JOIN_ASKED", "JOIN_WITHDRAWN"}) || last.Organization.Title != "Entitat Inventada 4" {
		t.Errorf("the organisers are told %v of %v", kinds, last.Organization)
	}
	w.same(w.ask(w.secretaryToken, joinStates, in{"id": table}, "workingTable.joinRequests"), `[]`)
	w.mustRefuse(w.tokens[3], "tableJoinRequestWithdraw", in{"id": id}, "REQUEST_WITHDRAWN")
	for _, accept := range []bool{true, false} {
		w.mustRefuse(w.secretaryToken, "tableJoinRequestDecide", in{"id": id, "accept": accept, "reason": "Som prou"}, "REQUEST_WITHDRAWN")
	}

	again := ask()
	w.do(w.secretaryToken, "tableJoinRequestDecide", in{"id": again, "accept": true}, "table { id }", "")
	w.mustRefuse(w.tokens[3], "tableJoinRequestWithdraw", in{"id": again}, "REQUEST_DECIDED")
	w.same(w.ask(w.tokens[3], joinStates, in{"id": table}, "workingTable.joinRequests"), `[{"state": "ACCEPTED"}, {"state": "WITHDRAWN"}]`)
	if kinds, _ := next(t, member, before.Number, 1); kinds[0] != "MEMBER_ADDED" {
		t.Errorf("a member is told %v of what was asked and taken back", kinds)
	}
}

// TestAnswerAndWithdrawalMeet: of an answer and a withdrawal at the same moment one
// counts, and the other is told which.
func TestAnswerAndWithdrawalMeet(t *testing.T) {
	w := newWorld(t)
	table, ask := w.asking()
	body := global(w.bodies[3])
	for round := range 20 {
		id, accept := ask(), round%2 == 0
		var answered, withdrawn string
		var both sync.WaitGroup
		both.Go(func() {
			answered = w.refused(w.secretaryToken, "tableJoinRequestDecide", in{"id": id, "accept": accept, "reason": "Som prou"})
		})
		both.Go(func() { withdrawn = w.refused(w.tokens[3], "tableJoinRequestWithdraw", in{"id": id}) })
		both.Wait()
		state := w.ask(w.tokens[3], joinStates, in{"id": table}, "workingTable.joinRequests.0.state")
		want := map[bool]string{true: "ACCEPTED", false: "DECLINED"}[accept]
		switch {
		case answered == "" && withdrawn == "REQUEST_DECIDED" && state == want:
		case answered == "REQUEST_WITHDRAWN" && withdrawn == "" && state == "WITHDRAWN":
		default:
			t.Errorf("answered: %q, withdrawn: %q, and it is %v", answered, withdrawn, state)
		}
		belongs := w.refused(w.chair, "tableMemberEnd", in{"table": table, "organization": body}) == ""
		if belongs != (state == "ACCEPTED") {
			t.Errorf("the request is %v, the organisation belongs to the table: %v", state, belongs)
		}
	}
}
