package graph

import (
	"context"
	"time"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
)

type projectPage = page.Connection[*project.Project]

func (r *associationResolver) PartnerIn(ctx context.Context, obj *directory.Association, _ *int, _ *string) (*projectPage, error) {
	return loaded[*projectPage](ctx, obj)
}

func (r *publicServiceResolver) PartnerIn(ctx context.Context, obj *directory.PublicService, _ *int, _ *string) (*projectPage, error) {
	return loaded[*projectPage](ctx, obj)
}

func (r *institutionResolver) PartnerIn(ctx context.Context, obj *directory.Institution, _ *int, _ *string) (*projectPage, error) {
	return loaded[*projectPage](ctx, obj)
}

func (r *municipalityResolver) PartnerIn(ctx context.Context, obj *territory.Municipality, _ *int, _ *string) (*projectPage, error) {
	return loaded[*projectPage](ctx, obj)
}

func (r *municipalityResolver) Projects(ctx context.Context, obj *territory.Municipality, _ *int, _ *string) (*projectPage, error) {
	return loaded[*projectPage](ctx, obj)
}

func (r *districtResolver) Projects(ctx context.Context, obj *territory.District, _ *int, _ *string) (*projectPage, error) {
	return loaded[*projectPage](ctx, obj)
}

func (r *neighbourhoodResolver) Projects(ctx context.Context, obj *territory.Neighbourhood, _ *int, _ *string) (*projectPage, error) {
	return loaded[*projectPage](ctx, obj)
}

func (r *commitmentMoveResolver) From(ctx context.Context, obj *project.Move) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *commitmentMoveResolver) To(ctx context.Context, obj *project.Move) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *partnerCommitmentResolver) Partner(ctx context.Context, obj *project.Commitment) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *partnerCommitmentResolver) Moves(ctx context.Context, obj *project.Commitment) ([]*project.Move, error) {
	return loaded[[]*project.Move](ctx, obj)
}

func (r *programmeResolver) Organization(ctx context.Context, obj *project.Programme) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *programmeResolver) Projects(ctx context.Context, obj *project.Programme, _ *int, _ *string) (*projectPage, error) {
	return loaded[*projectPage](ctx, obj)
}

func (r *programmeResolver) ViewerCanOrganise(ctx context.Context, obj *project.Programme) (*model.Permission, error) {
	return permission(ctx, access.MayOrganise(access.From(ctx), obj.Subject())), nil
}

func (r *projectActivityResolver) Territory(ctx context.Context, obj *project.Activity) (territory.Territory, error) {
	return loaded[territory.Territory](ctx, obj)
}

func (r *projectChangeResolver) Organization(ctx context.Context, obj *model.ProjectChange) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *projectChangeResolver) Note(ctx context.Context, obj *model.ProjectChange) (*project.Note, error) {
	return loaded[*project.Note](ctx, obj)
}

func (r *projectFundingResolver) Organization(ctx context.Context, obj *project.Funding) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *projectNoteResolver) OnBehalfOf(ctx context.Context, obj *project.Note) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *sharedProjectResolver) Area(ctx context.Context, obj *project.Project) ([]territory.Territory, error) {
	return loaded[[]territory.Territory](ctx, obj)
}

func (r *sharedProjectResolver) Places(ctx context.Context, obj *project.Project) ([]territory.Territory, error) {
	return loaded[[]territory.Territory](ctx, obj)
}

func (r *sharedProjectResolver) About(ctx context.Context, obj *project.Project) ([]taxonomy.Term, error) {
	return loaded[[]taxonomy.Term](ctx, obj)
}

func (r *sharedProjectResolver) TargetGroups(ctx context.Context, obj *project.Project) ([]*taxonomy.TargetGroup, error) {
	return loaded[[]*taxonomy.TargetGroup](ctx, obj)
}

func (r *sharedProjectResolver) Partners(ctx context.Context, obj *project.Project, _ bool) ([]*model.ProjectPartner, error) {
	return loaded[[]*model.ProjectPartner](ctx, obj)
}

func (r *sharedProjectResolver) Commitments(ctx context.Context, obj *project.Project) ([]*project.Commitment, error) {
	return loaded[[]*project.Commitment](ctx, obj)
}

func (r *sharedProjectResolver) Milestones(ctx context.Context, obj *project.Project) ([]*project.Milestone, error) {
	return loaded[[]*project.Milestone](ctx, obj)
}

func (r *sharedProjectResolver) Done(ctx context.Context, obj *project.Project) (*project.Done, error) {
	return loaded[*project.Done](ctx, obj)
}

func (r *sharedProjectResolver) Funding(ctx context.Context, obj *project.Project) ([]*project.Funding, error) {
	return loaded[[]*project.Funding](ctx, obj)
}

func (r *sharedProjectResolver) Notes(ctx context.Context, obj *project.Project, _ *int) ([]*project.Note, error) {
	return loaded[[]*project.Note](ctx, obj)
}

func (r *sharedProjectResolver) Programmes(ctx context.Context, obj *project.Project) ([]*project.Programme, error) {
	return loaded[[]*project.Programme](ctx, obj)
}

func (r *sharedProjectResolver) Strategies(ctx context.Context, obj *project.Project) ([]*project.Strategy, error) {
	return loaded[[]*project.Strategy](ctx, obj)
}

func (r *sharedProjectResolver) DerivedFrom(ctx context.Context, obj *project.Project) ([]model.Node, error) {
	return loaded[[]model.Node](ctx, obj)
}

func (r *sharedProjectResolver) LedTo(ctx context.Context, obj *project.Project) ([]model.Node, error) {
	return loaded[[]model.Node](ctx, obj)
}

func (r *sharedProjectResolver) Revision(_ context.Context, obj *project.Project) (*string, error) {
	if obj.ViewerLevel < access.Organisers {
		return nil, nil
	}
	return pointer(showRevision(obj.Revision)), nil
}

func (r *sharedProjectResolver) ViewerCanOrganise(ctx context.Context, obj *project.Project) (*model.Permission, error) {
	return permission(ctx, access.MayOrganise(access.From(ctx), obj.Subject())), nil
}

func (r *sharedProjectResolver) ViewerCanTakePart(ctx context.Context, obj *project.Project) (*model.Permission, error) {
	return permission(ctx, access.MayTakePart(access.From(ctx), obj.Subject())), nil
}

func (r *strategyResolver) Organization(ctx context.Context, obj *project.Strategy) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *strategyResolver) Signatories(ctx context.Context, obj *project.Strategy) ([]*model.StrategySignature, error) {
	return loaded[[]*model.StrategySignature](ctx, obj)
}

func (r *strategyResolver) Projects(ctx context.Context, obj *project.Strategy, _ *int, _ *string) (*projectPage, error) {
	return loaded[*projectPage](ctx, obj)
}

func (r *strategyResolver) ViewerCanOrganise(ctx context.Context, obj *project.Strategy) (*model.Permission, error) {
	return permission(ctx, access.MayOrganise(access.From(ctx), obj.Subject())), nil
}

func (r *queryResolver) SharedProject(ctx context.Context, global string) (*project.Project, error) {
	return r.projectNamed(ctx, global)
}

func (r *queryResolver) SharedProjects(ctx context.Context, first *int, after *string, filter *model.SharedProjectFilter) (*projectPage, error) {
	args, err := pageArgs(ctx, first, after)
	if err != nil {
		return nil, err
	}
	f, err := projectFilter(ctx, r.DB.Read(), filter)
	if err != nil {
		return nil, err
	}
	return project.List(ctx, r.DB.Read(), access.From(ctx), f, args, rootLevel(ctx).projectColumns())
}

func (r *queryResolver) Programmes(ctx context.Context, first *int, after *string) (*page.Connection[*project.Programme], error) {
	found, err := r.groups(ctx, project.ProgrammeKinds(), first, after)
	if err != nil {
		return nil, err
	}
	return page.Map(found, asProgramme), nil
}

func (r *queryResolver) Strategies(ctx context.Context, first *int, after *string) (*page.Connection[*project.Strategy], error) {
	found, err := r.groups(ctx, project.StrategyKinds(), first, after)
	if err != nil {
		return nil, err
	}
	return page.Map(found, asStrategy), nil
}

func (r *mutationResolver) SharedProjectCreate(ctx context.Context, input model.SharedProjectCreateInput) (*model.SharedProjectCreatePayload, error) {
	in, err := projectCreate(input)
	var result *project.Result
	if err == nil {
		result, err = r.Projects.Create(ctx, access.From(ctx), in, value(input.IdempotencyKey))
	}
	made, warned, errs, err := projectAnswer(ctx, result, err, "lead")
	return &model.SharedProjectCreatePayload{Project: made, Warnings: warned, Errors: errs}, err
}

func (r *mutationResolver) SharedProjectDuplicate(ctx context.Context, input model.SharedProjectDuplicateInput) (*model.SharedProjectDuplicatePayload, error) {
	made, warned, errs, err := onProject(ctx, input.ID, "id", func(of id.ID) (*project.Result, error) {
		return r.Projects.Duplicate(ctx, access.From(ctx), of, project.Copy{Title: input.Title.Value(), Visibility: input.Visibility.Value()}, value(input.IdempotencyKey))
	})
	return &model.SharedProjectDuplicatePayload{Project: made, Warnings: warned, Errors: errs}, err
}

func (r *mutationResolver) SharedProjectUpdate(ctx context.Context, input model.SharedProjectUpdateInput) (*model.SharedProjectUpdatePayload, error) {
	of, changes, err := projectUpdate(input)
	var result *project.Result
	if err == nil {
		result, err = r.Projects.Update(ctx, access.From(ctx), of, revision(input.ExpectedRevision), changes, value(input.IdempotencyKey))
	}
	changed, warned, errs, err := projectAnswer(ctx, result, projectConflict(err), "id")
	return &model.SharedProjectUpdatePayload{Project: changed, Warnings: warned, Errors: errs}, err
}

func (r *mutationResolver) SharedProjectMove(ctx context.Context, input model.SharedProjectMoveInput) (*model.SharedProjectMovePayload, error) {
	changed, _, errs, err := onProject(ctx, input.ID, "id", func(of id.ID) (*project.Result, error) {
		return r.Projects.Move(ctx, access.From(ctx), of, input.To, value(input.Reason), value(input.IdempotencyKey))
	})
	return &model.SharedProjectMovePayload{Project: changed, Errors: errs}, err
}

func (r *mutationResolver) ProjectPartnerAdd(ctx context.Context, input model.ProjectPartnerAddInput) (*model.ProjectPartnerAddPayload, error) {
	of, partner, err := partnerAdd(input)
	var result *project.Result
	if err == nil {
		result, err = r.Projects.AddPartner(ctx, access.From(ctx), of, partner, value(input.IdempotencyKey))
	}
	changed, _, errs, err := projectAnswer(ctx, result, err, "project")
	return &model.ProjectPartnerAddPayload{Project: changed, Errors: errs}, err
}

func (r *mutationResolver) ProjectPartnerLeave(ctx context.Context, input model.ProjectPartnerLeaveInput) (*model.ProjectPartnerLeavePayload, error) {
	of, leaving, err := partnerLeave(input)
	var result *project.Result
	if err == nil {
		result, err = r.Projects.PartnerLeaves(ctx, access.From(ctx), of, leaving, value(input.IdempotencyKey))
	}
	changed, _, errs, err := projectAnswer(ctx, result, err, "project")
	return &model.ProjectPartnerLeavePayload{Project: changed, Errors: errs}, err
}

func (r *mutationResolver) PartnerCommitmentAdd(ctx context.Context, input model.PartnerCommitmentAddInput) (*model.PartnerCommitmentAddPayload, error) {
	of, in, err := commitmentAdd(input)
	var result *project.Result
	if err == nil {
		result, err = r.Projects.AddCommitment(ctx, access.From(ctx), of, in, value(input.IdempotencyKey))
	}
	changed, commitment, errs, err := r.commitmentAnswer(ctx, result, err, "project")
	return &model.PartnerCommitmentAddPayload{Commitment: commitment, Project: changed, Errors: errs}, err
}

func (r *mutationResolver) PartnerCommitmentChange(ctx context.Context, input model.PartnerCommitmentChangeInput) (*model.PartnerCommitmentChangePayload, error) {
	of, part, changes, err := commitmentChange(input)
	var result *project.Result
	if err == nil {
		result, err = r.Projects.ChangeCommitment(ctx, access.From(ctx), of, part, changes, value(input.IdempotencyKey))
	}
	changed, commitment, errs, err := r.commitmentAnswer(ctx, result, err, "id")
	return &model.PartnerCommitmentChangePayload{Commitment: commitment, Project: changed, Errors: errs}, err
}

func (r *mutationResolver) ProjectMilestoneSet(ctx context.Context, input model.ProjectMilestoneSetInput) (*model.ProjectMilestoneSetPayload, error) {
	of, part, err := newOrPart(input.Project.Value(), input.ID.Value(), project.MilestoneID)
	var result *project.Result
	if err == nil {
		in := project.MilestoneInput{Title: *input.Title, Due: value(input.Due), ReachedOn: value(input.ReachedOn)}
		result, err = r.Projects.SetMilestone(ctx, access.From(ctx), of, part, in, value(input.IdempotencyKey))
	}
	changed, _, errs, err := projectAnswer(ctx, result, err, newOrPartField(input.ID.Value()))
	return &model.ProjectMilestoneSetPayload{Project: changed, Errors: errs}, err
}

func (r *mutationResolver) ProjectMilestoneRemove(ctx context.Context, input model.ProjectMilestoneRemoveInput) (*model.ProjectMilestoneRemovePayload, error) {
	changed, errs, err := onProjectPart(ctx, project.MilestoneID, input.ID, func(of, part id.ID) (*project.Result, error) {
		return r.Projects.RemoveMilestone(ctx, access.From(ctx), of, part, value(input.IdempotencyKey))
	})
	return &model.ProjectMilestoneRemovePayload{Project: changed, Errors: errs}, err
}

func (r *mutationResolver) ProjectActivitySet(ctx context.Context, input model.ProjectActivitySetInput) (*model.ProjectActivitySetPayload, error) {
	of, part, in, err := activitySet(input)
	var result *project.Result
	if err == nil {
		result, err = r.Projects.SetActivity(ctx, access.From(ctx), of, part, in, value(input.IdempotencyKey))
	}
	changed, warned, errs, err := projectAnswer(ctx, result, err, newOrPartField(input.ID.Value()))
	return &model.ProjectActivitySetPayload{Project: changed, Warnings: warned, Errors: errs}, err
}

func (r *mutationResolver) ProjectActivityRemove(ctx context.Context, input model.ProjectActivityRemoveInput) (*model.ProjectActivityRemovePayload, error) {
	changed, errs, err := onProjectPart(ctx, project.ActivityID, input.ID, func(of, part id.ID) (*project.Result, error) {
		return r.Projects.RemoveActivity(ctx, access.From(ctx), of, part, value(input.IdempotencyKey))
	})
	return &model.ProjectActivityRemovePayload{Project: changed, Errors: errs}, err
}

func (r *mutationResolver) ProjectFundingSet(ctx context.Context, input model.ProjectFundingSetInput) (*model.ProjectFundingSetPayload, error) {
	of, list, err := fundingSet(input)
	var result *project.Result
	if err == nil {
		result, err = r.Projects.SetFunding(ctx, access.From(ctx), of, list, value(input.IdempotencyKey))
	}
	changed, _, errs, err := projectAnswer(ctx, result, err, "project")
	return &model.ProjectFundingSetPayload{Project: changed, Errors: errs}, err
}

func (r *mutationResolver) ProjectNoteAdd(ctx context.Context, input model.ProjectNoteAddInput) (*model.ProjectNoteAddPayload, error) {
	var result *project.Result
	changed, _, errs, err := onProject(ctx, input.Project, "project", func(of id.ID) (_ *project.Result, err error) {
		in := project.NoteInput{Text: *input.Text, Internal: input.Internal}
		result, err = r.Projects.AddNote(ctx, access.From(ctx), of, in, value(input.IdempotencyKey))
		return result, err
	})
	note, noteErr := r.noteOf(ctx, result)
	return &model.ProjectNoteAddPayload{Note: note, Project: changed, Errors: errs}, first(err, noteErr)
}

func (r *mutationResolver) ProjectNoteRemove(ctx context.Context, input model.ProjectNoteRemoveInput) (*model.ProjectNoteRemovePayload, error) {
	changed, errs, err := onProjectPart(ctx, project.NoteID, input.ID, func(of, part id.ID) (*project.Result, error) {
		return r.Projects.RemoveNote(ctx, access.From(ctx), of, part, value(input.IdempotencyKey))
	})
	return &model.ProjectNoteRemovePayload{Project: changed, Errors: errs}, err
}

func (r *mutationResolver) ProgrammeCreate(ctx context.Context, input model.ProgrammeCreateInput) (*model.ProgrammeCreatePayload, error) {
	made, errs, err := r.groupCreate(ctx, groupSpec{
		input.Organization, input.Kind, *input.Title, value(input.Description), value(input.From), value(input.Until),
		value(input.Visibility), input.About.Value(), value(input.IdempotencyKey),
	})
	return &model.ProgrammeCreatePayload{Programme: asProgramme(made), Errors: errs}, err
}

func (r *mutationResolver) ProgrammeProjectAdd(ctx context.Context, input model.ProgrammeProjectAddInput) (*model.ProgrammeProjectAddPayload, error) {
	group, errs, err := r.regroup(ctx, programmeKinds, input.ID, input.Project, func(group, of id.ID) (*project.Group, error) {
		return r.Services.Projects.AddToGroup(ctx, access.From(ctx), group, of, value(input.IdempotencyKey))
	})
	return &model.ProgrammeProjectAddPayload{Programme: asProgramme(group), Errors: errs}, err
}

func (r *mutationResolver) ProgrammeProjectRemove(ctx context.Context, input model.ProgrammeProjectRemoveInput) (*model.ProgrammeProjectRemovePayload, error) {
	group, errs, err := r.regroup(ctx, programmeKinds, input.ID, input.Project, func(group, of id.ID) (*project.Group, error) {
		return r.Services.Projects.RemoveFromGroup(ctx, access.From(ctx), group, of, value(input.IdempotencyKey))
	})
	return &model.ProgrammeProjectRemovePayload{Programme: asProgramme(group), Errors: errs}, err
}

func (r *mutationResolver) StrategyCreate(ctx context.Context, input model.StrategyCreateInput) (*model.StrategyCreatePayload, error) {
	made, errs, err := r.groupCreate(ctx, groupSpec{
		input.Organization, input.Kind, *input.Title, value(input.Description), value(input.From), value(input.Until),
		value(input.Visibility), input.About.Value(), value(input.IdempotencyKey),
	})
	return &model.StrategyCreatePayload{Strategy: asStrategy(made), Errors: errs}, err
}

func (r *mutationResolver) StrategySign(ctx context.Context, input model.StrategySignInput) (*model.StrategySignPayload, error) {
	group, errs, err := r.sign(ctx, input.ID, input.Organization, func(strategy, body id.ID) (*project.Group, error) {
		return r.Services.Projects.Sign(ctx, access.From(ctx), strategy, body, value(input.On), false, value(input.IdempotencyKey))
	})
	return &model.StrategySignPayload{Strategy: asStrategy(group), Errors: errs}, err
}

func (r *mutationResolver) StrategySignatureWithdraw(ctx context.Context, input model.StrategySignatureWithdrawInput) (*model.StrategySignatureWithdrawPayload, error) {
	group, errs, err := r.sign(ctx, input.ID, input.Organization, func(strategy, body id.ID) (*project.Group, error) {
		return r.Services.Projects.Sign(ctx, access.From(ctx), strategy, body, time.Time{}, true, value(input.IdempotencyKey))
	})
	return &model.StrategySignatureWithdrawPayload{Strategy: asStrategy(group), Errors: errs}, err
}

func (r *mutationResolver) StrategyProjectAdd(ctx context.Context, input model.StrategyProjectAddInput) (*model.StrategyProjectAddPayload, error) {
	group, errs, err := r.regroup(ctx, strategyKinds, input.ID, input.Project, func(group, of id.ID) (*project.Group, error) {
		return r.Services.Projects.AddToGroup(ctx, access.From(ctx), group, of, value(input.IdempotencyKey))
	})
	return &model.StrategyProjectAddPayload{Strategy: asStrategy(group), Errors: errs}, err
}

func (r *mutationResolver) StrategyProjectRemove(ctx context.Context, input model.StrategyProjectRemoveInput) (*model.StrategyProjectRemovePayload, error) {
	group, errs, err := r.regroup(ctx, strategyKinds, input.ID, input.Project, func(group, of id.ID) (*project.Group, error) {
		return r.Services.Projects.RemoveFromGroup(ctx, access.From(ctx), group, of, value(input.IdempotencyKey))
	})
	return &model.StrategyProjectRemovePayload{Strategy: asStrategy(group), Errors: errs}, err
}

func (r *subscriptionResolver) ProjectChanges(ctx context.Context, global string, after *string) (<-chan *model.ProjectChange, error) {
	return liveOf(ctx, r.Resolver, after, r.projectLive(global))
}

// CommitmentMove returns generated.CommitmentMoveResolver implementation.
func (r *Resolver) CommitmentMove() generated.CommitmentMoveResolver {
	return &commitmentMoveResolver{r}
}

// PartnerCommitment returns generated.PartnerCommitmentResolver implementation.
func (r *Resolver) PartnerCommitment() generated.PartnerCommitmentResolver {
	return &partnerCommitmentResolver{r}
}

// Programme returns generated.ProgrammeResolver implementation.
func (r *Resolver) Programme() generated.ProgrammeResolver { return &programmeResolver{r} }

// ProjectActivity returns generated.ProjectActivityResolver implementation.
func (r *Resolver) ProjectActivity() generated.ProjectActivityResolver {
	return &projectActivityResolver{r}
}

// ProjectChange returns generated.ProjectChangeResolver implementation.
func (r *Resolver) ProjectChange() generated.ProjectChangeResolver { return &projectChangeResolver{r} }

// ProjectFunding returns generated.ProjectFundingResolver implementation.
func (r *Resolver) ProjectFunding() generated.ProjectFundingResolver {
	return &projectFundingResolver{r}
}

// ProjectNote returns generated.ProjectNoteResolver implementation.
func (r *Resolver) ProjectNote() generated.ProjectNoteResolver { return &projectNoteResolver{r} }

// SharedProject returns generated.SharedProjectResolver implementation.
func (r *Resolver) SharedProject() generated.SharedProjectResolver { return &sharedProjectResolver{r} }

// Strategy returns generated.StrategyResolver implementation.
func (r *Resolver) Strategy() generated.StrategyResolver { return &strategyResolver{r} }

type (
	commitmentMoveResolver    struct{ *Resolver }
	partnerCommitmentResolver struct{ *Resolver }
	programmeResolver         struct{ *Resolver }
	projectActivityResolver   struct{ *Resolver }
	projectChangeResolver     struct{ *Resolver }
	projectFundingResolver    struct{ *Resolver }
	projectNoteResolver       struct{ *Resolver }
	sharedProjectResolver     struct{ *Resolver }
	strategyResolver          struct{ *Resolver }
)
