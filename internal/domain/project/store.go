package project

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func insert(ctx context.Context, tx *postgres.Tx, project, by id.ID, f Fields) error {
	_, err := tx.Native().Exec(ctx, `
		insert into shared_projects (node, aims, summary, description, starts_on, ends_on, replicable, practice, created_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		project, f.Aims, f.Summary, f.Description, day(f.StartsOn), day(f.EndsOn), f.Replicable, f.Practice, by)
	return storeError("insert project", err)
}

func update(ctx context.Context, tx *postgres.Tx, project id.ID, f Fields) error {
	_, err := tx.Native().Exec(ctx, `
		update shared_projects set aims = $2, summary = $3, description = $4, starts_on = $5, ends_on = $6,
		  replicable = $7, practice = $8, version = version + 1 where node = $1`,
		project, f.Aims, f.Summary, f.Description, day(f.StartsOn), day(f.EndsOn), f.Replicable, f.Practice)
	return storeError("update project", err)
}

func setState(ctx context.Context, tx *postgres.Tx, project id.ID, to State, reason lang.Text) error {
	var why *lang.Text
	if to == Dropped {
		why = &reason
	}
	_, err := tx.Native().Exec(ctx,
		`update shared_projects set state = $2, drop_reason = $3, version = version + 1 where node = $1`, project, to, why)
	return storeError("set state", err)
}

// fields are what organisers said, without the relations.
func (p *Project) fields() Fields {
	return Fields{
		Title: p.Title, Summary: p.Summary, Description: p.Description, Aims: p.Aims,
		StartsOn: known(p.StartsOn), EndsOn: known(p.EndsOn), Replicable: p.Replicable, Practice: p.Practice,
		Visibility: p.Visibility,
	}
}
