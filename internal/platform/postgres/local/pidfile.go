package local

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// pidFile is what a postmaster writes about itself into its data folder.
type pidFile struct {
	pid       int
	started   string // seconds; tells two processes of one number apart
	port      int
	socketDir string
	tcp       bool
	status    string // "starting", "ready", "stopping"
}

// readPidFile fails with fs.ErrNotExist when no postmaster was there, or when
// it stopped in order. Missing lines (it is being written) are zero values.
func readPidFile(data string) (pidFile, error) {
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return pidFile{}, err
	}
	lines := append(strings.Split(string(text), "\n"), make([]string, 8)...)
	p := pidFile{started: strings.TrimSpace(lines[2]), socketDir: lines[4], tcp: lines[5] != "", status: strings.TrimSpace(lines[7])}
	if p.pid, err = strconv.Atoi(strings.TrimSpace(lines[0])); err != nil {
		return pidFile{}, nil // just created and still empty
	}
	p.port, _ = strconv.Atoi(strings.TrimSpace(lines[3]))
	return p, nil
}

// same tells whether both speak of one postmaster process.
func (p pidFile) same(q pidFile) bool { return p.pid == q.pid && p.started == q.started }

// alive tells whether the process exists and is a postmaster of this data
// folder, not a stranger that got the number after a crash.
func (p pidFile) alive(data string) bool { return p.exists() && worksIn(p.pid, data) }

func (p pidFile) exists() bool {
	if p.pid <= 0 {
		return false
	}
	err := syscall.Kill(p.pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// dropMisleading removes a pid file whose number belongs to a stranger now, for
// which PostgreSQL would refuse to start for ever. Other stale files are left to
// PostgreSQL, which learns from them whether backends of the dead server still
// run; here it learns that from the shared memory of the folder alone.
func dropMisleading(data string) error {
	file, err := readPidFile(data)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || !file.exists() || worksIn(file.pid, data) {
		return err
	}
	return os.Remove(filepath.Join(data, "postmaster.pid"))
}
