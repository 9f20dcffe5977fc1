package model

import (
	"time"

	"github.com/teixit/teixit/internal/domain/discussion"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/kernel/page"
)

// FeedItem is one fact as it is told in a feed.
type FeedItem struct {
	link.Slots
	Cursor    string
	Kind      string
	At        time.Time
	NodeID    id.ID // what it happened to
	ActorID   id.ID // the body it was done for; Zero: none
	CommentID id.ID // Zero: about none
}

// FeedConnection is a page of a feed, and where its newest end is.
type FeedConnection struct {
	page.Connection[*FeedItem]
	Head string
}

// Inbox is the viewer's; what is in it is read when it is asked for.
type Inbox struct{ link.Slots }

// InboxConnection is a page of the inbox, and where its newest end is.
type InboxConnection struct {
	page.Connection[*InboxItem]
	Head string
}

// Pages of feeds and comments, as the schema names them.
type (
	FeedEdge          = page.Edge[*FeedItem]
	InboxEdge         = page.Edge[*InboxItem]
	CommentConnection = page.Connection[*discussion.Comment]
	CommentEdge       = page.Edge[*discussion.Comment]
)

// NodeChange is one change of a node of any kind; without a kind it is the state.
type NodeChange struct {
	link.Slots
	Number    int
	Cursor    string
	Kind      *string
	At        *time.Time
	NodeID    id.ID
	CommentID id.ID
}

// StreamCursor is where a reader goes on after this message.
func (c *NodeChange) StreamCursor() string { return c.Cursor }

// StreamCursor is where a reader goes on after this message.
func (c *FeedChange) StreamCursor() string { return c.Cursor }

// StreamCursor is where a reader goes on after this message.
func (c *InboxChange) StreamCursor() string { return c.Cursor }
