package mail

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// No more mails go to an address that a server does not know, until somebody
// shows that they read it: by a code or a link that they asked for there. Only the
// mails that bring those are sent to it meanwhile. Of addresses only a hash is
// kept, and forgotten with the person.

// How long things about addresses are kept.
const (
	DeadLife  = 365 * 24 * time.Hour // an address that nothing arrives at
	delayLife = 5 * 24 * time.Hour   // what is late for longer has arrived, or come back
)

func addressHash(address string) []byte {
	sum := sha256.Sum256([]byte(strings.ToLower(address)))
	return sum[:]
}

// proves tells of the templates by which somebody shows that they read an address.
func proves(template string) bool {
	switch template {
	case SignInCode, MailChange, BookingLink, Invitation:
		return true
	}
	return false
}

// Alive notes that somebody has shown that they read an address, by what was
// mailed there just now.
func Alive(ctx context.Context, tx *postgres.Tx, address string) error {
	return AliveAt(ctx, tx, address, nil)
}

// AliveAt is Alive, by what was mailed at some time: what came before the address
// died says nothing. No time: just now.
func AliveAt(ctx context.Context, tx *postgres.Tx, address string, mailed *time.Time) error {
	_, err := postgres.Hub(tx.Native()).Exec(ctx, `
		delete from dead_addresses where address_hash = $1 and since < coalesce($2, clock_timestamp())`, addressHash(address), mailed)
	if err != nil {
		return fmt.Errorf("note that an address is read: %w", err)
	}
	return nil
}

// IsDead tells that nothing arrives at an address.
func IsDead(ctx context.Context, q postgres.Querier, address string) (yes bool, err error) {
	err = postgres.Hub(q).QueryRow(ctx, `select exists (select from dead_addresses where address_hash = $1)`, addressHash(address)).Scan(&yes)
	if err != nil {
		return false, postgres.Translate(fmt.Errorf("look whether mails arrive: %w", err), nil)
	}
	return yes, nil
}

const buryingSQL = `, buried as (
  insert into dead_addresses (address_hash, reason) select to_hash, $2 from gone where to_hash is not null and $3
  on conflict (address_hash) do update set reason = excluded.reason, since = excluded.since
)
select count(*) from gone`

// Refuse notes that a mail was refused, and where the reason speaks of the address
// that nothing arrives there. reason holds no personal data.
func Refuse(ctx context.Context, q postgres.Querier, mail id.ID, reason string) error {
	_, err := refuse(ctx, q, `
		update mails set state = 'refused', reason = $2, settled_at = clock_timestamp(),
		  claimed_until = null, recipient = null, data = null, calendar = null, off = null
		where id = $1 and state = 'queued' returning to_hash`, mail, reason)
	return err
}

func refuse(ctx context.Context, q postgres.Querier, update string, mail id.ID, reason string) (known bool, err error) {
	var n int
	err = postgres.Hub(q).QueryRow(ctx, `with gone as (`+update+`)`+buryingSQL, mail, reason, dead(reason)).Scan(&n)
	if err != nil {
		return false, postgres.Translate(fmt.Errorf("note that a mail is refused: %w", err), nil)
	}
	return n > 0, nil
}

// Back notes what a server reports of a mail that was sent. It tells whether the
// mail is one that is remembered.
func Back(ctx context.Context, q postgres.Querier, b Bounce) (known bool, err error) {
	if !b.Delayed {
		return refuse(ctx, q, `
			update mails set state = 'refused', reason = $2, settled_at = clock_timestamp(), delayed_at = null
			where id = $1 and state = 'sent' returning to_hash`, b.Mail, b.reason())
	}
	err = postgres.Hub(q).QueryRow(ctx, `
		update mails set delayed_at = clock_timestamp(), reason = $2 where id = $1 and state = 'sent' returning true`,
		b.Mail, b.reason()).Scan(&known)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, postgres.Translate(fmt.Errorf("note that a mail is late: %w", err), nil)
	}
	return known, nil
}

// Trouble is how a mail does not arrive.
type Trouble string

// The troubles.
const (
	TroubleRefused Trouble = "REFUSED" // for good
	TroubleDelayed Trouble = "DELAYED" // so far: a server still tries
)

// Refusal tells that mails about something do not arrive.
type Refusal struct {
	About  id.ID
	Kind   Trouble
	At     time.Time
	Reason string // such as "rcpt 550 5.1.1"
}

// RefusedOf reads the last refusal about each of some things whose mails were
// refused after the last one that was taken, or are late. Reasons hold no address.
func RefusedOf(ctx context.Context, q postgres.Querier, about []id.ID) (map[id.ID]Refusal, error) {
	rows, err := postgres.Hub(q).Query(ctx, `
		select distinct on (m.about) m.about, case when m.state = 'sent' then 'DELAYED' else 'REFUSED' end,
		  coalesce(m.delayed_at, m.settled_at), coalesce(m.reason, '') from mails m
		where m.about = any(`+postgres.Keys+`) and (m.state = 'refused' or m.state = 'sent' and m.delayed_at > now() - $2::interval)
		  and not exists (select from mails s where s.about = m.about and s.state = 'sent' and s.delayed_at is null and s.settled_at > m.settled_at)
		order by m.about, m.settled_at desc`, about, delayLife)
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("read refused mails: %w", err), nil)
	}
	refused := map[id.ID]Refusal{}
	var r Refusal
	_, err = pgx.ForEachRow(rows, []any{&r.About, &r.Kind, &r.At, &r.Reason}, func() error {
		refused[r.About] = r
		return nil
	})
	return refused, postgres.Translate(err, nil)
}
