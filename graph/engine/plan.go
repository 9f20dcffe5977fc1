package engine

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Plan is one operation, compiled: the tree of its selections with everything
// that does not depend on the values of variables. What a fragment adds for a
// type is worked out when the first object of that type is met. A plan is shared
// by all who ask the same; it never changes what it has said.
type Plan struct {
	schema *Schema
	root   *Field
	grow   sync.Mutex
	room   atomic.Int64 // sets that may still be remembered
	size   atomic.Int64 // bytes of the last answer
	// personal is whether something is selected that not everybody may see: such
	// an answer is never kept.
	personal bool
}

// maxSets bounds what one plan remembers: a selection on interfaces inside
// interfaces has a set for each combination of types that is met.
const maxSets = 2000

// Field is one field of an answer.
type Field struct {
	graphql.CollectedField
	// Number is the field's in the encoder of its object.
	Number int
	// NonNull is whether the object must not be without a value.
	NonNull bool
	// Link names the field in the table of links; empty: it is none.
	Link string
	// Object names the type the field belongs to.
	Object string

	plan  *Plan
	key   string // how it begins in the answer: "alias":
	def   *ast.Definition
	leads bool // a link may stand below
	leaf  bool
	sets  atomic.Pointer[[]*Set]
}

// Set is what is selected on objects of one type.
type Set struct {
	object int
	Fields []Field
}

// typename is the number of __typename in every encoder.
const typename = -1

// Schema is what the compiler knows of the schema.
type Schema struct {
	*ast.Schema
	encoders Encoders
	objects  []object
	numbers  map[string]int  // of object types
	links    map[string]bool // "Type.field", of interfaces too
	getters  sync.Map        // of getterKey to getter
}

// object is an object type with an encoder.
type object struct {
	def       *ast.Definition
	satisfies []string
	fields    map[string]int
	quoted    string
}

// Names are an object type and its fields, in the order of their numbers.
type Names struct {
	Object string
	Fields []string
}

func newSchema(schema *ast.Schema, encoders Encoders, links func(name string) bool) *Schema {
	s := &Schema{Schema: schema, encoders: encoders, numbers: map[string]int{}, links: map[string]bool{}}
	for number, names := range encoders.Names() {
		def := schema.Types[names.Object]
		o := object{def: def, satisfies: []string{def.Name}, fields: map[string]int{"__typename": typename}, quoted: `"` + def.Name + `"`}
		for _, abstract := range schema.GetImplements(def) {
			o.satisfies = append(o.satisfies, abstract.Name)
		}
		for i, field := range names.Fields {
			if !strings.HasPrefix(field, "__") { // introspection is the executor's
				o.fields[field] = i
			}
		}
		s.numbers[def.Name] = number
		s.objects = append(s.objects, o)
	}
	for _, def := range schema.Types {
		if def.Kind != ast.Object {
			continue
		}
		satisfied := append([]*ast.Definition{def}, schema.GetImplements(def)...)
		for _, field := range def.Fields {
			if !links(def.Name + "." + field.Name) {
				continue
			}
			for _, t := range satisfied {
				s.links[t.Name+"."+field.Name] = true
			}
		}
	}
	return s
}

// root makes the field that stands for the whole operation.
func (s *Schema) rootField(op *graphql.OperationContext, def *ast.Definition) *Field {
	p := &Plan{schema: s, personal: personal(op.Operation.SelectionSet, map[string]bool{})}
	p.room.Store(maxSets)
	p.root = &Field{plan: p, def: def, leads: true, CollectedField: graphql.CollectedField{Selections: op.Operation.SelectionSet}}
	return p.root
}

// alone makes the field of a selection that the executor answers, with what
// stands below it, for Load.
func (s *Schema) alone(collected graphql.CollectedField) *Field {
	p := &Plan{schema: s}
	p.room.Store(maxSets)
	f := &Field{CollectedField: collected, plan: p}
	f.describe(s, collected.ObjectDefinition)
	return f
}

// describe fills in what the schema says about the field of an object type.
func (f *Field) describe(s *Schema, def *ast.Definition) {
	f.Object, f.key = def.Name, `"`+f.Alias+`":`
	declared := def.Fields.ForName(f.Name)
	if declared == nil {
		return // __typename and introspection
	}
	f.NonNull, f.def = declared.Type.NonNull, s.Types[declared.Type.Name()]
	f.leaf = f.def.IsLeafType()
	if name := def.Name + "." + f.Name; s.links[name] {
		f.Link = name
	}
	f.leads = !f.leaf && s.leads(f.Selections, map[string]bool{})
}

// leads tells whether a link may stand in the selection or below.
func (s *Schema) leads(set ast.SelectionSet, seen map[string]bool) bool {
	return slices.ContainsFunc(set, func(sel ast.Selection) bool {
		switch sel := sel.(type) {
		case *ast.Field:
			return sel.ObjectDefinition != nil && s.links[sel.ObjectDefinition.Name+"."+sel.Name] || s.leads(sel.SelectionSet, seen)
		case *ast.InlineFragment:
			return s.leads(sel.SelectionSet, seen)
		case *ast.FragmentSpread:
			if seen[sel.Name] || sel.Definition == nil {
				return false
			}
			seen[sel.Name] = true
			return s.leads(sel.Definition.SelectionSet, seen)
		}
		return false
	})
}

// personal tells whether a field of the selection carries @personal.
func personal(set ast.SelectionSet, seen map[string]bool) bool {
	return slices.ContainsFunc(set, func(sel ast.Selection) bool {
		switch sel := sel.(type) {
		case *ast.Field:
			return sel.Definition != nil && sel.Definition.Directives.ForName("personal") != nil || personal(sel.SelectionSet, seen)
		case *ast.InlineFragment:
			return personal(sel.SelectionSet, seen)
		case *ast.FragmentSpread:
			if seen[sel.Name] || sel.Definition == nil {
				return false
			}
			seen[sel.Name] = true
			return personal(sel.Definition.SelectionSet, seen)
		}
		return false
	})
}

// set is what is selected on an object of the type of that number.
func (f *Field) set(op *graphql.OperationContext, number int) *Set {
	if known := f.known(number); known != nil {
		return known
	}
	made := f.compile(op, number)
	f.plan.grow.Lock()
	defer f.plan.grow.Unlock()
	if known := f.known(number); known != nil {
		return known
	}
	if f.plan.room.Add(-1) >= 0 {
		var sets []*Set
		if old := f.sets.Load(); old != nil {
			sets = slices.Clone(*old)
		}
		sets = append(sets, made)
		f.sets.Store(&sets)
	}
	return made
}

func (f *Field) known(number int) *Set {
	if sets := f.sets.Load(); sets != nil {
		for _, set := range *sets {
			if set.object == number {
				return set
			}
		}
	}
	return nil
}

func (f *Field) compile(op *graphql.OperationContext, number int) *Set {
	o := &f.plan.schema.objects[number]
	collected := graphql.CollectFields(op, f.Selections, o.satisfies)
	set := &Set{object: number, Fields: make([]Field, len(collected))}
	for i, c := range collected {
		field := &set.Fields[i]
		field.CollectedField, field.plan = c, f.plan
		field.describe(f.plan.schema, o.def)
		field.Number = o.fields[c.Name]
	}
	return set
}

// unknown names the first reason why a root selection cannot be answered by a
// plan; empty: it can.
func (s *Set) unknown(o *object) string {
	for i := range s.Fields {
		name := s.Fields[i].Name
		if _, ok := o.fields[name]; !ok {
			if strings.HasPrefix(name, "__") {
				return introspection
			}
			return unknownField
		}
	}
	return planned
}

// variants names the variables that decide what is selected, in order: a plan
// holds for one combination of their values.
func variants(op *ast.OperationDefinition) []string {
	found, seen := map[string]bool{}, map[string]bool{}
	selectionVariants(op.SelectionSet, found, seen)
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func selectionVariants(set ast.SelectionSet, found, seen map[string]bool) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			directiveVariants(sel.Directives, found)
			selectionVariants(sel.SelectionSet, found, seen)
		case *ast.InlineFragment:
			directiveVariants(sel.Directives, found)
			selectionVariants(sel.SelectionSet, found, seen)
		case *ast.FragmentSpread:
			directiveVariants(sel.Directives, found)
			if sel.Definition != nil && !seen[sel.Name] {
				seen[sel.Name] = true
				selectionVariants(sel.Definition.SelectionSet, found, seen)
			}
		}
	}
}

func directiveVariants(list ast.DirectiveList, found map[string]bool) {
	for _, d := range list {
		for _, arg := range d.Arguments {
			if arg.Value != nil && arg.Value.Kind == ast.Variable {
				found[arg.Value.Raw] = true
			}
		}
	}
}
