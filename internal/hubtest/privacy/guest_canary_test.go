package privacy_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/nettest"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
)

// asCanaryAsks is the canary without its account: who asks, and who comes.
func asCanaryAsks(in object) {
	in["mail"], in["name"] = canaryMail, canaryName
	in["delegates"] = []any{object{"role": "PUBLIC", "name": canaryName, "mail": canaryMail}}
}

// TestAGuestLeavesNoTrace: who registered by a link is reminded once, finds it in
// the copy of their data when they sign in with the same address, and leaves
// nothing behind: not the name, not the address, not a link that opens, also when
// yesterday's backup comes back.
func TestAGuestLeavesNoTrace(t *testing.T) {
	w := newWorld(t)
	confirmed, held := w.event(5, nil), w.event(1, nil)
	w.request(confirmed, 1, asCanaryAsks)
	token := w.linkFor(mail.BookingLink, canaryMail)
	w.by("", confirmLink, token, nil)
	w.request(held, 1, asCanaryAsks) // and never confirmed
	next := w.registers(w.stranger, w.altra, held, make50(1)...)
	w.longAgo(confirmed, -24*time.Hour) // ends in a day; before it was confirmed the hub itself would have reminded nobody
	w.reminded()
	all := fmt.Sprint(w.hub.Must(t, w.asCanary, exportQuery, nil))
	for _, part := range []string{"registrations_by_mail", "places_at_events", `"name": "` + canaryName + `"`, `"mail": "` + canaryMail + `"`, "Entitat Nova Inventada"} {
		if !strings.Contains(all, part) {
			t.Errorf("the copy lacks %s", part)
		}
	}
	if places := fmt.Sprint(w.found(w.database, canary)); !strings.Contains(places, "registration_contacts (2)") {
		t.Fatalf("negative control: the guest is found in %s only", places)
	}
	backup := w.dump(w.database)
	w.hub.Must(t, w.asCanary, eraseMutation, nil)
	w.gone(w.hub, token)
	w.eventually("the seat that was held goes to the next in line", func() bool {
		now, err := calendar.RegistrationsByIDs(t.Context(), w.hub.DB.Read(), w.hub.Viewer(t, w.stranger), []id.ID{next.ID})
		w.ok(err)
		return now[0].State == calendar.RegistrationConfirmed
	})
	w.erased(w.database, "after the erasure of a guest")
	if text := ledgerText(w) + w.hub.Logs.String(); strings.Contains(strings.ToLower(text), canary) {
		t.Error("the ledger or the log holds the guest")
	}
	restored := w.restore(backup)
	w.gone(w.start(restored, w.erasures), token)
	w.erased(restored, "after the restore of a guest")
}

// reminded looks that the guest is reminded, and not again; and of another start not
// either, when they have turned that off.
func (w *world) reminded() {
	w.Helper()
	off := mail.NewOff("https://teixit.example", []byte("key"))
	notices := calendar.NewNotices(w.hub.DB, w.letters, "https://teixit.example", "").WithOff(off)
	_, err := notices.Remind(w.Context())
	w.ok(err)
	m := w.mailed(mail.SeatReminder, canaryMail, 1)
	if method, _, _ := entry(w.T, m); method != "REQUEST" {
		w.Errorf("the reminder comes with %s", method)
	}
	if n, err := notices.Remind(w.Context()); n != 0 || err != nil {
		w.Errorf("reminded again of %d events: %v", n, err)
	}
	_, token, _ := strings.Cut(m.Off, mail.OffPath)
	wish, ok := off.Read(token)
	if !ok {
		w.Fatalf("a reminder is turned off by %q", m.Off)
	}
	w.ok(mail.TurnOffReminders(w.Context(), w.hub.DB.Read(), wish))
	w.admin(w.database, `update events set starts_at = starts_at + interval '1 minute' where starts_at between now() and now() + interval '23 hours'`)
	if n, err := notices.Remind(w.Context()); n == 0 || err != nil {
		w.Errorf("of another start are %d events: %v", n, err)
	}
	w.mailed(mail.SeatReminder, canaryMail, 1)
}

// gone looks that a link opens nothing any more.
func (w *world) gone(hub *hubtest.Hub, token string) {
	w.Helper()
	if shown := hub.Must(w.T, "", readLink, object{"token": token})["registrationLink"]; shown != nil {
		w.Errorf("the link still shows %v", shown)
	}
}

func (w *world) eventually(what string, is func() bool) {
	w.Helper()
	for deadline := time.Now().Add(30 * time.Second); !is(); <-time.After(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.Fatalf("it does not come to pass that %s", what)
		}
	}
}

// TestAMailThatIsRefusedIsShown: a mail server does not know the address that
// somebody registered with; the organisers read so on the registration, nobody
// else does, and nothing that is told or logged names the address.
func TestAMailThatIsRefusedIsShown(t *testing.T) {
	relay := nettest.NewSMTP(t, nil, false)
	relay.Answer(func(line string) string {
		if strings.HasPrefix(line, "RCPT") && strings.Contains(line, canaryMail) {
			return "550 5.1.1 <" + canaryMail + "> is not known here"
		}
		return ""
	})
	w := newWorldMailing(t, relay)
	event := w.event(5, nil)
	w.request(event, 1, func(in object) { in["mail"] = canaryMail })
	const troubles = `query($id: ID!) { event(id: $id) { registrations(first: 5) { nodes { mailTrouble { at reason } } } } }`
	read := func(who string) string {
		return string(w.hub.Query(t, who, troubles, object{"id": node.Event.Global(event)}).Body)
	}
	w.eventually("the organisers read that mails do not arrive", func() bool { return strings.Contains(read(w.asOfficer), "550 5.1.1") })
	if got := read(w.asOfficer); strings.Contains(got, canary) {
		t.Errorf("the reason names the address: %s", got)
	}
	for who, token := range map[string]string{"nobody": "", "another organisation": w.asOther} {
		if got := read(token); strings.Contains(got, "550") {
			t.Errorf("%s reads %s", who, got)
		}
	}
	if strings.Contains(strings.ToLower(w.hub.Logs.String()), canary) {
		t.Error("the log holds the address")
	}
}

// TestAMailThatComesBackIsShown: the relay takes what is sent, and a server behind
// it reports that it knows nobody of that name. The organisers read so, nothing
// more is sent there, and who asks for a new link and opens it is mailed again.
func TestAMailThatComesBackIsShown(t *testing.T) {
	relay := nettest.NewSMTP(t, nil, false)
	w := newWorldMailing(t, relay)
	event := w.event(5, nil)
	asks := func() nettest.Mail {
		w.request(event, 1, func(in object) { in["mail"] = canaryMail })
		return w.taken(relay, "registration#token=")
	}
	first := asks()
	w.by("", confirmLink, tokenIn(t, first), nil)
	confirmed := w.taken(relay, "BEGIN:VCALENDAR")
	if first.From == confirmed.From || !strings.HasPrefix(confirmed.From, "bounces+") {
		t.Fatalf("mails go out from %s and %s", first.From, confirmed.From)
	}
	report := "To: " + confirmed.From + "\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n" +
		"Final-Recipient: rfc822; " + canaryMail + "\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
	for secret, want := range map[string]string{"": "UNAUTHENTICATED", "Bearer " + bounceSecret + "x": "UNAUTHENTICATED"} {
		if got := w.comesBack(secret, report); !strings.Contains(got, want) {
			t.Errorf("with %q: %s", secret, got)
		}
	}
	var got string
	w.eventually("the mail is known to be sent, and to have come back", func() bool {
		got = w.comesBack("Bearer "+bounceSecret, report)
		return strings.Contains(got, "REFUSED")
	})
	const troubles = `query($id: ID!) { event(id: $id) { registrations(first: 5) { nodes { mailTrouble { kind reason } } } } }`
	read := func(who string) string {
		return string(w.hub.Query(t, who, troubles, object{"id": eventID(event)}).Body)
	}
	if got := read(w.asOfficer); !strings.Contains(got, `{"kind":"REFUSED","reason":"bounced 5.1.1"}`) {
		t.Errorf("the organisers read %s", got)
	}
	if got := read(w.asOther); strings.Contains(got, "5.1.1") {
		t.Errorf("another organisation reads %s", got)
	}
	w.hub.Must(t, w.asOfficer, `mutation($id: ID!, $to: String!) { eventUpdate(input: {id: $id, venueName: $to}) { errors { code } } }`, object{"id": eventID(event), "to": "Una altra sala"})
	w.eventually("the change is not sent to the dead address, and that is said", func() bool {
		return strings.Contains(read(w.asOfficer), "not sent")
	})
	w.by("", confirmLink, tokenIn(t, first), nil) // a link of before says nothing
	if shown := w.hub.Must(t, "", `query($token: String!) { registrationLink(token: $token) { mailArrives } }`, object{"token": tokenIn(t, first)}); fmt.Sprint(shown) != "map[registrationLink:map[mailArrives:false]]" {
		t.Errorf("its holder reads %v", shown)
	}
	w.by("", confirmLink, tokenIn(t, asks()), nil)
	w.hub.Must(t, w.asOfficer, `mutation($id: ID!, $to: String!) { eventUpdate(input: {id: $id, venueName: $to}) { errors { code } } }`, object{"id": eventID(event), "to": "La sala d'abans"})
	w.taken(relay, "BEGIN:VCALENDAR")
	if text := w.hub.Logs.String(); strings.Contains(strings.ToLower(text), canary) {
		t.Error("the log holds the address")
	}
}

// taken waits for the next mail that holds a text, whatever its encoding.
func (w *world) taken(relay *nettest.SMTP, text string) nettest.Mail {
	w.Helper()
	for {
		select {
		case m := <-relay.Taken():
			raw, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(m.Raw)))
			if len(raw) == 0 {
				w.ok(err)
			}
			if m.Raw = raw; bytes.Contains(raw, []byte(text)) || bytes.Contains(raw, []byte("text/calendar")) && text == "BEGIN:VCALENDAR" {
				return m
			}
		case <-time.After(30 * time.Second):
			w.Fatalf("no mail with %s is sent", text)
		}
	}
}

var tokenOf = regexp.MustCompile(`registration#token=([A-Z2-7]+)`)

func tokenIn(t *testing.T, m nettest.Mail) string {
	t.Helper()
	found := tokenOf.FindSubmatch(m.Raw)
	if found == nil {
		t.Fatalf("no link in\n%s", m.Raw)
	}
	return string(found[1])
}

// comesBack hands a mail over as the mail server does.
func (w *world) comesBack(authorization, raw string) string {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), http.MethodPost, "http://"+w.hub.Addr+"/mail/bounces", strings.NewReader(raw))
	w.ok(err)
	r.Header.Set("Authorization", authorization)
	answer, err := http.DefaultClient.Do(r)
	w.ok(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	w.ok(err)
	return string(text)
}
