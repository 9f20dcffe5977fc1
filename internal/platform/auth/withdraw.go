package auth

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// WithdrawInvitations withdraws what a body that ends has asked people to and
// they have not answered: an invitation cannot be changed to another body. On the
// hub's own authority: who merges bodies need not see whom the other one asked.
func WithdrawInvitations(ctx context.Context, tx *postgres.Tx, organization id.ID) error {
	_, err := postgres.Hub(tx.Native()).Exec(ctx, `
		update invitations set revoked_at = now()
		where organization = $1 and accepted_at is null and revoked_at is null`, organization)
	return wrap("withdraw invitations", err)
}
