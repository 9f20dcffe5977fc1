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
	return &inbound{}
}

func (p *inbounds) put(in *inbound) {
	if cap(in.message) <= keptBuffer {
		*in = inbound{head: in.head[:0], message: in.message[:0], control: in.control[:0]}
		p.pool.Put(in)
	}
}

// listen begins to read: with the poller, or with a goroutine that waits where
// there is none for the connection.
func (s *socket) listen() {
	if s.wire.raw != nil && s.h.poll.add(s) == nil {
		s.park()
		return
	}
	go s.read()
}

// park leaves the socket to the poller until something arrives: it has no
// goroutine then.
func (s *socket) park() {
	s.mu.Lock()
	s.parked = !s.isShut
	var err error
	if s.parked {
		err = s.polled.arm(s)
	}
	over := !s.parked || err != nil
	s.parked = !over
	s.mu.Unlock()
	if over {
		s.abort()
		s.readingEnded()
	}
}

// arrived is called by the poller.
func (s *socket) arrived() {
	s.mu.Lock()
	begins := s.parked
	s.parked = false
	s.mu.Unlock()
	if begins {
		go s.read()
	}
}

// errNothing says that nothing has arrived and nothing has begun.
var errNothing = errors.New("gqlws: nothing to read")

// read is the reading goroutine: it ends when nothing has arrived any more, or
// nothing can.
func (s *socket) read() {
	over := true
	defer func() {
		if over {
			s.readingEnded()
		} else {
			s.park()
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
	in := s.h.inbounds.get()
	for {
		n, err := s.readSome(in)
		if n > 0 {
			s.heard.Store(true)
			if err := in.take(in.buf[:n], s); err != nil {
				s.readFailed(err)
				return // what in has begun is not used again
			}
		}
		switch {
		case err == errNothing:
			s.h.inbounds.put(in)
			over = false
			return
		case err != nil:
			s.readFailed(err)
			return
		}
	}
}

// readSome reads what there is. In the middle of a message it waits for more,
// not longer than a write may take; in between only where nobody else does.
func (s *socket) readSome(in *inbound) (int, error) {
	if s.polled != nil {
		n, err := s.wire.readNow(in.buf[:])
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
