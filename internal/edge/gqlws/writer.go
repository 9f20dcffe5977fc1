package gqlws

import (
	"errors"
	"io"
	"time"

	"github.com/gorilla/websocket"
)

// drainedBytes is what is read on after a broken frame. Closing with unread
// bytes would reset the connection, and the close frame with it.
const drainedBytes = 1 << 20

// send queues a frame of the connection itself. It never blocks.
func (s *socket) send(f frame) {
	s.mu.Lock()
	ok := s.phase == closing || s.out.put(f)
	s.wake()
	s.mu.Unlock()
	if !ok {
		s.overflowed(nil)
	}
}

// overflowed closes a socket whose reader is too far behind.
func (s *socket) overflowed(op *operation) {
	s.close(closer{code: websocket.CloseTryAgainLater, reason: cursorReason("", ""), drop: true, behind: op})
}

// wake starts the writing goroutine where it is not running. Called under mu.
func (s *socket) wake() {
	if !s.writing && !s.saidBye {
		s.writing = true
		go s.write()
	}
}

// job is the next thing to write: a control frame, or else a message.
type job struct {
	control  int // websocket.PingMessage, PongMessage or CloseMessage; 0: frame
	data     []byte
	frame    frame
	deadline time.Time
}

// write is the writing goroutine: it ends when there is nothing more to write.
func (s *socket) write() {
	defer s.finish()
	defer func() {
		if r := recover(); r != nil {
			s.h.panicked(s.context(), r)
			s.abort()
			s.mu.Lock()
			s.writing = false
			s.mu.Unlock()
		}
	}()
	buf := s.h.writes.get()
	defer s.h.writes.put(buf)
	for {
		j, ok := s.next()
		if !ok {
			return
		}
		var err error
		if j.control != 0 {
			err = s.conn.WriteControl(j.control, j.data, j.deadline)
		} else {
			buf.Reset()
			_, _ = buf.Write(j.frame.appendTo(buf.AvailableBuffer()))
			_ = s.conn.SetWriteDeadline(j.deadline)
			err = s.conn.WriteMessage(websocket.TextMessage, buf.Bytes())
		}
		s.written(&j, err)
	}
}

// next chooses what to write: control frames overtake messages, except for the
// close frame, which comes last.
func (s *socket) next() (job, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := job{deadline: time.Now().Add(s.h.opts.WriteTimeout)}
	if s.phase == closing {
		j.deadline = s.until
	}
	if s.control(&j) || s.message(&j) || s.farewell(&j) {
		return j, true
	}
	s.writing = false
	return j, false
}

func (s *socket) control(j *job) bool {
	switch {
	case s.saidBye || s.phase == closing:
		return false
	case s.pong != nil:
		j.control, j.data, s.pong = websocket.PongMessage, s.pong, nil
	case s.ping:
		j.control, s.ping = websocket.PingMessage, false
	default:
		return false
	}
	return true
}

// message takes the oldest frame whose operation still has a listener.
func (s *socket) message(j *job) bool {
	for {
		f, ok := s.out.take()
		if !ok {
			return false
		}
		if f.op == nil || !f.op.dropped {
			j.frame = f
			return true
		}
		s.out.done(&f)
	}
}

// farewell is the close frame, once nothing else is left to write.
func (s *socket) farewell(j *job) bool {
	if s.phase != closing || s.saidBye {
		return false
	}
	reason := s.end.reason
	if op := s.end.behind; op != nil {
		reason = cursorReason(op.id, op.cursor)
	}
	j.control, j.data = websocket.CloseMessage, websocket.FormatCloseMessage(s.end.code, cut(reason))
	return true
}

// written notes what became of a job.
func (s *socket) written(j *job, err error) {
	s.mu.Lock()
	if j.control == 0 {
		s.out.done(&j.frame)
	}
	if err == nil && j.frame.op != nil && j.frame.cursor != "" {
		j.frame.op.cursor = j.frame.cursor
	}
	if err == nil && j.control == websocket.CloseMessage {
		s.saidBye = true
		s.h.closes.add(s.end.code)
		_ = s.conn.SetReadDeadline(time.Now().Add(s.h.opts.CloseTimeout)) // for the peer's answer
	}
	s.mu.Unlock()
	if err != nil && !errors.Is(err, websocket.ErrCloseSent) { // sent by the reader, about a broken frame
		s.abort()
	}
}

// close ends the socket in good order: its operations are cancelled, what is
// queued is written unless c drops it, then the close frame; then the peer has
// a moment to answer. The first call counts.
func (s *socket) close(c closer) {
	s.mu.Lock()
	if !s.stop(c) {
		s.mu.Unlock()
		return
	}
	patience := s.h.opts.WriteTimeout
	if c.drop {
		s.out.drop()
		patience = s.h.opts.CloseTimeout
	}
	s.until = time.Now().Add(patience)
	if s.writing && c.drop { // what is being written now may be what hangs
		_ = s.conn.NetConn().SetWriteDeadline(s.until)
	}
	s.wake()
	s.mu.Unlock()
}

// stop ends all that goes on above the connection. It reports false when that
// was done before. Called under mu.
func (s *socket) stop(c closer) bool {
	if s.phase == closing {
		return false
	}
	s.phase, s.end, s.request = closing, c, nil
	s.timer.Stop()
	if s.unwatch != nil {
		s.unwatch()
	}
	for _, op := range s.ops {
		op.dropped = op.dropped || c.drop
		op.cancel()
	}
	s.ops = nil
	s.cancel()
	return true
}

// abort resets the connection: nobody is there to be told, or it took too long.
func (s *socket) abort() {
	s.mu.Lock()
	s.stop(closer{})
	s.out.drop()
	tcp := tcpOf(s.conn.NetConn())
	if !s.saidBye {
		s.saidBye = true
		s.h.closes.add(codeReset)
		if tcp != nil {
			_ = tcp.SetLinger(0) // or the kernel would keep what the peer does not take
		}
	}
	s.mu.Unlock()
	if tcp != nil {
		_ = tcp.Close() // before a TLS connection tries to say goodbye
	}
	_ = s.conn.Close()
	s.finish()
}

// dismiss closes the socket with 1012 as soon as no query or mutation runs.
func (s *socket) dismiss() {
	s.mu.Lock()
	s.leaving = true
	var waits bool
	for _, op := range s.ops {
		if op.streaming {
			op.cancel()
		} else {
			waits = true
		}
	}
	s.mu.Unlock()
	if !waits {
		s.close(restart())
	}
}

func restart() closer {
	return closer{code: websocket.CloseServiceRestart, reason: "Service restart"}
}

// readFailed ends a socket that cannot be read any more.
func (s *socket) readFailed(err error) {
	var bye *websocket.CloseError
	switch {
	case errors.As(err, &bye) && bye.Code != websocket.CloseAbnormalClosure:
		s.close(closer{code: echoed(bye.Code), drop: true}) // the answer to the peer's close frame
	case broken(err):
		s.protocolError()
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

// broken reports whether the peer sent what is no WebSocket frame; gorilla has
// then sent a close frame with 1002 by itself.
func broken(err error) bool {
	var network interface{ Timeout() bool }
	var bye *websocket.CloseError
	return !errors.Is(err, io.EOF) && !errors.As(err, &bye) && !errors.As(err, &network)
}

func (s *socket) protocolError() {
	s.mu.Lock()
	s.stop(closer{code: websocket.CloseProtocolError})
	first := !s.saidBye
	s.saidBye = true
	s.out.drop()
	s.mu.Unlock()
	if first {
		s.h.closes.add(websocket.CloseProtocolError)
	}
	under := s.conn.NetConn()
	if half, ok := under.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_ = under.SetReadDeadline(time.Now().Add(s.h.opts.CloseTimeout))
	_, _ = io.CopyN(io.Discard, under, drainedBytes)
}

func (s *socket) readingEnded() {
	s.mu.Lock()
	s.hungUp = true
	s.mu.Unlock()
	s.finish()
}

// finish buries the socket when neither side has anything left to do. Both
// goroutines call it last: who waits for connections waits for them too.
func (s *socket) finish() {
	s.mu.Lock()
	over := s.hungUp && s.saidBye && !s.writing && !s.finished
	if over {
		s.finished = true
	}
	slot := s.slot
	s.mu.Unlock()
	if !over {
		return
	}
	_ = s.conn.Close()
	s.h.wheel.remove(s, slot)
	s.h.gate.leave(s.key)
}
