package privacy_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	ical "github.com/emersion/go-ical"
	"golang.org/x/sync/errgroup"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
)

const (
	guestMail      = "secretaria@entitat-nova.example"
	requestSeats   = `mutation($input: RegistrationRequestInput!) { registrationRequest(input: $input) { heldMinutes errors { code message path } } }`
	linkedFields   = `organization state words place confirmed waiting confirmBy offeredUntil adopted delegates { id name state checkInCode }`
	readLink       = `query($token: String!) { registrationLink(token: $token) { ` + linkedFields + ` } }`
	confirmLink    = `mutation($token: String!) { r: registrationConfirm(input: {token: $token}) { registration { ` + linkedFields + ` } errors { code } } }`
	cancelLink     = `mutation($token: String!) { r: registrationLinkCancel(input: {token: $token}) { registration { ` + linkedFields + ` } errors { code } } }`
	acceptLink     = `mutation($token: String!) { r: registrationLinkOfferAccept(input: {token: $token}) { registration { ` + linkedFields + ` } errors { code } } }`
	adoptLink      = `mutation($token: String!) { r: registrationAdopt(input: {token: $token}) { registration { ` + linkedFields + ` } errors { code } } }`
	replaceLinked  = `mutation($token: String!, $delegate: ID!, $name: String!) { r: registrationLinkDelegateReplace(input: {token: $token, delegate: $delegate, name: $name}) { registration { ` + linkedFields + ` } errors { code } } }`
	resizePool     = `mutation($id: ID!, $to: Int!) { seatPoolResize(input: {id: $id, capacity: $to}) { event { seatPools { confirmed waiting } } errors { code message } } }`
	checkInBy      = `mutation($event: ID!, $code: String!) { delegateCheckIn(input: {event: $event, delegate: {code: $code}}) { delegate { state } errors { code } } }`
	associationsIn = `query($text: String) { organizations(filter: {text: $text}) { nodes { id title: name } } }`
)

type object = map[string]any

// request asks for seats by mail; change may alter the input.
func (w *world) request(event id.ID, n int, change func(object)) object {
	w.Helper()
	delegates := make([]any, n)
	for i := range delegates {
		delegates[i] = object{"role": "ASSOCIATION"}
	}
	input := object{
		"event": node.Event.Global(event), "mail": guestMail, "name": "Secretària Inventada", "language": "CA", "policy": "WAIT_TOGETHER",
		"organization": object{"new": object{"name": "Entitat Nova Inventada", "town": node.Municipality.Global(hubtest.Terrassa)}}, "delegates": delegates,
	}
	if change != nil {
		change(input)
	}
	return w.hub.Must(w.T, "", requestSeats, object{"input": input})["registrationRequest"].(object)
}

// linkFor is the secret in the newest mail of a template to an address.
func (w *world) linkFor(template, to string) string {
	w.Helper()
	sent := w.letters.of(template, to)
	if len(sent) == 0 {
		w.Fatalf("no %s was mailed to %s", template, to)
	}
	_, token, _ := strings.Cut(sent[len(sent)-1].Data["link"].(string), "#token=")
	return token
}

// by runs an operation of a link's holder and gives the registration.
func (w *world) by(asWho, operation, token string, more object) object {
	w.Helper()
	variables := object{"token": token}
	maps.Copy(variables, more)
	r := w.hub.Must(w.T, asWho, operation, variables)["r"].(object)
	if errs := r["errors"].([]any); len(errs) > 0 {
		w.Fatalf("%s: %v", operation, errs)
	}
	return r["registration"].(object)
}

// mailed waits for the newest mail of a template to an address, the nth of them.
func (w *world) mailed(template, to string, nth int) mail.Message {
	w.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; {
		if sent := w.letters.of(template, to); len(sent) >= nth {
			return sent[nth-1]
		}
		if time.Now().After(deadline) {
			w.Fatalf("%s was not mailed %d times to %s", template, nth, to)
		}
		<-time.After(20 * time.Millisecond)
	}
}

func (w *world) pool(event id.ID) *calendar.SeatPool {
	w.Helper()
	pools, err := calendar.SeatPoolsOf(w.Context(), w.hub.DB.Read(), w.hub.Viewer(w.T, w.officer), []id.ID{event})
	w.ok(err)
	return pools[event][0]
}

// entry reads the calendar of a mail with a parser that is not its writer's.
func entry(t *testing.T, m mail.Message) (method, uid string, sequence int) {
	t.Helper()
	c, err := ical.NewDecoder(strings.NewReader(m.Calendar)).Decode()
	if err != nil {
		t.Fatalf("%v in\n%s", err, m.Calendar)
	}
	method, _ = c.Props.Text(ical.PropMethod)
	uid, _ = c.Events()[0].Props.Text(ical.PropUID)
	if sequence, err = c.Events()[0].Props.Get(ical.PropSequence).Int(); err != nil {
		t.Fatal(err)
	}
	return method, uid, sequence
}

// TestABlockByMail: 80 seats, 78 taken; a block of three is asked for by mail by
// somebody without an account, for an association that nobody knew. It waits,
// comes in with more seats and is mailed; one delegate is replaced.
func TestABlockByMail(t *testing.T) {
	w := newWorld(t)
	event := w.event(80, nil)
	for _, n := range []int{39, 39} {
		w.registers(w.representative, w.entitat, event, make50(n)...)
	}
	if r := w.request(event, 3, nil); len(r["errors"].([]any)) > 0 || r["heldMinutes"] != 30.0 {
		t.Fatalf("%v", r)
	}
	token := w.linkFor(mail.BookingLink, guestMail)
	held := w.hub.Must(t, "", readLink, object{"token": token})["registrationLink"].(object)
	if held["confirmBy"] == nil || held["place"] != 1.0 {
		t.Errorf("before it is confirmed: %v", held)
	}
	if found := w.hub.Must(t, "", associationsIn, object{"text": "Entitat Nova Inventada"})["organizations"].(object)["nodes"].([]any); len(found) != 0 {
		t.Errorf("the association is there before anybody confirmed: %v", found)
	}
	waits := w.by("", confirmLink, token, nil)
	if waits["state"] != "WAITLISTED" || waits["words"] != "3 people are waiting: you are first in the line." {
		t.Errorf("it waits as %v: %v", waits["state"], waits["words"])
	}
	if found := w.hub.Must(t, "", associationsIn, object{"text": "Entitat Nova Inventada"})["organizations"].(object)["nodes"].([]any); len(found) != 1 {
		t.Errorf("the association is not added once: %v", found)
	}
	w.mailed(mail.SeatWaiting, guestMail, 1)

	pool := w.pool(event)
	raised := w.hub.Must(t, w.asOfficer, resizePool, object{"id": pool.GlobalID(), "to": 81})["seatPoolResize"].(object)
	if seats := raised["event"].(object)["seatPools"].([]any)[0].(object); seats["confirmed"] != 81.0 || seats["waiting"] != 0.0 {
		t.Errorf("in the instant of the change: %v", seats)
	}
	first := w.mailed(mail.SeatConfirmed, guestMail, 1)
	method, uid, sequence := entry(t, first)
	if method != "REQUEST" {
		t.Errorf("the entry has method %s", method)
	}
	below := w.hub.Must(t, w.asOfficer, resizePool, object{"id": pool.GlobalID(), "to": 80})["seatPoolResize"].(object)
	if errs := below["errors"].([]any); len(errs) != 1 || errs[0].(object)["code"] != "CAPACITY_BELOW_CONFIRMED" || !strings.Contains(errs[0].(object)["message"].(string), "81") {
		t.Errorf("below the confirmed: %v", errs)
	}

	token = w.linkFor(mail.SeatConfirmed, guestMail) // every mail's link works, the first one's too
	w.by("", replaceLinked, token, object{"delegate": delegateOf(waits, 0)["id"], "name": "Berta Primera"})
	named := w.hub.Must(t, "", readLink, object{"token": token})["registrationLink"].(object)
	old := delegateOf(named, 0)["checkInCode"].(string)
	replaced := w.by("", replaceLinked, token, object{"delegate": delegateOf(named, 0)["id"], "name": "Carla Segona"})
	if replaced["confirmed"] != 3.0 || delegateOf(replaced, 0)["name"] != "Carla Segona" || delegateOf(replaced, 0)["checkInCode"] == old {
		t.Errorf("after the replacement: %v", replaced)
	}
	door := w.hub.Must(t, w.asOfficer, checkInBy, object{"event": node.Event.Global(event), "code": old})["delegateCheckIn"].(object)
	if errs := door["errors"].([]any); len(errs) != 1 || errs[0].(object)["code"] != "CODE_NO_LONGER_VALID" {
		t.Errorf("the old code at the door: %v", door)
	}

	starts := time.Now().Add(40 * 24 * time.Hour).Truncate(time.Second)
	moved := w.hub.Must(t, w.asOfficer, `mutation($id: ID!, $starts: DateTime!, $ends: DateTime!) {
		eventUpdate(input: {id: $id, startsAt: $starts, endsAt: $ends}) { errors { code } } }`,
		object{"id": node.Event.Global(event), "starts": starts.UTC().Format(time.RFC3339), "ends": starts.Add(time.Hour).UTC().Format(time.RFC3339)})
	if errs := moved["eventUpdate"].(object)["errors"].([]any); len(errs) > 0 {
		t.Fatal(errs)
	}
	m, same, later := entry(t, w.mailed(mail.SeatChanged, guestMail, 1))
	if m != "REQUEST" || same != uid || later <= sequence {
		t.Errorf("the change does not replace the entry: %s %s %d after %s %d", m, same, later, uid, sequence)
	}
	adopted := w.by(w.asOther, adoptLink, token, nil)
	if adopted["adopted"] != true {
		t.Errorf("in an account: %v", adopted)
	}
	if gone := w.by("", cancelLink, token, nil); gone["state"] != "CANCELLED" {
		t.Errorf("cancelled: %v", gone)
	}
	m, same, last := entry(t, w.mailed(mail.SeatCancelled, guestMail, 1))
	if m != "CANCEL" || same != uid || last <= later {
		t.Errorf("the cancellation does not take the entry out: %s %s %d", m, same, last)
	}
}

func delegateOf(registration object, i int) object {
	return registration["delegates"].([]any)[i].(object)
}

// make50 are n delegates whose names follow.
func make50(n int) []calendar.DelegateInput {
	list := make([]calendar.DelegateInput, n)
	for i := range list {
		list[i] = calendar.DelegateInput{Role: calendar.RoleAssociation}
	}
	return list
}

// TestARequestTellsNothing: an address that has registered gets the same answer,
// takes no second seat and is mailed a link to what there is.
func TestARequestTellsNothing(t *testing.T) {
	w := newWorld(t)
	event := w.event(10, nil)
	for range 2 {
		if r := w.request(event, 2, nil); len(r["errors"].([]any)) > 0 {
			t.Fatalf("%v", r)
		}
	}
	if c := w.pool(event).Counts; c.Confirmed != 2 {
		t.Errorf("%d seats are held", c.Confirmed)
	}
	if sent := w.letters.of(mail.BookingLink, guestMail); len(sent) != 2 {
		t.Fatalf("%d mails", len(sent))
	}
	w.by("", confirmLink, w.linkFor(mail.BookingLink, guestMail), nil)
	taken := w.request(event, 1, func(in object) {
		in["mail"] = "altra@entitat.example"
		in["delegates"] = []any{object{"role": "PUBLIC", "name": "Algú", "mail": guestMail}}
	})
	if len(taken["errors"].([]any)) > 0 {
		t.Errorf("a delegate's address is compared before the link is opened: %v", taken)
	}
	full := w.request(event, 9, func(in object) { in["policy"] = "ALL_OR_NOTHING" })
	fresh := w.request(event, 9, func(in object) { in["policy"], in["mail"] = "ALL_OR_NOTHING", "nova@entitat.example" })
	if fmt.Sprint(full["errors"]) != fmt.Sprint(fresh["errors"]) || len(full["errors"].([]any)) != 1 {
		t.Errorf("a refusal tells who is known: %v and %v", full, fresh)
	}
	for range 10 {
		if r := w.hub.Query(t, "", requestSeats, object{"input": object{
			"event": node.Event.Global(event), "mail": "insistent@entitat.example", "policy": "WAIT_TOGETHER", "delegates": []any{object{"role": "PUBLIC"}},
			"organization": object{"id": node.Association.Global(w.entitat)},
		}}); len(r.Errors) > 0 {
			t.Fatalf("%s", r.Body)
		}
	}
	often := w.hub.Query(t, "", requestSeats, object{"input": object{
		"event": node.Event.Global(event), "mail": "insistent@entitat.example", "policy": "WAIT_TOGETHER", "delegates": []any{object{"role": "PUBLIC"}},
		"organization": object{"id": node.Association.Global(w.entitat)},
	}})
	if !strings.Contains(string(often.Body), "TOO_OFTEN") {
		t.Errorf("the eleventh time: %s", often.Body)
	}
}

// TestARequestCostsTheSame: for an address that has registered the hub does as
// much as for one that has not, statement by statement, and mails as much: neither
// the clock nor the mail queue tells them apart. That counting would show it, a
// request shows that is refused halfway.
func TestARequestCostsTheSame(t *testing.T) {
	w := newWorld(t)
	event := w.event(40, nil)
	asks := func(address string, n int) (steps, answer string, mails int) {
		delegates := make([]any, n)
		for i := range delegates {
			delegates[i] = object{"role": "ASSOCIATION", "name": fmt.Sprint("Algú ", i), "mail": fmt.Sprint(i, "@entitat.example")}
		}
		a := w.hub.Query(t, "", requestSeats, object{"input": object{
			"event": node.Event.Global(event), "mail": address, "policy": "WAIT_TOGETHER", "delegates": delegates, "organization": object{"id": node.Association.Global(w.entitat)},
		}})
		if !strings.Contains(string(a.Body), `"errors":[]`) {
			t.Fatalf("%s", a.Body)
		}
		return a.Header.Get(app.StatementsHeader), string(a.Body), len(w.letters.of(mail.BookingLink, address))
	}
	asks("escalfament@entitat.example", 1) // what is prepared once
	steps, answer, mails := asks("nova@entitat.example", 1)
	for nth, what := range []string{"held already", "confirmed already"} {
		if nth == 1 {
			w.by("", confirmLink, w.linkFor(mail.BookingLink, "nova@entitat.example"), nil)
		}
		again, said, sent := asks("nova@entitat.example", 1)
		if again != steps || said != answer || sent != mails+nth+1 {
			t.Errorf("%s: %s statements, not %s; %s, not %s; %d mails", what, again, steps, said, answer, sent)
		}
	}
	asks("molts@entitat.example", 30) // there is no room for as many more
	if refused := w.hub.Query(t, "", requestSeats, object{"input": object{
		"event": node.Event.Global(event), "mail": "cap@entitat.example", "policy": "ALL_OR_NOTHING", "delegates": make30(), "organization": object{"id": node.Association.Global(w.entitat)},
	}}); refused.Header.Get(app.StatementsHeader) == steps {
		t.Errorf("negative control: what is refused halfway takes %s statements too: %s", steps, refused.Body)
	}
	t.Logf("%s statements each, one mail each", steps)
}

func make30() (list []any) {
	for range 30 {
		list = append(list, object{"role": "ASSOCIATION"})
	}
	return list
}

// TestAHoldLapsesUnderLoad: while many register and several instances look, seats
// that nobody confirmed go to exactly the next in line, once.
func TestAHoldLapsesUnderLoad(t *testing.T) {
	w := newWorld(t)
	event := w.event(10, nil)
	w.registers(w.representative, w.entitat, event, make50(8)...)
	w.request(event, 2, nil)
	next := w.registers(w.representative, w.entitat, event, make50(2)...)
	after := w.registers(w.representative, w.entitat, event, make50(2)...)
	w.admin(w.database, `update registrations set confirm_by = now() - interval '1 second' where confirm_by is not null`)
	var all errgroup.Group
	seats := calendar.NewRegistrations(w.hub.DB)
	viewer := w.hub.Viewer(t, w.representative)
	for range 4 {
		all.Go(func() error {
			for range 3 {
				if _, err := seats.Lapse(t.Context()); err != nil {
					return err
				}
			}
			return nil
		})
		all.Go(func() error {
			for range 5 {
				_, err := seats.Create(t.Context(), viewer, calendar.RegistrationInput{
					Event: event, Organisation: w.entitat, Policy: calendar.WaitTogether, Delegates: make50(1),
				}, "")
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	w.ok(all.Wait())
	var promoted, lapsed, free int
	var who id.ID
	w.ok(w.hub.DB.Read().QueryRow(t.Context(), `
		select count(*) filter (where kind = 'REGISTRATION_PROMOTED'), count(*) filter (where kind = 'REGISTRATION_LAPSED'),
		  (select sum(capacity - confirmed) from seat_pools where event = $1),
		  (array_agg((data->>'registration')::uuid) filter (where kind = 'REGISTRATION_PROMOTED'))[1]
		from journal where node = $1`, event).Scan(&promoted, &lapsed, &free, &who))
	if promoted != 1 || lapsed != 1 || free != 0 || who != next.ID {
		t.Errorf("%d promotions, %d lapses, %d seats free; %v came in, not %v (after it %v)", promoted, lapsed, free, who, next.ID, after.ID)
	}
	if found := w.found(w.database, "entitat-nova"); len(found) > 0 {
		t.Errorf("who never confirmed is kept: %v", found)
	}
	shown := w.hub.Must(t, "", readLink, object{"token": w.linkFor(mail.BookingLink, guestMail)})
	if shown["registrationLink"] != nil {
		t.Errorf("the link still shows %v", shown)
	}
}

// TestAPromotionIsAnOffer: shortly before the start who waits is asked first;
// without an answer the seat goes to the next in line, who may accept.
func TestAPromotionIsAnOffer(t *testing.T) {
	w := newWorld(t)
	event := w.event(1, func(in *calendar.EventInput) {
		in.StartsAt = time.Now().Add(6 * time.Hour).Truncate(time.Second)
		in.EndsAt = in.StartsAt.Add(time.Hour)
	})
	taken := w.registers(w.representative, w.entitat, event, make50(1)...)
	mails := []string{"primera@entitat.example", "segona@entitat.example"}
	tokens := make([]string, len(mails))
	for i, address := range mails {
		w.request(event, 1, func(in object) { in["mail"] = address })
		tokens[i] = w.linkFor(mail.BookingLink, address)
		w.by("", confirmLink, tokens[i], nil)
	}
	last := w.registers(w.canary, w.entitat, event, make50(1)...)
	_, err := calendar.NewRegistrations(w.hub.DB).Cancel(t.Context(), w.hub.Viewer(t, w.representative), event, taken.ID, "")
	w.ok(err)
	w.mailed(mail.SeatOffered, mails[0], 1)
	offered := w.hub.Must(t, "", readLink, object{"token": tokens[0]})["registrationLink"].(object)
	if offered["offeredUntil"] == nil || offered["confirmed"] != 1.0 {
		t.Errorf("offered: %v", offered)
	}
	w.admin(w.database, `update registration_delegates set offered_until = now() - interval '1 second' where offered_until is not null`)
	n, err := calendar.NewRegistrations(w.hub.DB).Lapse(t.Context())
	w.ok(err)
	if n != 1 {
		// The hub's own work may have been first.
		t.Logf("%d lapsed here", n)
	}
	lapsed := w.mailed(mail.SeatCancelled, mails[0], 1)
	if lapsed.Data["lapsed"] != true || lapsed.Calendar != "" {
		t.Errorf("told as %v", lapsed.Data)
	}
	w.mailed(mail.SeatOffered, mails[1], 1)
	accepted := w.by("", acceptLink, tokens[1], nil)
	if accepted["offeredUntil"] != nil || accepted["state"] != "CONFIRMED" {
		t.Errorf("accepted: %v", accepted)
	}
	w.mailed(mail.SeatConfirmed, mails[1], 1)
	r := w.hub.Must(t, "", acceptLink, object{"token": tokens[1]})["r"].(object)
	if errs := r["errors"].([]any); len(errs) != 1 || errs[0].(object)["code"] != "NO_OFFER" {
		t.Errorf("accepted again: %v", r)
	}
	w.by("", cancelLink, tokens[1], nil)
	w.acceptsWithAccount(last)
}

// acceptsWithAccount: who registered with an account is mailed the page where they
// say that they come, and nobody else says it for them.
func (w *world) acceptsWithAccount(r *calendar.Registration) {
	w.Helper()
	told := w.mailed(mail.SeatOffered, canaryMail, 1)
	if link := told.Data["link"].(string); !strings.HasSuffix(link, "/me/registrations") {
		w.Errorf("the mail leads to %s", link)
	}
	const offers = `{ viewer { registrations(first: 5) { nodes { id offeredUntil } } } }`
	if got := fmt.Sprint(w.hub.Must(w.T, w.asCanary, offers, nil)); !strings.Contains(got, r.GlobalID()) || strings.Contains(got, "offeredUntil:<nil>") {
		w.Errorf("on the page there is %s", got)
	}
	const accept = `mutation($id: ID!) { registrationOfferAccept(input: {id: $id, idempotencyKey: "que vinc"}) { registration { state offeredUntil } errors { code } } }`
	for _, c := range []struct{ who, want string }{
		{w.asOther, "errors:[map[code:"}, {w.asCanary, "map[offeredUntil:<nil> state:CONFIRMED]"}, {w.asCanary, "map[offeredUntil:<nil> state:CONFIRMED]"},
	} {
		if got := fmt.Sprint(w.hub.Must(w.T, c.who, accept, object{"id": r.GlobalID()})); !strings.Contains(got, c.want) {
			w.Errorf("accepting gives %s, not %s", got, c.want)
		}
	}
	w.mailed(mail.SeatConfirmed, canaryMail, 1)
}
