package matrix_test

import (
	"context"
	"fmt"
	"time"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func calendarPart() part {
	return part{plant: plantCalendar, queries: askCalendar, changes: changeCalendar, streams: followCalendar, columns: map[string]string{
		"registration_delegates.answer": "one of few words", "registration_delegates.role": "one of few words",
		"registration_delegates.shown_to": "one of few words", "registration_delegates.state": "one of few words",
		"registration_delegates.event": "an event for all", "registration_delegates.pool": "its seats",
		"registration_delegates.territory": "a place", "delegate_secrets.mail_key": "a hash",
		"delegate_needs.event": "an event for all", "delegate_links.event": "an event for all",
		"delegate_links.token_hash": "a hash: the link is planted",
	}}
}

// plantCalendar makes events of the own town, of another and of the club, open,
// sensitive and hidden, with blocks of the own and of another association.
func plantCalendar(w *world) {
	w.event("open", officer, hubtest.Terrassa, access.Public, nil)
	w.event("sensitive", officer, hubtest.Terrassa, access.Public, nil)
	w.exec(`update events set sensitive = true where node = $1`, w.node("sensitive"))
	w.event("draft", officer, hubtest.Terrassa, access.Organisers, roles{officer})
	w.event("network", officer, hubtest.Terrassa, access.Network, signedIn())
	w.event("of another town", otherOfficer, hubtest.Barcelona, access.Home, roles{otherOfficer})
	w.event("of the club", rep, w.node("club"), access.Home, clubPeople())
	w.grant(organiser, "ORGANISER", "open", "sensitive")
	w.grant(door, "CHECK_IN", "open")

	here, there := roles{officer, organiser, rep, program}, roles{officer, organiser, otherRep}
	left := []string{registered, "person at the sensitive event"} // acted for the club when they were registered
	for _, name := range left {
		w.exec(`insert into edges (id, kind, source, target, role) values ($1, 'acts_for', $2, $3, 'DELEGATE')`, id.New(), w.people[name].id, w.node("club"))
	}
	w.registers("own block", "open", rep, "club", and(clubPeople(), officer, organiser, registered),
		w.comes("own delegate", delegate, and(here, delegate), nil),
		w.comes("told delegate", registered, and(here, registered), nil),
		w.comes("named delegate", "", here, roles{delegate, colleague}))
	w.registers("other block", "open", otherRep, "other club", there,
		w.comes("other delegate", "member of the other club", there, nil),
		w.comes("other named delegate", "", there, nil))
	w.registers("sensitive block", "sensitive", rep, "club", here,
		w.comes("sensitive delegate", "person at the sensitive event", here, nil),
		w.comes("sensitive named delegate", "", here, nil))
	for _, name := range left {
		w.exec(`delete from edges where source = $1`, w.people[name].id)
	}
	w.exec(`update registration_delegates set shown_to = 'COLLEAGUES' where id = any($1)`, []string{w.node("named delegate").String(), w.node("told delegate").String()})
	w.exec(`update registration_delegates set answer = 'ACCEPT' where id = any($1)`, []string{w.node("told delegate").String(), w.node("other delegate").String()})
	w.exec(`update registrations set decided_by = $2, decided_at = now() where id = $1`, w.node("other block"), w.people[officer].id)
	for _, name := range []string{"own delegate", "other delegate"} {
		arrival := id.New()
		w.book.object(w.plant("an arrival", nil, nil), arrival)
		w.exec(`update registration_delegates set state = 'ATTENDED', arrived_at = now() - interval '17 minutes', arrived_by = $2, arrival = $3 where id = $1`,
			w.node(name), w.people[door].id, arrival)
		w.exec(`update registrations set arrived = 1 where id = (select registration from registration_delegates where id = $1)`, w.node(name))
	}
}

// event makes an event with a programme, a document and seats. Hidden ones carry
// texts that only their readers may see; nil: it is for all.
func (w *world) event(name, by string, home id.ID, visibility access.Level, readers roles) {
	w.Helper()
	var p *planted
	text := "Acte inventat"
	if readers != nil {
		mine := but(readers, program)
		p = w.plant("the event "+name, nil, places{"*": readers, "DataExport.json": mine, "DataFile.text": mine})
		text += " " + w.book.mark(p)
	}
	made := w.hub.Event(w.TB, w.people[by].id, 30, func(in *calendar.EventInput) {
		in.Home, in.Visibility, in.Title = home, visibility, lang.Text{CA: text}
		in.Summary, in.Description, in.VenueName, in.OnlineURL = lang.Text{CA: text}, lang.Text{CA: text}, text, "https://example.org/"+name[:2]
		in.Objectives = []lang.Text{{CA: text}}
		in.About, in.Audiences = []id.ID{w.node("field")}, []id.ID{w.node("audience")}
		in.CoOrganisers = coOrganisers(w, name)
		in.Sessions = []calendar.SessionInput{{Title: lang.Text{CA: text}, Room: text, Speakers: []calendar.Speaker{{Name: text}}}}
		in.Documents = []calendar.DocumentInput{{Title: lang.Text{CA: text}, URL: "https://example.org/document"}}
	})
	w.nodes[name] = made
	w.thing(name, node.Event.Global(made), made, p)
	for part, prefix := range map[string]string{"event_sessions": "evs", "event_documents": "evd", "seat_pools": "pool"} {
		var v id.ID
		var text string
		w.ok(w.super.QueryRow(w.Context(), `select id::text from `+part+` where event = $1`, made.String()).Scan(&text))
		v, err := id.ParseUUID(text)
		w.ok(err)
		w.things[name+": "+prefix] = id.Type(prefix).GlobalPart(made, v)
		if p != nil {
			w.book.object(p, v)
		}
	}
}

// coOrganisers: bodies whose people are not asked stand behind some events, so
// that the lists by organiser lead there.
func coOrganisers(w *world, name string) []id.ID {
	return map[string][]id.ID{"draft": {w.node("orphan")}, "network": {w.node("service"), w.node("institute")}}[name]
}

func (w *world) grant(role, right string, events ...string) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		for _, event := range events {
			err := node.Connect(ctx, tx, node.Edge{Kind: node.HasRole, Source: w.people[role].id, Target: w.node(event), Role: right})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// guest is a delegate of a block, before and after it is registered.
type guest struct {
	name   string
	input  calendar.DelegateInput
	thing  *planted
	code   *planted
	person *who
}

// comes describes a delegate. knows are who answers for them, and they
// themselves; shown who reads the name besides.
func (w *world) comes(name, person string, knows, shown roles) *guest {
	w.Helper()
	g := &guest{name: name, input: calendar.DelegateInput{Role: calendar.RoleAssociation}}
	self := but(roles{person}, "", "member of the other club", "person at the sensitive event")
	may := places{}
	for _, payload := range []string{"delegateCheckIn DelegateCheckInPayload", "delegateCheckInUndo DelegateCheckInUndoPayload"} {
		for _, field := range []string{"id", "arrivedAt", "name"} {
			may["Mutation."+payload+".delegate Delegate."+field] = and(knows, doorOf(name)...)
		}
	}
	for _, place := range []string{
		"nodes RosterEntry.id", "nodes RosterEntry.codeHash", "nodes RosterEntry.name", "nodes RosterEntry.organization", "nodes RosterEntry.arrivedAt",
		"edges RosterEntryEdge.cursor", "pageInfo PageInfo.startCursor", "pageInfo PageInfo.endCursor",
	} {
		may["Query.eventRoster RosterEntryConnection."+place] = and(roles{officer, organiser}, doorOf(name)...)
	}
	own := places{"Delegate.checkInCode": knows}
	may["Delegate.checkInCode"] = knows // before it is replaced by one that betrays
	mine := places{"DataExport.json": self, "DataFile.text": self}
	g.code = w.plant("the entrance code of the "+name, with(own, mine), nil)
	g.thing = w.plant("the "+name, nil, may)
	if name == "told delegate" || name == "other delegate" {
		g.thing.at["Delegate.answer"] = knows
	}
	if name == "own delegate" || name == "other delegate" {
		g.thing.at["Delegate.arrivedAt"] = knows
	}
	if person != "" {
		g.person = w.people[person]
		g.input.Person = g.person.id
		g.person.self.may = with(g.person.self.may, may)
		return g
	}
	g.thing.at["Delegate.name"] = and(knows, shown...)
	g.input.Name = "Persona Apuntada " + w.book.mark(g.thing)
	g.input.Mail = w.mark("the mail address of the "+name, nil) + "@example.org"
	if name == "named delegate" { // by mail, who has an account: it is in the copy of their data, and nowhere else
		g.input.Mail = w.people[stranger].address
		g.thing.at, g.code.at = with(g.thing.at, owned(stranger)), with(g.code.at, owned(stranger))
	}
	return g
}

// doorOf is who stands at the door through which the delegate comes.
func doorOf(name string) roles {
	if name == "sensitive delegate" || name == "sensitive named delegate" || name == "guest delegate" {
		return nil
	}
	return roles{door}
}

// registers signs a block up; readers are who sees that it comes.
func (w *world) registers(name, event, by, body string, readers roles, guests ...*guest) {
	w.Helper()
	var input []calendar.DelegateInput
	for _, g := range guests {
		input = append(input, g.input)
	}
	v := w.viewer(by)
	r, err := calendar.NewRegistrations(w.hub.DB).Create(context.Background(), v, calendar.RegistrationInput{
		Event: w.node(event), Organisation: w.node(body), Policy: calendar.WaitTogether, Delegates: input,
	}, name)
	w.ok(err)
	block := w.plant("the "+name, places{"Registration.id": readers}, places{
		"PageInfo.startCursor": readers, "PageInfo.endCursor": readers, "RegistrationEdge.cursor": readers,
	})
	w.thing(name, calendar.RegistrationType.GlobalPart(w.node(event), r.ID), r.ID, block)
	w.nodes[name] = r.ID
	of, err := calendar.DelegatesOf(context.Background(), w.hub.DB.Read(), v, []id.ID{r.ID})
	w.ok(err)
	for i, d := range of[r.ID] {
		g := guests[i]
		g.thing.at["Delegate.id"] = readers
		w.nodes[g.name] = d.ID
		w.thing(g.name, d.GlobalID(), d.ID, g.thing)
		w.exec(`update delegate_secrets set code = $2 where delegate = $1`, d.ID, w.book.mark(g.code))
	}
}

func askCalendar(w *world) map[string][]ask {
	id := func(name string) in { return in{"id": w.global(name)} }
	list := func(filter in) ask { return ask{args: in{"filter": filter}, seen: everybody()} }
	here := roles{officer, organiser, rep, program}
	return map[string][]ask{
		"event": {
			{args: id("open"), seen: everybody(), deep: true},
			{args: id("sensitive"), seen: everybody(), deep: true},
			{args: id("draft"), seen: roles{officer}, deep: true},
			{args: id("network"), seen: signedIn()},
			{args: id("of another town"), seen: roles{otherOfficer}},
			{args: id("of the club"), seen: clubPeople()},
		},
		"events": {
			{args: in{}, seen: everybody(), deep: true},
			list(in{"text": "inventat"}),
			list(in{"upcoming": true}), list(in{"upcoming": false}),
			list(in{"from": "2020-01-01"}), list(in{"until": "2090-01-01"}),
			list(in{"territory": w.global("terrassa")}), list(in{"territory": w.global("barcelona")}),
			list(in{"about": w.global("field")}), list(in{"audience": w.global("audience")}),
			list(in{"organiser": w.global("club")}), list(in{"organiser": w.global("orphan")}),
			list(in{"kinds": []string{"CONFERENCE_DAY"}}),
			list(in{"states": []string{"DRAFT"}}), list(in{"states": []string{"PUBLISHED"}}),
		},
		"registration": {
			{args: id("own block"), seen: and(clubPeople(), officer, organiser, registered), deep: true},
			{args: id("other block"), seen: roles{officer, organiser, otherRep}, deep: true},
			{args: id("sensitive block"), seen: here, deep: true},
			{args: id("guest block"), seen: roles{officer, otherRep}, deep: true},
		},
	}
}

func changeCalendar(w *world) map[string]change {
	organisers, own := roles{officer, organiser}, roles{rep, officer, organiser}
	draft := func(field string) []in { return []in{{field: w.global("draft")}} }
	hidden := func(part string, more in) []in {
		input := in{"id": w.global("draft: " + part)}
		for k, v := range more {
			input[k] = v
		}
		return []in{input}
	}
	notSeen := []string{"NOT_FOUND", "DENIED"}
	return map[string]change{
		"eventCreate": {
			input: in{"organiser": w.global("terrassa"), "kind": "SEMINAR", "title": in{"ca": "Seminari"}}, may: roles{officer},
		},
		"eventUpdate":  {input: in{"id": w.global("open"), "venueName": "Una altra"}, hidden: draft("id"), may: organisers},
		"eventPublish": {input: in{"id": w.global("open")}, hidden: draft("id"), may: organisers, made: w.spareEvent(false)},
		"eventCancel": {
			input: in{"id": w.global("open"), "reason": in{"ca": "Perquè sí"}}, may: organisers, made: w.spareEvent(true, "reason", in{"ca": "Proves"}),
			hidden: []in{{"id": w.global("draft"), "reason": in{"ca": "Perquè sí"}}},
		},
		"eventMarkHeld": {input: in{"id": w.global("open")}, hidden: draft("id"), may: organisers, made: w.spareEvent(true)},
		"eventClose":    {input: in{"id": w.global("open")}, hidden: draft("id"), may: organisers, made: w.spareEvent(true)},
		"eventSessionAdd": {
			input: in{"event": w.global("open"), "title": in{"ca": "Sessió"}}, may: organisers,
			hidden: []in{{"event": w.global("draft"), "title": in{"ca": "Sessió"}}},
		},
		"eventSessionUpdate": {input: in{"id": w.global("open: evs"), "room": "2"}, hidden: hidden("evs", in{"room": "2"}), may: organisers},
		"eventSessionRemove": {input: in{"id": w.global("open: evs")}, hidden: hidden("evs", nil), may: organisers, by: roles{officer}, late: true},
		"eventDocumentAdd": {
			input: in{"event": w.global("open"), "title": in{"ca": "Document"}, "url": "https://example.org"}, may: organisers,
			hidden: []in{{"event": w.global("draft"), "title": in{"ca": "Document"}, "url": "https://example.org"}},
		},
		"eventDocumentWithdraw":  {input: in{"id": w.global("open: evd")}, hidden: hidden("evd", nil), may: organisers, by: roles{officer}, late: true},
		"eventNoShowsNote":       {input: in{"id": w.global("open")}, hidden: draft("id"), may: organisers, refused: []string{"DENIED"}},
		"seatPoolResize":         {input: in{"id": w.global("open: pool"), "capacity": 40}, hidden: hidden("pool", in{"capacity": 40}), may: organisers},
		"seatPoolLetSmallerPass": {input: in{"id": w.global("open: pool")}, hidden: hidden("pool", nil), may: organisers},
		"registrationCreate": {
			input: w.newBlock("open", "club"), may: roles{rep, delegate, colleague}, by: roles{rep},
			hidden: []in{w.newBlock("draft", "club")},
		},
		"registrationApprove": {input: in{"id": w.global("own block")}, may: organisers, hidden: []in{{"id": w.global("sensitive block")}}, refused: notSeen},
		"registrationReject":  {input: in{"id": w.global("own block")}, may: organisers, hidden: []in{{"id": w.global("sensitive block")}}, refused: notSeen},
		"registrationCancel": {
			input: in{"id": w.global("own block")}, hidden: []in{{"id": w.global("other block")}, {"id": w.global("sensitive block")}},
			may: own, refused: notSeen, made: w.spareBlock("id", "registration"),
		},
		"delegateCancel": {
			input: in{"id": w.global("named delegate")}, hidden: []in{{"id": w.global("other named delegate")}},
			may: own, refused: notSeen, made: w.spareBlock("id", "delegate"),
		},
		"delegateReplace": {
			input: in{"id": w.global("named delegate"), "name": "Aina"}, hidden: []in{{"id": w.global("other named delegate"), "name": "Aina"}},
			may: own, refused: notSeen, made: w.spareBlock("id", "delegate", "name", "Aina Inventada"),
		},
		"delegateCheckIn": {
			input:  in{"event": w.global("open"), "delegate": in{"id": w.global("other named delegate")}},
			hidden: []in{{"event": w.global("draft"), "delegate": in{"code": "no such code"}}}, may: roles{door, officer, organiser},
		},
		"delegateCheckInUndo": {
			input: in{"id": w.global("other named delegate")}, may: roles{door, officer, organiser},
			hidden: []in{{"id": w.global("sensitive delegate")}}, refused: notSeen,
		},
	}
}

func (w *world) newBlock(event, body string) in {
	return in{
		"event": w.global(event), "organization": w.global(body), "policy": "WAIT_TOGETHER", "delegates": []in{{"role": "ASSOCIATION"}},
	}
}

// spareEvent makes an event for a change that would end one; more are other
// fields of the input and their values.
func (w *world) spareEvent(published bool, more ...any) func(*world, string, int) in {
	return func(w *world, role string, n int) in {
		name := fmt.Sprintf("spare %d for the %s", n, role)
		made := w.hub.Event(w.TB, w.people[officer].id, 30, nil)
		w.nodes[name], w.things[name] = made, node.Event.Global(made)
		if role == organiser {
			w.grant(organiser, "ORGANISER", name)
		}
		if !published {
			w.exec(`update events set state = 'DRAFT' where node = $1`, made)
		}
		input := in{"id": w.global(name)}
		for i := 0; i+1 < len(more); i += 2 {
			input[more[i].(string)] = more[i+1]
		}
		return input
	}
}

// spareBlock registers a block for a change that would end it.
func (w *world) spareBlock(field, what string, more ...any) func(*world, string, int) in {
	return func(w *world, role string, n int) in {
		r, err := calendar.NewRegistrations(w.hub.DB).Create(context.Background(), w.viewer(rep), calendar.RegistrationInput{
			Event: w.node("open"), Organisation: w.node("club"), Policy: calendar.WaitTogether,
			Delegates: []calendar.DelegateInput{{Role: calendar.RoleAssociation}},
		}, fmt.Sprint("spare ", role, n, time.Now().UnixNano()))
		w.ok(err)
		input := in{field: calendar.RegistrationType.GlobalPart(w.node("open"), r.ID)}
		if what == "delegate" {
			of, err := calendar.DelegatesOf(context.Background(), w.hub.DB.Read(), w.viewer(rep), []id.ID{r.ID})
			w.ok(err)
			input[field] = of[r.ID][0].GlobalID()
		}
		for i := 0; i+1 < len(more); i += 2 {
			input[more[i].(string)] = more[i+1]
		}
		return input
	}
}

func followCalendar(w *world) map[string][]follow {
	event := func(arg, name string, seen roles, deep bool) follow {
		return follow{args: in{arg: w.global(name)}, seen: seen, deep: deep, happens: func() { w.happens(name) }}
	}
	organisers := roles{officer, organiser}
	return map[string][]follow{
		"eventChanges": {
			event("id", "open", everybody(), true), event("id", "sensitive", everybody(), false),
			event("id", "draft", roles{officer}, false), event("id", "of the club", clubPeople(), false),
		},
		"registrationBoard": {
			event("eventId", "open", organisers, true), event("eventId", "sensitive", organisers, false),
			event("eventId", "draft", roles{officer}, false), event("eventId", "of the club", itsVoice(), false),
		},
	}
}

// happens makes what those who follow an event are told: a block of others, where
// it takes any, and at last something that is for all who see it.
func (w *world) happens(name string) {
	w.Helper()
	if w.happened[name] {
		return
	}
	w.happened[name] = true
	by := map[string]string{"of the club": rep}[name]
	if by == "" {
		by = officer
		if name != "draft" {
			seers := roles{officer, organiser, otherRep}
			w.late = name != "open"
			w.registers("block while they follow "+name, name, otherRep, "other club", seers, w.comes("delegate while they follow "+name, "", seers, nil))
		}
	}
	venue := "Una altra sala"
	_, err := calendar.NewEvents(w.hub.DB).Update(context.Background(), w.viewer(by), w.node(name), nil, calendar.EventChanges{VenueName: &venue}, "")
	w.ok(err)
}
