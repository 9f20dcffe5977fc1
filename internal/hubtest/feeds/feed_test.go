package feeds_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
)

// What happens in a town is in its feed, in those of what it is part of, of the
// field, of the body, of the thing itself and of a list that has it: published
// once, told once in each.
func TestFeedsOfManyThings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	event := w.event("Jornada oberta", access.Public)
	w.comment(w.club, global(event), "Hi serem", "EVERYBODY")
	set := w.do(w.friend, "savedSetCreate", "SavedSetCreateInput", "savedSet { id title nodes { id } }",
		in{"title": "Les meves", "nodes": []string{global(event), w.terrassa}})
	w.settled()
	for _, c := range []struct {
		name string
		by   somebody
		of   in
		want []string
	}{
		{"town, of its officer", w.officer, in{"node": w.terrassa}, []string{"EVENT_CREATED Jornada oberta", "EVENT_PUBLISHED Jornada oberta"}},
		{"town, of nobody", somebody{}, in{"node": w.terrassa}, []string{"EVENT_PUBLISHED Jornada oberta"}},
		{"comarca", somebody{}, in{"node": w.vallesOccidental}, []string{"EVENT_PUBLISHED Jornada oberta"}},
		{"field", somebody{}, in{"node": w.theme}, []string{"EVENT_PUBLISHED Jornada oberta"}},
		{"the thing itself", somebody{}, in{"node": global(event)}, []string{"EVENT_PUBLISHED Jornada oberta", "COMMENT_ADDED Jornada oberta"}},
		{"a list", w.friend, in{"savedSet": at(set, "savedSet.id")}, []string{"EVENT_PUBLISHED Jornada oberta", "COMMENT_ADDED Jornada oberta"}},
	} {
		if diff := cmp.Diff(c.want, told(backwards(w.feed(c.by, c.of, 100, nil).Nodes), "Jornada oberta")); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	if text := w.feed(somebody{}, in{"node": w.theme}, 100, nil).Nodes[0].Text; text != "The event was published" {
		t.Errorf("it says %q", text)
	}
	// A list is its owner's: to everybody else it is none.
	for _, by := range []somebody{{}, w.officer, w.admin} {
		a := w.hub.Query(t, by.token, feedQuery, in{"of": in{"savedSet": at(set, "savedSet.id")}})
		if code := at(a.Errors[0], "extensions.code"); code != "NOT_FOUND" && code != "UNAUTHENTICATED" {
			t.Errorf("somebody else's list: %s", a.Body)
		}
	}
	for _, of := range []in{{"node": w.club.global}, {"node": "ev_nothing"}, {"savedSet": "set_01m7zv5hnje8wrd7mvpjrgt59z"}} {
		a := w.hub.Query(t, w.officer.token, feedQuery, in{"of": of})
		if len(a.Errors) == 0 || at(a.Errors[0], "extensions.code") != "NOT_FOUND" {
			t.Errorf("the feed of %v: %s", of, a.Body)
		}
	}
}

func TestSavedSets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	event, draft := w.event("Una", access.Public), w.event("Altra", access.Organisers)
	set := at(w.do(w.club, "savedSetCreate", "SavedSetCreateInput", "savedSet { id }", in{"title": "Llista"}), "savedSet.id")
	for _, c := range []struct {
		by          somebody
		name, input string
		variables   in
		want        []string
	}{
		{w.club, "savedSetCreate", "SavedSetCreateInput", in{"title": " llista "}, []string{"SET_TITLE_TAKEN"}},
		{w.club, "savedSetCreate", "SavedSetCreateInput", in{"title": " "}, []string{"REQUIRED"}},
		{w.club, "savedSetCreate", "SavedSetCreateInput", in{"title": "Amagada", "nodes": []string{global(draft)}}, []string{"NOT_FOUND"}},
		{w.club, "savedSetCreate", "SavedSetCreateInput", in{"title": "Gent", "nodes": []string{w.officer.global}}, []string{"NOT_FOUND"}},
		{w.friend, "savedSetUpdate", "SavedSetUpdateInput", in{"id": set, "title": "Meva"}, []string{"NOT_FOUND"}},
		{w.friend, "savedSetRemove", "SavedSetRemoveInput", in{"id": set}, []string{"NOT_FOUND"}},
		{w.club, "savedSetUpdate", "SavedSetUpdateInput", in{"id": set, "title": "Nova", "add": []string{global(event), w.terrassa}}, nil},
		{w.club, "savedSetUpdate", "SavedSetUpdateInput", in{"id": set, "remove": []string{w.terrassa}}, nil},
	} {
		if _, got := w.try(c.by, c.name, c.input, "__typename", c.variables); !cmp.Equal(c.want, got) {
			t.Errorf("%s %v: %v, want %v", c.name, c.variables, got, c.want)
		}
	}
	const sets = `{ savedSets { title nodes { id } } }`
	want := in{"savedSets": []any{in{"title": "Nova", "nodes": []any{in{"id": global(event)}}}}}
	if diff := cmp.Diff(want, w.hub.Must(t, w.club.token, sets, nil)); diff != "" {
		t.Error(diff)
	}
	for _, by := range []somebody{{}, w.friend, w.admin} {
		if got := w.hub.Must(t, by.token, sets, nil); len(got["savedSets"].([]any)) != 0 {
			t.Errorf("somebody else sees %v", got)
		}
	}
	w.do(w.club, "savedSetRemove", "SavedSetRemoveInput", "id", in{"id": set})
	if got := w.hub.Must(t, w.club.token, sets, nil); len(got["savedSets"].([]any)) != 0 {
		t.Errorf("still there: %v", got)
	}
}

// A page from the newest on, older pages behind it, and the stream from its head
// meet without a gap or an overlap.
func TestPagesAndStreamMeet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	of := in{"node": w.terrassa}
	for n := range 5 {
		w.event(fmt.Sprint("Abans ", n), access.Public)
	}
	w.settled()
	page := w.feed(somebody{}, of, 3, nil)
	w.event("Després", access.Public)
	got := page.Nodes
	for next := page; next.PageInfo.HasNextPage; {
		next = w.feed(somebody{}, of, 3, next.PageInfo.EndCursor)
		got = append(got, next.Nodes...)
	}
	items := backwards(got)
	stream := w.hub.Socket(t, "").Subscribe(feedChanges, in{"of": of, "after": page.Head})
	m := w.change(stream)
	items = append(items, m.Items...)
	if m.State || len(m.Items) != 1 {
		t.Errorf("behind the page came %+v", m)
	}
	all := backwards(w.feed(somebody{}, of, 100, nil).Nodes)
	if diff := cmp.Diff(fmt.Sprint(all), fmt.Sprint(items)); diff != "" {
		t.Error(diff)
	}
	first := w.change(w.hub.Socket(t, "").Subscribe(feedChanges, in{"of": of}))
	if !first.State || fmt.Sprint(first.Items) != fmt.Sprint(all) {
		t.Errorf("the state is %+v", first)
	}
}

// Writers at once, transactions that stay open, sockets cut at every few
// messages: each reader gets each fact that they may see, once, in the order of
// the feed.
func TestFeedStreamIsGapless(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const writers, each = 4, 15
	events := make([]id.ID, writers)
	for i := range events {
		events[i] = w.event(fmt.Sprint("Fil ", i), access.Public)
	}
	w.settled()
	of := in{"node": w.terrassa}
	begin := w.feed(w.officer, of, 1, nil).Head

	stop := make(chan struct{})
	var others sync.WaitGroup
	others.Go(func() { holdOpen(t, w, stop) })
	var all sync.WaitGroup
	for i, event := range events {
		all.Go(func() {
			for n := range each {
				audience := []string{"EVERYBODY", "ORGANISERS"}[n%2]
				w.comment(w.officer, global(event), fmt.Sprint(i, "/", n), audience)
				w.hub.Must(t, w.officer.token, `mutation($in: EventUpdateInput!) { eventUpdate(input: $in) { errors { code } } }`,
					in{"in": in{"id": global(event), "venueName": fmt.Sprint("Sala ", n)}})
			}
		})
	}
	want := map[string]int{"officer": writers * each, "nobody": writers * each} // updates: comments are of the events only
	got := map[string][]feedItem{}
	for name, by := range map[string]somebody{"officer": w.officer, "nobody": {}} {
		got[name] = readAlong(w, by, of, begin, want[name])
	}
	all.Wait()
	close(stop)
	others.Wait()
	w.settled()
	for name, by := range map[string]somebody{"officer": w.officer, "nobody": {}} {
		reference := backwards(w.feed(by, of, want[name], nil).Nodes)
		if diff := cmp.Diff(cursors(reference), cursors(got[name])); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	// Behind the last there is nothing: the next message is the next thing that
	// happens.
	for i, event := range events {
		list := in{"node": global(event)}
		if n := len(told(w.feed(w.officer, list, 100, nil).Nodes, fmt.Sprint("Fil ", i))); n != 2*each+2 {
			t.Errorf("the officer's feed of one event has %d", n)
		}
		if n := len(told(w.feed(somebody{}, list, 100, nil).Nodes, fmt.Sprint("Fil ", i))); n != each+(each+1)/2+1 {
			t.Errorf("nobody's feed of one event has %d", n)
		}
	}
}

// holdOpen keeps transactions with a number open, one after the other.
func holdOpen(t *testing.T, w *world, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		err := pgx.BeginFunc(context.Background(), w.hub.DB.Native(), func(tx pgx.Tx) error {
			_, err := tx.Exec(context.Background(), `select pg_current_xact_id(), pg_sleep(0.05)`)
			return err
		})
		if err != nil {
			t.Error(err)
			return
		}
	}
}

// readAlong follows over sockets that are cut after every third message.
func readAlong(w *world, by somebody, of in, after string, want int) (items []feedItem) {
	w.Helper()
	for len(items) < want {
		socket := w.hub.Socket(w.T, by.token)
		stream := socket.Subscribe(feedChanges, in{"of": of, "after": after})
		for range 3 {
			m := w.change(stream)
			items, after = append(items, m.Items...), m.Cursor
			if len(items) >= want {
				break
			}
		}
		socket.Close()
	}
	return items
}

func cursors(items []feedItem) []string {
	out := []string{}
	for _, i := range items {
		out = append(out, i.Cursor)
	}
	return out
}

// Cursors of another history, of no feed, older than what is held.
func TestFeedCursors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.event("Abans", access.Public)
	w.settled()
	of := in{"node": w.terrassa}
	good, err := journal.DecodeFeedCursor(w.feed(somebody{}, of, 1, nil).Head)
	w.ok(err)
	other := good
	other.Epoch++
	for _, c := range []struct{ what, after, code string }{
		{"of another epoch", other.Encode(), "STALE_CURSOR"},
		{"of nothing", "MARKED", "BAD_CURSOR"},
		{"of a topic", journal.Cursor{Topic: hubtest.Terrassa, Epoch: good.Epoch, Number: 1}.Encode(), "BAD_CURSOR"},
	} {
		a := w.hub.Query(t, "", feedQuery, in{"of": of, "after": c.after})
		if len(a.Errors) == 0 || at(a.Errors[0], "extensions.code") != c.code {
			t.Errorf("a page behind a cursor %s: %s", c.what, a.Body)
		}
		for _, who := range []somebody{{}, w.officer} {
			m := w.hub.Socket(t, who.token).Subscribe(feedChanges, in{"of": of, "after": c.after}).Message()
			if m.Kind != "error" && m.Kind != "next" || !contains(m.Payload, c.code) {
				t.Errorf("a stream behind a cursor %s: %s %s", c.what, m.Kind, m.Payload)
			}
		}
	}
	// Retired: the stream would have a gap, the page is only shorter.
	old := w.feed(somebody{}, of, 1, nil).Nodes[0].Cursor
	w.exec(`update epoch set feed_epoch = number, feed_fxid = pg_current_xact_id(), feed_seq = 0`)
	if m := w.hub.Socket(t, "").Subscribe(feedChanges, in{"of": of, "after": old}).Message(); !contains(m.Payload, "STALE_CURSOR") {
		t.Errorf("a cursor older than what is held: %s", m.Payload)
	}
	m := w.hub.Socket(t, w.club.token).Subscribe(inboxChanges, in{"after": old}).Message()
	if !contains(m.Payload, "STALE_CURSOR") {
		t.Errorf("an inbox older than what is held: %s", m.Payload)
	}
	w.feed(somebody{}, of, 1, old)
}
