package pgtest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const (
	// memory is where Linux keeps files in memory.
	memory = "/dev/shm"
	// room is what must be free there: several test processes run beside each
	// other, and each keeps some dozens of databases of about 15 MiB and a log.
	room = 4 << 30
)

// folder makes one for a server, in memory when there is room. A database is a
// thousand small files, made and removed for each test, on which a file system
// spends ten times the processor that memory takes.
func folder() (string, error) {
	parent := ""
	if roomy(memory) {
		parent = memory
		if err := sweep(memory); err != nil {
			return "", err
		}
	}
	dir, err := os.MkdirTemp(parent, fmt.Sprintf("pgtest-%d-", os.Getpid()))
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711) // root lets another user in
}

// roomy tells whether a folder is there and has room.
func roomy(dir string) bool {
	var there syscall.Statfs_t
	err := syscall.Statfs(dir, &there)
	return err == nil && there.Bavail*uint64(there.Bsize) >= room
}

// sweep removes the folders of test processes that were killed: their servers
// ended with them, and memory is dearer than a disk.
func sweep(dir string) error {
	left, err := filepath.Glob(filepath.Join(dir, "pgtest-*-*"))
	if err != nil {
		return err
	}
	for _, folder := range left {
		if !alive(folder) {
			err = errors.Join(err, os.RemoveAll(folder))
		}
	}
	return err
}

// alive tells whether the process in a folder's name runs. What cannot be read is
// somebody else's.
func alive(folder string) bool {
	id, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(folder), "pgtest-"), "-")
	var pid int
	if _, err := fmt.Sscan(id, &pid); err != nil {
		return true
	}
	return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}
