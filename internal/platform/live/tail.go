package live

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/journal"
)

// recent is how many facts of a topic are read into its ring when it is first
// watched: those who come back after a short cut find what they missed.
const recent = 64

// tail is the one goroutine that reads the journal: all watched topics every
// Options.Poll, single ones when woken. While the database is away it tries
// again, more and more slowly.
func (h *Hub) tail(ctx context.Context) {
	poll := time.NewTicker(h.opts.Poll)
	defer poll.Stop()
	pause, lost := backoff{}, false
	for {
		all := lost
		if !all {
			select {
			case <-poll.C:
				all = true
			case <-h.woken:
			case <-ctx.Done():
				return
			}
		}
		err := h.lookOnce(ctx, all)
		if ctx.Err() != nil {
			return
		}
		if err != nil && !lost {
			h.opts.Log.WarnContext(ctx, "live: the database is away; streams wait", "cause", err)
		}
		if err == nil && lost {
			h.opts.Log.InfoContext(ctx, "live: the database is back")
		}
		lost = err != nil
		if wait := pause.next(err); wait > 0 && !sleep(ctx, wait) {
			return
		}
	}
}

// fewTopics are looked at one by one with every poll: to look for what was
// touched at all would cost as much.
const fewTopics = 256

// sweep is in how many polls every topic is looked at once, whatever was found:
// some changes (a topic that is gone) are no facts.
const sweep = 20

// lookOnce looks at the topics that are due. What came over a new connection
// counts only when the epoch has been compared: behind it may be another server.
func (h *Hub) lookOnce(ctx context.Context, all bool) error {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	h.takeIn()
	h.makeRoom()
	touched, next, err := h.touched(ctx, all)
	if err != nil {
		return err
	}
	due, watched := h.due(all, touched)
	epoch, changes := next.Epoch, []journal.Change(nil)
	if len(due) > 0 {
		if epoch, changes, err = journal.Changes(ctx, h.pool, watched, min(recent, h.opts.Page), h.opts.Page); err != nil {
			return err // everything is looked at again after the pause
		}
	} else if next == (journal.Horizon{}) {
		return nil
	}
	if connections, wrote := h.connections.Load(), h.db.Connections(); connections != h.compared.Load() || wrote != h.wrote {
		if epoch, err = journal.CheckEpoch(ctx, h.db); err != nil {
			return err
		}
		h.compared.Store(connections)
		h.wrote = wrote
	}
	if epoch != h.Epoch() {
		h.begin(epoch)
		return nil
	}
	h.applyAll(due, changes)
	if all {
		h.horizon = next
	}
	return nil
}

// touched finds, for a poll of many topics, those in which something has
// happened since the poll before. Without an answer (nil) all are due.
func (h *Hub) touched(ctx context.Context, all bool) (map[id.ID]int64, journal.Horizon, error) {
	h.mu.Lock()
	many := len(h.topics)
	everything := h.pollAll
	h.mu.Unlock()
	if !all || many <= h.opts.few {
		return nil, journal.Horizon{}, nil
	}
	topics, next, complete, err := journal.Touched(ctx, h.pool, h.horizon, many)
	if !complete || everything || h.horizon == (journal.Horizon{}) || next.Epoch != h.horizon.Epoch {
		topics = nil
	}
	return topics, next, err
}

// due takes the topics to look at, and what is known of them.
func (h *Hub) due(all bool, touched map[id.ID]int64) (map[id.ID]*topic, []journal.Watch) {
	h.mu.Lock()
	defer h.mu.Unlock()
	due := make(map[id.ID]*topic, len(h.pending)+len(touched))
	switch {
	case all && touched != nil:
		for k, newest := range touched {
			if t := h.topics[k]; t != nil && t.after() < newest {
				due[k] = t
			}
		}
		h.addSwept(due)
	case all || h.pollAll:
		for k, t := range h.topics {
			due[k] = t
		}
	}
	for k := range h.pending {
		due[k] = h.topics[k]
	}
	clear(h.pending)
	h.pollAll = false
	watched := make([]journal.Watch, 0, len(due))
	for k, t := range due {
		watched = append(watched, journal.Watch{Topic: k, After: t.after()})
	}
	return due, watched
}

// addSwept adds the next few of all topics in turn. Called with the mutex held.
func (h *Hub) addSwept(due map[id.ID]*topic) {
	if len(h.swept) == 0 {
		for k := range h.topics {
			h.swept = append(h.swept, k)
		}
	}
	n := min(len(h.swept), len(h.topics)/sweep+1)
	for _, k := range h.swept[:n] {
		if t := h.topics[k]; t != nil {
			due[k] = t
		}
	}
	h.swept = h.swept[n:]
}

// takeIn takes in what commits of this instance have written. Where it does not
// follow what is known, and where the server may be another by now, the topic is
// looked at.
func (h *Hub) takeIn() {
	h.mu.Lock()
	defer h.mu.Unlock()
	sure := !h.unsure() && h.wrote == h.db.Connections()
	for _, n := range h.news {
		t := h.topics[n.Topic]
		if t == nil {
			continue
		}
		grown, known := 0, false
		if sure && n.Epoch == h.Epoch() {
			grown, known = t.take(n.Entries)
		}
		h.bytes.Add(int64(grown))
		if !known {
			h.pending[n.Topic] = struct{}{}
		}
	}
	h.news = nil
}

func (h *Hub) applyAll(due map[id.ID]*topic, changes []journal.Change) {
	var again []id.ID
	for _, c := range changes {
		grown, more := due[c.Topic].apply(c)
		h.bytes.Add(int64(grown))
		if more {
			again = append(again, c.Topic)
		}
	}
	h.makeRoom()
	h.look(again)
}

// makeRoom empties, when there is too much in the rings, those that were not read for
// longest, until an eighth is free, so that it need not be done for each fact.
func (h *Hub) makeRoom() {
	if h.bytes.Load() <= int64(h.opts.Bytes) {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	type use struct {
		topic *topic
		when  int64
	}
	uses := make([]use, 0, len(h.topics))
	for _, t := range h.topics {
		t.mu.Lock()
		if t.bytes > 0 {
			uses = append(uses, use{t, t.used})
		}
		t.mu.Unlock()
	}
	slices.SortFunc(uses, func(a, b use) int { return cmp.Compare(a.when, b.when) })
	for _, u := range uses {
		if h.bytes.Load() <= int64(h.opts.Bytes)*7/8 {
			return
		}
		h.bytes.Add(-int64(u.topic.empty()))
	}
}

// begin starts another history: who holds a cursor of the old one is told so.
func (h *Hub) begin(epoch int64) {
	h.opts.Log.Warn("live: the database tells another history; streams start anew", "epoch", epoch)
	h.mu.Lock()
	h.epoch.Store(epoch)
	for _, t := range h.topics {
		h.bytes.Add(-int64(t.restart(epoch)))
	}
	h.mu.Unlock()
	h.lookAtAll()
}

// backoff gives growing pauses after errors in a row, spread so that instances
// and subscribers do not come back all at once.
type backoff struct{ errors int }

const (
	firstPause = 25 * time.Millisecond
	lastPause  = time.Second
)

// next is how long to wait: nothing after a success.
func (b *backoff) next(err error) time.Duration {
	if err == nil {
		b.errors = 0
		return 0
	}
	pause := min(firstPause<<min(b.errors, 10), lastPause)
	b.errors++
	return pause/2 + rand.N(pause/2)
}

// sleep waits; false when the context ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
