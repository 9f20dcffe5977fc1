package project_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
)

const (
	sayIt    = `mutation($in: CommentAddInput!) { commentAdd(input: $in) { comment { id } errors { code path } } }`
	inboxOf  = `{ inbox { items(first: 100) { nodes { sort item { text node { ... on SharedProject { title } ... on Workshop { title } } } } } } }`
	feedOfIt = `query($of: ID!) { feed(of: {node: $of}, first: 100) { nodes { kind text } } }`
)

// account lets somebody sign in, and so have an inbox.
func (w *world) account(name, mail string) {
	w.Helper()
	person, err := node.ParseOf(w.names[name], node.Person)
	if err != nil {
		w.Fatal(err)
	}
	w.exec(`insert into accounts (person, mail, lang) values ($1, $2, 'ca')`, person, mail)
}

// settled waits until what was written is behind the horizon of feeds.
func (w *world) settled() {
	w.Helper()
	var now uint64
	if err := w.hub.DB.Read().QueryRow(w.Context(), `select pg_snapshot_xmax(pg_current_snapshot())`).Scan(&now); err != nil {
		w.Fatal(err)
	}
	deadline, again := time.After(hubtest.Patience), time.NewTicker(5*time.Millisecond)
	defer again.Stop()
	for {
		head, err := journal.FeedHead(w.Context(), w.hub.DB.Read())
		if err != nil {
			w.Fatal(err)
		}
		if head.FXID >= now {
			return
		}
		select {
		case <-again.C:
		case <-deadline:
			w.Fatal("the horizon does not pass")
		}
	}
}

// texts are what somebody reads in their inbox of a thing, oldest first.
func (w *world) inbox(who reader, title string) (all []string) {
	w.Helper()
	w.settled()
	data := w.hub.Must(w.T, who.token, inboxOf, nil)
	items := data["inbox"].(map[string]any)["items"].(map[string]any)["nodes"].([]any)
	for _, x := range items {
		of := x.(map[string]any)
		item := of["item"].(map[string]any)
		if about, ok := item["node"].(map[string]any); ok && about["title"] == title {
			all = append(all, of["sort"].(string)+" "+item["text"].(string))
		}
	}
	slices.Reverse(all)
	return all
}

// Partners find in their inbox what a project wants from them, in words; comments
// are in the streams of projects and workshops; and what groups note by the
// hundred is in no feed of a place.
func TestProjectsInFeeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	w.account("rep", "rep@example.org")
	w.account("officer", "officer@example.org")
	p := w.project(nil)
	w.ask(w.officer, addCommitment, in{"in": in{"project": p, "partner": w.club, "text": in{"ca": "Tallers"}}}, "")
	w.ask(w.rep, addCommitment, in{"in": in{"project": p, "partner": w.club, "text": in{"ca": "Cartells"}}}, "")
	want := []string{"ASKED The project was created", "ASKED A partner committed to something"}
	if got := w.inbox(w.rep, "Instituts Oberts"); len(got) < 2 || !cmp.Equal(got[:2], want) {
		t.Errorf("a partner finds %v", got)
	}
	if got := w.inbox(w.officer, "Instituts Oberts"); slices.ContainsFunc(got, func(s string) bool { return s[:5] == "ASKED" }) {
		t.Errorf("the lead is asked: %v", got)
	}
	stream := w.follow(w.officer, p, "")
	stream.next()
	w.ask(w.rep, sayIt, in{"in": in{"node": p, "text": "Quan comencem?"}}, "")
	if c := stream.next(); c.Kind != "COMMENT_ADDED" {
		t.Errorf("a comment is told as %s", c.Kind)
	}

	shop, code := w.workshop(in{"visibility": "PUBLIC"})
	seen := w.hub.Socket(t, w.officer.token).Subscribe(changes, in{"id": shop})
	seen.Next()
	w.note(w.join(code, "Grup"), "PRIORITY", quarter("59"), "Bancs")
	w.ask(w.officer, sayIt, in{"in": in{"node": shop, "text": "Quina feina!"}}, "")
	var kinds []string
	for range 3 {
		kinds = append(kinds, changeKind(t, seen.Next()))
	}
	if diff := cmp.Diff([]string{"GROUP_JOINED", "ENTRY_ADDED", "COMMENT_ADDED"}, kinds); diff != "" {
		t.Error(diff)
	}
	w.settled()
	w.want(anonymous, feedOfIt, in{"of": quarter("59")}, `{"data":{"feed":{"nodes":[{"kind":"WORKSHOP_OPENED","text":"The workshop was opened"}]}}}`)
}
