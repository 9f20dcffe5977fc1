package graph

import (
	"context"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/platform/access"
)

func (r *eventResolver) CalendarURL(_ context.Context, obj *calendar.Event) (string, error) {
	return r.Site + "/calendar/events/" + obj.GlobalID() + ".ics", nil
}

func (r *eventSeriesResolver) CalendarURL(_ context.Context, obj *calendar.Series) (string, error) {
	return r.Site + "/calendar/series/" + obj.GlobalID() + ".ics", nil
}

func (r *mutationResolver) PersonalCalendarOpen(ctx context.Context, input model.PersonalCalendarOpenInput) (*model.PersonalCalendarOpenPayload, error) {
	url, own, err := r.personalCalendarOpen(ctx, value(input.IdempotencyKey))
	errs, err := userErrors(ctx, err)
	return &model.PersonalCalendarOpenPayload{URL: url, Calendar: own, Errors: errs}, err
}

func (r *mutationResolver) PersonalCalendarClose(ctx context.Context, input model.PersonalCalendarCloseInput) (*model.PersonalCalendarClosePayload, error) {
	errs, err := userErrors(ctx, r.Registrations.ClosePersonal(ctx, access.From(ctx), value(input.IdempotencyKey)))
	return &model.PersonalCalendarClosePayload{Errors: errs}, err
}

func (r *viewerResolver) Calendar(ctx context.Context, _ *model.Viewer) (*calendar.Personal, error) {
	return calendar.PersonalOf(ctx, r.DB.Read(), access.From(ctx))
}
