package project

import (
	"context"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// maxCents is the most that one source may give.
const maxCents = 100_000_000_000_000

// SetFunding replaces the budget by source. Who may: the organisers.
func (s *Service) SetFunding(ctx context.Context, v *access.Viewer, project id.ID, list []FundingInput, key string) (*Result, error) {
	for i := range list {
		list[i].Source = form.Trim(list[i].Source)
	}
	return s.onProject(ctx, s.call(v, key, "projectFundingSet", project, list), project, lockForChange,
		func(ctx context.Context, tx *postgres.Tx, c *changing) (id.ID, error) {
			return id.Zero, c.setFunding(ctx, tx, list)
		})
}

func (c *changing) setFunding(ctx context.Context, tx *postgres.Tx, list []FundingInput) error {
	if err := c.checkFunding(ctx, tx.Native(), list); err != nil {
		return err
	}
	if _, err := tx.Native().Exec(ctx, `delete from project_funding where project = $1`, c.project.ID); err != nil {
		return storeError("replace the budget", err)
	}
	for i, f := range list {
		_, err := tx.Native().Exec(ctx, `
			insert into project_funding (id, project, position, source, body, cents) values ($1, $2, $3, $4, $5, $6)`,
			id.New(), c.project.ID, i, f.Source, f.Body, f.Cents)
		if err != nil {
			return storeError("insert a source of the budget", err)
		}
	}
	return c.tell(ctx, tx, FactFundingSet, Fact{})
}

func (c *changing) checkFunding(ctx context.Context, q postgres.Querier, list []FundingInput) error {
	var f form.Findings
	if len(list) > maxFunding {
		f.Max(form.ErrTooMany, maxFunding, "sources")
		return f.Err()
	}
	var bodies []id.ID
	for _, x := range list {
		if !x.Body.IsZero() {
			bodies = append(bodies, x.Body)
		}
	}
	kinds, err := relation.VisibleKinds(ctx, q, c.viewer, bodies)
	if err != nil {
		return err
	}
	for i, x := range list {
		at := []string{"sources", strconv.Itoa(i)}
		f.Needed(x.Source, 200, append(at, "source")...)
		if x.Cents < 0 || x.Cents > maxCents {
			f.Faults = append(f.Faults, form.ErrRange.At(append(at, "euros")...).With("min", 0).With("max", maxCents/100))
		}
		if !x.Body.IsZero() && !slices.Contains(relation.Organisations(), kinds[x.Body]) {
			f.Add(fault.ErrNotFound, append(at, "organization")...)
		}
	}
	return f.Err()
}

var fundingSQL = `
select f.project, f.id, f.source, f.body, f.cents
from project_funding f join nodes n on n.id = f.project
where f.project = any(` + postgres.Keys + `) and ` + access.VisibleSQL("n", 2) + `
order by f.project, f.position`

// FundingOf reads the budgets of the projects that the viewer can see, by source.
func FundingOf(ctx context.Context, q postgres.Querier, v *access.Viewer, projects []id.ID) (map[id.ID][]*Funding, error) {
	return partsOf(ctx, q, v, fundingSQL, projects, func(row pgx.CollectableRow) (*Funding, id.ID, error) {
		f := &Funding{}
		err := row.Scan(&f.Project, &f.ID, &f.Source, &f.Body, &f.Cents)
		return f, f.Project, err
	})
}
