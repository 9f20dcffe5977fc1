package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

const (
	cannotConnectNow = "57P03" // starting up, recovering or shutting down
	watchEvery       = 250 * time.Millisecond
)

// join connects to the live server of a folder: ErrNotRunning when its
// postmaster is dead or there was none. A server that is starting, or on its way
// out, is waited for.
func join(ctx context.Context, f folder) (incarnation, error) {
	c := incarnation{folder: f}
	var file pidFile
	err := poll(ctx, retryEvery, func() (bool, error) {
		var err error
		if file, err = f.living(); err != nil {
			return false, err
		}
		if file.socketDir == "" || file.status == "stopping" {
			return false, nil
		}
		c.socketDir, c.port, c.tcp = file.socketDir, file.port, file.tcp
		return c.admits(ctx)
	})
	if err != nil {
		return c, err
	}
	c.watch = watchOver(f, file)
	c.done = c.watch.done
	return c, nil
}

// living reads the pid file of a live postmaster.
func (f folder) living() (pidFile, error) {
	file, err := readPidFile(f.data())
	if errors.Is(err, fs.ErrNotExist) || err == nil && !file.alive(f.data()) {
		return file, ErrNotRunning
	}
	return file, err
}

// admits signs in and makes sure that it is this folder's server. SCRAM proves
// both sides: a stranger's server does not know our passwords.
func (c *incarnation) admits(ctx context.Context) (bool, error) {
	var err error
	if c.passwords, err = c.folder.loadPasswords(true); err != nil {
		return false, err
	}
	conn, err := c.connect(ctx)
	if err != nil {
		return false, unlessPassing(err)
	}
	version, _, _ := strings.Cut(conn.PgConn().ParameterStatus("server_version"), " ")
	c.version = version
	return true, conn.Close(ctx)
}

// unlessPassing drops errors that end by themselves: the server is starting or
// stopping, its socket is not there yet or no more.
func unlessPassing(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == cannotConnectNow {
		return nil
	}
	for _, passing := range []error{syscall.ECONNREFUSED, syscall.ENOENT, syscall.ECONNRESET} {
		if errors.Is(err, passing) {
			return nil
		}
	}
	return fmt.Errorf("joining the running PostgreSQL: %w", err)
}

// watch notices the end of a server that another process launched.
type watch struct {
	done   chan struct{} // closed when the server is gone or the watch stopped
	cancel context.CancelFunc
	ended  sync.WaitGroup
}

// watchOver looks at the pid file: no system call waits for another process's
// child everywhere, and a connection would also end when one backend crashes.
func watchOver(f folder, file pidFile) *watch {
	ctx, cancel := context.WithCancel(context.Background())
	w := &watch{done: make(chan struct{}), cancel: cancel}
	w.ended.Go(func() {
		defer close(w.done)
		_ = poll(ctx, watchEvery, func() (bool, error) {
			now, err := f.living()
			return errors.Is(err, ErrNotRunning) || err == nil && !now.same(file), nil
		})
	})
	return w
}

func (w *watch) stop() {
	w.cancel()
	w.ended.Wait()
}
