package directory

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
)

func (w *town) namesAt(v *access.Viewer, body id.ID) []string {
	w.Helper()
	people, err := PeopleOf(w.Context(), w.db.Read(), v, []id.ID{body}, nil, 100)
	if err != nil {
		w.Fatal(err)
	}
	var names []string
	for _, a := range people {
		names = append(names, *a.Person.Name)
	}
	return names
}

// Only the people of the body, and those who answer for it, learn who they are.
func TestNamesStayInside(t *testing.T) {
	w := newTown(t)
	made := w.association("Una", w.terrassa)
	rep := w.person("Rita", made, Representative)
	delegate := w.person("Dora", made, Delegate)
	if got := w.namesAt(rep, made); !slices.Equal(got, []string{"Dora", "Rita"}) {
		t.Errorf("the representative sees %v", got)
	}
	if got := w.namesAt(delegate, made); !slices.Equal(got, []string{"Dora", "Rita"}) {
		t.Errorf("the delegate sees %v", got)
	}
	for who, v := range map[string]*access.Viewer{"anyone": anyone, "a stranger": w.stranger, "the town's officer": w.officer} {
		if got := w.namesAt(v, made); got != nil {
			t.Errorf("%s sees %v", who, got)
		}
		people, err := PeopleByIDs(t.Context(), w.db.Read(), v, []id.ID{rep.Person, delegate.Person})
		if err != nil || len(people) != 0 {
			t.Errorf("%s reads %d people, %v", who, len(people), err)
		}
		appointments, err := AppointmentsOf(t.Context(), w.db.Read(), v, []id.ID{rep.Person}, nil, 10)
		if err != nil || len(appointments) != 0 {
			t.Errorf("%s reads %d appointments, %v", who, len(appointments), err)
		}
	}
	self, err := PeopleByIDs(t.Context(), w.db.Read(), w.stranger, []id.ID{w.stranger.Person})
	if err != nil || len(self) != 1 || *self[0].Name != "Sara Sola" {
		t.Errorf("oneself: %+v, %v", self, err)
	}
}

// No title, no fact and no edge holds a name.
func TestNameIsInOneTable(t *testing.T) {
	w := newTown(t)
	made := w.association("Una", w.terrassa)
	rep := w.person("Rita", made, Representative)
	_, err := w.service.PersonCreate(t.Context(), rep, "", PersonSpec{
		Name: "Canari Groc", Mail: "canari@example.org", For: made, Role: Delegate,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"nodes", "edges", "journal", "command_keys", "organizations"} {
		if n := w.count(`select count(*) from ` + table + ` t where t::text ilike '%canari%'`); n != 0 {
			t.Errorf("%s holds the name", table)
		}
	}
	if n := w.count(`select count(*) from person_names where name = 'Canari Groc'`); n != 1 {
		t.Errorf("%d names", n)
	}
}

func TestAppointmentGivesAndEndsRights(t *testing.T) {
	w := newTown(t)
	made := w.association("Una", w.terrassa)
	rep := w.person("Rita", made, Representative)
	dora, err := w.service.PersonCreate(t.Context(), rep, "", PersonSpec{Name: "Dora", For: made, Role: Delegate})
	if err != nil {
		t.Fatal(err)
	}
	rights := func() *access.Viewer {
		t.Helper()
		v, err := auth.Viewer(t.Context(), w.db.Read(), dora, "ca")
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	before := rights()
	if !before.ActsFor(made) || before.MayAdminister(made) {
		t.Errorf("a delegate's rights %+v", before)
	}
	if _, err := w.service.Appoint(t.Context(), rep, "", AppointmentSpec{Organization: made, Person: dora, Role: Representative}); err != nil {
		t.Fatal(err)
	}
	if v := rights(); !v.MayAdminister(made) || v.Version <= before.Version {
		t.Errorf("a representative's rights %+v", v)
	}
	version := rights().Version
	for _, role := range []ActingRole{Representative, Delegate} {
		if err := w.service.EndAppointment(t.Context(), rep, "", AppointmentSpec{Organization: made, Person: dora, Role: role}); err != nil {
			t.Fatal(err)
		}
	}
	if v := rights(); v.ActsFor(made) || v.Version <= version {
		t.Errorf("rights after the end %+v", v)
	}
	want := []string{FactOrganizationAdded, FactPersonAppointed, FactPersonAppointed, FactPersonAppointed, FactAppointmentEnded, FactAppointmentEnded}
	if diff := cmp.Diff(want, w.facts(made)); diff != "" {
		t.Error(diff)
	}
	if n := w.count(`select count(*) from journal where node = $1 and kind like '%APPOINT%' and n1 is not null`, made); n != 0 {
		t.Errorf("%d appointments are told to people outside", n)
	}
}

func TestAppointmentDates(t *testing.T) {
	w := newTown(t)
	made := w.association("Una", w.terrassa)
	rep := w.person("Rita", made, Representative)
	dora := w.person("Dora", made, Delegate).Person
	spec := AppointmentSpec{Organization: made, Person: dora, Role: Substitute, From: day(t, "2020-01-01"), Until: day(t, "2020-12-31")}
	made2020, err := w.service.Appoint(t.Context(), rep, "", spec)
	if err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string]int{"2019-12-31": 0, "2020-01-01": 1, "2020-12-31": 1, "2021-01-01": 0} {
		found, err := AppointmentsOf(t.Context(), w.db.Read(), rep, []id.ID{dora}, day(t, on), 10)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, a := range found {
			if a.Role == Substitute {
				n++
			}
		}
		if n != want {
			t.Errorf("on %s %d, want %d", on, n, want)
		}
	}
	got, err := AppointmentsByIDs(t.Context(), w.db.Read(), rep, []id.ID{made2020})
	if err != nil || len(got) != 1 || !got[0].Until.Equal(*day(t, "2020-12-31")) {
		t.Errorf("read %+v, %v", got, err)
	}
	if _, err := w.service.Appoint(t.Context(), rep, "", spec); !errors.Is(err, ErrAlreadyActs) {
		t.Errorf("the same again: %v", err)
	}
	spec.From, spec.Until = day(t, "2021-02-01"), day(t, "2021-01-01")
	if _, err := w.service.Appoint(t.Context(), rep, "", spec); !errors.Is(err, ErrDatesReversed) {
		t.Errorf("reversed: %v", err)
	}
}

func TestFutureAppointmentIsWithdrawn(t *testing.T) {
	w := newTown(t)
	made := w.association("Una", w.terrassa)
	rep := w.person("Rita", made, Representative)
	dora := w.person("Dora", made, Delegate).Person
	spec := AppointmentSpec{Organization: made, Person: dora, Role: Substitute, From: day(t, "2199-01-01")}
	if _, err := w.service.Appoint(t.Context(), rep, "", spec); err != nil {
		t.Fatal(err)
	}
	end := AppointmentSpec{Organization: made, Person: dora, Role: Substitute}
	if err := w.service.EndAppointment(t.Context(), rep, "", end); err != nil {
		t.Fatal(err)
	}
	if err := w.service.EndAppointment(t.Context(), rep, "", end); !errors.Is(err, ErrNoAppointment) {
		t.Errorf("ending what is not: %v", err)
	}
}

func TestWhoMayAppoint(t *testing.T) {
	w := newTown(t)
	made := w.association("Una", w.terrassa)
	rep := w.person("Rita", made, Representative)
	delegate := w.person("Dora", made, Delegate)
	cases := []struct {
		name string
		by   *access.Viewer
		spec AppointmentSpec
		want error
	}{
		{"a delegate", delegate, AppointmentSpec{made, delegate.Person, Representative, nil, nil}, fault.ErrDenied},
		{"nobody", anyone, AppointmentSpec{made, delegate.Person, Representative, nil, nil}, fault.ErrUnauthenticated},
		{"a person one cannot see", rep, AppointmentSpec{made, w.officer.Person, Delegate, nil, nil}, fault.ErrNotFound},
		{"a place as person", rep, AppointmentSpec{made, w.terrassa, Delegate, nil, nil}, fault.ErrNotFound},
		{"an officer of an association", rep, AppointmentSpec{made, delegate.Person, Officer, nil, nil}, ErrRoleOfPublicBody},
		{"no such role", rep, AppointmentSpec{made, delegate.Person, "KING", nil, nil}, ErrBadRole},
		{"no such body", rep, AppointmentSpec{id.New(), delegate.Person, Delegate, nil, nil}, fault.ErrNotFound},
		{"a place that is no body", rep, AppointmentSpec{w.nord, delegate.Person, Delegate, nil, nil}, fault.ErrNotFound},
	}
	for _, c := range cases {
		if _, err := w.service.Appoint(t.Context(), c.by, "", c.spec); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	own := AppointmentSpec{Organization: made, Person: delegate.Person, Role: Delegate}
	if err := w.service.EndAppointment(t.Context(), w.stranger, "", own); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("a stranger ends: %v", err)
	}
	if err := w.service.EndAppointment(t.Context(), delegate, "", own); err != nil {
		t.Errorf("one may go oneself: %v", err)
	}
}

func TestClaimAndVerify(t *testing.T) {
	w := newTown(t)
	made := w.association("Una", w.nord) // a district of Terrassa
	claim, err := w.service.Claim(t.Context(), w.stranger, "", made)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.service.Claim(t.Context(), w.stranger, "", made); !errors.Is(err, ErrClaimOpen) {
		t.Errorf("twice: %v", err)
	}
	open := func(v *access.Viewer) []*Claim {
		t.Helper()
		of, err := OpenClaimsOf(t.Context(), w.db.Read(), v, []id.ID{made}, 10)
		in, also := OpenClaimsIn(t.Context(), w.db.Read(), v, []id.ID{w.terrassa}, 10)
		if err != nil || also != nil || len(of[made]) != len(in[w.terrassa]) {
			t.Errorf("%v of the association, %v in the town: %v, %v", of, in, err, also)
		}
		return of[made]
	}
	if claims := open(w.officer); len(claims) != 1 || *claims[0].Name != "Sara Sola" || claims[0].State != ClaimOpen {
		t.Errorf("the officer sees %+v", claims)
	}
	if claims := open(w.stranger); len(claims) != 0 {
		t.Errorf("a stranger sees %+v", claims)
	}
	if err := w.service.DecideClaim(t.Context(), w.stranger, "", Decision{made, claim, true, ""}); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("deciding for oneself: %v", err)
	}
	if err := w.service.DecideClaim(t.Context(), w.officer, "", Decision{made, claim, true, ""}); err != nil {
		t.Fatal(err)
	}
	if got := w.read(anyone, made).Self().ClaimState; got != Claimed {
		t.Errorf("state %s", got)
	}
	v, err := auth.Viewer(t.Context(), w.db.Read(), w.stranger.Person, "ca")
	if err != nil || !v.MayAdminister(made) {
		t.Errorf("rights %+v, %v", v, err)
	}
	if err := w.service.DecideClaim(t.Context(), w.officer, "", Decision{made, claim, false, "No."}); !errors.Is(err, ErrClaimDecided) {
		t.Errorf("deciding twice: %v", err)
	}
	if _, err := w.service.Claim(t.Context(), w.officer, "", made); !errors.Is(err, ErrAlreadyClaimed) {
		t.Errorf("claiming what has people: %v", err)
	}
	if err := w.service.Verify(t.Context(), v, "", made); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("verifying oneself: %v", err)
	}
	if err := w.service.Verify(t.Context(), w.officer, "", made); err != nil {
		t.Fatal(err)
	}
	if got := w.read(anyone, made).Self().ClaimState; got != Verified {
		t.Errorf("state %s", got)
	}
}
