package gqlws

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"maps"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/kernel/memo"
	"github.com/teixit/teixit/internal/kernel/stream"
)

// positionArgument is the argument of a subscription that says from where to go
// on: the only thing in which two who ask for the same may differ.
const positionArgument = "after"

// sharing executes an operation on its own, as direct does, and offers to do it
// for many (see stream.Offer). Where the offer is taken, somebody else goes on
// to feed the sink.
type sharing struct {
	direct
	asked *operations
}

// NewSharing returns the Runner that lets producers execute a subscription once
// for all who ask for the same.
func NewSharing(exec graphql.GraphExecutor) Runner {
	return sharing{direct{exec}, newOperations()}
}

func (s sharing) Run(ctx context.Context, op *graphql.OperationContext, sink Sink) {
	offer, err := s.offer(ctx, op, sink)
	if err != nil { // variables that have no JSON are shared with nobody
		s.direct.Run(ctx, op, sink)
		return
	}
	stays, _ := sink.(stayer)
	if stays != nil {
		offer.Context, offer.Sink = stays.staying(), stays.fed()
	}
	err = s.run(stream.WithOffer(ctx, offer), op, sink)
	switch {
	case !offer.Taken():
		sink.End(err)
	case stays != nil:
		stays.stay()
	}
}

func (s sharing) offer(ctx context.Context, op *graphql.OperationContext, sink Sink) (*stream.Offer, error) {
	name, variables := positionVariable(op.Operation), op.Variables
	if _, given := variables[name]; given {
		variables = maps.Clone(variables)
		delete(variables, name)
	}
	text, err := json.Marshal([]any{op.RawQuery, op.Operation.Name, variables, op.Extensions})
	if err != nil {
		return nil, err
	}
	one := s.asked.one(sha256.Sum256(text), func() *asked {
		again := &graphql.OperationContext{
			RawQuery: op.RawQuery, Variables: variables, OperationName: op.OperationName, Doc: op.Doc,
			Extensions: op.Extensions, Headers: op.Headers, Operation: op.Operation,
			DisableIntrospection: op.DisableIntrospection, RecoverFunc: op.RecoverFunc,
			ResolverMiddleware: op.ResolverMiddleware, RootResolverMiddleware: op.RootResolverMiddleware,
		}
		again.Stats.SetExtension(memo.Key, op.Stats.GetExtension(memo.Key))
		return &asked{again: s.again(again)}
	})
	return &stream.Offer{Operation: one.name, Again: one.execute, Sink: payloads{sink}, Context: ctx}, nil
}

// again executes an operation once more and gives its encoded answers. Several
// groups may be at it at the same time; nobody writes to it.
func (s sharing) again(op *graphql.OperationContext) stream.Again {
	return func(ctx context.Context) func() ([]byte, error) {
		respond, inner := s.exec.DispatchOperation(ctx, op)
		return func() ([]byte, error) {
			response := respond(inner)
			switch {
			case response == nil && ctx.Err() != nil:
				return nil, ctx.Err()
			case response == nil:
				return nil, io.EOF
			case failed(response):
				return nil, response.Errors
			}
			return encode(response)
		}
	}
}

// payloads is a sink as producers know it.
type payloads struct{ sink Sink }

func (p payloads) Next(payload []byte, cursor string) bool {
	return p.sink.Next(Message{Payload: payload, Cursor: cursor})
}

func (p payloads) End(err error) { p.sink.End(err) }

// positionVariable names the variable that holds the position and nothing else;
// it is empty when there is none such.
func positionVariable(op *ast.OperationDefinition) string {
	for _, s := range op.SelectionSet {
		field, ok := s.(*ast.Field)
		if !ok {
			continue
		}
		position := field.Arguments.ForName(positionArgument)
		if position == nil || position.Value.Kind != ast.Variable {
			continue
		}
		if name := position.Value.Raw; uses(op.SelectionSet, name, map[string]bool{})+inDirectives(op.Directives, name) == 1 {
			return name
		}
	}
	return ""
}

// uses counts how often a selection uses a variable.
func uses(set ast.SelectionSet, name string, seen map[string]bool) (n int) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			n += inArguments(s.Arguments, name) + inDirectives(s.Directives, name) + uses(s.SelectionSet, name, seen)
		case *ast.InlineFragment:
			n += inDirectives(s.Directives, name) + uses(s.SelectionSet, name, seen)
		case *ast.FragmentSpread:
			n += inDirectives(s.Directives, name)
			if s.Definition != nil && !seen[s.Name] {
				seen[s.Name] = true
				n += inDirectives(s.Definition.Directives, name) + uses(s.Definition.SelectionSet, name, seen)
			}
		}
	}
	return n
}

func inDirectives(list ast.DirectiveList, name string) (n int) {
	for _, d := range list {
		n += inArguments(d.Arguments, name)
	}
	return n
}

func inArguments(list ast.ArgumentList, name string) (n int) {
	for _, a := range list {
		n += inValue(a.Value, name)
	}
	return n
}

func inValue(v *ast.Value, name string) (n int) {
	if v == nil {
		return 0
	}
	if v.Kind == ast.Variable && v.Raw == name {
		n++
	}
	for _, child := range v.Children {
		n += inValue(child.Value, name)
	}
	return n
}
