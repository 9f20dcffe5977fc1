package taxonomy

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Kinds of facts, on the topic of the term; they have no data.
const (
	FactTermAdded    = "TERM_ADDED"
	FactTermUpdated  = "TERM_UPDATED"
	FactTermRetired  = "TERM_RETIRED"
	FactTermRestored = "TERM_RESTORED"
)

func told(ctx context.Context, tx *postgres.Tx, v *access.Viewer, term id.ID, kind string) error {
	return journal.Append(ctx, tx, term, v, journal.Fact{Kind: kind, Level: access.Public, About: []id.ID{term}})
}
