package project_test

import (
	"strconv"
	"testing"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/hubtest"
)

// questions and how many SQL statements each takes, finding out who asks
// included: the question decides, not the rows.
var questions = []struct {
	name, query string
	statements  int
}{
	{"projects with all that hangs on them", `{ sharedProjects(first: 20) { totalCount nodes { title aims area { title } about { code } targetGroups { code } partners { organization { name } }
		commitments { text partner { name } moves { to { name } } } milestones { title } done { count activities { territory { title } participants { total { value } } } } funding { euros organization { name } }
		notes(first: 5) { text onBehalfOf { name } } programmes { title } strategies { title } } } }`, 23},
	{"the projects of a town", `{ municipality(by: {ineCode: "08279"}) { projects(first: 20) { totalCount nodes { title partners { organization { name } } } } } }`, 7},
}

func TestStatements(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{Options: []app.Option{app.WithStatementCounts()}})
	grow := func(n int) {
		for range n {
			p := w.project(in{"visibility": "NETWORK"})
			c := w.ask(w.rep, addCommitment, in{"in": in{"project": p, "partner": w.club, "text": in{"ca": "Promesa"}}}, "partnerCommitmentAdd.commitment.id")
			w.ask(w.rep, setActivity, in{"in": in{"project": p, "title": in{"ca": "Taller"}, "participants": 30, "territory": w.town}}, "")
			w.ask(w.rep, addNote, in{"in": in{"project": p, "text": in{"ca": "Nota"}, "internal": false}}, "")
			w.ask(w.officer, leaveProject, in{"in": in{"project": p, "organization": w.club, "reassign": []in{{"commitment": c, "to": w.town}}}}, "")
		}
	}
	grow(1)
	few := w.statements()
	grow(8)
	many := w.statements()
	for i, q := range questions {
		if few[i] != many[i] {
			t.Errorf("%s takes %d statements on few rows and %d on many", q.name, few[i], many[i])
		}
		if few[i] != q.statements {
			t.Errorf("%s takes %d statements, not %d: is that worth it?", q.name, few[i], q.statements)
		}
	}
}

func (w *world) statements() (counts []int) {
	for _, q := range questions {
		a := w.hub.Query(w, w.officer.token, q.query, nil)
		n, err := strconv.Atoi(a.Header.Get(app.StatementsHeader))
		if err != nil || len(a.Errors) > 0 {
			w.Fatalf("%s: %v %s", q.name, err, a.Body)
		}
		counts = append(counts, n)
	}
	return counts
}
