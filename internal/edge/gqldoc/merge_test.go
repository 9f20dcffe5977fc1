package gqldoc

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
	"pgregory.net/rapid"
)

// selections draws the inside of a selection set on typ; it prefers few names,
// so that response names meet.
func selections(t *rapid.T, typ string, depth int) string {
	var b strings.Builder
	for range rapid.IntRange(1, 4).Draw(t, "n") {
		alias := rapid.SampledFrom([]string{"", "", "a:", "b:", "title:"}).Draw(t, "alias")
		kinds := []string{"title", "id", "nodes"}
		switch typ {
		case "Event":
			kinds = append(kinds, "seats", `seats(kind:"x")`, "place", "place2", "...F1", "...F2")
		case "Place":
			kinds = append(kinds, "seats", "self", `events(first:1,filter:{text:"x",first:1})`, `events(filter:{first:1,text:"x"},first:1)`, "...F3")
		default:
			kinds = append(kinds, "...on Event", "...on Place", "...on Node")
		}
		field := rapid.SampledFrom(kinds).Draw(t, "field")
		if strings.HasPrefix(field, "...") {
			alias = ""
		}
		inner := map[string]string{"place": "Place", "place2": "Place", "self": "Place", "nodes": "Node", "...on Event": "Event", "...on Place": "Place", "...on Node": "Node"}[field]
		switch {
		case strings.HasPrefix(field, "events"):
			b.WriteString(alias + field + "{totalCount}")
		case inner == "":
			b.WriteString(alias + field)
		case depth == 0:
			b.WriteString("id")
		default:
			b.WriteString(alias + field + "{" + selections(t, inner, depth-1) + "}")
		}
		b.WriteString(" ")
	}
	return b.String()
}

// TestMergeAgreesWithTextbook compares the linear check with the library's
// comparison of all pairs, on random documents without fragment cycles.
func TestMergeAgreesWithTextbook(t *testing.T) {
	schema := testSchema()
	limits := DefaultLimits()
	limits.MergeSteps = 1 << 30
	documents, conflicts := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		noSpread := func(s string) string {
			return strings.NewReplacer("...F1", "id", "...F2", "id", "...F3", "id").Replace(s)
		}
		query := fmt.Sprintf("{event{...F1 ...F2 place{...F3} %s} node(id:1){%s}}fragment F1 on Event{%s}fragment F2 on Event{%s}fragment F3 on Place{%s}",
			selections(t, "Event", 2), selections(t, "Node", 3),
			noSpread(selections(t, "Event", 2)), noSpread(selections(t, "Event", 2)), noSpread(selections(t, "Place", 2)))
		textbook := parsed(t, schema, query, rules.OverlappingFieldsCanBeMergedRule)
		doc, err := parser.ParseQuery(&ast.Source{Input: query})
		if err != nil {
			t.Fatal(err)
		}
		if wrong := validate(schema, doc, validationRules(), 1); wrong != nil {
			t.Fatalf("%s: %v", query, wrong[0].fault)
		}
		ours := len(checkMerge(schema, doc, &limits)) > 0
		if ours != textbook {
			t.Fatalf("%s: conflict %v, textbook says %v", query, ours, textbook)
		}
		documents++
		if ours {
			conflicts++
		}
	})
	if conflicts == 0 || conflicts == documents {
		t.Errorf("%d of %d documents conflicted: the test proves nothing", conflicts, documents)
	}
}

func parsed(t *rapid.T, schema *ast.Schema, query string, rule core.Rule) bool {
	doc, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		t.Fatal(err)
	}
	return len(validate(schema, doc, []core.Rule{rule}, 1)) > 0
}
