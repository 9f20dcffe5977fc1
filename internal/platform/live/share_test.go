package live_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/live"
)

// TestSharedStreamsAreWhole: people come, go, come back, read too slowly and
// change their level while things happen; each gets every fact of their level
// once and in order, also what was sent while they were away.
func TestSharedStreamsAreWhole(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for name, bounds := range map[string]live.ShareOptions{
		"groups that remember":    {},
		"groups that forget":      {GroupBytes: 1, Page: 3},
		"hardly room for a group": {GroupBytes: 2000, Bytes: 2500, Page: 5},
	} {
		t.Run(name, func(t *testing.T) {
			p := newParty(t, db, live.Options{RingBytes: 3000}, bounds)
			rapid.Check(t, func(r *rapid.T) {
				e := &evening{party: p, topics: []id.ID{newTopic(t, db), newTopic(t, db)}}
				r.Repeat(map[string]func(*rapid.T){
					"happens":    e.happens,
					"comes":      e.comes,
					"comes back": e.comesBack,
					"leaves":     e.leaves,
					"changes":    e.changes,
				})
				e.ends(r)
			})
			p.until(fmt.Sprintf("all are gone: %+v", p.shares.Stats()), func() bool { return p.shares.Stats().Members == 0 && p.shares.Stats().Groups == 0 })
			t.Logf("%+v", p.shares.Stats())
		})
	}
}

// evening is one run: who is there, and who was.
type evening struct {
	party  *party
	topics []id.ID
	here   []*guest
	begun  map[*guest]int64
	away   []*guest
	alone  int
}

func (e *evening) happens(r *rapid.T) {
	facts := make([]journal.Fact, rapid.IntRange(1, 6).Draw(r, "facts"))
	for i := range facts {
		facts[i] = journal.Fact{Kind: "test.noted", Level: access.Level(rapid.IntRange(0, 4).Draw(r, "level")), Data: map[string]int{"n": i}}
	}
	must(e.party, write(e.party.Context(), e.party.db, rapid.SampledFrom(e.topics).Draw(r, "topic"), facts...))
}

// operation is one that others ask for too, or one that nobody else asks for.
func (e *evening) operation(r *rapid.T) string {
	if rapid.IntRange(0, 3).Draw(r, "alone") == 0 {
		e.alone++
		return fmt.Sprint("alone ", e.alone)
	}
	return rapid.SampledFrom([]string{"a", "b"}).Draw(r, "operation")
}

func (e *evening) comes(r *rapid.T) {
	topic, level := rapid.SampledFrom(e.topics).Draw(r, "topic"), access.Level(rapid.IntRange(0, 4).Draw(r, "level"))
	e.enters(r, topic, level, journal.Cursor{})
}

func (e *evening) enters(r *rapid.T, topic id.ID, level access.Level, after journal.Cursor) {
	if e.begun == nil {
		e.begun = map[*guest]int64{}
	}
	g := e.party.joins(topic, e.operation(r), level, after, func(g *guest, _ *live.Joint) {
		if rapid.IntRange(0, 4).Draw(r, "slow") == 0 {
			g.patience = rapid.IntRange(1, 5).Draw(r, "patience")
		}
	})
	e.begun[g] = after.Number
	e.here = append(e.here, g)
}

// comesBack lets somebody who was there go on from the last they got.
func (e *evening) comesBack(r *rapid.T) {
	if len(e.away) == 0 {
		e.comes(r)
		return
	}
	i := rapid.IntRange(0, len(e.away)-1).Draw(r, "who")
	g := e.away[i]
	e.away = slices.Delete(e.away, i, i+1)
	at := g.at()
	if at == (told{}) && e.begun[g] == 0 {
		return // had got nothing yet
	}
	if at == (told{}) {
		at = told{Level: g.level, Number: e.begun[g]}
	}
	e.enters(r, g.topic, at.Level, journal.Cursor{Topic: g.topic, Epoch: e.party.hub.Epoch(), Level: at.Level, Number: at.Number})
}

func (e *evening) leaves(r *rapid.T) {
	if len(e.here) == 0 {
		return
	}
	i := rapid.IntRange(0, len(e.here)-1).Draw(r, "who")
	g := e.here[i]
	g.leave()
	e.party.until("somebody who leaves is let go", g.over)
	e.here = slices.Delete(e.here, i, i+1)
	e.checks(r, g)
	e.away = append(e.away, g)
}

func (e *evening) checks(r *rapid.T, g *guest) {
	if err := g.whole(e.begun[g]); err != nil {
		r.Errorf("%s: %v", g.operation, err)
	}
	e.party.until("the rights of somebody who left are watched no more", g.released)
}

// changes gives somebody another level.
func (e *evening) changes(r *rapid.T) {
	if len(e.here) == 0 {
		return
	}
	g := rapid.SampledFrom(e.here).Draw(r, "who")
	g.becomes(access.Level(rapid.IntRange(0, 4).Draw(r, "level")))
}

// ends waits until everybody has everything: those who stayed at their level, at
// the head; the others have left.
func (e *evening) ends(r *rapid.T) {
	for _, g := range e.here {
		e.party.until(fmt.Sprintf("%s has everything: %+v", g.operation, g.at()), func() bool {
			if g.over() {
				return true
			}
			at, p := g.at(), headsOf(e.party, e.party.db, g.topic)
			if at == (told{}) { // it came back to where it was
				at = told{Level: g.level, Number: e.begun[g]}
			}
			return at.Level == g.level && at.Number == p.Heads[g.level]
		})
		g.leave()
		e.party.until("it is let go", g.over)
		e.checks(r, g)
	}
}

// TestAlikeIsMadeOnce: as many executions as groups, whatever the number of
// members; the statements do not depend on it either.
func TestAlikeIsMadeOnce(t *testing.T) {
	t.Parallel()
	p := partyOn(t)
	topic := newTopic(t, p.db)
	must(t, write(t.Context(), p.db, topic, public(1)...))
	var all []*guest
	cost := map[int]live.ShareStats{}
	for _, each := range []int{1, 200} {
		for _, level := range []access.Level{access.Public, access.Network, access.Organisers} {
			for len(all) == 0 || all[len(all)-1].level != level || len(all)%each != 0 {
				g := p.joins(topic, "same", level, journal.Cursor{}, nil)
				all = append(all, g)
				p.until("it has the state", func() bool { return g.at().State })
			}
		}
		before := p.shares.Stats()
		must(t, write(t.Context(), p.db, topic, journal.Fact{Kind: "test.noted", Level: access.Public}))
		head := headsOf(t, p.db, topic).Heads[0]
		for _, g := range all {
			p.until("it has the change", func() bool { return g.at().Number == head })
		}
		p.until("all is counted", func() bool { return p.shares.Stats().Messages-before.Messages == int64(len(all)) })
		now := p.shares.Stats()
		cost[each] = live.ShareStats{Changes: now.Changes - before.Changes, States: now.States - before.States, Statements: now.Statements - before.Statements}
		if now.Groups != 3 || now.Members != len(all) {
			t.Errorf("%d groups of %d members, want 3 of %d", now.Groups, now.Members, len(all))
		}
	}
	if want := (live.ShareStats{Changes: 3, Statements: cost[1].Statements}); cost[1] != want || cost[200] != want || want.Statements == 0 {
		t.Errorf("a change cost %+v for three and %+v for %d", cost[1], cost[200], len(all))
	}
	t.Logf("%d members in 3 groups: 3 executions, %d statements a change", len(all), cost[200].Statements)
}

// TestManyAtOnceShareTheState: a thousand who come at once, as after a restart,
// get the state from two executions: that of the first, and one that was begun
// when the others had asked.
func TestManyAtOnceShareTheState(t *testing.T) {
	t.Parallel()
	p := partyOn(t)
	topic := newTopic(t, p.db)
	must(t, write(t.Context(), p.db, topic, public(30)...))
	const many = 1000
	came := make(chan struct{})
	first := sync.OnceFunc(func() { <-came })
	all := make([]*guest, many)
	for i := range all {
		after := journal.Cursor{}
		if i >= many/2 { // these come back, from different places
			after = journal.Cursor{Topic: topic, Epoch: p.hub.Epoch(), Number: int64(10 + i%21)}
		}
		all[i] = p.joins(topic, "same", access.Public, after, func(_ *guest, j *live.Joint) {
			j.Maker = clerk{begin: first}
		})
		if i == 0 {
			p.until("the first is being served", func() bool { return p.shares.Stats().Groups == 1 })
		}
	}
	close(came)
	for i, g := range all {
		p.until("all are there", func() bool { return g.at().Number == 30 || i >= many/2 && 10+i%21 == 30 })
		must(t, g.whole(int64(10+i%21)))
	}
	now := p.shares.Stats()
	t.Logf("%d who came at once: %+v", many, now)
	if now.States > 2 || now.Missed != 20 {
		t.Errorf("the state was made %d times and %d missed facts, want 2 and 20", now.States, now.Missed)
	}
	if now.Statements > 20 {
		t.Errorf("%d statements", now.Statements)
	}
}

// spy asks as somebody of the public and one of the organisers do, and reports
// what the public got that is not theirs.
func spy(t *testing.T, mix bool) error {
	p := partyOn(t)
	if mix {
		p.shares.MixLevels()
	}
	topic := newTopic(t, p.db)
	organiser := p.joins(topic, "same", access.Organisers, journal.Cursor{}, nil)
	p.until("the organiser has the state", func() bool { return organiser.at().State })
	outsider := p.joins(topic, "same", access.Public, journal.Cursor{}, nil)
	p.until("the outsider has the state", func() bool { return outsider.at().State })
	must(t, write(t.Context(), p.db, topic, journal.Fact{Kind: "test.noted", Level: access.Organisers, Data: "secret"}))
	must(t, write(t.Context(), p.db, topic, journal.Fact{Kind: "test.noted", Level: access.Public}))
	for _, g := range []*guest{organiser, outsider} {
		p.until("the last is there", func() bool { return g.at().Data == "{}" })
	}
	for _, m := range outsider.got {
		if m.Level != access.Public || m.Data == `"secret"` {
			return fmt.Errorf("the public got %+v", m)
		}
	}
	return nil
}

// TestLevelsShareNothing, and a negative control: with the level left out of the
// key the same test finds what the public must not see.
func TestLevelsShareNothing(t *testing.T) {
	t.Parallel()
	if err := spy(t, false); err != nil {
		t.Error(err)
	}
	if err := spy(t, true); err == nil {
		t.Error("the control proves nothing: without the level in the key nothing leaks")
	}
}

// TestFarBehind: who is far behind is brought up a page at a time; those beside
// get what happens meanwhile.
func TestFarBehind(t *testing.T) {
	t.Parallel()
	p := newParty(t, pgtest.New(t), live.Options{}, live.ShareOptions{GroupBytes: 4000, Page: 10})
	topic := newTopic(t, p.db)
	for range 10 {
		must(t, write(t.Context(), p.db, topic, public(50)...))
	}
	beside := p.joins(topic, "same", access.Public, journal.Cursor{}, nil)
	p.until("the state", func() bool { return beside.at().State })
	var late []*guest
	for i := range 4 {
		late = append(late, p.joins(topic, "same", access.Public, journal.Cursor{Topic: topic, Epoch: p.hub.Epoch(), Number: int64(i % 2)}, nil))
	}
	must(t, write(t.Context(), p.db, topic, public(5)...))
	p.until("the change", func() bool { return beside.at().Number == 505 })
	for i, g := range late {
		p.until("everything", func() bool { return g.at().Number == 505 })
		must(t, g.whole(int64(i%2)))
	}
}

// TestFactsOfOthers: a subscription to a part of a topic passes over what is not
// of that part, when it happens and when it was missed.
func TestFactsOfOthers(t *testing.T) {
	t.Parallel()
	p := partyOn(t)
	topic := newTopic(t, p.db)
	even := func(_ *guest, j *live.Joint) {
		j.Maker = clerk{skips: func(e journal.Entry) bool { return e.Number%2 == 1 }}
	}
	must(t, write(t.Context(), p.db, topic, public(1)...))
	all := []*guest{p.joins(topic, "even", access.Public, journal.Cursor{}, even)}
	p.until("the state", func() bool { return all[0].at().State })
	must(t, write(t.Context(), p.db, topic, public(9)...))
	p.until("the changes", func() bool { return all[0].at().Number == 10 })
	for _, number := range []int64{1, 2, 7, 9} {
		all = append(all, p.joins(topic, "even", access.Public, journal.Cursor{Topic: topic, Epoch: p.hub.Epoch(), Number: number}, even))
	}
	must(t, write(t.Context(), p.db, topic, public(3)...))
	for i, first := range []int64{1, 2, 4, 8, 10} {
		p.until("the last", func() bool { return all[i].at().Number == 12 })
		var got []int64
		for _, m := range all[i].got {
			got = append(got, m.Number)
		}
		var want []int64
		if i == 0 {
			want = append(want, first)
			first++
		}
		for n := first; n <= 12; n += 2 {
			want = append(want, n)
		}
		if !slices.Equal(got, want) {
			t.Errorf("reader %d got %v, want %v", i, got, want)
		}
	}
	if s := p.shares.Stats(); s.Changes != 6 {
		t.Errorf("six facts were of the part, %d messages were made", s.Changes)
	}
}

// TestRefusedCursors: a place that the topic has not reached, or of another
// history, is no place to go on from.
func TestRefusedCursors(t *testing.T) {
	t.Parallel()
	p := partyOn(t)
	topic := newTopic(t, p.db)
	must(t, write(t.Context(), p.db, topic, public(3)...))
	for _, latest := range []bool{false, true} {
		for _, c := range []journal.Cursor{
			{Topic: topic, Epoch: p.hub.Epoch(), Number: 4},
			{Topic: topic, Epoch: p.hub.Epoch() + 1, Number: 2},
		} {
			g := p.joins(topic, "same", access.Public, c, func(_ *guest, j *live.Joint) { j.Latest = latest })
			p.until("it is refused", g.over)
			if !errors.Is(g.why, journal.ErrStaleCursor) {
				t.Errorf("after %+v: %v", c, g.why)
			}
		}
	}
}

// TestStateStreamsCoalesce: a state stream skips states, never the newest, and
// who comes back to the newest gets nothing twice.
func TestStateStreamsCoalesce(t *testing.T) {
	t.Parallel()
	p := partyOn(t)
	topic := newTopic(t, p.db)
	must(t, write(t.Context(), p.db, topic, public(3)...))
	latest := func(_ *guest, j *live.Joint) { j.Latest = true }
	at := journal.Cursor{Topic: topic, Epoch: p.hub.Epoch(), Number: 3}
	back := p.joins(topic, "same", access.Public, at, latest)
	at.Number = 1
	behind := p.joins(topic, "same", access.Public, at, latest)
	fresh := p.joins(topic, "same", access.Public, journal.Cursor{}, latest)
	for _, g := range []*guest{behind, fresh} {
		p.until("the newest state", func() bool { return g.at() == told{Number: 3, State: true} })
	}
	must(t, write(t.Context(), p.db, topic, public(40)...))
	for _, g := range []*guest{back, behind, fresh} {
		p.until("the newest state", func() bool { return g.at().Number == 43 })
	}
	if len(back.got) != 1 || len(fresh.got) != 2 {
		t.Errorf("%d and %d messages, want 1 and 2: %+v", len(back.got), len(fresh.got), back.got)
	}
}

// TestGroupsEndWithTheirTopic, their history and their hub.
func TestGroupsEndWithTheirTopic(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end  func(p *party, topic id.ID)
		want error
	}{
		"history": {func(p *party, _ id.ID) {
			_, err := journal.NewEpoch(p.Context(), p.db)
			must(p, err)
		}, journal.ErrStaleCursor},
		"hub": {func(p *party, _ id.ID) { p.hub.Stop() }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := partyOn(t)
			topic := newTopic(t, p.db)
			all := []*guest{
				p.joins(topic, "facts", access.Public, journal.Cursor{}, nil),
				p.joins(topic, "state", access.Public, journal.Cursor{}, func(_ *guest, j *live.Joint) { j.Latest = true }),
			}
			for _, g := range all {
				p.until("the state", func() bool { return g.at().State })
			}
			c.end(p, topic)
			for _, g := range all {
				p.until("its end", g.over)
				if !errors.Is(g.why, c.want) {
					t.Errorf("ended with %v, want %v", g.why, c.want)
				}
			}
			if late := p.joins(topic, "facts", access.Public, journal.Cursor{}, nil); name == "hub" {
				p.until("nobody is let in", late.over)
			}
		})
	}
}
