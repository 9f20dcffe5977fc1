package journal_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// answer is how a call went.
type answer struct {
	Result []id.ID
	Ran    bool
	Err    string
}

var errRefused = errors.New("refused")

// ring carries calls out in one transaction; those whose hash says so are refused.
func ring(db *postgres.DB, calls []journal.Keyed, result func(place int) []id.ID) (answers []answer, err error) {
	err = db.InTx(postgres.Hurried(context.Background()), func(ctx context.Context, tx *postgres.Tx) error {
		answers = nil
		k, err := journal.OpenKeyring(ctx, tx, calls)
		if err != nil {
			return err
		}
		for i, c := range calls {
			var a answer
			a.Result, err = k.Once(i, func() ([]id.ID, error) {
				a.Ran = true
				return result(i), refusal(c)
			})
			a.note(err)
			answers = append(answers, a)
		}
		return k.Close(ctx)
	})
	return answers, err
}

func refusal(c journal.Keyed) error {
	if strings.HasPrefix(string(c.Hash), "refuse") {
		return errRefused
	}
	return nil
}

func (a *answer) note(err error) {
	if err != nil {
		a.Result, a.Err = nil, fault.From(err).Code.Name
	}
}

// Whatever keys come in whatever rings, the answers are those of the same calls
// one by one.
func TestARingIsTheSameOneByOne(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	runs := 0
	rapid.Check(t, func(r *rapid.T) {
		runs++
		together, apart := person(runs, 'a'), person(runs, 'b')
		for range rapid.IntRange(1, 3).Draw(r, "rings") {
			calls := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) journal.Keyed {
				return journal.Keyed{
					Actor:    together[rapid.IntRange(0, 1).Draw(r, "actor")],
					Key:      rapid.SampledFrom([]string{"", "k", "l", "m", strings.Repeat("x", 101)}).Draw(r, "key"),
					Mutation: rapid.SampledFrom([]string{"create", "cancel"}).Draw(r, "mutation"),
					Hash:     []byte(rapid.SampledFrom([]string{"", "h", "refuse"}).Draw(r, "hash")),
				}
			}), 1, 8).Draw(r, "calls")
			results := make([][]id.ID, len(calls))
			for i := range results {
				results[i] = []id.ID{id.New(), id.New()}[:rapid.IntRange(0, 2).Draw(r, "results")]
			}
			got, err := ring(db, calls, func(i int) []id.ID { return results[i] })
			if err != nil {
				r.Fatal(err)
			}
			var want []answer
			for i, c := range calls {
				var a answer
				actor := apart[slices.Index(together, c.Actor)]
				a.Result, err = once(db, actor, c.Key, c.Mutation, string(c.Hash), func() ([]id.ID, error) {
					a.Ran = true
					return results[i], refusal(c)
				})
				a.note(err)
				want = append(want, a)
			}
			if diff := cmp.Diff(want, got, equateEmpty()); diff != "" {
				r.Fatalf("%v:\n%s", calls, diff)
			}
		}
	})
}

// person makes two people of a run.
func person(run int, suite rune) []*access.Viewer {
	return []*access.Viewer{
		{Person: id.Named(fmt.Sprint(run, suite, 1))}, {Person: id.Named(fmt.Sprint(run, suite, 2))},
	}
}

func equateEmpty() cmp.Option {
	return cmp.Transformer("none", func(ids []id.ID) string { return fmt.Sprint(len(ids), ids) })
}

// Rings with the same keys in another order do not wait for each other in a circle.
func TestRingsWithTheSameKeysAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	anna := &access.Viewer{Person: id.New()}
	var calls []journal.Keyed
	for i := range 20 {
		calls = append(calls, journal.Keyed{Actor: anna, Key: fmt.Sprint("k", i), Mutation: "create", Hash: []byte("h")})
	}
	backwards := slices.Clone(calls)
	slices.Reverse(backwards)
	ran := make([]int, 2)
	var both errgroup.Group
	for i, calls := range [][]journal.Keyed{calls, backwards} {
		both.Go(func() error {
			answers, err := ring(db, calls, func(int) []id.ID { return []id.ID{anna.Person} })
			for _, a := range answers {
				if a.Ran {
					ran[i]++
				}
			}
			return err
		})
	}
	must(t, both.Wait())
	if ran[0]+ran[1] != len(calls) {
		t.Errorf("%v were carried out, want %d", ran, len(calls))
	}
}

// A key that somebody else's transaction holds costs the ring a moment and not
// its time; the connection is as it was.
func TestABusyKeyIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	anna := &access.Viewer{Person: id.New()}
	call := []journal.Keyed{{Actor: anna, Key: "k", Mutation: "create", Hash: []byte("h")}}
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := journal.Once(ctx, tx, anna, "k", "create", []byte("h"), func() ([]id.ID, error) { return nil, nil })
		must(t, err)
		if _, err := ring(db, call, func(int) []id.ID { return nil }); err == nil {
			t.Error("the ring waited for a key that is not decided")
		}
		return nil
	}))
	answers, err := ring(db, call, func(int) []id.ID { return nil })
	must(t, err)
	if answers[0].Ran {
		t.Error("the command was carried out twice")
	}
}

func TestAppendEachNamesEachActor(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topic := newTopic(t, db, access.Public)
	anna, pere := &access.Viewer{Person: id.New(), For: id.New()}, &access.Viewer{Person: id.New()}
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, topic); err != nil {
			return err
		}
		return journal.AppendEach(ctx, tx,
			journal.Deed{Topic: topic, By: anna, Facts: []journal.Fact{fact(access.Public, 1), fact(access.Organisers, 2)}},
			journal.Deed{Topic: topic, By: pere}, journal.Deed{Topic: topic, Facts: []journal.Fact{fact(access.Public, 3)}},
			journal.Deed{Topic: topic, By: pere, Facts: []journal.Fact{fact(access.Public, 4)}})
	}))
	entries, err := journal.After(t.Context(), db.Read(), topic, access.Organisers, 0, 10)
	must(t, err)
	var got []access.Viewer
	for _, e := range entries {
		got = append(got, access.Viewer{Person: e.Actor, For: e.OnBehalfOf})
	}
	if diff := cmp.Diff([]access.Viewer{*anna, *anna, {}, *pere}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{`1 {"n": 1}`, `2 {"n": 2}`, `3 {"n": 3}`, `4 {"n": 4}`}, ns(entries)); diff != "" {
		t.Error(diff)
	}
}

// What is told of several topics in one statement is what would be told of each.
func TestAppendEachToSeveralTopics(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	one, two, about := newTopic(t, db, access.Public), newTopic(t, db, access.Public), newTopic(t, db, access.Public)
	told := func(n int) journal.Fact {
		f := fact(access.Public, n)
		f.About = []id.ID{about}
		return f
	}
	write(t, db, two, fact(access.Public, 0))
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, one, two); err != nil {
			return err
		}
		return journal.AppendEach(ctx, tx,
			journal.Deed{Topic: two, Facts: []journal.Fact{told(1), fact(access.Members, 2)}},
			journal.Deed{Topic: one, Facts: []journal.Fact{fact(access.Members, 3)}},
			journal.Deed{Topic: two, Facts: []journal.Fact{told(4)}},
			journal.Deed{Topic: one, Facts: []journal.Fact{told(5)}})
	}))
	for topic, want := range map[id.ID]string{
		one: "[[0 0 0 1 1] [1 1 1 2 2]]",
		two: "[[1 1 1 1 1] [2 2 2 2 2] [0 0 0 3 3] [3 3 3 4 4]]",
	} {
		entries, err := journal.After(t.Context(), db.Read(), topic, access.Organisers, 0, 10)
		must(t, err)
		var got [][access.Levels]int64
		for _, e := range entries {
			got = append(got, e.Numbers)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("numbers %v, want %s", got, want)
		}
	}
	var feed string
	must(t, db.Read().QueryRow(t.Context(), `
		select string_agg(j.data::text || ' ' || a.n4, ', ' order by a.fxid, a.seq)
		from journal_about a join journal j on j.node = a.node and j.n4 = a.n4 where a.about = $1`, about).Scan(&feed))
	if want := `{"n": 1} 2, {"n": 4} 4, {"n": 5} 2`; feed != want {
		t.Errorf("the feed is %s, want %s", feed, want)
	}
	err := db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, one); err != nil {
			return err
		}
		return journal.AppendEach(ctx, tx, journal.Deed{Topic: one, Facts: []journal.Fact{told(6)}}, journal.Deed{Topic: two, Facts: []journal.Fact{told(7)}})
	})
	if err == nil {
		t.Error("facts of a topic that was not locked")
	}
}

// What somebody else holds is passed over, at once.
func TestLockFree(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	one, two := newTopic(t, db, access.Public), newTopic(t, db, access.Public)
	must(t, db.InTx(t.Context(), func(ctx context.Context, held *postgres.Tx) error {
		if err := journal.Lock(ctx, held, one); err != nil {
			return err
		}
		return db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
			free, err := journal.LockFree(ctx, tx, one, two, id.New())
			if err != nil || len(free) != 1 || free[0] != two {
				t.Errorf("free is %v, %v", free, err)
			}
			return journal.Append(ctx, tx, two, nil, fact(access.Public, 1))
		})
	}))
}
