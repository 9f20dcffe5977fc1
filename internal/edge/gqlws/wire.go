package gqlws

import (
	"context"
	"io"
	"net"
	"sync"
	"syscall"
	"time"
)

// wire is the connection below a socket. The WebSocket library only opens it.
type wire struct {
	net.Conn
	raw syscall.RawConn // nil where nothing can be done without waiting (TLS)
}

func newWire(c net.Conn) *wire {
	w := &wire{Conn: c}
	if tcp, ok := c.(*net.TCPConn); ok {
		w.raw, _ = tcp.SyscallConn()
	}
	return w
}

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
	once func(fd uintptr) // made once: it would be allocated each time
}

func (a *attempt) try(fd uintptr) {
	for {
		if a.n, a.err = syscall.Write(int(fd), a.data); a.err != syscall.EINTR {
			return // never again: who would have to wait is queued
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
// is no error. One goroutine at a time: the runtime, which would see to that, is
// passed by, for it also prepares to wait.
func (w *wire) now(a *attempt, data []byte) (int, error) {
	if w.raw == nil {
		return 0, nil
	}
	a.data = data
	if err := w.raw.Control(a.once); err != nil {
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

// readNow reads into in.buf what has arrived. That nothing has is no error. One
// goroutine at a time, as with now.
func (w *wire) readNow(in *inbound) (n int, err error) {
	err = w.raw.Control(in.once)
	switch {
	case err != nil:
		return 0, err
	case in.err == syscall.EAGAIN:
		return 0, nil
	case in.err != nil:
		return 0, in.err
	case in.n == 0:
		return 0, io.EOF
	}
	return in.n, nil
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
		case *wire:
			c = under.Conn
		case interface{ NetConn() net.Conn }: // *tls.Conn
			c = under.NetConn()
		default:
			return nil
		}
	}
}
