package mail_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/nettest"
	"github.com/teixit/teixit/internal/platform/mail"
)

const from = "Teixit <no-reply@teixit.example>"

func letterTo(t testing.TB, to string) mail.Letter {
	t.Helper()
	m := sample(mail.RegistrationChanged)
	m.To = to
	letter, err := mail.Render(m)
	must(t, err)
	letter.ID = id.New()
	return letter
}

func sender(t testing.TB, url string) *mail.SMTP {
	t.Helper()
	s, err := mail.NewSMTP(url, from, "")
	must(t, err)
	return s
}

func TestLetterOnTheWire(t *testing.T) {
	t.Parallel()
	relay := nettest.NewSMTP(t, nil, false)
	letter := letterTo(t, "anna@example.org")
	must(t, sender(t, "smtp://"+relay.Addr()+"?tls=none").Send(t.Context(), letter))
	got := <-relay.Taken()
	if got.From != "no-reply@teixit.example" || got.To != "anna@example.org" {
		t.Errorf("envelope from %q to %q", got.From, got.To)
	}
	h := got.Message.Header
	subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
	must(t, err)
	for name, c := range map[string]struct{ got, want string }{
		"subject":   {subject, letter.Subject},
		"from":      {h.Get("From"), `"Teixit" <no-reply@teixit.example>`},
		"to":        {h.Get("To"), "<anna@example.org>"},
		"automatic": {h.Get("Auto-Submitted"), "auto-generated"},
		"message":   {h.Get("Message-Id"), "<" + letter.ID.String() + "@teixit.example>"},
		"language":  {h.Get("Content-Language"), "ca"},
		"bulk":      {h.Get("List-Unsubscribe") + h.Get("Precedence"), ""},
		"program":   {h.Get("User-Agent") + h.Get("X-Mailer"), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
	if _, err := h.Date(); err != nil {
		t.Errorf("date: %v", err)
	}
	text, page := bodies(t, got)
	if text != letter.Text || page != letter.HTML {
		t.Errorf("bodies are\n%s\n%s", text, page)
	}
}

// bodies are the plain and the HTML part of a mail.
func bodies(t testing.TB, m nettest.Mail) (text, page string) {
	t.Helper()
	kind, parameters, err := mime.ParseMediaType(m.Message.Header.Get("Content-Type"))
	must(t, err)
	if kind != "multipart/alternative" {
		t.Fatalf("content is %s", kind)
	}
	_, raw, _ := strings.Cut(string(m.Raw), "\n\n")
	parts := multipart.NewReader(strings.NewReader(raw), parameters["boundary"])
	for range 2 {
		part, err := parts.NextRawPart()
		must(t, err)
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		must(t, err)
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/plain") {
			text = strings.ReplaceAll(string(body), "\r\n", "\n")
		} else {
			page = strings.ReplaceAll(string(body), "\r\n", "\n")
		}
	}
	return text, page
}

// A letter made by hand, past all checks, still brings no header in.
func TestNoHeaderComesInThroughALetter(t *testing.T) {
	t.Parallel()
	relay := nettest.NewSMTP(t, nil, false)
	s := sender(t, "smtp://"+relay.Addr()+"?tls=none")
	for _, break_ := range []string{"\r\n", "\n", "\r", "\u0085", "\u2028"} {
		letter := letterTo(t, "anna@example.org")
		letter.Subject = "Hola" + break_ + "Bcc: spy@example.org" + break_ + break_ + "body"
		letter.Text = "one" + break_ + "." + break_ + "MAIL FROM:<spy@example.org>"
		letter.Lang = lang.Lang("ca" + break_ + "X-Spy: 1")
		must(t, s.Send(t.Context(), letter))
		got := <-relay.Taken()
		if h := got.Message.Header; h.Get("Bcc") != "" || h.Get("X-Spy") != "" || len(relay.Mails()) == 0 || got.To != "anna@example.org" {
			t.Errorf("a header came in with %q: %v", break_, h)
		}
		letter.To = "anna@example.org" + break_ + "Bcc: spy@example.org"
		var failed *mail.Failure
		if err := s.Send(t.Context(), letter); !errors.As(err, &failed) || !failed.Permanent {
			t.Errorf("a recipient with %q: %v", break_, err)
		}
	}
	for _, m := range relay.Mails() {
		if m.From != "no-reply@teixit.example" {
			t.Errorf("a mail came from %q", m.From)
		}
	}
}

// certificate is one for 127.0.0.1, and what trusts it.
func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	transport, ok := s.Client().Transport.(interface{ CloseIdleConnections() })
	if ok {
		transport.CloseIdleConnections()
	}
	return &tls.Config{Certificates: s.TLS.Certificates}, mail.TrustOf(s)
}

func TestPasswordsGoThroughTLSOnly(t *testing.T) {
	t.Parallel()
	server, client := certificate(t)
	for _, implicit := range []bool{false, true} {
		relay := nettest.NewSMTP(t, server, implicit)
		scheme := map[bool]string{false: "smtp", true: "smtps"}[implicit]
		s := sender(t, scheme+"://hub:secret@"+relay.Addr())
		if err := s.Send(t.Context(), letterTo(t, "anna@example.org")); err == nil || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("%s: an unknown certificate: %v", scheme, err)
		}
		mail.Trust(s, client)
		must(t, s.Send(t.Context(), letterTo(t, "anna@example.org")))
		if got := <-relay.Taken(); !got.TLS || !strings.HasPrefix(got.User, "AUTH PLAIN") {
			t.Errorf("%s: TLS %v, signed in as %q", scheme, got.TLS, got.User)
		}
	}
	bare := nettest.NewSMTP(t, nil, false)
	if err := sender(t, "smtp://hub:secret@"+bare.Addr()).Send(t.Context(), letterTo(t, "anna@example.org")); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("a relay without TLS: %v", err)
	}
	if len(bare.Mails()) > 0 {
		t.Error("a mail went out without TLS")
	}
}

// What a relay says decides whether another try is worth it. Its words are kept
// out: they repeat the address.
func TestWhatRelaysRefuse(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]struct {
		at        string
		permanent bool
		reason    string
	}{
		"451 4.7.1 anna@example.org, later":     {"RCPT", false, "rcpt 451 4.7.1"},
		"550 5.1.1 anna@example.org is unknown": {"RCPT", true, "rcpt 550 5.1.1"},
		"554 5.7.1 spam for anna@example.org":   {".", true, "data 554 5.7.1"},
		"452 4.2.2 full: anna@example.org":      {".", false, "data 452 4.2.2"},
		"553 5.7.1 not your address, anna@":     {"MAIL", false, "mail 553 5.7.1"},
		"421 4.3.2 anna@example.org, closing":   {"DATA", false, "data 421 4.3.2"},
	} {
		relay := nettest.NewSMTP(t, nil, false)
		relay.Answer(func(line string) string {
			if strings.HasPrefix(line, want.at) {
				return answer
			}
			return ""
		})
		err := sender(t, "smtp://"+relay.Addr()+"?tls=none").Send(t.Context(), letterTo(t, "anna@example.org"))
		var failed *mail.Failure
		if !errors.As(err, &failed) || failed.Permanent != want.permanent || failed.Reason != want.reason {
			t.Errorf("%s at %s: %v, permanent %v", answer, want.at, err, failed != nil && failed.Permanent)
		}
		if err != nil && strings.Contains(err.Error(), "anna") {
			t.Errorf("the error names the person: %v", err)
		}
	}
}

// The relay took the letter and then broke off: it is sent.
func TestTroubleAfterTheRelayTookItIsNoFailure(t *testing.T) {
	t.Parallel()
	relay := nettest.NewSMTP(t, nil, false)
	relay.Answer(func(line string) string {
		if line == "RSET" || line == "QUIT" {
			return "451 4.3.0 trouble"
		}
		return ""
	})
	must(t, sender(t, "smtp://"+relay.Addr()+"?tls=none").Send(t.Context(), letterTo(t, "anna@example.org")))
	if len(relay.Mails()) != 1 {
		t.Errorf("%d mails", len(relay.Mails()))
	}
}

// A relay that falls silent does not hold a worker when the hub stops.
func TestSilentRelayIsLeft(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"EHLO", "RCPT", "."} {
		relay := nettest.NewSMTP(t, nil, false)
		heard, go_ := make(chan struct{}), make(chan struct{})
		relay.Answer(func(line string) string {
			if strings.HasPrefix(line, at) {
				close(heard)
				<-go_
			}
			return ""
		})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			done <- sender(t, "smtp://"+relay.Addr()+"?tls=none").Send(ctx, letterTo(t, "anna@example.org"))
		}()
		<-heard
		cancel()
		var failed *mail.Failure
		if err := <-done; !errors.As(err, &failed) || failed.Permanent {
			t.Errorf("silent at %s: %v", at, err)
		}
		close(go_)
	}
}

func TestRelayIsNotReached(t *testing.T) {
	t.Parallel()
	relay := nettest.NewSMTP(t, nil, false)
	address := relay.Addr()
	relay.Close()
	var failed *mail.Failure
	err := sender(t, "smtp://"+address+"?tls=none").Send(t.Context(), letterTo(t, "anna@example.org"))
	if !errors.As(err, &failed) || failed.Permanent || failed.Reason != "connect: the relay is not reached (dial)" {
		t.Errorf("got %v", err)
	}
}

func TestSettingsThatCannotWork(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ relay, from string }{
		{"", from},
		{"mail.example", from},
		{"http://mail.example", from},
		{"smtp://:587", from},
		{"smtp://mail.example:99999", from},
		{"smtp://mail.example?tls=maybe", from},
		{"smtps://mail.example?tls=none", from},
		{"smtp://hub:secret@mail.example?tls=none", from},
		{"smtp://hub:secret@mail.example", ""},
		{"smtp://hub:secret@mail.example", "Teixit"},
		{"smtp://hub:secret@mail.example", "a@b.example\r\nBcc: c@d.example"},
		{"smtp://hub:sec%ret@mail.example", from},
	} {
		if _, err := mail.NewSMTP(c.relay, c.from, ""); err == nil {
			t.Errorf("%q from %q is accepted", c.relay, c.from)
		} else if strings.Contains(err.Error(), "sec") {
			t.Errorf("the error shows the password: %v", err)
		}
	}
}
