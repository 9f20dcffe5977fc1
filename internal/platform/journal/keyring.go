package journal

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Keyed is a command with its idempotency key, as Once takes them.
type Keyed struct {
	Actor    *access.Viewer
	Key      string
	Mutation string
	Hash     []byte
}

// owner is whose key it is: of one person, keys are told apart by their text.
type owner struct {
	actor id.ID
	key   string
}

func (k Keyed) owner() owner { return owner{k.Actor.Person, k.Key} }

// Keyring is Once for commands of several people that are carried out one after
// the other in one transaction. It is opened before the locks and closed after
// the last command; what is written in between it does not see.
//
// It works on the hub's own authority: the keys it asks for are those of each
// caller, by name. All callers are signed in.
type Keyring struct {
	tx     *postgres.Tx
	calls  []Keyed
	before map[owner]entry // carried out earlier, or by an earlier call of the ring
	failed map[owner]bool  // noted by the ring, and not carried out so far
}

type entry struct {
	Keyed
	result []id.ID
}

// OpenKeyring notes the keys of the calls, in one order for everybody, so that
// two rings with the same keys do not wait for each other. A key of which a
// transaction elsewhere has not decided yet is waited for: those who share the ring
// have nothing to do with it, so that their transaction is a hurried one.
func OpenKeyring(ctx context.Context, tx *postgres.Tx, calls []Keyed) (*Keyring, error) {
	k := &Keyring{tx: tx, calls: calls, before: map[owner]entry{}, failed: map[owner]bool{}}
	noted := map[owner]Keyed{}
	for _, c := range calls {
		if _, twice := noted[c.owner()]; c.Key != "" && !twice && CheckKey(c.Key) == nil {
			noted[c.owner()] = c
		}
	}
	if len(noted) == 0 {
		return k, nil
	}
	if err := k.note(ctx, noted); err != nil {
		return nil, fmt.Errorf("note idempotency keys: %w", err)
	}
	if len(k.failed) == len(noted) {
		return k, nil
	}
	if err := k.recall(ctx, noted); err != nil {
		return nil, fmt.Errorf("read the results of keys: %w", err)
	}
	return k, nil
}

const noteKeysSQL = `
insert into command_keys (actor, key, mutation, input_hash)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[]) as c(actor, key, mutation, hash) order by actor, key
on conflict (actor, key) do nothing returning actor, key`

func (k *Keyring) note(ctx context.Context, noted map[owner]Keyed) error {
	var c keyColumns
	for _, call := range noted {
		c.add(call.owner())
		c.mutations, c.hashes = append(c.mutations, call.Mutation), append(c.hashes, append([]byte{}, call.Hash...))
	}
	rows, err := postgres.Hub(k.tx.Native()).Query(ctx, noteKeysSQL, c.actors, c.keys, c.mutations, c.hashes)
	if err != nil {
		return err
	}
	var of owner
	_, err = pgx.ForEachRow(rows, []any{&of.actor, &of.key}, func() error {
		k.failed[of] = true // until it is carried out
		return nil
	})
	return err
}

// recall reads what was carried out before.
func (k *Keyring) recall(ctx context.Context, noted map[owner]Keyed) error {
	var c keyColumns
	for of := range noted {
		if !k.failed[of] {
			c.add(of)
		}
	}
	rows, err := postgres.Hub(k.tx.Native()).Query(ctx, `
		select k.actor, k.key, k.mutation, k.input_hash, k.result_ids
		from unnest($1::uuid[], $2::text[]) as c(actor, key) join command_keys k using (actor, key)`, c.actors, c.keys)
	if err != nil {
		return err
	}
	var of owner
	var e entry
	_, err = pgx.ForEachRow(rows, []any{&of.actor, &of.key, &e.Mutation, &e.Hash, &e.result}, func() error {
		k.before[of] = entry{Keyed{Mutation: e.Mutation, Hash: slices.Clone(e.Hash)}, slices.Clone(e.result)}
		return nil
	})
	return err
}

// Once carries the call with this place in the ring out, unless its key was used
// before, here or earlier. An error of do leaves the key as it was.
func (k *Keyring) Once(place int, do func() ([]id.ID, error)) ([]id.ID, error) {
	call := k.calls[place]
	if call.Key == "" {
		return do()
	}
	if err := CheckKey(call.Key); err != nil {
		return nil, err
	}
	if e, used := k.before[call.owner()]; used {
		if e.Mutation != call.Mutation || !bytes.Equal(e.Hash, call.Hash) {
			return nil, ErrKeyReused.At("idempotencyKey")
		}
		return e.result, nil
	}
	result, err := do()
	if err != nil {
		return nil, err
	}
	delete(k.failed, call.owner())
	k.before[call.owner()] = entry{call, result}
	return result, nil
}

const keepKeysSQL = `
with gone as (
  delete from command_keys k using unnest($5::uuid[], $6::text[]) as c(actor, key) where k.actor = c.actor and k.key = c.key
)
update command_keys k set result_ids = c.results::uuid[], mutation = c.mutation, input_hash = c.hash
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $7::bytea[]) as c(actor, key, results, mutation, hash)
where k.actor = c.actor and k.key = c.key`

// Close stores the results, and lets the keys of what failed be used again.
func (k *Keyring) Close(ctx context.Context) error {
	var kept, gone keyColumns
	var results []string
	for of, e := range k.before {
		if e.Actor == nil { // was there before
			continue
		}
		kept.add(of)
		kept.mutations, kept.hashes = append(kept.mutations, e.Mutation), append(kept.hashes, append([]byte{}, e.Hash...))
		results = append(results, postgres.Array(e.result))
	}
	for of := range k.failed {
		gone.add(of)
	}
	if len(kept.keys)+len(gone.keys) == 0 {
		return nil
	}
	_, err := postgres.Hub(k.tx.Native()).Exec(ctx, keepKeysSQL, kept.actors, kept.keys, results, kept.mutations,
		gone.actors, gone.keys, kept.hashes)
	if err != nil {
		return fmt.Errorf("note the results of keys: %w", err)
	}
	return nil
}

type keyColumns struct {
	actors          []id.ID
	keys, mutations []string
	hashes          [][]byte
}

func (c *keyColumns) add(of owner) {
	c.actors, c.keys = append(c.actors, of.actor), append(c.keys, of.key)
}
