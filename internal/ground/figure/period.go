package figure

import "time"

// Period is from the first to the last day that are counted; zero days are not
// known.
type Period struct{ From, Until time.Time }

// With is the shortest period that holds both.
func (p Period) With(q Period) Period {
	if p.From.IsZero() || !q.From.IsZero() && q.From.Before(p.From) {
		p.From = q.From
	}
	if q.Until.After(p.Until) {
		p.Until = q.Until
	}
	return p
}
