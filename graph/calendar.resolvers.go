package graph

import (
	"context"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

func (r *delegateResolver) Name(_ context.Context, obj *calendar.Delegate) (*string, error) {
	return notEmpty(obj.Name), nil
}

func (r *delegateResolver) CheckInCode(_ context.Context, obj *calendar.Delegate) (*string, error) {
	return notEmpty(obj.Code), nil
}

func (r *eventResolver) Date(_ context.Context, obj *calendar.Event) (*model.PartialDate, error) {
	return model.PartialDateOf(obj.KnownDate()), nil
}

func (r *eventResolver) Venues(ctx context.Context, obj *calendar.Event) ([]territory.Territory, error) {
	return loaded[[]territory.Territory](ctx, obj)
}

func (r *eventResolver) Area(ctx context.Context, obj *calendar.Event) ([]territory.Territory, error) {
	return loaded[[]territory.Territory](ctx, obj)
}

func (r *eventResolver) Places(ctx context.Context, obj *calendar.Event) ([]territory.Territory, error) {
	return loaded[[]territory.Territory](ctx, obj)
}

func (r *eventResolver) Organisers(ctx context.Context, obj *calendar.Event) ([]*model.EventOrganiser, error) {
	return loaded[[]*model.EventOrganiser](ctx, obj)
}

func (r *eventResolver) About(ctx context.Context, obj *calendar.Event) ([]taxonomy.Term, error) {
	return loaded[[]taxonomy.Term](ctx, obj)
}

func (r *eventResolver) Audiences(ctx context.Context, obj *calendar.Event) ([]*taxonomy.Audience, error) {
	return loaded[[]*taxonomy.Audience](ctx, obj)
}

func (r *eventResolver) Sessions(ctx context.Context, obj *calendar.Event) ([]*calendar.Session, error) {
	return loaded[[]*calendar.Session](ctx, obj)
}

func (r *eventResolver) Documents(ctx context.Context, obj *calendar.Event) ([]*calendar.Document, error) {
	return loaded[[]*calendar.Document](ctx, obj)
}

func (r *eventResolver) SeatPools(ctx context.Context, obj *calendar.Event) ([]*calendar.SeatPool, error) {
	return loaded[[]*calendar.SeatPool](ctx, obj)
}

func (r *eventResolver) Registrations(ctx context.Context, obj *calendar.Event, _ *int, _ *string, _ *calendar.RegistrationState) (*page.Connection[*calendar.Registration], error) {
	return loaded[*page.Connection[*calendar.Registration]](ctx, obj)
}

func (r *eventResolver) Revision(_ context.Context, obj *calendar.Event) (*string, error) {
	if obj.ViewerLevel < access.Organisers {
		return nil, nil
	}
	return pointer(showRevision(obj.Revision)), nil
}

func (r *eventResolver) ViewerCanOrganise(ctx context.Context, obj *calendar.Event) (bool, error) {
	return access.MayOrganise(access.From(ctx), obj.Subject()) == nil, nil
}

func (r *eventResolver) ViewerCanRegister(ctx context.Context, obj *calendar.Event) (*model.Permission, error) {
	return loaded[*model.Permission](ctx, obj)
}

func (r *mutationResolver) EventCreate(ctx context.Context, input model.EventCreateInput) (*model.EventCreatePayload, error) {
	viewer := access.From(ctx)
	in, err := eventCreate(input)
	var result *calendar.EventResult
	if err == nil {
		result, err = r.Events.Create(ctx, viewer, in, value(input.IdempotencyKey))
	}
	errs, err := userErrors(ctx, err)
	event, warned := eventResult(result, viewer.Lang)
	return &model.EventCreatePayload{Event: event, Warnings: warned, Errors: errs}, err
}

func (r *mutationResolver) EventUpdate(ctx context.Context, input model.EventUpdateInput) (*model.EventUpdatePayload, error) {
	viewer := access.From(ctx)
	event, changes, err := eventUpdate(input)
	var result *calendar.EventResult
	if err == nil {
		result, err = r.Events.Update(ctx, viewer, event, revision(input.ExpectedRevision), changes, value(input.IdempotencyKey))
	}
	errs, err := userErrors(ctx, conflict(err))
	changed, warned := eventResult(result, viewer.Lang)
	return &model.EventUpdatePayload{Event: changed, Warnings: warned, Errors: errs}, err
}

func (r *mutationResolver) EventPublish(ctx context.Context, input model.EventPublishInput) (*model.EventPublishPayload, error) {
	event, errs, err := r.onEvent(ctx, input.ID, func(event id.ID) (*calendar.EventResult, error) {
		return r.Events.Publish(ctx, access.From(ctx), event, nil, value(input.IdempotencyKey))
	})
	return &model.EventPublishPayload{Event: event, Errors: errs}, err
}

func (r *mutationResolver) EventCancel(ctx context.Context, input model.EventCancelInput) (*model.EventCancelPayload, error) {
	event, errs, err := r.onEvent(ctx, input.ID, func(event id.ID) (*calendar.EventResult, error) {
		return r.Events.Cancel(ctx, access.From(ctx), event, nil, *input.Reason, value(input.IdempotencyKey))
	})
	return &model.EventCancelPayload{Event: event, Errors: errs}, err
}

func (r *mutationResolver) EventMarkHeld(ctx context.Context, input model.EventMarkHeldInput) (*model.EventMarkHeldPayload, error) {
	event, errs, err := r.onEvent(ctx, input.ID, func(event id.ID) (*calendar.EventResult, error) {
		return r.Events.MarkHeld(ctx, access.From(ctx), event, nil, value(input.IdempotencyKey))
	})
	return &model.EventMarkHeldPayload{Event: event, Errors: errs}, err
}

func (r *mutationResolver) EventClose(ctx context.Context, input model.EventCloseInput) (*model.EventClosePayload, error) {
	event, errs, err := r.onEvent(ctx, input.ID, func(event id.ID) (*calendar.EventResult, error) {
		return r.Events.Close(ctx, access.From(ctx), event, nil, value(input.IdempotencyKey))
	})
	return &model.EventClosePayload{Event: event, Errors: errs}, err
}

func (r *mutationResolver) EventSessionAdd(ctx context.Context, input model.EventSessionAddInput) (*model.EventSessionAddPayload, error) {
	viewer := access.From(ctx)
	event, in, err := sessionAdd(input)
	var result *calendar.SessionResult
	if err == nil {
		result, err = r.Events.AddSession(ctx, viewer, event, in, value(input.IdempotencyKey))
	}
	errs, err := userErrors(ctx, missingAt(err, "event"))
	changed, warned := programmeResult(result, viewer.Lang)
	return &model.EventSessionAddPayload{Event: changed, Warnings: warned, Errors: errs}, err
}

func (r *mutationResolver) EventSessionUpdate(ctx context.Context, input model.EventSessionUpdateInput) (*model.EventSessionUpdatePayload, error) {
	viewer := access.From(ctx)
	event, session, changes, err := sessionUpdate(input)
	var result *calendar.SessionResult
	if err == nil {
		result, err = r.Events.UpdateSession(ctx, viewer, event, session, changes, value(input.IdempotencyKey))
	}
	errs, err := userErrors(ctx, err)
	changed, warned := programmeResult(result, viewer.Lang)
	return &model.EventSessionUpdatePayload{Event: changed, Warnings: warned, Errors: errs}, err
}

func (r *mutationResolver) EventSessionRemove(ctx context.Context, input model.EventSessionRemoveInput) (*model.EventSessionRemovePayload, error) {
	viewer := access.From(ctx)
	result, errs, err := onPart(ctx, calendar.SessionID, input.ID, func(event, session id.ID) (*calendar.SessionResult, error) {
		return r.Events.RemoveSession(ctx, viewer, event, session, value(input.IdempotencyKey))
	})
	changed, warned := programmeResult(result, viewer.Lang)
	return &model.EventSessionRemovePayload{Event: changed, Warnings: warned, Errors: errs}, err
}

func (r *mutationResolver) EventDocumentAdd(ctx context.Context, input model.EventDocumentAddInput) (*model.EventDocumentAddPayload, error) {
	result, err := r.addDocument(ctx, input)
	errs, err := userErrors(ctx, missingAt(err, "event"))
	return &model.EventDocumentAddPayload{Event: documentEvent(result), Errors: errs}, err
}

func (r *mutationResolver) EventDocumentWithdraw(ctx context.Context, input model.EventDocumentWithdrawInput) (*model.EventDocumentWithdrawPayload, error) {
	result, errs, err := onPart(ctx, calendar.DocumentID, input.ID, func(event, document id.ID) (*calendar.DocumentResult, error) {
		return r.Events.WithdrawDocument(ctx, access.From(ctx), event, document, value(input.IdempotencyKey))
	})
	return &model.EventDocumentWithdrawPayload{Event: documentEvent(result), Errors: errs}, err
}

func (r *mutationResolver) EventNoShowsNote(ctx context.Context, input model.EventNoShowsNoteInput) (*model.EventNoShowsNotePayload, error) {
	var count *int
	event, errs, err := r.onEventSeats(ctx, input.ID, func(event id.ID) error {
		n, err := r.Registrations.NoteNoShows(ctx, access.From(ctx), event, value(input.IdempotencyKey))
		count = &n
		return err
	})
	if event == nil {
		count = nil
	}
	return &model.EventNoShowsNotePayload{Event: event, Delegates: count, Errors: errs}, err
}

func (r *mutationResolver) SeatPoolResize(ctx context.Context, input model.SeatPoolResizeInput) (*model.SeatPoolResizePayload, error) {
	pool, errs, err := onPart(ctx, calendar.SeatPoolType, input.ID, func(event, pool id.ID) (*calendar.SeatPool, error) {
		return r.Registrations.SetCapacity(ctx, access.From(ctx), event, pool, input.Capacity, value(input.IdempotencyKey))
	})
	if pool == nil {
		return &model.SeatPoolResizePayload{Errors: errs}, err
	}
	event, err := r.eventOf(ctx, pool.Event)
	return &model.SeatPoolResizePayload{Event: event, Errors: errs}, err
}

func (r *mutationResolver) SeatPoolLetSmallerPass(ctx context.Context, input model.SeatPoolLetSmallerPassInput) (*model.SeatPoolLetSmallerPassPayload, error) {
	payload := &model.SeatPoolLetSmallerPassPayload{Registrations: []*calendar.Registration{}}
	var of id.ID
	list, errs, err := onPart(ctx, calendar.SeatPoolType, input.ID, func(event, pool id.ID) ([]*calendar.Registration, error) {
		of = event
		return r.Registrations.LetSmallerPass(ctx, access.From(ctx), event, pool, value(input.IdempotencyKey))
	})
	payload.Errors = errs
	if err != nil || len(errs) > 0 {
		return payload, err
	}
	payload.Registrations = append(payload.Registrations, list...)
	payload.Event, err = r.eventOf(ctx, of)
	return payload, err
}

func (r *mutationResolver) RegistrationCreate(ctx context.Context, input model.RegistrationCreateInput) (*model.RegistrationCreatePayload, error) {
	in, err := registrationCreate(input)
	var made *calendar.Registration
	if err == nil {
		made, err = r.Registrations.Create(ctx, access.From(ctx), in, value(input.IdempotencyKey))
	}
	errs, err := userErrors(ctx, missingAt(err, "event"))
	return &model.RegistrationCreatePayload{Registration: made, Errors: errs}, err
}

func (r *mutationResolver) RegistrationCancel(ctx context.Context, input model.RegistrationCancelInput) (*model.RegistrationCancelPayload, error) {
	changed, errs, err := onPart(ctx, calendar.RegistrationType, input.ID, func(event, registration id.ID) (*calendar.Registration, error) {
		return r.Registrations.Cancel(ctx, access.From(ctx), event, registration, value(input.IdempotencyKey))
	})
	return &model.RegistrationCancelPayload{Registration: changed, Errors: errs}, err
}

func (r *mutationResolver) RegistrationApprove(ctx context.Context, input model.RegistrationApproveInput) (*model.RegistrationApprovePayload, error) {
	changed, errs, err := onPart(ctx, calendar.RegistrationType, input.ID, func(event, registration id.ID) (*calendar.Registration, error) {
		return r.Registrations.Approve(ctx, access.From(ctx), event, registration, value(input.IdempotencyKey))
	})
	return &model.RegistrationApprovePayload{Registration: changed, Errors: errs}, err
}

func (r *mutationResolver) RegistrationReject(ctx context.Context, input model.RegistrationRejectInput) (*model.RegistrationRejectPayload, error) {
	changed, errs, err := onPart(ctx, calendar.RegistrationType, input.ID, func(event, registration id.ID) (*calendar.Registration, error) {
		return r.Registrations.Reject(ctx, access.From(ctx), event, registration, value(input.IdempotencyKey))
	})
	return &model.RegistrationRejectPayload{Registration: changed, Errors: errs}, err
}

func (r *mutationResolver) DelegateCancel(ctx context.Context, input model.DelegateCancelInput) (*model.DelegateCancelPayload, error) {
	changed, errs, err := onPart(ctx, calendar.DelegateType, input.ID, func(event, delegate id.ID) (*calendar.Registration, error) {
		return r.Registrations.CancelDelegate(ctx, access.From(ctx), event, delegate, value(input.IdempotencyKey))
	})
	return &model.DelegateCancelPayload{Registration: changed, Errors: errs}, err
}

func (r *mutationResolver) DelegateReplace(ctx context.Context, input model.DelegateReplaceInput) (*model.DelegateReplacePayload, error) {
	by := calendar.DelegateInput{Name: input.Name, Mail: value(input.Mail)}
	changed, errs, err := onPart(ctx, calendar.DelegateType, input.ID, func(event, delegate id.ID) (*calendar.Registration, error) {
		return r.Registrations.ReplaceDelegate(ctx, access.From(ctx), event, delegate, by, value(input.IdempotencyKey))
	})
	return &model.DelegateReplacePayload{Registration: changed, Errors: errs}, err
}

func (r *mutationResolver) DelegateCheckIn(ctx context.Context, input model.DelegateCheckInInput) (*model.DelegateCheckInPayload, error) {
	arrival, err := r.checkIn(ctx, input)
	errs, err := userErrors(ctx, missingAt(err, "event"))
	if arrival == nil {
		return &model.DelegateCheckInPayload{Errors: errs}, err
	}
	return &model.DelegateCheckInPayload{Delegate: arrival.Delegate, AlreadyArrived: arrival.Already, Errors: errs}, err
}

func (r *mutationResolver) DelegateCheckInUndo(ctx context.Context, input model.DelegateCheckInUndoInput) (*model.DelegateCheckInUndoPayload, error) {
	changed, errs, err := onPart(ctx, calendar.DelegateType, input.ID, func(event, delegate id.ID) (*calendar.Delegate, error) {
		return r.Registrations.UndoCheckIn(ctx, access.From(ctx), event, delegate, value(input.IdempotencyKey))
	})
	return &model.DelegateCheckInUndoPayload{Delegate: changed, Errors: errs}, err
}

func (r *queryResolver) Event(ctx context.Context, id string) (*calendar.Event, error) {
	event, err := node.ParseOf(id, node.Event)
	if err != nil {
		return nil, nil
	}
	return r.eventAsAsked(ctx, event)
}

func (r *queryResolver) Events(ctx context.Context, first *int, after *string, filter *model.EventFilter) (*page.Connection[*calendar.Event], error) {
	args, err := pageArgs(ctx, first, after)
	if err != nil {
		return nil, err
	}
	f, err := eventFilter(ctx, r.DB.Read(), filter)
	if err != nil {
		return nil, err
	}
	return calendar.ListEvents(ctx, r.DB.Read(), access.From(ctx), f, calendar.ByStart, args, eventColumns(ctx))
}

func (r *queryResolver) Registration(ctx context.Context, id string) (*calendar.Registration, error) {
	_, registration, err := calendar.RegistrationType.Part(id)
	if err != nil {
		return nil, nil
	}
	return r.registrationOf(ctx, registration)
}

func (r *registrationResolver) Event(ctx context.Context, obj *calendar.Registration) (*calendar.Event, error) {
	return loaded[*calendar.Event](ctx, obj)
}

func (r *registrationResolver) Organization(ctx context.Context, obj *calendar.Registration) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *registrationResolver) Place(_ context.Context, obj *calendar.Registration) (*int, error) {
	if place := obj.Place(); place > 0 {
		return &place, nil
	}
	return nil, nil
}

func (r *registrationResolver) Lines(_ context.Context, obj *calendar.Registration) ([]*model.PlaceInLine, error) {
	lines := make([]*model.PlaceInLine, len(obj.Lines))
	for i, l := range obj.Lines {
		lines[i] = &model.PlaceInLine{SeatPool: calendar.SeatPoolType.GlobalPart(obj.Event, l.Pool), Place: l.Place}
	}
	return lines, nil
}

func (r *registrationResolver) Confirmed(_ context.Context, obj *calendar.Registration) (int, error) {
	return obj.Counts.Confirmed, nil
}

func (r *registrationResolver) Waiting(_ context.Context, obj *calendar.Registration) (int, error) {
	return obj.Counts.Waiting, nil
}

func (r *registrationResolver) Delegates(ctx context.Context, obj *calendar.Registration) ([]*calendar.Delegate, error) {
	return loaded[[]*calendar.Delegate](ctx, obj)
}

func (r *seatPoolResolver) ReservedForRole(_ context.Context, obj *calendar.SeatPool) (*calendar.DelegateRole, error) {
	if obj.Reserve.Role == "" {
		return nil, nil
	}
	return &obj.Reserve.Role, nil
}

func (r *seatPoolResolver) ReservedForAudience(ctx context.Context, obj *calendar.SeatPool) (*taxonomy.Audience, error) {
	return loaded[*taxonomy.Audience](ctx, obj)
}

func (r *seatPoolResolver) ReservedForOrganization(ctx context.Context, obj *calendar.SeatPool) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *boardTerritoryCountResolver) Territory(ctx context.Context, obj *model.BoardTerritoryCount) (territory.Territory, error) {
	return loaded[territory.Territory](ctx, obj)
}

func (r *subscriptionResolver) EventChanges(ctx context.Context, id string, after *string) (<-chan *model.EventChange, error) {
	return liveOf(ctx, r.Resolver, after, r.eventLive(id))
}

func (r *subscriptionResolver) RegistrationBoard(ctx context.Context, eventID string, after *string) (<-chan *model.RegistrationBoard, error) {
	return liveOf(ctx, r.Resolver, after, r.boardLive(eventID))
}

func (r *Resolver) BoardTerritoryCount() generated.BoardTerritoryCountResolver {
	return &boardTerritoryCountResolver{r}
}

func (r *Resolver) Delegate() generated.DelegateResolver { return &delegateResolver{r} }

func (r *Resolver) Event() generated.EventResolver { return &eventResolver{r} }

func (r *Resolver) Registration() generated.RegistrationResolver { return &registrationResolver{r} }

func (r *Resolver) SeatPool() generated.SeatPoolResolver { return &seatPoolResolver{r} }

type (
	boardTerritoryCountResolver struct{ *Resolver }
	delegateResolver            struct{ *Resolver }
	eventResolver               struct{ *Resolver }
	registrationResolver        struct{ *Resolver }
	seatPoolResolver            struct{ *Resolver }
)
