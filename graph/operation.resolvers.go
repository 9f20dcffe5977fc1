package graph

import (
	"context"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/platform/jobs"
)

func (r *jobResolver) State(_ context.Context, obj *jobs.Job) (model.JobState, error) {
	return showJobState(obj.State), nil
}

func (r *queryResolver) Jobs(ctx context.Context, first *int, after *string, filter *model.JobFilter) (*model.JobConnection, error) {
	args, err := pageArgs(ctx, first, after)
	if err != nil {
		return nil, err
	}
	return r.jobs(ctx, args, filter)
}

func (r *Resolver) Job() generated.JobResolver { return &jobResolver{r} }

type jobResolver struct{ *Resolver }
