package matrix_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/graph"
	"github.com/teixit/teixit/schema"
)

// contract is the published schema, seen as a graph of types.
type contract struct {
	*ast.Schema
	*atlas
}

func readContract(t testing.TB, more ...string) contract {
	t.Helper()
	files, err := fs.Glob(schema.FS, "*.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	var sources []*ast.Source
	for _, name := range files {
		text, err := schema.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	for _, text := range more {
		sources = append(sources, &ast.Source{Name: "more", Input: text})
	}
	s, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return contract{s, &atlas{types: graph.PersonalTypes()}}
}

// roots are the three root types.
func (c contract) roots() []*ast.Definition {
	return []*ast.Definition{c.Query, c.Mutation, c.Subscription}
}

// fields are a type's own, without what the language adds.
func (c contract) fields(of *ast.Definition) []*ast.FieldDefinition {
	var own []*ast.FieldDefinition
	for _, f := range of.Fields {
		if !strings.HasPrefix(f.Name, "__") {
			own = append(own, f)
		}
	}
	return own
}

func (c contract) leaf(f *ast.FieldDefinition) bool { return c.Types[f.Type.Name()].IsLeafType() }

// objects are the object types that a value of the named type can have.
func (c contract) objects(name string) []string {
	def := c.Types[name]
	switch {
	case def.Kind == ast.Object:
		return []string{name}
	case def.IsAbstractType():
		var names []string
		for _, o := range c.GetPossibleTypes(def) {
			if o.Kind == ast.Object { // an interface may implement another
				names = append(names, o.Name)
			}
		}
		return names
	}
	return nil
}

func (c contract) field(typeName, field string) *ast.FieldDefinition {
	return c.Types[typeName].Fields.ForName(field)
}

// connection tells whether a type is a page of rows.
func (c contract) connection(name string) bool {
	return c.field(name, "pageInfo") != nil && c.field(name, "nodes") != nil
}

// step goes from one object to another by a field; through a page it goes by its
// nodes.
type step struct {
	from, field, to string
	paged           bool
}

func (s step) String() string { return s.from + "." + s.field + ">" + s.to }

// steps are all ways to go from a type.
func (c contract) steps(from string) []step {
	var all []step
	for _, f := range c.fields(c.Types[from]) {
		for _, to := range c.objects(f.Type.Name()) {
			if !c.connection(to) {
				all = append(all, step{from: from, field: f.Name, to: to})
				continue
			}
			for _, row := range c.objects(c.field(to, "nodes").Type.Name()) {
				all = append(all, step{from: from, field: f.Name, to: row, paged: true})
			}
		}
	}
	return all
}

// personal tells whether a step leads to what is about a person: by a field that
// says for whom it is, or to a type that is about one person.
func (c contract) personal(s step) bool {
	_, about := c.types[s.to]
	return about || c.marked(s.from, s.field)
}

// marked tells whether a field carries @personal.
func (c contract) marked(typeName, field string) bool {
	return c.field(typeName, field).Directives.ForName("personal") != nil
}

// value tells whether a leaf may say who somebody is or what they did.
func (c contract) value(typeName string, f *ast.FieldDefinition) bool {
	return graph.IsPersonal(c.Schema, typeName, f) || c.leaf(f) && c.marked(typeName, f.Name)
}
