package project_test

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// in are the variables of an operation.
type in = map[string]any

// canary stands in what must not be told.
const canary = "CANARI-SECRET"

// reader is who asks; the zero one is nobody.
type reader struct{ name, token string }

var anonymous = reader{name: "anonymous"}

// world is a hub with Terrassa, two associations of it and people. The officer
// answers for the town; the reps for their associations; the neighbour is an
// officer of another town, the coordinator one of the provincial council, the
// admin administers the platform.
type world struct {
	*testing.T
	hub                                     *hubtest.Hub
	officer, technician, rep, otherRep      reader
	neighbour, coordinator, admin, stranger reader
	town, club, otherClub                   string // public identifiers
	names                                   map[string]string
}

func newWorld(t *testing.T, c hubtest.Config) *world {
	t.Helper()
	h := hubtest.Start(t, c)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the hub logged:\n%s", h.Logs)
		}
	})
	w := &world{T: t, hub: h, town: node.Municipality.Global(hubtest.Terrassa), names: map[string]string{}}
	club, other := h.Association(t, "Entitat Una"), h.Association(t, "Entitat Dues")
	w.club, w.otherClub = node.Association.Global(club), node.Association.Global(other)
	w.officer = w.person("officer", hubtest.Terrassa, directory.Officer)
	w.technician = w.person("technician", hubtest.Terrassa, directory.Technician)
	w.rep = w.person("rep", club, directory.Representative)
	w.otherRep = w.person("other rep", other, directory.Representative)
	w.neighbour = w.person("neighbour", territory.MunicipalityID("08187"), directory.Officer)
	w.coordinator = w.person("coordinator", h.Association(t, "Diputació de prova"), directory.Officer)
	w.stranger = w.person("stranger", h.Association(t, "Entitat Aliena"), directory.Delegate)
	w.admin = w.person("admin", h.Association(t, "Plataforma"), directory.Delegate)
	person, err := node.ParseOf(w.names["admin"], node.Person)
	if err != nil {
		t.Fatal(err)
	}
	w.exec(`insert into accounts (person, mail, admin) values ($1, 'admin@example.org', true)
		on conflict (person) do update set admin = true`, person)
	w.call(w.town, "terrassa")
	w.call(w.club, "club")
	w.call(w.otherClub, "other club")
	return w
}

func (w *world) person(name string, body id.ID, role directory.ActingRole) reader {
	w.Helper()
	person := w.hub.Person(w, "Persona "+name, body, role)
	w.names[name] = node.Person.Global(person)
	return reader{name: name, token: w.hub.Token(person)}
}

func (w *world) exec(sql string, args ...any) {
	w.Helper()
	err := w.hub.DB.InTx(context.Background(), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := postgres.Hub(tx.Native()).Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
}

// call gives an identifier a name under which it stands in expected answers.
func (w *world) call(global, name string) string {
	w.names[name] = global
	return global
}

// ask sends an operation that has to work and gives what stands at the path.
func (w *world) ask(who reader, query string, variables in, path string) string {
	w.Helper()
	a := w.hub.Query(w, who.token, query, variables)
	if len(a.Errors) > 0 || bytes.Contains(a.Body, []byte(`"errors":[{`)) {
		w.Fatalf("%s: %s\nanswered %d %s", who.name, query, a.Status, a.Body)
	}
	if path == "" {
		return ""
	}
	return at(w, a.Data, path)
}

// want sends an operation and compares the whole answer: the data, or the errors
// where there are none. Identifiers that have names stand under them; moments,
// cursors and references are left out.
func (w *world) want(who reader, query string, variables in, want string) {
	w.Helper()
	a := w.hub.Query(w, who.token, query, variables)
	if diff := cmp.Diff(w.plain([]byte(want)), w.plain(w.named(a.Body))); diff != "" {
		w.Errorf("%s: %s %v\n(-want +got):\n%s", who.name, query, variables, diff)
	}
}

// refused sends an operation and wants it refused with a code, at the top or in
// its payload.
func (w *world) refused(who reader, query string, variables in, code string) {
	w.Helper()
	a := w.hub.Query(w, who.token, query, variables)
	if got := codes.FindSubmatch(a.Body); got == nil || string(got[1]) != code {
		w.Errorf("%s: %s %v\nanswered %s, not %s", who.name, query, variables, a.Body, code)
	}
}

var (
	codes    = regexp.MustCompile(`"code":"([A-Z_]+)"`)
	changing = regexp.MustCompile(`"(cursor|startCursor|endCursor|reference|at|closedAt|addedAt|revision|expiresAt|joinedAt)":"[^"]*"`)
)

func (w *world) named(answer []byte) []byte {
	for name, global := range w.names {
		answer = bytes.ReplaceAll(answer, []byte(global), []byte("<"+name+">"))
	}
	return changing.ReplaceAll(answer, []byte(`"$1":"<$1>"`))
}

// plain is JSON as values, so that spaces and order of fields do not matter.
func (w *world) plain(text []byte) any {
	w.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		w.Fatalf("not JSON: %s", text)
	}
	return v
}

// at is the text of what stands at a path such as "event.id" or "nodes.0.title".
func at(t testing.TB, data any, path string) string {
	t.Helper()
	for _, step := range strings.Split(path, ".") {
		switch v := data.(type) {
		case map[string]any:
			data = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				t.Fatalf("no %s in %v", path, v)
			}
			data = v[i]
		}
	}
	if s, ok := data.(string); ok {
		return s
	}
	b, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

const (
	createProject = `mutation($in: SharedProjectCreateInput!) { sharedProjectCreate(input: $in) { project { id } warnings { code message } errors { code path } } }`
	moveProject   = `mutation($in: SharedProjectMoveInput!) { sharedProjectMove(input: $in) { project { state dropReason } errors { code message path } } }`
	addCommitment = `mutation($in: PartnerCommitmentAddInput!) { partnerCommitmentAdd(input: $in) { commitment { id } errors { code path } } }`
	setActivity   = `mutation($in: ProjectActivitySetInput!) { projectActivitySet(input: $in) { project { id } warnings { code path } errors { code message path } } }`
	addNote       = `mutation($in: ProjectNoteAddInput!) { projectNoteAdd(input: $in) { note { id text internal } errors { code path } } }`
	leaveProject  = `mutation($in: ProjectPartnerLeaveInput!) { projectPartnerLeave(input: $in) { project { id } errors { code message path } } }`
)

// project makes a project of Terrassa with the club, seen by its members.
func (w *world) project(change in) string {
	w.Helper()
	input := in{
		"lead": w.town, "side": "PUBLIC", "title": in{"ca": "Instituts Oberts"}, "aims": []in{{"ca": "Obrir els patis"}},
		"area": []string{w.town}, "partners": []in{{"organization": w.club, "side": "SOCIAL", "part": in{"ca": "Tallers"}}},
	}
	for k, v := range change {
		input[k] = v
	}
	return w.ask(w.officer, createProject, in{"in": input}, "sharedProjectCreate.project.id")
}
