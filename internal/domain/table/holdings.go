package table

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Holdings is what tables keep about organisations: seats, attendance, votes,
// answers and what they are responsible for. It is moved when two entries of one
// organisation are merged. Memberships are edges, which the directory moves.
type Holdings struct{}

// Topics reads the tables that the organisation has to do with.
func (Holdings) Topics(ctx context.Context, q postgres.Querier, organisation id.ID) ([]id.ID, error) {
	rows, err := postgres.Hub(q).Query(ctx, `
		select table_node from table_seats where organisation = $1
		union select s.table_node from table_attendance a join table_sessions s on s.id = a.session where a.organisation = $1
		union select table_node from table_resolutions where responsible = $1
		union select table_node from table_join_requests where organisation = $1
		union select id from nodes where home = $1 and kind = 'working_table'
		union select e.target from edges e join working_tables t on t.node = e.target where e.source = $1`, organisation)
	if err != nil {
		return nil, wrap("read an organisation's tables", err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	return tables, wrap("read an organisation's tables", err)
}

// Move lets everything be that of into. Where both are there, at one session or
// on one seat, what is into's stays. The topics of the tables are locked.
func (h Holdings) Move(ctx context.Context, tx *postgres.Tx, v *access.Viewer, from, into id.ID) error {
	tables, err := h.Topics(ctx, tx.Native(), from)
	if err != nil {
		return err
	}
	q := postgres.Hub(tx.Native())
	for _, sql := range []string{
		`delete from person_names p using table_seats a where p.subject = a.id and a.organisation = $1 and exists (select from table_seats b
		   where b.organisation = $2 and b.table_node = a.table_node and b.position = a.position and b.valid && a.valid)`,
		`delete from table_seats a where a.organisation = $1 and exists (select from table_seats b where b.organisation = $2
		   and b.table_node = a.table_node and b.position = a.position and b.valid && a.valid)`,
		`update table_seats set organisation = $2 where organisation = $1`,
		`delete from table_attendance a where a.organisation = $1 and exists (select from table_attendance b where b.organisation = $2 and b.session = a.session)`,
		`update table_attendance set organisation = $2 where organisation = $1`,
		`delete from table_resolution_votes a where a.organisation = $1 and exists (select from table_resolution_votes b where b.organisation = $2 and b.resolution = a.resolution)`,
		`update table_resolution_votes set organisation = $2 where organisation = $1`,
		`delete from table_poll_answers a where a.organisation = $1 and exists (select from table_poll_answers b where b.organisation = $2 and b.date = a.date)`,
		`update table_poll_answers set organisation = $2 where organisation = $1`,
		`delete from table_join_requests a where a.organisation = $1 and a.decided_at is null and exists (select from table_join_requests b
		   where b.organisation = $2 and b.table_node = a.table_node and b.decided_at is null)`,
		`update table_join_requests set organisation = $2 where organisation = $1`,
		`update table_resolutions set responsible = $2 where responsible = $1`,
	} {
		if _, err := q.Exec(ctx, sql, from, into); err != nil {
			return wrap("move an organisation's tables", err)
		}
	}
	for _, table := range tables {
		fact := journal.Fact{Kind: FactUpdated, Level: access.Members, Data: Fact{Organization: into, Fields: []string{"members"}}, About: []id.ID{into}}
		if err := journal.Append(ctx, tx, table, v, fact); err != nil {
			return err
		}
	}
	return nil
}

// MovePerson lets the seats of a record, and what it is responsible for, be those
// of the person it turned out to be. There is no seat that both could not have.
func (Holdings) MovePerson(ctx context.Context, tx *postgres.Tx, from, into id.ID) (moved bool, err error) {
	// On the hub's own authority: who makes two people one need not see where they
	// sit.
	for _, sql := range []string{
		`update table_seats set person = $2 where person = $1`,
		`update table_resolution_people set person = $2 where person = $1`,
	} {
		if _, err := postgres.Hub(tx.Native()).Exec(ctx, sql, from, into); err != nil {
			return false, wrap("move a person's seats", err)
		}
	}
	return true, nil
}
