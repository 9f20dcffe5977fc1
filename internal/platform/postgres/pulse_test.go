package postgres_test

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/nettest"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/postgres/local"
)

// behindProxy opens a database whose cable can be pulled.
func behindProxy(t *testing.T) (*postgres.DB, *nettest.Proxy) {
	t.Helper()
	dir, err := os.MkdirTemp("", "pulse-")
	if err == nil {
		err = os.Chmod(dir, 0o711) // root lets another user in
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	server, err := local.Start(t.Context(), local.Config{Dir: dir, Port: local.AnyPort, Volatile: true, NodeModules: pgtest.NodeModules()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	proxy := nettest.NewProxy(t, server.Addr())
	url, err := local.Readdress(server.AppURL(), proxy.Addr())
	if err != nil {
		t.Fatal(err)
	}
	db, err := postgres.Open(t.Context(), postgres.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db, proxy
}

// TestSilentServerIsGivenUp: packets are dropped; what waits ends within the
// promised time, what comes later at once, and all is well when they flow again.
func TestSilentServerIsGivenUp(t *testing.T) {
	t.Parallel()
	db, proxy := behindProxy(t)
	busy := nettest.Busy(t)
	const promise = 2*time.Second + 500*time.Millisecond // the rest is for a busy machine
	var all sync.WaitGroup
	sleep := func(ctx context.Context, q postgres.Querier) error {
		_, err := q.Exec(ctx, "select pg_sleep(60)")
		return err
	}
	proxy.Stall()
	cut := time.Now()
	for what, do := range map[string]func(context.Context) error{
		"a read": func(ctx context.Context) error { return postgres.Translate(sleep(ctx, db.Read()), nil) },
		"a transaction": func(ctx context.Context) error {
			return db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error { return sleep(ctx, tx.Native()) })
		},
		"a snapshot": func(ctx context.Context) error { return db.Snapshot(ctx, sleep) },
		"a ping":     db.Ping,
	} {
		all.Go(func() {
			err := do(context.WithoutCancel(t.Context()))
			if took := time.Since(cut); !errors.Is(err, fault.ErrUnavailable) || took > promise && !busy() {
				t.Errorf("%s ended after %v with %v", what, took, err)
			}
		})
	}
	all.Wait()
	began := time.Now()
	if err := db.Ping(t.Context()); !errors.Is(err, fault.ErrUnavailable) || time.Since(began) > 500*time.Millisecond && !busy() {
		t.Errorf("when it is known: %v after %v", err, time.Since(began))
	}
	proxy.Resume()
	if took := back(t, db); took > 5*time.Second && !busy() {
		t.Errorf("back after %v", took)
	}
	var one int
	if err := db.Read().QueryRow(t.Context(), "select 1").Scan(&one); err != nil {
		t.Error(err)
	}
}

// back waits until the database is back, and tells how long that took.
func back(t *testing.T, db *postgres.DB) time.Duration {
	t.Helper()
	healed := time.Now()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for db.Ping(t.Context()) != nil {
		<-look.C
	}
	return time.Since(healed)
}

// TestSlowIsNotSilent: a statement that takes longer than the pulse waits is let
// finish, and a slow network is no dead one, also when it comes back. A machine
// that has other things to do may keep the server from answering for so long that
// it is given up, and rightly: one of several statements is enough.
func TestSlowIsNotSilent(t *testing.T) {
	t.Parallel()
	db, proxy := behindProxy(t)
	proxy.Delay(100 * time.Millisecond)
	var err error
	for range 10 {
		if _, err = db.Read().Exec(t.Context(), "select pg_sleep(2)"); err == nil {
			break
		}
		back(t, db)
	}
	if err != nil {
		t.Error(err)
	}
	proxy.Stall()
	for db.Ping(t.Context()) == nil { // it has not been noticed
	}
	proxy.Resume()
	back(t, db)
}
