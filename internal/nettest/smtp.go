package nettest

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"io"
	"net"
	netmail "net/mail"
	"net/textproto"
	"strings"
	"sync"
	"testing"
)

// Mail is what an SMTP server took.
type Mail struct {
	From, To string
	Raw      []byte
	Message  *netmail.Message // its header; the body has been read
	TLS      bool
	User     string // who signed in
}

// SMTP is a mail relay that keeps what it is given. Its methods are safe for
// concurrent use.
type SMTP struct {
	listener net.Listener
	config   *tls.Config
	running  sync.WaitGroup
	taken    chan Mail

	mu     sync.Mutex
	mails  []Mail
	answer func(line string) string
	open   map[net.Conn]struct{}
}

// NewSMTP starts a relay on a free loopback port and ends it with the test. With
// a certificate it offers STARTTLS, or speaks TLS from the first byte.
func NewSMTP(t testing.TB, certificate *tls.Config, implicit bool) *SMTP {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &SMTP{listener: l, config: certificate, taken: make(chan Mail, 10000), open: map[net.Conn]struct{}{}, answer: func(string) string { return "" }}
	if implicit {
		s.listener = tls.NewListener(l, certificate)
	}
	s.running.Go(s.accept)
	t.Cleanup(s.Close)
	return s
}

// Addr is where the relay listens, as "host:port".
func (s *SMTP) Addr() string { return s.listener.Addr().String() }

// Answer sets who is asked for every line (the end of the data is "."): what it
// gives is sent back instead of the usual answer, unless it is empty. It may
// block, and so the client waits.
func (s *SMTP) Answer(to func(line string) string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = to
}

// Taken delivers each mail as it is taken.
func (s *SMTP) Taken() <-chan Mail { return s.taken }

// Mails are all mails taken so far.
func (s *SMTP) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail{}, s.mails...)
}

// Close ends the relay and every conversation; it is done at the end of the test
// too.
func (s *SMTP) Close() {
	_ = s.listener.Close()
	s.mu.Lock()
	for c := range s.open {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.running.Wait()
}

func (s *SMTP) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.open[conn] = struct{}{}
		s.mu.Unlock()
		s.running.Go(func() { s.serve(conn) })
	}
}

func (s *SMTP) serve(conn net.Conn) {
	defer func() {
		s.mu.Lock()
		delete(s.open, conn)
		s.mu.Unlock()
		_ = conn.Close()
	}()
	_, secure := conn.(*tls.Conn)
	c := &smtpClient{server: s, text: textproto.NewConn(conn), mail: Mail{TLS: secure}}
	c.say("220 relay.test ESMTP")
	for {
		line, err := c.text.ReadLine()
		if err != nil || !c.command(line, conn) {
			return
		}
	}
}

// smtpClient is one conversation.
type smtpClient struct {
	server *SMTP
	text   *textproto.Conn
	mail   Mail
}

func (c *smtpClient) say(lines ...string) { _ = c.text.PrintfLine("%s", strings.Join(lines, "\r\n")) }

// ask reports whether the test answered the line itself.
func (c *smtpClient) ask(line string) bool {
	c.server.mu.Lock()
	answer := c.server.answer
	c.server.mu.Unlock()
	said := answer(line)
	if said != "" {
		c.say(said)
	}
	return said != ""
}

// command carries a line out; false ends the conversation.
func (c *smtpClient) command(line string, conn net.Conn) bool {
	verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
	if c.ask(line) {
		return true
	}
	switch verb {
	case "EHLO", "HELO":
		c.greet()
	case "STARTTLS":
		c.say("220 go ahead")
		c.text = textproto.NewConn(tls.Server(conn, c.server.config))
		c.mail.TLS = true
	case "AUTH":
		c.mail.User = line
		c.say("235 2.7.0 welcome")
	case "MAIL":
		c.mail.From = between(line)
		c.say("250 2.1.0 ok")
	case "RCPT":
		c.mail.To = between(line)
		c.say("250 2.1.5 ok")
	case "DATA":
		c.say("354 go on")
		return c.data()
	case "QUIT":
		c.say("221 2.0.0 bye")
		return false
	default:
		c.say("250 2.0.0 ok")
	}
	return true
}

func (c *smtpClient) greet() {
	lines := []string{"250-relay.test", "250-ENHANCEDSTATUSCODES", "250-8BITMIME"}
	if c.server.config != nil && !c.mail.TLS {
		lines = append(lines, "250-STARTTLS")
	} else {
		lines = append(lines, "250-AUTH PLAIN")
	}
	c.say(append(lines, "250 SMTPUTF8")...)
}

func (c *smtpClient) data() bool {
	raw, err := io.ReadAll(c.text.DotReader())
	if err != nil {
		return false
	}
	if c.ask(".") {
		return true
	}
	m := c.mail
	m.Raw = raw
	m.Message, _ = netmail.ReadMessage(bufio.NewReader(bytes.NewReader(raw)))
	c.server.mu.Lock()
	c.server.mails = append(c.server.mails, m)
	c.server.mu.Unlock()
	c.server.taken <- m
	c.say("250 2.0.0 taken")
	return true
}

func between(line string) string {
	_, after, _ := strings.Cut(line, "<")
	address, _, _ := strings.Cut(after, ">")
	return address
}
