package graph

import (
	"context"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/kernel/page"
)

func (r *eventResolver) ParticipantImports(ctx context.Context, obj *calendar.Event, first *int, after *string) (*page.Connection[*calendar.Import], error) {
	return loaded[*page.Connection[*calendar.Import]](ctx, obj)
}

func (r *participantImportResolver) Problems(ctx context.Context, obj *calendar.Import, first *int, after *string) (*page.Connection[calendar.Problem], error) {
	return loaded[*page.Connection[calendar.Problem]](ctx, obj)
}

func (r *participantImportResolver) AskedBy(ctx context.Context, obj *calendar.Import) (*directory.Person, error) {
	return loaded[*directory.Person](ctx, obj)
}

func (r *participantImportResolver) OnBehalfOf(ctx context.Context, obj *calendar.Import) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *subscriptionResolver) ParticipantImportProgress(ctx context.Context, id string, after *string) (<-chan *model.ParticipantImportProgress, error) {
	return r.importStream(ctx, id, after)
}

func (r *Resolver) ParticipantImport() generated.ParticipantImportResolver {
	return &participantImportResolver{r}
}

type participantImportResolver struct{ *Resolver }
