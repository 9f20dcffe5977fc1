package graph

import (
	"context"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

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

func (r *tableNamedVoteResolver) Organization(ctx context.Context, obj *table.Vote) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
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

func (r *Resolver) TableNamedVote() generated.TableNamedVoteResolver {
	return &tableNamedVoteResolver{r}
}

func (r *Resolver) TableResolution() generated.TableResolutionResolver {
	return &tableResolutionResolver{r}
}

func (r *Resolver) TableResponsible() generated.TableResponsibleResolver {
	return &tableResponsibleResolver{r}
}

type (
	tableNamedVoteResolver   struct{ *Resolver }
	tableResolutionResolver  struct{ *Resolver }
	tableResponsibleResolver struct{ *Resolver }
)
