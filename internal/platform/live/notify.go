package live

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"

	"github.com/teixit/teixit/internal/kernel/id"
)

const (
	channel = "teixit_topics"
	// gathering is how long touched topics are collected before one NOTIFY: it
	// takes a lock of the whole cluster at commit.
	gathering = 3 * time.Millisecond
	// maxTold is how many topics are named; beyond it the others look at all
	// they watch.
	maxTold = 2000
	// perPayload topics fit into the 8,000 bytes of a notification.
	perPayload = 300
	everything = "*"
)

// outbox gathers touched topics until they are told to the other instances.
type outbox struct {
	sender string // so that an instance does not listen to itself
	mu     *sync.Mutex
	topics map[id.ID]struct{}
	filled chan struct{}
}

func newOutbox() outbox {
	return outbox{
		sender: short(id.New()), mu: &sync.Mutex{},
		topics: map[id.ID]struct{}{}, filled: make(chan struct{}, 1),
	}
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

// take empties the box into payloads.
func (o *outbox) take() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	defer clear(o.topics)
	if len(o.topics) > maxTold {
		return []string{o.sender + " " + everything}
	}
	var payloads []string
	var b strings.Builder
	n := 0
	for t := range o.topics {
		if n%perPayload == 0 && n > 0 {
			payloads = append(payloads, b.String())
			b.Reset()
		}
		if n%perPayload == 0 {
			b.WriteString(o.sender)
		}
		b.WriteString(" " + short(t))
		n++
	}
	if n > 0 {
		payloads = append(payloads, b.String())
	}
	return payloads
}

func short(v id.ID) string { return base64.RawURLEncoding.EncodeToString(v[:]) }

func long(s string) (v id.ID, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	return v, err == nil && copy(v[:], b) == len(v) && len(b) == len(v)
}

// notify is the one place of the instance that sends NOTIFY. A notification
// that cannot be sent is dropped: the others poll.
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
		if err := h.tell(ctx, h.outbox.take()); err != nil && ctx.Err() == nil {
			h.opts.Log.DebugContext(ctx, "live: other instances were not told", "cause", err)
		}
	}
}

// tell does not wait for the disk: a notification is in no log.
func (h *Hub) tell(ctx context.Context, payloads []string) error {
	if len(payloads) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	_, err := h.pool.Exec(ctx, `
		select set_config('synchronous_commit', 'off', true), pg_notify($1, payload) from unnest($2::text[]) as payload`,
		channel, payloads)
	return err
}

// listen hears the other instances, on a connection of its own, and comes back
// whenever it is cut.
func (h *Hub) listen(ctx context.Context) {
	pause := backoff{}
	for {
		err := h.hear(ctx, func() { pause.next(nil) })
		if ctx.Err() != nil {
			return
		}
		h.opts.Log.InfoContext(ctx, "live: stopped listening", "cause", err)
		if !sleep(ctx, pause.next(err)) {
			return
		}
	}
}

// hear listens until the connection ends. What was said before it listened is
// found by looking at everything.
func (h *Hub) hear(ctx context.Context, connected func()) error {
	conn, err := pgx.ConnectConfig(ctx, h.listenConfig())
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(closing)
	}()
	if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	connected()
	h.opts.Log.DebugContext(ctx, "live: listening")
	h.lookAtAll()
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("wait for notifications: %w", err)
		}
		h.heard(n.Payload)
	}
}

// listenConfig is the pool's, but a context that ends closes the connection (a
// cancel request has nothing to cancel here) and a dead peer is noticed.
func (h *Hub) listenConfig() *pgx.ConnConfig {
	cfg := h.pool.Config().ConnConfig
	cfg.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.DeadlineContextWatcherHandler{Conn: conn.Conn()}
	}
	cfg.DialFunc = (&net.Dialer{KeepAlive: 15 * time.Second}).DialContext
	cfg.Tracer = nil
	return cfg
}

func (h *Hub) heard(payload string) {
	words := strings.Fields(payload)
	if len(words) < 2 || words[0] == h.outbox.sender {
		return
	}
	if words[1] == everything {
		h.lookAtAll()
		return
	}
	topics := make([]id.ID, 0, len(words)-1)
	for _, w := range words[1:] {
		if t, ok := long(w); ok {
			topics = append(topics, t)
		}
	}
	h.look(topics)
}
