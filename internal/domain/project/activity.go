package project

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/figure"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// SetActivity notes something that was done (Zero), or corrects it. Who may: the
// members; a project that was dropped did nothing more.
func (s *Service) SetActivity(ctx context.Context, v *access.Viewer, project, activity id.ID, in ActivityInput, key string) (*Result, error) {
	in = in.clean()
	input := []any{project, activity, in, in.People.Total.Value(), in.People.Total.State()}
	return s.onProject(ctx, s.call(v, key, "projectActivitySet", input...), project, lockForRecord,
		func(ctx context.Context, tx *postgres.Tx, c *changing) (id.ID, error) {
			if err := c.checkActivity(ctx, tx.Native(), in); err != nil {
				return id.Zero, err
			}
			return c.setActivity(ctx, tx, activity, in)
		})
}

// lockForRecord is lockForMember where something can have been done.
func lockForRecord(ctx context.Context, tx *postgres.Tx, v *access.Viewer, project id.ID) (*changing, error) {
	c, err := lockForMember(ctx, tx, v, project)
	if err != nil {
		return nil, err
	}
	return c, c.project.mayRecord()
}

func (c *changing) checkActivity(ctx context.Context, q postgres.Querier, in ActivityInput) error {
	faults := in.check()
	if !in.Territory.IsZero() {
		kinds, err := relation.VisibleKinds(ctx, q, c.viewer, []id.ID{in.Territory})
		if err != nil {
			return err
		}
		if !slices.Contains(relation.Territories(), kinds[in.Territory]) {
			faults = append(faults, fault.ErrNotFound.At("territory"))
		}
	}
	return faults.Err()
}

func (c *changing) setActivity(ctx context.Context, tx *postgres.Tx, activity id.ID, in ActivityInput) (id.ID, error) {
	kind := FactActivityChanged
	if activity.IsZero() {
		if err := room(ctx, tx.Native(), "project_activities", c.project.ID); err != nil {
			return id.Zero, err
		}
		activity, kind = id.New(), FactActivityAdded
		_, err := tx.Native().Exec(ctx, `
			insert into project_activities (id, project, title, participants_state, created_by) values ($1, $2, $3, 'NOT_COLLECTED', $4)`,
			activity, c.project.ID, in.Title, c.viewer.Person)
		if err != nil {
			return id.Zero, storeError("insert activity", err)
		}
	}
	sexes := make([]any, 4)
	for i, n := range in.People.BySex {
		sexes[i] = n
	}
	tag, err := tx.Native().Exec(ctx, `
		update project_activities set title = $3, count = $4, from_day = $5, until_day = $6, territory = $7, source = $8,
		  participants = $9, participants_state = $10, women = $11, men = $12, non_binary = $13, not_stated = $14
		where project = $1 and id = $2`,
		append([]any{
			c.project.ID, activity, in.Title, in.Count, day(in.From), day(in.Until), in.Territory, in.Source,
			in.People.Total.Value(), string(in.People.Total.State()),
		}, sexes...)...)
	if err != nil {
		return id.Zero, storeError("store activity", err)
	}
	if tag.RowsAffected() == 0 {
		return id.Zero, fault.ErrNotFound.At("id")
	}
	return activity, c.tell(ctx, tx, kind, Fact{Activity: activity})
}

// RemoveActivity takes an activity out. Who may: the organisers.
func (s *Service) RemoveActivity(ctx context.Context, v *access.Viewer, project, activity id.ID, key string) (*Result, error) {
	open := func(ctx context.Context, tx *postgres.Tx, v *access.Viewer, project id.ID) (*changing, error) {
		return lock(ctx, tx, v, project, access.MayOrganise)
	}
	return s.onProject(ctx, s.call(v, key, "projectActivityRemove", project, activity), project, open,
		func(ctx context.Context, tx *postgres.Tx, c *changing) (id.ID, error) {
			if err := remove(ctx, tx, `delete from project_activities where project = $1 and id = $2`, c.project.ID, activity); err != nil {
				return id.Zero, err
			}
			return id.Zero, c.tell(ctx, tx, FactActivityRemoved, Fact{Activity: activity})
		})
}

// Participants defines what is counted at activities.
func Participants() figure.Definition {
	return figure.Definition{
		Code:  "PARTICIPANTS",
		Label: lang.Text{CA: "Participants", ES: "Participantes", EN: "Participants"},
		Unit:  lang.Text{CA: "persones", ES: "personas", EN: "people"},
	}
}

var activitiesSQL = `
select a.project, a.id, a.title, a.count, a.from_day, a.until_day, a.territory, a.source,
  a.participants, a.participants_state, array_remove(array[a.women, a.men, a.non_binary, a.not_stated], null),
  ` + access.LevelSQL("n", 2) + `
from project_activities a join nodes n on n.id = a.project
where a.project = any(` + postgres.Keys + `) and ` + access.VisibleSQL("n", 2) + `
order by a.project, a.created_at, a.id`

// Done is what a project did, with its sum.
type Done struct {
	Activities   []*Activity
	Count        int // activities, several of a kind counted each
	Participants figure.Figure
}

// ActivitiesOf reads what the projects that the viewer can see did, oldest
// first, with the participants of all together. Small counts are hidden from
// all but the organisers, and with them what would give them away: in the
// activities and in the sum.
func ActivitiesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, projects []id.ID) (map[id.ID]*Done, error) {
	var level access.Level
	levels := map[id.ID]access.Level{}
	all, err := partsOf(ctx, q, v, activitiesSQL, projects, func(row pgx.CollectableRow) (*Activity, id.ID, error) {
		a := &Activity{}
		var n *int
		var state figure.State
		var sexes []int
		err := row.Scan(&a.Project, &a.ID, &a.Title, &a.Count, &a.From, &a.Until, &a.Territory, &a.Source, &n, &state, &sexes, &level)
		a.people = figure.People{Total: figure.Missing(state)}
		if n != nil {
			a.people.Total = figure.Of(*n)
		}
		if len(sexes) > 0 {
			a.people.BySex = sexes
		}
		levels[a.Project] = level
		return a, a.Project, err
	})
	if err != nil {
		return nil, err
	}
	done := make(map[id.ID]*Done, len(projects))
	for _, p := range projects {
		done[p] = sumUp(all[p], levels[p])
	}
	return done, nil
}

// sumUp shows activities to a viewer of a level, and their sum.
func sumUp(list []*Activity, level access.Level) *Done {
	threshold := figure.Threshold
	if level >= access.Organisers {
		threshold = 0
	}
	groups := make([]figure.People, len(list))
	for i, a := range list {
		groups[i] = a.people
	}
	shown := figure.Sex(groups, threshold)
	d := &Done{Activities: list, Participants: figure.Figure{
		Definition: Participants(), Total: shown.Sum.Total, Breakdowns: shown.Sum.Breakdowns(),
	}}
	for i, a := range list {
		d.Count += a.Count
		d.Participants.Period = d.Participants.Period.With(a.period())
		if d.Participants.Source.Empty() {
			d.Participants.Source = a.Source
		}
		a.Participants = figure.Figure{
			Definition: Participants(), Period: a.period(), Source: a.Source,
			Total: shown.Rows[i].Total, Breakdowns: shown.Rows[i].Breakdowns(),
		}
	}
	if d.Activities == nil {
		d.Activities = []*Activity{}
	}
	return d
}
