package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func TestRegistration(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	t.Run("policies", func(t *testing.T) { policies(w.talk(t), w) })
	t.Run("approval", func(t *testing.T) { approval(w.talk(t), w) })
	t.Run("reserves", func(t *testing.T) { reserves(w.talk(t), w) })
	t.Run("overtaking", func(t *testing.T) { overtaking(w.talk(t), w) })
	t.Run("capacity", func(t *testing.T) { capacity(w.talk(t), w) })
	t.Run("cancelling", func(t *testing.T) { cancelling(w.talk(t), w) })
	t.Run("replacing", func(t *testing.T) { replacing(w.talk(t), w) })
	t.Run("times", func(t *testing.T) { registrationTimes(w.talk(t), w) })
	t.Run("who can register", func(t *testing.T) { whoCanRegister(w.talk(t), w) })
	t.Run("wrong inputs", func(t *testing.T) { wrongRegistrations(w.talk(t), w) })
	t.Run("door", func(t *testing.T) { doorkeeper(w.talk(t), w) })
	t.Run("who sees", func(t *testing.T) { whoSeesRegistrations(w.talk(t), w) })
}

const (
	// short is register with less to read.
	short = `mutation($in: RegistrationCreateInput!) { registrationCreate(input: $in) { registration { id state place confirmed waiting delegates { id state } }
		errors { __typename message code path ... on SeatsError { wanted free confirmed } } } }`
	seats    = `query($id: ID!) { event(id: $id) { seatPools { name availability capacity confirmed waiting } registrations { nodes { state place confirmed waiting organization { title } } } } }`
	resize   = `mutation($in: SeatPoolResizeInput!) { seatPoolResize(input: $in) { event { seatPools { capacity confirmed waiting } } errors { __typename message code path ... on SeatsError { wanted free confirmed } } } }`
	cancel   = `mutation($id: ID!) { registrationCancel(input: {id: $id}) { registration { state confirmed delegates { state checkInCode } } errors { message code path } } }`
	cancelIt = `mutation($id: ID!) { delegateCancel(input: {id: $id}) { registration { state confirmed waiting delegates { state } } errors { message code path } } }`
	letPass  = `mutation($id: ID!) { seatPoolLetSmallerPass(input: {id: $id}) { event { seatPools { confirmed waiting } } registrations { state place organization { title } } errors { message code path } } }`
	approve  = `mutation($id: ID!) { registrationApprove(input: {id: $id}) { registration { state place confirmed waiting delegates { state checkInCode } } errors { __typename message code path ... on SeatsError { wanted free } } } }`
	reject   = `mutation($id: ID!) { registrationReject(input: {id: $id}) { registration { state delegates { state } } errors { message code path } } }`
	replace  = `mutation($in: DelegateReplaceInput!) { delegateReplace(input: $in) { registration { state delegates { id name role state checkInCode } } errors { message code path } } }`
)

// public are n delegates of the public sector without a name.
func public(n int) (list []in) {
	for range n {
		list = append(list, in{"role": "PUBLIC"})
	}
	return list
}

func block(event, organization, policy string, delegates []in) in {
	return in{"in": in{"event": event, "organization": organization, "policy": policy, "delegates": delegates}}
}

// policies: three seats, and blocks of each policy that find too few.
func policies(c *conversation, w *world) {
	event := w.published(c, nil)
	c.ask(w.rep, "takes two of three", short, block(event, w.clubGlobal, "WAIT_TOGETHER", public(2)))
	c.ask(w.otherRep, "two, all or nothing", short, block(event, w.otherClubGlobal, "ALL_OR_NOTHING", public(2)))
	c.ask(w.otherRep, "two, taking what there is", short, block(event, w.otherClubGlobal, "TAKE_WHAT_THERE_IS", public(2)))
	c.ask(w.rep, "two more, together", short, block(event, w.clubGlobal, "WAIT_TOGETHER", public(2)))
	c.ask(w.rep, "one, all or nothing, behind the line", short, block(event, w.clubGlobal, "ALL_OR_NOTHING", public(1)))
	c.ask(w.officer, "reads the line", seats, in{"id": event})
	c.ask(anonymous, "reads the seats", seats, in{"id": event})
}

func approval(c *conversation, w *world) {
	event := w.published(c, in{"requiresApproval": true})
	first := c.do(w.rep, "asks for two", short, block(event, w.clubGlobal, "WAIT_TOGETHER", public(2)), "registrationCreate.registration.id")
	second := c.do(w.otherRep, "asks for two, all or nothing", short, block(event, w.otherClubGlobal, "ALL_OR_NOTHING", public(2)), "registrationCreate.registration.id")
	third := c.do(w.rep, "asks for one more", short, block(event, w.clubGlobal, "WAIT_TOGETHER", public(1)), "registrationCreate.registration.id")
	c.ask(w.rep, "approves itself", approve, in{"id": first})
	c.ask(w.otherRep, "approves what she cannot see", approve, in{"id": first})
	c.ask(w.officer, "approves the first", approve, in{"id": first})
	c.ask(w.officer, "approves it again", approve, in{"id": first})
	c.ask(w.officer, "approves who wants all or nothing", approve, in{"id": second})
	c.ask(w.officer, "rejects the third", reject, in{"id": third})
	c.ask(w.officer, "approves what was rejected", approve, in{"id": third})
	c.ask(w.rep, "reads hers", `{ viewer { registrations { nodes { state confirmed } } } }`, nil)
	c.ask(w.officer, "reads who waits for approval", `query($id: ID!) { event(id: $id) { registrations(state: PENDING) { nodes { state organization { title } } } } }`, in{"id": event})
}

// reserves: own reserve first, then the general pool; what is reserved for
// others stays free.
func reserves(c *conversation, w *world) {
	event := w.published(c, in{"seatPools": []in{
		{"name": in{"ca": "General"}, "capacity": 1},
		{"name": in{"ca": "Públic"}, "capacity": 2, "reserve": in{"role": "PUBLIC"}},
		{"name": in{"ca": "Entitat"}, "capacity": 1, "reserve": in{"organization": w.otherClubGlobal}},
		{"name": in{"ca": "Policia"}, "capacity": 1, "reserve": in{"audience": term(node.Audience, "LOCAL_POLICE")}},
	}})
	police := block(event, w.clubGlobal, "TAKE_WHAT_THERE_IS", []in{{"role": "PROFESSIONAL"}})
	police["in"].(in)["audience"] = term(node.Audience, "LOCAL_POLICE")
	c.ask(w.rep, "an association says it is public: that gives no right", short, block(event, w.clubGlobal, "TAKE_WHAT_THERE_IS", public(2)))
	c.ask(w.rep, "with the audience that has a reserve", short, police)
	c.ask(w.otherRep, "with a reserve of its own", short, block(event, w.otherClubGlobal, "TAKE_WHAT_THERE_IS", []in{{"role": "ASSOCIATION"}, {"role": "ASSOCIATION"}}))
	c.ask(w.officer, "the town council, from the public reserve", short, block(event, w.council, "TAKE_WHAT_THERE_IS", public(2)))
	c.ask(w.officer, "reads the pools", `query($id: ID!) { event(id: $id) { seatPools { name general reservedForRole reservedForAudience { code } reservedForOrganization { title } availability confirmed waiting } } }`, in{"id": event})
}

// overtaking: five seats, one free; four wait together; who comes behind.
func overtaking(c *conversation, w *world) {
	for _, policy := range []string{"IN_ORDER", "SMALLER_MAY_PASS"} {
		event := w.published(c, in{"overtaking": policy, "seatPools": []in{{"name": in{"ca": "General"}, "capacity": 5}}})
		pool := w.pools(c, event)[0]
		c.ask(w.officer, policy+": four of five seats", short, block(event, w.council, "WAIT_TOGETHER", public(4)))
		c.ask(w.rep, policy+": four wait together", short, block(event, w.clubGlobal, "WAIT_TOGETHER", public(4)))
		c.ask(w.otherRep, policy+": one behind them", short, block(event, w.otherClubGlobal, "WAIT_TOGETHER", public(1)))
		c.ask(w.otherRep, policy+": lets smaller pass without organising", letPass, in{"id": pool})
		c.ask(w.officer, policy+": lets smaller pass once", letPass, in{"id": pool})
		c.ask(w.officer, policy+": lets smaller pass when there is nobody", letPass, in{"id": pool})
		c.ask(w.officer, policy+": reads the line", seats, in{"id": event})
	}
	event := w.published(c, nil)
	c.do(w.officer, "two of three", short, block(event, w.council, "WAIT_TOGETHER", public(2)))
	c.do(w.rep, "two wait", short, block(event, w.clubGlobal, "WAIT_TOGETHER", public(2)))
	c.do(w.otherRep, "one waits behind", short, block(event, w.otherClubGlobal, "WAIT_TOGETHER", public(1)))
	c.do(w.officer, "from now on smaller may pass", updateEvent, in{"in": in{"id": event, "overtaking": "SMALLER_MAY_PASS"}})
	c.ask(w.officer, "reads the line", seats, in{"id": event})
}

func capacity(c *conversation, w *world) {
	event := w.published(c, nil)
	pool := w.pools(c, event)[0]
	to := func(n int) in { return in{"in": in{"id": pool, "capacity": n}} }
	c.do(w.rep, "two", short, block(event, w.clubGlobal, "WAIT_TOGETHER", public(2)))
	waits := c.do(w.otherRep, "three wait", short, block(event, w.otherClubGlobal, "WAIT_TOGETHER", public(3)), "registrationCreate.registration.id")
	c.ask(w.rep, "resizes without organising", resize, to(10))
	c.ask(w.officer, "below the confirmed", resize, to(1))
	c.ask(w.officer.speaking("ca"), "below the confirmed", resize, to(1))
	c.ask(w.officer, "below nothing", resize, to(-1))
	c.ask(w.officer, "above everything", resize, to(100_001))
	c.ask(w.officer, "to the confirmed: the block that waits is larger now", resize, to(2))
	c.ask(w.otherRep, "is set aside", `query($id: ID!) { registration(id: $id) { state place waiting lines { place } } }`, in{"id": waits})
	c.ask(w.officer, "raises it by one: back in the line", resize, to(3))
	c.ask(w.otherRep, "is back", `query($id: ID!) { registration(id: $id) { state place waiting } }`, in{"id": waits})
	c.ask(w.officer, "raises it: they come in", resize, to(5))
	c.ask(w.officer, "reads the line", seats, in{"id": event})
	c.ask(w.officer, "a pool of another event", resize, in{"in": in{"id": strings.Replace(pool, pool[5:31], w.draft(c, nil)[3:], 1), "capacity": 3}})
}

func cancelling(c *conversation, w *world) {
	event := w.published(c, nil)
	first := c.ask(w.rep, "takes all three", short, block(event, w.clubGlobal, "WAIT_TOGETHER", public(3)))
	block1 := at(c, first.Data, "registrationCreate.registration.id")
	waiting := c.ask(w.otherRep, "two take what there is: nothing", short, block(event, w.otherClubGlobal, "TAKE_WHAT_THERE_IS", public(2)))
	block2 := at(c, waiting.Data, "registrationCreate.registration.id")
	c.ask(w.officer, "one waits behind", short, block(event, w.council, "WAIT_TOGETHER", public(1)))
	c.ask(w.otherRep, "cancels another's registration", cancel, in{"id": block1})
	c.ask(w.stranger, "cancels another's delegate", cancelIt, in{"id": at(c, first.Data, "registrationCreate.registration.delegates.0.id")})
	c.ask(w.rep, "cancels one delegate: one comes in", cancelIt, in{"id": at(c, first.Data, "registrationCreate.registration.delegates.0.id")})
	c.ask(w.rep, "cancels the same delegate", cancelIt, in{"id": at(c, first.Data, "registrationCreate.registration.delegates.0.id")})
	c.ask(w.otherRep, "cancels one who waits: the block is smaller", cancelIt, in{"id": at(c, waiting.Data, "registrationCreate.registration.delegates.1.id")})
	c.ask(w.officer, "cancels, as organiser, the rest of the first", cancel, in{"id": block1})
	c.ask(w.rep, "cancels again", cancel, in{"id": block1})
	c.ask(w.officer, "reads the line", seats, in{"id": event})
	c.do(w.officer, "calls the event off", cancelEvent, in{"in": in{"id": event, "reason": in{"ca": "Ploguda", "en": "Rain"}}})
	c.ask(w.otherRep, "cancels what was called off", cancel, in{"id": block2})
	c.ask(w.otherRep, "reads that it is off", `query($id: ID!) { registration(id: $id) { state event { state cancellationReason viewerCanRegister { code } } } }`, in{"id": block2})
}

// replacing kills the old code and gives a name to a seat without one.
func replacing(c *conversation, w *world) {
	event := w.published(c, nil)
	a := c.ask(w.rep, "one with a name, one without", register, block(event, w.clubGlobal, "WAIT_TOGETHER", []in{{"name": "Gil", "mail": "gil@example.org", "role": "PUBLIC"}, {"role": "ASSOCIATION"}}))
	gil, free := at(c, a.Data, "registrationCreate.registration.delegates.0.id"), at(c, a.Data, "registrationCreate.registration.delegates.1.id")
	code := at(c, a.Data, "registrationCreate.registration.delegates.0.checkInCode")
	to := func(id, name, mail string) in { return in{"in": in{"id": id, "name": name, "mail": mail}} }
	c.ask(w.otherRep, "replaces another's delegate", replace, to(gil, "Hug", ""))
	c.ask(w.rep, "by somebody with everything wrong", replace, to(gil, strings.Repeat("x", 201), "no mail"))
	c.ask(w.rep, "by nobody", replace, to(gil, "  ", "x@example.org"))
	c.ask(w.rep, "gives the seat without a name to the same mail", replace, to(free, "Gil Altre", "GIL@example.org"))
	c.ask(w.rep, "names the seat without a name", replace, to(free, "Iu", "iu@example.org"))
	c.ask(w.rep, "replaces Gil", replace, to(gil, "Hug", ""))
	c.ask(w.rep, "replaces who was replaced", replace, to(gil, "Joan", ""))
	c.ask(w.officer, "the old code at the door", checkIn, in{"in": in{"event": event, "delegate": in{"code": code}}})
	c.ask(w.officer, "the old delegate at the door", checkIn, in{"in": in{"event": event, "delegate": in{"id": gil}}})
	now := c.hub.Must(c, w.rep.token, `query($id: ID!) { registration(id: $id) { delegates { id checkInCode } } }`, in{"id": at(c, a.Data, "registrationCreate.registration.id")})
	c.ask(w.officer, "the new code at the door", checkIn, in{"in": in{"event": event, "delegate": in{"code": at(c, now, "registration.delegates.0.checkInCode")}}})
	c.ask(w.rep, "replaces who has arrived", replace, to(at(c, now, "registration.delegates.0.id"), "Joan", ""))
	c.ask(w.rep, "cancels who has arrived", cancelIt, in{"id": at(c, now, "registration.delegates.0.id")})
	c.ask(w.rep, "cancels all of whom one has arrived", cancel, in{"id": at(c, a.Data, "registrationCreate.registration.id")})
	c.ask(w.otherRep, "registers who is registered", short, block(event, w.otherClubGlobal, "WAIT_TOGETHER", []in{{"name": "Altra", "mail": " IU@example.org ", "role": "PUBLIC"}}))
}

func registrationTimes(c *conversation, w *world) {
	notYet := w.published(c, in{"registrationOpensAt": "2090-04-01T07:00:00Z"})
	closed := w.published(c, in{"registrationClosesAt": "2020-04-01T07:00:00Z"})
	over := w.published(c, in{"startsAt": "2020-04-01T07:00:00Z", "endsAt": nil})
	noSeats := w.published(c, in{"seatPools": nil})
	question := `query($id: ID!) { event(id: $id) { viewerCanRegister { allowed code reason } } }`
	for _, x := range []struct{ what, event string }{{"before it opens", notYet}, {"after it closed", closed}, {"when it is over", over}, {"where there are no seats", noSeats}} {
		for _, language := range []string{"en", "ca", "es"} {
			c.ask(w.rep.speaking(language), x.what, short, block(x.event, w.clubGlobal, "WAIT_TOGETHER", public(1)))
		}
		c.ask(w.rep, x.what+", asked first", question, in{"id": x.event})
	}
	nobody, person := w.reader(c.T, "acts for nobody", w.club, directory.Delegate)
	err := w.hub.DB.InTx(context.Background(), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := node.Disconnect(ctx, tx, node.ActsFor, person, w.club, string(directory.Delegate), time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
		return err
	})
	if err != nil {
		c.Fatal(err)
	}
	c.ask(nobody, "who acts for nobody", question, in{"id": w.published(c, nil)})
}

func wrongRegistrations(c *conversation, w *world) {
	event := w.published(c, nil)
	named := func(names ...string) (list []in) {
		for _, n := range names {
			list = append(list, in{"name": n, "role": "PUBLIC"})
		}
		return list
	}
	for _, x := range []struct {
		what      string
		delegates []in
	}{
		{"a block larger than its pool", public(4)},
		{"a delegate twice", named("Ona", "Pol", " ona ")},
		{"a mail twice", []in{{"name": "Ona", "mail": "ona@example.org", "role": "PUBLIC"}, {"name": "Pol", "mail": "ONA@example.org", "role": "PUBLIC"}}},
		{"nobody", []in{}},
		{"too many", public(51)},
		{"with everything wrong", []in{
			{"name": strings.Repeat("x", 201), "mail": "x", "role": "PUBLIC", "territory": "mun_01m7zv5hnje8wrd7mvpjrgt59z"},
			{"mail": "x@example.org", "role": "PUBLIC"},
		}},
		{"from places that are none", []in{{"role": "PUBLIC", "territory": "mun_01m7zv5hnje8wrd7mvpjrgt59z"}, {"role": "PUBLIC", "territory": w.clubGlobal}, {"role": "PUBLIC", "territory": w.council}}},
		{"from places that do not exist", []in{{"role": "PUBLIC", "territory": w.council}, {"role": "PUBLIC", "territory": "mun_01m7zv5hnje8wrd7mvpjrgt59z"}}},
		{"a control character in a name", named("Ona\u0007")},
	} {
		for _, language := range []string{"en", "ca", "es"} {
			c.ask(w.rep.speaking(language), x.what, short, block(event, w.clubGlobal, "TAKE_WHAT_THERE_IS", x.delegates))
		}
	}
	c.ask(w.rep, "a role that does not exist", short, block(event, w.clubGlobal, "WAIT_TOGETHER", []in{{"role": "KING"}}))
	c.ask(w.rep, "a policy that does not exist", short, block(event, w.clubGlobal, "FIRST_COME", public(1)))
	c.ask(w.rep, "for a body they do not act for", short, block(event, w.otherClubGlobal, "WAIT_TOGETHER", public(1)))
	c.ask(w.rep, "for a body that does not exist", short, block(event, "asc_01m7zv5hnje8wrd7mvpjrgt59z", "WAIT_TOGETHER", public(1)))
	c.ask(w.rep, "for a person", short, block(event, node.Person.Global(w.repID), "WAIT_TOGETHER", public(1)))
	c.ask(w.rep, "for an event that does not exist", short, block("ev_01m7zv5hnje8wrd7mvpjrgt59z", w.clubGlobal, "WAIT_TOGETHER", public(1)))
	c.ask(w.rep, "for an event they cannot see", short, block(w.draft(c, nil), w.clubGlobal, "WAIT_TOGETHER", public(1)))
	c.ask(w.rep, "for a town", short, block(w.council, w.clubGlobal, "WAIT_TOGETHER", public(1)))
	wrongAudience := block(event, w.clubGlobal, "WAIT_TOGETHER", public(1))
	for _, audience := range []string{term(node.Goal, "INCLUSION"), "aud_01m7zv5hnje8wrd7mvpjrgt59z"} {
		wrongAudience["in"].(in)["audience"] = audience
		c.ask(w.rep, "as an audience that is none", short, wrongAudience)
	}
	c.ask(w.officer, "nothing has happened", seats, in{"id": event})
}

// doorkeeper: who has the grant for the door checks in and sees nothing more.
func doorkeeper(c *conversation, w *world) {
	event, other := w.published(c, nil), w.published(c, nil)
	door, person := w.reader(c.T, "doorkeeper", w.otherClub, directory.Delegate)
	topic := eventID(c, event)
	err := w.hub.DB.InTx(context.Background(), func(ctx context.Context, tx *postgres.Tx) error {
		return node.Connect(ctx, tx, node.Edge{Kind: node.HasRole, Source: person, Target: topic, Role: "CHECK_IN", RecordedIn: topic})
	})
	if err != nil {
		c.Fatal(err)
	}
	a := c.hub.Must(c, w.rep.token, register, block(event, w.clubGlobal, "WAIT_TOGETHER", []in{{"name": "Lia", "role": "PUBLIC"}}))
	waits := c.hub.Must(c, w.rep.token, register, block(event, w.clubGlobal, "WAIT_TOGETHER", public(3)))
	code := at(c, a, "registrationCreate.registration.delegates.0.checkInCode")
	arrive := func(event string, who in) in { return in{"in": in{"event": event, "delegate": who}} }
	c.ask(door, "lets in", checkIn, arrive(event, in{"code": code}))
	c.ask(door, "lets in at another event", checkIn, arrive(other, in{"code": code}))
	c.ask(w.officer, "a code of another event", checkIn, arrive(other, in{"code": code}))
	c.ask(door, "a code that is none", checkIn, arrive(event, in{"code": "AAAA"}))
	c.ask(door, "who waits", checkIn, arrive(event, in{"id": at(c, waits, "registrationCreate.registration.delegates.0.id")}))
	c.ask(door, "a delegate of another event", checkIn, arrive(event, in{"id": strings.Replace(at(c, a, "registrationCreate.registration.delegates.0.id"), event[3:], other[3:], 1)}))
	c.ask(door, "by two ways", checkIn, arrive(event, in{"code": code, "id": "x"}))
	c.ask(door, "at an event that does not exist", checkIn, arrive("ev_01m7zv5hnje8wrd7mvpjrgt59z", in{"code": code}))
	c.ask(door, "at a draft of others", checkIn, arrive(w.draft(c, nil), in{"code": code}))
	c.ask(door, "reads the registrations", seats, in{"id": event})
	undo := `mutation($id: ID!) { delegateCheckInUndo(input: {id: $id}) { delegate { state } errors { message code path } } }`
	c.ask(door, "takes it back", undo, in{"id": at(c, a, "registrationCreate.registration.delegates.0.id")})
	c.ask(door, "takes it back again", undo, in{"id": at(c, a, "registrationCreate.registration.delegates.0.id")})
}

// whoSeesRegistrations: organisers all, who answers for the organisation theirs
// with names and codes, its other people theirs without, others nothing.
func whoSeesRegistrations(c *conversation, w *world) {
	colleague, _ := w.reader(c.T, "colleague", w.club, directory.Delegate)
	for _, sensitive := range []bool{false, true} {
		event := w.published(c, in{"sensitive": sensitive})
		made := c.hub.Must(c, w.rep.token, register, block(event, w.clubGlobal, "WAIT_TOGETHER", []in{{"name": "Lia", "mail": "lia@example.org", "role": "PUBLIC"}}))
		c.hub.Must(c, w.otherRep.token, register, block(event, w.otherClubGlobal, "WAIT_TOGETHER", []in{{"name": "Mar", "role": "PUBLIC"}}))
		registration := at(c, made, "registrationCreate.registration.id")
		for _, who := range []reader{anonymous, w.stranger, colleague, w.rep, w.officer} {
			c.ask(who, fmt.Sprintf("sensitive %v", sensitive), `query($event: ID!, $registration: ID!) {
				registration(id: $registration) { id organization { title } delegates { id name named checkInCode } }
				event(id: $event) { registrations { nodes { id organization { title } delegates { name named checkInCode } } } }
				viewer { registrations(first: 1) { nodes { id } } } }`, in{"event": event, "registration": registration})
		}
	}
}

func eventID(t testing.TB, global string) id.ID {
	t.Helper()
	v, err := node.ParseOf(global, node.Event)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// whoCanRegister: FULL only where there is neither a seat nor a line, and seats
// that are kept for others are none.
func whoCanRegister(c *conversation, w *world) {
	question := `query($full: ID!, $theirs: ID!, $public: ID!, $associations: ID!, $none: ID!, $draft: ID!) {
		full: event(id: $full) { ...can } theirs: event(id: $theirs) { ...can } public: event(id: $public) { ...can }
		associations: event(id: $associations) { ...can } none: event(id: $none) { ...can } draft: event(id: $draft) { ...can } }
		fragment can on Event { viewerCanRegister { allowed code reason } }`
	pools := func(pool in) in {
		pool["name"], pool["capacity"] = in{"ca": "Places"}, 1
		return in{"seatPools": []in{pool}}
	}
	events := in{
		"full": w.published(c, pools(in{})), "theirs": w.published(c, pools(in{"reserve": in{"organization": w.otherClubGlobal}})),
		"public": w.published(c, pools(in{"reserve": in{"role": "PUBLIC"}})), "associations": w.published(c, pools(in{"reserve": in{"role": "ASSOCIATION"}})),
		"none": w.published(c, pools(in{})), "draft": w.draft(c, nil),
	}
	for range 2 { // the seat, and the line
		w.hub.Must(c, w.otherRep.token, short, block(events["full"].(string), w.otherClubGlobal, "WAIT_TOGETHER", public(1)))
	}
	w.hub.Must(c, w.officer.token, resize, in{"in": in{"id": w.pools(c, events["none"].(string))[0], "capacity": 0}})
	for _, who := range []reader{anonymous, w.rep, w.otherRep, w.officer.speaking("ca")} {
		c.ask(who, "where they can register", question, events)
	}
}
