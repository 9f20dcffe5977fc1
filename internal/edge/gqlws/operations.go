package gqlws

import (
	"context"
	"crypto/sha256"
	"runtime"
	"sync"
	"weak"

	"github.com/teixit/teixit/internal/kernel/stream"
)

// operations keeps one copy of what many readers ask for, for as long as one of
// them is there: ten thousand who follow an event hold its variables once.
type operations struct {
	mu    sync.Mutex
	known map[[sha256.Size]byte]weak.Pointer[asked]
}

// asked is one of them.
type asked struct {
	name    string
	again   stream.Again
	execute stream.Again // again, of whoever holds which the operation is kept
}

func newOperations() *operations {
	return &operations{known: map[[sha256.Size]byte]weak.Pointer[asked]{}}
}

// one is the operation with that name; the first who asks for it has it made.
func (o *operations) one(name [sha256.Size]byte, made func() *asked) *asked {
	o.mu.Lock()
	defer o.mu.Unlock()
	if op := o.known[name].Value(); op != nil {
		return op
	}
	op := made()
	op.name = string(name[:])
	op.execute = func(ctx context.Context) func() ([]byte, error) { return op.again(ctx) }
	o.known[name] = weak.Make(op)
	runtime.AddCleanup(op, o.forget, name)
	return op
}

// forget is called when nobody holds the operation any more. Meanwhile somebody
// may have asked for it again.
func (o *operations) forget(name [sha256.Size]byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known[name].Value() == nil {
		delete(o.known, name)
	}
}
