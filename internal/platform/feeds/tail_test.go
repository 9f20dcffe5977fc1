package feeds_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/feeds"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/live"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func register(t testing.TB, db *postgres.DB, kind node.Kind) id.ID {
	t.Helper()
	n := node.Node{ID: id.New(), Kind: kind}
	if kind != node.Person {
		n.Title = lang.Text{CA: "Prova"}
	}
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error { return node.Register(ctx, tx, n) }))
	return n.ID
}

func write(t testing.TB, db *postgres.DB, topic id.ID, about ...id.ID) {
	t.Helper()
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, topic); err != nil {
			return err
		}
		return journal.Append(ctx, tx, topic, nil, journal.Fact{Kind: "test.noted", Level: access.Public, About: about})
	}))
}

func start(t testing.TB, db *postgres.DB) *feeds.Tail {
	t.Helper()
	tail := feeds.New(db, feeds.Options{Poll: 20 * time.Millisecond})
	tail.Start()
	t.Cleanup(tail.Stop)
	return tail
}

// roused waits for the reader; it fails when nothing comes.
func roused(t testing.TB, r *feeds.Reader) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	must(t, r.Wait(ctx))
}

// follow begins to follow, and takes in the waking that every beginning has.
func follow(t testing.TB, tail *feeds.Tail, person id.ID, keys ...id.ID) *feeds.Reader {
	t.Helper()
	r := tail.Follow(person, keys)
	t.Cleanup(r.Close)
	return r
}

// Two tails, of two instances: what is written through neither of them rouses who
// follows it, on both, and nobody else. That nobody else is roused shows in the
// order: the sentinel behind it comes first to them.
func TestRousesWhoFollows(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topic, other := register(t, db, node.Event), register(t, db, node.Event)
	for range 2 {
		tail := start(t, db)
		mine, also, theirs := follow(t, tail, id.Zero, topic), follow(t, tail, id.Zero, other, topic), follow(t, tail, id.Zero, other)
		for _, r := range []*feeds.Reader{mine, also, theirs} {
			roused(t, r) // by the first look
		}
		write(t, db, topic, topic)
		roused(t, mine)
		roused(t, also)
		if err := theirs.Wait(cancelled(t)); err == nil {
			t.Error("roused by something else")
		}
		theirs.Set([]id.ID{topic})
		write(t, db, topic, topic)
		roused(t, theirs)
	}
}

func cancelled(t testing.TB) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// A transaction open elsewhere holds the horizon: the waking comes when it ends.
func TestRousesBehindTheHorizon(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	topic, slow := register(t, db, node.Event), register(t, db, node.Event)
	tail := start(t, db)
	r := follow(t, tail, id.Zero, topic)
	roused(t, r)
	head, err := journal.FeedHead(t.Context(), db.Read())
	must(t, err)
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, slow); err != nil {
			return err
		}
		write(t, db, topic, topic)
		return nil
	}))
	for {
		roused(t, r)
		entries, next, err := journal.Feed(t.Context(), db.Read(), journal.About(topic), access.Anonymous(lang.CA), head, 10)
		must(t, err)
		if head = next; len(entries) == 1 {
			return
		}
	}
}

// What is private to a person rouses that person's readers.
func TestRousesForWhatIsPrivate(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	me, somebody := register(t, db, node.Person), register(t, db, node.Person)
	tail := start(t, db)
	mine, theirs := follow(t, tail, me), follow(t, tail, somebody)
	roused(t, mine)
	roused(t, theirs)
	for range 2 {
		must(t, db.InTx(postgres.AsHub(t.Context()), func(ctx context.Context, tx *postgres.Tx) error { return feeds.Bump(ctx, tx, me) }))
		roused(t, mine)
	}
	if err := theirs.Wait(cancelled(t)); err == nil {
		t.Error("roused by somebody else's private things")
	}
}

func TestStopEndsWaiting(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	tail := feeds.New(db, feeds.Options{Poll: time.Hour})
	tail.Start()
	r := tail.Follow(id.Zero, nil)
	ended := make(chan error, 1)
	go func() { ended <- r.Wait(t.Context()) }()
	tail.Stop()
	if err := <-ended; !errors.Is(err, live.ErrStopping) {
		t.Errorf("ended with %v", err)
	}
	tail.Stop() // a second time has nothing to do
	r.Close()
}
