package gqlws

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// The close codes of the subprotocol.
const (
	codeInvalid      = 4400
	codeUnauthorized = 4401
	codeForbidden    = 4403
	codeSubprotocol  = 4406
	codeInitTimeout  = 4408
	codeDuplicateID  = 4409
	codeTooManyInits = 4429
	codeReset        = 0 // counted where no close frame could be sent
)

// phase is where a socket stands in the protocol.
type phase int

const (
	opened       phase = iota // connection_init has not come
	initialising              // Init is at work
	ready                     // acknowledged
	closing                   // only the close frame and its answer are left
)

// socket is one WebSocket connection. The goroutine of read owns the reading
// side; everything else happens under mu, writing included, which never waits.
// Only where the kernel takes no more a goroutine of write owns the writing side
// until it does.
type socket struct {
	h     *Handler
	conn  *websocket.Conn
	wire  *wire
	slot  int // of its place on the wheel
	heard atomic.Bool

	mu       sync.Mutex
	place    place // in the gate
	phase    phase
	ctx      context.Context // of the connection; what Init returned, once ready
	cancel   context.CancelFunc
	request  *http.Request // until Init has seen it
	timer    *time.Timer   // of the initialisation, while it lasts
	unwatch  func() bool
	ops      []*operation // few, and a map would weigh more than they do
	busy     int          // operations that have not ended, those nobody listens to included
	leaving  bool
	end      closer
	until    time.Time // when closing: for all that is still written
	out      outbox
	writing  bool       // the goroutine of write runs
	isBroken bool       // nothing can be written any more
	pong     []byte     // to be answered to the last WebSocket ping
	ping     bool       // to be sent
	pings    uint32     // sent; each carries its number
	ponged   uint32     // the number that came back last
	pinged   time.Time  // when the last ping left
	last     *operation // of which a message left last
	saidBye  bool       // the close frame was sent, or never will be
	hungUp   bool       // nothing is read any more
	finished bool
}

// ServeWebSocket upgrades a request to graphql-transport-ws. It answers 400
// where there is no upgrade, 403 to a foreign origin, 429 with too many
// connections of one person or address and 503 with too many in total or
// while draining. It returns as soon as the connection is open.
func (h *Handler) ServeWebSocket(w http.ResponseWriter, r *http.Request) {
	if !websocket.IsWebSocketUpgrade(r) {
		h.refuse(w, r, http.StatusBadRequest, errNoUpgrade.New())
		return
	}
	if !h.origins.allow(r) {
		h.refuse(w, r, http.StatusForbidden, errOrigin.New())
		return
	}
	at, ok := h.admit(w, r)
	if !ok {
		return
	}
	hijack := &hijacked{ResponseWriter: w}
	conn, err := h.upgrader.Upgrade(hijack, r, nil) // answers by itself when it fails
	if err != nil {
		h.gate.leave(at)
		return
	}
	h.open(conn, hijack.wire, at, r)
}

func (h *Handler) open(conn *websocket.Conn, wire *wire, at place, r *http.Request) {
	// The request ends with the upgrade, the connection does not.
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	s := &socket{
		h: h, conn: conn, wire: wire, place: at, ctx: ctx, cancel: cancel, request: r,
		out: outbox{max: h.opts.QueueBytes, total: &h.queued, most: h.opts.TotalQueueBytes},
	}
	s.heard.Store(true)
	wire.mutes.Store(true)
	h.setUp(wire)
	conn.SetPingHandler(s.onPing)
	conn.SetPongHandler(s.onPong)
	conn.SetCloseHandler(func(int, string) error { return nil }) // close answers it
	s.mu.Lock()
	s.timer = time.AfterFunc(h.opts.InitTimeout, s.initTimedOut)
	s.slot = h.wheel.add(s)
	s.mu.Unlock()
	go s.read()
	if conn.Subprotocol() != Subprotocol {
		s.close(closer{code: codeSubprotocol, reason: "Subprotocol not acceptable"})
	}
	if h.gate.isShut() { // Drain may have looked before this one stood on the wheel
		s.dismiss()
	}
}

func (s *socket) initTimedOut() {
	s.mu.Lock()
	at := s.phase
	s.mu.Unlock()
	switch at {
	case opened:
		s.close(closer{code: codeInitTimeout, reason: "Connection initialisation timeout"})
	case initialising:
		s.close(closer{code: websocket.CloseTryAgainLater, reason: "Signing in took too long"})
	}
}

// read is the reading goroutine: it ends when nothing more can be read.
func (s *socket) read() {
	defer s.readingEnded()
	defer func() {
		if r := recover(); r != nil {
			s.h.panicked(s.context(), r)
			s.close(closer{code: websocket.CloseInternalServerErr, reason: "Internal error", drop: true})
		}
	}()
	for {
		kind, r, err := s.conn.NextReader()
		if err != nil {
			s.readFailed(err)
			return
		}
		s.heard.Store(true)
		s.setReadDeadline(s.h.opts.WriteTimeout) // the rest of a begun message
		if err := s.receive(kind, r); err != nil {
			s.readFailed(err)
			return
		}
		s.setReadDeadline(0)
	}
}

// receive reads and handles one message. Only a failure of the connection is
// an error: a wrong message closes the socket, and its answer is still read.
func (s *socket) receive(kind int, r io.Reader) error {
	if s.isClosing() {
		_, err := io.Copy(io.Discard, r)
		return err
	}
	limit := s.readLimit()
	buf := s.h.reads.get()
	defer s.h.reads.put(buf)
	n, err := buf.ReadFrom(io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		return err
	case n > limit:
		s.close(closer{code: websocket.CloseMessageTooBig, reason: "Message too big"})
	case kind != websocket.TextMessage:
		s.close(closer{code: codeInvalid, reason: errNotText.Error()})
	case !utf8.Valid(buf.Bytes()):
		s.close(closer{code: websocket.CloseInvalidFramePayloadData, reason: "Not UTF-8"})
	default:
		s.handle(buf.Bytes())
	}
	return nil
}

func (s *socket) handle(data []byte) {
	m, err := parseMessage(data)
	if err != nil {
		s.close(closer{code: codeInvalid, reason: err.Error()})
		return
	}
	switch m.kind {
	case typeInit:
		s.init(m.init)
	case typePing:
		s.answerPing(m.payload)
	case typeSubscribe:
		s.subscribe(m.id, m.request)
	case typeComplete:
		s.unsubscribe(m.id)
	}
}

func (s *socket) answerPing(payload json.RawMessage) {
	pong := []byte(`{"type":"pong"}`)
	if payload != nil {
		pong = append(append([]byte(`{"type":"pong","payload":`), payload...), '}')
	}
	s.send(frame{head: pong})
}

func (s *socket) init(payload map[string]any) {
	s.mu.Lock()
	at, ctx, r := s.phase, s.ctx, s.request
	if at == opened {
		s.phase, s.request = initialising, nil
		s.timer.Reset(s.h.opts.InitTimeout)
	}
	s.mu.Unlock()
	switch at {
	case opened:
		go s.signIn(ctx, payload, r) // the reader goes on: it has to see what comes too early
	case initialising, ready:
		s.close(closer{code: codeTooManyInits, reason: "Too many initialisation requests"})
	}
}

func (s *socket) signIn(ctx context.Context, payload map[string]any, r *http.Request) {
	defer func() {
		if r := recover(); r != nil {
			s.closeFor(ctx, s.h.panicked(ctx, r))
		}
	}()
	signed, answer, err := s.h.opts.Init(ctx, payload, r)
	if signed == nil {
		signed = ctx
	}
	if err != nil {
		s.closeFor(signed, err)
		return
	}
	ack, err := ackMessage(answer)
	if err != nil {
		s.closeFor(ctx, err)
		return
	}
	s.acknowledge(signed, ack)
}

func ackMessage(payload map[string]any) ([]byte, error) {
	if payload == nil {
		return []byte(`{"type":"connection_ack"}`), nil
	}
	return json.Marshal(struct {
		Type    string         `json:"type"`
		Payload map[string]any `json:"payload"`
	}{"connection_ack", payload})
}

func (s *socket) acknowledge(ctx context.Context, ack []byte) {
	person, known := s.h.personal(ctx)
	s.mu.Lock()
	if s.phase != initialising {
		s.mu.Unlock()
		return
	}
	if known && !s.h.gate.move(s.place, person) {
		s.mu.Unlock()
		s.closeFor(ctx, perPerson.fault())
		return
	}
	if known {
		s.place = person
	}
	s.timer.Stop()
	s.timer = nil
	if ctx.Done() != s.ctx.Done() { // it can end on its own
		s.unwatch = context.AfterFunc(ctx, s.contextEnded)
	}
	s.phase, s.ctx = ready, ctx
	s.post(frame{head: ack})
	s.unlock()
}

// contextEnded closes a socket whose context was ended by who signed it in.
func (s *socket) contextEnded() {
	ctx := s.context()
	s.closeFor(context.WithoutCancel(ctx), causeOfEnd(ctx))
}

// closeFor closes the socket because of an error that is about all of it.
func (s *socket) closeFor(ctx context.Context, err error) {
	c := closer{code: codeForbidden}
	switch fault.From(err).Code.Kind {
	case fault.Limited:
		c.code = websocket.CloseTryAgainLater
	case fault.Internal:
		c.code = websocket.CloseInternalServerErr
	}
	c.reason = s.h.opts.Present(ctx, err).Message
	s.close(c)
}

// onPing answers a WebSocket ping. Only the last one counts: who sends many
// and reads no answers gets no queue of them.
func (s *socket) onPing(data string) error {
	s.heard.Store(true)
	s.mu.Lock()
	if s.phase != closing {
		s.pong = []byte(data)
	}
	s.unlock()
	return nil
}

// onPong notes how far the peer has read: our pings are numbered, and stand in
// line with what is sent, so an answer made up without reading does not count.
func (s *socket) onPong(data string) error {
	s.heard.Store(true)
	number, err := strconv.ParseUint(data, 10, 32)
	if err != nil {
		return nil // unsolicited, which is allowed
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := uint32(number); n <= s.pings {
		s.ponged = max(s.ponged, n)
	}
	return nil
}

// beat asks for a sign of life, and ends a socket whose reader gave none: one
// that said nothing at all, or talks but has not read the last ping. It may only
// have stopped reading, so it is told where. Who was silent is not waited for.
func (s *socket) beat() {
	heard := s.heard.Swap(false)
	s.mu.Lock()
	if s.phase == closing {
		s.mu.Unlock()
		return // its own deadlines end it
	}
	if !heard || s.isStopped() {
		s.mu.Unlock()
		s.close(tooSlow())
		if !heard {
			s.hangUp()
		}
		return
	}
	s.ping = true
	if s.h.opts.MessagePing && s.phase == ready && len(s.out.frames) == 0 {
		s.out.put(frame{head: []byte(`{"type":"ping"}`)})
	}
	s.unlock()
}

// isStopped reports whether the last ping left long enough ago to be answered,
// and was not. Called under mu.
func (s *socket) isStopped() bool {
	return s.pings > s.ponged && !s.ping && time.Since(s.pinged) > s.h.opts.PingInterval*3/4
}

// setReadDeadline gives the peer d to send on, or all the time for 0. Once the
// close frame is sent its own deadline stands.
func (s *socket) setReadDeadline(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.saidBye {
		return
	}
	var t time.Time
	if d > 0 {
		t = time.Now().Add(d)
	}
	_ = s.conn.SetReadDeadline(t)
}

func (s *socket) isClosing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.phase == closing
}

func (s *socket) context() context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ctx
}

func (s *socket) readLimit() int64 {
	s.mu.Lock()
	isReady, ctx := s.phase == ready, s.ctx
	s.mu.Unlock()
	if isReady && s.h.opts.SignedIn(ctx) {
		return s.h.opts.ReadLimitSignedIn
	}
	return s.h.opts.ReadLimit
}

// IsUpgrade reports whether a request asks for a WebSocket.
func IsUpgrade(r *http.Request) bool { return websocket.IsWebSocketUpgrade(r) }
