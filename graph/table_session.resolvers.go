package graph

import (
	"context"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

func (r *agendaItemResolver) Resolution(ctx context.Context, obj *table.Item) (*table.Resolution, error) {
	return loaded[*table.Resolution](ctx, obj)
}

func (r *agendaItemResolver) MinutesOf(ctx context.Context, obj *table.Item) (*table.Session, error) {
	return loaded[*table.Session](ctx, obj)
}

func (r *minutesResolver) Versions(ctx context.Context, obj *table.Minutes) ([]*table.MinutesVersion, error) {
	return loaded[[]*table.MinutesVersion](ctx, obj)
}

func (r *mutationResolver) TableSessionCreate(ctx context.Context, input model.TableSessionCreateInput) (*model.TableSessionCreatePayload, error) {
	s, errs, err := r.newSession(ctx, input.Table, func(v *access.Viewer, table id.ID) (id.ID, error) {
		return r.Tables.CreateSession(ctx, v, table, sessionToCreate(input), value(input.IdempotencyKey))
	})
	return &model.TableSessionCreatePayload{Session: s, Errors: errs}, err
}

func (r *mutationResolver) TableSessionDuplicate(ctx context.Context, input model.TableSessionDuplicateInput) (*model.TableSessionDuplicatePayload, error) {
	s, errs, err := r.onSession(ctx, table.SessionType, input.ID, "id", func(v *access.Viewer, of, session id.ID, in *inputs) (id.ID, error) {
		like := table.Duplicate{StartsAt: input.StartsAt.Value(), Title: input.Title.Value()}
		return r.Tables.DuplicateSession(ctx, v, of, session, like, value(input.IdempotencyKey))
	})
	return &model.TableSessionDuplicatePayload{Session: s, Errors: errs}, err
}

func (r *mutationResolver) TableSessionUpdate(ctx context.Context, input model.TableSessionUpdateInput) (*model.TableSessionUpdatePayload, error) {
	s, errs, err := r.onSession(ctx, table.SessionType, input.ID, "id", func(v *access.Viewer, table, session id.ID, in *inputs) (id.ID, error) {
		return r.Tables.UpdateSession(ctx, v, table, session, revision(input.ExpectedRevision), sessionToUpdate(input), value(input.IdempotencyKey))
	})
	return &model.TableSessionUpdatePayload{Session: s, Errors: errs}, err
}

func (r *mutationResolver) TableSessionCall(ctx context.Context, input model.TableSessionCallInput) (*model.TableSessionCallPayload, error) {
	s, errs, err := r.onSession(ctx, table.SessionType, input.ID, "id", func(v *access.Viewer, table, session id.ID, in *inputs) (id.ID, error) {
		return r.Tables.Call(ctx, v, table, session, value(input.Urgent), value(input.IdempotencyKey))
	})
	return &model.TableSessionCallPayload{Session: s, Errors: errs}, err
}

func (r *mutationResolver) TableSessionOpen(ctx context.Context, input model.TableSessionOpenInput) (*model.TableSessionOpenPayload, error) {
	s, errs, err := r.onSession(ctx, table.SessionType, input.ID, "id", func(v *access.Viewer, table, session id.ID, in *inputs) (id.ID, error) {
		return r.Tables.OpenSession(ctx, v, table, session, input.SecondCall, value(input.IdempotencyKey))
	})
	return &model.TableSessionOpenPayload{Session: s, Errors: errs}, err
}

func (r *mutationResolver) TableSessionClose(ctx context.Context, input model.TableSessionCloseInput) (*model.TableSessionClosePayload, error) {
	s, errs, err := r.onSession(ctx, table.SessionType, input.ID, "id", func(v *access.Viewer, table, session id.ID, in *inputs) (id.ID, error) {
		return r.Tables.CloseSession(ctx, v, table, session, value(input.IdempotencyKey))
	})
	return &model.TableSessionClosePayload{Session: s, Errors: errs}, err
}

func (r *mutationResolver) TableSessionCancel(ctx context.Context, input model.TableSessionCancelInput) (*model.TableSessionCancelPayload, error) {
	s, errs, err := r.onSession(ctx, table.SessionType, input.ID, "id", func(v *access.Viewer, table, session id.ID, in *inputs) (id.ID, error) {
		return r.Tables.CancelSession(ctx, v, table, session, *input.Reason, value(input.IdempotencyKey))
	})
	return &model.TableSessionCancelPayload{Session: s, Errors: errs}, err
}

func (r *mutationResolver) TableSessionRecord(ctx context.Context, input model.TableSessionRecordInput) (*model.TableSessionRecordPayload, error) {
	s, errs, err := r.newSession(ctx, input.Table, func(v *access.Viewer, table id.ID) (id.ID, error) {
		return r.Tables.RecordSession(ctx, v, table, sessionToRecord(input), input.SecondCall, value(input.IdempotencyKey))
	})
	return &model.TableSessionRecordPayload{Session: s, Errors: errs}, err
}

func (r *mutationResolver) TableSessionAnswer(ctx context.Context, input model.TableSessionAnswerInput) (*model.TableSessionAnswerPayload, error) {
	s, errs, err := r.onSession(ctx, table.SessionType, input.ID, "id", func(v *access.Viewer, table, session id.ID, in *inputs) (id.ID, error) {
		organisation := in.node(input.Organization, "organization", organizationKinds...)
		if err := in.err(); err != nil {
			return id.Zero, err
		}
		return r.Tables.AnswerCall(ctx, v, table, session, organisation, input.Answer, value(input.IdempotencyKey))
	})
	return &model.TableSessionAnswerPayload{Session: s, Errors: errs}, err
}

func (r *mutationResolver) TableSessionAttend(ctx context.Context, input model.TableSessionAttendInput) (*model.TableSessionAttendPayload, error) {
	s, errs, err := r.onSession(ctx, table.SessionType, input.ID, "id", func(v *access.Viewer, table, session id.ID, in *inputs) (id.ID, error) {
		organisation := in.node(input.Organization, "organization", organizationKinds...)
		if err := in.err(); err != nil {
			return id.Zero, err
		}
		return r.Tables.Attend(ctx, v, table, session, organisation, input.Present, value(input.CameAs), value(input.IdempotencyKey))
	})
	return &model.TableSessionAttendPayload{Session: s, Errors: errs}, err
}

func (r *mutationResolver) AgendaItemAdd(ctx context.Context, input model.AgendaItemAddInput) (*model.AgendaItemAddPayload, error) {
	s, errs, err := r.onSession(ctx, table.SessionType, input.Session, "session", func(v *access.Viewer, table, session id.ID, in *inputs) (id.ID, error) {
		return r.Tables.AddItem(ctx, v, table, session, itemSpec(input), value(input.IdempotencyKey))
	})
	return &model.AgendaItemAddPayload{Session: s, Errors: errs}, err
}

func (r *mutationResolver) AgendaItemRemove(ctx context.Context, input model.AgendaItemRemoveInput) (*model.AgendaItemRemovePayload, error) {
	s, errs, err := r.onSession(ctx, table.ItemType, input.ID, "id", func(v *access.Viewer, table, item id.ID, in *inputs) (id.ID, error) {
		return r.Tables.RemoveItem(ctx, v, table, item, value(input.IdempotencyKey))
	})
	return &model.AgendaItemRemovePayload{Session: s, Errors: errs}, err
}

func (r *mutationResolver) AgendaItemOpen(ctx context.Context, input model.AgendaItemOpenInput) (*model.AgendaItemOpenPayload, error) {
	s, errs, err := r.onSession(ctx, table.ItemType, input.ID, "id", func(v *access.Viewer, table, item id.ID, in *inputs) (id.ID, error) {
		return r.Tables.OpenItem(ctx, v, table, item, value(input.IdempotencyKey))
	})
	return &model.AgendaItemOpenPayload{Session: s, Errors: errs}, err
}

func (r *mutationResolver) AgendaItemClose(ctx context.Context, input model.AgendaItemCloseInput) (*model.AgendaItemClosePayload, error) {
	s, errs, err := r.onSession(ctx, table.ItemType, input.ID, "id", func(v *access.Viewer, table, item id.ID, in *inputs) (id.ID, error) {
		return r.Tables.CloseItem(ctx, v, table, item, input.Outcome, value(input.Note), value(input.IdempotencyKey))
	})
	return &model.AgendaItemClosePayload{Session: s, Errors: errs}, err
}

func (r *mutationResolver) TablePaperAdd(ctx context.Context, input model.TablePaperAddInput) (*model.TablePaperAddPayload, error) {
	s, errs, err := r.onSession(ctx, table.SessionType, input.Session, "session", func(v *access.Viewer, table, session id.ID, in *inputs) (id.ID, error) {
		paper := paperSpec(in, table, input)
		if err := in.err(); err != nil {
			return id.Zero, err
		}
		return r.Tables.AddPaper(ctx, v, table, session, paper, value(input.IdempotencyKey))
	})
	return &model.TablePaperAddPayload{Session: s, Errors: errs}, err
}

func (r *mutationResolver) MinutesDraft(ctx context.Context, input model.MinutesDraftInput) (*model.MinutesDraftPayload, error) {
	m, errs, err := r.onMinutes(ctx, input.Session, func(v *access.Viewer, table, session id.ID) (id.ID, error) {
		return r.Tables.DraftMinutes(ctx, v, table, session, input.Language, value(input.IdempotencyKey))
	})
	return &model.MinutesDraftPayload{Minutes: m, Errors: errs}, err
}

func (r *mutationResolver) MinutesWrite(ctx context.Context, input model.MinutesWriteInput) (*model.MinutesWritePayload, error) {
	m, errs, err := r.onMinutes(ctx, input.Session, func(v *access.Viewer, table, session id.ID) (id.ID, error) {
		return r.Tables.WriteMinutes(ctx, v, table, session, minutesRevision(input.ExpectedRevision), input.Minutes, value(input.IdempotencyKey))
	})
	return &model.MinutesWritePayload{Minutes: m, Errors: errs}, err
}

func (r *mutationResolver) MinutesCirculate(ctx context.Context, input model.MinutesCirculateInput) (*model.MinutesCirculatePayload, error) {
	m, errs, err := r.onMinutes(ctx, input.Session, func(v *access.Viewer, table, session id.ID) (id.ID, error) {
		return r.Tables.CirculateMinutes(ctx, v, table, session, value(input.IdempotencyKey))
	})
	return &model.MinutesCirculatePayload{Minutes: m, Errors: errs}, err
}

func (r *mutationResolver) MinutesApprove(ctx context.Context, input model.MinutesApproveInput) (*model.MinutesApprovePayload, error) {
	s, errs, err := r.onSession(ctx, table.SessionType, input.Session, "session", func(v *access.Viewer, table, session id.ID, in *inputs) (id.ID, error) {
		later := laterSession(in, input.In)
		if err := in.err(); err != nil {
			return id.Zero, err
		}
		return r.Tables.ApproveMinutes(ctx, v, table, session, later, revision(input.ExpectedRevision), value(input.IdempotencyKey))
	})
	return &model.MinutesApprovePayload{Session: s, Errors: errs}, err
}

func (r *queryResolver) TableSession(ctx context.Context, id string) (*table.Session, error) {
	_, session, err := table.SessionType.Part(id)
	if err != nil {
		return nil, nil
	}
	return r.sessionOf(ctx, session)
}

func (r *queryResolver) MinutesPreview(ctx context.Context, session string, language lang.Lang) (*string, error) {
	_, part, err := table.SessionType.Part(session)
	if err != nil {
		return nil, nil
	}
	text, err := r.Tables.Preview(ctx, access.From(ctx), part, language)
	return notEmpty(text), err
}

func (r *subscriptionResolver) TableSessionChanges(ctx context.Context, id string, after *string) (<-chan *model.TableSessionChange, error) {
	return liveOf(ctx, r.Resolver, after, r.sessionLive(id))
}

func (r *subscriptionResolver) TableSessionBoard(ctx context.Context, id string, after *string) (<-chan *model.TableSessionBoard, error) {
	return liveOf(ctx, r.Resolver, after, r.sessionBoardLive(id))
}

func (r *tableAttendanceResolver) Organization(ctx context.Context, obj *table.Attendance) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *tableSessionResolver) Table(ctx context.Context, obj *table.Session) (*table.Table, error) {
	return loaded[*table.Table](ctx, obj)
}

func (r *tableSessionResolver) Quorum(ctx context.Context, obj *table.Session) (*model.Quorum, error) {
	return &model.Quorum{Members: obj.Members, Present: obj.Present, Needed: obj.Needed, Reached: obj.HasQuorum(), Answered: obj.Answered}, nil
}

func (r *tableSessionResolver) Agenda(ctx context.Context, obj *table.Session) ([]*table.Item, error) {
	return loaded[[]*table.Item](ctx, obj)
}

func (r *tableSessionResolver) Papers(ctx context.Context, obj *table.Session) ([]*table.Paper, error) {
	return loaded[[]*table.Paper](ctx, obj)
}

func (r *tableSessionResolver) Attendance(ctx context.Context, obj *table.Session) ([]*table.Attendance, error) {
	return loaded[[]*table.Attendance](ctx, obj)
}

func (r *tableSessionResolver) Resolutions(ctx context.Context, obj *table.Session) ([]*table.Resolution, error) {
	return loaded[[]*table.Resolution](ctx, obj)
}

func (r *tableSessionResolver) Minutes(ctx context.Context, obj *table.Session, version *int) (*table.Minutes, error) {
	return loaded[*table.Minutes](ctx, obj)
}

func (r *tableSessionResolver) ApprovedIn(ctx context.Context, obj *table.Session) (*table.Session, error) {
	return loaded[*table.Session](ctx, obj)
}

func (r *tableSessionResolver) CallURL(ctx context.Context, obj *table.Session) (*string, error) {
	return callURL(obj), nil
}

func (r *tableSessionResolver) MinutesURL(ctx context.Context, obj *table.Session) (*string, error) {
	return loaded[*string](ctx, obj)
}

func (r *tableSessionResolver) Revision(ctx context.Context, obj *table.Session) (*string, error) {
	return organisersRevision(obj.ViewerLevel, obj.Revision), nil
}

func (r *tableSessionResolver) ViewerCanCall(ctx context.Context, obj *table.Session) (*model.Permission, error) {
	return permission(ctx, obj.MayCall(access.From(ctx))), nil
}

func (r *tableSessionResolver) ViewerCanAdopt(ctx context.Context, obj *table.Session) (*model.Permission, error) {
	return permission(ctx, obj.MayAdopt(access.From(ctx))), nil
}

func (r *tableSessionResolver) ViewerCanAnswer(ctx context.Context, obj *table.Session) (*model.Permission, error) {
	return permission(ctx, obj.MayAnswer(access.From(ctx))), nil
}

func (r *tableSessionBoardResolver) CurrentItem(ctx context.Context, obj *model.TableSessionBoard) (*table.Item, error) {
	return loaded[*table.Item](ctx, obj)
}

func (r *Resolver) AgendaItem() generated.AgendaItemResolver { return &agendaItemResolver{r} }

func (r *Resolver) Minutes() generated.MinutesResolver { return &minutesResolver{r} }

func (r *Resolver) TableAttendance() generated.TableAttendanceResolver {
	return &tableAttendanceResolver{r}
}

func (r *Resolver) TableSession() generated.TableSessionResolver { return &tableSessionResolver{r} }

func (r *Resolver) TableSessionBoard() generated.TableSessionBoardResolver {
	return &tableSessionBoardResolver{r}
}

type (
	agendaItemResolver        struct{ *Resolver }
	minutesResolver           struct{ *Resolver }
	tableAttendanceResolver   struct{ *Resolver }
	tableSessionResolver      struct{ *Resolver }
	tableSessionBoardResolver struct{ *Resolver }
)
