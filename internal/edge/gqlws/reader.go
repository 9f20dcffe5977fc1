package gqlws

import (
	"errors"
	"io"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

// inbounds lends them.
type inbounds struct{ pool sync.Pool }

func (p *inbounds) get() *inbound {
	if in, ok := p.pool.Get().(*inbound); ok {
		return in
	}
	return newInbound()
}

func (p *inbounds) put(in *inbound) {
	if cap(in.message) <= keptBuffer {
		in.reset()
		p.pool.Put(in)
	}
}

// listen begins to read: with the poller, or with a goroutine that waits where
// there is none for the connection.
func (s *socket) listen() {
	if s.wire.raw != nil && s.h.poll.add(s) == nil && s.park() {
		return
	}
	go s.read(s.h.inbounds.get(), 0, nil)
}

// park leaves the socket to the poller until something arrives: it has no
// goroutine then. It reports false when something has arrived meanwhile, or the
// connection is closed, which reading will tell.
func (s *socket) park() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parked = !s.again && !s.isShut
	s.again = false
	return s.parked
}

// arrived is called by the poller. Most of what arrives answers a ping, and is
// taken in at once; more is for a goroutine, which may wait and may end the
// socket, and the poller with the last one.
func (s *socket) arrived(more bool) {
	s.mu.Lock()
	begins := s.parked
	s.again = !begins // who reads looks once more
	s.mu.Unlock()
	if !begins {
		return
	}
	in := s.h.inbounds.get()
	n, err := s.wire.readNow(in)
	if !more && err == nil && (n == 0 || isPong(in.buf[:n])) {
		if n > 0 {
			s.heard.Store(true)
			_ = in.take(in.buf[:n], s) // a whole frame, and nothing is wrong with it
		}
		s.h.inbounds.put(in)
		return
	}
	s.mu.Lock()
	begins = s.parked // or it has been closed meanwhile
	s.parked = false
	s.mu.Unlock()
	if begins {
		go s.read(in, n, err)
	}
}

// isPong reports whether data is one pong and nothing else.
func isPong(data []byte) bool {
	return len(data) >= 6 && data[0] == final|websocket.PongMessage && data[1]&final != 0 && len(data) == 6+int(data[1]&^final)
}

// errNothing says that nothing has arrived and nothing has begun.
var errNothing = errors.New("gqlws: nothing to read")

// read is the reading goroutine: it ends when nothing has arrived any more, or
// nothing can. The first n bytes, and the error, are read already.
func (s *socket) read(in *inbound, n int, err error) {
	over := true
	defer func() {
		if over {
			s.readingEnded()
		}
	}()
	defer func() {
		if r := recover(); r != nil {
			over = true
			s.h.panicked(s.context(), r)
			s.close(closer{code: websocket.CloseInternalServerErr, reason: "Internal error", drop: true})
			s.protocolEnds()
		}
	}()
	for {
		if n > 0 {
			s.heard.Store(true)
			if err := in.take(in.buf[:n], s); err != nil {
				s.readFailed(err)
				return // what in has begun is not used again
			}
		}
		switch {
		case err == errNothing:
			if s.park() {
				over = false
				s.h.inbounds.put(in)
				return
			}
		case err != nil:
			s.readFailed(err)
			return
		}
		n, err = s.readSome(in)
	}
}

// readSome reads what there is. In the middle of a message it waits for more,
// not longer than a write may take; in between only where nobody else does.
func (s *socket) readSome(in *inbound) (int, error) {
	if s.polled != nil {
		n, err := s.wire.readNow(in)
		if n > 0 || err != nil {
			return n, err
		}
		if in.isIdle() {
			return 0, errNothing
		}
	}
	if in.isIdle() {
		return s.wire.Conn.Read(in.buf[:])
	}
	_ = s.wire.Conn.SetReadDeadline(time.Now().Add(s.h.opts.WriteTimeout))
	n, err := s.wire.Conn.Read(in.buf[:])
	_ = s.wire.Conn.SetReadDeadline(time.Time{})
	return n, err
}

// begins implements receiver: a closing socket wants no more messages, and a
// message that is too large closes one.
func (s *socket) begins(length int64) bool {
	switch {
	case s.isClosing():
		return false
	case length < 0, length > s.readLimit(): // the sum of fragments may overflow
		s.close(closer{code: websocket.CloseMessageTooBig, reason: "Message too big"})
		return false
	}
	return true
}

// text implements receiver. A wrong message closes the socket; the peer's answer
// to that is still read.
func (s *socket) text(kind int, data []byte) {
	switch {
	case s.isClosing():
	case kind != websocket.TextMessage:
		s.close(closer{code: codeInvalid, reason: errNotText.Error()})
	case !utf8.Valid(data):
		s.close(closer{code: websocket.CloseInvalidFramePayloadData, reason: "Not UTF-8"})
	default:
		s.handle(data)
	}
}

// pinged implements receiver. Only the last ping is answered: who sends many and
// reads no answers gets no queue of them.
func (s *socket) pinged(data []byte) {
	s.mu.Lock()
	if s.phase != closing {
		s.pong = append([]byte{}, data...)
	}
	s.unlock()
}

// ponged implements receiver. It notes how far the peer has read: our pings are
// numbered, and stand in line with what is sent, so an answer made up without
// reading does not count.
func (s *socket) ponged(data []byte) {
	number, err := strconv.ParseUint(string(data), 10, 32)
	if err != nil {
		return // unsolicited, which is allowed
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := uint32(number); n <= s.pings {
		s.lastPong = max(s.lastPong, n)
	}
}

// readFailed ends a socket that cannot be read any more.
func (s *socket) readFailed(err error) {
	var bye hungUp
	var wrong broken
	switch {
	case errors.As(err, &bye):
		s.close(closer{code: echoed(bye.code), drop: true}) // the answer to the peer's close frame
	case errors.As(err, &wrong):
		s.close(closer{code: websocket.CloseProtocolError, reason: wrong.Error(), drop: true})
		s.protocolEnds()
	default:
		s.abort()
	}
}

// echoed is the code that answers a peer's close frame; 1005 stands for none
// and must not be sent.
func echoed(code int) int {
	if code == websocket.CloseNoStatusReceived {
		return websocket.CloseNormalClosure
	}
	return code
}

// drainedBytes is what is read on after a broken frame. Closing with unread
// bytes would reset the connection, and the close frame with it.
const drainedBytes = 1 << 20

// protocolEnds reads on for a while when frames are broken: see drainedBytes.
func (s *socket) protocolEnds() {
	s.mu.Lock()
	saidBye := s.saidBye
	s.mu.Unlock()
	if half, ok := s.wire.Conn.(interface{ CloseWrite() error }); ok && saidBye {
		_ = half.CloseWrite()
	}
	_ = s.wire.Conn.SetReadDeadline(time.Now().Add(s.h.opts.CloseTimeout))
	_, _ = io.CopyN(io.Discard, s.wire.Conn, drainedBytes)
}

func (s *socket) readingEnded() {
	s.mu.Lock()
	s.hungUp = true
	s.mu.Unlock()
	s.finish()
}
