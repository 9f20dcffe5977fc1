package graph

import (
	"context"
	"time"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/network"
	"github.com/teixit/teixit/internal/domain/territory"
)

func (r *neighbourResolver) Node(ctx context.Context, obj *network.Neighbour) (model.Node, error) {
	return loaded[model.Node](ctx, obj)
}

func (r *queryResolver) Neighbours(ctx context.Context, of string, relations []network.Relation, first *int, after *string, asOf *time.Time) ([]*network.Group, error) {
	return r.neighbours(ctx, of, relations, neighbourPage{first, after}, asOf)
}

func (r *queryResolver) Happenings(ctx context.Context, filter *model.HappeningsFilter) ([]*network.Town, error) {
	return r.happenings(ctx, filter)
}

func (r *subscriptionResolver) RegistrationStanding(ctx context.Context, id string, after *string) (<-chan *model.RegistrationStanding, error) {
	return liveOf(ctx, r.Resolver, after, r.standingLive(id))
}

func (r *townHappeningsResolver) Municipality(ctx context.Context, obj *network.Town) (*territory.Municipality, error) {
	return loaded[*territory.Municipality](ctx, obj)
}

func (r *Resolver) Neighbour() generated.NeighbourResolver { return &neighbourResolver{r} }

func (r *Resolver) TownHappenings() generated.TownHappeningsResolver {
	return &townHappeningsResolver{r}
}

type (
	neighbourResolver      struct{ *Resolver }
	townHappeningsResolver struct{ *Resolver }
)
