package live

import (
	"sync"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
)

// entryOverhead is what an entry costs beside its text, roughly, in bytes.
const entryOverhead = 256

// topic is one watched topic: a ring with its newest facts of all levels, and
// how far it has come at each level. The ring holds, at level k, exactly the
// numbers base[k]+1 … head[k].
//
// Only the tail changes it, except retire.
type topic struct {
	id        id.ID
	followers int // guarded by the hub's mutex
	limit     int // bytes

	mu      sync.Mutex
	epoch   int64
	known   bool // base and head are valid
	gone    bool // there is no such topic (any more)
	retired bool // nobody watches; not in the hub any more
	ring    []journal.Entry
	bytes   int
	base    [access.Levels]int64
	head    [access.Levels]int64
	used    int64         // when a subscriber last read the ring, as the hub counts
	changed chan struct{} // closed at the next change; nil while nobody waits
}

// after is what the tail asks the journal for.
func (t *topic) after() int64 {
	if !t.known {
		return journal.Unknown
	}
	return t.head[access.Organisers]
}

// apply takes in what the journal says. grown is by how many bytes the ring
// grew; again says that the topic has to be looked at once more.
func (t *topic) apply(c journal.Change) (grown int, again bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.retired {
		return 0, false
	}
	before := t.bytes
	switch {
	case c.Gone:
		t.forget()
		t.gone = true
	case !t.known:
		t.begin(c)
	case len(c.Entries) > 0 && unbroken(c.Entries, t.head[access.Organisers]):
		t.extend(c.Entries)
		again = t.head[access.Organisers] < c.Heads[access.Organisers]
	default: // facts were retired under the ring, or the history is another
		t.forget()
		again = true
	}
	t.wake()
	return t.bytes - before, again
}

// take takes in facts that one transaction wrote. grown is by how many bytes the
// ring grew; known says that they are known now: else the topic has to be looked at.
func (t *topic) take(entries []journal.Entry) (grown int, known bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	newest := t.head[access.Organisers]
	switch {
	case t.retired, t.known && entries[len(entries)-1].Number <= newest:
		return 0, true
	case !t.known || !unbroken(entries, newest):
		return 0, false
	}
	before := t.bytes
	t.extend(entries)
	t.wake()
	return t.bytes - before, true
}

// begin fills an unknown topic: the entries reach up to the heads.
func (t *topic) begin(c journal.Change) {
	t.gone, t.known = false, true
	t.head, t.base = c.Heads, c.Heads
	if !unbroken(c.Entries, c.Heads[access.Organisers]-int64(len(c.Entries))) {
		return // facts are being retired; the database answers for them
	}
	for _, e := range c.Entries {
		for k := e.Level; k <= access.Organisers; k++ {
			t.base[k]--
		}
	}
	t.push(c.Entries)
}

// unbroken reports whether the entries follow the number without a gap.
func unbroken(entries []journal.Entry, after int64) bool {
	for i := range entries {
		if entries[i].Number != after+int64(i)+1 {
			return false
		}
	}
	return true
}

func (t *topic) extend(entries []journal.Entry) {
	for _, e := range entries {
		for k := e.Level; k <= access.Organisers; k++ {
			t.head[k] = e.Numbers[k]
		}
	}
	t.push(entries)
}

// push adds entries and lets the oldest go when there are too many bytes.
func (t *topic) push(entries []journal.Entry) {
	t.ring = append(t.ring, entries...)
	for i := range entries {
		t.bytes += size(&entries[i])
	}
	drop := 0
	for ; t.bytes > t.limit && drop < len(t.ring); drop++ {
		e := &t.ring[drop]
		t.bytes -= size(e)
		for k := e.Level; k <= access.Organisers; k++ {
			t.base[k] = e.Numbers[k]
		}
	}
	clear(t.ring[:drop]) // the array below lives on for a while
	t.ring = t.ring[drop:]
}

func size(e *journal.Entry) int { return entryOverhead + len(e.Data) + len(e.Kind) }

// empty drops the ring but not the knowledge of the heads: subscribers that are
// behind read the database. It returns the bytes set free.
func (t *topic) empty() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	freed := t.bytes
	t.ring, t.bytes, t.base = nil, 0, t.head
	return freed
}

// forget drops all that is known.
func (t *topic) forget() {
	t.known, t.gone = false, false
	t.ring, t.bytes = nil, 0
}

// restart forgets everything and begins another history.
func (t *topic) restart(epoch int64) (freed int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	freed = t.bytes
	t.forget()
	t.epoch = epoch
	t.wake()
	return freed
}

// retire is the end of a topic that nobody watches; a look under way at it
// changes nothing any more.
func (t *topic) retire() (freed int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	freed = t.bytes
	t.forget()
	t.retired = true
	return freed
}

// wake rouses all who wait for a change. Called with the mutex held.
func (t *topic) wake() {
	if t.changed != nil {
		close(t.changed)
		t.changed = nil
	}
}

// change is closed at the next change. Called with the mutex held.
func (t *topic) change() <-chan struct{} {
	if t.changed == nil {
		t.changed = make(chan struct{})
	}
	return t.changed
}

// between copies, as the level sees them, up to limit entries after a number
// that the ring reaches back to. Called with the mutex held.
func (t *topic) between(level access.Level, after int64, limit int) []journal.Entry {
	missing := t.head[level] - after
	entries := make([]journal.Entry, 0, min(int(missing), limit))
	for i := t.first(level, after); i < len(t.ring) && len(entries) < limit; i++ {
		if e, sees := t.ring[i].For(level); sees {
			entries = append(entries, e)
		}
	}
	return entries
}

// first is the place of the entry that follows the number: found from the end,
// since almost everybody is almost there.
func (t *topic) first(level access.Level, after int64) int {
	i := len(t.ring)
	for i > 0 {
		if e := &t.ring[i-1]; e.Level <= level && e.Numbers[level] <= after {
			break
		}
		i--
	}
	return i
}
