package table_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/app"
)

// questions and how many SQL statements each takes, finding out who asks
// included: the question decides, not the rows.
var questions = []struct {
	name, query string
	statements  int
}{
	{"a list of tables", `{ workingTables(first: 50) { totalCount nodes { title kind convenor { name } members { role organization { title } } territories { title } about { code } } } }`, 10},
	{"a table with its sessions", `{ workingTable(id: "TABLE") { title partOf { title } subTables { title } seats { name } officers { name } sessions(first: 20) { nodes { title state quorum { present }
		agenda { title outcome resolution { text } } papers { title } attendance { answer organization { title } } resolutions { text responsible { title } vote { named { choice } } notes { text } } minutes { text } } } } }`, 18},
	{"what was promised", `{ tableResolutions(first: 50) { totalCount nodes { text overdue quiet table { title } session { number } responsible { title } person { name } viewerCanFollow { allowed } } } }`, 8},
	{"tables of a town", `{ municipality(by: {ineCode: "08279"}) { workingTables { totalCount nodes { title } } } }`, 4},
}

// TestStatements counts on few rows and on many.
func TestStatements(t *testing.T) {
	w := newWorld(t, app.WithStatementCounts())
	table := w.newTable(nil)
	w.grow(table, 2)
	few := w.count(table)
	for range 3 {
		w.grow(w.newTable(nil), 1)
	}
	w.grow(table, 2)
	many := w.count(table)
	for i, q := range questions {
		if few[i] != many[i] {
			t.Errorf("%s takes %d statements on few rows and %d on many", q.name, few[i], many[i])
		}
		if few[i] != q.statements {
			t.Errorf("%s takes %d statements, not %d: is that worth it?", q.name, few[i], q.statements)
		}
	}
}

func (w *world) grow(table string, sessions int) {
	for range sessions {
		_, item := w.recorded(table, 3)
		w.do(w.secretaryToken, "tableResolutionAdopt", in{
			"item": item, "kind": "TASK", "text": in{"ca": "Una tasca"}, "responsible": global(w.bodies[0]),
			"named": []in{{"organization": global(w.bodies[0]), "choice": "FOR"}},
		}, "resolution { id }", "")
	}
}

func (w *world) count(table string) (counts []int) {
	w.Helper()
	for _, q := range questions {
		a := w.hub.Query(w.T, w.tokens[0], strings.ReplaceAll(q.query, "TABLE", table), nil)
		n, err := strconv.Atoi(a.Header.Get(app.StatementsHeader))
		if err != nil || len(a.Errors) > 0 {
			w.Errorf("%s: %s", q.name, a.Body)
		}
		counts = append(counts, n)
	}
	return counts
}
