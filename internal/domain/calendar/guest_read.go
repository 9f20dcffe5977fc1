package calendar

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

const guestSQL = `
select r.id, r.event, jsonb_build_object('ca', n.title_ca, 'es', n.title_es, 'en', n.title_en), e.starts_at,
  coalesce(e.date_year, 0), coalesce(e.date_month, 0), coalesce(e.date_day, 0),
  case when o.id is null then jsonb_build_object('ca', c.association_name)
    else jsonb_build_object('ca', o.title_ca, 'es', o.title_es, 'en', o.title_en) end,
  c.mail, c.name, c.lang, r.registered_by is not null, ` + overSQL + `
from registrations r join events e on e.node = r.event join nodes n on n.id = r.event
join registration_contacts c on c.registration = r.id left join nodes o on o.id = r.organisation
where r.id = $1`

var guestRegistrationSQL = registrationsSQL(`select r.*, true as answers, 1 as rank from registrations r where r.id = $1`)

const guestDelegatesSQL = `
select d.id, d.event, d.position, d.state, d.role, coalesce(n.name, p.name, ''), coalesce(n.mail, ''),
  case when d.pool is not null and r.confirm_by is null then coalesce(s.code, '') else '' end, coalesce(d.answer, '')
from registration_delegates d join registrations r on r.id = d.registration
left join delegate_secrets s on s.delegate = d.id
left join person_names n on n.subject = d.id left join person_names p on p.subject = s.person
where d.registration = $1 and d.state <> 'REPLACED' order by d.position`

// linked is what a link is about.
type linked struct{ registration, event id.ID }

// registrationBehind finds what a link is about; the fault is ErrLinkEnded.
func registrationBehind(ctx context.Context, q postgres.Querier, token string) (l linked, err error) {
	err = postgres.Hub(q).QueryRow(ctx, `
		select r.id, r.event from registration_links l join registrations r on r.id = l.registration
		where l.token_hash = $1 and l.expires_at > clock_timestamp()`, linkHash(token)).Scan(&l.registration, &l.event)
	if errors.Is(err, pgx.ErrNoRows) {
		return l, ErrLinkEnded.At("token")
	}
	return l, registrationError("find what a link is about", err)
}

// GuestBy reads what the holder of a registration's link is shown. The link is
// the right: the policies cannot know it, so that the read is the hub's own. The
// fault is ErrLinkEnded.
func GuestBy(ctx context.Context, q postgres.Querier, token string) (*Guest, error) {
	of, err := registrationBehind(ctx, q, token)
	if err != nil {
		return nil, err
	}
	return guestOf(ctx, q, of.registration)
}

func guestOf(ctx context.Context, q postgres.Querier, registration id.ID) (*Guest, error) {
	q = postgres.Hub(q)
	list, err := collectRegistrations(q.Query(ctx, guestRegistrationSQL, registration))
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, ErrLinkEnded.At("token")
	}
	g := &Guest{Registration: list[0]}
	err = q.QueryRow(ctx, guestSQL, registration).Scan(&g.ID, &g.Event, &g.Title, &g.StartsAt,
		&g.Date.Year, &g.Date.Month, &g.Date.Day, &g.Organization, &g.Mail, &g.Name, &g.Language, &g.Adopted, &g.Until)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrLinkEnded.At("token")
	}
	if err != nil {
		return nil, registrationError("read what a link is about", err)
	}
	dead, err := mail.IsDead(ctx, q, g.Mail)
	if err != nil {
		return nil, err
	}
	g.MailArrives = !dead
	rows, err := q.Query(ctx, guestDelegatesSQL, registration)
	if err != nil {
		return nil, registrationError("read who is in the block", err)
	}
	g.Delegates, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (*GuestDelegate, error) {
		d := &GuestDelegate{}
		return d, row.Scan(&d.ID, &d.Event, &d.Position, &d.State, &d.Role, &d.Name, &d.Mail, &d.Code, &d.Answer)
	})
	return g, registrationError("read who is in the block", err)
}
