package local

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

// helperDir makes the test binary a hub that serves this folder until its
// standard input ends.
const helperDir = "TEIXIT_LOCAL_TEST_HELPER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(helperDir); dir != "" {
		os.Exit(helper(dir))
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = os.RemoveAll(used)
		os.Exit(code)
	}))
}

func helper(dir string) int {
	s, err := StartOrJoin(context.Background(), Config{Dir: dir})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	if s.Stop(context.Background()) != nil {
		return 1
	}
	return 0
}

// startHelper runs another hub process on dir, ready when it returns.
func startHelper(t *testing.T, dir string) (hub *exec.Cmd, quit io.Closer) {
	t.Helper()
	exe, err := os.Executable()
	must(t, err)
	hub = exec.Command(exe)
	hub.Env = append(os.Environ(), helperDir+"="+dir)
	quit, err = hub.StdinPipe()
	must(t, err)
	out, err := hub.StdoutPipe()
	must(t, err)
	must(t, hub.Start())
	line := make([]byte, 5)
	if _, err := io.ReadFull(out, line); err != nil || string(line) != "ready" {
		rest, _ := io.ReadAll(out)
		t.Fatalf("helper said %s%s (%v)", line, rest, err)
	}
	return hub, quit
}

// tempDir is one that the account running PostgreSQL can reach, which
// t.TempDir is not for root.
func tempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "local-")
	must(t, err)
	must(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	return dir
}

// usedDir is such a folder in which a server has run: for tests that are not about
// how one is made, which takes most of a second.
func usedDir(t *testing.T) string {
	t.Helper()
	from, err := made()
	must(t, err)
	dir := tempDir(t)
	out, err := exec.Command("cp", "-a", from+"/.", dir).CombinedOutput()
	if err != nil {
		t.Fatalf("copy a folder: %v: %s", err, out)
	}
	return dir
}

// used is the folder that they copy, empty as long as nobody asked; it goes when
// all tests have ended.
var used string

var made = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "local-")
	if err != nil {
		return "", err
	}
	used = dir
	if err := os.Chmod(dir, 0o755); err != nil {
		return dir, err
	}
	s, err := Start(context.Background(), Config{Dir: dir, Volatile: true})
	if err != nil {
		return dir, err
	}
	return dir, s.Stop(context.Background())
})

// start launches a server and stops it at the end.
func start(t *testing.T, cfg Config) *Server {
	t.Helper()
	s, err := Start(deadline(t), cfg)
	must(t, err)
	stopLater(t, s)
	return s
}

func stopLater(t *testing.T, s *Server) {
	t.Cleanup(func() { must(t, s.Stop(deadline(t))) })
}

// deadline is far away: it only keeps a broken test from hanging.
func deadline(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// run executes statements on one connection.
func run(t *testing.T, url string, statements ...string) {
	t.Helper()
	conn := connect(t, url)
	for _, s := range statements {
		if _, err := conn.Exec(deadline(t), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	must(t, conn.Close(deadline(t)))
}

// ask runs a query with one text answer.
func ask(t *testing.T, url, query string) string {
	t.Helper()
	conn := connect(t, url)
	var answer string
	if err := conn.QueryRow(deadline(t), query).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	must(t, conn.Close(deadline(t)))
	return answer
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(deadline(t), url)
	must(t, err)
	return conn
}

// eventually polls a condition.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	err := poll(deadline(t), 5*time.Millisecond, func() (bool, error) { return condition(), nil })
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// wantGone waits until the server's end is told.
func wantGone(t *testing.T, s *Server) {
	t.Helper()
	select {
	case <-s.Done():
	case <-deadline(t).Done():
		t.Fatal("the end of the server is not told")
	}
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error does not say %q: %v", part, err)
		}
	}
}

func exists(path ...string) bool {
	_, err := os.Lstat(filepath.Join(path...))
	return err == nil
}
