// Package table_test runs working tables from outside: over GraphQL, with real
// sockets, as coordinators and members meet them.
package table_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func TestMain(m *testing.M) { hubtest.Main(m) }

// in are the variables of an operation.
type in = map[string]any

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
	return nil
}

// to are the mails of a template to an address.
func (l *letters) to(template, address string) (found []mail.Message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range l.sent {
		if m.Template == template && m.To == address {
			found = append(found, m)
		}
	}
	return found
}

// world is a hub, the officers of Terrassa who convene a table, four
// organisations that sit at it, and people who have nothing to do with it.
type world struct {
	*testing.T
	hub      *hubtest.Hub
	database pgtest.Database
	box      *letters

	officer, secretary                    id.ID
	chair                                 string // token of the officer
	secretaryToken                        string
	bodies                                [4]id.ID
	people                                [4]id.ID
	tokens                                [4]string
	stranger, otherTown, provincial, boss string // tokens
}

func newWorld(t *testing.T, options ...app.Option) *world {
	t.Helper()
	w := &world{T: t, database: pgtest.URL(t), box: &letters{}}
	w.hub = w.start(options...)
	h := w.hub
	w.officer = h.Person(t, "Olga Prova", hubtest.Terrassa, directory.Officer)
	w.secretary = h.Person(t, "Sara Prova", hubtest.Terrassa, directory.Technician)
	for i := range w.bodies {
		w.bodies[i] = h.Association(t, fmt.Sprintf("Entitat Inventada %d", i+1))
		w.people[i] = h.Person(t, fmt.Sprintf("Persona Inventada %d", i+1), w.bodies[i], directory.Representative)
		w.tokens[i] = h.Token(w.people[i])
	}
	w.chair, w.secretaryToken = h.Token(w.officer), h.Token(w.secretary)
	w.stranger = h.Token(h.Person(t, "Esther Prova", h.Association(t, "Entitat Aliena"), directory.Representative))
	w.otherTown = h.Token(h.Person(t, "Berta Prova", hubtest.Barcelona, directory.Officer))
	w.provincial = h.Token(h.Person(t, "Neus Prova", w.provincialCouncil(), directory.Officer))
	admin := h.Person(t, "Ada Prova", h.Association(t, "Entitat de l'administradora"), directory.Delegate)
	w.account(admin, "admin@example.org", true)
	w.boss = h.Token(admin)
	return w
}

// start runs an instance on the world's database.
func (w *world) start(options ...app.Option) *hubtest.Hub {
	w.Helper()
	h := hubtest.Start(w.T, hubtest.Config{Database: w.database, Options: append([]app.Option{app.WithMail(w.box)}, options...)})
	w.Cleanup(func() {
		if w.Failed() {
			w.Logf("the hub logged:\n%s", h.Logs)
		}
	})
	return h
}

func (w *world) provincialCouncil() (body id.ID) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		made, err := directory.CreateMany(ctx, tx, nil, []directory.Spec{{
			Kind: node.Institution, InstitutionKind: directory.ProvincialCouncil, Title: lang.Text{CA: "Diputació de prova"}, ActsIn: []id.ID{hubtest.Terrassa},
		}})
		body = made[0]
		return err
	})
	return body
}

func (w *world) account(person id.ID, address string, admin bool) {
	w.Helper()
	_, err := postgres.Hub(w.hub.DB.Read()).Exec(w.Context(), `insert into accounts (person, mail, lang, admin) values ($1, $2, 'ca', $3)`, person, address, admin)
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) tx(do func(ctx context.Context, tx *postgres.Tx) error) {
	w.Helper()
	if err := w.hub.DB.InTx(context.Background(), do); err != nil {
		w.Fatal(err)
	}
}

func global(body id.ID) string    { return node.Association.Global(body) }
func (w *world) terrassa() string { return node.Municipality.Global(hubtest.Terrassa) }

// payload sends a mutation and returns its payload, which may hold errors.
func (w *world) payload(token, name string, input in, selection string) map[string]any {
	w.Helper()
	base := strings.ToUpper(name[:1]) + name[1:]
	query := fmt.Sprintf(`mutation($in: %sInput!) { %s(input: $in) { %s errors { __typename code message path ... on MinutesConflict { currentText currentRevision }
		... on RevisionConflict { currentRevision } } } }`, base, name, selection)
	a := w.hub.Query(w.T, token, query, in{"in": input})
	if len(a.Errors) > 0 || a.Data == nil {
		w.Fatalf("%s: %s", name, a.Body)
	}
	return a.Data[name].(map[string]any)
}

// do is payload for what has to work; it returns what stands at the path.
func (w *world) do(token, name string, input in, selection, path string) any {
	w.Helper()
	p := w.payload(token, name, input, selection)
	if errs := p["errors"].([]any); len(errs) > 0 {
		w.Fatalf("%s: %v", name, errs)
	}
	return at(w.T, p, path)
}

// refused is the code with which a mutation is refused, at the top or in its
// payload.
func (w *world) refused(token, name string, input in) string {
	w.Helper()
	base := strings.ToUpper(name[:1]) + name[1:]
	a := w.hub.Query(w.T, token, fmt.Sprintf(`mutation($in: %sInput!) { %s(input: $in) { errors { code } } }`, base, name), in{"in": input})
	if len(a.Errors) > 0 {
		return fmt.Sprint(at(w.T, a.Errors[0], "extensions.code"))
	}
	errs := a.Data[name].(map[string]any)["errors"].([]any)
	if len(errs) == 0 {
		return ""
	}
	return fmt.Sprint(at(w.T, errs, "0.code"))
}

// must is refused for a refusal that has to come.
func (w *world) mustRefuse(token, name string, input in, code string) {
	w.Helper()
	if got := w.refused(token, name, input); got != code {
		w.Errorf("%s with %.300s: %q, want %s", name, fmt.Sprint(input), got, code)
	}
}

// ask is a query that has to work; it returns what stands at the path.
func (w *world) ask(token, query string, variables in, path string) any {
	w.Helper()
	return at(w.T, w.hub.Must(w.T, token, query, variables), path)
}

// at is what stands at a path such as table.members.0.role; nil where nothing does.
func at(t testing.TB, data any, path string) any {
	t.Helper()
	if path == "" {
		return data
	}
	for _, step := range strings.Split(path, ".") {
		switch v := data.(type) {
		case map[string]any:
			data = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return nil
			}
			data = v[i]
		default:
			return nil
		}
	}
	return data
}

// same compares what was answered with JSON.
func (w *world) same(got any, want string) {
	w.Helper()
	b, err := json.Marshal(got)
	if err != nil {
		w.Fatal(err)
	}
	var wanted any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		w.Fatalf("%s: %v", want, err)
	}
	normal, err := json.Marshal(wanted)
	if err != nil {
		w.Fatal(err)
	}
	if string(b) != string(normal) {
		w.Errorf("got  %s\nwant %s", b, normal)
	}
}

// rules of the tables of tests.
func rules(change in) in {
	r := in{"quorumFirst": "MORE_THAN_HALF", "quorumSecond": "THIRD", "quorumLeast": 1, "secondCallMinutes": 30, "noticeDays": 2, "majority": "SIMPLE", "quietDays": 30}
	for k, v := range change {
		r[k] = v
	}
	return r
}

// newTable makes a table of Terrassa with the four organisations and a secretary.
func (w *world) newTable(change in) string {
	w.Helper()
	input := in{
		"convenor": w.terrassa(), "kind": "CROSS_CUTTING", "title": in{"ca": "Taula de prova"}, "visibility": "NETWORK", "inside": "MEMBERS",
		"rules": rules(nil), "filePrefix": "TP/2026", "territories": []string{w.terrassa()},
	}
	for k, v := range change {
		input[k] = v
	}
	made := w.do(w.chair, "workingTableCreate", input, "table { id }", "table.id").(string)
	for i, body := range w.bodies {
		w.do(w.chair, "tableMemberAdd", in{"table": made, "organization": global(body), "from": day(-400)}, "table { id }", "")
		w.do(w.tokens[i], "tableSeatSet", in{"table": made, "organization": global(body), "position": "DELEGATE", "person": node.Person.Global(w.people[i])}, "table { id }", "")
	}
	w.do(w.chair, "tableOfficerAppoint", in{"table": made, "person": node.Person.Global(w.secretary), "office": "SECRETARY"}, "table { id }", "")
	return made
}

// soon is a moment far enough for the notice of tests.
func soon(days int) string {
	return time.Now().AddDate(0, 0, days).UTC().Truncate(time.Hour).Format(time.RFC3339)
}

// ago is a moment in the past.
func ago(days int) string { return soon(-days) }

// day is a date in Madrid, as the hub counts days.
func day(days int) string { return table.Today(time.Now()).AddDate(0, 0, days).Format(time.DateOnly) }

// called makes and calls a session with one topic.
func (w *world) called(table string, change in) (session, item string) {
	w.Helper()
	input := in{"table": table, "startsAt": soon(7), "place": "Sala de proves"}
	for k, v := range change {
		input[k] = v
	}
	session = w.do(w.secretaryToken, "tableSessionCreate", input, "session { id }", "session.id").(string)
	agenda := w.do(w.secretaryToken, "agendaItemAdd", in{"session": session, "title": in{"ca": "Primer punt"}}, "session { agenda { id } }", "session.agenda").([]any)
	item = at(w.T, agenda[len(agenda)-1], "id").(string)
	w.do(w.secretaryToken, "tableSessionCall", in{"id": session}, "session { state }", "")
	return session, item
}

// comes notes who is there.
func (w *world) comes(session string, present bool, bodies ...int) {
	w.Helper()
	for _, i := range bodies {
		w.do(w.secretaryToken, "tableSessionAttend", in{"id": session, "organization": global(w.bodies[i]), "present": present, "cameAs": "DELEGATE"}, "session { id }", "")
	}
}

// opened opens a called session with organisations present.
func (w *world) opened(session string, bodies ...int) {
	w.Helper()
	w.do(w.secretaryToken, "tableSessionOpen", in{"id": session}, "session { id }", "")
	w.comes(session, true, bodies...)
}
