package matrix_test

import (
	"context"
	"time"

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

// table makes a table with all that a table has. people see inside, organisers
// what is being prepared.
func (w *world) table(name, by string, home id.ID, visibility access.Level, people, organisers roles, members ...string) {
	w.Helper()
	ctx, s, v := context.Background(), table.New(w.hub.DB), w.viewer(by)
	link := "Query.tableLink TableLink."
	answered := "TableLinkAnswerPayload.link TableLink."
	holders := places{"*": people}
	for _, f := range []string{"session", "agenda", "place", "dates TableLinkDate.id"} {
		if visibility == access.Public {
			holders[link+f], holders[answered+f] = everybody(), everybody()
		}
	}
	inside := w.plant("what happens at the "+name, nil, holders)
	asked := places{"*": organisers} // who is asked for a date is told of what
	for _, f := range []string{"session", "place"} {
		asked[link+f], asked[answered+f] = holders[link+f], holders[answered+f]
	}
	prepared := w.plant("what the "+name+" prepares", nil, asked)
	text, draft := lang.Text{CA: "Dins la taula " + w.book.mark(inside)}, lang.Text{CA: "En preparació " + w.book.mark(prepared)}
	made := w.made(s.Create(ctx, v, table.Spec{
		Convenor: home, Kind: table.CrossCutting, Title: titleOf(visibility, text), Description: titleOf(visibility, text), Visibility: visibility,
		Inside: access.Members, Rules: table.DefaultRules(), Territories: []id.ID{home}, About: []id.ID{w.node("field")},
	}, ""))
	w.nodes[name] = made
	w.thing(name, node.WorkingTable.Global(made), made, map[bool]*planted{true: inside}[visibility != access.Public])
	note := func(what string, t id.Type, part id.ID, p *planted) id.ID {
		w.nodes[name+": "+what] = part
		w.thing(name+": "+what, t.GlobalPart(made, part), part, p)
		return part
	}
	v = w.viewer(by)
	topic := func(what string, session id.ID, text lang.Text, p *planted) id.ID {
		return note(what, table.ItemType, w.topic(name, session, text), p)
	}
	long, since := time.Now().AddDate(0, 0, -50), time.Now().AddDate(0, 0, -40)
	for i, body := range members {
		w.ok(s.AddMember(ctx, v, made, w.node(body), table.Full, &long, nil, ""))
		w.seats(name, body, people, i == 0)
	}

	held := note("held", table.SessionType, w.made(s.RecordSession(ctx, v, made, table.SessionSpec{Title: &text, StartsAt: &since, Place: &text.CA}, false, "")), inside)
	recent := time.Now().AddDate(0, 0, -10)
	later := note("later", table.SessionType, w.made(s.RecordSession(ctx, v, made, table.SessionSpec{Title: &text, StartsAt: &recent}, false, "")), inside)
	for _, session := range []id.ID{held, later} {
		for _, body := range members {
			w.made(s.Attend(ctx, v, made, session, w.node(body), true, table.AsDelegate, ""))
		}
	}
	w.exec(`update working_tables set quorum_least = 1 where node = $1`, made)
	w.exec(`update table_sessions set needed = 1 where table_node = $1 and needed is not null`, made)
	item := topic("item", held, text, inside)
	vote := []table.Vote{{Organization: w.node(members[0]), Choice: table.For}}
	resolution := note("resolution", table.ResolutionType, w.made(s.Adopt(ctx, v, made, item, table.AdoptSpec{
		Kind: table.Task, Text: text, Responsible: w.node(members[0]), Deadline: &recent, Linked: w.node("open"), Named: vote,
	}, "")), inside)
	w.exec(`insert into table_resolution_people (resolution, table_node, person) values ($1, $2, $3)`, resolution, made, w.people["seated for the "+members[0]].id)
	w.made(s.Follow(ctx, v, made, resolution, nil, table.FollowSpec{Note: text}, ""))
	for _, session := range []id.ID{held, later} {
		w.made(s.DraftMinutes(ctx, v, made, session, lang.CA, ""))
		w.made(s.WriteMinutes(ctx, v, made, session, 1, "Acta "+text.CA, ""))
		w.made(s.CirculateMinutes(ctx, v, made, session, ""))
	}
	w.exec(`update table_sessions set state = 'MINUTES_APPROVED', approved_in = $2, approved_at = now() where id = $1`, held, later)

	soon := time.Now().AddDate(0, 0, 9)
	called := note("called", table.SessionType, w.made(s.CreateSession(ctx, v, made, table.SessionSpec{Title: &text, StartsAt: &soon, Place: &text.CA, OnlineURL: nil}, "")), inside)
	topic("called item", called, text, inside)
	w.made(s.AddPaper(ctx, v, made, called, table.PaperSpec{Title: text, URL: "https://example.org/" + text.CA[len(text.CA)-8:]}, ""))
	w.made(s.Call(ctx, v, made, called, lang.Text{}, ""))
	w.made(s.AnswerCall(ctx, v, made, called, w.node(members[0]), table.Attends, ""))

	proposed := note("draft", table.SessionType, w.made(s.CreateSession(ctx, v, made, table.SessionSpec{Title: &draft, Place: &draft.CA}, "")), prepared)
	topic("draft item", proposed, draft, prepared)
	poll := note("poll", table.PollType, w.made(s.OpenPoll(ctx, v, made, proposed, []time.Time{soon, soon.AddDate(0, 0, 1)}, nil, "")), inside)
	polls, err := table.PollsByIDs(ctx, w.hub.DB.Read(), v, []id.ID{poll})
	w.ok(err)
	for _, d := range polls[0].Dates {
		note("date", table.PollDateType, d.ID, inside)
	}
	w.made(s.AnswerPoll(ctx, v, made, poll, w.node(members[0]), []table.DateChoice{{Date: polls[0].Dates[0].ID, Answer: table.Yes}}, ""))
	for _, of := range []string{"call", "poll"} {
		secret, hash := w.secret(w.plant("the link to the "+of+" of the "+name, nil, nil), "")
		w.things[name+": link to the "+of] = secret
		w.exec(`update table_links set token_hash = $2, told_at = now(), expires_at = now() + interval '8 days'
			where seat = $1 and (poll is not null) = $3`, w.node(name+": seat of the "+members[0]), hash, of == "poll")
	}
}

// topic puts an item onto the agenda of a session of a table.
func (w *world) topic(name string, session id.ID, text lang.Text) id.ID {
	w.Helper()
	ctx, v := context.Background(), w.viewer(map[string]string{"open table": officer, "hidden table": otherOfficer}[name])
	w.made(table.New(w.hub.DB).AddItem(ctx, v, w.node(name), session, table.ItemSpec{Title: text, Description: text}, ""))
	items, err := table.ItemsOf(ctx, w.hub.DB.Read(), v, []id.ID{session})
	w.ok(err)
	return items[session][len(items[session])-1].ID
}

func titleOf(visibility access.Level, text lang.Text) lang.Text {
	if visibility == access.Public {
		return lang.Text{CA: "Taula oberta inventada"}
	}
	return text
}

// made is what a command of a service made.
func (w *world) made(v id.ID, err error) id.ID {
	w.Helper()
	w.ok(err)
	return v
}

// seats lets a named person sit at a table for a body, and one with an account.
func (w *world) seats(name, body string, people roles, both bool) {
	w.Helper()
	p := w.plant("who sits at the "+name+" for the "+body, places{"TableSeat.name": people, "TableSeat.id": people}, nil)
	made, err := table.New(w.hub.DB).SetSeat(context.Background(), w.viewer(map[string]string{"club": rep, "other club": otherRep}[body]), w.node(name), table.SeatSpec{
		Organisation: w.node(body), Position: table.Delegate, Name: "Persona Asseguda " + w.book.mark(p),
		Mail: w.mark("the mail address of who sits at the "+name+" for the "+body, nil) + "@example.org",
	}, "")
	w.ok(err)
	w.book.object(p, made)
	w.nodes[name+": seat of the "+body] = made
	if both {
		seat := id.New()
		w.book.object(p, seat)
		w.exec(`insert into table_seats (id, table_node, organisation, position, person, valid) values ($1, $2, $3, 'SUBSTITUTE', $4, daterange('2020-01-01', null))`,
			seat, w.node(name), w.node(body), w.people["seated for the "+body].id)
	}
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
	row("tableSessionCreate", organisers, false, at("table", "", nil))
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
