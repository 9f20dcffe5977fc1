package privacy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
)

// TestAGuestAnswers: what the organisers ask and have accepted is asked of who
// registers by a link too, and read by the organisers.
func TestAGuestAnswers(t *testing.T) {
	w := newWorld(t)
	event := w.event(5, nil)
	of := object{"id": node.Event.Global(event)}
	added := w.hub.Must(t, w.asOfficer, `mutation($id: ID!) { eventQuestionAdd(input: {event: $id, kind: CHOICE, required: true,
		label: {ca: "Com vindreu?"}, options: [{ca: "Tren"}, {ca: "Cotxe"}]}) { event { questions { id } } errors { code } } }`, of)
	question := added["eventQuestionAdd"].(object)["event"].(object)["questions"].([]any)[0].(object)["id"]
	w.hub.Must(t, w.asOfficer, `mutation($id: ID!) { eventNoticeSet(input: {id: $id, text: {ca: "Es faran fotografies."}}) { errors { code } } }`, of)
	asks := func(accepted any, answers ...any) string {
		return fmt.Sprint(w.request(event, 1, func(in object) {
			in["noticeAccepted"] = accepted
			in["delegates"] = []any{object{"role": "PUBLIC", "name": "Berta Inventada", "answers": answers}}
		})["errors"])
	}
	train := object{"question": question, "choices": []any{1}}
	for _, c := range []struct{ what, got, want string }{
		{"without the notice", asks(nil, train), "NOTICE_NOT_ACCEPTED"},
		{"another version of it", asks(2, train), "NOTICE_NOT_ACCEPTED"},
		{"without an answer", asks(1), "ANSWER_REQUIRED"},
		{"an option there is none", asks(1, object{"question": question, "choices": []any{3}}), "ANSWER_OF_ANOTHER_KIND"},
	} {
		if !strings.Contains(c.got, c.want) {
			t.Errorf("%s: %s", c.what, c.got)
		}
	}
	if sent := w.letters.of(mail.BookingLink, guestMail); len(sent) != 0 || w.pool(event).Counts.Confirmed != 0 {
		t.Fatalf("what was refused took a seat or mailed a link: %v", sent)
	}
	if got := asks(1, train); got != "[]" {
		t.Fatalf("with all of it: %s", got)
	}
	w.by("", confirmLink, w.linkFor(mail.BookingLink, guestMail), nil)
	const read = `query($id: ID!) { event(id: $id) { registrations(first: 5) { nodes { delegates { answers { choices question { id } } } } } } }`
	for who, sees := range map[string]bool{w.asOfficer: true, w.asOther: false, "": false} {
		if got := string(w.hub.Query(t, who, read, of).Body); strings.Contains(got, `"choices":[1]`) != sees {
			t.Errorf("the organiser %v, reads %s", who == w.asOfficer, got)
		}
	}
	if n := w.count(`select count(*) from registrations where event = $1 and notice_version = 1 and notice_accepted_at is not null`, event); n != 1 {
		t.Errorf("%d registrations have accepted the notice", n)
	}
}
