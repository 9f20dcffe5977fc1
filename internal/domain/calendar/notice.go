package calendar

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Notices mails people what becomes of their own seats, whatever they have chosen
// about digests: to who registered, about the block; to a delegate who was told of
// it, about their seat. It follows the journal. What was told last is kept for
// each of them, and compared with how things stand: so several changes in a row
// are one mail, and one that is looked at twice is none.
//
// With a seat comes an entry for the calendar, which later versions replace and a
// cancellation takes out. Where taking part is delicate by itself the mails name
// nothing, and have no entry.
type Notices struct {
	db   *postgres.DB
	post post
	from string // organizer of entries
	off  *mail.Off
}

// NewNotices makes the service; site is where people find the hub, from the mail
// address it writes from (empty: one that nobody reads).
func NewNotices(db *postgres.DB, queue mail.TxQueue, site, from string) *Notices {
	n := &Notices{db: db, post: post{queue, site}, from: from}
	if n.from == "" {
		n.from = "no-reply@" + hostOf(site)
	}
	return n
}

// WithOff has reminders say how to do without.
func (n *Notices) WithOff(off *mail.Off) *Notices {
	n.off = off
	return n
}

// hostOf is the name in identifiers of calendar entries.
func hostOf(site string) string {
	if u, err := url.Parse(site); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return "teixit.invalid"
}

// NoticeFacts are the kinds of facts after which somebody may have to be told.
func NoticeFacts() []string {
	return []string{
		FactRegistrationCreated, FactRegistrationConfirmed, FactRegistrationApproved, FactRegistrationRejected,
		FactRegistrationPromoted, FactRegistrationCancelled, FactRegistrationLapsed, FactOfferAccepted,
		FactDelegateCancelled, FactDelegateReplaced, FactBlockSetAside, FactBlockReturned,
		FactEventUpdated, FactEventCancelled,
	}
}

// Tell looks at whom facts concern, and mails who does not know yet.
func (n *Notices) Tell(ctx context.Context, facts ...journal.Entry) error {
	var registrations []id.ID
	for _, e := range facts {
		switch e.Kind {
		case FactEventUpdated, FactEventCancelled:
			if err := n.tellEvent(ctx, e); err != nil {
				return err
			}
			continue
		}
		var about struct{ Registration id.ID }
		if err := json.Unmarshal(e.Data, &about); err != nil {
			return fmt.Errorf("read a fact: %w", err)
		}
		registrations = append(registrations, about.Registration)
	}
	return n.tell(ctx, registrations, false)
}

// tellEvent looks at everybody whom a fact about their event concerns.
func (n *Notices) tellEvent(ctx context.Context, e journal.Entry) error {
	changed := e.Kind == FactEventUpdated
	if changed {
		var u EventUpdated
		if err := json.Unmarshal(e.Data, &u); err != nil {
			return fmt.Errorf("read a fact: %w", err)
		}
		if !concernsAttendees(u.Fields) {
			return nil
		}
	}
	rows, err := n.db.Read().Query(ctx, `select id from registrations where event = $1 order by line`, e.Node)
	if err != nil {
		return registrationError("find who is to be told", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return registrationError("find who is to be told", err)
	}
	return n.tell(ctx, all, changed)
}

// concernsAttendees tells that who comes has to know of a change.
func concernsAttendees(fields []string) bool {
	return slices.ContainsFunc(fields, func(field string) bool {
		return slices.Contains([]string{"title", "startsAt", "endsAt", "date", "venueName", "venueAddress", "onlineUrl"}, field)
	})
}

// tell brings everybody of registrations up to date; after a change of the event,
// those who have a seat or wait are told though nothing about their seats has changed.
func (n *Notices) tell(ctx context.Context, registrations []id.ID, changed bool) error {
	return n.each(ctx, registrations, func(ctx context.Context, tx *postgres.Tx, list []*notice) error {
		return n.bring(ctx, tx, list, changed)
	})
}

// noticesAtOnce is how many registrations are held in one transaction.
const noticesAtOnce = 200

// each goes through what there is to know of registrations, some in each
// transaction, each held by one at a time.
func (n *Notices) each(ctx context.Context, registrations []id.ID, do func(context.Context, *postgres.Tx, []*notice) error) error {
	registrations = slices.Clone(registrations)
	slices.SortFunc(registrations, func(a, b id.ID) int { return bytes.Compare(a[:], b[:]) })
	for some := range slices.Chunk(slices.Compact(registrations), noticesAtOnce) {
		held, err := n.holding(ctx, some, true, do)
		if err != nil {
			return err
		}
		for _, one := range some {
			if slices.Contains(held, one) {
				continue
			}
			if _, err := n.holding(ctx, []id.ID{one}, false, do); err != nil {
				return err
			}
		}
	}
	return nil
}

// Who changes several registrations takes them in the order of the line. So who
// holds some waits for none: those that somebody else has are passed over, and
// looked at one by one.
const holdNoticesSQL = `select id from registrations where id = any(` + postgres.Keys + `) order by id for no key update`

// holding does something about registrations in a transaction that holds them, and
// says which they were; free: only those that nobody else holds.
func (n *Notices) holding(ctx context.Context, some []id.ID, free bool, do func(context.Context, *postgres.Tx, []*notice) error) (held []id.ID, err error) {
	sql := holdNoticesSQL
	if free {
		sql += ` skip locked`
	}
	err = n.db.InTx(postgres.PlannedOnce(postgres.AsHub(ctx)), func(ctx context.Context, tx *postgres.Tx) error {
		rows, err := tx.Native().Query(ctx, sql, some)
		if err == nil {
			held, err = pgx.CollectRows(rows, pgx.RowTo[id.ID])
		}
		if err != nil || len(held) == 0 {
			return registrationError("hold registrations", err)
		}
		list, err := readNotices(ctx, tx.Native(), held)
		if err != nil {
			return err
		}
		return do(ctx, tx, list)
	})
	return held, err
}

// bring mails people what they do not know yet. When the event is over there
// is nothing more to be told of it, and nothing is kept about it anew.
func (n *Notices) bring(ctx context.Context, tx *postgres.Tx, list []*notice, changed bool) error {
	var messages []mail.Message
	var anew []*notice
	for _, x := range list {
		now := x.stands()
		if x.ended || now == x.told && !(changed && x.holds(now)) {
			continue
		}
		anew = append(anew, x)
		template := x.template(now)
		if now == x.told {
			template = mail.SeatChanged
		}
		if template == "" || x.mail == "" {
			continue
		}
		m, err := n.message(ctx, tx, x, template)
		if err != nil {
			return err
		}
		if m.Check() == nil { // an address that no mail can be sent to: nobody can be told
			messages = append(messages, m)
		}
	}
	if err := noteTold(ctx, tx, anew); err != nil {
		return err
	}
	return mail.EnqueueAll(ctx, tx, n.post.queue, messages)
}

// noteTold keeps what people are told now.
func noteTold(ctx context.Context, tx *postgres.Tx, list []*notice) error {
	if len(list) == 0 {
		return nil
	}
	var subjects, events []id.ID
	var told []string
	var sequences []int
	for _, x := range list {
		subjects, events = append(subjects, x.subject), append(events, x.event)
		told, sequences = append(told, x.stands()), append(sequences, x.sequence+1)
	}
	_, err := tx.Native().Exec(ctx, `
		insert into seat_notices (subject, event, told, sequence)
		select * from unnest((select $1::uuid[])::uuid[], (select $2::uuid[])::uuid[], (select $3::text[])::text[], (select $4::int[])::int[])
		on conflict (subject) do update set told = excluded.told, sequence = excluded.sequence`, subjects, events, told, sequences)
	return registrationError("note what is told", err)
}

// Remind mails who comes to events that begin within a day, once for each start.
// It says how many events there were. Any instance may call it at any time.
func (n *Notices) Remind(ctx context.Context) (int, error) {
	rows, err := n.db.Read().Query(ctx, `
		select e.node from events e where e.state = 'PUBLISHED' and e.starts_at between now() and now() + interval '24 hours'
		  and not exists (select from event_reminders r where r.event = e.node and r.starts_at = e.starts_at) order by e.node`)
	if err != nil {
		return 0, registrationError("find events to remind of", err)
	}
	events, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return 0, registrationError("find events to remind of", err)
	}
	for _, event := range events {
		if err := n.remindOf(ctx, event); err != nil {
			return 0, err
		}
	}
	return len(events), nil
}

func (n *Notices) remindOf(ctx context.Context, event id.ID) error {
	rows, err := n.db.Read().Query(ctx, `
		select id from registrations where event = $1 and confirmed > 0 and confirm_by is null order by line`, event)
	if err != nil {
		return registrationError("find who is to be reminded", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return registrationError("find who is to be reminded", err)
	}
	if err := n.each(ctx, all, n.remind); err != nil {
		return err
	}
	return n.db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `
			insert into event_reminders (event, starts_at) select node, starts_at from events where node = $1 and starts_at is not null
			on conflict do nothing`, event)
		return registrationError("note who was reminded", err)
	})
}

// remind mails those who have a seat and did not turn reminders off. The key keeps it
// to once for each start.
func (n *Notices) remind(ctx context.Context, tx *postgres.Tx, list []*notice) error {
	var addresses []string
	for _, x := range list {
		addresses = append(addresses, x.mail)
	}
	unreminded, err := mail.Unreminded(ctx, tx.Native(), addresses...)
	if err != nil {
		return err
	}
	var messages []mail.Message
	for _, x := range list {
		if x.mail == "" || unreminded[x.mail] || x.seats == 0 || x.startsAt == nil || x.offeredUntil != nil {
			continue
		}
		m, err := n.message(ctx, tx, x, mail.SeatReminder)
		if err != nil {
			return err
		}
		m.Off = n.off.Reminders(x.mail)
		m.UniqueKey = fmt.Sprintf("reminder/%s/%d", x.subject, x.startsAt.Unix())
		if m.Check() == nil {
			messages = append(messages, m)
		}
	}
	return mail.EnqueueAll(ctx, tx, n.post.queue, messages)
}
