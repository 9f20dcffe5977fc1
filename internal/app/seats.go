package app

import (
	"context"
	"net/mail"
	"time"

	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/turn"
)

// openSeats makes the service of registrations, with what it needs of others.
func (h *Hub) openSeats(site string, o options) {
	h.seats = calendar.NewRegistrations(h.db, append([]calendar.RegistrationsOption{
		calendar.WithLedger(h.privacy), calendar.WithPost(h.mail, site), calendar.WithBodies(associations{}), calendar.WithHolds(holdsOf(h.cfg)),
		calendar.WithImports(h.jobs, func(ctx context.Context, person id.ID, l lang.Lang) (*access.Viewer, error) {
			return auth.Viewer(ctx, h.db.Read(), person, l)
		}),
		calendar.WithTurns(turn.Options{Took: func(jobs int) { h.turns.Observe(float64(jobs)) }}),
	}, o.seats...)...)
}

// holdsOf are the hub's own times; what is not set is as by default.
func holdsOf(cfg config.Config) calendar.Holds {
	holds := calendar.DefaultHolds()
	for _, set := range []struct {
		to   *time.Duration
		from time.Duration
	}{{&holds.Hold, cfg.SeatHold}, {&holds.OfferWithin, cfg.OfferWithin}, {&holds.Offer, cfg.OfferTime}} {
		if set.from > 0 {
			*set.to = set.from
		}
	}
	return holds
}

// lapseEvery is how often it is looked for seats that nobody confirmed.
const lapseEvery = 15 * time.Second

// lookAfterSeats takes back what nobody confirmed in time, mails people what
// becomes of their seats, and reminds them.
func (h *Hub) lookAfterSeats(site string) error {
	notices := calendar.NewNotices(h.db, h.mail, site, mailFrom(h.cfg)).WithOff(h.off)
	err := h.jobs.Periodic("lapse-seats", lapseEvery, func(ctx context.Context) error {
		_, err := h.seats.Lapse(ctx)
		return err
	})
	if err != nil {
		return err
	}
	err = h.jobs.Periodic("remind-of-events", time.Hour, func(ctx context.Context) error {
		_, err := notices.Remind(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return h.jobs.Follow("tell-seats", calendar.NoticeFacts(), func(ctx context.Context, facts []journal.Entry) error {
		return notices.Tell(ctx, facts...)
	})
}

// mailFrom is the bare address that mails are from; empty when none is set.
func mailFrom(cfg config.Config) string {
	a, err := mail.ParseAddress(cfg.MailFrom)
	if err != nil {
		return ""
	}
	return a.Address
}

// associations are those of the directory, for who registers by mail.
type associations struct{}

// CheckAssociation implements calendar.Bodies.
func (associations) CheckAssociation(a calendar.NewAssociation) error { return asFound(a).Check() }

// AddAssociation implements calendar.Bodies.
func (associations) AddAssociation(ctx context.Context, tx *postgres.Tx, a calendar.NewAssociation) (id.ID, error) {
	return directory.FindOrAdd(ctx, tx, asFound(a))
}

func asFound(a calendar.NewAssociation) directory.Wanted {
	return directory.Wanted{Name: a.Name, Town: a.Town, TaxID: a.TaxID}
}
