package calendar

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
)

// model is the waiting room told once more, as plainly as possible and without
// a thought for speed: a list of blocks in order of arrival, from which
// everything else is counted anew. Promotion looks again and again for somebody
// who may be seated, until nobody is left.
type model struct {
	order  Overtaking
	pools  []id.ID
	room   map[id.ID]int
	blocks []*block
}

type block struct {
	party
	seats   map[id.ID]int
	pending bool
}

func (b *block) held() (n int) {
	for _, seats := range b.seats {
		n += seats
	}
	return n
}

func (m *model) taken(pool id.ID) (n int) {
	for _, b := range m.blocks {
		n += b.seats[pool]
	}
	return n
}

func (m *model) aside(b *block) bool {
	room := 0
	for _, pool := range b.Pools {
		room += m.room[pool]
	}
	return b.Policy != TakeWhatThereIs && b.Waiting > room
}

// first tells that nobody ahead of b waits for pool.
func (m *model) first(b *block, pool id.ID) bool {
	for _, other := range m.blocks {
		ahead := other.Line < b.Line && !other.pending && other.Waiting > 0 && !m.aside(other)
		if ahead && slices.Contains(other.Pools, pool) {
			return false
		}
	}
	return true
}

// reach is how many seats b could have now.
func (m *model) reach(b *block, passing []id.ID) (n int) {
	for _, pool := range b.Pools {
		if m.order == SmallerMayPass || slices.Contains(passing, pool) || m.first(b, pool) {
			n += m.room[pool] - m.taken(pool)
		}
	}
	return n
}

func (m *model) mayBeSeated(b *block, passing []id.ID) int {
	if b.pending || b.Waiting == 0 || m.aside(b) {
		return 0
	}
	n := m.reach(b, passing)
	if n < b.Waiting && b.Policy != TakeWhatThereIs {
		return 0
	}
	return min(n, b.Waiting)
}

func (m *model) seat(b *block, n int, passing []id.ID, promoted map[grant]int) {
	for _, pool := range b.Pools {
		if m.order != SmallerMayPass && !slices.Contains(passing, pool) && !m.first(b, pool) {
			continue
		}
		here := min(n, m.room[pool]-m.taken(pool))
		b.seats[pool] += here
		b.Waiting -= here
		n -= here
		if here > 0 {
			promoted[grant{Registration: b.Registration, Pool: pool}] += here
		}
	}
}

// settle promotes until nobody may be seated. In order: after each seat the
// search starts again at the head.
func (m *model) settle(passing ...id.ID) map[grant]int {
	promoted := map[grant]int{}
	slices.SortFunc(m.blocks, func(a, b *block) int { return int(a.Line - b.Line) })
	for again := true; again; {
		again = false
		for _, b := range m.blocks {
			if n := m.mayBeSeated(b, passing); n > 0 {
				m.seat(b, n, passing, promoted)
				again = true
				break
			}
		}
	}
	return promoted
}

// both runs the rules and the model side by side.
type both struct {
	t    *rapid.T
	m    *model
	h    *hall
	next int64
}

func numbered(n int) id.ID { return id.ID{15: byte(n), 14: byte(n >> 8), 0: 1} }

func newBoth(t *rapid.T) *both {
	m := &model{order: InOrder, room: map[id.ID]int{}}
	if rapid.Bool().Draw(t, "smaller may pass") {
		m.order = SmallerMayPass
	}
	var pools []seats
	for i := range rapid.IntRange(1, 3).Draw(t, "pools") {
		pool := id.ID{0: 2, 15: byte(i)}
		m.pools = append(m.pools, pool)
		m.room[pool] = rapid.IntRange(0, 8).Draw(t, "capacity")
		pools = append(pools, seats{Pool: pool, Capacity: m.room[pool]})
	}
	return &both{t: t, m: m, h: newHall(m.order, pools...)}
}

func (b *both) line() []party {
	var line []party
	for _, x := range b.m.blocks {
		if !x.pending && x.Waiting > 0 {
			p := x.party
			p.Aside = b.m.aside(x)
			line = append(line, p)
		}
	}
	return line
}

func (b *both) promote(once ...id.ID) *promotion {
	w := &promotion{hall: b.h, once: once}
	line := b.line()
	for len(line) > 0 { // in portions, as the service reads it
		n := min(len(line), rapid.IntRange(1, 4).Draw(b.t, "portion"))
		w.walk(line[:n])
		line = line[n:]
	}
	return w
}

// apply checks the grants of the rules against what the model seats.
func (b *both) apply(got []grant, passing ...id.ID) {
	seated := map[grant]int{}
	for _, g := range got {
		seated[grant{Registration: g.Registration, Pool: g.Pool}] += g.Seats
	}
	if want := b.m.settle(passing...); !maps.Equal(seated, want) {
		b.t.Fatalf("rules seated %v, the model %v", seated, want)
	}
}

// eligiblePools draws what a block has a right to: one reserve and the general
// pool (the last), as the service makes it.
func (b *both) eligiblePools() []id.ID {
	general := b.m.pools[len(b.m.pools)-1]
	reserve := rapid.SampledFrom(b.m.pools).Draw(b.t, "reserve")
	if reserve == general {
		return []id.ID{general}
	}
	return []id.ID{reserve, general}
}

func (b *both) arrive(t *rapid.T) {
	b.next++
	p := party{
		Registration: numbered(int(b.next)), Line: b.next, Pools: b.eligiblePools(),
		Policy:  rapid.SampledFrom([]PlacesPolicy{WaitTogether, TakeWhatThereIs, AllOrNothing}).Draw(t, "policy"),
		Waiting: rapid.IntRange(1, 5).Draw(t, "size"),
	}
	x := &block{party: p, seats: map[id.ID]int{}}
	grants, err := b.h.arrive(p)
	room := 0
	for _, pool := range p.Pools {
		room += b.m.room[pool]
	}
	b.m.blocks = append(b.m.blocks, x)
	refuse := p.Waiting > room || (p.Policy == AllOrNothing && b.m.reach(x, nil) < p.Waiting)
	if refuse != (err != nil) {
		t.Fatalf("refused: %v, the model says %v", err, refuse)
	}
	if refuse {
		b.m.blocks = b.m.blocks[:len(b.m.blocks)-1]
		return
	}
	b.apply(grants)
}

// wait adds a block that needs approval first.
func (b *both) wait(t *rapid.T) {
	b.next++
	b.m.blocks = append(b.m.blocks, &block{
		party: party{
			Registration: numbered(int(b.next)), Line: b.next, Pools: b.eligiblePools(),
			Policy:  rapid.SampledFrom([]PlacesPolicy{WaitTogether, TakeWhatThereIs}).Draw(t, "policy"),
			Waiting: rapid.IntRange(1, 5).Draw(t, "size"),
		},
		seats: map[id.ID]int{}, pending: true,
	})
}

func (b *both) pick(t *rapid.T, what string, ok func(*block) bool) *block {
	var list []*block
	for _, x := range b.m.blocks {
		if ok(x) {
			list = append(list, x)
		}
	}
	if len(list) == 0 {
		t.Skip("no " + what)
	}
	return rapid.SampledFrom(list).Draw(t, what)
}

func (b *both) approve(t *rapid.T) {
	x := b.pick(t, "pending block", func(x *block) bool { return x.pending })
	x.pending = false
	b.h.stand(x.party)
	b.apply(b.promote().Grants)
}

func (b *both) cancelWaiting(t *rapid.T) {
	x := b.pick(t, "waiting block", func(x *block) bool { return !x.pending && x.Waiting > 0 })
	n := rapid.IntRange(1, x.Waiting).Draw(t, "cancelled")
	p := x.party
	p.Aside = b.m.aside(x)
	b.h.leave(p, n)
	x.Waiting -= n
	b.apply(b.promote().Grants)
}

func (b *both) cancelSeats(t *rapid.T) {
	x := b.pick(t, "seated block", func(x *block) bool { return x.held() > 0 })
	for _, pool := range b.m.pools {
		n := rapid.IntRange(0, x.seats[pool]).Draw(t, "given back")
		x.seats[pool] -= n
		b.h.release(pool, n)
	}
	b.apply(b.promote().Grants)
}

func (b *both) resize(t *rapid.T) {
	pool := rapid.SampledFrom(b.m.pools).Draw(t, "pool")
	capacity := rapid.IntRange(0, 10).Draw(t, "capacity")
	err := b.h.resize(pool, capacity)
	if refused := capacity < b.m.taken(pool); refused != (err != nil) {
		t.Fatalf("capacity %d with %d taken: %v", capacity, b.m.taken(pool), err)
	}
	if err != nil {
		return
	}
	line := b.line()
	b.m.room[pool] = capacity
	b.h.reconsider(line)
	b.apply(b.promote().Grants)
}

func (b *both) letPass(t *rapid.T) {
	if b.m.order == SmallerMayPass {
		t.Skip("they may always")
	}
	pool := rapid.SampledFrom(b.m.pools).Draw(t, "pool")
	w := b.promote(pool)
	for _, p := range w.Passed {
		if p.Pool != pool {
			t.Fatalf("passed in another pool: %v", p)
		}
	}
	if len(w.Grants) > 0 && len(w.Passed) == 0 {
		t.Fatal("somebody passed and no fact tells it")
	}
	b.apply(w.Grants, pool)
	b.apply(b.promote().Grants) // one pass leaves the line in order again
}

// check holds the promises, counted from the model, against the rules' pools.
func (b *both) check(t *rapid.T) {
	for _, s := range b.h.pools {
		waiting, blocks := 0, 0
		for _, p := range b.line() {
			if !p.Aside && slices.Contains(p.Pools, s.Pool) {
				waiting, blocks = waiting+p.Waiting, blocks+1
			}
		}
		got := fmt.Sprint(s.Capacity, s.Confirmed, s.Waiting, s.Blocks)
		want := fmt.Sprint(b.m.room[s.Pool], b.m.taken(s.Pool), waiting, blocks)
		if got != want {
			t.Fatalf("pool %v: capacity, confirmed, waiting, blocks = %s, counted %s", s.Pool, got, want)
		}
		if s.Confirmed > s.Capacity {
			t.Fatalf("oversold: %d of %d", s.Confirmed, s.Capacity)
		}
	}
	for _, x := range b.m.blocks {
		if n := b.m.mayBeSeated(x, nil); n > 0 {
			t.Fatalf("%d seats stay free though block %d fits", n, x.Line)
		}
		if x.Waiting > 0 && x.Policy == AllOrNothing {
			t.Fatalf("block %d waits and asked not to", x.Line)
		}
	}
}

// Whatever happens in whatever order, the rules seat the same people as the
// plain model, and every promise about seats holds after each step.
func TestSeatsAgreeWithModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := newBoth(t)
		t.Repeat(map[string]func(*rapid.T){
			"arrive":         b.arrive,
			"arrive again":   b.arrive, // twice as likely
			"wait":           b.wait,
			"approve":        b.approve,
			"cancel waiting": b.cancelWaiting,
			"cancel seats":   b.cancelSeats,
			"resize":         b.resize,
			"let pass":       b.letPass,
			"":               b.check,
		})
	})
}

// What is written to the pools is exactly what changed.
func TestChangesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := newBoth(t)
		total := map[id.ID]seatChange{}
		for range rapid.IntRange(1, 8).Draw(t, "arrivals") {
			b.arrive(t)
			for _, c := range b.h.changes() {
				was := total[c.Pool]
				total[c.Pool] = seatChange{
					c.Pool, was.Confirmed + c.Confirmed, was.Waiting + c.Waiting, was.Blocks + c.Blocks,
				}
			}
			for _, s := range b.h.pools {
				s.before = s.counts()
			}
		}
		for _, s := range b.h.pools {
			if c := total[s.Pool]; (seatChange{s.Pool, s.Confirmed, s.Waiting, s.Blocks}) != (seatChange{s.Pool, c.Confirmed, c.Waiting, c.Blocks}) {
				t.Fatalf("written %v, stands at %v", c, *s)
			}
		}
	})
}
