package graph

import (
	"context"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/oversight"
	"github.com/teixit/teixit/internal/domain/territory"
)

func (r *associationResolver) ViewerCanAdminister(ctx context.Context, obj *directory.Association) (bool, error) {
	return canAdminister(ctx, obj.ID), nil
}

func (r *associationResolver) ViewerCanRegister(ctx context.Context, obj *directory.Association) (*model.Permission, error) {
	return canRegisterFor(ctx, obj.ID), nil
}

func (r *associationResolver) ViewerCanClaim(ctx context.Context, obj *directory.Association) (*model.Permission, error) {
	return loaded[*model.Permission](ctx, obj)
}

func (r *associationResolver) ViewerCanVerify(ctx context.Context, obj *directory.Association) (*model.Permission, error) {
	return loaded[*model.Permission](ctx, obj)
}

func (r *associationResolver) OpenClaims(ctx context.Context, obj *directory.Association, _ *int) ([]*directory.Claim, error) {
	return loaded[[]*directory.Claim](ctx, obj)
}

func (r *claimResolver) Association(ctx context.Context, obj *directory.Claim) (*directory.Association, error) {
	return loaded[*directory.Association](ctx, obj)
}

func (r *glassResolver) Node(ctx context.Context, obj *oversight.Glass) (model.Node, error) {
	return loaded[model.Node](ctx, obj)
}

func (r *institutionResolver) ViewerCanAdminister(ctx context.Context, obj *directory.Institution) (bool, error) {
	return canAdminister(ctx, obj.ID), nil
}

func (r *institutionResolver) ViewerCanRegister(ctx context.Context, obj *directory.Institution) (*model.Permission, error) {
	return canRegisterFor(ctx, obj.ID), nil
}

func (r *municipalityResolver) ViewerCanAdminister(ctx context.Context, obj *territory.Municipality) (bool, error) {
	return canAdminister(ctx, obj.ID), nil
}

func (r *municipalityResolver) ViewerCanRegister(ctx context.Context, obj *territory.Municipality) (*model.Permission, error) {
	return canRegisterFor(ctx, obj.ID), nil
}

func (r *municipalityResolver) OpenClaims(ctx context.Context, obj *territory.Municipality, _ *int) ([]*directory.Claim, error) {
	return loaded[[]*directory.Claim](ctx, obj)
}

func (r *publicServiceResolver) ViewerCanAdminister(ctx context.Context, obj *directory.PublicService) (bool, error) {
	return loaded[bool](ctx, obj)
}

func (r *publicServiceResolver) ViewerCanRegister(ctx context.Context, obj *directory.PublicService) (*model.Permission, error) {
	return canRegisterFor(ctx, obj.ID), nil
}

func (r *registrationResolver) ViewerCanCancel(ctx context.Context, obj *calendar.Registration) (*model.Permission, error) {
	return onRegistration(ctx, obj, obj.MayCancel)
}

func (r *registrationResolver) ViewerCanReplace(ctx context.Context, obj *calendar.Registration) (*model.Permission, error) {
	return onRegistration(ctx, obj, obj.MayReplace)
}

func (r *viewerResolver) Claims(ctx context.Context, obj *model.Viewer) ([]*directory.Claim, error) {
	return loaded[[]*directory.Claim](ctx, obj)
}

func (r *queryResolver) Glass(ctx context.Context, node string, first *int) ([]*oversight.Glass, error) {
	return r.glassOf(ctx, node, first)
}

func (r *mutationResolver) AssociationClaim(ctx context.Context, input model.AssociationClaimInput) (*model.AssociationClaimPayload, error) {
	claim, err := r.associationClaim(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.AssociationClaimPayload{Claim: claim, Errors: errs}, err
}

func (r *mutationResolver) ClaimDecide(ctx context.Context, input model.ClaimDecideInput) (*model.ClaimDecidePayload, error) {
	association, err := r.claimDecide(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.ClaimDecidePayload{Association: association, Errors: errs}, err
}

func (r *mutationResolver) AssociationVerify(ctx context.Context, input model.AssociationVerifyInput) (*model.AssociationVerifyPayload, error) {
	association, err := r.associationVerify(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.AssociationVerifyPayload{Association: association, Errors: errs}, err
}

func (r *mutationResolver) OrganizationMerge(ctx context.Context, input model.OrganizationMergeInput) (*model.OrganizationMergePayload, error) {
	body, err := r.organizationMerge(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.OrganizationMergePayload{Organization: body, Errors: errs}, err
}

func (r *mutationResolver) GlassBreak(ctx context.Context, input model.GlassBreakInput) (*model.GlassBreakPayload, error) {
	glass, err := r.glassBreak(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.GlassBreakPayload{Glass: glass, Errors: errs}, err
}

func (r *Resolver) Claim() generated.ClaimResolver { return &claimResolver{r} }

func (r *Resolver) Glass() generated.GlassResolver { return &glassResolver{r} }

type (
	claimResolver struct{ *Resolver }
	glassResolver struct{ *Resolver }
)
