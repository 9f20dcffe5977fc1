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

// lookOnce looks at the topics that are due. What came over a new connection
// counts only when the epoch has been compared: behind it may be another server.
func (h *Hub) lookOnce(ctx context.Context, all bool) error {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	due, watched := h.due(all)
	if len(due) == 0 {
		return nil
	}
	epoch, changes, err := journal.Changes(ctx, h.pool, watched, min(recent, h.opts.Page), h.opts.Page)
	if err != nil {
		return err // everything is looked at again after the pause
	}
	if connections := h.connections.Load(); connections != h.compared.Load() {
		if epoch, err = journal.CheckEpoch(ctx, h.db); err != nil {
			return err
		}
		h.compared.Store(connections)
	}
	if epoch != h.Epoch() {
		h.begin(epoch)
		return nil
	}
	h.applyAll(due, changes)
	return nil
}

// due takes the topics to look at, and what is known of them.
func (h *Hub) due(all bool) (map[id.ID]*topic, []journal.Watch) {
	h.mu.Lock()
	defer h.mu.Unlock()
	due := make(map[id.ID]*topic, len(h.pending))
	if all || h.pollAll {
		for k, t := range h.topics {
			due[k] = t
		}
	} else {
		for k := range h.pending {
			due[k] = h.topics[k]
		}
	}
	clear(h.pending)
	h.pollAll = false
	watched := make([]journal.Watch, 0, len(due))
	for k, t := range due {
		watched = append(watched, journal.Watch{Topic: k, After: t.after()})
	}
	return due, watched
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
	if h.bytes.Load() > int64(h.opts.Bytes) {
		h.makeRoom()
	}
	h.look(again)
}

// makeRoom empties the rings that were not read for longest, until an eighth is
// free, so that it need not be done for each fact.
func (h *Hub) makeRoom() {
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
