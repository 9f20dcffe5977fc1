package gqlws

import (
	"sync"
	"time"
)

// slots is how many groups share one interval: pings leave in small batches
// instead of all at once.
const slots = 32

// company is for how many slots a ping waits for a message to leave with. Its
// answer has more than three quarters of an interval left then, see isStopped.
const company = 6

// peer is an open connection, as the wheel and Drain see it.
type peer interface {
	// beat is called once in every interval: ask for a sign of life, or end
	// who has given none since the last beat. It must not block.
	// What it asks may wait for something else that is sent, until press.
	beat()
	// press is called company slots after beat: what has waited for
	// company is sent. It must not block.
	press()
	// dismiss ends the connection in good order, when what must be finished is.
	dismiss()
	// abort ends it at once.
	abort()
}

// wheel beats for all connections with one ticker. Its goroutine runs while
// there are any. The zero value with an interval is ready.
type wheel struct {
	every time.Duration

	mu     sync.Mutex
	groups [slots]map[peer]struct{}
	last   int // slot of the newest peer
	count  int
	stop   chan struct{}
}

// add puts p into the next slot and returns that slot.
func (w *wheel) add(p peer) (slot int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = (w.last + 1) % slots
	if w.groups[w.last] == nil {
		w.groups[w.last] = map[peer]struct{}{}
	}
	w.groups[w.last][p] = struct{}{}
	w.count++
	if w.count == 1 {
		w.stop = make(chan struct{})
		go w.turn(w.stop)
	}
	return w.last
}

func (w *wheel) remove(p peer, slot int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.groups[slot][p]; !ok {
		return
	}
	delete(w.groups[slot], p)
	if w.count--; w.count == 0 {
		close(w.stop)
	}
}

func (w *wheel) turn(stop chan struct{}) {
	ticker := time.NewTicker(max(w.every/slots, time.Millisecond))
	defer ticker.Stop()
	var batch []peer
	for slot := 0; ; slot = (slot + 1) % slots {
		select {
		case <-stop:
			return
		case <-ticker.C:
		}
		batch = w.copy(slot, batch[:0])
		for _, p := range batch {
			p.beat()
		}
		batch = w.copy((slot+slots-company)%slots, batch[:0])
		for _, p := range batch {
			p.press()
		}
		clear(batch[:cap(batch)])
	}
}

func (w *wheel) copy(slot int, into []peer) []peer {
	w.mu.Lock()
	defer w.mu.Unlock()
	for p := range w.groups[slot] {
		into = append(into, p)
	}
	return into
}

func (w *wheel) all() []peer {
	var peers []peer
	for slot := range slots {
		peers = w.copy(slot, peers)
	}
	return peers
}
