package access_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

const (
	record = `mutation($in: PersonCreateInput!) { personCreate(input: $in) { person { id name } errors { code path } } }`
	unite  = `mutation($k: String, $from: ID!, $into: ID!) { personMerge(input: {idempotencyKey: $k, from: $from, into: $into}) { person { id name } errors { code path } } }`
	people = `query($id: ID!) { organization(by: {id: $id}) { ... on Association { people { role person { id name } } } } }`
)

func recording(body id.ID, name, address, role string) map[string]any {
	in := map[string]any{"organization": node.Association.Global(body), "name": name, "role": role}
	if address != "" {
		in["mail"] = address
	}
	return map[string]any{"in": in}
}

// recorded adds a person and returns their identifier.
func (b *browser) recorded(body id.ID, name, address, role string) string {
	b.Helper()
	return dig(b.must(record, recording(body, name, address, role)), "personCreate", "person", "id")
}

func (b *browser) people(body id.ID) string {
	b.Helper()
	return fmt.Sprint(b.must(people, map[string]any{"id": node.Association.Global(body)})["organization"].(map[string]any)["people"])
}

// registers signs people up for an event.
func (h *house) registers(t *testing.T, by *browser, body, event id.ID, delegates ...string) {
	t.Helper()
	v := h.hubs[0].Viewer(t, parsePerson(t, by.person()))
	in := calendar.RegistrationInput{Event: event, Organisation: body, Policy: calendar.WaitTogether}
	for _, d := range delegates {
		in.Delegates = append(in.Delegates, calendar.DelegateInput{Person: parsePerson(t, d), Role: calendar.RoleAssociation})
	}
	if _, err := calendar.NewRegistrations(h.hubs[0].DB).Create(t.Context(), v, in, ""); err != nil {
		t.Fatal(err)
	}
}

func parsePerson(t *testing.T, global string) id.ID {
	t.Helper()
	person, err := node.Person.Prefix().Node(global)
	if err != nil {
		t.Fatalf("%q: %v", global, err)
	}
	return person
}

func (h *house) count(t *testing.T, sql string, args ...any) (n int) {
	t.Helper()
	if err := postgres.Hub(h.hubs[0].DB.Read()).QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestInvitedBecomesTheirRecord: who accepts an invitation and reads the address
// under which the body recorded somebody is that somebody, with roles, places and
// what is on file; not more, and not in other bodies.
func TestInvitedBecomesTheirRecord(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1, nil)
	hub := h.hubs[0]
	club, other := hub.Association(t, "Entitat de prova"), hub.Association(t, "Altra de prova")
	anna, olga := h.browser(t).signIn("anna@example.org"), h.browser(t).signIn("olga@example.org")
	h.appoint(t, anna, club, directory.Representative)
	h.appoint(t, olga, other, directory.Representative)
	event := hub.Event(t, hub.Person(t, "Oriol Prova", hubtest.Terrassa, directory.Officer), 10, nil)

	noraRecord := anna.recorded(club, "Nora Prova", "Nora@Example.org", "REPRESENTATIVE")
	elsewhere := olga.recorded(other, "N. Prova", "nora@example.org", "DELEGATE")
	h.registers(t, anna, club, event, noraRecord)
	anna.must(invite, invitation(club, "nora@example.org", "SUBSTITUTE"))
	anna.must(invite, invitation(club, "forwarded@example.org", "DELEGATE"))

	// Whoever else holds a link becomes nobody else.
	mallory := h.browser(t).signIn("mallory@example.org")
	mallory.must(accept, accepting(h.box.token(t, "forwarded@example.org", mail.Invitation)))
	if got := anna.people(club); strings.Count(got, "Nora Prova") != 1 || !strings.Contains(got, noraRecord) {
		t.Fatalf("before: %s", got)
	}

	nora := h.browser(t).signIn("nora@example.org")
	done := nora.must(accept, accepting(h.box.token(t, "nora@example.org", mail.Invitation)))
	if got := dig(done, "invitationAccept", "appointment", "role"); got != "SUBSTITUTE" {
		t.Errorf("accepted %v", done)
	}
	me := nora.person()
	after := anna.people(club)
	if strings.Contains(after, noraRecord) || strings.Count(after, me) != 1 || strings.Contains(after, "role:REPRESENTATIVE person:map[id:"+me) ||
		!strings.Contains(after, "name:Nora Prova") {
		t.Errorf("who acts for it: %s", after)
	}
	if seen := anna.must(`query($id: ID!) { node(id: $id) { id ... on Person { name } } }`, map[string]any{"id": noraRecord}); dig(seen, "node", "id") != me {
		t.Errorf("the record leads to %v", seen)
	}
	if seen := olga.must(`query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": noraRecord}); seen["node"] != nil {
		t.Errorf("to others it leads to %v", seen)
	}
	if got := olga.people(other); !strings.Contains(got, elsewhere) || strings.Contains(got, me) {
		t.Errorf("the other body's people: %s", got)
	}
	if n := h.count(t, `select count(*) from delegate_secrets where person = $1 and event = $2`, parsePerson(t, me), event); n != 1 {
		t.Errorf("%d places are theirs", n)
	}
	if n := h.count(t, `select count(*) from edges where kind = 'acts_for' and source = $1 and target = $2 and role = 'REPRESENTATIVE'
		and valid @> (now() at time zone 'Europe/Madrid')::date`, parsePerson(t, me), club); n != 0 {
		t.Error("the record gave more than the invitation")
	}
	if n := h.count(t, `select count(*) from journal where node = $1 and kind = 'PERSON_MERGED'`, club); n != 1 {
		t.Errorf("told %d times", n)
	}
	if n := h.count(t, `select count(*) from person_names where subject = $1`, parsePerson(t, noraRecord)); n != 0 {
		t.Error("the record still has a name")
	}
	file := fmt.Sprint(nora.must(`{ viewer { dataExport { json files { name } } } }`, nil))
	if !strings.Contains(file, "reads_of_your_data") || !strings.Contains(file, "Entitat de prova") {
		t.Errorf("what is on file: %s", file)
	}
}

// TestKnownAddresses: an address that the body knows adds nobody a second time;
// one that is known elsewhere answers as one that nobody has, in the same
// statements.
func TestKnownAddresses(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1, nil, app.WithStatementCounts())
	hub := h.hubs[0]
	club, other := hub.Association(t, "Entitat de prova"), hub.Association(t, "Altra de prova")
	anna, berta, clara := h.browser(t).signIn("anna@example.org"), h.browser(t).signIn("berta@example.org"), h.browser(t).signIn("clara@example.org")
	h.appoint(t, anna, club, directory.Representative)
	h.appoint(t, clara, club, directory.Delegate)
	h.appoint(t, berta, other, directory.Representative)
	berta.recorded(other, "Dora Aliena", "dora@example.org", "DELEGATE")

	ask := func(address string) (answer, string) {
		a := anna.send("POST", "/graphql", map[string]any{"query": record, "variables": recording(club, "Algú Prova", address, "DELEGATE")})
		made := h.count(t, `select count(*) from nodes where kind = 'person'`)
		return a, fmt.Sprint(made)
	}
	outward := func(a answer) string {
		for _, word := range strings.FieldsFunc(a.body, func(r rune) bool { return r == '"' }) {
			if strings.HasPrefix(word, "per_") {
				a.body = strings.ReplaceAll(a.body, word, "<person>")
			}
		}
		return a.body + a.Header.Get(app.StatementsHeader)
	}
	var answers []string
	for _, address := range []string{"nobody@example.org", "berta@example.org", "dora@example.org"} { // nobody's, an account's, a record's elsewhere
		a, _ := ask(address)
		answers = append(answers, outward(a))
	}
	if !strings.Contains(answers[0], "Algú Prova") || answers[0] != answers[1] || answers[1] != answers[2] {
		t.Errorf("addresses can be told apart: %q", answers)
	}

	first := anna.recorded(club, "Emma Prova", "emma@example.org", "DELEGATE")
	if again := anna.recorded(club, "E. Prova", "EMMA@example.org", "SUBSTITUTE"); again != first {
		t.Error("recorded twice")
	}
	if got := anna.must(record, recording(club, "X", "clara@example.org", "SUBSTITUTE")); dig(got, "personCreate", "person", "id") != clara.person() {
		t.Errorf("one of the body's own people: %v", got)
	}
	data, _ := anna.query(record, recording(club, "E. Prova", "emma@example.org", "DELEGATE"))
	if got := fmt.Sprint(data); got != "map[personCreate:map[errors:[map[code:ALREADY_ACTS path:[input mail]]] person:<nil>]]" {
		t.Errorf("the same role again: %s", got)
	}
	if got := anna.people(club); strings.Count(got, first) != 2 || strings.Contains(got, "E. Prova") {
		t.Errorf("people: %s", got)
	}
	if a := clara.send("POST", "/graphql", map[string]any{"query": record, "variables": recording(club, "X", "emma@example.org", "DELEGATE")}); a.StatusCode != http.StatusOK || !strings.Contains(a.body, "DENIED") {
		t.Errorf("a delegate: %s", a.body)
	}
}

// TestPersonMerge: who answers for a body makes two of its records one; people
// with accounts, of others, or at one event are left as they are.
func TestPersonMerge(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1, nil)
	hub := h.hubs[0]
	club, other := hub.Association(t, "Entitat de prova"), hub.Association(t, "Altra de prova")
	anna, berta, clara := h.browser(t).signIn("anna@example.org"), h.browser(t).signIn("berta@example.org"), h.browser(t).signIn("clara@example.org")
	h.appoint(t, anna, club, directory.Representative)
	h.appoint(t, clara, club, directory.Delegate)
	h.appoint(t, berta, other, directory.Representative)
	officer := hub.Person(t, "Oriol Prova", hubtest.Terrassa, directory.Officer)
	event, second := hub.Event(t, officer, 10, nil), hub.Event(t, officer, 10, nil)

	one, two := anna.recorded(club, "Nora Prova", "nora@example.org", "DELEGATE"), anna.recorded(club, "N. Prova", "", "SUBSTITUTE")
	both := anna.recorded(club, "Pau Prova", "", "DELEGATE")
	foreign := berta.recorded(other, "Quim Aliè", "", "DELEGATE")
	shared := anna.recorded(club, "Rut Prova", "", "DELEGATE")
	if err := h.hubs[0].DB.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		return node.Connect(ctx, tx, node.Edge{Kind: node.ActsFor, Source: parsePerson(t, shared), Target: other, Role: "DELEGATE", RecordedIn: other})
	}); err != nil {
		t.Fatal(err)
	}
	h.registers(t, anna, club, event, one, both)
	h.registers(t, anna, club, second, two)
	pair := func(from, into string) map[string]any { return map[string]any{"from": from, "into": into} }
	for _, c := range []struct {
		what string
		who  *browser
		pair map[string]any
		want string
	}{
		{"nobody", h.browser(t), pair(one, two), "UNAUTHENTICATED"},
		{"a delegate", clara, pair(one, two), "DENIED"},
		{"who answers for another body", berta, pair(one, two), "NOT_FOUND"},
		{"a record and itself", anna, pair(one, one), "MERGE_SAME"},
		{"an account's person into a record", anna, pair(clara.person(), one), "PERSON_NOT_RECORDED"},
		{"a record into an account's person", anna, pair(one, clara.person()), "PERSON_NOT_RECORDED"},
		{"another body's record", anna, pair(one, foreign), "NOT_FOUND"},
		{"who acts for another body too", anna, pair(shared, one), "PERSON_NOT_RECORDED"},
		{"both at one event", anna, pair(both, one), "PERSON_TWICE_AT_EVENT"},
		{"an organisation", anna, pair(node.Association.Global(club), one), "NOT_FOUND"},
	} {
		if code := c.who.refused(unite, c.pair); code != c.want {
			t.Errorf("%s: %q, want %s", c.what, code, c.want)
		}
	}
	if n := h.count(t, `select count(*) from edges where kind = 'supersedes'`); n != 0 {
		t.Fatalf("%d were made one all the same", n)
	}
	taken := h.count(t, `select count(*) from registration_delegates where state = 'CONFIRMED'`)
	with := pair(two, one)
	with["k"] = "once"
	for range 2 {
		if got := fmt.Sprint(anna.must(unite, with)); got != "map[personMerge:map[errors:[] person:map[id:"+one+" name:Nora Prova]]]" {
			t.Errorf("answered %s", got)
		}
	}
	if got := anna.people(club); strings.Contains(got, two) || strings.Count(got, one) != 2 || strings.Contains(got, "N. Prova") {
		t.Errorf("people: %s", got)
	}
	if n := h.count(t, `select count(*) from delegate_secrets where person = $1`, parsePerson(t, one)); n != 2 {
		t.Errorf("%d places", n)
	}
	if n := h.count(t, `select count(*) from registration_delegates where state = 'CONFIRMED'`); n != taken {
		t.Errorf("%d seats were taken and %d are", taken, n)
	}
	if n := h.count(t, `select count(*) from journal where node = $1 and kind = 'PERSON_MERGED'`, club); n != 1 {
		t.Errorf("told %d times", n)
	}
	if code := anna.refused(unite, pair(two, one)); code != "NOT_FOUND" {
		t.Errorf("what has ended: %q", code)
	}
}
