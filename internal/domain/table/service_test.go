package table

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func errorsIs(err, target error) bool { return errors.Is(err, target) }

// room is a table of an association with members, and who organises it.
type room struct {
	testing.TB
	db      *postgres.DB
	service *Service
	chair   *access.Viewer
	home    id.ID
	bodies  []id.ID
	table   id.ID
}

func newRoom(t testing.TB, members int, change func(*Spec)) *room {
	t.Helper()
	r := &room{TB: t, db: pgtest.New(t)}
	r.service = New(r.db)
	r.home = r.body("Convocant")
	person := r.person()
	r.chair = &access.Viewer{Person: person, Lang: lang.CA, Home: []id.ID{r.home}, Administers: []id.ID{r.home}}
	spec := Spec{Convenor: r.home, Kind: CrossCutting, Title: lang.Text{CA: "Taula"}, Visibility: access.Members, Inside: access.Members, Rules: DefaultRules()}
	if change != nil {
		change(&spec)
	}
	var err error
	if r.table, err = r.service.Create(t.Context(), r.chair, spec, ""); err != nil {
		t.Fatal(err)
	}
	for i := range members {
		r.bodies = append(r.bodies, r.body(fmt.Sprintf("Membre %02d", i)))
		from := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
		r.ok(r.service.AddMember(t.Context(), r.chair, r.table, r.bodies[i], Full, &from, nil, ""))
	}
	return r
}

func (r *room) ok(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *room) id(v id.ID, err error) id.ID {
	r.Helper()
	r.ok(err)
	return v
}

func (r *room) register(n node.Node) id.ID {
	r.Helper()
	r.ok(r.db.InTx(r.Context(), func(ctx context.Context, tx *postgres.Tx) error { return node.Register(ctx, tx, n) }))
	return n.ID
}

func (r *room) body(name string) id.ID {
	return r.register(node.Node{ID: id.New(), Kind: node.Association, Title: lang.Text{CA: name}})
}

func (r *room) person() id.ID {
	return r.register(node.Node{ID: id.New(), Kind: node.Person, Visibility: access.Organisers})
}

// running is a session that was held on paper and is being recorded, with a topic.
func (r *room) running() (session, item id.ID) {
	r.Helper()
	at := time.Now().Add(-24 * time.Hour)
	session = r.id(r.service.RecordSession(r.Context(), r.chair, r.table, SessionSpec{StartsAt: &at}, false, ""))
	r.id(r.service.AddItem(r.Context(), r.chair, r.table, session, ItemSpec{Title: lang.Text{CA: "Un punt"}}, ""))
	items, err := ItemsOf(r.Context(), r.db.Read(), r.chair, []id.ID{session})
	r.ok(err)
	of := items[session]
	return session, of[len(of)-1].ID
}

// TestQuorumLive holds the service to the counting rule while organisations come
// and go at random: a resolution is adopted if and only if enough are there.
func TestQuorumLive(t *testing.T) {
	const members = 5
	r := newRoom(t, members, func(s *Spec) { s.Rules.QuorumFirst, s.Rules.QuorumLeast = MoreThanHalf, 1 })
	session, item := r.running()
	here := map[int]bool{}
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 4).Draw(rt, "steps") {
			who, as := rapid.IntRange(0, members-1).Draw(rt, "who"), rapid.SampledFrom([]CameAs{AsDelegate, AsSubstitute}).Draw(rt, "as")
			here[who] = rapid.Bool().Draw(rt, "comes")
			r.id(r.service.Attend(r.Context(), r.chair, r.table, session, r.bodies[who], here[who], as, ""))
		}
		present := 0
		for _, is := range here {
			if is {
				present++
			}
		}
		_, err := r.service.Adopt(r.Context(), r.chair, r.table, item, AdoptSpec{Kind: Task, Text: lang.Text{CA: "Una tasca"}}, "")
		if quorate := present >= 3; (err == nil) != quorate || err != nil && !errors.Is(err, ErrNoQuorum) {
			rt.Fatalf("%d of %d are there: %v", present, members, err)
		}
	})
}

// TestSessionNumbers: the numbers of a session's own stream have no gap at any
// level, whatever is told where.
func TestSessionNumbers(t *testing.T) {
	r := newRoom(t, 3, nil)
	first, item := r.running()
	second, other := r.running()
	for i := range 6 {
		r.id(r.service.Attend(r.Context(), r.chair, r.table, []id.ID{first, second}[i%2], r.bodies[i%3], true, AsDelegate, ""))
	}
	r.id(r.service.CloseItem(r.Context(), r.chair, r.table, item, OutcomeInformation, lang.Text{}, ""))
	r.id(r.service.CloseItem(r.Context(), r.chair, r.table, other, OutcomeInformation, lang.Text{}, ""))
	r.id(r.service.DraftMinutes(r.Context(), r.chair, r.table, first, lang.CA, ""))
	r.id(r.service.CirculateMinutes(r.Context(), r.chair, r.table, first, ""))
	for _, session := range []id.ID{first, second} {
		rows, err := r.db.Read().Query(t.Context(), `
			select j.level, (j.data->'numbers')::text from journal j where j.node = $1 and j.data->>'session' = $2::text order by j.n4`, r.table, session.String())
		r.ok(err)
		var heads [access.Levels]int64
		for rows.Next() {
			var level access.Level
			var text string
			r.ok(rows.Scan(&level, &text))
			var numbers [access.Levels]int64
			_, err := fmt.Sscanf(strings.NewReplacer("[", "", "]", "", ",", "").Replace(text), "%d %d %d %d %d", &numbers[0], &numbers[1], &numbers[2], &numbers[3], &numbers[4])
			r.ok(err)
			for l := range numbers {
				if sees := access.Level(l) >= level; sees != (numbers[l] > 0) || sees && numbers[l] != heads[l]+1 {
					t.Errorf("a fact of level %v has the number %d at level %d, after %d", level, numbers[l], l, heads[l])
				}
				heads[l] = max(heads[l], numbers[l])
			}
		}
		r.ok(rows.Err())
		found, err := SessionsByIDs(t.Context(), r.db.Read(), r.chair, []id.ID{session})
		r.ok(err)
		for l, head := range found[0].Heads {
			if head != heads[l] {
				t.Errorf("the session says %d at level %d, its facts %d", head, l, heads[l])
			}
		}
	}
}

// TestSeatsAreWalled: without the right, row-level security shows no seat and no
// name, whatever the query forgets; with it, both.
func TestSeatsAreWalled(t *testing.T) {
	r := newRoom(t, 1, nil)
	r.id(r.service.SetSeat(t.Context(), r.chair, r.table, SeatSpec{Organisation: r.bodies[0], Position: Delegate, Name: "Nom Inventat", Mail: "nom@example.org"}, ""))
	for name, c := range map[string]struct {
		viewer *access.Viewer
		seats  int
	}{
		"organiser": {r.chair, 1}, "member": {&access.Viewer{Person: r.person(), Member: []id.ID{r.table}}, 1},
		"stranger": {&access.Viewer{Person: r.person(), Home: []id.ID{r.body("Aliena")}}, 0}, "nobody": {access.Anonymous(lang.CA), 0},
	} {
		q := postgres.Personal(r.db.Read(), c.viewer)
		for _, sql := range []string{`select count(*) from table_seats`, `select count(*) from person_names`} {
			var n int
			r.ok(q.QueryRow(t.Context(), sql).Scan(&n))
			if n != c.seats {
				t.Errorf("%s: %s gives %d, want %d", name, sql, n, c.seats)
			}
		}
		found, err := SeatsOf(t.Context(), r.db.Read(), c.viewer, []id.ID{r.table})
		r.ok(err)
		if len(found[r.table]) != c.seats || c.seats == 1 && *found[r.table][0].Name != "Nom Inventat" {
			t.Errorf("%s reads %v", name, found)
		}
	}
}

// TestErase takes a person off every table: by account and by an address they
// have proven. The organisation stays a member.
func TestErase(t *testing.T) {
	r := newRoom(t, 2, nil)
	r.id(r.service.SetSeat(t.Context(), r.chair, r.table, SeatSpec{Organisation: r.bodies[0], Position: Delegate, Name: "Nom Esborrable", Mail: "Esborrable@example.org"}, ""))
	r.id(r.service.SetSeat(t.Context(), r.chair, r.table, SeatSpec{Organisation: r.bodies[1], Position: Delegate, Name: "Qui Es Queda"}, ""))
	who := personal.Subject{ID: r.person(), Mails: []string{"esborrable@example.org"}}
	tables, err := r.service.Export(t.Context(), r.db.Read(), who)
	r.ok(err)
	if got := fmt.Sprint(tables[0].Rows); !strings.Contains(got, "Nom Esborrable") || strings.Contains(got, "Qui Es Queda") {
		t.Errorf("the copy has %s", got)
	}
	for range 2 { // it can be repeated
		_, err = r.service.Erase(t.Context(), r.chair, who)
		r.ok(err)
	}
	var names string
	r.ok(postgres.Hub(r.db.Read()).QueryRow(t.Context(), `select string_agg(name, ', ') from person_names`).Scan(&names))
	if names != "Qui Es Queda" {
		t.Errorf("left are %s", names)
	}
	members, err := MembersOf(t.Context(), r.db.Read(), r.chair, []id.ID{r.table}, nil)
	r.ok(err)
	if len(members[r.table]) != 2 {
		t.Errorf("%d members are left", len(members[r.table]))
	}
}

// TestHoldings: what hangs on an entry of an organisation moves to the other when
// the two are merged.
func TestHoldings(t *testing.T) {
	r := newRoom(t, 3, nil)
	session, item := r.running()
	for _, body := range r.bodies {
		r.id(r.service.Attend(t.Context(), r.chair, r.table, session, body, true, AsDelegate, ""))
	}
	r.id(r.service.Adopt(t.Context(), r.chair, r.table, item, AdoptSpec{Kind: Task, Text: lang.Text{CA: "Seva"}, Responsible: r.bodies[0], Named: []Vote{{Organization: r.bodies[0], Choice: For}}}, ""))
	into := r.body("L'altra entrada")
	topics, err := Holdings{}.Topics(t.Context(), r.db.Read(), r.bodies[0])
	r.ok(err)
	if len(topics) != 1 || topics[0] != r.table {
		t.Fatalf("hangs on %v", topics)
	}
	r.ok(r.db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Native().Exec(ctx, `select from topics where node = $1 for no key update`, r.table); err != nil {
			return err
		}
		return Holdings{}.Move(ctx, tx, r.chair, r.bodies[0], into)
	}))
	found, err := ListResolutions(t.Context(), r.db.Read(), r.chair, Promises{Responsible: []id.ID{into}}, page.Args{First: 10})
	r.ok(err)
	attendance, err := AttendanceOf(t.Context(), r.db.Read(), r.chair, []id.ID{session})
	r.ok(err)
	moved := 0
	for _, a := range attendance[session] {
		if a.Organization == into {
			moved++
		}
	}
	if len(found.Nodes) != 1 || moved != 1 {
		t.Errorf("%d resolutions and %d attendances moved", len(found.Nodes), moved)
	}
}

// TestPersonHoldings: a record that turns out to be somebody sits and answers for
// nothing any more; the person does, and what others have stays theirs.
func TestPersonHoldings(t *testing.T) {
	r := newRoom(t, 2, nil)
	known := func() id.ID {
		return r.register(node.Node{ID: id.New(), Kind: node.Person, Home: r.home, Visibility: access.Organisers})
	}
	record, person, other := known(), known(), known()
	for i, who := range []id.ID{record, other} {
		r.id(r.service.SetSeat(t.Context(), r.chair, r.table, SeatSpec{Organisation: r.bodies[i], Position: Delegate, Person: who}, ""))
	}
	session, item := r.running()
	for _, body := range r.bodies {
		r.id(r.service.Attend(t.Context(), r.chair, r.table, session, body, true, AsDelegate, ""))
	}
	for _, who := range []id.ID{record, other} {
		r.id(r.service.Adopt(t.Context(), r.chair, r.table, item, AdoptSpec{Kind: Task, Text: lang.Text{CA: "Seva"}, Person: who}, ""))
	}
	r.ok(r.db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		moved, err := Holdings{}.MovePerson(ctx, tx, record, person)
		if !moved {
			t.Error("nothing was moved")
		}
		return err
	}))
	for what, sql := range map[string]string{
		"seats": `select count(*) from table_seats where person = $1`, "resolutions": `select count(*) from table_resolution_people where person = $1`,
	} {
		for who, want := range map[id.ID]int{record: 0, person: 1, other: 1} {
			var n int
			r.ok(postgres.Hub(r.db.Read()).QueryRow(t.Context(), sql, who).Scan(&n))
			if n != want {
				t.Errorf("%d %s, want %d", n, what, want)
			}
		}
	}
}

// TestKeys: a command sent twice with one key takes effect once.
func TestKeys(t *testing.T) {
	r := newRoom(t, 1, nil)
	spec := SessionSpec{Title: &lang.Text{CA: "Una"}}
	a := r.id(r.service.CreateSession(t.Context(), r.chair, r.table, spec, "una clau"))
	b := r.id(r.service.CreateSession(t.Context(), r.chair, r.table, spec, "una clau"))
	if a != b {
		t.Error("one key made two sessions")
	}
}

// TestMinutesInThreeLanguages: the same facts, in each.
func TestMinutesInThreeLanguages(t *testing.T) {
	r := newRoom(t, 2, nil)
	session, item := r.running()
	for _, body := range r.bodies {
		r.id(r.service.Attend(t.Context(), r.chair, r.table, session, body, true, AsSubstitute, ""))
	}
	r.id(r.service.Adopt(t.Context(), r.chair, r.table, item, AdoptSpec{Kind: Decision, Text: lang.Text{CA: "Obrir el local"}}, ""))
	for l, said := range map[lang.Lang][]string{
		lang.CA: {"Acta: Taula. Sessió 1", "amb substitut/a", "Acord 1 (per assentiment): Obrir el local", "Quòrum: 2 de 2 (calen 2)."},
		lang.ES: {"Acta: Taula. Sesión 1", "con sustituto/a", "Acuerdo 1 (por asentimiento): Obrir el local", "Quórum: 2 de 2 (hacen falta 2)."},
		lang.EN: {"Minutes: Taula. Session 1", "with a substitute", "Decision 1 (by assent): Obrir el local", "Quorum: 2 of 2 (needed 2)."},
	} {
		text, err := r.service.Preview(t.Context(), r.chair, session, l)
		r.ok(err)
		for _, s := range said {
			if !strings.Contains(text, s) {
				t.Errorf("in %s it does not say %q:\n%s", l, s, text)
			}
		}
	}
	stranger := &access.Viewer{Person: r.person()}
	if text, err := r.service.Preview(t.Context(), stranger, session, lang.CA); err != nil || text != "" {
		t.Errorf("a stranger reads %q, %v", text, err)
	}
}
