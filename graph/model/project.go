package model

import (
	"time"

	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
)

// ProjectChange is one message about a project.
type ProjectChange struct {
	link.Slots
	Number  int
	Cursor  string
	Kind    *ProjectChangeKind
	At      *time.Time
	Fields  []string
	Part    *string
	BodyID  id.ID
	NoteID  id.ID
	Project *project.Project
}

// StreamCursor is where a reader of the project goes on after this message.
func (c *ProjectChange) StreamCursor() string { return c.Cursor }
