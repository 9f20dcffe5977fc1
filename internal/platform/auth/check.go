package auth

import (
	"context"
	"time"

	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

var (
	checksPerPerson  = limit{"checks by a person", 300, 15 * time.Minute}
	checksPerAddress = limit{"checks from an address", 1000, 15 * time.Minute}
)

type addressKey struct{}

// WithAddress notes where a request came from, for what is counted by address.
func WithAddress(ctx context.Context, address string) context.Context {
	return context.WithValue(ctx, addressKey{}, address)
}

// CountCheck counts one try of somebody to find out whether something with a
// secret code exists: by who they are or, for who is not signed in, by where they
// are. The fault is TOO_OFTEN.
func CountCheck(ctx context.Context, db *postgres.DB, v *access.Viewer) error {
	if v.SignedIn() {
		return checksPerPerson.take(ctx, db, v.Person.String())
	}
	address, _ := ctx.Value(addressKey{}).(string)
	return checksPerAddress.take(ctx, db, address)
}
