package api_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/postgres"
)

const rosterOf = `query($event: ID!, $first: Int, $after: String) { eventRoster(event: $event, first: $first, after: $after) {
	number nodes { id codeHash name organization role seatPool state arrivedAt } edges { cursor } pageInfo { hasNextPage endCursor } } }`

// TestRoster: what a device takes along recognises every code and holds none; it is
// read page by page, says as of when it is, costs the same however many come, and
// that it was taken stands in the log.
func TestRoster(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{Options: []app.Option{app.WithStatementCounts()}})
	event := w.published(t, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 3}}})
	ids, codes := w.comes(t, event, in{"name": "Aina", "role": "PUBLIC"}, in{"name": "Berta", "role": "PUBLIC"})
	w.comes(t, event, in{"name": "Carla", "role": "ASSOCIATION"}, in{"role": "ASSOCIATION"}) // they wait
	few := w.hub.Query(t, w.officer.token, rosterOf, in{"event": event, "first": 2})
	w.hub.Must(t, w.rep.token, replace, in{"in": in{"id": ids[0], "name": "Substituta"}})
	w.outcomes(t, w.officer, batch(event, "porta", 1, codes[1]))
	if body := string(few.Body); strings.Contains(body, codes[0]) || !strings.Contains(body, hashed(codes[0])) || !strings.Contains(body, "Aina") {
		t.Errorf("the first page: %s", body)
	}

	states, names := map[string]string{}, ""
	for after, more := any(nil), true; more; {
		page := w.hub.Must(t, w.officer.token, rosterOf, in{"event": event, "first": 2, "after": after})["eventRoster"].(json1)
		for _, one := range page["nodes"].([]any) {
			entry := one.(json1)
			states[fmt.Sprint(entry["codeHash"])] = fmt.Sprint(entry["state"])
			names += fmt.Sprint(entry["name"], " ")
		}
		info := page["pageInfo"].(json1)
		after, more = info["endCursor"], info["hasNextPage"].(bool)
	}
	if states[hashed(codes[0])] != "REPLACED" || states[hashed(codes[1])] != "ATTENDED" || len(states) != 5 {
		t.Errorf("who comes: %v", states)
	}
	if strings.Contains(names, "Aina") || !strings.Contains(names, "Substituta") || !strings.Contains(names, "Carla") {
		t.Errorf("they are called %s", names)
	}
	all := w.hub.Query(t, w.officer.token, rosterOf, in{"event": event, "first": 100})
	if took, before := all.Header.Get(app.StatementsHeader), few.Header.Get(app.StatementsHeader); took != before {
		t.Errorf("two take %s statements and all of them %s", before, took)
	}
	for _, who := range []reader{w.rep, w.stranger, anonymous} {
		if a := w.hub.Query(t, who.token, rosterOf, in{"event": event}); len(a.Errors) == 0 || strings.Contains(string(a.Body), "Berta") {
			t.Errorf("%s gets %s", who.name, a.Body)
		}
	}
	if a := w.hub.Query(t, w.officer.token, rosterOf, in{"event": w.draft(t, nil)}); !strings.Contains(string(a.Body), "EVENT_OVER") {
		t.Errorf("of a draft: %s", a.Body)
	}
	var logged int
	err := postgres.Hub(w.hub.DB.Read()).QueryRow(t.Context(), `select count(*) from access_log where what = 'EXPORT' and actor = $1`, w.officerID).Scan(&logged)
	if err != nil || logged < 4 {
		t.Errorf("%d lines in the log, %v", logged, err)
	}
}

func hashed(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}
