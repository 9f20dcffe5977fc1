package matrix_test

import (
	"context"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/discussion"
	"github.com/teixit/teixit/internal/domain/inbox"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
)

func feedsPart() part {
	return part{plant: plantFeeds, queries: askFeeds, changes: changeFeeds, streams: followFeeds, columns: map[string]string{
		"digest_preferences.sort": "one of few words", "digest_preferences.rhythm": "one of few words", "digests.rhythm": "one of few words",
	}}
}

// plantFeeds lets everybody watch the open event, keeps lists and marks of what
// was read, and has people say something for each audience.
func plantFeeds(w *world) {
	ctx, s := context.Background(), inbox.New(w.hub.DB, silent{}, "", inbox.Told{})
	for _, name := range []string{"open", "of the club", "open table"} {
		w.ok(s.SetWatch(ctx, w.viewer(rep), "", w.node(name), true))
	}
	for _, role := range but(signedIn(), rep, program) {
		w.exec(`insert into watches (person, node, era, fxid) select $1, node, era, fxid from watches where person = $2 and node = $3`,
			w.people[role].id, w.people[rep].id, w.node("open"))
	}
	w.ok(s.SetWatch(ctx, w.viewer(otherRep), "", w.node("hidden project"), true))
	w.savedSet(s, rep, itsVoice(), "open", "of the club")
	w.savedSet(s, otherRep, roles{otherRep}, "open", "hidden project")
	for _, sql := range []string{
		`insert into inboxes (person, era, fxid, seq) values ($1, 1, '1', 1)`,
		`insert into inbox_marks (person, era, fxid, seq, is_read) values ($1, 1, '2', 1, true)`,
		`insert into digest_preferences (person, sort, rhythm) values ($1, 'ASKED', 'DAILY')`,
		`insert into digest_quiet (person, from_hour, until_hour) values ($1, 22, 7)`,
		`insert into digests (person, rhythm, era, fxid, seq) values ($1, 'DAILY', 1, '1', 1) on conflict do nothing`,
		`insert into digests_due (person, next_at) values ($1, now() + interval '1 day') on conflict do nothing`,
	} {
		w.exec(sql, w.people[rep].id)
	}

	before := w.plant("what a comment said before", places{"CommentVersion.text": and(itsVoice(), officer, organiser)}, owned(rep))
	first := w.comment("comment for all", rep, "open", discussion.Everybody, nil, "Hi vindrem "+w.book.mark(before)+w.mentions(rep, delegate, clubPeople()))
	w.ok(discussion.New(w.hub.DB, directory.VisiblePeople).Edit(ctx, w.viewer(rep), "", first, w.node("open"), "Hi vindrem tots"+w.mentions(rep, delegate, nil), nil))
	said := func(name, by, of string, audience discussion.Audience, readers roles, more string) {
		p := w.plant("the "+name, nil, places{"*": readers})
		w.comment(name, by, of, audience, p, "Dit en confiança "+w.book.mark(p)+more)
	}
	w.comment("answer", delegate, "open", discussion.Everybody, nil, "D'acord")
	w.exec(`update comments set reply_to = $2 where id = $1`, w.node("answer"), first)
	w.comment("comment of the officer", officer, "open", discussion.Everybody, nil, "Benvinguts")
	said("note for organisers", officer, "open", discussion.Organisers, tableOrganisers(), "")
	said("note for members", otherRep, "open table", discussion.Members, tablePeople(), w.mentions(otherRep, "member of the other club", roles{otherRep}))
	said("comment on the hidden project", otherRep, "hidden project", discussion.Everybody, hiddenPeople(), "")
	w.hub.Settled(w.TB)
}

func (w *world) savedSet(s *inbox.Service, by string, readers roles, things ...string) {
	w.Helper()
	p := w.plant("a list of the "+by, with(owned(by), places{"SavedSet.title": readers, "SavedSet.id": readers}), places{
		"SavedSetRemovePayload.id": {by}, "Delegate.name": {by}, "Delegate.checkInCode": {by}, // below it, of who was registered since
	})
	var members []id.ID
	for _, name := range things {
		members = append(members, w.node(name))
	}
	made := w.made(s.CreateSet(context.Background(), w.viewer(by), "", "Llista "+w.book.mark(p), members))
	w.thing("list: "+by, inbox.SetType.Global(made), made, p)
}

// mentions is how somebody is mentioned; readers see who it is. The author sees
// it in the copy of their data.
func (w *world) mentions(by, name string, readers roles) string {
	self := w.people[name].self
	self.may = with(self.may, places{"Comment.text": readers, "CommentVersion.text": readers, "DataExport.json": {by}, "DataFile.text": {by}})
	return " @" + node.Person.Global(w.people[name].id)
}

func (w *world) comment(name, by, of string, audience discussion.Audience, p *planted, text string) id.ID {
	w.Helper()
	made := w.made(discussion.New(w.hub.DB, directory.VisiblePeople).Add(context.Background(), w.viewer(by), "", discussion.Input{
		Node: w.node(of), Text: text, Audience: audience,
	}))
	w.nodes[name] = made
	w.thing(name, discussion.CommentType.GlobalPart(w.node(of), made), made, p)
	return made
}

// followed are things that a feed can be of, with who sees them.
func (w *world) followed() map[string]roles {
	return map[string]roles{
		"open": everybody(), "draft": {officer}, "open table": everybody(), "hidden project": hiddenPeople(), "of the club": clubPeople(),
	}
}

func askFeeds(w *world) map[string][]ask {
	rows := map[string][]ask{
		"feed": {
			{args: in{"of": in{"node": w.global("terrassa")}}, seen: everybody()},
			{args: in{"of": in{"savedSet": w.global("list: " + rep)}}, seen: itsVoice()},
			{args: in{"of": in{"savedSet": w.global("list: " + otherRep)}}, seen: roles{otherRep}},
		},
		"inbox":             {{seen: signedIn(), deep: true}},
		"watches":           {{seen: signedIn(), deep: true}},
		"savedSets":         {{seen: and(itsVoice(), otherRep), deep: true}},
		"digestPreferences": {{seen: signedIn(), deep: true}},
	}
	for name, seen := range w.followed() {
		deep := name == "open" || name == "open table"
		rows["feed"] = append(rows["feed"], ask{args: in{"of": in{"node": w.global(name)}}, seen: seen, deep: deep})
		rows["comments"] = append(rows["comments"], ask{args: in{"of": w.global(name)}, seen: seen, deep: deep})
		rows["watching"] = append(rows["watching"], ask{args: in{"node": w.global(name)}, seen: everybody()})
		for _, audience := range []string{"EVERYBODY", "MEMBERS"} {
			rows["viewerCanComment"] = append(rows["viewerCanComment"], ask{args: in{"of": w.global(name), "audience": audience}, seen: seen})
		}
	}
	return rows
}

func changeFeeds(w *world) map[string]change {
	people, open, hidden := but(signedIn(), program), w.global("open"), w.global("hidden project")
	mine, others := w.global("list: "+rep), w.global("list: "+otherRep)
	return map[string]change{
		"watchSet": {
			input: in{"node": open, "watching": true}, hidden: []in{{"node": hidden, "watching": true}}, may: people, by: roles{rep, stranger},
		},
		"savedSetCreate": {
			input: in{"title": "Llista", "nodes": []string{open}}, hidden: []in{{"title": "Llista", "nodes": []string{hidden}}}, may: people,
			by: roles{rep, stranger},
		},
		"savedSetUpdate": {
			input: in{"id": mine, "title": "Una altra"}, hidden: []in{{"id": others, "title": "Una altra"}}, may: people, by: roles{rep},
		},
		"savedSetRemove": {input: in{"id": mine}, hidden: []in{{"id": others}}, may: people, by: roles{rep}, late: true},
		"inboxMarkRead":  {input: in{}, may: people, by: roles{rep, stranger}},
		"digestPreferencesSet": {
			input: in{"sorts": []in{{"sort": "ASKED", "rhythm": "DAILY"}}}, may: people, by: roles{rep, stranger},
		},
		"commentAdd": {
			input: in{"node": open, "text": "Bona idea"}, hidden: []in{{"node": hidden, "text": "Bona idea"}}, may: people,
			by: roles{rep, stranger, officer},
		},
		"commentEdit": {
			input: in{"id": w.global("comment for all"), "text": "Una altra cosa"}, may: roles{rep},
			hidden: []in{
				{"id": w.global("note for organisers"), "text": "Una altra cosa"}, {"id": w.global("comment on the hidden project"), "text": "Una altra cosa"},
			},
		},
		"commentRemove": {
			input: in{"id": w.global("comment for all")}, may: and(tableOrganisers(), rep), by: roles{officer}, late: true,
			hidden: []in{{"id": w.global("note for members")}, {"id": w.global("comment on the hidden project")}},
		},
	}
}

func followFeeds(w *world) map[string][]follow {
	updated := func() {
		summary := lang.Text{CA: "Encara un altre resum"}
		w.did(project.New(w.hub.DB).Update(context.Background(), w.viewer(otherOfficer), w.node("hidden project"), nil, project.Changes{Summary: &summary}, ""))
	}
	event := func() { w.happens("open") }
	feed := func(name string) in { return in{"of": in{"node": w.global(name)}, "first": 3} }
	node := func(name string) in { return in{"id": w.global(name)} }
	return map[string][]follow{
		"feedChanges": {
			{args: feed("open"), seen: everybody(), deep: true, happens: event},
			{args: feed("hidden project"), seen: hiddenPeople(), happens: updated},
		},
		"inboxChanges": {{args: in{"first": 3}, seen: signedIn(), deep: true, happens: event}},
		"nodeChanges": {
			{args: node("open"), seen: everybody(), deep: true, happens: event},
			{args: node("hidden project"), seen: hiddenPeople(), happens: updated},
			{args: node("draft"), seen: roles{officer}, happens: func() { w.happens("draft") }},
		},
	}
}
