package api_test

import (
	"testing"
	"time"
)

const (
	questionAdd  = `mutation($in: EventQuestionAddInput!) { eventQuestionAdd(input: $in) { event { questions { id kind label options required purgeOn } } errors { code path } } }`
	syncIn       = `mutation($in: EventCheckInSyncInput!) { eventCheckInSync(input: $in) { last results { sequence outcome code reason delegate { id state arrivedAt } } doubled { sequence device } errors { code message path } } }`
	certificates = `mutation($id: ID!) { eventCertificatesIssue(input: {id: $id}) { issued errors { code } } }`
	noteHours    = `mutation($in: EventHoursNoteInput!) { eventHoursNote(input: $in) { event { id } errors { code path } } }`
	arrivedIt    = `mutation($in: EventAttendanceTypeInput!) { eventAttendanceType(input: $in) { arrived already errors { code path } } }`
)

// question puts a question to the delegates of an event.
func (w *world) question(t testing.TB, event string, change in) string {
	t.Helper()
	input := in{"event": event, "kind": "TEXT", "label": in{"ca": "Com hi vindreu?"}}
	for name, value := range change {
		input[name] = value
	}
	made := w.hub.Must(t, w.officer.token, questionAdd, in{"in": input})
	list := made["eventQuestionAdd"].(map[string]any)["event"].(map[string]any)["questions"].([]any)
	return at(t, list[len(list)-1], "id")
}

// batch is what a device sends: one thing for each of the codes, from a number on.
func batch(event, device string, from int, codes ...string) in {
	now := time.Now().UTC()
	items := []in{}
	for i, code := range codes {
		items = append(items, in{"sequence": from + i, "at": now.Add(-time.Minute).Format(time.RFC3339), "delegate": in{"code": code}})
	}
	return in{"in": in{"event": event, "device": device, "sentAt": now.Format(time.RFC3339), "items": items}}
}

// attended is a training of two hours that is held, to which the first delegate of
// the club's block came.
func (s *stage) attended() (event, session, delegate string) {
	s.Helper()
	event, _, delegate = s.registration(nil)
	starts := time.Now().UTC().Truncate(time.Second).Add(-3 * time.Hour)
	session = at(s, s.hub.Must(s, s.officer.token, `mutation($in: EventSessionAddInput!) { eventSessionAdd(input: $in) { event { sessions { id } } } }`, in{"in": in{
		"event": event, "title": in{"ca": "Sessió"}, "startsAt": starts.Format(time.RFC3339), "endsAt": starts.Add(time.Hour).Format(time.RFC3339),
	}}), "eventSessionAdd.event.sessions.0.id")
	s.past(event)
	s.must(s.officer, arrivedIt, in{"in": in{"event": event, "delegates": []string{delegate}}}, "eventAttendanceType.arrived")
	s.must(s.officer, markEventHeld, in{"id": event}, "eventMarkHeld.event.state")
	return event, session, delegate
}

func (s *stage) everyOfTheDay() map[string]func() command {
	on := func(who reader, input in) command { return command{who, input} }
	event := func() string { return s.published(s.T, nil) }
	return map[string]func() command{
		"eventSeriesCreate": func() command {
			return on(s.officer, in{"organiser": s.council, "title": in{"ca": "Cicle"}})
		},
		"eventSeriesSet": func() command {
			series := s.must(s.officer, `mutation($in: EventSeriesCreateInput!) { eventSeriesCreate(input: $in) { series { id } } }`,
				in{"in": in{"organiser": s.council, "title": in{"ca": "Cicle"}}}, "eventSeriesCreate.series.id")
			return on(s.officer, in{"id": event(), "series": series})
		},
		"eventDuplicate": func() command {
			return on(s.officer, in{"id": event(), "startsAt": "2091-05-10T08:00:00Z", "inSeries": true})
		},
		"eventQuestionAdd": func() command { return on(s.officer, in{"event": event(), "kind": "TEXT", "label": in{"ca": "Què?"}}) },
		"eventQuestionUpdate": func() command {
			return on(s.officer, in{"id": s.question(s, event(), nil), "required": true})
		},
		"eventQuestionRemove": func() command { return on(s.officer, in{"id": s.question(s, event(), nil)}) },
		"eventNoticeSet":      func() command { return on(s.officer, in{"id": event(), "text": in{"ca": "Es faran fotografies."}}) },
		"delegateFormSet": func() command {
			e, _, d := s.registration(nil)
			return on(s.rep, in{"id": d, "answers": []in{{"question": s.question(s, e, nil), "text": "En tren"}}, "sex": "WOMAN"})
		},
		"delegateSessionsChoose": func() command {
			e, _, d := s.registration(nil)
			session := s.must(s.officer, `mutation($in: EventSessionAddInput!) { eventSessionAdd(input: $in) { event { sessions { id } } } }`,
				in{"in": in{"event": e, "title": in{"ca": "Taller"}, "capacity": 5}}, "eventSessionAdd.event.sessions.0.id")
			return on(s.rep, in{"id": d, "sessions": []string{session}})
		},
		"eventMessageSend": func() command {
			e, _, _ := s.registration(nil)
			return on(s.officer, in{"event": e, "subject": in{"ca": "Canvi"}, "text": in{"ca": "Canvia la sala."}})
		},
		"eventCheckInSync": func() command {
			e, _, d := s.registration(nil)
			input := batch(e, "mòbil", 1)["in"].(in)
			input["items"] = []in{{"sequence": 1, "at": input["sentAt"], "delegate": in{"id": d}}}
			return on(s.officer, input)
		},
		"eventWalkInAdd": func() command {
			return on(s.officer, in{"event": event(), "delegate": in{"name": "Passavolant", "role": "PUBLIC"}})
		},
		"eventAttendanceType": func() command {
			e, _, d := s.registration(nil)
			return on(s.officer, in{"event": s.past(e), "delegates": []string{d}})
		},
		"eventHoursNote": func() command {
			_, session, d := s.attended()
			return on(s.officer, in{"session": session, "delegates": []string{d}})
		},
		"eventCertificatesIssue": func() command {
			e, _, _ := s.attended()
			return on(s.officer, in{"id": e})
		},
		"delegateCertificateShow": func() command {
			r, p, _ := s.someone()
			e, _, d := s.attended()
			s.must(s.officer, certificates, in{"id": e}, "eventCertificatesIssue.issued")
			s.exec(`update delegate_secrets set person = $1, mail_key = null where delegate = $2::uuid`, p, s.delegateID(d))
			return on(r, in{"id": d, "show": true})
		},
	}
}
