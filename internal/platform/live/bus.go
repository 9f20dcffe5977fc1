package live

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/teixit/teixit/internal/kernel/id"
)

// Bus carries wake-ups between the instances of a hub: in which topics something
// has happened. It may lose them, for every instance also looks by itself; it
// only makes the others quick. The database is the bus there is (notifications);
// another is one type with two methods.
type Bus interface {
	// Tell names topics to the other instances; none means: look at everything.
	Tell(ctx context.Context, topics []id.ID) error
	// Hear calls heard with what others tell, until ctx ends or the bus is lost,
	// and connected when it begins to hear. It must notice that the other end has
	// fallen silent.
	Hear(ctx context.Context, connected func(), heard func(topics []id.ID)) error
}

const (
	channel = "teixit_topics"
	// perPayload topics fit into the 8,000 bytes of a notification.
	perPayload = 300
	everything = "*"
	// quiet is for how long nothing may be heard before a sign of life is asked
	// for, and signOfLife how long that may take.
	quiet      = 5 * time.Second
	signOfLife = 2 * time.Second
)

// notifications are PostgreSQL's, as a Bus.
type notifications struct {
	pool   *pgxpool.Pool
	sender string // so that an instance does not listen to itself
	quiet  time.Duration
	dial   pgconn.DialFunc // nil: as the pool does
}

func newNotifications(pool *pgxpool.Pool) *notifications {
	return &notifications{pool: pool, sender: short(id.New()), quiet: quiet}
}

// Tell implements Bus. It does not wait for the disk: a notification is in no
// log.
func (n *notifications) Tell(ctx context.Context, topics []id.ID) error {
	_, err := n.pool.Exec(ctx, `
		select set_config('synchronous_commit', 'off', true), pg_notify($1, payload) from unnest($2::text[]) as payload`,
		channel, n.payloads(topics))
	return err
}

func (n *notifications) payloads(topics []id.ID) []string {
	if len(topics) == 0 {
		return []string{n.sender + " " + everything}
	}
	var payloads []string
	for len(topics) > 0 {
		words := []string{n.sender}
		for _, t := range topics[:min(len(topics), perPayload)] {
			words = append(words, short(t))
		}
		payloads, topics = append(payloads, strings.Join(words, " ")), topics[len(words)-1:]
	}
	return payloads
}

// Hear implements Bus, on a connection of its own.
func (n *notifications) Hear(ctx context.Context, connected func(), heard func(topics []id.ID)) error {
	conn, err := pgx.ConnectConfig(ctx, n.config())
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
	for {
		said, err := n.next(ctx, conn)
		if err != nil {
			return fmt.Errorf("wait for notifications: %w", err)
		}
		if topics, others := n.understand(said); others {
			heard(topics)
		}
	}
}

// next waits for a notification. A server that says nothing for a while is asked
// whether it is there: a network that drops packets looks just like silence.
func (n *notifications) next(ctx context.Context, conn *pgx.Conn) (string, error) {
	for {
		waiting, cancel := context.WithTimeout(ctx, n.quiet)
		said, err := conn.WaitForNotification(waiting)
		cancel()
		if err == nil {
			return said.Payload, nil
		}
		if ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) || conn.IsClosed() {
			return "", err
		}
		asking, cancel := context.WithTimeout(ctx, min(n.quiet, signOfLife))
		err = conn.Ping(asking)
		cancel()
		if err != nil {
			return "", fmt.Errorf("the server has fallen silent: %w", err)
		}
	}
}

// config is the pool's, its way of dialling included, so that a server that is
// away ends this connection with all others; but a context that ends closes the
// connection or what waits on it: a cancel request has nothing to cancel here.
func (n *notifications) config() *pgx.ConnConfig {
	cfg := n.pool.Config().ConnConfig
	cfg.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.DeadlineContextWatcherHandler{Conn: conn.Conn()}
	}
	if n.dial != nil {
		cfg.DialFunc = n.dial
	}
	cfg.Tracer = nil
	return cfg
}

// understand reads a notification; others tells that it is not of this instance.
func (n *notifications) understand(payload string) (topics []id.ID, others bool) {
	words := strings.Fields(payload)
	if len(words) < 2 || words[0] == n.sender {
		return nil, false
	}
	if words[1] == everything {
		return nil, true
	}
	for _, w := range words[1:] {
		if t, ok := long(w); ok {
			topics = append(topics, t)
		}
	}
	return topics, len(topics) > 0
}

func short(v id.ID) string { return base64.RawURLEncoding.EncodeToString(v[:]) }

func long(s string) (v id.ID, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	return v, err == nil && copy(v[:], b) == len(v) && len(b) == len(v)
}
