package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

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
// After the commit those who follow the topic are woken.
func Append(ctx context.Context, tx *postgres.Tx, topic id.ID, v *access.Viewer, facts ...Fact) error {
	return AppendEach(ctx, tx, topic, Deed{By: v, Facts: facts})
}

// Deed is what somebody did: nil is the hub itself.
type Deed struct {
	By    *access.Viewer
	Facts []Fact
}

// AppendEach is Append for what several people did in one transaction, one after
// the other: still one statement. One of them who lost a right is enough for it
// to fail.
func AppendEach(ctx context.Context, tx *postgres.Tx, topic id.ID, deeds ...Deed) error {
	c, err := columnsOf(topic, deeds)
	if err != nil || len(c.kinds) == 0 {
		return err
	}
	var lost bool
	err = tx.Native().QueryRow(ctx, appendSQL,
		topic, c.actors, c.fors,
		c.counts[0], c.counts[1], c.counts[2], c.counts[3], c.counts[4],
		c.ranks[0], c.ranks[1], c.ranks[2], c.ranks[3],
		c.kinds, c.levels, c.data, c.about, c.aboutFact, c.versions, c.asked).Scan(&lost)
	if errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("journal: topic %s was not locked in this transaction", topic)
	}
	if err != nil {
		return fmt.Errorf("append to the journal: %w", err)
	}
	if lost {
		return access.ErrRightsChanged.New()
	}
	tx.Touch(topic)
	return nil
}

// A fact's number at a level is the head before plus its rank among the new
// facts that the level may see; the rank is NULL where it may not, and so is
// the number. The arrays are kept from the planner: see postgres.Keys.
const appendSQL = `
with t as (
  update topics t set
    head0 = t.head0 + $4, head1 = t.head1 + $5, head2 = t.head2 + $6, head3 = t.head3 + $7, head4 = t.head4 + $8,
    fxid = case when t.epoch = e.number then greatest(t.fxid, pg_current_xact_id()) else pg_current_xact_id() end,
    epoch = e.number
  from epoch e
  where t.node = $1 and pg_current_xact_id()::xid in (t.xmin, t.xmax)
  returning t.*, clock_timestamp() as at
), written as (
  insert into journal (node, n0, n1, n2, n3, n4, fxid, seq, kind, level, data, actor, on_behalf_of, at, epoch)
  select t.node, t.head0 - $4 + f.r0, t.head1 - $5 + f.r1, t.head2 - $6 + f.r2, t.head3 - $7 + f.r3, t.head4 - $8 + f.r4,
    t.fxid, nextval('journal_seq'), f.kind, f.level, f.data::jsonb, f.actor, f.on_behalf_of, t.at, t.epoch
  from t cross join unnest((select $9::bigint[])::bigint[], (select $10::bigint[])::bigint[],
      (select $11::bigint[])::bigint[], (select $12::bigint[])::bigint[], (select $13::text[])::text[],
      (select $14::smallint[])::smallint[], (select $15::text[])::text[],
      (select $2::uuid[])::uuid[], (select $3::uuid[])::uuid[])
    with ordinality as f(r0, r1, r2, r3, kind, level, data, actor, on_behalf_of, r4)
  order by f.r4
  returning n4, seq, level
), about as (
  insert into journal_about (about, epoch, fxid, seq, node, n4, level, at, asked)
  select a.about, t.epoch, t.fxid, w.seq, t.node, w.n4, w.level, t.at, a.asked
  from t cross join unnest((select $16::uuid[])::uuid[], (select $17::bigint[])::bigint[], (select $19::boolean[])::boolean[]) as a(about, fact, asked)
  join written w on w.n4 = t.head4 - $8 + a.fact
)
select exists (
  select from unnest((select $2::uuid[])::uuid[], (select $18::bigint[])::bigint[]) as a(person, version)
  join rights_ended r on r.person = a.person and r.version > a.version
  where r.xmin <> pg_current_xact_id()::xid)
from t`

// factColumns are the facts as arrays, one statement for any number of them.
type factColumns struct {
	counts    [access.Levels]int64        // facts each level may see
	ranks     [access.Levels - 1][]*int64 // at the highest level the rank is the place
	kinds     []string
	levels    []int16
	data      []string
	actors    []id.ID
	fors      []id.ID // on whose behalf
	versions  []int64 // of the actors' rights
	about     []id.ID
	aboutFact []int64 // place of the fact, from 1
	asked     []bool
}

func columnsOf(topic id.ID, deeds []Deed) (c factColumns, err error) {
	c.about, c.aboutFact, c.asked = []id.ID{}, []int64{}, []bool{}
	for _, d := range deeds {
		by := d.By
		if by == nil {
			by = &access.Viewer{}
		}
		for _, f := range d.Facts {
			c.actors, c.fors, c.versions = append(c.actors, by.Person), append(c.fors, by.For), append(c.versions, by.Version)
			if err := c.add(int64(len(c.actors)), topic, f); err != nil {
				return c, err
			}
		}
	}
	return c, nil
}

func (c *factColumns) add(place int64, topic id.ID, f Fact) error {
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
			c.counts[k]++
		}
		if k < len(c.ranks) {
			c.ranks[k] = append(c.ranks[k], rank(sees, c.counts[k]))
		}
	}
	c.kinds, c.levels, c.data = append(c.kinds, f.Kind), append(c.levels, int16(f.Level)), append(c.data, string(data))
	for _, about := range f.subjects(topic) {
		c.about, c.aboutFact = append(c.about, about), append(c.aboutFact, place)
		c.asked = append(c.asked, slices.Contains(f.Asks, about))
	}
	return nil
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
