package workshop

import (
	"context"
	"slices"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Kinds of facts about a workshop; their data is a Fact, with what is named
// beside each.
const (
	FactCreated       = "WORKSHOP_CREATED" // organisers only
	FactOpened        = "WORKSHOP_OPENED"  // visibility
	FactClosed        = "WORKSHOP_CLOSED"
	FactCodeRenewed   = "JOIN_CODE_RENEWED"        // organisers only
	FactGroupJoined   = "GROUP_JOINED"             // group
	FactGroupRevoked  = "GROUP_REVOKED"            // group
	FactNoted         = "ENTRY_ADDED"              // entry, group
	FactWithdrawn     = "ENTRY_WITHDRAWN"          // entry, group
	FactMerged        = "PRIORITIES_MERGED"        // entry: who stands for the set
	FactBecameProject = "PRIORITY_PROJECT_CREATED" // entry, project
	FactConsultation  = "CONSULTATION_CREATED"
	FactFinding       = "FINDING_ADDED" // finding
	FactEventLinked   = "EVENT_LINKED"  // event
)

// Fact is what happened, by identifiers.
type Fact struct {
	Entry      id.ID         `json:"entry,omitzero"`
	Group      id.ID         `json:"group,omitzero"`
	Project    id.ID         `json:"project,omitzero"`
	Finding    id.ID         `json:"finding,omitzero"`
	Event      id.ID         `json:"event,omitzero"`
	Visibility *access.Level `json:"visibility,omitempty"`
}

// tell appends one fact to the workshop's topic, which the caller has locked, at
// the level at which the workshop itself is seen.
func (c *changing) tell(ctx context.Context, tx *postgres.Tx, kind string, data Fact) error {
	return c.tellAt(ctx, tx, kind, c.workshop.Visibility, data)
}

func (c *changing) tellAt(ctx context.Context, tx *postgres.Tx, kind string, level access.Level, data Fact) error {
	fact := journal.Fact{Kind: kind, Level: level, Data: data}
	if !frequent(kind) {
		fact.About = append([]id.ID{c.workshop.Home}, c.places...)
	}
	return journal.Append(ctx, tx, c.workshop.ID, c.viewer, fact)
}

// frequent tells of what happens hundreds of times in an afternoon: it is for who
// watches the workshop, and in no feed of a place.
func frequent(kind string) bool {
	return slices.Contains([]string{FactGroupJoined, FactNoted, FactWithdrawn, FactMerged}, kind)
}
