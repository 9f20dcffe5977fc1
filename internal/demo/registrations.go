package demo

import (
	"context"
	"errors"
	"fmt"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// What Load fills in at the events to watch.
const (
	SantAndreuSeats     = 80 // in both pools
	SantAndreuConfirmed = 41
	lineSeats           = 24
	lineConfirmed       = 23
	doorArrived         = 12
)

// blocks says which blocks come to an event, in order: who comes, with how
// many.
type blocks struct {
	event  string
	policy calendar.PlacesPolicy
	sizes  []int
	actors []actor
}

// prefilled are the registrations that are there from the start. They cannot be
// for events that are over, so none of the held ones has any.
func prefilled() ([]blocks, error) {
	councils, social, err := crowd()
	if err != nil {
		return nil, err
	}
	both := alternate(social, councils)
	return []blocks{
		{keySantAndreu, calendar.WaitTogether, []int{3, 2, 2, 1, 3, 2, 1, 2, 4, 2, 1, 3, 2, 2, 1, 3, 2, 2, 1, 2}, both},
		{keyLine, calendar.WaitTogether, []int{4, 3, 3, 2, 2, 3, 2, 4}, both[8:]},
		// One seat is free, and three wait for it together: nobody overtakes them.
		{keyLine, calendar.WaitTogether, []int{3, 2, 1}, both[16:]},
		{keyDoor, calendar.TakeWhatThereIs, []int{2, 3, 1, 2, 2, 4, 1, 3, 2, 2, 5, 1, 2, 3, 2, 1, 4, 2}, both[4:]},
		{keyApproval, calendar.WaitTogether, []int{2, 1, 3, 2, 1}, councils},
		{keySilent, calendar.WaitTogether, []int{1, 2, 1, 1, 3, 1}, both[3:]},
		{"terrassa-tea", calendar.TakeWhatThereIs, []int{4, 2, 3}, social[5:]},
		{"manresa-loneliness", calendar.WaitTogether, []int{2, 1, 2, 4, 1, 2}, both[10:]},
		{"vic-interculturality", calendar.AllOrNothing, []int{1, 2, 2}, both[20:]},
	}, nil
}

// alternate takes one of each list in turn, then what is left.
func alternate(a, b []actor) []actor {
	var out []actor
	for i := range max(len(a), len(b)) {
		if i < len(a) {
			out = append(out, a[i])
		}
		if i < len(b) {
			out = append(out, b[i])
		}
	}
	return out
}

// loadRegistrations fills events as the invented people would, and opens the
// door.
func (l *loader) loadRegistrations(ctx context.Context) error {
	all, err := prefilled()
	if err != nil {
		return err
	}
	names := 100 // the first hundred belong to people
	for _, b := range all {
		for i, size := range b.sizes {
			a := b.actors[i]
			if err := l.register(ctx, b, a, delegates(a, size, names)); err != nil {
				return fmt.Errorf("register for %s: %w", b.event, err)
			}
			names += size
		}
	}
	if err := l.approve(ctx); err != nil {
		return err
	}
	if err := l.arrive(ctx); err != nil {
		return err
	}
	return l.openDoor(ctx, l.made[keyDoor])
}

func (l *loader) register(ctx context.Context, b blocks, a actor, who []calendar.DelegateInput) error {
	v, err := l.as(ctx, a)
	if err != nil {
		return err
	}
	_, err = l.Registrations.Create(ctx, v, calendar.RegistrationInput{
		Event: l.made[b.event], Organisation: a.For, Policy: b.policy, Delegates: who,
	}, fmt.Sprintf("demo:register:%s:%d:%s", b.event, len(who), a.ID))
	if errors.Is(err, calendar.ErrEventOver) {
		return nil // a load taken up after some days: the event has passed
	}
	return err
}

// delegates are invented people with consecutive names. Of a block of four or
// more, the last is not named yet.
func delegates(a actor, n, firstName int) []calendar.DelegateInput {
	who := make([]calendar.DelegateInput, n)
	for i := range who {
		who[i] = calendar.DelegateInput{Name: personName(firstName + i), Role: a.delegateRole(), Territory: a.Place}
		if i >= 3 && i == n-1 {
			who[i].Name = ""
		}
	}
	return who
}

// approve lets the first two blocks into the training of Terrassa; the others
// wait for whoever plays its officer.
func (l *loader) approve(ctx context.Context) error {
	v := importing(town(terrassa))
	event := l.made[keyApproval]
	found, err := calendar.RegistrationsOfEvents(ctx, l.DB.Read(), v, []id.ID{event}, "", page.Args{First: 2})
	if err != nil {
		return err
	}
	for _, r := range found[event].Nodes {
		_, err := l.Registrations.Approve(ctx, v, event, r.ID, "demo:approve:"+r.ID.String())
		if err != nil && !errors.Is(err, calendar.ErrEventOver) {
			return fmt.Errorf("approve: %w", err)
		}
	}
	return nil
}

// arrive checks the first people in at the congress.
func (l *loader) arrive(ctx context.Context) error {
	v, event := importing(provincialCouncil()), l.made[keyDoor]
	seated, err := seatedAt(ctx, l.DB.Read(), v, event)
	if err != nil {
		return err
	}
	for _, d := range seated[:min(doorArrived, len(seated))] {
		if _, err := l.Registrations.CheckIn(ctx, v, event, calendar.DelegateRef{ID: d.ID}, "demo:arrive:"+d.ID.String()); err != nil {
			return fmt.Errorf("check in: %w", err)
		}
	}
	return nil
}

// seatedAt are the delegates with a seat, arrived or not, in the order in which
// their blocks came. It looks at the first hundred blocks.
func seatedAt(ctx context.Context, q postgres.Querier, organiser *access.Viewer, event id.ID) ([]*calendar.Delegate, error) {
	found, err := calendar.RegistrationsOfEvents(ctx, q, organiser, []id.ID{event}, calendar.RegistrationConfirmed, page.Args{First: page.Max})
	if err != nil {
		return nil, err
	}
	ids := eachOf(found[event].Nodes, func(r *calendar.Registration) id.ID { return r.ID })
	of, err := calendar.DelegatesOf(ctx, q, organiser, ids)
	if err != nil {
		return nil, err
	}
	var seated []*calendar.Delegate
	for _, r := range ids {
		for _, d := range of[r] {
			if d.State == calendar.DelegateConfirmed || d.State == calendar.DelegateAttended {
				seated = append(seated, d)
			}
		}
	}
	return seated, nil
}
