package graph

import (
	"context"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

func (r *queryResolver) EventRoster(ctx context.Context, event string, first *int, after *string) (*calendar.Roster, error) {
	args, err := pageArgs(ctx, first, after)
	if err != nil {
		return nil, err
	}
	of, err := node.ParseOf(event, node.Event)
	if err != nil {
		return nil, fault.ErrNotFound.At("event")
	}
	return r.Registrations.Roster(ctx, access.From(ctx), of, args)
}
