package gqlhttp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/edge/gqldoc"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/memo"
)

// exchange is one request and its answer.
type exchange struct {
	*handler
	w          http.ResponseWriter
	r          *http.Request
	reader     gqldoc.Reader
	reference  string
	prefers    preference
	allow      string
	outcome    Outcome
	handedOver bool // to SSE
	shared     memo.Shared
}

// serve answers the request or returns why it is refused.
func (x *exchange) serve() *fault.Fault {
	if x.r.Method != http.MethodGet && x.r.Method != http.MethodPost {
		return ErrMethod.New()
	}
	x.prefers = negotiate(strings.Join(x.r.Header.Values("Accept"), ","), x.opts.SSE != nil)
	switch {
	case x.prefers.media == mediaStream:
		x.handOver()
		return nil
	case x.prefers.json == "" && !x.prefers.stream:
		return ErrNotAcceptable.New()
	case x.gate.full():
		return fault.ErrOverloaded.New()
	}
	buf := x.buffers.get()
	defer x.buffers.put(buf)
	req, f := x.read(buf)
	if f != nil {
		return f
	}
	return x.operate(req, buf.Bytes())
}

func (x *exchange) read(buf *bytes.Buffer) (gqldoc.Request, *fault.Fault) {
	if x.r.Method == http.MethodGet {
		return x.readGet()
	}
	return x.readPost(buf)
}

// operate prepares and executes the request; body is what it was read from.
func (x *exchange) operate(req gqldoc.Request, body []byte) *fault.Fault {
	resp, prepared, f := x.admitted(req)
	switch {
	case f != nil:
		return f
	case resp != nil:
		x.answer(resp)
	case prepared != nil: // a subscription, which may not hold a place in flight
		x.r.Body = io.NopCloser(bytes.NewReader(bytes.Clone(body)))
		x.handOver()
	default:
		x.outcome.Status = statusGone
	}
	return nil
}

// admitted does the work that counts as in flight. It returns the response; or
// the prepared subscription to hand over; or nothing when the client is gone.
func (x *exchange) admitted(req gqldoc.Request) (*graphql.Response, *gqldoc.Prepared, *fault.Fault) {
	if !x.gate.enter(x.r.Context()) {
		return nil, nil, fault.ErrOverloaded.New()
	}
	defer x.gate.leave()
	prepared, errs := x.prep.Prepare(x.r.Context(), req, x.reader)
	if errs != nil {
		return &graphql.Response{Errors: errs}, nil, nil
	}
	x.note(prepared)
	if f := x.mayExecute(prepared.Operation.Operation); f != nil {
		return nil, nil, f
	}
	if prepared.Operation.Operation == ast.Subscription {
		return nil, prepared, nil
	}
	resp, f := x.execute(prepared)
	return resp, nil, f
}

func (x *exchange) note(p *gqldoc.Prepared) {
	x.outcome.Operation, x.outcome.Name = string(p.Operation.Operation), p.Operation.Name
	x.outcome.Cost, x.outcome.Cached = p.Cost, p.Cached
}

func (x *exchange) mayExecute(kind ast.Operation) *fault.Fault {
	switch {
	case kind == ast.Mutation && x.r.Method == http.MethodGet:
		x.allow = "POST"
		return ErrMutationByGet.New()
	case kind == ast.Subscription && !x.prefers.stream:
		return ErrNeedsStream.New()
	case kind != ast.Subscription && x.prefers.json == "":
		return ErrNotAcceptable.New()
	}
	return nil
}

func (x *exchange) handOver() {
	x.handedOver = true
	x.opts.SSE.ServeHTTP(x.w, x.r)
}

// errTimedOut tells our deadline from the client's leaving.
var errTimedOut = errors.New("operation timed out")

// execute runs the operation. The deadline reaches resolvers and, through
// them, the database; what they have answered by then is not shown, since
// nobody could tell it from a whole answer.
func (x *exchange) execute(p *gqldoc.Prepared) (*graphql.Response, *fault.Fault) {
	ctx, cancel := context.WithTimeoutCause(x.r.Context(), x.opts.Timeout, errTimedOut)
	defer cancel()
	resp := x.run(memo.WithShared(ctx, &x.shared), p)
	if ctx.Err() == nil || resp != nil && len(resp.Errors) == 0 {
		return resp, nil
	}
	if errors.Is(context.Cause(ctx), errTimedOut) {
		return nil, fault.ErrTimeout.New().Because(errTimedOut)
	}
	return nil, nil
}

func (x *exchange) run(ctx context.Context, p *gqldoc.Prepared) *graphql.Response {
	operation, errs := p.OperationContext(ctx, x.exec, x.r.Header)
	if errs != nil {
		return x.exec.DispatchError(graphql.WithOperationContext(ctx, operation), errs)
	}
	next, ctx := x.exec.DispatchOperation(ctx, operation)
	return next(ctx)
}

// panicked answers a request that fell over outside a resolver (those are
// caught by the executor).
func (x *exchange) panicked(cause any) {
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(cause) // the server's own way to cut a connection
	}
	x.log("panic", fmt.Errorf("%v\n%s", cause, debug.Stack()))
	if x.outcome.Status == 0 && !x.handedOver {
		x.refuse(fault.ErrInternal.New())
	}
}

func (x *exchange) log(what string, err error) {
	x.opts.Log.ErrorContext(x.r.Context(), "graphql over http: "+what, "reference", x.reference, "error", err)
}
