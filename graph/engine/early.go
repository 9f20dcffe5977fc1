package engine

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/kernel/link"
)

// Early is what of a field's links is loaded before its value is there: where an
// object is asked for by its identifier, that is all some links need. What was
// loaded for an object that is not there is nobody's.
type Early struct {
	field  *Field
	op     *graphql.OperationContext
	like   link.Linked // stands for the object
	fields []*Field
	begun  []*loading // of the field at the same place
}

// Early tells which links below the field can be loaded early, by what can says of
// their names; nil for none. like stands for the object that will be its value.
func (f *Field) Early(op *graphql.OperationContext, like link.Linked, can func(link string) bool) *Early {
	if !f.leads || f.def.Kind != ast.Object {
		return nil
	}
	e := &Early{field: f, op: op, like: like}
	set := f.set(op, f.plan.schema.numbers[f.def.Name])
	for i := range set.Fields {
		if child := &set.Fields[i]; child.Link != "" && can(child.Link) {
			e.fields = append(e.fields, child)
		}
	}
	if len(e.fields) == 0 {
		return nil
	}
	e.begun = make([]*loading, len(e.fields))
	return e
}

// Links is how many are loaded early.
func (e *Early) Links() int { return len(e.fields) }

// Load loads one of them, with what is below it. What goes wrong goes wrong again
// where it is asked for in earnest, if it is.
func (e *Early) Load(ctx context.Context, i int, from Source) {
	e.begun[i] = &loading{op: e.op, schema: e.field.plan.schema}
	e.begun[i].field(ctx, from, due{e.fields[i], []any{e.like}})
}

// Rest is Load of the field for what was not loaded early, with the value that
// takes over the rest.
func (e *Early) Rest(ctx context.Context, value any, from Source) error {
	return e.field.load(ctx, e.op, value, e, from)
}

// hand puts what was loaded of a field early where it belongs.
func (e *Early) hand(f *Field, parents []any) bool {
	if e == nil {
		return false
	}
	i := slices.Index(e.fields, f)
	if i < 0 || e.begun[i] == nil || e.begun[i].err != nil {
		return false
	}
	value, _ := e.like.LinkSlots().Get(f.Alias)
	for _, p := range parents {
		p.(link.Linked).LinkSlots().Set(f.Alias, value)
	}
	return true
}
