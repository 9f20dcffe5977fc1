package gqlws

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

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

// socket is one WebSocket connection. While something arrives a goroutine of read
// owns the reading side; in between the socket is parked and has none. Everything
// else happens under mu, writing included, which never waits. Only where the
// kernel takes no more a goroutine of write owns the writing side until it does.
type socket struct {
	h      *Handler
	wire   *wire
	slot   int // of its place on the wheel
	heard  atomic.Bool
	polled *epoll // where it is parked; nil where a goroutine waits
	seat   pollEvent

	mu       sync.Mutex
	place    place // in the gate
	phase    phase
	ctx      context.Context // of the connection; what Init returned, once ready
	cancel   context.CancelFunc
	request  *http.Request // until Init has seen it
	timer    *time.Timer   // of the initialisation, or of the peer's answer to a close frame
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
	lastPong uint32     // the number that came back last
	lastPing time.Time  // when it left
	last     *operation // of which a message left last
	saidBye  bool       // the close frame was sent, or never will be
	hungUp   bool       // nothing is read any more
	parked   bool       // the poller waits for something to read
	again    bool       // something arrived while a goroutine was reading
	isShut   bool       // the connection is closed, on our side
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
	conn, err := h.upgrader.Upgrade(w, r, nil) // answers by itself when it fails
	if err != nil {
		h.gate.leave(at)
		return
	}
	h.open(newWire(conn.NetConn()), conn.Subprotocol(), at, r)
}

func (h *Handler) open(wire *wire, spoken string, at place, r *http.Request) {
	// The request ends with the upgrade, the connection does not.
	ctx, cancel := context.WithCancel(h.opts.Keep(r.Context()))
	s := &socket{
		h: h, wire: wire, place: at, ctx: ctx, cancel: cancel, request: r,
		out: outbox{max: h.opts.QueueBytes, total: &h.queued, most: h.opts.TotalQueueBytes},
	}
	s.heard.Store(true)
	h.setUp(wire)
	s.mu.Lock()
	s.timer = time.AfterFunc(h.opts.InitTimeout, s.initTimedOut)
	s.slot = h.wheel.add(s)
	s.mu.Unlock()
	s.listen()
	if spoken != Subprotocol {
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
	s.ping = true // with the next message, or by press
	if s.h.opts.MessagePing && s.phase == ready && len(s.out.frames) == 0 {
		s.out.put(frame{head: []byte(`{"type":"ping"}`)})
		s.flush()
	}
	s.release()
}

// press implements peer.
func (s *socket) press() {
	s.mu.Lock()
	s.unlock()
}

// isStopped reports whether the last ping left long enough ago to be answered,
// and was not. Called under mu.
func (s *socket) isStopped() bool {
	return s.pings > s.lastPong && !s.ping && time.Since(s.lastPing) > s.h.opts.PingInterval*3/4
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
