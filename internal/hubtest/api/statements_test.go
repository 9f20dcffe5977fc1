package api_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
)

// cost is what a question takes of PostgreSQL.
type cost struct{ statements, messages int }

// questions and how many SQL statements each takes, in how many messages, finding
// out who asks included: the question decides, not the rows nor who else asks.
var questions = []struct {
	name, query string
	cost
}{
	{"a town", `{ municipality(by: {ineCode: "08279"}) { title population { inhabitants } } }`, cost{2, 2}},
	{"the network of a town, five levels deep", `{ municipality(by: {ineCode: "08279"}) { title comarca { title }
		organizations(first: 20) { totalCount nodes { name identifiers { value } ... on Association { fields { code } actsIn { title }
			events(first: 5, upcoming: false) { totalCount nodes { title seatPools { confirmed reservedForOrganization { name } } area { title }
				organisers { lead organization { name ... on Municipality { comarca { title } } ... on Association { actsIn { title } } } } } } } } } } }`, cost{20, 11}},
	{"what is on", `{ events(first: 20) { totalCount nodes { title venues { title } area { title } organisers { organization { name } } seatPools { availability }
		sessions { title } documents { title } about { code } audiences { code } registrations(first: 5) { nodes { state delegates { state } organization { name } } } } } }`, cost{19, 9}},
	{"who asks", `{ viewer { person { name } appointments { organization { name } person { name } } registrations { nodes { event { title } delegates { name } } } } }`, cost{9, 8}},
	{"the people of bodies of every kind", `{ organizations(first: 100, filter: {text: "a"}) { nodes { __typename people { role person { name } } } } }`, cost{5, 5}},
	{"many nodes", `query { nodes(ids: ["TERRASSA", "CLUB", "OTHER"]) { __typename ... on Association { title actsIn { title } } ... on Municipality { title comarca { title } } } }`, cost{6, 5}},
}

// Statements are counted inside the hub and told in a header: alone and with 32
// asking at once, on few rows and on many.
func TestStatements(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{Options: []app.Option{app.WithStatementCounts()}})
	grow(t, w, 1)
	few := count(t, w)
	grow(t, w, 12)
	many := count(t, w)
	for i, q := range questions {
		if few[i] != many[i] {
			t.Errorf("%s takes %+v on few rows and %+v on many", q.name, few[i], many[i])
		}
		if few[i] != q.cost {
			t.Errorf("%s takes %+v, not %+v: is that worth it?", q.name, few[i], q.cost)
		}
	}
	for i, q := range questions {
		var all sync.WaitGroup
		for range 32 {
			all.Go(func() {
				if now := costs(t, w, q.query); now != few[i] {
					t.Errorf("%s takes %+v when 32 ask at once, not %+v", q.name, now, few[i])
				}
			})
		}
		all.Wait()
	}
}

// network is the question of SPEED.md: five levels deep, from a town on.
const network = `{ municipality(by: {ineCode: "08279"}) { title comarca { title } organizations(first: 100) { nodes { __typename id name ... on Association {
	events(first: 3, upcoming: false) { nodes { id title startsAt endsAt kind state seatPools { id name capacity confirmed availability } } } } } } } }`

// The network takes one statement for each link, alone and with 32 asking at once,
// on few rows and on many.
func TestNetworkStatements(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{Options: []app.Option{app.WithStatementCounts()}})
	const want = "5"
	for _, rows := range []int{1, 12} {
		grow(t, w, rows)
		var all sync.WaitGroup
		for range 32 {
			all.Go(func() {
				if a := w.hub.Query(t, "", network, nil); len(a.Errors) > 0 || a.Header.Get(app.StatementsHeader) != want {
					t.Errorf("the network takes %s statements, not %s: %.300s", a.Header.Get(app.StatementsHeader), want, a.Body)
				}
			})
		}
		all.Wait()
	}
	if a := w.hub.Query(t, "", network, nil); a.Header.Get(app.StatementsHeader) != want {
		t.Errorf("alone, the network takes %s statements, not %s", a.Header.Get(app.StatementsHeader), want)
	}
}

// grow adds bodies, events they organise with Terrassa, and registrations.
func grow(t testing.TB, w *world, n int) {
	for i := range n {
		club := w.hub.Association(t, fmt.Sprintf("Entitat %d de %d", i, n))
		event := w.hub.Event(t, w.officerID, 5, func(e *calendar.EventInput) { e.CoOrganisers = []id.ID{club} })
		w.hub.Must(t, w.rep.token, short, block(node.Event.Global(event), w.clubGlobal, "WAIT_TOGETHER", []in{{"name": "Aina", "role": "PUBLIC"}, {"role": "PUBLIC"}}))
	}
}

func count(t *testing.T, w *world) (all []cost) {
	for _, q := range questions {
		all = append(all, costs(t, w, q.query))
	}
	return all
}

func costs(t *testing.T, w *world, query string) (c cost) {
	query = strings.NewReplacer("TERRASSA", w.council, "CLUB", w.clubGlobal, "OTHER", w.otherClubGlobal).Replace(query)
	a := w.hub.Query(t, w.rep.token, query, nil)
	told := a.Header.Get(app.StatementsHeader) + " " + a.Header.Get(app.MessagesHeader)
	if _, err := fmt.Sscan(told, &c.statements, &c.messages); err != nil || len(a.Errors) > 0 {
		t.Errorf("%s: %v", a.Body, err)
	}
	return c
}
