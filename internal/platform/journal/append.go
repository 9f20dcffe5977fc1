package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Append writes what happened to the topic, in one statement: it raises the
// topic's heads and inserts the facts with their numbers. v is who did it; nil
// is the hub itself. Time and transaction number come from PostgreSQL.
//
// The topic must have been locked (or registered) in this transaction. The
// update would take the lock anyway and the numbers be right, but a command
// that decides before it locks decides on what may have changed; so an unlocked
// topic is an error. The lock is recognised by the transaction number in the
// row: take it outside a savepoint.
//
// Who lost a right since v was read does nothing any more, though they waited
// for the lock with it: that is access.ErrRightsChanged, whatever the right was.
//
// After the commit those who follow the topic are told; those of this instance what
// was written, so that it need not be read again.
func Append(ctx context.Context, tx *postgres.Tx, topic id.ID, v *access.Viewer, facts ...Fact) error {
	return AppendEach(ctx, tx, Deed{Topic: topic, By: v, Facts: facts})
}

// Deed is what somebody did to a topic: nil is the hub itself.
type Deed struct {
	Topic id.ID
	By    *access.Viewer
	Facts []Fact
}

// AppendEach is Append for what several people did in one transaction, one after
// the other, to one topic or to several: still one statement. One of them who lost
// a right is enough for it to fail.
func AppendEach(ctx context.Context, tx *postgres.Tx, deeds ...Deed) error {
	c, err := columnsOf(deeds)
	if err != nil || len(c.kinds) == 0 {
		return err
	}
	n := c.counts
	rows, err := tx.Native().Query(ctx, appendSQL,
		c.topics, c.actors, c.fors,
		n[0], n[1], n[2], n[3], n[4],
		c.ranks[0], c.ranks[1], c.ranks[2], c.ranks[3],
		c.kinds, c.levels, c.data, c.about, c.asked, c.versions,
		c.of, c.ranks[4], slices.ContainsFunc(c.topics, tx.Follows))
	if err != nil {
		return fmt.Errorf("append to the journal: %w", err)
	}
	news, raised, lost, err := appended(rows)
	switch {
	case err != nil:
		return fmt.Errorf("append to the journal: %w", err)
	case raised < len(c.topics):
		return fmt.Errorf("journal: one of %d topics (first %s) was not locked in this transaction", len(c.topics), c.topics[0])
	case lost:
		return access.ErrRightsChanged.New()
	}
	for _, topic := range c.topics {
		tx.Touch(topic, news[topic])
	}
	return nil
}

// News are facts of a topic as their own transaction has written them, in order,
// with their numbers at the highest level.
type News struct {
	Topic   id.ID
	Epoch   int64
	Entries []Entry
}

// appended reads how many topics were raised, whether somebody lost a right, and
// the facts, where they were asked for.
func appended(rows pgx.Rows) (news map[id.ID]*News, raised int, lost bool, err error) {
	defer rows.Close()
	for rows.Next() {
		var epoch *int64
		e, ok, err := scanEntry(rows, &raised, &lost, &epoch)
		if err != nil {
			return nil, 0, false, err
		}
		if !ok {
			continue
		}
		if news == nil {
			news = map[id.ID]*News{}
		}
		of := news[e.Node]
		if of == nil {
			of = &News{Topic: e.Node, Epoch: *epoch}
			news[e.Node] = of
		}
		e.Number = e.Numbers[access.Organisers]
		of.Entries = append(of.Entries, e)
	}
	return news, raised, lost, rows.Err()
}

// A fact's number at a level is the head before plus its rank among the new
// facts of its topic that the level may see; the rank is NULL where it may not, and
// so is the number. At the highest level every fact has one. A place says which of
// the topics it is. The arrays are kept from the planner
// (see postgres.Keys), all of them by one subquery. The facts
// come back only where somebody of this instance follows one of the topics.
const appendSQL = `
with t as (
  update topics t set
    head0 = t.head0 + n.n0, head1 = t.head1 + n.n1, head2 = t.head2 + n.n2, head3 = t.head3 + n.n3, head4 = t.head4 + n.n4,
    fxid = case when t.epoch = e.number then greatest(t.fxid, pg_current_xact_id()) else pg_current_xact_id() end,
    epoch = e.number
  from epoch e, (select $1::uuid[] as nodes, $4::bigint[] as n0, $5::bigint[] as n1, $6::bigint[] as n2, $7::bigint[] as n3, $8::bigint[] as n4 offset 0) p,
    unnest(p.nodes, p.n0, p.n1, p.n2, p.n3, p.n4) with ordinality as n(node, n0, n1, n2, n3, n4, place)
  where t.node = n.node and pg_current_xact_id()::xid in (t.xmin, t.xmax)
  returning t.node, t.fxid, t.epoch, clock_timestamp() as at, n.place,
    t.head0 - n.n0 as h0, t.head1 - n.n1 as h1, t.head2 - n.n2 as h2, t.head3 - n.n3 as h3, t.head4 - n.n4 as h4
), f as materialized (
  select t.node, t.h0 + f.r0 as n0, t.h1 + f.r1 as n1, t.h2 + f.r2 as n2, t.h3 + f.r3 as n3, t.h4 + f.r4 as n4,
    t.fxid, nextval('journal_seq') as seq, f.kind, f.level, f.data::jsonb as data, f.actor, f.on_behalf_of, t.at, t.epoch, f.about, f.asked
  from (select $9::bigint[] as r0, $10::bigint[] as r1, $11::bigint[] as r2, $12::bigint[] as r3, $20::bigint[] as r4,
      $13::text[] as kinds, $14::smallint[] as levels, $15::text[] as data, $2::uuid[] as actors, $3::uuid[] as fors,
      $19::bigint[] as topics, $16::text[] as about, $17::text[] as asked offset 0) p
  cross join lateral unnest(p.r0, p.r1, p.r2, p.r3, p.r4, p.kinds, p.levels, p.data, p.actors, p.fors, p.topics, p.about, p.asked)
    with ordinality as f(r0, r1, r2, r3, r4, kind, level, data, actor, on_behalf_of, topic, about, asked, nth)
  join t on f.topic = t.place
  order by f.nth
), written as (
  insert into journal (node, n0, n1, n2, n3, n4, fxid, seq, kind, level, data, actor, on_behalf_of, at, epoch)
  select node, n0, n1, n2, n3, n4, fxid, seq, kind, level, data, actor, on_behalf_of, at, epoch from f
), about as (
  insert into journal_about (about, epoch, fxid, seq, node, n4, level, at, asked)
  select a.about, f.epoch, f.fxid, f.seq, f.node, f.n4, f.level, f.at, a.asked
  from f cross join lateral unnest(f.about::uuid[], f.asked::boolean[]) as a(about, asked)
)
select a.raised, a.lost, j.epoch, ` + entryColumns + `
from (select (select count(*) from t) as raised, exists (
    select from unnest((select $2::uuid[])::uuid[], (select $18::bigint[])::bigint[]) as a(person, version)
    join rights_ended r on r.person = a.person and r.version > a.version
    where r.xmin <> pg_current_xact_id()::xid) as lost) a
left join f j on $21
order by j.seq`

// factColumns are the facts as arrays, one statement for any number of them, on any
// number of topics.
type factColumns struct {
	topics   []id.ID
	counts   [access.Levels][]int64  // of each topic: facts each level may see
	of       []int64                 // the fact's topic, by its place from 1
	ranks    [access.Levels][]*int64 // among those of its topic
	kinds    []string
	levels   []int16
	data     []string
	actors   []id.ID
	fors     []id.ID  // on whose behalf
	versions []int64  // of the actors' rights
	about    []string // what the fact is about, and of each whether it is asked: as PostgreSQL reads arrays
	asked    []string
}

func columnsOf(deeds []Deed) (c factColumns, err error) {
	places := map[id.ID]int{}
	for _, d := range deeds {
		by := d.By
		if by == nil {
			by = &access.Viewer{}
		}
		for _, f := range d.Facts {
			place, there := places[d.Topic]
			if !there {
				place = c.open(d.Topic)
				places[d.Topic] = place
			}
			c.actors, c.fors, c.versions = append(c.actors, by.Person), append(c.fors, by.For), append(c.versions, by.Version)
			if err := c.add(place, f); err != nil {
				return c, err
			}
		}
	}
	return c, nil
}

// open makes room for a topic, and gives its place from 0.
func (c *factColumns) open(topic id.ID) int {
	c.topics = append(c.topics, topic)
	for k := range c.counts {
		c.counts[k] = append(c.counts[k], 0)
	}
	return len(c.topics) - 1
}

func (c *factColumns) add(place int, f Fact) error {
	if f.Kind == "" || f.Level < access.Public || f.Level > access.Organisers {
		return fmt.Errorf("journal: fact %q of level %d", f.Kind, f.Level)
	}
	data := []byte("{}")
	if f.Data != nil {
		var err error
		if data, err = json.Marshal(f.Data); err != nil {
			return fmt.Errorf("journal: data of %q: %w", f.Kind, err)
		}
	}
	for k := range c.counts {
		sees := f.Level <= access.Level(k)
		if sees {
			c.counts[k][place]++
		}
		c.ranks[k] = append(c.ranks[k], rank(sees, c.counts[k][place]))
	}
	c.of, c.kinds = append(c.of, int64(place+1)), append(c.kinds, f.Kind)
	c.levels, c.data = append(c.levels, int16(f.Level)), append(c.data, string(data))
	about := f.subjects(c.topics[place])
	c.about, c.asked = append(c.about, postgres.Array(about)), append(c.asked, f.asked(about))
	return nil
}

// asked tells of each of the things whether the fact asks it, as an array.
func (f Fact) asked(about []id.ID) string {
	var each []string
	for _, a := range about {
		each = append(each, strconv.FormatBool(slices.Contains(f.Asks, a)))
	}
	return "{" + strings.Join(each, ",") + "}"
}

// subjects are the things in whose feeds the fact on the topic appears.
func (f Fact) subjects(topic id.ID) []id.ID {
	about := slices.Concat(f.About, f.Asks)
	if len(about) == 0 {
		return nil
	}
	return sorted(append(about, topic))
}

func rank(sees bool, n int64) *int64 {
	if !sees {
		return nil
	}
	return &n
}
