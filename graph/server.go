// Package graph is the hub's GraphQL edge: resolvers that call a service and
// wrap its answer, the table of links, and the errors' public face. What a
// question costs, who may ask it and what they see is decided below; how bytes
// travel is decided in the transports above.
package graph

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/graph/engine"
	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/platform/access"
)

// New builds the schema with its resolvers and an executor for the transports.
// It refuses to start when a directive has no implementation, when a mutation
// does not say who may, when a way leads to personal data past every rule, or
// when a declared link is no field of the schema.
func New(s Services) (*executor.Executor, *ast.Schema, error) {
	r := &Resolver{Services: s, shared: newSharedTable()}
	directives := generated.DirectiveRoot{Access: r.allow, Personal: personal}
	if err := complete(directives); err != nil {
		return nil, nil, err
	}
	es := generated.NewExecutableSchema(generated.Config{Resolvers: r, Directives: directives})
	schema := es.Schema()
	if err := errors.Join(everyMutationSaysWho(schema), everyPersonalFieldHasRule(schema)); err != nil {
		return nil, nil, err
	}
	var err error
	if r.scopes, err = newScopes(schema); err != nil {
		return nil, nil, err
	}
	links := r.links()
	if err := links.check(schema); err != nil {
		return nil, nil, err
	}
	encoders := generated.NewEncoders(es)
	if s.Encoders != nil {
		encoders = s.Encoders(encoders)
	}
	reads := engine.New(generated.Spare(es), encoders, engine.Options{
		Links:   func(name string) bool { return links[name].load != nil },
		Observe: s.Planned, Off: s.NoPlans,
		Memory: s.Memory, Anybody: anybody,
	})
	r.look = &lookahead{engine: reads, links: links, named: namedOnes()}
	exec := executor.New(reads)
	exec.SetErrorPresenter(Presenter{Log: s.Log, Reference: s.Reference}.Present)
	exec.SetRecoverFunc(recovered)
	exec.AroundOperations(freshViewer(Presenter{Log: s.Log, Reference: s.Reference}))
	exec.AroundOperations(r.whileRightsLast(Presenter{Log: s.Log, Reference: s.Reference}))
	exec.AroundOperations(r.audited(Presenter{Log: s.Log, Reference: s.Reference}))
	exec.AroundFields(r.loadBelowRoot)
	return exec, schema, nil
}

// loadBelowRoot runs the look-ahead on the value of each root field, before
// anything below it is resolved.
func (r *Resolver) loadBelowRoot(ctx context.Context, next graphql.Resolver) (any, error) {
	field, op := graphql.GetFieldContext(ctx), graphql.GetOperationContext(ctx)
	if early := r.look.early(ctx, op, field); early != nil {
		return r.withLinks(ctx, op, early, next)
	}
	value, err := next(ctx)
	if err != nil || value == nil || field.Object != "Query" && field.Object != "Mutation" {
		return value, err
	}
	return value, r.look.run(ctx, r.DB.Read(), op, field.Field, value)
}

// complete refuses a directive without implementation: gqlgen would only notice
// when it is used.
func complete(d generated.DirectiveRoot) error {
	v := reflect.ValueOf(d)
	for i := range v.NumField() {
		if v.Field(i).IsNil() {
			return fmt.Errorf("graph: directive @%s has no implementation", v.Type().Field(i).Name)
		}
	}
	return nil
}

func everyMutationSaysWho(schema *ast.Schema) error {
	for _, field := range schema.Mutation.Fields {
		if field.Directives.ForName("access") == nil {
			return fmt.Errorf("graph: mutation %s does not say who may (@access)", field.Name)
		}
	}
	return nil
}

func recovered(_ context.Context, cause any) error {
	return fault.ErrInternal.New().Because(fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
}

// anybody tells the language of a reader who sees what everybody sees.
func anybody(ctx context.Context) (lang string, anonymous bool) {
	v := access.From(ctx)
	return string(v.Lang), !v.SignedIn() && v.Token.IsZero() && v.Session.IsZero() && len(v.Member)+len(v.Organises)+len(v.Home)+len(v.CheckIn) == 0 && !v.Admin
}
