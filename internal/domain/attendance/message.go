package attendance

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/backlog"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// MessageID is the prefix of messages in public identifiers.
const MessageID id.Type = "evm"

// Message is what the organisers wrote to those who come.
type Message struct {
	link.Slots
	ID         id.ID
	Event      id.ID
	Subject    lang.Text
	Text       lang.Text
	Recipients int // who had an address then
	SentAt     time.Time
}

// GlobalID is the message's public identifier.
func (m *Message) GlobalID() string { return MessageID.GlobalPart(m.Event, m.ID) }

// Choice says to whom a message goes: to those for whom all that is given holds.
type Choice struct {
	States        []string // empty: all who may still come, and who came
	Pools         []id.ID
	Organisations []id.ID
	Sessions      []id.ID // who has chosen one of them
}

// FactMessageSent tells the organisers that a message went out.
const FactMessageSent = "MESSAGE_SENT" // MessageSent

// MessageSent names the message.
type MessageSent struct {
	Message    id.ID `json:"message"`
	Recipients int   `json:"recipients"`
}

var errNobody = fault.Define(fault.Conflict, "NOBODY_TO_WRITE_TO",
	"Ningú del grup triat no té adreça de correu.",
	"Nadie del grupo elegido tiene dirección de correo.",
	"Nobody among those chosen has a mail address.")

// present are the states of who may still come, and of who came.
func present() []string { return []string{"PENDING", "CONFIRMED", "WAITLISTED", "ATTENDED"} }

// Send writes to delegates of an event, in the language of each. The mails go out
// soon and one by one; a second message is another one.
//
// Who may: the event's organisers. Refusals: errNobody, and INVALID.
func (s *Service) Send(ctx context.Context, v *access.Viewer, of id.ID, subject, text lang.Text, to Choice, key string) (*Message, error) {
	subject, text = form.Trim(subject), form.Trim(text)
	var c form.Findings
	c.Title(subject, "subject")
	c.Needed(text, 5_000, "text")
	if err := c.Err(); err != nil {
		return nil, err
	}
	if len(to.States) == 0 {
		to.States = present()
	}
	made, err := s.on(ctx, v, of, "eventMessageSend", []any{subject, text, to}, key, func(ctx context.Context, tx *postgres.Tx, e *event) (id.ID, error) {
		message := id.New()
		n, err := queue(ctx, tx, v, of, message, subject, text, to)
		if err != nil {
			return id.Zero, err
		}
		return message, tell(ctx, tx, v, e, FactMessageSent, MessageSent{message, n})
	})
	if err != nil {
		return nil, err
	}
	list, err := messages(ctx, s.db.Read(), v, `m.id = any($1)`, []id.ID{made})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// queue keeps the message and to whom it goes, as chosen at this moment. It is the
// hub's own work: the organisers learn how many have an address, not which.
func queue(ctx context.Context, tx *postgres.Tx, v *access.Viewer, of, message id.ID, subject, text lang.Text, to Choice) (n int, err error) {
	hub := postgres.Hub(tx.Native())
	_, err = hub.Exec(ctx, `
		insert into event_messages (id, event, subject, text, recipients, sent_by) values ($1, $2, $3, $4, 0, $5)`, message, of, subject, text, v.Person)
	if err != nil {
		return 0, readError("keep a message", err)
	}
	err = hub.QueryRow(ctx, `
		with chosen as (
		insert into event_message_mails (id, message, delegate)
		select gen_random_uuid(), $1, d.id from registration_delegates d join registrations r on r.id = d.registration
		where d.event = $2 and d.state = any($3) and not d.erased
		  and (cardinality($4::uuid[]) = 0 or d.pool = any($4)) and (cardinality($5::uuid[]) = 0 or r.organisation = any($5))
		  and (cardinality($6::uuid[]) = 0 or exists (select from session_choices c
		    where c.registration = d.registration and c.position = d.position and c.session = any($6)))
		  and exists (select from delegate_secrets s left join person_names own on own.subject = s.delegate
		    left join person_names person on person.subject = s.person left join accounts a on a.person = s.person
		    where s.delegate = d.id and coalesce(own.mail, a.mail, person.mail, '') <> '')
		returning id) select count(*) from chosen`,
		message, of, to.States, some(to.Pools), some(to.Organisations), some(to.Sessions)).Scan(&n)
	if err != nil {
		return 0, readError("choose to whom a message goes", err)
	}
	if n == 0 {
		return 0, errNobody.New()
	}
	_, err = hub.Exec(ctx, `update event_messages set recipients = $2 where id = $1`, message, n)
	return n, readError("count to whom a message goes", err)
}

// some keeps an empty list from becoming NULL.
func some(ids []id.ID) []id.ID {
	if ids == nil {
		return []id.ID{}
	}
	return ids
}

func messages(ctx context.Context, q postgres.Querier, v *access.Viewer, which string, ids []id.ID) ([]*Message, error) {
	rows, err := q.Query(ctx, `
		select m.id, m.event, m.subject, m.text, m.recipients, m.sent_at from event_messages m join nodes n on n.id = m.event
		where `+which+` and `+access.LevelSQL("n", 2)+` = 4 order by m.event, m.id desc limit 1000`, append([]any{ids}, v.SQLArgs()...)...)
	if err != nil {
		return nil, readError("read messages", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Message, error) {
		m := &Message{}
		return m, row.Scan(&m.ID, &m.Event, &m.Subject, &m.Text, &m.Recipients, &m.SentAt)
	})
	return list, readError("read messages", err)
}

// MessagesOf reads what was written to those who come to events, newest first, for
// their organisers.
func MessagesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, events []id.ID) (map[id.ID][]*Message, error) {
	list, err := messages(ctx, q, v, `m.event = any($1)`, events)
	of := map[id.ID][]*Message{}
	for _, m := range list {
		if len(of[m.Event]) < 100 {
			of[m.Event] = append(of[m.Event], m)
		}
	}
	return of, err
}

// Teller mails messages to whom they go.
type Teller struct {
	db    *postgres.DB
	queue mail.TxQueue
	site  string
}

// NewTeller makes a teller; site is where people find the hub.
func NewTeller(db *postgres.DB, queue mail.TxQueue, site string) *Teller {
	return &Teller{db, queue, site}
}

type letter struct {
	id, event           id.ID
	mail                string
	language            lang.Lang
	title               lang.Text
	subject, text       lang.Text
	sensitive, stillOne bool
}

// Tell queues the mails that wait and says how many it looked at; 0 when none did.
// Any instance may call it at any time.
func (t *Teller) Tell(ctx context.Context) (int, error) {
	n, err := backlog.Backlog[letter]{
		Waiting: `select id from event_message_mails where queued_at is null order by id limit $1 for update skip locked`,
		Read: `
select x.id, m.event, coalesce(own.mail, a.mail, person.mail, ''), coalesce(a.lang, 'ca'),
  jsonb_build_object('ca', n.title_ca, 'es', n.title_es, 'en', n.title_en), m.subject, m.text, e.sensitive,
  d.state not in ('CANCELLED', 'REJECTED', 'REPLACED') and not d.erased
from event_message_mails x join event_messages m on m.id = x.message join events e on e.node = m.event join nodes n on n.id = m.event
join registration_delegates d on d.id = x.delegate left join delegate_secrets s on s.delegate = d.id
left join person_names own on own.subject = d.id left join person_names person on person.subject = s.person
left join accounts a on a.person = s.person or s.person is null and a.mail = lower(own.mail)
where x.id = any($1) order by x.id`,
		Scan: func(row pgx.CollectableRow) (l letter, err error) {
			return l, row.Scan(&l.id, &l.event, &l.mail, &l.language, &l.title, &l.subject, &l.text, &l.sensitive, &l.stillOne)
		},
		Do: t.tellOne,
	}.Work(ctx, t.db)
	return n, readError("mail a message", err)
}

func (t *Teller) tellOne(ctx context.Context, tx *postgres.Tx, l letter) error {
	if _, err := tx.Native().Exec(ctx, `update event_message_mails set queued_at = now() where id = $1`, l.id); err != nil {
		return err
	}
	m := mail.Message{
		To: l.mail, Lang: l.language, Template: mail.EventMessage, UniqueKey: "event-message/" + l.id.String(),
		Data: map[string]any{
			"event": l.title.In(l.language), "subject": l.subject.In(l.language), "text": strings.ReplaceAll(l.text.In(l.language), "\r\n", "\n"),
			"sensitive": l.sensitive,
		},
	}
	if !l.stillOne || m.Check() != nil { // who is gone meanwhile, or cannot be reached
		return nil
	}
	return t.queue.EnqueueTx(ctx, tx, m)
}
