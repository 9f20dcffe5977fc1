package calendar

import (
	"sync"
	"testing"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
)

func TestCheckInFromSeveralDevicesIsOneArrival(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(1))
	v := x.from("Entitat")
	r := x.registers(v, 1, WaitTogether)
	late := x.registers(x.from("Espera"), 1, WaitTogether)
	code := x.delegates(v, r)[0].Code
	door := x.person(access.Viewer{CheckIn: []id.ID{x.event}})

	const devices = 6
	var wg sync.WaitGroup
	arrivals := make([]*Arrival, devices)
	for i := range devices {
		wg.Go(func() {
			a, err := x.desk.CheckIn(x.ctx, door, x.event, DelegateRef{Code: " " + code[:10] + "-" + code[10:]}, "")
			if err != nil {
				t.Error(err)
				return
			}
			arrivals[i] = a
		})
	}
	wg.Wait()
	first := 0
	for _, a := range arrivals {
		if a == nil {
			t.FailNow()
		}
		if !a.Already {
			first++
		}
		if !a.Delegate.ArrivedAt.Equal(*arrivals[0].Delegate.ArrivedAt) || a.Delegate.ArrivedBy != door.Person {
			t.Errorf("arrived %v by %v", a.Delegate.ArrivedAt, a.Delegate.ArrivedBy)
		}
	}
	if first != 1 || x.facts(FactDelegateArrived) != FactDelegateArrived {
		t.Errorf("%d devices were first; told %q", first, x.facts(FactDelegateArrived))
	}
	waiting := DelegateRef{ID: x.delegates(x.organiser, late)[0].ID}
	_, err := x.desk.CheckIn(x.ctx, door, x.event, waiting, "")
	x.refused(err, ErrNoSeatYet)
	_, err = x.desk.CheckIn(x.ctx, door, x.event, DelegateRef{Code: newCode()}, "")
	x.refused(err, ErrUnknownCode, "code")
	_, err = x.desk.Cancel(x.ctx, v, x.event, r.ID, "")
	x.refused(err, ErrHasArrived)
	x.audit()
}

// The repeated request of who was first is told again that it was first; so a
// device that lost the answer does not believe in a stranger with the same code.
func TestCheckInRepeatedAndUndone(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(1))
	v := x.from("Entitat")
	r := x.registers(v, 1, WaitTogether)
	d := x.delegates(v, r)[0]
	for range 2 {
		a, err := x.desk.CheckIn(x.ctx, x.organiser, x.event, DelegateRef{ID: d.ID}, "clau")
		x.ok(err)
		if a.Already {
			t.Error("told to have arrived before")
		}
	}
	undone, err := x.desk.UndoCheckIn(x.ctx, x.organiser, x.event, d.ID, "")
	x.ok(err)
	if undone.State != DelegateConfirmed || undone.ArrivedAt != nil {
		t.Errorf("undone: %+v", undone)
	}
	_, err = x.desk.UndoCheckIn(x.ctx, x.organiser, x.event, d.ID, "")
	x.refused(err, ErrNotArrived)
	x.audit()
}

func TestReplacedDelegateKeepsTheSeatAndLosesTheCode(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(3))
	v := x.from("Entitat")
	in := x.input(v, 3, TakeWhatThereIs)
	in.Delegates[1].Name = ""
	r, err := x.desk.Create(x.ctx, v, in, "")
	x.ok(err)
	before := x.delegates(v, r)

	_, err = x.desk.ReplaceDelegate(x.ctx, v, x.event, before[0].ID, DelegateInput{Name: "persona 3"}, "")
	x.refused(err, ErrSameDelegateTwice, "name")
	_, err = x.desk.ReplaceDelegate(x.ctx, v, x.event, before[0].ID, DelegateInput{Name: "Suplent", Mail: "no és"}, "")
	x.refused(err, ErrBadMail, "mail")
	for range 2 { // with the same key it is one replacement
		_, err = x.desk.ReplaceDelegate(x.ctx, v, x.event, before[0].ID, DelegateInput{Name: "Suplent"}, "clau")
		x.ok(err)
	}
	_, err = x.desk.ReplaceDelegate(x.ctx, v, x.event, before[1].ID, DelegateInput{Name: "Nom que faltava"}, "")
	x.ok(err)
	after := x.delegates(v, r)
	if after[0].ID == before[0].ID || after[0].Name != "Suplent" || after[0].State != DelegateConfirmed || after[0].Pool != before[0].Pool {
		t.Errorf("replaced by %+v", after[0])
	}
	if after[1].ID != before[1].ID || after[1].Code != before[1].Code || after[1].Name != "Nom que faltava" {
		t.Errorf("named %+v", after[1])
	}
	_, err = x.desk.CheckIn(x.ctx, x.organiser, x.event, DelegateRef{Code: before[0].Code}, "")
	x.refused(err, ErrCodeDead)
	_, err = x.desk.CheckIn(x.ctx, x.organiser, x.event, DelegateRef{Code: after[0].Code}, "")
	x.ok(err)
	_, err = x.desk.ReplaceDelegate(x.ctx, v, x.event, after[0].ID, DelegateInput{Name: "Tard"}, "")
	x.refused(err, ErrHasArrived)
	_, err = x.desk.CancelDelegate(x.ctx, v, x.event, before[0].ID, "")
	x.refused(err, ErrDelegateGone)
	x.audit()
}

func TestNoShowsAfterTheEvent(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(3))
	v := x.from("Entitat")
	r := x.registers(v, 3, WaitTogether)
	d := x.delegates(v, r)
	_, err := x.desk.NoteNoShows(x.ctx, x.organiser, x.event, "")
	x.refused(err, ErrNotOverYet)
	_, err = x.desk.CheckIn(x.ctx, x.organiser, x.event, DelegateRef{ID: d[0].ID}, "")
	x.ok(err)
	x.exec(`update events set state = 'HELD' where node = $1`, x.event)
	for range 2 {
		n, err := x.desk.NoteNoShows(x.ctx, x.organiser, x.event, "clau")
		x.ok(err)
		if n != 2 {
			t.Errorf("%d did not come", n)
		}
	}
	_, err = x.desk.CheckIn(x.ctx, x.organiser, x.event, DelegateRef{ID: d[1].ID}, "") // typed in from paper
	x.ok(err)
	_, err = x.desk.Cancel(x.ctx, v, x.event, r.ID, "")
	x.refused(err, ErrEventOver)
	_, err = x.desk.NoteNoShows(x.ctx, v, x.event, "")
	x.refused(err, fault.ErrDenied)
	x.audit()
}
