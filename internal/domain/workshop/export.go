package workshop

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/private"
)

// Export gives all that is kept about a person's work on workshops: what they
// organised. What groups noted says nothing about anybody.
func (s *Service) Export(ctx context.Context, q postgres.Querier, who personal.Subject) ([]personal.Table, error) {
	return private.Export(ctx, q, who, []private.Query{{
		Name: "workshops_created", Columns: []string{"title", "what", "at"},
		SQL: `select n.title_ca, x.what, x.at::text from (
			  select node, 'workshop' as what, created_at as at from workshops where created_by = $1
			  union all select node, 'consultation', created_at from prior_consultations where created_by = $1
			  union all select consultation, 'finding', added_at from consultation_findings where added_by = $1
			  union all select e.workshop, 'project of a priority', p.made_at
			    from workshop_priority_projects p join workshop_entries e on e.id = p.priority where p.made_by = $1) x
			join nodes n on n.id = x.node order by x.at`,
	}})
}

// Erase has nothing to take out: identifiers that name nobody any more stay.
func (s *Service) Erase(context.Context, *access.Viewer, personal.Subject) (personal.Erased, error) {
	return personal.Erased{}, nil
}
