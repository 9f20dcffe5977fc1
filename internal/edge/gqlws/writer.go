package gqlws

import (
	"bytes"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

// outgoing is what is being written: a frame of the wire, or what is left of it.
type outgoing struct {
	data   []byte
	pinged bool       // a ping is in it
	bye    bool       // it is the close frame
	op     *operation // that it is of, nil for none
	cursor string     // that op has when all of it is written
	size   int        // counted as queued until then
}

// send queues a frame of the connection itself. It never blocks.
func (s *socket) send(f frame) {
	s.mu.Lock()
	ok := s.phase == closing || s.post(f)
	s.unlock()
	if !ok {
		s.overflowed(nil)
	}
}

// post writes a frame at once where nothing is before it and the kernel takes
// it, with the ping that is due; what is left is queued. It reports false when
// the reader is too far behind. Called under mu, which is to be released with
// unlock.
func (s *socket) post(f frame) bool {
	if s.writing || s.isBroken || s.pong != nil || len(s.out.frames) > 0 {
		return s.out.put(f)
	}
	a := s.h.attempts.get()
	defer s.h.attempts.put(a)
	o := outgoing{op: f.op, cursor: f.cursor, pinged: s.ping}
	a.buf = f.appendText(s.appendPing(a.buf[:0]))
	o.data = a.buf
	s.attempt(a, &o)
	return true
}

// appendPing appends a ping, if one is due.
func (s *socket) appendPing(b []byte) []byte {
	if !s.ping {
		return b
	}
	s.ping = false
	s.pings++
	var number [10]byte
	return appendControl(b, websocket.PingMessage, strconv.AppendUint(number[:0], uint64(s.pings), 10))
}

// unlock writes what there is as far as the kernel takes it at once and
// releases mu. All that queues something ends with it.
func (s *socket) unlock() {
	s.flush()
	s.release()
}

// release releases mu.
func (s *socket) release() {
	isBroken := s.isBroken && !s.finished
	s.mu.Unlock()
	if isBroken {
		s.abort()
	}
}

func (s *socket) flush() {
	if s.writing || s.saidBye || s.isBroken {
		return
	}
	if s.pong == nil && !s.ping && len(s.out.frames) == 0 && s.phase != closing {
		return
	}
	a := s.h.attempts.get()
	defer s.h.attempts.put(a)
	for {
		o, ok := s.next(a.buf[:0])
		if !ok {
			return
		}
		a.buf = o.data
		if !s.attempt(a, &o) {
			return
		}
	}
}

// attempt writes o without waiting. What the kernel does not take is left to a
// goroutine, the only one a connection has besides its reader, and only then.
// It reports whether more can be written. Called under mu.
func (s *socket) attempt(a *attempt, o *outgoing) bool {
	n, err := s.wire.now(a, o.data)
	switch {
	case err != nil:
		s.out.release(o.size)
		s.isBroken = true
		return false
	case n == len(o.data):
		s.written(o)
		return true
	}
	rest := *o
	rest.data = bytes.Clone(o.data[n:])
	if rest.size == 0 {
		rest.size = len(rest.data) + frameCost
		s.out.hold(rest.size)
	}
	s.writing = true
	go s.write(rest)
	return false
}

// write is the writing goroutine of a reader that is behind: it ends when there
// is nothing more to write.
func (s *socket) write(o outgoing) {
	defer s.finish()
	defer func() {
		if r := recover(); r != nil {
			s.h.panicked(s.context(), r)
			s.stopWriting(&o)
		}
	}()
	a := s.h.attempts.get()
	defer s.h.attempts.put(a)
	for {
		if err := s.wire.write(o.data, s.writeUntil()); err != nil {
			s.stopWriting(&o)
			return
		}
		s.mu.Lock()
		s.written(&o)
		var more bool
		if o, more = s.next(a.buf[:0]); !more {
			s.writing = false
			s.wire.forget()
		}
		s.mu.Unlock()
		if !more {
			return
		}
		a.buf = o.data
	}
}

// stopWriting resets a connection that cannot be written to any more.
func (s *socket) stopWriting(o *outgoing) {
	s.mu.Lock()
	s.writing, s.isBroken = false, true
	s.out.release(o.size)
	s.mu.Unlock()
	s.abort()
}

func (s *socket) writeUntil() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.phase == closing {
		return s.until
	}
	return time.Now().Add(s.h.opts.WriteTimeout)
}

// next chooses what to write, put together in buf: control frames overtake
// messages, except for the close frame, which comes last.
func (s *socket) next(buf []byte) (outgoing, bool) {
	switch {
	case s.saidBye:
	case s.phase != closing && s.pong != nil:
		pong := s.pong
		s.pong = nil
		return outgoing{data: appendControl(buf, websocket.PongMessage, pong)}, true
	case s.phase != closing && s.ping:
		return outgoing{data: s.appendPing(buf), pinged: true}, true
	default:
		if f, ok := s.message(); ok {
			return outgoing{data: f.appendText(buf), op: f.op, cursor: f.cursor, size: f.size()}, true
		}
		if s.phase == closing {
			return outgoing{data: appendControl(buf, websocket.CloseMessage, s.farewell()), bye: true}, true
		}
	}
	return outgoing{}, false
}

// message takes the oldest frame whose operation still has a listener.
func (s *socket) message() (frame, bool) {
	for {
		f, ok := s.out.take()
		if !ok || f.op == nil || !f.op.dropped {
			return f, ok
		}
		s.out.release(f.size())
	}
}

// farewell is what the close frame says.
func (s *socket) farewell() []byte {
	reason := s.end.reason
	if s.end.behind {
		reason = cursorReason("", "")
		if op := s.last; op != nil {
			reason = cursorReason(op.id, op.cursor)
		}
	}
	return websocket.FormatCloseMessage(s.end.code, cut(reason))
}

// written notes that all of o has left.
func (s *socket) written(o *outgoing) {
	s.out.release(o.size)
	if o.op != nil && o.cursor != "" {
		o.op.cursor, s.last = o.cursor, o.op
	}
	if o.pinged {
		s.lastPing = time.Now()
	}
	if o.bye {
		s.saidBye = true
		s.h.closes.add(s.end.code)
		s.timer = time.AfterFunc(s.h.opts.CloseTimeout, s.abort) // for the peer's answer
	}
}
