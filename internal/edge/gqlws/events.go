package gqlws

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/stream"
)

// eventStream is one operation over server-sent events, and the Sink of its
// answers. The goroutine of the HTTP handler is the only one that writes.
type eventStream struct {
	h       *Handler
	control *http.ResponseController
	ctx     context.Context
	cancel  context.CancelFunc
	born    time.Time
	slot    int
	wake    chan struct{} // holds one: there is something to do
	begun   chan struct{} // closed when the headers may go out
	refused error         // set before begun is closed: answer this instead

	mu        sync.Mutex
	out       outbox
	started   bool
	streaming bool // known to be a subscription
	leaving   bool // ends when no query or mutation runs
	over      bool // nothing more is queued
	cut       bool // not even what is queued is written
	returned  bool // the handler has returned: the response is gone
	ended     bool // End was called
}

// completeEvent has an empty data line, or EventSource would not dispatch it.
const completeEvent = "event: complete\ndata:\n\n"

var (
	_ Sink = (*eventStream)(nil)
	_ peer = (*eventStream)(nil)
)

// ServeEvents executes one operation and answers with server-sent events:
// "next" for each answer and "complete" at its end, keep-alive comments in
// between, and the cursor of each message as its id where it is known. A
// request comes by POST as JSON, or by GET in the query of the address (never
// a mutation) as EventSource does. Errors of the operation itself are answers;
// a refused or malformed request has a status and a JSON body.
//
// The origin is not judged here: cross-origin rules for plain requests belong
// to the server in front, which sees them all.
func (h *Handler) ServeEvents(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost && r.Method != http.MethodGet {
		w.Header().Set("Allow", "GET, POST")
		h.refuse(w, r, http.StatusMethodNotAllowed, errMethod.New())
		return
	}
	if !accepts(r, eventMedia) {
		h.refuse(w, r, http.StatusNotAcceptable, errNotAcceptable.New())
		return
	}
	at, ok := h.admit(w, r)
	if !ok {
		return
	}
	defer func() { h.gate.leave(at) }()
	ctx, ok := h.signInRequest(w, r)
	if !ok {
		return
	}
	if person, known := h.personal(ctx); known {
		if !h.gate.move(at, person) {
			h.refuse(w, r.WithContext(ctx), perPerson.status(), perPerson.fault())
			return
		}
		at = person
	}
	q, status, err := h.readRequest(w, r.WithContext(ctx))
	if err != nil {
		h.refuse(w, r.WithContext(ctx), status, err)
		return
	}
	if id := lastEventID(r); id != "" {
		ctx = stream.WithLastEventID(ctx, id)
	}
	h.serveStream(ctx, w, r, q)
}

// signInRequest asks Init who this is; it answers the request when it is refused.
func (h *Handler) signInRequest(w http.ResponseWriter, r *http.Request) (context.Context, bool) {
	ctx, _, err := h.opts.Init(r.Context(), nil, r)
	if ctx == nil {
		ctx = r.Context()
	}
	if err != nil {
		h.refuse(w, r.WithContext(ctx), statusOf(err), err)
		return nil, false
	}
	return ctx, true
}

func statusOf(err error) int {
	switch fault.From(err).Code.Kind {
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Denied:
		return http.StatusForbidden
	case fault.Limited:
		return http.StatusServiceUnavailable
	case fault.Internal:
		return http.StatusInternalServerError
	default:
		return http.StatusBadRequest
	}
}

func (h *Handler) serveStream(ctx context.Context, w http.ResponseWriter, r *http.Request, q Request) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if conn, ok := r.Context().Value(connKey{}).(net.Conn); ok {
		h.setUp(conn)
	}
	st := &eventStream{
		h: h, control: http.NewResponseController(w), ctx: ctx, cancel: cancel, born: time.Now(),
		wake: make(chan struct{}, 1), begun: make(chan struct{}),
		out: outbox{max: h.opts.QueueBytes, total: &h.queued, most: h.opts.TotalQueueBytes},
	}
	st.mu.Lock()
	st.slot = h.wheel.add(st)
	st.mu.Unlock()
	defer st.close()
	if h.gate.isShut() {
		st.dismiss()
	}
	h.running.add(1)
	go h.execute(ctx, q, st, func(kind ast.Operation) error { return st.classify(kind, r.Method) })
	st.serve(w, r)
}

// classify notes what sort of operation it is, and refuses to change anything
// by GET: a link must have no effects.
func (st *eventStream) classify(kind ast.Operation, method string) error {
	if kind == ast.Mutation && method == http.MethodGet {
		err := errMethod.New()
		st.begin(err)
		return err
	}
	st.mu.Lock()
	st.streaming = kind == ast.Subscription
	if st.leaving && st.streaming {
		st.over = true
	}
	st.mu.Unlock()
	st.begin(nil)
	return nil
}

// begin lets the handler answer; the first call decides with what.
func (st *eventStream) begin(refused error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.started {
		return
	}
	st.started, st.refused = true, refused
	close(st.begun)
}

// serve is the writing side, on the handler's goroutine.
func (st *eventStream) serve(w http.ResponseWriter, r *http.Request) {
	select {
	case <-st.begun:
	case <-st.ctx.Done():
		err := st.causeOfEnd()
		st.h.refuse(w, r, statusOf(err), err)
		return
	}
	if st.refused != nil {
		w.Header().Set("Allow", "POST")
		st.h.refuse(w, r, http.StatusMethodNotAllowed, st.refused)
		return
	}
	eventHeaders(w, r)
	_ = st.control.SetReadDeadline(time.Time{}) // the body is read; a deadline would end the stream
	// Some browsers report an open stream only after its first bytes.
	if !st.write(w, []byte(":\n\n")) {
		return
	}
	for st.flush(w) {
		select {
		case <-st.wake:
		case <-st.ctx.Done():
			if r.Context().Err() == nil && st.flush(w) {
				st.sayWhy(w)
			}
			return
		}
	}
}

// sayWhy ends a stream whose context was ended by who signed it in.
func (st *eventStream) sayWhy(w http.ResponseWriter) {
	f := st.errorEvent(st.causeOfEnd())
	_ = st.write(w, append(f.appendTo(nil), completeEvent...))
}

func (st *eventStream) causeOfEnd() error {
	st.mu.Lock()
	isCut := st.cut
	st.mu.Unlock()
	if isCut {
		return fault.ErrOverloaded.New()
	}
	return causeOfEnd(st.ctx)
}

// flush writes all that is queued; it reports false when the stream is over.
func (st *eventStream) flush(w http.ResponseWriter) bool {
	buf := st.h.writes.get()
	defer st.h.writes.put(buf)
	for {
		f, ok, over := st.next()
		if !ok {
			return !over
		}
		buf.Reset()
		_, _ = buf.Write(f.appendTo(buf.AvailableBuffer()))
		written := st.write(w, buf.Bytes())
		st.mu.Lock()
		st.out.release(f.size())
		st.mu.Unlock()
		if !written {
			return false
		}
	}
}

func (st *eventStream) next() (f frame, ok, over bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.cut {
		return frame{}, false, true
	}
	f, ok = st.out.take()
	return f, ok, st.over
}

func (st *eventStream) write(w http.ResponseWriter, data []byte) bool {
	st.mu.Lock()
	isCut := st.cut
	if !isCut {
		_ = st.control.SetWriteDeadline(time.Now().Add(st.h.opts.WriteTimeout))
	}
	st.mu.Unlock()
	if isCut {
		return false
	}
	if _, err := w.Write(data); err != nil {
		return false
	}
	return st.control.Flush() == nil
}

// close is the end of the handler: nobody may touch the response after it.
func (st *eventStream) close() {
	st.mu.Lock()
	st.returned, st.over = true, true
	st.out.drop()
	slot := st.slot
	st.mu.Unlock()
	st.cancel()
	st.h.wheel.remove(st, slot)
}
