package live

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/platform/journal"
)

// Subscriber is one reader of one topic. It is not safe for concurrent use, but
// any number of subscribers is.
type Subscriber struct {
	hub    *Hub
	topic  *topic
	at     journal.Cursor
	closed bool
}

// Cursor is where the subscriber stands: after the last entry Next gave.
func (s *Subscriber) Cursor() journal.Cursor { return s.at }

// Close ends the subscription. It is called by the reader itself; a Next that
// waits is ended through its context.
func (s *Subscriber) Close() {
	if !s.closed {
		s.closed = true
		s.hub.unfollow(s.topic)
	}
}

// Next waits until there is something and returns it: the next entries in
// order, at least one, none skipped and none twice. Their Data is shared and
// must not be changed.
//
// Errors: ErrStopping, ErrClosed, journal.ErrStaleCursor, fault.ErrNotFound when
// the topic is gone, or the context's. Any other trouble with the database is
// waited out.
func (s *Subscriber) Next(ctx context.Context) ([]journal.Entry, error) {
	pause := backoff{}
	for {
		entries, waiting, err := s.step(ctx)
		if len(entries) > 0 || final(err) {
			return entries, err
		}
		if err := s.hub.wait(ctx, waiting, pause.next(err)); err != nil {
			return nil, err
		}
	}
}

// step is Next without waiting: it gives the signal to wait for when there is
// nothing yet.
func (s *Subscriber) step(ctx context.Context) ([]journal.Entry, <-chan struct{}, error) {
	entries, waiting, err := s.fromRing()
	if err != nil || len(entries) > 0 || waiting != nil {
		return entries, waiting, err
	}
	return s.fromDatabase(ctx)
}

// fromRing gives what the ring has, or the signal to wait for when there is
// nothing yet; neither when the database has to be asked.
func (s *Subscriber) fromRing() ([]journal.Entry, <-chan struct{}, error) {
	if err := s.hub.ended(s.closed); err != nil {
		return nil, nil, err
	}
	t, level := s.topic, s.at.Level
	t.mu.Lock()
	defer t.mu.Unlock()
	waiting, err := t.ready(s.at)
	if waiting != nil || err != nil {
		return nil, waiting, err
	}
	switch {
	case s.at.Number < t.base[level] || s.at.Number > t.head[level]:
		// Fallen out, or ahead of what this instance has read so far.
		return nil, nil, nil
	case s.at.Number == t.head[level]:
		return nil, t.change(), nil
	}
	t.used = s.hub.uses.Add(1)
	entries := t.between(level, s.at.Number, s.hub.opts.Page)
	s.at.Number = entries[len(entries)-1].Number
	return entries, nil, nil
}

// ready says whether the topic can be read from the cursor: an error when never,
// a signal to wait for when not yet. Called with the mutex held.
func (t *topic) ready(c journal.Cursor) (<-chan struct{}, error) {
	switch {
	case t.epoch > c.Epoch:
		return nil, journal.ErrStaleCursor.At("after")
	case t.gone:
		return nil, fault.ErrNotFound.New()
	case t.epoch < c.Epoch || !t.known:
		return t.change(), nil
	}
	return nil, nil
}

// fromDatabase reads what the ring does not have. When there is nothing either
// (the tail is behind this cursor), it gives the signal to wait for.
func (s *Subscriber) fromDatabase(ctx context.Context) ([]journal.Entry, <-chan struct{}, error) {
	s.topic.mu.Lock()
	waiting := s.topic.change() // taken first: nothing is missed meanwhile
	s.topic.mu.Unlock()
	page, err := s.hub.read(ctx, s.at)
	if err != nil {
		return nil, waiting, err
	}
	if n := len(page.Entries); n > 0 {
		s.at.Number = page.Entries[n-1].Number
	}
	return page.Entries, waiting, nil
}

// read asks the database, a bounded number of questions at a time.
func (h *Hub) read(ctx context.Context, c journal.Cursor) (journal.Page, error) {
	select {
	case h.readers <- struct{}{}:
	case <-ctx.Done():
		return journal.Page{}, ctx.Err()
	case <-h.stopping:
		return journal.Page{}, ErrStopping
	}
	defer func() { <-h.readers }()
	limited, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	page, err := journal.Read(limited, h.pool, c.Topic, c.Level, c.Number, h.opts.Page)
	if ctx.Err() != nil {
		return journal.Page{}, ctx.Err()
	}
	if err == nil && page.Epoch != c.Epoch {
		err = journal.ErrStaleCursor.At("after").Because(fmt.Errorf("epoch %d is over", c.Epoch))
	}
	if h.unsure() {
		h.lookAtAll() // the tail compares the epoch first
		return journal.Page{}, errAway
	}
	if errors.Is(err, journal.ErrStaleCursor) || errors.Is(err, fault.ErrNotFound) {
		return journal.Page{}, err
	}
	if err != nil {
		h.opts.Log.DebugContext(ctx, "live: a subscriber waits for the database", "cause", err)
		return journal.Page{}, errAway
	}
	return page, nil
}

// readTimeout bounds one look at the database: a server that swallows packets
// must not hold anybody for ever.
const readTimeout = 5 * time.Second

// errAway says that the database gave no answer, and to try again.
var errAway = errors.New("live: the database is away")

// final reports whether an error ends a stream.
func final(err error) bool { return err != nil && !errors.Is(err, errAway) }

// ended says why nothing more comes, if so.
func (h *Hub) ended(closed bool) error {
	if closed {
		return ErrClosed
	}
	select {
	case <-h.stopping:
		return ErrStopping
	default:
		return nil
	}
}

// wait returns at the signal, after the pause when there is one, or with an
// error when nothing more is to be waited for.
func (h *Hub) wait(ctx context.Context, signal <-chan struct{}, pause time.Duration) error {
	var over <-chan time.Time
	if pause > 0 {
		timer := time.NewTimer(pause)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-signal:
		return nil
	case <-over:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-h.stopping:
		return ErrStopping
	}
}

// Latest is a reader that only wants to know how far a topic has come: however
// many facts are pending, it is told once. State streams use it: they read the
// state again, at whatever number it then is.
type Latest struct {
	hub    *Hub
	topic  *topic
	at     journal.Cursor
	closed bool
}

// Next waits until the topic is beyond the cursor and returns where it is, at
// the level followed. Errors are those of Subscriber.Next.
func (l *Latest) Next(ctx context.Context) (journal.Cursor, error) {
	for {
		waiting, err := l.look()
		if err != nil || waiting == nil {
			return l.at, err
		}
		if err := l.hub.wait(ctx, waiting, 0); err != nil {
			return l.at, err
		}
	}
}

// SkipTo moves the cursor on: a state read in a snapshot may be newer than the
// number Next gave.
func (l *Latest) SkipTo(c journal.Cursor) {
	if c.Epoch == l.at.Epoch && c.Number > l.at.Number {
		l.at.Number = c.Number
	}
}

// Close ends the subscription; see Subscriber.Close.
func (l *Latest) Close() {
	if !l.closed {
		l.closed = true
		l.hub.unfollow(l.topic)
	}
}

func (l *Latest) look() (<-chan struct{}, error) {
	if err := l.hub.ended(l.closed); err != nil {
		return nil, err
	}
	t := l.topic
	t.mu.Lock()
	defer t.mu.Unlock()
	waiting, err := t.ready(l.at)
	if waiting != nil || err != nil {
		return waiting, err
	}
	if t.head[l.at.Level] <= l.at.Number {
		return t.change(), nil
	}
	l.at.Number = t.head[l.at.Level]
	return nil, nil
}
