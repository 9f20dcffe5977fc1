package privacy_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
)

const (
	delegatesQuery = `query($id: ID!) { event(id: $id) { registrations(first: 5) { nodes { delegates { id name checkInCode } } } } }`
	trailQuery     = `query($id: ID!, $first: Int, $after: String) { auditTrail(node: $id, first: $first, after: $after) {
		nodes { at kind what actor { id name } onBehalfOf { title } subjects thing { id } } pageInfo { hasNextPage endCursor } } }`
	accessesQuery = `{ viewer { accessesToMyData(first: 20) { nodes { kind what actor { id name } thing { id } subjects } } } }`
)

// count runs a counting statement behind every wall.
func (w *world) count(sql string, args ...any) (n int) {
	w.Helper()
	conn, err := pgx.Connect(w.Context(), w.database.Admin)
	w.ok(err)
	defer conn.Close(context.WithoutCancel(w.Context()))
	for i, a := range args {
		if v, ok := a.(id.ID); ok {
			args[i] = v.String()
		}
	}
	w.ok(conn.QueryRow(w.Context(), sql, args...).Scan(&n))
	return n
}

func (w *world) trail(token string, thing string) []map[string]any {
	w.Helper()
	var all []map[string]any
	variables := map[string]any{"id": thing, "first": 3}
	for {
		page := w.hub.Must(w.T, token, trailQuery, variables)["auditTrail"].(map[string]any)
		for _, n := range page["nodes"].([]any) {
			all = append(all, n.(map[string]any))
		}
		info := page["pageInfo"].(map[string]any)
		if info["hasNextPage"] != true {
			return all
		}
		variables["after"] = info["endCursor"]
	}
}

func TestReadsOfOthersDataAreNoted(t *testing.T) {
	w := newWorld(t)
	event := w.event(5, nil)
	w.registers(w.representative, w.entitat, event, person(w.canary), named("Segona Persona", "segona@example.org"))
	about := map[string]any{"id": eventID(event)}
	lines := func() int { return w.count(`select count(*) from access_log`) }
	before := lines()

	w.hub.Must(t, w.asOfficer, delegatesQuery, about)
	if n := lines() - before; n != 1 {
		t.Errorf("one operation that reads two names wrote %d lines", n)
	}
	before = lines()
	w.hub.Must(t, w.asOfficer, `query($id: ID!) { event(id: $id) { title seatPools { capacity } } }`, about)
	w.hub.Must(t, w.asCanary, `{ viewer { person { name } registrations(first: 5) { nodes { id } } } }`, nil)
	if n := lines() - before; n != 0 {
		t.Errorf("public and own data wrote %d lines", n)
	}
	reads := w.hub.Must(t, w.asCanary, accessesQuery, nil)["viewer"].(map[string]any)["accessesToMyData"].(map[string]any)["nodes"].([]any)
	if len(reads) != 1 || fmt.Sprint(reads[0].(map[string]any)["what"]) != "DELEGATES" || len(reads[0].(map[string]any)["subjects"].([]any)) != 0 {
		t.Errorf("the canary learns of %v", reads)
	}
	if reads := fmt.Sprint(w.hub.Must(t, w.asOther, accessesQuery, nil)); strings.Contains(reads, "DELEGATES") {
		t.Errorf("somebody else learns of %s", reads)
	}
	trail := w.trail(w.asOfficer, eventID(event))
	var told []string
	for _, e := range trail {
		told = append(told, e["what"].(string))
	}
	for _, what := range []string{"EVENT_CREATED", "EVENT_PUBLISHED", "REGISTRATION_CREATED", "SEATS_CHANGED", "DELEGATES"} {
		if n := len(slices.DeleteFunc(slices.Clone(told), func(s string) bool { return s != what })); n != 1 {
			t.Errorf("the trail tells of %s %d times: %v", what, n, told)
		}
	}
	read := trail[slices.IndexFunc(trail, func(e map[string]any) bool { return e["what"] == "DELEGATES" })]
	if actor := read["actor"].(map[string]any); actor["name"] != "Olga Prova" {
		t.Errorf("who read: %v", read)
	}
	subjects := fmt.Sprint(read["subjects"])
	if !strings.Contains(subjects, node.Person.Global(w.canary)) || !strings.Contains(subjects, "del_") {
		t.Errorf("whose data: %v", subjects)
	}
	for _, e := range trail {
		if e["what"] == "REGISTRATION_CREATED" && e["actor"].(map[string]any)["name"] != "Rita Mostra" {
			t.Errorf("who registered: %v", e)
		}
	}
	w.exported(event)
}

func (w *world) exported(event id.ID) {
	w.Helper()
	text := w.hub.Must(w.T, w.asOfficer, `query($id: ID!) { auditExport(node: $id) }`, map[string]any{"id": eventID(event)})["auditExport"].(string)
	if !strings.HasPrefix(text, "at,kind,what,actor,name,subjects\n") || !strings.Contains(text, "READ,DELEGATES") {
		w.Errorf("the exported trail:\n%s", text)
	}
	if n := w.count(`select count(*) from access_log where what = 'EXPORT' and node = $1`, event); n != 1 {
		w.Errorf("%d exports were noted", n)
	}
}

func TestTrailIsForWhoAdministers(t *testing.T) {
	w := newWorld(t)
	event := w.event(5, nil)
	w.registers(w.representative, w.entitat, event, person(w.canary))
	for who, c := range map[string]struct{ token, code string }{
		"who registered": {w.asRep, "DENIED"}, "a stranger": {w.asOther, "DENIED"}, "a delegate": {w.asCanary, "DENIED"}, "nobody": {"", "DENIED"},
	} {
		for _, query := range []string{trailQuery, `query($id: ID!) { auditExport(node: $id) }`} {
			a := w.hub.Query(t, c.token, query, map[string]any{"id": eventID(event)})
			if !strings.Contains(string(a.Body), c.code) || strings.Contains(string(a.Body), "REGISTRATION_CREATED") {
				t.Errorf("%s: %s", who, a.Body)
			}
		}
	}
	draft := w.event(5, nil)
	w.admin(w.database, `update nodes set visibility = 4 where id = $1`, draft.String())
	for _, thing := range []string{eventID(draft), eventID(id.New()), "ev_nonsense", ""} {
		if a := w.hub.Query(t, w.asOther, trailQuery, map[string]any{"id": thing}); !strings.Contains(string(a.Body), "NOT_FOUND") {
			t.Errorf("%s: %s", thing, a.Body)
		}
	}
	own := w.trail(w.asCanary, node.Person.Global(w.canary))
	if len(own) != 0 && own[0]["what"] == "" {
		t.Errorf("one's own trail: %v", own)
	}
}

// TestWhatCannotBeNotedIsNotGiven: when the log cannot be written, the answer
// stays here; and the application cannot change what is in it.
func TestWhatCannotBeNotedIsNotGiven(t *testing.T) {
	w := newWorld(t)
	event := w.event(5, nil)
	w.registers(w.representative, w.entitat, event, person(w.canary))
	if _, err := w.hub.DB.Read().Exec(t.Context(), `delete from access_log`); err == nil {
		t.Error("the application can remove lines of the log")
	}
	w.admin(w.database, `revoke insert on access_log from teixit_app`)
	a := w.hub.Query(t, w.asOfficer, delegatesQuery, map[string]any{"id": eventID(event)})
	if len(a.Errors) == 0 || strings.Contains(string(a.Body), canaryName) {
		t.Errorf("an answer that was not noted: %s", a.Body)
	}
	w.hub.Must(t, w.asOfficer, `query($id: ID!) { event(id: $id) { title } }`, map[string]any{"id": eventID(event)})
}

// TestStreamsAreNoted: a message that names people is noted before it is sent.
func TestStreamsAreNoted(t *testing.T) {
	w := newWorld(t)
	event := w.event(5, nil)
	stream := w.hub.Events(t, w.asOfficer, "", `subscription($id: ID!) { eventChanges(id: $id) { kind registration { delegates { name } } } }`,
		map[string]any{"id": eventID(event)})
	stream.Next()
	before := w.count(`select count(*) from access_log`)
	w.registers(w.representative, w.entitat, event, person(w.canary))
	for range 2 {
		if m := stream.Next(); strings.Contains(string(m), canaryName) && w.count(`select count(*) from access_log`) == before {
			t.Error("a name was sent and not noted")
		}
	}
	if n := w.count(`select count(*) from access_log`) - before; n != 1 {
		t.Errorf("%d lines", n)
	}
}

func TestRetiredPartsOfTheJournalStayInTheTrail(t *testing.T) {
	w := newWorld(t)
	event := w.event(5, nil)
	before := len(w.trail(w.asOfficer, eventID(event)))
	w.admin(w.database, `do $$
		declare p record;
		begin
		  for p in select * from journal_partitions where lower_at <= now() and upper_at > now() loop
		    execute format('alter table journal detach partition %I', 'journal_' || p.name);
		    execute format('alter table journal_about detach partition %I', 'journal_about_' || p.name);
		    update journal_partitions set floored_at = now(), detached_at = now() where name = p.name;
		  end loop;
		end $$`)
	after := w.trail(w.asOfficer, eventID(event))
	changes := slices.DeleteFunc(slices.Clone(after), func(e map[string]any) bool { return e["kind"] != "CHANGE" })
	if len(changes) == 0 || len(after) < before {
		t.Errorf("before %d, after %d lines, %d of them changes", before, len(after), len(changes))
	}
}
