package journal_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// note is the data of the facts in these tests.
type note struct {
	N int `json:"n"`
}

// fataler is a test or one run of a property.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// newTopic registers an event that a level may see.
func newTopic(t fataler, db *postgres.DB, visibility access.Level) id.ID {
	t.Helper()
	topic := id.New()
	must(t, db.InTx(context.Background(), func(ctx context.Context, tx *postgres.Tx) error {
		return node.Register(ctx, tx, node.Node{ID: topic, Kind: node.Event, Title: lang.Text{CA: "Prova"}, Visibility: visibility})
	}))
	return topic
}

// write appends the facts in one command.
func write(t fataler, db *postgres.DB, topic id.ID, facts ...journal.Fact) {
	t.Helper()
	must(t, db.InTx(context.Background(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, topic); err != nil {
			return err
		}
		return journal.Append(ctx, tx, topic, nil, facts...)
	}))
}

func fact(level access.Level, n int, about ...id.ID) journal.Fact {
	return journal.Fact{Kind: "test.noted", Level: level, Data: note{n}, About: about}
}

func must(t fataler, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// openXID opens a transaction that has a number and holds the horizon back. It
// is ended by the function returned, at the latest with the test.
func openXID(t testing.TB, url string) (end func()) {
	t.Helper()
	conn := connect(t, url)
	tx, err := conn.Begin(t.Context())
	must(t, err)
	_, err = tx.Exec(t.Context(), `select pg_current_xact_id()`)
	must(t, err)
	return func() { must(t, tx.Rollback(context.Background())) }
}

func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	must(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// eventually repeats a check of something that other sessions of the cluster
// may hold up, until it succeeds.
func eventually(t testing.TB, check func() error) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		err := check()
		if err == nil {
			return
		}
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("still after 20 s: %v", err)
		}
	}
}

// ns are the numbers noted in the entries.
func ns(entries []journal.Entry) []string {
	out := []string{}
	for _, e := range entries {
		out = append(out, fmt.Sprintf("%d %s", e.Number, e.Data))
	}
	return out
}
