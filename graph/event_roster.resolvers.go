package graph

import (
	"context"

	"github.com/teixit/teixit/internal/domain/calendar"
)

func (r *queryResolver) EventRoster(ctx context.Context, event string, first *int, after *string) (*calendar.Roster, error) {
	return r.roster(ctx, event, first, after)
}
