package gqldoc

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// value is what a selection set costs: once, for each row of the page it is
// selected on (only sets on a connection have that part), and apart from both
// what introspection costs.
type value struct{ once, page, introspection int }

// ceiling keeps sums and products away from overflow; no limit is as high.
const ceiling = 1 << 50

func (v value) plus(w value) value {
	return value{add(v.once, w.once), add(v.page, w.page), add(v.introspection, w.introspection)}
}

func add(a, b int) int { return min(ceiling, a+b) }

func times(n, a int) int {
	if n > 0 && a > ceiling/n {
		return ceiling
	}
	return n * a
}

// rows says how many rows a field returns: as many as argument says, which is
// a constant or a variable, else fallback.
type rows struct {
	variable string
	argument string // first, last or what Costs names; for the message
	paged    bool   // the number came from first or last and must not pass the page size
	fixed    int    // when no variable is named
}

// term is one field or fragment of a selection set.
type term struct {
	kind     termKind
	weight   int
	set      int // index of the set below, -1 for leaves
	rows     rows
	fallback int // rows when a variable says nothing
}

type termKind int8

const (
	isField       termKind = iota // its set once for each row
	isConnection                  // the page part of its set once for each row, the rest once
	isRow                         // edges or nodes of a connection: belongs to the page part
	isFragment                    // its set as it is
	isIntrospect                  // __schema or __type
	noSet         = -1
	connectionSet = "pageInfo" // the field by which a connection is known
)

// program is the cost of a document, ready to be computed for any variables.
// Sets stand after the sets they include and every fragment stands once, so
// that one pass over them is enough, however often fragments are used.
type program struct {
	sets       [][]term
	operations map[*ast.OperationDefinition]int
}

// compiler writes a program. The document must be valid and without cycles.
type compiler struct {
	*Preparer
	program   *program
	fragments map[string]int
}

func (p *Preparer) compile(doc *ast.QueryDocument) *program {
	c := compiler{
		Preparer:  p,
		program:   &program{operations: map[*ast.OperationDefinition]int{}},
		fragments: map[string]int{},
	}
	for _, op := range doc.Operations {
		c.program.operations[op] = c.set(op.SelectionSet)
	}
	return c.program
}

func (c *compiler) set(selections ast.SelectionSet) int {
	if len(selections) == 0 {
		return noSet
	}
	terms := make([]term, 0, len(selections))
	for _, sel := range selections {
		switch sel := sel.(type) {
		case *ast.Field:
			terms = append(terms, c.field(sel))
		case *ast.InlineFragment:
			terms = append(terms, term{kind: isFragment, set: c.set(sel.SelectionSet)})
		case *ast.FragmentSpread:
			terms = append(terms, term{kind: isFragment, set: c.fragment(sel.Definition)})
		}
	}
	c.program.sets = append(c.program.sets, terms)
	return len(c.program.sets) - 1
}

func (c *compiler) fragment(f *ast.FragmentDefinition) int {
	set, ok := c.fragments[f.Name]
	if !ok {
		set = c.set(f.SelectionSet)
		c.fragments[f.Name] = set
	}
	return set
}

func (c *compiler) field(f *ast.Field) term {
	declared := c.costs[f.ObjectDefinition.Name+"."+f.Name]
	t := term{weight: max(1, declared.Weight), set: c.set(f.SelectionSet), rows: rows{fixed: 1}, fallback: 1}
	switch {
	case f.Name == "__schema" || f.Name == "__type":
		t.kind = isIntrospect
	case (f.Name == "edges" || f.Name == "nodes") && isConnectionType(f.ObjectDefinition):
		t.kind = isRow
	case isConnectionType(c.schema.Types[f.Definition.Type.Name()]):
		t.kind = isConnection
		c.rows(&t, f, declared, c.limits.DefaultPage)
	case f.Definition.Type.Elem != nil:
		c.rows(&t, f, declared, c.listRows(f))
	}
	return t
}

func isConnectionType(d *ast.Definition) bool {
	return d != nil && d.Fields.ForName(connectionSet) != nil
}

// rows finds what says how many rows f returns.
func (c *compiler) rows(t *term, f *ast.Field, declared Cost, fallback int) {
	t.fallback = cmp.Or(declared.Rows, fallback)
	t.rows = rows{fixed: t.fallback}
	names := []string{"first", "last", "ids"}
	if declared.RowsFrom != "" {
		names = []string{declared.RowsFrom}
	}
	for _, name := range names {
		if given := argument(f, name); given != nil && given.Kind != ast.NullValue {
			t.rows = rowsOf(given, name)
			return
		}
	}
}

// argument is the value given for the argument name, or its default.
func argument(f *ast.Field, name string) *ast.Value {
	if given := f.Arguments.ForName(name); given != nil {
		return given.Value
	}
	if definition := f.Definition.Arguments.ForName(name); definition != nil {
		return definition.DefaultValue
	}
	return nil
}

func rowsOf(v *ast.Value, name string) rows {
	r := rows{argument: name, paged: name == "first" || name == "last"}
	switch v.Kind {
	case ast.Variable:
		r.variable = v.Raw
	case ast.ListValue:
		r.fixed = len(v.Children)
	default:
		r.fixed = number(v.Raw)
	}
	return r
}

// evaluate is what op costs with these variables. It reports the argument that
// asks for more than a page.
func (p *program) evaluate(op *ast.OperationDefinition, variables map[string]any, pageSize int) (value, string) {
	values := make([]value, len(p.sets))
	for i, set := range p.sets {
		for _, t := range set {
			n := t.rows.in(variables, t.fallback)
			if t.rows.paged && n > pageSize {
				return value{}, t.rows.argument
			}
			values[i] = values[i].plus(t.cost(max(1, n), values))
		}
	}
	return values[p.operations[op]], ""
}

func (t term) cost(n int, values []value) value {
	var below value
	if t.set != noSet {
		below = values[t.set]
	}
	all := add(below.once, below.page)
	switch t.kind {
	case isFragment:
		return below
	case isIntrospect:
		return value{introspection: add(t.weight, all)}
	case isRow:
		return value{page: add(t.weight, all)}
	case isConnection:
		return value{once: add(t.weight, add(below.once, times(n, below.page)))}
	default:
		return value{once: add(t.weight, times(n, all))}
	}
}

// in is the number of rows with these variables.
func (r rows) in(variables map[string]any, fallback int) int {
	if r.variable == "" {
		return r.fixed
	}
	switch v := variables[r.variable].(type) {
	case nil:
		return fallback
	case []any:
		return len(v)
	default:
		return number(fmt.Sprint(v))
	}
}

// number reads a whole number as the schema's Int does, from a literal or from
// a variable that may have come as a number or as text. What is none costs as
// much as can be: something later refuses it.
func number(s string) int {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && f < ceiling {
		return int(f)
	}
	return ceiling
}
