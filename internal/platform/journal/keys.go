package journal

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// ErrKeyReused says that an idempotency key was used before for something else.
var ErrKeyReused = fault.Define(fault.Conflict, "IDEMPOTENCY_KEY_REUSED",
	"Aquesta clau d'idempotència ja s'ha fet servir per a una altra petició.",
	"Esta clave de idempotencia ya se ha usado para otra petición.",
	"This idempotency key was already used for another request.")

// maxKey bounds the length of a key, in characters, as the contract says.
const maxKey = 100

// CheckKey refuses a key that is none: for the commands that cannot be repeated
// by their key, because they end who has it.
func CheckKey(key string) error {
	switch {
	case utf8.RuneCountInString(key) > maxKey:
		return fault.ErrTooLong.At("idempotencyKey").With("max", maxKey)
	case !utf8.ValidString(key) || strings.ContainsRune(key, 0):
		return fault.ErrBadText.At("idempotencyKey")
	}
	return nil
}

// Once carries a command out at most once per actor and key, and returns the
// identifiers of its result. It stands before everything else in the
// transaction, also before Lock: of two requests with one key the second waits
// here, holding nothing, and then gets the first one's result without running
// do.
//
// inputHash stands for the whole input and on whose behalf it is given; another
// hash or mutation under the same key is ErrKeyReused. An error of do rolls
// everything back, so failures are not remembered. Keys are forgotten after
// KeyRetention. Without a key, do just runs. Anonymous actors share one name.
func Once(ctx context.Context, tx *postgres.Tx, v *access.Viewer, key, mutation string, inputHash []byte, do func() ([]id.ID, error)) ([]id.ID, error) {
	if key == "" {
		return do()
	}
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	q := keeper(tx, v)
	tag, err := q.Exec(ctx, `
		insert into command_keys (actor, key, mutation, input_hash) values (`+actorParameter+`, $2, $3, $4)
		on conflict (actor, key) do nothing`, v.Person, key, mutation, append([]byte{}, inputHash...))
	if err != nil {
		return nil, fmt.Errorf("note the idempotency key: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return storedResult(ctx, q, v, key, mutation, inputHash)
	}
	result, err := do()
	if err != nil || len(result) == 0 {
		return result, err
	}
	_, err = q.Exec(ctx, `update command_keys set result_ids = $3 where actor = `+actorParameter+` and key = $2`,
		v.Person, key, result)
	if err != nil {
		return nil, fmt.Errorf("note the result: %w", err)
	}
	return result, nil
}

// keeper reads and writes keys as their actor; those of nobody are the hub's.
func keeper(tx *postgres.Tx, v *access.Viewer) postgres.Querier {
	if v.SignedIn() {
		return postgres.Personal(tx.Native(), v)
	}
	return postgres.Hub(tx.Native())
}

// The absent identifier is NULL, which no key column may be.
const actorParameter = `coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')`

func storedResult(ctx context.Context, q postgres.Querier, v *access.Viewer, key, mutation string, inputHash []byte) ([]id.ID, error) {
	var before string
	var hash []byte
	var result []id.ID
	err := q.QueryRow(ctx, `select mutation, input_hash, result_ids from command_keys where actor = `+actorParameter+` and key = $2`,
		v.Person, key).Scan(&before, &hash, &result)
	if err != nil {
		return nil, fmt.Errorf("read the result of the key: %w", err)
	}
	if before != mutation || !bytes.Equal(hash, inputHash) {
		return nil, ErrKeyReused.At("idempotencyKey")
	}
	return result, nil
}
