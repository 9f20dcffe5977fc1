package model

import (
	"time"

	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
)

// WorkshopChange is one message about a workshop.
type WorkshopChange struct {
	link.Slots
	Number   int
	Cursor   string
	Kind     *WorkshopChangeKind
	At       *time.Time
	Entry    *string
	GroupID  id.ID
	Workshop *workshop.Workshop
}

// StreamCursor is where a reader of the workshop goes on after this message.
func (c *WorkshopChange) StreamCursor() string { return c.Cursor }

// StreamCursor is where a reader of the board goes on after this message.
func (b *WorkshopBoard) StreamCursor() string { return b.Cursor }
