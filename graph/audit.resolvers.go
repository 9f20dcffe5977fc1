package graph

import (
	"context"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
)

func (r *auditConnectionResolver) Edges(_ context.Context, obj *model.AuditConnection) ([]*model.AuditEdge, error) {
	return obj.Edges(), nil
}

func (r *auditConnectionResolver) PageInfo(_ context.Context, obj *model.AuditConnection) (*page.Info, error) {
	return obj.PageInfo(), nil
}

func (r *queryResolver) AuditTrail(ctx context.Context, node string, first *int, after *string, filter *model.AuditFilter) (*model.AuditConnection, error) {
	args, err := pageArgs(ctx, first, after)
	if err != nil {
		return nil, err
	}
	c, err := r.auditTrail(ctx, node, filter, args)
	if err != nil {
		return nil, err
	}
	return r.level(ctx).trail(ctx, c)
}

func (r *queryResolver) AuditExport(ctx context.Context, node string, filter *model.AuditFilter) (string, error) {
	c, err := r.auditTrail(ctx, node, filter, page.Args{First: maxExported})
	if err != nil {
		return "", err
	}
	if len(c.Nodes) > 0 {
		if err := audit.Exported(ctx, r.DB.Read(), access.From(ctx), c.Nodes[0].Node); err != nil {
			return "", err
		}
	}
	return r.level(ctx).auditCSV(ctx, c)
}

func (r *viewerResolver) AccessesToMyData(ctx context.Context, obj *model.Viewer, _ *int, _ *string) (*model.AuditConnection, error) {
	return loaded[*model.AuditConnection](ctx, obj)
}

func (r *Resolver) AuditConnection() generated.AuditConnectionResolver {
	return &auditConnectionResolver{r}
}

type auditConnectionResolver struct{ *Resolver }
