package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
)

// TestHubKilled: kill -9 of the hub takes PostgreSQL along, with its busy
// backends, and the next start finds everything committed.
func TestHubKilled(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	hub, _ := startHelper(t, dir)
	joined, err := Join(deadline(t), Config{Dir: dir})
	must(t, err)
	stopLater(t, joined)
	run(t, joined.OwnerURL(), "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
	busy := busyBackend(t, joined.AppURL())
	file, err := readPidFile(filepath.Join(dir, "data"))
	must(t, err)

	must(t, hub.Process.Kill())
	_ = hub.Wait()
	wantGone(t, joined)
	eventually(t, "postmaster gone", func() bool { return !file.alive(filepath.Join(dir, "data")) })
	busy.Wait()

	s := start(t, Config{Dir: dir})
	if got := ask(t, s.OwnerURL(), "SELECT n::text FROM kept"); got != "7" {
		t.Errorf("the table holds %q", got)
	}
}

// TestPostmasterKilled: kill -9 of PostgreSQL's first process is noticed, and a
// restart gets over the backends that are still on their way out.
func TestPostmasterKilled(t *testing.T) {
	t.Parallel()
	s := start(t, Config{Dir: usedDir(t)})
	url := s.AppURL()
	for round := range 2 {
		run(t, s.OwnerURL(), fmt.Sprintf("CREATE TABLE kept_%d ()", round))
		busy := busyBackend(t, url)
		must(t, syscall.Kill(s.now().child.process.Pid, syscall.SIGKILL))
		wantGone(t, s)
		must(t, s.Restart(deadline(t)))
		busy.Wait()
		if s.AppURL() != url || !s.Launched() {
			t.Fatal("after the restart there is another URL, or another launcher")
		}
	}
	if got := ask(t, s.OwnerURL(), "SELECT count(*)::text FROM pg_tables WHERE tablename LIKE 'kept_%'"); got != "2" {
		t.Errorf("%s of 2 tables kept", got)
	}
	must(t, s.Restart(deadline(t))) // alive: nothing to do
}

// busyBackend computes in a connection until it is cut; it looks at no latch, so
// it notices late that its postmaster has died.
func busyBackend(t *testing.T, url string) *sync.WaitGroup {
	t.Helper()
	conn := connect(t, url)
	pid := conn.PgConn().PID()
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := conn.Exec(context.Background(), "SET statement_timeout = '2s'; SELECT count(*) FROM generate_series(1, 1000000000000)")
		if err == nil {
			t.Error("the query was not cut")
		}
		_ = conn.Close(context.Background())
	})
	eventually(t, "busy backend", func() bool {
		return ask(t, url, fmt.Sprintf("SELECT count(*)::text FROM pg_stat_activity WHERE pid = %d AND query LIKE 'SET%%generate%%'", pid)) == "1"
	})
	return &wg
}

// TestRecycledPid: after a crash the number in the pid file may be anybody's,
// also a process of the same user.
func TestRecycledPid(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: usedDir(t), Volatile: true}
	s := start(t, cfg)
	data := filepath.Join(cfg.Dir, "data")
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	must(t, err)
	pid := strconv.Itoa(s.now().child.process.Pid)
	must(t, s.Stop(deadline(t)))

	ctx, cancel := context.WithCancel(context.Background())
	stranger := s.now().folder.account.command(ctx, "/bin/sleep", "1000")
	must(t, stranger.Start())
	t.Cleanup(func() { cancel(); _ = stranger.Wait() })
	recycled := append([]byte(strconv.Itoa(stranger.Process.Pid)), text[len(pid):]...)
	must(t, os.WriteFile(filepath.Join(data, "postmaster.pid"), recycled, 0o600))
	must(t, s.now().folder.account.give(filepath.Join(data, "postmaster.pid")))

	if _, err := Join(deadline(t), cfg); !errors.Is(err, ErrNotRunning) {
		t.Errorf("joining a stranger: %v", err)
	}
	again := start(t, cfg)
	if got := ask(t, again.AppURL(), "SELECT current_user::text"); got != "teixit_app" {
		t.Errorf("got %q", got)
	}
}

// TestSecondHub: a second process cannot start on the folder by mistake, joins
// on purpose, leaves the server alone when it stops, and takes over when the
// first is gone.
func TestSecondHub(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	hub, quit := startHelper(t, dir)
	if _, err := Start(deadline(t), Config{Dir: dir}); !errors.Is(err, ErrRunning) {
		t.Fatalf("a second start: %v", err)
	}
	leaver, err := StartOrJoin(deadline(t), Config{Dir: dir})
	must(t, err)
	must(t, leaver.Stop(deadline(t)))
	wantGone(t, leaver)

	joined, err := StartOrJoin(deadline(t), Config{Dir: dir})
	must(t, err)
	stopLater(t, joined)
	if joined.Launched() || joined.Version() == "" {
		t.Errorf("launched %v, version %q", joined.Launched(), joined.Version())
	}
	url := joined.AppURL()
	if got := ask(t, url, "SELECT current_user::text"); got != "teixit_app" {
		t.Errorf("got %q", got)
	}

	must(t, quit.Close())
	must(t, hub.Wait())
	wantGone(t, joined)
	must(t, joined.Restart(deadline(t)))
	if !joined.Launched() || joined.AppURL() != url {
		t.Error("the second hub did not take over under the same URL")
	}
}

// TestTogether: hubs that start at the same moment agree on one launcher.
func TestTogether(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	servers := make([]*Server, 3)
	var wg sync.WaitGroup
	for i := range servers {
		wg.Go(func() {
			s, err := StartOrJoin(deadline(t), Config{Dir: dir, Volatile: true})
			if err != nil {
				t.Error(err)
				return
			}
			servers[i] = s
		})
	}
	wg.Wait()
	launched := 0
	for _, s := range servers {
		if s == nil {
			continue
		}
		stopLater(t, s)
		if s.Launched() {
			launched++
		}
	}
	if launched != 1 {
		t.Errorf("%d of 3 launched a server", launched)
	}
}

// TestOrdinaryUser runs the other tests as a user who is not root.
func TestOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("the other tests run as an ordinary user already")
	}
	who, err := accountFor("nobody")
	must(t, err)
	home := tempDir(t)
	must(t, who.give(home))
	exe, err := os.Executable()
	must(t, err)
	binary := filepath.Join(home, "local.test") // go test's own folder is closed to others
	must(t, exec.Command("cp", exe, binary).Run())
	must(t, os.Chmod(binary, 0o755))

	cmd := who.command(deadline(t), binary, "-test.run", "^Test(Start|HubKilled|PostmasterKilled|SecondHub|LongPath|RecycledPid)$", "-test.v")
	cmd.Dir = home
	cmd.Env = append(cmd.Env, "TMPDIR="+home, "HOME="+home)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if passed := countPassed(out); passed != 6 {
		t.Errorf("%d of 6 tests passed\n%s", passed, out)
	}
}

func countPassed(out []byte) int { return bytes.Count(out, []byte("--- PASS")) }
