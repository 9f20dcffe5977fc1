package graph_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/graph/engine"
	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
)

// unknownNode is behind the interface, and the schema does not know it.
type unknownNode struct{}

func (unknownNode) IsNode() {}

// fewNodes answers questions for nodes, and no others.
type fewNodes struct {
	generated.ResolverRoot
	nodes []model.Node
}

func (f fewNodes) Query() generated.QueryResolver { return fewNodesQuery{nodes: f.nodes} }

type fewNodesQuery struct {
	generated.QueryResolver
	nodes []model.Node
}

func (f fewNodesQuery) Nodes(context.Context, []string) ([]model.Node, error) { return f.nodes, nil }

func (f fewNodesQuery) Node(context.Context, string) (model.Node, error) { return f.nodes[0], nil }

// TestATypeThatTheSchemaDoesNotKnow: what is behind an interface and of no type of
// the schema is an error of its own, and the rest is as the executor has it.
func TestATypeThatTheSchemaDoesNotKnow(t *testing.T) {
	t.Parallel()
	for name, nodes := range map[string][]model.Node{
		"alone": {unknownNode{}}, "among nulls": {nil, unknownNode{}, nil}, "twice": {unknownNode{}, nil, unknownNode{}}, "nowhere": {nil, nil},
	} {
		for _, query := range []string{
			`{ nodes(ids: ["a"]) { __typename id } }`, `{ a: node(id: "a") { id } nodes(ids: []) { id } }`,
		} {
			es := generated.NewExecutableSchema(generated.Config{Resolvers: fewNodes{nodes: nodes}})
			reads := engine.New(es, generated.NewEncoders(es), engine.Options{
				Links: func(string) bool { return false },
				Observe: func(fallback string) {
					if fallback != "" {
						t.Errorf("left to the executor: %s", fallback)
					}
				},
			})
			want, got := answered(t, es, query), answered(t, reads, query)
			if got != want {
				t.Errorf("%s, %s:\nexecutor %s\nengine   %s", name, query, want, got)
			}
		}
	}
}

func answered(t *testing.T, es graphql.ExecutableSchema, query string) string {
	t.Helper()
	exec := executor.New(es)
	exec.SetRecoverFunc(func(context.Context, any) error { return gqlerror.Errorf("fell over") })
	ctx := graphql.StartOperationTrace(t.Context())
	op, errs := exec.CreateOperationContext(ctx, &graphql.RawParams{Query: query})
	if errs != nil {
		t.Fatal(errs)
	}
	respond, ctx := exec.DispatchOperation(ctx, op)
	response := respond(ctx)
	slices.SortFunc(response.Errors, func(a, b *gqlerror.Error) int { // the executor's order is that of goroutines
		return strings.Compare(a.Path.String(), b.Path.String())
	})
	text, err := json.Marshal(response)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
