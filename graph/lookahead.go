package graph

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/graph/engine"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// A lookahead loads what a selection links to before any field below it is
// resolved: package engine walks the selection level by level, and the table of
// links declares the level read that is run for all parents of a level at once.
type lookahead struct {
	engine *engine.Engine
	links  linkTable
	named  map[string]node.Kind // see namedOnes
}

// check refuses a declared link that is no field of the schema.
func (t linkTable) check(schema *ast.Schema) error {
	for name := range t {
		typeName, field, _ := strings.Cut(name, ".")
		def := schema.Types[typeName]
		if def == nil || def.Fields.ForName(field) == nil {
			return fmt.Errorf("graph: link %s is no field of the schema", name)
		}
	}
	return nil
}

// level is what a link needs to load one field for all its parents.
type level struct {
	q      postgres.Querier
	viewer *access.Viewer
	field  graphql.CollectedField
	args   map[string]any
	op     *graphql.OperationContext
}

// asks reports whether the field's selection has the named sub-field.
func (l level) asks(name string) bool {
	for _, f := range graphql.CollectFields(l.op, l.field.Selections, nil) {
		if f.Name == name {
			return true
		}
	}
	return false
}

// asksBelow reports whether one of the named fields is selected anywhere below the
// field: what a row has to bring along.
func (l level) asksBelow(names ...string) bool {
	return !allFields(l.field.Selections, map[string]bool{}, func(f *ast.Field) bool { return !slices.Contains(names, f.Name) })
}

// asksOnly reports whether nothing but the given fields is selected of the given
// types anywhere below.
func (l level) asksOnly(types, fields []string) bool {
	return allFields(l.field.Selections, map[string]bool{}, func(f *ast.Field) bool {
		return !slices.Contains(types, f.ObjectDefinition.Name) || slices.Contains(fields, f.Name)
	})
}

// allFields reports whether all fields below are fine. It looks into each fragment
// once, however often it is spread.
func allFields(set ast.SelectionSet, seen map[string]bool, fine func(*ast.Field) bool) bool {
	for _, s := range set {
		var below ast.SelectionSet
		switch s := s.(type) {
		case *ast.Field:
			if !fine(s) {
				return false
			}
			below = s.SelectionSet
		case *ast.InlineFragment:
			below = s.SelectionSet
		case *ast.FragmentSpread:
			if s.Definition == nil || seen[s.Name] {
				continue
			}
			seen[s.Name] = true
			below = s.Definition.SelectionSet
		}
		if !allFields(below, seen, fine) {
			return false
		}
	}
	return true
}

// run loads everything below one field whose value is at hand.
func (a *lookahead) run(ctx context.Context, q postgres.Querier, op *graphql.OperationContext, field graphql.CollectedField, value any) error {
	return a.engine.FieldOf(ctx, field).Load(ctx, op, value, a.reads(ctx, q, op))
}

// reads is the table of links as the engine asks it.
func (a *lookahead) reads(ctx context.Context, q postgres.Querier, op *graphql.OperationContext) engine.Source {
	return source{links: a.links, viewer: access.From(ctx), op: op, q: q}
}

type source struct {
	links  linkTable
	viewer *access.Viewer
	op     *graphql.OperationContext
	q      postgres.Querier
}

// Link implements engine.Source.
func (s source) Link(ctx context.Context, f *engine.Field, parents []link.Linked) ([]any, error) {
	l := level{q: s.q, viewer: s.viewer, field: f.CollectedField, op: s.op, args: f.ArgumentMap(s.op.Variables)}
	return s.links[f.Link].load(ctx, l, parents)
}

// Together implements engine.Source.
func (s source) Together(ctx context.Context, first func(engine.Source), beside ...func(engine.Source)) {
	by := func(read func(engine.Source)) func(postgres.Querier) {
		return func(q postgres.Querier) {
			mine := s
			mine.q = q
			read(mine)
		}
	}
	others := make([]func(postgres.Querier), len(beside))
	for i, read := range beside {
		others[i] = by(read)
	}
	postgres.Together(ctx, s.q, by(first), others...)
}
