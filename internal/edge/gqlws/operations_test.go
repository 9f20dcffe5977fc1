package gqlws

import (
	"crypto/sha256"
	"runtime"
	"testing"
	"time"
)

// TestOperationsAreHeldOnce: who asks for the same holds the same, and when
// nobody does any more nothing is left of it.
func TestOperationsAreHeldOnce(t *testing.T) {
	o, name := newOperations(), sha256.Sum256([]byte("x"))
	made := 0
	ask := func() *asked {
		return o.one(name, func() *asked {
			made++
			return &asked{}
		})
	}
	first, second := ask(), ask()
	if first != second || made != 1 {
		t.Errorf("made %d times", made)
	}
	runtime.KeepAlive(first)
	runtime.KeepAlive(second)
	left := func() int {
		runtime.GC()
		o.mu.Lock()
		defer o.mu.Unlock()
		return len(o.known)
	}
	for deadline := time.Now().Add(10 * time.Second); left() > 0; {
		if time.Now().After(deadline) {
			t.Fatal("what nobody asks for is kept")
		}
	}
	if ask(); made != 2 {
		t.Errorf("made %d times, not once more", made)
	}
}
