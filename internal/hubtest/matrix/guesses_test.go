package matrix_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"
)

// guess is a document that nobody has thought of: whatever the language lets one
// write about the contract.
type guess struct {
	text      string
	variables in
}

// guessing is a document in the making.
type guessing struct {
	contract
	*rapid.T
	declared  []string // variables
	variables in
	fragments []string
	aliases   int
}

// guess writes a document on a few root fields.
func (m *matrix) guess(t *rapid.T) guess {
	g := &guessing{contract: m.contract, T: t, declared: []string{"$yes: Boolean! = true", "$no: Boolean!"}, variables: in{"no": false}}
	roots := slices.Sorted(maps.Keys(m.queries))
	var set []string
	for range rapid.IntRange(1, 3).Draw(t, "roots") {
		name := rapid.SampledFrom(roots).Draw(t, "root")
		field := m.Query.Fields.ForName(name)
		asks := m.queries[name]
		if field == nil || len(asks) == 0 {
			continue
		}
		set = append(set, g.root(field, rapid.SampledFrom(asks).Draw(t, "ask").args))
	}
	if rapid.Bool().Draw(t, "typename") {
		set = append(set, "__typename")
	}
	if len(set) == 0 {
		set = []string{"__typename"}
	}
	body := strings.Join(set, " ")
	if rapid.IntRange(0, 3).Draw(t, "use") >= 0 {
		body += " ... @include(if: $yes) { y: __typename } ... @include(if: $no) { n: __typename }"
	}
	text := "query Guess(" + strings.Join(g.declared, ", ") + ") {" + body + "}" + strings.Join(g.fragments, "")
	return guess{text, g.variables}
}

func (g *guessing) alias() string {
	g.aliases++
	return fmt.Sprintf("a%d", g.aliases)
}

// root writes a root field with the arguments that a row gives.
func (g *guessing) root(field *ast.FieldDefinition, given in) string {
	alias, args := g.alias(), []string{}
	for _, arg := range field.Arguments {
		v, ok := given[arg.Name]
		if !ok {
			continue
		}
		name := alias + arg.Name
		g.declared = append(g.declared, "$"+name+": "+arg.Type.String())
		g.variables[name] = v
		args = append(args, arg.Name+": $"+name)
	}
	if field.Arguments.ForName("first") != nil && given["first"] == nil {
		args = append(args, "first: 3")
	}
	head := alias + ": " + field.Name
	if len(args) > 0 {
		head += "(" + strings.Join(args, ", ") + ")"
	}
	return head + g.directive() + g.below(field, rapid.IntRange(1, 4).Draw(g.T, "depth"))
}

func (g *guessing) below(field *ast.FieldDefinition, depth int) string {
	def := g.Types[field.Type.Name()]
	if def.IsLeafType() {
		return ""
	}
	return " {" + g.selection(def, depth) + "}"
}

// selection writes what is asked of a type.
func (g *guessing) selection(def *ast.Definition, depth int) string {
	parts := []string{"__typename"}
	if def.IsAbstractType() {
		objects := g.objects(def.Name)
		for range rapid.IntRange(1, 3).Draw(g.T, "types") {
			of := g.Types[rapid.SampledFrom(objects).Draw(g.T, "type")]
			parts = append(parts, g.fragment(of, depth))
		}
	}
	fields := g.fields(def)
	for range rapid.IntRange(1, 5).Draw(g.T, "fields") {
		if len(fields) == 0 {
			break
		}
		if part := g.field(rapid.SampledFrom(fields).Draw(g.T, "field"), depth); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}

// fragment writes what is asked of a type, inline or by name.
func (g *guessing) fragment(of *ast.Definition, depth int) string {
	set := g.selection(of, depth-1)
	if rapid.Bool().Draw(g.T, "inline") {
		return "... on " + of.Name + g.directive() + " {" + set + "}"
	}
	name := "F" + g.alias()
	g.fragments = append(g.fragments, " fragment "+name+" on "+of.Name+" {"+set+"}")
	return "..." + name + g.directive()
}

func (g *guessing) directive() string {
	return rapid.SampledFrom([]string{"", "", "", "", "", " @include(if: $yes)", " @skip(if: $no)", " @include(if: $no)", " @skip(if: true)"}).Draw(g.T, "directive")
}

// field writes one field; empty when it needs what nobody gives, and where the answer
// is never the same twice: the newest end of a feed moves when anything is written,
// such as that a code was tried.
func (g *guessing) field(field *ast.FieldDefinition, depth int) string {
	if depth <= 0 && !g.leaf(field) || field.Name == "head" {
		return ""
	}
	var args []string
	for _, arg := range field.Arguments {
		text, ok := g.argument(arg)
		if !ok {
			return ""
		}
		if text != "" {
			args = append(args, arg.Name+": "+text)
		}
	}
	head := g.alias() + ": " + field.Name
	if len(args) > 0 {
		head += "(" + strings.Join(args, ", ") + ")"
	}
	return head + g.directive() + g.below(field, depth-1)
}

// argument writes a value; ok is false when one is needed and none is known.
func (g *guessing) argument(arg *ast.ArgumentDefinition) (text string, ok bool) {
	needed := arg.Type.NonNull && arg.DefaultValue == nil
	if arg.Name != "first" && !needed && rapid.Bool().Draw(g.T, "without") {
		return "", true
	}
	switch def := g.Types[arg.Type.Name()]; {
	case arg.Type.Elem != nil:
	case arg.Name == "first":
		return rapid.SampledFrom([]string{"0", "1", "2", "3", "-1"}).Draw(g.T, "first"), true
	case def.Kind == ast.Enum:
		return rapid.SampledFrom(def.EnumValues).Draw(g.T, "value").Name, true
	case def.Name == "Boolean":
		return rapid.SampledFrom([]string{"true", "false"}).Draw(g.T, "bool"), true
	case def.Name == "Int":
		return "2", true
	case def.Name == "Date":
		return rapid.SampledFrom([]string{`"2026-01-02"`, `"2026-02-30"`}).Draw(g.T, "date"), true
	case arg.Name == "after":
		return rapid.SampledFrom([]string{"null", `"nonsense"`}).Draw(g.T, "after"), true
	}
	return "", !needed
}
