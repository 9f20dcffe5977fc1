package streamload

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/teixit/teixit/bench/seatload"
)

// Follower follows an event for a whole test and comes back with its last cursor
// whenever it is cut off, each time to the next instance.
type Follower struct {
	Name  string
	How   Dialer
	Addrs []string // of the instances, "host:port"
	Event string
	Token string
	UpTo  *atomic.Int64 // the number to stop at; 0 while not known
	// CutAt says after how many messages it cuts itself off next.
	CutAt func() int

	Number   int // of the last message
	Received int
	Cuts     int // connections that ended
	Tally

	cursor string
}

// Tally is what was wrong with streams; all must stay zero.
type Tally struct {
	Lost, Doubled, Disordered int
	Restarted                 int // a state where changes were due, or the other way round
}

// Add sums up.
func (t *Tally) Add(o Tally) {
	t.Lost, t.Doubled = t.Lost+o.Lost, t.Doubled+o.Doubled
	t.Disordered, t.Restarted = t.Disordered+o.Disordered, t.Restarted+o.Restarted
}

// String says it in a line.
func (t Tally) String() string {
	return fmt.Sprintf("lost %d, doubled %d, out of order %d, begun anew %d", t.Lost, t.Doubled, t.Disordered, t.Restarted)
}

// note holds one message against the one before.
func (f *Follower) note(c Change) {
	first := f.cursor == ""
	switch {
	case first != (c.Kind == nil):
		f.Restarted++
	case first:
	case c.Number == f.Number:
		f.Doubled++
	case c.Number < f.Number:
		f.Disordered++
	case c.Number > f.Number+1:
		f.Lost += c.Number - f.Number - 1
	}
	f.cursor, f.Number = c.Cursor, c.Number
	f.Received++
}

// Follow goes on until its number is reached, or ctx ends.
func (f *Follower) Follow(ctx context.Context) {
	for at := 0; ctx.Err() == nil && !f.Done(); at++ {
		s, err := f.How(ctx, f.Addrs[at%len(f.Addrs)], f.Token, f.Event, f.cursor)
		if err != nil {
			seatload.Pause(ctx, 3)
			continue
		}
		if !f.listen(ctx, s) {
			seatload.Pause(ctx, 3)
		}
		s.Cut()
		f.Cuts++
	}
}

// Done reports whether its number is reached.
func (f *Follower) Done() bool {
	upTo := f.UpTo.Load()
	return upTo > 0 && int64(f.Number) >= upTo
}

// listen reads until the stream ends or it is time to cut it, and reports
// whether anything came.
func (f *Follower) listen(ctx context.Context, s Stream) (heardAny bool) {
	cutAt := f.CutAt()
	for heard := 0; ctx.Err() == nil && !f.Done() && heard < cutAt; heard++ {
		c, err := s.Next(500 * time.Millisecond)
		if err != nil {
			return heardAny
		}
		f.note(c)
		heardAny = true
	}
	return heardAny
}
