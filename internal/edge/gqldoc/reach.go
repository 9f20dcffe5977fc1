package gqldoc

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// depths says how deep a selection set goes, with the fragments it includes.
type depths struct {
	counted    int // without edges, node, nodes
	raw        int // with them
	introspect int // raw depth below __schema or __type; zero without introspection
}

func (d depths) with(e depths) depths {
	return depths{max(d.counted, e.counted), max(d.raw, e.raw), max(d.introspect, e.introspect)}
}

// reach follows fragments. Each definition is measured once and remembered:
// fragments that include each other twice would otherwise take time that
// doubles with every definition. A cycle is refused before anything else walks
// the document.
type reach struct {
	limits    *Limits
	fragments map[string]*ast.FragmentDefinition
	done      map[string]depths
	open      map[string]bool
	size      map[string]int
	refused   *fault.Fault
}

func newReach(doc *ast.QueryDocument, l *Limits) *reach {
	r := &reach{
		limits:    l,
		fragments: make(map[string]*ast.FragmentDefinition, len(doc.Fragments)),
		done:      map[string]depths{},
		open:      map[string]bool{},
		size:      map[string]int{},
	}
	for _, f := range doc.Fragments {
		if r.fragments[f.Name] == nil { // of two with one name, validation also takes the first
			r.fragments[f.Name] = f
		}
	}
	return r
}

// checkReach bounds what the document reaches through its fragments.
func checkReach(doc *ast.QueryDocument, l *Limits) *fault.Fault {
	r := newReach(doc, l)
	for name := range r.fragments {
		r.fragment(name)
	}
	for _, op := range doc.Operations {
		r.operation(op)
	}
	r.refuse(exceeds(ErrComplex, r.walk(doc), l.WalkSteps))
	return r.refused
}

func (r *reach) refuse(f *fault.Fault) {
	if r.refused == nil {
		r.refused = f
	}
}

func (r *reach) operation(op *ast.OperationDefinition) {
	d := r.selections(op.SelectionSet)
	r.refuse(exceeds(ErrDepth, d.counted, r.limits.Depth))
	r.refuse(exceeds(ErrDepth, d.raw, r.limits.RawDepth))
	r.introspection(d)
	if r.refused != nil {
		return
	}
	roots := map[string]bool{}
	r.roots(op.SelectionSet, roots, map[string]bool{})
	limit := r.limits.RootFields
	if op.Operation == ast.Subscription {
		limit = 1
	}
	r.refuse(exceeds(ErrRootFields, len(roots), limit))
}

func (r *reach) introspection(d depths) {
	if d.introspect == 0 {
		return
	}
	if !r.limits.Introspection {
		r.refuse(ErrIntrospectionOff.New())
	}
	if d.introspect > r.limits.IntrospectionDepth {
		r.refuse(ErrIntrospection.New().With("limit", r.limits.IntrospectionDepth))
	}
}

func (r *reach) selections(set ast.SelectionSet) depths {
	var d depths
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			d = d.with(r.field(sel))
		case *ast.InlineFragment:
			d = d.with(r.selections(sel.SelectionSet))
		case *ast.FragmentSpread:
			d = d.with(r.fragment(sel.Name))
		}
	}
	return d
}

func (r *reach) field(f *ast.Field) depths {
	d := r.selections(f.SelectionSet)
	d.raw++
	switch f.Name {
	case "__schema", "__type":
		return depths{counted: 1, raw: 1, introspect: max(d.raw, d.introspect)}
	case "edges", "node", "nodes":
	default:
		d.counted++
	}
	return d
}

func (r *reach) fragment(name string) depths {
	if d, ok := r.done[name]; ok {
		return d
	}
	definition := r.fragments[name]
	if definition == nil {
		return depths{} // validation says so
	}
	if r.open[name] {
		r.refuse(ErrCycle.New())
		return depths{}
	}
	r.open[name] = true
	d := r.selections(definition.SelectionSet)
	delete(r.open, name)
	r.done[name] = d
	return d
}

// roots collects the response names at the root, each fragment once.
func (r *reach) roots(set ast.SelectionSet, names, seen map[string]bool) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			names[sel.Alias] = true
		case *ast.InlineFragment:
			r.roots(sel.SelectionSet, names, seen)
		case *ast.FragmentSpread:
			if definition := r.fragments[sel.Name]; definition != nil && !seen[sel.Name] {
				seen[sel.Name] = true
				r.roots(definition.SelectionSet, names, seen)
			}
		}
	}
}

// walk counts what validation will visit: it walks each operation and each
// fragment, and in each of these walks every fragment once.
func (r *reach) walk(doc *ast.QueryDocument) int {
	if r.refused != nil {
		return 0
	}
	steps := 0
	for _, op := range doc.Operations {
		steps += r.steps(op.SelectionSet, map[string]bool{})
	}
	for _, f := range doc.Fragments {
		steps += r.steps(f.SelectionSet, map[string]bool{})
	}
	return steps
}

func (r *reach) steps(set ast.SelectionSet, seen map[string]bool) int {
	steps := 0
	for _, sel := range set {
		steps++
		switch sel := sel.(type) {
		case *ast.Field:
			steps += len(sel.Arguments) + len(sel.Directives) + r.steps(sel.SelectionSet, seen)
		case *ast.InlineFragment:
			steps += r.steps(sel.SelectionSet, seen)
		case *ast.FragmentSpread:
			if definition := r.fragments[sel.Name]; definition != nil && !seen[sel.Name] {
				seen[sel.Name] = true
				steps += r.steps(definition.SelectionSet, seen)
			}
		}
	}
	return steps
}
