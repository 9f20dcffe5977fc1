package gqlws

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// operation is one running operation of a socket, and the Sink of its answers.
// The socket's mu guards what changes.
type operation struct {
	s      *socket
	id     string
	head   []byte // of its next messages
	ctx    context.Context
	cancel context.CancelFunc // of ctx; nil when that is the operation itself
	values context.Context    // of the connection

	streaming bool          // known to be a subscription
	dropped   bool          // the client wants nothing more of it
	ended     bool          // End was called
	isOver    bool          // whoever works for it is to stop
	over      chan struct{} // closed then; nil while nobody waits
	after     []*func()     // to be run then
	cursor    string        // of the last message written in full
}

var _ Sink = (*operation)(nil)

func (s *socket) subscribe(id string, q Request) {
	op, c, err := s.begin(id)
	switch {
	case c.code != 0:
		s.close(c)
	case err != nil:
		s.send(errorFrame(id, s.h.presentAll(s.context(), err)))
	case op != nil:
		go s.h.execute(op.ctx, q, op, op.classify)
	}
}

// begin registers an operation. It returns a closer when asking for it breaks
// the protocol, an error when it is one too many, and nothing at all when the
// socket is about to close anyway.
func (s *socket) begin(id string) (*operation, closer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.phase == closing || s.leaving:
		return nil, closer{}, nil
	case s.phase != ready:
		return nil, closer{code: codeUnauthorized, reason: "Unauthorized"}, nil
	case s.op(id) != nil:
		return nil, closer{code: codeDuplicateID, reason: "Subscriber for " + id + " already exists"}, nil
	case len(s.ops) >= s.h.opts.MaxOperations || s.busy >= 2*s.h.opts.MaxOperations:
		return nil, closer{}, errTooManyOperations.New().With("max", s.h.opts.MaxOperations)
	}
	op := &operation{s: s, id: id, values: s.ctx, head: idHead(id, "next", `,"payload":`)}
	parent := s.ctx
	if s.unwatch == nil { // it does not end without its operations being stopped
		parent = context.WithoutCancel(parent)
	}
	op.ctx, op.cancel = context.WithCancel(parent)
	s.ops = append(s.ops, op)
	s.busy++
	s.h.running.add(1)
	return op, closer{}, nil
}

// op finds a running operation, nil when there is none. Called under mu.
func (s *socket) op(id string) *operation {
	for _, op := range s.ops {
		if op.id == id {
			return op
		}
	}
	return nil
}

func (s *socket) forget(op *operation) {
	if i := slices.Index(s.ops, op); i >= 0 {
		s.ops = slices.Delete(s.ops, i, i+1)
	}
}

// unsubscribe stops an operation for which the client has sent complete. It is
// not answered, and what is still queued is not sent.
func (s *socket) unsubscribe(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	op := s.op(id)
	if op == nil {
		return // it may have ended in the same moment
	}
	s.forget(op)
	op.dropped = true
	op.stop()
}

// classify notes what sort of operation it has turned out to be.
func (op *operation) classify(kind ast.Operation) error {
	op.s.mu.Lock()
	defer op.s.mu.Unlock()
	op.streaming = kind == ast.Subscription
	if op.streaming && op.s.leaving {
		op.stop()
	}
	return nil
}

// Next sends one answer, or queues it.
func (op *operation) Next(m Message) bool {
	s := op.s
	s.mu.Lock()
	if op.dropped || op.ended || s.phase == closing {
		s.mu.Unlock()
		return false
	}
	ok := s.post(frame{op: op, head: op.head, payload: m.Payload, tail: "}", cursor: m.Cursor})
	s.unlock()
	if !ok {
		s.overflowed(op)
	}
	return ok
}

// End sends complete, error, or closes the socket when a right was withdrawn.
func (op *operation) End(err error) {
	over, listening := op.leave()
	if !over {
		return
	}
	defer op.s.left()
	if !listening {
		return
	}
	ctx := context.WithoutCancel(op.context())
	var request gqlerror.List
	switch {
	case err == nil:
		op.s.send(frame{head: idHead(op.id, "complete", "}")})
	case errors.As(err, &request):
		op.s.send(errorFrame(op.id, request))
	case withdrawn(err):
		op.s.closeFor(ctx, err)
	default:
		op.s.send(errorFrame(op.id, op.s.h.presentAll(ctx, err)))
	}
}

// leave takes the operation off its socket. over is false when that was done
// before; listening, when the client is to be told.
func (op *operation) leave() (over, listening bool) {
	s := op.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if op.ended {
		return false, false
	}
	op.ended = true
	op.stop()
	s.forget(op)
	s.busy--
	cutOff := s.phase == closing || s.ctx.Err() != nil || s.leaving && op.streaming
	return true, !op.dropped && !cutOff
}

// left is called after an operation has ended: a socket that was only waiting
// for its last query closes.
func (s *socket) left() {
	s.h.running.add(-1)
	s.mu.Lock()
	last := s.leaving
	for _, op := range s.ops {
		last = last && op.streaming
	}
	s.mu.Unlock()
	if last {
		s.close(s.h.restart())
	}
}

// idHead begins a message that carries an operation's id.
func idHead(id, kind, rest string) []byte {
	quoted, err := json.Marshal(id)
	if err != nil {
		quoted = []byte(`""`) // a string always has an encoding
	}
	b := append([]byte(`{"id":`), quoted...)
	b = append(b, `,"type":"`+kind+`"`...)
	return append(b, rest...)
}

func errorFrame(id string, errs gqlerror.List) frame {
	payload, err := json.Marshal(errs)
	if err != nil { // an extension that has no JSON
		payload = []byte(`[{"message":"Internal error.","extensions":{"code":"INTERNAL"}}]`)
	}
	return frame{head: idHead(id, "error", `,"payload":`), payload: payload, tail: "}"}
}
