package gqlws_test

import (
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/teixit/teixit/internal/edge/gqlws"
	"github.com/teixit/teixit/internal/nettest"
)

// TestReaderThatOnlySeemsToRead checks that a reader which stopped is found
// though its buffers have room and it goes on sending pongs: they do not carry
// the numbers of pings it has not read. When it reads again it finds every
// message, and then the cursor of the last one.
func TestReaderThatOnlySeemsToRead(t *testing.T) {
	const interval = 100 * time.Millisecond
	for name, noise := range map[string]func(c *client) error{
		"unsolicited pongs": func(c *client) error {
			return c.WriteControl(websocket.PongMessage, nil, time.Now().Add(patience))
		},
		"pongs to an old ping": func(c *client) error {
			return c.WriteControl(websocket.PongMessage, []byte("1"), time.Now().Add(patience))
		},
		"pings of the protocol": func(c *client) error {
			return c.WriteControl(websocket.PingMessage, []byte("x"), time.Now().Add(patience))
		},
		"silence": func(*client) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			g, busy := newGroup(), nettest.Busy(t)
			s := newServer(t, func(o *gqlws.Options) { o.PingInterval, o.Runner, o.CloseTimeout = interval, g, patience })
			proxy := nettest.NewProxy(t, s.http.Listener.Addr().String())
			c := dialTo(t, proxy.Addr(), nil)
			c.init()
			c.subscribe("1", `subscription { feed(name: "a") }`)
			ctx := wait(t, g.joined)
			g.say(`{"data":{"feed":"first"}}`, "c1")
			c.expect(`{"id":"1","type":"next","payload":{"data":{"feed":"first"}}}`)
			proxy.StallReplies()
			g.say(`{"data":{"feed":"second"}}`, "c2")
			stopped := time.Now()
			for tick := time.NewTicker(10 * time.Millisecond); ctx.Err() == nil; {
				select {
				case <-tick.C:
					if noise(c) != nil {
						t.Fatal("the connection was reset instead of closed")
					}
				case <-ctx.Done():
				case <-time.After(patience):
					t.Fatal("the stopped reader was not found")
				}
			}
			if took := time.Since(stopped); took > 2*interval+interval/2+time.Second && !busy() {
				t.Errorf("found after %v, with pings every %v", took, interval)
			}
			proxy.Resume()
			c.expect(`{"id":"1","type":"next","payload":{"data":{"feed":"second"}}}`)
			c.expectBye(1013, `{"id":"1","cursor":"c2"}`)
		})
	}
}

// TestSlowAnswersAreAnswers checks that whoever reads is left alone, though they
// answer only the newest ping, and late.
func TestSlowAnswersAreAnswers(t *testing.T) {
	const interval = 80 * time.Millisecond
	busy := nettest.Busy(t)
	s := newServer(t, func(o *gqlws.Options) { o.PingInterval = interval })
	c := s.ready(t)
	beats := make(chan struct{})
	last := ""
	c.SetPingHandler(func(data string) error {
		if last == data {
			t.Errorf("two pings with the number %s", data)
		}
		last = data
		time.AfterFunc(interval/2, func() {
			_ = c.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(patience))
		})
		beats <- struct{}{}
		return nil
	})
	go func() { _, _ = c.receive() }()
	for range 6 {
		select {
		case <-beats:
		case <-time.After(patience):
			if busy() {
				t.Skip("the machine is too busy to answer pings")
			}
			t.Fatal("nothing came")
		}
	}
	if got := s.Stats(); got.Connections != 1 && !busy() {
		t.Errorf("%+v", got)
	}
	c.SetPingHandler(func(string) error { return nil })
	_ = c.NetConn().Close()
}

// TestTooManyOfOnePerson checks the limit where a person is known only from
// connection_init: their sockets count as an address until then, and as theirs
// from then on.
func TestTooManyOfOnePerson(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) {
		o.MaxPerPerson, o.MaxPerAddress = 2, 1
		o.Init, o.Person = initAs, personOf
	})
	var theirs []*client
	for range 2 {
		theirs = append(theirs, s.as(t, "ana")) // the address has one place, free again each time
	}
	c := s.dial(t)
	c.send(`{"type":"connection_init","payload":{"as":"ana"}}`)
	c.expectClose(1013, "Too many connections are open. Close one or try again later.")
	s.waitConnections(t, 2)
	s.as(t, "pau") // somebody else from the same address
	if got := s.Stats().Refused; got["person"] != 1 {
		t.Errorf("refused %v", got)
	}
	_ = theirs[0].Close()
	s.waitConnections(t, 2)
	s.as(t, "ana")

	nobody := s.ready(t)
	resp := refused(t, upgradeRequest(t, s, nil), http.StatusTooManyRequests, "TOO_MANY_CONNECTIONS")
	if resp.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	_ = nobody.Close()
}

// TestEventsOfOnePerson checks that event streams count with the sockets.
func TestEventsOfOnePerson(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) {
		o.MaxPerPerson, o.Init, o.Person = 2, initAs, personOf
	})
	s.as(t, "ana")
	as := func(who string) *http.Request {
		r := eventRequest(t, s.http.URL, `subscription { feed(name: "a") }`)
		r.Header.Set("As", who)
		return r
	}
	listen(t, as("ana"))
	refused(t, as("ana"), http.StatusTooManyRequests, "TOO_MANY_CONNECTIONS")
	listen(t, as("pau"))
}

// TestReconnectionsAreSpread checks that who is drained is told when to come
// back, each something else.
func TestReconnectionsAreSpread(t *testing.T) {
	const spread = time.Hour
	s := newServer(t, func(o *gqlws.Options) { o.ReconnectSpread = spread })
	clients := make([]*client, 5)
	for i := range clients {
		clients[i] = s.ready(t)
	}
	done := drain(s, patience)
	seen := map[time.Duration]bool{}
	for _, c := range clients {
		after := c.expectRestart()
		if after < 0 || after > spread {
			t.Errorf("come back after %v", after)
		}
		seen[after] = true
	}
	if err := wait(t, done); err != nil {
		t.Error(err)
	}
	if len(seen) < 3 {
		t.Errorf("all come back together: %v", seen)
	}
}

// TestManySmallWritesKeepTheirOrder sends more than the kernel takes at once,
// while the peer reads in gulps: inline and queued frames must not mix.
func TestManySmallWritesKeepTheirOrder(t *testing.T) {
	g := newGroup()
	s := newServer(t, func(o *gqlws.Options) { o.Runner, o.SendBuffer = g, 4<<10 })
	c := s.dial(t)
	c.init()
	c.subscribe("1", `subscription { feed(name: "a") }`)
	wait(t, g.joined)
	const messages = 2000
	for n := range messages {
		g.say(fmt.Sprintf(`{"data":{"feed":"%0*d"}}`, 1+n%50*20, n), fmt.Sprint(n))
		if n%100 == 99 {
			for i := n - 99; i <= n-50; i++ { // half of what was sent stays behind
				c.expect(fmt.Sprintf(`{"id":"1","type":"next","payload":{"data":{"feed":"%0*d"}}}`, 1+(i/100*50+i%100)%50*20, i/100*50+i%100))
			}
		}
	}
	for n := messages / 2; n < messages; n++ {
		c.expect(fmt.Sprintf(`{"id":"1","type":"next","payload":{"data":{"feed":"%0*d"}}}`, 1+n%50*20, n))
	}
}

// TestWritingToNobody checks that a write that fails at once ends the socket.
func TestWritingToNobody(t *testing.T) {
	g := newGroup()
	s := newServer(t, func(o *gqlws.Options) { o.Runner = g })
	c := s.ready(t)
	c.subscribe("1", `subscription { feed(name: "a") }`)
	ctx := wait(t, g.joined)
	if err := c.NetConn().(*net.TCPConn).SetLinger(0); err != nil {
		t.Fatal(err)
	}
	_ = c.NetConn().Close()
	for n := 0; ctx.Err() == nil; n++ {
		g.say(`{"data":{"feed":"x"}}`, "x")
	}
	s.waitIdle(t, patience)
	if got := s.Stats(); got.QueuedBytes != 0 {
		t.Errorf("%+v", got)
	}
}
