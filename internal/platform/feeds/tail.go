// Package feeds wakes those who follow feeds on this instance.
//
// A feed gathers facts of many topics (package journal), and who follows it
// cannot wait at one topic. Each instance has one Tail. Every Options.Poll, and
// at once when it is woken by a commit of this instance, it asks with one
// statement what the facts that came behind the horizon since it last looked are
// about, and rouses the readers that follow any of these things. They read their
// feed themselves, from their own cursor: a needless waking costs a read, a
// lost one is made good by nothing, so that the tail never moves on before it has
// told.
//
// It also watches what is private to the people who follow (Bump): what one of
// their screens changes, the others notice, on every instance.
package feeds

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Options are the bounds of a Tail. Zero fields get the defaults.
type Options struct {
	Poll time.Duration // default 250 ms
	Log  *slog.Logger  // default: none
}

// lookTime bounds one look at the database; most is how many things touched at
// once are told apart: beyond, everybody is roused.
const (
	lookTime = 5 * time.Second
	most     = 5000
)

// Tail is the one of an instance.
type Tail struct {
	db   *postgres.DB
	opts Options

	mu      sync.Mutex
	readers map[id.ID]map[*Reader]struct{} // by what they follow
	people  map[id.ID]map[*Reader]struct{} // by who reads
	private map[id.ID]int64                // the versions known
	all     map[*Reader]struct{}
	at      journal.FeedCursor // told up to here; zero: not known

	woken    chan struct{}
	stopping chan struct{}
	stop     context.CancelFunc
	running  sync.WaitGroup
}

// New makes a tail; it does nothing before Start.
func New(db *postgres.DB, o Options) *Tail {
	if o.Poll <= 0 {
		o.Poll = 250 * time.Millisecond
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Tail{
		db: db, opts: o, woken: make(chan struct{}, 1), stopping: make(chan struct{}),
		readers: map[id.ID]map[*Reader]struct{}{}, people: map[id.ID]map[*Reader]struct{}{},
		private: map[id.ID]int64{}, all: map[*Reader]struct{}{},
	}
}

// Start begins to look. It is called once; Stop ends it.
func (t *Tail) Start() {
	ctx, stop := context.WithCancel(context.Background())
	t.stop = stop
	t.running.Go(func() { t.run(ctx) })
}

// Stop ends every Wait with live.ErrStopping and returns when nothing runs any
// more.
func (t *Tail) Stop() {
	if t.stop == nil {
		return
	}
	close(t.stopping)
	t.stop()
	t.running.Wait()
	t.stop = nil
}

// Wake says that something was committed here. It never blocks.
func (t *Tail) Wake() {
	select {
	case t.woken <- struct{}{}:
	default: // it will look anyway
	}
}

// run looks until ctx ends; while the database is away it tries again at the
// next poll, and readers wait.
func (t *Tail) run(ctx context.Context) {
	poll := time.NewTicker(t.opts.Poll)
	defer poll.Stop()
	lost := false
	for {
		select {
		case <-poll.C:
		case <-t.woken:
			if !gather(ctx) {
				return
			}
		case <-ctx.Done():
			return
		}
		err := t.look(ctx)
		if err != nil && ctx.Err() == nil && !lost {
			t.opts.Log.WarnContext(ctx, "feeds: the database is away; followers wait", "cause", err)
		}
		lost = err != nil
	}
}

// gathering is how long commits are collected before one look.
const gathering = 3 * time.Millisecond

func gather(ctx context.Context) bool {
	timer := time.NewTimer(gathering)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// look asks once and tells whom it concerns.
func (t *Tail) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	people, at, idle := t.due()
	if idle {
		return nil
	}
	touched, next, err := t.touched(ctx, at)
	if err != nil {
		return err
	}
	versions, err := versionsOf(ctx, t.db.Read(), people)
	if err != nil {
		return err
	}
	t.tell(touched, next, versions)
	return nil
}

func (t *Tail) due() (people []id.ID, at journal.FeedCursor, idle bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.all) == 0 {
		t.at = journal.FeedCursor{} // who comes next reads for themselves first
		return nil, t.at, true
	}
	for person := range t.people {
		people = append(people, person)
	}
	return people, t.at, false
}

const touchedSQL = `
	select e.number, pg_snapshot_xmin(pg_current_snapshot()), a.about
	from epoch e left join lateral (
	  select distinct a.about from journal_about a
	  where (a.epoch, a.fxid, a.seq) > ($1::bigint, $2::xid8, $3::bigint)
	    and (a.epoch, a.fxid) < (e.number, pg_snapshot_xmin(pg_current_snapshot()))
	  limit $4) a on $5`

// touched reads what facts behind the horizon are about since a position.
func (t *Tail) touched(ctx context.Context, at journal.FeedCursor) (touched []id.ID, next journal.FeedCursor, err error) {
	rows, err := t.db.Read().Query(ctx, touchedSQL, at.Era, at.FXID, at.Seq, most+1, at != journal.FeedCursor{})
	if err != nil {
		return nil, next, fmt.Errorf("look what was touched: %w", err)
	}
	var about id.ID
	_, err = pgx.ForEachRow(rows, []any{&next.Epoch, &next.FXID, &about}, func() error {
		if !about.IsZero() {
			touched = append(touched, about)
		}
		return nil
	})
	if err != nil {
		return nil, next, fmt.Errorf("look what was touched: %w", err)
	}
	next.Era = next.Epoch
	return touched, next, nil
}

// tell rouses who follows what was touched, and whose private things changed.
// What cannot be told apart rouses everybody: the first look, another epoch, more
// than can be named.
func (t *Tail) tell(touched []id.ID, next journal.FeedCursor, versions map[id.ID]int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.at == (journal.FeedCursor{}) || t.at.Epoch != next.Epoch || len(touched) > most {
		for r := range t.all {
			r.rouse()
		}
	}
	for _, about := range touched {
		for r := range t.readers[about] {
			r.rouse()
		}
	}
	for person, version := range versions {
		if known, ok := t.private[person]; ok && known == version || t.people[person] == nil {
			continue
		}
		t.private[person] = version
		for r := range t.people[person] {
			r.rouse()
		}
	}
	if next.Compare(t.at) > 0 || t.at.Epoch != next.Epoch {
		t.at = next
	}
}
