package graph

import (
	"context"
	"errors"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/privacy"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
)

func (r *delegateResolver) Needs(ctx context.Context, obj *calendar.Delegate) (*calendar.NeedsOfDelegate, error) {
	return loaded[*calendar.NeedsOfDelegate](ctx, obj)
}

func (r *delegateResolver) Answer(_ context.Context, obj *calendar.Delegate) (*calendar.DelegateAnswer, error) {
	return answered(obj.Answer), nil
}

func (r *delegateInvitationResolver) Answer(_ context.Context, obj *calendar.Invitation) (*calendar.DelegateAnswer, error) {
	return answered(obj.Answer), nil
}

func (r *eventResolver) NamesKeptDays(ctx context.Context, obj *calendar.Event) (int, error) {
	return loaded[int](ctx, obj)
}

func (r *mutationResolver) PersonErase(ctx context.Context, input model.PersonEraseInput) (*model.PersonErasePayload, error) {
	receipt, err := r.Privacy.Erase(ctx, access.From(ctx), value(input.IdempotencyKey), input.Confirm)
	errs, err := userErrors(ctx, err)
	return &model.PersonErasePayload{Receipt: receipt, Errors: errs}, err
}

func (r *mutationResolver) DelegateAnswer(ctx context.Context, input model.DelegateAnswerInput) (*model.DelegateAnswerPayload, error) {
	invitation, err := r.delegateAnswer(ctx, input)
	if err != nil {
		invitation = nil
	}
	errs, err := userErrors(ctx, err)
	return &model.DelegateAnswerPayload{Invitation: invitation, Errors: errs}, err
}

func (r *mutationResolver) DelegateNeedsSet(ctx context.Context, input model.DelegateNeedsSetInput) (*model.DelegateNeedsSetPayload, error) {
	delegate, errs, err := onPart(ctx, calendar.DelegateType, input.ID, func(event, delegate id.ID) (*calendar.Delegate, error) {
		return r.Registrations.SetNeeds(ctx, access.From(ctx), event, delegate, input.Diet.Value(), input.Access.Value(), value(input.IdempotencyKey))
	})
	return &model.DelegateNeedsSetPayload{Delegate: delegate, Errors: errs}, err
}

func (r *mutationResolver) DelegateVisibilitySet(ctx context.Context, input model.DelegateVisibilitySetInput) (*model.DelegateVisibilitySetPayload, error) {
	delegate, errs, err := onPart(ctx, calendar.DelegateType, input.ID, func(event, delegate id.ID) (*calendar.Delegate, error) {
		return r.Registrations.SetVisibility(ctx, access.From(ctx), event, delegate, input.Visibility, value(input.IdempotencyKey))
	})
	return &model.DelegateVisibilitySetPayload{Delegate: delegate, Errors: errs}, err
}

func (r *mutationResolver) EventNamesKeep(ctx context.Context, input model.EventNamesKeepInput) (*model.EventNamesKeepPayload, error) {
	event, errs, err := r.onEventSeats(ctx, input.ID, func(event id.ID) error {
		return r.Registrations.KeepNames(ctx, access.From(ctx), event, input.Days, value(input.IdempotencyKey))
	})
	return &model.EventNamesKeepPayload{Event: event, Errors: errs}, err
}

func (r *privacyNoticeResolver) Contact(_ context.Context, obj *privacy.Notice) (*string, error) {
	return notEmpty(obj.Contact), nil
}

func (r *queryResolver) PrivacyNotice(ctx context.Context, form privacy.Form, about *string) (*privacy.Notice, error) {
	return r.privacyNotice(ctx, form, about)
}

func (r *queryResolver) DelegateInvitation(ctx context.Context, token string) (*calendar.Invitation, error) {
	invitation, err := calendar.InvitationBy(ctx, r.DB.Read(), token)
	if errors.Is(err, calendar.ErrLinkEnded) {
		return nil, nil
	}
	return invitation, err
}

func (r *viewerResolver) DataExport(ctx context.Context, _ *model.Viewer) (*privacy.Copy, error) {
	return r.Privacy.Export(ctx, access.From(ctx))
}

func (r *Resolver) DelegateInvitation() generated.DelegateInvitationResolver {
	return &delegateInvitationResolver{r}
}

func (r *Resolver) PrivacyNotice() generated.PrivacyNoticeResolver { return &privacyNoticeResolver{r} }

type (
	delegateInvitationResolver struct{ *Resolver }
	privacyNoticeResolver      struct{ *Resolver }
)
