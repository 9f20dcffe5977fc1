package gqlws

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// wire is the connection below a socket. The WebSocket library reads from it
// and writes the answer to the handshake; from then on all writing is the
// socket's, so that what was begun without waiting is never cut in two by
// somebody else's frame.
type wire struct {
	net.Conn
	raw   syscall.RawConn // nil where nothing can be written without waiting (TLS)
	mutes atomic.Bool     // what the library still writes is dropped
}

func newWire(c net.Conn) *wire {
	w := &wire{Conn: c}
	if tcp, ok := c.(*net.TCPConn); ok {
		w.raw, _ = tcp.SyscallConn()
	}
	return w
}

// Write is for the WebSocket library.
func (w *wire) Write(p []byte) (int, error) {
	if w.mutes.Load() {
		return len(p), nil
	}
	return w.Conn.Write(p)
}

// NetConn is the connection itself.
func (w *wire) NetConn() net.Conn { return w.Conn }

// write waits until all is written or the deadline is over.
func (w *wire) write(data []byte, deadline time.Time) error {
	_ = w.Conn.SetWriteDeadline(deadline)
	_, err := w.Conn.Write(data)
	return err
}

// forget takes back the deadline of the last write, which would hold for the
// next one even where that does not wait.
func (w *wire) forget() { _ = w.Conn.SetWriteDeadline(time.Time{}) }

// attempt is one write that does not wait, and the space to put it together in.
type attempt struct {
	buf  []byte
	data []byte // to be written
	n    int
	err  error
	once func(fd uintptr) bool // made once: it would be allocated each time
}

func (a *attempt) try(fd uintptr) bool {
	for {
		if a.n, a.err = syscall.Write(int(fd), a.data); a.err != syscall.EINTR {
			return true // never again: who would have to wait is queued
		}
	}
}

// attempts lends them, so that an idle connection holds no space.
type attempts struct{ pool sync.Pool }

func (p *attempts) get() *attempt {
	if a, ok := p.pool.Get().(*attempt); ok {
		return a
	}
	a := &attempt{}
	a.once = a.try
	return a
}

func (p *attempts) put(a *attempt) {
	a.data = nil
	if cap(a.buf) <= keptBuffer {
		p.pool.Put(a)
	}
}

// now writes as much of data as the kernel takes at once. That it takes nothing
// is no error.
func (w *wire) now(a *attempt, data []byte) (int, error) {
	if w.raw == nil {
		return 0, nil
	}
	a.data = data
	if err := w.raw.Write(a.once); err != nil {
		return 0, err
	}
	switch {
	case a.err == syscall.EAGAIN:
		return 0, nil
	case a.err != nil:
		return 0, a.err
	}
	return a.n, nil
}

// hijacked gives the WebSocket library a wire instead of the bare connection.
type hijacked struct {
	http.ResponseWriter
	wire *wire
}

// Hijack implements http.Hijacker.
func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.wire = newWire(conn)
	return h.wire, rw, nil
}

type connKey struct{}

// WithConn is for http.Server.ConnContext: it lets event streams set up the
// connection they run on, as sockets do. Without it a reader of events that
// stopped is only found by what it does not take.
func WithConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// setUp bounds what the kernel keeps for a peer, and for how long it waits for
// one that acknowledges nothing, or whose window stays shut.
func (h *Handler) setUp(c net.Conn) {
	tcp := tcpOf(c)
	if tcp == nil {
		return
	}
	_ = tcp.SetWriteBuffer(h.opts.SendBuffer)
	if raw, err := tcp.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { setUserTimeout(int(fd), h.opts.WriteTimeout) })
	}
}

// tcpOf finds the TCP connection below c, nil when there is none.
func tcpOf(c net.Conn) *net.TCPConn {
	for {
		switch under := c.(type) {
		case *net.TCPConn:
			return under
		case interface{ NetConn() net.Conn }: // *wire, *tls.Conn
			c = under.NetConn()
		default:
			return nil
		}
	}
}
