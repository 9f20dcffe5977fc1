package journal

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// How long things are held.
const (
	Retention    = 30 * 24 * time.Hour // of facts in streams and feeds; afterwards they stay for audit only
	KeyRetention = 7 * 24 * time.Hour  // of idempotency keys
	// DetachGrace lies between raising the floors and detaching a partition: no
	// snapshot that read the old floors may be left.
	DetachGrace = time.Hour
	// PartitionsAhead is for how long partitions are made in advance: that long
	// Maintain may be away before writing would fail.
	PartitionsAhead = 28 * 24 * time.Hour
)

// Maintain does what the journal needs from time to time (hourly is enough) and
// at start: makes partitions, retires old ones, forgets old keys. Any instance
// may do it, also several at once.
func Maintain(ctx context.Context, db *postgres.DB) error {
	if _, err := Extend(ctx, db, PartitionsAhead); err != nil {
		return err
	}
	if err := Retire(ctx, db, Retention, DetachGrace); err != nil {
		return err
	}
	_, err := ForgetKeys(ctx, db, KeyRetention)
	return err
}

// Extend makes the partitions that facts will need until ahead from now, and
// says how many were missing.
func Extend(ctx context.Context, db *postgres.DB, ahead time.Duration) (made int, err error) {
	err = db.Read().QueryRow(ctx, `select journal_extend($1::interval)`, ahead).Scan(&made)
	if err != nil {
		return 0, postgres.Translate(fmt.Errorf("make journal partitions: %w", err), nil)
	}
	return made, nil
}

// Retire ends the streaming of facts older than keep. First it raises the
// floors, so that readers are told STALE_CURSOR; partitions whose floors were
// raised at least grace ago are detached, by a later call as a rule. Detached
// partitions stay as tables of their own, for audit.
func Retire(ctx context.Context, db *postgres.DB, keep, grace time.Duration) error {
	old, err := oldPartitions(ctx, db, keep)
	if err != nil {
		return err
	}
	for _, p := range old {
		if err := p.raiseFloors(ctx, db); err != nil {
			return fmt.Errorf("raise the floors over partition %s: %w", p.name, err)
		}
	}
	var detached int
	if err := db.Read().QueryRow(ctx, `select journal_detach($1::interval)`, grace).Scan(&detached); err != nil {
		return postgres.Translate(fmt.Errorf("detach journal partitions: %w", err), nil)
	}
	return nil
}

type partition struct {
	name         string
	lower, upper time.Time
}

func oldPartitions(ctx context.Context, db *postgres.DB, keep time.Duration) ([]partition, error) {
	rows, err := db.Read().Query(ctx, `
		select name, lower_at, upper_at from journal_partitions
		where floored_at is null and upper_at <= clock_timestamp() - $1::interval order by lower_at`, keep)
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("list journal partitions: %w", err), nil)
	}
	old, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p partition, err error) {
		return p, row.Scan(&p.name, &p.lower, &p.upper)
	})
	return old, postgres.Translate(err, nil)
}

// floorBatch bounds how many topics one transaction holds.
const floorBatch = 500

// raiseFloors goes through the partition's topics in the order of their locks,
// a batch per transaction; killed half-way, the next call does it again.
func (p partition) raiseFloors(ctx context.Context, db *postgres.DB) error {
	var last id.ID
	for more := true; more; {
		err := db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
			batch, err := p.newest(ctx, tx.Native(), last)
			if err != nil || len(batch.topics) == 0 {
				more = false
				return err
			}
			last = batch.topics[len(batch.topics)-1]
			return batch.raise(ctx, tx.Native())
		})
		if err != nil {
			return err
		}
	}
	return db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error { return p.raiseFeedFloor(ctx, tx.Native()) })
}

// floors are the newest retired number of each topic at each level; NULL where
// nothing is retired.
type floors struct {
	topics  []id.ID
	numbers [access.Levels][]*int64
}

func (p partition) newest(ctx context.Context, q postgres.Querier, after id.ID) (b floors, err error) {
	rows, err := q.Query(ctx, `
		select node, max(n0), max(n1), max(n2), max(n3), max(n4) from journal
		where at >= $1 and at < $2 and ($3::uuid is null or node > $3)
		group by node order by node limit $4`, p.lower, p.upper, after, floorBatch)
	if err != nil {
		return b, err
	}
	defer rows.Close()
	for rows.Next() {
		var topic id.ID
		var n [access.Levels]*int64
		if err := rows.Scan(&topic, &n[0], &n[1], &n[2], &n[3], &n[4]); err != nil {
			return b, err
		}
		b.topics = append(b.topics, topic)
		for k := range n {
			b.numbers[k] = append(b.numbers[k], n[k])
		}
	}
	return b, rows.Err()
}

func (b floors) raise(ctx context.Context, q postgres.Querier) error {
	// In the order of all commands; Lock would refuse topics that are gone.
	_, err := q.Exec(ctx, `select from topics where node = any($1) order by node for no key update`, b.topics)
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `
		update topics t set floor0 = greatest(floor0, m.n0), floor1 = greatest(floor1, m.n1), floor2 = greatest(floor2, m.n2),
		  floor3 = greatest(floor3, m.n3), floor4 = greatest(floor4, m.n4)
		from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
		  as m(node, n0, n1, n2, n3, n4)
		where t.node = m.node`, b.topics, b.numbers[0], b.numbers[1], b.numbers[2], b.numbers[3], b.numbers[4])
	return err
}

func (p partition) raiseFeedFloor(ctx context.Context, q postgres.Querier) error {
	_, err := q.Exec(ctx, `
		update epoch e set feed_epoch = m.epoch, feed_fxid = m.fxid, feed_seq = m.seq
		from (select epoch, fxid, seq from journal_about where at >= $1 and at < $2
		      order by epoch desc, fxid desc, seq desc limit 1) m
		where (m.epoch, m.fxid, m.seq) > (e.feed_epoch, e.feed_fxid, e.feed_seq)`, p.lower, p.upper)
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `update journal_partitions set floored_at = clock_timestamp() where name = $1 and floored_at is null`, p.name)
	return err
}

// ForgetKeys deletes idempotency keys older than keep and says how many.
func ForgetKeys(ctx context.Context, db *postgres.DB, keep time.Duration) (int64, error) {
	tag, err := postgres.Hub(db.Read()).Exec(ctx, `delete from command_keys where at < clock_timestamp() - $1::interval`, keep)
	if err != nil {
		return 0, postgres.Translate(fmt.Errorf("forget idempotency keys: %w", err), nil)
	}
	return tag.RowsAffected(), nil
}
