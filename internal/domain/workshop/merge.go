package workshop

import (
	"bytes"
	"slices"

	"github.com/teixit/teixit/internal/kernel/id"
)

// sets are which entries were merged: each knows the oldest of its set. Younger
// identifiers are greater, so the oldest is the least.
type sets map[id.ID]id.ID

// merge joins the sets of two entries. It answers who stands for the joined set
// and who stood for another before; nobody when they were one already.
func (s sets) merge(a, b id.ID) (oldest id.ID, moved []id.ID) {
	x, y := s[a], s[b]
	if x == y {
		return x, nil
	}
	if bytes.Compare(x[:], y[:]) > 0 {
		x, y = y, x
	}
	for entry, of := range s {
		if of == y {
			s[entry] = x
			moved = append(moved, entry)
		}
	}
	slices.SortFunc(moved, func(a, b id.ID) int { return bytes.Compare(a[:], b[:]) })
	return x, moved
}
