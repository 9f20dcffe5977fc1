package calendar

import (
	"context"
	"slices"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
)

// Cancel cancels a registration as a whole. Its seats go to the first in line
// in the same transaction.
//
// Who may: who registered it, who answers for the organisation, the event's
// organisers. Refusals: ErrAlreadyCancelled, ErrHasArrived, ErrEventOver.
func (s *Registrations) Cancel(ctx context.Context, v *access.Viewer, event, registration id.ID, key string) (*Registration, error) {
	r := request{viewer: v, event: event, key: key, name: "registrationCancel", input: registration}
	return s.change(ctx, r, func(ctx context.Context, d *desk) (id.ID, error) {
		f, err := d.fileOf(ctx, registration)
		if err != nil {
			return id.Zero, err
		}
		if err := d.mayChange(f); err != nil {
			return id.Zero, err
		}
		return registration, d.cancelWhole(ctx, f)
	})
}

func (d *desk) cancelWhole(ctx context.Context, f *file) error {
	switch live := f.live(); {
	case len(f.in(DelegateAttended)) > 0:
		return ErrHasArrived.New()
	case len(live) == 0:
		return ErrAlreadyCancelled.New()
	default:
		return d.cancel(ctx, f, live)
	}
}

// CancelDelegate cancels one delegate of a block.
//
// Who may: as Cancel, and the delegate. Refusals: ErrDelegateGone,
// ErrHasArrived, ErrEventOver.
func (s *Registrations) CancelDelegate(ctx context.Context, v *access.Viewer, event, delegate id.ID, key string) (*Registration, error) {
	r := request{viewer: v, event: event, key: key, name: "delegateCancel", input: delegate}
	return s.change(ctx, r, func(ctx context.Context, d *desk) (id.ID, error) {
		f, err := d.fileOf(ctx, delegate)
		if err != nil {
			return id.Zero, err
		}
		who := f.delegate(delegate)
		if err := access.MayCancelDelegate(d.viewer, d.block(f), who.Person); err != nil {
			return id.Zero, err
		}
		if err := d.mayChangeSeats(); err != nil {
			return id.Zero, err
		}
		if err := who.mayGo(); err != nil {
			return id.Zero, err
		}
		return f.party.Registration, d.cancel(ctx, f, []fileDelegate{who})
	})
}

// cancel takes delegates out, and gives what they had to who waits.
func (d *desk) cancel(ctx context.Context, f *file, gone []fileDelegate) error {
	if err := d.release(ctx, f, gone); err != nil {
		return err
	}
	_, err := d.settle(ctx)
	return err
}

// release takes delegates out; who waits comes in when the desk is settled.
func (d *desk) release(ctx context.Context, f *file, gone []fileDelegate) error {
	waiting, whole := 0, len(gone) == len(f.live())
	for _, x := range gone {
		switch {
		case x.holdsSeat():
			d.hall.release(x.Pool, 1)
		case x.State == DelegateWaitlisted:
			waiting++
		}
	}
	left := f.party
	if waiting > 0 {
		left = d.hall.leave(f.party, waiting)
	}
	if err := f.withdraw(ctx, d.tx.Native(), gone, DelegateCancelled, left.Aside); err != nil {
		return err
	}
	switch {
	case d.lapsed:
		d.tellRegistration(FactRegistrationLapsed, f.party, -len(gone), left.Waiting)
	case whole:
		d.tellRegistration(FactRegistrationCancelled, f.party, 0, 0)
	default:
		d.tellDelegates(FactDelegateCancelled, f, gone)
	}
	if f.party.Aside && !left.Aside && left.Waiting > 0 {
		d.tellRegistration(FactBlockReturned, left, 0, left.Waiting)
	}
	return nil
}

func (d *desk) tellDelegates(kind string, f *file, list []fileDelegate) {
	for _, x := range list {
		d.tell(kind, f.party.Organisation, DelegateChanged{
			Registration: f.party.Registration, Organisation: f.party.Organisation, Delegate: x.ID,
		})
	}
}

// file is a registration as it lies on the desk, with all its delegates but
// those who were replaced.
type file struct {
	party
	RegisteredBy id.ID
	delegates    []fileDelegate
}

type fileDelegate struct {
	ID       id.ID
	State    DelegateState
	Pool     id.ID
	Person   id.ID
	Position int
	Named    bool
	Role     DelegateRole
	Shown    bool // to the other people of the organisation
}

func (x fileDelegate) holdsSeat() bool {
	return oneOf(x.State, []DelegateState{DelegateConfirmed, DelegateAttended, DelegateNoShow})
}

// mayGo refuses who is gone already, and who has arrived.
func (x fileDelegate) mayGo() error {
	switch x.State {
	case DelegateAttended:
		return ErrHasArrived.New()
	case DelegatePending, DelegateConfirmed, DelegateWaitlisted:
		return nil
	}
	return ErrDelegateGone.New()
}

func (f *file) in(state DelegateState) []fileDelegate {
	return slices.DeleteFunc(slices.Clone(f.delegates), func(x fileDelegate) bool { return x.State != state })
}

// live are the delegates that may still be cancelled.
func (f *file) live() []fileDelegate {
	return slices.DeleteFunc(slices.Clone(f.delegates), func(x fileDelegate) bool { return x.mayGo() != nil })
}

// delegate finds one by identifier; a replaced one is no longer in the file.
func (f *file) delegate(v id.ID) fileDelegate {
	for _, x := range f.delegates {
		if x.ID == v {
			return x
		}
	}
	return fileDelegate{ID: v, State: DelegateReplaced}
}

// fileOf fetches the registration with this identifier, or the one that the
// delegate with this identifier belongs to, if the viewer may see it.
func (d *desk) fileOf(ctx context.Context, v id.ID) (*file, error) {
	f, err := readFile(ctx, d.tx.Native(), d.event, v)
	if err != nil {
		return nil, err
	}
	return f, access.MaySeeRegistration(d.viewer, d.block(f))
}

// block is the registration as rights are asked about it. Reads ask the same of
// the database, in registrationSeenSQL.
func (d *desk) block(f *file) access.Block {
	b := access.Block{
		Event: d.subject(), Organisation: f.party.Organisation, RegisteredBy: f.RegisteredBy,
	}
	for _, x := range f.delegates {
		if oneOf(x.State, []DelegateState{DelegateCancelled, DelegateRejected}) {
			continue
		}
		if !x.Person.IsZero() {
			b.Delegates = append(b.Delegates, x.Person)
		}
		// One who does not show themselves keeps the block out of sight.
		b.Sensitive = b.Sensitive || d.at.Sensitive && !x.Shown
	}
	return b
}

// mayChange refuses who may not change the registration, and everybody when it
// is too late.
func (d *desk) mayChange(f *file) error {
	if d.bearer == f.party.Registration { // the link is the right
		return d.mayChangeSeats()
	}
	if err := access.MayChangeRegistration(d.viewer, d.block(f)); err != nil {
		return err
	}
	return d.mayChangeSeats()
}
