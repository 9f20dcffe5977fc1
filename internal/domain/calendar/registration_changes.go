package calendar

import (
	"slices"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
)

// Kinds of facts about seats and registrations. SEATS_CHANGED is for everybody
// who sees the event, the others for its organisers.
const (
	FactSeatsChanged          = "SEATS_CHANGED"          // SeatsChanged
	FactRegistrationCreated   = "REGISTRATION_CREATED"   // RegistrationChanged
	FactRegistrationApproved  = "REGISTRATION_APPROVED"  // RegistrationChanged
	FactRegistrationRejected  = "REGISTRATION_REJECTED"  // RegistrationChanged
	FactRegistrationPromoted  = "REGISTRATION_PROMOTED"  // RegistrationChanged
	FactRegistrationCancelled = "REGISTRATION_CANCELLED" // RegistrationChanged
	FactDelegateCancelled     = "DELEGATE_CANCELLED"     // DelegateChanged
	FactDelegateReplaced      = "DELEGATE_REPLACED"      // DelegateChanged
	FactDelegateArrived       = "DELEGATE_ARRIVED"       // DelegateChanged
	FactArrivalUndone         = "ARRIVAL_UNDONE"         // DelegateChanged
	FactNoShowsNoted          = "NO_SHOWS_NOTED"         // NoShowsNoted
	FactCapacityChanged       = "CAPACITY_CHANGED"       // CapacityChanged
	FactBlockSetAside         = "BLOCK_SET_ASIDE"        // RegistrationChanged
	FactBlockReturned         = "BLOCK_RETURNED"         // RegistrationChanged
	FactSmallerLetPass        = "SMALLER_LET_PASS"       // SmallerLetPass
)

// SeatsChanged tells all pools of the event as they were after the change. For
// a sensitive event it comes twice: with the counts for the organisers, and for
// everybody else without them, only when a word changes: else the number of
// facts would be the count.
type SeatsChanged struct {
	Pools []PoolSeats `json:"pools"`
}

// PoolSeats is one pool at one moment; the counts are absent where they are not
// for the reader.
type PoolSeats struct {
	Pool         id.ID        `json:"pool"`
	Availability Availability `json:"availability"`
	Capacity     *int         `json:"capacity,omitempty"`
	Confirmed    *int         `json:"confirmed,omitempty"`
	Waiting      *int         `json:"waiting,omitempty"`
}

// RegistrationChanged tells what a registration got or lost: seats by this
// change, and how many of its delegates wait after it.
type RegistrationChanged struct {
	Registration id.ID `json:"registration"`
	Organisation id.ID `json:"organisation"`
	Seats        int   `json:"seats"`
	Waiting      int   `json:"waiting"`
	Number       int64 `json:"number"` // order of arrival
}

// DelegateChanged names a delegate; Replaced is who had the place before.
type DelegateChanged struct {
	Registration id.ID `json:"registration"`
	Organisation id.ID `json:"organisation"`
	Delegate     id.ID `json:"delegate"`
	Replaced     id.ID `json:"replaced,omitzero"`
}

// CapacityChanged tells both capacities.
type CapacityChanged struct {
	Pool id.ID `json:"pool"`
	From int   `json:"from"`
	To   int   `json:"to"`
}

// SmallerLetPass tells who was seated before whom, by the organisers' leave.
type SmallerLetPass struct {
	Pool      id.ID `json:"pool"`
	Overtaken id.ID `json:"overtaken"`
	By        id.ID `json:"by"`
}

// NoShowsNoted counts the seats whose people did not come.
type NoShowsNoted struct {
	Delegates int `json:"delegates"`
}

// tell adds a fact for the organisers, about the event's organisation and, when
// there is one, the registering one.
func (d *desk) tell(kind string, organisation id.ID, data any) {
	d.facts = append(d.facts, journal.Fact{
		Kind: kind, Level: access.Organisers, Data: data, About: d.about(organisation),
	})
}

func (d *desk) about(organisation id.ID) []id.ID {
	var about []id.ID
	for _, v := range []id.ID{d.at.Home, organisation} {
		if !v.IsZero() && !slices.Contains(about, v) {
			about = append(about, v)
		}
	}
	return about
}

func (d *desk) tellRegistration(kind string, p party, seats, waiting int) {
	d.tell(kind, p.Organisation, RegistrationChanged{
		Registration: p.Registration, Organisation: p.Organisation, Seats: seats, Waiting: waiting, Number: p.Line,
	})
}

// tellPromotions tells who was seated by a walk, and who passed whom.
func (d *desk) tellPromotions(w *promotion) {
	for _, p := range w.Passed {
		d.tell(FactSmallerLetPass, id.Zero, SmallerLetPass(p))
	}
	for _, p := range w.Seated {
		d.tellRegistration(FactRegistrationPromoted, p.party, p.seats, p.Waiting-p.seats)
	}
}

// tellSeats tells how the seats stand, when they have changed: to who follows the
// event, and in no feed, where each registration would be a line.
func (d *desk) tellSeats() {
	if !d.hall.changed() {
		return
	}
	exact, coarse, word := d.seatsNow()
	seen := d.at.Visibility // nobody below it learns that something happened
	level := seen
	if d.at.Sensitive {
		level = access.Organisers
	}
	d.facts = append(d.facts, journal.Fact{
		Kind: FactSeatsChanged, Level: level, Data: SeatsChanged{exact},
	})
	if d.at.Sensitive && word && seen < access.Organisers {
		d.facts = append(d.facts, journal.Fact{
			Kind: FactSeatsChanged, Level: seen, Data: SeatsChanged{coarse},
		})
	}
}

// seatsNow shows the pools with counts and without, and whether the word for
// one of them is another than before.
func (d *desk) seatsNow() (exact, coarse []PoolSeats, word bool) {
	for _, s := range d.hall.pools {
		was := s.before.availability(d.at.Overtaking)
		c := s.counts() // as they are now: the hall goes on before the fact is written
		now := c.availability(d.hall.order)
		exact = append(exact, PoolSeats{s.Pool, now, &c.Capacity, &c.Confirmed, &c.Waiting})
		coarse = append(coarse, PoolSeats{Pool: s.Pool, Availability: now})
		word = word || was != now
	}
	return exact, coarse, word
}
