package graph

import (
	"context"

	"github.com/teixit/teixit/graph/model"
)

func (r *mutationResolver) EventCheckInSync(ctx context.Context, input model.EventCheckInSyncInput) (*model.EventCheckInSyncPayload, error) {
	synced, err := r.checkInSync(ctx, input)
	errs, err := userErrors(ctx, missingAt(err, "event"))
	return syncPayload(ctx, synced, errs), err
}

func (r *mutationResolver) EventWalkInAdd(ctx context.Context, input model.EventWalkInAddInput) (*model.EventWalkInAddPayload, error) {
	delegate, err := r.walkInAdd(ctx, input)
	errs, err := userErrors(ctx, missingAt(err, "event"))
	return &model.EventWalkInAddPayload{Delegate: delegate, Errors: errs}, err
}

func (r *mutationResolver) EventAttendanceType(ctx context.Context, input model.EventAttendanceTypeInput) (*model.EventAttendanceTypePayload, error) {
	payload, err := r.attendanceType(ctx, input)
	errs, err := userErrors(ctx, missingAt(err, "event"))
	payload.Errors = errs
	return payload, err
}

func (r *mutationResolver) EventHoursNote(ctx context.Context, input model.EventHoursNoteInput) (*model.EventHoursNotePayload, error) {
	event, err := r.hoursNote(ctx, input)
	errs, err := userErrors(ctx, missingAt(err, "session"))
	return &model.EventHoursNotePayload{Event: event, Errors: errs}, err
}
