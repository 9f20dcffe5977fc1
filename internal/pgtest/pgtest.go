// Package pgtest gives each test a real PostgreSQL database of its own.
//
// A package that needs one says so in its TestMain:
//
//	func TestMain(m *testing.M) { pgtest.Main(m) }
//
// The first test that asks for a database starts a private server for the test
// process; a template is migrated once, and every database is a copy of it, so
// that tests run in parallel and see none of each other's rows. The server is
// volatile: no fsync, everything gone afterwards. Main stops it and then looks
// for leaked goroutines.
//
// With the environment variable TEIXIT_TEST_POSTGRES all packages share one
// server that runs already: the folder of a private one (see package local) or
// the URL of a superuser. `go run ./internal/pgtest/withpostgres go test ./...`
// starts one around a command.
//
// This package never imports app: a domain's tests must not compile the hub.
package pgtest

import (
	"context"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/teixit/teixit/internal/platform/postgres"
)

// Variable names the environment variable that points to a running server.
const Variable = "TEIXIT_TEST_POSTGRES"

// Database is a test's own database, as connection strings of the three roles.
type Database struct {
	Name  string
	App   string // teixit_app: what the hub serves with
	Owner string // teixit_owner: migrations
	Admin string // superuser: to look behind row-level security, to break things
}

// Main runs a package's tests, stops what they started and fails on leaked
// goroutines. It does not return.
func Main(m *testing.M, leaks ...goleak.Option) {
	process.expected = true
	goleak.VerifyTestMain(stopping{m}, leaks...)
}

// MainWith is Main for packages whose databases all hold what prepare puts into
// the template, once per test process.
func MainWith(m *testing.M, prepare func(context.Context, Database) error, leaks ...goleak.Option) {
	process.prepare = prepare
	Main(m, leaks...)
}

// stopping runs the tests and ends the server before goroutines are counted.
type stopping struct{ m *testing.M }

func (s stopping) Run() int {
	code := s.m.Run()
	if err := process.close(); err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		return max(code, 1)
	}
	return code
}

// New gives a fresh migrated database, opened as the application's role; it is
// closed and dropped when the test ends.
func New(t testing.TB) *postgres.DB {
	t.Helper()
	return Open(t, URL(t))
}

// Open opens a test's database once more, as a second instance of the hub
// would; it is closed when the test ends. It is more patient than a hub: no test
// fails because the machine has other things to do.
func Open(t testing.TB, d Database) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), postgres.Config{URL: d.App, ReadConns: 4, WriteConns: 8, TxTimeout: patience, Patience: patience})
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(db.Close)
	return db
}

// URL gives a fresh migrated database without opening it.
func URL(t testing.TB) Database {
	t.Helper()
	s := serverOf(t)
	template, err := s.template()
	if err != nil {
		t.Fatalf("pgtest: migrate the template: %v", err)
	}
	return s.database(t, template)
}

// Empty gives a database without tables, for tests of the migrations.
func Empty(t testing.TB) Database {
	t.Helper()
	return serverOf(t).database(t, "template0")
}

func serverOf(t testing.TB) *server {
	t.Helper()
	s, err := process.open()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return s
}
