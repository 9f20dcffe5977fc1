package main

import (
	"os"
	"runtime"
	"syscall"
	"time"
)

// How late a sleeping thread may be woken: what the kernel gives every process, and
// what is enough for a hub.
const (
	usualSlack  = 50 * time.Microsecond
	enoughSlack = 500 * time.Microsecond
)

// relax begins the program anew with more slack. Go's runtime has a thread that
// sleeps for 20 µs, looks around, and sleeps again for as long as anything happens:
// some 14,000 times a second, which is a tenth of what a small answer costs.
// Nothing in a hub has to be on time to less than a millisecond. Threads inherit
// the slack when they are made, and that one is there before main; so the program
// takes its own place, as the same process. Whoever has set another slack is obeyed,
// and where it cannot be done, the hub works as ever.
func relax() {
	runtime.LockOSThread() // the one whose slack is kept
	defer runtime.UnlockOSThread()
	slack, _, _ := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_GET_TIMERSLACK, 0, 0)
	self, err := os.Executable()
	if err != nil || time.Duration(slack) != usualSlack {
		return
	}
	if _, _, failed := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_TIMERSLACK, uintptr(enoughSlack), 0); failed == 0 {
		_ = syscall.Exec(self, os.Args, os.Environ())
	}
}
