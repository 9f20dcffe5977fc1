package graph

import (
	"context"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/oversight"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
)

func (r *mutationResolver) AccountMailChange(ctx context.Context, input model.AccountMailChangeInput) (*model.AccountMailChangePayload, error) {
	minutes, err := r.Accounts.ChangeMail(ctx, access.From(ctx), value(input.IdempotencyKey), input.Mail)
	shown := &minutes
	if err != nil {
		shown = nil
	}
	errs, err := userErrors(ctx, err)
	return &model.AccountMailChangePayload{Minutes: shown, Errors: errs}, err
}

func (r *mutationResolver) AccountMailConfirm(ctx context.Context, input model.AccountMailConfirmInput) (*model.AccountMailConfirmPayload, error) {
	viewer, err := r.accountMailConfirm(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.AccountMailConfirmPayload{Viewer: viewer, Errors: errs}, err
}

func (r *queryResolver) Account(ctx context.Context, by model.AccountRef) (*auth.Account, error) {
	return r.account(ctx, by)
}

func (r *viewerResolver) SessionTime(ctx context.Context, _ *model.Viewer) (*auth.SessionTime, error) {
	return r.Services.Sessions.TimeOf(ctx, r.DB.Read(), access.From(ctx))
}

func (r *viewerResolver) BrokenGlass(ctx context.Context, obj *model.Viewer, _ *int) ([]*oversight.Glass, error) {
	return loaded[[]*oversight.Glass](ctx, obj)
}
