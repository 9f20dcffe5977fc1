package gqldoc

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// An Int has 32 bits and a @oneOf input exactly one field, however it is sent.
func TestValues(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: `
		input One @oneOf { id: ID number: Int deep: [One!] }
		type Query { found(by: One, all: [One!], n: Int, f: Float): String }`})
	p, err := New(schema, DefaultLimits(), nil)
	if err != nil {
		t.Fatal(err)
	}
	const by, all = `query($v: One) { found(by: $v) }`, `query($v: [One!]) { found(all: $v) }`
	const n, f = `query($v: Int) { found(n: $v) }`, `query($v: Float) { found(f: $v) }`
	for _, x := range []struct{ query, variables, code, where string }{
		{by, `{"v": {"id": "a"}}`, "", ""},
		{by, `{"v": null}`, "", ""},
		{by, `{}`, "", ""},
		{by, `{"v": {}}`, "VARIABLE_INVALID", "v"},
		{by, `{"v": {"id": null}}`, "VARIABLE_INVALID", "v"},
		{by, `{"v": {"id": "a", "number": 1}}`, "VARIABLE_INVALID", "v"},
		{by, `{"v": {"id": "a", "number": null}}`, "VARIABLE_INVALID", "v"},
		{by, `{"v": {"deep": [{"id": "a"}, {"deep": [{}]}]}}`, "VARIABLE_INVALID", "v.deep[1].deep[0]"},
		{by, `{"v": {"number": 2147483648}}`, "VARIABLE_INVALID", "v.number"},
		{all, `{"v": [{"id": "a"}, {"id": "a", "number": 1}]}`, "VARIABLE_INVALID", "v[1]"},
		{n, `{"v": 2147483647}`, "", ""},
		{n, `{"v": -2147483648}`, "", ""},
		{n, `{"v": 2147483648}`, "VARIABLE_INVALID", "v"},
		{n, `{"v": -2147483649}`, "VARIABLE_INVALID", "v"},
		{n, `{"v": 99999999999999999999}`, "VARIABLE_INVALID", "v"},
		{n, `{"v": "2147483648"}`, "VARIABLE_INVALID", "v"},
		{f, `{"v": 2147483648}`, "", ""},
		{`{ found(n: 2147483647) }`, `{}`, "", ""},
		{`{ found(n: 2147483648) }`, `{}`, "GRAPHQL_VALIDATION_FAILED", ""},
		{`{ found(by: {deep: [{number: -2147483649}]}) }`, `{}`, "GRAPHQL_VALIDATION_FAILED", ""},
		{`{ found(by: {id: "a", number: 1}) }`, `{}`, "GRAPHQL_VALIDATION_FAILED", ""},
		{`{ found(f: 2147483648) }`, `{}`, "", ""},
	} {
		for _, numbers := range []bool{false, true} { // as float64 and as json.Number
			decoder := json.NewDecoder(strings.NewReader(x.variables))
			if numbers {
				decoder.UseNumber()
			}
			var variables map[string]any
			if err := decoder.Decode(&variables); err != nil {
				t.Fatal(err)
			}
			_, errs := prepare(t, p, x.query, variables)
			where := ""
			if len(errs) > 0 {
				where, _ = errs[0].Extensions["variable"].(string)
			}
			if code(errs) != x.code || where != x.where {
				t.Errorf("%s %s: %s at %q, want %s at %q", x.query, x.variables, code(errs), where, x.code, x.where)
			}
		}
	}
}
