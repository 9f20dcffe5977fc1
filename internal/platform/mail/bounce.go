package mail

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"regexp"
	"strings"

	"github.com/teixit/teixit/internal/kernel/id"
)

// MaxBounce is how many bytes of a mail that came back are looked at. Reports
// carry the mail they are about behind what they say of it.
const MaxBounce = 1 << 20

// Bounce is what a mail server reports of a mail (RFC 3464). Of its text nothing
// is kept but the status code: servers like to repeat addresses.
type Bounce struct {
	Mail    id.ID
	Delayed bool   // the server still tries; else it has given up
	Status  string // such as 5.1.1; empty: none that is one
}

// ErrNoBounce is raised for a mail that is no report of the delivery of one of
// the hub's: an answer of somebody on holiday, say.
var ErrNoBounce = errors.New("mail: this is no delivery report of a mail of the hub")

// returnPath is the envelope sender of one mail: bounces+<mail>@domain. Whatever
// comes back there is about that mail, so that no address is read out of a report.
func returnPath(bounces string, mail id.ID) string {
	local, domain, _ := strings.Cut(bounces, "@")
	return local + "+" + mail.String() + "@" + domain
}

// mailOf reads the identifier out of a return path.
func mailOf(address string) (id.ID, bool) {
	if a, err := netmail.ParseAddress(address); err == nil {
		address = a.Address
	}
	local, _, _ := strings.Cut(address, "@")
	_, token, ok := strings.Cut(local, "+")
	if !ok {
		return id.Zero, false
	}
	v, err := id.ParseUUID(strings.ToLower(token))
	return v, err == nil
}

// ParseBounce reads a mail that came in at the return path. to is the address it
// was delivered to, as the mail server knows it; when it is empty, the mail's own
// header is asked. The error is ErrNoBounce.
func ParseBounce(r io.Reader, to string) (b Bounce, err error) {
	m, err := netmail.ReadMessage(bufio.NewReader(io.LimitReader(r, MaxBounce)))
	if err != nil {
		return b, ErrNoBounce
	}
	for _, at := range []string{to, m.Header.Get("X-Original-To"), m.Header.Get("Delivered-To"), m.Header.Get("To")} {
		var ok bool
		if b.Mail, ok = mailOf(at); ok {
			break
		}
	}
	if b.Mail.IsZero() {
		return b, ErrNoBounce
	}
	status, ok := deliveryStatus(textproto.MIMEHeader(m.Header), m.Body, 0)
	if !ok {
		return b, ErrNoBounce
	}
	return b, b.read(status)
}

// Bounds of how reports are built.
const (
	maxDepth  = 4
	maxParts  = 20
	maxGroups = 20
)

// deliveryStatus finds the part that machines read.
func deliveryStatus(h textproto.MIMEHeader, body io.Reader, depth int) (string, bool) {
	kind, parameters, err := mime.ParseMediaType(h.Get("Content-Type"))
	switch {
	case err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter):
		return "", false
	case kind == "message/delivery-status", kind == "message/global-delivery-status":
		text, err := io.ReadAll(decoded(h, body))
		return string(text), err == nil || len(text) > 0 // cut off behind what counts
	case !strings.HasPrefix(kind, "multipart/") || depth == maxDepth:
		return "", false
	}
	parts := multipart.NewReader(body, parameters["boundary"])
	for range maxParts {
		part, err := parts.NextRawPart()
		if err != nil {
			return "", false
		}
		if found, ok := deliveryStatus(part.Header, part, depth+1); ok {
			return found, true
		}
	}
	return "", false
}

func decoded(h textproto.MIMEHeader, body io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(h.Get("Content-Transfer-Encoding"))) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

var statusCode = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

// read takes what the report says of its recipient. The hub's mails have one
// each; the groups of fields are about the report and then about recipients.
func (b *Bounce) read(status string) error {
	text := strings.ReplaceAll(status, "\r\n", "\n")
	for n, group := range strings.Split(strings.TrimLeft(text, "\n"), "\n\n") {
		if n == maxGroups {
			break
		}
		fields, _ := textproto.NewReader(bufio.NewReader(bytes.NewBufferString(strings.TrimLeft(group, "\n") + "\n\n"))).ReadMIMEHeader()
		action, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(fields.Get("Action"))), " ")
		b.Status = statusCode.FindString(strings.TrimSpace(fields.Get("Status")))
		switch action {
		case "failed":
			return nil
		case "delayed":
			b.Delayed = true
			return nil
		}
	}
	return ErrNoBounce
}

// reason is what is kept and shown of it.
func (b *Bounce) reason() string {
	word := "bounced"
	if b.Delayed {
		word = "delayed"
	}
	return strings.TrimSpace(word + " " + b.Status)
}

// deadStatus are the codes that speak of the address and not of the mail, of the
// server's moment or of what it thinks of the sender: no such mailbox or domain
// (x.1.x), disabled (5.2.1), refused by its domain's list (5.4.1), no way there
// (5.4.4).
var deadStatus = regexp.MustCompile(`\b5\.(1\.\d{1,3}|2\.1|4\.1|4\.4)\b`)

// dead tells that a reason means that no mail will arrive at the address.
func dead(reason string) bool { return deadStatus.MatchString(reason) }
