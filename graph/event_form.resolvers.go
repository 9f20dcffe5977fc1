package graph

import (
	"context"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/attendance"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
)

func (r *delegateResolver) Answers(ctx context.Context, obj *calendar.Delegate) ([]*calendar.AnswerOfDelegate, error) {
	return loaded[[]*calendar.AnswerOfDelegate](ctx, obj)
}

func (r *delegateResolver) Sessions(ctx context.Context, obj *calendar.Delegate) ([]*calendar.Session, error) {
	return loaded[[]*calendar.Session](ctx, obj)
}

func (r *eventResolver) Series(ctx context.Context, obj *calendar.Event) (*calendar.Series, error) {
	return loaded[*calendar.Series](ctx, obj)
}

func (r *eventResolver) Questions(ctx context.Context, obj *calendar.Event) ([]*calendar.Question, error) {
	return loaded[[]*calendar.Question](ctx, obj)
}

func (r *eventResolver) Notice(ctx context.Context, obj *calendar.Event) (*calendar.Notice, error) {
	return loaded[*calendar.Notice](ctx, obj)
}

func (r *eventResolver) Messages(ctx context.Context, obj *calendar.Event) ([]*attendance.Message, error) {
	return loaded[[]*attendance.Message](ctx, obj)
}

func (r *eventSeriesResolver) Events(ctx context.Context, obj *calendar.Series, _ *int, _ *string) (*page.Connection[*calendar.Event], error) {
	return loaded[*page.Connection[*calendar.Event]](ctx, obj)
}

func (r *mutationResolver) EventSeriesCreate(ctx context.Context, input model.EventSeriesCreateInput) (*model.EventSeriesCreatePayload, error) {
	series, err := r.seriesCreate(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.EventSeriesCreatePayload{Series: series, Errors: errs}, err
}

func (r *mutationResolver) EventSeriesSet(ctx context.Context, from model.EventSeriesSetInput) (*model.EventSeriesSetPayload, error) {
	event, errs, err := r.onEvent(ctx, from.ID, func(event id.ID) (*calendar.EventResult, error) {
		var in input
		series := in.partIf(calendar.SeriesID, from.Series.Value(), "series")
		if err := in.err(); err != nil {
			return nil, err
		}
		return r.Events.JoinSeries(ctx, access.From(ctx), event, series, value(from.IdempotencyKey))
	})
	return &model.EventSeriesSetPayload{Event: event, Errors: errs}, err
}

func (r *mutationResolver) EventDuplicate(ctx context.Context, input model.EventDuplicateInput) (*model.EventDuplicatePayload, error) {
	event, errs, err := r.onEvent(ctx, input.ID, func(event id.ID) (*calendar.EventResult, error) {
		like := calendar.Duplicate{StartsAt: input.StartsAt, Title: input.Title.Value(), InSeries: value(input.InSeries)}
		return r.Events.Duplicate(ctx, access.From(ctx), event, like, value(input.IdempotencyKey))
	})
	return &model.EventDuplicatePayload{Event: event, Errors: errs}, err
}

func (r *mutationResolver) EventQuestionAdd(ctx context.Context, input model.EventQuestionAddInput) (*model.EventQuestionAddPayload, error) {
	event, errs, err := r.onEventAt(ctx, input.Event, "event", func(event id.ID) (*calendar.EventResult, error) {
		return r.Events.AddQuestion(ctx, access.From(ctx), event, question(input), value(input.IdempotencyKey))
	})
	return &model.EventQuestionAddPayload{Event: event, Errors: errs}, err
}

func (r *mutationResolver) EventQuestionUpdate(ctx context.Context, input model.EventQuestionUpdateInput) (*model.EventQuestionUpdatePayload, error) {
	result, errs, err := onPart(ctx, calendar.QuestionID, input.ID, func(event, part id.ID) (*calendar.EventResult, error) {
		return r.Events.UpdateQuestion(ctx, access.From(ctx), event, part, questionChanges(input), value(input.IdempotencyKey))
	})
	return &model.EventQuestionUpdatePayload{Event: eventIn(result), Errors: errs}, err
}

func (r *mutationResolver) EventQuestionRemove(ctx context.Context, input model.EventQuestionRemoveInput) (*model.EventQuestionRemovePayload, error) {
	result, errs, err := onPart(ctx, calendar.QuestionID, input.ID, func(event, part id.ID) (*calendar.EventResult, error) {
		return r.Events.RemoveQuestion(ctx, access.From(ctx), event, part, value(input.IdempotencyKey))
	})
	return &model.EventQuestionRemovePayload{Event: eventIn(result), Errors: errs}, err
}

func (r *mutationResolver) EventNoticeSet(ctx context.Context, input model.EventNoticeSetInput) (*model.EventNoticeSetPayload, error) {
	event, errs, err := r.onEvent(ctx, input.ID, func(event id.ID) (*calendar.EventResult, error) {
		return r.Events.SetNotice(ctx, access.From(ctx), event, *input.Text, value(input.IdempotencyKey))
	})
	return &model.EventNoticeSetPayload{Event: event, Errors: errs}, err
}

func (r *mutationResolver) DelegateFormSet(ctx context.Context, from model.DelegateFormSetInput) (*model.DelegateFormSetPayload, error) {
	delegate, errs, err := onPart(ctx, calendar.DelegateType, from.ID, func(event, delegate id.ID) (*calendar.Delegate, error) {
		var in input
		answers := answersGiven(&in, from.Answers.Value(), "answers")
		if err := in.err(); err != nil {
			return nil, err
		}
		return r.Registrations.SetAnswers(ctx, access.From(ctx), event, delegate, answers, given(from.Sex), value(from.IdempotencyKey))
	})
	return &model.DelegateFormSetPayload{Delegate: delegate, Errors: errs}, err
}

func (r *mutationResolver) DelegateSessionsChoose(ctx context.Context, from model.DelegateSessionsChooseInput) (*model.DelegateSessionsChoosePayload, error) {
	delegate, errs, err := onPart(ctx, calendar.DelegateType, from.ID, func(event, delegate id.ID) (*calendar.Delegate, error) {
		var in input
		sessions := in.parts(calendar.SessionID, event, from.Sessions, "sessions")
		if err := in.err(); err != nil {
			return nil, err
		}
		return r.Registrations.ChooseSessions(ctx, access.From(ctx), event, delegate, sessions, value(from.IdempotencyKey))
	})
	return &model.DelegateSessionsChoosePayload{Delegate: delegate, Errors: errs}, err
}

func (r *mutationResolver) EventMessageSend(ctx context.Context, input model.EventMessageSendInput) (*model.EventMessageSendPayload, error) {
	message, err := r.messageSend(ctx, input)
	errs, err := userErrors(ctx, missingAt(err, "event"))
	return &model.EventMessageSendPayload{Message: message, Errors: errs}, err
}

func (r *queryResolver) EventSeries(ctx context.Context, id string) (*calendar.Series, error) {
	return r.seriesByID(ctx, id)
}

func (r *Resolver) EventSeries() generated.EventSeriesResolver { return &eventSeriesResolver{r} }

type eventSeriesResolver struct{ *Resolver }
