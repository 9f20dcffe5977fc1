package gqldoc

import (
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/kernel/lang"
)

// A document is known by its hash after it was sent with it and was right, and
// costs the same by both ways.
func TestPersisted(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: `type Query { hello: String list(first: Int): [Row!]! } type Row { id: ID }`})
	limits := DefaultLimits()
	limits.Cost = ByLevel{Anonymous: 50, SignedIn: 50}
	p, err := New(schema, limits, Costs{"Query.list": {RowsFrom: "first"}})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(query, hash string, variables map[string]any) string {
		_, errs := p.Prepare(t.Context(), Request{Query: query, Variables: variables, Extensions: map[string]any{
			"persistedQuery": map[string]any{"version": 1, "sha256Hash": hash},
		}}, Reader{Lang: lang.EN})
		return code(errs)
	}
	const good, broken, paged = `{ hello }`, `{ nothing }`, `query($n: Int) { list(first: $n) { id } }`
	for _, x := range []struct {
		query, hash string
		variables   map[string]any
		code        string
	}{
		{"", hashOf(good), nil, "PERSISTED_QUERY_NOT_FOUND"},
		{good, hashOf(paged), nil, "PERSISTED_QUERY_MISMATCH"},
		{"", hashOf(paged), nil, "PERSISTED_QUERY_NOT_FOUND"},
		{good, hashOf(good), nil, ""},
		{"", hashOf(good), nil, ""},
		{broken, hashOf(broken), nil, "GRAPHQL_VALIDATION_FAILED"},
		{"", hashOf(broken), nil, "PERSISTED_QUERY_NOT_FOUND"},
		{paged, hashOf(paged), map[string]any{"n": 5}, ""},
		{"", hashOf(paged), map[string]any{"n": 5}, ""},
		{paged, hashOf(paged), map[string]any{"n": 90}, "COST_LIMIT"},
		{"", hashOf(paged), map[string]any{"n": 90}, "COST_LIMIT"},
		{"", hashOf(paged), map[string]any{"n": 900}, "PAGE_SIZE"},
	} {
		if got := ask(x.query, x.hash, x.variables); got != x.code {
			t.Errorf("%q by %.8s with %v: %q, want %q", x.query, x.hash, x.variables, got, x.code)
		}
	}
}
