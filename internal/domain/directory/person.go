package directory

import (
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/node"
)

// ActingRole is in what role somebody acts for a body.
type ActingRole string

// The roles. Representatives and officers answer for the body.
const (
	Representative ActingRole = "REPRESENTATIVE"
	Officer        ActingRole = "OFFICER"    // of a public body
	Technician     ActingRole = "TECHNICIAN" // of a public body
	Delegate       ActingRole = "DELEGATE"
	Substitute     ActingRole = "SUBSTITUTE"
)

// Person is somebody with a place in the network. The node has no title.
type Person struct {
	node.Node
	Name *string // nil for who may not see it
}

// IsNode marks persons for the schema's interface.
func (p *Person) IsNode() {}

// Appointment is that a person acts for a body, with dates.
type Appointment struct {
	link.Slots
	ID           id.ID // of the edge
	PersonID     id.ID
	Organization id.ID
	Role         ActingRole
	From         *time.Time // first day, nil when not recorded
	Until        *time.Time // last day, nil when open
	// Person is read along where a body's people are asked for, else nil.
	Person *Person
}
