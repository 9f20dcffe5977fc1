package mail

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// State is how far a queued mail has got.
type State string

// The states. In all but the first, whom the mail was for and what it said are
// forgotten.
const (
	Queued    State = "queued"
	Sent      State = "sent"
	Refused   State = "refused"   // for good, or too often
	Expired   State = "expired"   // not worth sending any more
	Forgotten State = "forgotten" // its person was erased first
)

// How long things are kept.
const (
	Lease     = 45 * time.Second    // one instance has to send a mail in it
	Retention = 30 * 24 * time.Hour // of settled mails: that long a key is known
)

// Keep stores a message to be sent. The second message with one key is not
// stored again: fresh is then false, as it is when nothing arrives at the address.
func Keep(ctx context.Context, q postgres.Querier, m Message) (mail id.ID, fresh bool, err error) {
	if err := m.Check(); err != nil {
		return id.Zero, false, err
	}
	data, err := json.Marshal(m.Data)
	if err != nil {
		return id.Zero, false, fmt.Errorf("mail: data of %s: %w", m.Template, err)
	}
	life, until := m.life()
	var latest *time.Time
	if !until.IsZero() {
		latest = &until
	}
	hash := sha256.Sum256([]byte(m.UniqueKey))
	mail = id.New()
	err = postgres.Hub(q).QueryRow(ctx, keepSQL, mail, hash[:], m.Template, string(m.Lang), m.To, string(data), life, latest, m.Calendar, m.About,
		addressHash(m.To), proves(m.Template), m.Template == ErasureReceipt).Scan(&fresh)
	if errors.Is(err, pgx.ErrNoRows) {
		return mail, false, nil
	}
	if err != nil {
		return id.Zero, false, fmt.Errorf("keep a mail: %w", err)
	}
	return mail, fresh, nil
}

// A mail to an address that nothing arrives at is refused at once. The last mail
// to who was erased leaves no hash of the address behind.
const keepSQL = `
with x as (select exists (select from dead_addresses where address_hash = $11) and not $12 as dead)
insert into mails (id, key_hash, template, lang, recipient, data, expires_at, calendar, about, to_hash, state, reason, settled_at)
select $1, $2, $3, $4, case when not dead then $5 end, case when not dead then $6::jsonb end,
  least(clock_timestamp() + $7::interval, $8::timestamptz), case when not dead then nullif($9, '') end, $10::uuid,
  case when not $13 then $11::bytea end, case when dead then 'refused' else 'queued' end,
  case when dead then 'not sent: nothing arrives at the address' end, case when dead then clock_timestamp() end
from x on conflict on constraint mails_once do nothing returning state = 'queued'`

// Claim is what a worker finds when it wants to send a mail.
type Claim struct {
	Message Message // when Free
	Free    bool    // it is the worker's for Lease
	State   State   // Queued and not Free: another worker has it
	Expired bool    // still queued, but too late
}

// Take claims a mail for Lease, by PostgreSQL's clock, so that two workers never
// send it at one time, whatever the queue believes. A mail that is no longer
// there counts as Forgotten.
func Take(ctx context.Context, q postgres.Querier, mail id.ID) (Claim, error) {
	c := Claim{State: Forgotten}
	var to, language, template, calendar *string
	var data []byte
	err := postgres.Hub(q).QueryRow(ctx, takeSQL, mail, Lease).Scan(&c.State, &c.Expired, &to, &language, &template, &data, &calendar)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, nil
	}
	if err != nil {
		return c, postgres.Translate(fmt.Errorf("claim a mail: %w", err), nil)
	}
	if to == nil {
		return c, nil
	}
	c.Free = true
	c.Message = Message{To: *to, Lang: lang.Lang(*language), Template: *template}
	if calendar != nil {
		c.Message.Calendar = *calendar
	}
	if err := json.Unmarshal(data, &c.Message.Data); err != nil {
		return c, fmt.Errorf("read a mail: %w", err)
	}
	return c, nil
}

const takeSQL = `
	with taken as (
	  update mails set claimed_until = clock_timestamp() + $2::interval
	  where id = $1 and state = 'queued' and expires_at > clock_timestamp()
	    and (claimed_until is null or claimed_until <= clock_timestamp())
	  returning recipient, lang, template, data, calendar)
	select m.state, m.state = 'queued' and m.expires_at <= clock_timestamp(), t.recipient, t.lang, t.template, t.data, t.calendar
	from mails m left join taken t on true where m.id = $1`

// Settle notes how a mail ended and forgets whom it was for and what it said.
// reason holds no personal data.
func Settle(ctx context.Context, q postgres.Querier, mail id.ID, s State, reason string) error {
	_, err := postgres.Hub(q).Exec(ctx, `
		update mails set state = $2, reason = nullif($3, ''), settled_at = clock_timestamp(),
		  claimed_until = null, recipient = null, data = null, calendar = null
		where id = $1 and state = 'queued'`, mail, string(s), reason)
	if err != nil {
		return postgres.Translate(fmt.Errorf("settle a mail: %w", err), nil)
	}
	return nil
}

// Release gives a claimed mail back, to be tried again, and notes why.
func Release(ctx context.Context, q postgres.Querier, mail id.ID, reason string) error {
	_, err := postgres.Hub(q).Exec(ctx, `update mails set claimed_until = null, reason = nullif($2, '') where id = $1 and state = 'queued'`, mail, reason)
	if err != nil {
		return postgres.Translate(fmt.Errorf("release a mail: %w", err), nil)
	}
	return nil
}

// Forget drops what is queued or, in the demonstration, shown for an address:
// erasure calls it, before it queues the receipt.
func Forget(ctx context.Context, tx *postgres.Tx, address string) error {
	q := postgres.Hub(tx.Native())
	_, err := q.Exec(ctx, `
		update mails set state = 'forgotten', settled_at = clock_timestamp(), claimed_until = null, recipient = null, data = null, calendar = null
		where lower(recipient) = lower($1) and state = 'queued'`, address)
	if err != nil {
		return fmt.Errorf("forget queued mails: %w", err)
	}
	if _, err = q.Exec(ctx, `update mails set to_hash = null where to_hash = $1`, addressHash(address)); err != nil {
		return fmt.Errorf("forget where mails went: %w", err)
	}
	if _, err = q.Exec(ctx, `delete from dead_addresses where address_hash = $1`, addressHash(address)); err != nil {
		return fmt.Errorf("forget a dead address: %w", err)
	}
	if _, err = q.Exec(ctx, `delete from demo_mails where lower(recipient) = lower($1)`, address); err != nil {
		return fmt.Errorf("forget shown mails: %w", err)
	}
	return nil
}

// Tidy settles what waited too long and forgets what was settled long ago.
func Tidy(ctx context.Context, q postgres.Querier) error {
	q = postgres.Hub(q)
	_, err := q.Exec(ctx, `
		update mails set state = 'expired', settled_at = clock_timestamp(), claimed_until = null, recipient = null, data = null, calendar = null
		where state = 'queued' and expires_at <= clock_timestamp()
		  and (claimed_until is null or claimed_until <= clock_timestamp())`)
	if err != nil {
		return postgres.Translate(fmt.Errorf("settle expired mails: %w", err), nil)
	}
	_, err = q.Exec(ctx, `delete from mails where state <> 'queued' and settled_at < clock_timestamp() - $1::interval`, Retention)
	if err != nil {
		return postgres.Translate(fmt.Errorf("forget old mails: %w", err), nil)
	}
	_, err = q.Exec(ctx, `delete from dead_addresses where since < clock_timestamp() - $1::interval`, DeadLife)
	if err != nil {
		return postgres.Translate(fmt.Errorf("forget dead addresses: %w", err), nil)
	}
	return nil
}

// Count is how many mails of a template are in a state.
type Count struct {
	Template string
	State    State
	N        int64
}

// Counts are for the operator.
func Counts(ctx context.Context, q postgres.Querier) ([]Count, error) {
	rows, err := postgres.Hub(q).Query(ctx, `select template, state, count(*) from mails group by 1, 2 order by 1, 2`)
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("count mails: %w", err), nil)
	}
	counts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Count])
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("count mails: %w", err), nil)
	}
	return counts, nil
}
