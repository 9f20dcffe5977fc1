package table

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/backlog"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// toTell notes who is to be told of a call or a poll: who sits there for each
// member, the substitute where there is no delegate.
func (w *work) toTell(ctx context.Context, session, poll id.ID) error {
	_, err := postgres.Hub(w.q).Exec(ctx, `
		insert into table_links (id, table_node, session, poll, seat)
		select gen_random_uuid(), $1, $2, $3, s.id from table_seats s
		where s.table_node = $1 and s.valid @> `+today+` and exists (select from edges e where e.source = s.organisation and e.target = $1
		    and e.kind = 'member_of' and e.valid @> `+today+`)
		  and (s.position = 'DELEGATE' or not exists (select from table_seats d where d.table_node = $1 and d.organisation = s.organisation
		    and d.position = 'DELEGATE' and d.valid @> `+today+`))
		on conflict do nothing`, w.table.ID, session, poll)
	return wrap("note who is to be told", err)
}

// toTellSubstitute notes that the substitute is to be told, since the delegate
// does not come.
func (w *work) toTellSubstitute(ctx context.Context, session, organisation id.ID) error {
	_, err := postgres.Hub(w.q).Exec(ctx, `
		insert into table_links (id, table_node, session, seat)
		select gen_random_uuid(), $1, $2, s.id from table_seats s
		where s.table_node = $1 and s.organisation = $3 and s.position = 'SUBSTITUTE' and s.valid @> `+today+`
		on conflict do nothing`, w.table.ID, session, organisation)
	return wrap("note that the substitute is to be told", err)
}

// Teller mails calls and polls to who sits at tables, with a link by which they
// can answer without an account. Whom to tell is written with the call, so that
// nobody is forgotten when an instance dies; the secret of the link is made when
// the mail is queued, in the same transaction, and only its hash is kept.
type Teller struct {
	db    *postgres.DB
	queue mail.TxQueue
	site  string
}

// NewTeller makes a teller; site is where people find the hub.
func NewTeller(db *postgres.DB, queue mail.TxQueue, site string) *Teller {
	return &Teller{db: db, queue: queue, site: site}
}

const untoldSQL = `
select l.id, coalesce(own.mail, a.mail, p.mail, ''), coalesce(a.lang, 'ca'),
  jsonb_build_object('ca', n.title_ca, 'es', n.title_es, 'en', n.title_en),
  jsonb_build_object('ca', o.title_ca, 'es', o.title_es, 'en', o.title_en),
  l.poll is not null, s.starts_at, coalesce(x.closes_at, now() + interval '30 days'),
  case when l.poll is null then s.state = 'CALLED' and s.starts_at > now() else x.closed_at is null end
from table_links l join table_seats e on e.id = l.seat join table_sessions s on s.id = l.session
join nodes n on n.id = l.table_node join nodes o on o.id = e.organisation
left join table_polls x on x.id = l.poll
left join person_names own on own.subject = e.id left join person_names p on p.subject = e.person left join accounts a on a.person = e.person
where l.id = any(` + postgres.Keys + `) order by l.id`

type untold struct {
	link                id.ID
	mail                string
	language            lang.Lang
	table, organisation lang.Text
	poll                bool
	startsAt            *time.Time
	until               time.Time
	tell                bool
}

// Tell queues the mails that are due and says how many it looked at; 0 when there
// was nothing to do. Any instance may call it at any time.
func (t *Teller) Tell(ctx context.Context) (int, error) {
	n, err := backlog.Backlog[untold]{
		Waiting: `select id from table_links where told_at is null order by id limit $1 for update skip locked`,
		Read:    untoldSQL,
		Scan: func(row pgx.CollectableRow) (u untold, err error) {
			return u, row.Scan(&u.link, &u.mail, &u.language, &u.table, &u.organisation, &u.poll, &u.startsAt, &u.until, &u.tell)
		},
		Do: t.tellOne,
	}.Work(ctx, t.db)
	return n, wrap("tell the members", err)
}

func (t *Teller) tellOne(ctx context.Context, tx *postgres.Tx, u untold) error {
	if !u.tell || u.mail == "" {
		_, err := tx.Native().Exec(ctx, `update table_links set told_at = now() where id = $1`, u.link)
		return err
	}
	token := rand.Text() + rand.Text()
	m := mail.Message{
		To: u.mail, Lang: u.language, Template: mail.TableCalled, UniqueKey: "table/" + u.link.String(),
		Data: map[string]any{
			"table": u.table.In(u.language), "organization": u.organisation.In(u.language), "link": t.site + "/table/answer#token=" + token,
		},
	}
	if u.poll {
		m.Template, m.Data["until"] = mail.TablePoll, u.until
	} else {
		u.until = *u.startsAt
		m.Data["startsAt"] = u.until
	}
	_, err := tx.Native().Exec(ctx, `update table_links set told_at = now(), token_hash = $2, expires_at = $3 where id = $1`,
		u.link, linkHash(token), u.until)
	if err != nil || m.Check() != nil { // an address that no mail can be sent to: nobody can be told
		return err
	}
	return t.queue.EnqueueTx(ctx, tx, m)
}

func linkHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Link is what the holder of a mailed link is shown.
type Link struct {
	Table, Session, Poll id.ID
	Seat, Organisation   id.ID
	TableTitle           lang.Text
	SessionTitle         lang.Text
	Organization         lang.Text
	StartsAt             *time.Time
	Place, OnlineURL     string
	Agenda               []lang.Text
	Answer               *CallAnswer
	Dates                []*LinkDate
	Until                time.Time

	state  SessionState
	closed bool // the poll
}

// MayAnswer is why a link's holder can no longer answer, nil while they can.
func (k *Link) MayAnswer() error {
	switch {
	case k.Poll.IsZero() && k.state != Called:
		return notIn(k.state)
	case k.closed:
		return ErrPollClosed.New()
	}
	return nil
}

// LinkDate is one date of a poll with what the organisation answered.
type LinkDate struct {
	ID       id.ID
	Table    id.ID
	StartsAt time.Time
	Answer   *DateAnswer
}

// GlobalID is its public identifier.
func (d *LinkDate) GlobalID() string { return PollDateType.GlobalPart(d.Table, d.ID) }

const linkSQL = `
select l.table_node, l.session, l.poll, l.seat, e.organisation,
  jsonb_build_object('ca', n.title_ca, 'es', n.title_es, 'en', n.title_en), s.title,
  jsonb_build_object('ca', o.title_ca, 'es', o.title_es, 'en', o.title_en), s.starts_at, s.place, s.online_url, a.answer, l.expires_at,
  s.state, coalesce(x.closed_at is not null, false),
  coalesce((select jsonb_agg(i.title order by i.position, i.id) from table_agenda_items i where i.session = l.session and l.poll is null), '[]')
from table_links l join table_seats e on e.id = l.seat and e.valid @> ` + today + ` join table_sessions s on s.id = l.session
join nodes n on n.id = l.table_node join nodes o on o.id = e.organisation
left join table_polls x on x.id = l.poll
left join table_attendance a on a.session = l.session and a.organisation = e.organisation and l.poll is null
where l.token_hash = $1 and l.expires_at > clock_timestamp()`

// LinkBy reads what a link's holder is shown. The link is the right: the policies
// cannot know it, so that the read is the hub's own. The fault is ErrLinkEnded.
func LinkBy(ctx context.Context, q postgres.Querier, token string) (*Link, error) {
	k := &Link{}
	q = postgres.Hub(q)
	err := q.QueryRow(ctx, linkSQL, linkHash(token)).Scan(&k.Table, &k.Session, &k.Poll, &k.Seat, &k.Organisation, &k.TableTitle,
		&k.SessionTitle, &k.Organization, &k.StartsAt, &k.Place, &k.OnlineURL, &k.Answer, &k.Until, &k.state, &k.closed, &k.Agenda)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrLinkEnded.At("token")
	}
	if err != nil || k.Poll.IsZero() {
		return k, wrap("read what a link is about", err)
	}
	rows, err := q.Query(ctx, `
		select d.id, d.starts_at, a.answer from table_poll_dates d left join table_poll_answers a on a.date = d.id and a.organisation = $2
		where d.poll = $1 order by d.starts_at, d.id`, k.Poll, k.Organisation)
	if err != nil {
		return nil, wrap("read the dates of a link", err)
	}
	k.Dates, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (*LinkDate, error) {
		d := &LinkDate{Table: k.Table}
		return d, row.Scan(&d.ID, &d.StartsAt, &d.Answer)
	})
	return k, wrap("read the dates of a link", err)
}

// AnswerLink answers the call or the poll that a link is about, for the
// organisation whose seat it was mailed to. Who may: the holder of the link,
// signed in or not. It can be said again as long as the link works.
func (s *Service) AnswerLink(ctx context.Context, v *access.Viewer, token string, answer *CallAnswer, dates []DateChoice, key string) (*Link, error) {
	k, err := LinkBy(ctx, s.db.Read(), token)
	if err != nil {
		return nil, err
	}
	// The link's sight: that of a member of this one table, and nobody's name.
	holder := &access.Viewer{Lang: v.Lang, For: k.Organisation, Member: []id.ID{k.Table}}
	cmd := request{key, "tableLinkAnswer", k.Table, []any{fmt.Sprintf("%x", linkHash(token)), answer, dates}, access.MaySee}
	_, err = s.carry(postgres.AsHub(access.With(ctx, holder)), holder, token, cmd, func(ctx context.Context, w *work) (id.ID, error) {
		k, err := LinkBy(ctx, w.q, token) // it may have ended meanwhile
		if err != nil {
			return id.Zero, err
		}
		switch {
		case !k.Poll.IsZero() && len(dates) == 0:
			return id.Zero, fault.ErrRequired.At("dates")
		case !k.Poll.IsZero():
			return k.Poll, w.answerPoll(ctx, k.Poll, k.Organisation, dates)
		case answer == nil:
			return id.Zero, fault.ErrRequired.At("answer")
		}
		of, err := w.session(ctx, k.Session, "token")
		if err != nil {
			return id.Zero, err
		}
		return k.Session, w.answer(ctx, of, k.Organisation, *answer)
	})
	if err != nil {
		return nil, err
	}
	return LinkBy(ctx, s.db.Read(), token)
}

// Purge forgets links that have ended, and how many there were. Their hashes
// say nothing, but nobody needs them any more.
func (s *Service) Purge(ctx context.Context) (int, error) {
	tag, err := s.db.Read().Exec(ctx, `
		delete from table_links where told_at < now() - interval '7 days' and coalesce(expires_at, told_at) < now() - interval '7 days'`)
	return int(tag.RowsAffected()), wrap("forget links", err)
}
