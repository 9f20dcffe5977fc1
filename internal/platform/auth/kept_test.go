package auth_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// rightsWorld is two people, signed in on two instances each, and what they can
// be given rights to.
type rightsWorld struct {
	*world
	people [2]id.ID
	shown  [2][]auth.Shown
	guards [2]*auth.Authenticator
	bodies [3]id.ID
	things [3]id.ID
}

func newRightsWorld(t *testing.T) *rightsWorld {
	w := &rightsWorld{world: newWorld(t)}
	w.guards = [2]*auth.Authenticator{w.guard, auth.NewAuthenticator(w.db, nil, idle)}
	for i := range w.people {
		w.people[i] = w.person(fmt.Sprintf("person%d@example.org", i))
		cookie := w.browser(w.people[i], "")
		_, token, err := w.accounts.CreateToken(t.Context(), w.seen(cookie), "", auth.TokenSpec{
			Name: "programa", Scopes: []auth.Scope{auth.ScopeRead}, ExpiresAt: time.Now().Add(time.Hour),
		})
		w.want(err, "")
		w.shown[i] = []auth.Shown{{Cookie: cookie}, {Authorization: "Bearer " + token}}
	}
	for i := range w.bodies {
		w.bodies[i], w.things[i] = w.node(node.Association), w.node(node.Event)
	}
	return w
}

func (w *rightsWorld) node(kind node.Kind) id.ID {
	made := id.New()
	w.exec(`insert into nodes (id, kind, title_ca) values ($1, $2, 'Cosa')`, made, kind)
	return made
}

// step changes something that rights follow from, or something beside it.
type step struct {
	name string
	do   func(w *rightsWorld, r *rapid.T)
}

func pick(r *rapid.T, of []id.ID, what string) id.ID {
	return of[rapid.IntRange(0, len(of)-1).Draw(r, what)]
}

// days are ranges of days around today.
var days = []string{
	"[,)", "[2000-01-01,)", "[,today]", "[today,today]", "[,yesterday]", "[tomorrow,)", "[yesterday,tomorrow]",
}

const dayRange = `(select daterange(%s) from (select (now() at time zone 'Europe/Madrid')::date as today) d)`

func drawDays(r *rapid.T) string {
	text := rapid.SampledFrom(days).Draw(r, "days")
	low, high, _ := strings.Cut(strings.Trim(text, "[])"), ",")
	bound := func(of string) string {
		switch of {
		case "":
			return "null"
		case "today", "yesterday", "tomorrow":
			return map[string]string{"today": "today", "yesterday": "today - 1", "tomorrow": "today + 1"}[of]
		}
		return "date '" + of + "'"
	}
	return fmt.Sprintf(dayRange, bound(low)+", "+bound(high)+", '["+text[len(text)-1:]+"'")
}

// relate adds an edge where there is none like it at that time.
func (w *rightsWorld) relate(r *rapid.T, kind, role string, from, to id.ID) {
	w.exec(`insert into edges (id, kind, source, target, role, valid)
		select $1::uuid, $2::text, $3::uuid, $4::uuid, $5::text, n.valid from (select `+drawDays(r)+` as valid) n
		where $3::uuid <> $4::uuid and not exists (select from edges e where e.kind = $2 and e.source = $3 and e.target = $4 and e.role = $5 and e.valid && n.valid)`,
		id.New(), kind, from, to, role)
}

func rightsSteps() []step {
	return []step{
		{"somebody acts for a body", func(w *rightsWorld, r *rapid.T) {
			role := rapid.SampledFrom([]string{"REPRESENTATIVE", "OFFICER", "MEMBER"}).Draw(r, "role")
			w.relate(r, "acts_for", role, pick(r, w.people[:], "who"), pick(r, w.bodies[:], "body"))
		}},
		{"somebody gets a role", func(w *rightsWorld, r *rapid.T) {
			role := rapid.SampledFrom([]string{"MEMBER", "ORGANISER", "CHECK_IN"}).Draw(r, "role")
			w.relate(r, "has_role", role, pick(r, w.people[:], "who"), pick(r, w.things[:], "thing"))
		}},
		{"a body takes part", func(w *rightsWorld, r *rapid.T) {
			kind := rapid.SampledFrom([]string{"member_of", "leads", "collaborates_in", "organises"}).Draw(r, "kind")
			role := rapid.SampledFrom([]string{"", "CO", "LEAD"}).Draw(r, "role")
			w.relate(r, kind, role, pick(r, w.bodies[:], "body"), pick(r, w.things[:], "thing"))
		}},
		{"a relation ends or begins at another day", func(w *rightsWorld, r *rapid.T) {
			w.exec(`update edges e set valid = n.valid from (select `+drawDays(r)+` as valid) n
				where e.id = (select id from edges where source = $1 order by id limit 1) and not exists (select from edges o where o.id <> e.id and o.kind = e.kind and o.source = e.source
				  and o.target = e.target and o.role = e.role and o.valid && n.valid)`, w.anybody(r))
		}},
		{"a role becomes another", func(w *rightsWorld, r *rapid.T) {
			w.exec(`update edges e set role = $2 where e.source = $1 and e.role <> $2 and not exists (select from edges o
				where o.id <> e.id and o.kind = e.kind and o.source = e.source and o.target = e.target)`,
				w.anybody(r), rapid.SampledFrom([]string{"CO", "LEAD", "ORGANISER", "OFFICER"}).Draw(r, "role"))
		}},
		{"a relation is taken out", func(w *rightsWorld, r *rapid.T) {
			w.exec(`delete from edges where source = $1 and target = $2`, w.anybody(r), pick(r, slices.Concat(w.bodies[:], w.things[:]), "to"))
		}},
		{"a body is merged into another", func(w *rightsWorld, r *rapid.T) {
			from, to := pick(r, w.bodies[:], "from"), pick(r, w.bodies[:], "to")
			w.exec(`update edges e set source = $2 where source = $1 and target <> $2 and not exists (select from edges o
				where o.kind = e.kind and o.source = $2 and o.target = e.target and o.role = e.role)`, from, to)
			w.exec(`update edges e set target = $2 where target = $1 and source <> $2 and not exists (select from edges o
				where o.kind = e.kind and o.target = $2 and o.source = e.source and o.role = e.role)`, from, to)
		}},
		{"the glass is broken", func(w *rightsWorld, r *rapid.T) {
			w.exec(`insert into glass_breaks (id, node, person, reason, until) values ($1, $2, $3, 'Una prova llarga.', now() + interval '20 minutes')`,
				id.New(), pick(r, w.things[:], "thing"), pick(r, w.people[:], "who"))
		}},
		{"the half hour is over", func(w *rightsWorld, r *rapid.T) {
			w.exec(`delete from glass_breaks where person = $1`, pick(r, w.people[:], "who"))
		}},
		{"a version rises", func(w *rightsWorld, r *rapid.T) {
			who := pick(r, w.people[:], "who")
			w.tx(func(ctx context.Context, tx *postgres.Tx) error { return auth.Bump(ctx, tx, who) })
		}},
		{"changes are drawn together", func(w *rightsWorld, _ *rapid.T) { w.want(auth.Maintain(w.Context(), w.db), "") }},
		{"an account is closed", func(w *rightsWorld, r *rapid.T) {
			w.exec(`update accounts set disabled_at = now() where person = $1`, pick(r, w.people[:], "who"))
		}},
		{"accounts are open again", func(w *rightsWorld, _ *rapid.T) { w.exec(`update accounts set disabled_at = null`) }},
		{"a thing is no more", func(w *rightsWorld, r *rapid.T) {
			i := rapid.IntRange(0, len(w.things)-1).Draw(r, "thing")
			w.exec(`delete from nodes where id = $1`, w.things[i])
			w.things[i] = w.node(node.Event)
		}},
	}
}

func (w *rightsWorld) anybody(r *rapid.T) id.ID {
	return pick(r, slices.Concat(w.people[:], w.bodies[:]), "whose")
}

// rightsOf writes a viewer's rights so that they can be compared.
func rightsOf(v *access.Viewer) string {
	if v == nil || !v.SignedIn() {
		return "nobody"
	}
	sorted := func(ids []id.ID) []string {
		texts := make([]string, len(ids))
		for i, v := range ids {
			texts[i] = v.String()[24:]
		}
		slices.Sort(texts)
		return slices.Compact(texts)
	}
	return fmt.Sprintf("%s home %v administers %v member %v organises %v check-in %v version %d until %v admin %v", v.Person,
		sorted(v.Home), sorted(v.Administers), sorted(v.Member), sorted(v.Organises), sorted(v.CheckIn), v.Version, v.Until.UTC(), v.Admin)
}

// differ compares what each instance says to each way of signing in, to all at once
// and to each alone, with what the statement says that keeps nothing.
func (w *rightsWorld) differ() string {
	var all []auth.Shown
	var want []string
	for i, person := range w.people {
		rights := "nobody"
		if v, err := auth.Viewer(w.Context(), w.db.Read(), person, lang.EN); err == nil {
			rights = rightsOf(v)
		}
		for _, shown := range append(w.shown[i], auth.Shown{Cookie: "of nobody"}) {
			all, want = append(all, shown), append(want, rights)
		}
		want[len(want)-1] = "nobody"
	}
	for n, guard := range w.guards {
		for how, v := range guard.FindTogether(w.Context(), all) {
			if got := rightsOf(v); got != want[how] {
				return fmt.Sprintf("instance %d, way %d of all at once:\n%s, want\n%s", n, how, got, want[how])
			}
		}
		for how, shown := range all {
			v, err := guard.Find(w.Context(), shown)
			if err != nil {
				v = nil
			}
			if got := rightsOf(v); got != want[how] {
				return fmt.Sprintf("instance %d, way %d:\n%s, want\n%s", n, how, got, want[how])
			}
		}
	}
	return ""
}

// TestKeptRightsAreTheRights: whatever changes, the very next request has the
// rights that hold now, on every instance and however somebody signed in.
func TestKeptRightsAreTheRights(t *testing.T) {
	t.Parallel()
	w := newRightsWorld(t)
	steps := rightsSteps()
	rapid.Check(t, func(r *rapid.T) {
		for range rapid.IntRange(1, 6).Draw(r, "steps") {
			s := steps[rapid.IntRange(0, len(steps)-1).Draw(r, "step")]
			s.do(w, r)
			if said := w.differ(); said != "" {
				r.Fatalf("after %s: %s", s.name, said)
			}
		}
	})
	for _, guard := range w.guards {
		if hits, misses := guard.Kept(); hits == 0 || misses == 0 {
			t.Errorf("%d kept, %d read: one of the two was not looked at", hits, misses)
		}
	}
}

// TestRightsThatNobodyNotedDiffer is the negative control: without the triggers,
// what is kept is not what holds.
func TestRightsThatNobodyNotedDiffer(t *testing.T) {
	t.Parallel()
	w := newRightsWorld(t)
	grant := func(to id.ID) {
		w.exec(`insert into edges (id, kind, source, target, role) values ($1, 'has_role', $2, $3, 'MEMBER')`, id.New(), w.people[0], to)
	}
	if said := w.differ(); said != "" {
		t.Fatal(said)
	}
	grant(w.things[0])
	if said := w.differ(); said != "" {
		t.Fatal(said)
	}
	as(t, w.database.Owner, `alter table edges disable trigger edges_rights_added`)
	grant(w.things[1])
	if w.differ() == "" {
		t.Error("a grant that nobody noted was seen: the test above finds nothing")
	}
}

// TestKeptRightsEndWithTheDay: rights of the day before are read again.
func TestKeptRightsEndWithTheDay(t *testing.T) {
	t.Parallel()
	w := newRightsWorld(t)
	still := func(day string) (still bool) {
		t.Helper()
		err := w.db.Read().QueryRow(t.Context(), `select still from who_ask('{null}', '{null}', array[$1::uuid], null, array[$1::uuid],
			array[(now() at time zone 'Europe/Madrid')::date + $2::int], array[(select changes from rights_of($1))], '{}', '{1}', '{0}')`, w.people[0], day).Scan(&still)
		if err != nil {
			t.Fatal(err)
		}
		return still
	}
	if !still("0") || still("-1") || still("1") {
		t.Errorf("kept rights hold today %v, the day after %v, the day before %v", still("0"), still("-1"), still("1"))
	}
}

// TestChangesAreDrawnTogether: many rows become one, and their sum stays.
func TestChangesAreDrawnTogether(t *testing.T) {
	t.Parallel()
	w := newRightsWorld(t)
	for range 10 {
		w.exec(`insert into edges (id, kind, source, target) values ($1, 'member_of', $2, $3)`, id.New(), w.bodies[0], w.node(node.Event))
	}
	sum := func() (n int64, total int64) {
		err := w.db.Read().QueryRow(t.Context(), `select count(*), sum(weight)::bigint from rights_changes where subject = $1`, w.bodies[0]).Scan(&n, &total)
		if err != nil {
			t.Fatal(err)
		}
		return n, total
	}
	rows, before := sum()
	w.want(auth.Maintain(t.Context(), w.db), "")
	if left, after := sum(); rows != 10 || left != 1 || after != before {
		t.Errorf("%d rows of together %d became %d of %d", rows, before, left, after)
	}
}
