package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/bench/seatload"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
)

// cutter sends every mutation twice: to one instance, whose answer is cut after
// the commit, and then, under the same key, to another.
type cutter struct {
	t       *testing.T
	client  *seatload.Client
	swallow *seatload.Swallower
	first   string // address at which answers are cut
	second  string
	token   string

	mu   sync.Mutex
	sent int
}

func newCutter(t *testing.T, first, second *hubtest.Hub, token string) *cutter {
	c := &cutter{t: t, client: seatload.NewClient(8, 10*time.Second), second: second.URL, token: token}
	transport := &http.Transport{}
	c.swallow = &seatload.Swallower{Targets: []string{first.URL}, HTTP: &http.Client{Transport: transport}}
	proxy := httptest.NewServer(c.swallow)
	c.first = proxy.URL
	t.Cleanup(func() {
		c.client.Close()
		proxy.Close()
		transport.CloseIdleConnections()
	})
	return c
}

// result is what a mutation says it has made or changed.
type result struct {
	Registration *struct {
		ID        string
		Delegates []struct{ ID string }
	}
	Delegate     *struct{ ID string }
	Event        *struct{ ID string }
	Organization *struct{ ID string }
	Person       *struct{ ID string }
	Errors       []struct{ Code, Message string }
}

// do sends the mutation twice and returns the second answer, which must be the
// first one's.
func (c *cutter) do(mutation, selection string, input map[string]any) result {
	c.mu.Lock()
	c.sent++
	key := fmt.Sprintf("%s %d", mutation, c.sent)
	c.mu.Unlock()
	input["idempotencyKey"] = key
	name := string(mutation[0]-'a'+'A') + mutation[1:]
	query := fmt.Sprintf(`mutation($in: %sInput!) { answer: %s(input: $in) { %s errors { code message } } }`, name, mutation, selection)
	variables := map[string]any{"in": input}
	var none, got map[string]result
	if err := c.client.Ask(c.t.Context(), c.first, c.token, query, variables, &none); !errors.As(err, new(seatload.Later)) {
		c.t.Errorf("%s: the answer was not cut: %v", key, err)
	}
	if err := c.client.Ask(c.t.Context(), c.second, c.token, query, variables, &got); err != nil {
		c.t.Errorf("%s again: %v", key, err)
	}
	var kept struct{ Data map[string]result }
	if err := json.Unmarshal(c.swallow.Kept()[key], &kept); err != nil {
		c.t.Errorf("%s: %v", key, err)
	}
	if diff := cmp.Diff(kept.Data["answer"], got["answer"]); diff != "" {
		c.t.Errorf("%s: another answer the second time (-first +second):\n%s", key, diff)
	}
	for _, e := range got["answer"].Errors {
		c.t.Errorf("%s: %s %s", key, e.Code, e.Message)
	}
	return got["answer"]
}

// each does something n times, eight at once.
func each(n int, do func(i int)) {
	places := make(chan struct{}, 8)
	var all sync.WaitGroup
	for i := range n {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			do(i)
		})
	}
	all.Wait()
}

// pair is two instances, an officer and an event of hers with places for all.
type pair struct {
	hubs    [2]*hubtest.Hub
	officer string
	event   id.ID
	pool    string
	town    string
}

func newPair(t *testing.T) *pair {
	d := pgtest.URL(t)
	p := &pair{town: node.Municipality.Global(hubtest.Terrassa)}
	for i := range p.hubs {
		p.hubs[i] = hubtest.Start(t, hubtest.Config{Database: d})
	}
	h := p.hubs[0]
	officer := h.Person(t, "Olga Prova", hubtest.Terrassa, directory.Officer)
	p.officer, p.event = h.Token(officer), h.Event(t, officer, 500, nil)
	pools, err := calendar.SeatPoolsOf(t.Context(), h.DB.Read(), h.Viewer(t, officer), []id.ID{p.event})
	if err != nil {
		t.Fatal(err)
	}
	p.pool = pools[p.event][0].GlobalID()
	return p
}

// block is the input of a registration of two.
func (p *pair) block(i int) map[string]any {
	return map[string]any{
		"event": node.Event.Global(p.event), "organization": p.town, "policy": "TAKE_WHAT_THERE_IS",
		"delegates": []any{map[string]any{"name": seatload.Name(i), "role": "PUBLIC"}, map[string]any{"role": "PUBLIC"}},
	}
}

// effects counts everything the mutations of these tests can do.
func (p *pair) effects(t *testing.T) map[string]int {
	t.Helper()
	n := facts(t, p.hubs[0], p.event)
	n["people"], n["associations"] = nodes(t, p.hubs[0], node.Person), nodes(t, p.hubs[0], node.Association)
	return n
}

// sendAll sends two hundred mutations of every kind and says what must come of
// them.
func (p *pair) sendAll(c *cutter) (want map[string]int) {
	event := node.Event.Global(p.event)
	made := make([]result, 80)
	each(80, func(i int) { made[i] = c.do("registrationCreate", "registration { id delegates { id } }", p.block(i)) })
	if c.t.Failed() {
		return nil
	}
	each(40, func(i int) {
		c.do("registrationCancel", "registration { id }", map[string]any{"id": made[i].Registration.ID})
	})
	each(20, func(i int) {
		two := made[40+i].Registration.Delegates
		c.do("delegateCancel", "registration { id }", map[string]any{"id": two[0].ID})
		c.do("delegateReplace", "registration { id }", map[string]any{"id": two[1].ID, "name": "Una altra persona"})
	})
	each(10, func(i int) {
		who := map[string]any{"id": made[60+i].Registration.Delegates[0].ID}
		c.do("delegateCheckIn", "delegate { id }", map[string]any{"event": event, "delegate": who})
		c.do("seatPoolResize", "event { id }", map[string]any{"id": p.pool, "capacity": 501 + i})
		c.do("eventSessionAdd", "event { id }", map[string]any{"event": event, "title": map[string]any{"ca": fmt.Sprint("Sessió ", i)}})
	})
	each(5, func(i int) {
		c.do("associationCreate", "", map[string]any{"title": map[string]any{"ca": fmt.Sprint("Entitat ", i)}, "actsIn": []any{p.town}})
		c.do("personCreate", "person { id }", map[string]any{"organization": p.town, "name": fmt.Sprint("Persona ", i), "role": "OFFICER"})
	})
	return map[string]int{
		calendar.FactRegistrationCreated: 80, calendar.FactRegistrationCancelled: 40, calendar.FactDelegateCancelled: 20,
		calendar.FactDelegateReplaced: 20, calendar.FactDelegateArrived: 10, calendar.FactCapacityChanged: 10, "SESSION_ADDED": 10,
		"associations": 5, "people": 5,
	}
}

// TestAnswersCutAfterCommit: a mutation whose answer was lost and that is sent
// again, to another instance, takes effect once; every kind of mutation.
func TestAnswersCutAfterCommit(t *testing.T) {
	p := newPair(t)
	c := newCutter(t, p.hubs[0], p.hubs[1], p.officer)
	before := p.effects(t)
	want := p.sendAll(c)
	after, effects := p.effects(t), 0
	for kind, n := range want {
		got := after[kind] - before[kind]
		effects += got
		if got != n {
			t.Errorf("%s: %d effects, want %d", kind, got, n)
		}
	}
	t.Logf("%d answers cut after the commit and sent again to another instance: %d effects", c.sent, effects)
}

// TestSameKeyAtOnce: a request that reaches both instances at the same moment
// takes effect once, and both get its answer.
func TestSameKeyAtOnce(t *testing.T) {
	const requests = 40
	p := newPair(t)
	client := seatload.NewClient(16, 10*time.Second)
	t.Cleanup(client.Close)
	each(requests, func(i int) {
		var answers [2]map[string]result
		var both sync.WaitGroup
		for k, hub := range p.hubs {
			both.Go(func() {
				in := p.block(i)
				in["idempotencyKey"] = fmt.Sprint("at once ", i)
				err := client.Ask(t.Context(), hub.URL, p.officer, `mutation($in: RegistrationCreateInput!) { answer: registrationCreate(input: $in) {
					registration { id delegates { id } } errors { code } } }`, map[string]any{"in": in}, &answers[k])
				if err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		if diff := cmp.Diff(answers[0], answers[1]); diff != "" || answers[0]["answer"].Registration == nil {
			t.Errorf("two answers to one request: %+v\n%s", answers[0], diff)
		}
	})
	if n := p.effects(t)[calendar.FactRegistrationCreated]; n != requests {
		t.Errorf("%d effects of %d requests sent twice at once", n, requests)
	}
}

// facts counts what happened to a topic, by kind.
func facts(t *testing.T, h *hubtest.Hub, topic id.ID) map[string]int {
	t.Helper()
	entries, err := journal.After(context.WithoutCancel(t.Context()), h.DB.Read(), topic, access.Organisers, 0, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for _, e := range entries {
		n[e.Kind]++
	}
	return n
}

// nodes counts the nodes of a kind.
func nodes(t *testing.T, h *hubtest.Hub, kind node.Kind) (n int) {
	t.Helper()
	if err := h.DB.Read().QueryRow(t.Context(), `select count(*) from nodes where kind = $1`, string(kind)).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
