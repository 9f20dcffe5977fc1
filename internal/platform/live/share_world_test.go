package live_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/live"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// told is one message as the tests' maker makes it.
type told struct {
	Level  access.Level
	Number int64
	State  bool   `json:",omitempty"`
	Seq    int64  `json:",omitempty"` // of the fact
	Data   string `json:",omitempty"`
}

// clerk makes messages for a level and counts how often.
type clerk struct {
	level access.Level
	begin func()                   // called before each execution; may wait
	skips func(journal.Entry) bool // nil: none
}

func (c clerk) Make(_ context.Context, _ postgres.Querier, _ access.Level, w live.Wanted) (made []live.Message, _ error) {
	if c.begin != nil {
		c.begin()
	}
	if w.Facts == nil {
		return []live.Message{messageOf(told{Level: c.level, Number: w.At.Number, State: true})}, nil
	}
	for _, e := range w.Facts {
		if c.skips != nil && c.skips(e) {
			made = append(made, live.Message{})
			continue
		}
		made = append(made, messageOf(told{Level: c.level, Number: e.Number, Seq: e.Seq, Data: string(e.Data)}))
	}
	return made, nil
}

func messageOf(m told) live.Message {
	payload, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return live.Message{Payload: payload, Cursor: fmt.Sprint(m.Level, " ", m.Number)}
}

// party is a hub whose subscriptions share their executions.
type party struct {
	testing.TB
	db     *postgres.DB
	hub    *live.Hub
	shares *live.Shares
	moved  chan struct{} // holds one: somebody got something
}

func newParty(t testing.TB, db *postgres.DB, opts live.Options, bounds live.ShareOptions) *party {
	t.Helper()
	p := &party{TB: t, db: db, hub: live.New(db, opts), moved: make(chan struct{}, 1)}
	p.shares = p.hub.Share(checkGuests, bounds)
	db.OnTouched(p.hub.Committed, p.hub.Follows)
	must(t, p.hub.Start(t.Context()))
	t.Cleanup(p.hub.Stop)
	return p
}

// guest is a subscriber: the sink of its stream and its rights.
type guest struct {
	party     *party
	topic     id.ID
	operation string
	patience  int // messages after which it takes no more; 0: never
	ctx       context.Context
	leave     context.CancelFunc

	mu     sync.Mutex
	level  access.Level // the viewer's now
	right  *invitation  // the newest
	got    []told
	raw    []string
	ended  bool
	why    error
	asked  func()
	closed int
}

// joins lets somebody subscribe.
func (p *party) joins(topic id.ID, operation string, level access.Level, after journal.Cursor, change func(*guest, *live.Joint)) *guest {
	g := &guest{party: p, topic: topic, operation: operation, level: level}
	g.ctx, g.leave = context.WithCancel(p.Context())
	j := g.joint(level, after)
	if change != nil {
		change(g, &j)
	}
	p.shares.Join(g.ctx, j)
	return g
}

func (g *guest) joint(level access.Level, after journal.Cursor) live.Joint {
	right := &invitation{guest: g, level: level}
	g.mu.Lock()
	g.right = right
	g.mu.Unlock()
	return live.Joint{
		Key:   live.Key{Operation: g.operation, Topic: g.topic, Level: level},
		After: after, Maker: clerk{level: level}, Sink: g, Rights: right,
		Raised: func(level access.Level) live.Joint { return g.joint(level, journal.Cursor{}) },
	}
}

func (p *party) stir() {
	select {
	case p.moved <- struct{}{}:
	default:
	}
}

// until waits for something that messages bring about.
func (p *party) until(what string, is func() bool) {
	p.Helper()
	deadline := time.After(20 * time.Second)
	look := time.NewTicker(20 * time.Millisecond) // figures change behind messages
	defer look.Stop()
	for !is() {
		select {
		case <-p.moved:
		case <-look.C:
		case <-deadline:
			p.Fatalf("in 20 s it did not happen: %s", what)
		}
	}
}

// Next implements stream.Sink.
func (g *guest) Next(payload []byte, _ string) bool {
	var m told
	if err := json.Unmarshal(payload, &m); err != nil {
		panic(err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ended || g.patience > 0 && len(g.got) == g.patience {
		return false
	}
	g.got, g.raw = append(g.got, m), append(g.raw, string(payload))
	g.party.stir()
	return true
}

// End implements stream.Sink.
func (g *guest) End(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ended {
		g.party.Errorf("ended twice: %v, then %v", g.why, err)
	}
	g.ended, g.why = true, err
	g.party.stir()
}

func (g *guest) over() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.ended
}

// at is where the guest stands.
func (g *guest) at() (m told) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.got) > 0 {
		m = g.got[len(g.got)-1]
	}
	return m
}

// invitation is a guest's right to a level.
type invitation struct {
	guest *guest
	level access.Level
	took  int64 // the fact that took it, as long as it has not come back
	lost  bool  // somebody has looked
	last  int64
}

func (i *invitation) OnAsk(f func()) {
	i.guest.mu.Lock()
	defer i.guest.mu.Unlock()
	i.guest.asked = f
}

// GiveUp holds that the fact which took the right was the last thing sent.
func (i *invitation) GiveUp() error {
	i.guest.mu.Lock()
	if n := len(i.guest.got); i.guest.patience == 0 && n > 0 && i.guest.got[n-1].Level == i.level && i.guest.got[n-1].Number < i.last {
		i.guest.party.Errorf("%+v was the last, want %d", i.guest.got[n-1], i.last)
	}
	i.guest.mu.Unlock()
	i.guest.leave()
	return nil
}

func (i *invitation) Close() {
	i.guest.mu.Lock()
	defer i.guest.mu.Unlock()
	i.guest.closed++
}

// released tells whether nobody watches the guest's rights any more.
func (g *guest) released() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.closed > 0
}

func checkGuests(ctx context.Context, q postgres.Querier, members []live.Rights) ([]access.Verdict, error) {
	at, err := journal.Heads(ctx, q, members[0].(*invitation).guest.topic)
	if err != nil {
		return nil, err
	}
	verdicts := make([]access.Verdict, len(members))
	for i, m := range members {
		verdicts[i] = m.(*invitation).verdict(at)
	}
	return verdicts, nil
}

// verdict is that of the instant in which the topic was where it is said to be.
func (i *invitation) verdict(at journal.Position) access.Verdict {
	i.guest.mu.Lock()
	defer i.guest.mu.Unlock()
	took := i.guest.level < i.level && !i.lost
	if took && at.Heads[i.level] < i.took { // it was taken later
		go i.guest.asked()
		return access.Verdict{Level: i.level}
	}
	if took {
		i.lost, i.last = true, i.took
	}
	return access.Verdict{Level: i.guest.level, Lost: i.lost, Last: i.last}
}

// becomes changes the guest's level of sight.
func (g *guest) becomes(level access.Level) {
	head := headsOf(g.party, g.party.db, g.topic).Heads
	g.mu.Lock()
	g.level = level
	if level < g.right.level {
		g.right.took = head[g.right.level]
	}
	asked := g.asked
	g.mu.Unlock()
	if asked != nil {
		asked()
	}
}

// whole holds what a guest got against the journal: every fact of its level
// once and in order, from where it began; a state only where it began or where
// its level rose.
func (g *guest) whole(after int64) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	facts := map[access.Level][]journal.Entry{}
	at := told{Number: after}
	for i, m := range g.got {
		switch {
		case m.State && i > 0 && m.Level <= at.Level:
			return fmt.Errorf("a state of level %s behind %s", m.Level, at.Level)
		case m.State:
			at = m
			continue
		case i > 0 && m.Level != at.Level, m.Number != at.Number+1:
			return fmt.Errorf("%s %d behind %s %d", m.Level, m.Number, at.Level, at.Number)
		}
		if facts[m.Level] == nil {
			var err error
			if facts[m.Level], err = journal.After(g.party.Context(), g.party.db.Read(), g.topic, m.Level, 0, 100_000); err != nil {
				return err
			}
		}
		if m.Number > int64(len(facts[m.Level])) {
			return errors.New("a fact that is not in the journal")
		}
		e := facts[m.Level][m.Number-1]
		if want := string(messageOf(told{Level: m.Level, Number: m.Number, Seq: e.Seq, Data: string(e.Data)}).Payload); want != g.raw[i] {
			return fmt.Errorf("number %d is %s, want %s", m.Number, g.raw[i], want)
		}
		at = m
	}
	return nil
}

func headsOf(t testing.TB, db *postgres.DB, topic id.ID) journal.Position {
	t.Helper()
	p, err := journal.Heads(t.Context(), db.Read(), topic)
	must(t, err)
	return p
}

func partyOn(t testing.TB) *party {
	t.Helper()
	return newParty(t, pgtest.New(t), live.Options{}, live.ShareOptions{})
}
