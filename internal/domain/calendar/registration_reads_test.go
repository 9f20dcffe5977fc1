package calendar

import (
	"fmt"
	"testing"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

const canary = "Canària Secreta"

// person makes somebody with these rights.
func (x *venue) person(rights access.Viewer) *access.Viewer {
	x.Helper()
	rights.Person = id.New()
	x.register(node.Node{ID: rights.Person, Kind: node.Person})
	return &rights
}

// sight is what one viewer gets of a registration, everywhere it can be read.
func (x *venue) sight(v *access.Viewer, r *Registration) string {
	x.Helper()
	byID, err := RegistrationsByIDs(x.ctx, x.db.Read(), v, []id.ID{r.ID})
	x.ok(err)
	args := page.Args{First: 10}
	ofEvent, err := RegistrationsOfEvents(x.ctx, x.db.Read(), v, []id.ID{x.event}, "", args)
	x.ok(err)
	ofOrg, err := RegistrationsOfOrganisations(x.ctx, x.db.Read(), v, []id.ID{r.Organisation}, "", args)
	x.ok(err)
	of, err := DelegatesOf(x.ctx, x.db.Read(), v, []id.ID{r.ID})
	x.ok(err)
	seen := fmt.Sprintf("%d %d %d", len(byID), len(ofEvent[x.event].Nodes), len(ofOrg[r.Organisation].Nodes))
	if len(byID) > 0 && !byID[0].RegisteredBy.IsZero() {
		seen += " by"
	}
	for _, d := range of[r.ID] {
		seen += " delegate"
		if d.Name == canary {
			seen += "+name"
		}
		if d.Mail != "" {
			seen += "+mail"
		}
		if d.Code != "" {
			seen += "+code"
		}
	}
	return seen
}

func TestWhoSeesARegistration(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(5))
	by := x.from("Entitat")
	delegate := x.person(access.Viewer{})
	x.exec(`insert into edges (id, kind, source, target) values ($1, 'acts_for', $2, $3)`, id.New(), delegate.Person, by.For)
	x.exec(`insert into person_names (subject, name) values ($1, 'Nom del compte')`, delegate.Person)
	r, err := x.desk.Create(x.ctx, by, RegistrationInput{
		Event: x.event, Organisation: by.For, Policy: WaitTogether,
		Delegates: []DelegateInput{
			{Name: canary, Mail: "canaria@prova.cat", Role: RoleAssociation}, {Person: delegate.Person, Role: RoleProfessional},
		},
	}, "")
	x.ok(err)
	answers := "1 1 1 by delegate+name+mail+code delegate+code"
	stranger := x.from("Una altra entitat")
	roles := []struct {
		name, open, sensitive string
		viewer                *access.Viewer
	}{
		{"organiser", answers, answers, x.organiser},
		{"co-organiser", answers, answers, x.person(access.Viewer{Organises: []id.ID{x.event}})},
		{"who registered", answers, answers, by},
		{"who answers for the organisation", answers, answers, x.person(access.Viewer{Administers: []id.ID{by.For}, Home: []id.ID{by.For}})},
		{"colleague", "1 1 1 delegate delegate", "0 0 0", x.person(access.Viewer{Home: []id.ID{by.For}})},
		{"delegate", "1 1 1 delegate delegate+code", "1 1 1 delegate delegate+code", delegate},
		{"member of the event", "0 0 0", "0 0 0", x.person(access.Viewer{Member: []id.ID{x.event}})},
		{"at the door", "0 0 0 delegate+name delegate", "0 0 0 delegate+name delegate", x.person(access.Viewer{CheckIn: []id.ID{x.event}})},
		{"stranger", "0 0 0", "0 0 0", stranger},
		{"anonymous", "0 0 0", "0 0 0", access.Anonymous(lang.CA)},
	}
	for _, sensitive := range []bool{false, true} {
		x.exec(`update events set sensitive = $2 where node = $1`, x.event, sensitive)
		for _, role := range roles {
			want := role.open
			if sensitive {
				want = role.sensitive
			}
			if got := x.sight(role.viewer, r); got != want {
				t.Errorf("%s (sensitive: %v) sees %q, want %q", role.name, sensitive, got, want)
			}
		}
	}
	mine, err := RegistrationsOfViewer(x.ctx, x.db.Read(), delegate, page.Args{First: 10})
	x.ok(err)
	if len(mine.Nodes) != 1 {
		t.Errorf("the delegate has %d registrations", len(mine.Nodes))
	}
	if d := x.delegates(delegate, r); d[1].Name != "Nom del compte" {
		t.Errorf("the delegate reads %q", d[1].Name)
	}
}

func TestWhoMayChangeARegistration(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(5))
	by := x.from("Entitat")
	r := x.registers(by, 3, WaitTogether)
	delegates := x.delegates(by, r)
	colleague := x.person(access.Viewer{Home: []id.ID{by.For}})
	stranger := x.from("Forasters")
	cases := []struct {
		viewer *access.Viewer
		code   fault.Code
	}{{colleague, fault.ErrDenied}, {stranger, fault.ErrNotFound}, {access.Anonymous(lang.CA), fault.ErrUnauthenticated}}
	for _, c := range cases {
		_, err := x.desk.Cancel(x.ctx, c.viewer, x.event, r.ID, "")
		x.refused(err, c.code)
		_, err = x.desk.CancelDelegate(x.ctx, c.viewer, x.event, delegates[0].ID, "")
		x.refused(err, c.code)
		_, err = x.desk.ReplaceDelegate(x.ctx, c.viewer, x.event, delegates[0].ID, DelegateInput{Name: "Intrusa"}, "")
		x.refused(err, c.code)
	}
	cases[1].code = fault.ErrDenied // the event itself is public
	for _, c := range cases {
		_, err := x.desk.Approve(x.ctx, c.viewer, x.event, r.ID, "")
		x.refused(err, c.code)
		_, err = x.desk.SetCapacity(x.ctx, c.viewer, x.event, x.pools[0], 9, "")
		x.refused(err, c.code)
		_, err = x.desk.CheckIn(x.ctx, c.viewer, x.event, DelegateRef{Code: delegates[0].Code}, "")
		x.refused(err, c.code)
	}
	_, err := x.desk.Create(x.ctx, stranger, x.input(by, 1, WaitTogether), "")
	x.refused(err, fault.ErrDenied, "organization")
	x.exec(`update nodes set visibility = 3 where id = $1`, x.event)
	_, err = x.desk.Create(x.ctx, stranger, x.input(stranger, 1, WaitTogether), "")
	x.refused(err, fault.ErrNotFound, "event")
	_, err = x.desk.SetCapacity(x.ctx, stranger, x.event, x.pools[0], 9, "")
	x.refused(err, fault.ErrNotFound)
	x.audit()
}

func TestPagesOfRegistrations(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(3))
	v := x.from("Moltes")
	var made []id.ID
	for range 5 {
		in := x.input(v, 1, WaitTogether)
		in.Delegates[0].Name = ""
		r, err := x.desk.Create(x.ctx, v, in, "")
		x.ok(err)
		made = append(made, r.ID)
	}
	args := page.Args{First: 2}
	var got []id.ID
	for {
		of, err := RegistrationsOfEvents(x.ctx, x.db.Read(), x.organiser, []id.ID{x.event}, "", args)
		x.ok(err)
		c := of[x.event]
		for _, r := range c.Nodes {
			got = append(got, r.ID)
		}
		if !c.PageInfo().HasNextPage {
			break
		}
		args.After, err = page.Decode(*c.PageInfo().EndCursor)
		x.ok(err)
	}
	if diff := compare(got, made); diff != "" {
		t.Errorf("pages:\n%s", diff)
	}
	of, err := RegistrationsOfEvents(x.ctx, x.db.Read(), x.organiser, []id.ID{x.event}, RegistrationWaitlisted, page.Args{First: 9})
	x.ok(err)
	if n := len(of[x.event].Nodes); n != 2 || of[x.event].Nodes[1].Place() != 2 {
		t.Errorf("%d wait, the last at %d", n, of[x.event].Nodes[n-1].Place())
	}
	mine, err := RegistrationsOfOrganisations(x.ctx, x.db.Read(), v, []id.ID{v.For}, "", page.Args{First: 2})
	x.ok(err)
	if mine[v.For].Nodes[0].ID != made[4] || !mine[v.For].PageInfo().HasNextPage {
		t.Error("the newest is not the first")
	}
}

// A sensitive event tells its counts to nobody but the organisers: neither in
// figures nor by how often it says something.
func TestSensitiveEventTellsWordsOnly(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(20))
	x.exec(`update events set sensitive = true where node = $1`, x.event)
	for range 20 {
		x.registers(x.from("Algú"), 1, WaitTogether)
	}
	stranger := x.from("Curiosa")
	pools, err := SeatPoolsOf(x.ctx, x.db.Read(), stranger, []id.ID{x.event})
	x.ok(err)
	if p := pools[x.event][0]; p.Counts != nil || p.Availability != SeatsFull {
		t.Errorf("a stranger reads %+v, %s", p.Counts, p.Availability)
	}
	pools, err = SeatPoolsOf(x.ctx, x.db.Read(), x.organiser, []id.ID{x.event})
	x.ok(err)
	if p := pools[x.event][0]; p.Counts == nil || p.Counts.Confirmed != 20 {
		t.Errorf("an organiser reads %+v", p.Counts)
	}
	var public []string
	x.ok(x.db.Read().QueryRow(x.ctx, `select array_agg(data #>> '{pools,0}' order by n4) from journal
		where node = $1 and kind = 'SEATS_CHANGED' and level = 0`, x.event).Scan(&public))
	want := []string{
		fmt.Sprintf(`{"pool": "%s", "availability": "FEW"}`, x.pools[0]),
		fmt.Sprintf(`{"pool": "%s", "availability": "FULL"}`, x.pools[0]),
	}
	if diff := compare(public, want); diff != "" {
		t.Errorf("told to everybody:\n%s", diff)
	}
}

func TestBoardCountsWithoutNames(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(3))
	v := x.from("Entitat")
	in := x.input(v, 3, TakeWhatThereIs)
	in.Delegates[1].Territory, in.Delegates[2].Role = x.home, RoleProfessional
	r, err := x.desk.Create(x.ctx, v, in, "")
	x.ok(err)
	x.registers(x.from("Espera"), 2, WaitTogether)
	d := x.delegates(x.organiser, r)
	_, err = x.desk.CheckIn(x.ctx, x.organiser, x.event, DelegateRef{Code: d[1].Code}, "")
	x.ok(err)
	_, err = x.desk.ReplaceDelegate(x.ctx, v, x.event, d[0].ID, DelegateInput{Name: "Suplent"}, "")
	x.ok(err)
	_, err = x.desk.CancelDelegate(x.ctx, v, x.event, d[2].ID, "")
	x.ok(err)
	b, err := BoardOf(x.ctx, x.db.Read(), x.organiser, x.event)
	x.ok(err)
	got := fmt.Sprintf("%+v %+v %+v", b.DelegateCounts, b.ByRole, b.ByTerritory)
	want := fmt.Sprintf("%+v %+v %+v",
		DelegateCounts{Confirmed: 2, Waiting: 2, Cancelled: 1, Arrived: 1},
		[]RoleCounts{
			{RolePublic, DelegateCounts{}},
			{RoleProfessional, DelegateCounts{Cancelled: 1}},
			{RoleAssociation, DelegateCounts{Confirmed: 2, Waiting: 2, Arrived: 1}},
		},
		[]TerritoryCounts{
			{x.home, DelegateCounts{Confirmed: 1, Arrived: 1}},
			{id.Zero, DelegateCounts{Confirmed: 1, Waiting: 2, Cancelled: 1}},
		})
	if got != want {
		t.Errorf("board is\n%s\nwant\n%s", got, want)
	}
	_, err = BoardOf(x.ctx, x.db.Read(), v, x.event)
	x.refused(err, fault.ErrDenied)
	x.exec(`update nodes set visibility = 4 where id = $1`, x.event)
	_, err = BoardOf(x.ctx, x.db.Read(), v, x.event)
	x.refused(err, fault.ErrNotFound)
	x.audit()
}
