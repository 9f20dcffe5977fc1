package calendar

import (
	"testing"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func TestPoliciesWhenThereAreNotEnoughSeats(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(4))
	first := x.registers(x.from("Primera"), 3, WaitTogether)
	x.stands(first, "CONFIRMED 3+0")

	nobody := x.from("Tot o res")
	_, err := x.desk.Create(x.ctx, nobody, x.input(nobody, 2, AllOrNothing), "")
	f := x.refused(err, ErrNotEnoughSeats, "delegates")
	if f.Args["free"] != 1 || f.Args["wanted"] != 2 {
		t.Errorf("told %v", f.Args)
	}
	some := x.registers(x.from("El que hi hagi"), 3, TakeWhatThereIs)
	x.stands(some, "PARTLY_CONFIRMED 1+2 at 1")
	together := x.registers(x.from("Plegades"), 2, WaitTogether)
	x.stands(together, "WAITLISTED 0+2 at 2")
	if together.Place() != 2 || together.State != RegistrationWaitlisted {
		t.Errorf("answered %v", together)
	}
	big := x.from("Massa")
	_, err = x.desk.Create(x.ctx, big, x.input(big, 5, TakeWhatThereIs), "")
	x.refused(err, ErrBlockTooLarge, "delegates")

	// Everything goes to the first in line: two to the rest of the second
	// block, one stays free because the third wants two.
	_, err = x.desk.Cancel(x.ctx, x.organiser, x.event, first.ID, "")
	x.ok(err)
	x.stands(first, "CANCELLED 0+0")
	x.stands(some, "CONFIRMED 3+0")
	x.stands(together, "WAITLISTED 0+2 at 1")
	x.audit()
}

func TestAnswerIsWhatIsStored(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, PoolSpec{Name: general(1).Name, Capacity: 2, Reserve: Reserve{Role: RoleAssociation}}, general(2))
	for _, policy := range []PlacesPolicy{WaitTogether, TakeWhatThereIs} {
		for range 3 {
			v := x.from("Qualsevol")
			made := x.registers(v, 2, policy)
			list, err := RegistrationsByIDs(x.ctx, x.db.Read(), v, []id.ID{made.ID})
			x.ok(err)
			if diff := compare(made, list[0]); diff != "" {
				t.Errorf("answered and stored differ:\n%s", diff)
			}
		}
	}
	x.audit()
}

func TestOwnReserveFirstThenGeneral(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, PoolSpec{Name: general(1).Name, Capacity: 2, Reserve: Reserve{Role: RoleAssociation}}, general(2))
	reserve, general := x.pools[0], x.pools[1]
	r := x.registers(x.from("Amb dret"), 3, WaitTogether)
	var pools []id.ID
	for _, d := range x.delegates(x.organiser, r) {
		pools = append(pools, d.Pool)
	}
	if diff := compare(pools, []id.ID{reserve, reserve, general}); diff != "" {
		t.Errorf("seats:\n%s", diff)
	}
	// Saying "association" gives a council no right to the associations' seats.
	town := x.of("municipality", "Vila")
	in := x.input(town, 2, WaitTogether)
	waits, err := x.desk.Create(x.ctx, town, in, "")
	x.ok(err)
	if len(waits.Lines) != 1 || waits.Lines[0] != (PlaceInLine{general, 1}) {
		t.Errorf("the council stands in %v", waits.Lines)
	}
	// A reserved seat goes to who has the right to it, past the council.
	last := x.registers(x.from("També amb dret"), 1, WaitTogether)
	if diff := compare(last.Lines, []PlaceInLine{{reserve, 1}, {general, 2}}); diff != "" {
		t.Errorf("lines:\n%s", diff)
	}
	_, err = x.desk.CancelDelegate(x.ctx, x.organiser, x.event, x.delegates(x.organiser, r)[0].ID, "")
	x.ok(err)
	x.stands(last, "CONFIRMED 1+0")
	x.stands(waits, "WAITLISTED 0+2 at 1")
	x.audit()
}

func TestCapacityRaisedAndLowered(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(6))
	seated := x.registers(x.from("Assegudes"), 4, WaitTogether)
	big := x.registers(x.from("Grossa"), 5, WaitTogether)
	small := x.registers(x.from("Petita"), 1, WaitTogether)
	x.stands(small, "WAITLISTED 0+1 at 2")

	_, err := x.desk.SetCapacity(x.ctx, x.organiser, x.event, x.pools[0], 3, "")
	if f := x.refused(err, ErrBelowConfirmed, "capacity"); f.Args["confirmed"] != 4 {
		t.Errorf("told %v", f.Args)
	}
	// Cut below the big block: it is set aside and holds nobody up.
	p, err := x.desk.SetCapacity(x.ctx, x.organiser, x.event, x.pools[0], 5-1, "")
	x.ok(err)
	if *p.Counts != (SeatCounts{Capacity: 4, Confirmed: 4, Waiting: 1, Line: 1}) {
		t.Errorf("pool is %+v", *p.Counts)
	}
	x.stands(big, "SET_ASIDE 0+5")
	x.stands(small, "WAITLISTED 0+1 at 1")
	x.audit()
	_, err = x.desk.SetCapacity(x.ctx, x.organiser, x.event, x.pools[0], 9, "")
	x.ok(err)
	x.stands(big, "CONFIRMED 5+0") // back at its old place, so before the small one
	x.stands(small, "WAITLISTED 0+1 at 1")
	x.stands(seated, "CONFIRMED 4+0")
	x.audit()
	if got, want := x.facts(FactBlockSetAside, FactBlockReturned, FactRegistrationPromoted, FactCapacityChanged),
		"CAPACITY_CHANGED BLOCK_SET_ASIDE CAPACITY_CHANGED BLOCK_RETURNED REGISTRATION_PROMOTED"; got != want {
		t.Errorf("told %s\nwant %s", got, want)
	}
}

func TestSmallerMayPassOnlyByLeave(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(4))
	x.registers(x.from("Assegudes"), 3, WaitTogether)
	big := x.registers(x.from("Grossa"), 3, WaitTogether)
	small := x.registers(x.from("Petita"), 1, WaitTogether)
	x.stands(small, "WAITLISTED 0+1 at 2")

	in, err := x.desk.LetSmallerPass(x.ctx, x.organiser, x.event, x.pools[0], "")
	x.ok(err)
	if len(in) != 1 || in[0].ID != small.ID {
		t.Errorf("came in: %v", in)
	}
	x.stands(small, "CONFIRMED 1+0")
	x.stands(big, "WAITLISTED 0+3 at 1")
	if got := x.facts(FactSmallerLetPass); got != FactSmallerLetPass {
		t.Errorf("told %q", got)
	}
	_, err = x.desk.LetSmallerPass(x.ctx, x.organiser, x.event, x.pools[0], "")
	x.refused(err, ErrNobodyToPass)
	x.audit()
}

func TestApprovalKeepsTheOrderOfArrival(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(2))
	x.exec(`update events set requires_approval = true where node = $1`, x.event)
	a, b, c := x.registers(x.from("A"), 1, WaitTogether), x.registers(x.from("B"), 2, WaitTogether), x.registers(x.from("C"), 1, WaitTogether)
	x.stands(a, "PENDING 0+0")
	all := x.registers(x.from("Tot"), 2, AllOrNothing)

	approve := func(r *Registration) error {
		_, err := x.desk.Approve(x.ctx, x.organiser, x.event, r.ID, "")
		return err
	}
	x.ok(approve(b))
	x.stands(b, "CONFIRMED 2+0")
	x.ok(approve(c))
	x.ok(approve(a)) // later than C, but A came first
	x.stands(a, "WAITLISTED 0+1 at 1")
	x.stands(c, "WAITLISTED 0+1 at 2")
	x.refused(approve(all), ErrNotEnoughSeats)
	x.refused(approve(a), ErrNotPending)
	_, err := x.desk.Reject(x.ctx, x.organiser, x.event, all.ID, "")
	x.ok(err)
	x.stands(all, "REJECTED 0+0")
	_, err = x.desk.CancelDelegate(x.ctx, x.organiser, x.event, x.delegates(x.organiser, b)[0].ID, "")
	x.ok(err)
	x.stands(a, "CONFIRMED 1+0")
	x.stands(c, "WAITLISTED 0+1 at 1")
	x.audit()
}

func TestSameKeyIsOneRegistration(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(5))
	v := x.from("Repetida")
	in := x.input(v, 2, WaitTogether)
	once, err := x.desk.Create(x.ctx, v, in, "clau")
	x.ok(err)
	again, err := x.desk.Create(x.ctx, v, in, "clau")
	x.ok(err)
	if diff := compare(once, again); diff != "" {
		t.Errorf("answers differ:\n%s", diff)
	}
	// The answer comes back even after registration has closed.
	x.exec(`update events set state = 'HELD' where node = $1`, x.event)
	if again, err = x.desk.Create(x.ctx, v, in, "clau"); err != nil || again.ID != once.ID {
		t.Errorf("after the event: %v, %v", again, err)
	}
	x.audit()
}

func TestSamePersonOncePerEvent(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(9))
	v, w := x.from("Una"), x.from("Una altra")
	x.exec(`insert into person_names (subject, name, mail) values ($1, 'Ona Prova', 'Ona@prova.cat')`, v.Person)
	by := func(v2 id.ID, d ...DelegateInput) RegistrationInput {
		for i := range d {
			d[i].Role = RoleAssociation
		}
		return RegistrationInput{Event: x.event, Organisation: v2, Delegates: d, Policy: WaitTogether}
	}
	made, err := x.desk.Create(x.ctx, v, by(v.For, DelegateInput{Person: v.Person}), "")
	x.ok(err)
	_, err = x.desk.Create(x.ctx, v, by(v.For, DelegateInput{Person: v.Person}), "")
	x.refused(err, ErrAlreadyRegistered)
	_, err = x.desk.Create(x.ctx, w, by(w.For, DelegateInput{Name: "Ona", Mail: " ONA@prova.cat"}), "")
	x.refused(err, ErrAlreadyRegistered, "delegates")
	_, err = x.desk.Create(x.ctx, w, by(w.For, DelegateInput{Person: v.Person}), "")
	x.refused(err, errNotFound, "delegates", "0", "person") // not of that organisation
	_, err = x.desk.Create(x.ctx, w, by(w.For, DelegateInput{Name: "Pau"}, DelegateInput{Name: "  pau "}), "")
	x.refused(err, ErrSameDelegateTwice, "delegates", "1", "name")
	_, err = x.desk.Create(x.ctx, w, by(w.For, DelegateInput{}, DelegateInput{}), "") // two seats without names
	x.ok(err)
	// Who has cancelled may come again.
	_, err = x.desk.Cancel(x.ctx, v, x.event, made.ID, "")
	x.ok(err)
	_, err = x.desk.Create(x.ctx, v, by(v.For, DelegateInput{Person: v.Person}), "")
	x.ok(err)
	x.audit()
}

func TestRegistrationOnlyInItsTime(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(5))
	v := x.from("Qualsevol")
	cases := []struct {
		set  string
		code error
	}{
		{`registration_opens_at = now() + interval '1 hour'`, ErrNotOpenYet},
		{`registration_opens_at = now() - interval '1 hour', registration_closes_at = now()`, ErrRegistrationClosed},
		{`registration_closes_at = now() + interval '1 hour', starts_at = now() - interval '3 day', ends_at = now() - interval '2 day'`, ErrEventOver},
		{`state = 'HELD'`, ErrEventNotTaking},
		{`state = 'DRAFT'`, ErrEventNotTaking},
		{`state = 'CANCELLED', cancellation_reason = '{"ca":"pluja"}'`, ErrEventNotTaking},
	}
	for _, c := range cases {
		x.exec(`update events set state = 'PUBLISHED', cancellation_reason = null, starts_at = null, ends_at = null,
			registration_opens_at = null, registration_closes_at = null where node = $1`, x.event)
		x.exec(`update events set `+c.set+` where node = $1`, x.event)
		if _, err := x.desk.Create(x.ctx, v, x.input(v, 1, WaitTogether), ""); !isCode(err, c.code) {
			t.Errorf("%s: got %v, want %v", c.set, err, c.code)
		}
	}
}

func TestStatementsOfARegistration(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(1))
	v, w := x.from("Compta"), x.from("Espera")
	count := func(name string, most int, do func() error) {
		t.Helper()
		ctx, n := postgres.CountStatements(t.Context())
		x.ctx = ctx
		x.ok(do())
		x.ctx = t.Context()
		t.Logf("%s: %d statements with begin and commit", name, n.N())
		if n.N() > most {
			t.Errorf("%s took %d statements, want at most %d", name, n.N(), most)
		}
	}
	var made *Registration
	count("register", 9, func() (err error) {
		made, err = x.desk.Create(x.ctx, v, x.input(v, 1, WaitTogether), "a")
		return err
	})
	count("register and wait", 9, func() error {
		_, err := x.desk.Create(x.ctx, w, x.input(w, 1, WaitTogether), "b")
		return err
	})
	count("cancel and promote", 12, func() error {
		_, err := x.desk.Cancel(x.ctx, v, x.event, made.ID, "c")
		return err
	})
}
