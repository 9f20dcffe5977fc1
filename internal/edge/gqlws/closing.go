package gqlws

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/gorilla/websocket"
)

// closer is why and how a socket is closed.
type closer struct {
	code   int
	reason string
	drop   bool // what is queued is not written any more
	behind bool // the reader is: the reason is the cursor of what it was sent last
}

// tooSlow closes a socket whose reader is too far behind, or has stopped.
func tooSlow() closer {
	return closer{code: websocket.CloseTryAgainLater, drop: true, behind: true}
}

// overflowed closes a socket whose queue is full. What op was sent last counts
// where it is known.
func (s *socket) overflowed(op *operation) {
	s.mu.Lock()
	if op != nil && op.cursor != "" {
		s.last = op
	}
	s.mu.Unlock()
	s.close(tooSlow())
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
		_ = s.wire.Conn.SetWriteDeadline(s.until)
	}
	s.unlock()
}

// stop ends all that goes on above the connection. It reports false when that
// was done before. Called under mu.
func (s *socket) stop(c closer) bool {
	if s.phase == closing {
		return false
	}
	s.phase, s.end, s.request = closing, c, nil
	if s.timer != nil {
		s.timer.Stop()
	}
	if s.unwatch != nil {
		s.unwatch()
	}
	for _, op := range s.ops {
		op.dropped = op.dropped || c.drop
		op.stop()
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
	if !s.saidBye {
		s.saidBye = true
		s.h.closes.add(codeReset)
		if tcp := tcpOf(s.wire); tcp != nil {
			_ = tcp.SetLinger(0) // or the kernel would keep what the peer does not take
		}
	}
	s.mu.Unlock()
	s.shut()
	s.finish()
}

// hangUp ends a closing socket without waiting for an answer. What the kernel
// has taken it still delivers; where it did not even take the close frame the
// connection is reset.
func (s *socket) hangUp() {
	s.mu.Lock()
	said := s.saidBye && !s.writing
	s.mu.Unlock()
	if !said {
		s.abort()
		return
	}
	s.shut()
	s.finish()
}

// shut closes the connection. Who reads notices; nobody does for one that is
// parked.
func (s *socket) shut() {
	s.mu.Lock()
	s.isShut = true
	if s.parked {
		s.parked, s.hungUp = false, true
	}
	s.mu.Unlock()
	if tcp := tcpOf(s.wire); tcp != nil {
		_ = tcp.Close() // before a TLS connection tries to say goodbye
	}
	_ = s.wire.Conn.Close()
}

// dismiss closes the socket with 1012 as soon as no query or mutation runs.
func (s *socket) dismiss() {
	s.mu.Lock()
	s.leaving = true
	var waits bool
	for _, op := range s.ops {
		if op.streaming {
			op.stop()
		} else {
			waits = true
		}
	}
	s.mu.Unlock()
	if !waits {
		s.close(s.h.restart())
	}
}

// restart closes with when to come back: everybody has to go somewhere else at
// about the same time, and must not knock in the same moment.
func (h *Handler) restart() closer {
	wait := rand.N(h.opts.ReconnectSpread + 1)
	return closer{code: websocket.CloseServiceRestart, reason: fmt.Sprintf(`{"retryAfterMs":%d}`, wait.Milliseconds())}
}

// finish buries the socket when neither side has anything left to do. Whatever
// ends a side calls it last: who waits for connections waits for them too.
func (s *socket) finish() {
	s.mu.Lock()
	over := s.hungUp && s.saidBye && !s.writing && !s.finished
	if over {
		s.finished = true
		if s.timer != nil {
			s.timer.Stop()
		}
	}
	slot, at := s.slot, s.place
	s.mu.Unlock()
	if !over {
		return
	}
	s.shut()
	s.h.poll.remove(s)
	s.h.wheel.remove(s, slot)
	s.h.gate.leave(at)
}
