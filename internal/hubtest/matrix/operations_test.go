package matrix_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/internal/edge/gqldoc"
)

// in are variables and inputs.
type in = map[string]any

// branch is one selection of a document that is being written: a field with its
// arguments, or a fragment on a type.
type branch struct {
	head  string
	below []*branch
}

func (b *branch) at(head string) *branch {
	for _, c := range b.below {
		if c.head == head {
			return c
		}
	}
	c := &branch{head: head}
	b.below = append(b.below, c)
	return c
}

func (b *branch) print(to *strings.Builder) {
	to.WriteString(b.head)
	if len(b.below) == 0 {
		return
	}
	to.WriteString("{")
	for i, c := range b.below {
		if i > 0 {
			to.WriteString(" ")
		}
		c.print(to)
	}
	to.WriteString("}")
}

// tokens are about as many as the hub will count.
func (b *branch) tokens() int {
	n := 1
	if strings.ContainsAny(b.head, "(:") {
		n += 5 + strings.Count(b.head, ":")
	}
	if len(b.below) > 0 {
		n += 2
	}
	for _, c := range b.below {
		n += c.tokens()
	}
	return n
}

// operation is one generated document.
type operation struct {
	kind, field string // Query, event
	text        string
	doc         *ast.QueryDocument
	paths       []path
}

// writer writes operations on one root field.
type writer struct {
	contract
	prep   *gqldoc.Preparer
	reader gqldoc.Reader
	root   *ast.Definition
	field  *ast.FieldDefinition
	sample in // variables with which the documents are checked
	// full asks for everything a page has.
	full bool
	// extra are arguments to give, by "Type.field".
	extra map[string]string
	// beyond is told the ways that the hub refuses to the reader as too costly,
	// however short their pages are: nothing comes by them.
	beyond func(path)
}

func newPreparer(c contract) (*gqldoc.Preparer, error) {
	limits := gqldoc.DefaultLimits()
	limits.LongTexts = []string{"description", "ca", "es", "en"}
	return gqldoc.New(c.Schema, limits, gqldoc.Costs{})
}

// sizes are how many rows lists give that can be told, from the outermost to the
// innermost: the first that the hub's limit of cost allows.
func sizes() [][]int {
	return [][]int{{12, 5, 2, 1}, {8, 3, 1}, {6, 1}, {2, 1}, {1}}
}

// operations writes documents that together select all the paths, as few as the
// hub's limits allow.
func (w *writer) operations(paths []path) ([]*operation, error) {
	if len(paths) == 0 {
		op, err := w.write(nil, sizes()[0])
		return []*operation{op}, err
	}
	limit := gqldoc.DefaultLimits().Tokens.For(w.reader) * 9 / 10
	var all []*operation
	for len(paths) > 0 {
		n, root := 0, &branch{}
		for n < len(paths) && (n == 0 || root.tokens() < limit) {
			w.add(root, paths[n], sizes()[0])
			n++
		}
		ops, err := w.split(paths[:n])
		if err != nil {
			return nil, err
		}
		all, paths = append(all, ops...), paths[n:]
	}
	return all, nil
}

// split halves what is too much for one document, also with somewhat smaller
// pages.
func (w *writer) split(paths []path) ([]*operation, error) {
	var op *operation
	var err error
	for _, s := range sizes()[:2] {
		if op, err = w.write(paths, s); err == nil {
			return []*operation{op}, nil
		}
	}
	if len(paths) > 1 {
		first, err := w.split(paths[:len(paths)/2])
		if err != nil {
			return nil, err
		}
		second, err := w.split(paths[len(paths)/2:])
		return append(first, second...), err
	}
	for _, s := range sizes()[2:] {
		if op, err = w.write(paths, s); err == nil {
			return []*operation{op}, nil
		}
	}
	if tooCostly := gqlerror.List(nil); w.beyond != nil && errors.As(err, &tooCostly) && tooCostly[0].Extensions["code"] == gqldoc.ErrCost.Name {
		w.beyond(paths[0])
		return nil, nil
	}
	return nil, fmt.Errorf("%s: %w", paths[0], err)
}

func (w *writer) write(paths []path, sizes []int) (*operation, error) {
	var text strings.Builder
	text.WriteString(strings.ToLower(w.root.Name))
	text.WriteString(w.variables())
	text.WriteString("{")
	w.tree(paths, sizes).print(&text)
	text.WriteString("}")
	op := &operation{kind: w.root.Name, field: w.field.Name, text: text.String(), paths: paths}
	prepared, errs := w.prep.Prepare(context.Background(), gqldoc.Request{Query: op.text, Variables: received(w.sample)}, w.reader)
	if errs != nil {
		return nil, fmt.Errorf("%w\n%s", errs, op.text)
	}
	op.doc = prepared.Document
	return op, nil
}

// received are variables as a transport reads them.
func received(variables in) (read in) {
	text, err := json.Marshal(variables)
	if err == nil {
		err = json.Unmarshal(text, &read)
	}
	if err != nil {
		panic(err) // of a row that is no JSON
	}
	return read
}

func (w *writer) variables() string {
	var names []string
	for name := range w.sample {
		names = append(names, fmt.Sprintf("$%s:%s", name, w.field.Arguments.ForName(name).Type))
	}
	if names == nil {
		return ""
	}
	slices.Sort(names)
	return "(" + strings.Join(names, ",") + ")"
}

// tree is the selection of the paths.
func (w *writer) tree(paths []path, sizes []int) *branch {
	var given []string
	for name := range w.sample {
		given = append(given, fmt.Sprintf("%s:$%s", name, name))
	}
	if _, asked := w.sample["first"]; !asked && w.field.Arguments.ForName("first") != nil {
		given = append(given, fmt.Sprintf("first:%d", sizes[0]))
	}
	slices.Sort(given)
	root := &branch{head: w.field.Name}
	if len(given) > 0 {
		root.head += "(" + strings.Join(given, " ") + ")"
	}
	if w.root.Name == "Mutation" {
		errors := root.at("errors")
		for _, f := range []string{"__typename", "code", "message", "path"} {
			errors.at(f)
		}
	}
	if w.root.Name == "Subscription" { // every message says what it is
		for _, s := range w.steps(w.root.Name) {
			if s.field == w.field.Name {
				w.add(root, path{s}, sizes)
			}
		}
	}
	for _, p := range paths {
		w.add(root, p, sizes)
	}
	if len(root.below) == 0 && !w.leaf(w.field) {
		root.at("__typename")
	}
	return root
}

// add selects what a path leads over, and all values of the object at its end.
func (w *writer) add(at *branch, p path, sizes []int) {
	depth := 1
	for i, s := range p {
		if i > 0 {
			at = at.at(w.head(s.from, s.field, sizes[min(depth, len(sizes)-1)]))
			if s.paged || w.Types[s.from].Fields.ForName(s.field).Arguments.ForName("first") != nil {
				depth++
			}
		}
		at = w.enter(at, s)
	}
	for _, f := range w.fields(w.Types[p.end()]) {
		if w.leaf(f) {
			at.at(w.head(p.end(), f.Name, 0))
		}
	}
}

// enter goes into the object behind a field.
func (w *writer) enter(at *branch, s step) *branch {
	target := w.definition(s).Type.Name()
	if !s.paged && w.field != nil && w.contract.field(target, "pageInfo") != nil { // one page among several
		info := at.at("pageInfo")
		info.at("hasNextPage")
		info.at("endCursor")
	}
	if s.paged {
		page := w.Types[target]
		if page.Fields.ForName("totalCount") != nil {
			at.at("totalCount")
		}
		info := at.at("pageInfo")
		for _, f := range []string{"hasNextPage", "hasPreviousPage"} {
			info.at(f)
		}
		if w.full {
			for _, f := range w.fields(page) {
				if w.leaf(f) {
					at.at(f.Name)
				}
			}
			for _, f := range w.fields(w.Types["PageInfo"]) {
				info.at(f.Name)
			}
			edge := at.at("edges")
			edge.at("cursor")
			edge.at("node").at("__typename")
		}
		target = page.Fields.ForName("nodes").Type.Name()
		at = at.at("nodes")
	}
	if w.Types[target].IsAbstractType() {
		at.at("__typename")
		at = at.at("... on " + s.to)
	}
	if w.Types[s.to].Fields.ForName("id") != nil {
		at.at("id")
	} else if at.below == nil {
		at.at("__typename")
	}
	return at
}

func (w *writer) definition(s step) *ast.FieldDefinition { return w.contract.field(s.from, s.field) }

// head writes a field with the arguments that it must have.
func (w *writer) head(typeName, field string, rows int) string {
	var given []string
	extra := w.extra[typeName+"."+field]
	if extra != "" {
		given = append(given, extra)
	}
	for _, a := range w.contract.field(typeName, field).Arguments {
		switch {
		case strings.HasPrefix(extra, a.Name+":"):
		case a.Name == "first":
			given = append(given, fmt.Sprintf("first:%d", rows))
		case a.Type.NonNull && a.DefaultValue == nil:
			given = append(given, a.Name+":"+w.anyValue(a.Type.Name()))
		}
	}
	if given == nil {
		return field
	}
	return field + "(" + strings.Join(given, " ") + ")"
}

// anyValue is the first value of an enumeration.
func (w *writer) anyValue(typeName string) string {
	if def := w.Types[typeName]; def.Kind == ast.Enum {
		return def.EnumValues[0].Name
	}
	return `"x"`
}
