package calendar

import (
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

// Tell looks at whom a fact concerns, and mails who does not know yet.
func (n *Notices) Tell(ctx context.Context, e journal.Entry) error {
	switch e.Kind {
	case FactEventUpdated:
		var u EventUpdated
		if err := json.Unmarshal(e.Data, &u); err != nil {
			return fmt.Errorf("read a fact: %w", err)
		}
		if !concernsAttendees(u.Fields) {
			return nil
		}
		return n.tellAll(ctx, e.Node, fmt.Sprint("change ", e.Number))
	case FactEventCancelled:
		return n.tellAll(ctx, e.Node, "")
	}
	var about struct{ Registration id.ID }
	if err := json.Unmarshal(e.Data, &about); err != nil {
		return fmt.Errorf("read a fact: %w", err)
	}
	return n.tellOne(ctx, about.Registration, "")
}

// concernsAttendees tells that who comes has to know of a change.
func concernsAttendees(fields []string) bool {
	return slices.ContainsFunc(fields, func(field string) bool {
		return slices.Contains([]string{"title", "startsAt", "endsAt", "date", "venueName", "venueAddress", "onlineUrl"}, field)
	})
}

// tellAll looks at every registration of an event, each in a transaction of its
// own.
func (n *Notices) tellAll(ctx context.Context, event id.ID, change string) error {
	rows, err := n.db.Read().Query(ctx, `select id from registrations where event = $1 order by line`, event)
	if err != nil {
		return registrationError("find who is to be told", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return registrationError("find who is to be told", err)
	}
	for _, registration := range all {
		if err := n.tellOne(ctx, registration, change); err != nil {
			return err
		}
	}
	return nil
}

// tellOne brings everybody of one registration up to date; with change, those who
// have a seat or wait are told though nothing about their seats has changed.
func (n *Notices) tellOne(ctx context.Context, registration id.ID, change string) error {
	return n.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		list, err := readNotices(ctx, tx.Native(), registration)
		if err != nil {
			return err
		}
		for _, x := range list {
			if err := n.bring(ctx, tx, x, change); err != nil {
				return err
			}
		}
		return nil
	})
}

// bring mails one person what they do not know yet. When the event is over there
// is nothing more to be told of it, and nothing is kept about it anew.
func (n *Notices) bring(ctx context.Context, tx *postgres.Tx, x *notice, change string) error {
	now := x.stands()
	if x.ended || now == x.told && (change == "" || !x.holds(now)) {
		return nil
	}
	_, err := tx.Native().Exec(ctx, `
		insert into seat_notices (subject, event, told, sequence) values ($1, $2, $3, $4)
		on conflict (subject) do update set told = excluded.told, sequence = excluded.sequence`, x.subject, x.event, now, x.sequence+1)
	if err != nil {
		return registrationError("note what is told", err)
	}
	template := x.template(now)
	if now == x.told {
		template = mail.SeatChanged
	}
	if template == "" || x.mail == "" {
		return nil
	}
	m, err := n.message(ctx, tx, x, template)
	if err != nil || m.Check() != nil { // an address that no mail can be sent to: nobody can be told
		return err
	}
	return n.post.queue.EnqueueTx(ctx, tx, m)
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
	for _, registration := range all {
		err := n.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
			return n.remind(ctx, tx, registration)
		})
		if err != nil {
			return err
		}
	}
	return n.db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `
			insert into event_reminders (event, starts_at) select node, starts_at from events where node = $1 and starts_at is not null
			on conflict do nothing`, event)
		return registrationError("note who was reminded", err)
	})
}

// remind mails those of a registration who have a seat. The key keeps it to once
// for each start.
func (n *Notices) remind(ctx context.Context, tx *postgres.Tx, registration id.ID) error {
	list, err := readNotices(ctx, tx.Native(), registration)
	if err != nil {
		return err
	}
	for _, x := range list {
		if x.mail == "" || x.seats == 0 || x.startsAt == nil || x.offeredUntil != nil {
			continue
		}
		m, err := n.message(ctx, tx, x, mail.SeatReminder)
		if err != nil {
			return err
		}
		m.UniqueKey = fmt.Sprintf("reminder/%s/%d", x.subject, x.startsAt.Unix())
		if m.Check() != nil {
			continue
		}
		if err := n.post.queue.EnqueueTx(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}
