package pgtest

import (
	"context"
	"errors"
	"testing"

	"github.com/teixit/teixit/internal/platform/postgres"
)

// Overlapping carries out the second statement while the transaction of the first is
// open, both with args; that ends when the second waits for it, or is done.
func Overlapping(t testing.TB, db *postgres.DB, first, second string, args ...any) {
	t.Helper()
	const waiting = `select exists (select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid)))`
	done := make(chan error, 1)
	begun := false
	err := db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Native().Exec(ctx, first, args...); err != nil {
			return err
		}
		begun = true
		go func() {
			_, err := postgres.Hub(db.Read()).Exec(t.Context(), second, args...)
			done <- err
		}()
		for waits := false; !waits && len(done) == 0; {
			if err := tx.Native().QueryRow(ctx, waiting).Scan(&waits); err != nil {
				return err
			}
		}
		return nil
	})
	if begun {
		err = errors.Join(err, <-done)
	}
	if err != nil {
		t.Fatal(err)
	}
}
