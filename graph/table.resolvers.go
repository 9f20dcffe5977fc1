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
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

func (r *associationResolver) WorkingTables(ctx context.Context, obj *directory.Association, first *int, after *string) (*page.Connection[*table.Table], error) {
	return loaded[*page.Connection[*table.Table]](ctx, obj)
}

func (r *institutionResolver) WorkingTables(ctx context.Context, obj *directory.Institution, first *int, after *string) (*page.Connection[*table.Table], error) {
	return loaded[*page.Connection[*table.Table]](ctx, obj)
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

func (r *mutationResolver) TableJoinRequestWithdraw(ctx context.Context, input model.TableJoinRequestWithdrawInput) (*model.TableJoinRequestWithdrawPayload, error) {
	t, errs, err := onPartOf(ctx, table.JoinType, input.ID, "id", func(v *access.Viewer, of, asked id.ID, _ *inputs) (id.ID, error) {
		return of, r.Tables.WithdrawJoin(ctx, v, of, asked, value(input.IdempotencyKey))
	}, r.tableOf)
	return &model.TableJoinRequestWithdrawPayload{Table: t, Errors: errs}, err
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

func (r *subscriptionResolver) TableChanges(ctx context.Context, id string, after *string) (<-chan *model.TableChange, error) {
	return liveOf(ctx, r.Resolver, after, r.tableLive(id))
}

func (r *tableJoinRequestResolver) Organization(ctx context.Context, obj *table.JoinRequest) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *tableMemberResolver) Organization(ctx context.Context, obj *table.Member) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *tableSeatResolver) Organization(ctx context.Context, obj *table.Seat) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
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

func (r *Resolver) TableJoinRequest() generated.TableJoinRequestResolver {
	return &tableJoinRequestResolver{r}
}

func (r *Resolver) TableMember() generated.TableMemberResolver { return &tableMemberResolver{r} }

func (r *Resolver) TableSeat() generated.TableSeatResolver { return &tableSeatResolver{r} }

func (r *Resolver) WorkingTable() generated.WorkingTableResolver { return &workingTableResolver{r} }

type (
	tableJoinRequestResolver struct{ *Resolver }
	tableMemberResolver      struct{ *Resolver }
	tableSeatResolver        struct{ *Resolver }
	workingTableResolver     struct{ *Resolver }
)
