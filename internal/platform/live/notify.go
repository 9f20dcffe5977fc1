package live

import (
	"context"
	"sync"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
)

const (
	// gathering is how long touched topics are collected before the other
	// instances are told: a NOTIFY takes a lock of the whole cluster at commit.
	gathering = 3 * time.Millisecond
	// maxTold is how many topics are named; beyond it the others look at all
	// they watch.
	maxTold = 2000
)

// outbox gathers touched topics until they are told to the other instances.
type outbox struct {
	mu     *sync.Mutex
	topics map[id.ID]struct{}
	filled chan struct{}
}

func newOutbox() outbox {
	return outbox{mu: &sync.Mutex{}, topics: map[id.ID]struct{}{}, filled: make(chan struct{}, 1)}
}

func (o *outbox) put(topics []id.ID) {
	o.mu.Lock()
	for _, t := range topics {
		if len(o.topics) <= maxTold {
			o.topics[t] = struct{}{}
		}
	}
	o.mu.Unlock()
	select {
	case o.filled <- struct{}{}:
	default:
	}
}

// take empties the box, if there was anything in it. It names no topics when they
// are too many.
func (o *outbox) take() (topics []id.ID, full bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	defer clear(o.topics)
	if len(o.topics) > maxTold {
		return nil, true
	}
	for t := range o.topics {
		topics = append(topics, t)
	}
	return topics, len(topics) > 0
}

// notify is the one place of the instance that tells the others. What cannot be
// told is dropped: the others poll.
func (h *Hub) notify(ctx context.Context) {
	for {
		select {
		case <-h.outbox.filled:
		case <-ctx.Done():
			return
		}
		if !sleep(ctx, gathering) {
			return
		}
		if err := h.tell(ctx); err != nil && ctx.Err() == nil {
			h.opts.Log.DebugContext(ctx, "live: other instances were not told", "cause", err)
		}
	}
}

func (h *Hub) tell(ctx context.Context) error {
	topics, full := h.outbox.take()
	if !full {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	return h.bus.Tell(ctx, topics)
}

// listen hears the other instances and comes back whenever the bus is lost. What
// was said before it heard is found by looking at everything.
func (h *Hub) listen(ctx context.Context) {
	pause := backoff{}
	connected := func() {
		pause.next(nil)
		h.opts.Log.DebugContext(ctx, "live: listening")
		h.lookAtAll()
	}
	for {
		err := h.bus.Hear(ctx, connected, h.heard)
		if ctx.Err() != nil {
			return
		}
		h.opts.Log.InfoContext(ctx, "live: stopped listening", "cause", err)
		if !sleep(ctx, max(pause.next(err), firstPause)) {
			return
		}
	}
}

func (h *Hub) heard(topics []id.ID) {
	if len(topics) == 0 {
		h.lookAtAll()
		return
	}
	h.look(topics)
}
