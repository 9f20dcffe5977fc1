package graph

import (
	"context"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
)

func (r *Resolver) registeringLinks() linkTable {
	return linkTable{
		"Event.seatHolds":          of(r.holdsOf),
		"Registration.contact":     by(func(r *calendar.Registration) id.ID { return r.ID }, guestContactsOf),
		"Registration.mailTrouble": from(troubleOf),
	}
}

func (r *Resolver) holdsOf(ctx context.Context, l level, events []id.ID) (map[id.ID]*model.SeatHolds, error) {
	all, err := r.Registrations.HoldsOf(ctx, l.q, events)
	shown := make(map[id.ID]*model.SeatHolds, len(all))
	for event, h := range all {
		shown[event] = &model.SeatHolds{
			HoldMinutes: int(h.Hold.Minutes()), OfferWithinHours: int(h.OfferWithin.Hours()), OfferMinutes: int(h.Offer.Minutes()),
		}
	}
	return shown, err
}

func guestContactsOf(ctx context.Context, l level, registrations []id.ID) (map[id.ID]*calendar.Contact, error) {
	return calendar.ContactsOf(ctx, l.q, l.viewer, registrations)
}

// troubleOf asks about those registrations that the viewer answers for.
func troubleOf(ctx context.Context, l level, parents []link.Linked) ([]any, error) {
	registrations := make([]*calendar.Registration, len(parents))
	for i, p := range parents {
		registrations[i] = p.(*calendar.Registration)
	}
	trouble, err := calendar.TroubleOf(ctx, l.q, registrations)
	if err != nil {
		return nil, err
	}
	values := make([]any, len(parents))
	for i, r := range registrations {
		values[i] = trouble[r.ID]
	}
	return values, nil
}
