package privacy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/privacy"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// toldMail belongs to nobody with an account.
const toldMail = "avisada@example.org"

const (
	invitationQuery = `query($token: String!) { delegateInvitation(token: $token) {
		event startsAt organization name state visibility diet access answer until } }`
	answerMutation = `mutation($input: DelegateAnswerInput!) { delegateAnswer(input: $input) {
		invitation { name visibility diet access answer } errors { code path } } }`
)

func (w *world) answers(token, answer string, more map[string]any) map[string]any {
	w.Helper()
	input := map[string]any{"token": token, "answer": answer}
	for key, value := range more {
		input[key] = value
	}
	return w.hub.Must(w.T, "", answerMutation, map[string]any{"input": input})["delegateAnswer"].(map[string]any)
}

func (w *world) invitation(token string) map[string]any {
	w.Helper()
	i, _ := w.hub.Must(w.T, "", invitationQuery, map[string]any{"token": token})["delegateInvitation"].(map[string]any)
	return i
}

// seenBy is the delegates' names as a viewer of the registration reads them.
func (w *world) seenBy(v id.ID, r *calendar.Registration) string {
	w.Helper()
	var names []string
	for _, d := range w.delegates(v, r) {
		names = append(names, fmt.Sprintf("%q", d.Name))
	}
	return strings.Join(names, " ")
}

func TestWhoIsRegisteredByOthersIsTold(t *testing.T) {
	w := newWorld(t)
	event := w.event(5, nil)
	r := w.registers(w.representative, w.entitat, event, named(canaryName, toldMail), named("Sense Adreça", ""), person(w.representative))
	token := w.tell(toldMail)
	if token == "" || len(w.letters.sent) != 1 {
		t.Fatalf("mails: %v", w.letters.sent)
	}
	w.tell(toldMail)
	if len(w.letters.sent) != 1 {
		t.Errorf("told twice: %v", w.letters.sent)
	}
	if places := w.found(w.database, token); len(places) > 0 {
		t.Errorf("the secret of the link is kept in %v", places)
	}
	if i := w.invitation(token); i["name"] != canaryName || i["organization"] != "Entitat Inventada" || i["answer"] != nil {
		t.Errorf("the link shows %v", i)
	}
	for _, wrong := range []string{"", "x", strings.ToLower(token), token + "A"} {
		if i := w.invitation(wrong); i != nil {
			t.Errorf("link %q shows %v", wrong, i)
		}
	}
	// Correct, with needs, shown to the others of the organisation.
	got := w.answers(token, "CORRECT", map[string]any{"name": "Canària Corregida", "visibility": "COLLEAGUES", "diet": "vegana"})
	if i, _ := got["invitation"].(map[string]any); i["name"] != "Canària Corregida" || i["diet"] != "vegana" || i["visibility"] != "COLLEAGUES" {
		t.Fatalf("after the correction: %v", got)
	}
	colleague := w.hub.Person(t, "Col Lega", w.entitat, directory.Technician)
	if seen := w.seenBy(colleague, r); seen != `"Canària Corregida" "" ""` {
		t.Errorf("a colleague reads %s", seen)
	}
	needs := `query($id: ID!) { event(id: $id) { registrations(first: 5) { nodes { delegates { name needs { diet access } } } } } }`
	for who, c := range map[string]struct {
		token string
		sees  bool
	}{"organiser": {w.asOfficer, true}, "who registered": {w.asRep, false}, "colleague": {w.hub.Token(colleague), false}} {
		answer := fmt.Sprint(w.hub.Must(t, c.token, needs, map[string]any{"id": eventID(event)}))
		if strings.Contains(answer, "vegana") != c.sees {
			t.Errorf("%s reads %s", who, answer)
		}
	}
	w.notMe(event, r, token)
}

// notMe takes the name off the seat; the seat stays the organisation's.
func (w *world) notMe(event id.ID, r *calendar.Registration, token string) {
	w.Helper()
	before := w.delegates(w.representative, r)[0]
	backup := w.dump(w.database)
	if got := w.answers(token, "NOT_ME", nil); len(got["errors"].([]any)) > 0 {
		w.Fatalf("not me: %v", got)
	}
	after := w.delegates(w.representative, r)[0]
	if after.Name+after.Mail != "" || after.Named || after.State != calendar.DelegateConfirmed || after.Code == before.Code {
		w.Errorf("after “not me”: %+v", after)
	}
	for _, text := range []string{"Corregida", toldMail, "vegana"} {
		if places := w.found(w.database, text); len(places) > 0 {
			w.Errorf("after “not me” %q is in %v", text, places)
		}
	}
	if i := w.invitation(token); i != nil {
		w.Errorf("the link still shows %v", i)
	}
	if got := w.answers(token, "ACCEPT", nil); !strings.Contains(fmt.Sprint(got["errors"]), "LINK_ENDED") {
		w.Errorf("the ended link answers %v", got)
	}
	w.audit(w.database)
	_, err := calendar.NewRegistrations(w.hub.DB).ReplaceDelegate(w.Context(), w.hub.Viewer(w.T, w.representative), event, after.ID, named("Nova Persona", ""), "")
	w.ok(err)
	p := privacy.New(w.hub.DB, privacy.Options{})
	p.Ledger, err = privacy.OpenLedger(w.erasures)
	w.ok(err)
	if n, err := p.Replay(w.Context(), calendar.NewRegistrations(w.hub.DB)); n != 0 || err != nil {
		w.Errorf("a start took the new name away again: %d, %v", n, err)
	}
	restored := w.restore(backup)
	w.start(restored, w.erasures)
	if places := w.found(restored, "Corregida"); len(places) > 0 {
		w.Errorf("after a restore the name is back in %v", places)
	}
}

// TestSensitiveEventsKeepQuiet: the mail says neither what nor who, and colleagues
// see nothing unless all of a block's delegates chose so themselves.
func TestSensitiveEventsKeepQuiet(t *testing.T) {
	w := newWorld(t)
	event := w.event(5, func(in *calendar.EventInput) { in.Sensitive = true })
	r := w.registers(w.representative, w.entitat, event, named(canaryName, canaryMail))
	token := w.tell(canaryMail)
	letter, err := mail.Render(w.letters.of(mail.RegisteredByOther, canaryMail)[0])
	w.ok(err)
	if text := fmt.Sprint(letter); strings.Contains(text, "Jornada") || strings.Contains(text, "Entitat") {
		t.Errorf("the mail tells:\n%s", text)
	}
	colleague := w.hub.Person(t, "Col Lega", w.entitat, directory.Technician)
	if seen := w.seenBy(colleague, r); seen != "" {
		t.Errorf("a colleague reads %s", seen)
	}
	w.answers(token, "ACCEPT", map[string]any{"visibility": "COLLEAGUES"})
	if seen := w.seenBy(colleague, r); seen != `"`+canaryName+`"` {
		t.Errorf("when the delegate wants it, a colleague reads %s", seen)
	}
}

// TestOnlyTheDelegateChooses: who registered somebody does not decide who reads
// the name.
func TestOnlyTheDelegateChooses(t *testing.T) {
	w := newWorld(t)
	event := w.event(5, nil)
	r := w.registers(w.representative, w.entitat, event, person(w.canary))
	set := `mutation($id: ID!) { delegateVisibilitySet(input: {id: $id, visibility: COLLEAGUES}) { delegate { visibility } errors { code } } }`
	own := map[string]any{"id": w.delegates(w.canary, r)[0].GlobalID()}
	for who, token := range map[string]string{"who registered": w.asRep, "the organiser": w.asOfficer, "a stranger": w.asOther, "nobody": ""} {
		if a := w.hub.Query(t, token, set, own); strings.Contains(string(a.Body), `"visibility":"COLLEAGUES"`) {
			t.Errorf("%s chose: %s", who, a.Body)
		}
	}
	if got := fmt.Sprint(w.hub.Must(t, w.asCanary, set, own)); !strings.Contains(got, "visibility:COLLEAGUES") {
		t.Errorf("the delegate chose: %s", got)
	}
}

// TestWhoShowsThemselvesIsRead: a delegate with an account who shows their name to
// the others of the organisation is read by them, and by them only, also when the
// delegate does not act for it. Their code and who they are stay theirs.
func TestWhoShowsThemselvesIsRead(t *testing.T) {
	w := newWorld(t)
	event := w.event(5, nil)
	r := w.registers(w.representative, w.entitat, event, person(w.canary))
	colleague := w.hub.Person(t, "Col Lega", w.entitat, directory.Technician)
	chooses := func(v string) {
		own := map[string]any{"id": w.delegates(w.canary, r)[0].GlobalID(), "to": v}
		w.hub.Must(t, w.asCanary, `mutation($id: ID!, $to: DelegateVisibility!) {
			delegateVisibilitySet(input: {id: $id, visibility: $to}) { delegate { visibility } } }`, own)
	}
	reads := func(when, want string) {
		t.Helper()
		if seen := w.seenBy(colleague, r); seen != want {
			t.Errorf("%s a colleague reads %s, want %s", when, seen, want)
		}
		if seen := w.seenBy(w.stranger, r); seen != "" {
			t.Errorf("%s a stranger reads %s", when, seen)
		}
		for _, d := range w.delegates(colleague, r) {
			if d.Code+d.Mail != "" || !d.Person.IsZero() {
				t.Errorf("%s a colleague reads %q %q %v", when, d.Code, d.Mail, d.Person)
			}
		}
	}
	reads("before they chose", `""`)
	chooses("COLLEAGUES")
	reads("when they chose it", `"`+canaryName+`"`)
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `delete from edges where source = $1 and target = $2`, w.canary, w.entitat)
		return err
	})
	reads("when they no longer act for it", `"`+canaryName+`"`)
	chooses("ORGANISERS")
	reads("when they take it back", `""`)
}

func TestNamesArePurgedAndCountsStay(t *testing.T) {
	w := newWorld(t)
	seats := calendar.NewRegistrations(w.hub.DB)
	diet := "vegana"
	made, told := map[string]id.ID{}, map[string]id.ID{}
	for name, ago := range map[string]time.Duration{
		"recent": 3 * 24 * time.Hour, "needs": 8 * 24 * time.Hour, "codes": 31 * 24 * time.Hour, "names": 366 * 24 * time.Hour, "kept": 366 * 24 * time.Hour,
	} {
		event := w.event(5, nil)
		r := w.registers(w.representative, w.entitat, event, named("Nom "+name, name+"@example.org"), person(w.canary))
		_, err := seats.SetNeeds(t.Context(), w.hub.Viewer(t, w.representative), event, w.delegates(w.representative, r)[0].ID, &diet, nil, "")
		w.ok(err)
		if name == "kept" { // before it is long ago: the hub purges by itself too
			w.hub.Must(t, w.asOfficer, `mutation($id: ID!) { eventNamesKeep(input: {id: $id, days: 400}) { event { namesKeptDays } errors { code } } }`,
				map[string]any{"id": eventID(event)})
		}
		w.longAgo(event, ago)
		w.admin(w.database, `update delegate_needs set purge_at = e.over_by + interval '7 days' from events e where e.node = event and event = $1`, event.String())
		made[name], told[name] = event, r.ID
	}
	w.notTold(told)
	// Purging ends: what the hub still notes about seats meanwhile is purged too.
	for n, deadline := 1, time.Now().Add(hubtest.Patience); n > 0; {
		var err error
		n, err = seats.Purge(t.Context())
		w.ok(err)
		if time.Now().After(deadline) {
			t.Fatalf("it is still purging: %d", n)
		}
	}
	for name, want := range map[string]string{
		"recent": "needs codes names persons", "needs": "codes names persons", "codes": "names persons", "names": "", "kept": "names persons",
	} {
		if got := w.left(made[name]); got != want {
			t.Errorf("%s: left are %q, want %q", name, got, want)
		}
	}
	w.audit(w.database)
}

// notTold looks that of events that are over nobody is told anything more, and
// nothing is kept about what they were told: it would never be asked for.
func (w *world) notTold(registrations map[string]id.ID) {
	w.Helper()
	notices := calendar.NewNotices(w.hub.DB, w.letters, "https://teixit.example", "")
	for name, registration := range registrations {
		w.admin(w.database, `delete from seat_notices where subject = $1`, registration.String())
		data, err := json.Marshal(map[string]id.ID{"registration": registration})
		w.ok(err)
		w.ok(notices.Tell(w.Context(), journal.Entry{Kind: calendar.FactRegistrationCancelled, Data: data}))
		if n := w.count(`select count(*) from seat_notices where subject = $1`, registration); n != 0 {
			w.Errorf("%s: it is noted what was told of an event that is over", name)
		}
	}
}

// left tells what is still kept about an event's delegates.
func (w *world) left(event id.ID) string {
	w.Helper()
	var left []string
	for _, c := range []struct{ what, sql string }{
		{"needs", `select count(*) from delegate_needs where event = $1`},
		{"codes", `select count(*) from delegate_secrets where event = $1 and code is not null`},
		{"names", `select count(*) from person_names where root = $1`},
		{"persons", `select count(*) from delegate_secrets where event = $1 and person is not null`},
	} {
		if n := w.count(c.sql, event); n > 0 {
			left = append(left, c.what)
		}
	}
	if n := w.count(`select count(*) from registration_delegates where event = $1 and pool is not null`, event); n != 2 {
		w.Errorf("%d seats are left", n)
	}
	return strings.Join(left, " ")
}
