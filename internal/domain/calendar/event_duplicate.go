package calendar

import (
	"context"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Duplicate is how an event is held once more.
type Duplicate struct {
	StartsAt time.Time
	Title    *lang.Text // nil: the same
	InSeries bool       // both belong to one series, which begins with them if need be
}

// Duplicate makes a draft like an event, on another day: what it says, its
// programme with the hours moved along, its seats, questions and notice. Nothing
// personal comes along, no registration and no speaker (who agreed to speak on
// one day has not agreed to another), and no document, for those are of that day.
//
// Who may: the event's organisers who answer for its home.
func (s *Events) Duplicate(ctx context.Context, v *access.Viewer, event id.ID, like Duplicate, key string) (*EventResult, error) {
	input := struct {
		Event id.ID
		Like  Duplicate
	}{event, like}
	return s.run(ctx, v, key, "eventDuplicate", input, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		c, err := lockOrganised(ctx, tx, v, event)
		if err != nil {
			return id.Zero, err
		}
		if like.StartsAt.IsZero() {
			return id.Zero, fault.ErrRequired.At("startsAt")
		}
		return c.duplicate(ctx, tx, like)
	})
}

func (c *changing) duplicate(ctx context.Context, tx *postgres.Tx, like Duplicate) (id.ID, error) {
	in, err := c.again(ctx, tx, like)
	if err != nil {
		return id.Zero, err
	}
	series, err := c.seriesOf(ctx, tx)
	if err != nil {
		return id.Zero, err
	}
	if like.InSeries && series.IsZero() {
		if series, err = newSeries(ctx, tx, c.viewer, c.event.Home, c.event.Title); err != nil {
			return id.Zero, err
		}
		if err := c.join(ctx, tx, series); err != nil {
			return id.Zero, err
		}
	}
	made, err := create(ctx, tx, c.viewer, in)
	if err != nil {
		return id.Zero, err
	}
	if like.InSeries {
		_, err = tx.Native().Exec(ctx, `update events set series = $2 where node = $1`, made, series)
		if err != nil {
			return id.Zero, storeError("put an event into a series", err)
		}
	}
	return made, copyForm(ctx, tx.Native(), c.event.ID, made, c.viewer.Person)
}

// again is the event as it would be entered for another day.
func (c *changing) again(ctx context.Context, tx *postgres.Tx, like Duplicate) (in EventInput, err error) {
	in.Home, in.EventFields = c.event.Home, c.event.fields()
	in.fill(c.related)
	by := shiftOf(like.StartsAt, like.StartsAt)
	if !c.event.StartsAt.IsZero() {
		by = shiftOf(c.event.StartsAt, like.StartsAt)
	}
	in.StartsAt, in.EndsAt, in.Date = like.StartsAt, by.of(in.EndsAt), PartialDate{}
	in.RegistrationOpensAt, in.RegistrationClosesAt = by.of(in.RegistrationOpensAt), by.of(in.RegistrationClosesAt)
	if like.Title != nil {
		in.Title = trimText(*like.Title)
	}
	sessions, err := SessionsOf(ctx, tx.Native(), c.viewer, []id.ID{c.event.ID})
	if err != nil {
		return in, err
	}
	for _, s := range sessions[c.event.ID] {
		again := s.input()
		again.StartsAt, again.EndsAt, again.Speakers = by.of(s.StartsAt), by.of(s.EndsAt), []Speaker{}
		in.Sessions = append(in.Sessions, again)
	}
	pools, err := SeatPoolsOf(ctx, tx.Native(), c.viewer, []id.ID{c.event.ID})
	for _, p := range pools[c.event.ID] {
		in.Pools = append(in.Pools, PoolSpec{Name: p.Name, Reserve: p.Reserve, Capacity: p.Counts.Capacity})
	}
	return in, err
}
