package calendar

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// SetCapacity changes how many seats a pool has. More seats go to the first in
// line in the same transaction; a block that has become larger than its pools
// is set aside, one that fits again comes back to its old place.
//
// Who may: the event's organisers. Refusals: ErrBelowConfirmed with the count,
// ErrCapacityRange, ErrEventOver.
func (s *Registrations) SetCapacity(ctx context.Context, v *access.Viewer, event, pool id.ID, capacity int, key string) (*SeatPool, error) {
	if capacity < 0 || capacity > MaxCapacity {
		return nil, ErrCapacityRange.At("capacity").With("max", MaxCapacity)
	}
	r := request{viewer: v, event: event, key: key, name: "seatPoolResize", input: struct {
		Pool     id.ID
		Capacity int
	}{pool, capacity}}
	var changed *SeatPool
	err := s.do(ctx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
		if err := d.mayArrange(pool); err != nil {
			return nil, err
		}
		return []id.ID{pool}, d.resize(ctx, pool, capacity)
	}, func(ctx context.Context, q postgres.Querier, ids []id.ID) (err error) {
		changed, err = onePool(ctx, q, v, ids[0])
		return err
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

func (d *desk) resize(ctx context.Context, pool id.ID, capacity int) error {
	was := d.hall.pool(pool).Capacity
	if err := d.hall.resize(pool, capacity); err != nil {
		return err
	}
	if err := writeCapacity(ctx, d.tx.Native(), pool, capacity); err != nil {
		return err
	}
	d.tell(FactCapacityChanged, id.Zero, CapacityChanged{Pool: pool, From: was, To: capacity})
	return d.rearrange(ctx)
}

// rearrange looks at everybody who waits again: who is set aside or back, who
// gets a seat. For the rare commands that change the rules of the line.
func (d *desk) rearrange(ctx context.Context) error {
	line, err := readWholeLine(ctx, d.tx.Native(), d.event)
	if err != nil {
		return err
	}
	changed := d.hall.reconsider(line)
	if err := writeAside(ctx, d.tx.Native(), changed); err != nil {
		return err
	}
	for _, p := range changed {
		kind := FactBlockReturned
		if p.Aside {
			kind = FactBlockSetAside
		}
		d.tellRegistration(kind, p, 0, p.Waiting)
	}
	w := &promotion{hall: d.hall}
	if d.promotes() {
		w.walk(line)
	}
	return d.write(ctx, w)
}

// LetSmallerPass seats, once, whoever fits the free seats of a pool although a
// larger block is ahead. It is told who passed whom. It answers with the
// registrations that came in.
//
// Who may: the event's organisers. Refusals: ErrNobodyToPass, ErrEventOver.
func (s *Registrations) LetSmallerPass(ctx context.Context, v *access.Viewer, event, pool id.ID, key string) (in []*Registration, err error) {
	r := request{viewer: v, event: event, key: key, name: "seatPoolLetSmallerPass", input: pool}
	err = s.do(ctx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
		if err := d.mayArrange(pool); err != nil {
			return nil, err
		}
		w, err := d.settle(ctx, pool)
		if err != nil {
			return nil, err
		}
		if len(w.Seated) == 0 {
			return nil, ErrNobodyToPass.New()
		}
		var ids []id.ID
		for _, p := range w.Seated {
			ids = append(ids, p.Registration)
		}
		return ids, nil
	}, func(ctx context.Context, q postgres.Querier, ids []id.ID) (err error) {
		in, err = RegistrationsByIDs(ctx, q, v, ids)
		return err
	})
	return in, err
}

// mayArrange lets organisers arrange the seats of a pool of this event.
func (d *desk) mayArrange(pool id.ID) error {
	if err := d.organisersOnly(); err != nil {
		return err
	}
	if d.hall.pool(pool) == nil {
		return fault.ErrNotFound.At("id")
	}
	return d.mayChangeSeats()
}
