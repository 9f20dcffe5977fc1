package engine

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/teixit/teixit/internal/kernel/link"
)

// Writer appends one answer. The encoders call it; they return whether they have
// written a value: false is null, and whoever called decides what becomes of it.
type Writer struct {
	// Executor is gqlgen's for this operation: what a plan does not do itself
	// (arguments, resolvers, directives) is done by its generated methods.
	Executor any

	ctx    context.Context
	op     *graphql.OperationContext
	schema *Schema
	b      []byte
	path   []step
	fits   []*Field // links whose arguments were read and are right
}

// step is one part of the path to the value that is being written: a field, or
// an element of a list.
type step struct {
	field *Field
	index int
	ctx   context.Context // with the executor's context of this part; nil until needed
}

// context is what stands behind the first n parts of the path, as the executor
// would hand it on. It is made when an error or a resolver needs it.
func (w *Writer) context(n int) context.Context {
	if n == 0 {
		return w.ctx
	}
	s := &w.path[n-1]
	if s.ctx == nil {
		fc := &graphql.FieldContext{}
		if s.field != nil {
			fc.Object, fc.Field = s.field.Object, s.field.CollectedField
		} else {
			index := s.index
			fc.Index = &index
		}
		s.ctx = graphql.WithFieldContext(w.context(n-1), fc)
	}
	return s.ctx
}

// Context is that of the field that is being written.
func (w *Writer) Context() context.Context { return w.context(len(w.path)) }

// Parent is the context that the field's own is made from.
func (w *Writer) Parent() context.Context { return w.context(len(w.path) - 1) }

// fail notes an error at the value that is being written, unless there is one.
func (w *Writer) fail(message string) {
	ctx := w.Context()
	if !graphql.HasFieldError(ctx, graphql.GetFieldContext(ctx)) {
		graphql.AddErrorf(ctx, "%s", message)
	}
}

// MissingElement notes that there is null where the schema allows none.
func (w *Writer) MissingElement() bool {
	w.fail("the requested element is null which the schema does not allow")
	return false
}

// Object writes what is selected on an object of the type of that number.
func Object[T any](w *Writer, f *Field, number int, obj T, put func(*Writer, *Field, T) bool) bool {
	set := f.set(w.op, number)
	start, depth := len(w.b), len(w.path)
	w.b = append(w.b, '{')
	w.path = append(w.path, step{})
	whole := true
	for i := 0; i < len(set.Fields); {
		i = fields(w, set, i, depth, obj, put, &whole)
	}
	w.path = w.path[:depth]
	if !whole {
		w.b = w.b[:start]
		return false
	}
	w.b = append(w.b, '}')
	return true
}

// fields writes the fields from one on, and tells with which to go on: a field
// whose resolver fell over is an error of that field alone.
func fields[T any](w *Writer, set *Set, from, depth int, obj T, put func(*Writer, *Field, T) bool, whole *bool) (next int) {
	next = from
	value := len(w.b)
	defer func() {
		if cause := recover(); cause != nil {
			w.path = w.path[:depth+1]
			ctx := w.Context()
			graphql.AddError(ctx, graphql.Recover(ctx, cause))
			w.b = w.b[:value]
			w.none(&set.Fields[next], whole)
			next++
		}
	}()
	for ; next < len(set.Fields); next++ {
		f := &set.Fields[next]
		w.path[depth] = step{field: f}
		if next > 0 {
			w.b = append(w.b, ',')
		}
		w.b = append(w.b, f.key...)
		value = len(w.b)
		if f.Number == typename {
			w.b = append(w.b, w.schema.objects[set.object].quoted...)
		} else if !put(w, f, obj) {
			w.b = w.b[:value]
			w.none(f, whole)
		}
	}
	return next
}

// none writes null, or notes that the object cannot be whole without the value.
func (w *Writer) none(f *Field, whole *bool) {
	if f.NonNull {
		*whole = false
	}
	w.b = append(w.b, "null"...)
}

// Unexpected ends the writing of an object behind an interface that is of no
// type that the schema names.
func (w *Writer) Unexpected(what string) bool { panic("unexpected type behind " + what) }

// List writes a list; each element is a part of the path. One that falls over,
// because it is of no type that the schema names, is an error of that element;
// the list is empty then, as the executor has it.
func List[T any](w *Writer, f *Field, list []T, nonNull bool, put func(*Writer, *Field, T) bool) bool {
	start, depth := len(w.b), len(w.path)
	w.b = append(w.b, '[')
	w.path = append(w.path, step{})
	whole, fell := true, false
	for i := 0; i < len(list); {
		i = elements(w, f, list, i, depth, nonNull, put, &whole, &fell)
	}
	w.path = w.path[:depth]
	switch {
	case fell:
		w.b = append(w.b[:start], '[')
	case !whole:
		w.b = w.b[:start]
		return false
	}
	w.b = append(w.b, ']')
	return true
}

// elements writes the elements from one on, and tells with which to go on.
func elements[T any](w *Writer, f *Field, list []T, from, depth int, nonNull bool, put func(*Writer, *Field, T) bool, whole, fell *bool) (next int) {
	next = from
	defer func() {
		if cause := recover(); cause != nil {
			w.path = w.path[:depth+1]
			ctx := w.Context()
			graphql.AddError(ctx, graphql.Recover(ctx, cause))
			*fell = true
			next++
		}
	}()
	for ; next < len(list); next++ {
		w.path[depth] = step{index: next}
		if next > 0 {
			w.b = append(w.b, ',')
		}
		element := len(w.b)
		if !put(w, f, list[next]) {
			*whole = *whole && !nonNull
			w.b = append(w.b[:element], "null"...)
		}
	}
	return next
}

// Scalars writes a list of scalars, whose elements are no parts of the path.
func Scalars[T any](w *Writer, f *Field, list []T, nonNull bool, put func(*Writer, *Field, T) bool) bool {
	start := len(w.b)
	w.b = append(w.b, '[')
	whole := true
	for i := range list {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		element := len(w.b)
		if !put(w, f, list[i]) {
			whole = whole && !nonNull
			w.b = append(w.b[:element], "null"...)
		}
	}
	if !whole {
		w.b = w.b[:start]
		return false
	}
	w.b = append(w.b, ']')
	return true
}

// Linked takes what Load has put into the parent's slot, as the resolver of
// every link does. Without a usable value there it leaves the field to the
// resolver, which says what is wrong. Arguments are read there too, the first
// time: reading them again for every parent would say the same.
func Linked[T any](w *Writer, f *Field, parent any) (value T, ok bool) {
	if f.Link == "" || len(f.Arguments) > 0 && !w.fit(f) {
		return value, false
	}
	linked, ok := parent.(link.Linked)
	if !ok {
		return value, false
	}
	loaded, ok := linked.LinkSlots().Get(f.Alias)
	if !ok {
		return value, false
	}
	if loaded == nil {
		return value, true
	}
	value, ok = loaded.(T)
	return value, ok
}

func (w *Writer) fit(f *Field) bool {
	for _, known := range w.fits {
		if known == f {
			return true
		}
	}
	return false
}

// Describe makes the executor's context of a field, with its arguments.
type Describe func(context.Context, graphql.CollectedField) (*graphql.FieldContext, error)

// Resolve asks a resolver, behind the directives of its field, and writes what
// it answers.
func Resolve[T any](w *Writer, f *Field, describe Describe, resolve graphql.Resolver, put func(*Writer, *Field, T) bool) bool {
	fc, err := describe(w.Parent(), f.CollectedField)
	if err != nil {
		return false // and is noted
	}
	if f.Link != "" {
		w.fits = append(w.fits, f)
	}
	ctx := graphql.WithFieldContext(w.Parent(), fc)
	w.path[len(w.path)-1].ctx = ctx
	value, err := w.op.ResolverMiddleware(context.WithValue(ctx, fieldKey{}, f), resolve)
	if err != nil {
		graphql.AddError(ctx, graphql.AddFieldLocationToError(ctx, err))
		return false
	}
	if value == nil {
		if f.NonNull {
			w.fail("must not be null")
		}
		return false
	}
	typed, ok := value.(T)
	if !ok {
		graphql.AddErrorf(ctx, "unexpected type %T from middleware/directive chain, should be %T", value, typed)
		return false
	}
	return put(w, f, typed)
}

type fieldKey struct{}

// fieldOf is the planned field whose resolver was asked with ctx.
func fieldOf(ctx context.Context, collected graphql.CollectedField) *Field {
	f, _ := ctx.Value(fieldKey{}).(*Field)
	if f == nil || f.Field != collected.Field {
		return nil
	}
	return f
}
