package journal

import (
	"context"
	"errors"
	"fmt"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Feed reads, in feed order, up to limit facts about a thing from any topic,
// after a cursor. A fact is delivered when the viewer may see the node it
// happened to and the fact's level there; its Number is the one at the viewer's
// level on that node.
//
// Only facts older than every transaction still open in the cluster are read:
// what such a transaction appends later may belong before them. The cursor
// returned with fewer than limit facts stands at that horizon, so that a quiet
// feed does not grow stale. A cursor of another epoch, or older than what is
// held, is ErrStaleCursor.
func Feed(ctx context.Context, q postgres.Querier, about id.ID, v *access.Viewer, after FeedCursor, limit int) ([]Entry, FeedCursor, error) {
	rows, err := q.Query(ctx, feedSQL, append([]any{about, after.Era, after.FXID, after.Seq, limit}, v.SQLArgs()...)...)
	if err != nil {
		return nil, after, postgres.Translate(fmt.Errorf("read feed: %w", err), nil)
	}
	defer rows.Close()
	var floor, horizon FeedCursor
	var entries []Entry
	for rows.Next() {
		var level *int16
		var era *int64
		e, ok, err := scanEntry(rows, &horizon.Epoch, &horizon.FXID, &floor.Era, &floor.FXID, &floor.Seq, &level, &era)
		if err != nil {
			return nil, after, postgres.Translate(fmt.Errorf("read feed: %w", err), nil)
		}
		switch {
		case ok:
			e.Number, e.Era = e.Numbers[*level], *era
			entries = append(entries, e)
		case level != nil:
			return nil, after, ErrStaleCursor.At("after").Because(errors.New("the feed names a fact that is no longer there"))
		}
	}
	if err := rows.Err(); err != nil {
		return nil, after, postgres.Translate(fmt.Errorf("read feed: %w", err), nil)
	}
	horizon.Era = horizon.Epoch
	if after != (FeedCursor{}) && (after.Epoch != horizon.Epoch || after.before(floor)) {
		return nil, after, ErrStaleCursor.At("after")
	}
	return entries, feedEnd(entries, after, horizon, limit), nil
}

func feedEnd(entries []Entry, after, horizon FeedCursor, limit int) FeedCursor {
	if len(entries) == limit && limit > 0 {
		return horizon.At(entries[limit-1])
	}
	if horizon.before(after) {
		return after
	}
	return horizon
}

// At is the cursor of a reader who has got the feed up to e, an entry of the
// same page as c.
func (c FeedCursor) At(e Entry) FeedCursor {
	return FeedCursor{Epoch: c.Epoch, Era: e.Era, FXID: e.FXID, Seq: e.Seq}
}

func (c FeedCursor) before(d FeedCursor) bool {
	switch {
	case c.Era != d.Era:
		return c.Era < d.Era
	case c.FXID != d.FXID:
		return c.FXID < d.FXID
	}
	return c.Seq < d.Seq
}

// FeedHead is the cursor of a reader who wants only what is still to come.
func FeedHead(ctx context.Context, q postgres.Querier) (FeedCursor, error) {
	var c FeedCursor
	err := q.QueryRow(ctx, `select number, number, pg_snapshot_xmin(pg_current_snapshot()) from epoch`).
		Scan(&c.Epoch, &c.Era, &c.FXID)
	if err != nil {
		return c, postgres.Translate(fmt.Errorf("read the feed's head: %w", err), nil)
	}
	return c, nil
}

// Facts of earlier epochs are all committed: an epoch begins when no command is
// open. Their transaction numbers are of another count and are not compared.
var feedSQL = `
	select e.number, pg_snapshot_xmin(pg_current_snapshot()), e.feed_epoch, e.feed_fxid, e.feed_seq, a.sight, a.epoch, ` + entryColumns + `
	from epoch e
	left join lateral (
	  select a.*, ` + access.LevelSQL("n", 6) + ` as sight
	  from journal_about a join nodes n on n.id = a.node
	  where a.about = $1 and (a.epoch, a.fxid, a.seq) > ($2::bigint, $3::xid8, $4::bigint)
	    and (a.epoch < e.number or a.fxid < pg_snapshot_xmin(pg_current_snapshot()))
	    and greatest(a.level, n.visibility) <= ` + access.LevelSQL("n", 6) + `
	  order by a.epoch, a.fxid, a.seq limit $5) a on true
	left join journal j on j.node = a.node and j.n4 = a.n4 and j.at = a.at
	order by a.epoch, a.fxid, a.seq`
