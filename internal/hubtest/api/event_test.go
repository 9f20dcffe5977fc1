package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/node"
)

func TestEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	t.Run("life", func(t *testing.T) { eventLife(w.talk(t), w) })
	t.Run("wrong inputs", func(t *testing.T) { wrongEvents(w.talk(t), w) })
	t.Run("dates", func(t *testing.T) { eventDates(w.talk(t), w) })
	t.Run("parts", func(t *testing.T) { eventParts(w.talk(t), w) })
	t.Run("columns", func(t *testing.T) { readColumns(t, w) })
}

// wholeEvent is every field of an event that says something about it.
const wholeEvent = `fragment Whole on Event { id title kind state cancellationReason visibility summary description objectives
	startsAt endsAt date { year month day } venueName venueAddress venues { __typename title } onlineUrl area { title } places { title }
	organisers { lead organization { title } } about { code } audiences { code }
	registrationOpensAt registrationClosesAt requiresApproval overtaking sensitive languages
	sessions { title description startsAt endsAt room track speakers { name role organisation } } documents { title url note version addedAt }
	seatPools { id name general reservedForRole reservedForAudience { code } reservedForOrganization { title } availability capacity confirmed waiting }
	revision viewerCanOrganise viewerCanRegister { allowed reason code } }`

const (
	createEvent = `mutation($in: EventCreateInput!) { eventCreate(input: $in) { event { ...Whole }
		warnings { message code path } errors { __typename message code path } } } ` + wholeEvent
	updateEvent = `mutation($in: EventUpdateInput!) { eventUpdate(input: $in) { event { state startsAt endsAt venueName area { title } revision
		viewerCanRegister { allowed reason code } } warnings { message code path } errors { __typename message code path ... on RevisionConflict { currentRevision } } } }`
	publishEvent  = `mutation($id: ID!) { eventPublish(input: {id: $id}) { event { state revision } errors { message code path } } }`
	markEventHeld = `mutation($id: ID!) { eventMarkHeld(input: {id: $id}) { event { state revision } errors { message code path } } }`
	closeEvent    = `mutation($id: ID!) { eventClose(input: {id: $id}) { event { state revision } errors { message code path } } }`
	noteNoShows   = `mutation($id: ID!) { eventNoShowsNote(input: {id: $id}) { event { state } delegates errors { message code path } } }`
	cancelEvent   = `mutation($in: EventCancelInput!) { eventCancel(input: $in) { event { state cancellationReason revision } errors { message code path } } }`
)

// theDay is the working day of Sant Andreu, which names Trinitat Nova where it
// means Trinitat Vella.
func theDay(organiser string) in {
	return in{
		"organiser": organiser, "kind": "CONFERENCE_DAY", "title": in{"ca": "Jornada d'inclusió social", "en": "Working day on social inclusion"},
		"summary": in{"ca": "Als barris del Besòs"}, "description": in{"es": "Texto <b>largo</b>"}, "objectives": []in{{"ca": "Compartir"}, {"ca": "Acordar"}},
		"startsAt": "2090-11-28T09:00:00+01:00", "endsAt": "2090-11-28T14:00:00+01:00", "venueName": "Centre cívic", "venueAddress": "Carrer de Prova, 1",
		"venues": []string{neighbourhood("59")}, "area": []string{neighbourhood("59"), neighbourhood("58"), neighbourhood("53")},
		"about": []string{term(node.Field, "COMMUNITY_ACTION"), term(node.Challenge, "UNWANTED_LONELINESS")}, "audiences": []string{term(node.Audience, "MEDIATORS")},
		"seatPools": []in{
			{"name": in{"ca": "General"}, "capacity": 4},
			{"name": in{"ca": "Entitats"}, "capacity": 2, "reserve": in{"role": "ASSOCIATION"}},
		},
	}
}

// eventLife leads one event from its draft to its end.
func eventLife(c *conversation, w *world) {
	barcelona, _ := w.reader(c.T, "officer of Barcelona", hubtest.Barcelona, directory.Officer)
	council := node.Municipality.Global(hubtest.Barcelona)
	c.call(council, "barcelona")
	event := c.do(barcelona, "makes a draft; a neighbourhood lies elsewhere", createEvent, in{"in": theDay(council)}, "eventCreate.event.id")
	id := in{"id": event}
	c.ask(barcelona.speaking("ca"), "reads the warning again, in Catalan", updateEvent, in{"in": in{"id": event, "venueName": "Centre cívic Baró de Viver"}})
	first := c.ask(barcelona, "reads the revision", `query($id: ID!) { event(id: $id) { revision state } }`, id)
	revision := at(c, first.Data, "event.revision")
	c.ask(barcelona, "puts the area right", updateEvent, in{"in": in{"id": event, "expectedRevision": revision, "area": []string{neighbourhood("59"), neighbourhood("58"), neighbourhood("57")}}})
	c.ask(barcelona, "changes what has changed since", updateEvent, in{"in": in{"id": event, "expectedRevision": revision, "venueName": "Un altre"}})
	c.ask(barcelona, "with a revision that never was", updateEvent, in{"in": in{"id": event, "expectedRevision": "'; drop table events", "venueName": "Un altre"}})
	c.ask(w.rep, "cannot find the draft", `query($id: ID!) { event(id: $id) { title } node(id: $id) { id } }`, id)
	c.ask(barcelona, "notes as held what is a draft", markEventHeld, id)
	c.ask(barcelona, "publishes it", publishEvent, id)
	c.ask(barcelona, "publishes it again", publishEvent, id)

	for _, who := range []reader{anonymous, w.rep, barcelona.speaking("es")} {
		c.ask(who, "reads it whole", `query($id: ID!) { event(id: $id) { ...Whole titleIn(language: EN) } } `+wholeEvent, id)
	}
	block := func(organization, policy string, delegates ...in) in {
		return in{"in": in{"event": event, "organization": organization, "policy": policy, "delegates": delegates}}
	}
	// The general pool has 4 seats, that of associations 2.
	mine := c.ask(w.rep, "registers three, their own reserve first", register, block(w.clubGlobal, "TAKE_WHAT_THERE_IS",
		in{"name": "Aina", "mail": "aina@example.org", "role": "ASSOCIATION", "territory": neighbourhood("59")}, in{"name": "Biel", "role": "ASSOCIATION"}, in{"role": "ASSOCIATION"}))
	registration := at(c, mine.Data, "registrationCreate.registration.id")
	c.ask(w.otherRep, "registers four who would rather not be torn apart", register, block(w.otherClubGlobal, "ALL_OR_NOTHING",
		in{"role": "PUBLIC"}, in{"role": "PUBLIC"}, in{"role": "PUBLIC"}, in{"role": "PUBLIC"}))
	waiting := c.ask(w.otherRep, "registers four who wait together", register, block(w.otherClubGlobal, "WAIT_TOGETHER",
		in{"name": "Clara", "role": "PUBLIC"}, in{"name": "Dídac", "role": "PUBLIC"}, in{"name": "Enric", "role": "PUBLIC"}, in{"name": "Fina", "role": "PUBLIC"}))
	c.ask(w.otherRep, "looks at their place", `query($id: ID!) { registration(id: $id) { state place lines { seatPool place } confirmed waiting } }`, in{"id": at(c, waiting.Data, "registrationCreate.registration.id")})
	c.ask(w.rep, "cancels one, and the others come in at once", `mutation($id: ID!) { delegateCancel(input: {id: $id}) { registration { state confirmed delegates { name state checkInCode }
		event { seatPools { name confirmed waiting } } } errors { message code path } } }`, in{"id": at(c, mine.Data, "registrationCreate.registration.delegates.2.id")})
	c.ask(w.otherRep, "sees the promotion", `query($id: ID!) { registration(id: $id) { state place confirmed waiting delegates { name state checkInCode } } }`, in{"id": at(c, waiting.Data, "registrationCreate.registration.id")})

	now := c.hub.Must(c, w.rep.token, `query($id: ID!) { registration(id: $id) { delegates { id checkInCode } } }`, in{"id": registration})
	code, second := at(c, now, "registration.delegates.0.checkInCode"), at(c, now, "registration.delegates.1.id")
	arrive := func(delegate in) in { return in{"in": in{"event": event, "delegate": delegate}} }
	c.ask(barcelona, "checks one in by the code, as it is typed", checkIn, arrive(in{"code": strings.ToLower(code[:4]) + "-" + code[4:] + " "}))
	c.ask(barcelona, "checks the same in again", checkIn, arrive(in{"code": code}))
	c.ask(barcelona, "checks another in by identifier", checkIn, arrive(in{"id": second}))
	c.ask(barcelona, "takes that back", `mutation($id: ID!) { delegateCheckInUndo(input: {id: $id}) { delegate { state arrivedAt } errors { message code path } } }`, in{"id": second})
	c.ask(w.rep, "checks in without being at the door", checkIn, arrive(in{"code": code}))
	c.ask(barcelona, "notes as held what has not begun", markEventHeld, id)
	c.ask(barcelona, "notes who did not come, too early", noteNoShows, id)
	// Just now: of what is long over the names are purged, sooner or later.
	ended := time.Now().UTC().Truncate(time.Second).Add(-time.Minute)
	starts, ends := ended.Add(-5*time.Hour).Format(time.RFC3339), ended.Format(time.RFC3339)
	c.texts[starts], c.texts[ends] = "five hours ago", "a minute ago"
	c.ask(barcelona, "moves it to hours that are over", updateEvent, in{"in": in{"id": event, "startsAt": starts, "endsAt": ends}})
	c.ask(w.rep, "registers for what is over", register, block(w.clubGlobal, "WAIT_TOGETHER", in{"role": "PUBLIC"}))
	c.ask(barcelona, "notes who did not come", noteNoShows, id)
	c.ask(barcelona, "notes it again", noteNoShows, id)
	c.ask(barcelona, "checks in who comes late", checkIn, arrive(in{"id": second}))
	c.ask(barcelona, "notes it as held", markEventHeld, id)
	c.ask(barcelona, "moves what was held into the future", updateEvent, in{"in": in{"id": event, "startsAt": "2090-11-28T08:00:00Z", "endsAt": nil}})
	c.ask(barcelona, "cancels what was held", cancelEvent, in{"in": in{"id": event, "reason": in{"ca": "Ploguda"}}})
	c.ask(barcelona, "closes it", closeEvent, id)
	c.ask(barcelona.speaking("es"), "changes what is closed", updateEvent, in{"in": in{"id": event, "venueName": "X"}})
	c.ask(barcelona, "checks in at what is closed", checkIn, arrive(in{"id": second}))
	c.ask(anonymous, "reads what is left", `query($id: ID!) { event(id: $id) { state seatPools { confirmed waiting } viewerCanRegister { allowed code reason } registrations { nodes { id } } } }`, id)
	c.ask(barcelona, "reads who came", `query($id: ID!) { event(id: $id) { registrations { nodes { state confirmed delegates { name role state arrivedAt } } } } }`, id)
}

const (
	register = `mutation($in: RegistrationCreateInput!) { registrationCreate(input: $in) { registration { id state policy place lines { seatPool place } confirmed waiting createdAt
			organization { title } event { seatPools { name availability capacity confirmed waiting } } delegates { id name named role state arrivedAt checkInCode } }
		errors { __typename message code path ... on SeatsError { wanted free confirmed } } } }`
	checkIn = `mutation($in: DelegateCheckInInput!) { delegateCheckIn(input: $in) { delegate { name state arrivedAt } alreadyArrived errors { message code path } } }`
)

// wrongEvents: each wrong field is named, in the reader's language, all at once.
func wrongEvents(c *conversation, w *world) {
	create := `mutation($in: EventCreateInput!) { eventCreate(input: $in) { event { id } warnings { code } errors { __typename message code path } } }`
	wrong := func(change in) in {
		input := in{"organiser": w.council, "kind": "TRAINING", "title": in{"ca": "Prova"}}
		for name, value := range change {
			input[name] = value
		}
		return in{"in": input}
	}
	everything := wrong(in{
		"title": in{"ca": "dues\nlínies"}, "summary": in{"ca": strings.Repeat("à", 1001)}, "description": in{"en": strings.Repeat("a", 20001)},
		"objectives": []in{{"ca": "bé"}, {}, {"es": strings.Repeat("a", 501)}},
		"startsAt":   "2090-01-01T10:00:00Z", "endsAt": "2090-01-01T10:00:00Z", "date": in{"year": 2090}, "venueName": strings.Repeat("v", 201), "venueAddress": strings.Repeat("v", 301),
		"onlineUrl": "ftp://example.org", "registrationOpensAt": "2089-01-02T00:00:00Z", "registrationClosesAt": "2089-01-01T00:00:00Z",
		"area":      []string{w.council, w.council},
		"seatPools": []in{{"name": in{}, "capacity": -1}, {"name": in{"ca": "x"}, "capacity": 100001}},
	})
	for _, language := range []string{"en", "ca", "es"} {
		c.ask(w.officer.speaking(language), "everything wrong at once", create, everything)
	}
	for _, x := range []struct {
		what   string
		change in
	}{
		{"an end without a start", in{"endsAt": "2090-01-01T10:00:00Z"}},
		{"31 February", in{"date": in{"year": 2090, "month": 2, "day": 31}}},
		{"the year 1800", in{"date": in{"year": 1800}}},
		{"a day without a month", in{"date": in{"day": 3}}},
		{"too many objectives", in{"objectives": manyTexts(21)}},
		{"two general pools", in{"seatPools": []in{{"name": in{"ca": "a"}, "capacity": 1}, {"name": in{"ca": "b"}, "capacity": 1}}}},
		{"a pool reserved for two things", in{"seatPools": []in{{"name": in{"ca": "a"}, "capacity": 1, "reserve": in{"role": "PUBLIC", "organization": w.clubGlobal}}}}},
		{"a pool reserved for nothing", in{"seatPools": []in{{"name": in{"ca": "a"}, "capacity": 1, "reserve": in{}}}}},
		{"a pool reserved for a field", in{"seatPools": []in{{"name": in{"ca": "a"}, "capacity": 1, "reserve": in{"audience": term(node.Field, "LGBTI")}}}}},
		{"a pool reserved for nobody known", in{"seatPools": []in{{"name": in{"ca": "a"}, "capacity": 1, "reserve": in{"organization": "asc_01m7zv5hnje8wrd7mvpjrgt59z"}}}}},
		{"things of another kind", in{
			"coOrganisers": []string{w.clubGlobal, w.council, neighbourhood("57")}, "area": []string{node.Comarca.Global(territory.ComarcaID("07"))},
			"venues": []string{w.clubGlobal}, "places": []string{"nonsense"}, "about": []string{term(node.Audience, "MEDIATORS")}, "audiences": []string{term(node.Field, "LGBTI")},
		}},
		{"things that do not exist", in{
			"coOrganisers": []string{"asc_01m7zv5hnje8wrd7mvpjrgt59z"}, "area": []string{"mun_01m7zv5hnje8wrd7mvpjrgt59z"}, "venues": []string{"nbh_01m7zv5hnje8wrd7mvpjrgt59z"},
			"places": []string{"dis_01m7zv5hnje8wrd7mvpjrgt59z"}, "about": []string{"gol_01m7zv5hnje8wrd7mvpjrgt59z"}, "audiences": []string{"aud_01m7zv5hnje8wrd7mvpjrgt59z"},
		}},
		{"an organiser that does not exist", in{"organiser": "asc_01m7zv5hnje8wrd7mvpjrgt59z"}},
		{"a person as organiser", in{"organiser": node.Person.Global(w.officerID)}},
		{"an organiser they do not answer for", in{"organiser": w.clubGlobal}},
	} {
		c.ask(w.officer, x.what, create, wrong(x.change))
	}
	for _, moment := range []string{"2090-02-31T10:00:00Z", "1800-01-01T10:00:00Z", "2201-01-01T10:00:00Z", "2090-01-01", "2090-01-01T10:00:00", "soon"} {
		c.ask(w.officer, "starts at "+moment, create, wrong(in{"startsAt": moment}))
	}
	draft := c.do(w.officer, "a draft of which nothing is known", create, wrong(nil), "eventCreate.event.id")
	c.ask(w.officer, "publishes it", publishEvent, in{"id": draft})
	c.ask(w.officer.speaking("ca"), "publishes it", publishEvent, in{"id": draft})
	c.ask(w.officer, "cancels it without a reason", cancelEvent, in{"in": in{"id": draft, "reason": in{"ca": " "}}})
	c.ask(w.officer, "gives it up", cancelEvent, in{"in": in{"id": draft, "reason": in{"ca": "No es farà"}}})
	c.ask(anonymous, "does not find what was given up", `query($id: ID!) { event(id: $id) { title } }`, in{"id": draft})
}

func manyTexts(n int) []in {
	list := make([]in, n)
	for i := range list {
		list[i] = in{"ca": "x"}
	}
	return list
}

// eventDates: what is not known of a date is not invented.
func eventDates(c *conversation, w *world) {
	create := `mutation($in: EventCreateInput!) { eventCreate(input: $in) { event { id startsAt date { year month day } } warnings { code message } errors { message code path } } }`
	input := in{"organiser": w.council, "kind": "CAMPAIGN_ACT", "title": in{"ca": "Acte"}, "date": in{"month": 11, "day": 28}, "onlineUrl": "https://example.org/acte"}
	event := c.do(w.officer, "28 November, of no year", create, in{"in": input}, "eventCreate.event.id")
	c.do(w.officer, "publishes it", publishEvent, in{"id": event})
	update := `mutation($in: EventUpdateInput!) { eventUpdate(input: $in) { event { startsAt endsAt date { year month day } onlineUrl } errors { message code path } } }`
	c.ask(w.officer, "takes the date away", update, in{"in": in{"id": event, "date": nil}})
	c.ask(w.officer, "29 February of a year without one", update, in{"in": in{"id": event, "date": in{"year": 2090, "month": 2, "day": 29}}})
	c.ask(w.officer, "29 February, of no year", update, in{"in": in{"id": event, "date": in{"month": 2, "day": 29}}})
	c.ask(w.officer, "now to the second; just after midnight in Madrid", update, in{"in": in{"id": event, "startsAt": "2090-03-01T23:30:15Z"}})
	c.ask(w.officer, "an end before the start", update, in{"in": in{"id": event, "endsAt": "2090-03-01T23:30:14Z"}})
	c.ask(w.officer, "takes the address away, clears what may be cleared", update, in{"in": in{"id": event, "onlineUrl": nil, "venueName": "Sala"}})
}
