package gqldoc

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/internal/kernel/lang"
)

// testSchema is small but has what makes documents dangerous: cycles through
// connections, interfaces with many types, unions, input objects, a mutation
// with a long text.
func testSchema() *ast.Schema {
	var b strings.Builder
	b.WriteString(`
interface Node { id: ID! title: String! node: Node nodes: [Node!]! }
type PageInfo { hasNextPage: Boolean! endCursor: String }
type EventEdge { cursor: String! node: Event! }
type EventConnection { edges: [EventEdge!]! nodes: [Event!]! pageInfo: PageInfo! totalCount: Int! }
type Event implements Node {
  id: ID! title: String! node: Node nodes: [Node!]!
  seats(kind: String): Int place: Place place2: Place tags: [String!]! hosts: [Place!]!
  related(first: Int = 20, last: Int, after: String): EventConnection!
}
type Place implements Node { id: ID! title: String! node: Node nodes: [Node!]! seats: String events(first: Int, filter: Filter): EventConnection! self: Place! }
union Found = Event | Place
enum Order { UP DOWN }
input Filter { text: String field: Filter list: [[[Filter]]] order: Order first: Int }
input Minutes { event: ID! minutes: String title: String }
type Query {
  events(first: Int, last: Int, filter: Filter): EventConnection!
  event(id: ID): Event node(id: ID!): Node nodes(ids: [ID!]!): [Node]! found(text: String): [Found!]! me: String heavy: Int
  a0: Abstract0 a1: Abstract1
}
type Mutation { write(input: Minutes!): Event note(minutes: String): String }
type Subscription { changes(of: ID!): Event beat: Int }
`)
	// two interfaces with one type in common, the last: the worst case of the
	// rule that asks whether two types can meet
	b.WriteString("interface Abstract0 { x: Int }\ninterface Abstract1 { x: Int }\n")
	for i := range 80 {
		fmt.Fprintf(&b, "type T%d implements Abstract%d { x: Int }\n", i, i%2)
	}
	b.WriteString("type Tzz implements Abstract0 & Abstract1 { x: Int }\n")
	return gqlparser.MustLoadSchema(&ast.Source{Input: b.String()})
}

func newPreparer(t testing.TB, change func(*Limits)) *Preparer {
	t.Helper()
	limits := DefaultLimits()
	limits.LongTexts = []string{"minutes"}
	if change != nil {
		change(&limits)
	}
	p, err := New(testSchema(), limits, Costs{"Query.heavy": {Weight: 500}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func english() Reader { return Reader{Lang: lang.EN} }

func prepare(t testing.TB, p *Preparer, query string, variables map[string]any) (*Prepared, gqlerror.List) {
	t.Helper()
	return p.Prepare(context.Background(), Request{Query: query, Variables: variables}, english())
}

// code is the code of the first error, or "" when there is none.
func code(errs gqlerror.List) string {
	if len(errs) == 0 {
		return ""
	}
	return fmt.Sprint(errs[0].Extensions["code"])
}
