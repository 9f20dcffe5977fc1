package live_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/live"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// never is a poll interval that does not come within a test.
const never = time.Hour

// hub starts a hub that hears of this database's commits, and stops it with the
// test.
func hub(t testing.TB, db *postgres.DB, opts live.Options) *live.Hub {
	t.Helper()
	h := live.New(db, opts)
	db.OnTouched(h.Committed, h.Follows)
	must(t, h.Start(t.Context()))
	t.Cleanup(h.Stop)
	return h
}

// counted starts a hub that only looks when it is told to, and counts its statements.
func counted(t testing.TB, db *postgres.DB) (*live.Hub, *postgres.Statements) {
	t.Helper()
	ctx, statements := postgres.CountStatements(t.Context())
	h := live.New(db, live.Options{Poll: never, NoNotify: true})
	db.OnTouched(h.Committed, h.Follows)
	must(t, h.Start(ctx))
	t.Cleanup(h.Stop)
	return h, statements
}

// wake lets a hub look at topics.
func wake(h *live.Hub, topics ...id.ID) {
	touched := make([]postgres.Touched, len(topics))
	for i, topic := range topics {
		touched[i].Topic = topic
	}
	h.Committed(touched)
}

func newTopic(t testing.TB, db *postgres.DB) id.ID {
	t.Helper()
	topic := id.New()
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		return node.Register(ctx, tx, node.Node{ID: topic, Kind: node.Event, Title: lang.Text{CA: "Prova"}})
	}))
	return topic
}

func write(ctx context.Context, db *postgres.DB, topic id.ID, facts ...journal.Fact) error {
	return db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, topic); err != nil {
			return err
		}
		return journal.Append(ctx, tx, topic, nil, facts...)
	})
}

// facts makes n facts whose levels go round.
func facts(n int) []journal.Fact {
	out := make([]journal.Fact, n)
	for i := range out {
		out[i] = journal.Fact{Kind: "test.noted", Level: access.Level(i % access.Levels), Data: map[string]int{"n": i}}
	}
	return out
}

// public makes n facts that all may see.
func public(n int) []journal.Fact {
	out := facts(n)
	for i := range out {
		out[i].Level = access.Public
	}
	return out
}

// take reads until the subscriber stands at the number.
func take(ctx context.Context, s *live.Subscriber, until int64) ([]journal.Entry, error) {
	var all []journal.Entry
	for s.Cursor().Number < until {
		entries, err := s.Next(ctx)
		if err != nil {
			return all, fmt.Errorf("at %d of %d: %w", s.Cursor().Number, until, err)
		}
		all = append(all, entries...)
	}
	return all, nil
}

// sameAsJournal compares what was delivered with what the journal holds.
func sameAsJournal(ctx context.Context, db *postgres.DB, got []journal.Entry, topic id.ID, level access.Level, after int64) error {
	want, err := journal.After(ctx, db.Read(), topic, level, after, 100000)
	if err != nil {
		return err
	}
	same := slices.EqualFunc(got, want, func(a, b journal.Entry) bool {
		return a.Number == b.Number && a.Numbers == b.Numbers && a.Seq == b.Seq && string(a.Data) == string(b.Data)
	})
	if !same {
		return fmt.Errorf("%s after %d: %d entries delivered, %d in the journal, or others", level, after, len(got), len(want))
	}
	return nil
}

// nothing is a context for a Next that must not wait.
func nothing() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	must(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// cut ends the database's connections that match a condition, and says how many.
func cut(t testing.TB, admin *pgx.Conn, condition string) int {
	t.Helper()
	var n int
	must(t, admin.QueryRow(t.Context(), `
		select count(pg_terminate_backend(pid)) from pg_stat_activity
		where datname = current_database() and pid <> pg_backend_pid() and `+condition).Scan(&n))
	return n
}

// events is a log that a test can wait on.
type events chan string

func (e events) Enabled(context.Context, slog.Level) bool { return true }
func (e events) WithAttrs([]slog.Attr) slog.Handler       { return e }
func (e events) WithGroup(string) slog.Handler            { return e }

func (e events) Handle(_ context.Context, r slog.Record) error {
	select {
	case e <- r.Message:
	default:
	}
	return nil
}

func (e events) await(t testing.TB, message string) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		select {
		case got := <-e:
			if got == message {
				return
			}
		case <-deadline:
			t.Fatalf("no %q within 20 s", message)
		}
	}
}
