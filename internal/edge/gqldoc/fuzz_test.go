package gqldoc

import (
	"encoding/json"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"
)

// FuzzPrepare holds three promises on any input: no panic (Prepare turns one
// into INTERNAL, which no document may reach), a result or errors but not both,
// and no bracket the parser sees but the scanner does not.
func FuzzPrepare(f *testing.F) {
	for _, b := range bombs() {
		if len(b.query) < 5000 {
			f.Add(b.query, `{"n":1}`)
		}
	}
	f.Add(standardIntrospection, "")
	f.Add(`query($n:Int,$f:Filter,$i:[ID!]=["x"]){events(first:$n,filter:$f){nodes{id}}nodes(ids:$i){id}}`, `{"n":"7","f":{"list":[[{"order":"UP"}]],"first":1.5},"i":3}`)
	f.Add(`mutation($input:Minutes!){write(input:$input){id}}`, `{"input":[null,{"event":{}}]}`)
	f.Add("{a(b:\"\"\"\\\"\"\" \"\"\"\"\"){c}}", "")
	p := newPreparer(f, nil)
	f.Fuzz(func(t *testing.T, query, variables string) {
		var values map[string]any
		_ = json.Unmarshal([]byte(variables), &values)
		prepared, errs := prepare(t, p, query, values)
		if code(errs) == "INTERNAL" {
			t.Fatalf("panic: %v", errs[0].Err)
		}
		if (prepared == nil) == (errs == nil) {
			t.Fatalf("%v and %v", prepared, errs)
		}
		if seen := nesting(query); seen > 0 {
			if _, refused := scan(query, 1<<30, seen-1); refused == nil {
				t.Fatalf("the parser sees %d brackets open, the scanner fewer", seen)
			}
		}
	})
}

// nesting is the most brackets open at once as the parser's lexer reads src,
// up to its first error.
func nesting(src string) int {
	l := lexer.New(&ast.Source{Input: src})
	open, most := 0, 0
	for {
		token, err := l.ReadToken()
		if err != nil || token.Kind == lexer.EOF {
			return most
		}
		switch token.Kind {
		case lexer.BraceL, lexer.BracketL, lexer.ParenL:
			open++
		case lexer.BraceR, lexer.BracketR, lexer.ParenR:
			open = max(0, open-1)
		}
		most = max(most, open)
	}
}
