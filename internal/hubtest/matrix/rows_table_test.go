package matrix_test

import (
	"context"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func tablePart() part {
	return part{plant: plantTable, queries: askTable, changes: changeTable, streams: followTable, columns: map[string]string{
		"table_links.id":         "the key of a row; nothing answers with it",
		"table_links.token_hash": "a hash: the link is planted",
	}}
}

// tablePeople take part in the open table, tableOrganisers organise it; the
// hidden one is of another town and of those who sit there.
func tablePeople() roles     { return and(clubPeople(), otherRep, officer, organiser) }
func tableOrganisers() roles { return roles{officer, organiser} }
func hiddenPeople() roles    { return roles{otherOfficer, otherRep} }

// plantTable makes an open table of the own town and a hidden one of another,
// each with sessions, resolutions, minutes, polls and links; tables of other
// kinds of bodies, and a proposal.
func plantTable(w *world) {
	seated := func(name, body string, readers, at roles) {
		w.person(name, w.node(body), directory.Technician, places{
			"Person.name": readers, "Person.id": readers, "TableSeat.name": at, "TableResponsible.name": at, "TableResponsible.personId": at,
		}, nil)
	}
	seated("seated for the club", "club", clubPeople(), tablePeople())
	seated("seated for the other club", "other club", roles{otherRep}, hiddenPeople())

	w.table("open table", officer, hubtest.Terrassa, access.Public, tablePeople(), tableOrganisers(), "club", "other club")
	w.grantFacts(organiser, "ORGANISER", "open table", map[string]any{"office": string(table.Secretary)})
	w.people[organiser].self.at = with(w.people[organiser].self.at, places{"TableOfficer.name": tablePeople(), "TableOfficer.personId": tablePeople()})
	w.table("hidden table", otherOfficer, hubtest.Barcelona, access.Members, hiddenPeople(), roles{otherOfficer}, "other club")

	ctx, tables := context.Background(), table.New(w.hub.DB)
	another := func(name, by, of string, level access.Level, propose bool, readers roles) {
		p := w.plant("the "+name, nil, places{"*": readers})
		v := w.viewer(by)
		v.Administers = append(v.Administers, w.node(of)) // nobody answers for some of them
		with := tables.Create
		if propose {
			with = tables.Propose
		}
		text := lang.Text{CA: "Taula inventada " + w.book.mark(p)}
		made, err := with(ctx, v, table.Spec{
			Convenor: w.node(of), Kind: table.Thematic, Title: text, Description: text, Visibility: level, Inside: access.Members, Rules: table.DefaultRules(),
			PartOf: map[bool]id.ID{true: w.node("open table")}[name == "table of the service"], From: map[bool]id.ID{true: w.node("open")}[propose],
		}, "")
		w.ok(err)
		w.nodes[name] = made
		w.thing(name, node.WorkingTable.Global(made), made, p)
	}
	another("table of the club", rep, "club", access.Home, false, clubPeople())
	another("table of the service", officer, "service", access.Public, false, everybody())
	another("table of the institute", officer, "institute", access.Network, false, signedIn())
	another("proposed table", delegate, "terrassa", access.Public, true, roles{delegate, officer})
}

// grantFacts lets a person do something for a node, with what is said about it.
func (w *world) grantFacts(role, right, name string, facts map[string]any) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		return node.Connect(ctx, tx, node.Edge{Kind: node.HasRole, Source: w.people[role].id, Target: w.node(name), Role: right, Facts: facts})
	})
}

func askTable(w *world) map[string][]ask {
	one := func(arg, name string, seen roles, deep bool) ask {
		return ask{args: in{arg: w.global(name)}, seen: seen, deep: deep}
	}
	list := func(filter in) ask { return ask{args: in{"filter": filter}, seen: everybody()} }
	organisers := tableOrganisers()
	preview := func(language string) ask {
		return ask{args: in{"session": w.global("open table: later"), "language": language}, seen: organisers}
	}
	return map[string][]ask{
		"workingTable": {
			one("id", "open table", everybody(), true), one("id", "hidden table", hiddenPeople(), true), one("id", "table of the club", clubPeople(), false),
			one("id", "table of the service", everybody(), true), one("id", "table of the institute", signedIn(), true),
			one("id", "proposed table", roles{delegate, officer}, true),
		},
		"workingTables": {
			{args: in{}, seen: everybody(), deep: true},
			list(in{"text": "inventada"}), list(in{"territory": w.global("terrassa")}),
			list(in{"territory": w.global("barcelona")}), list(in{"about": w.global("field")}), list(in{"member": w.global("club")}),
			list(in{"member": w.global("other club")}), list(in{"member": w.global("barcelona")}), list(in{"kinds": []string{"CROSS_CUTTING"}}),
			list(in{"states": []string{"PROPOSED"}}), list(in{"mine": true}), list(in{"mine": false}),
		},
		"tableSession": {
			one("id", "open table: held", tablePeople(), true), one("id", "open table: later", tablePeople(), false),
			one("id", "open table: called", tablePeople(), true), one("id", "open table: draft", organisers, false),
			one("id", "hidden table: held", hiddenPeople(), false), one("id", "hidden table: called", hiddenPeople(), false),
			one("id", "hidden table: draft", roles{otherOfficer}, false),
		},
		"tableResolution": {
			one("id", "open table: resolution", tablePeople(), true), one("id", "hidden table: resolution", hiddenPeople(), false),
		},
		"tableResolutions": {
			{args: in{}, seen: everybody(), deep: true},
			list(in{"table": w.global("open table")}),
			{args: in{"filter": in{"table": w.global("hidden table")}}, seen: hiddenPeople()},
			list(in{"territory": w.global("barcelona")}), list(in{"about": w.global("field")}), list(in{"responsible": w.global("other club")}),
			list(in{"mineToDo": true}), list(in{"myTables": true}), list(in{"states": []string{"OPEN"}}), list(in{"overdue": true}), list(in{"quiet": false}),
		},
		"minutesPreview": {
			preview("CA"), preview("ES"), one("session", "open table: held", organisers, false),
			one("session", "open table: draft", nil, false), one("session", "hidden table: held", roles{otherOfficer}, false),
		},
		"tablePoll": {one("id", "open table: poll", tablePeople(), true), one("id", "hidden table: poll", hiddenPeople(), false)},
		"tableLink": {
			{args: in{"token": w.global("open table: link to the call")}, seen: everybody(), deep: true},
			{args: in{"token": w.global("open table: link to the poll")}, seen: everybody()},
			{args: in{"token": "no such secret"}},
		},
	}
}

func changeTable(w *world) map[string]change {
	text, organisers, convenor, notSeen := in{"ca": "Qualsevol"}, tableOrganisers(), roles{officer}, []string{"DENIED", "NOT_FOUND"}
	club, otherClub := w.global("club"), w.global("other club")
	rows := map[string]change{
		"workingTableCreate": {
			input: in{"convenor": w.global("terrassa"), "kind": "THEMATIC", "title": text}, may: convenor,
		},
		"workingTablePropose": {
			input:  in{"convenor": w.global("terrassa"), "kind": "THEMATIC", "title": text},
			hidden: []in{{"convenor": w.global("terrassa"), "kind": "THEMATIC", "title": text, "partOf": w.global("hidden table")}},
			may:    roles{rep, otherRep, delegate, colleague, officer, otherOfficer, coordinator}, by: roles{rep, coordinator},
		},
		"tableLinkAnswer": {
			input: in{"token": w.global("open table: link to the call"), "answer": "ATTEND"}, may: everybody(), link: true,
			hidden: []in{{"token": "no such secret", "answer": "ATTEND"}}, by: roles{anonymous, otherRep, stranger},
		},
	}
	row := func(name string, may roles, late bool, input func(table string, body string) in) {
		rows[name] = change{input: input("open table", club), hidden: []in{input("hidden table", otherClub)}, may: may, refused: notSeen, late: late}
	}
	at := func(field, part string, more in) func(string, string) in {
		return func(table, body string) in {
			input := in{field: w.global(table + part)}
			for k, v := range more {
				input[k] = v
			}
			return input
		}
	}
	member := func(more in) func(string, string) in {
		return func(table, body string) in {
			input := in{"table": w.global(table), "organization": body}
			for k, v := range more {
				input[k] = v
			}
			return input
		}
	}
	row("workingTableApprove", convenor, false, at("id", "", nil))
	row("workingTableReject", convenor, true, at("id", "", in{"reason": text}))
	row("workingTableUpdate", organisers, false, at("id", "", in{"filePrefix": "X"}))
	row("workingTableEnd", convenor, true, at("id", "", nil))
	row("tableMemberAdd", organisers, false, member(in{"role": "OBSERVER"}))
	row("tableMemberEnd", and(organisers, rep), true, member(nil))
	row("tableSeatSet", and(organisers, rep), false, member(in{"position": "SUBSTITUTE", "name": "Aina Inventada"}))
	row("tableSeatClear", and(organisers, rep), false, member(in{"position": "SUBSTITUTE"}))
	person := func(more in) func(string, string) in {
		return func(table, body string) in {
			input := at("table", "", more)(table, body)
			input["person"] = w.global("person: " + map[string]string{"open table": organiser, "hidden table": otherRep}[table])
			return input
		}
	}
	row("tableOfficerAppoint", organisers, false, person(in{"office": "SECRETARY"}))
	row("tableOfficerEnd", organisers, true, person(in{}))
	row("tableJoinRequestCreate", clubPeople(), false, member(in{"message": "Voldríem venir"}))
	row("tableJoinRequestDecide", organisers, false, at("id", ": request", in{"accept": false, "reason": "Som prou"}))
	row("tableJoinRequestWithdraw", clubPeople(), true, at("id", ": own request", nil))
	row("tableSessionCreate", organisers, false, at("table", "", nil))
	row("tableSessionDuplicate", organisers, false, at("id", ": called", nil))
	row("tableSessionUpdate", organisers, false, at("id", ": called", in{"place": "Sala 2"}))
	row("tableSessionCall", organisers, false, at("id", ": draft", nil))
	row("tableSessionOpen", organisers, false, at("id", ": called", nil))
	row("tableSessionClose", organisers, true, at("id", ": called", nil))
	row("tableSessionCancel", organisers, true, at("id", ": draft", in{"reason": text}))
	row("tableSessionRecord", organisers, false, at("table", "", in{"startsAt": "2026-01-10T17:00:00Z"}))
	row("tableSessionAnswer", and(organisers, clubPeople()...), false, func(table, body string) in {
		return in{"id": w.global(table + ": called"), "organization": body, "answer": "ATTEND"}
	})
	row("tableSessionAttend", organisers, false, func(table, body string) in {
		return in{"id": w.global(table + ": later"), "organization": body, "present": true, "cameAs": "DELEGATE"}
	})
	row("agendaItemAdd", organisers, false, at("session", ": called", in{"title": text}))
	row("agendaItemRemove", organisers, true, at("id", ": draft item", nil))
	row("agendaItemOpen", organisers, false, at("id", ": called item", nil))
	row("agendaItemClose", organisers, true, at("id", ": called item", in{"outcome": "INFORMATION"}))
	row("tablePaperAdd", organisers, false, at("session", ": called", in{"title": text, "url": "https://example.org"}))
	row("tableResolutionAdopt", organisers, false, at("item", ": called item", in{"kind": "TASK", "text": text}))
	row("tableResolutionFollow", and(organisers, clubPeople()...), false, at("id", ": resolution", in{"state": "IN_PROGRESS"}))
	row("minutesDraft", organisers, false, at("session", ": later", nil))
	row("minutesWrite", organisers, false, at("session", ": later", in{"expectedRevision": "1", "minutes": "Text"}))
	row("minutesCirculate", organisers, false, at("session", ": later", nil))
	row("minutesApprove", organisers, false, func(table, _ string) in {
		return in{"session": w.global(table + ": later"), "in": w.global(table + ": called")}
	})
	row("tablePollOpen", organisers, false, at("session", ": draft", in{"dates": []string{"2090-01-01T17:00:00Z", "2090-01-02T17:00:00Z"}}))
	row("tablePollAnswer", and(organisers, clubPeople()...), false, func(table, body string) in {
		return in{"id": w.global(table + ": poll"), "organization": body, "answers": []in{{"date": w.global(table + ": date"), "answer": "YES"}}}
	})
	row("tablePollClose", organisers, true, func(table, _ string) in {
		return in{"id": w.global(table + ": poll"), "date": w.global(table + ": date")}
	})
	for _, name := range []string{"tableOfficerEnd", "tableSeatClear", "tableMemberEnd", "tableSessionCancel", "tableSessionClose", "agendaItemClose", "tablePollClose"} {
		r := rows[name] // once is enough
		r.by = roles{officer}
		rows[name] = r
	}
	appoint, remove := rows["tableOfficerAppoint"], rows["agendaItemRemove"]
	appoint.made = func(w *world, role string, n int) in {
		someone := w.hub.Person(w.TB, "Persona amb càrrec", hubtest.Terrassa, directory.Technician)
		return in{"table": w.global("open table"), "person": node.Person.Global(someone), "office": "SECRETARY"}
	}
	appoint.by = roles{officer} // who knows the people of the town
	remove.made = func(w *world, role string, n int) in {
		item := w.topic("open table", w.node("open table: draft"), lang.Text{CA: "Un punt de més"})
		return in{"id": table.ItemType.GlobalPart(w.node("open table"), item)}
	}
	rows["tableOfficerAppoint"], rows["agendaItemRemove"] = appoint, remove
	for name, r := range rows { // a token may read
		r.may = but(r.may, program)
		if name == "tableLinkAnswer" {
			r.may = everybody()
		}
		rows[name] = r
	}
	return rows
}

func followTable(w *world) map[string][]follow {
	of := func(table, part string, seen roles, deep bool) follow {
		return follow{args: in{"id": w.global(table + part)}, seen: seen, deep: deep, happens: func() { w.happensAt(table) }}
	}
	return map[string][]follow{
		"tableChanges":        {of("open table", "", everybody(), true), of("hidden table", "", hiddenPeople(), false)},
		"tableSessionChanges": {of("open table", ": called", tablePeople(), true), of("hidden table", ": called", hiddenPeople(), false)},
		"tableSessionBoard":   {of("open table", ": called", tablePeople(), true), of("hidden table", ": called", hiddenPeople(), false)},
	}
}

// happensAt makes what those who follow a table and its session are told.
func (w *world) happensAt(name string) {
	w.Helper()
	if w.happened[name] {
		return
	}
	w.happened[name] = true
	by := map[string]string{"open table": officer, "hidden table": otherOfficer}[name]
	ctx, s, v := context.Background(), table.New(w.hub.DB), w.viewer(by)
	place, prefix := "Una altra sala", "TX"
	w.made(s.UpdateSession(ctx, v, w.node(name), w.node(name+": called"), nil, table.SessionSpec{Place: &place}, ""))
	w.ok(s.Update(ctx, v, w.node(name), nil, table.Changes{FilePrefix: &prefix}, ""))
}
