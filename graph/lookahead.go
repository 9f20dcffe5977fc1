package graph

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// A lookahead loads what a selection links to before any field below it is
// resolved: it walks the selection level by level and runs, for all parents of
// a level at once, the level read that the links table declares for each field.
// So the number of statements depends on the question, never on the number of
// rows nor on how many requests run at the same time.
type lookahead struct {
	schema  *ast.Schema
	links   linkTable
	types   map[reflect.Type]string // Go type → object type, for interfaces
	mu      sync.RWMutex
	getters map[getterKey]getter
}

func newLookahead(schema *ast.Schema, links linkTable) *lookahead {
	return &lookahead{schema: schema, links: links, types: objectTypes(), getters: map[getterKey]getter{}}
}

// check refuses a declared link that is no field of the schema.
func (a *lookahead) check() error {
	for name := range a.links {
		typeName, field, _ := strings.Cut(name, ".")
		def := a.schema.Types[typeName]
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

// asksBelow reports whether the named field is selected anywhere below the
// field: what a row has to bring along.
func (l level) asksBelow(name string) bool {
	return selects(l.field.Selections, name, map[string]bool{})
}

// selects looks into each fragment once, however often it is spread.
func selects(set ast.SelectionSet, name string, seen map[string]bool) bool {
	for _, s := range set {
		var below ast.SelectionSet
		switch s := s.(type) {
		case *ast.Field:
			if s.Name == name {
				return true
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
		if selects(below, name, seen) {
			return true
		}
	}
	return false
}

// run loads everything below one root field whose value is at hand.
func (a *lookahead) run(ctx context.Context, q postgres.Querier, op *graphql.OperationContext, field graphql.CollectedField, value any) error {
	objects := flatten(nil, reflect.ValueOf(value))
	if len(objects) == 0 || len(field.Selections) == 0 {
		return nil
	}
	w := &walk{lookahead: a, q: q, op: op, viewer: access.From(ctx)}
	return w.objects(ctx, field.Definition.Type.Name(), field.Selections, objects)
}

type walk struct {
	*lookahead
	q      postgres.Querier
	op     *graphql.OperationContext
	viewer *access.Viewer
}

// objects descends into values of one declared type, split by concrete type.
func (w *walk) objects(ctx context.Context, declared string, selections ast.SelectionSet, objects []any) error {
	def := w.schema.Types[declared]
	if def == nil || def.IsLeafType() {
		return nil
	}
	if def.Kind == ast.Object {
		return w.fields(ctx, def, selections, objects)
	}
	byType := map[string][]any{}
	var order []string
	for _, o := range objects {
		name := w.types[reflect.TypeOf(o)]
		if byType[name] == nil {
			order = append(order, name)
		}
		byType[name] = append(byType[name], o)
	}
	for _, name := range order {
		if def := w.schema.Types[name]; def != nil {
			if err := w.fields(ctx, def, selections, byType[name]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *walk) fields(ctx context.Context, def *ast.Definition, selections ast.SelectionSet, parents []any) error {
	satisfies := append([]string{def.Name}, def.Interfaces...)
	for _, field := range graphql.CollectFields(w.op, selections, satisfies) {
		if strings.HasPrefix(field.Name, "__") {
			continue
		}
		children, err := w.children(ctx, def, field, parents)
		if err != nil {
			return err
		}
		if len(children) == 0 || len(field.Selections) == 0 {
			continue
		}
		if err := w.objects(ctx, field.Definition.Type.Name(), field.Selections, children); err != nil {
			return err
		}
	}
	return nil
}

// children are the values of a field for all parents: loaded when the field is
// a link, taken from the parents otherwise.
func (w *walk) children(ctx context.Context, def *ast.Definition, field graphql.CollectedField, parents []any) ([]any, error) {
	var children []any
	load, isLink := w.links[def.Name+"."+field.Name]
	if isLink {
		linked := distinct(parents)
		l := level{q: w.q, viewer: w.viewer, field: field, op: w.op, args: field.ArgumentMap(w.op.Variables)}
		values, err := load(ctx, l, linked)
		if err != nil {
			return nil, err
		}
		for i, p := range linked {
			p.LinkSlots().Set(field.Alias, values[i])
			children = flatten(children, reflect.ValueOf(values[i]))
		}
		return children, nil
	}
	if w.schema.Types[field.Definition.Type.Name()].IsLeafType() {
		return nil, nil
	}
	for _, p := range parents {
		children = flatten(children, w.plain(p, field.Name))
	}
	return children, nil
}

// distinct keeps each parent once: the same town stands behind many events.
func distinct(parents []any) []link.Linked {
	seen := make(map[link.Linked]bool, len(parents))
	out := make([]link.Linked, 0, len(parents))
	for _, p := range parents {
		if l, ok := p.(link.Linked); ok && !seen[l] {
			seen[l] = true
			out = append(out, l)
		}
	}
	return out
}

// flatten adds the objects inside a value: of slices the elements, of
// interfaces and pointers what they hold; nothing for nil.
func flatten(into []any, v reflect.Value) []any {
	switch v.Kind() {
	case reflect.Invalid:
		return into
	case reflect.Slice:
		for i := range v.Len() {
			into = flatten(into, v.Index(i))
		}
		return into
	case reflect.Interface:
		return flatten(into, v.Elem())
	case reflect.Pointer:
		if v.IsNil() {
			return into
		}
		return append(into, v.Interface())
	case reflect.Struct:
		if v.CanAddr() {
			return append(into, v.Addr().Interface())
		}
		return append(into, v.Interface())
	}
	return into
}

type getterKey struct {
	t     reflect.Type
	field string
}

type getter func(reflect.Value) reflect.Value

// plain takes the value of a field that is no link, as gqlgen would: a Go field
// or a method without arguments of the same name, capitals ignored.
func (a *lookahead) plain(parent any, field string) reflect.Value {
	v := reflect.ValueOf(parent)
	key := getterKey{v.Type(), field}
	a.mu.RLock()
	get := a.getters[key]
	a.mu.RUnlock()
	if get == nil {
		get = newGetter(v.Type(), field)
		a.mu.Lock()
		a.getters[key] = get
		a.mu.Unlock()
	}
	return get(v)
}

func newGetter(t reflect.Type, field string) getter {
	for i := range t.NumMethod() {
		m := t.Method(i)
		if strings.EqualFold(m.Name, field) && m.Type.NumIn() == 1 && m.Type.NumOut() == 1 {
			return func(v reflect.Value) reflect.Value { return v.Method(i).Call(nil)[0] }
		}
	}
	s := t
	if s.Kind() == reflect.Pointer {
		s = s.Elem()
	}
	if s.Kind() == reflect.Struct {
		if f, ok := s.FieldByNameFunc(func(n string) bool { return strings.EqualFold(n, field) }); ok {
			return func(v reflect.Value) reflect.Value { return reflect.Indirect(v).FieldByIndex(f.Index) }
		}
	}
	return func(reflect.Value) reflect.Value { return reflect.Value{} }
}
