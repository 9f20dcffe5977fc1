package postgres

import (
	"context"
	"time"
)

type longKey struct{}

// longTx is how long a long transaction may take.
const longTx = 2 * time.Minute

// Long returns a context in which InTx may take two minutes: for what has to be
// done whole or not at all and is much, such as a list of a hundred thousand lines.
// What it locks is locked for as long, so that it locks as little as it can; each of
// its statements is bounded as always.
func Long(ctx context.Context) context.Context { return context.WithValue(ctx, longKey{}, true) }

// timeOf is how long a transaction of this context may take.
func (db *DB) timeOf(ctx context.Context) time.Duration {
	if long, _ := ctx.Value(longKey{}).(bool); long {
		return max(longTx, db.txTimeout)
	}
	return db.txTimeout
}
