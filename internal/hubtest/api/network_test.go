package api_test

import (
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

// TestNeighbours: whom a node stands next to takes three statements at most, goes
// on where a page ended, and shows nobody what they may not see.
func TestNeighbours(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{Options: []app.Option{app.WithStatementCounts()}})
	for range 5 {
		w.hub.Event(t, w.officerID, 5, nil)
	}
	hidden := node.Event.Global(w.hub.Event(t, w.officerID, 5, func(e *calendar.EventInput) { e.Visibility = access.Organisers }))

	const all = `query ($of: ID!) { node(id: $of) { id } neighbours(of: $of) { relation neighbours { nodeId type title ineCode role } pageInfo { hasNextPage } } }`
	for _, of := range []string{w.council, w.clubGlobal, node.Event.Global(w.hub.Event(t, w.officerID, 5, nil))} {
		a := w.hub.Query(t, w.rep.token, all, in{"of": of})
		if n := a.Header.Get(app.StatementsHeader); len(a.Errors) > 0 || n > "4" {
			t.Errorf("neighbours of %s take %s statements: %.300s", of, n, a.Body)
		}
		if strings.Contains(string(a.Body), hidden) {
			t.Errorf("a hidden event stands beside %s", of)
		}
	}
	if a := w.hub.Query(t, "", all, in{"of": hidden}); !strings.Contains(string(a.Body), `"neighbours":null`) {
		t.Errorf("what stands beside a hidden event: %s", a.Body)
	}

	const page = `query ($of: ID!, $after: String) { neighbours(of: $of, relations: [ORGANISES], first: 2, after: $after) {
		neighbours { nodeId node { id } } pageInfo { hasNextPage endCursor } } }`
	seen, after, pages := map[string]bool{}, any(nil), 0
	for pages < 10 {
		groups := w.hub.Must(t, "", page, in{"of": w.council, "after": after})["neighbours"].([]any)
		if len(groups) == 0 {
			break
		}
		group := groups[0].(map[string]any)
		for _, one := range group["neighbours"].([]any) {
			n := one.(map[string]any)
			if seen[n["nodeId"].(string)] || n["node"].(map[string]any)["id"] != n["nodeId"] {
				t.Errorf("twice, or another: %v", n)
			}
			seen[n["nodeId"].(string)] = true
		}
		pages++
		info := group["pageInfo"].(map[string]any)
		if after = info["endCursor"]; info["hasNextPage"] == false {
			break
		}
	}
	if pages < 3 || len(seen) < 6 || seen[hidden] {
		t.Errorf("%d events on %d pages", len(seen), pages)
	}
	if a := w.hub.Query(t, "", `query ($of: ID!, $after: String) { neighbours(of: $of, after: $after) { relation } }`, in{"of": w.council, "after": after}); after != nil && len(a.Errors) == 0 {
		t.Error("a cursor without its relation is taken")
	}
}

// TestHappenings: how much happens in each town is one statement, and a thing that
// one may not see is in no count.
func TestHappenings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{Options: []app.Option{app.WithStatementCounts()}})
	const question = `{ happenings { ineCode events tables projects } }`
	counted := func(token string) float64 {
		a := w.hub.Query(t, token, question, nil)
		if n := a.Header.Get(app.StatementsHeader); len(a.Errors) > 0 || token == "" && n != "1" {
			t.Errorf("%s statements: %.300s", n, a.Body)
		}
		for _, one := range w.hub.Must(t, token, question, nil)["happenings"].([]any) {
			if town := one.(map[string]any); town["ineCode"] == "08279" {
				return town["events"].(float64)
			}
		}
		return 0
	}
	before := counted("")
	here := func(level access.Level) func(*calendar.EventInput) {
		return func(e *calendar.EventInput) { e.Visibility = level }
	}
	w.hub.Event(t, w.officerID, 5, here(access.Public))
	w.hub.Event(t, w.officerID, 5, here(access.Organisers))
	if got := counted(""); got != before+1 {
		t.Errorf("anybody counts %v, not %v", got, before+1)
	}
	if got := counted(w.officer.token); got != before+2 {
		t.Errorf("who organises counts %v, not %v", got, before+2)
	}
}
