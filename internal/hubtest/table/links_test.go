package table_test

import (
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/platform/mail"
)

// tell mails whoever is to be told and returns the secret of the newest link to an
// address.
func (w *world) tell(template, address string) string {
	w.Helper()
	w.hub.WorkOff(w.T, table.NewTeller(w.hub.DB, w.box, "https://teixit.example").Tell,
		`select exists (select from table_links where told_at is null)`)
	sent := w.box.to(template, address)
	if len(sent) == 0 {
		w.Fatalf("no mail to %s", address)
	}
	_, token, _ := strings.Cut(sent[len(sent)-1].Data["link"].(string), "#token=")
	return token
}

const (
	linkQuery = `query($token: String!) { tableLink(token: $token) { table session organization agenda answer dates { id answer } } }`
	// canAnswerQuery asks what the page behind a link has to know before it offers
	// a form.
	canAnswerQuery = `query($token: String!) { tableLink(token: $token) { onlineUrl viewerCanAnswer { allowed code reason } } }`
)

func (w *world) seat(of string, i int, position, name, address string) {
	w.Helper()
	w.do(w.tokens[i], "tableSeatSet", in{"table": of, "organization": global(w.bodies[i]), "position": position, "name": name, "mail": address}, "table { id }", "")
}

// TestAnswersByLink: who has no account answers the call by a mailed link; the
// substitute is told when the delegate does not come; the link gives no other
// sight and ends with the seat.
func TestAnswersByLink(t *testing.T) {
	w := newWorld(t)
	of := w.newTable(nil)
	w.seat(of, 0, "DELEGATE", "Pepa Sense Compte", "pepa@example.org")
	w.seat(of, 0, "SUBSTITUTE", "Quim Sense Compte", "quim@example.org")
	w.same(w.ask(w.tokens[1], `query($id: ID!) { workingTable(id: $id) { seats { name hasAccount position } } }`, in{"id": of}, "workingTable.seats.0"),
		`{"name": "Pepa Sense Compte", "hasAccount": false, "position": "DELEGATE"}`)
	session, _ := w.called(of, nil)
	secret := w.tell(mail.TableCalled, "pepa@example.org")
	if m := w.box.to(mail.TableCalled, "quim@example.org"); len(m) != 0 {
		t.Error("the substitute is told before the delegate answers")
	}
	w.same(w.ask("", linkQuery, in{"token": secret}, "tableLink"), `{"table": "Taula de prova", "session": "Session 1", "organization": "Entitat Inventada 1", "agenda": ["Primer punt"], "answer": null, "dates": []}`)
	w.same(w.ask("", linkQuery, in{"token": "un altre"}, "tableLink"), `null`)
	w.same(w.do("", "tableLinkAnswer", in{"token": secret, "answer": "SUBSTITUTE"}, "link { answer }", "link"), `{"answer": "SUBSTITUTE"}`)
	w.mustRefuse("", "tableLinkAnswer", in{"token": "un altre", "answer": "ATTEND"}, "LINK_ENDED")
	substitute := w.tell(mail.TableCalled, "quim@example.org")
	w.same(w.do("", "tableLinkAnswer", in{"token": substitute, "answer": "EXCUSED"}, "link { answer }", "link"), `{"answer": "EXCUSED"}`)
	w.same(w.ask(w.tokens[1], `query($id: ID!) { tableSession(id: $id) { quorum { answered } attendance { answer organization { title } } } }`, in{"id": session}, "tableSession"),
		`{"quorum": {"answered": 1}, "attendance": [{"answer": "EXCUSED", "organization": {"title": "Entitat Inventada 1"}}]}`)
	// Somebody else sits there: the old link is nobody's.
	w.seat(of, 0, "DELEGATE", "Nova Sense Compte", "nova@example.org")
	w.same(w.ask("", linkQuery, in{"token": secret}, "tableLink"), `null`)
	w.mustRefuse("", "tableLinkAnswer", in{"token": secret, "answer": "ATTEND"}, "LINK_ENDED")
	// Once the session has begun there is nothing to answer.
	w.opened(session, 1)
	w.mustRefuse("", "tableLinkAnswer", in{"token": substitute, "answer": "ATTEND"}, "SESSION_TRANSITION")
}

// TestLinkSaysWhyNot: behind the link of what can no longer be answered stands
// why, and an answer that says nothing is refused instead of kept.
func TestLinkSaysWhyNot(t *testing.T) {
	w := newWorld(t)
	of := w.newTable(nil)
	w.seat(of, 0, "DELEGATE", "Pepa Sense Compte", "pepa@example.org")
	session, _ := w.called(of, in{"onlineUrl": "https://meet.example.org/taula"})
	secret := w.tell(mail.TableCalled, "pepa@example.org")
	w.same(w.ask("", canAnswerQuery, in{"token": secret}, "tableLink"),
		`{"onlineUrl": "https://meet.example.org/taula", "viewerCanAnswer": {"allowed": true, "code": null, "reason": null}}`)
	w.mustRefuse("", "tableLinkAnswer", in{"token": secret}, "REQUIRED")
	w.mustRefuse("", "tableLinkAnswer", in{"token": secret, "dates": []in{}}, "REQUIRED")
	w.do(w.secretaryToken, "tableSessionCancel", in{"id": session, "reason": in{"ca": "Prova"}}, "session { id }", "")
	w.same(w.ask("", canAnswerQuery, in{"token": secret}, "tableLink.viewerCanAnswer"),
		`{"allowed": false, "code": "SESSION_TRANSITION", "reason": "The session is called off: this cannot be done now."}`)

	asked := w.do(w.secretaryToken, "tableSessionCreate", in{"table": of}, "session { id }", "session.id").(string)
	poll := w.do(w.secretaryToken, "tablePollOpen", in{"session": asked, "dates": []string{soon(5), soon(6)}}, "poll { id dates { id } }", "poll")
	secret = w.tell(mail.TablePoll, "pepa@example.org")
	w.same(w.ask("", canAnswerQuery, in{"token": secret}, "tableLink.viewerCanAnswer.allowed"), `true`)
	w.mustRefuse("", "tableLinkAnswer", in{"token": secret, "answer": "ATTEND"}, "REQUIRED")
	w.do(w.secretaryToken, "tablePollClose", in{"id": at(t, poll, "id"), "date": at(t, poll, "dates.0.id")}, "poll { id }", "")
	w.same(w.ask("", canAnswerQuery, in{"token": secret}, "tableLink.viewerCanAnswer.code"), `"POLL_CLOSED"`)
}

// TestAddressOfAnAccount: an address that somebody has proven to read makes the
// seat theirs, with the sight that comes with it, until somebody else sits there.
func TestAddressOfAnAccount(t *testing.T) {
	w := newWorld(t)
	of := w.newTable(in{"visibility": "MEMBERS"})
	person := w.hub.Person(t, "Clara Prova", w.provincialCouncil(), "TECHNICIAN")
	w.account(person, "clara@example.org", false)
	token := w.hub.Token(person)
	sees := func() any {
		return w.ask(token, `query($id: ID!) { workingTable(id: $id) { title } }`, in{"id": of}, "workingTable.title")
	}
	if sees() != nil {
		t.Fatal("she sees it before")
	}
	w.seat(of, 2, "SUBSTITUTE", "Clara Prova", "Clara@example.org")
	if sees() != "Taula de prova" {
		t.Error("she does not see the table at which she sits")
	}
	s := w.hub.Socket(t, token)
	stream := s.Subscribe(follow, in{"id": of})
	stream.Next()
	w.do(w.tokens[2], "tableSeatClear", in{"table": of, "organization": global(w.bodies[2]), "position": "SUBSTITUTE"}, "table { id }", "")
	if got := read(t, stream.Next()); got.kind() != "SEAT_CLEARED" {
		t.Errorf("the last thing seen is %s", got.kind())
	}
	if code, _ := s.Ended(); code != 4403 || sees() != nil {
		t.Errorf("ended with %d and still sees it: %v", code, sees())
	}
}

// TestPollOfDates: members answer signed in and by link; the date that is chosen
// becomes the session's.
func TestPollOfDates(t *testing.T) {
	w := newWorld(t)
	of := w.newTable(nil)
	w.seat(of, 0, "DELEGATE", "Pepa Sense Compte", "pepa@example.org")
	session := w.do(w.secretaryToken, "tableSessionCreate", in{"table": of}, "session { id }", "session.id").(string)
	w.mustRefuse(w.secretaryToken, "tablePollOpen", in{"session": session, "dates": []string{soon(5)}}, "OUT_OF_RANGE")
	w.mustRefuse(w.secretaryToken, "tablePollOpen", in{"session": session, "dates": []string{soon(5), ago(5)}}, "DATE_IN_PAST")
	first, second := soon(5), soon(6)
	poll := w.do(w.secretaryToken, "tablePollOpen", in{"session": session, "dates": []string{second, first}}, "poll { id dates { id startsAt } }", "poll")
	id, a, b := at(t, poll, "id").(string), at(t, poll, "dates.0.id").(string), at(t, poll, "dates.1.id").(string)
	w.mustRefuse(w.secretaryToken, "tablePollOpen", in{"session": session, "dates": []string{first, second}}, "POLL_OPEN")
	answers := []in{{"date": a, "answer": "NO"}, {"date": b, "answer": "YES"}}
	w.do(w.tokens[1], "tablePollAnswer", in{"id": id, "organization": global(w.bodies[1]), "answers": answers}, "poll { id }", "")
	w.do(w.tokens[1], "tablePollAnswer", in{"id": id, "organization": global(w.bodies[1]), "answers": []in{{"date": a, "answer": "IF_NEEDED"}}}, "poll { id }", "")
	w.mustRefuse(w.tokens[1], "tablePollAnswer", in{"id": id, "organization": global(w.bodies[2]), "answers": answers}, "DENIED")
	secret := w.tell(mail.TablePoll, "pepa@example.org")
	w.do("", "tableLinkAnswer", in{"token": secret, "dates": answers}, "link { dates { answer } }", "")
	w.same(w.ask(w.tokens[2], `query($id: ID!) { workingTable(id: $id) { openPolls { dates { yes ifNeeded no } } } }`, in{"id": of}, "workingTable.openPolls"), `[{"dates": [{"yes": 0, "ifNeeded": 1, "no": 1}, {"yes": 2, "ifNeeded": 0, "no": 0}]}]`)
	w.same(w.ask(w.stranger, `query($id: ID!) { workingTable(id: $id) { openPolls { id } } }`, in{"id": of}, "workingTable.openPolls"), `[]`)
	w.same(w.ask(w.stranger, `query($id: ID!) { tablePoll(id: $id) { id } }`, in{"id": id}, "tablePoll"), `null`)
	w.mustRefuse(w.tokens[1], "tablePollClose", in{"id": id, "date": b}, "DENIED")
	w.do(w.secretaryToken, "tablePollClose", in{"id": id, "date": b}, "poll { closedAt }", "")
	if got := w.ask(w.secretaryToken, `query($id: ID!) { tableSession(id: $id) { startsAt } }`, in{"id": session}, "tableSession.startsAt"); got != second {
		t.Errorf("the session starts at %v, not %s", got, second)
	}
	w.mustRefuse("", "tableLinkAnswer", in{"token": secret, "dates": answers}, "POLL_CLOSED")
}
