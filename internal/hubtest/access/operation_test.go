package access_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/node"
)

// blocked holds a table, so that whoever reads it waits, until release.
func blocked(t *testing.T, d pgtest.Database, table string) (waiting func() int, release func()) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), d.Admin)
	if err != nil {
		t.Fatal(err)
	}
	look, err := pgx.Connect(t.Context(), d.Admin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = look.Close(context.Background()) })
	if _, err := conn.Exec(t.Context(), `begin; lock table `+table+` in access exclusive mode`); err != nil {
		t.Fatal(err)
	}
	release = func() { _ = conn.Close(context.Background()) }
	t.Cleanup(release)
	return func() (n int) {
		err := look.QueryRow(t.Context(), `select count(*) from pg_locks where not granted and relation = $1::regclass`, table).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}, release
}

// eventually waits for what a condition says.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(hubtest.Patience); !holds(); {
		if time.Now().After(deadline) {
			t.Fatal("never: " + what)
		}
	}
}

// TestLongReadsEndWithTheRight: names are being read, and somebody holds the
// reading up; meanwhile one of the readers loses the right to them. They get
// RIGHTS_CHANGED within a second and no name, over HTTP and on a socket; the
// others get their answer when it is there.
func TestLongReadsEndWithTheRight(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	h := hubtest.Start(t, hubtest.Config{Database: d})
	club := h.Association(t, "Entitat de prova")
	loses, stays := h.Person(t, "Anna Canària", club, directory.Delegate), h.Person(t, "Berta Canària", club, directory.Representative)
	other := h.Association(t, "Altra de prova")
	query := `query($id: ID!) { organization(by: {id: $id}) { people { person { name } } } }`
	about := map[string]any{"id": node.Association.Global(club)}
	socket := h.Socket(t, h.Token(loses))
	waiting, release := blocked(t, d, "person_names")

	type got struct {
		body   string
		status int
		at     time.Time
	}
	ask := func(person id.ID) chan got {
		answered := make(chan got, 1)
		go func() {
			a := h.Query(t, h.Token(person), query, about)
			answered <- got{string(a.Body), a.Status, time.Now()}
		}()
		return answered
	}
	lost, kept := ask(loses), ask(stays)
	stream := socket.Subscribe(query, about)
	eventually(t, "three readers wait", func() bool { return waiting() == 3 })

	v := h.Viewer(t, stays)
	err := directory.New(h.DB).EndAppointment(t.Context(), v, "", directory.AppointmentSpec{Organization: club, Person: loses, Role: directory.Delegate})
	if err != nil {
		t.Fatal(err)
	}
	// Somebody gains a right meanwhile: no reason to end.
	_, err = h.DB.Read().Exec(t.Context(), `insert into edges (id, kind, source, target, role) values ($1, 'acts_for', $2, $3, 'DELEGATE')`, id.New(), stays, other)
	if err == nil {
		_, err = h.DB.Read().Exec(t.Context(), `insert into viewer_versions (person) values ($1) on conflict (person) do update set version = viewer_versions.version + 1`, stays)
	}
	if err != nil {
		t.Fatal(err)
	}
	ended := time.Now()
	a := <-lost
	if !strings.Contains(a.body, `"RIGHTS_CHANGED"`) || strings.Contains(a.body, "Canària") {
		t.Errorf("%d %s", a.status, a.body)
	}
	t.Logf("over HTTP it took %v", a.at.Sub(ended))
	if message := string(stream.Message().Payload); !strings.Contains(message, "RIGHTS_CHANGED") || strings.Contains(message, "Canària") {
		t.Errorf("on a socket: %s", message)
	}
	select {
	case a := <-kept:
		t.Fatalf("the other was answered too: %s", a.body)
	default:
	}
	release()
	if a := <-kept; !strings.Contains(a.body, "Berta Canària") {
		t.Errorf("the other reader: %d %s", a.status, a.body)
	}
	if again := <-ask(loses); strings.Contains(again.body, "Canària") {
		t.Errorf("asked again: %s", again.body)
	}
}

// TestTwoRevocationsAtOnce: two rights are taken away between two looks of the
// watcher. Taken by the event's own fact first, that fact is the last thing seen;
// taken elsewhere first, nothing that came later is.
func TestTwoRevocationsAtOnce(t *testing.T) {
	m := newMeeting(t)
	for i := range 8 {
		m.setCoOrganisers(m.club)
		person, token := m.representative(i)
		readers := []reader{m.overSocket(m.hubs[i%2], token, i%4 < 2), m.overEvents(m.hubs[(i+1)%2], token, false)}
		for _, r := range readers {
			r.next()
		}
		m.resize(50 + i)
		first := 0
		if own := i%2 == 0; own {
			m.setCoOrganisers()
			first = m.head()
			m.resize(70 + i)
			m.endAppointment(m.hubs[0], person, directory.Representative)
		} else {
			m.endAppointment(m.hubs[0], person, directory.Representative)
			first = m.head()
			m.resize(70 + i)
			m.setCoOrganisers()
		}
		m.resize(90 + i)
		for n, r := range readers {
			last := m.drain(r)
			if last.Number > first {
				t.Errorf("round %d, reader %d: %d was seen, the first right ended at %d", i, n, last.Number, first)
			}
			if i%2 == 0 && last.Number != first {
				t.Errorf("round %d, reader %d: the last thing seen is %d, not the removal %d", i, n, last.Number, first)
			}
			if got := r.end(); got != rightsChanged {
				t.Errorf("round %d, reader %d ended with %q", i, n, got)
			}
		}
	}
}
