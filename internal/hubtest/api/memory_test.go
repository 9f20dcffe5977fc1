package api_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
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

// acknowledged are the writes that somebody was told of, in order.
type acknowledged struct {
	sync.Mutex
	list []acknowledgement // of write n, from 1 on
}

// acknowledgement is when and by which instance a write was acknowledged.
type acknowledgement struct {
	at time.Time
	by *hubtest.Hub
}

func (a *acknowledged) add(by *hubtest.Hub) {
	a.Lock()
	defer a.Unlock()
	a.list = append(a.list, acknowledgement{time.Now(), by})
}

// known is the last write that who asks an instance at an instant has to see:
// what that instance has acknowledged, and what any has a while ago.
func (a *acknowledged) known(to *hubtest.Hub, then time.Time, late time.Duration) (n int) {
	a.Lock()
	defer a.Unlock()
	for i, w := range a.list {
		own, old := w.by == to && !w.at.After(then), !w.at.After(then.Add(-late))
		if own || old {
			n = i + 1
		}
	}
	return n
}

// visitor asks one instance, always the same, and brings along the tag of what it
// was given last.
type visitor struct {
	*testing.T
	hub   *hubtest.Hub
	query string
	tag   string
	last  int
}

// read gives the number of the write that is seen.
func (r *visitor) read(token string) int {
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, r.hub.URL+"?"+url.Values{"query": {r.query}}.Encode(), nil)
	if err != nil {
		r.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	} else if r.tag != "" {
		request.Header.Set("If-None-Match", r.tag)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.Error(err)
		return r.last
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusNotModified {
		return r.last
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		r.Error(err)
	}
	_, after, _ := strings.Cut(string(body), "Sala ")
	digits, _, _ := strings.Cut(after, `"`)
	seen, err := strconv.Atoi(digits)
	if err != nil {
		r.Errorf("%s", body)
	}
	if token == "" {
		r.tag, r.last = response.Header.Get("ETag"), seen
	}
	return seen
}

// check reads, and says when that was too old.
func (r *visitor) check(acked *acknowledged) {
	then := time.Now()
	if seen, known := r.read(""), acked.known(r.hub, then, time.Second); seen < known {
		r.Errorf("write %d is read where %d was known: %s", seen, known, r.query)
	}
}

// TestMemory writes and reads at random, on two instances. What is read by
// somebody unknown, with or without a tag, is never older than the last write that
// was acknowledged by the same instance, and than a second of the other; who is
// signed in reads their own write at once, on whichever.
func TestMemory(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	w := newWorld(t, hubtest.Config{Database: database, Remembers: true})
	hubs := []*hubtest.Hub{w.hub, hubtest.Start(t, hubtest.Config{Database: database, Remembers: true})}
	event := node.Event.Global(w.hub.Event(t, w.officerID, 5, func(e *calendar.EventInput) { e.VenueName = "Sala 0" }))
	questions := []string{
		`{ event(id: "EVENT") { venueName } }`,
		`{ event(id: "EVENT") { title venueName } }`,
		`{ node(id: "EVENT") { ... on Event { venueName } } }`,
		`{ events(first: 5) { nodes { venueName } } }`,
	}
	var acked acknowledged
	visitors := func() (all []*visitor) {
		for _, hub := range hubs {
			for _, query := range questions {
				all = append(all, &visitor{T: t, hub: hub, query: strings.ReplaceAll(query, "EVENT", event)})
			}
		}
		return all
	}
	stop := make(chan struct{})
	var reading sync.WaitGroup
	for range 2 {
		reading.Go(func() {
			all := visitors()
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
					all[n%len(all)].check(&acked)
				}
			}
		})
	}
	own := visitors()
	steps := rapid.SliceOfN(rapid.IntRange(0, 9), 40, 40).Example(7)
	for n, step := range steps {
		hub := hubs[step%2]
		hub.Must(t, w.officer.token, `mutation($in: EventUpdateInput!) { eventUpdate(input: $in) { event { id } errors { code } } }`,
			in{"in": in{"id": event, "venueName": fmt.Sprintf("Sala %d", n+1)}})
		acked.add(hub)
		if seen := own[n%len(own)].read(w.officer.token); seen != n+1 {
			t.Errorf("who wrote %d reads %d", n+1, seen)
		}
		for i := range step / 2 {
			own[(n+i)%len(own)].check(&acked)
		}
	}
	close(stop)
	reading.Wait()
	for _, r := range own {
		r.check(&acked)
	}
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
