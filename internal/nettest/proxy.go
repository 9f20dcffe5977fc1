// Package nettest breaks networks on purpose, for tests: a TCP proxy whose
// cable can be stalled, slowed and cut. It is imported by tests only.
package nettest

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// chunk is small, so that a stalled proxy holds back little of what was sent.
const chunk = 4 << 10

// Proxy forwards TCP connections to a target until told to misbehave. Its
// methods are safe for concurrent use and hold for present and future
// connections alike.
type Proxy struct {
	listener net.Listener
	target   string
	running  sync.WaitGroup

	mu     sync.Mutex
	pairs  map[*pair]struct{}
	delay  time.Duration
	closed bool
	up     chan struct{} // open while the way to the target is stalled; nil: it flows
	down   chan struct{} // the same for the way back
}

// NewProxy starts a proxy on a free loopback port in front of target
// ("host:port") and ends it with the test.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: l, target: target, pairs: map[*pair]struct{}{}}
	p.running.Go(p.accept)
	t.Cleanup(p.close)
	return p
}

// Addr is where clients connect, as "host:port".
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Stall stops forwarding both ways without closing anything, like a cable that
// was pulled: no side is told. New connections are accepted and stay silent.
func (p *Proxy) Stall() { p.set(true, true) }

// StallReplies stops only what flows from the target to the client: a reader
// that has stopped reading and still talks.
func (p *Proxy) StallReplies() { p.set(false, true) }

// Resume forwards again, what was held back first.
func (p *Proxy) Resume() { p.set(false, false) }

// Delay makes every chunk wait for d in each direction.
func (p *Proxy) Delay(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
}

// Cut resets all present connections on both sides; new ones are served.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.pairs {
		c.reset()
	}
}

func (p *Proxy) set(up, down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.up = stalled(p.up, up)
	p.down = stalled(p.down, down)
}

func stalled(gate chan struct{}, shut bool) chan struct{} {
	switch {
	case shut && gate == nil:
		return make(chan struct{})
	case !shut && gate != nil:
		close(gate)
		return nil
	}
	return gate
}

// pair is one proxied connection: the client's half and the target's half.
type pair struct {
	client, server net.Conn
	open           atomic.Int32 // directions that still forward
	once           sync.Once
	gone           chan struct{} // closed by reset
}

func (c *pair) reset() {
	c.once.Do(func() { close(c.gone) })
	reset(c.client)
	reset(c.server)
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.target)
		if err != nil {
			reset(client)
			continue
		}
		// A small window lets a stall reach the sender soon.
		_ = server.(*net.TCPConn).SetReadBuffer(chunk)
		p.join(&pair{client: client, server: server, gone: make(chan struct{})})
	}
}

func (p *Proxy) join(c *pair) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		c.reset()
		return
	}
	c.open.Store(2)
	p.pairs[c] = struct{}{}
	p.running.Go(func() { p.forward(c, c.client, c.server, func() chan struct{} { return p.up }) })
	p.running.Go(func() { p.forward(c, c.server, c.client, func() chan struct{} { return p.down }) })
}

func (p *Proxy) forward(c *pair, from, to net.Conn, gate func() chan struct{}) {
	if !p.copy(c, from, to, gate) {
		c.reset()
	}
	if c.open.Add(-1) > 0 {
		return
	}
	p.mu.Lock()
	delete(p.pairs, c)
	p.mu.Unlock()
	_ = from.Close()
	_ = to.Close()
}

// copy forwards one direction. It reports true when the sender has finished
// in good order, and has told the receiver so.
func (p *Proxy) copy(c *pair, from, to net.Conn, gate func() chan struct{}) bool {
	buf := make([]byte, chunk)
	for {
		n, err := from.Read(buf)
		if !p.pass(c, gate) {
			return false
		}
		if _, werr := to.Write(buf[:n]); werr != nil {
			return false
		}
		if errors.Is(err, io.EOF) {
			return to.(*net.TCPConn).CloseWrite() == nil
		}
		if err != nil {
			return false
		}
	}
}

// pass waits until the way is free; it reports false when the
// connection was cut meanwhile.
func (p *Proxy) pass(c *pair, gate func() chan struct{}) bool {
	p.mu.Lock()
	shut, delay := gate(), p.delay
	p.mu.Unlock()
	if delay > 0 {
		select {
		case <-time.After(delay):
		case <-c.gone:
			return false
		}
	}
	if shut == nil {
		return true
	}
	select {
	case <-shut:
		return true
	case <-c.gone:
		return false
	}
}

func (p *Proxy) close() {
	p.mu.Lock()
	p.closed = true
	for c := range p.pairs {
		c.reset()
	}
	p.mu.Unlock()
	_ = p.listener.Close()
	p.running.Wait()
}

func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}
