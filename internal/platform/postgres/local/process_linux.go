package local

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"syscall"
)

// childAttr puts the child in its own process group (Ctrl-C is the hub's, which
// stops the database last) and ties its life to the thread that starts it: the
// kernel sends an immediate shutdown, which the postmaster passes on to its
// backends, where SIGKILL would leave them behind.
func childAttr(attr *syscall.SysProcAttr) {
	attr.Setpgid = true
	attr.Pdeathsig = syscall.SIGQUIT
}

// worksIn tells whether a process stands in dir; a postmaster stands in its
// data folder. What we may not look at counts as yes.
func worksIn(pid int, dir string) bool {
	cwd, err := os.Stat("/proc/" + strconv.Itoa(pid) + "/cwd")
	if errors.Is(err, fs.ErrNotExist) {
		return false // gone, or dead and not yet reaped
	}
	data, dataErr := os.Stat(dir)
	return err != nil || dataErr != nil || os.SameFile(cwd, data)
}
