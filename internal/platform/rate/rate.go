// Package rate bounds how often something may be tried: codes asked for, seats
// booked by mail. Tries are counted one by one, in PostgreSQL, so that all
// instances agree and many tries in one request are many tries. What is about
// one person is asked before what is about an address on the network: a town
// hall is one address.
package rate

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// ErrTooOften carries the argument retryAfter, in seconds.
var ErrTooOften = fault.Define(fault.Limited, "TOO_OFTEN",
	"Ho heu provat massa vegades. Torneu-ho a provar d'aquí a {minutes} min.",
	"Lo ha intentado demasiadas veces. Vuelva a intentarlo dentro de {minutes} min.",
	"You have tried too often. Try again in {minutes} min.")

// Limit is how often something may be tried within a window.
type Limit struct {
	Name   string
	Most   int
	Window time.Duration
}

// Try is one try against a limit, by or for a subject.
type Try struct {
	Limit   Limit
	Subject string
}

// Take counts one try by or for the subject; the fault is TOO_OFTEN. It commits
// on its own: a try stays counted whatever becomes of it.
func (l Limit) Take(ctx context.Context, db *postgres.DB, subject string) error {
	var n, seconds int
	err := db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		return tx.Native().QueryRow(ctx, takeSQL, l.key(subject), l.Window).Scan(&n, &seconds)
	})
	if err != nil {
		return fmt.Errorf("count %s: %w", l.Name, err)
	}
	if n <= l.Most {
		return nil
	}
	return ErrTooOften.New().With("minutes", (seconds+59)/60).With("retryAfter", seconds)
}

// key names nobody: it is a hash of what is counted for whom.
func (l Limit) key(subject string) []byte {
	sum := sha256.Sum256([]byte(l.Name + "\x00" + subject))
	return sum[:]
}

// A window begins with the first try. The number does not grow without end.
const takeSQL = `
	insert into rate_counters as c (key, since, until, n) values ($1, now(), now() + $2, 1)
	on conflict (key) do update set
	  n = case when c.until <= now() then 1 else least(c.n + 1, 1000000) end,
	  since = case when c.until <= now() then now() else c.since end,
	  until = case when c.until <= now() then now() + $2 else c.until end
	returning n, greatest(ceil(extract(epoch from until - now())), 1)::int`

// TakeAll counts one try against each limit in order, and stops at the first
// that is used up.
func TakeAll(ctx context.Context, db *postgres.DB, tries ...Try) error {
	for _, t := range tries {
		if err := t.Limit.Take(ctx, db, t.Subject); err != nil {
			return err
		}
	}
	return nil
}

type addressKey struct{}

// WithAddress notes the network address that a request came from.
func WithAddress(ctx context.Context, address string) context.Context {
	return context.WithValue(ctx, addressKey{}, address)
}

// Address is the network address that the request came from; empty where it is
// not known. Those that are not known are counted as one.
func Address(ctx context.Context) string {
	address, _ := ctx.Value(addressKey{}).(string)
	return address
}
