package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// longestSocket is what fits the kernel's sun_path with its final NUL.
const longestSocket = 107

// folder is the server's folder and who runs PostgreSQL in it.
type folder struct {
	dir     string
	account account
}

func (f folder) data() string      { return filepath.Join(f.dir, "data") }
func (f folder) passwords() string { return filepath.Join(f.dir, "passwords") }

// make creates the folder when missing: enterable, but not listable, by the
// account that runs PostgreSQL.
func (f folder) make() error {
	if err := os.MkdirAll(filepath.Dir(f.dir), 0o755); err != nil {
		return err
	}
	mode := fs.FileMode(0o700)
	if f.account.foreign {
		mode = 0o711
	}
	err := os.Mkdir(f.dir, mode)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return os.Chmod(f.dir, mode) // whatever the umask
}

// lock waits until no other process starts or joins a server here.
func (f folder) lock(ctx context.Context) (unlock func(), err error) {
	file, err := os.OpenFile(filepath.Join(f.dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = poll(ctx, 20*time.Millisecond, func() (bool, error) {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR) {
			return false, nil
		}
		return err == nil, err
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("waiting for the lock of %s: %w", f.dir, err), file.Close())
	}
	return func() { _ = file.Close() }, nil // closing unlocks
}

// major is the version that made the data folder, 0 when there is none.
func (f folder) major() (int, error) {
	text, err := os.ReadFile(filepath.Join(f.data(), "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("data folder (does it belong to another user?): %w", err)
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

// ours fails when the data folder belongs to another account: PostgreSQL would
// refuse it with less to go on.
func (f folder) ours() error {
	info, err := os.Stat(f.data())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !f.account.owns(info) {
		return fmt.Errorf("%s does not belong to user %q, who runs PostgreSQL: start the hub as the user who made it", f.data(), f.account.name)
	}
	return nil
}

// socketFolder makes the private folder for the socket: run/, or a short one
// among the temporary files when run/ is too deep for a socket's address. Its
// name follows from the folder's, so that it stays the same over restarts.
func (f folder) socketFolder(port int) (string, error) {
	for _, dir := range []string{f.run(), f.shortRun()} {
		if len(filepath.Join(dir, socketName(port))) <= longestSocket {
			return dir, f.private(dir)
		}
	}
	return "", fmt.Errorf("the paths of the data folder (%s) and of the temporary folder (%s) are both too long for a socket, "+
		"whose address has at most %d bytes: choose a shorter data folder", f.dir, os.TempDir(), longestSocket)
}

func (f folder) run() string { return filepath.Join(f.dir, "run") }

func (f folder) shortRun() string {
	sum := sha256.Sum256([]byte(f.dir))
	return filepath.Join(os.TempDir(), "teixit-"+hex.EncodeToString(sum[:8]))
}

// dropSocketFolder removes a socket folder among the temporary files after a
// stop; not when somebody else's files are in it.
func (f folder) dropSocketFolder(dir string) {
	if dir != f.run() {
		_ = os.Remove(dir)
	}
}

// private makes dir with mode 0700 for the account. What is there already must
// be exactly that: in a folder where everybody writes, somebody else may have
// taken the name.
func (f folder) private(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if err == nil {
		return f.account.give(dir)
	}
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() || info.Mode().Perm() != 0o700 || !f.account.owns(info) {
		return fmt.Errorf("%s is not a folder of mode 0700 that belongs to user %q: remove it or choose another data folder", dir, f.account.name)
	}
	return nil
}

func socketName(port int) string { return ".s.PGSQL." + strconv.Itoa(port) }

// poll asks again and again until done or failed, or until ctx ends.
func poll(ctx context.Context, every time.Duration, done func() (bool, error)) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}
