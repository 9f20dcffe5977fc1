package auth

import (
	"context"
	"errors"

	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// LookUp finds an account for an administrator; nil when there is none. Who may:
// access.MayOperate. On the hub's own authority, because the account is somebody
// else's; the caller notes the read.
func LookUp(ctx context.Context, q postgres.Querier, v *access.Viewer, w Which) (*Account, error) {
	if err := access.MayOperate(v); err != nil {
		return nil, err
	}
	a, err := which(ctx, postgres.Hub(q), w)
	if errors.Is(err, ErrNoAccount) {
		return nil, nil
	}
	return a, err
}
