// Package streamload follows events live, over both transports, as careful clients
// do: cut off, they come back with their last cursor, to any instance. It holds
// what they are told against the promise that nothing is lost, doubled or out of
// order. It speaks to the hub over the wire only, so that a test with two hubs in
// its own process and a program that kills real ones judge by the same rules.
package streamload

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// soon bounds what should happen at once.
const soon = 20 * time.Second

// Change is one message of eventChanges.
type Change struct {
	Number int
	Cursor string
	Kind   *string
	At     *time.Time
	Seats  []struct{ Confirmed, Waiting int }
}

const changesQuery = `subscription($id: ID!, $after: String) { eventChanges(id: $id, after: $after) {
	number cursor kind at seats { confirmed waiting } } }`

// Stream is a subscription to the changes of an event, over either transport.
type Stream interface {
	// Next waits for the next message.
	Next(within time.Duration) (Change, error)
	// Cut ends the connection without a good-bye.
	Cut()
}

// Dialer opens a stream at an instance ("host:port") as the bearer of token
// (empty: anonymous), behind a cursor (empty: from the state on).
type Dialer func(ctx context.Context, addr, token, event, after string) (Stream, error)

// socket is a stream over graphql-transport-ws.
type socket struct{ conn *websocket.Conn }

// OverWebSocket opens a socket and subscribes.
func OverWebSocket(ctx context.Context, addr, token, event, after string) (Stream, error) {
	d := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, HandshakeTimeout: soon}
	conn, _, err := d.DialContext(ctx, "ws://"+addr+"/graphql", nil)
	if err != nil {
		return nil, err
	}
	s := &socket{conn}
	if err := s.begin(token, event, after); err != nil {
		s.Cut()
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

// Next implements Stream.
func (s *socket) Next(within time.Duration) (Change, error) {
	_ = s.conn.SetReadDeadline(time.Now().Add(within))
	var m struct {
		Type    string
		Payload json.RawMessage
	}
	if err := s.conn.ReadJSON(&m); err != nil {
		return Change{}, err
	}
	if m.Type != "next" {
		return Change{}, fmt.Errorf("the stream ended: %s %s", m.Type, m.Payload)
	}
	return changeIn(m.Payload)
}

func changeIn(payload []byte) (Change, error) {
	var p struct {
		Data   *struct{ EventChanges Change }
		Errors json.RawMessage
	}
	if err := json.Unmarshal(payload, &p); err != nil {
		return Change{}, err
	}
	if p.Data == nil || p.Errors != nil {
		return Change{}, fmt.Errorf("no change: %s", payload)
	}
	return p.Data.EventChanges, nil
}

// Cut implements Stream.
func (s *socket) Cut() { _ = s.conn.NetConn().Close() }

// events is a stream over server-sent events.
type events struct {
	cancel context.CancelCauseFunc
	body   *http.Response
	lines  *bufio.Scanner
}

// errSlow ends a wait for an event.
var errSlow = errors.New("no event in time")

// OverEvents opens an event stream; the position goes with Last-Event-ID, as
// EventSource sends it.
func OverEvents(ctx context.Context, addr, token, event, after string) (Stream, error) {
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
		e.Cut()
		return nil, fmt.Errorf("status %d", response.StatusCode)
	}
	return e, nil
}

// Next implements Stream.
func (e *events) Next(within time.Duration) (Change, error) {
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
		return Change{}, err
	}
	return Change{}, errors.New("the stream ended")
}

func (e *events) dispatch(kind, data, cursor string) (Change, error) {
	if kind != "next" {
		return Change{}, fmt.Errorf("the stream ended: %s %s", kind, data)
	}
	c, err := changeIn([]byte(data))
	if err == nil && c.Cursor != cursor {
		err = fmt.Errorf("the event has id %q, its message cursor %q", cursor, c.Cursor)
	}
	return c, err
}

// Cut implements Stream.
func (e *events) Cut() {
	e.cancel(context.Canceled)
	_ = e.body.Body.Close()
}
