package gqlws_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/stream"
)

const testSDL = `
	type Query {
		hello: String!
		who: String!
		broken: String
		panics: String
		waits: String
		finishes(name: String!): String
	}
	type Mutation { add(n: Int!): Int! }
	type Subscription {
		"Counts from the place after the cursor up to a number."
		count(to: Int!, after: String): Int!
		"Counts and then fails with the fault of that name."
		countThenFail(to: Int!, kind: String!): Int!
		refused: Int!
		panics: Int!
		"What the test sends to the feed of that name."
		feed(name: String!): String!
	}
`

// errTaken is raised in the middle of streams.
var errTaken = fault.Define(fault.Conflict, "TAKEN", "Ocupat.", "Ocupado.", "Taken.")

// schema is a small gqlgen schema without generated code. Like generated code
// it reuses one buffer for all answers of a subscription.
type schema struct {
	ast *ast.Schema

	mu    sync.Mutex
	feeds map[string]*feed
}

// feed is a source of messages under the hand of a test. Each operation that
// follows it gets every message.
type feed struct {
	started chan context.Context // of each follower, when it has begun
	stopped chan struct{}        // for each follower, when its context has ended
	source  chan any             // string: a message, its own cursor; error: Fail and end
}

func newSchema(t testing.TB) *schema {
	t.Helper()
	s, err := gqlparser.LoadSchema(&ast.Source{Input: testSDL})
	if err != nil {
		t.Fatal(err)
	}
	return &schema{ast: s, feeds: map[string]*feed{}}
}

func (s *schema) feed(name string) *feed {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.feeds[name] == nil {
		s.feeds[name] = &feed{
			started: make(chan context.Context, 1000),
			stopped: make(chan struct{}, 1000),
			source:  make(chan any),
		}
	}
	return s.feeds[name]
}

func (s *schema) executor() *executor.Executor {
	e := executor.New(s)
	e.SetRecoverFunc(func(_ context.Context, r any) error { return fault.ErrInternal.New() })
	e.SetErrorPresenter(func(ctx context.Context, err error) *gqlerror.Error {
		shown := graphql.DefaultErrorPresenter(ctx, err)
		var f *fault.Fault
		if errors.As(err, &f) {
			shown.Message, shown.Extensions = f.Message("en"), map[string]any{"code": f.Code.Name}
		}
		return shown
	})
	return e
}

func (s *schema) Schema() *ast.Schema { return s.ast }

func (s *schema) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (s *schema) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	field := op.Operation.SelectionSet[0].(*ast.Field)
	args := field.ArgumentMap(op.Variables)
	if op.Operation.Operation == ast.Subscription {
		return s.subscribe(ctx, field, args)
	}
	done := false
	return func(ctx context.Context) *graphql.Response {
		if done {
			return nil
		}
		done = true
		value, err := s.resolve(ctx, field.Name, args)
		if err != nil {
			graphql.AddError(ctx, err)
			return &graphql.Response{Data: []byte("null")}
		}
		return &graphql.Response{Data: answer(nil, field, value)}
	}
}

func answer(buf *bytes.Buffer, field *ast.Field, value any) []byte {
	if buf == nil {
		buf = &bytes.Buffer{}
	}
	buf.Reset()
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	buf.WriteString(`{"` + field.Alias + `":`)
	buf.Write(text)
	buf.WriteString("}")
	return buf.Bytes()
}

func (s *schema) resolve(ctx context.Context, name string, args map[string]any) (any, error) {
	switch name {
	case "hello":
		return "world", nil
	case "who":
		who, _ := ctx.Value(whoKey{}).(string)
		return who, nil
	case "add":
		return args["n"].(int64) + 1, nil
	case "broken":
		return nil, errTaken.New()
	case "waits":
		<-ctx.Done()
		return nil, context.Cause(ctx)
	case "finishes":
		f := s.feed(args["name"].(string))
		f.started <- ctx
		return <-f.source, nil
	default:
		panic("a resolver panics")
	}
}

type whoKey struct{}

func (s *schema) subscribe(ctx context.Context, field *ast.Field, args map[string]any) graphql.ResponseHandler {
	var ch <-chan any
	switch field.Name {
	case "refused":
		graphql.AddError(ctx, fault.ErrDenied.New())
		return nil
	case "panics":
		panic("a subscription panics")
	case "feed":
		ch = s.follow(ctx, s.feed(args["name"].(string)))
	default:
		ch = count(ctx, args)
	}
	var buf bytes.Buffer
	return func(ctx context.Context) *graphql.Response {
		select {
		case v, ok := <-ch:
			if !ok {
				return nil
			}
			return &graphql.Response{Data: answer(&buf, field, v)}
		case <-ctx.Done():
			return nil
		}
	}
}

func count(ctx context.Context, args map[string]any) <-chan any {
	to := int(args["to"].(int64))
	after, _ := args["after"].(string)
	if after == "" {
		after = stream.LastEventID(ctx)
	}
	from, _ := strconv.Atoi(after)
	ch := make(chan any, 2)
	go func() {
		defer close(ch)
		for n := from + 1; n <= to; n++ {
			if !stream.Send(ctx, ch, any(n), strconv.Itoa(n)) {
				return
			}
		}
		switch args["kind"] {
		case "taken":
			stream.Fail(ctx, errTaken.New())
		case "denied":
			stream.Fail(ctx, fault.ErrDenied.New())
		case "internal":
			stream.Fail(ctx, errors.New("secret of the house"))
		}
	}()
	return ch
}

func (s *schema) follow(ctx context.Context, f *feed) <-chan any {
	ch := make(chan any)
	f.started <- ctx
	go func() {
		defer func() { close(ch); f.stopped <- struct{}{} }()
		for {
			select {
			case v := <-f.source:
				if err, ok := v.(error); ok {
					stream.Fail(ctx, err)
					return
				}
				cursor := v.(string)
				if len(cursor) > 40 {
					cursor = cursor[:8]
				}
				if !stream.Send(ctx, ch, v, cursor) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return ch
}
