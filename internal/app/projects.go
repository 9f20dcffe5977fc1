package app

import (
	"context"

	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// priorityProjects lets priorities of workshops become shared projects.
type priorityProjects struct{ *project.Service }

// CreateFrom implements workshop.Projects.
func (p priorityProjects) CreateFrom(ctx context.Context, tx *postgres.Tx, v *access.Viewer, spec workshop.ProjectSpec) (id.ID, error) {
	return p.CreateIn(ctx, tx, v, project.Input{
		Lead: spec.Lead, Side: project.Side(spec.Side), DerivedFrom: []id.ID{spec.Workshop},
		Fields: project.Fields{Title: spec.Title, Visibility: spec.Visibility, Area: spec.Area},
	})
}
