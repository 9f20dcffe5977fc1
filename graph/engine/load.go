package engine

import (
	"context"
	"reflect"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/kernel/link"
)

// Source is where the walk reads from.
type Source interface {
	// Link runs a level read of the table of links: the field's value for each
	// parent, in the parents' order.
	Link(ctx context.Context, f *Field, parents []link.Linked) ([]any, error)
	// Together runs reads side by side, each with a source of its own: what they
	// ask at the same time goes to the database in one message. All are done when
	// the outermost call returns, the first already at the return of its own.
	Together(ctx context.Context, first func(Source), beside ...func(Source))
}

// Load loads what is linked below a field whose value is at hand, before any of
// it is written: level by level, one read for all parents of a level, the links of
// a level side by side. So the number of statements depends on the question, never
// on the number of rows nor on how many requests run at the same time, and the
// number of messages on how deep the question is.
func (f *Field) Load(ctx context.Context, op *graphql.OperationContext, value any, from Source) error {
	return f.load(ctx, op, value, nil, from)
}

func (f *Field) load(ctx context.Context, op *graphql.OperationContext, value any, early *Early, from Source) error {
	if !f.leads {
		return nil
	}
	l := loading{op: op, schema: f.plan.schema, early: early}
	l.below(ctx, from, f, flatten(nil, reflect.ValueOf(value)))
	return l.err
}

type loading struct {
	op     *graphql.OperationContext
	schema *Schema
	early  *Early // nil: nothing was
	err    error  // the first; nothing more is asked then
}

// below goes into the values of a field, split by their types.
func (l *loading) below(ctx context.Context, from Source, f *Field, values []any) {
	if len(values) == 0 {
		return
	}
	if f.def.Kind == ast.Object {
		l.together(ctx, from, l.due(nil, f, l.schema.numbers[f.def.Name], values))
		return
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
	var all []due
	for _, number := range order {
		if number >= 0 {
			all = l.due(all, f, number, byType[number])
		}
	}
	l.together(ctx, from, all)
}

// due is a field that is to be loaded for its parents.
type due struct {
	field   *Field
	parents []any
}

// due adds what is to be loaded of the values of a field that are of one type.
func (l *loading) due(all []due, f *Field, number int, parents []any) []due {
	set := f.set(l.op, number)
	for i := range set.Fields {
		child := &set.Fields[i]
		if child.Link == "" && !child.leads || l.early.hand(child, parents) {
			continue
		}
		all = append(all, due{child, parents})
	}
	return all
}

func (l *loading) together(ctx context.Context, from Source, all []due) {
	switch len(all) {
	case 0:
		return
	case 1:
		l.field(ctx, from, all[0])
		return
	}
	reads := make([]func(Source), len(all))
	for i, one := range all {
		reads[i] = func(from Source) { l.field(ctx, from, one) }
	}
	from.Together(ctx, reads[0], reads[1:]...)
}

// field loads a field for all parents, and what is below it.
func (l *loading) field(ctx context.Context, from Source, one due) {
	if l.err != nil {
		return
	}
	children, err := l.children(ctx, from, one.field, one.parents)
	if err != nil && l.err == nil {
		l.err = err
	}
	if l.err == nil && one.field.leads {
		l.below(ctx, from, one.field, children)
	}
}

// children are the values of a field for all parents: loaded when the field is a
// link, taken from the parents otherwise.
func (l *loading) children(ctx context.Context, from Source, f *Field, parents []any) (children []any, err error) {
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
	values, err := from.Link(ctx, f, linked)
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
