package auth

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// lookEvery is how often the rights of all who are connected are looked at.
const lookEvery = 250 * time.Millisecond

// lookTimeout bounds one look: a server that swallows packets must not hold the
// watcher for ever.
const lookTimeout = 2 * time.Second

// held is what hangs on a viewer's rights: a connection, or an operation that is
// on its way.
type held interface {
	// Viewer is who it is, with the rights known last.
	Viewer() *access.Viewer
	// End ends it at once.
	End(cause error)
	// renew tells it that the rights are these now.
	renew(v *access.Viewer)
	// streaming tells whether something is streamed over it.
	streaming() bool
}

// Watcher looks after everybody who is connected to an instance, and after what
// they have asked and wait for: authorization is a condition, not a moment. Four times a second one statement asks for whom
// something changed (rights, dates that passed, sign-in); for those the
// connection goes on with the new rights, or ends with the reason as the cause
// of its context. What has passed is judged by PostgreSQL's clock.
type Watcher struct {
	db   *postgres.DB
	idle time.Duration
	log  *slog.Logger

	mu          sync.Mutex
	connections map[*Connection]struct{}
	operations  map[*operation]struct{}

	work sync.WaitGroup
	stop context.CancelFunc
}

// NewWatcher makes a watcher; it does nothing before Start. idle is how long a
// session lasts without use; 0 is the default.
func NewWatcher(db *postgres.DB, idle time.Duration, log *slog.Logger) *Watcher {
	if idle == 0 {
		idle = SessionIdle
	}
	return &Watcher{db: db, idle: idle, log: log, connections: map[*Connection]struct{}{}, operations: map[*operation]struct{}{}}
}

// Start begins to look; it is called once.
func (w *Watcher) Start() {
	ctx, stop := context.WithCancel(context.Background())
	w.stop = stop
	w.work.Go(func() { w.run(ctx) })
}

// Stop ends the looking. Connections stay as they are.
func (w *Watcher) Stop() {
	if w.stop != nil {
		w.stop()
		w.work.Wait()
	}
}

// Watched counts the connections.
func (w *Watcher) Watched() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.connections)
}

// Watch looks after a viewer's connection until ctx, which must end with the
// connection. The context it returns carries the viewer and ends, with a fault
// as its cause, when the connection may not go on.
func (w *Watcher) Watch(ctx context.Context, v *access.Viewer) context.Context {
	ctx = access.With(ctx, v)
	if !v.SignedIn() {
		return ctx // who has no rights loses none
	}
	watched, cancel := context.WithCancelCause(ctx)
	c := &Connection{db: w.db, idle: w.idle, viewer: v, cancel: cancel, streams: map[*Stream]struct{}{}}
	w.mu.Lock()
	w.connections[c] = struct{}{}
	w.mu.Unlock()
	context.AfterFunc(watched, func() {
		w.mu.Lock()
		delete(w.connections, c)
		w.mu.Unlock()
		c.forget()
	})
	return context.WithValue(watched, connectionKey{}, c)
}

func (w *Watcher) run(ctx context.Context) {
	looks, uses := time.NewTicker(lookEvery), time.NewTicker(granularity(w.idle))
	defer looks.Stop()
	defer uses.Stop()
	away := false
	for {
		var err error
		select {
		case <-looks.C:
			err = w.look(ctx)
		case <-uses.C:
			err = w.noteUse(ctx)
		case <-ctx.Done():
			return
		}
		if err != nil && !away && ctx.Err() == nil {
			w.log.WarnContext(ctx, "auth: rights cannot be looked at; streams wait", "cause", err)
		}
		away = err != nil
	}
}

// noteUse keeps sessions from idling out while something is streamed to them.
func (w *Watcher) noteUse(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	var streaming []id.ID
	for s, all := range w.byStand() {
		if !s.session.IsZero() && slices.ContainsFunc(all, held.streaming) {
			streaming = append(streaming, s.session)
		}
	}
	return (&Sessions{db: w.db, idle: w.idle}).Seen(ctx, streaming)
}

// look is one look at everybody.
func (w *Watcher) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	by := w.byStand()
	if len(by) == 0 {
		return nil
	}
	stands := make([]stand, 0, len(by))
	for s := range by {
		stands = append(stands, s)
	}
	changed, err := standing(ctx, w.db.Read(), w.idle, stands)
	if err != nil {
		return err
	}
	for s, signedOut := range changed {
		if err := w.tell(ctx, by[s], signedOut); err != nil {
			return err
		}
	}
	return nil
}

func (w *Watcher) byStand() map[stand][]held {
	w.mu.Lock()
	defer w.mu.Unlock()
	by := make(map[stand][]held, len(w.connections)+len(w.operations))
	add := func(h held) {
		s := standOf(h.Viewer())
		by[s] = append(by[s], h)
	}
	for c := range w.connections {
		add(c)
	}
	for o := range w.operations {
		add(o)
	}
	return by
}

// tell lets all that stand on the same know what changed.
func (w *Watcher) tell(ctx context.Context, all []held, signedOut bool) error {
	if signedOut {
		return endAll(all, ErrSignedOut.New())
	}
	fresh, err := Renewed(ctx, w.db.Read(), all[0].Viewer())
	if errors.Is(err, ErrSignedOut) {
		return endAll(all, err)
	}
	if err != nil {
		return err
	}
	for _, h := range all {
		h.renew(fresh)
	}
	return nil
}

func endAll(all []held, cause error) error {
	for _, h := range all {
		h.End(cause)
	}
	return nil
}
