// Package command carries commands out as all domains do: signed in, in one
// transaction, once per idempotency key, and with what was left read in that
// transaction.
package command

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Call is one command as it was sent.
type Call struct {
	DB       *postgres.DB
	Viewer   *access.Viewer
	Key      string // idempotency key; empty gives no protection
	Mutation string // as in the contract
	Input    any    // all of it: another input under the same key is refused
	// Bearer is the secret in the input that gives the right (a group's link), so
	// that nobody need be signed in; empty where there is none.
	Bearer string
	// Hub says that the hub itself may be who commands: from its command line.
	Hub bool
}

// Run runs do unless the key was used for it before, and then read with the
// identifiers that do gave, in the same transaction.
func (c Call) Run(ctx context.Context, do func(context.Context, *postgres.Tx) ([]id.ID, error),
	read func(context.Context, *postgres.Tx, []id.ID) error,
) error {
	actor := c.Viewer
	switch {
	case c.Bearer != "":
		actor = Bearer(c.Bearer, c.Viewer.Person)
	case !c.Hub && !c.Viewer.SignedIn():
		return fault.ErrUnauthenticated.New()
	}
	keyed, err := c.Keyed()
	if err != nil {
		return err
	}
	if c.Bearer == "" {
		ctx = access.With(ctx, c.Viewer)
	}
	return c.DB.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		ids, err := journal.Once(ctx, tx, actor, c.Key, c.Mutation, keyed.Hash, func() ([]id.ID, error) { return do(ctx, tx) })
		if err != nil {
			return err
		}
		return read(ctx, tx, ids)
	})
}

// Keyed is the call as a journal.Keyring takes it: for commands of several people
// that are carried out in one transaction.
func (c Call) Keyed() (journal.Keyed, error) {
	hash, err := Hash(c.Input)
	return journal.Keyed{Actor: c.Viewer, Key: c.Key, Mutation: c.Mutation, Hash: hash}, err
}

// Made is Run for commands of which nothing but what they are about is read.
func Made(ctx context.Context, c Call, do func(context.Context, *postgres.Tx) (id.ID, error)) (made id.ID, err error) {
	err = c.Run(ctx, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		one, err := do(ctx, tx)
		return []id.ID{one}, err
	}, func(_ context.Context, _ *postgres.Tx, ids []id.ID) error {
		if len(ids) > 0 {
			made = ids[0]
		}
		return nil
	})
	if err != nil {
		return id.Zero, err
	}
	return made, nil
}

// Bearer is who has a secret, as the actor of idempotency keys: a key is only as
// good as the secret it is given with. A person who is signed in besides has keys
// of their own.
func Bearer(secret string, person id.ID) *access.Viewer {
	return &access.Viewer{Person: id.Named(fmt.Sprintf("bearer of %x %v", sha256.Sum256([]byte(secret)), person))}
}

// One is Run for commands on one thing.
func One[T any](ctx context.Context, c Call, do func(context.Context, *postgres.Tx) (id.ID, error),
	read func(context.Context, postgres.Querier, id.ID) (T, error),
) (result T, err error) {
	err = c.Run(ctx, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		made, err := do(ctx, tx)
		return []id.ID{made}, err
	}, func(ctx context.Context, tx *postgres.Tx, ids []id.ID) (err error) {
		result, err = read(ctx, tx.Native(), ids[0])
		return err
	})
	if err != nil {
		var none T
		return none, err
	}
	return result, nil
}

// Found reads, for One, the thing that a command is about; what the viewer does
// not see is not found.
func Found[T any](v *access.Viewer, byIDs func(context.Context, postgres.Querier, *access.Viewer, []id.ID) ([]T, error)) func(context.Context, postgres.Querier, id.ID) (T, error) {
	return func(ctx context.Context, q postgres.Querier, of id.ID) (none T, err error) {
		found, err := byIDs(ctx, q, v, []id.ID{of})
		if err != nil {
			return none, err
		}
		if len(found) == 0 {
			return none, fault.ErrNotFound.At("id")
		}
		return found[0], nil
	}
}

// Hash stands for an input; see journal.Once.
func Hash(input any) ([]byte, error) {
	b, err := json.Marshal(input)
	if err != nil {
		return nil, fmt.Errorf("hash the input: %w", err)
	}
	sum := sha256.Sum256(b)
	return sum[:], nil
}
