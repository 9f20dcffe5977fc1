package gqlws_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/teixit/teixit/internal/edge/gqlws"
	"github.com/teixit/teixit/internal/nettest"
)

func drain(s *server, within time.Duration) <-chan error {
	done := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), within)
		defer cancel()
		done <- s.Drain(ctx)
	}()
	return done
}

func TestDrain(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) { o.DrainSpread = 50 * time.Millisecond })
	fresh, quiet, busy := s.dial(t), s.ready(t), s.ready(t)
	quiet.subscribe("1", `subscription { feed(name: "a") }`)
	wait(t, s.feed("a").started)
	busy.subscribe("1", `subscription { feed(name: "a") }`)
	wait(t, s.feed("a").started)
	busy.subscribe("2", `{ finishes(name: "work") }`)
	wait(t, s.feed("work").started)

	done := drain(s, patience)
	fresh.expectRestart()
	quiet.expectRestart()
	wait(t, s.feed("a").stopped)
	wait(t, s.feed("a").stopped)

	refused(t, upgradeRequest(t, s, nil), http.StatusServiceUnavailable, "OVERLOADED")
	busy.subscribe("3", "{ hello }") // too late, and no error: it comes again elsewhere

	give(t, s.feed("work").source, "finished")
	busy.expect(`{"id":"2","type":"next","payload":{"data":{"finishes":"finished"}}}`)
	busy.expect(`{"id":"2","type":"complete"}`)
	busy.expectRestart()
	if err := wait(t, done); err != nil {
		t.Errorf("Drain: %v", err)
	}
}

// TestDrainWithStoppedReaders checks that nobody can hold a shutdown up.
func TestDrainWithStoppedReaders(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) { o.SendBuffer = 8 << 10 })
	proxy := nettest.NewProxy(t, s.http.Listener.Addr().String())
	for i := range 5 {
		c := dialTo(t, proxy.Addr(), narrow())
		c.init()
		c.subscribe("1", fmt.Sprintf(`subscription { feed(name: "f%d") }`, i))
		wait(t, s.feed(fmt.Sprintf("f%d", i)).started)
	}
	proxy.Stall()
	for i := range 5 {
		for n := range 20 {
			give(t, s.feed(fmt.Sprintf("f%d", i)).source, big(n))
		}
	}
	if got := s.Stats(); got.QueuedBytes == 0 || got.Connections != 5 {
		t.Fatalf("the readers are not stopped: %+v", got)
	}
	start, busy := time.Now(), nettest.Busy(t)
	err := wait(t, drain(s, 300*time.Millisecond))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Drain = %v, want that it had to cut them off", err)
	}
	if took := time.Since(start); took > 3*time.Second && !busy() {
		t.Errorf("Drain took %v", took)
	}
	if got := s.Stats(); got.Connections != 0 || got.Operations != 0 {
		t.Errorf("left after Drain: %+v", got)
	}
}

func upgradeRequest(t *testing.T, s *server, header http.Header) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, s.http.URL+"/graphql", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{
		"Connection":             {"Upgrade"},
		"Upgrade":                {"websocket"},
		"Sec-Websocket-Version":  {"13"},
		"Sec-Websocket-Key":      {"dGhlIHNhbXBsZSBub25jZQ=="},
		"Sec-Websocket-Protocol": {gqlws.Subprotocol},
	}
	for name, values := range header {
		r.Header[name] = values
	}
	return r
}

func TestRefusedBeforeTheUpgrade(t *testing.T) {
	tests := map[string]struct {
		change func(*gqlws.Options)
		status int
		code   string
	}{
		"in total":    {func(o *gqlws.Options) { o.MaxSockets = 1 }, 503, "OVERLOADED"},
		"per address": {func(o *gqlws.Options) { o.MaxPerAddress = 1 }, 429, "TOO_MANY_CONNECTIONS"},
		"per person": {func(o *gqlws.Options) {
			o.MaxPerPerson, o.Person = 1, func(context.Context) string { return "ana" }
		}, 429, "TOO_MANY_CONNECTIONS"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, test.change)
			c := s.ready(t)
			resp := refused(t, upgradeRequest(t, s, nil), test.status, test.code)
			if resp.Header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
			_ = c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(patience))
			c.expectClose(1000, "")
			s.waitIdle(t, patience)
			s.ready(t) // the place is free again
		})
	}
}

func TestOrigins(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) { o.Origins = []string{"https://Friends.example"} })
	host := s.http.Listener.Addr().String()
	for _, origin := range []string{"http://" + host, "https://friends.example", "HTTPS://FRIENDS.EXAMPLE"} {
		conn, _, err := (&websocket.Dialer{Subprotocols: []string{gqlws.Subprotocol}}).
			Dial("ws://"+host, http.Header{"Origin": {origin}})
		if err != nil {
			t.Errorf("%s was refused: %v", origin, err)
			continue
		}
		_ = conn.Close()
	}
	for _, origin := range []string{
		"null", "", "https://evil.example", "http://friends.example", "https://friends.example:444",
		"https://friends.example.evil.example", "http://" + host + ".evil.example",
	} {
		refused(t, upgradeRequest(t, s, http.Header{"Origin": {origin}}), http.StatusForbidden, "ORIGIN_NOT_ALLOWED")
	}
	if _, err := gqlws.New(gqlws.Options{Executor: s.executor(), Origins: []string{"friends.example"}}); err == nil {
		t.Error("an origin without scheme was accepted")
	}
}

func TestNoUpgrade(t *testing.T) {
	s := newServer(t, nil)
	r, err := http.NewRequest(http.MethodGet, s.http.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	recorded := recordWebSocket(s, r)
	if recorded != http.StatusBadRequest {
		t.Errorf("status %d, want 400", recorded)
	}
	bad := upgradeRequest(t, s, http.Header{"Sec-Websocket-Version": {"8"}})
	resp, err := http.DefaultTransport.RoundTrip(bad)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("status %d for version 8, want 400", resp.StatusCode)
	}
}
