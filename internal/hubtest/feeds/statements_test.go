package feeds_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/platform/access"
)

// How many statements each question takes, finding out who asks included: on few
// things and on many.
func TestStatementsOfFeeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, app.WithStatementCounts())
	w.watch(w.technician, w.terrassa)
	grow := func(n int) {
		for i := range n {
			w.event(fmt.Sprint("Jornada ", i), access.Public)
			c := w.comment(w.officer, w.terrassa, "Què us sembla, @"+w.technician.global+"?", "EVERYBODY")
			w.do(w.officer, "commentAdd", "CommentAddInput", "comment { id }", in{"node": w.terrassa, "text": "Hola, @" + w.technician.global, "replyTo": c})
		}
		w.settled()
	}
	const comment = `comment { text author { name } mentions { name } replies { text mentions { name } } }`
	questions := []struct {
		name, query string
		statements  int
	}{
		{"the feed of a town", `query($of: ID!) { feed(of: {node: $of}, first: 100) { nodes { text node { __typename } actor { title } ` + comment + ` } } }`, 16},
		{"the inbox", `query($of: ID!) { watching(node: $of) inbox { unread items { nodes { sort item { text node { __typename } } } } } }`, 9},
		{"comments", `query($of: ID!) { comments(of: $of) { totalCount nodes { text author { name } mentions { name } versions { text } replies { text author { name } } } } }`, 12},
	}
	count := func(query string) int {
		a := w.hub.Query(t, w.technician.token, query, in{"of": w.terrassa})
		n, err := strconv.Atoi(a.Header.Get(app.StatementsHeader))
		if err != nil || len(a.Errors) > 0 {
			t.Fatalf("%s: %v", a.Body, err)
		}
		return n
	}
	grow(1)
	few := []int{}
	for _, q := range questions {
		few = append(few, count(q.query))
	}
	grow(6)
	for i, q := range questions {
		if many := count(q.query); many != few[i] || many != q.statements {
			t.Errorf("%s takes %d statements on few things and %d on many, not %d", q.name, few[i], many, q.statements)
		}
	}
}
