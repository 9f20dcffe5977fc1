package gqlhttp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/internal/kernel/fault"
)

func serve(t testing.TB, h http.Handler, r *http.Request) reply {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return take(t, w.Result())
}

func TestTimeoutStopsTheWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var outcome Outcome
		stopped := false
		fields := resolvers{"slow": func(ctx context.Context) (any, error) {
			<-ctx.Done()
			stopped = true
			return nil, ctx.Err()
		}}
		h := newHandler(t, fields, Options{Timeout: 3 * time.Second, Observe: func(_ *http.Request, o Outcome) { outcome = o }})
		got := do(t, h, call{body: ask("query q{slow}")})
		if got.status != http.StatusGatewayTimeout || got.code() != "TIMEOUT" || got.hasData() {
			t.Errorf("%d %s", got.status, got.raw)
		}
		if !stopped || outcome.Duration != 3*time.Second || outcome.Code != "TIMEOUT" || outcome.Name != "q" || outcome.Operation != "query" {
			t.Errorf("stopped %v, outcome %+v", stopped, outcome)
		}
	})
}

func TestAnswerFinishedAtTheDeadlineIsGiven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fields := resolvers{"slow": func(ctx context.Context) (any, error) {
			<-ctx.Done()
			return "whole", nil
		}}
		got := do(t, newHandler(t, fields, Options{Timeout: time.Second}), call{body: ask("{slow}")})
		if got.status != 200 || !strings.Contains(got.raw, "whole") {
			t.Errorf("%d %s", got.status, got.raw)
		}
	})
}

func TestClientGoneIsNoTimeout(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var outcome Outcome
	fields := resolvers{"slow": func(ctx context.Context) (any, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	h := newHandler(t, fields, Options{Observe: func(_ *http.Request, o Outcome) { outcome = o }})
	got := serve(t, h, call{body: ask("{slow}")}.request().WithContext(ctx))
	if outcome.Status != statusGone || got.raw != "" {
		t.Errorf("outcome %+v, wrote %q", outcome, got.raw)
	}
}

// TestOverload fills the one place and the line of one: the next is refused
// without waiting and without its body being read, who stands in line after
// the wait, and when the place is free all is as before.
func TestOverload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		fields := resolvers{
			"slow":  func(context.Context) (any, error) { <-release; return "done", nil },
			"hello": standard()["hello"],
		}
		h := newHandler(t, fields, Options{MaxInFlight: 1, MaxWait: 40 * time.Millisecond})
		replies := make(chan reply, 2)
		start := time.Now()
		go func() { replies <- do(t, h, call{body: ask("{slow}")}) }()
		synctest.Wait()
		go func() { replies <- do(t, h, call{body: ask("{hello}")}) }()
		synctest.Wait()

		r := call{}.request()
		r.Body = io.NopCloser(failingReader{t})
		if got := serve(t, h, r); got.status != 503 || got.code() != "OVERLOADED" || got.header.Get("Retry-After") != "2" || time.Since(start) != 0 {
			t.Errorf("third: %d %s after %s", got.status, got.raw, time.Since(start))
		}
		if got := <-replies; got.status != 503 || time.Since(start) != 40*time.Millisecond {
			t.Errorf("in line: %d %s after %s", got.status, got.raw, time.Since(start))
		}
		close(release)
		if got := <-replies; got.status != 200 {
			t.Errorf("first: %d %s", got.status, got.raw)
		}
		if got := do(t, h, call{body: ask("{hello}")}); got.status != 200 {
			t.Errorf("afterwards: %d %s", got.status, got.raw)
		}
	})
}

type failingReader struct{ t *testing.T }

func (f failingReader) Read([]byte) (int, error) {
	f.t.Error("the body was read")
	return 0, io.EOF
}

func TestPlaceIsFreedAfterPanic(t *testing.T) {
	var logged bytes.Buffer
	h := newHandler(t, standard(), Options{MaxInFlight: 1, Log: slog.New(slog.NewTextHandler(&logged, nil))})
	for range 3 {
		got := do(t, h, call{body: ask("{broken}")})
		if got.status != 500 || got.code() != "INTERNAL" || strings.Contains(got.raw, "secret cause") {
			t.Fatalf("%d %s", got.status, got.raw)
		}
		reference := got.header.Get("X-Request-Id")
		if !strings.Contains(logged.String(), reference) || !strings.Contains(logged.String(), "secret cause") {
			t.Errorf("the log has no %s: %s", reference, logged.String())
		}
	}
}

func TestAbortedConnectionStaysAborted(t *testing.T) {
	fields := resolvers{"hello": func(context.Context) (any, error) { panic(http.ErrAbortHandler) }}
	defer func() {
		if cause := recover(); cause != http.ErrAbortHandler { //nolint:errorlint // the value itself is the contract
			t.Errorf("recovered %v", cause)
		}
	}()
	do(t, newHandler(t, fields, Options{}), call{body: ask("{hello}")})
}

func TestReferenceComesFromOutside(t *testing.T) {
	h := newHandler(t, standard(), Options{})
	r := call{body: ask("{nothing}"), header: http.Header{"X-Request-Id": {"forged"}}}.request()
	got := serve(t, h, r.WithContext(WithReference(r.Context(), "outer")))
	if got.header.Get("X-Request-Id") != "outer" || got.body.Errors[0].Extensions["reference"] != "outer" {
		t.Errorf("%v %s", got.header, got.raw)
	}
	if again := serve(t, h, r); again.header.Get("X-Request-Id") == "forged" {
		t.Error("a client's own reference is taken")
	}
}

func TestReferenceReachesResolvers(t *testing.T) {
	seen := ""
	fields := resolvers{"hello": func(ctx context.Context) (any, error) { seen = Reference(ctx); return nil, nil }}
	got := do(t, newHandler(t, fields, Options{}), call{body: ask("{hello}")})
	if seen == "" || seen != got.header.Get("X-Request-Id") {
		t.Errorf("resolver saw %q, header %q", seen, got.header.Get("X-Request-Id"))
	}
}

func TestPresenterShowsOurErrors(t *testing.T) {
	present := func(_ context.Context, err error) *gqlerror.Error {
		return &gqlerror.Error{Message: "shown", Extensions: map[string]any{"code": fault.From(err).Code.Name}}
	}
	got := do(t, newHandler(t, standard(), Options{Present: present}), call{body: "{"})
	if got.body.Errors[0].Message != "shown" || got.code() != "MALFORMED_JSON" || got.status != 400 {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestOwnStatuses(t *testing.T) {
	limited := fault.Define(fault.Limited, "TOO_OFTEN", "massa", "demasiado", "too often")
	h := newHandler(t, standard(), Options{
		Statuses: map[string]int{"MALFORMED_JSON": 429, limited.Name: 429},
	})
	if got := do(t, h, call{body: "{"}); got.status != 429 || got.header.Get("Retry-After") != "2" {
		t.Errorf("%d %v", got.status, got.header)
	}
}

func TestErrorsAreCappedAndNotShared(t *testing.T) {
	shared := &gqlerror.Error{Message: "one", Extensions: map[string]any{"code": "X"}}
	x := exchange{handler: &handler{opts: Options{MaxErrors: 20}}, reference: "r"}
	list := make(gqlerror.List, 50)
	for i := range list {
		list[i] = shared
	}
	if got := x.mark(list); len(got) != 20 || got[0].Extensions["reference"] != "r" {
		t.Errorf("%d errors, %v", len(got), got[0].Extensions)
	}
	if shared.Extensions["reference"] != nil {
		t.Error("a shared error was changed")
	}
}

// stream stands for the transport that serves text/event-stream.
type stream struct{ bodies []string }

func (s *stream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	s.bodies = append(s.bodies, string(b))
	w.WriteHeader(http.StatusOK)
}

func TestStreamsAreHandedOver(t *testing.T) {
	const urql = "application/graphql-response+json, application/json, text/event-stream"
	tests := []struct {
		name, accept, query string
		handed              bool
	}{
		{"a subscription by a stream client", mediaStream, "subscription{beat}", true},
		{"a query by a stream client", mediaStream, "{hello}", true},
		{"a subscription by a client of both", urql, "subscription{beat}", true},
		{"a query by a client of both", urql, "{hello}", false},
		{"a subscription by any", "*/*", "subscription{beat}", false},
		{"a wrong subscription by a client of both", urql, "subscription{nothing}", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &stream{}
			observed := 0
			h := newHandler(t, standard(), Options{SSE: s, MaxInFlight: 1, Observe: func(*http.Request, Outcome) { observed++ }})
			do(t, h, call{accept: tt.accept, body: ask(tt.query)})
			if (len(s.bodies) == 1) != tt.handed || (observed == 0) != tt.handed {
				t.Fatalf("handed over %d times, observed %d", len(s.bodies), observed)
			}
			if tt.handed && s.bodies[0] != ask(tt.query) {
				t.Errorf("body %q", s.bodies[0])
			}
			if got := do(t, h, call{body: ask("{hello}")}); got.status != 200 {
				t.Errorf("the place in flight was kept: %d", got.status)
			}
		})
	}
}

func TestOutcome(t *testing.T) {
	var outcomes []Outcome
	h := newHandler(t, standard(), Options{Observe: func(_ *http.Request, o Outcome) { outcomes = append(outcomes, o) }})
	for range 2 {
		do(t, h, call{body: ask("query hi{hello}")})
	}
	for i, o := range outcomes {
		if o.Operation != "query" || o.Name != "hi" || o.Status != 200 || o.Cost != 1 || o.Cached != (i == 1) || o.Bytes == 0 || o.Code != "" {
			t.Errorf("%d: %+v", i, o)
		}
	}
	if len(outcomes) != 2 {
		t.Errorf("%d outcomes", len(outcomes))
	}
}

func TestBodyCutShort(t *testing.T) {
	r := call{}.request()
	r.ContentLength = -1
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"query":`), errorReader{}))
	if got := serve(t, newHandler(t, standard(), Options{}), r); got.status != 400 || got.code() != "BODY_INCOMPLETE" {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

type errorReader struct{}

func (errorReader) Read([]byte) (int, error) { return 0, errors.New("connection reset") }
