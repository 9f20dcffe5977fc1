package matrix_test

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func privacyPart() part {
	return part{
		plant: plantPrivacy, queries: askPrivacy, changes: changePrivacy, refuses: map[string]roles{"dataExport": {program}},
		columns: map[string]string{
			"mails.lang": "a language", "mails.state": "one of few words", "mails.template": "one of few words", "mails.key_hash": "a hash",
			"demo_mails.lang": "a language", "demo_mails.template": "one of few words",
		},
	}
}

// plantPrivacy notes what delegates eat and need, mails links to them, and lets
// others' data have been read.
func plantPrivacy(w *world) {
	organisers := roles{officer, organiser}
	for name, self := range map[string]roles{
		"told delegate": {registered}, "other delegate": nil, "sensitive named delegate": nil,
	} {
		holders := roles{}
		if name == "told delegate" {
			holders = everybody()
		}
		note := func(field, link string) string {
			return w.book.mark(w.plant("the "+field+" of the "+name, places{
				"DelegateNeeds." + field: organisers, "Query.delegateInvitation DelegateInvitation." + link: holders,
				"DataExport.json": self, "DataFile.text": self,
			}, places{"DelegateAnswerPayload.invitation DelegateInvitation." + link: holders}))
		}
		w.exec(`insert into delegate_needs (delegate, event, diet, access, purge_at)
			select id, event, $2, $3, now() + interval '60 days' from registration_delegates where id = $1`,
			w.node(name), "Sense "+note("diet", "diet"), "Rampa "+note("access", "access"))
	}
	p := w.plant("the link of the told delegate", nil, nil)
	text, hash := w.secret(p, "")
	w.things["delegate link"] = text
	w.exec(`update delegate_links set token_hash = $2, told_at = now(), expires_at = now() + interval '20 days' where delegate = $1`,
		w.node("told delegate"), hash)
	w.people[registered].self.at["Query.delegateInvitation DelegateInvitation.name"] = everybody()
	w.people[registered].mail.at["DelegateInvitation.mail"] = everybody()
	w.people[rep].self.at["DelegateInvitation.registeredBy"] = everybody()
	waiting, shown, erasure := id.New(), id.New(), id.New()
	mail := w.plant("a waiting mail", nil, nil)
	w.book.object(mail, waiting, shown)
	w.exec(`insert into mails (id, key_hash, template, lang, recipient, data, expires_at)
		values ($1, 'x', 'registered_by_other', 'ca', $2, jsonb_build_object('name', $3::text), now() + interval '1 hour')`,
		waiting, w.book.mark(mail)+"@example.org", w.book.mark(mail))
	w.exec(`insert into demo_mails (id, recipient, lang, template, subject, body_text, body_html) values ($1, $2, 'ca', 'x', $3, $4, $4)`,
		shown, w.book.mark(mail)+"@example.org", w.book.mark(mail), w.book.mark(mail))
	p = w.plant("an erasure", owned(registered), nil)
	w.book.object(p, erasure)
	w.exec(`insert into erasures (id, person, receipt, asked_by, done_at) values ($1, $2, $3, $2, now())`,
		erasure, w.people[registered].id, w.book.mark(p))
	w.exec(`insert into access_log (actor, what, node, subjects) values ($1, 'DELEGATES', $2, array[$3, $4]::uuid[])`,
		w.people[officer].id, w.node("open"), w.people[delegate].id, w.node("other named delegate"))
}

func askPrivacy(w *world) map[string][]ask {
	notice := func(about string, seen roles) ask {
		args := in{"form": "REGISTRATION"}
		if about != "" {
			args["about"] = w.global(about)
		}
		return ask{args: args, seen: seen}
	}
	return map[string][]ask{
		"privacyNotice": {
			notice("", everybody()), notice("open", everybody()), notice("draft", roles{officer}),
			notice("of another town", roles{otherOfficer}), notice("club", everybody()),
			notice("person: member of the other club", roles{otherRep}),
		},
		"delegateInvitation": {
			{args: in{"token": w.global("delegate link")}, seen: everybody(), deep: true},
			{args: in{"token": "no such secret"}},
		},
	}
}

func changePrivacy(w *world) map[string]change {
	answered := "DelegateAnswerPayload.invitation DelegateInvitation."
	w.people[registered].self.may[answered+"name"] = everybody()
	own, notSeen := roles{rep, officer, organiser}, []string{"NOT_FOUND", "DENIED"}
	return map[string]change{
		"personErase": {
			input: in{"confirm": true}, may: but(signedIn(), program), by: roles{eraser}, late: true, once: true,
		},
		"delegateAnswer": {
			input: in{"token": w.global("delegate link"), "answer": "ACCEPT"}, may: everybody(), link: true,
			hidden: []in{{"token": "no such secret", "answer": "ACCEPT"}}, by: roles{anonymous, registered, stranger},
		},
		"delegateNeedsSet": {
			input: in{"id": w.global("told delegate")}, may: and(own, registered), refused: notSeen,
			hidden: []in{{"id": w.global("other delegate")}},
		},
		"delegateVisibilitySet": {
			input: in{"id": w.global("told delegate"), "visibility": "COLLEAGUES"}, may: roles{registered}, refused: notSeen,
			hidden: []in{{"id": w.global("other delegate"), "visibility": "COLLEAGUES"}},
		},
		"eventNamesKeep": {
			input: in{"id": w.global("open"), "days": 400}, may: roles{officer, organiser}, hidden: []in{{"id": w.global("draft"), "days": 30}},
		},
	}
}

// eraser is somebody whose only business is to be erased.
const eraser = "person who asks to be forgotten"

// newEraser adds one.
func newEraser(w *world) {
	v := id.New()
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		return node.Register(ctx, tx, node.Node{ID: v, Kind: node.Person, Visibility: access.Organisers})
	})
	w.exec(`insert into accounts (person, mail, lang) values ($1, 'oblit@example.org', 'en')`, v)
	w.people[eraser] = &who{id: v}
	w.shows[eraser] = shown{authorization: "Bearer " + w.hub.Token(v)}
}
