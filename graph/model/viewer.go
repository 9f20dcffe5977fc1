package model

import (
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/kernel/link"
)

// Viewer is who is asking.
type Viewer struct {
	link.Slots
	Person *directory.Person
}
