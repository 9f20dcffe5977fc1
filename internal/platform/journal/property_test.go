package journal_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// command is one transaction of a writer: facts for topics, in any order of
// topics, and whether it rolls back in the end.
type command struct {
	Topics []int
	Levels []access.Level
	Fails  bool
}

// ticket is drawn under the topic's lock, so that tickets are in the order in
// which the commands got it: the order of their commits.
type ticket struct {
	Ticket int `json:"ticket"`
}

type tickets struct {
	mu   sync.Mutex
	last int
}

func (d *tickets) draw() ticket {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last++
	return ticket{d.last}
}

var errRolledBack = errors.New("rolled back on purpose")

// Writers at once over several topics, locked in whatever order, some rolling
// back: at each level the numbers have no gap, are in the order of the commits,
// and count exactly what the level may see.
func TestNumbersAreGaplessAndInOrder(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	rapid.Check(t, func(r *rapid.T) {
		topics := make([]id.ID, rapid.IntRange(1, 3).Draw(r, "topics"))
		for i := range topics {
			topics[i] = newTopic(r, db, access.Public)
		}
		writers := rapid.SliceOfN(rapid.SliceOfN(commands(len(topics)), 1, 5), 2, 5).Draw(r, "writers")
		var all errgroup.Group
		var draw tickets
		for _, plan := range writers {
			all.Go(func() error {
				for _, c := range plan {
					if err := c.run(db, topics, &draw); err != nil {
						return err
					}
				}
				return nil
			})
		}
		must(r, all.Wait())
		for i, topic := range topics {
			checkTopic(r, db, topic, expected(writers, i))
		}
	})
}

func commands(topics int) *rapid.Generator[command] {
	return rapid.Custom(func(r *rapid.T) command {
		return command{
			Topics: rapid.Permutation(indexes(topics)).Draw(r, "order")[:rapid.IntRange(1, topics).Draw(r, "some")],
			Levels: rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 4), func(l int) access.Level { return access.Level(l) }), 1, 4).Draw(r, "levels"),
			Fails:  rapid.IntRange(0, 4).Draw(r, "fails") == 0,
		}
	})
}

func indexes(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func (c command) run(db *postgres.DB, topics []id.ID, draw *tickets) error {
	err := db.InTx(context.Background(), func(ctx context.Context, tx *postgres.Tx) error {
		mine := make([]id.ID, len(c.Topics))
		for i, n := range c.Topics {
			mine[i] = topics[n]
		}
		if err := journal.Lock(ctx, tx, mine...); err != nil {
			return err
		}
		for _, topic := range mine {
			facts := make([]journal.Fact, len(c.Levels))
			for i, l := range c.Levels {
				facts[i] = journal.Fact{Kind: "test.noted", Level: l, Data: draw.draw()}
			}
			if err := journal.Append(ctx, tx, topic, nil, facts...); err != nil {
				return err
			}
		}
		if c.Fails {
			return errRolledBack
		}
		return nil
	})
	if c.Fails && errors.Is(err, errRolledBack) {
		return nil
	}
	return err
}

// expected counts what each level should see of a topic.
func expected(writers [][]command, topic int) (n [access.Levels]int) {
	for _, plan := range writers {
		for _, c := range plan {
			for _, of := range c.Topics {
				if of != topic || c.Fails {
					continue
				}
				for _, l := range c.Levels {
					for k := l; k <= access.Organisers; k++ {
						n[k]++
					}
				}
			}
		}
	}
	return n
}

func checkTopic(r *rapid.T, db *postgres.DB, topic id.ID, want [access.Levels]int) {
	for level := access.Public; level <= access.Organisers; level++ {
		entries, err := journal.After(context.Background(), db.Read(), topic, level, 0, 1000)
		must(r, err)
		if len(entries) != want[level] {
			r.Fatalf("%s sees %d facts, want %d", level, len(entries), want[level])
		}
		last, seq := 0, int64(0)
		for i, e := range entries {
			var d ticket
			must(r, json.Unmarshal(e.Data, &d))
			if e.Number != int64(i)+1 || d.Ticket <= last || e.Seq <= seq || e.Level > level {
				r.Fatalf("%s: fact %d has number %d, ticket %d after %d, seq %d after %d", level, i, e.Number, d.Ticket, last, e.Seq, seq)
			}
			last, seq = d.Ticket, e.Seq
		}
	}
}
