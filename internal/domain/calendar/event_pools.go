package calendar

import (
	"context"
	"slices"
	"strconv"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// checkReserves refuses pools for audiences and organisations that are none, or
// that the viewer cannot see.
func checkReserves(ctx context.Context, q postgres.Querier, v *access.Viewer, pools []PoolSpec) (fault.List, error) {
	var ids []id.ID
	for _, p := range pools {
		for _, other := range []id.ID{p.Reserve.Audience, p.Reserve.Organisation} {
			if !other.IsZero() {
				ids = append(ids, other)
			}
		}
	}
	kinds, err := visibleKinds(ctx, q, v, ids)
	if err != nil {
		return nil, err
	}
	var c findings
	for i, p := range pools {
		if r := p.Reserve; !r.Audience.IsZero() && kinds[r.Audience] != node.Audience {
			c.Add(fault.ErrNotFound, "seatPools", strconv.Itoa(i), "reserve", "audience")
		}
		if r := p.Reserve; !r.Organisation.IsZero() && !slices.Contains(organisations(), kinds[r.Organisation]) {
			c.Add(fault.ErrNotFound, "seatPools", strconv.Itoa(i), "reserve", "organization")
		}
	}
	return c.Faults, nil
}

// rulesTheLine tells whether a change of the field may let somebody in who
// waits: smaller blocks may pass now, or the event is no longer over.
func rulesTheLine(field string) bool {
	return oneOf(field, []string{"overtaking", "startsAt", "endsAt", "date"})
}

// resettle gives free seats to who fits under the rules as they are now, so that
// none stays free until the next cancellation. The event's topic is locked.
func (c *changing) resettle(ctx context.Context, tx *postgres.Tx) error {
	d, err := openDesk(ctx, tx, request{viewer: c.viewer, event: c.event.ID}, DefaultHolds())
	if err != nil {
		return err
	}
	if _, err := d.settle(ctx); err != nil {
		return err
	}
	return journal.Append(ctx, tx, c.event.ID, c.viewer, d.facts...)
}
