package live_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/live"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/postgres/local"
)

// ownServer starts a server that the test may kill, with a migrated database.
func ownServer(t *testing.T) (*local.Server, *postgres.DB) {
	t.Helper()
	dir, err := os.MkdirTemp("", "live-")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	must(t, os.Chmod(dir, 0o711)) // root lets the server's user in
	s, err := local.Start(t.Context(), local.Config{Dir: dir + "/server", Port: local.AnyPort, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	t.Cleanup(func() { must(t, s.Stop(context.Background())) })
	must(t, postgres.Migrate(t.Context(), s.OwnerURL(), string(local.App)))
	db, err := postgres.Open(t.Context(), postgres.Config{URL: s.AppURL()})
	must(t, err)
	t.Cleanup(db.Close)
	return s, db
}

// kill ends the server's first process, the parent of all that serve, without a
// word and brings it back.
func kill(ctx context.Context, s *local.Server, db *postgres.DB) error {
	var pid int
	err := eventually(ctx, func() error {
		return postgres.Translate(db.Read().QueryRow(ctx, `select pg_backend_pid()`).Scan(&pid), nil)
	})
	if err != nil {
		return err
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return err
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	parent, err := strconv.Atoi(strings.Fields(after)[1])
	if err != nil {
		return err
	}
	if err := syscall.Kill(parent, syscall.SIGKILL); err != nil {
		return err
	}
	<-s.Done()
	return s.Restart(ctx)
}

// PostgreSQL is killed twice while facts are written. Writers try again with
// their key, subscribers just wait: nothing is lost or doubled.
func TestKilledServerLosesNothing(t *testing.T) {
	t.Parallel()
	s, db := ownServer(t)
	h := hub(t, db, live.Options{RingBytes: 3000, Log: slog.New(slog.DiscardHandler)})
	topic := newTopic(t, db)
	all, ctx := errgroup.WithContext(t.Context())
	const commands, each = 30, 5
	for level := access.Public; level <= access.Organisers; level++ {
		all.Go(func() error {
			s := h.Follow(topic, level, 0)
			defer s.Close()
			got, err := take(ctx, s, commands*int64(level+1))
			if err != nil {
				return err
			}
			return sameAsJournal(ctx, db, got, topic, level, 0)
		})
	}
	author := &access.Viewer{Person: id.New()}
	all.Go(func() error {
		for n := range commands {
			if n%10 == 5 && n < 20 {
				if err := kill(ctx, s, db); err != nil {
					return err
				}
			}
			if err := eventually(ctx, func() error { return writeOnce(ctx, db, author, fmt.Sprint(n), topic, each) }); err != nil {
				return err
			}
		}
		return nil
	})
	must(t, all.Wait())
}
