package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
)

// socketOnlyPort numbers the socket when there is no TCP.
const socketOnlyPort = 5432

// launch starts the server of a folder in which nothing lives. Everything that
// can be wrong with paths and programs is found before initdb.
func launch(ctx context.Context, f folder, cfg Config, log *slog.Logger) (incarnation, error) {
	c := incarnation{folder: f, tcp: cfg.Port != 0}
	major, err := f.major()
	if err != nil {
		return c, err
	}
	bin, err := finderFor(cfg).find(ctx, f.account, major)
	if err != nil {
		return c, err
	}
	c.version = bin.version
	if err := errors.Join(f.account.reach(ctx, bin, f.dir), f.ours()); err != nil {
		return c, err
	}
	if c.port, err = portOf(cfg); err != nil {
		return c, err
	}
	if c.socketDir, err = f.socketFolder(c.port); err != nil {
		return c, err
	}
	if c.passwords, err = f.loadPasswords(major != 0); err != nil {
		return c, err
	}
	if major == 0 {
		log.Info("postgres makes its data folder", "version", bin.version, "folder", f.dir)
		if err := f.initdb(ctx, bin, c.passwords, cfg.Volatile); err != nil {
			return c, err
		}
	}
	return c, c.start(ctx, bin, cfg, log)
}

// start runs the postmaster and makes roles and database.
func (c *incarnation) start(ctx context.Context, bin binaries, cfg Config, log *slog.Logger) error {
	if err := dropMisleading(c.folder.data()); err != nil {
		return err
	}
	args := append([]string{"-D", c.folder.data()}, arguments(settings(cfg, c.socketDir, c.port))...)
	child, err := c.startChild(ctx, bin.postgres(), args, log)
	if err != nil {
		return err
	}
	if err := c.provision(ctx); err != nil {
		return errors.Join(fmt.Errorf("making roles and database: %w", err), child.stop(ctx))
	}
	c.child, c.done = child, child.gone
	return nil
}

// startChild tries until backends of a server that was killed have left: they
// hold its shared memory until they notice, and PostgreSQL will not start beside
// them.
func (c *incarnation) startChild(ctx context.Context, program string, args []string, log *slog.Logger) (*postmaster, error) {
	var child *postmaster
	err := poll(ctx, retryEvery, func() (bool, error) {
		var err error
		// Its life is Stop's business, not this context's.
		cmd := c.folder.account.command(context.WithoutCancel(ctx), program, args...)
		if child, err = spawn(cmd, log); err != nil {
			return false, err
		}
		if err = child.ready(ctx, c.folder.data()); err == nil {
			return true, nil
		}
		again := errors.Is(err, errDied) && child.leftovers()
		stopErr := child.stop(ctx)
		if again {
			return false, nil
		}
		return false, errors.Join(err, stopErr)
	})
	if err != nil && child != nil && child.leftovers() {
		err = fmt.Errorf("%w; PostgreSQL said:\n%s", err, child.logs.tail())
	}
	return child, err
}

// portOf is the number of the socket and, with Config.Port, of the TCP port.
func portOf(cfg Config) (int, error) {
	if cfg.Port == 0 {
		return socketOnlyPort, nil
	}
	if cfg.Port != AnyPort {
		return cfg.Port, nil
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
