// Package memo lets a later room keep what it has worked out about something
// beside the thing itself: the read engine its plans beside the parsed document.
// So both live and go together, and neither room knows the other.
package memo

import (
	"context"
	"sync"
)

// room is how many things one memo keeps.
const room = 16

// Memo is what is kept beside one thing. The zero value is empty. It is safe for
// concurrent use.
type Memo struct {
	mu     sync.Mutex
	values map[any]any
}

// Get finds what is kept under key, or makes it. Where there is no room left it
// is made for this time only.
func Get[K comparable, V any](m *Memo, key K, create func() V) V {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.values[key].(V); ok {
		return v
	}
	made := create()
	if len(m.values) < room {
		if m.values == nil {
			m.values = make(map[any]any, 2)
		}
		m.values[key] = made
	}
	return made
}

// Key names the memo of a document among the extensions of an operation.
const Key = "memo"

// Shared is filled in by who answers a request when the answer is the same for
// everybody who says nothing about who they are: with a tag that is another when
// the answer is.
type Shared struct{ Tag string }

type sharedKey struct{}

// WithShared lets who answers with ctx fill in s.
func WithShared(ctx context.Context, s *Shared) context.Context {
	return context.WithValue(ctx, sharedKey{}, s)
}

// Tag fills in what WithShared has put into ctx; without it nothing is done.
func Tag(ctx context.Context, tag string) {
	if s, _ := ctx.Value(sharedKey{}).(*Shared); s != nil {
		s.Tag = tag
	}
}
