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

// Registered documents are known from the start, by both names and by their text,
// and outlive all others; whoever may ask nothing else is told so.
func TestRegistered(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: `type Query { hello: String other: String }`})
	limits := DefaultLimits()
	limits.CacheBytes = 1 // nothing else is remembered
	p, err := New(schema, limits, nil)
	if err != nil {
		t.Fatal(err)
	}
	const ours, theirs = `{ hello }`, `{ other }`
	if err := p.Register(map[string]string{hashOf(ours): ours}); err != nil {
		t.Fatal(err)
	}
	for name, wrong := range map[string]map[string]string{
		"no hash of it": {hashOf(theirs): ours}, "not of the schema": {hashOf(`{ nothing }`): `{ nothing }`},
	} {
		if err := p.Register(wrong); err == nil {
			t.Errorf("%s: registered", name)
		}
	}
	named := func(query string) map[string]any {
		return map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hashOf(query)}}
	}
	for _, x := range []struct {
		request Request
		only    bool
		code    string
	}{
		{Request{Extensions: named(ours)}, false, ""},
		{Request{DocumentID: hashOf(ours)}, true, ""},
		{Request{DocumentID: "sha256:" + hashOf(ours)}, true, ""},
		{Request{Query: ours}, true, ""},
		{Request{DocumentID: "sha256:" + hashOf(theirs)}, true, "PERSISTED_QUERY_NOT_FOUND"},
		{Request{Query: theirs}, true, "OPERATION_NOT_REGISTERED"},
		{Request{Query: theirs, Extensions: named(theirs)}, true, "OPERATION_NOT_REGISTERED"},
		{Request{Query: theirs}, false, ""},
		{Request{Query: theirs, DocumentID: hashOf(ours)}, false, "PERSISTED_QUERY_MISMATCH"},
		{Request{Query: `{ nothing }`}, true, "OPERATION_NOT_REGISTERED"}, // it is not even read
	} {
		prepared, errs := p.Prepare(t.Context(), x.request, Reader{Lang: lang.EN, RegisteredOnly: x.only})
		if got := code(errs); got != x.code {
			t.Errorf("%+v, only registered %v: %q, want %q", x.request, x.only, got, x.code)
		}
		if prepared != nil && (prepared.Request.Persisted() != "" || prepared.Request.Query == "") {
			t.Errorf("%+v is told by its name behind: %+v", x.request, prepared.Request)
		}
	}
}
