package matrix_test

import (
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
)

func commonPart() part {
	return part{queries: askCommon}
}

// askCommon asks for nodes of every kind, and who one is oneself.
func askCommon(w *world) map[string][]ask {
	of := func(only, name string, seen roles) ask {
		return ask{args: in{"id": w.global(name)}, seen: seen, only: only}
	}
	deep := func(a ask) ask {
		a.deep = true
		return a
	}
	asks := []ask{
		deep(of("Event", "open", everybody())), deep(of("Association", "club", everybody())),
		deep(of("Association", "other club", everybody())), deep(of("Municipality", "terrassa", everybody())),
		deep(of("PublicService", "service", everybody())), deep(of("Institution", "province", everybody())),
		deep(of("Person", "person: "+rep, clubPeople())),
		deep(of("WorkingTable", "open table", everybody())), of("WorkingTable", "hidden table", hiddenPeople()),
		of("WorkingTable", "table of the club", clubPeople()), of("WorkingTable", "hidden table: held", nil),
		deep(of("SharedProject", "open project", everybody())), of("SharedProject", "hidden project", hiddenPeople()),
		deep(of("Programme", "open project: programme", everybody())), of("Programme", "hidden project: programme", roles{otherOfficer}),
		deep(of("Strategy", "open project: strategy", everybody())), of("Strategy", "hidden project: strategy", roles{otherOfficer}),
		deep(of("Workshop", "open workshop", everybody())), of("Workshop", "hidden workshop", hiddenPeople()),
		of("Workshop", "prepared workshop", roles{officer}),
		deep(of("PriorConsultation", "open workshop: consultation", everybody())), of("PriorConsultation", "hidden workshop: consultation", hiddenPeople()),
		deep(of("DocumentCollection", "open collection", everybody())), of("DocumentCollection", "hidden collection", roles{otherOfficer}),
		of("Municipality", "barcelona", everybody()), of("Institution", "institute", everybody()),
		of("Event", "sensitive", everybody()), of("Event", "draft", roles{officer}), of("Event", "network", signedIn()),
		of("Event", "of another town", roles{otherOfficer}), of("Event", "of the club", clubPeople()),
		of("Person", "person: "+delegate, clubPeople()), of("Person", "person: "+otherRep, roles{otherRep}),
		of("Person", "person: "+registered, roles{registered}), of("Person", "person: "+officer, roles{officer}),
		of("Person", "person: member of the other club", roles{otherRep}),
		of("Event", "own block", nil), of("Event", "own delegate", nil), // parts of an event are no nodes
	}
	for _, kind := range w.kinds() {
		asks = append(asks, deep(of(kind, kind, everybody())))
	}
	return map[string][]ask{
		"node": asks,
		"nodes": {{args: in{"ids": []string{
			w.global("open"), w.global("draft"), w.global("of another town"), w.global("of the club"), w.global("club"), w.global("other club"),
			w.global("person: " + rep), w.global("person: " + otherRep), w.global("person: " + registered), w.global("person: " + delegate),
			w.global("terrassa"), w.global("field"), w.global("hidden table"), w.global("hidden project"), "nonsense",
		}}, seen: everybody()}, {args: in{"ids": []string{w.global("open"), w.global("draft")}}, seen: everybody(), deep: true}},
		"viewer": {{seen: signedIn(), deep: true}},
	}
}

func territoryPart() part {
	return part{plant: func(w *world) {
		w.nodes["field"] = taxonomy.TermID(node.Field, "SOCIAL_SERVICES")
		w.nodes["audience"] = taxonomy.TermID(node.Audience, "MEDIATORS")
		w.things["field"] = node.Field.Global(w.nodes["field"])
		w.things["audience"] = node.Audience.Global(w.nodes["audience"])
		w.things["comarca"] = node.Comarca.Global(territory.ComarcaID("40"))
		w.firstOfEachKind()
	}, queries: askTerritory}
}

// kinds are those of places and terms, of which nothing is anybody's.
func (w *world) kinds() []string {
	return []string{
		"Province", "Comarca", "District", "Neighbourhood", "Field", "Goal", "Challenge", "Axis", "Audience", "TargetGroup",
	}
}

// firstOfEachKind names a node of each of these kinds.
func (w *world) firstOfEachKind() {
	w.Helper()
	for i, kind := range []node.Kind{
		node.Province, node.Comarca, node.District, node.Neighbourhood, node.Field, node.Goal, node.Challenge, node.Axis, node.Audience, node.TargetGroup,
	} {
		var text string
		w.ok(w.super.QueryRow(w.Context(), `select id::text from nodes where kind = $1 order by id limit 1`, string(kind)).Scan(&text))
		v, err := id.ParseUUID(text)
		w.ok(err)
		w.things[w.kinds()[i]] = kind.Global(v)
	}
}

// askTerritory asks for places and terms, which are for all.
func askTerritory(w *world) map[string][]ask {
	filter := func(f in) ask { return ask{args: in{"filter": f}, seen: everybody()} }
	var kinds []ask
	for _, kind := range w.Types["TaxonomyKind"].EnumValues {
		kinds = append(kinds, ask{args: in{"kind": kind.Name}, seen: everybody()})
	}
	return map[string][]ask{
		"municipality": {
			{args: in{"by": in{"ineCode": "08279"}}, seen: everybody(), deep: true},
			{args: in{"by": in{"id": w.global("barcelona")}}, seen: everybody()},
			{args: in{"by": in{"ineCode": "00000"}}},
		},
		"municipalities": {
			filter(in{"text": "terrassa"}), filter(in{"populationMin": 200_000}), filter(in{"populationMax": 300}),
			filter(in{"comarca": w.things["comarca"]}),
			{args: in{"filter": in{"text": "terrassa"}, "orderBy": "POPULATION_DESC"}, seen: everybody()},
			{args: in{"filter": in{"text": "terrassa"}, "orderBy": "NAME"}, seen: everybody(), deep: true},
		},
		"comarques": {{seen: everybody(), deep: true}},
		"taxonomy":  kinds,
	}
}
