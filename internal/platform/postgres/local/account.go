package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is who runs PostgreSQL's programs.
type account struct {
	name     string
	uid, gid int
	foreign  bool // another user than ours: we are root
}

// accountFor picks the account: our own, or the named one when we are root.
func accountFor(name string) (account, error) {
	uid := os.Geteuid()
	if uid != 0 {
		return account{name: "uid " + strconv.Itoa(uid), uid: uid, gid: os.Getegid()}, nil
	}
	u, err := user.Lookup(name)
	if err != nil {
		return account{}, fmt.Errorf("PostgreSQL does not run as root, and there is no user %q to run it: "+
			"install PostgreSQL (Debian: apt-get install postgresql), or make the user, or run the hub as an ordinary user: %w", name, err)
	}
	a := account{name: name, foreign: true}
	if a.uid, err = strconv.Atoi(u.Uid); err != nil {
		return a, err
	}
	if a.uid == 0 {
		return a, errors.New("PostgreSQL does not run as root: choose another user")
	}
	a.gid, err = strconv.Atoi(u.Gid)
	return a, err
}

// command prepares a program to run as the account, in the root folder (ours
// may be closed to it) and without our environment: PGDATA, PGPORT and the like
// would change what it does, and secrets are not its business.
func (a account) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	if a.foreign {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return cmd
}

// give hands a file or folder over to the account.
func (a account) give(path string) error {
	if !a.foreign {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// owns tells whether the account owns what info describes.
func (a account) owns(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == a.uid
}

// reach fails when the account cannot enter dir. The kernel is asked, by
// running a program there, because modes alone do not tell (ACLs, mounts).
func (a account) reach(ctx context.Context, b binaries, dir string) error {
	if !a.foreign || a.enters(ctx, b, dir) == nil {
		return nil
	}
	closed := dir
	for parent := filepath.Dir(dir); a.enters(ctx, b, parent) != nil && parent != closed; parent = filepath.Dir(parent) {
		closed = parent
	}
	return fmt.Errorf("PostgreSQL runs as user %q, who cannot enter %s: open it (chmod o+x %s), or choose another data folder",
		a.name, closed, closed)
}

func (a account) enters(ctx context.Context, b binaries, dir string) error {
	cmd := a.command(ctx, b.postgres(), "--version")
	cmd.Dir = dir
	return cmd.Run()
}
