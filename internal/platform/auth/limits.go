package auth

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/teixit/teixit/internal/platform/postgres"
)

// limit is how often something may be tried within a window. Tries are counted
// one by one, in PostgreSQL, so that all instances agree and many tries in one
// request are many tries. What is about one person is asked before what is about
// an address on the network: a town hall is one address.
type limit struct {
	name   string
	most   int
	window time.Duration
}

var (
	codesPerMail    = limit{"codes of a mail", 5, 15 * time.Minute}
	codesPerAddress = limit{"codes for an address", 200, 15 * time.Minute}
	triesPerMail    = limit{"tries of a mail", 10, 15 * time.Minute}
	triesADay       = limit{"tries of a mail in a day", 50, 24 * time.Hour}
	triesPerAddress = limit{"tries from an address", 1000, 15 * time.Minute}
	flowsPerAddress = limit{"provider sign-ins from an address", 500, 15 * time.Minute}
	invitesPerHour  = limit{"invitations by a person", 60, time.Hour}
	invitesPerMail  = limit{"invitations to a mail", 10, 24 * time.Hour}
	acceptsPerHour  = limit{"invitations tried by a person", 30, time.Hour}
	tokensPerHour   = limit{"tokens made by a person", 30, time.Hour}
)

// take counts one try by or for the subject; the fault is TOO_OFTEN. It commits
// on its own: a try stays counted whatever becomes of it.
func (l limit) take(ctx context.Context, db *postgres.DB, subject string) error {
	var n, seconds int
	err := db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		return tx.Native().QueryRow(ctx, takeSQL, l.key(subject), l.window).Scan(&n, &seconds)
	})
	if err != nil {
		return fmt.Errorf("count %s: %w", l.name, err)
	}
	if n <= l.most {
		return nil
	}
	return ErrTooOften.New().With("minutes", (seconds+59)/60).With("retryAfter", seconds)
}

// key names nobody: it is a hash of what is counted for whom.
func (l limit) key(subject string) []byte {
	sum := sha256.Sum256([]byte(l.name + "\x00" + subject))
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

// takeAll counts one try against each pair in order, and stops at the first that
// is used up.
func takeAll(ctx context.Context, db *postgres.DB, pairs ...tried) error {
	for _, p := range pairs {
		if err := p.limit.take(ctx, db, p.subject); err != nil {
			return err
		}
	}
	return nil
}

// tried is one try against a limit.
type tried struct {
	limit   limit
	subject string
}

// CountFlow counts one sign-in that begins at a provider. The fault is TOO_OFTEN.
func (s *Accounts) CountFlow(ctx context.Context, from string) error {
	return flowsPerAddress.take(ctx, s.db, from)
}
