package access_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
)

// TestMailChange: over the API, with the same answer for an address that somebody
// has and one that nobody has, and the session kept.
func TestMailChange(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1, func(c *config.Config) { c.OperatorMail = "qui@example.org" })
	anna := h.browser(t).signIn("anna@example.org")
	h.browser(t).signIn("berta@example.org")
	const change = `mutation($m: String!) { accountMailChange(input: {mail: $m}) { minutes errors { code path } } }`
	const confirm = `mutation($c: String!) { accountMailConfirm(input: {code: $c}) { viewer { account { mail } } errors { code path } } }`
	ask := func(b *browser, query string, v map[string]any) string {
		data, code := b.query(query, v)
		return fmt.Sprint(data, code)
	}
	for _, address := range []string{"nobody@example.org", "berta@example.org", "nova@example.org"} {
		if got := ask(anna, change, vars{"m": address}); got != "map[accountMailChange:map[errors:[] minutes:10]]" {
			t.Errorf("%s: %s", address, got)
		}
	}
	if got := ask(anna, change, vars{"m": "anna@example.org"}); got != "map[accountMailChange:map[errors:[map[code:SAME_MAIL path:[input mail]]] minutes:<nil>]]" {
		t.Error(got)
	}
	if got := ask(anna, confirm, vars{"c": "0000 0000"}); got != "map[accountMailConfirm:map[errors:[map[code:MAIL_CODE_WRONG path:[input code]]] viewer:<nil>]]" {
		t.Error(got)
	}
	code := h.box.newest(t, "nova@example.org", mail.MailChange)["code"]
	if got := ask(anna, confirm, vars{"c": code}); got != "map[accountMailConfirm:map[errors:[] viewer:map[account:map[mail:nova@example.org]]]]" {
		t.Error(got)
	}
	if told := h.box.newest(t, "anna@example.org", mail.MailChanged); told["contact"] != "qui@example.org" {
		t.Errorf("the old address is told %v", told)
	}
	if anna.person() == "" {
		t.Error("the session is gone")
	}
	program := h.browser(t).with("Authorization", "Bearer "+anna.apiToken("ALL"))
	for _, query := range []string{change, confirm} {
		if _, code := program.query(query, vars{"m": "x@example.org", "c": "1"}); code != "SESSION_ONLY" {
			t.Errorf("a program changes the address: %q", code)
		}
	}
}

// TestSessionTime: a page learns over an open socket how much time is left,
// without staying signed in by asking.
func TestSessionTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1, nil)
	anna := h.browser(t).signIn("anna@example.org")
	const left = `{ viewer { sessionTime { secondsLeft idleSeconds } } }`
	rewrite(t, h.hubs[0], `update sessions set seen_at = now() - interval '50 seconds'`)
	seconds := func(data map[string]any) int {
		n, err := strconv.Atoi(dig(data, "viewer", "sessionTime", "secondsLeft"))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	data, _, _ := anna.socket(nil, left) // opening it is no use yet: that is noted once a minute
	if got := dig(data, "viewer", "sessionTime", "idleSeconds"); got != "1800" {
		t.Fatalf("by the socket: %v", data)
	}
	if got := seconds(data); got > 1750 {
		t.Errorf("%d seconds are left", got)
	}
	rewrite(t, h.hubs[0], `update sessions set seen_at = now() - interval '29 minutes'`)
	if got := seconds(anna.must(left, nil)); got < 1790 {
		t.Errorf("a request is no use: %d seconds are left", got)
	}
	program := h.browser(t).with("Authorization", "Bearer "+anna.apiToken("READ"))
	if got := fmt.Sprint(program.must(left, nil)); got != "map[viewer:map[sessionTime:<nil>]]" {
		t.Errorf("a program has %s", got)
	}
}

// TestOperating: administrators look accounts up, which is noted, see what work
// fails, and what they broke the glass of. Nobody else does.
func TestOperating(t *testing.T) {
	w := newTown(t)
	const account = `{ account(by: {mail: "esther@example.org"}) { mail admin disabledAt } }`
	const work = `{ jobs(filter: {states: [DISCARDED, RETRYABLE]}) { totalCount nodes { kind state attempts maxAttempts lastError } } }`
	const broken = `{ viewer { brokenGlass { reason node { id } } } }`
	for token, code := range map[string]string{"": "UNAUTHENTICATED", w.stranger: "DENIED", w.officer: "DENIED"} {
		w.expect(token, account, nil, code)
		w.expect(token, work, nil, code)
	}
	w.expect(w.root, account, nil, `{"account":{"mail":"esther@example.org","admin":false,"disabledAt":null}}`)
	w.expect(w.root, `{ account(by: {mail: "esther"}) { mail } }`, nil, `{"account":null}`)
	w.expect(w.root, `{ account(by: {mail: "nobody@example.org"}) { mail } }`, nil, `{"account":null}`)
	w.expect(w.stranger, `{ viewer { accessesToMyData { nodes { what kind } } } }`, nil,
		`{"viewer":{"accessesToMyData":{"nodes":[{"what":"ACCOUNT","kind":"READ"}]}}}`)

	w.exec(`insert into river_job (state, attempt, max_attempts, kind, args, errors, finalized_at) values
		('discarded', 5, 5, 'chore', '{"name": "purge-personal-data"}', array['{"error": "first"}', '{"error": "550 <anna@example.org> refused"}']::jsonb[], now()),
		('completed', 1, 5, 'mail', '{"mail": "x"}', null, now())`)
	w.expect(w.root, work, nil, `{"jobs":{"totalCount":1,"nodes":[{"kind":"chore:purge-personal-data","state":"DISCARDED","attempts":5,"maxAttempts":5,"lastError":"550 <…> refused"}]}}`)

	event := node.Event.Global(w.hub.Event(t, w.officerID, 10, func(in *calendar.EventInput) { in.Visibility = access.Organisers }))
	reason := "Una persona denuncia un abús."
	w.expect(w.root, `mutation($in: GlassBreakInput!) { glassBreak(input: $in) { errors { code } } }`,
		vars{"in": vars{"node": event, "reason": reason}}, `{"glassBreak":{"errors":[]}}`)
	w.expect(w.root, broken, nil, `{"viewer":{"brokenGlass":[{"reason":"`+reason+`","node":{"id":"`+event+`"}}]}}`)
	w.exec(`update glass_breaks set at = now() - interval '20 minutes', until = now()`)
	w.expect(w.root, broken, nil, `{"viewer":{"brokenGlass":[{"reason":"`+reason+`","node":null}]}}`)
	w.expect(w.officer, broken, nil, `{"viewer":{"brokenGlass":[]}}`)
}

// TestJobsArePaged: each job once, newest first.
func TestJobsArePaged(t *testing.T) {
	w := newTown(t)
	w.exec(`insert into river_job (state, max_attempts, kind, args, finalized_at)
		select 'cancelled', 5, 'test', jsonb_build_object('name', n), now() from generate_series(1, 7) n`)
	var got []string
	query := `query($after: String) { jobs(first: 3, after: $after, filter: {states: [CANCELLED]}) { nodes { kind } pageInfo { hasNextPage endCursor } } }`
	for after := any(nil); ; {
		page := w.hub.Must(t, w.root, query, vars{"after": after})["jobs"].(map[string]any)
		for _, n := range page["nodes"].([]any) {
			got = append(got, n.(map[string]any)["kind"].(string))
		}
		info := page["pageInfo"].(map[string]any)
		if info["hasNextPage"] != true {
			break
		}
		after = info["endCursor"]
	}
	if want := "test:7 test:6 test:5 test:4 test:3 test:2 test:1"; strings.Join(got, " ") != want {
		t.Errorf("%v", got)
	}
	w.expect(w.root, `{ jobs(after: "x") { nodes { id } } }`, nil, `BAD_CURSOR`)
}

// TestTrailIsFiltered: by kind and by day, in the list and in the file.
func TestTrailIsFiltered(t *testing.T) {
	w := newTown(t)
	club := w.hub.Association(t, "Entitat Prova")
	chair := w.hub.Token(w.hub.Person(t, "Carla Prova", club, "REPRESENTATIVE"))
	global := node.Association.Global(club)
	w.exec(`insert into access_log (actor, what, node, subjects, at) values ($1, 'PEOPLE', $2, array[$3::uuid], now() - interval '3 days')`, w.officerID, club, id.New())
	trail := func(filter string) string {
		return w.ask(chair, `query($id: ID!) { auditTrail(node: $id, filter: `+filter+`) { nodes { what } } }`, vars{"id": global})
	}
	reads := `{"auditTrail":{"nodes":[{"what":"PEOPLE"}]}}`
	if got := trail(`{}`); !strings.Contains(got, "PERSON_APPOINTED") && !strings.Contains(got, "ORGANIZATION_ADDED") || !strings.Contains(got, "PEOPLE") {
		t.Fatalf("all of it: %s", got)
	}
	if got := trail(`{kind: READ, until: "2199-01-01"}`); !strings.Contains(got, "PEOPLE") || strings.Contains(got, "ORGANIZATION_ADDED") {
		t.Errorf("reads: %s", got)
	}
	if got := trail(`{kind: CHANGE}`); strings.Contains(got, "PEOPLE") || got == `{"auditTrail":{"nodes":[]}}` {
		t.Errorf("changes: %s", got)
	}
	var day string
	if err := w.hub.DB.Read().QueryRow(t.Context(), `select ((now() - interval '3 days') at time zone 'Europe/Madrid')::date::text`).Scan(&day); err != nil {
		t.Fatal(err)
	}
	for filter, want := range map[string]string{
		`{from: "` + day + `", until: "` + day + `"}`: reads,
		`{until: "` + day + `"}`:                      reads,
		`{until: "1999-01-01"}`:                       `{"auditTrail":{"nodes":[]}}`,
		`{from: "2199-01-01"}`:                        `{"auditTrail":{"nodes":[]}}`,
	} {
		if got := trail(filter); got != want {
			t.Errorf("%s: %s", filter, got)
		}
	}
	file := w.ask(chair, `query($id: ID!) { auditExport(node: $id, filter: {until: "`+day+`"}) }`, vars{"id": global})
	if strings.Count(file, `\n`) != 2 || !strings.Contains(file, "PEOPLE") {
		t.Errorf("the file: %s", file)
	}
}
