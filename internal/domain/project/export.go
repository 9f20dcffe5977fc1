package project

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/private"
)

// Export gives all that is kept about a person's work on projects. The caller
// has made sure that it is for the person.
func (s *Service) Export(ctx context.Context, q postgres.Querier, who personal.Subject) ([]personal.Table, error) {
	return private.Export(ctx, q, who, []private.Query{
		{
			Name: "projects_created", Columns: []string{"project", "state", "created_at"},
			SQL: `select n.title_ca, s.state, s.created_at::text from shared_projects s join nodes n on n.id = s.node
				where s.created_by = $1
				union all select n.title_ca, g.kind, g.created_at::text from (
				  select node, kind, created_at, created_by from programmes
				  union all select node, kind, created_at, created_by from strategies) g join nodes n on n.id = g.node
				where g.created_by = $1 order by 3`,
		},
		{
			Name: "project_work", Columns: []string{"project", "what", "text", "at"},
			SQL: `select n.title_ca, w.what, coalesce(w.text->>'ca', w.text->>'es', w.text->>'en', ''), w.at::text from (
				  select project, 'commitment' as what, text, created_at as at from partner_commitments where created_by = $1
				  union all select project, 'activity', title, created_at from project_activities where created_by = $1
				  union all select project, 'note', text, created_at from project_notes where created_by = $1
				  union all select c.project, 'commitment handed on', c.text, m.at
				    from partner_commitment_moves m join partner_commitments c on c.id = m.commitment where m.moved_by = $1) w
				join nodes n on n.id = w.project order by w.at`,
		},
	})
}

// Erase has nothing to take out: identifiers that name nobody any more stay, and
// texts belong to the organisations that their authors acted for.
func (s *Service) Erase(context.Context, *access.Viewer, personal.Subject) (personal.Erased, error) {
	return personal.Erased{}, nil
}
