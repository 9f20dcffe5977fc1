package feeds_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

type in = map[string]any

// canary is planted in what must not be found.
const canary = "Canari Amagat"

// letters keeps mails instead of sending them.
type letters struct {
	mu   sync.Mutex
	sent []mail.Message
}

func (l *letters) Enqueue(_ context.Context, m mail.Message) error { return l.keep(m) }

func (l *letters) EnqueueTx(_ context.Context, _ *postgres.Tx, m mail.Message) error {
	return l.keep(m)
}

func (l *letters) keep(m mail.Message) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = append(l.sent, m)
	return m.Check()
}

func (l *letters) digests() (found []mail.Message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range l.sent {
		if m.Template == mail.Digest {
			found = append(found, m)
		}
	}
	return found
}

// somebody is a reader with an account, or nobody.
type somebody struct {
	id     id.ID
	token  string
	global string
}

// world is a hub with people of two towns. The officers answer for their town
// councils; the technician works for Terrassa's; club and friend are of two
// associations.
type world struct {
	*testing.T
	hub                               *hubtest.Hub
	letters                           *letters
	database                          pgtest.Database
	officer, technician, club, friend somebody
	elsewhere, provincial, admin      somebody
	clubBody, friendBody              id.ID
	terrassa, vallesOccidental, theme string
}

var sabadell = territory.MunicipalityID("08187")

func newWorld(t *testing.T, options ...app.Option) *world {
	t.Helper()
	w := &world{T: t, letters: &letters{}, database: pgtest.URL(t)}
	w.hub = hubtest.Start(t, hubtest.Config{Database: w.database, Options: append(options, app.WithMail(w.letters))})
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the hub logged:\n%s", w.hub.Logs)
		}
	})
	w.clubBody, w.friendBody = w.hub.Association(t, "Associació Prova"), w.hub.Association(t, "Entitat Amiga")
	w.officer = w.person("Olga Prova", hubtest.Terrassa, directory.Officer)
	w.technician = w.person("Tere Prova", hubtest.Terrassa, directory.Technician)
	w.club = w.person("Ramon Prova", w.clubBody, directory.Representative)
	w.friend = w.person("Berta Prova", w.friendBody, directory.Representative)
	w.elsewhere = w.person("Sílvia Prova", sabadell, directory.Officer)
	w.provincial = w.person("Pere Prova", w.hub.Association(t, "Servei Provincial"), directory.Officer)
	w.admin = w.person("Adela Prova", w.hub.Association(t, "Plataforma"), directory.Delegate)
	w.terrassa = node.Municipality.Global(hubtest.Terrassa)
	w.vallesOccidental = node.Comarca.Global(territory.ComarcaID("40"))
	w.theme = node.Field.Global(w.field())
	w.accounts(w.officer, w.technician, w.club, w.friend, w.elsewhere, w.provincial, w.admin)
	w.exec(`update accounts set admin = true where person = $1`, w.admin.id)
	return w
}

func (w *world) field() (field id.ID) {
	w.Helper()
	w.ok(w.hub.DB.Read().QueryRow(w.Context(), `select id from nodes where kind = 'field' order by id limit 1`).Scan(&field))
	return field
}

func (w *world) person(name string, body id.ID, role directory.ActingRole) somebody {
	w.Helper()
	p := w.hub.Person(w.T, name, body, role)
	return somebody{p, w.hub.Token(p), node.Person.Global(p)}
}

// accounts gives people an address, so that digests reach them.
func (w *world) accounts(people ...somebody) {
	w.Helper()
	for i, p := range people {
		w.exec(`insert into accounts (person, mail, lang) values ($1, $2, 'ca')`, p.id, fmt.Sprintf("p%d@example.org", i))
	}
}

func (w *world) exec(sql string, args ...any) {
	w.Helper()
	w.ok(w.hub.DB.InTx(postgres.AsHub(context.Background()), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, sql, args...)
		return err
	}))
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// event makes and publishes an event of Terrassa in the field.
func (w *world) event(title string, visibility access.Level) id.ID {
	w.Helper()
	return w.hub.Event(w.T, w.officer.id, 20, func(e *calendar.EventInput) {
		e.Title, e.Visibility, e.About = lang.Text{CA: title}, visibility, []id.ID{w.field()}
	})
}

func global(event id.ID) string { return node.Event.Global(event) }

// settled waits until all that was written is in the feeds.
func (w *world) settled() {
	w.Helper()
	w.hub.Settled(w.T)
}

// do carries a mutation out and fails on any error of it.
func (w *world) do(by somebody, name, input, fields string, variables in) map[string]any {
	w.Helper()
	payload, errs := w.try(by, name, input, fields, variables)
	if len(errs) > 0 {
		w.Fatalf("%s of %v: %v", name, variables, errs)
	}
	return payload
}

// try carries a mutation out and returns its payload and the codes against it.
func (w *world) try(by somebody, name, input, fields string, variables in) (map[string]any, []string) {
	w.Helper()
	a := w.hub.Query(w.T, by.token, fmt.Sprintf(`mutation($in: %s!) { %s(input: $in) { %s errors { code path } } }`, input, name, fields), in{"in": variables})
	var codes []string
	for _, e := range a.Errors {
		codes = append(codes, fmt.Sprint(at(e, "extensions.code")))
	}
	payload, _ := a.Data[name].(map[string]any)
	if payload == nil {
		return nil, codes
	}
	for _, e := range payload["errors"].([]any) {
		codes = append(codes, fmt.Sprint(at(e, "code")))
	}
	return payload, codes
}

// watch begins to watch a thing once what happened before is behind the horizon:
// a transaction open elsewhere in the cluster would put it into the inbox.
func (w *world) watch(by somebody, of string) {
	w.Helper()
	w.settled()
	w.do(by, "watchSet", "WatchSetInput", "watching", in{"node": of, "watching": true})
}

// comment says something and returns its identifier.
func (w *world) comment(by somebody, of, text, audience string) string {
	w.Helper()
	p := w.do(by, "commentAdd", "CommentAddInput", "comment { id }", in{"node": of, "text": text, "audience": audience})
	return at(p, "comment.id").(string)
}

// at is a value inside an answer; nil where the way ends.
func at(value any, path string) any {
	for _, step := range strings.Split(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil || n >= len(v) {
				return nil
			}
			value = v[n]
		default:
			return nil
		}
	}
	return value
}

const (
	feedQuery = `query($of: FeedRef!, $first: Int, $after: String) { feed(of: $of, first: $first, after: $after) { head
		nodes { cursor kind text node { id ... on Event { title } } actor { title } comment { text } } pageInfo { hasNextPage endCursor } } }`
	feedChanges = `subscription($of: FeedRef!, $after: String) { feedChanges(of: $of, after: $after) { cursor state
		items { cursor kind text node { id ... on Event { title } } comment { text } } } }`
	inboxQuery = `query($first: Int, $after: String) { inbox { unread items(first: $first, after: $after) { head
		nodes { cursor sort read item { kind text node { id ... on Event { title } } comment { text } } } pageInfo { hasNextPage endCursor } } } }`
	inboxChanges = `subscription($after: String) { inboxChanges(after: $after) { cursor state unread
		items { cursor sort read item { kind node { ... on Event { title } } comment { text } } } } }`
)

// feedPart is what the tests look at of a page or message.
type feedPart struct {
	Head, Cursor string
	State        bool
	Nodes, Items []feedItem
	PageInfo     struct {
		HasNextPage bool
		EndCursor   string
	}
}

type feedItem struct {
	Cursor, Kind, Text string
	Node               *struct{ ID, Title string }
	Comment            *struct{ Text *string }
}

func (i feedItem) String() string {
	if i.Node == nil {
		return i.Kind + " of something unseen"
	}
	return i.Kind + " " + i.Node.Title
}

func (w *world) feed(by somebody, of in, first int, after any) feedPart {
	w.Helper()
	b, err := json.Marshal(w.hub.Must(w.T, by.token, feedQuery, in{"of": of, "first": first, "after": after})["feed"])
	w.ok(err)
	var part feedPart
	w.ok(json.Unmarshal(b, &part))
	return part
}

// told are the items, oldest first, without those about other things.
func told(items []feedItem, about ...string) []string {
	out := []string{}
	for _, i := range items {
		for _, title := range about {
			if i.Node != nil && i.Node.Title == title {
				out = append(out, i.String())
			}
		}
	}
	return out
}

func backwards(items []feedItem) []feedItem {
	out := make([]feedItem, len(items))
	for i, x := range items {
		out[len(items)-1-i] = x
	}
	return out
}

// change reads a message of a feed.
func (w *world) change(stream *hubtest.Stream) feedPart {
	w.Helper()
	payload := stream.Next()
	var m struct {
		Data   struct{ FeedChanges *feedPart }
		Errors []any
	}
	if err := json.Unmarshal(payload, &m); err != nil || m.Data.FeedChanges == nil || len(m.Errors) > 0 {
		w.Fatalf("no change of a feed: %s", payload)
	}
	return *m.Data.FeedChanges
}

// inboxPart is what the tests look at of the inbox.
type inboxPart struct {
	Cursor string
	State  bool
	Unread int
	Items  []inboxItem
}

type inboxItem struct {
	Cursor, Sort string
	Read         bool
	Item         feedItem
}

func (i inboxItem) String() string { return i.Sort + " " + i.Item.String() }

func says(items []inboxItem) []string {
	out := []string{}
	for _, i := range items {
		out = append(out, i.String())
	}
	return out
}

// inbox reads the newest items and the count.
func (w *world) inbox(by somebody) inboxPart {
	w.Helper()
	answer := w.hub.Must(w.T, by.token, inboxQuery, in{"first": 50})["inbox"]
	b, err := json.Marshal(in{"unread": at(answer, "unread"), "items": at(answer, "items.nodes"), "cursor": at(answer, "items.head")})
	w.ok(err)
	var part inboxPart
	w.ok(json.Unmarshal(b, &part))
	return part
}

func (w *world) inboxChange(stream *hubtest.Stream) inboxPart {
	w.Helper()
	payload := stream.Next()
	var m struct {
		Data   struct{ InboxChanges *inboxPart }
		Errors []any
	}
	if err := json.Unmarshal(payload, &m); err != nil || m.Data.InboxChanges == nil || len(m.Errors) > 0 {
		w.Fatalf("no change of an inbox: %s", payload)
	}
	return *m.Data.InboxChanges
}
