package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/bench/dataset"
)

// stage is the database with all servers on it.
type stage struct {
	options
	data    *dataset.Data
	admin   *pgx.Conn // superuser: counts, and nothing else
	env     []string  // of the peers: libpq's names
	peerURL string
	servers []*server
	cluster int // first process of PostgreSQL
}

// newStage starts everything; with an error nothing is left running.
func newStage(ctx context.Context, o options, d *dataset.Data) (_ *stage, err error) {
	s := &stage{options: o, data: d}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.end())
		}
	}()
	if s.admin, err = pgx.Connect(ctx, d.AdminURL()); err != nil {
		return nil, err
	}
	if s.cluster, err = parent(int(s.admin.PgConn().PID())); err != nil {
		return nil, err
	}
	if err := s.forPeers(ctx); err != nil {
		return nil, err
	}
	for _, name := range append([]string{hub}, o.peers...) {
		if name == pgbench {
			s.servers = append(s.servers, &server{name: pgbench})
			continue
		}
		started, err := s.start(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("start %s: %w", name, err)
		}
		s.servers = append(s.servers, started)
	}
	fmt.Printf("PostgreSQL %s, %d connections, %d rounds of %s; scale %g\n", d.Version(), o.conns, o.rounds, o.window, o.scale)
	if err := s.settle(ctx); err != nil {
		return nil, err
	}
	_, err = s.admin.Exec(ctx, `select pg_stat_statements_reset()`)
	return s, err
}

// forPeers lets the peers in with a role that sees their tables only.
func (s *stage) forPeers(ctx context.Context) error {
	password, err := s.data.PeerPassword(ctx)
	if err != nil {
		return err
	}
	u, err := url.Parse(s.data.AdminURL())
	if err != nil {
		return err
	}
	u.User = url.UserPassword(dataset.PeerRole, password)
	s.peerURL = u.String()
	s.env = []string{
		"PGHOST=" + u.Query().Get("host"), "PGPORT=" + u.Query().Get("port"), "PGUSER=" + dataset.PeerRole,
		"PGPASSWORD=" + password, "PGDATABASE=" + strings.TrimPrefix(u.Path, "/"), fmt.Sprint("QUERIES_CONNS=", poolSize),
	}
	return nil
}

// poolSize is how many connections each server has for reading: the hub's default.
const poolSize = 16

func (s *stage) find(name string) *server {
	i := slices.IndexFunc(s.servers, func(p *server) bool { return p.name == name })
	if i < 0 {
		return nil
	}
	return s.servers[i]
}

// settle waits until the hub has done what it does after a start, so that its
// work in the background is in nobody's figures.
func (s *stage) settle(ctx context.Context) error {
	idle, quiet, err := s.rest(ctx, 2*time.Minute)
	if err == nil && !quiet {
		err = errors.New("the hub does not come to rest")
	}
	if err == nil {
		fmt.Printf("at rest the hub and PostgreSQL take %.1f ms of CPU a second\n", float64(idle.Microseconds())/1000)
	}
	return err
}

// rest waits until the hub and PostgreSQL do next to nothing, or not much longer
// than most; idle is what the last second took.
func (s *stage) rest(ctx context.Context, most time.Duration) (idle time.Duration, quiet bool, err error) {
	last, err := s.busy()
	if err != nil {
		return 0, false, err
	}
	for end := time.Now().Add(most); !quiet && time.Now().Before(end); {
		if err := pause(ctx, time.Second); err != nil {
			return 0, false, err
		}
		now, err := s.busy()
		if err != nil {
			return 0, false, err
		}
		idle = now.server - last.server + spent(last.procs, now.procs, nil)
		quiet, last = idle < 50*time.Millisecond, now
	}
	return idle, quiet, nil
}

// busy reads what the hub and all of PostgreSQL have used so far.
func (s *stage) busy() (m meter, err error) {
	if m.server, err = s.find(hub).cpu(); err != nil {
		return m, err
	}
	m.procs, err = children(s.cluster)
	return m, err
}

func (s *stage) end() (err error) {
	for _, p := range s.servers {
		if p.process != nil {
			err = errors.Join(err, p.process.end())
		}
	}
	if s.admin != nil {
		err = errors.Join(err, s.admin.Close(context.Background()))
	}
	return err
}

// path is a file of the bench.
func (s *stage) path(parts ...string) string {
	return filepath.Join(append([]string{s.root, "bench", "queries"}, parts...)...)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
