package model

import (
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
)

// TableVote is the result of a vote.
type TableVote struct {
	InFavour    int
	Against     int
	Abstentions int
	Named       []*table.Vote
}

// StreamCursor is where a reader of the table goes on after this message.
func (c *TableChange) StreamCursor() string { return c.Cursor }

// StreamCursor is where a reader of the session goes on after this message.
func (c *TableSessionChange) StreamCursor() string { return c.Cursor }

// TableSessionBoard is a session at a glance, at one number.
type TableSessionBoard struct {
	link.Slots
	Number  int
	Cursor  string
	Session *table.Session
	Current id.ID // the item that is dealt with; Zero: none
	Adopted int
}

// StreamCursor is where a reader of the board goes on after this message.
func (b *TableSessionBoard) StreamCursor() string { return b.Cursor }
