// Package gqldoc prepares GraphQL documents: it bounds them, parses them,
// validates them and says what they cost, once for all transports.
//
// A document goes through the checks in this order, and nothing is done before
// what bounds it:
//
//	text         valid UTF-8, size
//	scan         tokens and open brackets, without recursion (scan.go)
//	parse        gqlparser
//	shape        aliases, directives, fragments, literals (shape.go)
//	reach        cycles, depth, root fields, work of validation (reach.go)
//	validation   the rules of the specification (validate.go, merge.go)
//	variables    size, then the declared types (variables.go)
//	cost         fields of the largest possible answer (cost.go)
//
// All of it takes time linear in the document, or stops at a count of steps:
// fragments are looked at once, never once for each use. Documents that passed
// are remembered by their text, so that a client's usual questions only have
// their variables and cost checked.
//
// Errors carry a stable code and the limit in their extensions, speak the
// reader's language, and never repeat more than a few words of what was sent.
package gqldoc

import (
	"context"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator/core"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/memo"
)

// Preparer prepares documents for one schema. It is safe for concurrent use.
type Preparer struct {
	schema *ast.Schema
	limits Limits
	costs  Costs
	rules  []core.Rule
	cache  *cache

	registered, registeredText map[string]*document // by hash, and by text
}

// New makes a preparer. It fails when costs name a field the schema does not
// have.
func New(schema *ast.Schema, limits Limits, costs Costs) (*Preparer, error) {
	for name := range costs {
		if !hasField(schema, name) {
			return nil, fmt.Errorf("gqldoc: cost of %s: the schema has no such field", name)
		}
	}
	p := &Preparer{schema: schema, limits: limits, costs: costs, rules: validationRules(), cache: newCache(limits.CacheBytes), registered: map[string]*document{}, registeredText: map[string]*document{}}
	if p.limits.IntrospectionCost == 0 {
		cost, err := p.introspectionCost()
		if err != nil {
			return nil, err
		}
		p.limits.IntrospectionCost = cost + cost/4
	}
	return p, nil
}

func hasField(schema *ast.Schema, name string) bool {
	typeName, field, _ := strings.Cut(name, ".")
	t := schema.Types[typeName]
	return t != nil && t.Fields.ForName(field) != nil
}

func (p *Preparer) introspectionCost() (int, error) {
	doc, err := parser.ParseQuery(&ast.Source{Input: standardIntrospection})
	if err != nil {
		return 0, fmt.Errorf("gqldoc: introspection query: %w", err)
	}
	if wrong := validate(p.schema, doc, p.rules, 1); wrong != nil {
		return 0, fmt.Errorf("gqldoc: introspection query: %w", wrong[0].fault)
	}
	cost, _ := p.compile(doc).evaluate(doc.Operations[0], nil, p.limits.PageSize)
	return cost.introspection, nil
}

// Request is one GraphQL request as any transport receives it. The query may be
// left out where its hash is given (see persisted.go). Variables hold
// what encoding/json decodes, with or without UseNumber; Prepare may change
// values inside them.
type Request struct {
	Query         string
	OperationName string
	Variables     map[string]any
	Extensions    map[string]any
	DocumentID    string
}

// Prepared is a request that may be executed.
type Prepared struct {
	Request   Request
	Document  *ast.QueryDocument // shared with other requests: never change it
	Operation *ast.OperationDefinition
	Variables map[string]any // coerced, with defaults
	Cost      int            // fields in the largest possible answer, introspection apart
	Cached    bool           // whether the document was known

	memo *memo.Memo // beside the document
}

// document is a validated document with what must be checked again for
// another reader or other variables.
type document struct {
	query   string
	hash    string // by which clients name it; empty: none did
	ast     *ast.QueryDocument
	tokens  int
	long    map[string]bool
	program *program
	memo    memo.Memo // what others work out about it
}

// bytes estimates the memory of the document: its text is small beside its tree
// and the plan that is kept with it.
func (d *document) bytes() int { return 2*len(d.query) + 1000*d.tokens }

// Prepare checks a request for the reader r. On failure it returns at least
// one and at most Limits.Errors errors to be shown as they are. It never
// panics.
func (p *Preparer) Prepare(ctx context.Context, req Request, r Reader) (prepared *Prepared, errs gqlerror.List) {
	defer func() {
		if cause := recover(); cause != nil { // a fault of the parser or of ours must not end a connection that carries other operations
			broken := fault.ErrInternal.New().Because(fmt.Errorf("gqldoc: panic: %v", cause))
			prepared, errs = nil, gqlerror.List{Present(broken, r.Lang)}
		}
	}()
	if err := ctx.Err(); err != nil {
		return nil, gqlerror.List{Present(fault.ErrTimeout.New().Because(err), r.Lang)}
	}
	if f := p.resolve(&req); f != nil {
		return nil, gqlerror.List{Present(f, r.Lang)}
	}
	if f := p.mayAsk(req.Query, r); f != nil {
		return nil, gqlerror.List{Present(f, r.Lang)}
	}
	doc, wrong := p.document(req.Query, r)
	if len(wrong) > 0 {
		return nil, show(wrong, r, p.limits.Errors)
	}
	if hash := req.Persisted(); hash != "" {
		p.cache.name(req.Query, hash)
	}
	prepared, refused := p.operation(doc.document, req.unnamed(), r)
	if refused != nil {
		return nil, gqlerror.List{Present(refused, r.Lang)}
	}
	prepared.Cached = doc.known
	return prepared, nil
}

func show(wrong []finding, r Reader, limit int) gqlerror.List {
	errs := make(gqlerror.List, 0, min(len(wrong), limit))
	for _, f := range wrong[:cap(errs)] {
		errs = append(errs, f.present(r.Lang))
	}
	return errs
}

// lookup is a document and whether it was remembered.
type lookup struct {
	*document
	known bool
}

// document finds the validated document, or makes it.
func (p *Preparer) document(query string, r Reader) (lookup, []finding) {
	if f := exceeds(ErrTooLarge, len(query), p.limits.QueryBytes.For(r)); f != nil {
		return lookup{}, found(f)
	}
	if d := p.known(query); d != nil {
		if limit := p.limits.Tokens.For(r); d.tokens > limit {
			return lookup{}, found(ErrTokens.New().With("limit", limit))
		}
		return lookup{d, true}, nil
	}
	d, wrong := p.build(query, r)
	if len(wrong) > 0 {
		return lookup{}, wrong
	}
	p.cache.add(d)
	return lookup{d, false}, nil
}

func (p *Preparer) build(query string, r Reader) (*document, []finding) {
	tokens, wrong := p.scan(query, r)
	if wrong != nil {
		return nil, wrong
	}
	doc, wrong := parse(query, tokens)
	if wrong != nil {
		return nil, wrong
	}
	shape, refused := checkShape(doc, &p.limits)
	if refused != nil {
		return nil, found(refused)
	}
	if refused := checkReach(doc, &p.limits); refused != nil {
		return nil, found(refused)
	}
	if wrong := validate(p.schema, doc, p.rules, p.limits.Errors); len(wrong) > 0 {
		return nil, wrong
	}
	if wrong := checkMerge(p.schema, doc, &p.limits); len(wrong) > 0 {
		return nil, wrong
	}
	return &document{query: query, ast: doc, tokens: tokens, long: shape.long, program: p.compile(doc)}, nil
}

func (p *Preparer) scan(query string, r Reader) (int, []finding) {
	if f := checkText(query); f != nil {
		return 0, found(f)
	}
	tokens, f := scan(query, p.limits.Tokens.For(r), p.limits.Nesting)
	return tokens, found(f)
}

// parse gives the parser a limit of its own as a second wall: it may count a
// token more than once, hence twice what was scanned.
func parse(query string, tokens int) (*ast.QueryDocument, []finding) {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, 2*tokens+10)
	if err != nil {
		wrong, ok := err.(*gqlerror.Error)
		if !ok {
			wrong = gqlerror.Wrap(err)
		}
		f := ErrParse.New().With("detail", shorten(wrong.Message)).Because(err)
		return nil, []finding{{f, wrong.Locations}}
	}
	if len(doc.Operations) == 0 {
		return nil, found(ErrParse.New().With("detail", "There is no operation in the document."))
	}
	return doc, nil
}

// operation checks what depends on the request: which operation, its variables
// and its cost.
func (p *Preparer) operation(d *document, req Request, r Reader) (*Prepared, *fault.Fault) {
	op := d.ast.Operations.ForName(req.OperationName)
	if op == nil {
		return nil, ErrOperation.New()
	}
	check := variableCheck{limits: &p.limits, long: d.long}
	if f := check.object(req.Variables, -1); f != nil {
		return nil, f
	}
	variables, f := coerce(p.schema, op, req.Variables)
	if f != nil {
		return nil, f
	}
	cost, f := p.cost(d, op, variables, r)
	if f != nil {
		return nil, f
	}
	return &Prepared{Request: req, Document: d.ast, Operation: op, Variables: variables, Cost: cost, memo: &d.memo}, nil
}

func (p *Preparer) cost(d *document, op *ast.OperationDefinition, variables map[string]any, r Reader) (int, *fault.Fault) {
	cost, tooMany := d.program.evaluate(op, variables, p.limits.PageSize)
	if tooMany != "" {
		return 0, fault.ErrPageSize.New().With("max", p.limits.PageSize).With("argument", tooMany)
	}
	if cost.introspection > p.limits.IntrospectionCost {
		return 0, ErrIntrospection.New().With("limit", p.limits.IntrospectionCost).With("got", cost.introspection)
	}
	total := add(cost.once, cost.page)
	return total, exceeds(ErrCost, total, p.limits.Cost.For(r))
}
