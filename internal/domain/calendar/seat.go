package calendar

import (
	"strconv"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
)

// MaxCapacity is the largest pool; MaxPools how many an event may have.
const (
	MaxCapacity = 100_000
	MaxPools    = 20
)

// SeatPool is a number of seats with one waiting line: the general pool of an
// event, or one that is reserved.
type SeatPool struct {
	link.Slots
	ID           id.ID
	Event        id.ID
	Name         lang.Text
	Reserve      Reserve // empty for the general pool
	Position     int
	Availability Availability
	// Counts is nil for a sensitive event, unless the viewer organises it.
	Counts *SeatCounts
}

// SeatCounts are a pool's live figures. Waiting counts people, Line the
// registrations they belong to; blocks set aside are in neither.
type SeatCounts struct {
	Capacity, Confirmed, Waiting, Line int
}

// General tells whether the pool is for everybody.
func (p *SeatPool) General() bool { return p.Reserve.General() }

// Capacity is how many seats there are; like the other counts it is nil where it
// is not told.
func (p *SeatPool) Capacity() *int { return p.count(func(c *SeatCounts) *int { return &c.Capacity }) }

// Confirmed is how many seats are taken.
func (p *SeatPool) Confirmed() *int { return p.count(func(c *SeatCounts) *int { return &c.Confirmed }) }

// Waiting is how many people wait.
func (p *SeatPool) Waiting() *int { return p.count(func(c *SeatCounts) *int { return &c.Waiting }) }

func (p *SeatPool) count(which func(*SeatCounts) *int) *int {
	if p.Counts == nil {
		return nil
	}
	return which(p.Counts)
}

// Free is how many seats nobody has.
func (c SeatCounts) Free() int { return c.Capacity - c.Confirmed }

// Availability says in one word what a newcomer alone would meet.
type Availability string

// The words. FULL is also said when seats are free but somebody is waiting for
// them: a newcomer would wait too. FEW is a tenth of the pool or less.
const (
	SeatsPlaces Availability = "PLACES"
	SeatsFew    Availability = "FEW"
	SeatsFull   Availability = "FULL"
)

// availability is the word for these counts. Small pools have few seats from
// the last one on.
func (c SeatCounts) availability(order Overtaking) Availability {
	switch {
	case c.Free() <= 0, c.Line > 0 && order == InOrder:
		return SeatsFull
	case c.Free() <= max(1, c.Capacity/10):
		return SeatsFew
	default:
		return SeatsPlaces
	}
}

// Reserve says for whom a pool is kept: at most one of the three is set; none
// is the general pool.
type Reserve struct {
	Audience     id.ID
	Organisation id.ID
	Role         DelegateRole
}

// General tells that the pool is for everybody.
func (r Reserve) General() bool { return r == Reserve{} }

// claim is what a registration may found a right to a reserved pool on.
type claim struct {
	Organisation id.ID
	Association  bool // the organisation is an association
	Audience     id.ID
	Role         DelegateRole // of all its delegates; empty when they differ
}

// admits tells whether the claim gives a right to the pool. A pool for
// associations (or the public sector) is for delegates who come as such from
// such a body: saying so is not enough.
func (r Reserve) admits(c claim) bool {
	switch {
	case !r.Organisation.IsZero():
		return r.Organisation == c.Organisation
	case !r.Audience.IsZero():
		return r.Audience == c.Audience
	case r.Role == RoleProfessional:
		return c.Role == r.Role
	case r.Role != "":
		return c.Role == r.Role && c.Association == (r.Role == RoleAssociation)
	}
	return true
}

// valid tells that at most one condition is set.
func (r Reserve) valid() bool {
	n := 0
	for _, set := range []bool{!r.Audience.IsZero(), !r.Organisation.IsZero(), r.Role != ""} {
		if set {
			n++
		}
	}
	return n <= 1 && (r.Role == "" || oneOf(r.Role, DelegateRoles()))
}

// eligible are the pools a registration may be seated in: its own reserves
// first, in the organiser's order, then the general one.
func eligible(pools []*SeatPool, c claim) []id.ID {
	var own, general []id.ID
	for _, p := range pools {
		switch {
		case p.Reserve.General():
			general = append(general, p.ID)
		case p.Reserve.admits(c):
			own = append(own, p.ID)
		}
	}
	return append(own, general...)
}

// checkPools tells every wrong field of the pools of a new event.
func checkPools(specs []PoolSpec) error {
	var c findings
	if len(specs) > MaxPools {
		c.Max(ErrTooManyPools, MaxPools, "seatPools")
		return c.Faults.Err()
	}
	seen := map[Reserve]bool{}
	for i, p := range specs {
		at := func(field string) []string { return []string{"seatPools", strconv.Itoa(i), field} }
		c.Title(p.Name, at("name")...)
		if !p.Reserve.valid() {
			c.Add(ErrBadReserve, at("reserve")...)
		}
		if seen[p.Reserve] {
			c.Add(ErrPoolExists, at("reserve")...)
		}
		seen[p.Reserve] = true
		if p.Capacity < 0 || p.Capacity > MaxCapacity {
			c.Max(ErrCapacityRange, MaxCapacity, at("capacity")...)
		}
	}
	return c.Faults.Err()
}
