package live

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// round is what was found and made in one snapshot.
type round struct {
	verdicts []access.Verdict
	messages []Message
	hidden   bool // the last message takes the topic's thing out of the level's sight
	position journal.Position
	last     map[farewell][]Message
}

// farewell is the last that members see who have lost the level: the facts after
// a number up to another, with the sight that is left to them.
type farewell struct {
	sight    access.Level
	at, last int64
}

// maxLast bounds what is made for somebody who is far behind and may not go on.
const maxLast = 1000

// follow makes the messages of the next facts. It gives the signal to wait for
// when there are none.
func (g *group) follow(ctx context.Context) (<-chan struct{}, error) {
	if len(g.pending) == 0 {
		entries, waiting, err := g.facts.step(ctx)
		if err != nil {
			return waiting, err
		}
		if g.pending = entries; len(entries) == 0 {
			return waiting, g.look(ctx)
		}
	}
	var r round
	err := g.snapshot(ctx, func(ctx context.Context, q postgres.Querier) (err error) {
		r, err = g.readChange(ctx, q, g.pending[:min(len(g.pending), g.shares.opts.Page)])
		return err
	})
	if err != nil {
		return nil, err
	}
	g.deliver(r)
	return nil, nil
}

func (g *group) readChange(ctx context.Context, q postgres.Querier, facts []journal.Entry) (r round, err error) {
	if r.verdicts, err = g.rights(ctx, q, g.members); err != nil {
		return r, err
	}
	if r.last, err = g.makeLast(ctx, q, g.members, r.verdicts); err != nil {
		return r, err
	}
	for i, m := range g.members {
		if g.mayGoOn(m, r.verdicts[i]) {
			if facts, r.hidden, err = g.seen(ctx, q, facts); err != nil {
				return r, err
			}
			r.messages, err = g.make(ctx, q, ofChange, g.key.Level, Wanted{Facts: facts})
			return r, err
		}
	}
	return r, nil
}

// deliver hands the messages that follow the group's number to its members.
func (g *group) deliver(r round) {
	first := g.at.Number + 1
	for i := len(g.members) - 1; i >= 0; i-- { // from the end: some are taken out
		m, v := g.members[i], r.verdicts[i]
		if !g.mayGoOn(m, v) {
			g.bid(m, v, r.last)
			continue
		}
		received := true
		for k, message := range r.messages {
			received = received && m.hand(first+int64(k), message)
		}
		switch {
		case !received:
			g.finish(m, nil)
		case r.hidden:
			g.lose(m)
		}
	}
	g.at.Number += int64(len(r.messages))
	g.pending = g.pending[len(r.messages):]
	if r.hidden {
		g.pending = nil
		g.facts.at.Number = g.at.Number
	}
	g.remember(func(limit int) { g.memory.push(r.messages, limit) })
}

// bid hands a member that may not go on the last it may see.
func (g *group) bid(m *member, v access.Verdict, last map[farewell][]Message) {
	if v.Lost {
		for _, message := range last[farewell{v.Level, m.at, v.Last}] {
			m.hand(m.at+1, message)
		}
	}
	g.part(m, v)
}

// makeLast makes what members still get who have lost the level: once for all
// who stand at the same number and are left with the same sight.
func (g *group) makeLast(ctx context.Context, q postgres.Querier, members []*member, verdicts []access.Verdict) (map[farewell][]Message, error) {
	made := map[farewell][]Message{}
	for i, v := range verdicts {
		f := farewell{v.Level, members[i].at, v.Last}
		if _, known := made[f]; known || g.latest || !v.Lost || f.last <= f.at {
			continue
		}
		facts, err := journal.After(ctx, q, g.key.Topic, g.key.Level, f.at, int(min(f.last-f.at, maxLast)))
		if err != nil && !errors.Is(err, journal.ErrStaleCursor) {
			return nil, err
		}
		if len(facts) == 0 {
			continue
		}
		if made[f], err = g.make(ctx, q, ofLast, f.sight, Wanted{Facts: facts}); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// look looks at the rights of the members that were asked to, while there is
// nothing to send.
func (g *group) look(ctx context.Context) error {
	var asked []*member
	for _, m := range g.members {
		if m.asked {
			asked = append(asked, m)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	var r round
	err := g.snapshot(ctx, func(ctx context.Context, q postgres.Querier) (err error) {
		if r.verdicts, err = g.rights(ctx, q, asked); err != nil {
			return err
		}
		r.last, err = g.makeLast(ctx, q, asked, r.verdicts)
		return err
	})
	for i, m := range asked {
		if m.asked = err != nil; m.asked {
			continue
		}
		if !g.mayGoOn(m, r.verdicts[i]) {
			g.bid(m, r.verdicts[i], r.last)
		}
	}
	return err
}

// refresh makes the newest state when there is one that some member lacks. It
// gives the signal to wait for when there is none.
func (g *group) refresh(ctx context.Context) (<-chan struct{}, error) {
	if !g.due {
		waiting, err := g.newest.look()
		if err != nil {
			return nil, err
		}
		if waiting != nil {
			return waiting, g.look(ctx)
		}
		g.due = true
	}
	var r round
	err := g.snapshot(ctx, func(ctx context.Context, q postgres.Querier) (err error) {
		r, err = g.readState(ctx, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	g.at = r.position.Cursor(g.key.Level)
	g.newest.SkipTo(g.at)
	g.due = false
	for i := len(g.members) - 1; i >= 0; i-- {
		m := g.members[i]
		if !g.mayGoOn(m, r.verdicts[i]) {
			g.part(m, r.verdicts[i])
		} else if len(r.messages) > 0 && !m.hand(g.at.Number, r.messages[0]) {
			g.finish(m, nil)
		}
	}
	return nil, nil
}

func (g *group) readState(ctx context.Context, q postgres.Querier) (r round, err error) {
	if r.position, err = g.position(ctx, q); err != nil {
		return r, err
	}
	if r.verdicts, err = g.rights(ctx, q, g.members); err != nil {
		return r, err
	}
	now := r.position.Cursor(g.key.Level)
	for i, m := range g.members {
		if m.at < now.Number && g.mayGoOn(m, r.verdicts[i]) {
			r.messages, err = g.make(ctx, q, ofChange, g.key.Level, Wanted{At: now})
			return r, err
		}
	}
	return r, nil
}

// errHistory says that the database tells another history than the group's.
var errHistory = errors.New("live: the history is over")

// position is where the topic stands, in the history the group began in.
func (g *group) position(ctx context.Context, q postgres.Querier) (journal.Position, error) {
	p, err := journal.Heads(ctx, q, g.key.Topic)
	if err == nil && g.begun && p.Epoch != g.at.Epoch {
		err = journal.ErrStaleCursor.At("after").Because(errHistory)
	}
	return p, err
}

// seen leaves the facts up to the one that hides the topic's thing from the
// level, if it is hidden still.
func (g *group) seen(ctx context.Context, q postgres.Querier, facts []journal.Entry) (_ []journal.Entry, hidden bool, err error) {
	for i, e := range facts {
		if !Hides(e, g.key.Level) {
			continue
		}
		if hidden, err = g.isHidden(ctx, q); hidden || err != nil {
			return facts[:i+1], hidden, err
		}
		break
	}
	return facts, false, nil
}

func (g *group) isHidden(ctx context.Context, q postgres.Querier) (bool, error) {
	var visibility access.Level
	err := q.QueryRow(ctx, `select visibility from nodes where id = $1`, g.key.Topic).Scan(&visibility)
	if errors.Is(err, pgx.ErrNoRows) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("read who may see a thing: %w", err)
	}
	return visibility > g.key.Level, nil
}

// Hides tells that a fact took the topic's thing out of the level's sight: by
// convention such a fact carries the new visibility.
func Hides(e journal.Entry, level access.Level) bool {
	if !bytes.Contains(e.Data, []byte(`"visibility"`)) {
		return false
	}
	var data struct {
		Visibility *access.Level `json:"visibility"`
	}
	return json.Unmarshal(e.Data, &data) == nil && data.Visibility != nil && *data.Visibility > level
}
