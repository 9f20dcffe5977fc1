package engine

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/kernel/memo"
)

// Encoders are what the generator makes of the schema and the Go types bound to
// it.
type Encoders interface {
	// Names lists the object types, in the order of their numbers.
	Names() []Names
	// NumberOf is the number of the object type behind a value of an interface
	// of the schema; -1 for no such value.
	NumberOf(value any) int
	// Begin makes gqlgen's executor for one operation.
	Begin(op *graphql.OperationContext) any
	// Query writes a field of the query.
	Query(w *Writer, f *Field, none struct{}) bool
	// Subscribe begins a subscription; nil when it was refused, which is noted.
	Subscribe(w *Writer, f *Field) Events
}

// Events writes the next message of a subscription; false is its end.
type Events func(ctx context.Context, w *Writer) bool

// Engine answers queries and subscriptions from plans and leaves everything else
// to gqlgen's executor.
type Engine struct {
	graphql.ExecutableSchema
	schema   *Schema
	encoders Encoders
	observe  func(fallback string)
	anybody  func(ctx context.Context) (lang string, anonymous bool)
	memory   *Memory
	off      bool
}

// Why an operation is left to the executor.
const (
	planned       = ""
	switchedOff   = "off"
	mutation      = "mutation"
	introspection = "introspection"
	unknownField  = "field"
	severalFields = "streams"
)

// Fallbacks are all that Options.Observe can hear.
func Fallbacks() []string {
	return []string{planned, switchedOff, mutation, introspection, unknownField, severalFields}
}

// Options settles what New leaves open.
type Options struct {
	// Links tells which fields ("Type.field") are links.
	Links func(name string) bool
	// Observe hears about every operation why it was left to the executor;
	// empty: it was not.
	Observe func(fallback string)
	// Memory keeps answers; nil: none is kept.
	Memory *Memory
	// Anybody tells the language of who has said nothing about who they are.
	Anybody func(ctx context.Context) (lang string, anonymous bool)
	// Off leaves every operation to the executor.
	Off bool
}

// New puts the engine before gqlgen's executor of the same schema.
func New(executor graphql.ExecutableSchema, encoders Encoders, o Options) *Engine {
	if o.Observe == nil {
		o.Observe = func(string) {}
	}
	return &Engine{
		ExecutableSchema: executor, encoders: encoders, observe: o.Observe, off: o.Off, memory: o.Memory, anybody: o.Anybody,
		schema: newSchema(executor.Schema(), encoders, o.Links),
	}
}

// FieldOf is the planned field that a resolver is asked for, or, where the
// executor asks, one with nothing but what stands below it.
func (e *Engine) FieldOf(ctx context.Context, collected graphql.CollectedField) *Field {
	if f := fieldOf(ctx, collected); f != nil {
		return f
	}
	return e.schema.alone(collected)
}

// Exec implements graphql.ExecutableSchema.
func (e *Engine) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	root, why := e.plan(op)
	e.observe(why)
	switch {
	case why != planned:
		return e.ExecutableSchema.Exec(ctx)
	case op.Operation.Operation == ast.Subscription:
		return e.subscription(ctx, op, root)
	}
	execute := e.query(op, root)
	if e.memory == nil || root.plan.personal {
		return execute
	}
	if lang, anonymous := e.anybody(ctx); anonymous {
		return e.remembering(op, lang, execute)
	}
	return execute
}

// plan finds the plan of an operation, or says why there is none.
func (e *Engine) plan(op *graphql.OperationContext) (root *Field, why string) {
	def := e.schema.Query
	switch {
	case e.off:
		return nil, switchedOff
	case op.Operation.Operation == ast.Mutation:
		return nil, mutation
	case op.Operation.Operation == ast.Subscription:
		def = e.schema.Subscription
	}
	root = e.remembered(op, def)
	number := e.schema.numbers[def.Name]
	set := root.set(op, number)
	if why = set.unknown(&e.schema.objects[number]); why != planned {
		return nil, why
	}
	if def == e.schema.Subscription && len(set.Fields) != 1 {
		return nil, severalFields
	}
	return root, planned
}

type planKey struct {
	op      *ast.OperationDefinition
	variant string
}

// remembered finds the plan beside the parsed document.
func (e *Engine) remembered(op *graphql.OperationContext, def *ast.Definition) *Field {
	beside, _ := op.Stats.GetExtension(memo.Key).(*memo.Memo)
	if beside == nil {
		return e.schema.rootField(op, def)
	}
	key := planKey{op: op.Operation, variant: e.variant(beside, op)}
	return memo.Get(beside, key, func() *Field { return e.schema.rootField(op, def) })
}

type variantsKey struct{ op *ast.OperationDefinition }

// variant says which fields the variables include.
func (e *Engine) variant(beside *memo.Memo, op *graphql.OperationContext) string {
	names := memo.Get(beside, variantsKey{op.Operation}, func() []string { return variants(op.Operation) })
	if len(names) == 0 {
		return ""
	}
	bits := make([]byte, len(names))
	for i, name := range names {
		bits[i] = '0'
		if yes, _ := op.Variables[name].(bool); yes {
			bits[i] = '1'
		}
	}
	return string(bits)
}

func (e *Engine) writer(ctx context.Context, op *graphql.OperationContext, executor any, b []byte) *Writer {
	return &Writer{Executor: executor, ctx: ctx, op: op, schema: e.schema, b: b, path: make([]step, 0, 16)}
}

// query answers once.
func (e *Engine) query(op *graphql.OperationContext, root *Field) graphql.ResponseHandler {
	answered := false
	return func(ctx context.Context) *graphql.Response {
		if answered {
			return nil
		}
		answered = true
		ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: e.schema.Query.Name})
		size := int(root.plan.size.Load())
		w := e.writer(ctx, op, e.encoders.Begin(op), make([]byte, 0, size+size/8+256))
		if !e.roots(w, root) {
			w.b = append(w.b[:0], "null"...)
		}
		root.plan.size.Store(int64(len(w.b)))
		return &graphql.Response{Data: w.b}
	}
}

// roots writes the query's fields: several are resolved at the same time, since
// each waits for the database by itself.
func (e *Engine) roots(w *Writer, root *Field) bool {
	number := e.schema.numbers[e.schema.Query.Name]
	set := root.set(w.op, number)
	if len(set.Fields) < 2 {
		return Object(w, root, number, struct{}{}, e.encoders.Query)
	}
	parts, whole := make([]*Writer, len(set.Fields)), make([]bool, len(set.Fields))
	var all sync.WaitGroup
	for i := range set.Fields {
		all.Go(func() {
			parts[i], whole[i] = e.writer(w.ctx, w.op, w.Executor, nil), true
			parts[i].path = append(parts[i].path, step{})
			one := &Set{object: set.object, Fields: set.Fields[i : i+1]}
			fields(parts[i], one, 0, 0, struct{}{}, e.encoders.Query, &whole[i])
		})
	}
	all.Wait()
	w.b = append(w.b, '{')
	for i, part := range parts {
		if !whole[i] {
			return false
		}
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.b = append(w.b, part.b...)
	}
	w.b = append(w.b, '}')
	return true
}

// subscription writes each message with the same plan.
func (e *Engine) subscription(ctx context.Context, op *graphql.OperationContext, root *Field) graphql.ResponseHandler {
	executor := e.encoders.Begin(op)
	f := &root.set(op, e.schema.numbers[e.schema.Subscription.Name]).Fields[0]
	begin := e.writer(graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: e.schema.Subscription.Name}), op, executor, nil)
	begin.path = append(begin.path, step{field: f})
	next := e.encoders.Subscribe(begin, f)
	if next == nil {
		return func(context.Context) *graphql.Response { return nil }
	}
	var b []byte
	return func(ctx context.Context) *graphql.Response {
		w := e.writer(ctx, op, executor, b[:0])
		if !next(ctx, w) {
			return nil
		}
		b = w.b
		return &graphql.Response{Data: b}
	}
}

// Stream asks the resolver of a subscription and writes what comes from it.
func Stream[T any](w *Writer, f *Field, describe Describe, resolve graphql.Resolver, put func(*Writer, *Field, T) bool) (events Events) {
	fc, err := describe(w.Parent(), f.CollectedField)
	if err != nil {
		return nil // and is noted
	}
	ctx := graphql.WithFieldContext(w.Parent(), fc)
	defer func() {
		if cause := recover(); cause != nil {
			graphql.AddError(ctx, graphql.Recover(ctx, cause))
			events = nil
		}
	}()
	value, err := w.op.ResolverMiddleware(context.WithValue(ctx, fieldKey{}, f), resolve)
	if err != nil {
		graphql.AddError(ctx, graphql.AddFieldLocationToError(ctx, err))
		return nil
	}
	messages, ok := value.(<-chan T)
	if !ok {
		graphql.AddErrorf(ctx, "unexpected type %T from middleware/directive chain, should be %T", value, messages)
		return nil
	}
	return func(ctx context.Context, w *Writer) bool {
		select {
		case m, ok := <-messages:
			if ok {
				w.message(f, func() bool { return put(w, f, m) })
			}
			return ok
		case <-ctx.Done():
			return false
		}
	}
}

func (w *Writer) message(f *Field, put func() bool) {
	w.b = append(append(w.b, '{'), f.key...)
	value := len(w.b)
	if !put() {
		w.b = append(w.b[:value], "null"...)
	}
	w.b = append(w.b, '}')
}
