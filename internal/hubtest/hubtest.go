// Package hubtest starts whole hubs on real PostgreSQL for tests from outside:
// over HTTP, WebSocket and server-sent events, as clients meet them. Few test
// packages import it, because it compiles everything.
package hubtest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Hub is one running instance.
type Hub struct {
	Addr string // host:port
	URL  string // of /graphql
	App  *app.Hub
	DB   *postgres.DB // a connection of the test's own, for fixtures and checks
	Logs *Logs
	stop func()
}

// Config changes what a hub is started with.
type Config struct {
	Database pgtest.Database      // zero: a fresh one
	Addr     string               // empty: any; that of a stopped one, to come back in its place
	Change   func(*config.Config) // nil: as by default
	Options  []app.Option
	// Remembers lets the hub answer from memory. Most tests write past their hub,
	// and want to read at once what another instance would show within a second.
	Remembers bool
}

// Start runs an instance until the test ends. It signs in demo people, but
// loads no demonstration network.
func Start(t testing.TB, c Config) *Hub {
	t.Helper()
	if c.Database == (pgtest.Database{}) {
		c.Database = pgtest.URL(t)
	}
	cfg := config.Config{
		DatabaseURL: c.Database.App, OperationTimeout: 10 * time.Second, MaxInFlight: 256,
		ReadConns: 8, WriteConns: 8, DrainTime: 5 * time.Second, Introspection: true, VolatileDatabase: true,
	}
	if c.Change != nil {
		c.Change(&cfg)
	}
	if c.Addr == "" {
		c.Addr = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		t.Fatal(err)
	}
	h := &Hub{Addr: listener.Addr().String(), Logs: &Logs{}}
	h.URL = "http://" + h.Addr + "/graphql"
	log := slog.New(slog.NewJSONHandler(h.Logs, &slog.HandlerOptions{Level: slog.LevelWarn}))
	options := append([]app.Option{app.WithDemoSignIn(), app.WithoutDigests(), app.WithOperations(map[string]string{})}, c.Options...)
	if !c.Remembers {
		options = append(options, app.WithoutMemory())
	}
	h.App, err = app.Open(context.Background(), cfg, c.Database.App, h.Addr, log, func(string) {}, options...)
	if err != nil {
		t.Fatal(err)
	}
	h.DB = pgtest.Open(t, c.Database)
	h.serve(t, listener)
	return h
}

func (h *Hub) serve(t testing.TB, listener net.Listener) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.App.Serve(ctx, listener) }()
	stopped := false
	h.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the hub ended with %v", err)
		}
		h.App.Close()
		http.DefaultClient.CloseIdleConnections()
	}
	t.Cleanup(h.stop)
}

// Stop ends the instance in good order before the test does.
func (h *Hub) Stop() { h.stop() }

// Token is a demo token of the person.
func (h *Hub) Token(person id.ID) string { return h.App.Demo.Token(person) }

// Answer is what /graphql answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Data   map[string]any   `json:"data"`
	Errors []map[string]any `json:"errors"`
}

// Query posts an operation as the bearer of token (empty: anonymous). The
// language of messages is English.
func (h *Hub) Query(t testing.TB, token, query string, variables map[string]any) Answer {
	t.Helper()
	return h.QueryIn(t, "en", token, query, variables)
}

// QueryIn is Query in a language.
func (h *Hub) QueryIn(t testing.TB, language, token, query string, variables map[string]any) Answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept-Language", language)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	a := Answer{Status: response.StatusCode, Header: response.Header}
	if a.Body, err = io.ReadAll(response.Body); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(a.Body, &a); err != nil {
		t.Fatalf("not JSON (%d): %s", a.Status, a.Body)
	}
	return a
}

// Must is Query for operations that have to work: any error fails the test.
func (h *Hub) Must(t testing.TB, token, query string, variables map[string]any) map[string]any {
	t.Helper()
	a := h.Query(t, token, query, variables)
	if len(a.Errors) > 0 || a.Data == nil {
		t.Fatalf("%s\nanswered %d %s", query, a.Status, a.Body)
	}
	return a.Data
}
