package graph

import (
	"errors"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
)

// TestEveryMutationHasAScope: nothing can be added to the schema without saying
// what programs need for it.
func TestEveryMutationHasAScope(t *testing.T) {
	t.Parallel()
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	all, err := newScopes(schema)
	if err != nil {
		t.Fatal(err)
	}
	nobody := &access.Viewer{Person: id.New(), Token: id.New(), Scopes: []string{string(auth.ScopeRead)}}
	everything := &access.Viewer{Person: id.New(), Token: id.New(), Scopes: []string{string(auth.ScopeAll)}}
	person := &access.Viewer{Person: id.New()}
	allowed := 0
	for _, field := range schema.Mutation.Fields {
		if all.check(nobody, field.Name) == nil {
			t.Errorf("a token for reading may %s", field.Name)
		}
		if err := all.check(person, field.Name); err != nil {
			t.Errorf("people may not %s: %v", field.Name, err)
		}
		err := all.check(everything, field.Name)
		if all[field.Name] == peopleOnly && !errors.Is(err, auth.ErrSessionOnly) {
			t.Errorf("a token for everything may %s: %v", field.Name, err)
		}
		if err == nil {
			allowed++
		}
	}
	t.Logf("%d mutations, of which %d for programs", len(schema.Mutation.Fields), allowed)
	if err := all.check(person, "notInTheSchema"); err == nil {
		t.Error("a mutation without a scope is allowed")
	}
}

// TestMutationWithoutScope: negative control, a new noun stops the start; the
// longest noun decides.
func TestMutationWithoutScope(t *testing.T) {
	t.Parallel()
	parse := func(field string) *ast.Schema {
		return gqlparser.MustLoadSchema(&ast.Source{Input: "type Query { a: Int } type Mutation { " + field + ": Int }"})
	}
	if _, err := newScopes(parse("kittenAdopt")); err == nil || !strings.Contains(err.Error(), "kittenAdopt") {
		t.Errorf("a mutation about kittens: %v", err)
	}
	for field, want := range map[string]auth.Scope{"eventSessionAdd": auth.ScopeEvents, "sessionEnd": peopleOnly, "registrationCancel": auth.ScopeRegistrations} {
		if got, err := newScopes(parse(field)); err != nil || got[field] != want {
			t.Errorf("%s needs %q, %v", field, got[field], err)
		}
	}
}
