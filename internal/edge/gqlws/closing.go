package gqlws

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// drainedBytes is what is read on after a broken frame. Closing with unread
// bytes would reset the connection, and the close frame with it.
const drainedBytes = 1 << 20

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
	tcp := tcpOf(s.wire)
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
	_ = s.conn.Close() // the reader ends, and with it the socket
}

// readFailed ends a socket that cannot be read any more.
func (s *socket) readFailed(err error) {
	var bye *websocket.CloseError
	switch {
	case errors.As(err, &bye) && bye.Code != websocket.CloseAbnormalClosure:
		s.close(closer{code: echoed(bye.Code), drop: true}) // the answer to the peer's close frame
	case broken(err):
		s.protocolError(err)
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

// broken reports whether the peer sent what is no WebSocket frame.
func broken(err error) bool {
	var network interface{ Timeout() bool }
	var bye *websocket.CloseError
	return !errors.Is(err, io.EOF) && !errors.As(err, &bye) && !errors.As(err, &network)
}

// protocolError closes with the reason the WebSocket library has, and reads on
// for a while: see drainedBytes.
func (s *socket) protocolError(err error) {
	s.close(closer{code: websocket.CloseProtocolError, reason: strings.TrimPrefix(err.Error(), "websocket: "), drop: true})
	s.mu.Lock()
	saidBye := s.saidBye
	s.mu.Unlock()
	if half, ok := s.wire.Conn.(interface{ CloseWrite() error }); ok && saidBye {
		_ = half.CloseWrite()
	}
	_ = s.wire.Conn.SetReadDeadline(time.Now().Add(s.h.opts.CloseTimeout))
	_, _ = io.CopyN(io.Discard, s.wire.Conn, drainedBytes)
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
		s.close(s.h.restart())
	}
}

// restart closes with when to come back: everybody has to go somewhere else at
// about the same time, and must not knock in the same moment.
func (h *Handler) restart() closer {
	wait := rand.N(h.opts.ReconnectSpread + 1)
	return closer{code: websocket.CloseServiceRestart, reason: fmt.Sprintf(`{"retryAfterMs":%d}`, wait.Milliseconds())}
}

func (s *socket) readingEnded() {
	s.mu.Lock()
	s.hungUp = true
	s.mu.Unlock()
	s.finish()
}

// finish buries the socket when neither side has anything left to do. Whatever
// ends a side calls it last: who waits for connections waits for them too.
func (s *socket) finish() {
	s.mu.Lock()
	over := s.hungUp && s.saidBye && !s.writing && !s.finished
	if over {
		s.finished = true
	}
	slot, at := s.slot, s.place
	s.mu.Unlock()
	if !over {
		return
	}
	_ = s.conn.Close()
	s.h.wheel.remove(s, slot)
	s.h.gate.leave(at)
}
