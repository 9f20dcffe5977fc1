package directory

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Kinds of facts, all on the topic of the body. Their data is the struct named
// beside each; they hold identifiers only.
const (
	FactOrganizationAdded    = "ORGANIZATION_ADDED"    // no data
	FactOrganizationUpdated  = "ORGANIZATION_UPDATED"  // OrganizationUpdated
	FactIdentifierAdded      = "IDENTIFIER_ADDED"      // IdentifierAdded
	FactPlacesSet            = "PLACES_SET"            // PlacesSet
	FactUnitMoved            = "UNIT_MOVED"            // UnitMoved
	FactOrganizationClaimed  = "ORGANIZATION_CLAIMED"  // ClaimFact, the town's officers decide
	FactClaimDecided         = "CLAIM_DECIDED"         // ClaimFact
	FactOrganizationVerified = "ORGANIZATION_VERIFIED" // OrganizationVerified
	FactOrganizationMerged   = "ORGANIZATION_MERGED"   // OrganizationMerged, on both topics
	FactPersonAppointed      = "PERSON_APPOINTED"      // AppointmentFact; for the body's people
	FactAppointmentEnded     = "APPOINTMENT_ENDED"     // AppointmentFact; for the body's people
)

// OrganizationUpdated names the fields that changed, as in the contract.
type OrganizationUpdated struct {
	Fields []string `json:"fields"`
}

// IdentifierAdded names the register; the code is read from the body.
type IdentifierAdded struct {
	Scheme Scheme `json:"scheme"`
}

// PlacesSet tells what changed about where a body acts, from a day on.
type PlacesSet struct {
	Added   []id.ID `json:"added,omitempty"`
	Removed []id.ID `json:"removed,omitempty"`
	From    string  `json:"from"`
}

// UnitMoved tells that an office is part of something else from a day on.
type UnitMoved struct {
	Before id.ID  `json:"before,omitzero"`
	Now    id.ID  `json:"now"`
	From   string `json:"from"`
}

// ClaimFact is about one claim.
type ClaimFact struct {
	Claim    id.ID `json:"claim"`
	Person   id.ID `json:"person"`
	Accepted *bool `json:"accepted,omitempty"`
}

// OrganizationVerified names the town council whose officer checked the entry.
type OrganizationVerified struct {
	By id.ID `json:"by"`
}

// OrganizationMerged names the entry that ended and the one it became.
type OrganizationMerged struct {
	From id.ID `json:"from"`
	Into id.ID `json:"into"`
}

// AppointmentFact is about one role of one person; until is the last day.
type AppointmentFact struct {
	Person id.ID      `json:"person"`
	Role   ActingRole `json:"role"`
	From   string     `json:"from,omitempty"`
	Until  string     `json:"until,omitempty"`
}

// fact makes a fact that shows in the feed of the body itself and of the other
// things it is about.
func fact(kind string, level access.Level, data any, body id.ID, also ...id.ID) journal.Fact {
	about := slices.DeleteFunc(append([]id.ID{body}, also...), id.ID.IsZero)
	return journal.Fact{Kind: kind, Level: level, Data: data, About: about}
}

// concerns are the places and fields in whose feeds it is told what changed about
// a body: where it acts today, and what it works on.
func concerns(ctx context.Context, q postgres.Querier, body id.ID) ([]id.ID, error) {
	rows, err := q.Query(ctx, `
		select target from edges where source = $1 and kind in ('acts_in', 'located_in', 'about') and valid @> `+today, body)
	if err != nil {
		return nil, wrap("read what a body is about", err)
	}
	also, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	return also, wrap("read what a body is about", err)
}

func date(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.DateOnly)
}
