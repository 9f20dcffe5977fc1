package calendar

import (
	"context"
	"strconv"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// FactAttendanceTyped tells the organisers that attendance came from paper.
const FactAttendanceTyped = "ATTENDANCE_TYPED" // AttendanceTyped

// AttendanceTyped counts the arrivals that were typed in.
type AttendanceTyped struct {
	Delegates int `json:"delegates"`
}

var errNotBegun = fault.Define(fault.Conflict, "EVENT_NOT_BEGUN",
	"L'assistència s'escriu quan l'acte ja ha començat.",
	"La asistencia se escribe cuando el acto ya ha empezado.",
	"Attendance is typed in when the event has begun.")

// WalkIn registers somebody who came without being registered, and notes that
// they arrived. They take a seat that is free: who waits in the line comes first
// while seats are still given away, and no seat is made out of nothing. Without
// an organisation they come for the event's own.
//
// Who may: as CheckIn. Refusals: ErrNotEnoughSeats,
// ErrNoPool, ErrAlreadyRegistered, ErrEventOver.
func (s *Registrations) WalkIn(ctx context.Context, v *access.Viewer, event, organisation id.ID, who DelegateInput, key string) (x *Delegate, err error) {
	in := RegistrationInput{Event: event, Organisation: organisation, Delegates: []DelegateInput{who}, Policy: AllOrNothing}
	if err := in.check(); err != nil {
		return nil, oneOfOne(err)
	}
	r := request{viewer: v, event: event, key: key, name: "eventWalkInAdd", input: in}
	err = s.do(ctx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
		if err := d.mayCheckIn(); err != nil {
			return nil, err
		}
		if in.Organisation.IsZero() {
			in.Organisation = d.at.Home
		}
		made, err := d.walkIn(ctx, in)
		return []id.ID{made}, err
	}, func(ctx context.Context, q postgres.Querier, ids []id.ID) (err error) {
		x, err = oneDelegate(ctx, q, v, ids[0])
		return err
	})
	if err != nil {
		return nil, oneOfOne(err)
	}
	return x, nil
}

// oneOfOne tells what is wrong with the only delegate of a block as what is wrong
// with the delegate.
func oneOfOne(err error) error {
	all := fault.All(err)
	if len(all) == 0 {
		return err
	}
	for i, f := range all {
		if len(f.Path) > 1 && f.Path[0] == "delegates" && f.Path[1] == "0" {
			g := *f
			g.Path = append([]string{"delegate"}, f.Path[2:]...)
			all[i] = &g
		}
	}
	return fault.List(all).Err()
}

func (d *desk) walkIn(ctx context.Context, in RegistrationInput) (id.ID, error) {
	d.onPaper = true
	known, err := lookUp(ctx, d.tx.Native(), d.viewer, in)
	if err != nil {
		return id.Zero, err
	}
	block, err := d.takeIn(ctx, in, known)
	if err != nil {
		return id.Zero, err
	}
	if err := d.write(ctx, &promotion{hall: d.hall}); err != nil {
		return id.Zero, err
	}
	delegate := block.delegates[0].ID
	at, err := readArriving(ctx, d.tx.Native(), d.event, DelegateRef{ID: delegate})
	if err != nil {
		return id.Zero, err
	}
	d.tellArrival(FactDelegateArrived, at)
	return delegate, at.arrive(ctx, d.tx.Native(), id.New(), d.viewer.Person)
}

// takeIn gives a block of the organisers seats that are free, outside the times
// of registration and without approval. What it changes in the pools is still to
// be written.
func (d *desk) takeIn(ctx context.Context, in RegistrationInput, known lookedUp) (*newBlock, error) {
	block, err := d.seatIn(ctx, in, known)
	if err != nil {
		return nil, err
	}
	return block, d.keepBlocks(ctx, block)
}

// seatIn decides what takeIn does, and stores nothing.
func (d *desk) seatIn(ctx context.Context, in RegistrationInput, known lookedUp) (*newBlock, error) {
	if err := d.takeForm(ctx, in); err != nil {
		return nil, err
	}
	block, err := d.newBlock(in, known)
	if err != nil {
		return nil, err
	}
	if err := d.here.meet(d.event, block.delegates); err != nil {
		return nil, err
	}
	order := d.hall.order
	if !d.promotes() {
		d.hall.order = SmallerMayPass // nobody in the line gets a seat any more
	}
	grants, err := d.hall.arrive(block.party)
	d.hall.order = order
	if err != nil {
		return nil, d.discreet(err)
	}
	block.seat(grants, false)
	d.at.LastLine++
	d.tellRegistration(FactRegistrationCreated, block.party, block.counts.Confirmed, block.counts.Waiting)
	return block, nil
}

// keepBlocks stores blocks that were seated; what the pools gave is still to be
// written.
func (d *desk) keepBlocks(ctx context.Context, blocks ...*newBlock) error {
	if err := insertBlocks(ctx, d.tx.Native(), nil, blocks...); err != nil {
		return err
	}
	return keepForms(ctx, d.tx, blocks...)
}

// Typed is what became of a list of attendance.
type Typed struct {
	Arrived, Already int
}

// TypeAttendance notes the arrivals that stand on a list of paper, all at once or,
// where one cannot be, none. What time it was is not known: it is the start of the
// event.
//
// Who may: as CheckIn, once the event has begun. Refusals: errNotBegun,
// ErrNoSeatYet, ErrCodeDead, ErrEventOver.
func (s *Registrations) TypeAttendance(ctx context.Context, v *access.Viewer, event id.ID, delegates []id.ID, key string) (*Typed, error) {
	if len(delegates) > 500 {
		return nil, ErrTooMany.At("delegates").With("max", 500)
	}
	typed := &Typed{}
	r := request{viewer: v, event: event, key: key, name: "eventAttendanceType", input: delegates}
	err := s.do(ctx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
		if err := d.mayCheckIn(); err != nil {
			return nil, err
		}
		at, err := d.begun(ctx)
		if err != nil {
			return nil, err
		}
		return d.typeAll(ctx, delegates, at)
	}, func(_ context.Context, _ postgres.Querier, arrived []id.ID) error {
		typed.Arrived, typed.Already = len(arrived), len(delegates)-len(arrived)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return typed, nil
}

// begun is when the event began.
func (d *desk) begun(ctx context.Context) (at time.Time, err error) {
	var begun bool
	err = d.tx.Native().QueryRow(ctx, `
		select coalesce(starts_at, least(over_by, clock_timestamp())), state = 'HELD' or coalesce(starts_at, over_by) <= clock_timestamp()
		from events where node = $1`, d.event).Scan(&at, &begun)
	if err == nil && !begun {
		return at, errNotBegun.New()
	}
	return at, registrationError("look when the event began", err)
}

func (d *desk) typeAll(ctx context.Context, delegates []id.ID, at time.Time) (arrived []id.ID, err error) {
	var wrong fault.List
	for i, delegate := range delegates {
		x, err := readArriving(ctx, d.tx.Native(), d.event, DelegateRef{ID: delegate})
		if err == nil {
			err = x.mayHaveCome()
		}
		switch f := fault.From(err); {
		case err == nil && x.State == DelegateAttended:
		case err == nil:
			if err := x.arriveAt(ctx, d.tx.Native(), d.viewer.Person, at); err != nil {
				return nil, err
			}
			arrived = append(arrived, delegate)
		case f.Code.Kind == fault.Conflict, f.Code.Kind == fault.NotFound:
			wrong = append(wrong, f.Code.At("delegates", strconv.Itoa(i)))
		default:
			return nil, err
		}
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	if len(arrived) > 0 {
		d.tell(FactAttendanceTyped, id.Zero, AttendanceTyped{len(arrived)})
	}
	return arrived, nil
}

// mayHaveCome refuses who had no seat.
func (x *arriving) mayHaveCome() error {
	switch x.State {
	case DelegateConfirmed, DelegateNoShow, DelegateAttended:
		return nil
	case DelegatePending, DelegateWaitlisted:
		return ErrNoSeatYet.New()
	}
	return ErrCodeDead.New()
}
