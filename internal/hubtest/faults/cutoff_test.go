package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/teixit/teixit/bench/streamload"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/nettest"
	"github.com/teixit/teixit/internal/platform/postgres/local"
)

// The promises to who asks an instance that cannot reach PostgreSQL; slack is
// for machines that are busy with other tests.
const (
	refusedWithin   = 2 * time.Second
	notReadyWithin  = 3 * time.Second
	recoveredWithin = 5 * time.Second
	slack           = time.Second
)

// asked is one request and how it went.
type asked struct {
	what       string
	status     int
	code       string
	retryAfter string
	took       time.Duration
	err        error
}

// asker sends one request with a client of its own, so that none waits for
// another's connection.
func asker(h *hubtest.Hub, token, what, query string, variables map[string]any) asked {
	a := asked{what: what}
	began := time.Now()
	defer func() { a.took = time.Since(began) }()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		a.err = err
		return a
	}
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		a.err = err
		return a
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		a.err, a.took = err, time.Since(began)
		return a
	}
	defer response.Body.Close()
	var answer struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	a.err = json.NewDecoder(response.Body).Decode(&answer)
	a.status, a.retryAfter, a.took = response.StatusCode, response.Header.Get("Retry-After"), time.Since(began)
	if len(answer.Errors) > 0 {
		a.code = answer.Errors[0].Extensions.Code
	}
	return a
}

// requests are the ways in which a request needs the database: to find out who
// asks, to read, to write.
func (r *rush) requests(h *hubtest.Hub, i int) []func() asked {
	event := map[string]any{"id": r.Event}
	return []func() asked{
		func() asked {
			return asker(h, "", "anonymous read", `query($id: ID!) { event(id: $id) { title } }`, event)
		},
		func() asked {
			return asker(h, r.lead, "signed-in read", `query($id: ID!) { event(id: $id) { title } }`, event)
		},
		func() asked {
			return asker(h, r.People[i].Token, "write", `mutation($in: RegistrationCreateInput!) { registrationCreate(input: $in) {
				registration { id } errors { code } } }`, map[string]any{"in": map[string]any{
				"idempotencyKey": fmt.Sprint("cut off ", i), "event": r.Event, "organization": r.People[i].Organization,
				"policy": "WAIT_TOGETHER", "delegates": []any{map[string]any{"role": "ASSOCIATION"}},
			}})
		},
	}
}

// ask sends several rounds of all requests at once.
func (r *rush) ask(h *hubtest.Hub, rounds int) []asked {
	var all sync.WaitGroup
	var mu sync.Mutex
	var got []asked
	for i := range rounds {
		for _, do := range r.requests(h, i) {
			all.Go(func() {
				a := do()
				mu.Lock()
				defer mu.Unlock()
				got = append(got, a)
			})
		}
	}
	all.Wait()
	return got
}

// cutOffHub is an instance that reaches PostgreSQL through a cable that can be
// pulled, and one beside it that always does.
func cutOffHub(t *testing.T) (hub, near *hubtest.Hub, cable *nettest.Proxy) {
	t.Helper()
	server := hubtest.NewDurable(t)
	cable = nettest.NewProxy(t, server.Addr())
	through := server.Database
	var err error
	if through.App, err = local.Readdress(through.App, cable.Addr()); err != nil {
		t.Fatal(err)
	}
	return server.Hub(t, hubtest.Config{Database: through}), server.Hub(t, hubtest.Config{}), cable
}

// TestCutOffFromPostgreSQL: an instance whose packets to PostgreSQL are dropped,
// not refused, says so soon, stays alive, and recovers by itself.
func TestCutOffFromPostgreSQL(t *testing.T) {
	const rounds = 8
	hub, near, cable := cutOffHub(t)
	r := newRush(t, []*hubtest.Hub{near}, 50, rounds+1, 4)
	follower := listenTo(dial(t, streamload.OverWebSocket, hub.Addr, "", r.Event, ""))
	n, _ := heads(t, near, r.Event)
	hear(t, follower, n)
	for _, a := range r.ask(hub, rounds) { // fills the pools
		if a.err != nil || a.status != http.StatusOK || a.code != "" {
			t.Fatalf("before the cut: %+v", a)
		}
	}
	for i := range rounds {
		hear(t, follower, n+i+1)
	}
	idle := func() {
		http.DefaultClient.CloseIdleConnections()
		r.Client.Close()
	}
	goroutines := 0
	eventually(t, soon, "goroutines stay as many", func() bool {
		idle()
		before := goroutines
		goroutines = working()
		return goroutines == before
	})
	kinds := workingKinds()

	cable.Stall()
	cut, slowest := time.Now(), time.Duration(0)
	for round := range 3 { // the first when nobody knows yet
		for _, a := range r.ask(hub, rounds) {
			slowest = max(slowest, a.took)
			if a.err != nil || a.status != http.StatusServiceUnavailable || a.code != "UNAVAILABLE" || a.retryAfter == "" || a.took > refusedWithin+slack {
				t.Errorf("cut off, round %d: %+v", round, a)
			}
		}
	}
	ready := func() bool { status, _ := get(t, hub, "/readyz"); return status == http.StatusOK }
	eventually(t, notReadyWithin+slack-time.Since(cut), "not ready", func() bool { return !ready() })
	notReady := time.Since(cut)
	if status, text := get(t, hub, "/healthz"); status != http.StatusOK {
		t.Errorf("not alive any more: %d %s", status, text)
	}
	r.registerOne(t, rounds, near)

	cable.Resume()
	healed := time.Now()
	recovered := eventually(t, recoveredWithin+slack, "ready again", ready)
	for _, a := range r.ask(hub, rounds) {
		if a.err != nil || a.status != http.StatusOK || a.code != "" {
			t.Errorf("healed: %+v", a)
		}
	}
	answered := time.Since(healed)
	hear(t, follower, n+rounds+1) // what happened while it was cut off
	defer func() {
		if t.Failed() {
			t.Log(more(kinds, workingKinds()))
		}
	}()
	eventually(t, soon, "goroutines are back", func() bool {
		idle()
		return within5(goroutines, working())
	})
	t.Logf("slowest refusal %v (503, Retry-After), not ready after %v at most; healed: ready after %v, all answered after %v, goroutines %d before, %d after",
		slowest, notReady, recovered, answered, goroutines, working())
}
