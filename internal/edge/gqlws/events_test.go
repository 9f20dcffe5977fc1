package gqlws_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/edge/gqlws"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/nettest"
)

// events is an open event stream.
type events struct {
	t    testing.TB
	body io.ReadCloser
	in   *bufio.Reader
}

func eventRequest(t testing.TB, to, query string) *http.Request {
	t.Helper()
	body := strings.NewReader(fmt.Sprintf(`{"query":%q}`, query))
	r, err := http.NewRequest(http.MethodPost, to, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("Accept", "text/event-stream")
	return r
}

// listen opens a stream and reads its first comment.
func listen(t testing.TB, r *http.Request) *events {
	t.Helper()
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	if media := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || media != "text/event-stream; charset=utf-8" {
		body, _ := io.ReadAll(resp.Body)
		t.Fatalf("%d, %s: %s", resp.StatusCode, media, body)
	}
	return newEvents(t, resp)
}

func newEvents(t testing.TB, resp *http.Response) *events {
	t.Helper()
	e := &events{t: t, body: resp.Body, in: bufio.NewReader(resp.Body)}
	e.expect(":\n\n")
	return e
}

// expect reads bytes exactly.
func (e *events) expect(want string) {
	e.t.Helper()
	got := make([]byte, len(want))
	if n, err := io.ReadFull(e.in, got); err != nil || string(got) != want {
		e.t.Fatalf("got %q, %v, want %q", got[:n], err, want)
	}
}

func (e *events) end() {
	e.t.Helper()
	if rest, err := io.ReadAll(e.in); err != nil || len(rest) > 0 {
		e.t.Fatalf("after the last event: %q, %v", rest, err)
	}
}

const completeEvent = "event: complete\ndata:\n\n"

func TestEvents(t *testing.T) {
	tests := map[string]struct{ query, want string }{
		"subscription": {
			`subscription { count(to: 2) }`,
			"event: next\nid: 1\ndata: {\"data\":{\"count\":1}}\n\n" +
				"event: next\nid: 2\ndata: {\"data\":{\"count\":2}}\n\n" + completeEvent,
		},
		"query":    {`{ hello }`, "event: next\ndata: {\"data\":{\"hello\":\"world\"}}\n\n" + completeEvent},
		"mutation": {`mutation { add(n: 1) }`, "event: next\ndata: {\"data\":{\"add\":2}}\n\n" + completeEvent},
		"syntax error": {`{`, `event: next` + "\n" + `data: {"errors":[{"message":"Expected Name, found \u003cEOF\u003e",` +
			`"locations":[{"line":1,"column":2}],"extensions":{"code":"GRAPHQL_PARSE_FAILED"}}]}` + "\n\n" + completeEvent},
		"denied before it starts": {`subscription { refused }`, "event: next\n" +
			`data: {"errors":[{"message":"You may not do this.","extensions":{"code":"DENIED"}}]}` + "\n\n" + completeEvent},
		"denied in the middle": {
			`subscription { countThenFail(to: 1, kind: "denied") }`,
			"event: next\nid: 1\ndata: {\"data\":{\"countThenFail\":1}}\n\nevent: next\n" +
				`data: {"errors":[{"message":"You may not do this.","extensions":{"code":"DENIED"}}]}` + "\n\n" + completeEvent,
		},
		"our failure": {`subscription { countThenFail(to: 0, kind: "internal") }`, "event: next\n" +
			`data: {"errors":[{"message":"Something failed on our side. If it goes on, tell us the reference.",` +
			`"extensions":{"code":"INTERNAL"}}]}` + "\n\n" + completeEvent},
		"panic": {`subscription { panics }`, "event: next\n" +
			`data: {"errors":[{"message":"Something failed on our side. If it goes on, tell us the reference.",` +
			`"extensions":{"code":"INTERNAL"}}]}` + "\n\n" + completeEvent},
	}
	s := newServer(t, nil)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := listen(t, eventRequest(t, s.http.URL, test.query))
			e.expect(test.want)
			e.end()
		})
	}
}

func TestEventsByGET(t *testing.T) {
	s := newServer(t, nil)
	get := func(values url.Values) *http.Request {
		r, err := http.NewRequest(http.MethodGet, s.http.URL+"?"+values.Encode(), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", "text/event-stream")
		return r
	}
	q := url.Values{"query": {`subscription A($n: Int!) { count(to: $n) } query B { hello }`}, "operationName": {"A"}, "variables": {`{"n":3}`}}
	third := "event: next\nid: 3\ndata: {\"data\":{\"count\":3}}\n\n" + completeEvent
	again := get(q)
	again.Header.Set("Last-Event-ID", "2")
	e := listen(t, again)
	e.expect(third)
	e.end()

	q.Set("lastEventId", "2") // for who cannot set the header
	listen(t, get(q)).expect(third)

	resp := refused(t, get(url.Values{"query": {`mutation { add(n: 1) }`}}), http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED")
	if resp.Header.Get("Allow") != "POST" {
		t.Errorf("Allow: %q", resp.Header.Get("Allow"))
	}
	refused(t, get(url.Values{}), http.StatusBadRequest, "BAD_REQUEST")
	refused(t, get(url.Values{"query": {"{ hello }"}, "variables": {"[CANARY]"}}), http.StatusBadRequest, "BAD_REQUEST")
}

func TestEventsRefused(t *testing.T) {
	tests := map[string]struct {
		change func(*http.Request)
		status int
		code   string
	}{
		"method":     {func(r *http.Request) { r.Method = http.MethodPut }, 405, "METHOD_NOT_ALLOWED"},
		"accept":     {func(r *http.Request) { r.Header.Set("Accept", "*/*") }, 406, "NOT_ACCEPTABLE"},
		"media type": {func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 415, "UNSUPPORTED_MEDIA_TYPE"},
		"malformed":  {body(`{"query":"CANARY"`), 400, "BAD_REQUEST"},
		"no query":   {body(`{}`), 400, "BAD_REQUEST"},
		"too large":  {body(`{"query":"` + strings.Repeat("x", 64<<10) + `"}`), 413, "BODY_TOO_LARGE"},
		"anonymous":  {func(r *http.Request) { r.Header.Set("As", "nobody") }, 401, "UNAUTHENTICATED"},
		"denied":     {func(r *http.Request) { r.Header.Set("As", "denied") }, 403, "DENIED"},
		"overload":   {func(r *http.Request) { r.Header.Set("As", "overload") }, 503, "UNAVAILABLE"},
		"failure":    {func(r *http.Request) { r.Header.Set("As", "failure") }, 500, "INTERNAL"},
	}
	s := newServer(t, func(o *gqlws.Options) {
		o.Init = func(ctx context.Context, payload map[string]any, r *http.Request) (context.Context, map[string]any, error) {
			if payload != nil {
				t.Errorf("a payload without a socket: %v", payload)
			}
			if as := r.Header.Get("As"); as != "" {
				return signIn(ctx, map[string]any{"as": as}, r)
			}
			return ctx, nil, nil
		}
	})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := eventRequest(t, s.http.URL, "{ hello }")
			test.change(r)
			refused(t, r, test.status, test.code)
		})
	}
}

func body(text string) func(*http.Request) {
	return func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	}
}

func TestEventsCountAsConnections(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) { o.MaxPerAddress = 1 })
	e := listen(t, eventRequest(t, s.http.URL, `subscription { feed(name: "a") }`))
	refused(t, eventRequest(t, s.http.URL, "{ hello }"), http.StatusTooManyRequests, "TOO_MANY_CONNECTIONS")
	_ = e.body.Close()
	wait(t, s.feed("a").stopped)
	s.waitIdle(t, patience)
	listen(t, eventRequest(t, s.http.URL, "{ hello }"))
}

func TestEventsKeepAlive(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) { o.PingInterval = 40 * time.Millisecond })
	e := listen(t, eventRequest(t, s.http.URL, `subscription { feed(name: "a") }`))
	e.expect(":\n\n:\n\n")
	give(t, s.feed("a").source, "news")
	for {
		line, err := e.in.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if line == "event: next\n" {
			break
		}
	}
	e.expect("id: news\ndata: {\"data\":{\"feed\":\"news\"}}\n\n")
}

// TestEventsEndWithAge checks that a stream ends without complete when it is
// old, so that its client comes back.
func TestEventsEndWithAge(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) { o.PingInterval, o.MaxStreamAge = 40*time.Millisecond, time.Millisecond })
	e := listen(t, eventRequest(t, s.http.URL, `subscription { feed(name: "a") }`))
	e.end()
	wait(t, s.feed("a").stopped)
}

func TestEventsSignedOut(t *testing.T) {
	var signOut context.CancelCauseFunc
	s := newServer(t, func(o *gqlws.Options) {
		o.Init = func(ctx context.Context, _ map[string]any, _ *http.Request) (context.Context, map[string]any, error) {
			ctx, signOut = context.WithCancelCause(ctx)
			return ctx, nil, nil
		}
	})
	e := listen(t, eventRequest(t, s.http.URL, `subscription { feed(name: "a") }`))
	wait(t, s.feed("a").started)
	signOut(fault.ErrDenied.New())
	e.expect("event: next\ndata: {\"errors\":[{\"message\":\"You may not do this.\",\"extensions\":{\"code\":\"DENIED\"}}]}\n\n" + completeEvent)
	e.end()
}

func TestEventsDrain(t *testing.T) {
	s := newServer(t, nil)
	quiet := listen(t, eventRequest(t, s.http.URL, `subscription { feed(name: "a") }`))
	wait(t, s.feed("a").started)
	done := drain(s, patience)
	quiet.end() // and no complete: it comes back elsewhere
	if err := wait(t, done); err != nil {
		t.Error(err)
	}
	refused(t, eventRequest(t, s.http.URL, "{ hello }"), http.StatusServiceUnavailable, "OVERLOADED")
}

// TestEventsStoppedReader checks that a stopped reader holds neither goroutine
// nor memory longer than the write timeout or the queue allows.
func TestEventsStoppedReader(t *testing.T) {
	tests := map[string]struct {
		queue   int
		timeout time.Duration
	}{
		"by time":  {1 << 30, 200 * time.Millisecond},
		"by bytes": {256 << 10, patience},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, func(o *gqlws.Options) {
				o.QueueBytes, o.TotalQueueBytes, o.WriteTimeout = test.queue, 1<<30, test.timeout
			})
			proxy := nettest.NewProxy(t, s.http.Listener.Addr().String())
			before := runtime.NumGoroutine()
			c := rawStream(t, proxy.Addr(), `subscription { feed(name: "a") }`)
			ctx := wait(t, s.feed("a").started)
			proxy.Stall()
			for n := 0; n < 1000 && ctx.Err() == nil; n++ {
				select {
				case s.feed("a").source <- big(n):
				case <-ctx.Done():
				case <-time.After(patience):
					t.Fatal("the stopped reader holds up its source")
				}
			}
			s.waitIdle(t, patience)
			_ = c.Close()
			proxy.Cut()
			settled(t, before)
			if got := s.Stats().QueuedBytes; got != 0 {
				t.Errorf("%d bytes are still queued", got)
			}
		})
	}
}

// rawStream asks for events and never reads the answer.
func rawStream(t *testing.T, addr, query string) net.Conn {
	t.Helper()
	c, err := narrow().NetDial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := eventRequest(t, "http://"+addr, query).Write(c); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestEventsCutCable checks that a stream whose client has vanished ends.
func TestEventsCutCable(t *testing.T) {
	s := newServer(t, nil)
	proxy := nettest.NewProxy(t, s.http.Listener.Addr().String())
	before := runtime.NumGoroutine()
	c := rawStream(t, proxy.Addr(), `subscription { feed(name: "a") }`)
	ctx := wait(t, s.feed("a").started)
	proxy.Cut()
	<-ctx.Done()
	_ = c.Close()
	s.waitIdle(t, patience)
	settled(t, before)
	if !errors.Is(ctx.Err(), context.Canceled) {
		t.Errorf("ctx.Err = %v", ctx.Err())
	}
}
