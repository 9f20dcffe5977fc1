package journal_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func touched(t testing.TB, db *postgres.DB, since journal.Horizon, limit int) (map[id.ID]int64, journal.Horizon, bool) {
	t.Helper()
	topics, next, all, err := journal.Touched(t.Context(), db.Read(), since, limit)
	must(t, err)
	return topics, next, all
}

// TestTouchedTopics: each look names what was written since the one before.
func TestTouchedTopics(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	_, err := journal.CheckEpoch(t.Context(), db)
	must(t, err)
	a, b := newTopic(t, db, access.Public), newTopic(t, db, access.Public)
	write(t, db, a, fact(access.Public, 1))
	_, since, _ := touched(t, db, journal.Horizon{}, 100)
	write(t, db, b, fact(access.Organisers, 1), fact(access.Public, 2))
	// A test beside may have a transaction open: then more is named again.
	topics, next, all := touched(t, db, since, 100)
	if topics[b] != 2 || !all {
		t.Errorf("all %v, %v", all, topics)
	}
	if _, _, all := touched(t, db, since, 1); all {
		t.Error("more than the limit, and it says that these are all")
	}
	if next.FXID < since.FXID || next.Epoch != since.Epoch {
		t.Errorf("from %+v to %+v", since, next)
	}
	_, err = journal.NewEpoch(t.Context(), db)
	must(t, err)
	write(t, db, a, fact(access.Public, 3))
	topics, after, _ := touched(t, db, next, 100)
	if topics[a] != 2 || after.Epoch <= next.Epoch {
		t.Errorf("in a new epoch: %+v, %v", after, topics)
	}
}

// only leaves the topics of the test out of those that others touch.
func only(topics map[id.ID]int64, wanted ...id.ID) map[id.ID]int64 {
	found := map[id.ID]int64{}
	for _, t := range wanted {
		if n, ok := topics[t]; ok {
			found[t] = n
		}
	}
	return found
}

// TestTouchedMissesNothing: a transaction that was open during looks and writes
// late is found by the look after its commit, though younger ones were long
// before; and these are found while it is open.
func TestTouchedMissesNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	slow, quick := newTopic(t, db, access.Public), newTopic(t, db, access.Public)
	_, since, _ := touched(t, db, journal.Horizon{}, 1000)
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, slow); err != nil {
			return err
		}
		if err := journal.Append(ctx, tx, slow, nil, fact(access.Public, 1)); err != nil {
			return err
		}
		for n := range 3 {
			write(t, db, quick, fact(access.Public, n))
			var topics map[id.ID]int64
			topics, since, _ = touched(t, db, since, 1000)
			if diff := cmp.Diff(map[id.ID]int64{quick: int64(n) + 1}, only(topics, slow, quick)); diff != "" {
				return fmt.Errorf("look %d: %s", n, diff)
			}
		}
		return nil
	}))
	topics, _, _ := touched(t, db, since, 1000)
	if topics[slow] != 1 {
		t.Errorf("the transaction that was open all the time was missed: %v", topics)
	}
}

// TestTouchedIsReadFromTheIndex: what was written before the horizon is not
// walked over.
func TestTouchedIsReadFromTheIndex(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	rows, err := db.Read().Query(t.Context(), `explain select j.node, j.n4 from journal j where (j.epoch, j.fxid) >= (7::bigint, '9'::xid8)
		order by j.epoch, j.fxid limit 5`)
	must(t, err)
	var plan strings.Builder
	for rows.Next() {
		var line string
		must(t, rows.Scan(&line))
		plan.WriteString(line + "\n")
	}
	must(t, rows.Err())
	if !strings.Contains(plan.String(), "Index Cond: (ROW(epoch, fxid) >= ROW(") || strings.Contains(plan.String(), "Seq Scan on journal") {
		t.Error(plan.String())
	}
}

// BenchmarkTouched looks for what has happened while nothing has, beside
// BenchmarkChanges, which looks at every watched topic.
func BenchmarkTouched(b *testing.B) {
	db := pgtest.New(b)
	topic := newTopic(b, db, access.Public)
	write(b, db, topic, fact(access.Public, 1))
	_, since, _ := touched(b, db, journal.Horizon{}, 1000)
	for b.Loop() {
		if _, _, _, err := journal.Touched(b.Context(), db.Read(), since, 1000); err != nil {
			b.Fatal(err)
		}
	}
}
