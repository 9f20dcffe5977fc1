package matrix_test

import (
	"fmt"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
)

func registeringPart() part {
	return part{plant: plantRegistering, queries: askRegistering, changes: changeRegistering, streams: followRegistering, columns: map[string]string{
		"registration_contacts.event": "an event for all", "registration_contacts.lang": "a language",
		"registration_contacts.association_name": "empty here", "registration_contacts.association_number": "empty here",
		"registration_contacts.association_town": "empty here", "registration_links.token_hash": "a hash: the link is planted",
		"seat_notices.event": "an event for all", "seat_notices.told": "one of few words",
		"calendar_secrets.token_hash": "a hash", "mails.calendar": "empty here", "mails.about": "empty here", "demo_mails.calendar": "empty here",
		"participant_import_rows.body": "an organisation", "participant_import_rows.place": "a territory",
		"participant_import_rows.mail_key": "a hash", "participant_import_rows.role": "one of few words",
		"mails.off": "empty here", "reminders_off.address_hash": "a hash",
		"mails.to_hash": "a hash", "dead_addresses.address_hash": "a hash", "dead_addresses.reason": "the code of a mail server",
	}}
}

// plantRegistering lets a block of the other association have come by mail, with
// a link about it.
func plantRegistering(w *world) {
	w.event("guests", officer, hubtest.Terrassa, access.Public, nil)
	knows := roles{officer, otherRep}
	g := w.comes("guest delegate", "", knows, nil)
	linked := func(field string) places { return places{"RegistrationLinkDelegate." + field: everybody()} }
	g.thing.at = with(g.thing.at, with(linked("name"), linked("id")))
	g.code.at = with(g.code.at, linked("checkInCode"))
	g.input.Mail = w.mark("the mail address of the delegate by mail", linked("mail")) + "@example.org"
	w.registers("guest block", "guests", otherRep, "other club", knows, g)
	w.exec(`update registrations set by_link = true, registered_by = null where id = $1`, w.node("guest block"))
	contact := w.plant("who registered by mail", places{
		"RegistrationContact.mail": knows, "RegistrationContact.name": knows,
		"RegistrationLink.mail": everybody(), "RegistrationLink.name": everybody(),
	}, nil)
	w.exec(`insert into registration_contacts (registration, event, mail, name, lang, confirmed_at)
		values ($1, $2, $3, $4, 'ca', now())`, w.node("guest block"), w.node("guests"),
		w.book.mark(contact)+"@example.org", "Secretària "+w.book.mark(contact))
	text, hash := w.secret(w.plant("the link of the block by mail", nil, nil), "")
	w.things["guest link"] = text
	w.exec(`insert into registration_links (token_hash, registration, expires_at) values ($1, $2, now() + interval '20 days')`,
		hash, w.node("guest block"))
	w.exec(`insert into calendar_secrets (person, token_hash) values ($1, '\x02')`, w.people[registered].id)
	plantLists(w)
	notice := id.New()
	w.book.object(w.plant("what was told of a seat", nil, nil), notice)
	w.exec(`insert into seat_notices (subject, event, told) values ($1, $2, 'GONE')`, notice, w.node("guests"))
}

// plantLists lets lists of participants be on their way, and one have been refused.
func plantLists(w *world) {
	list := func(name, event string, readers roles) id.ID {
		one := id.New()
		w.exec(`insert into participant_imports (id, event, asked_by, acting_for, lang, dry, partial, total) values ($1, $2, $3, $4, 'ca', false, false, 1)`,
			one, w.node(event), w.people[officer].id, hubtest.Terrassa)
		w.exec(`insert into participant_import_problems (import, line, field, code, message) values ($1, 2, 'ORGANISATION', 'NOT_FOUND', '{"ca": "No s''ha trobat."}')`, one)
		w.things[name] = calendar.ImportID.GlobalPart(w.node(event), one)
		w.book.object(w.plant(name, places{"ParticipantImport.id": readers}, places{
			"ParticipantImportEdge.cursor": readers, "PageInfo.startCursor": readers, "PageInfo.endCursor": readers,
			"ParticipantImportProgress.cursor": readers,
		}), one)
		return one
	}
	organisers := roles{officer, organiser}
	first := list("a list of the open event", "open", organisers)
	w.exec(`insert into participant_import_rows (import, line, name, mail, role, organisation, territory) values ($1, 2, $2, $3, '', $4, $5)`,
		first, w.mark("a name in a list", nil), w.mark("a mail address in a list", nil)+"@example.org", w.mark("a body in a list", nil), w.mark("a place in a list", nil))
	list("a list of the draft", "draft", roles{officer})
	w.exec(`update participant_imports set state = 'REFUSED', fault = 'DENIED', message = '{"ca": "No teniu permís per fer això."}', finished_at = now() where id = $1`,
		list("a list that was refused", "open", organisers))
}

func askRegistering(w *world) map[string][]ask {
	return map[string][]ask{
		"registrationLink": {
			{args: in{"token": w.global("guest link")}, seen: everybody(), deep: true},
			{args: in{"token": "no such secret"}},
		},
	}
}

// followRegistering: who organises an event follows its lists, and nobody else.
func followRegistering(w *world) map[string][]follow {
	of := func(name string, seen roles, deep bool) follow {
		return follow{args: in{"id": w.global(name)}, seen: seen, deep: deep, happens: func() {
			w.exec(`update participant_imports set registrations = registrations + 1`)
		}}
	}
	return map[string][]follow{"participantImportProgress": {
		of("a list of the open event", roles{officer, organiser}, true), of("a list of the draft", roles{officer}, false),
	}}
}

func changeRegistering(w *world) map[string]change {
	with := func(more in) (known, unknown in) {
		known, unknown = in{"token": w.global("guest link")}, in{"token": "no such secret"}
		for key, value := range more {
			known[key], unknown[key] = value, value
		}
		return known, unknown
	}
	linked := func(by roles, more in) change {
		known, unknown := with(more)
		return change{input: known, may: everybody(), link: true, hidden: []in{unknown}, by: by}
	}
	some := roles{anonymous, registered, stranger}
	adopt := linked(roles{stranger}, nil)
	adopt.may, adopt.link, adopt.late = but(signedIn(), program), false, true
	gone := linked(roles{anonymous}, nil)
	gone.late = true
	request := in{
		"event": w.global("guests"), "mail": "ningu@example.org", "organization": in{"id": w.global("other club")},
		"policy": "WAIT_TOGETHER", "delegates": []in{{"role": "PUBLIC"}},
	}
	hidden := in{}
	for key, value := range request {
		hidden[key] = value
	}
	hidden["event"] = w.global("draft")
	return map[string]change{
		"registrationRequest": {
			input: request, may: everybody(), hidden: []in{hidden}, by: some,
			made: func(_ *world, role string, n int) in {
				made := in{}
				for key, value := range request {
					made[key] = value
				}
				made["mail"] = fmt.Sprintf("ningu-%d-%d@example.org", len(role), n)
				return made
			},
		},
		"registrationConfirm":             linked(some, nil),
		"registrationLinkPolicyChoose":    linked(some, in{"policy": "WAIT_TOGETHER"}),
		"registrationLinkDelegateReplace": linked(roles{anonymous}, in{"delegate": w.global("own delegate"), "name": "Ningú"}),
		"registrationLinkDelegateCancel":  linked(roles{anonymous}, in{"delegate": w.global("own delegate")}),
		"registrationLinkOfferAccept":     linked(some, nil),
		"registrationLinkCancel":          gone,
		"registrationAdopt":               adopt,
		"registrationOfferAccept": {
			input: in{"id": w.global("own block")}, hidden: []in{{"id": w.global("other block")}, {"id": w.global("sensitive block")}},
			may: roles{rep, officer, organiser}, refused: []string{"NOT_FOUND", "DENIED"},
		},
		"eventHoldsSet": {
			input: in{"id": w.global("open"), "holdMinutes": 45}, may: roles{officer, organiser}, hidden: []in{{"id": w.global("draft"), "holdMinutes": 45}},
		},
		"personalCalendarOpen":  {input: in{}, may: but(signedIn(), program)},
		"personalCalendarClose": {input: in{}, may: but(signedIn(), program), late: true},
	}
}
