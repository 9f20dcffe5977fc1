package graph

import (
	"context"
	"time"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/network"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// neighbourPage is the page of each relation, as it was asked for.
type neighbourPage struct {
	first *int
	after *string
}

// neighbours is nil for a node that the reader may not see, and for a person, who
// is none of the network's things.
func (r *Resolver) neighbours(ctx context.Context, global string, relations []network.Relation, p neighbourPage, asOf *time.Time) ([]*network.Group, error) {
	args, err := page.Parse(p.first, p.after)
	if err != nil {
		return nil, err
	}
	kind, of, err := node.Parse(global)
	if err != nil || kind == node.Person {
		return nil, nil
	}
	q, viewer := r.DB.Read(), access.From(ctx)
	found, err := only(node.ByIDs(ctx, q, viewer, []id.ID{of}))
	if err != nil || found == nil || found.Kind != kind {
		return nil, err
	}
	return network.Neighbours(ctx, q, viewer, network.Asked{Of: of, Relations: relations, AsOf: asOf, Page: args})
}

func (r *Resolver) happenings(ctx context.Context, filter *model.HappeningsFilter) ([]*network.Town, error) {
	f := network.Filter{}
	if filter != nil {
		var in input
		f.Text, f.From, f.Until = value(filter.Text), filter.From.Value(), filter.Until.Value()
		f.About = in.nodes(filter.About.Value(), "filter.about", themeKinds...)
		for _, kind := range filter.EventKinds.Value() {
			f.EventKinds = append(f.EventKinds, string(kind))
		}
		if err := in.visible(ctx, r.DB.Read()); err != nil {
			return nil, err
		}
	}
	return network.Happenings(ctx, r.DB.Read(), access.From(ctx), f)
}

// standingLive declares registrationStanding: a state of the event's topic, of one
// registration. It selects what is its owner's, so nobody shares it.
func (r *Resolver) standingLive(global string) topicSpec[*model.RegistrationStanding] {
	event, registration, err := calendar.RegistrationType.Part(global)
	return topicSpec[*model.RegistrationStanding]{
		Find: func(ctx context.Context) (watch, error) {
			if err != nil {
				return watch{}, fault.ErrNotFound.At("id")
			}
			w, err := r.watchEvent(ctx, node.Event.Global(event), access.MaySee)
			if err != nil {
				return watch{}, err
			}
			_, err = standing(ctx, r.DB.Read(), registration)
			return w, err
		},
		State: func(watch) stateOf[*model.RegistrationStanding] {
			return func(ctx context.Context, q postgres.Querier, at journal.Cursor) (*model.RegistrationStanding, error) {
				now, err := standing(ctx, q, registration)
				return &model.RegistrationStanding{Number: int(at.Number), Cursor: at.Encode(), Registration: now}, err
			}
		},
	}
}

// standing reads a registration that the reader may see.
func standing(ctx context.Context, q postgres.Querier, registration id.ID) (*calendar.Registration, error) {
	found, err := only(calendar.RegistrationsByIDs(ctx, q, access.From(ctx), []id.ID{registration}))
	if err == nil && found == nil {
		err = fault.ErrNotFound.At("id")
	}
	return found, err
}
