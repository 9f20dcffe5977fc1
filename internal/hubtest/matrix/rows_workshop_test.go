package matrix_test

import (
	"context"

	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

func workshopPart() part {
	return part{plant: plantWorkshop, queries: askWorkshop, changes: changeWorkshop, streams: followWorkshop}
}

// plantWorkshop makes an open workshop of the own town and a hidden one of
// another, each with what it was built upon and what came of it, and one that is
// still prepared.
func plantWorkshop(w *world) {
	w.workshop("open workshop", officer, hubtest.Terrassa, access.Public, everybody())
	w.workshop("hidden workshop", otherOfficer, hubtest.Barcelona, access.Members, hiddenPeople())
	for _, name := range []string{"hidden workshop", "hidden workshop: consultation"} {
		w.grant(otherRep, "MEMBER", name)
	}
	p := w.plant("the prepared workshop", nil, places{"*": {officer}})
	made, err := workshop.New(w.hub.DB, nil).Create(context.Background(), w.viewer(officer), workshop.Input{
		Home: hubtest.Terrassa, Title: lang.Text{CA: "En preparació " + w.book.mark(p)}, Visibility: access.Public, Places: []id.ID{hubtest.Terrassa},
	}, "")
	w.ok(err)
	w.nodes["prepared workshop"] = made.ID
	w.thing("prepared workshop", node.Workshop.Global(made.ID), made.ID, p)
}

// workshop makes a workshop upon a consultation, with a group and entries. Who
// holds the group's link sees it as the readers do.
func (w *world) workshop(name, by string, home id.ID, visibility access.Level, readers roles) {
	w.Helper()
	ctx, s, v := context.Background(), workshop.New(w.hub.DB, nil), w.viewer(by)
	at := places{"*": readers}
	for _, f := range []string{"id", "title", "description"} {
		at["Query.workshopOfGroup Workshop."+f] = everybody()
	}
	p := w.plant("the "+name, nil, at)
	text, hidden := lang.Text{CA: "Taller obert inventat"}, map[bool]*planted{true: p}[visibility != access.Public]
	if hidden != nil {
		text.CA = "Taller " + w.book.mark(p)
	}
	asked, err := s.CreateConsultation(ctx, v, workshop.ConsultationInput{
		Home: home, Title: text, Description: text, Visibility: visibility, Findings: []lang.Text{text}, About: []id.ID{w.node("field")}, Area: []id.ID{home},
	}, "")
	w.ok(err)
	consultation := name + ": consultation"
	w.nodes[consultation] = asked.ID
	w.thing(consultation, node.PriorConsultation.Global(asked.ID), asked.ID, hidden)
	w.nodes[name] = w.openWorkshop(ctx, s, by, workshop.Input{
		Home: home, Title: text, Description: text, Visibility: visibility, Places: []id.ID{home, w.kind("Neighbourhood")},
		About: []id.ID{w.node("field")}, DerivedFrom: []id.ID{asked.ID, w.node("open")},
	})
	w.thing(name, node.Workshop.Global(w.nodes[name]), w.nodes[name], hidden)
	_, err = s.LinkEvent(ctx, v, asked.ID, w.node("open"), "")
	w.ok(err)

	joined, err := s.Join(ctx, v, w.joinCode(name), text.CA, "")
	w.ok(err)
	w.partOf(name, "group", workshop.GroupID, joined.Group.ID, hidden)
	secret, hash := w.secret(w.plant("the link of a group of the "+name, nil, nil), "twg_")
	w.things[name+": link"] = secret
	w.exec(`update workshop_groups set token_hash = $2 where id = $1`, joined.Group.ID, hash)
	entry := func(what string, in workshop.EntryInput) id.ID {
		in.Territory, in.Text = home, text
		noted, err := s.Note(ctx, v, workshop.Pen{Token: secret}, in, "")
		w.ok(err)
		w.partOf(name, what, workshop.EntryID, noted.Entry.ID, hidden)
		return noted.Entry.ID
	}
	priority := entry("priority", workshop.EntryInput{Kind: workshop.Priority})
	same := entry("same priority", workshop.EntryInput{Kind: workshop.Priority})
	entry("capacity", workshop.EntryInput{Kind: workshop.Capacity, Beside: priority})
	entry("running", workshop.EntryInput{Kind: workshop.RunningProject})
	entry("other", workshop.EntryInput{Kind: workshop.Priority})
	_, err = s.Merge(ctx, v, workshop.Pen{Token: secret}, []id.ID{priority, same}, "")
	w.ok(err)
	for what, of := range map[string]string{"priority": "open project", "running": "hidden project"} {
		if what == "priority" {
			w.exec(`insert into workshop_priority_projects (priority, project, made_by) values ($1, $2, $3)`, priority, w.node(of), w.people[by].id)
		} else {
			w.exec(`update workshop_entries set project = $2 where workshop = $1 and kind = 'RUNNING_PROJECT'`, w.node(name), w.node(of))
		}
	}
}

func (w *world) openWorkshop(ctx context.Context, s *workshop.Service, by string, in workshop.Input) id.ID {
	w.Helper()
	made, err := s.Create(ctx, w.viewer(by), in, "")
	w.ok(err)
	_, err = s.Move(ctx, w.viewer(by), made.ID, workshop.Open, "")
	w.ok(err)
	return made.ID
}

func (w *world) joinCode(name string) (code string) {
	w.Helper()
	w.ok(w.super.QueryRow(w.Context(), `select join_code from workshops where node = $1`, w.node(name).String()).Scan(&code))
	return code
}

// partOf names a part of a node; where it is of something hidden it betrays that.
func (w *world) partOf(name, what string, t id.Type, part id.ID, hidden *planted) {
	w.thing(name+": "+what, t.GlobalPart(w.node(name), part), part, hidden)
}

func askWorkshop(w *world) map[string][]ask {
	return map[string][]ask{
		"workshop": {
			{args: in{"id": w.global("open workshop")}, seen: everybody(), deep: true},
			{args: in{"id": w.global("hidden workshop")}, seen: hiddenPeople(), deep: true},
			{args: in{"id": w.global("prepared workshop")}, seen: roles{officer}},
		},
		"workshops": {{args: in{}, seen: everybody(), deep: true}},
		"workshopOfGroup": {
			{args: in{"token": w.global("open workshop: link")}, seen: everybody(), deep: true},
			{args: in{"token": w.global("hidden workshop: link")}, seen: everybody()},
			{args: in{"token": "no such secret"}},
		},
		"priorConsultation": {
			{args: in{"id": w.global("open workshop: consultation")}, seen: everybody(), deep: true},
			{args: in{"id": w.global("hidden workshop: consultation")}, seen: hiddenPeople()},
		},
	}
}

func changeWorkshop(w *world) map[string]change {
	text, notSeen, town := in{"ca": "Qualsevol"}, []string{"DENIED", "NOT_FOUND"}, w.global("terrassa")
	rows := map[string]change{
		"workshopCreate": {
			input:  in{"organization": town, "title": text, "places": []string{town}},
			hidden: []in{{"organization": town, "title": text, "places": []string{town}, "derivedFrom": []string{w.global("hidden workshop")}}},
			may:    roles{officer},
		},
		"workshopGroupJoin": {
			input: in{"code": w.joinCode("open workshop"), "name": "Un grup més"}, may: everybody(), link: true, by: roles{anonymous, stranger},
		},
		"priorConsultationCreate": {input: in{"organization": town, "title": text}, may: roles{officer}},
	}
	row := func(name string, late bool, input func(of string) in) {
		rows[name] = change{input: input("open workshop"), hidden: []in{input("hidden workshop")}, may: roles{officer}, refused: notSeen, late: late}
	}
	at := func(field, part string, more in) func(string) in {
		return func(of string) in {
			input := in{field: w.global(of + part)}
			for k, v := range more {
				input[k] = v
			}
			return input
		}
	}
	row("workshopDuplicate", false, at("id", "", nil))
	row("workshopMove", true, at("id", "", in{"to": "CLOSED"}))
	row("workshopCodeRenew", false, at("id", "", nil))
	row("workshopGroupRevoke", true, at("id", ": group", nil))
	row("workshopPriorityProjectCreate", false, at("priority", ": other", in{"lead": town, "side": "PUBLIC"}))
	row("priorConsultationFindingAdd", false, at("id", ": consultation", in{"text": text}))
	row("priorConsultationEventLink", false, at("id", ": consultation", in{"event": w.global("sensitive")}))
	// With a link, or as an organiser.
	noted := func(name string, input func(of string) in) {
		row(name, name == "workshopEntryWithdraw", func(of string) in {
			with := input(of)
			with["by"] = in{"workshop": w.global(of)}
			return with
		})
		r := rows[name]
		r.by = roles{anonymous, officer, otherRep}
		r.may = and(r.may, anonymous, otherRep) // with a link
		r.made = func(w *world, role string, n int) in {
			with := input("open workshop")
			with["by"] = in{"token": w.global("open workshop: link")}
			return with
		}
		if name == "workshopEntryWithdraw" { // once is enough
			r.by = roles{anonymous}
		}
		rows[name] = r
	}
	noted("workshopEntryAdd", func(of string) in {
		place := map[string]string{"open workshop": "terrassa", "hidden workshop": "barcelona"}[of]
		return in{"kind": "PRIORITY", "territory": w.global(place), "text": text}
	})
	noted("workshopEntryWithdraw", at("id", ": running", nil))
	noted("workshopPriorityMerge", func(of string) in {
		return in{"priorities": []string{w.global(of + ": priority"), w.global(of + ": other")}}
	})
	return rows
}

func followWorkshop(w *world) map[string][]follow {
	of := func(arg, name, part, by string, seen roles, deep bool) follow {
		return follow{args: in{arg: w.global(name + part)}, seen: seen, deep: deep, happens: func() {
			if !w.happened[name] {
				w.happened[name] = true
				_, err := workshop.New(w.hub.DB, nil).Note(context.Background(), w.viewer(by), workshop.Pen{Workshop: w.node(name)}, workshop.EntryInput{
					Kind: workshop.Priority, Territory: w.kind("Neighbourhood"), Text: lang.Text{CA: "Una altra prioritat"},
				}, "")
				w.ok(err)
			}
		}}
	}
	all := []follow{
		of("id", "open workshop", "", officer, everybody(), true), of("id", "hidden workshop", "", otherOfficer, hiddenPeople(), false),
		of("token", "open workshop", ": link", officer, everybody(), false),
	}
	return map[string][]follow{"workshopBoard": all, "workshopChanges": all}
}
