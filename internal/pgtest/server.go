package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/teixit/teixit/internal/platform/postgres/local"
)

// patience bounds what a test waits for the server; it only keeps a broken one
// from hanging.
const patience = time.Minute

// process is the test process's server. It is package state because Go gives a
// package's TestMain and its tests nothing else in common.
var process holder

// holder starts a server when the first test asks and keeps it for the others.
type holder struct {
	expected bool // Main runs, and will stop it

	once   sync.Once
	server *server
	err    error
}

func (h *holder) open() (*server, error) {
	if !h.expected {
		return nil, errors.New("the package has no func TestMain(m *testing.M) { pgtest.Main(m) }")
	}
	h.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		h.server, h.err = connect(ctx)
	})
	return h.server, h.err
}

func (h *holder) close() error {
	if h.server == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return h.server.close(ctx)
}

// server makes databases on a PostgreSQL.
type server struct {
	source source
	admin  *pgxpool.Pool
	prefix string // of this process's databases, on a server it may share
	made   atomic.Int64

	template func() (string, error) // migrated at the first call
}

// connect reaches the server that the environment names, or starts one.
func connect(ctx context.Context) (*server, error) {
	src, err := sourceFor(ctx, os.Getenv(Variable))
	if err != nil {
		return nil, err
	}
	cfg, err := pgxpool.ParseConfig(src.url(local.Admin, "postgres"))
	if err != nil {
		return nil, errors.Join(err, src.close(ctx))
	}
	cfg.MaxConns = 4
	cfg.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	s := &server{source: src, prefix: "test_" + strings.ToLower(rand.Text()[:8])}
	if s.admin, err = pgxpool.NewWithConfig(ctx, cfg); err != nil {
		return nil, errors.Join(err, src.close(ctx))
	}
	s.template = sync.OnceValues(s.migrated)
	return s, nil
}

func (s *server) close(ctx context.Context) error {
	_, err := s.admin.Exec(ctx, "DROP DATABASE IF EXISTS "+s.prefix+"_template WITH (FORCE)")
	s.admin.Close()
	return errors.Join(err, s.source.close(ctx))
}

// migrated makes the template, unless it is there.
func (s *server) migrated() (string, error) {
	if there := s.source.template(); there != "" {
		return there, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	name := s.prefix + "_template"
	return name, makeTemplate(ctx, s.admin, name, s.source.url(local.Owner, name))
}

// database copies a template for a test and drops the copy when the test ends,
// whatever is still connected.
func (s *server) database(t testing.TB, template string) Database {
	t.Helper()
	name := fmt.Sprintf("%s_%d", s.prefix, s.made.Add(1))
	if err := create(t.Context(), s.admin, name, template); err != nil {
		t.Fatalf("pgtest: make a database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if _, err := s.admin.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("pgtest: drop the database: %v", err)
		}
	})
	return Database{
		Name:  name,
		App:   s.source.url(local.App, name),
		Owner: s.source.url(local.Owner, name),
		Admin: s.source.url(local.Admin, name),
	}
}

// create makes a database with the rights of the real one; rights on the
// database itself are not copied from a template. Copying files takes half the
// time of PostgreSQL's usual way, through the log.
func create(ctx context.Context, admin *pgxpool.Pool, name, template string) error {
	_, err := admin.Exec(ctx, fmt.Sprintf("CREATE DATABASE %s OWNER %s TEMPLATE %s STRATEGY file_copy", name, local.Owner, template))
	if err != nil {
		return err
	}
	_, err = admin.Exec(ctx, fmt.Sprintf("REVOKE ALL ON DATABASE %[1]s FROM PUBLIC; GRANT CONNECT ON DATABASE %[1]s TO %[2]s", name, local.App))
	return err
}
