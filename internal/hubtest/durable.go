package hubtest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/jobs"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/postgres/local"
)

// patience bounds what a test waits for a server; it only keeps a broken one
// from hanging.
const patience = time.Minute

// Durable is a PostgreSQL of the test's own, with every protection against a
// crash switched on, that can be killed and brought back. What it acknowledged
// must be there afterwards.
type Durable struct {
	Database pgtest.Database
	server   *local.Server
	dir      string
}

// NewDurable starts and migrates one; it is stopped and removed with the test.
func NewDurable(t testing.TB) *Durable {
	t.Helper()
	dir, err := os.MkdirTemp("", "hubtest-")
	if err == nil {
		err = os.Chmod(dir, 0o711) // root lets another user in
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	server, err := local.Start(ctx, local.Config{
		Dir: dir, Port: local.AnyPort, NodeModules: pgtest.NodeModules(), Settings: pgtest.Frugal(),
	})
	if err != nil {
		t.Fatal(err)
	}
	d := &Durable{server: server, dir: dir, Database: pgtest.Database{
		Name: local.Database, App: server.AppURL(), Owner: server.OwnerURL(), Admin: server.URL(local.Admin, local.Database),
	}}
	t.Cleanup(func() { d.stop(t) })
	if err := postgres.Migrate(ctx, server.OwnerURL(), string(local.App)); err != nil {
		t.Fatal(err)
	}
	if err := jobs.Migrate(ctx, server.OwnerURL(), string(local.App)); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *Durable) stop(t testing.TB) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := d.server.Stop(ctx); err != nil {
		t.Error(err)
	}
}

// Addr is the server's TCP address, for a proxy to stand before it.
func (d *Durable) Addr() string { return d.server.Addr() }

// Kill ends PostgreSQL's first process with kill -9; the others follow it, in
// the middle of whatever they do. It returns when the server is known to be
// gone. It is safe to call from any goroutine.
func (d *Durable) Kill() error {
	done := d.server.Done()
	text, err := os.ReadFile(filepath.Join(d.dir, "data", "postmaster.pid"))
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("there is no PostgreSQL to kill")
	}
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		return err
	}
	select {
	case <-done:
		return nil
	case <-time.After(patience):
		return errors.New("the killed PostgreSQL is still there")
	}
}

// Restart brings the server back, under the same address, after Kill.
func (d *Durable) Restart() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return d.server.Restart(ctx)
}

// Hub starts an instance on the server. It refuses a server that could lose
// what it acknowledged, as outside of tests.
func (d *Durable) Hub(t testing.TB, c Config) *Hub {
	t.Helper()
	if c.Database == (pgtest.Database{}) {
		c.Database = d.Database
	}
	change := c.Change
	c.Change = func(cfg *config.Config) {
		cfg.VolatileDatabase = false
		if change != nil {
			change(cfg)
		}
	}
	return Start(t, c)
}
