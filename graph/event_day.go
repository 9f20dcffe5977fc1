package graph

import (
	"context"
	"strconv"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/attendance"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/node"
)

func (r *Resolver) checkInSync(ctx context.Context, from model.EventCheckInSyncInput) (*calendar.Synced, error) {
	var in input
	event := in.node(from.Event, "event", node.Event)
	batch := calendar.Batch{Device: from.Device, SentAt: from.SentAt}
	for i, item := range from.Items {
		noted := calendar.Noted{Sequence: int64(item.Sequence), At: item.At, Code: value(item.Delegate.Code), Undo: value(item.Undo)}
		if global := item.Delegate.ID.Value(); global != nil {
			of, delegate, err := calendar.DelegateType.Part(*global)
			if err != nil || of != event {
				in.missing("items", strconv.Itoa(i), "delegate", "id")
			}
			noted.Delegate = delegate
		}
		batch.Noted = append(batch.Noted, noted)
	}
	if err := in.err(); err != nil {
		return nil, err
	}
	return r.Registrations.Sync(ctx, access.From(ctx), event, batch, value(from.IdempotencyKey))
}

func syncPayload(ctx context.Context, synced *calendar.Synced, errs []model.UserError) *model.EventCheckInSyncPayload {
	out := &model.EventCheckInSyncPayload{Results: []*model.CheckInResult{}, Doubled: []*calendar.Doubled{}, Errors: errs}
	if synced == nil {
		return out
	}
	out.Last = pointer(int(synced.Last))
	for _, r := range synced.Results {
		shown := &model.CheckInResult{Sequence: int(r.Sequence), Outcome: r.Outcome, Delegate: r.Delegate}
		if r.Refused != nil {
			shown.Code, shown.Reason = &r.Refused.Code.Name, pointer(r.Refused.Message(access.From(ctx).Lang))
		}
		out.Results = append(out.Results, shown)
	}
	for _, d := range synced.Doubled {
		out.Doubled = append(out.Doubled, &d)
	}
	return out
}

// roster shows towns as their councils, which is what comes to an event.
func (r *Resolver) roster(ctx context.Context, global string, first *int, after *string) (*calendar.Roster, error) {
	args, err := pageArgs(ctx, first, after)
	if err != nil {
		return nil, err
	}
	event, err := node.ParseOf(global, node.Event)
	if err != nil {
		return nil, fault.ErrNotFound.At("event")
	}
	roster, err := r.Registrations.Roster(ctx, access.From(ctx), event, args)
	if err != nil {
		return nil, err
	}
	for _, x := range roster.Nodes {
		if x.Council {
			x.Organization = territory.CouncilName(x.Organization.CA)
		}
	}
	return roster, nil
}

func (r *Resolver) walkInAdd(ctx context.Context, from model.EventWalkInAddInput) (*calendar.Delegate, error) {
	var in input
	event := in.node(from.Event, "event", node.Event)
	organisation := in.optional(from.Organization.Value(), "organization", organizationKinds...)
	who := delegateGiven(&in, from.Delegate, "delegate")
	if err := in.err(); err != nil {
		return nil, err
	}
	return r.Registrations.WalkIn(ctx, access.From(ctx), event, organisation, who, value(from.IdempotencyKey))
}

func (r *Resolver) attendanceType(ctx context.Context, from model.EventAttendanceTypeInput) (*model.EventAttendanceTypePayload, error) {
	var in input
	event := in.node(from.Event, "event", node.Event)
	delegates := in.parts(calendar.DelegateType, event, from.Delegates, "delegates")
	if err := in.err(); err != nil {
		return &model.EventAttendanceTypePayload{}, err
	}
	typed, err := r.Registrations.TypeAttendance(ctx, access.From(ctx), event, delegates, value(from.IdempotencyKey))
	if err != nil {
		return &model.EventAttendanceTypePayload{}, err
	}
	e, err := r.eventOf(ctx, event)
	return &model.EventAttendanceTypePayload{Event: e, Arrived: &typed.Arrived, Already: &typed.Already}, err
}

func (r *Resolver) hoursNote(ctx context.Context, from model.EventHoursNoteInput) (*calendar.Event, error) {
	var in input
	event, session := in.part(calendar.SessionID, from.Session, "session")
	delegates := in.parts(calendar.DelegateType, event, from.Delegates, "delegates")
	if err := in.err(); err != nil {
		return nil, err
	}
	if err := r.Attendance.NoteHours(ctx, access.From(ctx), event, session, delegates, value(from.Minutes), value(from.IdempotencyKey)); err != nil {
		return nil, err
	}
	return r.eventOf(ctx, event)
}

// certificateCheck counts before it looks: a code must not be found by trying.
func (r *Resolver) certificateCheck(ctx context.Context, code string, name *string) (*attendance.Checked, error) {
	if err := auth.CountCheck(ctx, r.DB, access.From(ctx)); err != nil {
		return nil, err
	}
	asked := ""
	if name != nil {
		asked = *name
	}
	return attendance.Check(ctx, r.DB.Read(), code, asked)
}

func answersOf(ctx context.Context, l level, delegates []id.ID) (map[id.ID][]*calendar.AnswerOfDelegate, error) {
	return calendar.AnswersOf(ctx, l.q, l.viewer, delegates)
}
