package mail_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/nettest"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

const bounced = "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"

func report(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".eml")
	must(t, err)
	return bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
}

// Reports as Postfix, Exchange and Gmail write them; the mark in the address they
// come to says which mail they are about, whatever else they name.
func TestReportsAreRead(t *testing.T) {
	t.Parallel()
	inBase64 := func(raw []byte) []byte {
		text := strings.ReplaceAll(string(raw), "\r\n", "\n")
		before, after, _ := strings.Cut(text, "Content-Type: message/delivery-status\n\n")
		status, rest, _ := strings.Cut(after, "\n--4XyZ")
		return []byte(before + "Content-Type: message/global-delivery-status\nContent-Transfer-Encoding: base64\n\n" +
			base64.StdEncoding.EncodeToString([]byte(status)) + "\n--4XyZ" + rest)
	}
	for name, c := range map[string]struct {
		raw     []byte
		to      string
		status  string
		delayed bool
	}{
		"Postfix":           {report(t, "postfix_unknown"), "", "5.1.1", false},
		"Postfix, base64":   {inBase64(report(t, "postfix_unknown")), "", "5.1.1", false},
		"Postfix, late":     {report(t, "postfix_late"), "", "4.4.1", true},
		"Exchange":          {report(t, "exchange_unknown"), "", "5.1.10", false},
		"Gmail":             {report(t, "gmail_full"), "", "4.2.2", false},
		"told by the pipe":  {bytes.ReplaceAll(report(t, "postfix_unknown"), []byte("+"+bounced), nil), "Bounces+" + strings.ToUpper(bounced) + "@teixit.example", "5.1.1", false},
		"without a status":  {bytes.ReplaceAll(report(t, "postfix_unknown"), []byte("Status: 5.1.1"), []byte("Status: none")), "", "", false},
		"lines of one byte": {bytes.ReplaceAll(report(t, "gmail_full"), []byte("\r\n"), []byte("\n")), "", "4.2.2", false},
	} {
		b, err := mail.ParseBounce(bytes.NewReader(c.raw), c.to)
		if err != nil || b.Mail.String() != bounced || b.Status != c.status || b.Delayed != c.delayed {
			t.Errorf("%s: %+v, %v", name, b, err)
		}
	}
}

// What is no report of one of the hub's mails is none, however it looks.
func TestWhatIsNoReport(t *testing.T) {
	t.Parallel()
	unknown := report(t, "postfix_unknown")
	deep := "To: b+" + bounced + "@x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		strings.Repeat("--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n", 5000)
	for name, raw := range map[string][]byte{
		"an answer of somebody on holiday": report(t, "holiday"),
		"a report of another's mail":       bytes.ReplaceAll(unknown, []byte("+"+bounced), nil),
		"a mark that is none":              bytes.ReplaceAll(unknown, []byte("+"+bounced), []byte("+"+bounced[:30])),
		"a mail that arrived":              bytes.ReplaceAll(unknown, []byte("Action: failed"), []byte("Action: delivered")),
		"nothing":                          nil,
		"no mail":                          []byte("hello"),
		"a bomb of parts":                  []byte(deep),
		"without its end":                  unknown[:bytes.Index(unknown, []byte("Content-Description: Delivery"))],
	} {
		if b, err := mail.ParseBounce(bytes.NewReader(raw), ""); !errors.Is(err, mail.ErrNoBounce) {
			t.Errorf("%s: %+v, %v", name, b, err)
		}
	}
}

// FuzzParseBounce looks for input that makes the reader fall over.
func FuzzParseBounce(f *testing.F) {
	for _, name := range []string{"postfix_unknown", "postfix_late", "exchange_unknown", "gmail_full", "holiday"} {
		f.Add(report(f, name))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if b, err := mail.ParseBounce(bytes.NewReader(raw), ""); err == nil && b.Mail.IsZero() {
			t.Error("a report of no mail")
		}
	})
}

// Each mail goes out from an address of its own, and says nothing of it inside.
func TestMailsComeBackToTheirMark(t *testing.T) {
	t.Parallel()
	relay := nettest.NewSMTP(t, nil, false)
	s, err := mail.NewSMTP("smtp://"+relay.Addr()+"?tls=none", from, "bounces@teixit.example")
	must(t, err)
	letter := letterTo(t, "anna@example.org")
	must(t, s.Send(t.Context(), letter))
	if got := <-relay.Taken(); got.From != "bounces+"+letter.ID.String()+"@teixit.example" || got.Message.Header.Get("From") != `"Teixit" <no-reply@teixit.example>` {
		t.Errorf("from %q, %v", got.From, got.Message.Header)
	}
	for _, scheme := range []string{"https", "http"} {
		m := sample(mail.Digest)
		m.Off = mail.NewOff(scheme+"://teixit.example", []byte("key")).Digests(id.New())
		digest, err := mail.Render(m)
		must(t, err)
		digest.ID = id.New()
		must(t, s.Send(t.Context(), digest))
		h := (<-relay.Taken()).Message.Header
		if h.Get("List-Unsubscribe") != "<"+m.Off+">" || (h.Get("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click") != (scheme == "https") {
			t.Errorf("%s: a digest says how to do without: %v", scheme, h)
		}
		if !strings.Contains(digest.Text, m.Off) || !strings.Contains(digest.HTML, m.Off) {
			t.Error("people do not see how to do without")
		}
	}
	for _, wrong := range []string{"bounces", "b+c@teixit.example", "Retorns <b@teixit.example>", strings.Repeat("b", 28) + "@teixit.example"} {
		if _, err := mail.NewSMTP("smtp://localhost:25?tls=none", from, wrong); err == nil {
			t.Errorf("mails come back to %q", wrong)
		}
	}
}

// After a report that nobody knows the address, only what somebody asks for is
// sent there, until they show that they read it.
func TestNothingIsSentToADeadAddress(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	q := db.Read()
	about := id.New()
	queue := func(template, key string) (id.ID, bool) {
		m := sample(template)
		m.To, m.UniqueKey, m.About = "Dead@example.org", key, about
		queued, fresh, err := mail.Keep(t.Context(), q, m)
		must(t, err)
		return queued, fresh
	}
	trouble := func() mail.Refusal {
		found, err := mail.RefusedOf(t.Context(), q, []id.ID{about})
		must(t, err)
		return found[about]
	}
	back := func(queued id.ID, status string, delayed bool) {
		known, err := mail.Back(t.Context(), q, mail.Bounce{Mail: queued, Status: status, Delayed: delayed})
		if err != nil || !known {
			t.Fatal(known, err)
		}
	}
	first, _ := queue(mail.SeatReminder, "first")
	if known, err := mail.Back(t.Context(), q, mail.Bounce{Mail: first, Status: "5.1.1"}); known || err != nil {
		t.Errorf("a mail that was not sent came back: %v, %v", known, err)
	}
	must(t, mail.Settle(t.Context(), q, first, mail.Sent, ""))
	back(first, "4.4.1", true)
	if got := trouble(); got.Kind != mail.TroubleDelayed || got.Reason != "delayed 4.4.1" {
		t.Errorf("late: %+v", got)
	}
	back(first, "5.7.1", false) // what a server thinks of us says nothing of the address
	if got := trouble(); got.Kind != mail.TroubleRefused || got.Reason != "bounced 5.7.1" {
		t.Errorf("refused: %+v", got)
	}
	second, fresh := queue(mail.SeatReminder, "second")
	if !fresh {
		t.Fatal("a mail that was refused for other reasons ends the address")
	}
	must(t, mail.Settle(t.Context(), q, second, mail.Sent, ""))
	back(second, "5.1.1", false)
	if _, fresh := queue(mail.SeatReminder, "third"); fresh {
		t.Error("a mail is sent to a dead address")
	}
	if got := trouble(); !strings.HasPrefix(got.Reason, "not sent") {
		t.Errorf("what is not sent is not shown: %+v", got)
	}
	if _, fresh := queue(mail.BookingLink, "fourth"); !fresh {
		t.Error("who asks for a link does not get it")
	}
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error { return mail.Alive(ctx, tx, "dead@EXAMPLE.org") }))
	fifth, fresh := queue(mail.SeatReminder, "fifth")
	if !fresh {
		t.Error("nothing is sent to who reads the address")
	}
	must(t, mail.Refuse(t.Context(), q, fifth, "rcpt 550 5.1.1")) // at the door
	if _, fresh := queue(mail.SeatReminder, "sixth"); fresh {
		t.Error("a refusal at the door does not end the address")
	}
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error { return mail.Forget(ctx, tx, "dead@example.org") }))
	if left := text(t, db, `select (select count(*) from dead_addresses) || ' ' || (select count(*) from mails where to_hash is not null)`); left != "0 0" {
		t.Errorf("after the erasure: %s", left)
	}
}
