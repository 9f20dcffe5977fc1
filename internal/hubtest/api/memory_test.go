package api_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/node"
)

// acknowledged are the writes that somebody was told of, in order, and when.
type acknowledged struct {
	sync.Mutex
	at []time.Time // of write n, from 1 on
}

func (a *acknowledged) add() {
	a.Lock()
	defer a.Unlock()
	a.at = append(a.at, time.Now())
}

// by is the last write of which somebody knew at an instant.
func (a *acknowledged) by(then time.Time) (n int) {
	a.Lock()
	defer a.Unlock()
	for n < len(a.at) && !a.at[n].After(then) {
		n++
	}
	return n
}

// TestMemory writes and reads at random, on two instances. What is read by
// somebody unknown is never older than the last write that was acknowledged by
// the same instance, and than a second on the other.
func TestMemory(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	w := newWorld(t, hubtest.Config{Database: database, Remembers: true})
	other := hubtest.Start(t, hubtest.Config{Database: database, Remembers: true})
	event := node.Event.Global(w.hub.Event(t, w.officerID, 5, func(e *calendar.EventInput) { e.VenueName = "Sala 0" }))
	questions := []string{
		`{ event(id: "EVENT") { venueName } }`,
		`{ event(id: "EVENT") { title venueName } }`,
		`{ node(id: "EVENT") { ... on Event { venueName } } }`,
		`{ events(first: 5) { nodes { venueName } } }`,
	}
	var acked acknowledged
	stop := make(chan struct{})
	var readers sync.WaitGroup
	read := func(hub *hubtest.Hub, query string, late time.Duration) {
		then := time.Now()
		a := hub.Query(t, "", strings.ReplaceAll(query, "EVENT", event), nil)
		_, after, _ := strings.Cut(string(a.Body), "Sala ")
		digits, _, _ := strings.Cut(after, `"`)
		seen, err := strconv.Atoi(digits)
		if err != nil {
			t.Errorf("%s", a.Body)
		}
		if known := acked.by(then.Add(-late)); seen < known {
			t.Errorf("write %d is read where %d was acknowledged, %s before: %s", seen, known, late, query)
		}
	}
	for i, hub := range []*hubtest.Hub{w.hub, other} {
		late := time.Duration(0)
		if hub == other {
			late = time.Second
		}
		readers.Go(func() {
			for n := i; ; n++ {
				select {
				case <-stop:
					return
				default:
					read(hub, questions[n%len(questions)], late)
				}
			}
		})
	}
	steps := rapid.SliceOfN(rapid.IntRange(0, 4), 40, 40).Example(7)
	for n, step := range steps {
		w.hub.Must(t, w.officer.token, `mutation($in: EventUpdateInput!) { eventUpdate(input: $in) { event { id } errors { code } } }`,
			in{"in": in{"id": event, "venueName": fmt.Sprintf("Sala %d", n+1)}})
		acked.add()
		for range step {
			read(w.hub, questions[(n+step)%len(questions)], 0)
		}
	}
	close(stop)
	readers.Wait()
	read(w.hub, questions[0], 0)
}

// Many who ask the same at once are one question; who is known is never given
// what was kept, nor is kept what not everybody may see.
func TestMemoryIsForEverybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{Remembers: true, Options: []app.Option{app.WithStatementCounts()}})
	query := fmt.Sprintf(`{ node(id: %q) { ... on Association { title people { role } viewerCanAdminister } } }`, w.clubGlobal)
	for range 3 {
		if a := w.hub.Query(t, "", query, nil); strings.Contains(string(a.Body), "REPRESENTATIVE") {
			t.Fatalf("anybody sees %s", a.Body)
		}
		if a := w.hub.Query(t, w.rep.token, query, nil); !strings.Contains(string(a.Body), "REPRESENTATIVE") {
			t.Errorf("the representative sees %s", a.Body)
		}
	}
	const town = `{ municipality(by: {ineCode: "08279"}) { title } }`
	w.hub.Settled(t)
	taken := 0
	for range 40 {
		taken += hubStatements(t, w.hub.Query(t, "", town, nil))
	}
	if taken > 20 { // each commit of the hub, and each second, costs one more
		t.Errorf("the same question, asked 40 times, took %d statements", taken)
	}
	for language, want := range map[string]string{"ca": "comarca", "en": "comarca"} {
		if a := w.hub.QueryIn(t, language, "", `{ municipality(by: {ineCode: "08279"}) { comarca { __typename } } }`, nil); !strings.Contains(strings.ToLower(string(a.Body)), want) {
			t.Errorf("%s: %s", language, a.Body)
		}
	}
}

func hubStatements(t *testing.T, a hubtest.Answer) int {
	n, err := strconv.Atoi(a.Header.Get(app.StatementsHeader))
	if err != nil {
		t.Error(err)
	}
	return n
}

// What everybody gets by GET has a tag, and who has it already is told so.
func TestUnchanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{Remembers: true})
	event := w.hub.Event(t, w.officerID, 5, func(e *calendar.EventInput) { e.Title = lang.Text{CA: "Primera", EN: "First"} })
	get := func(token, language, tag string) *http.Response {
		r, err := http.NewRequest(http.MethodGet, w.hub.URL+`?query={event(id:"`+node.Event.Global(event)+`"){title}}`, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, `"`, "%22")
		r.Header.Set("Accept-Language", language)
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer
	}
	first := get("", "ca", "")
	tag := first.Header.Get("ETag")
	if first.StatusCode != http.StatusOK || tag == "" || first.Header.Get("Cache-Control") != "public, no-cache" || !strings.Contains(first.Header.Get("Vary"), "Authorization") {
		t.Fatalf("%d %v", first.StatusCode, first.Header)
	}
	if again := get("", "ca", tag); again.StatusCode != http.StatusNotModified || again.Header.Get("ETag") != tag {
		t.Errorf("the same, again: %d %v", again.StatusCode, again.Header)
	}
	if english := get("", "en", tag); english.StatusCode != http.StatusOK {
		t.Errorf("in English: %d", english.StatusCode)
	}
	if known := get(w.rep.token, "ca", tag); known.StatusCode != http.StatusOK || known.Header.Get("ETag") != "" || known.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("to the representative: %d %v", known.StatusCode, known.Header)
	}
	w.hub.Must(t, w.officer.token, `mutation($in: EventUpdateInput!) { eventUpdate(input: $in) { event { id } errors { code } } }`,
		in{"in": in{"id": node.Event.Global(event), "title": in{"ca": "Segona"}}})
	if changed := get("", "ca", tag); changed.StatusCode != http.StatusOK || changed.Header.Get("ETag") == tag {
		t.Errorf("after a change: %d %v", changed.StatusCode, changed.Header)
	}
}
