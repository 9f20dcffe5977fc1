package graph

import (
	"context"
	"strings"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

func (r *queryResolver) Taxonomy(ctx context.Context, kind model.TaxonomyKind) ([]taxonomy.Term, error) {
	return taxonomy.List(ctx, r.DB.Read(), access.From(ctx), node.Kind(strings.ToLower(string(kind))))
}
