package project

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// SetMilestone adds a milestone (Zero) or replaces what one says. Who may: the
// organisers.
func (s *Service) SetMilestone(ctx context.Context, v *access.Viewer, project, milestone id.ID, in MilestoneInput, key string) (*Result, error) {
	in.Title = form.Trim(in.Title)
	return s.onProject(ctx, s.call(v, key, "projectMilestoneSet", project, milestone, in), project, lockForChange,
		func(ctx context.Context, tx *postgres.Tx, c *changing) (id.ID, error) {
			if err := in.check().Err(); err != nil {
				return id.Zero, err
			}
			if milestone.IsZero() {
				return c.addMilestone(ctx, tx, in)
			}
			return milestone, c.changeMilestone(ctx, tx, milestone, in)
		})
}

func (c *changing) addMilestone(ctx context.Context, tx *postgres.Tx, in MilestoneInput) (id.ID, error) {
	if err := room(ctx, tx.Native(), "project_milestones", c.project.ID); err != nil {
		return id.Zero, err
	}
	made := id.New()
	_, err := tx.Native().Exec(ctx, `insert into project_milestones (id, project, title, due, reached_on) values ($1, $2, $3, $4, $5)`,
		made, c.project.ID, in.Title, day(in.Due), day(in.ReachedOn))
	if err != nil {
		return id.Zero, storeError("insert milestone", err)
	}
	return made, c.tell(ctx, tx, FactMilestoneAdded, Fact{Milestone: made})
}

func (c *changing) changeMilestone(ctx context.Context, tx *postgres.Tx, milestone id.ID, in MilestoneInput) error {
	tag, err := tx.Native().Exec(ctx, `update project_milestones set title = $3, due = $4, reached_on = $5 where project = $1 and id = $2`,
		c.project.ID, milestone, in.Title, day(in.Due), day(in.ReachedOn))
	if err != nil {
		return storeError("change milestone", err)
	}
	if tag.RowsAffected() == 0 {
		return fault.ErrNotFound.At("id")
	}
	return c.tell(ctx, tx, FactMilestoneChanged, Fact{Milestone: milestone})
}

// RemoveMilestone takes a milestone out. Who may: the organisers.
func (s *Service) RemoveMilestone(ctx context.Context, v *access.Viewer, project, milestone id.ID, key string) (*Result, error) {
	return s.onProject(ctx, s.call(v, key, "projectMilestoneRemove", project, milestone), project, lockForChange,
		func(ctx context.Context, tx *postgres.Tx, c *changing) (id.ID, error) {
			if err := remove(ctx, tx, `delete from project_milestones where project = $1 and id = $2`, c.project.ID, milestone); err != nil {
				return id.Zero, err
			}
			return id.Zero, c.tell(ctx, tx, FactMilestoneRemoved, Fact{Milestone: milestone})
		})
}

// remove runs a statement that takes one part out.
func remove(ctx context.Context, tx *postgres.Tx, sql string, project, part id.ID) error {
	tag, err := tx.Native().Exec(ctx, sql, project, part)
	if err != nil {
		return storeError("remove a part", err)
	}
	if tag.RowsAffected() == 0 {
		return fault.ErrNotFound.At("id")
	}
	return nil
}

var milestonesSQL = `
select m.project, m.id, m.title, m.due, m.reached_on, coalesce(m.reached_on is null and m.due < ` + relation.TodaySQL + `, false)
from project_milestones m join nodes n on n.id = m.project
where m.project = any(` + postgres.Keys + `) and ` + access.VisibleSQL("n", 2) + `
order by m.project, m.due nulls last, m.created_at, m.id`

// MilestonesOf reads the milestones of the projects that the viewer can see, by
// their day. A project has at most 200.
func MilestonesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, projects []id.ID) (map[id.ID][]*Milestone, error) {
	return partsOf(ctx, q, v, milestonesSQL, projects, func(row pgx.CollectableRow) (*Milestone, id.ID, error) {
		m := &Milestone{}
		err := row.Scan(&m.Project, &m.ID, &m.Title, &m.Due, &m.ReachedOn, &m.Late)
		return m, m.Project, err
	})
}
