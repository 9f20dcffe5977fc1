package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/teixit/teixit/graph/engine"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// namedOnes are the fields of the query that read one node by its public identifier,
// of a kind and of one type. Most links need no more of a node than who it is, so
// they are asked for in one message with the node. Each statement looks for itself
// what may be seen; with a node that may not be, nothing of its links is.
//
// Their resolvers read from reading.
func namedOnes() map[string]node.Kind {
	return map[string]node.Kind{"event": node.Event, "workingTable": node.WorkingTable}
}

// early is what can be loaded beside a field of the query; nil for nothing.
func (a *lookahead) early(ctx context.Context, op *graphql.OperationContext, field *graphql.FieldContext) *engine.Early {
	if field.Object != "Query" {
		return nil
	}
	kind, ok := a.named[field.Field.Name]
	if !ok {
		return nil
	}
	global, _ := field.Args["id"].(string)
	of, err := node.ParseOf(global, kind)
	if err != nil {
		return nil // as the resolver will find
	}
	like := &node.Node{ID: of, Kind: kind}
	return a.engine.FieldOf(ctx, field.Field).Early(op, like, func(link string) bool { return a.links[link].ahead })
}

type readingKey struct{}

// reading is where a resolver of the query reads from that may be one of several.
func (r *Resolver) reading(ctx context.Context) postgres.Querier {
	if q, ok := ctx.Value(readingKey{}).(postgres.Querier); ok {
		return q
	}
	return r.DB.Read()
}

// withLinks resolves a field together with its early links, then loads the rest.
func (r *Resolver) withLinks(ctx context.Context, op *graphql.OperationContext, early *engine.Early, next graphql.Resolver) (value any, err error) {
	links := make([]func(postgres.Querier), early.Links())
	for i := range links {
		links[i] = func(q postgres.Querier) { early.Load(ctx, i, r.look.reads(ctx, q, op)) }
	}
	postgres.Together(ctx, r.DB.Read(), func(q postgres.Querier) {
		value, err = next(context.WithValue(ctx, readingKey{}, q))
	}, links...)
	if err != nil || value == nil {
		return value, err
	}
	return value, early.Rest(ctx, value, r.look.reads(ctx, r.DB.Read(), op))
}
