package faults

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/bench/streamload"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/node"
)

// transports are both ways to follow an event.
func transports() map[string]streamload.Dialer {
	return map[string]streamload.Dialer{"WebSocket": streamload.OverWebSocket, "events": streamload.OverEvents}
}

// registerOne registers one person of the rush at an instance.
func (r *rush) registerOne(t *testing.T, i int, hub *hubtest.Hub) {
	t.Helper()
	one := r.Load
	one.URLs, one.People, one.Workers = []string{hub.URL}, r.People[i:i+1], 1
	answers, err := one.Run(t.Context())
	if err != nil || answers[0].Refused != nil {
		t.Fatal(err, answers[0].Refused)
	}
}

// heads are the numbers of the event's topic for everybody and for organisers.
func heads(t *testing.T, h *hubtest.Hub, event string) (everybody, organisers int) {
	t.Helper()
	v, err := node.ParseOf(event, node.Event)
	if err != nil {
		t.Fatal(err)
	}
	err = h.DB.Read().QueryRow(t.Context(), `select head0, head4 from topics where node = $1`, v).Scan(&everybody, &organisers)
	if err != nil {
		t.Fatal(err)
	}
	return everybody, organisers
}

// TestStateThenChanges: the state first, at number n, then n+1, n+2 …, from
// either instance; cut off and back at the other instance, what was missed.
func TestStateThenChanges(t *testing.T) {
	for name, how := range transports() {
		t.Run(name, func(t *testing.T) {
			d := pgtest.URL(t)
			hubs := []*hubtest.Hub{hubtest.Start(t, hubtest.Config{Database: d}), hubtest.Start(t, hubtest.Config{Database: d})}
			r := newRush(t, hubs, 3, 12, 4)
			_, n := heads(t, hubs[0], r.Event)
			s := dial(t, how, hubs[0].Addr, r.lead, r.Event, "")
			if first := expect(t, s, n); first.Kind != nil || first.At != nil {
				t.Errorf("the first message is no state: %+v", first)
			}
			var last streamload.Change
			for i := range 4 { // each is two facts for organisers
				r.registerOne(t, i, hubs[i%2])
				if made := expect(t, s, n+2*i+1); made.Kind == nil || *made.Kind != "REGISTRATION_CREATED" {
					t.Errorf("got %+v, want a registration", made)
				}
				last = expect(t, s, n+2*i+2)
				if want := min(i+1, 3); last.Seats[0].Confirmed != want || last.Seats[0].Waiting != i+1-want {
					t.Errorf("after %d registrations the seats are %+v", i+1, last.Seats)
				}
			}
			s.Cut()
			for i := 4; i < 8; i++ {
				r.registerOne(t, i, hubs[i%2])
			}
			s = dial(t, how, hubs[1].Addr, r.lead, r.Event, last.Cursor)
			for i := n + 9; i <= n+16; i++ {
				if c := expect(t, s, i); c.Kind == nil {
					t.Errorf("number %d is a state, want a change", i)
				}
			}
			r.registerOne(t, 8, hubs[0])
			expect(t, s, n+17)
		})
	}
}

// TestLongTransactionElsewhere: a transaction that is open in another database
// of the cluster, and one in the hub's own, hold no stream back.
func TestLongTransactionElsewhere(t *testing.T) {
	d := pgtest.URL(t)
	hubs := []*hubtest.Hub{hubtest.Start(t, hubtest.Config{Database: d}), hubtest.Start(t, hubtest.Config{Database: d})}
	r := newRush(t, hubs, 3, 4, 1)
	release := []func(){holdOpen(t, pgtest.Empty(t).Owner), holdOpen(t, d.Owner)}
	everybody, _ := heads(t, hubs[0], r.Event)
	s := dial(t, streamload.OverWebSocket, hubs[1].Addr, "", r.Event, "")
	expect(t, s, everybody)
	began := time.Now()
	r.registerOne(t, 0, hubs[0])
	expect(t, s, everybody+1)
	took := time.Since(began)
	for _, let := range release {
		let() // it fails the test when the transaction was over before
	}
	t.Logf("from the request to the message at the other instance: %v, two transactions open meanwhile", took.Round(time.Millisecond))
}

// holdOpen keeps a transaction open that has a number and a snapshot of its
// own, until it is released.
func holdOpen(t *testing.T, url string) (release func()) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(ctx) })
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	if err != nil {
		t.Fatal(err)
	}
	var number string
	if err := tx.QueryRow(ctx, "select pg_current_xact_id()::text").Scan(&number); err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if err := tx.Commit(ctx); err != nil {
			t.Errorf("the long transaction ended too early: %v", err)
		}
	}
}

func addrs(hubs []*hubtest.Hub) (all []string) {
	for _, h := range hubs {
		all = append(all, h.Addr)
	}
	return all
}

// TestStreamsOverCrash: followers that are cut off and switch between instances
// miss nothing, get nothing twice and nothing out of order, while PostgreSQL is
// killed under a rush.
func TestStreamsOverCrash(t *testing.T) {
	const people = 400
	server := hubtest.NewDurable(t)
	hubs := []*hubtest.Hub{server.Hub(t, hubtest.Config{}), server.Hub(t, hubtest.Config{})}
	r := newRush(t, hubs, 50, people, 8)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var everybody, organisers atomic.Int64
	var followers []*streamload.Follower
	for i := range 12 {
		f := &streamload.Follower{
			How: streamload.OverWebSocket, Addrs: addrs(hubs), Event: r.Event, UpTo: &everybody,
			CutAt: func() int { return 20 + 37*i }, Name: fmt.Sprint("follower ", i),
		}
		if i%2 == 1 {
			f.How = streamload.OverEvents
		}
		if i%3 == 0 {
			f.Token, f.UpTo = r.lead, &organisers
		}
		followers = append(followers, f)
	}
	var all sync.WaitGroup
	for _, f := range followers {
		all.Go(func() { f.Follow(ctx) })
	}
	crash := make(chan error, 1)
	r.Acknowledged = func(n int) {
		if n == people/2 {
			go func() { crash <- killed(server) }()
		}
	}
	verdict := r.run(t, 2*time.Minute)
	if err := <-crash; err != nil {
		t.Fatal(err)
	}
	n0, n4 := heads(t, hubs[0], r.Event)
	everybody.Store(int64(n0))
	organisers.Store(int64(n4))
	all.Wait()
	var sum streamload.Tally
	cuts, messages := 0, 0
	for _, f := range followers {
		cuts, messages = cuts+f.Cuts, messages+f.Received
		sum.Add(f.Tally)
		if !f.Done() {
			t.Errorf("%s: got as far as number %d of %d", f.Name, f.Number, f.UpTo.Load())
		}
	}
	t.Logf("%d followers over WebSocket and events, %d connections, %d messages, PostgreSQL killed once: %v", len(followers), cuts, messages, sum)
	if sum != (streamload.Tally{}) {
		t.Error("a stream was not whole")
	}
	if !verdict.Right(50, people) {
		t.Errorf("seats were given wrongly: %v", verdict)
	}
}
