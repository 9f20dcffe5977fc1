package api_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func TestDirectory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	bodies := someBodies(t, w)
	t.Run("organisations", func(t *testing.T) { organisations(w.talk(t), bodies) })
	t.Run("units", func(t *testing.T) { unitsAsOf(w.talk(t), bodies) })
	t.Run("people", func(t *testing.T) { peopleInside(w.talk(t), w) })
	t.Run("peopleOfEveryKind", func(t *testing.T) { peopleOfEveryKind(t, w, bodies) })
	t.Run("associationCreate", func(t *testing.T) { associationCreate(w.talk(t), w) })
	t.Run("appointments", func(t *testing.T) { appointments(t, w) })
}

// bodies are of each kind; the office was part of the first area until 2020 and
// of the second from then on.
type bodies struct{ university, first, second, office, choir id.ID }

func someBodies(t *testing.T, w *world) (b bodies) {
	moved := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	last, founded := moved.AddDate(0, 0, -1), time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC)
	b.first, b.second = id.New(), id.New()
	legal := true
	add := func(specs ...directory.Spec) (made []id.ID) {
		err := w.hub.DB.InTx(context.Background(), func(ctx context.Context, tx *postgres.Tx) (err error) {
			made, err = directory.CreateMany(ctx, tx, nil, specs)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	made := add(
		directory.Spec{
			Kind: node.Institution, InstitutionKind: directory.University, Title: lang.Text{CA: "Universitat de Prova", EN: "Test University"},
			Sector: directory.SectorAcademic, Fields: []id.ID{directoryField("LGBTI")}, ActsIn: []id.ID{territory.ComarcaID("07")},
		},
		directory.Spec{ID: b.first, Kind: node.PublicService, Title: lang.Text{CA: "Àrea primera"}, PartOf: hubtest.Barcelona, PartFrom: &founded},
		directory.Spec{ID: b.second, Kind: node.PublicService, Title: lang.Text{CA: "Àrea segona"}, PartOf: hubtest.Barcelona, PartFrom: &moved},
		directory.Spec{Kind: node.PublicService, Title: lang.Text{CA: "Oficina"}, PartOf: b.first, PartFrom: &founded, PartUntil: &last},
		directory.Spec{
			Kind: node.Association, Title: lang.Text{CA: "Coral d'Olot i Àvila", ES: "Coral"}, ActsIn: []id.ID{territory.NeighbourhoodID("08019", "57")},
			Description: lang.Text{CA: "Cantem plegats."}, LegalPersonality: &legal, Mail: "coral@example.org", Phone: "+34 930 000 000", Website: "https://coral.example.org/",
			Capacities: []lang.Text{{CA: "Concerts"}}, BoardFrom: &founded, BoardUntil: &last, Invented: true,
			Fields:      []id.ID{directoryField("LGBTI"), directoryField("COMMUNITY_CARE")},
			Identifiers: []directory.ExternalIdentifier{{Scheme: directory.CatalanRegister, Value: "12345"}, {Scheme: directory.TaxID, Value: "G58123456"}},
			Links:       []directory.NewLink{{URL: "https://example.org/concert", Label: lang.Text{CA: "Concert"}}},
		},
	)
	b.university, b.office, b.choir = made[0], made[3], made[4]
	err := w.hub.DB.InTx(context.Background(), func(ctx context.Context, tx *postgres.Tx) error {
		return node.Connect(ctx, tx, node.Edge{Kind: node.PartOf, Role: directory.RoleUnit, Source: b.office, Target: b.second, From: &moved, RecordedIn: b.second})
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func directoryField(code string) id.ID { return termID(node.Field, code) }

func organisations(c *conversation, b bodies) {
	list := `query($first: Int, $after: String, $filter: OrganizationFilter) { organizations(first: $first, after: $after, filter: $filter) { totalCount
		edges { cursor node { __typename title name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`
	a := c.ask(anonymous, "associations, the first page", list, in{"first": 2, "filter": in{"kinds": []string{"ASSOCIATION"}}})
	c.ask(anonymous, "the second page", list, in{"first": 2, "after": at(c, a.Data, "organizations.pageInfo.endCursor"), "filter": in{"kinds": []string{"ASSOCIATION"}}})
	c.ask(anonymous, "of two kinds", list, in{"filter": in{"kinds": []string{"INSTITUTION", "PUBLIC_SERVICE"}}})
	c.ask(anonymous, "by name, whatever the accents", list, in{"filter": in{"text": "AVILA"}})
	c.ask(anonymous, "by name in another language", list, in{"filter": in{"text": "test univ"}})
	c.ask(anonymous, "of a sector", list, in{"filter": in{"sector": "ACADEMIC"}})
	c.ask(anonymous, "of a field", list, in{"filter": in{"field": term(node.Field, "LGBTI")}})
	c.ask(anonymous, "acting in a part of a place", list, in{"filter": in{"actsIn": node.Municipality.Global(hubtest.Barcelona)}})
	c.ask(anonymous, "acting in a comarca", list, in{"filter": in{"actsIn": node.Comarca.Global(territory.ComarcaID("07"))}})
	c.ask(anonymous, "town councils called so", list, in{"first": 3, "filter": in{"kinds": []string{"MUNICIPALITY"}, "text": "sant feliu"}})
	c.ask(anonymous, "a goal given as a field", list, in{"filter": in{"field": term(node.Goal, "INCLUSION")}})
	c.ask(anonymous, "a cursor of the list of events", list, in{"after": "WyIyMDI2Il0"})

	one := `query($by: OrganizationRef!) { organization(by: $by) { __typename id title name identifiers { scheme value } contact { mail phone website }
		... on Association { description sector legalPersonality claimState invented boardFrom boardUntil boardLapsed capacities
			links { label url checkedAt dead } fields { code } actsIn { __typename title } events { totalCount nodes { title } } people { role person { name } } } } }`
	c.ask(anonymous, "an association, by its register number", one, in{"by": in{"identifier": in{"scheme": "CATALAN_REGISTER", "value": "12345"}}})
	c.ask(anonymous.speaking("es"), "the same by its tax number, as people write it", one, in{"by": in{"identifier": in{"scheme": "TAX_ID", "value": "g-58.123.456"}}})
	c.ask(anonymous, "the same by identifier", `query($id: ID!) { organization(by: {id: $id}) { title } }`, in{"id": node.Association.Global(b.choir)})
	c.ask(anonymous, "a number that nobody has", one, in{"by": in{"identifier": in{"scheme": "CATALAN_REGISTER", "value": "54321"}}})
	c.ask(anonymous, "by two ways at once", one, in{"by": in{"identifier": in{"scheme": "CATALAN_REGISTER", "value": "12345"}, "id": node.Association.Global(b.choir)}})
	c.ask(anonymous, "by no way", one, in{"by": in{}})
	c.ask(anonymous, "by an empty way", one, in{"by": in{"id": nil}})
	c.ask(anonymous, "an institution", `query($id: ID!) { node(id: $id) { __typename ... on Institution { title kind sector description identifiers { value } units { title } } } }`,
		in{"id": node.Institution.Global(b.university)})
}

func unitsAsOf(c *conversation, b bodies) {
	c.ask(anonymous, "the offices of a town council then and now, two levels deep", `{ municipality(by: {ineCode: "08019"}) { name
		before: units(asOf: "2019-12-31") { title units(asOf: "2019-12-31") { title partOf(asOf: "2019-12-31") { name } } }
		after: units(asOf: "2020-01-01") { title units(asOf: "2020-01-01") { title } }
		longAgo: units(asOf: "2000-01-01") { title }
		today: units { title units { title partOf { __typename name ... on PublicService { partOf { name } } } } } } }`, nil)
	c.ask(anonymous, "what an office was part of", `query($id: ID!) { node(id: $id) { ... on PublicService { title
		before: partOf(asOf: "2019-12-31") { title } first: partOf(asOf: "2020-01-01") { title } none: partOf(asOf: "1999-01-01") { title } } } }`,
		in{"id": node.PublicService.Global(b.office)})
}

// peopleInside: names are for the people of the body and nobody else.
func peopleInside(c *conversation, w *world) {
	question := `query($club: ID!, $person: ID!) {
		organization(by: {id: $club}) { title ... on Association { people { role from until person { id name } organization { title } } } }
		node(id: $person) { id ... on Person { name } } nodes(ids: [$person]) { id }
		viewer { person { id name } appointments { role until organization { title } person { name } } registrations { nodes { id } } } }`
	about := in{"club": w.clubGlobal, "person": node.Person.Global(w.repID)}
	c.texts[today()] = "today"
	for _, who := range []reader{anonymous, w.stranger, w.otherRep, w.officer, w.rep} {
		c.ask(who, "the people of the club", question, about)
	}
}

// peopleOfEveryKind: the same rule for a town council, an office and an
// institution. Who acts for the council above an office is none of its people.
func peopleOfEveryKind(t *testing.T, w *world, b bodies) {
	c := w.talk(t)
	officer, _ := w.reader(t, "Dolça Prova", hubtest.Barcelona, directory.Officer)
	delegate, _ := w.reader(t, "Efrem Prova", hubtest.Barcelona, directory.Delegate)
	technician, _ := w.reader(t, "Iris Prova", b.office, directory.Technician)
	professor, _ := w.reader(t, "Ulla Prova", b.university, directory.Officer)
	question := `query($council: ID!, $office: ID!, $university: ID!) {
		municipality(by: {ineCode: "08279"}) { name people { ...who } }
		council: organization(by: {id: $council}) { name people { ...who } }
		office: organization(by: {id: $office}) { name people(first: 1) { ...who } }
		university: organization(by: {id: $university}) { name people { ...who } } }
		fragment who on Appointment { role person { name } }`
	about := in{
		"council": node.Municipality.Global(hubtest.Barcelona), "office": node.PublicService.Global(b.office),
		"university": node.Institution.Global(b.university),
	}
	for _, who := range []reader{anonymous, w.stranger, w.officer, officer, delegate, technician, professor} {
		c.ask(who, "the people of a council, an office and a university", question, about)
	}
	c.ask(officer, "the people of a council", `{ municipality(by: {ineCode: "08019"}) { people { role person { name } } units { name people { role person { name } } units { people { role } } } } }`, nil)
}

func today() string {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		panic(err)
	}
	return time.Now().In(madrid).Format(time.DateOnly)
}

const createAssociation = `mutation($in: AssociationCreateInput!) { associationCreate(input: $in) {
	association { id title description sector legalPersonality claimState invented identifiers { scheme value } contact { mail phone website }
		fields { code } actsIn { title } people { role } }
	errors { __typename message code path } } }`

func associationCreate(c *conversation, w *world) {
	full := func(change in) in {
		input := in{"title": in{"ca": "  Veïnat de Prova "}, "actsIn": []string{w.council}}
		for name, value := range change {
			input[name] = value
		}
		return in{"in": input}
	}
	c.ask(w.stranger, "an association with all that can be said", createAssociation, full(in{
		"title": in{"ca": "Veïnat de Prova", "es": "Vecindario de Prueba"}, "description": in{"ca": "<script>alert(1)</script> & més"},
		"actsIn": []string{w.council, neighbourhood("57")}, "fields": []string{term(node.Field, "LGBTI")}, "legalPersonality": false,
		"identifiers": []in{{"scheme": "MUNICIPAL_REGISTER", "value": "08279 / 77"}}, "mail": "hola@example.org", "phone": "930000000", "website": "https://example.org",
	}))
	c.ask(w.stranger, "with what goes without saying", createAssociation, full(nil))
	for _, wrong := range []struct {
		what   string
		change in
	}{
		{"no title", in{"title": in{}}},
		{"a title of spaces", in{"title": in{"es": "  \t "}}},
		{"a long title", in{"title": in{"es": strings.Repeat("ñ", 201)}}},
		{"a long description", in{"description": in{"en": strings.Repeat("a", 4001)}}},
		{"no place", in{"actsIn": []string{}}},
		{"a comarca as a place", in{"actsIn": []string{w.council, node.Comarca.Global(territory.ComarcaID("07"))}}},
		{"a place that does not exist", in{"actsIn": []string{w.council, "mun_01m7zv5hnje8wrd7mvpjrgt59z"}}},
		{"a place twice", in{"actsIn": []string{w.council, w.council}}},
		{"a goal as a field", in{"fields": []string{term(node.Goal, "INCLUSION")}}},
		{"a field that does not exist", in{"fields": []string{"fld_01m7zv5hnje8wrd7mvpjrgt59z"}}},
		{"a tax number with a wrong control character", in{"identifiers": []in{{"scheme": "CATALAN_REGISTER", "value": "9"}, {"scheme": "TAX_ID", "value": "G58123454"}}}},
		{"a town's code", in{"identifiers": []in{{"scheme": "INE", "value": "08279"}}}},
		{"a municipal number without its town", in{"identifiers": []in{{"scheme": "MUNICIPAL_REGISTER", "value": "77"}}}},
		{"a register number that another has", in{"identifiers": []in{{"scheme": "CATALAN_REGISTER", "value": " 12345"}}}},
		{"no mail address", in{"mail": "Nobody <nobody@example.org>"}},
		{"a long telephone number", in{"phone": strings.Repeat("1", 41)}},
		{"a script as website", in{"website": "javascript:alert(1)"}},
		{"a website with a password", in{"website": "https://a:b@example.org"}},
		{"several at once", in{"title": in{}, "mail": "x", "website": "x", "actsIn": []string{}}},
	} {
		c.ask(w.stranger, wrong.what, createAssociation, full(wrong.change))
	}
	for _, language := range []string{"ca", "es"} {
		c.ask(w.stranger.speaking(language), "several at once", createAssociation, full(in{"title": in{}, "mail": "x", "website": "x", "actsIn": []string{}, "phone": strings.Repeat("1", 41)}))
	}
}

// appointments: what somebody may see follows what they act for, from the next
// request on.
func appointments(t *testing.T, w *world) {
	c := w.talk(t)
	c.texts[today()] = "today"
	yesterday, err := time.Parse(time.DateOnly, today())
	if err != nil {
		t.Fatal(err)
	}
	c.texts[yesterday.AddDate(0, 0, -1).Format(time.DateOnly)] = "yesterday"
	create := `mutation($in: PersonCreateInput!) { personCreate(input: $in) { person { id name } errors { message code path } } }`
	appoint := `mutation($in: AppointmentCreateInput!) { appointmentCreate(input: $in) {
		appointment { role from until person { id name } organization { title } } errors { message code path } } }`
	end := `mutation($in: AppointmentEndInput!) { appointmentEnd(input: $in) { organization { title } errors { message code path } } }`
	inside := `query($club: ID!) { organization(by: {id: $club}) { ... on Association { people { role person { name } } } } viewer { appointments { role organization { title } } } }`
	sight := in{"club": w.clubGlobal}

	nora := c.do(w.rep, "adds a person", create, in{"in": in{"organization": w.clubGlobal, "name": " Nora Prova ", "mail": "nora@example.org", "role": "DELEGATE"}}, "personCreate.person.id")
	person, err := node.ParseOf(nora, node.Person)
	if err != nil {
		t.Fatal(err)
	}
	noraReads := reader{name: "Nora", token: w.hub.Token(person)}
	c.ask(noraReads, "sees the people at once", inside, sight)
	c.ask(w.rep, "adds a person with everything wrong", create, in{"in": in{"organization": w.clubGlobal, "name": "  ", "mail": "x", "role": "OFFICER", "from": "2026-02-01", "until": "2026-01-01"}})
	c.ask(w.rep, "adds an officer to an association", create, in{"in": in{"organization": w.clubGlobal, "name": "Pau Prova", "role": "OFFICER"}})
	c.ask(w.otherRep, "adds a person to another's association", create, in{"in": in{"organization": w.clubGlobal, "name": "Pau Prova", "role": "DELEGATE"}})
	c.ask(noraReads, "adds a person without answering for it", create, in{"in": in{"organization": w.clubGlobal, "name": "Pau Prova", "role": "DELEGATE"}})

	role := func(person, role string, more in) in {
		input := in{"organization": w.clubGlobal, "person": person, "role": role}
		for name, value := range more {
			input[name] = value
		}
		return in{"in": input}
	}
	c.ask(w.rep, "makes her a representative too", appoint, role(nora, "REPRESENTATIVE", nil))
	c.do(noraReads, "adds a person, now that she may", create, in{"in": in{"organization": w.clubGlobal, "name": "Pau Prova", "role": "DELEGATE"}})
	c.ask(w.rep, "the same role again", appoint, role(nora, "REPRESENTATIVE", nil))
	c.ask(w.rep, "a last day before the first", appoint, role(nora, "SUBSTITUTE", in{"from": "2030-02-02", "until": "2030-02-01"}))
	c.ask(w.rep, "a day that does not exist", appoint, role(nora, "SUBSTITUTE", in{"from": "2030-02-30"}))
	c.ask(w.rep, "a year long ago", appoint, role(nora, "SUBSTITUTE", in{"from": "1800-01-01"}))
	c.ask(w.rep, "somebody she cannot see", appoint, role(node.Person.Global(w.otherID), "DELEGATE", nil))
	c.ask(w.rep, "somebody who does not exist", appoint, role("per_01m7zv5hnje8wrd7mvpjrgt59z", "DELEGATE", nil))
	c.ask(w.rep, "a club as a person", appoint, role(w.clubGlobal, "DELEGATE", nil))
	c.ask(w.rep, "a role from a day to come", appoint, role(nora, "SUBSTITUTE", in{"from": "2090-01-01", "until": "2090-12-31"}))

	c.ask(w.otherRep, "ends another's appointment", end, role(nora, "DELEGATE", nil))
	c.do(w.rep, "ends her as representative", end, role(nora, "REPRESENTATIVE", nil))
	c.ask(noraReads, "adds a person, now that she may not", create, in{"in": in{"organization": w.clubGlobal, "name": "Quim Prova", "role": "DELEGATE"}})
	c.ask(w.rep, "ends what is not", end, role(nora, "REPRESENTATIVE", nil))
	c.do(noraReads, "leaves by herself", end, role(nora, "DELEGATE", nil))
	c.ask(noraReads, "sees nobody at once", inside, sight)
	c.ask(w.rep, "withdraws what has not begun", end, role(nora, "SUBSTITUTE", in{"until": "2089-12-31"}))
	c.ask(w.rep, "still sees her, whom the club brought in", `query($id: ID!) { node(id: $id) { id ... on Person { name } } }`, in{"id": nora})
}
