//go:build unix && !linux

package local

import "syscall"

// childAttr puts the child in its own process group. There is no parent-death
// signal here: a killed hub leaves its PostgreSQL running, and the next hub
// joins it with StartOrJoin.
func childAttr(attr *syscall.SysProcAttr) { attr.Setpgid = true }

// worksIn cannot be answered without /proc; the process is taken for ours.
func worksIn(int, string) bool { return true }
