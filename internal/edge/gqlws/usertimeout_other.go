//go:build !linux

package gqlws

import "time"

// setUserTimeout is left to the kernel's own patience.
func setUserTimeout(int, time.Duration) {}
