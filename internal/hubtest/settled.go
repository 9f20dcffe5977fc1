package hubtest

import (
	"context"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Settled waits until all that was written is in the feeds.
func (h *Hub) Settled(t testing.TB) {
	t.Helper()
	var now uint64
	if err := h.DB.Read().QueryRow(t.Context(), `select pg_snapshot_xmax(pg_current_snapshot())`).Scan(&now); err != nil {
		t.Fatal(err)
	}
	deadline, again := time.After(Patience), time.NewTicker(5*time.Millisecond)
	defer again.Stop()
	for {
		head, err := journal.FeedHead(t.Context(), h.DB.Read())
		if err != nil {
			t.Fatal(err)
		}
		if head.FXID >= now {
			return
		}
		select {
		case <-again.C:
		case <-deadline:
			t.Fatal("what was written does not come into the feeds")
		}
	}
}

// WorkOff calls work, which does one portion of what waits, until nothing waits:
// until the question waiting is answered with false. Only that says so, since the
// hub works it off too, and what it has just begun work passes over.
func (h *Hub) WorkOff(t testing.TB, work func(context.Context) (int, error), waiting string) {
	t.Helper()
	for deadline := time.Now().Add(Patience); time.Now().Before(deadline); {
		n, err := work(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var more bool
		err = h.DB.InTx(postgres.AsHub(t.Context()), func(ctx context.Context, tx *postgres.Tx) error {
			return tx.Native().QueryRow(ctx, waiting).Scan(&more)
		})
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 && !more {
			return
		}
	}
	t.Fatal("what waits is not worked off")
}
