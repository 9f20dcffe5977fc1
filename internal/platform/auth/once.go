package auth

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// once carries a command out in a transaction that works for the viewer, once
// per key: again it answers what do returned the first time.
func once(ctx context.Context, db *postgres.DB, v *access.Viewer, key, mutation string, input any, do func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error)) (result []id.ID, err error) {
	call := command.Call{DB: db, Viewer: v, Key: key, Mutation: mutation, Input: []any{v.For, input}}
	err = call.Run(ctx, do, func(_ context.Context, _ *postgres.Tx, ids []id.ID) error {
		result = ids
		return nil
	})
	return result, err
}

// one is once for commands that make one thing, or that the hub itself may give.
func (s *Accounts) one(ctx context.Context, v *access.Viewer, key, mutation string, input any, do func(ctx context.Context, tx *postgres.Tx) (id.ID, error)) (id.ID, error) {
	return command.Made(ctx, command.Call{DB: s.db, Viewer: v, Key: key, Mutation: mutation, Input: []any{v.For, input}, Hub: true}, do)
}
