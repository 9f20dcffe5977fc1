package graph

import (
	"context"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/attendance"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/ground/figure"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
)

func (r *delegateResolver) Minutes(ctx context.Context, obj *calendar.Delegate) (*int, error) {
	return loaded[*int](ctx, obj)
}

func (r *delegateResolver) Certificate(ctx context.Context, obj *calendar.Delegate) (*attendance.Certificate, error) {
	return loaded[*attendance.Certificate](ctx, obj)
}

func (r *eventResolver) Participants(ctx context.Context, obj *calendar.Event) (*figure.Figure, error) {
	return loaded[*figure.Figure](ctx, obj)
}

func (r *mutationResolver) EventCertificatesIssue(ctx context.Context, input model.EventCertificatesIssueInput) (*model.EventCertificatesIssuePayload, error) {
	var issued *int
	event, errs, err := r.onEventSeats(ctx, input.ID, func(event id.ID) error {
		n, err := r.Attendance.IssueCertificates(ctx, access.From(ctx), event, value(input.IdempotencyKey))
		if err == nil {
			issued = &n
		}
		return err
	})
	return &model.EventCertificatesIssuePayload{Event: event, Issued: issued, Errors: errs}, err
}

func (r *mutationResolver) DelegateCertificateShow(ctx context.Context, input model.DelegateCertificateShowInput) (*model.DelegateCertificateShowPayload, error) {
	delegate, errs, err := onPart(ctx, calendar.DelegateType, input.ID, func(_, delegate id.ID) (*calendar.Delegate, error) {
		if err := r.Attendance.ShowName(ctx, access.From(ctx), delegate, input.Show, value(input.IdempotencyKey)); err != nil {
			return nil, err
		}
		return only(calendar.DelegatesByIDs(ctx, r.DB.Read(), access.From(ctx), []id.ID{delegate}))
	})
	return &model.DelegateCertificateShowPayload{Delegate: delegate, Errors: errs}, err
}

func (r *queryResolver) CertificateCheck(ctx context.Context, code string, name *string) (*attendance.Checked, error) {
	return r.certificateCheck(ctx, code, name)
}
