package gqlws

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/stream"
)

// Message is one answer of an operation.
type Message struct {
	// Payload is the encoded GraphQL response. Many receivers may share it:
	// it is never changed after it was handed over.
	Payload []byte
	// Cursor is the position a reader has after this message, where known.
	Cursor string
}

// Sink receives the answers of one operation for one client. Its methods never
// block and are safe for concurrent use.
type Sink interface {
	// Next sends an answer. It reports false when nobody receives any more.
	Next(m Message) bool
	// End finishes the operation; only the first call counts. nil is its
	// ordinary end. A gqlerror.List are errors to show as they are, of a
	// request that could not be executed. Any other error is presented; when
	// it says that a right was taken away, the connection is closed.
	End(err error)
}

// Runner executes prepared operations.
type Runner interface {
	// Run executes op, hands its answers to sink and calls sink.End exactly
	// once. It may return before that, when something else (an execution
	// shared with others) goes on to feed sink. When ctx ends nobody receives
	// any more: the work is to be stopped, and End called all the same.
	Run(ctx context.Context, op *graphql.OperationContext, sink Sink)
}

// direct executes each operation on its own.
type direct struct{ exec graphql.GraphExecutor }

// NewDirect returns the Runner that executes each operation on its own, on the
// goroutine it is called on. It is the default, and what a sharing Runner uses
// for what cannot be shared.
func NewDirect(exec graphql.GraphExecutor) Runner { return direct{exec} }

func (d direct) Run(ctx context.Context, op *graphql.OperationContext, sink Sink) {
	sink.End(d.run(ctx, op, sink))
}

// run is Run but for the end of the sink, which it returns.
func (d direct) run(ctx context.Context, op *graphql.OperationContext, sink Sink) error {
	ctx, end := stream.WithEnd(ctx)
	respond, inner := d.exec.DispatchOperation(ctx, op)
	answers := 0
	for ; ; answers++ {
		response := respond(inner)
		if response == nil {
			break
		}
		if failed(response) {
			return response.Errors
		}
		payload, err := encode(response)
		if err != nil {
			return err
		}
		if !sink.Next(Message{Payload: payload, Cursor: end.NextCursor()}) {
			break
		}
		end.Carried()
	}
	return verdict(ctx, op, end, answers)
}

// failed reports whether a response says that the request could not be
// executed at all: an executed one has data, if only null.
func failed(r *graphql.Response) bool { return len(r.Data) == 0 && len(r.Errors) > 0 }

// verdict says how an operation ended. A query without an answer was stopped.
func verdict(ctx context.Context, op *graphql.OperationContext, end *stream.End, answers int) error {
	if err := end.Err(); err != nil {
		return err
	}
	if answers > 0 || op.Operation.Operation == ast.Subscription {
		return nil
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return fault.ErrInternal.New().Because(errors.New("gqlws: the executor gave no answer"))
}

// encode copies a response into its own bytes: generated code reuses one
// buffer for all answers of a subscription. The usual answer, data without
// errors, needs no encoder: data is JSON already.
func encode(r *graphql.Response) ([]byte, error) {
	if len(r.Errors) > 0 || len(r.Extensions) > 0 || r.Label != "" || r.Path != nil || r.HasNext != nil {
		b, err := json.Marshal(r)
		if err != nil {
			return nil, fault.ErrInternal.New().Because(fmt.Errorf("gqlws: encode a response: %w", err))
		}
		return b, nil
	}
	data := bytes.TrimSpace(r.Data)
	if len(data) == 0 {
		data = []byte("null")
	}
	b := make([]byte, 0, len(data)+len(`{"data":}`))
	b = append(b, `{"data":`...)
	b = append(b, data...)
	return append(b, '}'), nil
}

// execute prepares and runs one operation for sink, whatever happens.
// kind is told the sort of operation before it runs and may refuse it.
func (h *Handler) execute(ctx context.Context, q Request, sink Sink, kind func(ast.Operation) error) {
	defer func() {
		if r := recover(); r != nil {
			sink.End(h.panicked(ctx, r))
		}
	}()
	ctx = graphql.StartOperationTrace(ctx)
	op, errs := h.opts.Prepare(ctx, q)
	if len(errs) > 0 {
		sink.End(errs)
		return
	}
	if err := kind(op.Operation.Operation); err != nil {
		sink.End(gqlerror.List{h.opts.Present(ctx, err)})
		return
	}
	if op.Operation.Operation != ast.Subscription {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, h.opts.OperationTimeout, fault.ErrTimeout.New())
		defer cancel()
		NewDirect(h.opts.Executor).Run(ctx, op, sink)
		return
	}
	h.opts.Runner.Run(ctx, op, sink)
}

// preparedBy opens operations with nothing but the executor itself.
func preparedBy(exec graphql.GraphExecutor) func(context.Context, Request) (*graphql.OperationContext, gqlerror.List) {
	return func(ctx context.Context, q Request) (*graphql.OperationContext, gqlerror.List) {
		now := graphql.Now()
		op, errs := exec.CreateOperationContext(ctx, &graphql.RawParams{
			Query:         q.Query,
			OperationName: q.OperationName,
			Variables:     q.Variables,
			Extensions:    q.Extensions,
			ReadTime:      graphql.TraceTiming{Start: now, End: now},
		})
		if len(errs) > 0 {
			return nil, exec.DispatchError(graphql.WithOperationContext(ctx, op), errs).Errors
		}
		return op, nil
	}
}

// panicked logs what a goroutine of ours fell over and returns what to show.
func (h *Handler) panicked(ctx context.Context, r any) error {
	h.opts.Log.ErrorContext(ctx, "gqlws: panic", "panic", r, "stack", string(debug.Stack()))
	return fault.ErrInternal.New().Because(fmt.Errorf("panic: %v", r))
}
