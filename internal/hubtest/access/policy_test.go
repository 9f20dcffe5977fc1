package access_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// letters keeps the mails of a hub instead of sending them.
type letters struct {
	mu   sync.Mutex
	sent []mail.Message
}

func (l *letters) Enqueue(_ context.Context, m mail.Message) error { return l.keep(m) }

func (l *letters) EnqueueTx(_ context.Context, _ *postgres.Tx, m mail.Message) error {
	return l.keep(m)
}

func (l *letters) keep(m mail.Message) error {
	if err := m.Check(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = append(l.sent, m)
	return nil
}

func (l *letters) to(address string) (found []mail.Message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range l.sent {
		if m.To == address {
			found = append(found, m)
		}
	}
	return found
}

// town is a hub with Terrassa's officer, a stranger and an administrator of the
// platform.
type town struct {
	*testing.T
	hub                     *hubtest.Hub
	letters                 *letters
	officerID, adminID      id.ID
	officer, stranger, root string
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := &town{T: t, letters: &letters{}}
	w.hub = hubtest.Start(t, hubtest.Config{Options: []app.Option{app.WithMail(w.letters)}})
	w.officerID = w.hub.Person(t, "Olga Prova", hubtest.Terrassa, directory.Officer)
	elsewhere := w.hub.Association(t, "Entitat Aliena")
	stranger := w.hub.Person(t, "Esther Prova", elsewhere, directory.Delegate)
	w.adminID = w.hub.Person(t, "Ada Prova", elsewhere, directory.Delegate)
	w.account(w.officerID, "olga@example.org", false)
	w.account(stranger, "esther@example.org", false)
	w.account(w.adminID, "ada@example.org", true)
	w.officer, w.stranger, w.root = w.hub.Token(w.officerID), w.hub.Token(stranger), w.hub.Token(w.adminID)
	return w
}

func (w *town) account(person id.ID, address string, admin bool) {
	w.Helper()
	w.exec(`insert into accounts (person, mail, lang, admin) values ($1, $2, 'en', $3)`, person, address, admin)
}

func (w *town) exec(sql string, args ...any) {
	w.Helper()
	if _, err := postgres.Hub(w.hub.DB.Read()).Exec(context.Background(), sql, args...); err != nil {
		w.Fatal(err)
	}
}

func (w *town) count(sql string, args ...any) (n int) {
	w.Helper()
	if err := postgres.Hub(w.hub.DB.Read()).QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		w.Fatal(err)
	}
	return n
}

// ask returns the answer's data as it was sent, or the code of the error.
func (w *town) ask(token, query string, variables map[string]any) string {
	w.Helper()
	a := w.hub.Query(w, token, query, variables)
	if len(a.Errors) > 0 {
		return fmt.Sprint(a.Errors[0]["extensions"].(map[string]any)["code"])
	}
	body, _ := strings.CutPrefix(strings.TrimSpace(string(a.Body)), `{"data":`)
	return strings.TrimSuffix(body, "}")
}

func (w *town) expect(token, query string, variables map[string]any, want string) {
	w.Helper()
	if got := w.ask(token, query, variables); got != want {
		w.Errorf("%s\n answered %s\n     not  %s", query, got, want)
	}
}

type vars = map[string]any

func TestClaimIsDecidedByTheTownAndTold(t *testing.T) {
	w := newTown(t)
	club := node.Association.Global(w.hub.Association(t, "Entitat Orfe"))
	can := `query($id: ID!) { node(id: $id) { ... on Association { viewerCanClaim { allowed code } viewerCanVerify { allowed code } viewerCanAdminister viewerCanRegister { code } openClaims { name state } } } }`
	w.expect("", can, vars{"id": club}, `{"node":{"viewerCanClaim":{"allowed":false,"code":"UNAUTHENTICATED"},"viewerCanVerify":{"allowed":false,"code":"UNAUTHENTICATED"},"viewerCanAdminister":false,"viewerCanRegister":{"code":"UNAUTHENTICATED"},"openClaims":[]}}`)
	w.expect(w.stranger, can, vars{"id": club}, `{"node":{"viewerCanClaim":{"allowed":true,"code":null},"viewerCanVerify":{"allowed":false,"code":"DENIED"},"viewerCanAdminister":false,"viewerCanRegister":{"code":"DENIED"},"openClaims":[]}}`)
	claim := `mutation($id: ID!) { associationClaim(input: {id: $id}) { claim { id name state association { title } } errors { code path } } }`
	made := w.hub.Must(t, w.stranger, claim, vars{"id": club})["associationClaim"].(map[string]any)["claim"].(map[string]any)
	if made["state"] != "OPEN" || made["name"] != "Esther Prova" {
		t.Errorf("the claim is %v", made)
	}
	w.expect(w.stranger, claim, vars{"id": club}, `{"associationClaim":{"claim":null,"errors":[{"code":"CLAIM_OPEN","path":["input","id"]}]}}`)

	open := `{ municipality(by: {ineCode: "08279"}) { openClaims { name association { title } } } }`
	w.expect(w.officer, open, nil, `{"municipality":{"openClaims":[{"name":"Esther Prova","association":{"title":"Entitat Orfe"}}]}}`)
	for _, token := range []string{"", w.stranger, w.root} {
		w.expect(token, open, nil, `{"municipality":{"openClaims":[]}}`)
	}
	if n := w.count(`select count(*) from access_log where actor = $1 and what = 'CLAIMANTS'`, w.officerID); n == 0 {
		t.Error("nobody noted that the officer read who claims")
	}

	decide := `mutation($in: ClaimDecideInput!) { claimDecide(input: $in) { association { claimState } errors { code path } } }`
	w.expect(w.stranger, decide, vars{"in": vars{"id": made["id"], "accept": true}}, `DENIED`)
	w.expect(w.officer, decide, vars{"in": vars{"id": made["id"], "accept": false}}, `{"claimDecide":{"association":null,"errors":[{"code":"REQUIRED","path":["input","reason"]}]}}`)
	w.expect(w.officer, decide, vars{"in": vars{"id": made["id"], "accept": false, "reason": "No us hi coneixen."}}, `{"claimDecide":{"association":{"claimState":"UNCLAIMED"},"errors":[]}}`)
	w.expect(w.stranger, `{ viewer { claims { state reason } } }`, nil, `{"viewer":{"claims":[{"state":"REJECTED","reason":"No us hi coneixen."}]}}`)
	again := w.hub.Must(t, w.stranger, claim, vars{"id": club})["associationClaim"].(map[string]any)["claim"].(map[string]any)
	w.expect(w.officer, decide, vars{"in": vars{"id": again["id"], "accept": true}}, `{"claimDecide":{"association":{"claimState":"CLAIMED"},"errors":[]}}`)
	w.expect(w.officer, `mutation($id: ID!) { associationVerify(input: {id: $id}) { association { claimState } } }`, vars{"id": club}, `{"associationVerify":{"association":{"claimState":"VERIFIED"}}}`)
	w.expect(w.stranger, can, vars{"id": club}, `{"node":{"viewerCanClaim":{"allowed":false,"code":"ALREADY_CLAIMED"},"viewerCanVerify":{"allowed":false,"code":"DENIED"},"viewerCanAdminister":true,"viewerCanRegister":{"code":null},"openClaims":[]}}`)

	told := w.letters.to("esther@example.org")
	if len(told) != 2 || told[0].Data["accepted"] != false || told[1].Data["accepted"] != true {
		t.Errorf("the claimant got %+v", told)
	}
}

// TestGlass: an administrator sees nothing of a hidden event but by breaking its
// glass, and then who organises it learns who, why and until when.
func TestGlass(t *testing.T) {
	w := newTown(t)
	event := w.hub.Event(t, w.officerID, 10, func(in *calendar.EventInput) { in.Visibility = access.Organisers })
	global := node.Event.Global(event)
	see := `query($id: ID!) { event(id: $id) { viewerCanOrganise } }`
	w.expect(w.root, see, vars{"id": global}, `{"event":null}`)
	follow := w.hub.Socket(t, w.officer).Subscribe(`subscription($id: ID!) { eventChanges(id: $id) { kind } }`, vars{"id": global})
	follow.Next()

	breakIt := `mutation($in: GlassBreakInput!) { glassBreak(input: $in) { glass { administrator reason node { id } } errors { code path } } }`
	reason := "Una persona denuncia un abús."
	w.expect("", breakIt, vars{"in": vars{"node": global, "reason": reason}}, `UNAUTHENTICATED`)
	w.expect(w.officer, breakIt, vars{"in": vars{"node": global, "reason": reason}}, `DENIED`)
	w.expect(w.root, breakIt, vars{"in": vars{"node": global, "reason": "Perquè sí"}}, `{"glassBreak":{"glass":null,"errors":[{"code":"REASON_LENGTH","path":["input","reason"]}]}}`)
	w.expect(w.root, breakIt, vars{"in": vars{"node": node.Event.Global(id.New()), "reason": reason}}, `{"glassBreak":{"glass":null,"errors":[{"code":"NOT_FOUND","path":["input","node"]}]}}`)
	w.expect(w.root, breakIt, vars{"in": vars{"node": global, "reason": reason, "idempotencyKey": "un"}}, `{"glassBreak":{"glass":{"administrator":"Ada Prova","reason":"`+reason+`","node":{"id":"`+global+`"}},"errors":[]}}`)
	w.expect(w.root, see, vars{"id": global}, `{"event":{"viewerCanOrganise":true}}`)

	if got := string(follow.Next()); got != `{"data":{"eventChanges":{"kind":"GLASS_BROKEN"}}}` {
		t.Errorf("the organisers' stream says %s", got)
	}
	who := `query($id: ID!) { glass(node: $id) { administrator reason } }`
	w.expect(w.officer, who, vars{"id": global}, `{"glass":[{"administrator":"Ada Prova","reason":"`+reason+`"}]}`)
	for _, token := range []string{"", w.stranger} {
		w.expect(token, who, vars{"id": global}, `{"glass":[]}`)
	}
	told := w.letters.to("olga@example.org")
	if len(told) != 1 || told[0].Data["reason"] != reason || told[0].Data["administrator"] != "Ada Prova" {
		t.Errorf("who answers for the body got %+v", told)
	}
	if n := w.count(`select count(*) from access_log where actor = $1 and node = $2 and what = 'GLASS'`, w.adminID, event); n != 1 {
		t.Errorf("%d lines in the access log", n)
	}
	if n := w.count(`select count(*) from journal_about a join journal j using (node, n4) where a.about = $1 and j.kind = 'GLASS_BROKEN'`, hubtest.Terrassa); n != 1 {
		t.Errorf("the body's feed has %d facts", n)
	}
	if n := w.count(`select count(*) from journal where data::text like '%denuncia%'`); n != 0 {
		t.Error("the reason is in the journal, where it cannot be erased")
	}
	w.exec(`update glass_breaks set at = now() - interval '20 minutes', until = now()`)
	w.expect(w.root, see, vars{"id": global}, `{"event":null}`)
}

// TestSubstituteActsAsADelegate: registers for the body and answers for what they
// registered, and manages nobody.
func TestSubstituteActsAsADelegate(t *testing.T) {
	w := newTown(t)
	club := w.hub.Association(t, "Entitat Prova")
	event := node.Event.Global(w.hub.Event(t, w.officerID, 10, nil))
	register := `mutation($in: RegistrationCreateInput!) { registrationCreate(input: $in) { registration { state viewerCanCancel { allowed } viewerCanReplace { allowed } } errors { code } } }`
	in := vars{"in": vars{"event": event, "organization": node.Association.Global(club), "policy": "WAIT_TOGETHER", "delegates": []vars{{"role": "ASSOCIATION"}}}}
	for _, role := range []directory.ActingRole{directory.Delegate, directory.Substitute} {
		token := w.hub.Token(w.hub.Person(t, "Sara "+string(role), club, role))
		w.expect(token, register, in, `{"registrationCreate":{"registration":{"state":"CONFIRMED","viewerCanCancel":{"allowed":true},"viewerCanReplace":{"allowed":true}},"errors":[]}}`)
		w.expect(token, `mutation($in: PersonCreateInput!) { personCreate(input: $in) { person { id } } }`,
			vars{"in": vars{"organization": node.Association.Global(club), "name": "Algú", "role": "DELEGATE"}}, `DENIED`)
	}
	other := w.hub.Token(w.hub.Person(t, "Berta Altra", club, directory.Substitute))
	w.expect(other, `query($id: ID!) { event(id: $id) { registrations { nodes { viewerCanCancel { code } delegates { checkInCode } } } } }`, vars{"id": event},
		`{"event":{"registrations":{"nodes":[{"viewerCanCancel":{"code":"DENIED"},"delegates":[{"checkInCode":null}]},{"viewerCanCancel":{"code":"DENIED"},"delegates":[{"checkInCode":null}]}]}}}`)
	w.expect(w.stranger, register, in, `DENIED`)
}

// TestMerge: two entries of one association become one while its people register
// for events. What was acknowledged is there, and nothing is left behind.
func TestMerge(t *testing.T) {
	w := newTown(t)
	from, into := w.hub.Association(t, "Entitat Dues Vegades"), w.hub.Association(t, "Entitat Dos Cops")
	both := w.hub.Person(t, "Berta Prova", from, directory.Representative)
	w.exec(`insert into edges (id, kind, source, target, role) values ($1, 'acts_for', $2, $3, 'REPRESENTATIVE')`, id.New(), both, into)
	w.exec(`insert into organization_identifiers (scheme, value, organization) values ('TAX_ID', 'G12345678', $1)`, from)
	organised := w.hub.Event(t, w.officerID, 10, func(in *calendar.EventInput) { in.CoOrganisers = []id.ID{from} })
	var events []string
	for range 6 {
		events = append(events, node.Event.Global(w.hub.Event(t, w.officerID, 1000, nil)))
	}
	token := w.hub.Token(both)
	register := `mutation($in: RegistrationCreateInput!) { registrationCreate(input: $in) { registration { id } errors { code } } }`
	merge := `mutation($from: ID!, $into: ID!) { organizationMerge(input: {from: $from, into: $into}) { organization { id } errors { code path } } }`
	pair := vars{"from": node.Association.Global(from), "into": node.Association.Global(into)}
	w.expect(token, merge, pair, `DENIED`)
	w.expect(w.stranger, merge, pair, `DENIED`)
	w.expect(w.officer, merge, vars{"from": pair["from"], "into": pair["from"]}, `{"organizationMerge":{"organization":null,"errors":[{"code":"MERGE_SAME","path":["input","into"]}]}}`)

	answers := make(chan string)
	busy, stop := context.WithCancel(t.Context())
	var people sync.WaitGroup
	for i := range 4 {
		people.Go(func() {
			for n := 0; busy.Err() == nil; n++ {
				a := w.hub.Query(t, token, register, vars{"in": vars{
					"event": events[(i+n)%len(events)], "organization": pair["from"], "policy": "WAIT_TOGETHER",
					"delegates": []vars{{"role": "ASSOCIATION"}},
				}})
				answers <- string(a.Body)
			}
		})
	}
	go func() {
		people.Wait()
		close(answers)
	}()
	var made, refused []string
	var merged sync.WaitGroup
	for body := range answers {
		registered := strings.Contains(body, `"registration":{"id"`)
		if registered {
			made = append(made, body)
		} else {
			refused = append(refused, body)
		}
		if registered && len(made) == 40 { // once
			merged.Go(func() {
				w.expect(w.officer, merge, pair, `{"organizationMerge":{"organization":{"id":"`+fmt.Sprint(pair["into"])+`"},"errors":[]}}`)
			})
		}
		if len(refused) == 12 {
			stop()
		}
	}
	stop()
	merged.Wait()

	t.Logf("%d registrations acknowledged around the merge, %d refused behind it", len(made), len(refused))
	if n := w.count(`select count(*) from registrations where organisation = $1`, into); n != len(made) {
		t.Errorf("%d registrations acknowledged, %d there", len(made), n)
	}
	for _, body := range refused {
		if !slices.ContainsFunc([]string{"ORGANIZATION_ENDED", "DENIED"}, func(code string) bool { return strings.Contains(body, code) }) {
			t.Errorf("refused with %s", body)
		}
	}
	for what, sql := range map[string]string{
		"registrations": `select count(*) from registrations where organisation = $1`,
		"relations":     `select count(*) from edges where (source = $1 or target = $1) and kind <> 'supersedes'`,
		"codes":         `select count(*) from organization_identifiers where organization = $1`,
		"homes":         `select count(*) from nodes where home = $1 and id <> $1`,
	} {
		if n := w.count(sql, from); n != 0 {
			t.Errorf("%d %s are left behind", n, what)
		}
	}
	if n := w.count(`select count(*) from edges where kind = 'acts_for' and source = $1 and target = $2`, both, into); n != 1 {
		t.Errorf("who acted for both acts for it %d times", n)
	}
	for _, topic := range []id.ID{from, into} {
		if n := w.count(`select count(*) from journal where node = $1 and kind = 'ORGANIZATION_MERGED'`, topic); n != 1 {
			t.Errorf("it was told %d times", n)
		}
	}
	if n := w.count(`select count(*) from journal where node = $1 and kind = 'EVENT_UPDATED'`, organised); n != 1 {
		t.Error("the event does not tell that its organisers changed")
	}
	w.expect("", `query($id: ID!) { node(id: $id) { id } organization(by: {id: $id}) { id identifiers { value } } }`, vars{"id": pair["from"]},
		`{"node":{"id":"`+fmt.Sprint(pair["into"])+`"},"organization":{"id":"`+fmt.Sprint(pair["into"])+`","identifiers":[{"value":"G12345678"}]}}`)
	w.expect(w.officer, merge, pair, `{"organizationMerge":{"organization":null,"errors":[{"code":"NOT_FOUND","path":["input","from"]}]}}`)
}
