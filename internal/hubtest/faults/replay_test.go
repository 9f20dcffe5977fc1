package faults

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/journal"
)

// replay tells from the journal alone whether an event with one pool kept the
// rules of its line. It knows nothing of how the hub decides.
type replay struct {
	overtaking calendar.Overtaking
	policies   map[id.ID]calendar.PlacesPolicy // what each registration asked for
	capacity   int
	line       []*block // in order of arrival
	wrong      []string
	promoted   int // registrations that got seats while they waited
}

// block is what the facts have said of one registration.
type block struct {
	id             id.ID
	number         int64
	policy         calendar.PlacesPolicy
	seats, waiting int
	aside          bool
}

// fact is what the replay reads of the facts of the calendar.
type fact struct {
	Registration id.ID                `json:"registration"`
	Seats        int                  `json:"seats"`
	Waiting      int                  `json:"waiting"`
	Number       int64                `json:"number"`
	To           int                  `json:"to"`
	Pools        []calendar.PoolSeats `json:"pools"`
}

// read goes through the facts command by command: those of one command have one
// moment.
func (r *replay) read(t *testing.T, entries []journal.Entry) {
	t.Helper()
	for len(entries) > 0 {
		n := slices.IndexFunc(entries, func(e journal.Entry) bool { return !e.At.Equal(entries[0].At) })
		if n < 0 {
			n = len(entries)
		}
		r.command(t, entries[:n])
		entries = entries[n:]
	}
}

func (r *replay) command(t *testing.T, entries []journal.Entry) {
	t.Helper()
	facts := make([]fact, len(entries))
	var after *calendar.PoolSeats
	for i, e := range entries {
		if err := json.Unmarshal(e.Data, &facts[i]); err != nil {
			t.Fatal(err)
		}
		if e.Kind == calendar.FactSeatsChanged {
			after = &facts[i].Pools[0]
		}
	}
	seats := r.seats()
	for i, e := range entries {
		if e.Kind != calendar.FactDelegateCancelled {
			r.apply(e.Number, e.Kind, facts[i])
			continue
		}
		hadSeat := after != nil && *after.Confirmed < seats+promotedIn(entries, facts)
		r.cancelOne(facts[i].Registration, hadSeat)
	}
	r.rest(entries[len(entries)-1].Number, after)
}

// promotedIn is how many seats a command gave to who waited.
func promotedIn(entries []journal.Entry, facts []fact) (n int) {
	for i, e := range entries {
		if e.Kind == calendar.FactRegistrationPromoted {
			n += facts[i].Seats
		}
	}
	return n
}

func (r *replay) complain(number int64, format string, args ...any) {
	r.wrong = append(r.wrong, fmt.Sprintf("fact %d: ", number)+fmt.Sprintf(format, args...))
}

func (r *replay) apply(number int64, kind string, f fact) {
	b := r.find(f.Registration)
	switch kind {
	case calendar.FactRegistrationCreated:
		r.arrive(number, f)
	case calendar.FactCapacityChanged:
		r.capacity = f.To
	case calendar.FactRegistrationPromoted:
		r.promote(number, b, f)
	case calendar.FactRegistrationCancelled:
		b.seats, b.waiting = 0, 0
	case calendar.FactBlockSetAside:
		b.aside = true
	case calendar.FactBlockReturned:
		b.aside = false
	}
}

func (r *replay) find(v id.ID) *block {
	for _, b := range r.line {
		if b.id == v {
			return b
		}
	}
	return nil
}

func (r *replay) seats() (n int) {
	for _, b := range r.line {
		n += b.seats
	}
	return n
}

func (r *replay) free() int { return r.capacity - r.seats() }

// inLine are those who wait, in order.
func (r *replay) inLine() []*block {
	return slices.DeleteFunc(slices.Clone(r.line), func(b *block) bool { return b.waiting == 0 || b.aside })
}

// fits says how many of n delegates may have seats now.
func (r *replay) fits(policy calendar.PlacesPolicy, n int) int {
	switch {
	case n <= r.free():
		return n
	case policy == calendar.TakeWhatThereIs:
		return max(0, r.free())
	}
	return 0
}

func (r *replay) arrive(number int64, f fact) {
	if n := len(r.line); n > 0 && r.line[n-1].number >= f.Number {
		r.complain(number, "came as number %d after %d", f.Number, r.line[n-1].number)
	}
	policy := r.policies[f.Registration]
	want := r.fits(policy, f.Seats+f.Waiting)
	if r.overtaking == calendar.InOrder && len(r.inLine()) > 0 {
		want = 0 // others were there before
	}
	if f.Seats != want {
		r.complain(number, "a newcomer of %d (%s) got %d seats, want %d", f.Seats+f.Waiting, policy, f.Seats, want)
	}
	r.line = append(r.line, &block{id: f.Registration, number: f.Number, policy: policy, seats: f.Seats, waiting: f.Waiting})
}

// promote holds who was seated against everybody ahead of them.
func (r *replay) promote(number int64, b *block, f fact) {
	for _, ahead := range r.inLine() {
		if ahead == b {
			break
		}
		if r.overtaking == calendar.InOrder || r.fits(ahead.policy, ahead.waiting) > 0 {
			r.complain(number, "number %d was seated before number %d", b.number, ahead.number)
		}
	}
	if b.aside || f.Seats != r.fits(b.policy, b.waiting) || b.waiting-f.Seats != f.Waiting {
		r.complain(number, "number %d with %d waiting got %d seats of %d free", b.number, b.waiting, f.Seats, r.free())
	}
	b.seats, b.waiting = b.seats+f.Seats, f.Waiting
	r.promoted++
}

// cancelOne takes one delegate out; the fact does not say whether they had a
// seat, so that of a block with both the counts decide.
func (r *replay) cancelOne(v id.ID, hadSeat bool) {
	b := r.find(v)
	if b.waiting == 0 || b.seats > 0 && hadSeat {
		b.seats--
	} else {
		b.waiting--
	}
}

// rest looks at what a command left behind.
func (r *replay) rest(number int64, after *calendar.PoolSeats) {
	waiting := 0
	line := r.inLine()
	for i, b := range line {
		waiting += b.waiting
		first := i == 0 || r.overtaking == calendar.SmallerMayPass
		if n := r.fits(b.policy, b.waiting); n > 0 && first {
			r.complain(number, "%d seats stay free while number %d would fit", n, b.number)
		}
	}
	if r.free() < 0 {
		r.complain(number, "%d seats of %d are taken", r.seats(), r.capacity)
	}
	if after != nil && (*after.Capacity != r.capacity || *after.Confirmed != r.seats() || *after.Waiting != waiting) {
		r.complain(number, "said to be %d confirmed, %d waiting, %d in all; by the facts %d, %d, %d",
			*after.Confirmed, *after.Waiting, *after.Capacity, r.seats(), waiting, r.capacity)
	}
}
