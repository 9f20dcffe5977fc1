package project

import (
	"slices"
	"time"

	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// put changes a field that really differs and notes its public name.
func put[T comparable](names *[]string, name string, field, change *T, clean func(T) T) {
	if change == nil {
		return
	}
	if now := clean(*change); now != *field {
		*field = now
		*names = append(*names, name)
	}
}

func same[T any](v T) T { return v }

func equal(a, b []lang.Text) bool { return slices.Equal(a, b) }

// putSet is for relations, whose order means nothing.
func putSet(names *[]string, name string, field, change *[]id.ID) {
	if change == nil {
		return
	}
	if !relation.Same(*field, *change) {
		*names = append(*names, name)
	}
	*field = *change
}

// day is a date for the database: nil where none is known.
func day(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// known is a date that may be missing, as the zero time.
func known(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
