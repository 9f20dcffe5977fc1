package project

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/area"
	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Columns is how much of a project is read.
type Columns int

// The two sets of columns.
const (
	Card Columns = iota // what lists show
	Full                // everything
)

const cardColumns = `, s.state, s.summary, s.starts_on, s.ends_on, s.replicable, s.version, ` + relation.TodaySQL

const fullColumns = cardColumns + `, s.aims, s.description, s.practice, coalesce(s.drop_reason, '{}'), s.created_by`

// columns is the select list that scan reads, for rows n of nodes and s of
// shared_projects; the viewer's parameters start at $first.
func (set Columns) columns(first int) string {
	own := cardColumns
	if set == Full {
		own = fullColumns
	}
	return node.Columns("n") + ", " + access.LevelSQL("n", first) + own
}

// scan reads one project behind the destinations in before.
func (p *Project) scan(row pgx.CollectableRow, set Columns, before ...any) error {
	to := append(append(before, p.Node.ScanTargets()...), &p.ViewerLevel,
		&p.State, &p.Summary, &p.StartsOn, &p.EndsOn, &p.Replicable, &p.Revision, &p.Today)
	if set == Full {
		to = append(to, &p.Aims, &p.Description, &p.Practice, &p.DropReason, &p.CreatedBy)
	}
	if err := row.Scan(to...); err != nil {
		return err
	}
	if p.ViewerLevel < access.Organisers {
		p.Revision = 0 // no number may count what is hidden
	}
	return nil
}

var byIDsSQL = [2]string{byIDs(Card), byIDs(Full)}

func byIDs(set Columns) string {
	return `select ` + set.columns(2) + `
	from unnest(` + postgres.Keys + `) with ordinality as p(id, place)
	join nodes n on n.id = p.id join shared_projects s on s.node = n.id
	where ` + access.VisibleSQL("n", 2) + ` order by p.place`
}

// ByIDs reads those of the projects that the viewer can see, in the order asked
// for.
func ByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID, set Columns) ([]*Project, error) {
	rows, err := q.Query(ctx, byIDsSQL[set], append([]any{ids}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read projects: %w", err)
	}
	projects, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Project, error) {
		p := &Project{}
		return p, p.scan(row, set)
	})
	if err != nil {
		return nil, fmt.Errorf("read projects: %w", err)
	}
	return projects, nil
}

// warningsOf looks at the places that the project names, and at those of its
// activities, as the territories are today.
func warningsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, p *Project) ([]form.Warning, error) {
	all, err := relation.Of(ctx, q, v, p.ID, p.Today)
	if err != nil {
		return nil, err
	}
	var areas, given []area.Given
	for _, x := range all {
		switch {
		case x.Edge != node.HeldAt || !x.Visible:
		case x.Role == placeArea:
			areas = append(areas, area.Given{Place: x.Node, Path: []string{"area"}})
		case x.Role == placeNamed:
			given = append(given, area.Given{Place: x.Node, Path: []string{"places"}})
		}
	}
	if len(areas) == 0 {
		return nil, nil
	}
	done, err := ActivitiesOf(ctx, q, v, []id.ID{p.ID})
	if err != nil {
		return nil, err
	}
	for _, a := range done[p.ID].Activities {
		if !a.Territory.IsZero() {
			given = append(given, area.Given{Place: a.Territory, Path: []string{"activities", a.GlobalID(), "territory"}})
		}
	}
	return area.Warnings(ctx, q, v, WarnOutsideArea, areas, given, p.Today)
}
