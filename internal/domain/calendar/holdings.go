package calendar

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// ErrOrganisationEnded is raised when an organisation ended, by being merged with
// another entry, while a command for it was on its way.
var ErrOrganisationEnded = fault.Define(fault.Conflict, "ORGANIZATION_ENDED",
	"Aquesta organització s'acaba de fusionar amb una altra: torneu-ho a fer amb aquella.",
	"Esta organización se acaba de fusionar con otra: vuelva a hacerlo con aquella.",
	"This organisation has just been merged with another: do it again with that one.")

// Holdings is what the calendar keeps about organisations: their registrations,
// the events that are theirs and the seats reserved for them. It is moved when
// two entries of one organisation are merged.
type Holdings struct{}

// Topics reads the events that the organisation has to do with.
func (Holdings) Topics(ctx context.Context, q postgres.Querier, organisation id.ID) ([]id.ID, error) {
	rows, err := q.Query(ctx, `
		select event from registrations where organisation = $1
		union select event from seat_pools where reserved_organisation = $1
		union select id from nodes where home = $1 and kind = 'event'
		union select target from edges where source = $1 and kind = 'organises'`, organisation)
	if err != nil {
		return nil, fmt.Errorf("read an organisation's events: %w", err)
	}
	events, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return nil, fmt.Errorf("read an organisation's events: %w", err)
	}
	return events, nil
}

// Move lets registrations and reserved seats be those of into, and tells the
// events that from organises that their organisers changed. The topics of the
// events are locked. A pool for from stays where there is one for into: two
// lines cannot be made one without somebody losing their place.
func (Holdings) Move(ctx context.Context, tx *postgres.Tx, v *access.Viewer, from, into id.ID) error {
	for _, sql := range []string{
		`update registrations set organisation = $2 where organisation = $1`,
		`update event_series set home = $2 where home = $1`,
		`update seat_pools p set reserved_organisation = $2 where reserved_organisation = $1
		 and not exists (select from seat_pools o where o.event = p.event and o.reserved_organisation = $2)`,
	} {
		if _, err := tx.Native().Exec(ctx, sql, from, into); err != nil {
			return fmt.Errorf("move an organisation's registrations: %w", err)
		}
	}
	return tellOrganisersChanged(ctx, tx, v, from, into)
}

// MovePerson lets the places and registrations of a record be those of the person
// it turned out to be. Nothing is moved where both have a place at one event.
func (Holdings) MovePerson(ctx context.Context, tx *postgres.Tx, from, into id.ID) (moved bool, err error) {
	// On the hub's own authority: who makes two people one need not see where they
	// are registered.
	q := postgres.Hub(tx.Native())
	var both bool
	err = q.QueryRow(ctx, `
		select exists (
		  select from delegate_secrets a join delegate_secrets b on b.event = a.event and b.person = $2 and b.live
		  where a.person = $1 and a.live)`, from, into).Scan(&both)
	if err != nil || both {
		return false, registrationError("look where both are registered", err)
	}
	for _, sql := range []string{
		`update delegate_secrets set person = $2 where person = $1`,
		`update registrations set registered_by = $2 where registered_by = $1`,
	} {
		if _, err := q.Exec(ctx, sql, from, into); err != nil {
			return false, registrationError("move a person's places", err)
		}
	}
	return true, nil
}

func tellOrganisersChanged(ctx context.Context, tx *postgres.Tx, v *access.Viewer, from, into id.ID) error {
	rows, err := tx.Native().Query(ctx, `
		select n.id, n.visibility from edges e join nodes n on n.id = e.target
		where e.source = $1 and e.kind = 'organises' and e.valid @> `+todaySQL, from)
	if err != nil {
		return fmt.Errorf("read an organisation's events: %w", err)
	}
	levels := map[id.ID]access.Level{}
	var event id.ID
	var level access.Level
	_, err = pgx.ForEachRow(rows, []any{&event, &level}, func() error {
		levels[event] = level
		return nil
	})
	if err != nil {
		return fmt.Errorf("read an organisation's events: %w", err)
	}
	for event, level := range levels {
		err := journal.Append(ctx, tx, event, v, journal.Fact{
			Kind: FactEventUpdated, Level: level, Data: EventUpdated{Fields: []string{"organisers"}}, About: []id.ID{into},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// holdOrganisation keeps an organisation from ending before the transaction
// does.
func holdOrganisation(ctx context.Context, q postgres.Querier, organisation id.ID) error {
	tag, err := q.Exec(ctx, `select from nodes where id = $1 and ended_at is null for key share`, organisation)
	if err != nil {
		return fmt.Errorf("hold the organisation: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return ErrOrganisationEnded.New()
	}
	return nil
}
