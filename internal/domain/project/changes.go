package project

import (
	"context"
	"slices"

	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Kinds of facts about a project; their data is a Fact, with what is named
// beside each.
const (
	FactCreated           = "PROJECT_CREATED"
	FactUpdated           = "PROJECT_UPDATED"       // fields, visibility
	FactStateChanged      = "PROJECT_STATE_CHANGED" // from, to
	FactPartnerJoined     = "PARTNER_JOINED"        // partner
	FactPartnerLeft       = "PARTNER_LEFT"          // partner; lead when it changed
	FactCommitmentAdded   = "COMMITMENT_ADDED"      // commitment, partner
	FactCommitmentChanged = "COMMITMENT_CHANGED"    // commitment, fields
	FactCommitmentMoved   = "COMMITMENT_MOVED"      // commitment, partner: who takes it on
	FactMilestoneAdded    = "MILESTONE_ADDED"       // milestone
	FactMilestoneChanged  = "MILESTONE_CHANGED"     // milestone
	FactMilestoneRemoved  = "MILESTONE_REMOVED"     // milestone
	FactActivityAdded     = "ACTIVITY_ADDED"        // activity
	FactActivityChanged   = "ACTIVITY_CHANGED"      // activity
	FactActivityRemoved   = "ACTIVITY_REMOVED"      // activity
	FactFundingSet        = "FUNDING_SET"
	FactNoteAdded         = "NOTE_ADDED"        // note
	FactNoteRemoved       = "NOTE_REMOVED"      // note
	FactGrouped           = "PROJECT_GROUPED"   // group: the programme, lab or strategy
	FactUngrouped         = "PROJECT_UNGROUPED" // group
)

// Fact is what happened to a project, by identifiers.
type Fact struct {
	Fields     []string `json:"fields,omitempty"`
	From       State    `json:"from,omitempty"`
	To         State    `json:"to,omitempty"`
	Partner    id.ID    `json:"partner,omitzero"`
	Lead       id.ID    `json:"lead,omitzero"`
	Commitment id.ID    `json:"commitment,omitzero"`
	Milestone  id.ID    `json:"milestone,omitzero"`
	Activity   id.ID    `json:"activity,omitzero"`
	Note       id.ID    `json:"note,omitzero"`
	Group      id.ID    `json:"group,omitzero"`
	// Visibility is set when it changed: who is below it now has to be cut off
	// after this fact.
	Visibility *access.Level `json:"visibility,omitempty"`
}

// tell appends one fact to the project's topic, which the caller has locked, at
// the level at which the project itself is seen.
func (c *changing) tell(ctx context.Context, tx *postgres.Tx, kind string, data Fact) error {
	return c.tellAt(ctx, tx, kind, c.project.Visibility, data)
}

func (c *changing) tellAt(ctx context.Context, tx *postgres.Tx, kind string, level access.Level, data Fact) error {
	return journal.Append(ctx, tx, c.project.ID, c.viewer, journal.Fact{
		Kind: kind, Level: level, Data: data, About: relation.Subjects(c.project.Home, c.related, c.partnerIDs()...),
		Asks: asked(c.viewer, kind, data.Partner),
	})
}

// asked is the partner from whom a fact wants something: to take part, or to keep
// what somebody else says that it promises. It is in the inbox of its people.
func asked(v *access.Viewer, kind string, partner id.ID) []id.ID {
	if partner.IsZero() || v.For == partner || !slices.Contains([]string{FactPartnerJoined, FactCommitmentAdded, FactCommitmentMoved}, kind) {
		return nil
	}
	return []id.ID{partner}
}

// tellUpdated tells a change of visibility to who could see the project until
// now, so that they learn why nothing follows.
func (c *changing) tellUpdated(ctx context.Context, tx *postgres.Tx, after Fields, names []string) error {
	data, level := Fact{Fields: names}, c.project.Visibility
	if slices.Contains(names, "visibility") {
		data.Visibility = &after.Visibility
		level = min(level, after.Visibility)
	}
	return c.tellAt(ctx, tx, FactUpdated, level, data)
}
