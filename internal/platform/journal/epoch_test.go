package journal_test

import (
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
)

func TestEpochIsKeptWhileNothingChanges(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	first, err := journal.CheckEpoch(t.Context(), db)
	must(t, err)
	second, err := journal.CheckEpoch(t.Context(), db)
	must(t, err)
	current, err := journal.CurrentEpoch(t.Context(), db.Read())
	must(t, err)
	if first == 0 || second != first || current != first {
		t.Errorf("epochs %d, %d, %d", first, second, current)
	}
}

func TestAnotherServerIsAnotherEpoch(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"another cluster":  `system_id = system_id + 1`,
		"another timeline": `timeline = timeline + 1`,
		"another database": `database = 1`,
		"a restored dump":  `relation = 1`,
	} {
		db := pgtest.New(t)
		first, err := journal.CheckEpoch(t.Context(), db)
		must(t, err)
		_, err = db.Read().Exec(t.Context(), `update epoch set `+change)
		must(t, err)
		second, err := journal.CheckEpoch(t.Context(), db)
		must(t, err)
		if second <= first {
			t.Errorf("%s: epoch %d after %d", name, second, first)
		}
	}
}

// Instances that start together agree on one epoch.
func TestEpochAgreedUpon(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	epochs := make([]int64, 6)
	var all errgroup.Group
	for i := range epochs {
		all.Go(func() (err error) {
			epochs[i], err = journal.CheckEpoch(t.Context(), db)
			return err
		})
	}
	must(t, all.Wait())
	for _, e := range epochs {
		if e != epochs[0] {
			t.Errorf("epochs %v", epochs)
		}
	}
}

// In another cluster transaction numbers start low again: a topic's feed
// position of the old epoch must not hold its facts back for ages.
func TestNewEpochStartsFeedPositionsAnew(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	topic := newTopic(t, db, access.Public)
	about := newTopic(t, db, access.Public)
	_, err := db.Read().Exec(t.Context(), `update topics set fxid = '900000000000' where node = $1`, topic)
	must(t, err)
	_, err = journal.NewEpoch(t.Context(), db)
	must(t, err)
	write(t, db, topic, fact(access.Public, 1, about))
	readFeed(t, db, about, nobody, journal.FeedCursor{}, 1)
}
