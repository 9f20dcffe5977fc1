package calendar

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
)

// random sends random commands to the service and to the plain model of
// seat_rules_test.go, and compares who has seats and who waits after each.
type random struct {
	*venue
	*rand.Rand
	m      *model
	who    *access.Viewer
	blocks map[*block]*Registration
}

func (r *random) policy() PlacesPolicy {
	return PlacesPolicies()[r.IntN(3)]
}

func (r *random) arrive() string {
	in := r.input(r.who, 1+r.IntN(4), r.policy())
	role := DelegateRoles()[r.IntN(3)]
	for i := range in.Delegates {
		in.Delegates[i] = DelegateInput{Role: role}
	}
	b := &block{
		party: party{Line: int64(len(r.m.blocks)) + 1, Policy: in.Policy, Pools: []id.ID{r.pools[1]}, Waiting: len(in.Delegates)},
		seats: map[id.ID]int{},
	}
	if role == RoleAssociation {
		b.Pools = slices.Clone(r.pools)
	}
	made, err := r.desk.Create(r.ctx, r.who, in, "")
	room := 0
	for _, p := range b.Pools {
		room += r.m.room[p]
	}
	r.m.blocks = append(r.m.blocks, b)
	if refuse := b.Waiting > room || (b.Policy == AllOrNothing && r.m.reach(b, nil) < b.Waiting); refuse != (err != nil) {
		r.Fatalf("create: %v, the model refuses: %v", err, refuse)
	}
	if err != nil {
		r.m.blocks = r.m.blocks[:len(r.m.blocks)-1]
		return "refused"
	}
	b.Line, b.Registration = made.Number, made.ID
	r.blocks[b] = made
	r.m.settle()
	return fmt.Sprintf("%d arrive as %s, %s", len(in.Delegates), role, in.Policy)
}

func (r *random) any(ok func(*block) bool) *block {
	list := slices.DeleteFunc(slices.Clone(r.m.blocks), func(b *block) bool { return !ok(b) })
	if len(list) == 0 {
		return nil
	}
	return list[r.IntN(len(list))]
}

func (r *random) cancel() string {
	b := r.any(func(b *block) bool { return b.Waiting+b.held() > 0 })
	if b == nil {
		return "nobody to cancel"
	}
	live := slices.DeleteFunc(r.delegates(r.organiser, r.blocks[b]), func(d *Delegate) bool {
		return d.State != DelegateConfirmed && d.State != DelegateWaitlisted
	})
	if r.IntN(3) == 0 {
		_, err := r.desk.Cancel(r.ctx, r.who, r.event, b.Registration, "")
		r.ok(err)
	} else {
		live = []*Delegate{live[r.IntN(len(live))]}
		_, err := r.desk.CancelDelegate(r.ctx, r.who, r.event, live[0].ID, "")
		r.ok(err)
	}
	for _, d := range live {
		if d.State == DelegateWaitlisted {
			b.Waiting--
		} else {
			b.seats[d.Pool]--
		}
	}
	r.m.settle()
	return fmt.Sprintf("%d of block %d cancel", len(live), b.Line)
}

func (r *random) resize() string {
	pool, capacity := r.pools[r.IntN(2)], r.IntN(9)
	_, err := r.desk.SetCapacity(r.ctx, r.organiser, r.event, pool, capacity, "")
	if refuse := capacity < r.m.taken(pool); refuse != (err != nil) {
		r.Fatalf("capacity %d with %d taken: %v", capacity, r.m.taken(pool), err)
	}
	if err == nil {
		r.m.room[pool] = capacity
		r.m.settle()
	}
	return fmt.Sprintf("capacity %d", capacity)
}

func (r *random) letPass() string {
	pool := r.pools[r.IntN(2)]
	_, err := r.desk.LetSmallerPass(r.ctx, r.organiser, r.event, pool, "")
	if passed := len(r.m.settle(pool)) > 0; passed != (err == nil) {
		r.Fatalf("let pass: %v, the model passes: %v", err, passed)
	}
	return "let pass"
}

func (r *random) check(step int, did string) {
	for b, reg := range r.blocks {
		seats, waiting := map[id.ID]int{}, 0
		for _, d := range r.delegates(r.organiser, reg) {
			switch {
			case !d.Pool.IsZero():
				seats[d.Pool]++
			case d.State == DelegateWaitlisted:
				waiting++
			}
		}
		want := maps.Clone(b.seats)
		maps.DeleteFunc(want, func(_ id.ID, n int) bool { return n == 0 })
		if diff := compare(seats, want); diff != "" || waiting != b.Waiting {
			r.Fatalf("step %d (%s): block %d has %d waiting, want %d; seats:\n%s", step, did, b.Line, waiting, b.Waiting, diff)
		}
	}
	r.audit()
	if r.Failed() {
		r.Fatalf("step %d (%s)", step, did)
	}
}

// Whatever is asked in whatever order, the database says what the model says.
func TestLineAgreesWithModel(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for _, order := range []Overtaking{InOrder, SmallerMayPass} {
		for seed := range uint64(4) {
			t.Run(fmt.Sprintf("%s/%d", order, seed), func(t *testing.T) {
				x := seatsIn(t, db, PoolSpec{Name: general(1).Name, Capacity: 3, Reserve: Reserve{Role: RoleAssociation}}, general(5))
				x.exec(`update events set overtaking = $2 where node = $1`, x.event, order)
				r := &random{
					venue: x, Rand: rand.New(rand.NewPCG(seed, 1)), who: x.from("Entitat"), blocks: map[*block]*Registration{},
					m: &model{order: order, pools: x.pools, room: map[id.ID]int{x.pools[0]: 3, x.pools[1]: 5}},
				}
				steps := []func() string{r.arrive, r.arrive, r.arrive, r.cancel, r.cancel, r.resize, r.letPass}
				for step := range 50 {
					did := steps[r.IntN(len(steps))]()
					r.check(step, did)
				}
			})
		}
	}
}

// rush lets many people register one seat each at the same time.
func (x *venue) rush(desk *Registrations, people int) (places []int, failed int) {
	who := x.from("Multitud")
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failures atomic.Int64
	for range people {
		wg.Go(func() {
			in := x.input(who, 1, WaitTogether)
			in.Delegates[0].Name = ""
			r, err := desk.Create(x.ctx, who, in, "")
			if err != nil {
				failures.Add(1)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			places = append(places, r.Place())
		})
	}
	wg.Wait()
	return places, int(failures.Load())
}

func (x *venue) oversold() int {
	var n int
	x.ok(x.db.Read().QueryRow(x.ctx, `
		select sum(greatest(0, (select count(*) from registration_delegates d where d.pool = p.id) - p.capacity))::int
		from seat_pools p where p.event = $1`, x.event).Scan(&n))
	return n
}

func TestLastSeatIsNotSoldTwice(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(10))
	places, failed := x.rush(x.desk, 60)
	if failed > 0 {
		t.Fatalf("%d failed", failed)
	}
	// Everybody is told another place: ten have a seat, the others 1 to 50.
	slices.Sort(places)
	want := make([]int, 10, 60)
	for i := range 50 {
		want = append(want, i+1)
	}
	if !slices.Equal(places, want) {
		t.Errorf("places %v", places)
	}
	if n := x.oversold(); n != 0 {
		t.Errorf("oversold by %d", n)
	}
	x.audit()
}

// The negative control: without the lock, and without the constraints behind
// it, seats are sold twice. If this test fails, the one above proves nothing.
func TestWithoutLockSeatsAreSoldTwice(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	x := seatsIn(t, pgtest.Open(t, d), general(10))
	dropBehindLock(t, d)
	for range 20 {
		x.rush(NewRegistrations(x.db, WithLateLock()), 30)
		if n := x.oversold(); n > 0 {
			t.Logf("oversold by %d", n)
			return
		}
		x.exec(`update seat_pools set capacity = capacity + 10 where event = $1`, x.event)
	}
	t.Error("nothing was oversold without the lock")
}

// With the constraints in place, the same mistake costs failed requests and
// never a seat.
func TestConstraintsStandBehindTheLock(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(10))
	_, failed := x.rush(NewRegistrations(x.db, WithLateLock()), 60)
	t.Logf("%d of 60 were stopped by a constraint", failed)
	if n := x.oversold(); n != 0 {
		t.Errorf("oversold by %d", n)
	}
	_, err := x.db.Read().Exec(x.ctx, `update seat_pools set confirmed = capacity + 1 where event = $1`, x.event)
	if err == nil {
		t.Error("the database takes more confirmed seats than there are")
	}
}

func TestCancellationsWhilePeopleRegister(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(5))
	v := x.from("Entitat")
	var wg sync.WaitGroup
	for i := range 24 {
		wg.Go(func() {
			in := x.input(v, 1+i%3, PlacesPolicies()[i%2])
			for k := range in.Delegates {
				in.Delegates[k].Name = ""
			}
			r, err := x.desk.Create(x.ctx, v, in, fmt.Sprint("create ", i))
			if err != nil {
				t.Error(err)
				return
			}
			if i%2 == 0 {
				return
			}
			for range 2 { // the second time is the first time's answer
				if _, err := x.desk.Cancel(x.ctx, v, x.event, r.ID, fmt.Sprint("cancel ", i)); err != nil {
					t.Error(err)
				}
			}
			if _, err := x.desk.Cancel(x.ctx, v, x.event, r.ID, ""); !isCode(err, ErrAlreadyCancelled) && !isCode(err, fault.ErrUnavailable) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	x.audit()
}
