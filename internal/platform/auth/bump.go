package auth

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Bump says, in the transaction that changes the rights of people, that they
// changed: every instance then reads them again for whoever is connected.
// Transactions that take a right away use Revoke.
func Bump(ctx context.Context, tx *postgres.Tx, people ...id.ID) error {
	if len(people) == 0 {
		return nil
	}
	if _, err := tx.Native().Exec(ctx, bumpSQL, people); err != nil {
		return fmt.Errorf("note that rights changed: %w", err)
	}
	return nil
}

// In one order for everybody, so that two who bump the same people never wait
// for each other.
const bumpSQL = `
	insert into viewer_versions as v (person)
	select distinct p.id from unnest($1::uuid[]) as p(id) order by p.id
	on conflict (person) do update set version = v.version + 1`

// Revoke is Bump for people who lost a right by the fact that was appended last
// to the topic. It is called behind journal.Append and in the same transaction:
// their streams of the topic end with that fact as the last thing seen.
func Revoke(ctx context.Context, tx *postgres.Tx, topic id.ID, people ...id.ID) error {
	if len(people) == 0 {
		return nil
	}
	var noted bool
	err := tx.Native().QueryRow(ctx, revokeSQL, people, topic).Scan(&noted)
	if err != nil {
		return fmt.Errorf("note that rights ended: %w", err)
	}
	if !noted {
		return fmt.Errorf("auth: no fact on topic %s tells in this transaction what ended", topic)
	}
	return nil
}

const revokeSQL = `
with bumped as (` + bumpSQL + ` returning v.person, v.version
), told as (
  select t.node, t.head4 from topics t where t.node = $2 and t.xmin = pg_current_xact_id()::xid
), forgotten as (
  delete from rights_ended where person = any($1) and at < now() - interval '1 hour'
), noted as (
  insert into rights_ended (person, version, topic, number)
  select b.person, b.version, t.node, t.head4 from bumped b cross join told t
)
select exists (select from told)`

// RevokeActing is Revoke for everybody who acts for one of the organisations
// today: for what its people had a right to together.
func RevokeActing(ctx context.Context, tx *postgres.Tx, topic id.ID, organisations ...id.ID) error {
	people, err := acting(ctx, tx, organisations)
	if err != nil {
		return err
	}
	return Revoke(ctx, tx, topic, people...)
}

// BumpActing is Bump for everybody who acts for one of the organisations today.
func BumpActing(ctx context.Context, tx *postgres.Tx, organisations ...id.ID) error {
	people, err := acting(ctx, tx, organisations)
	if err != nil {
		return err
	}
	return Bump(ctx, tx, people...)
}

func acting(ctx context.Context, tx *postgres.Tx, organisations []id.ID) ([]id.ID, error) {
	if len(organisations) == 0 {
		return nil, nil
	}
	rows, err := tx.Native().Query(ctx, `
		select distinct source from edges where kind = 'acts_for' and target = any($1)
		  and valid @> (now() at time zone 'Europe/Madrid')::date`, organisations)
	if err != nil {
		return nil, fmt.Errorf("read who acts for organisations: %w", err)
	}
	people, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return nil, fmt.Errorf("read who acts for organisations: %w", err)
	}
	return people, nil
}
