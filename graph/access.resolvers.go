package graph

import (
	"context"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
)

func (r *apiTokenResolver) Scopes(_ context.Context, obj *auth.APIToken) ([]model.APITokenScope, error) {
	scopes := make([]model.APITokenScope, len(obj.Scopes))
	for i, s := range obj.Scopes {
		scopes[i] = showScope(s)
	}
	return scopes, nil
}

func (r *associationResolver) Invitations(ctx context.Context, obj *directory.Association) ([]*auth.Invitation, error) {
	return loaded[[]*auth.Invitation](ctx, obj)
}

func (r *institutionResolver) Invitations(ctx context.Context, obj *directory.Institution) ([]*auth.Invitation, error) {
	return loaded[[]*auth.Invitation](ctx, obj)
}

func (r *invitationResolver) Role(_ context.Context, obj *auth.Invitation) (directory.ActingRole, error) {
	return directory.ActingRole(obj.Role), nil
}

func (r *invitationResolver) Organization(ctx context.Context, obj *auth.Invitation) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *municipalityResolver) Invitations(ctx context.Context, obj *territory.Municipality) ([]*auth.Invitation, error) {
	return loaded[[]*auth.Invitation](ctx, obj)
}

func (r *mutationResolver) SessionEnd(ctx context.Context, input model.SessionEndInput) (*model.SessionEndPayload, error) {
	left, err := r.sessionEnd(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.SessionEndPayload{Sessions: left, Errors: errs}, err
}

func (r *mutationResolver) SessionEndOthers(ctx context.Context, input model.SessionEndOthersInput) (*model.SessionEndOthersPayload, error) {
	ended, err := r.Services.Sessions.EndOthers(ctx, access.From(ctx), value(input.IdempotencyKey))
	errs, err := userErrors(ctx, err)
	return &model.SessionEndOthersPayload{Ended: &ended, Errors: errs}, err
}

func (r *mutationResolver) APITokenCreate(ctx context.Context, input model.APITokenCreateInput) (*model.APITokenCreatePayload, error) {
	made, text, err := r.apiTokenCreate(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.APITokenCreatePayload{APIToken: made, Token: text, Errors: errs}, err
}

func (r *mutationResolver) APITokenRevoke(ctx context.Context, input model.APITokenRevokeInput) (*model.APITokenRevokePayload, error) {
	left, err := r.apiTokenRevoke(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.APITokenRevokePayload{APITokens: left, Errors: errs}, err
}

func (r *mutationResolver) LinkedIdentityRemove(ctx context.Context, input model.LinkedIdentityRemoveInput) (*model.LinkedIdentityRemovePayload, error) {
	left, err := r.linkedIdentityRemove(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.LinkedIdentityRemovePayload{Identities: left, Errors: errs}, err
}

func (r *mutationResolver) InvitationCreate(ctx context.Context, input model.InvitationCreateInput) (*model.InvitationCreatePayload, error) {
	made, err := r.invitationCreate(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.InvitationCreatePayload{Invitation: made, Errors: errs}, err
}

func (r *mutationResolver) InvitationRevoke(ctx context.Context, input model.InvitationRevokeInput) (*model.InvitationRevokePayload, error) {
	body, err := r.invitationRevoke(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.InvitationRevokePayload{Organization: body, Errors: errs}, err
}

func (r *mutationResolver) InvitationAccept(ctx context.Context, input model.InvitationAcceptInput) (*model.InvitationAcceptPayload, error) {
	made, err := r.invitationAccept(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.InvitationAcceptPayload{Appointment: made, Errors: errs}, err
}

func (r *mutationResolver) AccountUpdate(ctx context.Context, input model.AccountUpdateInput) (*model.AccountUpdatePayload, error) {
	viewer, err := r.accountUpdate(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.AccountUpdatePayload{Viewer: viewer, Errors: errs}, err
}

func (r *mutationResolver) AccountDisable(ctx context.Context, input model.AccountDisableInput) (*model.AccountDisablePayload, error) {
	account, err := r.accountDisable(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.AccountDisablePayload{Account: account, Errors: errs}, err
}

func (r *mutationResolver) AccountEnable(ctx context.Context, input model.AccountEnableInput) (*model.AccountEnablePayload, error) {
	account, err := r.accountEnable(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.AccountEnablePayload{Account: account, Errors: errs}, err
}

func (r *publicServiceResolver) Invitations(ctx context.Context, obj *directory.PublicService) ([]*auth.Invitation, error) {
	return loaded[[]*auth.Invitation](ctx, obj)
}

func (r *queryResolver) Invitation(ctx context.Context, token string) (*auth.Invitation, error) {
	return auth.InvitationBehind(ctx, r.DB.Read(), token)
}

func (r *viewerResolver) Account(ctx context.Context, _ *model.Viewer) (*auth.Account, error) {
	return ofPerson(ctx, r.DB.Read(), auth.AccountOf)
}

func (r *viewerResolver) ActingFor(ctx context.Context, obj *model.Viewer) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *viewerResolver) Sessions(ctx context.Context, _ *model.Viewer) ([]*auth.Session, error) {
	return ofPerson(ctx, r.DB.Read(), r.Services.Sessions.Of)
}

func (r *viewerResolver) APITokens(ctx context.Context, _ *model.Viewer) ([]*auth.APIToken, error) {
	return ofPerson(ctx, r.DB.Read(), auth.TokensOf)
}

func (r *viewerResolver) Identities(ctx context.Context, _ *model.Viewer) ([]*auth.Identity, error) {
	return ofPerson(ctx, r.DB.Read(), auth.IdentitiesOf)
}

func (r *viewerResolver) Invitations(ctx context.Context, obj *model.Viewer) ([]*auth.Invitation, error) {
	return loaded[[]*auth.Invitation](ctx, obj)
}

func (r *Resolver) ApiToken() generated.ApiTokenResolver { return &apiTokenResolver{r} }

func (r *Resolver) Invitation() generated.InvitationResolver { return &invitationResolver{r} }

type (
	apiTokenResolver   struct{ *Resolver }
	invitationResolver struct{ *Resolver }
)
