package hubtest

import (
	"testing"
	"time"

	"github.com/teixit/teixit/internal/platform/journal"
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
