// Package memo lets a later room keep what it has worked out about something
// beside the thing itself: the read engine its plans beside the parsed document.
// So both live and go together, and neither room knows the other.
package memo

import "sync"

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
