package gqlws_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/internal/edge/gqlws"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// shared is a Runner that executes nothing itself: it keeps the sinks, as an
// execution shared by many does, and returns.
type shared struct {
	joined chan gqlws.Sink
	left   chan gqlws.Sink
}

func (r *shared) Run(ctx context.Context, _ *graphql.OperationContext, sink gqlws.Sink) {
	context.AfterFunc(ctx, func() {
		sink.End(context.Cause(ctx))
		r.left <- sink
	})
	r.joined <- sink
}

func TestSharedExecution(t *testing.T) {
	const sockets = 20
	group := &shared{joined: make(chan gqlws.Sink, sockets), left: make(chan gqlws.Sink, sockets)}
	s := newServer(t, func(o *gqlws.Options) { o.Runner = group })
	clients := make([]*client, sockets)
	for i := range clients {
		clients[i] = s.ready(t)
	}
	before := runtime.NumGoroutine()
	sinks := make([]gqlws.Sink, sockets)
	for i, c := range clients {
		c.subscribe("s", "subscription { count(to: 1) }")
		sinks[i] = wait(t, group.joined)
	}
	settled(t, before) // a shared subscription costs no goroutine

	clients[0].send(`{"id":"s","type":"complete"}`)
	wait(t, group.left)
	payload := []byte(`{"data":{"count":1}}`)
	for i, sink := range sinks {
		if got := sink.Next(gqlws.Message{Payload: payload}); got != (i > 0) {
			t.Errorf("Next of sink %d = %v", i, got)
		}
	}
	for _, sink := range sinks {
		sink.End(nil)
		sink.End(fault.ErrDenied.New()) // too late to count
	}
	for _, c := range clients[1:] {
		c.expect(`{"id":"s","type":"next","payload":{"data":{"count":1}}}`)
		c.expect(`{"id":"s","type":"complete"}`)
	}
	clients[0].send(`{"type":"ping"}`)
	clients[0].expect(`{"type":"pong"}`)
}

func TestPrepareDecides(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) {
		o.Prepare = func(_ context.Context, q gqlws.Request) (*graphql.OperationContext, gqlerror.List) {
			if q.OperationName == "panic" {
				panic("Prepare panics")
			}
			return nil, gqlerror.List{{Message: "refused " + q.OperationName}}
		}
	})
	c := s.ready(t)
	c.send(`{"id":"1","type":"subscribe","payload":{"query":"{ hello }","operationName":"A"}}`)
	c.expect(`{"id":"1","type":"error","payload":[{"message":"refused A"}]}`)
	c.send(`{"id":"1","type":"subscribe","payload":{"query":"{ hello }","operationName":"panic"}}`)
	c.expect(`{"id":"1","type":"error","payload":[{"message":"Something failed on our side. If it goes on, tell us the reference.",
		"extensions":{"code":"INTERNAL"}}]}`)
}

func TestExecutorIsRequired(t *testing.T) {
	if _, err := gqlws.New(gqlws.Options{}); err == nil {
		t.Error("New without an executor succeeded")
	}
}

func TestWebSocketPings(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) { o.PingInterval, o.MessagePing = 100*time.Millisecond, true })
	c := s.ready(t)
	pings, pongs := make(chan string, 100), make(chan string, 100)
	c.SetPingHandler(func(data string) error {
		pings <- data
		return c.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(patience))
	})
	c.SetPongHandler(func(data string) error { pongs <- data; return nil })
	if err := c.WriteControl(websocket.PingMessage, []byte("mine"), time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	c.expect(`{"type":"ping"}`) // the handlers ran on the way
	c.expect(`{"type":"ping"}`)
	if got := wait(t, pongs); got != "mine" {
		t.Errorf("pong %q", got)
	}
	wait(t, pings)
}

func TestOverTLS(t *testing.T) {
	s := newServer(t, nil)
	secure := httptest.NewUnstartedServer(s.Handler)
	secure.EnableHTTP2 = true
	secure.StartTLS()
	defer secure.Close()
	trust := secure.Client().Transport.(*http.Transport).TLSClientConfig
	dialer := &websocket.Dialer{
		Subprotocols:    []string{gqlws.Subprotocol},
		TLSClientConfig: &tls.Config{RootCAs: trust.RootCAs},
	}
	conn, _, err := dialer.Dial("wss://"+secure.Listener.Addr().String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c := &client{t, conn}
	c.init()
	c.subscribe("1", "{ hello }")
	c.expect(`{"id":"1","type":"next","payload":{"data":{"hello":"world"}}}`)
	c.expect(`{"id":"1","type":"complete"}`)

	overHTTP2(t, s, secure)

	done := drain(s, patience)
	if _, err := c.receive(); !websocket.IsCloseError(err, websocket.CloseServiceRestart) {
		t.Errorf("got %v, want 1012", err)
	}
	if err := wait(t, done); err != nil {
		t.Error(err)
	}
}

// overHTTP2 runs two event streams over one connection: ending one must not
// end the other.
func overHTTP2(t *testing.T, s *server, secure *httptest.Server) {
	transport := secure.Client().Transport
	open := func(query string) *http.Response {
		resp, err := transport.RoundTrip(eventRequest(t, secure.URL, query))
		if err != nil || resp.ProtoMajor != 2 {
			t.Fatalf("%v, %v; want HTTP/2", resp, err)
		}
		return resp
	}
	long := open(`subscription { feed(name: "h2") }`)
	defer long.Body.Close()
	wait(t, s.feed("h2").started)
	e := newEvents(t, open(`subscription { count(to: 1) }`))
	e.expect("event: next\nid: 1\ndata: {\"data\":{\"count\":1}}\n\n" + completeEvent)
	e.end()
	give(t, s.feed("h2").source, "still")
	l := newEvents(t, long)
	l.expect("event: next\nid: still\ndata: {\"data\":{\"feed\":\"still\"}}\n\n")
	give(t, s.feed("h2").source, errors.New("over"))
}

// TestRefusalInTheReadersLanguage checks that an error of Init is presented in
// the context Init returns with it.
func TestRefusalInTheReadersLanguage(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) {
		o.Init = func(ctx context.Context, _ map[string]any, _ *http.Request) (context.Context, map[string]any, error) {
			return context.WithValue(ctx, whoKey{}, "ca"), nil, fault.ErrUnauthenticated.New()
		}
		o.Present = func(ctx context.Context, err error) *gqlerror.Error {
			language, _ := ctx.Value(whoKey{}).(string)
			return &gqlerror.Error{
				Message:    fault.From(err).Message(lang.Lang(language)),
				Extensions: map[string]any{"code": fault.From(err).Code.Name},
			}
		}
	})
	c := s.dial(t)
	c.send(`{"type":"connection_init"}`)
	c.expectClose(4403, "Cal iniciar la sessió.")
	refused(t, eventRequest(t, s.http.URL, "{ hello }"), http.StatusUnauthorized, "UNAUTHENTICATED")
}

// TestConnectionsEndTheirWork checks that closing a socket stops what it asked for.
func TestConnectionsEndTheirWork(t *testing.T) {
	s := newServer(t, nil)
	before := runtime.NumGoroutine()
	var clients sync.WaitGroup
	for range 10 {
		c := s.ready(t)
		clients.Go(func() {
			c.subscribe("1", `subscription { feed(name: "a") }`)
			c.subscribe("2", `{ waits }`)
			<-s.feed("a").started
			_ = c.Close()
		})
	}
	clients.Wait()
	s.waitIdle(t, patience)
	settled(t, before)
}
