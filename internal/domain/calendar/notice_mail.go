package calendar

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/ics"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// notice is what one person is to know about their own seats: who registered,
// about the block, or a delegate who was told of it, about the one seat.
type notice struct {
	subject  id.ID // the registration or the delegate
	block    bool
	byLink   bool // who registered has a link for an account
	mail     string
	language lang.Lang
	told     string // empty: nothing yet
	sequence int

	seats, waiting, pending, place int
	offeredUntil                   *time.Time
	aside                          bool
	noticed
}

// noticed is the event that it is about.
type noticed struct {
	event                      id.ID
	title                      lang.Text
	state                      EventState
	sensitive                  bool
	startsAt, endsAt           *time.Time
	date                       PartialDate
	venueName, address, online string
	ended                      bool // what it is about is over
}

// The words for how the seats of one person stand. The count is part of it: who
// loses one of three seats is told.
const (
	standsPending   = "PENDING"
	standsWaiting   = "WAITING"
	standsAside     = "ASIDE"
	standsOffered   = "OFFERED"
	standsConfirmed = "CONFIRMED"
	standsGone      = "GONE"
	standsOff       = "OFF" // the event does not take place
)

func (x *notice) stands() string {
	switch {
	case x.state == Cancelled && x.told == "":
		return standsGone
	case x.state == Cancelled && x.holds(x.told):
		return standsOff
	case x.state == Cancelled:
		return x.told
	case x.offeredUntil != nil:
		return fmt.Sprint(standsOffered, " ", x.seats)
	case x.seats > 0:
		return fmt.Sprint(standsConfirmed, " ", x.seats, " ", x.waiting)
	case x.aside:
		return standsAside
	case x.waiting > 0:
		return standsWaiting
	case x.pending > 0:
		return standsPending
	}
	return standsGone
}

// holds tells that somebody who was told so expects to come, perhaps.
func (x *notice) holds(told string) bool {
	return told != "" && told != standsGone && told != standsOff
}

// template is the mail for how it stands now; empty: there is nothing to say.
func (x *notice) template(now string) string {
	word, _, _ := strings.Cut(now, " ")
	switch {
	case word == standsGone && x.told == "":
		return ""
	case word == standsGone, word == standsOff:
		return mail.SeatCancelled
	case word == standsOffered && x.block:
		return mail.SeatOffered
	case word == standsConfirmed:
		return mail.SeatConfirmed
	case word == standsWaiting && x.block:
		return mail.SeatWaiting
	case word == standsAside && x.block:
		return mail.SeatChanged
	}
	return ""
}

// What who registered is to know. Everybody's place in a line is counted once for
// all who are asked about: those before the first of them, who are many in a rush,
// by the pool, and one by one only from there to the last.
const blockNoticesSQL = `
with r as (
  select * from registrations where id = any(` + postgres.Keys + `)
), asked as (
  select event, min(line) as first, max(line) as last from r where waiting > 0 group by event
), before as (
  select w.event, w.pool, count(*) as n from (
    select w.event, unnest(w.pools) as pool
    from asked l join registrations w on w.event = l.event and w.line < l.first and w.waiting > 0 and not w.aside) w
  group by w.event, w.pool
), lines as (
  select w.id, min(w.place + coalesce(b.n, 0))::int as place from (
    select w.id, w.event, w.pool, row_number() over (partition by w.event, w.pool order by w.line) as place from (
      select w.id, w.event, w.line, unnest(w.pools) as pool
      from asked l join registrations w on w.event = l.event and w.line between l.first and l.last and w.waiting > 0 and not w.aside) w) w
  left join before b on b.event = w.event and b.pool = w.pool
  group by w.id
)
select r.confirm_by is null and (c.mail is not null or r.registered_by is not null),
  exists (select from registration_delegates d join seat_notices t on t.subject = d.id where d.registration = r.id),
  r.registered_by, r.id, true, c.mail is not null, coalesce(c.mail, a.mail, ''), coalesce(c.lang, a.lang, 'ca'),
  coalesce(t.told, ''), coalesce(t.sequence, -1), r.confirmed, r.waiting, r.pending,
  (select min(d.offered_until) from registration_delegates d where d.registration = r.id), r.aside,
  coalesce(l.place, 1), ` + noticeEventSQL + `
from r join events e on e.node = r.event join nodes n on n.id = r.event
left join registration_contacts c on c.registration = r.id
left join accounts a on a.person = r.registered_by
left join seat_notices t on t.subject = r.id left join lines l on l.id = r.id
order by r.id`

// What delegates are to know who were told of their seats before.
const delegateNoticesSQL = `
select d.id, false, false, coalesce(own.mail, a.mail, p.mail, ''), coalesce(a.lang, reads.lang, 'ca'), t.told, t.sequence,
  case when d.pool is not null then 1 else 0 end, case when d.state = 'WAITLISTED' then 1 else 0 end,
  case when d.state = 'PENDING' then 1 else 0 end, d.offered_until, false, 1, ` + noticeEventSQL + `
from registration_delegates d join seat_notices t on t.subject = d.id
join events e on e.node = d.event join nodes n on n.id = d.event
left join delegate_secrets s on s.delegate = d.id
left join person_names own on own.subject = d.id left join person_names p on p.subject = s.person
left join accounts a on a.person = s.person
left join accounts reads on s.person is null and reads.mail = lower(own.mail)
where d.registration = any(` + postgres.Keys + `) order by d.registration, d.id`

const noticeEventSQL = `e.node, jsonb_build_object('ca', n.title_ca, 'es', n.title_es, 'en', n.title_en), e.state, e.sensitive,
  e.starts_at, e.ends_at, coalesce(e.date_year, 0), coalesce(e.date_month, 0), coalesce(e.date_day, 0),
  e.venue_name, e.venue_address, e.online_url, ` + overSQL + ` <= clock_timestamp()`

// readNotices reads what people are to know about registrations. What few need is
// asked apart: planning what it joins costs more than all the rest.
func readNotices(ctx context.Context, q postgres.Querier, registrations []id.ID) ([]*notice, error) {
	rows, err := q.Query(ctx, blockNoticesSQL, registrations)
	if err != nil {
		return nil, registrationError("read who is to be told", err)
	}
	var list []*notice
	var others []id.ID
	nameless := map[id.ID][]*notice{} // with no address yet, by who registered
	var told, more bool
	var by id.ID
	x := &notice{}
	for rows.Next() {
		if err = rows.Scan(append([]any{&told, &more, &by}, x.targets()...)...); err != nil {
			break
		}
		if more {
			others = append(others, x.subject)
		}
		if told {
			list = append(list, x)
			if x.mail == "" {
				nameless[by] = append(nameless[by], x)
			}
		}
		x, by = &notice{}, id.Zero
	}
	rows.Close()
	if err = errors.Join(err, rows.Err()); err != nil {
		return nil, registrationError("read who is to be told", err)
	}
	if err := addressNotices(ctx, q, nameless); err != nil || len(others) == 0 {
		return list, err
	}
	rows, err = q.Query(ctx, delegateNoticesSQL, others)
	if err != nil {
		return nil, registrationError("read who is to be told", err)
	}
	delegates, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*notice, error) {
		x := &notice{}
		return x, row.Scan(x.targets()...)
	})
	return append(list, delegates...), registrationError("read who is to be told", err)
}

// addressNotices gives who has no account the address that goes with their name.
func addressNotices(ctx context.Context, q postgres.Querier, by map[id.ID][]*notice) error {
	if len(by) == 0 {
		return nil
	}
	rows, err := q.Query(ctx, `select subject, mail from person_names where subject = any(`+postgres.Keys+`) and mail is not null`,
		slices.Collect(maps.Keys(by)))
	if err != nil {
		return registrationError("read who is to be told", err)
	}
	var person id.ID
	var address string
	_, err = pgx.ForEachRow(rows, []any{&person, &address}, func() error {
		for _, x := range by[person] {
			x.mail = address
		}
		return nil
	})
	return registrationError("read who is to be told", err)
}

func (x *notice) targets() []any {
	return append([]any{
		&x.subject, &x.block, &x.byLink, &x.mail, &x.language, &x.told, &x.sequence, &x.seats, &x.waiting, &x.pending,
		&x.offeredUntil, &x.aside, &x.place,
	}, x.noticed.targets()...)
}

func (e *noticed) targets() []any {
	return []any{
		&e.event, &e.title, &e.state, &e.sensitive, &e.startsAt, &e.endsAt, &e.date.Year, &e.date.Month, &e.date.Day,
		&e.venueName, &e.address, &e.online, &e.ended,
	}
}

// message is the mail, with an entry for the calendar where there is one.
func (n *Notices) message(ctx context.Context, tx *postgres.Tx, x *notice, template string) (mail.Message, error) {
	to := n.post.eventPage(x.event)
	switch {
	case template == mail.SeatOffered && !x.byLink:
		to = n.post.site + "/me/registrations" // where offers are accepted with an account
	case x.byLink:
		token, err := newLink(ctx, tx.Native(), x.subject)
		if err != nil {
			return mail.Message{}, err
		}
		to = n.post.page(token)
	}
	when, err := x.when(x.language)
	if err != nil {
		return mail.Message{}, err
	}
	m := mail.Message{
		To: x.mail, Lang: x.language, Template: template, About: x.subject, UniqueKey: fmt.Sprintf("seat/%s/%d", x.subject, x.sequence+1),
		Data: map[string]any{
			"event": x.title.In(x.language), "when": when, "where": x.where(), "link": to, "sensitive": x.sensitive,
		},
	}
	x.own(m.Data, template)
	m.Calendar = n.calendar(x, template, to)
	return m, nil
}

// own adds what only some of the mails say.
func (x *notice) own(data map[string]any, template string) {
	switch template {
	case mail.SeatConfirmed, mail.SeatReminder:
		data["people"] = x.seats
	case mail.SeatWaiting:
		data["people"], data["place"] = x.waiting, x.place
	case mail.SeatOffered:
		data["people"], data["until"] = x.seats, *x.offeredUntil
	case mail.SeatCancelled:
		data["off"], data["lapsed"] = x.state == Cancelled, strings.HasPrefix(x.told, standsOffered)
	}
}

// calendar is the entry that goes with a mail: with a seat, and to take it out
// again. A date that is not known to the day makes none.
func (n *Notices) calendar(x *notice, template, to string) string {
	method := ics.Request
	had := strings.HasPrefix(x.told, standsConfirmed)
	switch {
	case x.sensitive, template == mail.SeatWaiting, template == mail.SeatOffered:
		return ""
	case template == mail.SeatCancelled && !had, template == mail.SeatChanged && x.seats == 0:
		return ""
	case template == mail.SeatCancelled:
		method = ics.Cancel
	}
	e, ok := x.entry()
	if !ok {
		return ""
	}
	e.UID = seatUID(x, n.post.site)
	e.Sequence, e.Changed = x.sequence+1, time.Now()
	if x.byLink { // the entry lies in calendars that others see; the link is a right
		to = n.post.eventPage(x.event)
	}
	e.Summary, e.URL, e.Organizer, e.Attendee = x.title.In(x.language), to, n.from, x.mail
	return ics.Mailed(method, e)
}

func seatUID(x *notice, site string) string {
	prefix := DelegateType
	if x.block {
		prefix = RegistrationType
	}
	return prefix.GlobalPart(x.event, x.subject) + "@" + hostOf(site)
}

// entry has the times and the place.
func (e *noticed) entry() (entry ics.Entry, ok bool) {
	entry.Location = e.where()
	switch {
	case e.startsAt != nil:
		entry.Start = *e.startsAt
		if e.endsAt != nil {
			entry.End = *e.endsAt
		}
		return entry, true
	case e.date.Full():
		entry.Start, _ = e.date.First()
		entry.AllDay = true
		return entry, true
	}
	return entry, false
}

// when is the date in words, as far as it is known.
func (e *noticed) when(l lang.Lang) (string, error) {
	if e.startsAt != nil {
		return mail.Moment(l, *e.startsAt)
	}
	if e.date.IsZero() {
		return undated().In(l), nil
	}
	return e.date.Text().In(l), nil
}

func undated() lang.Text {
	return lang.Text{CA: "encara sense data", ES: "aún sin fecha", EN: "no date yet"}
}

// where is the place in a line.
func (e *noticed) where() string {
	var parts []string
	for _, part := range []string{e.venueName, e.address, e.online} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// eventPage is where everybody finds an event.
func (p post) eventPage(event id.ID) string { return p.site + "/events/" + node.Event.Global(event) }

// first notes that a delegate is told of their seat, and gives the entry for
// their calendar when they have one.
func (n *Notices) first(ctx context.Context, tx *postgres.Tx, registration, delegate id.ID) (entry string, err error) {
	_, err = tx.Native().Exec(ctx, `
		insert into seat_notices (subject, event, told, sequence) select id, event, '', -1 from registration_delegates where id = $1
		on conflict (subject) do nothing`, delegate)
	if err != nil {
		return "", registrationError("note what is told", err)
	}
	list, err := readNotices(ctx, tx.Native(), []id.ID{registration})
	if err != nil {
		return "", err
	}
	for _, x := range list {
		if x.subject != delegate {
			continue
		}
		if x.seats > 0 && x.offeredUntil == nil {
			entry = n.calendar(x, mail.SeatConfirmed, n.post.eventPage(x.event))
		}
		_, err = tx.Native().Exec(ctx, `update seat_notices set told = $2, sequence = $3 where subject = $1`, delegate, x.stands(), x.sequence+1)
	}
	return entry, registrationError("note what is told", err)
}
