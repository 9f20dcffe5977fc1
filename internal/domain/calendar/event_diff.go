package calendar

import (
	"slices"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
)

// difference collects the public names of fields that a change really changed.
type difference struct{ names []string }

func put[T comparable](d *difference, name string, field, change *T) {
	if change != nil && *change != *field {
		*field = *change
		d.names = append(d.names, name)
	}
}

func putTime(d *difference, name string, field, change *time.Time) {
	if change != nil && !change.Equal(*field) {
		*field = *change
		d.names = append(d.names, name)
	}
}

func putList[T comparable](d *difference, name string, field, change *[]T) {
	if change != nil && !slices.Equal(*change, *field) {
		*field = *change
		d.names = append(d.names, name)
	}
}

// putSet is for relations, whose order means nothing.
func putSet(d *difference, name string, field, change *[]id.ID) {
	if change == nil {
		return
	}
	added, removed := setDifference(*field, *change)
	if len(added)+len(removed) > 0 {
		d.names = append(d.names, name)
	}
	*field = *change
}

func setDifference(before, after []id.ID) (added, removed []id.ID) {
	for _, v := range after {
		if !slices.Contains(before, v) {
			added = append(added, v)
		}
	}
	for _, v := range before {
		if !slices.Contains(after, v) {
			removed = append(removed, v)
		}
	}
	return added, removed
}
