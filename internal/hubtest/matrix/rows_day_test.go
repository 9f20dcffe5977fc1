package matrix_test

import (
	"time"

	"github.com/teixit/teixit/internal/domain/attendance"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
)

func dayPart() part {
	return part{plant: plantDay, queries: askDay, changes: changeDay, columns: map[string]string{
		"delegate_answers.event": "an event for all", "delegate_answers.question": "a question for all",
		"delegate_traits.event": "an event for all", "delegate_traits.sex": "one of few words",
		"certificates.event": "an event for all", "certificates.seal": "a hash",
	}}
}

// plantDay gives the open event a form with answers, hours, certificates, messages
// and what devices noted; and a series, which it shares with the draft.
func plantDay(w *world) {
	here := roles{officer, organiser, rep, program}
	told, officerID := w.node("told delegate"), w.people[officer].id
	series := id.New()
	w.exec(`insert into event_series (id, home, title, created_by) values ($1, $2, '{"ca": "Cicle inventat"}', $3)`, series, hubtest.Terrassa, officerID)
	w.things["series"] = calendar.SeriesID.GlobalPart(hubtest.Terrassa, series)
	w.exec(`update events set series = $1 where node = any($2)`, series, []string{w.node("open").String(), w.node("draft").String()})
	said := w.mark("an answer of the told delegate", places{
		"QuestionAnswer.text": and(here, registered), "DataExport.json": {registered}, "DataFile.text": {registered},
	})
	for i, kind := range []string{"TEXT", "NUMBER", "YES_NO", "CHOICE"} {
		for _, event := range []string{"open", "draft"} {
			question := id.New()
			options := "[]"
			if kind == "CHOICE" {
				options = `[{"ca": "Tren"}, {"ca": "Cotxe"}]`
			}
			w.exec(`insert into event_questions (id, event, kind, label, help, options, position) values ($1, $2, $3, '{"ca": "Què?"}', '{"ca": "Digueu-ho"}', $4, $5)`,
				question, w.node(event), kind, options, i)
			w.things[event+": "+kind] = calendar.QuestionID.GlobalPart(w.node(event), question)
			if event == "open" {
				answer := map[string]string{"TEXT": `{"text": "` + said + `"}`, "NUMBER": `{"number": 7}`, "YES_NO": `{"yes": true}`, "CHOICE": `{"choices": [2]}`}[kind]
				w.exec(`insert into delegate_answers (delegate, question, event, answer) values ($1, $2, $3, $4)`, told, question, w.node(event), answer)
			}
		}
	}
	w.exec(`insert into event_notices (event, version, text, written_by) values ($1, 1, '{"ca": "Es faran fotografies"}', $2)`, w.node("network"), officerID)
	w.exec(`insert into delegate_traits (delegate, event, sex) values ($1, $2, 'WOMAN')`, told, w.node("open"))
	w.exec(`insert into session_choices (session, registration, position, event)
		select s.id, d.registration, d.position, d.event from registration_delegates d join event_sessions s on s.event = d.event where d.id = $1`, told)
	w.exec(`insert into session_attendance (session, delegate, event, minutes, noted_by)
		select s.id, $1, s.event, 45, $3 from event_sessions s where s.event = $2`, told, w.node("open"), officerID)
	w.exec(`insert into check_in_devices (event, device, person, last) values ($1, 'porta', $2, 1)`, w.node("open"), w.people[door].id)
	w.exec(`insert into check_ins (event, device, sequence, sent, delegate, outcome, at, noted_by) values ($1, 'porta', 1, '\x00', $2, 'ALREADY', now(), $3)`,
		w.node("open"), told, w.people[door].id)
	plantCertificate(w, "told delegate", and(here, registered), roles{registered}, "")
	plantCertificate(w, "named delegate", here, nil, "AAAABBBBCCCCDDDDEEEE")
	w.shownOf("told delegate", and(here, registered), "QuestionAnswer.number", "QuestionAnswer.yes", "QuestionAnswer.choices")
	w.shownOf("own delegate", and(here, delegate), "Delegate.minutes")
	there := roles{officer, organiser, otherRep}
	w.shownOf("other delegate", there, "Delegate.minutes")
	w.shownOf("other named delegate", there, "Delegate.minutes") // when they are checked in
	message := id.New()
	w.exec(`insert into event_messages (id, event, subject, text, recipients, sent_by) values ($1, $2, '{"ca": "Canvi"}', '{"ca": "Canvia la sala"}', 1, $3)`,
		message, w.node("open"), officerID)
	w.exec(`insert into event_message_mails (id, message, delegate, queued_at) values ($1, $2, $3, now())`, id.New(), message, told)
}

// shownOf says who may read values that say something about a thing and do not
// betray it by themselves.
func (w *world) shownOf(name string, by roles, at ...string) {
	w.Helper()
	for _, p := range w.book.found(w.node(name).String()) {
		for _, place := range at {
			p.may[place] = by
		}
	}
}

// plantCertificate issues one; a code of its own betrays it, a given one is for who
// checks it.
func plantCertificate(w *world, name string, readers, self roles, code string) {
	one := id.New()
	p := w.plant("the certificate of the "+name, places{"DelegateCertificate.id": readers, "DelegateCertificate.path": readers}, places{
		"DelegateCertificate.code": readers, "DelegateCertificate.minutes": readers, "DelegateCertificate.heldOn": readers,
		"DelegateCertificate.issuedAt": readers, "DelegateCertificate.showsName": readers,
	})
	w.book.object(p, one)
	if code == "" {
		code = w.book.mark(w.plant("the code on the certificate of the "+name, places{
			"DelegateCertificate.code": readers, "DataExport.json": self, "DataFile.text": self,
		}, nil))
	}
	w.things["certificate of the "+name] = attendance.CertificateID.GlobalPart(w.node("open"), one)
	w.exec(`insert into certificates (id, event, delegate, code, minutes, held_on, seal, issued_by) values ($1, $2, $3, $4, 45, '2026-05-10', '\x00', $5)`,
		one, w.node("open"), w.node(name), code, w.people[officer].id)
}

func askDay(w *world) map[string][]ask {
	return map[string][]ask{
		"eventSeries": {
			{args: in{"id": w.global("series")}, seen: everybody(), deep: true},
			{args: in{"id": w.global("own block")}},
		},
		"eventRoster": {
			{args: in{"event": w.global("open")}, seen: roles{door, officer, organiser}, deep: true},
			{args: in{"event": w.global("sensitive")}, seen: roles{officer, organiser}, deep: true},
			{args: in{"event": w.global("draft")}, seen: roles{officer}},
			{args: in{"event": w.global("own block")}},
		},
		"certificateCheck": {
			{args: in{"code": "AAAA BBBB CCCC DDDD EEEE", "name": "Persona Inventada"}, seen: everybody(), deep: true},
			{args: in{"code": "no such code"}},
		},
	}
}

func changeDay(w *world) map[string]change {
	organisers, atDoor, notSeen := roles{officer, organiser}, roles{door, officer, organiser}, []string{"NOT_FOUND", "DENIED"}
	parties := roles{rep, officer, organiser, registered}
	text, now := in{"ca": "Text"}, time.Now().UTC().Format(time.RFC3339)
	on := func(field, event string, more in) in {
		input := in{field: w.global(event)}
		for k, v := range more {
			input[k] = v
		}
		return input
	}
	both := func(field string, more in, may roles) change {
		return change{input: on(field, "open", more), hidden: []in{on(field, "draft", more)}, may: may}
	}
	rows := map[string]change{
		"eventSeriesCreate": {input: in{"organiser": w.global("terrassa"), "title": text}, may: roles{officer}},
		"eventSeriesSet":    both("id", in{"series": w.global("series")}, organisers),
		"eventDuplicate":    both("id", in{"startsAt": "2091-05-10T08:00:00Z"}, roles{officer}),
		"eventQuestionAdd":  both("event", in{"kind": "TEXT", "label": text}, organisers),
		"eventQuestionUpdate": {
			input: in{"id": w.global("open: TEXT"), "help": text}, hidden: []in{{"id": w.global("draft: TEXT"), "help": text}}, may: organisers,
		},
		"eventQuestionRemove": {
			input: in{"id": w.global("open: NUMBER")}, hidden: []in{{"id": w.global("draft: NUMBER")}}, may: organisers, by: roles{officer}, late: true,
		},
		"eventNoticeSet":   both("id", in{"text": text}, organisers),
		"eventMessageSend": both("event", in{"subject": text, "text": text}, organisers),
		"delegateFormSet": {
			input: in{"id": w.global("told delegate"), "sex": "WOMAN"}, hidden: []in{{"id": w.global("other delegate"), "sex": "WOMAN"}}, may: parties, refused: notSeen,
		},
		"delegateSessionsChoose": {
			input: in{"id": w.global("told delegate"), "sessions": []string{w.global("open: evs")}}, may: parties, refused: notSeen,
			hidden: []in{{"id": w.global("other delegate"), "sessions": []string{w.global("open: evs")}}},
		},
		"eventCheckInSync":    both("event", in{"device": "matriu", "sentAt": now, "items": []in{}}, atDoor),
		"eventWalkInAdd":      both("event", in{"delegate": in{"role": "PUBLIC"}}, atDoor),
		"eventAttendanceType": both("event", in{"delegates": []string{}}, atDoor),
		"eventHoursNote": {
			input:  in{"session": w.global("open: evs"), "delegates": []string{}, "minutes": 30},
			hidden: []in{{"session": w.global("draft: evs"), "delegates": []string{}, "minutes": 30}}, may: organisers,
		},
		"eventCertificatesIssue": both("id", nil, organisers),
		"delegateCertificateShow": {
			input: in{"id": w.global("told delegate"), "show": false}, hidden: []in{{"id": w.global("other delegate"), "show": false}}, may: roles{registered}, refused: notSeen,
		},
	}
	notice := rows["eventNoticeSet"] // one on the open event would have to be accepted by all who come later
	notice.made = w.spareEvent(true, "text", text)
	rows["eventNoticeSet"] = notice
	return rows
}
