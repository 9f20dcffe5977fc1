package graph

import (
	goast "go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// contractOf loads the schema as it is served.
func contractOf(t *testing.T) *ast.Schema {
	t.Helper()
	files, err := filepath.Glob("../schema/*.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	var sources []*ast.Source
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: file, Input: string(text)})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// keyed finds the inputs whose idempotency key some function of this package
// hands on: it takes the input and mentions its key.
func keyed(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*goast.FuncDecl)
			if !ok || f.Body == nil || !mentions(f.Body, "IdempotencyKey") {
				continue
			}
			for _, p := range f.Type.Params.List {
				if s, ok := p.Type.(*goast.SelectorExpr); ok {
					found[strings.ToLower(s.Sel.Name)] = true
				}
			}
		}
	}
	return found
}

func mentions(n goast.Node, name string) (found bool) {
	goast.Inspect(n, func(n goast.Node) bool {
		if s, ok := n.(*goast.SelectorExpr); ok && s.Sel.Name == name {
			found = true
		}
		return !found
	})
	return found
}

// TestEveryMutationHandsItsKeyOn: a key that the contract takes and the resolver
// drops would promise what is not done. What then happens with it is tested from
// outside (hubtest/api, TestEveryMutationOnce).
func TestEveryMutationHandsItsKeyOn(t *testing.T) {
	handed, schema := keyed(t), contractOf(t)
	for _, field := range schema.Mutation.Fields {
		input := field.Arguments.ForName("input")
		if input == nil {
			t.Errorf("%s takes no input", field.Name)
			continue
		}
		def := schema.Types[input.Type.Name()]
		if def.Fields.ForName("idempotencyKey") == nil {
			t.Errorf("%s takes no idempotency key", field.Name)
		}
		if !handed[strings.ToLower(def.Name)] {
			t.Errorf("%s takes an idempotency key and hands it to nobody", field.Name)
		}
	}
}
