package document

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/private"
)

// Export gives what a person added.
func (s *Service) Export(ctx context.Context, q postgres.Querier, who personal.Subject) ([]personal.Table, error) {
	return private.Export(ctx, q, who, []private.Query{{
		Name: "documents_uploaded", Columns: []string{"about", "title", "version", "file", "at"},
		SQL: `select n.title_ca, coalesce(d.title->>'ca', d.title->>'es', d.title->>'en', ''), v.version::text,
			  coalesce(v.file_name, v.url), v.added_at::text
			from document_versions v join documents d on d.id = v.document join nodes n on n.id = d.root where v.added_by = $1
			union all select n.title_ca, 'collection', '', '', c.created_at::text
			from document_collections c join nodes n on n.id = c.node where c.created_by = $1
			union all select n.title_ca, 'place for a file', '', u.file_name, u.expires_at::text
			from document_uploads u join nodes n on n.id = u.root where u.person = $1 and u.done_at is null order by 5`,
	}})
}

// Erase has nothing to take out: documents belong to the organisations that
// their authors acted for.
func (s *Service) Erase(context.Context, *access.Viewer, personal.Subject) (personal.Erased, error) {
	return personal.Erased{}, nil
}
