package privacy_test

import (
	"fmt"
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

// reminded looks that the guest is reminded, and not again.
func (w *world) reminded() {
	w.Helper()
	notices := calendar.NewNotices(w.hub.DB, w.letters, "https://teixit.example", "")
	_, err := notices.Remind(w.Context())
	w.ok(err)
	m := w.mailed(mail.SeatReminder, canaryMail, 1)
	if method, _, _ := entry(w.T, m); method != "REQUEST" {
		w.Errorf("the reminder comes with %s", method)
	}
	if n, err := notices.Remind(w.Context()); n != 0 || err != nil {
		w.Errorf("reminded again of %d events: %v", n, err)
	}
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
