package gqldoc

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
)

func TestCost(t *testing.T) {
	tests := []struct {
		name      string
		query     string
		variables map[string]any
		cost      int
	}{
		{"a field", "{me}", nil, 1},
		{"a declared weight", "{heavy}", nil, 500},
		{"a connection: itself, count once, 5 rows of nodes and title", "{events(first:5){totalCount nodes{title}}}", nil, 1 + 1 + 5*2},
		{"edges", "{events(first:5){edges{cursor node{title}}}}", nil, 1 + 5*4},
		{"the default of the schema", "{event{related{nodes{id}}}}", nil, 1 + 1 + 20*2},
		{"the default page", "{events{nodes{id}}}", nil, 1 + 20*2},
		{"last", "{events(last:3){nodes{id}}}", nil, 1 + 3*2},
		{"no rows counts one", "{events(first:0){nodes{id}}}", nil, 1 + 2},
		{"a variable", "query($n:Int){events(first:$n){nodes{id}}}", map[string]any{"n": json.Number("7")}, 1 + 7*2},
		{"a variable as text", "query($n:Int){events(first:$n){nodes{id}}}", map[string]any{"n": "7"}, 1 + 7*2},
		{"a variable's default", "query($n:Int=4){events(first:$n){nodes{id}}}", nil, 1 + 4*2},
		{"a variable without value", "query($n:Int){events(first:$n){nodes{id}}}", nil, 1 + 20*2},
		{"a variable of null", "query($n:Int){events(first:$n){nodes{id}}}", map[string]any{"n": nil}, 1 + 20*2},
		{"a list", "{found{...on Event{id title}}}", nil, 1 + 10*2},
		{"a list of scalars", "{event{tags}}", nil, 2},
		{"ids", `{nodes(ids:["1","2","3"]){id}}`, nil, 1 + 3},
		{"ids in a variable", `query($i:[ID!]!){nodes(ids:$i){id}}`, map[string]any{"i": []any{"1", "2"}}, 1 + 2},
		{"a fragment on the connection", "{events(first:5){...F}}fragment F on EventConnection{nodes{id}totalCount}", nil, 1 + 1 + 5*2},
		{"a fragment in two pages", "{a:events(first:5){...F}b:events(first:7){...F}}fragment F on EventConnection{nodes{id}}", nil, 2 + 12*2},
		{"pages of pages", "{events(first:5){nodes{related(first:4){nodes{id}}}}}", nil, 1 + 5*(1+1+4*2)},
		{"introspection is counted apart", "{__schema{types{name}}me}", nil, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPreparer(t, nil)
			for _, known := range []bool{false, true} {
				prepared, errs := prepare(t, p, tt.query, tt.variables)
				if errs != nil {
					t.Fatal(errs)
				}
				if prepared.Cost != tt.cost || prepared.Cached != known {
					t.Errorf("cost %d, cached %v; want %d, %v", prepared.Cost, prepared.Cached, tt.cost, known)
				}
			}
		})
	}
}

func TestCostOfUnknownFieldFailsAtStart(t *testing.T) {
	if _, err := New(testSchema(), DefaultLimits(), Costs{"Query.nothing": {Weight: 2}}); err == nil {
		t.Error("a misspelled cost was accepted")
	}
}

func TestCostHoldsForEachRequest(t *testing.T) {
	p := newPreparer(t, nil)
	query := "query($n:Int){events(first:100){nodes{related(first:$n){nodes{id}}}}}"
	if _, errs := prepare(t, p, query, map[string]any{"n": json.Number("5")}); errs != nil {
		t.Fatal(errs)
	}
	_, errs := prepare(t, p, query, map[string]any{"n": json.Number("100")})
	if code(errs) != "COST_LIMIT" || errs[0].Extensions["limit"] != 20_000 || errs[0].Extensions["got"] != 1+100*(1+1+200) {
		t.Errorf("got %v %v", errs, errs[0].Extensions)
	}
	if _, errs := p.Prepare(context.Background(), Request{Query: query, Variables: map[string]any{"n": 100}}, Reader{SignedIn: true}); errs != nil {
		t.Errorf("signed in: %v", errs)
	}
	for huge, want := range map[any]string{
		"101": "PAGE_SIZE", json.Number("2147483647"): "PAGE_SIZE",
		int64(1 << 40): "VARIABLE_INVALID", "9223372036854775807": "VARIABLE_INVALID", // more than an Int holds
	} {
		if _, errs := prepare(t, p, query, map[string]any{"n": huge}); code(errs) != want {
			t.Errorf("first: %v gives %v", huge, errs)
		}
	}
}

func TestLimitsByLevelHoldForKnownDocuments(t *testing.T) {
	p := newPreparer(t, nil)
	query := flood("{event{", "seats ", "}}", 1200)
	if _, errs := p.Prepare(context.Background(), Request{Query: query}, Reader{SignedIn: true}); errs != nil {
		t.Fatal(errs)
	}
	if _, errs := prepare(t, p, query, nil); code(errs) != "TOO_MANY_TOKENS" {
		t.Errorf("anonymous got %v", errs)
	}
}

func TestVariables(t *testing.T) {
	long := strings.Repeat("à", 10_001)
	deep := any("x")
	for range 12 {
		deep = map[string]any{"field": deep}
	}
	const write = "mutation($input:Minutes!){write(input:$input){id}}"
	const filter = "query($f:Filter){events(filter:$f){totalCount}}"
	tests := []struct {
		name, query, code string
		variables         map[string]any
	}{
		{"fits", write, "", map[string]any{"input": map[string]any{"event": "1", "title": strings.Repeat("à", 10_000)}}},
		{"too long", write, "TOO_LONG", map[string]any{"input": map[string]any{"event": "1", "title": long}}},
		{"long text", write, "", map[string]any{"input": map[string]any{"event": "1", "minutes": long}}},
		{"long text by another name", "mutation($x:String){note(minutes:$x)}", "", map[string]any{"x": long}},
		{"long text in the same place, too long", "mutation($x:String){note(minutes:$x)}", "TOO_LONG", map[string]any{"x": strings.Repeat("a", 200_001)}},
		{"long text elsewhere", "query($x:String){found(text:$x){__typename}}", "TOO_LONG", map[string]any{"x": long}},
		{"NUL", "query($x:String){found(text:$x){__typename}}", "BAD_TEXT", map[string]any{"x": "a\x00"}},
		{"not UTF-8", "query($x:String){found(text:$x){__typename}}", "BAD_TEXT", map[string]any{"x": "a\xff"}},
		{"NUL in a key", filter, "BAD_TEXT", map[string]any{"f": map[string]any{"a\x00": 1}}},
		{"deep", filter, "VALUE_TOO_DEEP", map[string]any{"f": deep}},
		{"many", filter, "TOO_MANY_VALUES", map[string]any{"f": make([]any, 10_001)}},
		{"missing", write, "VARIABLE_INVALID", nil},
		{"null", write, "VARIABLE_INVALID", map[string]any{"input": nil}},
		{"wrong type", write, "VARIABLE_INVALID", map[string]any{"input": "x"}},
		{"unknown field", write, "VARIABLE_INVALID", map[string]any{"input": map[string]any{"event": "1", "nothing": 1}}},
		{"enum", filter, "VARIABLE_INVALID", map[string]any{"f": map[string]any{"order": "<b>SIDEWAYS</b>"}}},
		{"unused variables are ignored", "{me}", "", map[string]any{"x": 1}},
	}
	p := newPreparer(t, nil)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, errs := prepare(t, p, tt.query, tt.variables)
			if code(errs) != tt.code {
				t.Fatalf("got %q (%v), want %q", code(errs), errs, tt.code)
			}
			if b, _ := json.Marshal(errs); strings.Contains(string(b), "SIDEWAYS") {
				t.Errorf("the value is echoed: %s", b)
			}
		})
	}
}

func TestVariablePlace(t *testing.T) {
	p := newPreparer(t, nil)
	_, errs := prepare(t, p, "query($f:Filter){events(filter:$f){totalCount}}", map[string]any{"f": map[string]any{"field": map[string]any{"order": "x"}}})
	if got := errs[0].Extensions["variable"]; got != "f.field.order" {
		t.Errorf("variable %q", got)
	}
}

func TestOperationName(t *testing.T) {
	p := newPreparer(t, nil)
	const two = "query a{me}query b{heavy}"
	for name, want := range map[string]string{"": "OPERATION_NOT_FOUND", "c": "OPERATION_NOT_FOUND", "b": ""} {
		prepared, errs := p.Prepare(context.Background(), Request{Query: two, OperationName: name}, english())
		if code(errs) != want {
			t.Errorf("%q: %v", name, errs)
		}
		if want == "" && (prepared.Operation.Name != "b" || prepared.Cost != 500) {
			t.Errorf("prepared %s at %d", prepared.Operation.Name, prepared.Cost)
		}
	}
}

func TestMessagesSpeakTheReadersLanguage(t *testing.T) {
	p := newPreparer(t, nil)
	for l, want := range map[lang.Lang]string{
		lang.CA: "La consulta passa de 1000 elements lèxics.",
		lang.ES: "La consulta supera los 1000 elementos léxicos.",
		lang.EN: "The query has more than 1000 tokens.",
	} {
		_, errs := p.Prepare(context.Background(), Request{Query: strings.Repeat("a ", 2000)}, Reader{Lang: l})
		if errs[0].Message != want || errs[0].Extensions["limit"] != 1000 {
			t.Errorf("%s: %q %v", l, errs[0].Message, errs[0].Extensions)
		}
		if !isFault(errs[0], ErrTokens) {
			t.Errorf("%s: the fault is not inside", l)
		}
	}
}

func isFault(err error, c fault.Code) bool {
	for _, f := range fault.All(err) {
		if f.Code.Name == c.Name {
			return true
		}
	}
	return false
}

func TestValidationErrorsHavePlacesAndNoSuggestions(t *testing.T) {
	p := newPreparer(t, nil)
	_, errs := prepare(t, p, "{\n  event {\n    titel\n  }\n}", nil)
	if len(errs) != 1 || len(errs[0].Locations) != 1 || errs[0].Locations[0].Line != 3 || errs[0].Locations[0].Column != 5 {
		t.Fatalf("got %v", errs)
	}
	if want := `The query does not fit the schema: Cannot query field "titel" on type "Event".`; errs[0].Message != want {
		t.Errorf("message %q", errs[0].Message)
	}
	_, errs = prepare(t, p, numbered("{event{", "x%d ", "}}", 100), nil)
	if len(errs) != 20 {
		t.Errorf("%d errors, want 20", len(errs))
	}
}

func TestMistakeInFragmentIsToldOnce(t *testing.T) {
	p := newPreparer(t, nil)
	_, errs := prepare(t, p, "{event{...a}}fragment a on Event{...b}fragment b on Event{nothing}", nil)
	if len(errs) != 1 {
		t.Errorf("got %v", errs)
	}
}

func TestIntrospection(t *testing.T) {
	p := newPreparer(t, nil)
	if _, errs := prepare(t, p, standardIntrospection, nil); errs != nil {
		t.Errorf("the query of tools: %v", errs)
	}
	wide := numbered("{__schema{types{", "a%d:fields{type{fields{name description}}}", "}}}", 25)
	if _, errs := prepare(t, p, wide, nil); code(errs) != "INTROSPECTION_LIMIT" {
		t.Errorf("the fields of all fields: %v", errs)
	}
	nested := "{__type(name:\"Event\"){fields{type{fields{type{fields{name}}}}}}}"
	if _, errs := prepare(t, p, nested, nil); code(errs) != "GRAPHQL_VALIDATION_FAILED" {
		t.Errorf("nested lists: %v", errs)
	}
	off := newPreparer(t, func(l *Limits) { l.Introspection = false })
	if _, errs := prepare(t, off, "{event{...on Event{id}}...F}fragment F on Query{__schema{types{name}}}", nil); code(errs) != "INTROSPECTION_OFF" {
		t.Errorf("switched off: %v", errs)
	}
	if _, errs := prepare(t, off, "{__typename}", nil); errs != nil {
		t.Errorf("__typename is no introspection: %v", errs)
	}
}

func TestDepthLeavesOutConnections(t *testing.T) {
	p := newPreparer(t, nil)
	hop := "related(first:1){edges{node{%s}}}"
	query := "id"
	for range 8 {
		query = strings.Replace(hop, "%s", query, 1)
	}
	if _, errs := prepare(t, p, "{event{"+query+"}}", nil); errs != nil {
		t.Errorf("eight hops: %v", errs)
	}
	for range 2 {
		query = strings.Replace(hop, "%s", query, 1)
	}
	_, errs := prepare(t, p, "{event{"+query+"}}", nil)
	if code(errs) != "QUERY_TOO_DEEP" {
		t.Errorf("ten hops: %v", errs)
	}
}

// TestScanSeesWhatTheParserSees holds the scanner to the parser: a document
// the parser accepts nests no deeper than the scanner says.
func TestScanLimitsNestingExactly(t *testing.T) {
	for depth, want := range map[int]string{60: "", 61: "QUERY_TOO_NESTED"} {
		query := flood("", "{a", "", depth) + strings.Repeat("}", depth)
		if _, err := parser.ParseQuery(&ast.Source{Input: query}); err != nil {
			t.Fatal(err)
		}
		_, f := scan(query, 1000, 60)
		if got := name(f); got != want {
			t.Errorf("depth %d: %q, want %q", depth, got, want)
		}
	}
}

func name(f *fault.Fault) string {
	if f == nil {
		return ""
	}
	return f.Code.Name
}

func TestCancelledContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, errs := newPreparer(t, nil).Prepare(ctx, Request{Query: "{me}"}, english()); code(errs) != "TIMEOUT" {
		t.Errorf("got %v", errs)
	}
}

func TestCacheIsBounded(t *testing.T) {
	p := newPreparer(t, func(l *Limits) { l.CacheBytes = 200_000 })
	for i := range 500 {
		if _, errs := prepare(t, p, "{me}"+strings.Repeat(" ", i), nil); errs != nil {
			t.Fatal(errs)
		}
	}
	if p.cache.bytes > 200_000 || p.cache.order.Len() != len(p.cache.byKey) || p.cache.order.Len() == 0 {
		t.Errorf("%d bytes, %d in order, %d by key", p.cache.bytes, p.cache.order.Len(), len(p.cache.byKey))
	}
	prepared, errs := prepare(t, p, "{me}"+strings.Repeat(" ", 499), nil)
	if errs != nil || !prepared.Cached {
		t.Error("the latest document was dropped")
	}
	if _, errs := prepare(t, p, flood("{event{", "seats ", "}}", 900), nil); errs != nil {
		t.Fatal(errs)
	}
	if prepared, _ = prepare(t, p, flood("{event{", "seats ", "}}", 900), nil); prepared.Cached {
		t.Error("one document may not take the cache")
	}
}
