package calendar

import (
	"context"
	"slices"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Publish gives a draft its declared visibility. It needs a date, a partial one
// at least (ErrNeedsDate).
func (s *Events) Publish(ctx context.Context, v *access.Viewer, event id.ID, expected *int64, key string) (*EventResult, error) {
	return s.transition(ctx, v, key, "eventPublish", event, expected, Published, nil)
}

// Cancel calls an event off, or gives a draft up. The reason is shown to
// everybody who sees the event; at least one language, 1,000 characters.
func (s *Events) Cancel(ctx context.Context, v *access.Viewer, event id.ID, expected *int64, reason lang.Text, key string) (*EventResult, error) {
	reason = trimText(reason)
	var c findings
	if reason.Empty() {
		c.Add(fault.ErrRequired, "reason")
	}
	c.Text(reason, 1_000, "reason")
	if err := c.Faults.Err(); err != nil {
		return nil, err
	}
	return s.transition(ctx, v, key, "eventCancel", event, expected, Cancelled, &reason)
}

// MarkHeld tells that the event took place. It must have begun.
func (s *Events) MarkHeld(ctx context.Context, v *access.Viewer, event id.ID, expected *int64, key string) (*EventResult, error) {
	return s.transition(ctx, v, key, "eventMarkHeld", event, expected, Held, nil)
}

// Close ends the work on a held event: nothing changes any more.
func (s *Events) Close(ctx context.Context, v *access.Viewer, event id.ID, expected *int64, key string) (*EventResult, error) {
	return s.transition(ctx, v, key, "eventClose", event, expected, Closed, nil)
}

func (s *Events) transition(ctx context.Context, v *access.Viewer, key, mutation string, event id.ID, expected *int64, to EventState, reason *lang.Text) (*EventResult, error) {
	input := struct {
		Event    id.ID
		Expected *int64
		Reason   *lang.Text
	}{event, expected, reason}
	return s.run(ctx, v, key, mutation, input, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		c, err := lockOrganised(ctx, tx, v, event)
		if err != nil {
			return id.Zero, err
		}
		if err := c.event.checkRevision(expected); err != nil {
			return id.Zero, err
		}
		return event, c.become(ctx, tx, to, reason)
	})
}

func (c *changing) become(ctx context.Context, tx *postgres.Tx, to EventState, reason *lang.Text) error {
	if err := c.event.mayBecome(to, c.placed()); err != nil {
		return err
	}
	if err := setState(ctx, tx, c.event.ID, to, reason); err != nil {
		return err
	}
	level := c.event.factLevel()
	if to == Published {
		level = c.event.Declared
		if err := node.SetVisibility(ctx, tx, c.event.ID, level); err != nil {
			return err
		}
	}
	return c.tell(ctx, tx, factOf(to), level, nil)
}

// placed tells that a territory is given as the venue.
func (c *changing) placed() bool {
	return slices.ContainsFunc(c.related, func(x related) bool { return x.Edge == node.HeldAt && x.Role == string(PlaceVenue) })
}

func factOf(to EventState) string {
	switch to {
	case Published:
		return FactEventPublished
	case Cancelled:
		return FactEventCancelled
	case Held:
		return FactEventHeld
	}
	return FactEventClosed
}
