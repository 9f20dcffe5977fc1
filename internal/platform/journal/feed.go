package journal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Source is one thing whose facts a feed gathers.
type Source struct {
	About id.ID
	// Asked narrows it to the facts that ask the thing for something.
	Asked bool
	// Granted says that the caller knows that the viewer may have this source;
	// otherwise the viewer must see the thing, as a node, when it is read.
	Granted bool
	// Since leaves out what happened before: the cursor that Horizon gave then.
	Since FeedCursor
}

// Sources says what a feed gathers.
type Sources struct {
	Of []Source // a fact found by several counts as found by the first of them
	// Except leaves out what this person did.
	Except id.ID
	// Only, when not nil, leaves out all facts but those at these positions.
	Only []FeedCursor
}

// About is the feed of things that the viewer must see.
func About(things ...id.ID) Sources {
	s := Sources{Of: make([]Source, len(things))}
	for i, v := range things {
		s.Of[i].About = v
	}
	return s
}

// Keys are the things whose facts the feed gathers, each once.
func (s Sources) Keys() []id.ID {
	keys := make([]id.ID, len(s.Of))
	for i, of := range s.Of {
		keys[i] = of.About
	}
	return sorted(keys)
}

// Feed reads, in feed order, up to limit facts of any topic that are about the
// sources, after a cursor; each once, however many sources it is about. A fact
// is delivered when the viewer may see, now, the node it happened to and the
// fact's level there; its Number is the one at the viewer's level on that node,
// Source the place of the source it was found by.
//
// Only facts older than every transaction still open in the cluster are read:
// what such a transaction appends later may belong before them. The cursor
// returned with fewer than limit facts stands at that horizon, so that a quiet
// feed does not grow stale. A cursor of another epoch, or older than what is
// held, is ErrStaleCursor.
func Feed(ctx context.Context, q postgres.Querier, s Sources, v *access.Viewer, after FeedCursor, limit int) ([]Entry, FeedCursor, error) {
	entries, at, err := readFeed(ctx, q, forwardsSQL, s, v, after, limit)
	if err != nil {
		return nil, after, err
	}
	if after != (FeedCursor{}) && (after.Epoch != at.horizon.Epoch || after.before(at.floor)) {
		return nil, after, ErrStaleCursor.At("after")
	}
	return entries, feedEnd(entries, after, at.horizon, limit), nil
}

// FeedBefore reads up to limit facts before a cursor, the newest first; the zero
// cursor stands behind everything. head is the cursor from which Feed goes on
// with exactly what is newer than a page read without a cursor. What is no
// longer held is not there; only a cursor of another epoch is ErrStaleCursor.
func FeedBefore(ctx context.Context, q postgres.Querier, s Sources, v *access.Viewer, before FeedCursor, limit int) (entries []Entry, head FeedCursor, err error) {
	from := before
	if before == (FeedCursor{}) {
		from = endOfTime
	}
	entries, at, err := readFeed(ctx, q, backwardsSQL, s, v, from, limit)
	if err != nil {
		return nil, before, err
	}
	if before != (FeedCursor{}) && before.Epoch != at.horizon.Epoch {
		return nil, before, ErrStaleCursor.At("after")
	}
	return entries, at.horizon, nil
}

// endOfTime is behind every fact.
var endOfTime = FeedCursor{Era: 1<<63 - 1, FXID: 1<<63 - 1, Seq: 1<<63 - 1}

// CountFeed counts the facts after a cursor that Feed would deliver, up to limit
// of them. A cursor that is stale for Feed counts what is still held.
func CountFeed(ctx context.Context, q postgres.Querier, s Sources, v *access.Viewer, after FeedCursor, limit int) ([]FeedCursor, error) {
	entries, at, err := readFeed(ctx, q, forwardsSQL, s, v, after, limit)
	if err != nil {
		return nil, err
	}
	positions := make([]FeedCursor, len(entries))
	for i, e := range entries {
		positions[i] = at.horizon.At(e)
	}
	return positions, nil
}

// feedEnds are how far feeds may be read, and from where on they are held.
type feedEnds struct{ horizon, floor FeedCursor }

func readFeed(ctx context.Context, q postgres.Querier, sql string, s Sources, v *access.Viewer, from FeedCursor, limit int) ([]Entry, feedEnds, error) {
	var at feedEnds
	rows, err := q.Query(ctx, sql, append(s.args(from, limit), v.SQLArgs()...)...)
	if err != nil {
		return nil, at, postgres.Translate(fmt.Errorf("read feed: %w", err), nil)
	}
	defer rows.Close()
	var entries []Entry
	for rows.Next() {
		var level *int16
		var era, place *int64
		e, ok, err := scanEntry(rows, &at.horizon.Epoch, &at.horizon.FXID, &at.floor.Era, &at.floor.FXID, &at.floor.Seq, &level, &era, &place)
		if err != nil {
			return nil, at, postgres.Translate(fmt.Errorf("read feed: %w", err), nil)
		}
		switch {
		case ok:
			e.Number, e.Era, e.Source = e.Numbers[*level], *era, int(*place)-1
			entries = append(entries, e)
		case level != nil:
			return nil, at, ErrStaleCursor.At("after").Because(errors.New("the feed names a fact that is no longer there"))
		}
	}
	if err := rows.Err(); err != nil {
		return nil, at, postgres.Translate(fmt.Errorf("read feed: %w", err), nil)
	}
	at.horizon.Era = at.horizon.Epoch
	return entries, at, nil
}

// args are the first ten parameters of the statements.
func (s Sources) args(from FeedCursor, limit int) []any {
	n := len(s.Of)
	about, asked, granted := make([]id.ID, n), make([]bool, n), make([]bool, n)
	eras, fxids := make([]int64, n), make([]string, n)
	for i, of := range s.Of {
		about[i], asked[i], granted[i] = of.About, of.Asked, of.Granted
		eras[i], fxids[i] = of.Since.Era, strconv.FormatUint(of.Since.FXID, 10)
	}
	var only []string
	if s.Only != nil {
		only = make([]string, len(s.Only))
		for i, c := range s.Only {
			only[i] = c.position()
		}
	}
	return []any{about, asked, granted, eras, fxids, from.Era, from.FXID, from.Seq, limit, s.Except, only}
}

// position is the cursor's place as the statements write it.
func (c FeedCursor) position() string { return fmt.Sprintf("%d/%d/%d", c.Era, c.FXID, c.Seq) }

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

// Compare orders positions, whatever epoch the cursors were given in.
func (c FeedCursor) Compare(d FeedCursor) int {
	return slices.Compare([]uint64{uint64(c.Era), c.FXID, uint64(c.Seq)}, []uint64{uint64(d.Era), d.FXID, uint64(d.Seq)})
}

func (c FeedCursor) before(d FeedCursor) bool { return c.Compare(d) < 0 }

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

var forwardsSQL, backwardsSQL = feedSQL(">", ""), feedSQL("<", " desc")

// feedSQL reads each source by its index, in order and no further than the
// limit, and merges them. Facts of earlier epochs are all committed: an epoch
// begins when no command is open.
//
// The sources that only ask have an index of their own, and so a branch.
func feedSQL(beyond, direction string) string {
	branch := strings.NewReplacer("{beyond}", beyond, "{direction}", direction,
		"{level}", access.LevelSQL("n", 12), "{horizon}", strings.ReplaceAll(behindHorizon, "j.", "a.")).Replace(`
	    select a.epoch as era, a.level as fact_level, l.sight, j.*, a.fxid as at_fxid, a.seq as at_seq
	    from journal_about a join nodes n on n.id = a.node
	    cross join lateral (select {level} as sight) l
	    left join journal j on j.node = a.node and j.n4 = a.n4 and j.at = a.at
	    where a.about = s.about and (a.epoch, a.fxid, a.seq) {beyond} ($6::bigint, $7::xid8, $8::bigint)
	      and (a.epoch, a.fxid) >= (s.era, s.fxid::xid8) and {horizon}
	      and greatest(a.level, n.visibility) <= l.sight
	      and ($10::uuid is null or j.actor is distinct from $10::uuid)
	      and ($11::text[] is null or a.epoch || '/' || a.fxid::text || '/' || a.seq = any($11::text[]))
	      and {asked}
	    order by a.epoch{direction}, a.fxid{direction}, a.seq{direction} limit $9`)
	order := "era" + direction + ", at_fxid" + direction + ", at_seq" + direction
	return `
	select e.number, pg_snapshot_xmin(pg_current_snapshot()), e.feed_epoch, e.feed_fxid, e.feed_seq, j.sight, j.era, j.place, ` + entryColumns + `
	from epoch e
	left join lateral (
	  select distinct on (era, at_fxid, at_seq) f.*, s.place
	  from unnest($1::uuid[], $2::boolean[], $3::boolean[], $4::bigint[], $5::text[]) with ordinality as s(about, asked, granted, era, fxid, place)
	  cross join lateral (
	    (` + strings.ReplaceAll(branch, "{asked}", "not s.asked") + `)
	    union all
	    (` + strings.ReplaceAll(branch, "{asked}", "s.asked and a.asked") + `)) f
	  where s.granted or exists (select from nodes n where n.id = s.about and ` + access.VisibleSQL("n", 12) + `)
	  order by ` + order + `, s.place limit $9) j on true
	order by ` + order
}
