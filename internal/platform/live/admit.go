package live

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// way is how somebody who joins is brought to where the group stands.
type way int

const (
	byState  way = iota // the state comes first
	inStep              // the group remembers what follows, or nothing does
	byMissed            // what is missing is made, and remembered by the group
	byPage              // far behind: a page of what is missing
	byTurn              // far behind, and it is another's turn
	refused             // from there nobody can go on
)

// admission is one round for those who have come. The state is read behind the
// asking of each of them, and once for all.
type admission struct {
	group    *group
	joining  []*member
	position journal.Position
	verdicts []access.Verdict
	ways     []way
	base     int64     // the group remembers what is behind this number
	state    []Message // one, or none when nobody needs it
	from     int64     // missed are the messages behind this number, up to base
	missed   []Message
	pageFrom int64 // page are some messages behind this number
	page     []Message
	last     map[farewell][]Message
}

// admit brings those who want to join to where the group stands. Its errors are
// the end of the group; what goes wrong for who joins is told to them.
func (g *group) admit(ctx context.Context, joining []*member) error {
	var a *admission
	err := g.snapshot(ctx, func(ctx context.Context, q postgres.Querier) error {
		a = &admission{group: g, joining: joining, from: nowhere, pageFrom: nowhere}
		return a.read(ctx, q)
	})
	if errors.Is(err, errHistory) {
		for _, m := range joining {
			g.again(m)
		}
		return err
	}
	if err != nil {
		if g.hub.ended(false) != nil {
			err = nil
		}
		for _, m := range joining {
			g.finish(m, err)
		}
		return nil
	}
	if !g.begun {
		g.begin(a.position.Cursor(g.key.Level))
	}
	a.bringIn()
	return nil
}

// begin stands the group at a position.
func (g *group) begin(c journal.Cursor) {
	g.begun, g.at, g.memory.base = true, c, c.Number
	if g.latest {
		g.newest = g.hub.FollowLatest(c)
	} else {
		g.facts = g.hub.FollowFrom(c)
	}
}

func (a *admission) read(ctx context.Context, q postgres.Querier) (err error) {
	g := a.group
	if a.position, err = g.position(ctx, q); err != nil {
		return err
	}
	if a.verdicts, err = g.rights(ctx, q, a.joining); err != nil {
		return err
	}
	now := a.position.Cursor(g.key.Level)
	for _, m := range a.joining {
		if m.at = m.joint.After.Number; m.joint.After.Epoch != now.Epoch {
			m.at = math.MaxInt64 // it has no place yet, and so nothing to be brought to an end
		}
	}
	if a.last, err = g.makeLast(ctx, q, a.joining, a.verdicts); err != nil {
		return err
	}
	a.base = now.Number
	if g.begun {
		a.base = g.memory.base
	}
	if a.findWays() {
		if a.state, err = g.make(ctx, q, ofState, g.key.Level, Wanted{At: now}); err != nil {
			return err
		}
	}
	if a.from != nowhere {
		if a.missed, err = a.make(ctx, q, a.from, int(a.base-a.from)); err != nil {
			return err
		}
	}
	if a.pageFrom != nowhere {
		a.page, err = a.make(ctx, q, a.pageFrom, g.shares.opts.Page)
	}
	return err
}

func (a *admission) make(ctx context.Context, q postgres.Querier, after int64, limit int) ([]Message, error) {
	g := a.group
	facts, err := journal.After(ctx, q, g.key.Topic, g.key.Level, after, limit)
	if err != nil {
		return nil, err
	}
	return g.make(ctx, q, ofMissed, g.key.Level, Wanted{Facts: facts})
}

// findWays decides for each how to bring them in, and what has to be made.
func (a *admission) findWays() (state bool) {
	a.ways = make([]way, len(a.joining))
	for i, m := range a.joining {
		if !a.group.mayGoOn(m, a.verdicts[i]) {
			a.ways[i] = refused
			continue
		}
		a.ways[i] = a.wayOf(m.joint.After)
		switch number := m.joint.After.Number; a.ways[i] {
		case byState:
			state = true
		case byMissed:
			if a.from == nowhere || number < a.from {
				a.from = number
			}
		case byPage:
			a.pageFrom = number
		}
	}
	return state
}

func (a *admission) wayOf(c journal.Cursor) way {
	level := a.group.key.Level
	head, floor := a.position.Heads[level], a.position.Floors[level]
	switch {
	case c == journal.Cursor{}:
		return byState
	case c.Epoch != a.position.Epoch, c.Number > head, c.Number < floor && !a.group.latest:
		return refused
	case a.group.latest && c.Number < head:
		return byState
	case a.group.latest, c.Number >= a.base:
		return inStep
	case a.base-c.Number <= int64(a.group.shares.opts.Page):
		return byMissed
	case a.pageFrom == nowhere, a.pageFrom == c.Number:
		return byPage
	}
	return byTurn
}

// bringIn hands everybody what they lack.
func (a *admission) bringIn() {
	g := a.group
	known := remembered{base: a.base, messages: slices.Concat(a.missed, g.memory.messages)}
	if a.from != nowhere {
		known.base = a.from
		// Afterwards: what is forgotten again is cleared.
		defer g.remember(func(limit int) { g.memory.prepend(a.missed, limit) })
	}
	for i, m := range a.joining {
		switch v := a.verdicts[i]; {
		case !g.mayGoOn(m, v):
			g.bid(m, v, a.last)
		case a.ways[i] == refused:
			g.finish(m, journal.ErrStaleCursor.At("after").Because(fmt.Errorf("number %d", m.joint.After.Number)))
		case a.ways[i] == byTurn:
			g.again(m)
		case a.ways[i] == byPage:
			a.bringOn(m)
		default:
			a.bring(m, a.ways[i], &known)
		}
	}
}

// bring makes a member of who joins.
func (a *admission) bring(m *member, w way, known *remembered) {
	number := a.position.Heads[a.group.key.Level]
	received := true
	if w == byState {
		m.at = number - 1
		received = m.hand(number, a.state[0])
	} else if !a.group.latest && m.at < known.head() {
		for _, message := range known.after(m.at) {
			received = received && m.hand(m.at+1, message)
		}
	}
	if !received {
		a.group.finish(m, nil)
		return
	}
	a.group.add(m)
}

// bringOn hands a page to who is far behind.
func (a *admission) bringOn(m *member) {
	for _, message := range a.page {
		if !m.hand(m.at+1, message) {
			a.group.finish(m, nil)
			return
		}
	}
	m.joint.After.Number = m.at
	a.group.again(m)
}
