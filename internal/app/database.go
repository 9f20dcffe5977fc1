package app

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/platform/postgres/local"
)

// database is where the data are: a server of the operator's own, or a private
// one that this process launched or joined.
type database struct {
	url, ownerURL, appRole string
	private                *local.Server // nil with DATABASE_URL
	watch                  sync.WaitGroup
	stopWatch              context.CancelFunc
}

// openDatabase finds or launches the server.
func openDatabase(ctx context.Context, cfg config.Config, log *slog.Logger) (*database, error) {
	if cfg.DatabaseURL != "" {
		role, err := roleOf(cfg.DatabaseURL)
		return &database{url: cfg.DatabaseURL, ownerURL: cfg.DatabaseOwnerURL, appRole: role}, err
	}
	server, err := local.StartOrJoin(ctx, local.Config{Dir: cfg.Data, NodeModules: "web/node_modules", Log: log})
	if err != nil {
		return nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	d := &database{url: server.AppURL(), ownerURL: server.OwnerURL(), appRole: string(local.App), private: server}
	watchCtx, stop := context.WithCancel(context.Background())
	d.stopWatch = stop
	d.watch.Go(func() { d.keepRunning(watchCtx, log) })
	return d, nil
}

// keepRunning starts the private server again when it dies: the hub answers
// UNAVAILABLE in between and loses nothing it acknowledged.
func (d *database) keepRunning(ctx context.Context, log *slog.Logger) {
	for pause := 100 * time.Millisecond; ; {
		select {
		case <-ctx.Done():
			return
		case <-d.private.Done():
		}
		log.Error("the private PostgreSQL ended; starting it again")
		if err := d.private.Restart(ctx); err == nil {
			pause = 100 * time.Millisecond
			continue
		} else if ctx.Err() == nil {
			log.Error("the private PostgreSQL does not start", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
			pause = min(2*pause, 5*time.Second)
		}
	}
}

// close stops the private server when this process launched it.
func (d *database) close(ctx context.Context) error {
	if d.private == nil {
		return nil
	}
	d.stopWatch()
	d.watch.Wait()
	return d.private.Stop(ctx)
}
