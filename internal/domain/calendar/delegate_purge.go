package calendar

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Purge forgets what has been kept for long enough: diet and access needs,
// answers to the organisers' questions, entrance codes and links, and in the end who the delegates of an event were.
// Counts stay. It says at how many places something went. Any instance may call
// it, at any time; it works in short transactions.
func (s *Registrations) Purge(ctx context.Context) (places int, err error) {
	for _, sql := range []string{
		`delete from delegate_needs where purge_at <= now()`,
		`delete from delegate_answers a using event_questions q, events e where q.id = a.question and e.node = a.event
		   and coalesce(q.purge_on::timestamp at time zone 'Europe/Madrid', ` + overSQL + ` + interval '30 days') <= now()`, // AnswersDays
		`delete from delegate_links l using events e where e.node = l.event and ` + overSQL + ` <= now()`,
		`delete from registration_links where expires_at <= now()`,
		`delete from seat_notices t using events e where e.node = t.event and ` + overSQL + ` + interval '30 days' <= now()`,
		`update delegate_secrets s set code = null from events e where s.code is not null and e.node = s.event
		   and ` + overSQL + ` + interval '30 days' <= now()`, // CodeDays
	} {
		err := s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
			tag, err := tx.Native().Exec(ctx, sql)
			places += int(tag.RowsAffected())
			return err
		})
		if err != nil {
			return places, registrationError("purge", err)
		}
	}
	for {
		n, err := s.purgeNames(ctx)
		if err != nil || n == 0 {
			return places, err
		}
		places += n
	}
}

const purgeableSQL = `
select e.node from events e left join event_retention t on t.event = e.node
where ` + overSQL + ` + coalesce(t.name_days, $1) * interval '1 day' <= now()
  and exists (select from registration_delegates d left join delegate_secrets s on s.delegate = d.id
    where d.event = e.node and (d.named or s.person is not null or s.mail_key is not null
      or exists (select from person_names n where n.subject = d.id))
    union all select from registration_contacts c where c.event = e.node)
limit 1`

// purgeNames forgets who the delegates of one event were; 0 when there is none
// left to do.
func (s *Registrations) purgeNames(ctx context.Context) (n int, err error) {
	var event id.ID
	err = postgres.Hub(s.db.Read()).QueryRow(ctx, purgeableSQL, NameDays).Scan(&event)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, registrationError("find names to purge", err)
	}
	err = s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := s.atDesk(ctx, tx, request{viewer: &access.Viewer{}, event: event}, func(ctx context.Context, d *desk) ([]id.ID, error) {
			rows, err := tx.Native().Query(ctx, `select id from registration_delegates where event = $1`, event)
			if err != nil {
				return nil, registrationError("purge names", err)
			}
			delegates, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
			if err != nil {
				return nil, registrationError("purge names", err)
			}
			n = len(delegates)
			d.tell(FactNamesPurged, id.Zero, NamesPurged{n})
			if _, err := tx.Native().Exec(ctx, `delete from registration_contacts where event = $1`, event); err != nil {
				return nil, registrationError("purge who registered by mail", err)
			}
			return nil, forget(ctx, tx.Native(), delegates)
		})
		return err
	})
	return n, err
}
