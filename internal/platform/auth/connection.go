package auth

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// settleTime is how long a connection that ends waits for its streams to send
// the last thing that may be seen.
const settleTime = 400 * time.Millisecond

// Connection is a signed-in viewer's live connection on this instance.
type Connection struct {
	db     *postgres.DB
	idle   time.Duration
	cancel context.CancelCauseFunc

	mu      sync.Mutex
	viewer  *access.Viewer // with the rights known last
	streams map[*Stream]struct{}
	ending  *time.Timer // set when a stream lost its right
	round   int         // counts the times all streams were asked to look
}

type connectionKey struct{}

// ConnectionOf finds the connection an operation runs on; nil for a plain
// request, whose rights were read for itself alone.
func ConnectionOf(ctx context.Context) *Connection {
	c, _ := ctx.Value(connectionKey{}).(*Connection)
	return c
}

// Viewer is who is connected, with the rights known last.
func (c *Connection) Viewer() *access.Viewer {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.viewer
}

// Fresh reads the rights again, for an operation that begins now: over a
// connection they must count for no longer than over plain requests. Without a
// sign-in any more it ends the connection.
func (c *Connection) Fresh(ctx context.Context) (*access.Viewer, error) {
	before := access.From(ctx)
	fresh, err := Renewed(ctx, c.db.Read(), before)
	if err == nil && fresh.For != before.For {
		err = ErrRightsChanged.New() // to act for oneself instead is another thing
	}
	if errors.Is(err, ErrSignedOut) || errors.Is(err, ErrRightsChanged) {
		c.End(err)
	}
	return fresh, err
}

// End ends the connection at once.
func (c *Connection) End(cause error) { c.cancel(cause) }

// streaming tells whether something is streamed over the connection.
func (c *Connection) streaming() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.streams) > 0
}

// renew notes the rights as they are now and lets the streams look whether they
// may go on.
func (c *Connection) renew(v *access.Viewer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.viewer
	c.viewer = signedInAs(v, before)
	if c.viewer.For != before.For {
		c.end(nil)
		return
	}
	c.askAll(nil)
}

// end ends the connection as soon as its streams know where they stand. Called
// with the mutex held.
func (c *Connection) end(but *Stream) {
	if c.ending == nil {
		c.ending = time.AfterFunc(settleTime, func() { c.cancel(ErrRightsChanged.New()) })
		c.askAll(but)
	}
	c.settle()
}

// askAll lets all streams but one look at their rights. Called with the mutex
// held.
func (c *Connection) askAll(but *Stream) {
	c.round++
	for s := range c.streams {
		if s != but {
			s.ask()
		}
	}
}

// lost is called by a stream that has sent the last thing it may. The
// connection ends when all its streams know where they stand, for each of them
// may have a last thing to send.
func (c *Connection) lost(s *Stream) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.isLost = true
	c.end(s)
}

// kept is called by a stream that has looked and may go on.
func (c *Connection) kept(s *Stream, round int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.settled = round
	c.settle()
}

// settle ends an ending connection when nobody is left to wait for. Called with
// the mutex held.
func (c *Connection) settle() {
	if c.ending == nil {
		return
	}
	for s := range c.streams {
		if !s.isLost && s.settled < c.round {
			return
		}
	}
	c.cancel(ErrRightsChanged.New())
}

// forget stops what still waits when the connection is over.
func (c *Connection) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ending != nil {
		c.ending.Stop()
	}
}

// Stream is one live stream of a viewer: of what is sent on a topic at a level.
// Its methods are for the goroutine that sends.
type Stream struct {
	ctx        context.Context
	connection *Connection // nil where nobody watches
	viewer     *access.Viewer
	topic      id.ID
	level      access.Level
	now        access.Level // known last
	over       bool
	last       int64

	// Guarded by the connection's mutex.
	isLost  bool
	settled int
	wake    context.CancelFunc // of Waiting
	asked   bool
}

// Follow begins a stream of the context's viewer. Close ends it.
func Follow(ctx context.Context, topic id.ID, level access.Level) *Stream {
	s := &Stream{ctx: ctx, connection: ConnectionOf(ctx), viewer: access.From(ctx), topic: topic, level: level, now: level}
	if c := s.connection; c != nil {
		c.mu.Lock()
		s.settled = c.round
		c.streams[s] = struct{}{}
		c.mu.Unlock()
	}
	return s
}

// Close ends the stream.
func (s *Stream) Close() {
	if c := s.connection; c != nil {
		c.mu.Lock()
		delete(c.streams, s)
		c.settle()
		c.mu.Unlock()
	}
}

// ask wakes the stream to look. Called with the connection's mutex held.
func (s *Stream) ask() {
	s.asked = true
	if s.wake != nil {
		s.wake()
	}
}

// Waiting gives a context to wait with for what there is to send: it also ends
// when the stream is to look at its rights (Check) first.
func (s *Stream) Waiting() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(s.ctx)
	if c := s.connection; c != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		s.wake = cancel
		if s.asked {
			cancel()
		}
	}
	return ctx, cancel
}

// Check looks, in the snapshot that q reads, whether the viewer still has the
// stream's level on the topic. It answers up to which number the stream may
// send; more says that there is no such bound. After a change of rights the
// stream's context carries the viewer as they are now.
//
// A right that was taken away by a fact on the topic itself leaves everything
// up to that fact; one that ended otherwise leaves nothing more.
func (s *Stream) Check(ctx context.Context, q postgres.Querier) (last int64, more bool, err error) {
	if s.over || !s.viewer.SignedIn() {
		return s.last, !s.over, nil
	}
	round := s.begin()
	changed, err := standing(ctx, q, s.idle(), []stand{standOf(s.viewer)})
	if err != nil {
		return 0, false, err
	}
	for _, signedOut := range changed {
		if signedOut {
			return 0, false, ErrSignedOut.New()
		}
		if err := s.renew(ctx, q); err != nil {
			return 0, false, err
		}
	}
	if !s.over && s.connection != nil {
		s.connection.kept(s, round)
	}
	return s.last, !s.over, nil
}

func (s *Stream) idle() time.Duration {
	if s.connection == nil {
		return SessionIdle
	}
	return s.connection.idle
}

// begin notes that the stream looks now.
func (s *Stream) begin() (round int) {
	c := s.connection
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s.asked = false
	return c.round
}

// renew takes on the rights as they are now.
func (s *Stream) renew(ctx context.Context, q postgres.Querier) error {
	fresh, err := Renewed(ctx, q, s.viewer)
	if err != nil {
		return err
	}
	level, _, err := levelOn(ctx, q, fresh, s.topic)
	if err != nil {
		return err
	}
	last := int64(0)
	if level < s.level {
		if last, err = endedAt(ctx, q, s.viewer, s.topic, s.level); err != nil {
			return err
		}
	}
	s.now, s.over, s.last, s.viewer = level, level < s.level, last, fresh
	access.Replace(s.ctx, fresh)
	return nil
}

// Hidden tells whether the topic's thing has been taken out of the viewer's
// sight.
func (s *Stream) Hidden(ctx context.Context, q postgres.Querier) (bool, error) {
	_, sees, err := levelOn(ctx, q, s.viewer, s.topic)
	return err == nil && !sees, err
}

// Lost says that the last thing the stream may send was sent and taken: the
// connection ends as soon as its other streams are as far. It returns the
// reason when there is nobody to end it.
func (s *Stream) Lost() error {
	if s.connection == nil {
		return ErrRightsChanged.New()
	}
	s.connection.lost(s)
	<-s.ctx.Done()
	return nil
}
