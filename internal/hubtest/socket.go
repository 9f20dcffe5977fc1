package hubtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// Patience is how long a live client waits for a message that has to come.
const Patience = 30 * time.Second

// Socket is a client of graphql-transport-ws on one connection.
type Socket struct {
	t       testing.TB
	conn    *websocket.Conn
	closed  chan struct{} // closed with the connection
	reading sync.WaitGroup

	mu      sync.Mutex
	streams map[string]*Stream
	code    int
	reason  string
}

// Message is what the hub sent on one operation: kind is next, error or
// complete. ID is the cursor that server-sent events carry beside the payload.
type Message struct {
	Kind    string
	Payload json.RawMessage
	ID      string
}

type socketFrame struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// Socket opens a connection as the bearer of token (empty: anonymous) and
// waits for the acknowledgement. It is closed when the test ends.
func (h *Hub) Socket(t testing.TB, token string) *Socket {
	t.Helper()
	return h.SocketIn(t, "en", token)
}

// SocketIn is Socket for who reads in a language.
func (h *Hub) SocketIn(t testing.TB, language, token string) *Socket {
	t.Helper()
	s, err := h.dialSocket(t, language, token)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// DialSocket is Socket for connections that may be refused.
func (h *Hub) DialSocket(t testing.TB, token string) (*Socket, error) {
	t.Helper()
	return h.dialSocket(t, "en", token)
}

func (h *Hub) dialSocket(t testing.TB, language, token string) (*Socket, error) {
	t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, HandshakeTimeout: Patience}
	conn, response, err := dialer.Dial(strings.Replace(h.URL, "http", "ws", 1), nil)
	if err != nil {
		return nil, err
	}
	response.Body.Close()
	s := &Socket{t: t, conn: conn, streams: map[string]*Stream{}, closed: make(chan struct{})}
	t.Cleanup(s.Close)
	hello := map[string]any{"accept-language": language}
	if token != "" {
		hello["authorization"] = "Bearer " + token
	}
	payload, err := json.Marshal(hello)
	if err != nil {
		return nil, err
	}
	s.write(socketFrame{Type: "connection_init", Payload: payload})
	var ack socketFrame
	if err := conn.ReadJSON(&ack); err != nil {
		return nil, err
	}
	if ack.Type != "connection_ack" {
		return nil, fmt.Errorf("%q came instead of the acknowledgement", ack.Type)
	}
	s.reading.Go(s.read)
	return s, nil
}

func (s *Socket) write(f socketFrame) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.conn.WriteJSON(f); err != nil {
		s.t.Errorf("write to the socket: %v", err)
	}
}

// read hands messages out until the connection ends.
func (s *Socket) read() {
	defer close(s.closed)
	for {
		var f socketFrame
		if err := s.conn.ReadJSON(&f); err != nil {
			s.note(err)
			return
		}
		s.mu.Lock()
		stream := s.streams[f.ID]
		s.mu.Unlock()
		if stream != nil {
			stream.messages <- Message{Kind: f.Type, Payload: f.Payload}
		}
	}
}

func (s *Socket) note(err error) {
	var closing *websocket.CloseError
	if errors.As(err, &closing) {
		s.mu.Lock()
		s.code, s.reason = closing.Code, closing.Text
		s.mu.Unlock()
	}
}

// Close ends the connection and everything that runs on it.
func (s *Socket) Close() {
	_ = s.conn.Close()
	s.reading.Wait()
}

// Ended waits until the hub closes the connection, and says with which code
// and reason.
func (s *Socket) Ended() (code int, reason string) {
	s.t.Helper()
	select {
	case <-s.closed:
	case <-time.After(Patience):
		s.t.Fatal("the hub does not close the connection")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.code, s.reason
}

// Subscribe begins an operation.
func (s *Socket) Subscribe(query string, variables map[string]any) *Stream {
	s.t.Helper()
	return s.Send(map[string]any{"query": query, "variables": variables})
}

// Send begins an operation with such a payload.
func (s *Socket) Send(asked map[string]any) *Stream {
	s.t.Helper()
	payload, err := json.Marshal(asked)
	if err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	id := fmt.Sprint("op", len(s.streams))
	// Bounded far above what a test makes happen: a reader must not stand still.
	stream := &Stream{t: s.t, messages: make(chan Message, 1000), closed: s.closed}
	s.streams[id] = stream
	s.mu.Unlock()
	s.write(socketFrame{ID: id, Type: "subscribe", Payload: payload})
	stream.stop = func() { s.write(socketFrame{ID: id, Type: "complete"}) }
	return stream
}

// Stream is one operation: over a socket, or the one of an event stream.
type Stream struct {
	t        testing.TB
	messages chan Message
	closed   chan struct{}
	stop     func()
}

// Complete tells the hub that nothing more is wanted.
func (s *Stream) Complete() { s.stop() }

// Message waits for the next message of any kind.
func (s *Stream) Message() Message {
	s.t.Helper()
	select {
	case m := <-s.messages:
		return m
	default:
	}
	select {
	case m := <-s.messages:
		return m
	case <-s.closed:
		select {
		case m := <-s.messages:
			return m
		default:
		}
		s.t.Fatal("the connection ended before the next message")
	case <-time.After(Patience):
		s.t.Fatal("the next message does not come")
	}
	return Message{}
}

// Next waits for the next answer and fails on anything else.
func (s *Stream) Next() json.RawMessage {
	s.t.Helper()
	m := s.Message()
	if m.Kind != "next" {
		s.t.Fatalf("%s instead of the next answer: %s", m.Kind, m.Payload)
	}
	return m.Payload
}
