package calendar

import (
	"context"
	"slices"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// DelegateRef names who arrives: by the code they show, or by identifier.
type DelegateRef struct {
	ID   id.ID
	Code string
}

// Arrival is the answer of a check-in. Already tells that the delegate had
// arrived before; then the delegate's ArrivedAt and ArrivedBy say when and who
// checked in first: it is one arrival, from however many devices.
type Arrival struct {
	Delegate *Delegate
	Already  bool
}

// CheckIn notes that a delegate has arrived.
//
// Who may: the event's organisers and who has a grant for its door. Refusals:
// ErrUnknownCode, ErrCodeDead (cancelled or replaced), ErrNoSeatYet,
// ErrEventOver (cancelled or closed).
func (s *Registrations) CheckIn(ctx context.Context, v *access.Viewer, event id.ID, who DelegateRef, key string) (*Arrival, error) {
	who.Code = cleanCode(who.Code)
	r := request{viewer: v, event: event, key: key, name: "delegateCheckIn", input: who}
	a := &Arrival{}
	err := s.do(ctx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
		if err := d.mayCheckIn(); err != nil {
			return nil, err
		}
		return d.checkIn(ctx, who)
	}, func(ctx context.Context, q postgres.Querier, ids []id.ID) (err error) {
		// Only the request that made the arrival left a second identifier.
		a.Already = len(ids) == 1
		a.Delegate, err = oneDelegate(ctx, q, v, ids[0])
		return err
	})
	if err != nil {
		return nil, err
	}
	return a, nil
}

func (d *desk) checkIn(ctx context.Context, who DelegateRef) ([]id.ID, error) {
	x, err := readArriving(ctx, d.tx.Native(), d.event, who)
	if err != nil {
		return nil, err
	}
	switch x.State {
	case DelegateAttended:
		return []id.ID{x.ID}, nil
	case DelegatePending, DelegateWaitlisted:
		return nil, ErrNoSeatYet.New()
	case DelegateCancelled, DelegateRejected, DelegateReplaced:
		return nil, ErrCodeDead.New()
	}
	arrival := id.New()
	if err := x.arrive(ctx, d.tx.Native(), arrival, d.viewer.Person); err != nil {
		return nil, err
	}
	d.tellArrival(FactDelegateArrived, x)
	return []id.ID{x.ID, arrival}, nil
}

// UndoCheckIn takes back an arrival that was noted by mistake.
//
// Who may: as CheckIn. Refusals: ErrNotArrived, ErrEventOver.
func (s *Registrations) UndoCheckIn(ctx context.Context, v *access.Viewer, event, delegate id.ID, key string) (x *Delegate, err error) {
	r := request{viewer: v, event: event, key: key, name: "delegateCheckInUndo", input: delegate}
	err = s.do(ctx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
		if err := d.mayCheckIn(); err != nil {
			return nil, err
		}
		x, err := readArriving(ctx, d.tx.Native(), event, DelegateRef{ID: delegate})
		if err != nil {
			return nil, err
		}
		if x.State != DelegateAttended {
			return nil, ErrNotArrived.New()
		}
		d.tellArrival(FactArrivalUndone, x)
		return []id.ID{delegate}, x.undo(ctx, d.tx.Native())
	}, func(ctx context.Context, q postgres.Querier, ids []id.ID) (err error) {
		x, err = oneDelegate(ctx, q, v, ids[0])
		return err
	})
	return x, err
}

// mayCheckIn lets organisers and the people at the door in, while the event is
// published or its attendance is still typed in.
func (d *desk) mayCheckIn() error {
	if err := access.MayCheckIn(d.viewer, d.subject()); err != nil {
		return err
	}
	if !slices.Contains([]EventState{Published, Held}, d.at.State) {
		return ErrEventOver.New()
	}
	return nil
}

// tellArrival is for who stands at the door or before the board, and in no feed.
func (d *desk) tellArrival(kind string, x *arriving) {
	d.facts = append(d.facts, journal.Fact{Kind: kind, Level: access.Organisers, Data: DelegateChanged{
		Registration: x.Registration, Organisation: x.Organisation, Delegate: x.ID,
	}})
}

// arriving is a delegate at the door.
type arriving struct {
	ID           id.ID
	Registration id.ID
	Organisation id.ID
	State        DelegateState
}
