package calendar

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/private"
)

// guestExports are what is kept of who registers by mail, and of calendars.
func guestExports() []private.Query {
	return []private.Query{
		{
			Name:    "registrations_by_mail",
			Columns: []string{"event", "organisation", "mail", "name", "state", "registered_at", "confirmed_at"},
			SQL: `select n.title_ca, coalesce(o.title_ca, c.association_name), c.mail, c.name, r.state, r.created_at::text,
			   coalesce(c.confirmed_at::text, '')
			 from registration_contacts c join registrations r on r.id = c.registration join nodes n on n.id = r.event
			 left join nodes o on o.id = r.organisation
			 where c.mail = any($2) and $1::uuid is not null order by r.created_at`,
		},
		{
			Name:    "own_calendar",
			Columns: []string{"since"},
			SQL:     `select made_at::text from calendar_secrets where person = $1 and $2::text[] is not null`,
		},
	}
}

// eraseGuest forgets that somebody registered by mail, and the address of their
// calendar. What they registered stays the organisation's; what they have not
// confirmed lapses.
func (s *Registrations) eraseGuest(ctx context.Context, who personal.Subject) error {
	return s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		// As everybody who changes who asked for it: the registration first.
		_, err := tx.Native().Exec(ctx, `
			select from registrations where id in (select registration from registration_contacts where mail = any($1)) order by id for no key update`,
			some(who.Mails))
		if err != nil {
			return registrationError("forget who registered by mail", err)
		}
		_, err = tx.Native().Exec(ctx, `
			with contacts as (
			  delete from registration_contacts where mail = any($2) returning registration
			), links as (
			  delete from registration_links where registration in (select registration from contacts)
			), calendars as (
			  delete from calendar_secrets where person = $1
			)
			update registrations set confirm_by = clock_timestamp()
			where confirm_by is not null and id in (select registration from contacts)`, who.ID, some(who.Mails))
		return registrationError("forget who registered by mail", err)
	})
}
