package table_test

import (
	"slices"
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
