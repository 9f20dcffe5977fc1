package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// sendTimeout bounds one conversation with the relay; it is well below Lease.
const sendTimeout = 20 * time.Second

// maxBounces is the longest name before the @ of a return path: the mark and its
// plus take 37 of the 64 characters there are.
const maxBounces = 27

// SMTP sends letters through a relay, one conversation each.
type SMTP struct {
	host     string
	port     int
	implicit bool // TLS from the first byte
	tls      *tls.Config
	options  []mail.Option
	from     *netmail.Address
	bounces  string // where mails come back to; empty: to from
}

// NewSMTP reads where the relay is and who the mails are from.
//
// relay is smtp://user:password@host:587 with STARTTLS, which is insisted upon,
// or smtps://user:password@host:465. For a relay that is reached without TLS,
// on this machine or a network of one's own, ?tls=none says so; a password is
// never sent that way. from is an address with or without a name. bounces is where
// mails come back to, such as bounces@example.org, each with a mark of its own;
// empty: to from, and nobody hears of it.
func NewSMTP(relay, from, bounces string) (*SMTP, error) {
	sender, err := netmail.ParseAddress(from)
	if err != nil || strings.ContainsAny(from, "\r\n") {
		return nil, errors.New("the sender of mails is no mail address, such as Teixit <no-reply@example.org>")
	}
	if bounces != "" && (!bareAddress(bounces) || strings.Contains(bounces, "+") || strings.Index(bounces, "@") > maxBounces) {
		return nil, errors.New("where mails come back to is no plain mail address, such as bounces@example.org")
	}
	u, err := url.Parse(relay)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return nil, errors.New("the mail relay is no address such as smtp://user:password@host:587") // the cause would show the password
	}
	s := &SMTP{
		bounces: bounces,
		host:    u.Hostname(), implicit: u.Scheme == "smtps", from: sender,
		tls: &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12},
	}
	if s.port, err = portOf(u); err != nil {
		return nil, err
	}
	policy, err := s.policyOf(u)
	if err != nil {
		return nil, err
	}
	s.options = []mail.Option{mail.WithPort(s.port), mail.WithTLSPolicy(policy), mail.WithTLSConfig(s.tls), mail.WithTimeout(sendTimeout), mail.WithoutNoop()}
	password, ok := u.User.Password()
	if ok && u.Query().Get("tls") == "none" {
		return nil, errors.New("the mail relay gets no password without TLS: leave out tls=none or the password")
	}
	if ok {
		s.options = append(s.options, mail.WithUsername(u.User.Username()), mail.WithPassword(password),
			mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover))
	}
	return s, nil
}

func portOf(u *url.URL) (int, error) {
	switch {
	case u.Port() != "":
		port, err := strconv.ParseUint(u.Port(), 10, 16)
		return int(port), err
	case u.Scheme == "smtps":
		return 465, nil
	}
	return 587, nil
}

func (s *SMTP) policyOf(u *url.URL) (mail.TLSPolicy, error) {
	switch how := u.Query().Get("tls"); {
	case s.implicit && how == "":
		return mail.TLSOpportunistic, nil // the connection has it already; this makes the library notice
	case !s.implicit && (how == "" || how == "starttls"):
		return mail.TLSMandatory, nil
	case !s.implicit && how == "none":
		return mail.NoTLS, nil
	}
	return mail.NoTLS, errors.New("the mail relay's tls is starttls or none")
}

// Send implements Sender. What fails before the relay has heard for whom the
// letter is says nothing about the letter and is worth trying again.
func (s *SMTP) Send(ctx context.Context, l Letter) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	m, err := s.message(l)
	if err != nil {
		return &Failure{Permanent: true, Reason: "the letter cannot be written"}
	}
	var line lifeline
	defer line.let()
	client, err := mail.NewClient(s.host, append(slices.Clone(s.options), mail.WithDialContextFunc(
		func(dial context.Context, network, address string) (net.Conn, error) {
			conn, err := s.dial(dial, network, address)
			if err == nil {
				line.hold(ctx, conn)
			}
			return conn, err
		}))...)
	if err != nil {
		return &Failure{Reason: "the relay's settings are refused"}
	}
	return converse(ctx, client, m)
}

func converse(ctx context.Context, client *mail.Client, m *mail.Msg) error {
	conversation, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return failure("connect", err)
	}
	err = client.SendWithSMTPClient(conversation, m)
	_ = client.CloseWithSMTPClient(conversation)
	if m.IsDelivered() {
		return nil // what goes wrong after the relay took it is of no consequence
	}
	return failure("send", err)
}

// lifeline cuts a conversation when its context ends: the library looks at the
// context only until it is connected.
type lifeline struct {
	conn net.Conn
	stop func() bool
}

func (l *lifeline) hold(ctx context.Context, conn net.Conn) {
	l.conn, l.stop = conn, context.AfterFunc(ctx, func() { _ = conn.Close() })
}

func (l *lifeline) let() {
	if l.conn != nil {
		l.stop()
		_ = l.conn.Close()
	}
}

func (s *SMTP) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if s.implicit {
		return (&tls.Dialer{Config: s.tls}).DialContext(ctx, network, address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// failure says in the hub's own words what went wrong.
func failure(stage string, err error) *Failure {
	var refused *mail.SendError
	if !errors.As(err, &refused) || refused.ErrorCode() == 0 {
		return &Failure{Reason: stage + ": " + class(err)}
	}
	at, final := "send", false
	switch refused.Reason {
	case mail.ErrSMTPMailFrom:
		at = "mail" // our own address is refused: a setting is wrong
	case mail.ErrSMTPRcptTo:
		at, final = "rcpt", !refused.IsTemp()
	case mail.ErrSMTPData, mail.ErrSMTPDataClose:
		at, final = "data", !refused.IsTemp()
	}
	reason := strings.TrimSpace(fmt.Sprint(at, " ", refused.ErrorCode(), " ", refused.EnhancedStatusCode()))
	return &Failure{Permanent: final, Reason: reason}
}

// class names the sort of an error whose text might repeat what we sent.
func class(err error) string {
	var network net.Error
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var lookup *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &certificate):
		return "the relay's certificate is not trusted"
	case errors.As(err, &record):
		return "the relay does not speak TLS"
	case errors.As(err, &lookup):
		return "the relay's name is not found"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return "the relay does not answer in time"
	case errors.As(err, &op):
		return "the relay is not reached (" + op.Op + ")"
	case strings.Contains(err.Error(), "AUTH"):
		return "the relay refuses user or password"
	case strings.Contains(err.Error(), "STARTTLS"):
		return "the relay offers no STARTTLS"
	}
	return "the conversation broke off"
}

// message writes the headers. The identifier is the letter's own, so that a
// letter sent twice (a relay that took it but could not say so) is one letter.
func (s *SMTP) message(l Letter) (*mail.Msg, error) {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	m.FromMailAddress(s.from)
	if !bareAddress(l.To) {
		return nil, errors.New("no bare mail address")
	}
	if err := m.To(l.To); err != nil {
		return nil, err
	}
	if s.bounces != "" {
		if err := m.EnvelopeFrom(returnPath(s.bounces, l.ID)); err != nil {
			return nil, err
		}
	}
	_, domain, _ := strings.Cut(s.from.Address, "@")
	m.SetMessageIDWithValue(l.ID.String() + "@" + domain)
	m.SetDate()
	m.Subject(oneLine(l.Subject, maxSubject))
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	m.SetGenHeader("Content-Language", string(l.Lang))
	if l.Off != "" {
		m.SetGenHeader("List-Unsubscribe", "<"+l.Off+">")
	}
	if strings.HasPrefix(l.Off, "https://") { // RFC 8058 wants no other
		m.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	m.AddAlternativeString(mail.TypeTextHTML, l.HTML)
	if l.Calendar == "" {
		return m, nil
	}
	// As an alternative for those that show an answer beside the mail (Outlook,
	// Google), as a file for those that open it (Apple).
	m.AddAlternativeString(mail.ContentType("text/calendar; method="+methodOf(l.Calendar)), l.Calendar)
	err := m.AttachReader("invite.ics", strings.NewReader(l.Calendar), mail.WithFileContentType("application/ics"))
	return m, err
}
