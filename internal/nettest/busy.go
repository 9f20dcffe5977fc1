package nettest

import (
	"sync/atomic"
	"testing"
	"time"
)

// Busy begins to watch how late a clock of this process ticks. Afterwards it tells
// whether the machine had other things to do: then the times that a test has
// measured say nothing about what it tests, and peers that ought to answer soon
// may not have.
func Busy(t testing.TB) (busy func() bool) {
	const often, late = 10 * time.Millisecond, 60 * time.Millisecond
	var longest atomic.Int64
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		ticks := time.NewTicker(often)
		defer ticks.Stop()
		for last := time.Now(); ; last = time.Now() {
			select {
			case <-ticks.C:
				longest.Store(max(longest.Load(), int64(time.Since(last))))
			case <-over:
				return
			}
		}
	}()
	t.Cleanup(func() {
		close(over)
		<-ended
	})
	return func() bool { return time.Duration(longest.Load()) > late }
}
