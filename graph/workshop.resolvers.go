package graph

import (
	"context"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
)

func (r *eventResolver) DerivedFrom(ctx context.Context, obj *calendar.Event) ([]model.Node, error) {
	return loaded[[]model.Node](ctx, obj)
}

func (r *eventResolver) LedTo(ctx context.Context, obj *calendar.Event) ([]model.Node, error) {
	return loaded[[]model.Node](ctx, obj)
}

func (r *sharedProjectResolver) FromPriorities(ctx context.Context, obj *project.Project) ([]*workshop.Entry, error) {
	return loaded[[]*workshop.Entry](ctx, obj)
}

func (r *priorConsultationResolver) Organization(ctx context.Context, obj *workshop.Consultation) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *priorConsultationResolver) Findings(ctx context.Context, obj *workshop.Consultation) ([]*workshop.Finding, error) {
	return loaded[[]*workshop.Finding](ctx, obj)
}

func (r *priorConsultationResolver) About(ctx context.Context, obj *workshop.Consultation) ([]taxonomy.Term, error) {
	return loaded[[]taxonomy.Term](ctx, obj)
}

func (r *priorConsultationResolver) LedTo(ctx context.Context, obj *workshop.Consultation) ([]model.Node, error) {
	return loaded[[]model.Node](ctx, obj)
}

func (r *workshopResolver) JoinCode(_ context.Context, obj *workshop.Workshop) (*string, error) {
	return notEmpty(workshop.ShownCode(obj.JoinCode)), nil
}

func (r *workshopResolver) Organization(ctx context.Context, obj *workshop.Workshop) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *workshopResolver) About(ctx context.Context, obj *workshop.Workshop) ([]taxonomy.Term, error) {
	return loaded[[]taxonomy.Term](ctx, obj)
}

func (r *workshopResolver) Board(ctx context.Context, obj *workshop.Workshop) ([]*workshop.Place, error) {
	return loaded[[]*workshop.Place](ctx, obj)
}

func (r *workshopResolver) Groups(ctx context.Context, obj *workshop.Workshop) ([]*workshop.Group, error) {
	return loaded[[]*workshop.Group](ctx, obj)
}

func (r *workshopResolver) DerivedFrom(ctx context.Context, obj *workshop.Workshop) ([]model.Node, error) {
	return loaded[[]model.Node](ctx, obj)
}

func (r *workshopResolver) LedTo(ctx context.Context, obj *workshop.Workshop) ([]model.Node, error) {
	return loaded[[]model.Node](ctx, obj)
}

func (r *workshopResolver) ViewerCanOrganise(ctx context.Context, obj *workshop.Workshop) (*model.Permission, error) {
	return permission(ctx, access.MayOrganise(access.From(ctx), obj.Subject())), nil
}

func (r *workshopChangeResolver) Group(ctx context.Context, obj *model.WorkshopChange) (*workshop.Group, error) {
	return loaded[*workshop.Group](ctx, obj)
}

func (r *workshopNoteResolver) Territory(ctx context.Context, obj *workshop.Entry) (territory.Territory, error) {
	return loaded[territory.Territory](ctx, obj)
}

func (r *workshopNoteResolver) Author(ctx context.Context, obj *workshop.Entry) (*workshop.Group, error) {
	return loaded[*workshop.Group](ctx, obj)
}

func (r *workshopNoteResolver) Project(ctx context.Context, obj *workshop.Entry) (*project.Project, error) {
	return loaded[*project.Project](ctx, obj)
}

func (r *workshopPlaceResolver) Territory(ctx context.Context, obj *workshop.Place) (territory.Territory, error) {
	return loaded[territory.Territory](ctx, obj)
}

func (r *workshopPriorityResolver) Territories(ctx context.Context, obj *workshop.Entry) ([]territory.Territory, error) {
	return loaded[[]territory.Territory](ctx, obj)
}

func (r *workshopPriorityResolver) Authors(ctx context.Context, obj *workshop.Entry) ([]*workshop.Group, error) {
	return loaded[[]*workshop.Group](ctx, obj)
}

func (r *workshopPriorityResolver) Projects(ctx context.Context, obj *workshop.Entry) ([]*project.Project, error) {
	return loaded[[]*project.Project](ctx, obj)
}

func (r *workshopPriorityResolver) Workshop(ctx context.Context, obj *workshop.Entry) (*workshop.Workshop, error) {
	return loaded[*workshop.Workshop](ctx, obj)
}

func (r *queryResolver) Workshop(ctx context.Context, global string) (*workshop.Workshop, error) {
	return r.workshopNamed(ctx, global)
}

func (r *queryResolver) Workshops(ctx context.Context, first *int, after *string) (*page.Connection[*workshop.Workshop], error) {
	args, err := pageArgs(ctx, first, after)
	if err != nil {
		return nil, err
	}
	return workshop.List(ctx, r.DB.Read(), access.From(ctx), args)
}

func (r *queryResolver) WorkshopOfGroup(ctx context.Context, token string) (*workshop.Workshop, error) {
	return r.workshopOfGroup(ctx, token)
}

func (r *queryResolver) PriorConsultation(ctx context.Context, global string) (*workshop.Consultation, error) {
	return r.consultationNamed(ctx, global)
}

func (r *mutationResolver) WorkshopCreate(ctx context.Context, input model.WorkshopCreateInput) (*model.WorkshopCreatePayload, error) {
	in, err := workshopCreate(input)
	var made *workshop.Workshop
	if err == nil {
		made, err = r.Workshops.Create(ctx, access.From(ctx), in, value(input.IdempotencyKey))
	}
	errs, err := userErrors(ctx, err)
	return &model.WorkshopCreatePayload{Workshop: made, Errors: errs}, err
}

func (r *mutationResolver) WorkshopDuplicate(ctx context.Context, input model.WorkshopDuplicateInput) (*model.WorkshopDuplicatePayload, error) {
	made, errs, err := onWorkshop(ctx, input.ID, func(of id.ID) (*workshop.Workshop, error) {
		return r.Workshops.Duplicate(ctx, access.From(ctx), of, input.Title.Value(), value(input.IdempotencyKey))
	})
	return &model.WorkshopDuplicatePayload{Workshop: made, Errors: errs}, err
}

func (r *mutationResolver) WorkshopMove(ctx context.Context, input model.WorkshopMoveInput) (*model.WorkshopMovePayload, error) {
	changed, errs, err := onWorkshop(ctx, input.ID, func(of id.ID) (*workshop.Workshop, error) {
		return r.Workshops.Move(ctx, access.From(ctx), of, input.To, value(input.IdempotencyKey))
	})
	return &model.WorkshopMovePayload{Workshop: changed, Errors: errs}, err
}

func (r *mutationResolver) WorkshopCodeRenew(ctx context.Context, input model.WorkshopCodeRenewInput) (*model.WorkshopCodeRenewPayload, error) {
	changed, errs, err := onWorkshop(ctx, input.ID, func(of id.ID) (*workshop.Workshop, error) {
		return r.Workshops.RenewCode(ctx, access.From(ctx), of, value(input.IdempotencyKey))
	})
	return &model.WorkshopCodeRenewPayload{Workshop: changed, Errors: errs}, err
}

func (r *mutationResolver) WorkshopGroupJoin(ctx context.Context, input model.WorkshopGroupJoinInput) (*model.WorkshopGroupJoinPayload, error) {
	joined, err := r.Workshops.Join(ctx, access.From(ctx), input.Code, input.Name, value(input.IdempotencyKey))
	errs, err := userErrors(ctx, err)
	if joined == nil || err != nil {
		return &model.WorkshopGroupJoinPayload{Errors: errs}, err
	}
	of, err := r.workshopOfGroup(ctx, joined.Token)
	return &model.WorkshopGroupJoinPayload{Group: joined.Group, Token: &joined.Token, Workshop: of, Errors: errs}, err
}

func (r *mutationResolver) WorkshopGroupRevoke(ctx context.Context, input model.WorkshopGroupRevokeInput) (*model.WorkshopGroupRevokePayload, error) {
	changed, errs, err := onPart(ctx, workshop.GroupID, input.ID, func(of, group id.ID) (*workshop.Workshop, error) {
		return r.Workshops.RevokeGroup(ctx, access.From(ctx), of, group, value(input.IdempotencyKey))
	})
	return &model.WorkshopGroupRevokePayload{Workshop: changed, Errors: errs}, err
}

func (r *mutationResolver) WorkshopEntryAdd(ctx context.Context, input model.WorkshopEntryAddInput) (*model.WorkshopEntryAddPayload, error) {
	pen, in, err := entryAdd(input)
	of, entry, errs, err := r.noted(ctx, pen, err, func() (*workshop.Noted, error) {
		return r.Workshops.Note(ctx, access.From(ctx), pen, in, value(input.IdempotencyKey))
	})
	return &model.WorkshopEntryAddPayload{Entry: entryID(entry), Workshop: of, Errors: errs}, err
}

func (r *mutationResolver) WorkshopEntryWithdraw(ctx context.Context, input model.WorkshopEntryWithdrawInput) (*model.WorkshopEntryWithdrawPayload, error) {
	pen, entries, err := penAndEntries(input.By, "id", input.ID)
	of, _, errs, err := r.noted(ctx, pen, err, func() (*workshop.Noted, error) {
		return r.Workshops.Withdraw(ctx, access.From(ctx), pen, entries[0], value(input.IdempotencyKey))
	})
	return &model.WorkshopEntryWithdrawPayload{Workshop: of, Errors: errs}, err
}

func (r *mutationResolver) WorkshopPriorityMerge(ctx context.Context, input model.WorkshopPriorityMergeInput) (*model.WorkshopPriorityMergePayload, error) {
	pen, entries, err := penAndEntries(input.By, "priorities", input.Priorities...)
	of, entry, errs, err := r.noted(ctx, pen, err, func() (*workshop.Noted, error) {
		return r.Workshops.Merge(ctx, access.From(ctx), pen, entries, value(input.IdempotencyKey))
	})
	return &model.WorkshopPriorityMergePayload{Priority: entry, Workshop: of, Errors: errs}, err
}

func (r *mutationResolver) WorkshopPriorityProjectCreate(ctx context.Context, input model.WorkshopPriorityProjectCreateInput) (*model.WorkshopPriorityProjectCreatePayload, error) {
	made, entry, errs, err := r.priorityProject(ctx, input)
	return &model.WorkshopPriorityProjectCreatePayload{Project: made, Priority: entry, Errors: errs}, err
}

func (r *mutationResolver) PriorConsultationCreate(ctx context.Context, input model.PriorConsultationCreateInput) (*model.PriorConsultationCreatePayload, error) {
	in, err := consultationCreate(input)
	var made *workshop.Consultation
	if err == nil {
		made, err = r.Workshops.CreateConsultation(ctx, access.From(ctx), in, value(input.IdempotencyKey))
	}
	errs, err := userErrors(ctx, err)
	return &model.PriorConsultationCreatePayload{Consultation: made, Errors: errs}, err
}

func (r *mutationResolver) PriorConsultationFindingAdd(ctx context.Context, input model.PriorConsultationFindingAddInput) (*model.PriorConsultationFindingAddPayload, error) {
	changed, errs, err := onConsultation(ctx, input.ID, func(of id.ID) (*workshop.Consultation, error) {
		return r.Workshops.AddFinding(ctx, access.From(ctx), of, *input.Text, value(input.IdempotencyKey))
	})
	return &model.PriorConsultationFindingAddPayload{Consultation: changed, Errors: errs}, err
}

func (r *mutationResolver) PriorConsultationEventLink(ctx context.Context, input model.PriorConsultationEventLinkInput) (*model.PriorConsultationEventLinkPayload, error) {
	event, err := eventNamed(input.Event)
	var changed *workshop.Consultation
	var errs []model.UserError
	if err != nil {
		errs, err = userErrors(ctx, err)
	} else {
		changed, errs, err = onConsultation(ctx, input.ID, func(of id.ID) (*workshop.Consultation, error) {
			return r.Workshops.LinkEvent(ctx, access.From(ctx), of, event, value(input.IdempotencyKey))
		})
	}
	return &model.PriorConsultationEventLinkPayload{Consultation: changed, Errors: errs}, err
}

func (r *subscriptionResolver) WorkshopBoard(ctx context.Context, global, token, after *string) (<-chan *model.WorkshopBoard, error) {
	return liveOf(ctx, r.Resolver, after, r.workshopBoardLive(workshopRef{global, token}))
}

func (r *subscriptionResolver) WorkshopChanges(ctx context.Context, global, token, after *string) (<-chan *model.WorkshopChange, error) {
	return liveOf(ctx, r.Resolver, after, r.workshopLive(workshopRef{global, token}))
}

// PriorConsultation returns generated.PriorConsultationResolver implementation.
func (r *Resolver) PriorConsultation() generated.PriorConsultationResolver {
	return &priorConsultationResolver{r}
}

// Workshop returns generated.WorkshopResolver implementation.
func (r *Resolver) Workshop() generated.WorkshopResolver { return &workshopResolver{r} }

// WorkshopChange returns generated.WorkshopChangeResolver implementation.
func (r *Resolver) WorkshopChange() generated.WorkshopChangeResolver {
	return &workshopChangeResolver{r}
}

// WorkshopNote returns generated.WorkshopNoteResolver implementation.
func (r *Resolver) WorkshopNote() generated.WorkshopNoteResolver { return &workshopNoteResolver{r} }

// WorkshopPlace returns generated.WorkshopPlaceResolver implementation.
func (r *Resolver) WorkshopPlace() generated.WorkshopPlaceResolver { return &workshopPlaceResolver{r} }

// WorkshopPriority returns generated.WorkshopPriorityResolver implementation.
func (r *Resolver) WorkshopPriority() generated.WorkshopPriorityResolver {
	return &workshopPriorityResolver{r}
}

type (
	priorConsultationResolver struct{ *Resolver }
	workshopResolver          struct{ *Resolver }
	workshopChangeResolver    struct{ *Resolver }
	workshopNoteResolver      struct{ *Resolver }
	workshopPlaceResolver     struct{ *Resolver }
	workshopPriorityResolver  struct{ *Resolver }
)
