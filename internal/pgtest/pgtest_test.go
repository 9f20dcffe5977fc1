package pgtest

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/postgres/local"
)

func TestMain(m *testing.M) { Main(m) }

// TestNew: each test has its own rows, as the application's role, in a database
// that is migrated.
func TestNew(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"one", "other"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := New(t)
			if got := text(t, db.Read(), "SELECT current_user || ' ' || (to_regclass('nodes') IS NOT NULL) || ' ' || (SELECT count(*) FROM nodes)"); got != "teixit_app true 0" {
				t.Fatalf("got %q", got)
			}
			if _, err := db.Read().Exec(t.Context(), "INSERT INTO nodes (id, kind, title_ca, title_es, title_en, visibility) VALUES (gen_random_uuid(), 'field', 'Salut', 'Salud', 'Health', 0)"); err != nil {
				t.Fatal(err)
			}
			if got := text(t, db.Read(), "SELECT count(*)::text FROM nodes"); got != "1" {
				t.Errorf("%s rows", got)
			}
		})
	}
}

// TestOpen: two instances on one database.
func TestOpen(t *testing.T) {
	t.Parallel()
	d := URL(t)
	one, two := Open(t, d), Open(t, d)
	const name = "SELECT current_database()::text"
	if a, b := text(t, one.Read(), name), text(t, two.Read(), name); a != d.Name || b != d.Name {
		t.Errorf("instances on %q and %q, want %q", a, b, d.Name)
	}
}

// TestEmpty: no tables, the owner may make some, the application may not.
func TestEmpty(t *testing.T) {
	t.Parallel()
	d := Empty(t)
	if got := text(t, dial(t, d.Owner), "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'"); got != "0" {
		t.Errorf("%s tables in an empty database", got)
	}
	if _, err := dial(t, d.Owner).Exec(t.Context(), "CREATE TABLE made ()"); err != nil {
		t.Error(err)
	}
	if _, err := dial(t, d.App).Exec(t.Context(), "CREATE TABLE forbidden ()"); err == nil {
		t.Error("the application's role can make tables")
	}
	if got := text(t, dial(t, d.Admin), "SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user"); got != "true" {
		t.Errorf("Admin is superuser: %s", got)
	}
}

// TestDropped: the database goes with its test, whoever is still connected.
func TestDropped(t *testing.T) {
	t.Parallel()
	name := ""
	t.Run("inner", func(t *testing.T) {
		d := Empty(t)
		name = d.Name
		conn, err := pgx.Connect(context.Background(), d.App)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn // left open on purpose
	})
	if got := text(t, serverOf(t).admin, "SELECT count(*)::text FROM pg_database WHERE datname = '"+name+"'"); got != "0" {
		t.Error("the database is still there")
	}
}

// TestShared: a server that runs already, named by its folder or its URL.
func TestShared(t *testing.T) {
	t.Parallel()
	own, err := startPrivate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := own.close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	// The URL comes last: it gives the roles other passwords.
	for _, where := range []string{own.(private).remove, own.url(local.Admin, "postgres")} {
		src, err := sourceFor(t.Context(), where)
		if err != nil {
			t.Fatal(err)
		}
		if got := text(t, dial(t, src.url(local.App, local.Database)), "SELECT current_user::text"); got != "teixit_app" {
			t.Errorf("signed in as %q", got)
		}
		if err := src.close(t.Context()); err != nil {
			t.Error(err)
		}
		if got := text(t, dial(t, own.url(local.Admin, "postgres")), "SELECT 'alive'"); got != "alive" {
			t.Error("closing stopped a server of somebody else")
		}
	}
}

// TestNoServer: a wrong address and a forgotten Main are told in words.
func TestNoServer(t *testing.T) {
	t.Parallel()
	if _, err := sourceFor(t.Context(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "no PostgreSQL is running in this folder") {
		t.Errorf("an empty folder: %v", err)
	}
	forgotten := &holder{}
	if _, err := forgotten.open(); err == nil || !strings.Contains(err.Error(), "TestMain") {
		t.Errorf("without Main: %v", err)
	}
}

func dial(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

type rower interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

var _ rower = postgres.Querier(nil)

func text(t *testing.T, q rower, sql string) string {
	t.Helper()
	var s string
	if err := q.QueryRow(t.Context(), sql).Scan(&s); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return s
}

// TestSeed: whoever is given the same folder starts with the same template, made
// once, and shares nothing else.
func TestSeed(t *testing.T) {
	t.Parallel()
	made := func() string {
		dir, err := folder()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		return dir
	}
	shared := made()
	for range 2 {
		dir := made()
		template, err := seeded(t.Context(), shared, dir)
		if err != nil {
			t.Fatal(err)
		}
		s, err := startIn(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		owner := dial(t, s.URL(local.Owner, template))
		if got := text(t, owner, "SELECT count(*)::text FROM nodes"); got != "0" {
			t.Errorf("%s nodes", got)
		}
		text(t, owner, "INSERT INTO nodes (id, kind, title_ca, title_es, title_en, visibility) VALUES (gen_random_uuid(), 'field', 'Salut', 'Salud', 'Health', 0) RETURNING kind")
		if err := s.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
