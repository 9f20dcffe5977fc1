package live

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// group is all who follow the same thing in the same way. One goroutine does all
// of its work, in rounds: it admits who has come, makes the messages of what has
// happened, and hands them to the members. Handing over never blocks: who reads
// slowly has a queue of their own behind the sink.
//
// A round reads everything in one snapshot: first the rights of the members it
// is for, together, then what is to be sent. So a message is made once, and all
// who get it might see it at the same instant.
//
// The numbers are without a gap for every member: the group stands at a number,
// a member at that or a higher one (its state was read later), and a member is
// handed a message when its number follows. Who comes back from an older number
// gets what the group remembers, or what is made for them from the journal, and
// stands with the others in the end of the same round; who is far behind is
// brought up a page in each round, between those of the others.
type group struct {
	shares *Shares
	hub    *Hub
	key    Key
	slot   Key // in the table of groups: the same, but in tests
	latest bool
	maker  Maker

	mu      sync.Mutex
	joining []*member
	left    []*member
	asking  []*member
	dead    bool
	woken   chan struct{}

	// What follows belongs to the goroutine.
	members []*member
	coming  []*member // who is being admitted
	begun   bool      // at is known
	at      journal.Cursor
	memory  remembered
	facts   *Subscriber     // of a fact stream
	pending []journal.Entry // read and not yet made
	newest  *Latest         // of a state stream
	due     bool            // the state has changed since it was made
}

func newGroup(s *Shares, slot Key, first Joint) *group {
	return &group{
		shares: s, hub: s.hub, key: first.Key, slot: slot, latest: first.Latest, maker: first.Maker, woken: make(chan struct{}, 1),
	}
}

// enter lets a member wait for the next round; false when there will be none.
func (g *group) enter(m *member) bool {
	m.place = nowhere
	g.mu.Lock()
	if g.dead {
		g.mu.Unlock()
		return false
	}
	g.joining = append(g.joining, m)
	m.stop = afterEnd(m.ctx, func() { g.leave(m) })
	g.mu.Unlock()
	if m.joint.Rights != nil {
		m.joint.Rights.OnAsk(func() { g.ask(m) }) // not under the mutex: it may ask at once
	}
	g.rouse()
	return true
}

// afterEnd is context.AfterFunc, which takes less memory where the context has
// one of its own.
func afterEnd(ctx context.Context, f func()) (stop func() bool) {
	if c, ok := ctx.(interface {
		AfterFunc(f func()) (stop func() bool)
	}); ok {
		return c.AfterFunc(f)
	}
	return context.AfterFunc(ctx, f)
}

const nowhere = -1

// leave is called when a member's context has ended.
func (g *group) leave(m *member) {
	g.mu.Lock()
	switch {
	case m.over:
		g.mu.Unlock()
	case m.detached:
		m.over = true
		g.mu.Unlock()
		m.end(nil)
	default:
		g.left = append(g.left, m)
		g.mu.Unlock()
		g.rouse()
	}
}

// ask notes that a member's rights are to be looked at.
func (g *group) ask(m *member) {
	g.mu.Lock()
	g.asking = append(g.asking, m)
	g.mu.Unlock()
	g.rouse()
}

func (g *group) rouse() {
	select {
	case g.woken <- struct{}{}:
	default:
	}
}

// run is the goroutine. It ends with the last member, or when nothing can follow.
func (g *group) run() {
	defer g.close()
	defer func() {
		if r := recover(); r != nil {
			g.hub.opts.Log.Error("live: panic in a group", "panic", r, "stack", string(debug.Stack()))
			g.over(fault.ErrInternal.New().Because(fmt.Errorf("panic: %v", r)))
		}
	}()
	ctx, pause, slow := g.hub.work, backoff{}, 0
	for {
		joining := g.take()
		if len(g.members)+len(joining) == 0 {
			if g.retire() {
				return
			}
			continue
		}
		waiting, err := g.round(ctx, joining)
		if slow++; err == nil || !errors.Is(err, fault.ErrTimeout) {
			slow = 0
		}
		if err != nil && (!passing(err) || slow >= tooSlow) {
			g.over(err)
			return
		}
		if err == nil && (waiting == nil || len(g.members) == 0) {
			pause.next(nil)
			continue
		}
		if err := g.wait(waiting, pause.next(err)); err != nil {
			g.over(err)
			return
		}
	}
}

// tooSlow is how often in a row a round may run out of time: the database
// answers others then, and will not answer this.
const tooSlow = 5

// round admits who has come and makes what is due. Without an error it gives the
// signal to wait for when there is nothing more to do.
func (g *group) round(ctx context.Context, joining []*member) (<-chan struct{}, error) {
	if len(joining) > 0 {
		g.coming = joining
		if err := g.admit(ctx, joining); err != nil {
			return nil, err
		}
		g.coming = nil
	}
	switch {
	case len(g.members) == 0: // nobody to make anything for
		return nil, nil
	case g.latest:
		return g.refresh(ctx)
	}
	return g.follow(ctx)
}

// wait returns at the signal, when somebody has left something to do, or after
// the pause when there is one.
func (g *group) wait(signal <-chan struct{}, pause time.Duration) error {
	var over <-chan time.Time
	if pause > 0 {
		timer := time.NewTimer(pause)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-signal:
	case <-g.woken:
	case <-over:
	case <-g.hub.stopping:
		return ErrStopping
	}
	return nil
}

// passing reports whether an error will pass: streams wait meanwhile.
func passing(err error) bool {
	return errors.Is(err, errAway) || fault.From(err).Code.Kind == fault.Limited
}

// take takes what others have left for the goroutine, and gives who wants to
// join.
func (g *group) take() (joining []*member) {
	g.mu.Lock()
	joining, left, asking := g.joining, g.left, g.asking
	g.joining, g.left, g.asking = nil, nil, nil
	g.mu.Unlock()
	for _, m := range left {
		g.finish(m, nil)
	}
	for _, m := range asking {
		m.asked = true
	}
	if len(left) == 0 {
		return joining
	}
	here := joining[:0]
	for _, m := range joining {
		if !m.gone {
			here = append(here, m)
		}
	}
	return here
}

// again lets a member wait for the next round.
func (g *group) again(m *member) {
	g.mu.Lock()
	g.joining = append(g.joining, m)
	g.mu.Unlock()
	g.rouse()
}

func (g *group) add(m *member) {
	m.place = len(g.members)
	g.members = append(g.members, m)
}

// remove takes a member out; what becomes of it is for the caller.
func (g *group) remove(m *member) {
	m.gone = true
	if m.place == nowhere {
		return
	}
	last := len(g.members) - 1
	g.members[m.place] = g.members[last]
	g.members[m.place].place = m.place
	g.members[last] = nil
	g.members, m.place = g.members[:last], nowhere
}

// release takes a member out and its end upon the caller; false when it has
// ended.
func (g *group) release(m *member) bool {
	g.remove(m)
	g.mu.Lock()
	defer g.mu.Unlock()
	if m.over {
		return false
	}
	m.over = true
	m.stop()
	return true
}

// finish ends a member.
func (g *group) finish(m *member, err error) {
	if g.release(m) {
		m.end(err)
	}
}

// move lets a member join anew.
func (g *group) move(m *member, j Joint) {
	if g.release(m) {
		g.shares.Join(m.ctx, j)
		g.shares.members.Add(-1)
	}
}

// raise moves a member whose level has risen to those of that level.
func (g *group) raise(m *member, level access.Level) {
	if g.release(m) {
		g.shares.Join(m.ctx, m.joint.Raised(level))
		g.shares.members.Add(-1)
		m.joint.Rights.Close()
	}
}

// lose ends a member that has had the last thing it may see.
func (g *group) lose(m *member) {
	if m.joint.Rights == nil {
		g.finish(m, access.ErrRightsChanged.New())
		return
	}
	if err := m.joint.Rights.GiveUp(); err != nil {
		g.finish(m, err)
		return
	}
	g.remove(m)
	g.mu.Lock()
	m.detached = true
	g.mu.Unlock()
}

// retire ends a group without members; false when somebody has come meanwhile.
func (g *group) retire() bool {
	g.shares.mu.Lock()
	defer g.shares.mu.Unlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.joining)+len(g.left) > 0 {
		return false
	}
	g.dead = true
	if g.shares.groups[g.slot] == g {
		delete(g.shares.groups, g.slot)
	}
	return true
}

// over ends the group and tells its members why. Who was only about to join
// does so in another one.
func (g *group) over(why error) {
	joining := g.take()
	g.shares.retire(g)
	g.mu.Lock()
	g.dead = true
	joining = append(joining, g.joining...)
	left := g.left
	g.joining, g.left = nil, nil
	g.mu.Unlock()
	for _, m := range left {
		g.finish(m, nil)
	}
	if g.hub.ended(false) != nil {
		why = nil
	}
	for _, m := range slices.Concat(g.members, g.coming) {
		if !m.gone {
			g.finish(m, why)
		}
	}
	for _, m := range joining {
		if !m.gone {
			g.move(m, m.joint)
		}
	}
}

// close lets go of the topic.
func (g *group) close() {
	g.shares.bytes.Add(-int64(g.memory.bytes))
	if g.facts != nil {
		g.facts.Close()
	}
	if g.newest != nil {
		g.newest.Close()
	}
}

// snapshot reads at one instant, within a bounded time.
func (g *group) snapshot(ctx context.Context, read func(ctx context.Context, q postgres.Querier) error) error {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	ctx, statements := postgres.CountStatements(ctx)
	err := g.hub.db.Snapshot(ctx, read)
	g.shares.statements.Add(int64(statements.N()))
	return err
}

// rights are the verdicts on members.
func (g *group) rights(ctx context.Context, q postgres.Querier, members []*member) ([]access.Verdict, error) {
	verdicts := make([]access.Verdict, len(members))
	var asked []Rights
	var places []int
	for i, m := range members {
		verdicts[i].Level = g.key.Level
		if m.joint.Rights != nil {
			asked, places = append(asked, m.joint.Rights), append(places, i)
		}
		m.asked = false
	}
	if len(asked) == 0 {
		return verdicts, nil
	}
	found, err := g.shares.check(ctx, q, asked)
	if err != nil {
		for _, m := range members {
			m.asked = true
		}
		return nil, err
	}
	for i, v := range found {
		verdicts[places[i]] = v
	}
	return verdicts, nil
}

// mayGoOn tells whether a member stays in the group as it is.
func (g *group) mayGoOn(m *member, v access.Verdict) bool {
	return v.Err == nil && !v.Lost && (v.Level <= g.key.Level || m.joint.Raised == nil)
}

// part ends or moves a member that may not go on.
func (g *group) part(m *member, v access.Verdict) {
	switch {
	case v.Err != nil:
		g.finish(m, v.Err)
	case v.Lost:
		g.lose(m)
	default:
		g.raise(m, v.Level)
	}
}

// make has messages made and counts them.
func (g *group) make(ctx context.Context, q postgres.Querier, what execution, sight access.Level, w Wanted) ([]Message, error) {
	messages, err := g.maker.Make(ctx, q, sight, w)
	if err != nil {
		return nil, err
	}
	if want := max(len(w.Facts), 1); len(messages) != want {
		return nil, fmt.Errorf("live: %d messages were made, not %d", len(messages), want)
	}
	for _, m := range messages {
		if m.Payload != nil {
			g.shares.executions[what].Add(1)
		}
	}
	return messages, nil
}

// remember keeps messages for those who come back, as far as there is room.
func (g *group) remember(keep func(limit int)) {
	limit, before := g.shares.opts.GroupBytes, g.memory.bytes
	if g.shares.bytes.Load() > int64(g.shares.opts.Bytes) {
		limit = 0
	}
	keep(limit)
	g.shares.bytes.Add(int64(g.memory.bytes - before))
}
