package calendar

import (
	"context"
	"slices"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Kinds of facts about an event. Their data is the struct named beside each.
const (
	FactEventCreated         = "EVENT_CREATED"   // no data; organisers only
	FactEventPublished       = "EVENT_PUBLISHED" // no data
	FactEventUpdated         = "EVENT_UPDATED"   // EventUpdated
	FactEventCancelled       = "EVENT_CANCELLED" // no data: the reason is read from the event
	FactEventHeld            = "EVENT_HELD"      // no data
	FactEventClosed          = "EVENT_CLOSED"    // no data
	FactSessionAdded         = "SESSION_ADDED"   // SessionFact
	FactSessionChanged       = "SESSION_CHANGED" // SessionFact
	FactSessionRemoved       = "SESSION_REMOVED" // SessionFact
	FactDocumentAdded        = "DOCUMENT_ADDED"  // DocumentFact
	FactDocumentVersionAdded = "DOCUMENT_VERSION_ADDED"
	FactDocumentWithdrawn    = "DOCUMENT_WITHDRAWN"
)

// EventUpdated names the fields that changed, as in the contract.
type EventUpdated struct {
	Fields []string `json:"fields"`
	// Visibility is set when it changed: who is below it now has to be cut off
	// after this fact.
	Visibility *access.Level `json:"visibility,omitempty"`
}

// SessionFact is about one entry of the programme.
type SessionFact struct {
	Session id.ID    `json:"session"`
	Fields  []string `json:"fields,omitempty"`
}

// DocumentFact is about one version of a document.
type DocumentFact struct {
	Document id.ID `json:"document"`
	Version  int   `json:"version,omitempty"`
}

// factLevel is who may learn what happens to the event: whoever can see it.
func (e *Event) factLevel() access.Level {
	return max(e.Visibility, effective(e.Declared, e.everPublished()))
}

// subjects are the nodes in whose feeds a fact about the event appears.
func subjects(home id.ID, all ...[]related) []id.ID {
	about := []id.ID{home}
	for _, some := range all {
		for _, x := range some {
			about = append(about, x.Node)
		}
	}
	slices.SortFunc(about, func(a, b id.ID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(about)
}

// tell appends one fact to the event's topic, which the caller has locked.
func (c *changing) tell(ctx context.Context, tx *postgres.Tx, kind string, level access.Level, data any) error {
	return journal.Append(ctx, tx, c.event.ID, c.viewer, journal.Fact{
		Kind: kind, Level: level, Data: data, About: subjects(c.event.Home, c.related),
	})
}
