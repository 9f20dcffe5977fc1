package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Page is what one level may see of a topic after a number, and where the topic
// stood at that instant.
type Page struct {
	Epoch       int64
	Head, Floor int64 // at the level read
	Entries     []Entry
}

// After reads, at a level, up to limit facts after a number, in order and
// without a gap. A number below the floor or ahead of the topic is
// ErrStaleCursor, a topic that does not exist fault.ErrNotFound. Who may read at
// the level is for the caller to know.
func After(ctx context.Context, q postgres.Querier, topic id.ID, level access.Level, after int64, limit int) ([]Entry, error) {
	page, err := Read(ctx, q, topic, level, after, limit)
	return page.Entries, err
}

// Read is After together with the epoch and the ends of the topic, all of one
// instant.
func Read(ctx context.Context, q postgres.Querier, topic id.ID, level access.Level, after int64, limit int) (Page, error) {
	var p Page
	rows, err := q.Query(ctx, afterSQL[level], topic, after, limit)
	if err != nil {
		return p, postgres.Translate(fmt.Errorf("read topic: %w", err), nil)
	}
	defer rows.Close()
	found := false
	for rows.Next() {
		found = true
		e, ok, err := scanEntry(rows, &p.Epoch, &p.Head, &p.Floor)
		if err != nil {
			return p, postgres.Translate(fmt.Errorf("read topic: %w", err), nil)
		}
		if ok {
			e.Number = e.Numbers[level]
			p.Entries = append(p.Entries, e)
		}
	}
	if err := rows.Err(); err != nil {
		return p, postgres.Translate(fmt.Errorf("read topic: %w", err), nil)
	}
	if !found {
		return p, fault.ErrNotFound.New().Because(fmt.Errorf("no topic %s", topic))
	}
	return p, p.check(after)
}

// check refuses what would be a gap. Floors are raised before partitions leave,
// so missing facts below an old floor can only be met in a snapshot that
// outlived the time between the two.
func (p *Page) check(after int64) error {
	if after < p.Floor || after > p.Head {
		return ErrStaleCursor.New().Because(fmt.Errorf("number %d is outside %d..%d", after, p.Floor, p.Head))
	}
	next := after
	for _, e := range p.Entries {
		next++
		if e.Number != next {
			p.Entries = nil
			return ErrStaleCursor.New().Because(fmt.Errorf("number %d is no longer there", next))
		}
	}
	if len(p.Entries) == 0 && after < p.Head {
		return ErrStaleCursor.New().Because(fmt.Errorf("number %d is no longer there", after+1))
	}
	return nil
}

var afterSQL = func() (sql [access.Levels]string) {
	for k := range sql {
		sql[k] = strings.ReplaceAll(`
			select e.number, t.head#, t.floor#, `+entryColumns+`
			from topics t cross join epoch e
			left join lateral (
			  select * from journal j where j.node = t.node and j.n# > $2 order by j.n# limit $3) j on true
			where t.node = $1
			order by j.n#`, "#", fmt.Sprint(k))
	}
	return sql
}()

// Watch is a topic and the newest number (at the highest level) known of it.
type Watch struct {
	Topic id.ID
	After int64 // Unknown: nothing is known yet
}

// Unknown stands for a topic of which nothing is known: only its newest facts
// are read.
const Unknown int64 = -1

// Change is what happened to a watched topic.
type Change struct {
	Topic id.ID
	Gone  bool // the topic does not exist (any more)
	// Heads and Floors are of the instant of reading; Entries may end before
	// Heads when there are more than the limit.
	Heads, Floors [access.Levels]int64
	Entries       []Entry // all levels, by their number at the highest
}

// Changes looks at all watched topics in one statement and returns those that
// have facts after the known number (up to limit each), those of which nothing
// was known (with their newest recent facts), and those that are gone. The
// epoch is of the same instant. Of a known topic it looks no further back than
// a day, which all partitions but one or two need not be opened for: a number
// that is known was read when it was new. Where that finds less than the heads
// say, nothing is known of the topic any more.
func Changes(ctx context.Context, q postgres.Querier, watched []Watch, recent, limit int) (epoch int64, changes []Change, err error) {
	topics, after := make([]id.ID, len(watched)), make([]int64, len(watched))
	for i, w := range watched {
		topics[i], after[i] = w.Topic, w.After
	}
	sql := newChangesSQL
	if slices.ContainsFunc(watched, func(w Watch) bool { return w.After < 0 }) {
		sql = allChangesSQL
	}
	rows, err := q.Query(ctx, sql, topics, after, recent, limit)
	if err != nil {
		return 0, nil, postgres.Translate(fmt.Errorf("read changes: %w", err), nil)
	}
	defer rows.Close()
	for rows.Next() {
		if changes, err = scanChange(rows, &epoch, changes); err != nil {
			return 0, nil, postgres.Translate(fmt.Errorf("read changes: %w", err), nil)
		}
	}
	if err := rows.Err(); err != nil {
		return 0, nil, postgres.Translate(fmt.Errorf("read changes: %w", err), nil)
	}
	return epoch, changes, nil
}

// The left joins keep one row when nothing changed: it brings the epoch. The
// limit keeps the planner from reading all topics where there are few.
const changesSQL = `
	select e.number, c.topic, c.node is null,
	  c.head0, c.head1, c.head2, c.head3, c.head4, c.floor0, c.floor1, c.floor2, c.floor3, c.floor4, ` + entryColumns + `
	from epoch e
	left join lateral (
	  select w.topic, w.place, t.*, case when w.after < 0 then greatest(t.head4 - $3, t.floor4) else w.after end as start
	  from unnest($1::uuid[], $2::bigint[]) with ordinality as w(topic, after, place)
	  left join lateral (select * from topics where node = w.topic limit 1) t on true
	  where t.head4 is distinct from w.after) c on true
	left join lateral (
	  select * from journal j where j.node = c.node and j.n4 > c.start%s order by j.n4 limit $4) j on true
	order by c.place, j.n4`

var (
	allChangesSQL = fmt.Sprintf(changesSQL, "")
	newChangesSQL = fmt.Sprintf(changesSQL, " and j.at > now() - interval '1 day' and j.at < now() + interval '1 day'")
)

func scanChange(rows pgx.Rows, epoch *int64, changes []Change) ([]Change, error) {
	var c Change
	var gone *bool
	var heads, floors [access.Levels]*int64
	targets := []any{epoch, &c.Topic, &gone}
	for _, ends := range []*[access.Levels]*int64{&heads, &floors} {
		for k := range ends {
			targets = append(targets, &ends[k])
		}
	}
	e, ok, err := scanEntry(rows, targets...)
	if err != nil || c.Topic.IsZero() {
		return changes, err
	}
	if n := len(changes); n == 0 || changes[n-1].Topic != c.Topic {
		c.Gone = gone != nil && *gone
		for k := range heads {
			c.Heads[k], c.Floors[k] = value(heads[k]), value(floors[k])
		}
		changes = append(changes, c)
	}
	if ok {
		e.Number = e.Numbers[access.Organisers]
		last := &changes[len(changes)-1]
		last.Entries = append(last.Entries, e)
	}
	return changes, nil
}

const entryColumns = `j.node, j.n0, j.n1, j.n2, j.n3, j.n4, j.fxid, j.seq, j.kind, j.level, j.data, j.actor, j.on_behalf_of, j.at`

// scanEntry reads the columns before, then entryColumns. It reports whether
// there is an entry: an outer join may have found none.
func scanEntry(rows pgx.Rows, before ...any) (e Entry, ok bool, err error) {
	var n [access.Levels]*int64
	var fxid *uint64
	var seq *int64
	var kind *string
	var level *int16
	var data []byte
	var at *time.Time
	err = rows.Scan(append(before, &e.Node, &n[0], &n[1], &n[2], &n[3], &n[4], &fxid, &seq,
		&kind, &level, &data, &e.Actor, &e.OnBehalfOf, &at)...)
	if err != nil || e.Node.IsZero() {
		return e, false, err
	}
	for k := range n {
		e.Numbers[k] = value(n[k])
	}
	e.FXID, e.Seq, e.Kind, e.Level, e.Data, e.At = *fxid, *seq, *kind, access.Level(*level), json.RawMessage(data), *at
	return e, true, nil
}

func value(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}
