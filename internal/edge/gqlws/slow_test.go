package gqlws_test

import (
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/teixit/teixit/internal/edge/gqlws"
	"github.com/teixit/teixit/internal/nettest"
)

// big fills kernel buffers soon. Its first 8 bytes are its cursor.
func big(n int) string { return fmt.Sprintf("%08d", n) + strings.Repeat("x", 16<<10) }

// narrow dials with a small window, so that a stop is felt early.
func narrow() *websocket.Dialer {
	return &websocket.Dialer{NetDial: func(network, addr string) (net.Conn, error) {
		c, err := net.Dial(network, addr)
		if err == nil {
			err = c.(*net.TCPConn).SetReadBuffer(4 << 10)
		}
		return c, err
	}}
}

// TestReaderThatFallsBehind checks that such a reader gets every message up to
// some point, and then the cursor of exactly that point.
func TestReaderThatFallsBehind(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) {
		o.QueueBytes, o.SendBuffer, o.CloseTimeout = 256<<10, 8<<10, patience
	})
	c := dialTo(t, s.http.Listener.Addr().String(), narrow())
	c.init()
	c.subscribe("one", `subscription { feed(name: "a") }`)
	f := s.feed("a")
	ctx := wait(t, f.started)
	sent := 0
	for ctx.Err() == nil {
		select {
		case f.source <- big(sent):
			sent++
		case <-ctx.Done():
		case <-time.After(patience):
			t.Fatal("the stream stopped without being closed")
		}
	}
	wait(t, f.stopped)
	last, got := "", 0
	for {
		text, err := c.receive()
		if err == nil {
			if want := fmt.Sprintf("%08d", got); !strings.Contains(text, want) {
				t.Fatalf("message %d is %.60s", got, text)
			}
			last = fmt.Sprintf("%08d", got)
			got++
			continue
		}
		var bye *websocket.CloseError
		if !errors.As(err, &bye) || bye.Code != websocket.CloseTryAgainLater || bye.Text != `{"id":"one","cursor":"`+last+`"}` {
			t.Fatalf("after %d of %d messages, the last with cursor %s: %v", got, sent, last, err)
		}
		break
	}
	if got == 0 || got >= sent {
		t.Errorf("%d of %d messages arrived; the test needs some that did not", got, sent)
	}
}

// TestStoppedReader checks that a reader which takes nothing any more, and
// still answers as if it did, is gone, and that the others notice nothing.
func TestStoppedReader(t *testing.T) {
	const timeout = 200 * time.Millisecond
	t.Run("by bytes", func(t *testing.T) { stoppedReader(t, 200, 10*timeout, 50*time.Millisecond) })
	t.Run("by time", func(t *testing.T) {
		// Without pings of ours, so that it is a message that cannot be written.
		if took := stoppedReader(t, 60, timeout, time.Minute); took < timeout/2 {
			t.Errorf("closed after %v, before the write timeout", took)
		}
	})
}

// stoppedReader sends a number of messages to a stopped reader and tells how
// long it took until it was gone.
func stoppedReader(t *testing.T, messages int, timeout, pings time.Duration) time.Duration {
	s := newServer(t, func(o *gqlws.Options) {
		o.SendBuffer, o.WriteTimeout, o.PingInterval = 8<<10, timeout, pings
	})
	good := s.ready(t)
	good.subscribe("1", `subscription { feed(name: "good") }`)
	wait(t, s.feed("good").started)
	proxy := nettest.NewProxy(t, s.http.Listener.Addr().String())
	before := runtime.NumGoroutine()

	bad := dialTo(t, proxy.Addr(), narrow())
	bad.init()
	bad.subscribe("1", `subscription { feed(name: "bad") }`)
	ctx := wait(t, s.feed("bad").started)
	proxy.StallReplies()
	stop := make(chan struct{})
	var pongs sync.WaitGroup
	pongs.Go(func() { answerPings(bad, stop) })

	start := time.Now()
	for n := 0; n < messages && ctx.Err() == nil; n++ {
		select {
		case s.feed("bad").source <- big(n):
		case <-ctx.Done():
		case <-time.After(patience):
			t.Fatal("the stopped reader holds up its source")
		}
		give(t, s.feed("good").source, fmt.Sprint(n))
		good.expect(fmt.Sprintf(`{"id":"1","type":"next","payload":{"data":{"feed":"%d"}}}`, n))
	}
	pongs.Go(func() { _, _ = good.receive() }) // answers its pings
	wait(t, s.feed("bad").stopped)
	took := time.Since(start)
	close(stop)
	_ = bad.Close()
	_ = good.Close()
	pongs.Wait()
	proxy.Cut()
	s.waitIdle(t, patience)
	settled(t, before)
	return took
}

// answerPings answers pings nobody has received.
func answerPings(c *client, stop <-chan struct{}) {
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			return
		case <-ticker.C:
			if c.WriteControl(websocket.PongMessage, nil, time.Now().Add(time.Second)) != nil {
				return
			}
		}
	}
}

// TestCutCable pulls the cable of many quiet subscribers: nobody is told, no
// message is under way, and all must be gone after two pings.
func TestCutCable(t *testing.T) {
	const sockets, interval = 50, 200 * time.Millisecond
	busy := nettest.Busy(t)
	s := newServer(t, func(o *gqlws.Options) { o.PingInterval = interval })
	proxy := nettest.NewProxy(t, s.http.Listener.Addr().String())
	survivor := s.ready(t)
	var reading sync.WaitGroup
	before := runtime.NumGoroutine()
	memory := heap()
	reading.Go(func() { _, _ = survivor.receive() })
	clients := make([]*client, sockets)
	for i := range clients {
		clients[i] = dialTo(t, proxy.Addr(), nil)
		clients[i].init()
		clients[i].subscribe("1", `subscription { feed(name: "quiet") }`)
		wait(t, s.feed("quiet").started)
		reading.Go(func() { _, _ = clients[i].receive() }) // answers pings while it can
	}
	if got := s.Stats(); got.Connections != sockets+1 || got.Operations != sockets {
		if busy() {
			t.Skip("the machine is too busy to answer pings")
		}
		t.Fatalf("before the cut: %+v", got)
	}
	proxy.Stall()
	start := time.Now()
	for range clients {
		wait(t, s.feed("quiet").stopped)
	}
	took := time.Since(start)
	for _, c := range clients {
		_ = c.Close()
	}
	_ = survivor.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(patience))
	reading.Wait()
	proxy.Cut()
	s.waitIdle(t, patience)
	settled(t, before)
	if grown := heap() - memory; grown > 1<<20 {
		t.Errorf("%d bytes of heap more than before", grown)
	}
	// They are told, should they only have stopped reading; with 0 is counted one
	// whose connection did not take the frame before it was given up.
	if got := s.Stats().Closed; got[1013] == 0 || (got[1013]+got[0] != sockets || got[1000] != 1) && !busy() {
		t.Errorf("closed %v, want %d with 1013 and the survivor with 1000", got, sockets)
	}
	// Two intervals and one turn of the wheel.
	if took > 2*interval+interval/2+time.Second && !busy() {
		t.Errorf("dead peers were gone after %v, with pings every %v", took, interval)
	}
	t.Logf("%d dead peers gone after %v, pings every %v", sockets, took.Round(time.Millisecond), interval)
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestTotalQueue checks that memory is bounded over all connections: who is
// behind goes, who reads stays.
func TestTotalQueue(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) {
		o.SendBuffer, o.TotalQueueBytes = 8<<10, 64<<10
	})
	c := dialTo(t, s.http.Listener.Addr().String(), narrow())
	c.init()
	c.subscribe("1", `subscription { feed(name: "a") }`)
	ctx := wait(t, s.feed("a").started)
	for n := 0; ctx.Err() == nil; n++ {
		select {
		case s.feed("a").source <- big(n):
		case <-ctx.Done():
		}
		if got := s.Stats().QueuedBytes; got > 64<<10 {
			t.Fatalf("%d bytes queued, more than all may", got)
		}
	}
	other := s.ready(t)
	other.subscribe("1", "{ hello }")
	other.expect(`{"id":"1","type":"next","payload":{"data":{"hello":"world"}}}`)
}

// TestOneLargeMessage checks that a state larger than the queue is delivered.
func TestOneLargeMessage(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) { o.QueueBytes = 1 << 10 })
	c := s.ready(t)
	c.subscribe("1", `subscription { feed(name: "a") }`)
	for n := range 3 {
		give(t, s.feed("a").source, big(n))
		if text, err := c.receive(); err != nil || len(text) < 16<<10 {
			t.Fatalf("%.40s, %v", text, err)
		}
	}
}

// TestNothingAfterComplete checks that what was queued before a client's
// complete is not sent after it, not even under an id that is used again.
func TestNothingAfterComplete(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) { o.SendBuffer = 8 << 10 })
	c := dialTo(t, s.http.Listener.Addr().String(), narrow())
	c.init()
	c.subscribe("1", `subscription { feed(name: "a") }`)
	for n := range 30 {
		give(t, s.feed("a").source, big(n))
	}
	c.send(`{"id":"1","type":"complete"}`)
	wait(t, s.feed("a").stopped)
	c.subscribe("1", "{ hello }")
	frames := 0
	for {
		text, err := c.receive()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text, "world") {
			break
		}
		frames++
	}
	if frames >= 30 {
		t.Error("all messages were sent, though the client had stopped listening")
	}
	c.expect(`{"id":"1","type":"complete"}`)
}

func TestManyAtOnce(t *testing.T) {
	const sockets, operations = 30, 20
	s := newServer(t, nil)
	before := runtime.NumGoroutine()
	var all sync.WaitGroup
	for range sockets {
		c := s.ready(t)
		all.Go(func() { manyOperations(t, c, operations) })
	}
	all.Wait()
	s.waitIdle(t, patience)
	settled(t, before)
}

func manyOperations(t *testing.T, c *client, n int) {
	for i := range n {
		id := fmt.Sprint(i)
		query := []string{`{ hello }`, `subscription { count(to: 50) }`, `mutation { add(n: 1) }`}[i%3]
		if err := c.WriteJSON(map[string]any{"id": id, "type": "subscribe", "payload": map[string]any{"query": query}}); err != nil {
			t.Error(err)
			return
		}
	}
	messages := map[string]int{}
	for done := 0; done < n; {
		var m struct {
			ID, Type string
			Payload  struct{ Data struct{ Count int } }
		}
		if err := c.ReadJSON(&m); err != nil {
			t.Error(err)
			return
		}
		if m.Type == "complete" {
			done++
			continue
		}
		messages[m.ID]++
		if got := m.Payload.Data.Count; got != 0 && got != messages[m.ID] {
			t.Errorf("operation %s: message %d is number %d", m.ID, messages[m.ID], got)
		}
	}
	_ = c.Close()
	for i := range n {
		if want := []int{1, 50, 1}[i%3]; messages[fmt.Sprint(i)] != want {
			t.Errorf("operation %d got %d messages, want %d", i, messages[fmt.Sprint(i)], want)
		}
	}
}
