package graph

import (
	"context"
	"time"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
)

func (r *comarcaResolver) Municipalities(ctx context.Context, obj *territory.Comarca, _ *int, _ *string, _ *time.Time) (*page.Connection[*territory.Municipality], error) {
	return loaded[*page.Connection[*territory.Municipality]](ctx, obj)
}

func (r *districtResolver) Municipality(ctx context.Context, obj *territory.District) (*territory.Municipality, error) {
	return loaded[*territory.Municipality](ctx, obj)
}

func (r *districtResolver) Neighbourhoods(ctx context.Context, obj *territory.District, _ *int, _ *string) (*page.Connection[*territory.Neighbourhood], error) {
	return loaded[*page.Connection[*territory.Neighbourhood]](ctx, obj)
}

func (r *municipalityResolver) Comarca(ctx context.Context, obj *territory.Municipality, _ *time.Time) (*territory.Comarca, error) {
	return loaded[*territory.Comarca](ctx, obj)
}

func (r *municipalityResolver) Districts(ctx context.Context, obj *territory.Municipality, _ *int, _ *string) (*page.Connection[*territory.District], error) {
	return loaded[*page.Connection[*territory.District]](ctx, obj)
}

func (r *municipalityResolver) Organizations(ctx context.Context, obj *territory.Municipality, _ *int, _ *string) (*model.OrganizationConnection, error) {
	return loaded[*model.OrganizationConnection](ctx, obj)
}

func (r *municipalityResolver) Events(ctx context.Context, obj *territory.Municipality, _ *int, _ *string, _ *bool) (*page.Connection[*calendar.Event], error) {
	return loaded[*page.Connection[*calendar.Event]](ctx, obj)
}

func (r *municipalityResolver) Units(ctx context.Context, obj *territory.Municipality, _ *int, _ *time.Time) ([]*directory.PublicService, error) {
	return loaded[[]*directory.PublicService](ctx, obj)
}

func (r *municipalityResolver) People(ctx context.Context, obj *territory.Municipality, _ *int) ([]*directory.Appointment, error) {
	return loaded[[]*directory.Appointment](ctx, obj)
}

func (r *municipalityResolver) Identifiers(ctx context.Context, obj *territory.Municipality) ([]*directory.ExternalIdentifier, error) {
	return loaded[[]*directory.ExternalIdentifier](ctx, obj)
}

func (r *municipalityResolver) Contact(ctx context.Context, obj *territory.Municipality) (*directory.Contact, error) {
	return loaded[*directory.Contact](ctx, obj)
}

func (r *neighbourhoodResolver) District(ctx context.Context, obj *territory.Neighbourhood) (*territory.District, error) {
	return loaded[*territory.District](ctx, obj)
}

func (r *queryResolver) Municipality(ctx context.Context, by model.MunicipalityRef) (*territory.Municipality, error) {
	return r.municipality(ctx, by)
}

func (r *queryResolver) Municipalities(ctx context.Context, first *int, after *string, filter *model.MunicipalityFilter, orderBy *model.MunicipalityOrder) (*page.Connection[*territory.Municipality], error) {
	args, err := pageArgs(ctx, first, after)
	if err != nil {
		return nil, err
	}
	f, err := r.municipalityFilter(ctx, filter)
	if err != nil {
		return nil, err
	}
	return territory.Municipalities(ctx, r.DB.Read(), access.From(ctx), f, municipalityOrder(orderBy), args)
}

func (r *queryResolver) Comarques(ctx context.Context) ([]*territory.Comarca, error) {
	return territory.Comarques(ctx, r.DB.Read(), access.From(ctx), nil)
}

func (r *Resolver) Comarca() generated.ComarcaResolver { return &comarcaResolver{r} }

func (r *Resolver) District() generated.DistrictResolver { return &districtResolver{r} }

func (r *Resolver) Municipality() generated.MunicipalityResolver { return &municipalityResolver{r} }

func (r *Resolver) Neighbourhood() generated.NeighbourhoodResolver { return &neighbourhoodResolver{r} }

type (
	comarcaResolver       struct{ *Resolver }
	districtResolver      struct{ *Resolver }
	municipalityResolver  struct{ *Resolver }
	neighbourhoodResolver struct{ *Resolver }
)
