package calendar

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Holds says for how long seats wait for an answer. It goes by PostgreSQL's
// clock.
type Holds struct {
	// Hold is how long seats that were asked for by mail are held until the mail
	// address is shown to be read.
	Hold time.Duration
	// OfferWithin is how long before the start of an event promotions become offers,
	// and Offer how long one stands, though never more than half of what is left
	// until the start.
	OfferWithin, Offer time.Duration
}

// DefaultHolds are the hub's own.
func DefaultHolds() Holds {
	return Holds{Hold: 30 * time.Minute, OfferWithin: 24 * time.Hour, Offer: 2 * time.Hour}
}

// WithHolds sets what counts where an event's organisers said nothing.
func WithHolds(h Holds) RegistrationsOption { return func(s *Registrations) { s.holds = h } }

func minutes(d time.Duration) int { return int(d / time.Minute) }
func hours(d time.Duration) int   { return int(d / time.Hour) }

// Facts about seats that wait for an answer, for the organisers.
const (
	FactRegistrationConfirmed = "REGISTRATION_CONFIRMED" // RegistrationChanged: the mail address was shown to be read
	FactRegistrationLapsed    = "REGISTRATION_LAPSED"    // RegistrationChanged: nobody answered in time
	FactOfferAccepted         = "OFFER_ACCEPTED"         // RegistrationChanged
	FactRegistrationAdopted   = "REGISTRATION_ADOPTED"   // RegistrationChanged: it is an account's now
)

var (
	// ErrNoOffer is said to who accepts what is not offered, or not any more.
	ErrNoOffer = fault.Define(fault.Conflict, "NO_OFFER",
		"No hi ha cap plaça que espere la vostra resposta, o el termini ja ha passat.",
		"No hay ninguna plaza que espere su respuesta, o el plazo ya ha pasado.",
		"There is no seat waiting for your answer, or the time for it is over.")
	errHoldRange = fault.Define(fault.Invalid, "HOLD_RANGE",
		"Ha de ser entre {min} i {max}.", "Debe estar entre {min} y {max}.", "It must be between {min} and {max}.")
)

// HoldsInput is what an event's organisers say; nil leaves it to the hub.
type HoldsInput struct {
	HoldMinutes, OfferHours, OfferMinutes *int
}

func (in HoldsInput) check() error {
	var wrong fault.List
	for _, f := range []struct {
		name     string
		value    *int
		min, max int
	}{{"holdMinutes", in.HoldMinutes, 5, 2880}, {"offerWithinHours", in.OfferHours, 0, 720}, {"offerMinutes", in.OfferMinutes, 5, 2880}} {
		if f.value != nil && (*f.value < f.min || *f.value > f.max) {
			wrong = append(wrong, errHoldRange.At(f.name).With("min", f.min).With("max", f.max))
		}
	}
	return wrong.Err()
}

// SetHolds says for how long seats of an event are held and offered. What is held
// already stays as it is.
//
// Who may: the event's organisers.
func (s *Registrations) SetHolds(ctx context.Context, v *access.Viewer, event id.ID, in HoldsInput, key string) error {
	if err := in.check(); err != nil {
		return err
	}
	r := request{viewer: v, event: event, key: key, name: "eventHoldsSet", input: in}
	return s.do(ctx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
		if err := d.organisersOnly(); err != nil {
			return nil, err
		}
		d.tell(FactEventUpdated, id.Zero, EventUpdated{Fields: []string{"holds"}})
		_, err := d.tx.Native().Exec(ctx, `
			insert into event_holds (event, hold_minutes, offer_hours, offer_minutes) values ($1, $2, $3, $4)
			on conflict (event) do update set hold_minutes = excluded.hold_minutes,
			  offer_hours = excluded.offer_hours, offer_minutes = excluded.offer_minutes`,
			event, in.HoldMinutes, in.OfferHours, in.OfferMinutes)
		return nil, registrationError("keep how long seats are held", err)
	}, func(context.Context, postgres.Querier, []id.ID) error { return nil })
}

// HoldsOf reads for how long seats of events are held and offered. It is public:
// whoever registers is told.
func (s *Registrations) HoldsOf(ctx context.Context, q postgres.Querier, events []id.ID) (map[id.ID]Holds, error) {
	all := make(map[id.ID]Holds, len(events))
	for _, event := range events {
		all[event] = s.holds
	}
	rows, err := q.Query(ctx, `
		select event, coalesce(hold_minutes, $2), coalesce(offer_hours, $3), coalesce(offer_minutes, $4)
		from event_holds where event = any(`+postgres.Keys+`)`, events, minutes(s.holds.Hold), hours(s.holds.OfferWithin), minutes(s.holds.Offer))
	if err != nil {
		return nil, registrationError("read how long seats are held", err)
	}
	var event id.ID
	var hold, within, offer int
	_, err = pgx.ForEachRow(rows, []any{&event, &hold, &within, &offer}, func() error {
		all[event] = Holds{time.Duration(hold) * time.Minute, time.Duration(within) * time.Hour, time.Duration(offer) * time.Minute}
		return nil
	})
	return all, registrationError("read how long seats are held", err)
}

// offers says until when the seats that a walk gave have to be accepted. Who
// cannot be asked, because nobody's address is known, is not: their seats are
// certain.
func (d *desk) offers(ctx context.Context, w *promotion) (map[id.ID]*time.Time, error) {
	if d.at.OfferUntil == nil || len(w.Seated) == 0 {
		return nil, nil
	}
	var seated []id.ID
	for _, p := range w.Seated {
		if p.Registration != d.certain {
			seated = append(seated, p.Registration)
		}
	}
	rows, err := postgres.Hub(d.tx.Native()).Query(ctx, `
		select r.id from registrations r left join registration_contacts c on c.registration = r.id
		left join accounts a on a.person = r.registered_by left join person_names p on p.subject = r.registered_by
		where r.id = any(`+postgres.Keys+`) and r.confirm_by is null and coalesce(c.mail, a.mail, p.mail) is not null`, seated)
	if err != nil {
		return nil, registrationError("look who can be asked", err)
	}
	asked, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	offers := make(map[id.ID]*time.Time, len(asked))
	for _, registration := range asked {
		offers[registration] = d.at.OfferUntil
	}
	return offers, registrationError("look who can be asked", err)
}

// AcceptOffer says that who was promoted shortly before the event comes.
//
// Who may: as Cancel. Refusals: ErrNoOffer, ErrEventOver.
func (s *Registrations) AcceptOffer(ctx context.Context, v *access.Viewer, event, registration id.ID, key string) (*Registration, error) {
	r := request{viewer: v, event: event, key: key, name: "registrationOfferAccept", input: registration}
	return s.change(ctx, r, func(ctx context.Context, d *desk) (id.ID, error) {
		f, err := d.fileOf(ctx, registration)
		if err != nil {
			return id.Zero, err
		}
		if err := d.mayChange(f); err != nil {
			return id.Zero, err
		}
		return registration, d.acceptOffer(ctx, f)
	})
}

func (d *desk) acceptOffer(ctx context.Context, f *file) error {
	tag, err := d.tx.Native().Exec(ctx, `
		update registration_delegates set offered_until = null where registration = $1 and offered_until > clock_timestamp()`,
		f.party.Registration)
	if err != nil {
		return registrationError("accept the offer", err)
	}
	if tag.RowsAffected() == 0 {
		return ErrNoOffer.New()
	}
	d.tellRegistration(FactOfferAccepted, f.party, 0, f.party.Waiting)
	return nil
}

const lapsedEventsSQL = `
select event from registrations where confirm_by <= clock_timestamp()
union
select event from registration_delegates where offered_until <= clock_timestamp()
order by 1`

// Lapse takes back what was held or offered and not answered in time, one short
// transaction for each event; the seats go to the first in line in the same
// instant. It says how many registrations lost something. Any instance may call
// it at any time.
func (s *Registrations) Lapse(ctx context.Context) (n int, err error) {
	rows, err := s.db.Read().Query(ctx, lapsedEventsSQL)
	if err != nil {
		return 0, registrationError("look for seats nobody confirmed", err)
	}
	events, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return 0, registrationError("look for seats nobody confirmed", err)
	}
	for _, event := range events {
		lapsed, err := s.lapseAt(ctx, event)
		if err != nil {
			return n, fmt.Errorf("event %s: %w", event, err)
		}
		n += lapsed
	}
	return n, nil
}

func (s *Registrations) lapseAt(ctx context.Context, event id.ID) (n int, err error) {
	err = s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := s.atDesk(ctx, tx, request{viewer: &access.Viewer{}, event: event}, func(ctx context.Context, d *desk) ([]id.ID, error) {
			var err error
			n, err = d.lapse(ctx)
			return nil, err
		})
		return err
	})
	return n, err
}

// What has lapsed is asked for under the lock: somebody may have answered, or
// another instance been here, since it was looked for.
const lapsedSQL = `
select r.id, r.confirm_by is not null, array(
  select d.id from registration_delegates d where d.registration = r.id
    and (r.confirm_by is not null or d.offered_until <= $2))
from registrations r
where r.event = $1 and (r.confirm_by <= $2 or r.confirm_by is null
  and exists (select from registration_delegates o where o.registration = r.id and o.offered_until <= $2))
order by r.line`

type lapsed struct {
	registration id.ID
	unconfirmed  bool
	delegates    []id.ID
}

func (d *desk) lapse(ctx context.Context) (int, error) {
	var now time.Time
	if err := d.tx.Native().QueryRow(ctx, `select clock_timestamp()`).Scan(&now); err != nil {
		return 0, registrationError("read the clock", err)
	}
	rows, err := d.tx.Native().Query(ctx, lapsedSQL, d.event, now)
	if err != nil {
		return 0, registrationError("look for seats nobody confirmed", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l lapsed, err error) {
		return l, row.Scan(&l.registration, &l.unconfirmed, &l.delegates)
	})
	if err != nil {
		return 0, registrationError("look for seats nobody confirmed", err)
	}
	d.lapsed = true
	for _, l := range list {
		if err := d.lapseOne(ctx, l); err != nil {
			return 0, err
		}
	}
	_, err = d.settle(ctx)
	return len(list), err
}
