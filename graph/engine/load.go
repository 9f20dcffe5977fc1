package engine

import (
	"context"
	"reflect"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/kernel/link"
)

// Links runs the level reads of the table of links: the field's value for each
// parent, in the parents' order.
type Links func(ctx context.Context, f *Field, parents []link.Linked) ([]any, error)

// Load loads what is linked below a field whose value is at hand, before any of
// it is written: level by level, one read for all parents of a level. So the
// number of statements depends on the question, never on the number of rows nor
// on how many requests run at the same time.
func (f *Field) Load(ctx context.Context, op *graphql.OperationContext, value any, links Links) error {
	return f.load(ctx, op, value, nil, links)
}

func (f *Field) load(ctx context.Context, op *graphql.OperationContext, value any, early *Early, links Links) error {
	if !f.leads {
		return nil
	}
	l := loading{op: op, schema: f.plan.schema, links: links, early: early}
	return l.below(ctx, f, flatten(nil, reflect.ValueOf(value)))
}

type loading struct {
	op     *graphql.OperationContext
	schema *Schema
	links  Links
	early  *Early // nil: nothing was
}

// below goes into the values of a field, split by their types.
func (l *loading) below(ctx context.Context, f *Field, values []any) error {
	if len(values) == 0 {
		return nil
	}
	if f.def.Kind == ast.Object {
		return l.objects(ctx, f, l.schema.numbers[f.def.Name], values)
	}
	byType := map[int][]any{}
	var order []int
	for _, v := range values {
		number := l.schema.encoders.NumberOf(v)
		if byType[number] == nil {
			order = append(order, number)
		}
		byType[number] = append(byType[number], v)
	}
	for _, number := range order {
		if number < 0 {
			continue
		}
		if err := l.objects(ctx, f, number, byType[number]); err != nil {
			return err
		}
	}
	return nil
}

func (l *loading) objects(ctx context.Context, f *Field, number int, parents []any) error {
	set := f.set(l.op, number)
	for i := range set.Fields {
		child := &set.Fields[i]
		if child.Link == "" && !child.leads || l.early.hand(child, parents) {
			continue
		}
		if err := l.field(ctx, child, parents); err != nil {
			return err
		}
	}
	return nil
}

// field loads a field for all parents, and what is below it.
func (l *loading) field(ctx context.Context, f *Field, parents []any) error {
	children, err := l.children(ctx, f, parents)
	if err != nil || !f.leads {
		return err
	}
	return l.below(ctx, f, children)
}

// children are the values of a field for all parents: loaded when the field is a
// link, taken from the parents otherwise.
func (l *loading) children(ctx context.Context, f *Field, parents []any) (children []any, err error) {
	if f.Link == "" {
		for _, p := range parents {
			children = flatten(children, l.schema.plain(p, f.Name))
		}
		return children, nil
	}
	linked := distinct(parents)
	if len(linked) == 0 {
		return nil, nil
	}
	values, err := l.links(ctx, f, linked)
	if err != nil {
		return nil, err
	}
	for i, p := range linked {
		p.LinkSlots().Set(f.Alias, values[i])
		if f.leads {
			children = flatten(children, reflect.ValueOf(values[i]))
		}
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
func (s *Schema) plain(parent any, field string) reflect.Value {
	v := reflect.ValueOf(parent)
	key := getterKey{v.Type(), field}
	get, ok := s.getters.Load(key)
	if !ok {
		get, _ = s.getters.LoadOrStore(key, newGetter(v.Type(), field))
	}
	return get.(getter)(v)
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
