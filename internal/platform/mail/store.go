package mail

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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
	kept, err := KeepAll(ctx, q, []Message{m})
	if err != nil || len(kept) == 0 {
		return id.Zero, false, err
	}
	return kept[0].ID, true, nil
}

// Kept is a message that is to be sent.
type Kept struct {
	ID id.ID
	Message
}

// KeepAll is Keep for several messages, in one statement. It returns the fresh ones,
// in the order given.
func KeepAll(ctx context.Context, q postgres.Querier, messages []Message) ([]Kept, error) {
	var c keptColumns
	all := make([]Kept, len(messages))
	for i, m := range messages {
		values, err := m.checked()
		if err != nil {
			return nil, err
		}
		all[i] = Kept{id.New(), m}
		if err := c.add(all[i], values); err != nil {
			return nil, err
		}
	}
	rows, err := postgres.Hub(q).Query(ctx, keepSQL, c.ids, c.keys, c.templates, c.languages, c.to, c.data, c.lives, c.latest, c.calendars,
		c.about, c.addresses, c.proves, c.receipts, c.off)
	if err != nil {
		return nil, fmt.Errorf("keep mails: %w", err)
	}
	fresh, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return nil, fmt.Errorf("keep mails: %w", err)
	}
	return slices.DeleteFunc(all, func(k Kept) bool { return !slices.Contains(fresh, k.ID) }), nil
}

// keptColumns are messages as arrays.
type keptColumns struct {
	ids, about                                []id.ID
	keys, addresses                           [][]byte
	templates, languages, to, data, calendars []string
	off                                       []string
	lives                                     []time.Duration
	latest                                    []*time.Time
	proves, receipts                          []bool
}

// add takes a message with its values as they were checked.
func (c *keptColumns) add(m Kept, values map[string]any) error {
	data, err := json.Marshal(m.Data)
	if err != nil {
		return fmt.Errorf("mail: data of %s: %w", m.Template, err)
	}
	life, until := life(m.Template, values)
	var latest *time.Time
	if !until.IsZero() {
		latest = &until
	}
	hash := sha256.Sum256([]byte(m.UniqueKey))
	c.ids, c.about, c.keys = append(c.ids, m.ID), append(c.about, m.About), append(c.keys, hash[:])
	c.templates, c.languages = append(c.templates, m.Template), append(c.languages, string(m.Lang))
	c.to, c.data, c.calendars = append(c.to, m.To), append(c.data, string(data)), append(c.calendars, m.Calendar)
	c.off = append(c.off, m.Off)
	c.lives, c.latest = append(c.lives, life), append(c.latest, latest)
	c.addresses, c.proves = append(c.addresses, addressHash(m.To)), append(c.proves, proves(m.Template))
	c.receipts = append(c.receipts, m.Template == ErasureReceipt)
	return nil
}

// A mail to an address that nothing arrives at is refused at once. The last mail
// to who was erased leaves no hash of the address behind.
const keepSQL = `
with m as materialized ( -- for dead is asked once for each
  select m.*, exists (select from dead_addresses a where a.address_hash = m.address) and not m.proves as dead
  from unnest((select $1::uuid[])::uuid[], (select $2::bytea[])::bytea[], (select $3::text[])::text[], (select $4::text[])::text[],
    (select $5::text[])::text[], (select $6::text[])::text[], (select $7::interval[])::interval[],
    (select $8::timestamptz[])::timestamptz[], (select $9::text[])::text[], (select $10::uuid[])::uuid[],
    (select $11::bytea[])::bytea[], (select $12::boolean[])::boolean[], (select $13::boolean[])::boolean[],
    (select $14::text[])::text[])
    as m(id, key, template, lang, recipient, data, life, latest, calendar, about, address, proves, receipt, off)
), kept as (
  insert into mails (id, key_hash, template, lang, recipient, data, expires_at, calendar, off, about, to_hash, state, reason, settled_at)
  select id, key, template, lang, case when not dead then recipient end, case when not dead then data::jsonb end,
    least(clock_timestamp() + life, latest), case when not dead then nullif(calendar, '') end, case when not dead then nullif(off, '') end, about,
    case when not receipt then address end, case when dead then 'refused' else 'queued' end,
    case when dead then 'not sent: nothing arrives at the address' end, case when dead then clock_timestamp() end
  from m on conflict on constraint mails_once do nothing returning id, state
)
select id from kept where state = 'queued'`

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
	var to, language, template, calendar, off *string
	var data []byte
	err := postgres.Hub(q).QueryRow(ctx, takeSQL, mail, Lease).Scan(&c.State, &c.Expired, &to, &language, &template, &data, &calendar, &off)
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
	if off != nil {
		c.Message.Off = *off
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
	  returning recipient, lang, template, data, calendar, off)
	select m.state, m.state = 'queued' and m.expires_at <= clock_timestamp(), t.recipient, t.lang, t.template, t.data, t.calendar, t.off
	from mails m left join taken t on true where m.id = $1`

// Settle notes how a mail ended and forgets whom it was for and what it said.
// reason holds no personal data.
func Settle(ctx context.Context, q postgres.Querier, mail id.ID, s State, reason string) error {
	_, err := postgres.Hub(q).Exec(ctx, `
		update mails set state = $2, reason = nullif($3, ''), settled_at = clock_timestamp(),
		  claimed_until = null, recipient = null, data = null, calendar = null, off = null
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
		update mails set state = 'forgotten', settled_at = clock_timestamp(), claimed_until = null, recipient = null, data = null, calendar = null, off = null
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
	if err := setReminders(ctx, q, addressHash(address), true); err != nil {
		return err
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
		update mails set state = 'expired', settled_at = clock_timestamp(), claimed_until = null, recipient = null, data = null, calendar = null, off = null
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
