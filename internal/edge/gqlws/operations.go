package gqlws

import (
	"crypto/sha256"
	"runtime"
	"sync"
	"weak"

	"github.com/99designs/gqlgen/graphql"
)

// operations keeps one copy of what many readers ask for, for as long as one of
// them is there: ten thousand who follow an event hold its variables once.
type operations struct {
	mu    sync.Mutex
	known map[[sha256.Size]byte]weak.Pointer[graphql.OperationContext]
}

func newOperations() *operations {
	return &operations{known: map[[sha256.Size]byte]weak.Pointer[graphql.OperationContext]{}}
}

// one is the operation with that name; the first who asks for it has it made.
func (o *operations) one(name [sha256.Size]byte, made func() *graphql.OperationContext) *graphql.OperationContext {
	o.mu.Lock()
	defer o.mu.Unlock()
	if op := o.known[name].Value(); op != nil {
		return op
	}
	op := made()
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
