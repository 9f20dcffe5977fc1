package api_test

import (
	"fmt"
	"testing"
)

// newForm adds to the scene what an event asks, and a series it belongs to.
func (s *scene) newForm(t *testing.T, w *world) {
	t.Helper()
	s.question = w.question(t, s.event, in{"label": in{"ca": canary}})
	made := w.hub.Must(t, w.officer.token, `mutation($in: EventSeriesCreateInput!) { eventSeriesCreate(input: $in) { series { id } } }`,
		in{"in": in{"organiser": w.council, "title": in{"ca": canary}}})
	s.series = at(t, made, "eventSeriesCreate.series.id")
	w.hub.Must(t, w.officer.token, `mutation($in: EventSeriesSetInput!) { eventSeriesSet(input: $in) { event { id } } }`, in{"in": in{"id": s.event, "series": s.series}})
}

// dayMutations are the rows of the form, the day and its papers.
func dayMutations(w *world, s scene, may func([]string, in) refused) map[string]refused {
	rows := map[string]refused{}
	denied, notFound := []string{"DENIED"}, []string{"NOT_FOUND"}
	for name, input := range map[string]in{
		"eventSeriesCreate":      {"organiser": w.council, "title": in{"ca": "Cicle"}},
		"eventSeriesSet":         {"id": s.event, "series": s.series},
		"eventDuplicate":         {"id": s.event, "startsAt": "2091-05-10T08:00:00Z"},
		"eventQuestionAdd":       {"event": s.event, "kind": "TEXT", "label": in{"ca": "Què?"}},
		"eventQuestionUpdate":    {"id": s.question, "required": true},
		"eventQuestionRemove":    {"id": s.question},
		"eventNoticeSet":         {"id": s.event, "text": in{"ca": "Es faran fotografies."}},
		"eventMessageSend":       {"event": s.event, "subject": in{"ca": "Canvi"}, "text": in{"ca": "Canvia la sala."}},
		"eventCheckInSync":       batch(s.event, "mòbil", 1, "AAAAAAAA")["in"].(in),
		"eventWalkInAdd":         {"event": s.event, "delegate": in{"name": "Passavolant", "role": "PUBLIC"}},
		"eventAttendanceType":    {"event": s.event, "delegates": []string{s.delegate}},
		"eventHoursNote":         {"session": s.session, "delegates": []string{s.delegate}},
		"eventCertificatesIssue": {"id": s.event},
	} {
		rows[name] = may(denied, input)
	}
	for name, input := range map[string]in{
		"delegateFormSet":         {"id": s.delegate, "answers": []in{{"question": s.question, "text": "En tren"}}},
		"delegateSessionsChoose":  {"id": s.delegate, "sessions": []string{s.session}},
		"delegateCertificateShow": {"id": s.delegate, "show": true},
	} {
		rows[name] = may(notFound, input)
	}
	return rows
}

func dayQueries(s scene) map[string]string {
	return map[string]string{
		"eventRoster":      fmt.Sprintf(`{ eventRoster(event: %q) { nodes { name } } }`, s.event),
		"eventSeries":      fmt.Sprintf(`{ eventSeries(id: %q) { title } }`, s.series),
		"certificateCheck": `{ certificateCheck(code: "NO-SUCH-CODE", name: "canari") { initials } }`,
	}
}
