package graph

import (
	"context"
	"time"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/page"
)

func (r *appointmentResolver) Organization(ctx context.Context, obj *directory.Appointment) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *associationResolver) Identifiers(ctx context.Context, obj *directory.Association) ([]*directory.ExternalIdentifier, error) {
	return loaded[[]*directory.ExternalIdentifier](ctx, obj)
}

func (r *associationResolver) Links(ctx context.Context, obj *directory.Association) ([]*directory.OrganizationLink, error) {
	return loaded[[]*directory.OrganizationLink](ctx, obj)
}

func (r *associationResolver) Fields(ctx context.Context, obj *directory.Association) ([]*taxonomy.Field, error) {
	return loaded[[]*taxonomy.Field](ctx, obj)
}

func (r *associationResolver) ActsIn(ctx context.Context, obj *directory.Association, _ *int, _ *time.Time) ([]territory.Territory, error) {
	return loaded[[]territory.Territory](ctx, obj)
}

func (r *associationResolver) Events(ctx context.Context, obj *directory.Association, _ *int, _ *string, _ *bool) (*page.Connection[*calendar.Event], error) {
	return loaded[*page.Connection[*calendar.Event]](ctx, obj)
}

func (r *associationResolver) People(ctx context.Context, obj *directory.Association, _ *int) ([]*directory.Appointment, error) {
	return loaded[[]*directory.Appointment](ctx, obj)
}

func (r *institutionResolver) People(ctx context.Context, obj *directory.Institution, _ *int) ([]*directory.Appointment, error) {
	return loaded[[]*directory.Appointment](ctx, obj)
}

func (r *institutionResolver) Identifiers(ctx context.Context, obj *directory.Institution) ([]*directory.ExternalIdentifier, error) {
	return loaded[[]*directory.ExternalIdentifier](ctx, obj)
}

func (r *institutionResolver) Units(ctx context.Context, obj *directory.Institution, _ *int, _ *time.Time) ([]*directory.PublicService, error) {
	return loaded[[]*directory.PublicService](ctx, obj)
}

func (r *institutionResolver) Events(ctx context.Context, obj *directory.Institution, _ *int, _ *string, _ *bool) (*page.Connection[*calendar.Event], error) {
	return loaded[*page.Connection[*calendar.Event]](ctx, obj)
}

func (r *mutationResolver) AssociationCreate(ctx context.Context, input model.AssociationCreateInput) (*model.AssociationCreatePayload, error) {
	made, err := r.associationCreate(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.AssociationCreatePayload{Association: made, Errors: errs}, err
}

func (r *mutationResolver) PersonCreate(ctx context.Context, input model.PersonCreateInput) (*model.PersonCreatePayload, error) {
	made, err := r.personCreate(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.PersonCreatePayload{Person: made, Errors: errs}, err
}

func (r *mutationResolver) PersonMerge(ctx context.Context, input model.PersonMergeInput) (*model.PersonMergePayload, error) {
	person, err := r.personMerge(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.PersonMergePayload{Person: person, Errors: errs}, err
}

func (r *mutationResolver) AppointmentCreate(ctx context.Context, input model.AppointmentCreateInput) (*model.AppointmentCreatePayload, error) {
	made, err := r.appointmentCreate(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.AppointmentCreatePayload{Appointment: made, Errors: errs}, err
}

func (r *mutationResolver) AppointmentEnd(ctx context.Context, input model.AppointmentEndInput) (*model.AppointmentEndPayload, error) {
	body, err := r.appointmentEnd(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.AppointmentEndPayload{Organization: body, Errors: errs}, err
}

func (r *organizationConnectionResolver) Edges(_ context.Context, obj *model.OrganizationConnection) ([]*model.OrganizationEdge, error) {
	return obj.Edges(), nil
}

func (r *organizationConnectionResolver) PageInfo(_ context.Context, obj *model.OrganizationConnection) (*page.Info, error) {
	return obj.PageInfo(), nil
}

func (r *publicServiceResolver) People(ctx context.Context, obj *directory.PublicService, _ *int) ([]*directory.Appointment, error) {
	return loaded[[]*directory.Appointment](ctx, obj)
}

func (r *publicServiceResolver) Identifiers(ctx context.Context, obj *directory.PublicService) ([]*directory.ExternalIdentifier, error) {
	return loaded[[]*directory.ExternalIdentifier](ctx, obj)
}

func (r *publicServiceResolver) PartOf(ctx context.Context, obj *directory.PublicService, _ *time.Time) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *publicServiceResolver) Units(ctx context.Context, obj *directory.PublicService, _ *int, _ *time.Time) ([]*directory.PublicService, error) {
	return loaded[[]*directory.PublicService](ctx, obj)
}

func (r *publicServiceResolver) Fields(ctx context.Context, obj *directory.PublicService) ([]*taxonomy.Field, error) {
	return loaded[[]*taxonomy.Field](ctx, obj)
}

func (r *publicServiceResolver) Events(ctx context.Context, obj *directory.PublicService, _ *int, _ *string, _ *bool) (*page.Connection[*calendar.Event], error) {
	return loaded[*page.Connection[*calendar.Event]](ctx, obj)
}

func (r *queryResolver) Organization(ctx context.Context, by model.OrganizationRef) (model.Organization, error) {
	return r.organization(ctx, by)
}

func (r *queryResolver) Organizations(ctx context.Context, first *int, after *string, filter *model.OrganizationFilter) (*model.OrganizationConnection, error) {
	args, err := pageArgs(ctx, first, after)
	if err != nil {
		return nil, err
	}
	return r.organizations(ctx, args, filter)
}

func (r *viewerResolver) Appointments(ctx context.Context, obj *model.Viewer) ([]*directory.Appointment, error) {
	return loaded[[]*directory.Appointment](ctx, obj)
}

func (r *viewerResolver) Registrations(ctx context.Context, obj *model.Viewer, _ *int, _ *string) (*page.Connection[*calendar.Registration], error) {
	return loaded[*page.Connection[*calendar.Registration]](ctx, obj)
}

func (r *Resolver) Appointment() generated.AppointmentResolver { return &appointmentResolver{r} }

func (r *Resolver) Association() generated.AssociationResolver { return &associationResolver{r} }

func (r *Resolver) Institution() generated.InstitutionResolver { return &institutionResolver{r} }

func (r *Resolver) OrganizationConnection() generated.OrganizationConnectionResolver {
	return &organizationConnectionResolver{r}
}

func (r *Resolver) PublicService() generated.PublicServiceResolver { return &publicServiceResolver{r} }

func (r *Resolver) Viewer() generated.ViewerResolver { return &viewerResolver{r} }

type (
	appointmentResolver            struct{ *Resolver }
	associationResolver            struct{ *Resolver }
	institutionResolver            struct{ *Resolver }
	organizationConnectionResolver struct{ *Resolver }
	publicServiceResolver          struct{ *Resolver }
	viewerResolver                 struct{ *Resolver }
)
