package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/platform/postgres/local"
)

// source is where a PostgreSQL comes from.
type source interface {
	url(role local.Role, database string) string
	template() string // one that is there already; empty for none
	close(ctx context.Context) error
}

// sourceFor reads the environment variable: nothing, a folder or a URL.
func sourceFor(ctx context.Context, where string) (source, error) {
	switch {
	case where == "":
		return startPrivate(ctx)
	case strings.HasPrefix(where, "postgres://"), strings.HasPrefix(where, "postgresql://"):
		return useForeign(ctx, where)
	}
	s, err := local.Join(ctx, local.Config{Dir: where})
	if err != nil {
		return nil, fmt.Errorf("%s=%s: %w", Variable, where, err)
	}
	return private{server: s}, nil
}

// private is a server of package local, ours or joined.
type private struct {
	server *local.Server
	remove string // its folder, when we made it
	seed   string // the template that came with a seed
}

func startPrivate(ctx context.Context) (source, error) {
	dir, err := folder()
	if err != nil {
		return nil, err
	}
	template, err := seeded(ctx, os.Getenv(SeedVariable), dir)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s, err := startIn(ctx, dir)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return private{server: s, remove: dir, seed: template}, nil
}

// startIn starts a server in dir. Its socket's folder is closed to other users, so
// whoever gets there is believed: deriving keys from a password for each of the
// hundreds of connections that tests open is a tenth of what they compute.
func startIn(ctx context.Context, dir string) (*local.Server, error) {
	believed := filepath.Join(dir, "believed.conf")
	err := os.WriteFile(believed, []byte("local all all trust\n"), 0o644)
	if err := errors.Join(err, os.Chmod(believed, 0o644)); err != nil { // whatever the umask
		return nil, err
	}
	settings := Frugal()
	maps.Copy(settings, map[string]string{"max_connections": "400", "hba_file": believed})
	return local.Start(ctx, local.Config{Dir: dir, Volatile: true, NodeModules: NodeModules(), Settings: settings})
}

// Frugal are settings of a server for tests. Little is in its databases, and no
// connection lives long: planning a statement once, and asking without helpers, is
// the shortest way to an answer.
func Frugal() map[string]string {
	return map[string]string{"plan_cache_mode": "force_generic_plan", "max_parallel_workers_per_gather": "0", "autovacuum": "off"}
}

// NodeModules finds the client's packages from wherever in the module a
// package's tests run.
func NodeModules() string {
	dir, err := os.Getwd()
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			return filepath.Join(dir, "web", "node_modules")
		}
	}
	return ""
}

func (p private) url(role local.Role, database string) string { return p.server.URL(role, database) }

func (p private) template() string { return p.seed }

func (p private) close(ctx context.Context) error {
	err := p.server.Stop(ctx)
	if p.remove == "" {
		return err
	}
	return errors.Join(err, os.RemoveAll(p.remove))
}

// foreign is a server that somebody else runs, as its superuser.
type foreign struct{ admin *url.URL }

func useForeign(ctx context.Context, admin string) (source, error) {
	u, err := url.Parse(admin)
	if err != nil {
		return nil, errors.New(Variable + " is not a URL") // the cause would show the password
	}
	f := foreign{admin: u}
	return f, f.makeRoles(ctx)
}

// makeRoles makes the two roles, unless another test process was first.
func (f foreign) makeRoles(ctx context.Context) (err error) {
	conn, err := pgx.Connect(ctx, f.admin.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	for _, role := range []local.Role{local.Owner, local.App} {
		_, err := conn.Exec(ctx, fmt.Sprintf(`DO $$ BEGIN
			PERFORM pg_advisory_xact_lock(hashtext('pgtest'));
			IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%[1]s') THEN
				CREATE ROLE %[1]s LOGIN NOSUPERUSER NOBYPASSRLS;
			END IF;
			ALTER ROLE %[1]s PASSWORD '%[2]s';
		END $$`, role, f.password(role)))
		if err != nil {
			return fmt.Errorf("make role %s: %w", role, err)
		}
	}
	return nil
}

// password follows from the superuser's URL, so that all test processes that
// share the server agree on it.
func (f foreign) password(role local.Role) string {
	sum := sha256.Sum256([]byte(string(role) + f.admin.String()))
	return hex.EncodeToString(sum[:])
}

func (f foreign) url(role local.Role, database string) string {
	u := *f.admin
	u.Path = "/" + database
	if role != local.Admin {
		u.User = url.UserPassword(string(role), f.password(role))
	}
	return u.String()
}

func (f foreign) template() string { return "" }

func (f foreign) close(context.Context) error { return nil }
