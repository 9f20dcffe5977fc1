package graph

import (
	"context"
	"errors"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
)

func (r *eventResolver) SeatHolds(ctx context.Context, obj *calendar.Event) (*model.SeatHolds, error) {
	return loaded[*model.SeatHolds](ctx, obj)
}

func (r *mutationResolver) RegistrationRequest(ctx context.Context, input model.RegistrationRequestInput) (*model.RegistrationRequestPayload, error) {
	held, err := r.registrationRequest(ctx, input)
	errs, err := userErrors(ctx, missingAt(err, "event"))
	return &model.RegistrationRequestPayload{HeldMinutes: held, Errors: errs}, err
}

func (r *mutationResolver) RegistrationConfirm(ctx context.Context, input model.RegistrationConfirmInput) (*model.RegistrationConfirmPayload, error) {
	shown, err := r.Registrations.Confirm(ctx, access.From(ctx), input.Token, value(input.IdempotencyKey))
	errs, err := userErrors(ctx, err)
	return &model.RegistrationConfirmPayload{Registration: shown, Errors: errs}, err
}

func (r *mutationResolver) RegistrationLinkCancel(ctx context.Context, input model.RegistrationLinkCancelInput) (*model.RegistrationLinkCancelPayload, error) {
	shown, err := r.Registrations.CancelBy(ctx, access.From(ctx), input.Token, value(input.IdempotencyKey))
	errs, err := userErrors(ctx, err)
	return &model.RegistrationLinkCancelPayload{Registration: shown, Errors: errs}, err
}

func (r *mutationResolver) RegistrationLinkDelegateReplace(ctx context.Context, input model.RegistrationLinkDelegateReplaceInput) (*model.RegistrationLinkDelegateReplacePayload, error) {
	shown, errs, err := onLinked(ctx, input.Delegate, func(delegate id.ID) (*calendar.Guest, error) {
		by := calendar.DelegateInput{Name: input.Name, Mail: value(input.Mail)}
		return r.Registrations.ReplaceDelegateBy(ctx, access.From(ctx), input.Token, delegate, by, value(input.IdempotencyKey))
	})
	return &model.RegistrationLinkDelegateReplacePayload{Registration: shown, Errors: errs}, err
}

func (r *mutationResolver) RegistrationLinkDelegateCancel(ctx context.Context, input model.RegistrationLinkDelegateCancelInput) (*model.RegistrationLinkDelegateCancelPayload, error) {
	shown, errs, err := onLinked(ctx, input.Delegate, func(delegate id.ID) (*calendar.Guest, error) {
		return r.Registrations.CancelDelegateBy(ctx, access.From(ctx), input.Token, delegate, value(input.IdempotencyKey))
	})
	return &model.RegistrationLinkDelegateCancelPayload{Registration: shown, Errors: errs}, err
}

func (r *mutationResolver) RegistrationLinkPolicyChoose(ctx context.Context, input model.RegistrationLinkPolicyChooseInput) (*model.RegistrationLinkPolicyChoosePayload, error) {
	shown, err := r.Registrations.ChoosePolicyBy(ctx, access.From(ctx), input.Token, input.Policy, value(input.IdempotencyKey))
	errs, err := userErrors(ctx, err)
	return &model.RegistrationLinkPolicyChoosePayload{Registration: shown, Errors: errs}, err
}

func (r *mutationResolver) RegistrationLinkOfferAccept(ctx context.Context, input model.RegistrationLinkOfferAcceptInput) (*model.RegistrationLinkOfferAcceptPayload, error) {
	shown, err := r.Registrations.AcceptOfferBy(ctx, access.From(ctx), input.Token, value(input.IdempotencyKey))
	errs, err := userErrors(ctx, err)
	return &model.RegistrationLinkOfferAcceptPayload{Registration: shown, Errors: errs}, err
}

func (r *mutationResolver) RegistrationAdopt(ctx context.Context, input model.RegistrationAdoptInput) (*model.RegistrationAdoptPayload, error) {
	shown, err := r.Registrations.Adopt(ctx, access.From(ctx), input.Token, value(input.IdempotencyKey))
	errs, err := userErrors(ctx, err)
	return &model.RegistrationAdoptPayload{Registration: shown, Errors: errs}, err
}

func (r *mutationResolver) RegistrationOfferAccept(ctx context.Context, input model.RegistrationOfferAcceptInput) (*model.RegistrationOfferAcceptPayload, error) {
	changed, errs, err := onPart(ctx, calendar.RegistrationType, input.ID, func(event, registration id.ID) (*calendar.Registration, error) {
		return r.Registrations.AcceptOffer(ctx, access.From(ctx), event, registration, value(input.IdempotencyKey))
	})
	return &model.RegistrationOfferAcceptPayload{Registration: changed, Errors: errs}, err
}

func (r *mutationResolver) EventHoldsSet(ctx context.Context, input model.EventHoldsSetInput) (*model.EventHoldsSetPayload, error) {
	event, errs, err := r.onEventSeats(ctx, input.ID, func(event id.ID) error {
		holds := calendar.HoldsInput{
			HoldMinutes: input.HoldMinutes.Value(), OfferHours: input.OfferWithinHours.Value(), OfferMinutes: input.OfferMinutes.Value(),
		}
		return r.Registrations.SetHolds(ctx, access.From(ctx), event, holds, value(input.IdempotencyKey))
	})
	return &model.EventHoldsSetPayload{Event: event, Errors: errs}, err
}

func (r *queryResolver) RegistrationLink(ctx context.Context, token string) (*calendar.Guest, error) {
	shown, err := calendar.GuestBy(ctx, r.DB.Read(), token)
	if errors.Is(err, calendar.ErrLinkEnded) {
		return nil, nil
	}
	return shown, err
}

func (r *registrationResolver) Contact(ctx context.Context, obj *calendar.Registration) (*calendar.Contact, error) {
	return loaded[*calendar.Contact](ctx, obj)
}

func (r *registrationResolver) MailTrouble(ctx context.Context, obj *calendar.Registration) (*mail.Refusal, error) {
	return loaded[*mail.Refusal](ctx, obj)
}

func (r *registrationLinkResolver) EventID(_ context.Context, obj *calendar.Guest) (string, error) {
	return node.Event.Global(obj.Event), nil
}

func (r *registrationLinkResolver) Place(_ context.Context, obj *calendar.Guest) (*int, error) {
	if place := obj.Place(); place > 0 {
		return &place, nil
	}
	return nil, nil
}

func (r *registrationLinkResolver) Confirmed(_ context.Context, obj *calendar.Guest) (int, error) {
	return obj.Counts.Confirmed, nil
}

func (r *registrationLinkResolver) Waiting(_ context.Context, obj *calendar.Guest) (int, error) {
	return obj.Counts.Waiting, nil
}

func (r *registrationLinkDelegateResolver) CheckInCode(_ context.Context, obj *calendar.GuestDelegate) (*string, error) {
	return notEmpty(obj.Code), nil
}

func (r *registrationLinkDelegateResolver) Answer(_ context.Context, obj *calendar.GuestDelegate) (*calendar.DelegateAnswer, error) {
	return answered(obj.Answer), nil
}

func (r *Resolver) RegistrationLink() generated.RegistrationLinkResolver {
	return &registrationLinkResolver{r}
}

func (r *Resolver) RegistrationLinkDelegate() generated.RegistrationLinkDelegateResolver {
	return &registrationLinkDelegateResolver{r}
}

type (
	registrationLinkResolver         struct{ *Resolver }
	registrationLinkDelegateResolver struct{ *Resolver }
)
