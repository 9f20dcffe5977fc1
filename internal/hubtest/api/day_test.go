package api_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/hubtest"
)

// TestDay: the form, the door, paper and sheets of events, through the public ways.
func TestDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	t.Run("offline devices", func(t *testing.T) { offline(t, w) })
	t.Run("sensitive", func(t *testing.T) { movesByOne(t, w) })
	t.Run("form", func(t *testing.T) { organisersForm(t, w) })
	t.Run("sessions", func(t *testing.T) { lastPlaces(t, w) })
	t.Run("duplicate", func(t *testing.T) { duplicate(t, w) })
	t.Run("paper", func(t *testing.T) { fromPaper(t, w) })
	t.Run("certificates", func(t *testing.T) { certified(t, w) })
	t.Run("sheets", func(t *testing.T) { sheets(t, w) })
	t.Run("messages", func(t *testing.T) { messages(t, w) })
	t.Run("import", func(t *testing.T) { imports(t, w) })
}

const badged = `mutation($in: RegistrationCreateInput!) { registrationCreate(input: $in) {
	registration { id state delegates { id checkInCode sessions { id } answers { question { id } text yes choices } } } errors { code path } } }`

type json1 = map[string]any

// list takes a list out of an answer.
func list(t testing.TB, data any, path string) []any {
	t.Helper()
	v := data
	for _, step := range strings.Split(path, ".") {
		m, ok := v.(json1)
		if !ok {
			t.Fatalf("no %s in %v", path, data)
		}
		v = m[step]
	}
	all, _ := v.([]any)
	return all
}

// comes registers delegates of the club and gives their identifiers and codes.
func (w *world) comes(t testing.TB, event string, delegates ...in) (ids, codes []string) {
	t.Helper()
	made := w.hub.Must(t, w.rep.token, badged, block(event, w.clubGlobal, "WAIT_TOGETHER", delegates))
	for _, d := range list(t, made, "registrationCreate.registration.delegates") {
		ids, codes = append(ids, at(t, d, "id")), append(codes, fmt.Sprint(d.(json1)["checkInCode"]))
	}
	if len(ids) == 0 {
		t.Fatalf("nobody is registered: %v", made)
	}
	return ids, codes
}

// outcomes are what became of a batch, in one line.
func (w *world) outcomes(t testing.TB, who reader, input in) (line string, payload json1) {
	t.Helper()
	payload = w.hub.Must(t, who.token, syncIn, input)["eventCheckInSync"].(json1)
	for _, r := range payload["results"].([]any) {
		line += " " + fmt.Sprint(r.(json1)["outcome"])
		if code := r.(json1)["code"]; code != nil {
			line += ":" + fmt.Sprint(code)
		}
	}
	for _, e := range payload["errors"].([]any) {
		line += " !" + fmt.Sprint(e.(json1)["code"])
	}
	return strings.TrimSpace(line), payload
}

// offline: two devices without a network, one arrival, both told; a replaced
// delegate's old code, a cancelled one, another event's; late, out of order, twice.
func offline(t *testing.T, w *world) {
	pools := in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 30}}}
	event, other := w.published(t, pools), w.published(t, pools)
	ids, codes := w.comes(t, event, in{"name": "Aina", "role": "PUBLIC"}, in{"name": "Berta", "role": "PUBLIC"}, in{"name": "Carla", "role": "PUBLIC"}, in{"role": "PUBLIC"})
	_, elsewhere := w.comes(t, other, in{"role": "PUBLIC"})
	w.hub.Must(t, w.rep.token, replace, in{"in": in{"id": ids[1], "name": "Substituta"}})
	w.hub.Must(t, w.rep.token, cancelIt, in{"id": ids[2]})
	board := w.hub.Socket(t, w.officer.token).Subscribe(`subscription($id: ID!) { registrationBoard(eventId: $id) { number arrived } }`, in{"id": event})
	board.Next()

	first := batch(event, "mòbil A", 1, codes[0], codes[1], codes[2], elsewhere[0], "NOSUCHCODE")
	line, _ := w.outcomes(t, w.officer, first)
	if want := "ARRIVED REFUSED:CODE_REPLACED REFUSED:CODE_CANCELLED REFUSED:CODE_OF_ANOTHER_EVENT REFUSED:CODE_UNKNOWN"; line != want {
		t.Errorf("the first device:\n%s\nwant\n%s", line, want)
	}
	if got := string(board.Next()); !strings.Contains(got, `"arrived":1`) {
		t.Errorf("the board says %s", got)
	}
	again, _ := w.outcomes(t, w.officer, first)
	if again != line {
		t.Errorf("the same batch again: %s", again)
	}
	line, _ = w.outcomes(t, w.officer, batch(event, "mòbil B", 1, codes[0], codes[3]))
	if line != "ALREADY ARRIVED" {
		t.Errorf("the second device: %s", line)
	}
	_, told := w.outcomes(t, w.officer, in{"in": in{"event": event, "device": "mòbil A", "sentAt": time.Now().UTC().Format(time.RFC3339), "items": []in{}}})
	if doubled := fmt.Sprint(told["doubled"]); !strings.Contains(doubled, "device:mòbil B sequence:1") {
		t.Errorf("the first device is not told of the second: %s", doubled)
	}
	for what, c := range map[string]struct {
		input in
		want  string
	}{
		"a gap":                   {batch(event, "mòbil B", 5, codes[0]), "!SEQUENCE_GAP"},
		"a number used again":     {batch(event, "mòbil B", 2, codes[0]), "!SEQUENCE_REUSED"},
		"by who is not at a door": {batch(event, "mòbil C", 1, codes[0]), ""},
	} {
		if c.want == "" {
			if a := w.hub.Query(t, w.stranger.token, syncIn, c.input); !strings.Contains(string(a.Body), "DENIED") {
				t.Errorf("%s: %s", what, a.Body)
			}
			continue
		}
		if got, _ := w.outcomes(t, w.officer, c.input); got != c.want {
			t.Errorf("%s: %s", what, got)
		}
	}
	late(t, w)
}

// late: a device comes with what it noted after the event, when the event was; and
// when it is too late.
func late(t *testing.T, w *world) {
	event := w.published(t, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 9}}})
	ids, codes := w.comes(t, event, in{"role": "PUBLIC"}, in{"role": "PUBLIC"})
	w.over(t, event, 3*24*time.Hour)
	input := batch(event, "tauleta", 1, codes[0])
	noted := time.Now().UTC().Add(-73 * time.Hour).Truncate(time.Second)
	// The device's clock is a day fast: what counts is how long ago it was.
	input["in"].(in)["sentAt"] = time.Now().UTC().Add(24 * time.Hour).Format(time.RFC3339)
	input["in"].(in)["items"].([]in)[0]["at"] = noted.Add(24 * time.Hour).Format(time.RFC3339)
	line, payload := w.outcomes(t, w.officer, input)
	arrived, err := time.Parse(time.RFC3339, fmt.Sprint(payload["results"].([]any)[0].(json1)["delegate"].(json1)["arrivedAt"]))
	if line != "ARRIVED" || err != nil || arrived.Sub(noted).Abs() > time.Minute {
		t.Errorf("late: %s, arrived at %v instead of %v, %v", line, arrived, noted, err)
	}
	w.over(t, event, 15*24*time.Hour)
	if line, _ := w.outcomes(t, w.officer, batch(event, "tauleta", 2, codes[1])); line != "!SYNC_TOO_LATE" {
		t.Errorf("after %v: %s", ids, line)
	}
}

// over moves an event so that it ended so long ago.
func (w *world) over(t testing.TB, event string, ago time.Duration) {
	t.Helper()
	ended := time.Now().UTC().Truncate(time.Second).Add(-ago)
	w.hub.Must(t, w.officer.token, updateEvent, in{"in": in{"id": event, "startsAt": ended.Add(-4 * time.Hour).Format(time.RFC3339), "endsAt": ended.Format(time.RFC3339)}})
}

// movesByOne: whatever an anonymous watcher of a sensitive event asks and follows is
// the same after one more registration, arrival and chosen session, but for the
// word for how full it is. The same of an event that is not sensitive moves:
// negative control.
func movesByOne(t *testing.T, w *world) {
	const all = `query($id: ID!) { event(id: $id) { state seatPools { availability capacity confirmed waiting } registrations { nodes { id } }
		sessions { id capacity chosen availability } questions { id } messages { id } participants { total { value state } } viewerCanRegister { code } } }`
	for _, sensitive := range []bool{true, false} {
		event := w.published(t, in{"sensitive": sensitive, "seatPools": []in{{"name": in{"ca": "General"}, "capacity": 40}}})
		session := at(t, w.hub.Must(t, w.officer.token, `mutation($in: EventSessionAddInput!) { eventSessionAdd(input: $in) { event { sessions { id } } } }`,
			in{"in": in{"event": event, "title": in{"ca": "Taller"}, "capacity": 20}}), "eventSessionAdd.event.sessions.0.id")
		w.comes(t, event, in{"role": "PUBLIC"})
		watch := w.hub.Socket(t, "").Subscribe(`subscription($id: ID!) { eventChanges(id: $id) { number kind seats { availability confirmed } event { seatPools { confirmed } sessions { chosen } } } }`, in{"id": event})
		state := string(watch.Next())
		before := body(t, w, anonymous, strings.Replace(strings.Replace(all, "query($id: ID!) ", "", 1), "$id", fmt.Sprintf("%q", event), 1))

		ids, codes := w.comes(t, event, in{"name": "Discreta", "role": "PUBLIC"})
		w.hub.Must(t, w.rep.token, `mutation($in: DelegateSessionsChooseInput!) { delegateSessionsChoose(input: $in) { errors { code } } }`, in{"in": in{"id": ids[0], "sessions": []string{session}}})
		w.outcomes(t, w.officer, batch(event, "porta", 1, codes[0]))
		after := body(t, w, anonymous, strings.Replace(strings.Replace(all, "query($id: ID!) ", "", 1), "$id", fmt.Sprintf("%q", event), 1))
		// Something that everybody is told, so that what came before it has come.
		w.hub.Must(t, w.officer.token, updateEvent, in{"in": in{"id": event, "venueName": "Sala gran"}})
		next := string(watch.Next())
		var told struct {
			Data struct{ EventChanges struct{ Number int } }
		}
		var began struct {
			Data struct{ EventChanges struct{ Number int } }
		}
		if err := json.Unmarshal([]byte(next), &told); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(state), &began); err != nil {
			t.Fatal(err)
		}
		quiet := strings.Contains(next, `"EVENT_UPDATED"`) && told.Data.EventChanges.Number == began.Data.EventChanges.Number+1 && before == after &&
			!strings.Contains(state+next, `"confirmed":1`) && !strings.Contains(state+next, `"confirmed":2`)
		if quiet != sensitive {
			t.Errorf("sensitive %v: an anonymous watcher gets\n%s\nthen\n%s\nand by asking\n%s\nthen\n%s", sensitive, state, next, before, after)
		}
	}
}

// organisersForm: questions that have to be answered, a notice to accept, answers
// that others do not read.
func organisersForm(t *testing.T, w *world) {
	event := w.published(t, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 30}}})
	how := w.question(t, event, in{"kind": "CHOICE", "label": in{"ca": "Com hi vindreu?", "en": "How will you come?"}, "options": []in{{"ca": "Tren"}, {"ca": "Cotxe"}}, "required": true})
	free := w.question(t, event, in{"label": in{"ca": "Comentaris"}})
	w.hub.Must(t, w.officer.token, `mutation($in: EventNoticeSetInput!) { eventNoticeSet(input: $in) { errors { code } } }`, in{"in": in{"id": event, "text": in{"ca": "Es faran fotografies."}}})
	register := func(delegate in, accepted any) string {
		input := block(event, w.clubGlobal, "WAIT_TOGETHER", []in{delegate})
		input["in"].(in)["noticeAccepted"] = accepted
		a := w.hub.Must(t, w.rep.token, `mutation($in: RegistrationCreateInput!) { registrationCreate(input: $in) { registration { id } errors { code path } } }`, input)
		return fmt.Sprint(a["registrationCreate"].(json1)["errors"])
	}
	answers := func(list ...in) in { return in{"name": "Aina Resposta", "role": "PUBLIC", "answers": list} }
	for what, c := range map[string]struct{ got, want string }{
		"without the notice":      {register(answers(in{"question": how, "choices": []int{1}}), nil), "NOTICE_NOT_ACCEPTED"},
		"another version":         {register(answers(in{"question": how, "choices": []int{1}}), 2), "NOTICE_NOT_ACCEPTED"},
		"without an answer":       {register(answers(), 1), "ANSWER_REQUIRED"},
		"two of one":              {register(answers(in{"question": how, "choices": []int{1, 2}}), 1), "ANSWER_OF_ANOTHER_KIND"},
		"a text for a choice":     {register(answers(in{"question": how, "text": "Tren"}), 1), "ANSWER_OF_ANOTHER_KIND"},
		"an option there is none": {register(answers(in{"question": how, "choices": []int{3}}), 1), "ANSWER_OF_ANOTHER_KIND"},
		"nobody is named yet":     {register(in{"role": "PUBLIC"}, 1), "[]"},
		"all is said":             {register(answers(in{"question": how, "choices": []int{2}}, in{"question": free, "text": "Fins aviat"}), 1), "[]"},
	} {
		if !strings.Contains(c.got, c.want) {
			t.Errorf("%s: %s", what, c.got)
		}
	}
	const read = `query($id: ID!) { event(id: $id) { registrations(first: 50) { nodes { delegates { answers { text choices question { label } } } } } } }`
	for who, sees := range map[reader]bool{w.officer: true, w.rep: true, w.otherRep: false, anonymous: false} {
		if got := string(w.hub.Query(t, who.token, read, in{"id": event}).Body); strings.Contains(got, "Fins aviat") != sees {
			t.Errorf("%s reads %s", who.name, got)
		}
	}
	w.hub.Must(t, w.officer.token, `mutation($id: ID!) { eventQuestionRemove(input: {id: $id}) { errors { code } } }`, in{"id": free})
	if got := string(w.hub.Query(t, w.officer.token, read, in{"id": event}).Body); strings.Contains(got, "Fins aviat") {
		t.Errorf("answers to what is no longer asked: %s", got)
	}
}

// lastPlaces: many choose the last places of a session at once.
func lastPlaces(t *testing.T, w *world) {
	event := w.published(t, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 30}}})
	const add = `mutation($in: EventSessionAddInput!) { eventSessionAdd(input: $in) { event { sessions { id title } } errors { code } } }`
	var sessions []string
	for _, title := range []string{"Matí", "Matí també", "Tarda"} {
		starts := "2090-05-10T08:00:00Z"
		if title == "Tarda" {
			starts = "2090-05-10T10:00:00Z"
		}
		made := w.hub.Must(t, w.officer.token, add, in{"in": in{"event": event, "title": in{"ca": title}, "capacity": 3, "startsAt": starts, "endsAt": strings.Replace(starts, ":00:00Z", ":50:00Z", 1)}})
		for _, s := range list(t, made, "eventSessionAdd.event.sessions") {
			if s.(json1)["title"] == title {
				sessions = append(sessions, at(t, s, "id"))
			}
		}
	}
	var eight []in
	for range 8 {
		eight = append(eight, in{"role": "PUBLIC"})
	}
	ids, _ := w.comes(t, event, eight...)
	choose := func(delegate string, which ...string) string {
		a := w.hub.Query(t, w.rep.token, `mutation($in: DelegateSessionsChooseInput!) { delegateSessionsChoose(input: $in) { delegate { sessions { title } } errors { code path } } }`,
			in{"in": in{"id": delegate, "sessions": which}})
		return string(a.Body)
	}
	if got := choose(ids[0], sessions[0], sessions[1]); !strings.Contains(got, "SESSIONS_OVERLAP") {
		t.Errorf("two at once: %s", got)
	}
	var got sync.Map
	var all sync.WaitGroup
	for _, delegate := range ids {
		all.Go(func() { got.Store(delegate, choose(delegate, sessions[0], sessions[2])) })
	}
	all.Wait()
	in3, full := "", 0
	got.Range(func(delegate, answer any) bool {
		if strings.Contains(answer.(string), "SESSION_FULL") {
			full++
		} else if strings.Contains(answer.(string), `"errors":[]`) {
			in3 = delegate.(string)
		}
		return true
	})
	const chosen = `query($id: ID!) { event(id: $id) { sessions { id chosen availability } } }`
	if now := fmt.Sprint(w.hub.Must(t, "", chosen, in{"id": event})); full != 5 || strings.Count(now, "chosen:3") != 2 {
		t.Errorf("%d of 8 found no place: %s", full, now)
	}
	// Who is cancelled leaves the places; who replaces keeps them.
	w.hub.Must(t, w.rep.token, replace, in{"in": in{"id": in3, "name": "Substituta"}})
	if now := fmt.Sprint(w.hub.Must(t, "", chosen, in{"id": event})); strings.Count(now, "chosen:3") != 2 {
		t.Errorf("after naming: %s", now)
	}
	w.hub.Must(t, w.rep.token, cancelIt, in{"id": in3})
	if now := fmt.Sprint(w.hub.Must(t, "", chosen, in{"id": event})); strings.Count(now, "chosen:2") != 2 {
		t.Errorf("after cancelling: %s", now)
	}
	if a := w.hub.Query(t, w.officer.token, `mutation($in: EventSessionUpdateInput!) { eventSessionUpdate(input: $in) { errors { code path } } }`, in{"in": in{"id": sessions[0], "capacity": 1}}); !strings.Contains(string(a.Body), "SESSION_FULL") {
		t.Errorf("fewer places than chosen: %s", a.Body)
	}
}

// duplicate: another date half a year on, over the change to winter time.
func duplicate(t *testing.T, w *world) {
	event := w.draft(t, in{"registrationClosesAt": "2090-05-09T22:00:00Z"})
	w.question(t, event, nil)
	w.hub.Must(t, w.officer.token, `mutation($in: EventSessionAddInput!) { eventSessionAdd(input: $in) { errors { code } } }`, in{"in": in{
		"event": event, "title": in{"ca": "Sessió"}, "startsAt": "2090-05-10T08:30:00Z", "endsAt": "2090-05-10T09:30:00Z", "speakers": []in{{"name": "Ponent Inventada"}},
	}})
	made := w.hub.Must(t, w.officer.token, `mutation($in: EventDuplicateInput!) { eventDuplicate(input: $in) { event { id state title startsAt endsAt registrationClosesAt
		sessions { startsAt endsAt speakers { name } } seatPools { capacity confirmed } questions { label } series { title events { nodes { id } } } } errors { code } } }`,
		in{"in": in{"id": event, "startsAt": "2090-11-15T09:00:00Z", "inSeries": true}})
	again := made["eventDuplicate"].(json1)["event"].(json1)
	for path, want := range map[string]string{
		"state": "DRAFT", "startsAt": "2090-11-15T09:00:00Z", "endsAt": "2090-11-15T13:00:00Z", "registrationClosesAt": "2090-11-14T23:00:00Z",
		"sessions.0.startsAt": "2090-11-15T09:30:00Z", "questions.0.label": "Com hi vindreu?", "series.title": "Formació",
	} {
		if got := at(t, again, path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	if fmt.Sprint(list(t, again["sessions"].([]any)[0], "speakers")) != "[]" || fmt.Sprint(again["seatPools"]) != "[map[capacity:3 confirmed:0]]" {
		t.Errorf("the copy: %v", again)
	}
	if both := list(t, again, "series.events.nodes"); len(both) != 2 {
		t.Errorf("the series has %v", both)
	}
}

// fromPaper: who came without being registered, and a list of attendance.
func fromPaper(t *testing.T, w *world) {
	event := w.published(t, nil) // three seats
	ids, _ := w.comes(t, event, in{"role": "PUBLIC"}, in{"role": "PUBLIC"})
	walkIn := func(who in) string {
		return string(w.hub.Query(t, w.officer.token, `mutation($in: EventWalkInAddInput!) { eventWalkInAdd(input: $in) { delegate { state name } errors { code path } } }`,
			in{"in": in{"event": event, "delegate": who}}).Body)
	}
	if got := walkIn(in{"name": "Passavolant", "mail": "passa@example.org", "role": "PROFESSIONAL"}); !strings.Contains(got, `"ATTENDED"`) {
		t.Errorf("a free seat: %s", got)
	}
	if got := walkIn(in{"name": "Una altra", "role": "PROFESSIONAL"}); !strings.Contains(got, "NOT_ENOUGH_SEATS") {
		t.Errorf("no seat is free: %s", got)
	}
	typed := func(delegates ...string) string {
		return string(w.hub.Query(t, w.officer.token, arrivedIt, in{"in": in{"event": event, "delegates": delegates}}).Body)
	}
	if got := typed(ids...); !strings.Contains(got, "EVENT_NOT_BEGUN") {
		t.Errorf("before the event: %s", got)
	}
	w.over(t, event, time.Hour)
	if got := typed(ids[0]); !strings.Contains(got, `"arrived":1`) {
		t.Errorf("from paper: %s", got)
	}
	if got := typed(ids...); !strings.Contains(got, `"arrived":1`) || !strings.Contains(got, `"already":1`) {
		t.Errorf("from paper again: %s", got)
	}
}

// certified: hours, a certificate, and what anybody with its code is told.
func certified(t *testing.T, w *world) {
	event := w.published(t, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 30}}})
	ids, _ := w.comes(t, event, in{"name": "Mercè Roca i Puig", "role": "PUBLIC"}, in{"name": "Qui No Ve", "role": "PUBLIC"})
	if a := w.hub.Query(t, w.officer.token, certificates, in{"id": event}); !strings.Contains(string(a.Body), "EVENT_NOT_HELD") {
		t.Errorf("before it was held: %s", a.Body)
	}
	w.over(t, event, time.Hour)
	starts := time.Now().UTC().Truncate(time.Second).Add(-4 * time.Hour)
	session := at(t, w.hub.Must(t, w.officer.token, `mutation($in: EventSessionAddInput!) { eventSessionAdd(input: $in) { event { sessions { id } } } }`, in{"in": in{
		"event": event, "title": in{"ca": "Matí"}, "startsAt": starts.Format(time.RFC3339), "endsAt": starts.Add(90 * time.Minute).Format(time.RFC3339),
	}}), "eventSessionAdd.event.sessions.0.id")
	w.hub.Must(t, w.officer.token, arrivedIt, in{"in": in{"event": event, "delegates": ids[:1]}})
	if a := w.hub.Query(t, w.officer.token, noteHours, in{"in": in{"session": session, "delegates": ids}}); !strings.Contains(string(a.Body), "DELEGATE_DID_NOT_COME") {
		t.Errorf("hours of who did not come: %s", a.Body)
	}
	w.hub.Must(t, w.officer.token, noteHours, in{"in": in{"session": session, "delegates": ids[:1]}})
	w.hub.Must(t, w.officer.token, markEventHeld, in{"id": event})
	if issued := fmt.Sprint(w.hub.Must(t, w.officer.token, certificates, in{"id": event})); !strings.Contains(issued, "issued:1") {
		t.Errorf("certificates: %s", issued)
	}
	const own = `query($id: ID!) { event(id: $id) { registrations { nodes { delegates { minutes certificate { code minutes path } } } } } }`
	got := list(t, w.hub.Must(t, w.rep.token, own, in{"id": event}), "event.registrations.nodes")[0].(json1)["delegates"].([]any)[0].(json1)
	certificate, _ := got["certificate"].(json1)
	if certificate == nil || certificate["minutes"] != 90.0 || got["minutes"] != 90.0 {
		t.Fatalf("the certificate: %v", got)
	}
	const check = `query($code: String!, $name: String) { certificateCheck(code: $code, name: $name) { event minutes initials name nameMatches } }`
	for name, matches := range map[string]any{"mercè  roca i puig": true, "Una altra": false, "": nil} {
		found := w.hub.Must(t, "", check, in{"code": certificate["code"], "name": name})["certificateCheck"].(json1)
		if found["nameMatches"] != matches || found["initials"] != "M.R.i.P." || found["name"] != nil || found["minutes"] != 90.0 {
			t.Errorf("checked with the name %q: %v", name, found)
		}
	}
	if found := w.hub.Must(t, "", check, in{"code": "AAAAAAAAAAAAAAAAAAAA"}); found["certificateCheck"] != nil {
		t.Errorf("a code of no certificate: %v", found)
	}
	for who, status := range map[reader]int{w.rep: 200, w.officer: 200, w.stranger: 404, anonymous: 404} {
		got, page, _ := w.file(t, who, http.MethodGet, fmt.Sprint(certificate["path"]), nil)
		if got != status || (status == 200) != strings.Contains(string(page), "Mercè Roca i Puig") {
			t.Errorf("%s gets the certificate: %d %.300s", who.name, got, page)
		}
	}
	for what, text := range map[string]string{"list.html": "Mercè Roca i Puig", "badges.html": "Associació Prova", "certificates.docx": "PK"} {
		if status, page, _ := w.file(t, w.officer, http.MethodGet, "/papers/"+event+"/"+what, nil); status != 200 || !strings.Contains(string(page), text) {
			t.Errorf("%s: %d %.300s", what, status, page)
		}
		if status, _, _ := w.file(t, w.rep, http.MethodGet, "/papers/"+event+"/"+what, nil); status != 403 {
			t.Errorf("%s, for who does not organise: %d", what, status)
		}
	}
}

// file asks for something beside GraphQL.
func (w *world) file(t testing.TB, who reader, method, path string, content []byte) (int, []byte, http.Header) {
	t.Helper()
	request, err := http.NewRequest(method, "http://"+w.hub.Addr+path, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Language", "ca")
	if who.token != "" {
		request.Header.Set("Authorization", "Bearer "+who.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer, response.Header
}

// sheets: who comes, as CSV and XLSX, read back with something else than what wrote
// them: accents stay, formulas are none, and that it was taken along is noted.
func sheets(t *testing.T, w *world) {
	event := w.published(t, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 30}}})
	nasty := []string{`=HYPERLINK("http://example.org")`, "+34 600", "-1+1", "@SUM(1)", "Núria Güell i Ça·la"}
	var delegates []in
	for _, name := range nasty {
		delegates = append(delegates, in{"name": name, "role": "PUBLIC"})
	}
	w.comes(t, event, delegates...)
	path := "/files/events/" + event + "/participants."
	status, text, head := w.file(t, w.officer, http.MethodGet, path+"csv", nil)
	if status != 200 || !bytes.HasPrefix(text, []byte("\ufeff")) || !strings.Contains(head.Get("Content-Disposition"), "participants.csv") {
		t.Fatalf("CSV: %d %v %.200s", status, head, text)
	}
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	unarmed(t, "CSV", slices.Concat(rows...))
	status, book, _ := w.file(t, w.officer, http.MethodGet, path+"xlsx", nil)
	if status != 200 {
		t.Fatalf("XLSX: %d %.200s", status, book)
	}
	cells, formulas := workbook(t, book)
	if formulas > 0 {
		t.Errorf("the workbook has %d formulas", formulas)
	}
	unarmed(t, "XLSX", cells)
	for _, name := range nasty[4:] {
		for form, all := range map[string][]string{"CSV": slices.Concat(rows...), "XLSX": cells} {
			if !slices.Contains(all, name) {
				t.Errorf("%s lacks %q: %q", form, name, all)
			}
		}
	}
	for name, c := range map[string]struct {
		who    asks
		status int
	}{"who made the registration": {w.rep, 403}, "a stranger": {w.stranger, 403}, "nobody": {anonymous, 401}} {
		if status, answer, _ := w.file(t, c.who, http.MethodGet, path+"csv", nil); status != c.status {
			t.Errorf("%s gets %d %.200s", name, status, answer)
		}
	}
	trail := w.hub.Must(t, w.officer.token, `query($id: ID!) { auditTrail(node: $id, first: 50) { nodes { kind what } } }`, in{"id": event})
	if n := strings.Count(fmt.Sprint(trail), "what:EXPORT"); n != 2 {
		t.Errorf("%d of 2 exports are noted: %v", n, trail)
	}
}

// asks is who asks, where a variable has the name.
type asks = reader

// unarmed fails for cells that a spreadsheet would take for a formula.
func unarmed(t testing.TB, form string, cells []string) {
	t.Helper()
	for _, c := range cells {
		if c != "" && strings.ContainsAny(c[:1], "=+-@\t\r") {
			t.Errorf("%s has the cell %q", form, c)
		}
	}
}

// workbook reads the texts of a workbook's first sheet as its format says, and
// counts its formulas.
func workbook(t testing.TB, file []byte) (cells []string, formulas int) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var sheet struct {
		Rows []struct {
			Cells []struct {
				Formula *string `xml:"f"`
				Value   string  `xml:"v"`
				Inline  string  `xml:"is>t"`
				Type    string  `xml:"t,attr"`
			} `xml:"c"`
		} `xml:"sheetData>row"`
	}
	var shared struct {
		Texts []struct {
			Text string `xml:"t"`
		} `xml:"si"`
	}
	for name, into := range map[string]any{"xl/worksheets/sheet1.xml": &sheet, "xl/sharedStrings.xml": &shared} {
		part, err := z.Open(name)
		if err != nil {
			continue // texts may all be inline
		}
		if err := xml.NewDecoder(part).Decode(into); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		part.Close()
	}
	for _, row := range sheet.Rows {
		for _, c := range row.Cells {
			if c.Formula != nil {
				formulas++
			}
			text := c.Value + c.Inline
			var n int
			if _, err := fmt.Sscan(c.Value, &n); err == nil && c.Type == "s" && n < len(shared.Texts) {
				text = shared.Texts[n].Text
			}
			cells = append(cells, text)
		}
	}
	return cells, formulas
}

// imports: a list with mistakes is told line by line and leaves nothing; a dry run
// leaves nothing; the list as it should be comes in.
func imports(t *testing.T, w *world) {
	event := w.published(t, in{"seatPools": []in{{"name": in{"ca": "General"}, "capacity": 4}}})
	path := "/files/events/" + event + "/participants?dryRun="
	take := func(who reader, dry bool, text string) (int, string) {
		status, answer, _ := w.file(t, who, http.MethodPut, fmt.Sprint(path, dry), []byte(text))
		if status != http.StatusAccepted {
			return status, string(answer)
		}
		return 200, w.imported(t, who, event, answer)
	}
	bad := "Nom;Correu;Perfil;Organització;Territori\r\nAina Pi;aina.pi@example.org;Públic;Associació Prova;Terrassa\r\n" +
		";sense.nom@example.org;;;\r\nBerta;no és un correu;;;\r\nCarla;;rei;;\r\nDora;;;Entitat Inexistent;\r\nEva;aina.pi@example.org;;;Enlloc\r\n"
	status, answer := take(w.officer, true, bad)
	for _, want := range []string{
		`"column":"name","code":"REQUIRED"`, `"column":"mail","code":"BAD_MAIL"`, `"column":"role"`, `"column":"organisation","code":"NOT_FOUND"`,
		`"column":"mail","code":"SAME_DELEGATE_TWICE"`, `"column":"territory","code":"NOT_FOUND"`, `{"line":3,`, `{"line":7,`,
	} {
		if status != 200 || !strings.Contains(answer, want) {
			t.Errorf("%d, without %s: %s", status, want, answer)
		}
	}
	if _, answer := take(w.officer, false, bad); !strings.Contains(answer, `"line":3`) {
		t.Errorf("not dry: %s", answer)
	}
	good := "\ufeffnom;correu;perfil;organització;territori\nAina Pi;aina.pi@example.org;Públic;Ajuntament de Terrassa;Terrassa\nÇelia Güell;celia@example.org;Associació;associació prova;08279\n"
	if _, answer := take(w.officer, true, good); !strings.Contains(answer, `"participants":2`) || !strings.Contains(answer, `"problems":[]`) {
		t.Errorf("dry: %s", answer)
	}
	const who = `query($id: ID!) { event(id: $id) { seatPools { confirmed } registrations { nodes { state delegates { name } } } } }`
	if now := fmt.Sprint(w.hub.Must(t, w.officer.token, who, in{"id": event})); !strings.Contains(now, "confirmed:0") || strings.Contains(now, "delegates") {
		t.Errorf("after what should leave nothing: %s", now)
	}
	if _, answer := take(w.officer, false, good); !strings.Contains(answer, `"registrations":2`) {
		t.Errorf("imported: %s", answer)
	}
	now := fmt.Sprint(w.hub.Must(t, w.officer.token, who, in{"id": event}))
	if !strings.Contains(now, "Çelia Güell") || !strings.Contains(now, "confirmed:2") {
		t.Errorf("after the import: %s", now)
	}
	if _, answer := take(w.officer, false, good); strings.Count(answer, "ALREADY_REGISTERED") != 2 {
		t.Errorf("the same again: %s", answer)
	}
	if _, answer := take(w.officer, false, "nom\nU\nDos\nTres\n"); !strings.Contains(answer, "NOT_ENOUGH_SEATS") {
		t.Errorf("more than there are seats: %s", answer)
	}
	for who, want := range map[reader]int{w.rep: 403, anonymous: 401} {
		if status, answer := take(who, true, good); status != want {
			t.Errorf("%s: %d %s", who.name, status, answer)
		}
	}
	if status, answer := take(w.officer, true, "\x00\x01"); status != 400 {
		t.Errorf("no list: %d %s", status, answer)
	}
	importsInPart(t, w, event)
}

// importsInPart: who asks for it has the right lines of a list registered; the same
// list with the same key is one; who organises alone follows it.
func importsInPart(t *testing.T, w *world, event string) {
	path := "/files/events/" + event + "/participants?partial=true&key=imports-in-part"
	list := []byte("nom,correu\nJana,jana@example.org\n,ningu@example.org\n")
	_, first, header := w.file(t, w.officer, http.MethodPut, path, list)
	place := header.Get("Location")
	if answer := w.imported(t, w.officer, event, first); !strings.Contains(answer, `"participants":1`) || !strings.Contains(answer, `{"line":3,"column":"name","code":"REQUIRED"`) {
		t.Errorf("in part: %s", answer)
	}
	if _, again, header := w.file(t, w.officer, http.MethodPut, path, list); header.Get("Location") != place || !strings.Contains(string(again), `"state":"DONE"`) {
		t.Errorf("the same key: %s %s", header.Get("Location"), again)
	}
	if status, answer, _ := w.file(t, w.officer, http.MethodPut, path, list[:20]); status != http.StatusConflict {
		t.Errorf("the same key for another list: %d %s", status, answer)
	}
	for who, want := range map[reader]int{w.officer: 200, w.rep: 403, anonymous: 401} {
		if status, answer, _ := w.file(t, who, http.MethodGet, place, nil); status != want {
			t.Errorf("%s follows: %d %s", who.name, status, answer)
		}
	}
	elsewhere := w.published(t, in{})
	if status, answer, _ := w.file(t, w.officer, http.MethodGet, strings.Replace(place, event, elsewhere, 1), nil); status != 404 {
		t.Errorf("at another event: %d %s", status, answer)
	}
}

// imported follows a list to its end, by server-sent events as browsers do.
func (w *world) imported(t *testing.T, who reader, event string, begun []byte) (last string) {
	t.Helper()
	var list struct{ ID string }
	if err := json.Unmarshal(begun, &list); err != nil {
		t.Fatal(err)
	}
	for !strings.Contains(last, `"finishedAt":"`) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+w.hub.Addr+"/files/events/"+event+"/imports/"+list.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept", "text/event-stream")
		request.Header.Set("Authorization", "Bearer "+who.token)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(response.Body)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				last = data
			}
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK || lines.Err() != nil {
			t.Fatalf("%d %s %v", response.StatusCode, last, lines.Err())
		}
	}
	return last
}
