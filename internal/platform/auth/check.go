package auth

import (
	"context"
	"time"

	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/rate"
)

var (
	checksPerPerson  = rate.Limit{Name: "checks by a person", Most: 300, Window: 15 * time.Minute}
	checksPerAddress = rate.Limit{Name: "checks from an address", Most: 1000, Window: 15 * time.Minute}
)

// CountCheck counts one try of somebody to find out whether something with a
// secret code exists: by who they are or, for who is not signed in, by where they
// are. The fault is TOO_OFTEN.
func CountCheck(ctx context.Context, db *postgres.DB, v *access.Viewer) error {
	if v.SignedIn() {
		return checksPerPerson.Take(ctx, db, v.Person.String())
	}
	return checksPerAddress.Take(ctx, db, rate.Address(ctx))
}
