package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
)

// oldest is the first major version the hub's SQL is written for.
const oldest = 15

// binaries is a folder with PostgreSQL's programs.
type binaries struct {
	dir     string
	major   int
	version string // as printed: "15.18"
}

func (b binaries) postgres() string { return filepath.Join(b.dir, "postgres") }
func (b binaries) initdb() string   { return filepath.Join(b.dir, "initdb") }

// finder knows the places where the programs may be.
type finder struct {
	only        string // look here and nowhere else
	debian      string // glob: one folder per version
	path        string // PATH
	nodeModules string
}

func finderFor(cfg Config) finder {
	return finder{
		only:        cfg.BinDir,
		debian:      "/usr/lib/postgresql/*/bin",
		path:        os.Getenv("PATH"),
		nodeModules: cfg.NodeModules,
	}
}

// folders lists candidates, best first.
func (f finder) folders() []string {
	if f.only != "" {
		return []string{f.only}
	}
	found, _ := filepath.Glob(f.debian) // the pattern is ours and well-formed
	slices.SortFunc(found, func(a, b string) int { return cmp.Compare(folderVersion(b), folderVersion(a)) })
	for _, dir := range filepath.SplitList(f.path) {
		if p, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres")); err == nil && filepath.IsAbs(p) {
			found = append(found, filepath.Dir(p))
		}
	}
	if f.nodeModules != "" {
		npm, err := filepath.Abs(filepath.Join(f.nodeModules, "@embedded-postgres", npmPlatform(), "native", "bin"))
		if err == nil {
			found = append(found, npm)
		}
	}
	return found
}

// folderVersion reads 15 out of /usr/lib/postgresql/15/bin.
func folderVersion(bin string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	return n
}

// npmPlatform names npm's package for this machine.
func npmPlatform() string {
	arch := runtime.GOARCH
	if arch == "amd64" {
		arch = "x64"
	}
	return runtime.GOOS + "-" + arch
}

// find returns the first usable programs; with major not 0 only those of that
// version, since a data folder is readable by the version that made it alone.
func (f finder) find(ctx context.Context, a account, major int) (binaries, error) {
	var others []string
	for _, dir := range f.folders() {
		b, err := inspect(ctx, a, dir)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			others = append(others, fmt.Sprintf("%s: %v", dir, err))
		case b.major < oldest || major != 0 && b.major != major:
			others = append(others, fmt.Sprintf("%s: version %s", dir, b.version))
		default:
			return b, nil
		}
	}
	return binaries{}, missing(major, others)
}

// inspect asks the postgres in dir for its version, as the account that will
// run it: a program it may not execute is not found.
func inspect(ctx context.Context, a account, dir string) (binaries, error) {
	b := binaries{dir: dir}
	for _, program := range []string{b.postgres(), b.initdb()} {
		if _, err := os.Stat(program); err != nil {
			return b, err
		}
	}
	out, err := a.command(ctx, b.postgres(), "--version").Output()
	if errors.Is(err, fs.ErrPermission) {
		return b, fmt.Errorf("user %q may not execute it", a.name)
	}
	if err != nil {
		return b, fmt.Errorf("postgres --version: %w%s", err, stderrOf(err))
	}
	m := regexp.MustCompile(`\(PostgreSQL\) ((\d+)\S*)`).FindSubmatch(out)
	if m == nil {
		return b, fmt.Errorf("postgres --version printed %q", out)
	}
	b.version = string(m[1])
	b.major, err = strconv.Atoi(string(m[2]))
	return b, err
}

func stderrOf(err error) string {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && len(exit.Stderr) > 0 {
		return ": " + string(exit.Stderr)
	}
	return ""
}

func missing(major int, others []string) error {
	what := fmt.Sprintf("no PostgreSQL found (version %d or newer, programs postgres and initdb)", oldest)
	install := "postgresql"
	if major != 0 {
		what = fmt.Sprintf("the data folder was made by PostgreSQL %d, whose programs are not found", major)
		install = fmt.Sprintf("postgresql-%d", major)
	}
	msg := fmt.Sprintf("%s. Install it (Debian: apt-get install %s), or give DATABASE_URL of a server", what, install)
	if len(others) > 0 {
		msg += fmt.Sprintf("; not usable: %q", others)
	}
	return errors.New(msg)
}
