package model

import (
	"time"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/kernel/page"
)

// AuditEntry is one line of an audit trail.
type AuditEntry struct {
	At         time.Time
	Kind       AuditKind
	What       string
	Actor      *directory.Person // nil: the hub, or not for the reader
	OnBehalfOf Organization
	Subjects   []string
	Thing      Node
}

// Pages of audit trails.
type (
	AuditConnection = page.Connection[*AuditEntry]
	AuditEdge       = page.Edge[*AuditEntry]
)
