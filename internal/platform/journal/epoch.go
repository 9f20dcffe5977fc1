package journal

import (
	"context"
	"fmt"

	"github.com/teixit/teixit/internal/platform/postgres"
)

// CurrentEpoch reads which history the database tells.
func CurrentEpoch(ctx context.Context, q postgres.Querier) (int64, error) {
	var number int64
	if err := q.QueryRow(ctx, `select number from epoch`).Scan(&number); err != nil {
		return 0, postgres.Translate(fmt.Errorf("read the epoch: %w", err), nil)
	}
	return number, nil
}

// CheckEpoch compares where the database is with where it was when its history
// was last written, and begins a new epoch when they differ: after a restored
// dump, a copy, a recovery to a point in time or a failover, facts that clients
// hold cursors of may be missing or replaced. It is called at start and whenever
// the connection to the server was lost; any number of instances may call it at
// once. It returns the epoch in force.
//
// A dump loaded as data only into the same tables, and a copied data folder
// started beside or instead of the original, look the same from inside: after
// these, somebody runs NewEpoch.
func CheckEpoch(ctx context.Context, db *postgres.DB) (int64, error) {
	var number int64
	var same bool
	err := db.Read().QueryRow(ctx, `select e.number, `+sameHistory+` from epoch e cross join `+identity).Scan(&number, &same)
	if err != nil {
		return 0, postgres.Translate(fmt.Errorf("compare the epoch: %w", err), nil)
	}
	if same {
		return number, nil
	}
	return beginEpoch(ctx, db, `not `+sameHistory)
}

// NewEpoch begins a new epoch at once: every cursor given so far is stale.
func NewEpoch(ctx context.Context, db *postgres.DB) (int64, error) {
	return beginEpoch(ctx, db, `true`)
}

// identity is who writes the history. An ordinary role may call both functions:
// PostgreSQL revokes neither from PUBLIC. The timeline is taken from the name of
// the file being written; pg_control_checkpoint knows a new one only after the
// next checkpoint. On a server in recovery it fails, and so it should: there
// the hub could not write.
const identity = `(
	select system_identifier as system_id,
	  ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int as timeline,
	  (select oid from pg_database where datname = current_database()) as database
	from pg_control_system()) i`

const sameHistory = `((e.system_id, e.timeline, e.database, e.relation) is not distinct from
	(i.system_id, i.timeline, i.database, e.tableoid))`

// The number is a time in milliseconds: counted from one, two copies of one
// backup would both call their next epoch by the same number. The lock waits for
// the commands that are appending and keeps new ones out, so that no fact of the
// old epoch is committed after the new one has begun.
//
// The feed positions of topics need no reset: they carry their epoch.
func beginEpoch(ctx context.Context, db *postgres.DB, when string) (number int64, err error) {
	err = db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		q := tx.Native()
		if _, err := q.Exec(ctx, `lock table topics in exclusive mode`); err != nil {
			return fmt.Errorf("wait for open commands: %w", err)
		}
		_, err := q.Exec(ctx, `
			update epoch e set
			  number = greatest(e.number + 1, (extract(epoch from clock_timestamp()) * 1000)::bigint),
			  system_id = i.system_id, timeline = i.timeline, database = i.database, relation = e.tableoid,
			  since = clock_timestamp()
			from `+identity+` where `+when)
		if err != nil {
			return fmt.Errorf("begin an epoch: %w", err)
		}
		number, err = CurrentEpoch(ctx, q)
		return err
	})
	return number, err
}
