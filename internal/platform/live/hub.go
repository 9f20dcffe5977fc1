// Package live carries the journal to those who watch, without GraphQL.
//
// Each instance of the hub has one Hub. Its one tail asks every Options.Poll what
// has happened, in one statement or two, and looks at single topics at once when
// it is woken: by commits of this instance (Wake) or by another (Bus). A poll of
// few topics looks at each; one of many asks which were touched since the poll
// before (journal.Touched), so that it costs what happens and not what is
// watched. Wake-ups make it quick; correctness needs only the polling. What the tail
// reads goes into a ring per topic, bounded in bytes, that all who watch the
// topic share.
//
// Subscribers pull. Each holds a cursor of its own and no goroutine: Next
// answers from the ring, or from the database when the subscriber has fallen
// out of it, and never skips or repeats. While the database is away subscribers
// wait. Those whose history ended (see journal.CheckEpoch) or whose facts are
// retired get journal.ErrStaleCursor.
//
// Who may watch a topic at a level is decided before Follow.
package live

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// ErrStopping ends every stream when the instance is shutting down; the client
// resumes elsewhere from its cursor.
var ErrStopping = errors.New("live: the instance is stopping")

// ErrClosed is the answer of a subscriber after Close.
var ErrClosed = errors.New("live: the subscriber is closed")

// Options are the bounds of a Hub. Zero fields get the defaults.
type Options struct {
	Poll      time.Duration // how often all watched topics are looked at; default 250 ms
	RingBytes int           // kept per topic; default 256 KiB
	Bytes     int           // kept for all topics; default 64 MiB
	Readers   int           // database reads at a time for subscribers outside their ring; default 3
	Page      int           // most entries one Next or one look at a topic gives; default 256
	// NoNotify leaves wake-ups between instances out: for a single instance.
	NoNotify bool
	Bus      Bus          // between instances; default the database's notifications
	Log      *slog.Logger // default slog.Default()

	few int // up to so many topics a poll looks at each
}

func (o *Options) setDefaults() {
	o.Poll = or(o.Poll, 250*time.Millisecond)
	o.RingBytes = or(o.RingBytes, 256<<10)
	o.Bytes = or(o.Bytes, 64<<20)
	o.Readers = or(o.Readers, 3)
	o.Page = or(o.Page, 256)
	o.few = or(o.few, fewTopics)
	if o.Log == nil {
		o.Log = slog.Default()
	}
}

func or[T int | time.Duration](v, otherwise T) T {
	if v > 0 {
		return v
	}
	return otherwise
}

// Hub is the live side of one instance.
type Hub struct {
	db      *postgres.DB
	opts    Options
	pool    *pgxpool.Pool // connections of its own: busy level reads must not hold streams up
	readers chan struct{} // bounds reads for subscribers outside their ring
	epoch   atomic.Int64
	// How many connections were made, and up to which of them the epoch was
	// compared: behind a new one may be another server.
	connections, compared atomic.Int64
	wrote                 int64 // the same of connections for writing; the tail's own

	mu      sync.Mutex
	topics  map[id.ID]*topic
	pending map[id.ID]struct{} // to be looked at before the next poll
	news    []*journal.News    // committed here, to be taken in before that
	pollAll bool

	horizon journal.Horizon // of the last poll; the tail's own
	swept   []id.ID         // still to be looked at in turn

	woken    chan struct{} // the tail has something to look at
	outbox   outbox
	bus      Bus
	bytes    atomic.Int64 // in all rings
	uses     atomic.Int64 // counts reads, to know the least recently used ring
	stopping chan struct{}
	stopOnce sync.Once
	stop     context.CancelFunc
	work     context.Context // ends with Stop
	running  sync.WaitGroup
	shares   *Shares // nil when nothing is shared
}

// New makes a hub over the database; it does nothing before Start.
func New(db *postgres.DB, opts Options) *Hub {
	opts.setDefaults()
	return &Hub{
		db: db, opts: opts,
		readers: make(chan struct{}, opts.Readers),
		topics:  map[id.ID]*topic{}, pending: map[id.ID]struct{}{},
		woken: make(chan struct{}, 1), outbox: newOutbox(),
		stopping: make(chan struct{}),
	}
}

// Start checks the epoch (see journal.CheckEpoch) and begins to follow the
// journal; it fails when the database cannot be reached. The work ends with
// Stop, not with ctx. Start is called once.
func (h *Hub) Start(ctx context.Context) error {
	epoch, err := journal.CheckEpoch(ctx, h.db)
	if err != nil {
		return err
	}
	h.epoch.Store(epoch)
	if h.pool, err = pgxpool.NewWithConfig(ctx, h.poolConfig()); err != nil {
		return fmt.Errorf("open the live pool: %w", err)
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	h.stop, h.work = stop, work
	h.running.Go(func() { h.tail(work) })
	if !h.opts.NoNotify {
		if h.bus = h.opts.Bus; h.bus == nil {
			h.bus = newNotifications(h.pool)
		}
		h.running.Go(func() { h.listen(work) })
		h.running.Go(func() { h.notify(work) })
	}
	return nil
}

// poolConfig is the read pool's with bounds of its own, and with each new
// connection noticed.
func (h *Hub) poolConfig() *pgxpool.Config {
	cfg := h.db.Native().Config()
	cfg.MaxConns = int32(h.opts.Readers + 2) // and one each for the tail and for notifying
	cfg.MinConns, cfg.MinIdleConns = 0, 0
	// Planning over the partitions costs ten times what reading does, and plans
	// made for the values at hand are no better here.
	cfg.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	prepare := cfg.AfterConnect
	cfg.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		h.connections.Add(1)
		if prepare == nil {
			return nil
		}
		return prepare(ctx, conn)
	}
	return cfg
}

// unsure reports whether the epoch has to be compared again.
func (h *Hub) unsure() bool { return h.compared.Load() != h.connections.Load() }

// Stop ends every Next with ErrStopping and returns when the hub's goroutines
// and connections are gone.
func (h *Hub) Stop() {
	h.stopOnce.Do(func() {
		close(h.stopping)
		if h.stop == nil {
			return // it never started
		}
		h.stop()
		if h.shares != nil {
			h.shares.stop()
		}
		h.running.Wait()
		h.pool.Close()
	})
}

// Stats are figures for metrics.
type Stats struct {
	Topics int // watched now
	Bytes  int // in all rings
}

// Stats counts.
func (h *Hub) Stats() Stats {
	h.mu.Lock()
	defer h.mu.Unlock()
	return Stats{Topics: len(h.topics), Bytes: int(h.bytes.Load())}
}

// Epoch is the history the hub follows.
func (h *Hub) Epoch() int64 { return h.epoch.Load() }

// maxNews is how many commits wait for the tail as what they are; facts of more
// are read.
const maxNews = 1000

// Committed says which topics a transaction of this instance touched. Facts that it
// brings along are not read again, others at once; other instances are told. It never
// blocks.
func (h *Hub) Committed(touched []postgres.Touched) {
	all, watched := make([]id.ID, len(touched)), false
	h.mu.Lock()
	for i, t := range touched {
		all[i] = t.Topic
		if h.topics[t.Topic] == nil {
			continue
		}
		watched = true
		if news, _ := t.News.(*journal.News); news != nil && len(h.news) < maxNews {
			h.news = append(h.news, news)
		} else {
			h.pending[t.Topic] = struct{}{}
		}
	}
	h.mu.Unlock()
	if watched {
		h.rouse()
	}
	if !h.opts.NoNotify {
		h.outbox.put(all)
	}
}

// Follows tells whether somebody watches the topic here.
func (h *Hub) Follows(topic id.ID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.topics[topic] != nil
}

// look lets the tail look at those of the topics that are watched.
func (h *Hub) look(topics []id.ID) {
	h.mu.Lock()
	watched := false
	for _, t := range topics {
		if _, ok := h.topics[t]; ok {
			h.pending[t] = struct{}{}
			watched = true
		}
	}
	h.mu.Unlock()
	if watched {
		h.rouse()
	}
}

// lookAtAll lets the tail poll now.
func (h *Hub) lookAtAll() {
	h.mu.Lock()
	h.pollAll = true
	h.mu.Unlock()
	h.rouse()
}

func (h *Hub) rouse() {
	select {
	case h.woken <- struct{}{}:
	default: // it will look anyway
	}
}

// Follow watches a topic at a level from a number on: Next gives what comes
// after it. The number must be of the hub's present epoch; FollowFrom says
// which epoch it means.
func (h *Hub) Follow(topic id.ID, level access.Level, after int64) *Subscriber {
	return h.FollowFrom(journal.Cursor{Topic: topic, Epoch: h.Epoch(), Level: level, Number: after})
}

// FollowFrom watches the cursor's topic at its level from it on. After Snapshot,
// FollowFrom of its position gives exactly the facts the snapshot lacks.
func (h *Hub) FollowFrom(c journal.Cursor) *Subscriber {
	return &Subscriber{hub: h, topic: h.follow(c.Topic), at: c}
}

// FollowLatest watches only how far a topic has come.
func (h *Hub) FollowLatest(c journal.Cursor) *Latest {
	return &Latest{hub: h, topic: h.follow(c.Topic), at: c}
}

// Resume decides how a stream begins; see journal.Resume.
func (h *Hub) Resume(text string, topic id.ID, level access.Level) (journal.Cursor, journal.Beginning, error) {
	return journal.Resume(text, topic, level, h.Epoch())
}

// Snapshot reads the state of a topic and the number it is the state at: all
// that read gets through q is of one instant. The position is that of a viewer
// of the level; FollowFrom goes on from it.
func (h *Hub) Snapshot(ctx context.Context, topic id.ID, level access.Level, read func(ctx context.Context, q postgres.Querier, at journal.Cursor) error) error {
	return h.db.Snapshot(ctx, func(ctx context.Context, q postgres.Querier) error {
		position, err := journal.Heads(ctx, q, topic)
		if err != nil {
			return err
		}
		return read(ctx, q, position.Cursor(level))
	})
}

func (h *Hub) follow(topicID id.ID) *topic {
	h.mu.Lock()
	t, ok := h.topics[topicID]
	if !ok {
		t = &topic{id: topicID, epoch: h.Epoch(), limit: h.opts.RingBytes}
		h.topics[topicID] = t
		h.pending[topicID] = struct{}{}
	}
	t.followers++
	h.mu.Unlock()
	if !ok {
		h.rouse()
	}
	return t
}

func (h *Hub) unfollow(t *topic) {
	h.mu.Lock()
	t.followers--
	last := t.followers == 0
	if last {
		delete(h.topics, t.id)
		delete(h.pending, t.id)
	}
	h.mu.Unlock()
	if last {
		h.bytes.Add(-int64(t.retire()))
	}
}
