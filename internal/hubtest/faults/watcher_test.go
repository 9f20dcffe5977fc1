package faults

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// soon bounds what should happen at once.
const soon = 20 * time.Second

// change is one message of eventChanges.
type change struct {
	Number int
	Cursor string
	Kind   *string
	At     *time.Time
	Seats  []struct{ Confirmed, Waiting int }
}

const changesQuery = `subscription($id: ID!, $after: String) { eventChanges(id: $id, after: $after) {
	number cursor kind at seats { confirmed waiting } } }`

// stream is a subscription to the changes of an event, over either transport.
type stream interface {
	// next waits for the next message.
	next(within time.Duration) (change, error)
	// cut ends the connection without a good-bye.
	cut()
}

// dialer opens a stream at an instance ("host:port").
type dialer func(ctx context.Context, addr, token, event, after string) (stream, error)

// socket is a stream over graphql-transport-ws.
type socket struct{ conn *websocket.Conn }

// overWebSocket opens a socket and subscribes.
func overWebSocket(ctx context.Context, addr, token, event, after string) (stream, error) {
	d := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, HandshakeTimeout: soon}
	conn, _, err := d.DialContext(ctx, "ws://"+addr+"/graphql", nil)
	if err != nil {
		return nil, err
	}
	s := &socket{conn}
	if err := s.begin(token, event, after); err != nil {
		s.cut()
		return nil, err
	}
	return s, nil
}

func (s *socket) begin(token, event, after string) error {
	payload := map[string]any{}
	if token != "" {
		payload["authorization"] = "Bearer " + token
	}
	if err := s.conn.WriteJSON(map[string]any{"type": "connection_init", "payload": payload}); err != nil {
		return err
	}
	var ack struct{ Type string }
	_ = s.conn.SetReadDeadline(time.Now().Add(soon))
	if err := s.conn.ReadJSON(&ack); err != nil || ack.Type != "connection_ack" {
		return fmt.Errorf("no acknowledgement: %q, %w", ack.Type, err)
	}
	return s.conn.WriteJSON(map[string]any{"id": "1", "type": "subscribe", "payload": map[string]any{
		"query": changesQuery, "variables": variables(event, after),
	}})
}

func variables(event, after string) map[string]any {
	v := map[string]any{"id": event}
	if after != "" {
		v["after"] = after
	}
	return v
}

func (s *socket) next(within time.Duration) (change, error) {
	_ = s.conn.SetReadDeadline(time.Now().Add(within))
	var m struct {
		Type    string
		Payload json.RawMessage
	}
	if err := s.conn.ReadJSON(&m); err != nil {
		return change{}, err
	}
	if m.Type != "next" {
		return change{}, fmt.Errorf("the stream ended: %s %s", m.Type, m.Payload)
	}
	return changeIn(m.Payload)
}

func changeIn(payload []byte) (change, error) {
	var p struct {
		Data   *struct{ EventChanges change }
		Errors json.RawMessage
	}
	if err := json.Unmarshal(payload, &p); err != nil {
		return change{}, err
	}
	if p.Data == nil || p.Errors != nil {
		return change{}, fmt.Errorf("no change: %s", payload)
	}
	return p.Data.EventChanges, nil
}

func (s *socket) cut() { _ = s.conn.NetConn().Close() }

// events is a stream over server-sent events.
type events struct {
	cancel context.CancelCauseFunc
	body   *http.Response
	lines  *bufio.Scanner
}

// errSlow ends a wait for an event.
var errSlow = errors.New("no event in time")

// overEvents opens an event stream; the position goes with Last-Event-ID, as
// EventSource sends it.
func overEvents(ctx context.Context, addr, token, event, after string) (stream, error) {
	body, err := json.Marshal(map[string]any{"query": changesQuery, "variables": variables(event, "")})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		cancel(err)
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if after != "" {
		r.Header.Set("Last-Event-ID", after)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		cancel(err)
		return nil, err
	}
	e := &events{cancel: cancel, body: response, lines: bufio.NewScanner(response.Body)}
	if response.StatusCode != http.StatusOK {
		e.cut()
		return nil, fmt.Errorf("status %d", response.StatusCode)
	}
	return e, nil
}

func (e *events) next(within time.Duration) (change, error) {
	late := time.AfterFunc(within, func() { e.cancel(errSlow) })
	defer late.Stop()
	kind, data, cursor := "", "", ""
	for e.lines.Scan() {
		field, value, _ := strings.Cut(e.lines.Text(), ":")
		switch value = strings.TrimPrefix(value, " "); field {
		case "event":
			kind = value
		case "data":
			data += value
		case "id":
			cursor = value
		case "":
			if e.lines.Text() != "" || kind == "" {
				continue // a comment that keeps the connection alive
			}
			return e.dispatch(kind, data, cursor)
		}
	}
	if err := e.lines.Err(); err != nil {
		return change{}, err
	}
	return change{}, errors.New("the stream ended")
}

func (e *events) dispatch(kind, data, cursor string) (change, error) {
	if kind != "next" {
		return change{}, fmt.Errorf("the stream ended: %s %s", kind, data)
	}
	c, err := changeIn([]byte(data))
	if err == nil && c.Cursor != cursor {
		err = fmt.Errorf("the event has id %q, its message cursor %q", cursor, c.Cursor)
	}
	return c, err
}

func (e *events) cut() {
	e.cancel(context.Canceled)
	_ = e.body.Body.Close()
}

// dial opens a stream and ends it with the test.
func dial(t *testing.T, how dialer, addr, token, event, after string) stream {
	t.Helper()
	s, err := how(context.WithoutCancel(t.Context()), addr, token, event, after)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.cut)
	return s
}

// expect waits for the message with this number.
func expect(t *testing.T, s stream, number int) change {
	t.Helper()
	c, err := s.next(soon)
	if err != nil {
		t.Fatalf("waiting for number %d: %v", number, err)
	}
	if c.Number != number {
		t.Fatalf("got number %d, want %d", c.Number, number)
	}
	return c
}
