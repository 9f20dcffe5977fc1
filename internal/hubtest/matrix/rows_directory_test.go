package matrix_test

import (
	"context"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func directoryPart() part {
	return part{plant: plantDirectory, queries: askDirectory, changes: changeDirectory, columns: map[string]string{"nodes.home": "a body"}}
}

// plantDirectory makes the bodies and everybody.
func plantDirectory(w *world) {
	w.body("club", directory.Spec{Kind: node.Association, ActsIn: []id.ID{hubtest.Terrassa}})
	w.body("other club", directory.Spec{Kind: node.Association, ActsIn: []id.ID{hubtest.Barcelona}})
	w.body("orphan", directory.Spec{Kind: node.Association, ActsIn: []id.ID{hubtest.Terrassa}})
	w.body("other orphan", directory.Spec{Kind: node.Association, ActsIn: []id.ID{hubtest.Barcelona}})
	w.body("service", directory.Spec{Kind: node.PublicService, PartOf: hubtest.Terrassa})
	w.body("institute", directory.Spec{Kind: node.Institution, InstitutionKind: directory.University})
	w.body("province", directory.Spec{Kind: node.Institution, InstitutionKind: directory.ProvincialCouncil})
	for name, town := range map[string]id.ID{"terrassa": hubtest.Terrassa, "barcelona": hubtest.Barcelona} {
		w.nodes[name] = town
		w.things[name] = node.Municipality.Global(town)
	}

	people := places{"Person.name": clubPeople(), "Person.id": clubPeople()}
	claims := func(readers ...string) places { return places{"Claim.name": readers} }
	w.person(rep, w.node("club"), directory.Representative, people, nil)
	w.person(delegate, w.node("club"), directory.Delegate, with(people, comes(officer, organiser, rep, program, delegate)), nil)
	w.person(colleague, w.node("club"), directory.Technician, people, nil)
	w.person(ended, w.node("club"), directory.Representative, people, nil)
	w.person(otherRep, w.node("other club"), directory.Representative, claims(otherRep, otherOfficer), nil)
	w.person("member of the other club", w.node("other club"), directory.Technician,
		with(places{"Person.name": {otherRep}, "Person.id": {otherRep}}, comes(officer, organiser, otherRep)), nil)
	w.person(officer, hubtest.Terrassa, directory.Officer, nil, nil)
	w.person(otherOfficer, hubtest.Barcelona, directory.Officer, nil, nil)
	w.person(coordinator, w.node("province"), directory.Officer, nil, nil)
	w.person(stranger, id.Zero, "", claims(stranger, officer), nil)
	w.person(registered, id.Zero, "", with(claims(registered), comes(officer, organiser, rep, program, registered, delegate, colleague)), nil)
	w.person("person at the sensitive event", id.Zero, "", comes(officer, organiser, rep, program), nil)
	w.person(organiser, id.Zero, "", nil, nil)
	w.person(door, id.Zero, "", nil, nil)
	w.person(admin, id.Zero, "", places{"Glass.administrator": and(itsVoice(), officer, organiser)}, nil)
	w.shows[program] = shown{} // made with the accounts
	w.shows[ended] = shown{}
}

// comes are the places at which a person is named who comes to an event.
func comes(readers ...string) places { return places{"Delegate.name": readers} }

// body adds an invented body that everybody may know.
func (w *world) body(name string, spec directory.Spec) {
	w.Helper()
	spec.Title, spec.Invented = lang.Text{CA: "Entitat Inventada, " + name}, true
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		made, err := directory.CreateMany(ctx, tx, nil, []directory.Spec{spec})
		if err == nil {
			w.nodes[name] = made[0]
			w.things[name] = spec.Kind.Global(made[0])
		}
		return err
	})
}

func askDirectory(w *world) map[string][]ask {
	by := func(name string) in { return in{"by": in{"id": w.global(name)}} }
	list := func(filter in) ask { return ask{args: in{"filter": filter}, seen: everybody()} }
	return map[string][]ask{
		"organization": {
			{args: by("club"), seen: everybody(), deep: true, only: "Association"},
			{args: by("other club"), seen: everybody(), deep: true, only: "Association"},
			{args: by("orphan"), seen: everybody(), only: "Association"},
			{args: by("terrassa"), seen: everybody(), deep: true, only: "Municipality"},
			{args: by("service"), seen: everybody(), deep: true, only: "PublicService"},
			{args: by("province"), seen: everybody(), deep: true, only: "Institution"},
			{args: by("draft"), seen: nil},
			{args: in{"by": in{"identifier": in{"scheme": "INE", "value": "08279"}}}, seen: everybody()},
			{args: in{"by": in{"identifier": in{"scheme": "TAX_ID", "value": "none"}}}},
		},
		"organizations": {
			{args: in{"filter": in{"kinds": []string{"ASSOCIATION", "PUBLIC_SERVICE", "INSTITUTION"}}}, seen: everybody(), deep: true},
			list(in{"text": "inventada"}),
			{args: in{"filter": in{"text": w.people[rep].address}}, seen: everybody()},
			list(in{"sector": "SOCIAL"}),
			list(in{"field": w.global("field")}),
			list(in{"actsIn": w.global("terrassa")}),
		},
	}
}

func changeDirectory(w *world) map[string]change {
	club, orphan := w.global("club"), w.global("orphan")
	someone := func(w *world, body, role string) in {
		return in{"organization": w.global(body), "person": w.global("person: " + colleague), "role": role}
	}
	return map[string]change{
		"associationCreate": {
			input: in{"title": in{"ca": "Qualsevol"}, "actsIn": []string{w.global("terrassa")}}, may: but(signedIn(), program),
			by: roles{stranger},
		},
		"personCreate": {
			input: in{"organization": club, "name": "Aina Inventada", "role": "DELEGATE"}, may: roles{rep},
		},
		"appointmentCreate": {
			input:  in{"organization": club, "person": w.global("person: " + colleague), "role": "SUBSTITUTE"},
			hidden: []in{{"organization": club, "person": w.global("person: " + registered), "role": "SUBSTITUTE"}},
			may:    roles{rep},
		},
		"appointmentEnd": {
			input: someone(w, "club", "SUBSTITUTE"), may: roles{rep, colleague}, by: roles{rep},
		},
		"personMerge": {
			input: in{"from": w.global("person: " + colleague), "into": w.global("person: " + delegate)}, may: roles{rep},
			refused: []string{"DENIED", "NOT_FOUND"},
			hidden:  []in{{"from": w.global("person: member of the other club"), "into": w.global("person: " + registered)}},
			made: func(w *world, role string, n int) in {
				one := w.hub.Person(w.TB, "Persona dues vegades", w.node("club"), directory.Technician)
				two := w.hub.Person(w.TB, "Persona dos cops", w.node("club"), directory.Technician)
				return in{"from": node.Person.Global(one), "into": node.Person.Global(two)}
			},
		},
		"organizationMerge": {
			input: in{"from": orphan, "into": club}, may: roles{officer, admin}, by: roles{officer, admin},
			made: func(w *world, role string, n int) in {
				from, into := role+" merges this", role+" merges into this"
				w.body(from, directory.Spec{Kind: node.Association, ActsIn: []id.ID{hubtest.Terrassa}})
				w.body(into, directory.Spec{Kind: node.Association, ActsIn: []id.ID{hubtest.Terrassa}})
				return in{"from": w.global(from), "into": w.global(into)}
			},
		},
	}
}
