package calendar

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/backlog"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Teller mails people who were registered by somebody else, with one link to
// accept, correct or say "not me". What there is to tell is written with the
// registration (delegate_links), so that nobody is forgotten when an instance
// dies; the secret of the link is made when the mail is queued, in the same
// transaction, and only its hash is kept.
type Teller struct {
	db      *postgres.DB
	queue   mail.TxQueue
	site    string
	notices *Notices
}

// NewTeller makes a teller; site is where people find the hub, such as
// https://teixit.example, from the mail address it writes from.
func NewTeller(db *postgres.DB, queue mail.TxQueue, site, from string) *Teller {
	return &Teller{db: db, queue: queue, site: site, notices: NewNotices(db, queue, site, from)}
}

// Who registered somebody needs no mail about themselves; who has no address
// cannot be told, and a place that is gone or over needs no answer.
const untoldSQL = `
select l.delegate, d.registration, coalesce(own.mail, a.mail, person.mail, ''), coalesce(a.lang, 'ca'),
  jsonb_build_object('ca', n.title_ca, 'es', n.title_es, 'en', n.title_en),
  jsonb_build_object('ca', o.title_ca, 'es', o.title_es, 'en', o.title_en),
  e.starts_at, e.sensitive, ` + overSQL + `,
  s.live is true and ` + overSQL + ` > now() and e.state = 'PUBLISHED' and r.confirm_by is null
    and (r.registered_by is null or s.person is distinct from r.registered_by) and coalesce(lower(own.mail), '') <> coalesce(c.mail, '-')
    and coalesce(lower(own.mail), '') <> coalesce((select x.mail from accounts x where x.person = r.registered_by), '-')
from delegate_links l join registration_delegates d on d.id = l.delegate
join registrations r on r.id = d.registration join events e on e.node = d.event
join nodes n on n.id = d.event left join nodes o on o.id = r.organisation
left join registration_contacts c on c.registration = r.id
left join delegate_secrets s on s.delegate = d.id
left join person_names own on own.subject = d.id left join person_names person on person.subject = s.person
left join accounts a on a.person = s.person or s.person is null and a.mail = lower(own.mail)
where l.delegate = any(` + postgres.Keys + `) order by l.delegate`

type untold struct {
	delegate            id.ID
	registration        id.ID
	mail                string
	language            lang.Lang
	event, organisation lang.Text
	startsAt            *time.Time
	sensitive           bool
	over                time.Time
	tell                bool
}

// The registration is held before what is told about it, as whoever changes its
// delegates does: in the other order the two would wait for each other. Who is
// being changed is told afterwards.
const untoldWaitingSQL = `
select l.delegate from delegate_links l join registration_delegates d on d.id = l.delegate join registrations r on r.id = d.registration
where l.told_at is null order by l.delegate limit $1 for no key update of r skip locked for update of l skip locked`

// Tell queues the mails that are due and says how many places it looked at; 0
// when there was nothing to do. Any instance may call it at any time.
func (t *Teller) Tell(ctx context.Context) (int, error) {
	n, err := backlog.Backlog[untold]{
		Waiting: untoldWaitingSQL,
		Read:    untoldSQL,
		Scan: func(row pgx.CollectableRow) (u untold, err error) {
			return u, row.Scan(&u.delegate, &u.registration, &u.mail, &u.language, &u.event, &u.organisation, &u.startsAt, &u.sensitive, &u.over, &u.tell)
		},
		Do: t.tellOne,
	}.Work(ctx, t.db)
	return n, registrationError("tell who was registered", err)
}

func (t *Teller) tellOne(ctx context.Context, tx *postgres.Tx, u untold) error {
	if !u.tell || u.mail == "" {
		_, err := tx.Native().Exec(ctx, `update delegate_links set told_at = now() where delegate = $1`, u.delegate)
		return err
	}
	token := rand.Text() + rand.Text()
	_, err := tx.Native().Exec(ctx, `
		update delegate_links set told_at = now(), token_hash = $2, expires_at = $3 where delegate = $1`,
		u.delegate, linkHash(token), u.over)
	if err != nil {
		return err
	}
	// A date that is not known yet is not invented: then the mail is the neutral
	// one, and the page behind the link says what there is.
	starts, neutral := u.over, u.sensitive || u.startsAt == nil
	if !neutral {
		starts = *u.startsAt
	}
	m := mail.Message{
		To: u.mail, Lang: u.language, Template: mail.RegisteredByOther, UniqueKey: "delegate/" + u.delegate.String() + "/" + fmt.Sprintf("%x", linkHash(token)[:8]),
		About: u.delegate,
		Data: map[string]any{
			"event": u.event.In(u.language), "startsAt": starts, "registrar": u.organisation.In(u.language),
			"link": t.site + "/accept#token=" + token, "sensitive": neutral,
		},
	}
	if m.Check() != nil { // an address that no mail can be sent to: nobody can be told
		return nil
	}
	if m.Calendar, err = t.notices.first(ctx, tx, u.registration, u.delegate); err != nil {
		return err
	}
	return t.queue.EnqueueTx(ctx, tx, m)
}
