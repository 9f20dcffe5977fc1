package gqldoc

import (
	"cmp"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// merger checks that fields which share a response name can share its value
// ("Field Selection Merging" of the specification). The textbook compares all
// pairs, which is quadratic and, through fragments, far worse. Being of one
// shape and being the same call are equivalences, so it is enough to compare
// each field of a group with the group's first, and to go on with the children
// of the whole group at once. Expanding fragments can still multiply; the
// steps are counted and a document that needs too many is refused.
type merger struct {
	schema *ast.Schema
	steps  int // left
	errors []finding
	limit  int
	shapes map[*ast.Selection]bool // sets known to be of one shape, by their first selection
	calls  map[*ast.Selection]bool
}

// checkMerge reports fields of doc that conflict. The document must be valid
// otherwise.
func checkMerge(schema *ast.Schema, doc *ast.QueryDocument, l *Limits) []finding {
	m := &merger{
		schema: schema, steps: l.MergeSteps, limit: l.Errors,
		shapes: map[*ast.Selection]bool{}, calls: map[*ast.Selection]bool{},
	}
	for _, op := range doc.Operations {
		m.sameShapes([]ast.SelectionSet{op.SelectionSet})
		m.sameCalls([]ast.SelectionSet{op.SelectionSet})
	}
	if m.steps < 0 {
		return found(ErrComplex.New().With("limit", l.MergeSteps))
	}
	return m.errors
}

func (m *merger) done() bool { return m.steps < 0 || len(m.errors) >= m.limit }

// group is the fields that answer under one response name.
type group []*ast.Field

// sameShapes checks that the fields of each response name return values of one
// shape, whatever type they are on.
func (m *merger) sameShapes(sets []ast.SelectionSet) {
	if m.done() || m.known(m.shapes, sets) {
		return
	}
	for _, g := range m.groups(sets) {
		if other := g.odd(m.differentShape); other != nil {
			m.conflict(g[0], other, "they return conflicting types")
			continue
		}
		m.sameShapes(g.children())
	}
}

// sameCalls checks that fields of each response name which can meet on one
// object are the same field with the same arguments.
func (m *merger) sameCalls(sets []ast.SelectionSet) {
	if m.done() || m.known(m.calls, sets) {
		return
	}
	for _, g := range m.groups(sets) {
		for _, meeting := range g.meetings() {
			if other := meeting.odd(m.differentCall); other != nil {
				m.conflict(meeting[0], other, "they are different fields or have differing arguments")
				continue
			}
			m.sameCalls(meeting.children())
		}
	}
}

// known remembers single selection sets that were checked, so that a fragment
// used in many places is checked once where it stands alone.
func (m *merger) known(checked map[*ast.Selection]bool, sets []ast.SelectionSet) bool {
	if len(sets) != 1 {
		return len(sets) == 0
	}
	set := sets[0]
	for len(set) == 1 {
		spread, ok := set[0].(*ast.FragmentSpread)
		if !ok {
			break
		}
		set = spread.Definition.SelectionSet
	}
	before := checked[&set[0]]
	checked[&set[0]] = true
	return before
}

// groups expands fragments, each once, and groups the fields by response name,
// in the order of the document.
func (m *merger) groups(sets []ast.SelectionSet) []group {
	c := collector{merger: m, index: map[string]int{}, seen: map[string]bool{}}
	for _, set := range sets {
		c.collect(set)
	}
	return c.groups
}

type collector struct {
	*merger
	groups []group
	index  map[string]int
	seen   map[string]bool
}

func (c *collector) collect(set ast.SelectionSet) {
	for _, sel := range set {
		if c.steps--; c.steps < 0 {
			return
		}
		switch sel := sel.(type) {
		case *ast.Field:
			c.field(sel)
		case *ast.InlineFragment:
			c.collect(sel.SelectionSet)
		case *ast.FragmentSpread:
			if !c.seen[sel.Name] {
				c.seen[sel.Name] = true
				c.collect(sel.Definition.SelectionSet)
			}
		}
	}
}

func (c *collector) field(f *ast.Field) {
	i, ok := c.index[f.Alias]
	if !ok {
		i = len(c.groups)
		c.index[f.Alias] = i
		c.groups = append(c.groups, nil)
	}
	c.groups[i] = append(c.groups[i], f)
}

// odd is the first field that differs from the group's first.
func (g group) odd(different func(a, b *ast.Field) bool) *ast.Field {
	for _, f := range g[1:] {
		if different(g[0], f) {
			return f
		}
	}
	return nil
}

func (g group) children() []ast.SelectionSet {
	var sets []ast.SelectionSet
	for _, f := range g {
		if len(f.SelectionSet) > 0 {
			sets = append(sets, f.SelectionSet)
		}
	}
	return sets
}

// meetings splits a group into the sets that can meet on one object: for each
// object type its own fields and those on interfaces and unions.
func (g group) meetings() []group {
	if len(g) == 1 {
		return []group{g}
	}
	var order []string
	byType := map[string]group{}
	var abstract group
	for _, f := range g {
		if f.ObjectDefinition.Kind != ast.Object {
			abstract = append(abstract, f)
			continue
		}
		name := f.ObjectDefinition.Name
		if byType[name] == nil {
			order = append(order, name)
		}
		byType[name] = append(byType[name], f)
	}
	if len(order) == 0 {
		return []group{abstract}
	}
	meetings := make([]group, len(order))
	for i, name := range order {
		meetings[i] = append(byType[name], abstract...)
	}
	return meetings
}

func (m *merger) conflict(a, b *ast.Field, why string) {
	message := `Fields "` + cut(a.Alias, quoted) + `" conflict because ` + why + `. Use different aliases on the fields to fetch both.`
	m.errors = append(m.errors, finding{
		ErrInvalid.New().With("detail", message).With("rule", "OverlappingFieldsCanBeMerged"),
		[]gqlerror.Location{{Line: b.Position.Line, Column: b.Position.Column}},
	})
}

func (m *merger) differentShape(a, b *ast.Field) bool {
	m.steps--
	return m.differentTypes(a.Definition.Type, b.Definition.Type)
}

func (m *merger) differentTypes(a, b *ast.Type) bool {
	if a.NonNull != b.NonNull || (a.Elem == nil) != (b.Elem == nil) {
		return true
	}
	if a.Elem != nil {
		return m.differentTypes(a.Elem, b.Elem)
	}
	if m.schema.Types[a.NamedType].IsLeafType() || m.schema.Types[b.NamedType].IsLeafType() {
		return a.NamedType != b.NamedType
	}
	return false
}

func (m *merger) differentCall(a, b *ast.Field) bool {
	m.steps -= 1 + len(a.Arguments)
	return a.Name != b.Name || !sameArguments(a.Arguments, b.Arguments)
}

func sameArguments(a, b ast.ArgumentList) bool {
	if len(a) != len(b) {
		return false
	}
	for _, arg := range a {
		other := b.ForName(arg.Name)
		if other == nil || !sameValue(arg.Value, other.Value) {
			return false
		}
	}
	return true
}

// sameValue compares literals; the order of an object's fields says nothing.
func sameValue(a, b *ast.Value) bool {
	if a.Kind != b.Kind || a.Raw != b.Raw || len(a.Children) != len(b.Children) {
		return false
	}
	x, y := a.Children, b.Children
	if a.Kind == ast.ObjectValue {
		x, y = byName(x), byName(y)
	}
	for i := range x {
		if x[i].Name != y[i].Name || !sameValue(x[i].Value, y[i].Value) {
			return false
		}
	}
	return true
}

func byName(list ast.ChildValueList) ast.ChildValueList {
	return slices.SortedStableFunc(slices.Values(list), func(a, b *ast.ChildValue) int { return cmp.Compare(a.Name, b.Name) })
}
