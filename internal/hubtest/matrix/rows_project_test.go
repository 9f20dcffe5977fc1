package matrix_test

import (
	"context"
	"time"

	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

func projectPart() part {
	return part{plant: plantProject, queries: askProject, changes: changeProject, streams: followProject}
}

// projectPeople take part in the open project, projectOrganisers organise it; the
// hidden one is of who has the hidden table.
func projectPeople() roles     { return tablePeople() }
func projectOrganisers() roles { return tableOrganisers() }

// plantProject makes an open project of the own town and a hidden one of another,
// each with a programme and a strategy and with all that a project has.
func plantProject(w *world) {
	w.project("open project", officer, hubtest.Terrassa, access.Public, projectPeople(), everybody(), "club", "other club", "service", "institute", "orphan")
	w.grant(organiser, "ORGANISER", "open project")
	w.project("hidden project", otherOfficer, hubtest.Barcelona, access.Members, hiddenPeople(), roles{otherOfficer}, "other club")
	w.exec(`insert into private_versions (person, version) values ($1, 1) on conflict do nothing`, w.people[rep].id)
}

// project makes a project. people read what is internal, groupReaders its
// programme and its strategy.
func (w *world) project(name, by string, home id.ID, visibility access.Level, people, groupReaders roles, partners ...string) {
	w.Helper()
	ctx, s, v := context.Background(), project.New(w.hub.DB), w.viewer(by)
	p := w.plant("what is internal of the "+name, nil, places{"*": people})
	inner, title := lang.Text{CA: "Dins el projecte " + w.book.mark(p)}, lang.Text{CA: "Projecte obert inventat"}
	if visibility != access.Public {
		title = inner
	}
	fields := project.Fields{
		Title: title, Summary: title, Description: title, Aims: []lang.Text{title}, Practice: title, Visibility: visibility, Replicable: true,
		Area: []id.ID{home, w.kind("District"), w.kind("Neighbourhood")}, Places: []id.ID{w.kind("Neighbourhood")},
		About: []id.ID{w.node("field")}, TargetGroups: []id.ID{w.kind("TargetGroup")},
	}
	input := project.Input{Lead: home, Side: project.PublicSide, Fields: fields, DerivedFrom: []id.ID{w.node("open")}}
	for _, body := range partners {
		input.Partners = append(input.Partners, project.PartnerInput{Organization: w.node(body), Side: project.SocialSide, Part: title})
	}
	of := w.did(s.Create(ctx, v, input, "")).Project.ID
	w.nodes[name] = of
	hidden := map[bool]*planted{true: p}[visibility != access.Public]
	w.thing(name, node.SharedProject.Global(of), of, hidden)
	part := func(what string, t id.Type, part id.ID) id.ID {
		w.things[name+": "+what] = t.GlobalPart(of, part)
		if hidden != nil || what == "note" {
			w.book.object(p, part)
		}
		return part
	}
	v = w.viewer(by)
	promised := part("commitment", project.CommitmentID, w.did(s.AddCommitment(ctx, v, of, project.CommitmentInput{Partner: w.node(partners[len(partners)-1]), Text: title, Due: time.Now().AddDate(0, 0, -3)}, "")).Part)
	if len(partners) > 1 {
		w.did(s.PartnerLeaves(ctx, v, of, project.Leaving{
			Partner: w.node(partners[len(partners)-1]), Reassign: []project.Reassignment{{Commitment: promised, To: w.node(partners[0])}}, Note: inner,
		}, ""))
	}
	part("milestone", project.MilestoneID, w.did(s.SetMilestone(ctx, v, of, id.Zero, project.MilestoneInput{Title: title}, "")).Part)
	part("activity", project.ActivityID, w.did(s.SetActivity(ctx, v, of, id.Zero, project.ActivityInput{Title: title, Source: title, Territory: home}, "")).Part)
	w.did(s.SetFunding(ctx, v, of, []project.FundingInput{{Source: title, Body: w.node(partners[0]), Cents: 100}}, ""))
	part("note", project.NoteID, w.did(s.AddNote(ctx, v, of, project.NoteInput{Text: inner, Internal: true}, "")).Part)

	grouped := w.plant("the programme and the strategy of the "+name, nil, places{"*": groupReaders})
	for kind, global := range map[project.GroupKind]node.Kind{project.LabKind: node.Programme, project.ProtocolKind: node.Strategy} {
		text := lang.Text{CA: "Grup de projectes"}
		if hidden != nil {
			text.CA += " " + w.book.mark(grouped)
		}
		level := map[bool]access.Level{true: access.Organisers, false: access.Public}[hidden != nil]
		g, err := s.CreateGroup(ctx, v, project.GroupInput{Home: home, Kind: kind, Title: text, Description: text, Visibility: level, About: []id.ID{w.node("field")}}, "")
		w.ok(err)
		what := name + ": " + map[node.Kind]string{node.Programme: "programme", node.Strategy: "strategy"}[global]
		w.nodes[what] = g.ID
		w.thing(what, global.Global(g.ID), g.ID, map[bool]*planted{true: grouped}[hidden != nil])
		_, err = s.AddToGroup(ctx, w.viewer(by), g.ID, of, "")
		w.ok(err)
		if global == node.Strategy {
			_, err = s.Sign(ctx, w.viewer(by), g.ID, home, time.Time{}, false, "")
			w.ok(err)
		}
	}
}

// did is what a command on a project left.
func (w *world) did(r *project.Result, err error) *project.Result {
	w.Helper()
	w.ok(err)
	return r
}

// kind is the node of a kind that stands for all of that kind.
func (w *world) kind(name string) id.ID {
	w.Helper()
	_, v, err := node.Parse(w.global(name))
	w.ok(err)
	return v
}

func askProject(w *world) map[string][]ask {
	list := func(filter in) ask { return ask{args: in{"filter": filter}, seen: everybody()} }
	return map[string][]ask{
		"sharedProject": {
			{args: in{"id": w.global("open project")}, seen: everybody(), deep: true},
			{args: in{"id": w.global("hidden project")}, seen: hiddenPeople(), deep: true},
		},
		"sharedProjects": {
			{args: in{}, seen: everybody(), deep: true},
			list(in{"text": "projecte"}), list(in{"territory": w.global("barcelona")}),
			list(in{"territory": w.global("District")}), list(in{"about": w.global("field")}), list(in{"partner": w.global("other club")}),
			list(in{"partner": w.global("barcelona")}), list(in{"states": []string{"IDEA"}}), list(in{"replicable": true}),
		},
		"programmes": {{args: in{}, seen: everybody(), deep: true}},
		"strategies": {{args: in{}, seen: everybody(), deep: true}},
	}
}

func changeProject(w *world) map[string]change {
	text, organisers, notSeen := in{"ca": "Qualsevol"}, projectOrganisers(), []string{"DENIED", "NOT_FOUND"}
	members, club := and(organisers, rep, delegate, colleague, otherRep), w.global("club")
	home := func(more in) change {
		input := in{"organization": w.global("terrassa"), "title": text}
		for k, v := range more {
			input[k] = v
		}
		return change{input: input, may: roles{officer}}
	}
	rows := map[string]change{
		"sharedProjectCreate": {
			input:  in{"lead": w.global("terrassa"), "side": "PUBLIC", "title": text},
			hidden: []in{{"lead": w.global("terrassa"), "side": "PUBLIC", "title": text, "derivedFrom": []string{w.global("hidden project")}}}, may: roles{officer},
		},
		"programmeCreate": home(in{"kind": "LAB"}), "strategyCreate": home(in{"kind": "PLAN"}),
	}
	row := func(name string, may roles, late bool, input func(of string) in) {
		rows[name] = change{input: input("open project"), hidden: []in{input("hidden project")}, may: may, refused: notSeen, late: late}
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
	row("sharedProjectDuplicate", roles{officer}, false, at("id", "", nil)) // who organises it and answers for its lead
	row("sharedProjectUpdate", organisers, false, at("id", "", in{"summary": text}))
	row("sharedProjectMove", organisers, true, at("id", "", in{"to": "DROPPED", "reason": text}))
	row("projectPartnerAdd", organisers, false, at("project", "", in{"organization": w.global("province"), "side": "SOCIAL"}))
	row("projectPartnerLeave", and(organisers, otherRep), true, at("project", "", in{"organization": w.global("other club")}))
	row("partnerCommitmentAdd", and(organisers, rep), false, at("project", "", in{"partner": club, "text": text}))
	row("partnerCommitmentChange", and(organisers, rep), false, at("id", ": commitment", in{"state": "IN_PROGRESS"}))
	row("projectMilestoneSet", organisers, false, at("id", ": milestone", in{"title": text}))
	row("projectMilestoneRemove", organisers, true, at("id", ": milestone", nil))
	row("projectActivitySet", members, false, at("id", ": activity", in{"title": text}))
	row("projectActivityRemove", organisers, true, at("id", ": activity", nil))
	row("projectFundingSet", organisers, false, at("project", "", in{"sources": []in{}}))
	row("projectNoteAdd", members, false, at("project", "", in{"text": text, "internal": true}))
	row("projectNoteRemove", organisers, true, at("id", ": note", nil))
	of := func(group string) func(string) in {
		return func(of string) in { return in{"id": w.global(of + group), "project": w.global(of)} }
	}
	row("programmeProjectAdd", roles{officer}, false, of(": programme"))
	row("programmeProjectRemove", organisers, true, of(": programme"))
	row("strategyProjectAdd", roles{officer}, false, of(": strategy"))
	row("strategyProjectRemove", organisers, true, of(": strategy"))
	row("strategySign", roles{rep}, false, at("id", ": strategy", in{"organization": club}))
	row("strategySignatureWithdraw", roles{rep}, true, at("id", ": strategy", in{"organization": club}))
	for _, name := range []string{"projectMilestoneRemove", "projectActivityRemove", "projectNoteRemove", "programmeProjectRemove", "strategyProjectRemove"} {
		r := rows[name] // once is enough
		r.by = roles{officer}
		rows[name] = r
	}
	leave := rows["projectPartnerLeave"]
	leave.by = roles{otherRep}
	rows["projectPartnerLeave"] = leave
	return rows
}

func followProject(w *world) map[string][]follow {
	of := func(name, by string, seen roles, deep bool) follow {
		return follow{args: in{"id": w.global(name)}, seen: seen, deep: deep, happens: func() {
			summary := lang.Text{CA: "Un altre resum"}
			w.did(project.New(w.hub.DB).Update(context.Background(), w.viewer(by), w.node(name), nil, project.Changes{Summary: &summary}, ""))
		}}
	}
	return map[string][]follow{
		"projectChanges": {of("open project", officer, everybody(), true), of("hidden project", otherOfficer, hiddenPeople(), false)},
	}
}
