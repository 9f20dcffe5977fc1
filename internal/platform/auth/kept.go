package auth

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
)

// rights are what a person may by relations, as they were read: with what has to
// be the same still for them to hold. Viewers share them, and nobody changes them.
type rights struct {
	person                                          id.ID
	day                                             time.Time // in Madrid
	changes                                         int64     // of the person and the bodies in home, see rights_changes
	home, administers, member, organises, checkedIn []id.ID
	ends                                            time.Time // the first end of one of them, zero for none
}

// size is about what they take in memory.
func (r *rights) size() int {
	const each, of = 16, 300
	return of + each*(len(r.home)+len(r.administers)+len(r.member)+len(r.organises)+len(r.checkedIn))
}

// keptBytes is how much memory an instance has for rights: those of ten thousand
// people with some sixty relations each.
const keptBytes = 16 << 20

// keeper keeps rights under what is shown by who has them. Every request asks
// PostgreSQL whether they still hold, so that it keeps no secret from anybody: it
// only spares reading them again. It has two halves; when one is full, the other
// is let go of, and with it what nobody has asked for since.
type keeper struct {
	hits, misses atomic.Uint64

	mu         sync.Mutex
	limit      int // of a half
	young, old map[string]*rights
	bytes      int // of the young half
}

func newKeeper(limit int) *keeper {
	return &keeper{limit: limit / 2, young: map[string]*rights{}, old: map[string]*rights{}}
}

// find returns what is kept; nil for nothing.
func (k *keeper) find(shown string) *rights {
	k.mu.Lock()
	defer k.mu.Unlock()
	if r := k.young[shown]; r != nil {
		return r
	}
	r := k.old[shown]
	if r != nil {
		k.add(shown, r)
	}
	return r
}

func (k *keeper) keep(shown string, r *rights) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.add(shown, r)
}

// add is called with the mutex held.
func (k *keeper) add(shown string, r *rights) {
	if before := k.young[shown]; before != nil {
		k.bytes -= before.size() + len(shown)
	}
	size := r.size() + len(shown)
	if k.bytes+size > k.limit {
		k.old, k.young, k.bytes = k.young, map[string]*rights{}, 0
	}
	k.young[shown] = r
	k.bytes += size
}
