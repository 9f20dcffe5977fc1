package gqlws_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"github.com/teixit/teixit/internal/edge/gqlws"
)

// patience bounds what should happen at once.
const patience = 10 * time.Second

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type server struct {
	*gqlws.Handler
	*schema
	http *httptest.Server
}

// newServer starts a hub of nothing but this package. At the end of the test
// every connection must be gone, whatever the test did to it.
func newServer(t testing.TB, change func(*gqlws.Options)) *server {
	t.Helper()
	s := &server{schema: newSchema(t)}
	opts := gqlws.Options{
		Executor:     s.executor(),
		Log:          slog.New(slog.NewTextHandler(io.Discard, nil)),
		CloseTimeout: 300 * time.Millisecond,
	}
	if change != nil {
		change(&opts)
	}
	h, err := gqlws.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	s.Handler = h
	s.http = httptest.NewServer(h)
	t.Cleanup(func() { s.end(t) })
	return s
}

func (s *server) end(t testing.TB) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.Drain(ctx); err != nil {
		t.Errorf("Drain: %v with %+v", err, s.Stats())
	}
	s.http.Close()
	if got := s.Stats(); got.Connections != 0 || got.Operations != 0 || got.QueuedBytes != 0 {
		t.Errorf("left after the end: %+v", got)
	}
}

func (s *server) waitIdle(t testing.TB, within time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	if err := s.WaitIdle(ctx); err != nil {
		t.Fatalf("after %v still there: %+v", within, s.Stats())
	}
}

// client is a bare WebSocket client: it sees every frame.
type client struct {
	t testing.TB
	*websocket.Conn
}

func (s *server) dial(t testing.TB) *client { return dialTo(t, s.http.Listener.Addr().String(), nil) }

func dialTo(t testing.TB, addr string, dialer *websocket.Dialer) *client {
	t.Helper()
	if dialer == nil {
		dialer = &websocket.Dialer{}
	}
	if dialer.Subprotocols == nil {
		dialer.Subprotocols = []string{gqlws.Subprotocol}
	}
	conn, _, err := dialer.Dial("ws://"+addr+"/graphql", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &client{t, conn}
}

// ready dials and is acknowledged.
func (s *server) ready(t testing.TB) *client {
	t.Helper()
	c := s.dial(t)
	c.init()
	return c
}

// as dials and signs in with connection_init; see initAs.
func (s *server) as(t testing.TB, who string) *client {
	t.Helper()
	c := s.dial(t)
	c.send(`{"type":"connection_init","payload":{"as":"` + who + `"}}`)
	c.expect(`{"type":"connection_ack"}`)
	return c
}

type personKey struct{}

// initAs takes everybody at their word: in the payload, or in the header As.
func initAs(ctx context.Context, payload map[string]any, r *http.Request) (context.Context, map[string]any, error) {
	who, _ := payload["as"].(string)
	if payload == nil {
		who = r.Header.Get("As")
	}
	return context.WithValue(ctx, personKey{}, who), nil, nil
}

func personOf(ctx context.Context) string {
	who, _ := ctx.Value(personKey{}).(string)
	return who
}

func (c *client) init() {
	c.t.Helper()
	c.send(`{"type":"connection_init"}`)
	c.expect(`{"type":"connection_ack"}`)
}

func (c *client) send(text string) {
	c.t.Helper()
	if err := c.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) subscribe(id, query string) {
	c.t.Helper()
	payload, err := json.Marshal(map[string]any{"query": query})
	if err != nil {
		c.t.Fatal(err)
	}
	c.send(`{"id":"` + id + `","type":"subscribe","payload":` + string(payload) + `}`)
}

// receive reads the next message of the protocol.
func (c *client) receive() (string, error) {
	_ = c.SetReadDeadline(time.Now().Add(patience))
	kind, data, err := c.ReadMessage()
	if err == nil && kind != websocket.TextMessage {
		err = errors.New("not a text message")
	}
	return string(data), err
}

func (c *client) expect(want string) {
	c.t.Helper()
	got, err := c.receive()
	if err != nil {
		c.t.Fatalf("got %v, want %s", err, want)
	}
	if diff := cmp.Diff(parsed(c.t, want), parsed(c.t, got)); diff != "" {
		c.t.Fatalf("wrong message (-want +got):\n%s", diff)
	}
}

// expectRestart reads a close frame of 1012 that says when to come back.
func (c *client) expectRestart() (after time.Duration) {
	c.t.Helper()
	_, err := c.receive()
	var bye *websocket.CloseError
	var hint struct{ RetryAfterMs *int64 }
	if !errors.As(err, &bye) || bye.Code != 1012 || json.Unmarshal([]byte(bye.Text), &hint) != nil || hint.RetryAfterMs == nil {
		c.t.Fatalf("got %v, want 1012 and when to come back", err)
	}
	return time.Duration(*hint.RetryAfterMs) * time.Millisecond
}

// expectClose reads the close frame, and then the end of the connection.
func (c *client) expectClose(code int, reason string) {
	c.t.Helper()
	got, err := c.receive()
	var bye *websocket.CloseError
	if !errors.As(err, &bye) {
		c.t.Fatalf("got %q, %v, want close %d", got, err, code)
	}
	if bye.Code != code || bye.Text != reason {
		c.t.Fatalf("close %d %q, want %d %q", bye.Code, bye.Text, code, reason)
	}
	_ = c.NetConn().SetReadDeadline(time.Now().Add(patience))
	if n, err := c.NetConn().Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		c.t.Fatalf("after the close frame: %d bytes, %v; want the end", n, err)
	}
}

func parsed(t testing.TB, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%q is no JSON: %v", text, err)
	}
	return v
}

// settled waits until no more goroutines run than before, give or take 5 %.
func settled(t testing.TB, before int) {
	t.Helper()
	limit := before + max(before/20, 1)
	for end := time.Now().Add(patience); runtime.NumGoroutine() > limit; runtime.Gosched() {
		if time.Now().After(end) {
			buf := make([]byte, 64<<10)
			t.Fatalf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
		}
	}
}

func wait[T any](t testing.TB, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(patience):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func give(t testing.TB, ch chan<- any, v any) {
	t.Helper()
	select {
	case ch <- v:
	case <-time.After(patience):
		t.Fatalf("nobody took %v", v)
	}
}

// refused makes a request that must not become a connection.
func refused(t *testing.T, r *http.Request, status int, code string) *http.Response {
	t.Helper()
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != status || !strings.Contains(string(body), `"code":"`+code+`"`) {
		t.Errorf("%d %s, want %d with %s", resp.StatusCode, body, status, code)
	}
	return resp
}

func recordWebSocket(s *server, r *http.Request) int {
	w := httptest.NewRecorder()
	s.ServeWebSocket(w, r)
	return w.Code
}
