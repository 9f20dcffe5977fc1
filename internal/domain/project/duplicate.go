package project

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Copy is how a copy differs from the project it is made after; nil is the same.
type Copy struct {
	Title      *lang.Text
	Visibility *access.Level
}

// Duplicate begins a project like another one, as an idea that comes from it: what
// it says and is for, its partners of today with their parts, and its milestones.
// Dates, commitments (nobody has promised them again), what was done, what others
// could take over, money and notes stay behind. Without a visibility or a title
// the copy has those of the project; who copies may choose any, as for a new one.
//
// Who may: the project's organisers who answer for its lead.
func (s *Service) Duplicate(ctx context.Context, v *access.Viewer, project id.ID, as Copy, key string) (*Result, error) {
	return s.run(ctx, s.call(v, key, "sharedProjectDuplicate", project, as), func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		c, err := lock(ctx, tx, v, project, access.MayOrganise)
		if err != nil {
			return nil, err
		}
		in, err := c.again(ctx, tx.Native(), as)
		if err != nil {
			return nil, err
		}
		made, err := s.CreateIn(ctx, tx, v, in)
		if err != nil {
			return nil, err
		}
		_, err = tx.Native().Exec(ctx, `
			insert into project_milestones (id, project, title) select gen_random_uuid(), $2, title from project_milestones where project = $1`,
			project, made)
		return []id.ID{made}, storeError("copy milestones", err)
	})
}

// again is the project as it would be entered once more. Partners that the viewer
// does not see are not asked again.
func (c *changing) again(ctx context.Context, q postgres.Querier, as Copy) (Input, error) {
	p := c.project
	in := Input{Lead: p.Home, DerivedFrom: []id.ID{p.ID}, Fields: Fields{
		Title: p.Title, Summary: p.Summary, Description: p.Description, Aims: p.Aims, Visibility: p.Visibility,
	}}
	in.fill(c.related)
	if as.Title != nil {
		in.Title = *as.Title
	}
	if as.Visibility != nil {
		in.Visibility = *as.Visibility
	}
	partners, err := PartnersOf(ctx, q, c.viewer, []id.ID{p.ID}, false)
	if err != nil {
		return in, err
	}
	for _, partner := range partners[p.ID] {
		if partner.Lead {
			in.Side = partner.Side
			continue
		}
		in.Partners = append(in.Partners, PartnerInput{Organization: partner.Organization.ID, Side: partner.Side, Part: partner.Part})
	}
	return in, nil
}
