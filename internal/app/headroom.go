package app

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

const (
	// headroom is what may be allocated between two collections at least, in
	// bytes. A hub that only answers keeps some 20 MB alive; Go by itself would
	// collect every few large answers.
	headroom = 64 << 20
	// goPercent is Go's own rule: as much as lives. It holds again when thousands
	// of subscribers make what lives larger than the headroom.
	goPercent = 100
)

// keepHeadroom sets after each collection when the next one is due, until stop. It
// concerns the whole process. An operator who sets GOGC is obeyed.
func keepHeadroom() (stop func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	var stopped atomic.Bool
	before := goPercent
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	afterCollections(func() bool {
		if stopped.Load() {
			return false
		}
		metrics.Read(live)
		if percent := collectAt(live[0].Value.Uint64()); percent != before { // setting it stops the world
			debug.SetGCPercent(percent)
			before = percent
		}
		return true
	})
	return func() {
		stopped.Store(true)
		debug.SetGCPercent(goPercent)
	}
}

// collectAt is the percentage of what lives that may be allocated before the next
// collection, in steps of a half, so that it seldom changes.
func collectAt(live uint64) int {
	return max(goPercent, int(headroom*100/max(live, 1<<20))/50*50)
}

// afterCollections calls do once after each collection as long as it wants to be.
func afterCollections(do func() bool) {
	type sign struct{ _ *byte } // with a pointer: small objects without share their end
	var again func(*sign)
	again = func(s *sign) {
		if do() {
			runtime.SetFinalizer(s, again)
		}
	}
	runtime.SetFinalizer(&sign{new(byte)}, again)
}
