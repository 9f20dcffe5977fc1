package calendar

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/turn"
)

// wish is what somebody wants, at whichever event.
type wish struct {
	who       int
	delegates []DelegateInput
	policy    PlacesPolicy
	key       string
}

// creating is the wish as it stands in the line of an event.
func (x *venue) creating(v *access.Viewer, w wish) *creating {
	in := RegistrationInput{Event: x.event, Organisation: v.For, Delegates: slices.Clone(w.delegates), Policy: w.policy}
	x.ok(in.check())
	known, err := lookUp(x.ctx, x.db.Read(), v, in)
	x.ok(err)
	key := w.key
	if key != "" {
		key += x.event.String()
	}
	return &creating{
		Registrations: x.desk, in: in, mails: known.mails, known: &known,
		request: request{viewer: v, event: x.event, key: key, name: "registrationCreate", input: in},
	}
}

func (x *venue) wants(v *access.Viewer, n int, policy PlacesPolicy, key string) *creating {
	return x.creating(v, wish{delegates: people(RoleAssociation, n), policy: policy, key: key})
}

// served carries jobs out in one transaction and fails when they are not.
func (x *venue) served(jobs ...*creating) []error {
	x.Helper()
	errs, served := x.desk.createTogether(x.ctx, jobs)
	if !served {
		x.Fatal("nobody was served")
	}
	return errs
}

// told is how a wish ended, in words that do not depend on the event.
func (x *venue) told(c *creating, err error) string {
	if err != nil {
		f := fault.From(err)
		return fmt.Sprint(f.Code.Name, f.Path, f.Args)
	}
	r := c.made
	var lines []string
	for _, l := range r.Lines {
		lines = append(lines, fmt.Sprint(slices.Index(x.pools, l.Pool), ":", l.Place))
	}
	return fmt.Sprint(r.Number, r.State, r.Counts, r.Policy, slices.Index(x.pools, r.Pool), lines, r.MayChange, r.CreatedAt.IsZero())
}

// ledger is all that is stored of the event, and told, in such words.
func (x *venue) ledger(who []*access.Viewer) []string {
	var b strings.Builder
	list, err := RegistrationsOfEvents(x.ctx, x.db.Read(), x.organiser, []id.ID{x.event}, "", page.Args{First: 100})
	x.ok(err)
	for _, r := range list[x.event].Nodes {
		fmt.Fprint(&b, r.Number, " ", r.State, r.Counts, r.Lines == nil, ": ")
		for _, d := range x.delegates(x.organiser, r) {
			fmt.Fprint(&b, d.Position, d.State, slices.Index(x.pools, d.Pool), d.Role, d.Named, d.Person, d.Name, d.Mail, len(d.Code), " ")
		}
		b.WriteByte('\n')
	}
	entries, err := journal.After(x.ctx, x.db.Read(), x.event, access.Organisers, 0, 1000)
	x.ok(err)
	for _, e := range entries {
		actor := slices.IndexFunc(who, func(v *access.Viewer) bool { return v.Person == e.Actor && v.For == e.OnBehalfOf })
		fmt.Fprintln(&b, e.Numbers, e.Kind, e.Level, actor, string(e.Data))
	}
	return strings.Split(anonymous(b.String()), "\n")
}

// anonymous gives identifiers the numbers in which they appear.
func anonymous(text string) string {
	seen := map[string]string{}
	return regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`).ReplaceAllStringFunc(text, func(v string) string {
		if seen[v] == "" {
			seen[v] = fmt.Sprint("#", len(seen))
		}
		return seen[v]
	})
}

// Whatever comes together, in whatever portions: answers, rows and facts are
// those of the same wishes one by one.
func TestTogetherIsTheSameOneByOne(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	first := seatsIn(t, db)
	who := []*access.Viewer{first.from("Una"), first.from("Dues"), first.from("Tres")}
	checks, differs := 0, false
	rapid.Check(t, func(r *rapid.T) {
		// Each check is dozens of commands: some are enough, but not when rapid
		// looks for the smallest one that differs.
		if checks++; checks > 40 && !differs {
			return
		}
		specs := []PoolSpec{
			{Name: general(1).Name, Capacity: rapid.IntRange(0, 3).Draw(r, "reserved"), Reserve: Reserve{Role: RoleAssociation}},
			general(rapid.IntRange(1, 6).Draw(r, "general")),
		}
		set := `update events set overtaking = $2, sensitive = $3, requires_approval = $4 where node = $1`
		args := []any{
			rapid.SampledFrom([]Overtaking{InOrder, SmallerMayPass}).Draw(r, "order"),
			rapid.Bool().Draw(r, "sensitive"), rapid.IntRange(0, 4).Draw(r, "approval") == 0,
		}
		one, all := seatsIn(t, db, specs...), seatsIn(t, db, specs...)
		for _, x := range []*venue{one, all} {
			x.exec(set, append([]any{x.event}, args...)...)
		}
		wishes := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) wish { return drawWish(r, who) }), 1, 12).Draw(r, "wishes")
		var want, got []string
		for _, w := range wishes {
			c := one.creating(who[w.who], w)
			want = append(want, one.told(c, c.Alone(one.ctx)))
		}
		for portion := range portions(r, wishes) {
			var jobs []*creating
			for _, w := range portion {
				jobs = append(jobs, all.creating(who[w.who], w))
			}
			for i, err := range all.served(jobs...) {
				got = append(got, all.told(jobs[i], err))
			}
		}
		got, want = append(got, all.ledger(who)...), append(want, one.ledger(who)...)
		if diff := compare(got, want); diff != "" {
			differs = true
			r.Fatalf("answers, rows and facts:\n%s", diff)
		}
		all.audit()
	})
}

// drawWish may be refused for every reason there is: no seats, somebody twice, a
// key for two things.
func drawWish(r *rapid.T, who []*access.Viewer) wish {
	w := wish{
		who: rapid.IntRange(0, len(who)-1).Draw(r, "who"), policy: rapid.SampledFrom(PlacesPolicies()).Draw(r, "policy"),
		key: rapid.SampledFrom([]string{"", "", "", "k", "l"}).Draw(r, "key"),
	}
	role := rapid.SampledFrom([]DelegateRole{RoleAssociation, RolePublic}).Draw(r, "role")
	for i := range rapid.IntRange(1, 4).Draw(r, "delegates") {
		d := DelegateInput{Role: role}
		switch rapid.IntRange(0, 8).Draw(r, "named") {
		case 0:
			d.Name = fmt.Sprint("Nom ", i)
		case 1:
			d.Name, d.Mail = fmt.Sprint("Nom ", i), fmt.Sprintf("%d-%d@prova.cat", i, rapid.IntRange(0, 9).Draw(r, "mail"))
		case 2:
			if i == 0 {
				d.Person = who[w.who].Person
			}
		}
		w.delegates = append(w.delegates, d)
	}
	return w
}

// portions cuts wishes into turns.
func portions(r *rapid.T, wishes []wish) func(func([]wish) bool) {
	return func(yield func([]wish) bool) {
		for len(wishes) > 0 {
			n := rapid.IntRange(1, len(wishes)).Draw(r, "portion")
			if !yield(wishes[:n]) {
				return
			}
			wishes = wishes[n:]
		}
	}
}

// The same key twice in one turn is one registration, and both hear of it; for
// something else it is refused; and what is refused leaves the key free.
func TestSameKeyTwiceInATurn(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(5))
	v, w := x.from("Una"), x.from("Una altra")
	jobs := []*creating{
		x.wants(v, 6, WaitTogether, "clau"), // too large: refused, and the key is free
		x.wants(v, 2, WaitTogether, "clau"), x.wants(v, 2, WaitTogether, "clau"),
		x.wants(v, 3, WaitTogether, "clau"), x.wants(w, 2, WaitTogether, "clau"),
	}
	errs := x.served(jobs...)
	x.refused(errs[0], ErrBlockTooLarge, "delegates")
	x.ok(errors.Join(errs[1], errs[2], errs[4]))
	x.refused(errs[3], journal.ErrKeyReused, "idempotencyKey")
	if diff := compare(jobs[1].made, jobs[2].made); diff != "" {
		t.Errorf("answers differ:\n%s", diff)
	}
	if jobs[4].made.ID == jobs[1].made.ID {
		t.Error("another's key was taken for one's own")
	}
	// Later, alone and in a turn.
	again := x.wants(v, 2, WaitTogether, "clau")
	x.ok(again.Alone(x.ctx))
	more := []*creating{x.wants(v, 2, WaitTogether, "clau"), x.wants(w, 1, WaitTogether, "")}
	x.ok(errors.Join(x.served(more...)...))
	if again.made.ID != jobs[1].made.ID || more[0].made.ID != jobs[1].made.ID {
		t.Error("a key that was used before made another registration")
	}
	x.audit()
}

// crowd brings jobs to the event's line while a transaction elsewhere holds its
// topic, so that all but the first wait together; then it lets them go. Those of
// the places in gone give up while they wait.
func (x *venue) crowd(gone []int, jobs ...*creating) []error {
	x.Helper()
	errs := make([]error, len(jobs))
	var wg sync.WaitGroup
	x.tx(func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, x.event); err != nil {
			return err
		}
		for i, c := range jobs {
			if slices.Contains(gone, i) {
				ended, end := context.WithCancel(x.ctx)
				end()
				errs[i] = x.desk.inTurn(ended, c)
				continue
			}
			before := x.desk.line.Waiting(x.event)
			wg.Go(func() { errs[i] = x.desk.inTurn(x.ctx, c) })
			for x.desk.line.Waiting(x.event) <= before {
				runtime.Gosched()
			}
		}
		return nil
	})
	wg.Wait()
	return errs
}

// sized notes how many were served in each turn.
func (x *venue) sized() (sizes func() []int) {
	var mu sync.Mutex
	var seen []int
	x.desk = NewRegistrations(x.db, WithTurns(turn.Options{Took: func(n int) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, n)
	}}))
	return func() []int {
		mu.Lock()
		defer mu.Unlock()
		return seen
	}
}

func TestWhoWaitsForAnEventIsServedTogether(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(3))
	sizes := x.sized()
	var jobs []*creating
	for i := range 6 {
		jobs = append(jobs, x.wants(x.from(fmt.Sprint("Entitat ", i)), 1, WaitTogether, ""))
	}
	x.ok(errors.Join(x.crowd(nil, jobs...)...))
	if got := sizes(); !slices.Equal(got, []int{1, 5}) {
		t.Errorf("turns of %v", got)
	}
	for i, c := range jobs {
		if c.made.Number != int64(i+1) || c.made.Place() != max(0, i-2) {
			t.Errorf("who came as %d is number %d at place %d", i+1, c.made.Number, c.made.Place())
		}
	}
	x.audit()
}

// An error that no rule foresees is one's own; the others are served, in order.
func TestOneBadApple(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(9))
	sizes := x.sized()
	var jobs []*creating
	for i := range 5 {
		jobs = append(jobs, x.wants(x.from(fmt.Sprint("Entitat ", i)), 1, WaitTogether, fmt.Sprint("clau ", i)))
	}
	jobs[2].in.Delegates[0].Territory = id.New() // no such place: a key of the database refuses the row
	errs := x.crowd(nil, jobs...)
	for i, err := range errs {
		if (err != nil) != (i == 2) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if got := sizes(); !slices.Equal(got, []int{1, 4, 1, 1, 1}) {
		t.Errorf("turns of %v", got)
	}
	var order []int64
	for _, c := range slices.Delete(slices.Clone(jobs), 2, 3) {
		order = append(order, c.made.Number)
	}
	if !slices.Equal(order, []int64{1, 2, 3, 4}) {
		t.Errorf("order %v", order)
	}
	x.audit()
}

// Who loses a right while waiting is refused; the others are not.
func TestARightLostWhileWaiting(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(9))
	jobs := []*creating{
		x.wants(x.from("Una"), 1, WaitTogether, ""), x.wants(x.from("Dues"), 1, WaitTogether, ""), x.wants(x.from("Tres"), 1, WaitTogether, ""),
	}
	x.exec(`insert into rights_ended (person, version, topic, number) values ($1, $2, $3, 0)`,
		jobs[1].viewer.Person, jobs[1].viewer.Version+1, x.event)
	errs := x.crowd(nil, jobs...)
	x.ok(errors.Join(errs[0], errs[2]))
	if !errors.Is(errs[1], access.ErrRightsChanged) {
		t.Errorf("who lost a right got %v", errs[1])
	}
	x.audit()
}

func TestWhoGivesUpWhileWaitingIsNotRegistered(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(9))
	jobs := []*creating{x.wants(x.from("Una"), 1, WaitTogether, ""), x.wants(x.from("Dues"), 1, WaitTogether, ""), x.wants(x.from("Tres"), 1, WaitTogether, "")}
	errs := x.crowd([]int{1}, jobs...)
	x.ok(errors.Join(errs[0], errs[2]))
	if !errors.Is(errs[1], context.Canceled) || jobs[1].made != nil {
		t.Errorf("who gave up got %v, %v", jobs[1].made, errs[1])
	}
	if jobs[2].made.Number != 2 {
		t.Errorf("who stayed is number %d", jobs[2].made.Number)
	}
}

// A transaction that is shared sees nobody's data, whoever leads it; the answer
// to a key that was used before is what its owner may see.
func TestATurnSeesWithNobodysEyes(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(9))
	stranger, owner := x.from("Estranya"), x.from("Propietària")
	theirs := x.registers(owner, 1, WaitTogether)
	asOrganiser := access.With(x.ctx, x.organiser)
	names := func(in func(context.Context, func(context.Context, *postgres.Tx) error) error) (n int) {
		x.ok(in(asOrganiser, func(ctx context.Context, tx *postgres.Tx) error {
			return tx.Native().QueryRow(ctx, `select count(*) from person_names`).Scan(&n)
		}))
		return n
	}
	if n := names(x.desk.inCommon); n != 0 {
		t.Errorf("%d names are seen in a shared transaction", n)
	}
	if n := names(x.db.InTx); n == 0 {
		t.Error("the organiser sees no names: this test proves nothing")
	}
	// A key of the stranger that leads to what is not theirs.
	repeated := x.wants(stranger, 1, WaitTogether, "clau")
	keyed, err := repeated.call(x.db).Keyed()
	x.ok(err)
	_, err = postgres.Hub(x.db.Read()).Exec(x.ctx, `insert into command_keys (actor, key, mutation, input_hash, result_ids) values ($1, $2, $3, $4, $5)`,
		stranger.Person, repeated.key, keyed.Mutation, keyed.Hash, []id.ID{theirs.ID})
	x.ok(err)
	lead := x.wants(x.organiserOf(), 1, WaitTogether, "")
	errs, served := x.desk.createTogether(asOrganiser, []*creating{lead, repeated})
	if !served || errs[0] != nil || !errors.Is(errs[1], fault.ErrNotFound) || repeated.made != nil {
		t.Errorf("the stranger was told %v, %v", repeated.made, errs)
	}
	if list, err := RegistrationsByIDs(asOrganiser, x.db.Read(), x.organiser, []id.ID{theirs.ID}); err != nil || len(list) != 1 {
		t.Errorf("the organiser does not see it either: this test proves nothing (%v)", err)
	}
}

// organiserOf is the organiser acting for the home of the event.
func (x *venue) organiserOf() *access.Viewer {
	v := *x.organiser
	v.For = x.home
	return &v
}

// Who registers for several events shares a transaction too: with the same number of
// statements, and as if each had come alone. Who comes for an event that somebody
// is at waits for that one, and nobody else with them.
func TestRegistrationsForSeveralEvents(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(2))
	y := seatsIn(t, x.db, general(5))
	who := x.from("Entitat")
	jobs := func() (all []*creating) {
		for i := range 3 {
			all = append(all, x.wants(who, 1, WaitTogether, fmt.Sprint("x", i)), y.wants(who, 2, WaitTogether, fmt.Sprint("y", i)))
		}
		return all
	}
	across := func(ctx context.Context, all []*creating) []error {
		var together []passing
		for _, c := range all {
			c.Registrations = x.desk
			together = append(together, passing{c})
		}
		errs, served := x.desk.createAcross(ctx, together)
		if !served {
			t.Fatal("nobody was served")
		}
		return errs
	}
	ctx, n := postgres.CountStatements(x.ctx)
	first := jobs()
	x.ok(errors.Join(across(ctx, first)...))
	if n.N() > 9 {
		t.Errorf("it took %d statements, want at most 9", n.N())
	}
	var got []string
	for _, c := range first {
		got = append(got, fmt.Sprint(c.made.Number, c.made.State))
	}
	if want := "[1CONFIRMED 1CONFIRMED 2CONFIRMED 2CONFIRMED 3WAITLISTED 3WAITLISTED]"; fmt.Sprint(got) != want {
		t.Errorf("they became %v, want %s", got, want)
	}
	x.tx(func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, y.event); err != nil {
			return err
		}
		again, late := jobs(), y.wants(who, 1, WaitTogether, "z")
		errs := across(x.ctx, append(again, late))
		for i, err := range errs {
			if (i < 6 && i%2 == 0) != (err == nil) || err != nil && !errors.Is(err, errAside) {
				t.Errorf("%d: %v", i, err)
			}
		}
		if again[0].made == nil || again[0].made.ID != first[0].made.ID {
			t.Error("a key that was used before made another registration")
		}
		return nil
	})
	late := y.wants(who, 1, WaitTogether, "z") // its key is free
	x.ok(late.inTurn(x.ctx, late))
	x.audit()
	y.audit()
}

// However many share a transaction, it takes the same number of statements.
func TestStatementsOfATurn(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(20))
	for _, people := range []int{2, 30} {
		var jobs []*creating
		for i := range people {
			jobs = append(jobs, x.wants(x.from("Entitat"), 2, WaitTogether, fmt.Sprint(people, i)))
			jobs[i].in.Delegates[0].Mail = fmt.Sprintf("p%d-%d@prova.cat", people, i)
		}
		ctx, n := postgres.CountStatements(x.ctx)
		errs, served := x.desk.createTogether(ctx, jobs)
		x.ok(errors.Join(errs...))
		if !served || n.N() > 11 {
			t.Errorf("%d registrations took %d statements, want at most 11", people, n.N())
		}
	}
	x.audit()
}
