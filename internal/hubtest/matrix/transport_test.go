package matrix_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"github.com/teixit/teixit/internal/hubtest"
)

// The ways to send an operation.
const (
	overPOST   = "POST"
	overGET    = "GET"
	overSocket = "WebSocket"
	overEvents = "SSE"
)

// patience is how long anything is waited for: so long that only what hangs misses
// it, on however busy a machine.
const patience = 5 * time.Minute

func transports() []string { return []string{overPOST, overGET, overSocket, overEvents} }

// answer is what came back, whatever the way.
type answer struct {
	Status int
	Raw    []byte // all of it
	Data   map[string]any
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct{ Code string }
	}
	stands map[*planted]bool // who may be named in it, as the trail of a thing
}

// code is that of the first error; empty without errors.
func (a *answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Extensions.Code
}

func (a *answer) read(payload []byte) error {
	d := json.NewDecoder(bytes.NewReader(payload))
	d.UseNumber()
	return d.Decode(a)
}

// client asks a hub in the name of one role, by one goroutine.
type client struct {
	hub  *hubtest.Hub
	http *http.Client
	shown
	socket *websocket.Conn
	sent   int
}

// shown is how a role shows who it is.
type shown struct{ authorization, cookie string }

func newClient(hub *hubtest.Hub, s shown) *client {
	return &client{hub: hub, shown: s, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2}, Timeout: patience}}
}

func (c *client) close() {
	if c.socket != nil {
		_ = c.socket.Close()
	}
	c.http.CloseIdleConnections()
}

// ask sends an operation and waits for its only answer.
func (c *client) ask(way, query string, variables in) (*answer, error) {
	switch way {
	case overSocket:
		return c.overSocket(query, variables)
	case overGET:
		return c.get(query, variables, "application/json")
	case overEvents:
		return c.post(query, variables, "text/event-stream")
	}
	return c.post(query, variables, "application/json")
}

func (c *client) post(query string, variables in, accept string) (*answer, error) {
	body, err := json.Marshal(in{"query": query, "variables": variables})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequest(http.MethodPost, c.hub.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	return c.send(r, accept)
}

func (c *client) get(query string, variables in, accept string) (*answer, error) {
	values := url.Values{"query": {query}}
	if len(variables) > 0 {
		text, err := json.Marshal(variables)
		if err != nil {
			return nil, err
		}
		values.Set("variables", string(text))
	}
	r, err := http.NewRequest(http.MethodGet, c.hub.URL+"?"+values.Encode(), nil)
	if err != nil {
		return nil, err
	}
	return c.send(r, accept)
}

func (c *client) show(h http.Header) {
	h.Set("Accept-Language", "en")
	if c.authorization != "" {
		h.Set("Authorization", c.authorization)
	}
	if c.cookie != "" {
		h.Set("Cookie", c.cookie)
	}
}

func (c *client) send(r *http.Request, accept string) (*answer, error) {
	c.show(r.Header)
	r.Header.Set("Accept", accept)
	response, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	a := &answer{Status: response.StatusCode}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	a.Raw = body
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		return a, a.events(body)
	}
	return a, a.read(body)
}

// events reads the answer out of a stream of one.
func (a *answer) events(body []byte) error {
	for block := range strings.SplitSeq(string(body), "\n\n") {
		if kind, rest, _ := strings.Cut(block, "\n"); kind == "event: next" {
			_, data, _ := strings.Cut(rest, "data: ")
			return a.read([]byte(data))
		}
	}
	return fmt.Errorf("no answer among the events: %s", body)
}

type frame struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// dial opens a socket, with what the role shows in connection_init: the header
// where it is one, else the cookie of the upgrade.
func (c *client) dial(ctx context.Context) (*websocket.Conn, error) {
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, HandshakeTimeout: patience}
	header, hello := http.Header{}, in{"accept-language": "en"}
	if c.cookie != "" {
		header.Set("Cookie", c.cookie)
	}
	if c.authorization != "" {
		hello["authorization"] = c.authorization
	}
	conn, response, err := dialer.DialContext(ctx, strings.Replace(c.hub.URL, "http", "ws", 1), header)
	if err != nil {
		return nil, err
	}
	response.Body.Close()
	if err := conn.WriteJSON(in{"type": "connection_init", "payload": hello}); err != nil {
		return nil, err
	}
	var ack frame
	if err := conn.ReadJSON(&ack); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// overSocket asks over the client's socket. One that the hub has ended, because
// nobody answered its pings between two questions, is opened anew.
func (c *client) overSocket(query string, variables in) (*answer, error) {
	if c.socket != nil {
		if a, err := c.askSocket(query, variables); !isClosed(err) {
			return a, err
		}
		_ = c.socket.Close()
	}
	var err error
	if c.socket, err = c.dial(context.Background()); err != nil {
		return nil, err
	}
	return c.askSocket(query, variables)
}

func isClosed(err error) bool {
	var closed *websocket.CloseError
	var broken *net.OpError
	return errors.As(err, &closed) || errors.As(err, &broken)
}

func (c *client) askSocket(query string, variables in) (*answer, error) {
	c.sent++
	id := fmt.Sprint(c.sent)
	if err := c.socket.WriteJSON(in{"id": id, "type": "subscribe", "payload": in{"query": query, "variables": variables}}); err != nil {
		return nil, err
	}
	a := &answer{Status: http.StatusOK}
	for {
		var f frame
		if err := c.socket.ReadJSON(&f); err != nil {
			return nil, err
		}
		if f.Type == "ping" {
			if err := c.socket.WriteJSON(in{"type": "pong"}); err != nil {
				return nil, err
			}
			continue
		}
		if f.ID != id {
			return nil, fmt.Errorf("%s of %s came while waiting for %s", f.Type, f.ID, id)
		}
		a.Raw = append(a.Raw, f.Payload...)
		switch f.Type {
		case "complete":
			return a, nil
		case "error":
			return a, json.Unmarshal(f.Payload, &a.Errors)
		}
		if err := a.read(f.Payload); err != nil {
			return nil, err
		}
	}
}
