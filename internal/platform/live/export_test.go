package live

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
)

// MixLevels leaves the level out of the key: what the negative control does.
func (s *Shares) MixLevels() {
	s.keyOf = func(k Key) Key {
		k.Level = access.Public
		return k
	}
}

// ListenThrough makes the hub's listening connection dial as told, and lets it
// be quiet for so long. It is called before Start.
func (h *Hub) ListenThrough(dial pgconn.DialFunc, quiet time.Duration) {
	h.opts.Bus = &through{hub: h, change: func(n *notifications) { n.dial, n.quiet = dial, quiet }}
}

// through is a notifications that is made when the hub has its pool.
type through struct {
	hub    *Hub
	change func(*notifications)
	once   sync.Once
	*notifications
}

func (t *through) make() {
	t.once.Do(func() {
		t.notifications = newNotifications(t.hub.pool)
		t.change(t.notifications)
	})
}

func (t *through) Tell(ctx context.Context, topics []id.ID) error {
	t.make()
	return t.notifications.Tell(ctx, topics)
}

func (t *through) Hear(ctx context.Context, connected func(), heard func(topics []id.ID)) error {
	t.make()
	return t.notifications.Hear(ctx, connected, heard)
}

// PollAsOfMany makes every poll ask what was touched, however few topics are
// watched.
func (o Options) PollAsOfMany() Options {
	o.few = 1
	return o
}
