package local

import (
	"bytes"
	"context"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// TestStart walks through the whole life of a durable server once.
func TestStart(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: filepath.Join(tempDir(t), "db")}
	s := start(t, cfg)
	for query, want := range map[string]string{
		"SELECT current_user": "teixit_app",
		"SELECT string_agg(concat_ws(' ', rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole), ';' ORDER BY rolname) FROM pg_roles WHERE rolname LIKE 'teixit%'": "teixit_app f f f f;teixit_owner f f f f",
		"SELECT concat_ws(' ', pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, datctype) FROM pg_database WHERE datname = 'teixit'":                   "teixit_owner UTF8 C C.UTF-8",
		"SELECT concat_ws(' ', current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'), current_setting('data_checksums'))":  "on on on on",
		"SELECT string_agg(t, ' ' ORDER BY t COLLATE \"ca-x-icu\") FROM unnest('{zebra,Àustria,banc,abat}'::text[]) t":                                                    "abat Àustria banc zebra",
		"SELECT lower('ÀÉÇ') || array_length(tsvector_to_array(to_tsvector('simple', 'mediació col·laboració')), 1)":                                                      "àéç3",
		"SELECT current_setting('listen_addresses')": "",
		"SELECT concat_ws(' ', has_schema_privilege('public', 'CREATE'), has_database_privilege('teixit', 'CREATE'), has_database_privilege('teixit', 'TEMP'))": "f f f",
	} {
		if got := ask(t, s.AppURL(), query); got != want {
			t.Errorf("%s = %q, want %q", query, got, want)
		}
	}
	if s.Addr() != "" || !s.Launched() || s.Version() == "" {
		t.Errorf("Addr %q, Launched %v, Version %q", s.Addr(), s.Launched(), s.Version())
	}
	run(t, s.OwnerURL(), "CREATE EXTENSION btree_gist", "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
	wantMode(t, 0o600, s.cfg.Dir, "passwords")
	wantMode(t, 0o700, s.cfg.Dir, "data")
	wantMode(t, 0o700, s.cfg.Dir, "run")

	done := s.Done()
	must(t, s.Stop(deadline(t)))
	select {
	case <-done:
	default:
		t.Error("Done is open after Stop")
	}
	if exists(s.cfg.Dir, "data", "postmaster.pid") {
		t.Error("a stopped server left its pid file")
	}

	again := start(t, cfg)
	if got := ask(t, again.OwnerURL(), "SELECT n::text FROM kept"); got != "7" {
		t.Errorf("after the second start the table holds %q", got)
	}
}

func wantMode(t *testing.T, want os.FileMode, path ...string) {
	t.Helper()
	info, err := os.Stat(filepath.Join(path...))
	must(t, err)
	if info.Mode().Perm() != want {
		t.Errorf("%s has mode %o, want %o", info.Name(), info.Mode().Perm(), want)
	}
}

// TestSignIn: nobody gets in without the role's password, not even over the
// socket.
func TestSignIn(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Dir: usedDir(t), Volatile: true})
	u, err := url.Parse(s.AdminURL())
	must(t, err)
	for _, who := range []*url.Userinfo{url.User("postgres"), url.UserPassword("postgres", "x"), url.UserPassword("teixit_owner", "x")} {
		u.User = who
		conn, err := pgx.Connect(deadline(t), u.String())
		if err == nil {
			_ = conn.Close(deadline(t))
			t.Errorf("%v got in", who)
		}
	}
}

// TestOwnGroup: Ctrl-C on the hub's terminal does not reach PostgreSQL.
func TestOwnGroup(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Dir: usedDir(t), Volatile: true})
	group, err := syscall.Getpgid(s.now().child.process.Pid)
	must(t, err)
	if group == syscall.Getpgrp() {
		t.Error("PostgreSQL stands in the hub's process group")
	}
}

// TestThreadsEnd: the server outlives the threads of the hub, of which the
// runtime ends some as it likes; the parent-death signal follows a thread.
func TestThreadsEnd(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Dir: usedDir(t), Volatile: true})
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(runtime.LockOSThread) // ends locked, and takes its thread along
	}
	wg.Wait()
	if got := ask(t, s.AppURL(), "SELECT current_user::text"); got != "teixit_app" {
		t.Errorf("got %q", got)
	}
	select {
	case <-s.Done():
		t.Error("the server ended with a thread")
	default:
	}
}

// TestTCP: an open port, which stays the same over a restart.
func TestTCP(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Dir: usedDir(t), Volatile: true, Port: AnyPort, Settings: map[string]string{"work_mem": "3MB"}})
	byTCP, err := Readdress(s.AppURL(), s.Addr())
	must(t, err)
	if got := ask(t, byTCP, "SELECT host(inet_server_addr()) || ' ' || current_setting('work_mem')"); got != "127.0.0.1 3MB" {
		t.Errorf("got %q", got)
	}
	joined, err := Join(deadline(t), Config{Dir: s.cfg.Dir})
	must(t, err)
	stopLater(t, joined)
	must(t, s.Stop(deadline(t)))
	must(t, s.Restart(deadline(t)))
	if got := ask(t, byTCP, "SELECT current_user::text"); got != "teixit_app" {
		t.Errorf("after the restart: %q", got)
	}
	if joined.Addr() != s.Addr() {
		t.Errorf("the joined hub has address %q, the launcher %q", joined.Addr(), s.Addr())
	}
}

// TestStopAtOnce: a stop whose time is up is no clean stop, says so, and the
// next start recovers what was committed.
func TestStopAtOnce(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: usedDir(t)}
	s := start(t, cfg)
	run(t, s.OwnerURL(), "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
	over, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Stop(over); err != nil { // it may be quicker than the context's end
		wantError(t, err, "without a checkpoint")
	}
	again := start(t, cfg)
	if got := ask(t, again.OwnerURL(), "SELECT n::text FROM kept"); got != "7" {
		t.Errorf("the table holds %q", got)
	}
}

// TestLongPath: the socket moves to a short folder, under the same name at every
// start, and is cleaned away.
func TestLongPath(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: filepath.Join(tempDir(t), strings.Repeat("a-long-name", 12)), Volatile: true}
	s := start(t, cfg)
	first := s.AppURL()
	if got := ask(t, first, "SELECT current_user::text"); got != "teixit_app" {
		t.Errorf("got %q", got)
	}
	joined, err := StartOrJoin(deadline(t), cfg)
	must(t, err)
	stopLater(t, joined)
	if joined.Launched() || joined.AppURL() != first {
		t.Error("the second hub did not join the first one's server")
	}
	socketDir := s.now().socketDir
	wantMode(t, 0o700, socketDir)
	must(t, s.Stop(deadline(t)))
	if exists(socketDir) {
		t.Error("the short folder is still there")
	}
	must(t, s.Restart(deadline(t)))
	if s.AppURL() != first {
		t.Error("another URL after the restart")
	}
}

// TestHalfMade: what a killed initdb left is no data folder.
func TestHalfMade(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	must(t, os.MkdirAll(filepath.Join(dir, "initdb-1", "data"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "initdb-1", "data", "PG_VERSION"), []byte("15\n"), 0o600))
	s := start(t, Config{Dir: dir, Volatile: true})
	if got := ask(t, s.AppURL(), "SELECT current_user::text"); got != "teixit_app" {
		t.Errorf("got %q", got)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "initdb-*")); len(left) != 0 {
		t.Errorf("left behind: %q", left)
	}
}

// TestLogHoldsNoValues: PostgreSQL's log goes to the hub's, without statements
// and without the values of a broken key.
func TestLogHoldsNoValues(t *testing.T) {
	t.Parallel()
	var buf lockedBuffer
	log := slog.New(slog.NewTextHandler(&buf, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := start(t, Config{Dir: usedDir(t), Volatile: true, Log: log})
	run(t, s.OwnerURL(), "CREATE TABLE people (name text PRIMARY KEY)", "INSERT INTO people VALUES ('Remei')")
	conn := connect(t, s.OwnerURL())
	if _, err := conn.Exec(deadline(t), "INSERT INTO people VALUES ('Remei')"); err == nil {
		t.Error("the key holds no more")
	}
	must(t, conn.Close(deadline(t)))
	must(t, s.Stop(deadline(t)))
	if text := buf.String(); !strings.Contains(text, "duplicate key") || strings.Contains(text, "Remei") {
		t.Errorf("log:\n%s", text)
	}
}

// lockedBuffer collects log lines of several goroutines.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
