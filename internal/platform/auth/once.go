package auth

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// once carries a command out in a transaction that works for the viewer, once
// per key: again it answers what do returned the first time.
func once(ctx context.Context, db *postgres.DB, v *access.Viewer, key, mutation string, input any, do func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error)) (result []id.ID, err error) {
	b, err := json.Marshal([]any{v.For, input})
	if err != nil {
		return nil, fmt.Errorf("hash the input: %w", err)
	}
	hash := sha256.Sum256(b)
	err = db.InTx(access.With(ctx, v), func(ctx context.Context, tx *postgres.Tx) error {
		result, err = journal.Once(ctx, tx, v, key, mutation, hash[:], func() ([]id.ID, error) { return do(ctx, tx) })
		return err
	})
	return result, err
}

// one is once for commands that make one thing.
func (s *Accounts) one(ctx context.Context, v *access.Viewer, key, mutation string, input any, do func(ctx context.Context, tx *postgres.Tx) (id.ID, error)) (id.ID, error) {
	made, err := once(ctx, s.db, v, key, mutation, input, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		one, err := do(ctx, tx)
		return []id.ID{one}, err
	})
	if err != nil || len(made) == 0 {
		return id.Zero, err
	}
	return made[0], nil
}
