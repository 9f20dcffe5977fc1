package graph

import (
	"context"
	"time"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

func (r *agendaItemResolver) Resolution(ctx context.Context, obj *table.Item) (*table.Resolution, error) {
	return loaded[*table.Resolution](ctx, obj)
}

func (r *agendaItemResolver) MinutesOf(ctx context.Context, obj *table.Item) (*table.Session, error) {
	return loaded[*table.Session](ctx, obj)
}

func (r *associationResolver) WorkingTables(ctx context.Context, obj *directory.Association, first *int, after *string) (*page.Connection[*table.Table], error) {
	return loaded[*page.Connection[*table.Table]](ctx, obj)
}

func (r *institutionResolver) WorkingTables(ctx context.Context, obj *directory.Institution, first *int, after *string) (*page.Connection[*table.Table], error) {
	return loaded[*page.Connection[*table.Table]](ctx, obj)
}

func (r *minutesResolver) Versions(ctx context.Context, obj *table.Minutes) ([]*table.MinutesVersion, error) {
	return loaded[[]*table.MinutesVersion](ctx, obj)
}

func (r *municipalityResolver) WorkingTables(ctx context.Context, obj *territory.Municipality, first *int, after *string) (*page.Connection[*table.Table], error) {
	return loaded[*page.Connection[*table.Table]](ctx, obj)
}

func (r *mutationResolver) WorkingTableCreate(ctx context.Context, input model.WorkingTableCreateInput) (*model.WorkingTableCreatePayload, error) {
	t, errs, err := r.makeTable(ctx, tableSpec(input), value(input.IdempotencyKey), r.Tables.Create)
	return &model.WorkingTableCreatePayload{Table: t, Errors: errs}, err
}

func (r *mutationResolver) WorkingTablePropose(ctx context.Context, input model.WorkingTableProposeInput) (*model.WorkingTableProposePayload, error) {
	t, errs, err := r.makeTable(ctx, tableProposal(input), value(input.IdempotencyKey), r.Tables.Propose)
	return &model.WorkingTableProposePayload{Table: t, Errors: errs}, err
}

func (r *mutationResolver) WorkingTableApprove(ctx context.Context, input model.WorkingTableApproveInput) (*model.WorkingTableApprovePayload, error) {
	t, errs, err := r.onTable(ctx, input.ID, "id", func(v *access.Viewer, table id.ID, in *inputs) error {
		return r.Tables.Decide(ctx, v, table, true, value(input.Reason), value(input.IdempotencyKey))
	})
	return &model.WorkingTableApprovePayload{Table: t, Errors: errs}, err
}

func (r *mutationResolver) WorkingTableReject(ctx context.Context, input model.WorkingTableRejectInput) (*model.WorkingTableRejectPayload, error) {
	t, errs, err := r.onTable(ctx, input.ID, "id", func(v *access.Viewer, table id.ID, in *inputs) error {
		return r.Tables.Decide(ctx, v, table, false, *input.Reason, value(input.IdempotencyKey))
	})
	return &model.WorkingTableRejectPayload{Table: t, Errors: errs}, err
}

func (r *mutationResolver) WorkingTableUpdate(ctx context.Context, input model.WorkingTableUpdateInput) (*model.WorkingTableUpdatePayload, error) {
	t, errs, err := r.onTable(ctx, input.ID, "id", func(v *access.Viewer, table id.ID, in *inputs) error {
		changes := tableChanges(in, input)
		if err := in.err(); err != nil {
			return err
		}
		return r.Tables.Update(ctx, v, table, revision(input.ExpectedRevision), changes, value(input.IdempotencyKey))
	})
	return &model.WorkingTableUpdatePayload{Table: t, Errors: errs}, err
}

func (r *mutationResolver) WorkingTableEnd(ctx context.Context, input model.WorkingTableEndInput) (*model.WorkingTableEndPayload, error) {
	t, errs, err := r.onTable(ctx, input.ID, "id", func(v *access.Viewer, table id.ID, in *inputs) error {
		return r.Tables.End(ctx, v, table, value(input.IdempotencyKey))
	})
	return &model.WorkingTableEndPayload{Table: t, Errors: errs}, err
}

func (r *mutationResolver) TableMemberAdd(ctx context.Context, input model.TableMemberAddInput) (*model.TableMemberAddPayload, error) {
	t, errs, err := r.onTable(ctx, input.Table, "table", func(v *access.Viewer, table id.ID, in *inputs) error {
		organisation := in.node(input.Organization, "organization", organizationKinds...)
		if err := in.err(); err != nil {
			return err
		}
		return r.Tables.AddMember(ctx, v, table, organisation, input.Role, input.From.Value(), input.Until.Value(), value(input.IdempotencyKey))
	})
	return &model.TableMemberAddPayload{Table: t, Errors: errs}, err
}

func (r *mutationResolver) TableMemberEnd(ctx context.Context, input model.TableMemberEndInput) (*model.TableMemberEndPayload, error) {
	t, errs, err := r.onTable(ctx, input.Table, "table", func(v *access.Viewer, table id.ID, in *inputs) error {
		organisation := in.node(input.Organization, "organization", organizationKinds...)
		if err := in.err(); err != nil {
			return err
		}
		return r.Tables.EndMember(ctx, v, table, organisation, value(input.IdempotencyKey))
	})
	return &model.TableMemberEndPayload{Table: t, Errors: errs}, err
}

func (r *mutationResolver) TableSeatSet(ctx context.Context, input model.TableSeatSetInput) (*model.TableSeatSetPayload, error) {
	t, errs, err := r.onTable(ctx, input.Table, "table", func(v *access.Viewer, table id.ID, in *inputs) error {
		seat := seatSpec(in, input)
		if err := in.err(); err != nil {
			return err
		}
		_, err := r.Tables.SetSeat(ctx, v, table, seat, value(input.IdempotencyKey))
		return err
	})
	return &model.TableSeatSetPayload{Table: t, Errors: errs}, err
}

func (r *mutationResolver) TableSeatClear(ctx context.Context, input model.TableSeatClearInput) (*model.TableSeatClearPayload, error) {
	t, errs, err := r.onTable(ctx, input.Table, "table", func(v *access.Viewer, table id.ID, in *inputs) error {
		organisation := in.node(input.Organization, "organization", organizationKinds...)
		if err := in.err(); err != nil {
			return err
		}
		return r.Tables.ClearSeat(ctx, v, table, organisation, input.Position, value(input.IdempotencyKey))
	})
	return &model.TableSeatClearPayload{Table: t, Errors: errs}, err
}

func (r *mutationResolver) TableOfficerAppoint(ctx context.Context, input model.TableOfficerAppointInput) (*model.TableOfficerAppointPayload, error) {
	t, errs, err := r.onTable(ctx, input.Table, "table", func(v *access.Viewer, table id.ID, in *inputs) error {
		person := in.node(input.Person, "person", node.Person)
		if err := in.err(); err != nil {
			return err
		}
		return r.Tables.Appoint(ctx, v, table, person, input.Office, value(input.IdempotencyKey))
	})
	return &model.TableOfficerAppointPayload{Table: t, Errors: errs}, err
}

func (r *mutationResolver) TableOfficerEnd(ctx context.Context, input model.TableOfficerEndInput) (*model.TableOfficerEndPayload, error) {
	t, errs, err := r.onTable(ctx, input.Table, "table", func(v *access.Viewer, table id.ID, in *inputs) error {
		person := in.node(input.Person, "person", node.Person)
		if err := in.err(); err != nil {
			return err
		}
		return r.Tables.EndOffice(ctx, v, table, person, value(input.IdempotencyKey))
	})
	return &model.TableOfficerEndPayload{Table: t, Errors: errs}, err
}

func (r *mutationResolver) TableJoinRequestCreate(ctx context.Context, input model.TableJoinRequestCreateInput) (*model.TableJoinRequestCreatePayload, error) {
	t, errs, err := r.onTable(ctx, input.Table, "table", func(v *access.Viewer, of id.ID, in *inputs) error {
		organisation := in.node(input.Organization, "organization", organizationKinds...)
		if err := in.err(); err != nil {
			return err
		}
		return r.Tables.AskToJoin(ctx, v, of, organisation, input.Message, value(input.IdempotencyKey))
	})
	return &model.TableJoinRequestCreatePayload{Table: t, Errors: errs}, err
}

func (r *mutationResolver) TableJoinRequestDecide(ctx context.Context, input model.TableJoinRequestDecideInput) (*model.TableJoinRequestDecidePayload, error) {
	t, errs, err := onPartOf(ctx, table.JoinType, input.ID, "id", func(v *access.Viewer, of, asked id.ID, _ *inputs) (id.ID, error) {
		return of, r.Tables.AnswerJoin(ctx, v, of, asked, input.Accept, input.Reason, value(input.IdempotencyKey))
	}, r.tableOf)
	return &model.TableJoinRequestDecidePayload{Table: t, Errors: errs}, err
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

func (r *mutationResolver) TableResolutionAdopt(ctx context.Context, input model.TableResolutionAdoptInput) (*model.TableResolutionAdoptPayload, error) {
	made, errs, err := r.onResolution(ctx, table.ItemType, input.Item, "item", func(v *access.Viewer, table, item id.ID, in *inputs) (id.ID, error) {
		spec := adoptSpec(in, input)
		if err := in.err(); err != nil {
			return id.Zero, err
		}
		return r.Tables.Adopt(ctx, v, table, item, spec, value(input.IdempotencyKey))
	})
	return &model.TableResolutionAdoptPayload{Resolution: made, Errors: errs}, err
}

func (r *mutationResolver) TableResolutionFollow(ctx context.Context, input model.TableResolutionFollowInput) (*model.TableResolutionFollowPayload, error) {
	followed, errs, err := r.onResolution(ctx, table.ResolutionType, input.ID, "id", func(v *access.Viewer, table, resolution id.ID, in *inputs) (id.ID, error) {
		spec := followSpec(in, table, input)
		if err := in.err(); err != nil {
			return id.Zero, err
		}
		return r.Tables.Follow(ctx, v, table, resolution, revision(input.ExpectedRevision), spec, value(input.IdempotencyKey))
	})
	return &model.TableResolutionFollowPayload{Resolution: followed, Errors: errs}, err
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

func (r *mutationResolver) TablePollOpen(ctx context.Context, input model.TablePollOpenInput) (*model.TablePollOpenPayload, error) {
	p, errs, err := r.onPoll(ctx, table.SessionType, input.Session, "session", func(v *access.Viewer, table, part id.ID, in *inputs) (id.ID, error) {
		return r.Tables.OpenPoll(ctx, v, table, part, moments(input.Dates), input.ClosesAt.Value(), value(input.IdempotencyKey))
	})
	return &model.TablePollOpenPayload{Poll: p, Errors: errs}, err
}

func (r *mutationResolver) TablePollAnswer(ctx context.Context, input model.TablePollAnswerInput) (*model.TablePollAnswerPayload, error) {
	p, errs, err := r.onPoll(ctx, table.PollType, input.ID, "id", func(v *access.Viewer, table, part id.ID, in *inputs) (id.ID, error) {
		organisation := in.node(input.Organization, "organization", organizationKinds...)
		answers := dateChoices(in, "answers", input.Answers)
		if err := in.err(); err != nil {
			return id.Zero, err
		}
		return r.Tables.AnswerPoll(ctx, v, table, part, organisation, answers, value(input.IdempotencyKey))
	})
	return &model.TablePollAnswerPayload{Poll: p, Errors: errs}, err
}

func (r *mutationResolver) TablePollClose(ctx context.Context, input model.TablePollCloseInput) (*model.TablePollClosePayload, error) {
	p, errs, err := r.onPoll(ctx, table.PollType, input.ID, "id", func(v *access.Viewer, table, part id.ID, in *inputs) (id.ID, error) {
		date := pollDate(in, input.Date)
		if err := in.err(); err != nil {
			return id.Zero, err
		}
		return r.Tables.ClosePoll(ctx, v, table, part, date, value(input.IdempotencyKey))
	})
	return &model.TablePollClosePayload{Poll: p, Errors: errs}, err
}

func (r *mutationResolver) TableLinkAnswer(ctx context.Context, input model.TableLinkAnswerInput) (*model.TableLinkAnswerPayload, error) {
	answered, err := r.tableLinkAnswer(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.TableLinkAnswerPayload{Link: answered, Errors: errs}, err
}

func (r *publicServiceResolver) WorkingTables(ctx context.Context, obj *directory.PublicService, first *int, after *string) (*page.Connection[*table.Table], error) {
	return loaded[*page.Connection[*table.Table]](ctx, obj)
}

func (r *queryResolver) WorkingTable(ctx context.Context, id string) (*table.Table, error) {
	_, v, err := node.Parse(id)
	if err != nil {
		return nil, nil
	}
	return r.tableOf(ctx, v)
}

func (r *queryResolver) WorkingTables(ctx context.Context, first *int, after *string, filter *model.WorkingTableFilter) (*page.Connection[*table.Table], error) {
	return r.tableList(ctx, first, after, filter)
}

func (r *queryResolver) TableSession(ctx context.Context, id string) (*table.Session, error) {
	_, session, err := table.SessionType.Part(id)
	if err != nil {
		return nil, nil
	}
	return r.sessionOf(ctx, session)
}

func (r *queryResolver) TableResolution(ctx context.Context, id string) (*table.Resolution, error) {
	_, resolution, err := table.ResolutionType.Part(id)
	if err != nil {
		return nil, nil
	}
	return r.resolutionOf(ctx, resolution)
}

func (r *queryResolver) TableResolutions(ctx context.Context, first *int, after *string, filter *model.TableResolutionFilter) (*page.Connection[*table.Resolution], error) {
	return r.resolutionList(ctx, first, after, filter)
}

func (r *queryResolver) MinutesPreview(ctx context.Context, session string, language lang.Lang) (*string, error) {
	_, part, err := table.SessionType.Part(session)
	if err != nil {
		return nil, nil
	}
	text, err := r.Tables.Preview(ctx, access.From(ctx), part, language)
	return notEmpty(text), err
}

func (r *queryResolver) TablePoll(ctx context.Context, id string) (*table.Poll, error) {
	_, poll, err := table.PollType.Part(id)
	if err != nil {
		return nil, nil
	}
	return r.pollOf(ctx, poll)
}

func (r *queryResolver) TableLink(ctx context.Context, token string) (*table.Link, error) {
	return r.tableLink(ctx, token)
}

func (r *subscriptionResolver) TableChanges(ctx context.Context, id string, after *string) (<-chan *model.TableChange, error) {
	return liveOf(ctx, r.Resolver, after, r.tableLive(id))
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

func (r *tableJoinRequestResolver) Organization(ctx context.Context, obj *table.JoinRequest) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *tableMemberResolver) Organization(ctx context.Context, obj *table.Member) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *tableNamedVoteResolver) Organization(ctx context.Context, obj *table.Vote) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *tablePollResolver) Session(ctx context.Context, obj *table.Poll) (*table.Session, error) {
	return loaded[*table.Session](ctx, obj)
}

func (r *tableResolutionResolver) Table(ctx context.Context, obj *table.Resolution) (*table.Table, error) {
	return loaded[*table.Table](ctx, obj)
}

func (r *tableResolutionResolver) Session(ctx context.Context, obj *table.Resolution) (*table.Session, error) {
	return loaded[*table.Session](ctx, obj)
}

func (r *tableResolutionResolver) Responsible(ctx context.Context, obj *table.Resolution) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *tableResolutionResolver) Person(ctx context.Context, obj *table.Resolution) (*table.Responsible, error) {
	return loaded[*table.Responsible](ctx, obj)
}

func (r *tableResolutionResolver) Linked(ctx context.Context, obj *table.Resolution) (model.Node, error) {
	return loaded[model.Node](ctx, obj)
}

func (r *tableResolutionResolver) Vote(ctx context.Context, obj *table.Resolution) (*model.TableVote, error) {
	return loaded[*model.TableVote](ctx, obj)
}

func (r *tableResolutionResolver) Notes(ctx context.Context, obj *table.Resolution) ([]*table.Note, error) {
	return loaded[[]*table.Note](ctx, obj)
}

func (r *tableResolutionResolver) Revision(ctx context.Context, obj *table.Resolution) (string, error) {
	return showRevision(obj.Revision), nil
}

func (r *tableResolutionResolver) ViewerCanFollow(ctx context.Context, obj *table.Resolution) (*model.Permission, error) {
	return loaded[*model.Permission](ctx, obj)
}

func (r *tableResponsibleResolver) PersonID(ctx context.Context, obj *table.Responsible) (string, error) {
	return node.Person.Global(obj.Person), nil
}

func (r *tableSeatResolver) Organization(ctx context.Context, obj *table.Seat) (model.Organization, error) {
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

func (r *tableLinkResolver) ViewerCanAnswer(ctx context.Context, obj *table.Link) (*model.Permission, error) {
	return permission(ctx, obj.MayAnswer()), nil
}

func (r *tableSessionResolver) ViewerCanAnswer(ctx context.Context, obj *table.Session) (*model.Permission, error) {
	return permission(ctx, obj.MayAnswer(access.From(ctx))), nil
}

func (r *tableSessionBoardResolver) CurrentItem(ctx context.Context, obj *model.TableSessionBoard) (*table.Item, error) {
	return loaded[*table.Item](ctx, obj)
}

func (r *workingTableResolver) Convenor(ctx context.Context, obj *table.Table) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *workingTableResolver) Territories(ctx context.Context, obj *table.Table) ([]territory.Territory, error) {
	return loaded[[]territory.Territory](ctx, obj)
}

func (r *workingTableResolver) About(ctx context.Context, obj *table.Table) ([]taxonomy.Term, error) {
	return loaded[[]taxonomy.Term](ctx, obj)
}

func (r *workingTableResolver) PartOf(ctx context.Context, obj *table.Table) (*table.Table, error) {
	return loaded[*table.Table](ctx, obj)
}

func (r *workingTableResolver) SubTables(ctx context.Context, obj *table.Table, first *int) ([]*table.Table, error) {
	return loaded[[]*table.Table](ctx, obj)
}

func (r *workingTableResolver) ProposedFrom(ctx context.Context, obj *table.Table) (model.Node, error) {
	return loaded[model.Node](ctx, obj)
}

func (r *workingTableResolver) Members(ctx context.Context, obj *table.Table, asOf *time.Time) ([]*table.Member, error) {
	return loaded[[]*table.Member](ctx, obj)
}

func (r *workingTableResolver) Seats(ctx context.Context, obj *table.Table) ([]*table.Seat, error) {
	return loaded[[]*table.Seat](ctx, obj)
}

func (r *workingTableResolver) Officers(ctx context.Context, obj *table.Table) ([]*table.Officer, error) {
	return loaded[[]*table.Officer](ctx, obj)
}

func (r *workingTableResolver) JoinRequests(ctx context.Context, obj *table.Table) ([]*table.JoinRequest, error) {
	return loaded[[]*table.JoinRequest](ctx, obj)
}

func (r *workingTableResolver) Sessions(ctx context.Context, obj *table.Table, first *int, after *string) (*page.Connection[*table.Session], error) {
	return loaded[*page.Connection[*table.Session]](ctx, obj)
}

func (r *workingTableResolver) OpenPolls(ctx context.Context, obj *table.Table) ([]*table.Poll, error) {
	return loaded[[]*table.Poll](ctx, obj)
}

func (r *workingTableResolver) Revision(ctx context.Context, obj *table.Table) (*string, error) {
	return organisersRevision(obj.ViewerLevel, obj.Revision), nil
}

func (r *workingTableResolver) ViewerCanAskToJoin(ctx context.Context, obj *table.Table) (*model.Permission, error) {
	return permission(ctx, obj.MayAskToJoin(access.From(ctx))), nil
}

func (r *workingTableResolver) ViewerCanOrganise(ctx context.Context, obj *table.Table) (*model.Permission, error) {
	return permission(ctx, access.MayOrganise(access.From(ctx), obj.Subject())), nil
}

func (r *workingTableResolver) ViewerCanDecide(ctx context.Context, obj *table.Table) (*model.Permission, error) {
	return permission(ctx, access.MayDecideProposal(access.From(ctx), obj.Subject())), nil
}

func (r *workingTableResolver) ViewerCanTakePart(ctx context.Context, obj *table.Table) (*model.Permission, error) {
	return permission(ctx, access.MayTakePart(access.From(ctx), obj.Subject())), nil
}

func (r *Resolver) AgendaItem() generated.AgendaItemResolver { return &agendaItemResolver{r} }

func (r *Resolver) Minutes() generated.MinutesResolver { return &minutesResolver{r} }

func (r *Resolver) TableAttendance() generated.TableAttendanceResolver {
	return &tableAttendanceResolver{r}
}

func (r *Resolver) TableLink() generated.TableLinkResolver { return &tableLinkResolver{r} }

func (r *Resolver) TableJoinRequest() generated.TableJoinRequestResolver {
	return &tableJoinRequestResolver{r}
}

func (r *Resolver) TableMember() generated.TableMemberResolver { return &tableMemberResolver{r} }

func (r *Resolver) TableNamedVote() generated.TableNamedVoteResolver {
	return &tableNamedVoteResolver{r}
}

func (r *Resolver) TableResolution() generated.TableResolutionResolver {
	return &tableResolutionResolver{r}
}

func (r *Resolver) TableResponsible() generated.TableResponsibleResolver {
	return &tableResponsibleResolver{r}
}

func (r *Resolver) TablePoll() generated.TablePollResolver { return &tablePollResolver{r} }

func (r *Resolver) TableSeat() generated.TableSeatResolver { return &tableSeatResolver{r} }

func (r *Resolver) TableSession() generated.TableSessionResolver { return &tableSessionResolver{r} }

func (r *Resolver) TableSessionBoard() generated.TableSessionBoardResolver {
	return &tableSessionBoardResolver{r}
}

func (r *Resolver) WorkingTable() generated.WorkingTableResolver { return &workingTableResolver{r} }

type (
	agendaItemResolver        struct{ *Resolver }
	minutesResolver           struct{ *Resolver }
	tableAttendanceResolver   struct{ *Resolver }
	tableLinkResolver         struct{ *Resolver }
	tableJoinRequestResolver  struct{ *Resolver }
	tableMemberResolver       struct{ *Resolver }
	tableNamedVoteResolver    struct{ *Resolver }
	tableResolutionResolver   struct{ *Resolver }
	tableResponsibleResolver  struct{ *Resolver }
	tablePollResolver         struct{ *Resolver }
	tableSeatResolver         struct{ *Resolver }
	tableSessionResolver      struct{ *Resolver }
	tableSessionBoardResolver struct{ *Resolver }
	workingTableResolver      struct{ *Resolver }
)
