package calendar

import (
	"cmp"
	"context"
	"errors"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/turn"
)

// How many registrations are stored in one transaction: so many that the commit
// is shared, so few that the transaction stays short.
const (
	maxTogether          = 64
	maxTogetherDelegates = 256
)

// WithTurns changes how registrations are served together: how many at most, and
// who is told how many they were. What is 0 stays as it is; with one job nobody
// takes turns, and all ask for the lock at once.
func WithTurns(o turn.Options) RegistrationsOption {
	return func(s *Registrations) {
		s.turns = turn.Options{
			Jobs: cmp.Or(o.Jobs, s.turns.Jobs), Weight: cmp.Or(o.Weight, s.turns.Weight), Took: o.Took,
		}
	}
}

// creating is a new registration as it waits for its turn: its input is checked,
// and who it names is looked up.
type creating struct {
	*Registrations
	request
	in    RegistrationInput
	mails map[id.ID]string // of the delegates who are persons
	known *lookedUp        // nil: what else it names is looked up with the others'
	made  *Registration
}

// lookUp gives what it needs to know of other things, from what was found.
func (c *creating) lookUp(found kinds) (lookedUp, error) {
	if c.known != nil {
		return *c.known, nil
	}
	return found.check(c.in, c.mails)
}

// Weight implements turn.Job.
func (c *creating) Weight() int { return len(c.in.Delegates) }

// Alone implements turn.Job: a command like all others.
func (c *creating) Alone(ctx context.Context) error {
	found, err := readKinds(ctx, c.db.Read(), c.in)
	if err != nil {
		return err
	}
	known, err := c.lookUp(found)
	if err != nil {
		return err
	}
	return c.do(ctx, c.request, func(ctx context.Context, d *desk) (ids []id.ID, err error) {
		if c.made, err = d.register(ctx, c.in, known); err != nil {
			return nil, err
		}
		return []id.ID{c.made.ID}, nil
	}, func(ctx context.Context, q postgres.Querier, ids []id.ID) (err error) {
		if c.made == nil { // the same key again
			c.made, err = oneRegistration(ctx, q, c.viewer, ids)
		}
		return err
	})
}

// passing is a registration in the line of all.
type passing struct{ *creating }

// Alone implements turn.Job: nobody else was there.
func (p passing) Alone(ctx context.Context) error {
	errs, _ := p.createAcross(ctx, []passing{p})
	return errs[0]
}

// errAside is what a registration gets that could not be carried out with those
// for other events.
var errAside = errors.New("calendar: somebody else is at the event")

// inTurn carries a registration out in its turn. Those for all events take one, and
// share a transaction. Who comes for an event that somebody else is at (another
// instance, a cancellation), or is in a transaction that failed, waits for it in a
// line of its own, where nobody who wants something else waits too.
func (s *Registrations) inTurn(ctx context.Context, c *creating) error {
	switch {
	case s.late, s.turns.Jobs == 1:
		return c.Alone(ctx)
	case !c.viewer.SignedIn():
		return fault.ErrUnauthenticated.New()
	}
	if s.line.Waiting(c.event) < 0 {
		if err := s.all.Do(ctx, struct{}{}, passing{c}); !errors.Is(err, errAside) {
			return err
		}
	}
	return s.line.Do(ctx, c.event, c)
}

// createAcross makes the registrations of all who wait, for whatever events, in
// the order of their arrival, in one transaction. It waits for nobody: who wants
// something that is not free is left aside, and so are all when anything goes wrong
// but a rule.
func (s *Registrations) createAcross(ctx context.Context, jobs []passing) ([]error, bool) {
	t := &together{Registrations: s, across: true}
	for _, p := range jobs {
		t.jobs = append(t.jobs, p.creating)
	}
	if !t.carryOut(ctx) {
		return t.all(errAside), true
	}
	served := 0
	for _, err := range t.errs {
		if !errors.Is(err, errAside) {
			served++
		}
	}
	if served > 0 && s.turns.Took != nil {
		s.turns.Took(served)
	}
	return t.errs, true
}

// createTogether is createAcross for one event, which it waits for. When nobody is
// served, each is tried alone.
func (s *Registrations) createTogether(ctx context.Context, jobs []*creating) ([]error, bool) {
	t := &together{Registrations: s, jobs: jobs}
	served := t.carryOut(ctx)
	return t.errs, served
}
