package calendar

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Contact is whom to write to about a registration that came by mail.
type Contact struct {
	Registration id.ID
	Name, Mail   string
}

// ContactsOf reads who asked for registrations by mail, for who answers for them:
// the organisation, once it is confirmed, and the event's organisers.
func ContactsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, registrations []id.ID) (map[id.ID]*Contact, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, `
		select c.registration, c.event, c.name, c.mail
		from registration_contacts c join registrations r on r.id = c.registration join nodes n on n.id = c.event
		where c.registration = any(`+postgres.Keys+`) and `+access.VisibleSQL("n", 2)+`
		  and (`+access.LevelSQL("n", 2)+` = 4 or r.confirm_by is null and r.organisation = any($4::uuid[]))`,
		append([]any{registrations}, v.SQLArgs()...)...)
	if err != nil {
		return nil, registrationError("read who registered by mail", err)
	}
	found, read := map[id.ID]*Contact{}, map[id.ID][]id.ID{}
	var c Contact
	var event id.ID
	_, err = pgx.ForEachRow(rows, []any{&c.Registration, &event, &c.Name, &c.Mail}, func() error {
		one := c
		found[c.Registration], read[event] = &one, append(read[event], c.Registration)
		return nil
	})
	if err != nil {
		return nil, registrationError("read who registered by mail", err)
	}
	for event, subjects := range read {
		if err := audit.Read(ctx, q, v, audit.Delegates, event, subjects); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// TroubleOf tells of registrations whose mails do not arrive: those to who
// registered and those to delegates. For who answers for the registration; the
// reason names no address.
func TroubleOf(ctx context.Context, q postgres.Querier, registrations []*Registration) (map[id.ID]*mail.Refusal, error) {
	of, about := map[id.ID]id.ID{}, []id.ID{}
	var mine []id.ID
	for _, r := range registrations {
		if r.MayChange {
			mine = append(mine, r.ID)
			of[r.ID], about = r.ID, append(about, r.ID)
		}
	}
	if len(mine) == 0 {
		return nil, nil
	}
	rows, err := q.Query(ctx, `select id, registration from registration_delegates where registration = any(`+postgres.Keys+`) and state <> 'REPLACED'`, mine)
	if err != nil {
		return nil, registrationError("read whose mails were refused", err)
	}
	var delegate, registration id.ID
	_, err = pgx.ForEachRow(rows, []any{&delegate, &registration}, func() error {
		of[delegate], about = registration, append(about, delegate)
		return nil
	})
	if err != nil {
		return nil, registrationError("read whose mails were refused", err)
	}
	refused, err := mail.RefusedOf(ctx, q, about)
	if err != nil {
		return nil, err
	}
	trouble := map[id.ID]*mail.Refusal{}
	for subject, refusal := range refused {
		r := of[subject]
		if last := trouble[r]; last == nil || refusal.At.After(last.At) {
			trouble[r] = &refusal
		}
	}
	return trouble, nil
}
