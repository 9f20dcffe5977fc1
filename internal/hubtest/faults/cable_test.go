package faults

import (
	"testing"
	"time"

	"github.com/teixit/teixit/bench/streamload"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/nettest"
)

// heard is a message and when it came.
type heard struct {
	streamload.Change
	at  time.Time
	err error
}

// listenTo reads a stream in the background, as a client does: it also answers
// pings. It ends with the stream.
func listenTo(s streamload.Stream) <-chan heard {
	ch := make(chan heard, 1_000)
	go func() {
		defer close(ch)
		for {
			c, err := s.Next(time.Hour)
			ch <- heard{c, time.Now(), err}
			if err != nil {
				return
			}
		}
	}()
	return ch
}

// hear waits for the message with this number.
func hear(t *testing.T, ch <-chan heard, number int) time.Time {
	t.Helper()
	select {
	case m := <-ch:
		if m.err != nil || m.Number != number {
			t.Fatalf("got number %d, %v; want %d", m.Number, m.err, number)
		}
		return m.at
	case <-time.After(soon):
		t.Fatalf("number %d did not come", number)
	}
	panic("unreachable")
}

// openMany opens subscribers, half of them organisers, and reads their states.
func openMany(t *testing.T, n int, addr string, r *rush) (close func()) {
	t.Helper()
	streams := make([]streamload.Stream, n)
	for i := range streams {
		s, err := streamload.OverWebSocket(t.Context(), addr, []string{"", r.lead}[i%2], r.Event, "")
		if err != nil {
			t.Fatal(err)
		}
		streams[i] = s
		if _, err := s.Next(soon); err != nil {
			t.Fatal(err)
		}
	}
	return func() {
		for _, s := range streams {
			s.Cut()
		}
		streams = nil // their buffers are no memory of the hub's
	}
}

// TestCableCut: subscribers whose packets are dropped, without a word to either
// side, hold nothing after ten seconds, with the hub's own timings; a subscriber
// beside them notices nothing.
func TestCableCut(t *testing.T) {
	const limit, subscribers, warm, registrations = 10 * time.Second, 100, 10, 10
	hub := hubtest.Start(t, hubtest.Config{})
	r := newRush(t, []*hubtest.Hub{hub}, 5, warm+registrations, 1)
	proxy := nettest.NewProxy(t, hub.Addr)
	n, _ := heads(t, hub, r.Event)
	beside := dial(t, streamload.OverWebSocket, hub.Addr, "", r.Event, "")
	listening := listenTo(beside)
	hear(t, listening, n)
	goroutines := carrying()
	alone := func() bool { return meter(t, hub, "teixit_connections") == 1 && within5(goroutines, carrying()) }

	// Once without a fault, so that caches and pools are filled.
	closeAll := openMany(t, subscribers, proxy.Addr(), r)
	for i := range warm {
		r.registerOne(t, i, hub)
		hear(t, listening, n+i+1)
	}
	closeAll()
	eventually(t, soon, "those who hung up are gone", alone)
	memory := heap()

	closeAll = openMany(t, subscribers, proxy.Addr(), r)
	if open := meter(t, hub, "teixit_connections"); open != subscribers+1 { // parked, they need hold no goroutine
		t.Fatalf("%v connections: there is nothing to lose", open)
	}
	held := heap() - memory
	proxy.Stall()
	cut, slowest := time.Now(), time.Duration(0)
	for i := range registrations {
		began := time.Now()
		r.registerOne(t, warm+i, hub)
		slowest = max(slowest, hear(t, listening, n+warm+i+1).Sub(began))
	}
	eventually(t, limit-time.Since(cut), "connections and goroutines are back", alone)
	took := time.Since(cut)
	closeAll() // now the test's own side
	proxy.Cut()
	// What the hub's other parts grow by meanwhile (connections to PostgreSQL with
	// their prepared statements, jobs) was up to 820 KiB in one process with four
	// such tests; the subscribers held 2,800 KiB. That no goroutine of theirs is
	// left is asserted exactly.
	back := memory + max(memory/20, held/2)
	after := heap()
	for end := time.Now().Add(soon); after > back && time.Now().Before(end); {
		after = heap()
	}
	t.Logf("%d subscribers cut off: nothing left of them after %v; goroutines of streams %d before, %d after; "+
		"heap %d KiB before, %d KiB more with them, %d KiB after; slowest change beside them %v", subscribers, took.Round(10*time.Millisecond),
		goroutines, carrying(), memory>>10, held>>10, after>>10, slowest.Round(time.Millisecond))
	if after > back {
		t.Errorf("memory is not back: %d KiB before, %d KiB after", memory>>10, after>>10)
	}
	if queued := meter(t, hub, "teixit_queued_bytes"); queued != 0 {
		t.Errorf("%d bytes are still queued", queued)
	}
}
