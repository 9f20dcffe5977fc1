package feeds

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/live"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Reader is one who follows a feed. Its methods are for one goroutine.
type Reader struct {
	tail   *Tail
	person id.ID
	keys   []id.ID
	signal chan struct{}
}

// Follow begins to watch the things a feed gathers, and what is private to the
// person (Zero: nobody's). It comes before the feed is read for the first time:
// then nothing falls between. Close ends it.
func (t *Tail) Follow(person id.ID, keys []id.ID) *Reader {
	r := &Reader{tail: t, person: person, signal: make(chan struct{}, 1)}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all[r] = struct{}{}
	if !person.IsZero() {
		put(t.people, person, r)
	}
	r.set(keys)
	return r
}

// Set changes what is watched, and reports whether that was a change: then the
// feed is to be read once more, for what fell between. Keys are sorted.
func (r *Reader) Set(keys []id.ID) (changed bool) {
	r.tail.mu.Lock()
	defer r.tail.mu.Unlock()
	if slices.Equal(r.keys, keys) {
		return false
	}
	r.set(keys)
	return true
}

// set is called with the tail's mutex held.
func (r *Reader) set(keys []id.ID) {
	for _, k := range r.keys {
		drop(r.tail.readers, k, r)
	}
	r.keys = keys
	for _, k := range keys {
		put(r.tail.readers, k, r)
	}
}

// Wait returns when there may be something new, however often it was roused
// since it last did. Errors are the context's, or live.ErrStopping.
func (r *Reader) Wait(ctx context.Context) error {
	select {
	case <-r.signal: // before anything else
		return nil
	default:
	}
	select {
	case <-r.signal:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-r.tail.stopping:
		return live.ErrStopping
	}
}

// Close ends it.
func (r *Reader) Close() {
	t := r.tail
	t.mu.Lock()
	defer t.mu.Unlock()
	r.set(nil)
	delete(t.all, r)
	drop(t.people, r.person, r)
	if t.people[r.person] == nil {
		delete(t.private, r.person)
	}
}

func (r *Reader) rouse() {
	select {
	case r.signal <- struct{}{}:
	default: // it is awake
	}
}

func put(by map[id.ID]map[*Reader]struct{}, key id.ID, r *Reader) {
	if by[key] == nil {
		by[key] = map[*Reader]struct{}{}
	}
	by[key][r] = struct{}{}
}

func drop(by map[id.ID]map[*Reader]struct{}, key id.ID, r *Reader) {
	delete(by[key], r)
	if len(by[key]) == 0 {
		delete(by, key)
	}
}

// Bump says, as part of a transaction, that something private to the person has
// changed. It locks a row of theirs alone.
func Bump(ctx context.Context, tx *postgres.Tx, person id.ID) error {
	_, err := tx.Native().Exec(ctx, `
		insert into private_versions (person) values ($1)
		on conflict (person) do update set version = private_versions.version + 1`, person)
	if err != nil {
		return fmt.Errorf("note a private change: %w", err)
	}
	tx.Touch(person, nil) // so that the tail of this instance is woken at the commit
	return nil
}

// versionsOf reads the versions of people; who has none yet is left out. On the
// hub's own authority: it is nobody's request, and a number.
func versionsOf(ctx context.Context, q postgres.Querier, people []id.ID) (map[id.ID]int64, error) {
	if len(people) == 0 {
		return nil, nil
	}
	rows, err := postgres.Hub(q).Query(ctx, `select person, version from private_versions where person = any($1)`, people)
	if err != nil {
		return nil, fmt.Errorf("look at private changes: %w", err)
	}
	versions := make(map[id.ID]int64, len(people))
	var person id.ID
	var version int64
	_, err = pgx.ForEachRow(rows, []any{&person, &version}, func() error {
		versions[person] = version
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look at private changes: %w", err)
	}
	return versions, nil
}
