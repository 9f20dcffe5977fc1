package calendar

import (
	"slices"

	"github.com/teixit/teixit/internal/kernel/id"
)

// hall is the seats of one event, as its pools stand under the event's topic
// lock. Every decision about who gets a seat is made here, in memory; the
// service then writes the differences in a fixed number of statements.
//
// The rules, for each pool's line:
//   - confirmed never exceeds capacity;
//   - no seat stays free while the first in line fits;
//   - a block that does not fit holds the line up for everybody behind it,
//     unless the organiser lets smaller ones pass (always, or once);
//   - a block that could never fit, because its pools were cut below its size,
//     is set aside and holds nobody up.
//
// A block with a right to a reserved pool stands in that line and in the
// general one, under one number: waiting for a reserved seat must not make
// anybody miss a general one. It takes reserved seats first.
type hall struct {
	order Overtaking
	pools []*seats
}

// seats is one pool: what is taken, and who waits in its line. Blocks that are
// set aside are in no line.
type seats struct {
	Pool      id.ID
	Capacity  int
	Confirmed int
	Waiting   int // delegates in the line
	Blocks    int // registrations in the line
	before    SeatCounts
}

// party is what is left waiting of one registration.
type party struct {
	Registration id.ID
	Organisation id.ID
	Line         int64
	Policy       PlacesPolicy
	Pools        []id.ID // own reserve first, general last
	Waiting      int
	Aside        bool
}

// grant gives seats of a pool to the first waiting delegates of a registration.
type grant struct {
	Registration id.ID
	Pool         id.ID
	Seats        int
}

// seatChange is what the service has to add to a pool's row. Differences, not
// totals: so the CHECK constraint still refuses an oversell should two
// transactions ever decide on the same seats.
type seatChange struct {
	Pool                       id.ID
	Confirmed, Waiting, Blocks int
}

func newHall(order Overtaking, pools ...seats) *hall {
	h := &hall{order: order}
	for _, s := range pools {
		s.before = s.counts()
		h.pools = append(h.pools, &s)
	}
	return h
}

func (s *seats) counts() SeatCounts {
	return SeatCounts{Capacity: s.Capacity, Confirmed: s.Confirmed, Waiting: s.Waiting, Line: s.Blocks}
}

func (s *seats) free() int { return max(0, s.Capacity-s.Confirmed) }

func (h *hall) pool(v id.ID) *seats {
	for _, s := range h.pools {
		if s.Pool == v {
			return s
		}
	}
	return nil
}

// of returns the pools of a party that still exist, in its order.
func (h *hall) of(p party) []*seats {
	found := make([]*seats, 0, len(p.Pools))
	for _, v := range p.Pools {
		if s := h.pool(v); s != nil {
			found = append(found, s)
		}
	}
	return found
}

// changes are the rows to write, in the order of the pools.
func (h *hall) changes() []seatChange {
	var list []seatChange
	for _, s := range h.pools {
		c := seatChange{
			s.Pool, s.Confirmed - s.before.Confirmed, s.Waiting - s.before.Waiting, s.Blocks - s.before.Line,
		}
		if c != (seatChange{Pool: s.Pool}) {
			list = append(list, c)
		}
	}
	return list
}

// changesOf are the rows to write for several blocks together.
func changesOf(blocks []*newBlock) (sum []seatChange) {
	for _, b := range blocks {
		for _, c := range b.changes {
			i := slices.IndexFunc(sum, func(s seatChange) bool { return s.Pool == c.Pool })
			if i < 0 {
				sum = append(sum, c)
				continue
			}
			sum[i].Confirmed += c.Confirmed
			sum[i].Waiting += c.Waiting
			sum[i].Blocks += c.Blocks
		}
	}
	return sum
}

// written notes that the differences have been stored: what comes after is told
// and stored apart.
func (h *hall) written() {
	for _, s := range h.pools {
		s.before = s.counts()
	}
}

// changed tells whether anybody would see another figure than before.
func (h *hall) changed() bool {
	return slices.ContainsFunc(h.pools, func(s *seats) bool { return s.counts() != s.before })
}

// room is how many seats the party's pools have, taken or not.
func (h *hall) room(p party) int {
	n := 0
	for _, s := range h.of(p) {
		n += s.Capacity
	}
	return n
}

// tooLarge tells that the party could not be seated even in an empty hall. Who
// takes what there is never is: it leaves no seat free that another could use.
func (h *hall) tooLarge(p party) bool {
	return p.Policy != TakeWhatThereIs && p.Waiting > h.room(p)
}

// admit refuses a new party that could never be seated, or not now if that is
// what it asked for. It changes nothing.
func (h *hall) admit(p party) error {
	if room := h.room(p); p.Waiting > room {
		return ErrBlockTooLarge.At("delegates").With("wanted", p.Waiting).With("places", room)
	}
	if free := h.reach(p); p.Policy == AllOrNothing && p.Waiting > free {
		return ErrNotEnoughSeats.At("delegates").With("wanted", p.Waiting).With("free", free)
	}
	return nil
}

// arrive seats a new party, the last of its lines, or lets it wait.
func (h *hall) arrive(p party) ([]grant, error) {
	if err := h.admit(p); err != nil {
		return nil, err
	}
	open := h.open(p)
	h.stand(p)
	return h.seat(p, open), nil
}

// reach is how many seats a party that comes last could have.
func (h *hall) reach(p party) int {
	n := 0
	for _, s := range h.open(p) {
		n += s.free()
	}
	return n
}

// open are the pools from which a party that comes last may take seats.
func (h *hall) open(p party) []*seats {
	return slices.DeleteFunc(h.of(p), func(s *seats) bool { return s.Blocks > 0 && h.order != SmallerMayPass })
}

// stand puts a party into its lines. A party that is too large is set aside
// instead, which is reported.
func (h *hall) stand(p party) (aside bool) {
	if h.tooLarge(p) {
		return true
	}
	h.count(p, p.Waiting, 1)
	return false
}

// leave takes n waiting delegates out of the lines. It returns the party as it
// stands afterwards: one that was set aside may have become small enough to
// come back.
func (h *hall) leave(p party, n int) party {
	left := p
	left.Waiting -= n
	if p.Aside {
		left.Aside = left.Waiting > 0 && h.stand(left)
		return left
	}
	blocks := 0
	if left.Waiting == 0 {
		blocks = -1
	}
	h.count(p, -n, blocks)
	return left
}

// release gives seats back to a pool.
func (h *hall) release(pool id.ID, n int) {
	if s := h.pool(pool); s != nil {
		s.Confirmed -= n
	}
}

// resize sets a pool's capacity; it refuses to go below what is confirmed.
func (h *hall) resize(pool id.ID, capacity int) error {
	s := h.pool(pool)
	if capacity < s.Confirmed {
		return ErrBelowConfirmed.At("capacity").With("confirmed", s.Confirmed).With("wanted", capacity)
	}
	s.Capacity = capacity
	return nil
}

// reconsider sets aside the parties that have become too large for their pools
// and brings back those that fit again; it returns the changed ones and updates
// the given list.
func (h *hall) reconsider(line []party) []party {
	var changed []party
	for i := range line {
		p := &line[i]
		if p.Aside == h.tooLarge(*p) {
			continue
		}
		if p.Aside {
			h.count(*p, p.Waiting, 1)
		} else {
			h.count(*p, -p.Waiting, -1)
		}
		p.Aside = !p.Aside
		changed = append(changed, *p)
	}
	return changed
}

func (h *hall) count(p party, waiting, blocks int) {
	for _, s := range h.of(p) {
		s.Waiting += waiting
		s.Blocks += blocks
	}
}

// seat gives the party as many seats of the open pools as its policy allows.
func (h *hall) seat(p party, open []*seats) []grant {
	free := 0
	for _, s := range open {
		free += s.free()
	}
	wanted := min(free, p.Waiting)
	if wanted == 0 || (wanted < p.Waiting && p.Policy != TakeWhatThereIs) {
		return nil
	}
	var grants []grant
	left := wanted
	for _, s := range open {
		n := min(left, s.free())
		if n == 0 {
			continue
		}
		s.Confirmed += n
		left -= n
		grants = append(grants, grant{p.Registration, s.Pool, n})
	}
	h.leave(p, wanted)
	return grants
}

// promotion walks the lines from their heads and gives free seats away. The
// parties are handed to it in the order of their numbers, in as many portions
// as it takes.
type promotion struct {
	hall   *hall
	once   []id.ID // pools whose smaller blocks may pass this time
	held   []id.ID // pools whose line is held up by a block that does not fit
	left   []party // blocks passed over in a pool of once
	Grants []grant
	Seated []seated
	Passed []pass
}

// got is how many seats the walk gave a registration.
func (w *promotion) got(registration id.ID) int {
	for _, s := range w.Seated {
		if s.Registration == registration {
			return s.seats
		}
	}
	return 0
}

// seated is a party as it waited, and how many seats it got.
type seated struct {
	party
	seats int
}

// pass tells that one registration was seated before another that was ahead of
// it: by the organiser's leave, so it is logged.
type pass struct{ Pool, Overtaken, By id.ID }

// walk decides for the next parties of the line.
func (w *promotion) walk(line []party) {
	for _, p := range line {
		if len(w.open()) == 0 {
			return
		}
		if !p.Aside && p.Waiting > 0 {
			w.next(p)
		}
	}
}

// open are the pools that still have a seat for somebody further back; without
// one the walk is done.
func (w *promotion) open() []id.ID {
	var open []id.ID
	for _, s := range w.hall.pools {
		if s.free() > 0 && !slices.Contains(w.held, s.Pool) {
			open = append(open, s.Pool)
		}
	}
	return open
}

func (w *promotion) next(p party) {
	open := slices.DeleteFunc(w.hall.of(p), func(s *seats) bool { return slices.Contains(w.held, s.Pool) })
	grants := w.hall.seat(p, open)
	w.note(p, grants)
	got := 0
	for _, g := range grants {
		got += g.Seats
	}
	if got > 0 {
		w.Seated = append(w.Seated, seated{p, got})
	}
	if got == p.Waiting || w.hall.order == SmallerMayPass {
		return
	}
	for _, pool := range p.Pools {
		if slices.Contains(w.once, pool) {
			w.left = append(w.left, p)
		} else {
			w.held = append(w.held, pool)
		}
	}
}

func (w *promotion) note(p party, grants []grant) {
	w.Grants = append(w.Grants, grants...)
	for _, g := range grants {
		if !slices.Contains(w.once, g.Pool) {
			continue
		}
		for _, ahead := range w.left {
			if slices.Contains(ahead.Pools, g.Pool) {
				w.Passed = append(w.Passed, pass{Pool: g.Pool, Overtaken: ahead.Registration, By: p.Registration})
				break // the first one passed over names the fact
			}
		}
	}
}
