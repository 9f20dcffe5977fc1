package app

import (
	"runtime"
	"testing"
)

func TestCollectAt(t *testing.T) {
	for live, want := range map[uint64]int{0: 6400, 20 << 20: 300, 32 << 20: 200, 43 << 20: 100, 64 << 20: 100, 500 << 20: 100} {
		if got := collectAt(live); got != want {
			t.Errorf("with %d MiB alive: %d %%, want %d %%", live>>20, got, want)
		}
	}
}

func TestAfterCollections(t *testing.T) {
	calls := make(chan int, 1)
	n := 0
	afterCollections(func() bool {
		n++
		calls <- n
		return n < 3
	})
	for got := 0; got < 3; {
		runtime.GC() // more than one is needed when it comes before the next call is asked for
		select {
		case got = <-calls:
		default:
		}
	}
	for range 3 {
		runtime.GC()
	}
	if n != 3 {
		t.Errorf("%d calls, want 3", n)
	}
}
