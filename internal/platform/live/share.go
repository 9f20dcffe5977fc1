package live

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/stream"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Shares executes once what many follow. All who ask the same (Key) are one
// group: its messages are made once, whatever the number of members, and every
// member gets the same bytes under its own cursor. See group for how.
//
// Who may be in a group is a condition, not a moment: in the snapshot in which a
// message is made, the rights of all its members are looked at together.
type Shares struct {
	hub   *Hub
	check Check
	opts  ShareOptions
	keyOf func(Key) Key // nil but in tests, which show what the key is for

	mu      sync.Mutex
	groups  map[Key]*group
	over    bool
	running sync.WaitGroup

	members, messages, statements atomic.Int64
	bytes                         atomic.Int64 // of the messages that groups remember
	executions                    [kinds]atomic.Int64
}

// Key is what makes subscriptions the same. The level is part of it: what one
// level sees is never given to another.
type Key struct {
	Operation string // with its variables, but for the position to go on from
	Lang      lang.Lang
	Topic     id.ID
	Level     access.Level
}

// Joint is one subscription that may share its execution.
type Joint struct {
	Key Key
	// Latest marks a state stream: several changes may be one message.
	Latest bool
	// After is where the reader stands; the zero cursor begins with the state.
	After journal.Cursor
	// Maker makes the group's messages if this is its first member.
	Maker Maker
	Sink  stream.Sink
	// Rights is the condition under which the member receives; nil where there is
	// nothing that could be taken away.
	Rights Rights
	// Raised is how the subscription goes on when the viewer's level has risen:
	// in another group, with the state first.
	Raised func(level access.Level) Joint
}

// Maker makes messages: it executes for all members at once.
type Maker interface {
	// Make makes the state at a position, or one message for each of the facts, in
	// order and perhaps empty: as somebody sees it who has the sight on the topic and no other
	// right. All that it reads goes through q. The sight differs from the group's
	// level when it is for members who have just lost that level.
	Make(ctx context.Context, q postgres.Querier, sight access.Level, w Wanted) ([]Message, error)
}

// Wanted is what a Maker is to make.
type Wanted struct {
	At    journal.Cursor // the state's
	Facts []journal.Entry
}

// Message is one encoded message and the cursor behind it. Without a payload it
// is none: the fact is of the topic and not of what is followed.
type Message struct {
	Payload []byte
	Cursor  string
}

// Rights are one member's.
type Rights interface {
	// OnAsk has f called when the rights are to be looked at although there is
	// nothing to send. f does not block.
	OnAsk(f func())
	// GiveUp says that the last thing the member may see was sent. With nil the
	// member's context will end; an error is to be told to the member.
	GiveUp() error
	Close()
}

// Check looks at the rights of members, in the order given, in the snapshot
// that q reads.
type Check func(ctx context.Context, q postgres.Querier, members []Rights) ([]access.Verdict, error)

// ShareOptions are the bounds of Shares. Zero fields get the defaults.
type ShareOptions struct {
	GroupBytes int // of messages that a group remembers for those who come back; default 256 KiB
	Bytes      int // the same for all groups; default 64 MiB
	Page       int // most facts that are executed at once; default 128
}

// Share makes the hub's Shares; it is called once, before Start.
func (h *Hub) Share(check Check, opts ShareOptions) *Shares {
	opts.GroupBytes = or(opts.GroupBytes, 256<<10)
	opts.Bytes = or(opts.Bytes, 64<<20)
	opts.Page = or(opts.Page, 128)
	h.shares = &Shares{hub: h, check: check, opts: opts, groups: map[Key]*group{}}
	return h.shares
}

// Join takes a subscription into the group of those who ask the same; it does
// not wait. From here on the sink is fed, until ctx ends or the stream does, and
// then ended.
func (s *Shares) Join(ctx context.Context, j Joint) {
	m := &member{ctx: ctx, joint: j, shares: s}
	s.members.Add(1)
	for !s.enter(m) {
	}
}

// enter finds or makes the member's group. It reports false when the group ended
// in the same moment.
func (s *Shares) enter(m *member) bool {
	s.mu.Lock()
	if s.over {
		s.mu.Unlock()
		m.end(nil)
		return true
	}
	slot := m.joint.Key
	if s.keyOf != nil {
		slot = s.keyOf(slot)
	}
	g, ok := s.groups[slot]
	if !ok {
		g = newGroup(s, slot, m.joint)
		s.groups[slot] = g
		s.running.Go(g.run)
	}
	s.mu.Unlock()
	m.joint.Maker = g.maker // all of a group are the same, and one is enough to hold
	return g.enter(m)
}

// stop waits until all groups have ended; the hub is stopping already.
func (s *Shares) stop() {
	s.mu.Lock()
	s.over = true
	s.mu.Unlock()
	s.running.Wait()
}

// retire takes a group out of the table: who comes later makes a new one.
func (s *Shares) retire(g *group) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.groups[g.slot] == g {
		delete(s.groups, g.slot)
	}
}

// What is executed for a group.
type execution int

const (
	ofChange execution = iota // a fact, for all members
	ofState                   // the state, for all who wait for it
	ofMissed                  // a fact from before the group began, for who comes back
	ofLast                    // a fact for members whom it took the level
	kinds    = iota
)

// ShareStats are figures for metrics; all but the first two only rise.
type ShareStats struct {
	Groups, Members int
	// Messages handed to members.
	Messages int64
	// Messages made, by what for. A change makes Changes rise by exactly the
	// number of groups that see it.
	Changes, States, Missed, Last int64
	// Statements that making them took, looking at rights included.
	Statements int64
}

// Stats counts.
func (s *Shares) Stats() ShareStats {
	s.mu.Lock()
	groups := len(s.groups)
	s.mu.Unlock()
	return ShareStats{
		Groups: groups, Members: int(s.members.Load()), Messages: s.messages.Load(), Statements: s.statements.Load(),
		Changes: s.executions[ofChange].Load(), States: s.executions[ofState].Load(),
		Missed: s.executions[ofMissed].Load(), Last: s.executions[ofLast].Load(),
	}
}
