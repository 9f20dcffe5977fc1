//go:build !linux

package main

// relax is for the timers of Linux.
func relax() {}
