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
// stored again: fresh is then false.
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
	tag, err := postgres.Hub(q).Exec(ctx, `
		insert into mails (id, key_hash, template, lang, recipient, data, expires_at, calendar, about)
		values ($1, $2, $3, $4, $5, $6::jsonb, least(clock_timestamp() + $7::interval, $8::timestamptz), nullif($9, ''), $10)
		on conflict on constraint mails_once do nothing`,
		mail, hash[:], m.Template, string(m.Lang), m.To, string(data), life, latest, m.Calendar, m.About)
	if err != nil {
		return id.Zero, false, fmt.Errorf("keep a mail: %w", err)
	}
	return mail, tag.RowsAffected() == 1, nil
}

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

// Refusal tells that mails about something do not arrive.
type Refusal struct {
	About  id.ID
	At     time.Time
	Reason string // such as "rcpt 550 5.1.1"
}

// RefusedOf reads the last refusal about each of some things whose mails were
// refused after the last one that was taken. Reasons hold no address.
func RefusedOf(ctx context.Context, q postgres.Querier, about []id.ID) (map[id.ID]Refusal, error) {
	rows, err := postgres.Hub(q).Query(ctx, `
		select distinct on (m.about) m.about, m.settled_at, coalesce(m.reason, '') from mails m
		where m.about = any(`+postgres.Keys+`) and m.state = 'refused'
		  and not exists (select from mails s where s.about = m.about and s.state = 'sent' and s.settled_at > m.settled_at)
		order by m.about, m.settled_at desc`, about)
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("read refused mails: %w", err), nil)
	}
	refused := map[id.ID]Refusal{}
	var r Refusal
	_, err = pgx.ForEachRow(rows, []any{&r.About, &r.At, &r.Reason}, func() error {
		refused[r.About] = r
		return nil
	})
	return refused, postgres.Translate(err, nil)
}
