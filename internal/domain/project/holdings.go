package project

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Holdings is what projects keep about organisations: what they promised and pay,
// and what was said for them. It is moved when two entries of one organisation
// are merged. Partners and signatures are edges, which the directory moves.
type Holdings struct{}

// Topics reads the projects that the organisation has to do with.
func (Holdings) Topics(ctx context.Context, q postgres.Querier, organisation id.ID) ([]id.ID, error) {
	rows, err := q.Query(ctx, `
		select project from partner_commitments where partner = $1
		union select c.project from partner_commitment_moves m join partner_commitments c on c.id = m.commitment where $1 in (m.from_partner, m.to_partner)
		union select project from project_funding where body = $1
		union select project from project_notes where on_behalf_of = $1
		union select id from nodes where home = $1 and kind = 'shared_project'
		union select e.target from edges e join shared_projects p on p.node = e.target where e.source = $1`, organisation)
	if err != nil {
		return nil, fmt.Errorf("read an organisation's projects: %w", err)
	}
	projects, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return nil, fmt.Errorf("read an organisation's projects: %w", err)
	}
	return projects, nil
}

// moves are the statements of a merger. An organisation is on one side of a
// project, and who leads it is no other partner of it: where from and into differ
// in that, into's side stays, and so does the lead.
func moves() []string {
	const oneOfBoth = `collab.kind = 'collaborates_in' and collab.source in ($1, $2)
		and lead.kind = 'leads' and lead.source in ($1, $2) and lead.source <> collab.source and lead.target = collab.target and lead.valid && collab.valid
		and collab.target in (select node from shared_projects)`
	return []string{
		`update edges e set role = o.role from edges o where e.source = $1 and o.source = $2 and o.target = e.target and o.kind = e.kind
		 and e.kind = 'collaborates_in' and o.valid && e.valid and e.role <> o.role and e.target in (select node from shared_projects)`,
		`delete from edges collab using edges lead where ` + oneOfBoth + ` and collab.valid <@ lead.valid`,
		// What of the partnership lies outside of the lead, the latest of it.
		`update edges collab set valid = (select r from unnest(datemultirange(collab.valid) - datemultirange(lead.valid)) r order by r desc limit 1)
		 from edges lead where ` + oneOfBoth,
		`delete from partner_commitment_moves where from_partner in ($1, $2) and to_partner in ($1, $2)`,
		`update partner_commitment_moves set from_partner = $2 where from_partner = $1`,
		`update partner_commitment_moves set to_partner = $2 where to_partner = $1`,
		`update partner_commitments set partner = $2 where partner = $1`,
		`update project_funding set body = $2 where body = $1`,
		`update project_notes set on_behalf_of = $2 where on_behalf_of = $1`,
	}
}

// Move lets everything be that of into, and tells the projects that their
// partners changed. Their topics are locked.
func (h Holdings) Move(ctx context.Context, tx *postgres.Tx, v *access.Viewer, from, into id.ID) error {
	projects, err := h.Topics(ctx, tx.Native(), from)
	if err != nil {
		return err
	}
	for _, sql := range moves() {
		if _, err := tx.Native().Exec(ctx, sql, from, into); err != nil {
			return storeError("move an organisation's projects", err)
		}
	}
	return tellMerged(ctx, tx, v, projects, into)
}

func tellMerged(ctx context.Context, tx *postgres.Tx, v *access.Viewer, projects []id.ID, into id.ID) error {
	rows, err := tx.Native().Query(ctx, `select id, visibility from nodes where id = any(`+postgres.Keys+`) order by id`, projects)
	if err != nil {
		return fmt.Errorf("read who sees projects: %w", err)
	}
	levels := make(map[id.ID]access.Level, len(projects))
	var project id.ID
	var level access.Level
	if _, err := pgx.ForEachRow(rows, []any{&project, &level}, func() error {
		levels[project] = level
		return nil
	}); err != nil {
		return fmt.Errorf("read who sees projects: %w", err)
	}
	for _, project := range projects {
		fact := journal.Fact{Kind: FactUpdated, Level: levels[project], Data: Fact{Fields: []string{"partners"}, Partner: into}, About: []id.ID{into}}
		if err := journal.Append(ctx, tx, project, v, fact); err != nil {
			return err
		}
	}
	return nil
}
