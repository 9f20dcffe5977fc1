package privacy_test

import (
	"context"
	"fmt"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/inbox"
	"github.com/teixit/teixit/internal/domain/privacy"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// erasable are people with accounts whom others registered at some events, and
// who registered at one by mail: every second of them has confirmed it.
func (w *world) erasable(n int) (people []id.ID) {
	w.Helper()
	first, second, byMail := w.event(2*n, nil), w.event(n/2, nil), w.event(n, nil)
	for i := range n {
		p := w.hub.Person(w.T, fmt.Sprintf("Persona %d", i), w.entitat, directory.Delegate)
		address := fmt.Sprintf("persona%d@example.org", i)
		w.tx(func(ctx context.Context, tx *postgres.Tx) error {
			return auth.AddAccounts(ctx, tx, map[id.ID]string{p: address})
		})
		w.registers(w.stranger, w.altra, first, named("Persona", address), named("Algú", ""))
		w.registers(w.representative, w.entitat, second, person(p))
		w.request(byMail, 1, func(in object) { in["mail"] = address })
		if i%2 == 0 {
			w.by("", confirmLink, w.linkFor(mail.BookingLink, address), nil)
		}
		people = append(people, p)
	}
	return people
}

// TestErasingBesideTheWork: whatever else the hub does in the background about
// the same people, both go through: no two of them wait for each other.
func TestErasingBesideTheWork(t *testing.T) {
	w := newWorld(t)
	people := w.erasable(8)
	db := w.hub.DB
	seats, box := calendar.NewRegistrations(db), inbox.New(db, w.letters, "https://teixit.example", inbox.Told{})
	bodies := directory.New(db)
	p := privacy.New(db, privacy.Options{Parts: []privacy.Part{bodies, seats, box, auth.Records{}}, Mail: w.letters})
	var err error
	p.Ledger, err = privacy.OpenLedger(w.erasures)
	w.ok(err)
	teller := calendar.NewTeller(db, w.letters, "https://teixit.example", "")
	notices := calendar.NewNotices(db, w.letters, "https://teixit.example", "")
	over := make(chan struct{})
	var work, erasing errgroup.Group
	for name, do := range map[string]func(context.Context) error{
		"telling":      func(ctx context.Context) error { _, err := teller.Tell(ctx); return err },
		"reminding":    func(ctx context.Context) error { _, err := notices.Remind(ctx); return err },
		"lapsing":      func(ctx context.Context) error { _, err := seats.Lapse(ctx); return err },
		"purging":      func(ctx context.Context) error { _, err := seats.Purge(ctx); return err },
		"digests":      func(ctx context.Context) error { _, err := box.Send(ctx); return err },
		"tidying":      func(ctx context.Context) error { return mail.Tidy(ctx, db.Read()) },
		"told anew":    w.toldAnew,
		"held no more": w.heldNoMore,
	} {
		work.Go(func() error {
			for {
				select {
				case <-over:
					return nil
				default:
				}
				if err := do(context.WithoutCancel(t.Context())); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
		})
	}
	erasing.SetLimit(2)
	for _, one := range people {
		erasing.Go(func() error {
			if _, err := p.EraseAs(t.Context(), &access.Viewer{}, one); err != nil {
				return fmt.Errorf("erasing: %w", err)
			}
			return nil
		})
	}
	err = erasing.Wait()
	close(over)
	w.ok(err)
	w.ok(work.Wait())
	if places := w.found(w.database, "persona_@example.org"); len(places) > 0 {
		t.Errorf("left over: %v", places)
	}
	w.audit(w.database)
}

// toldAnew makes that there is always somebody to tell.
func (w *world) toldAnew(ctx context.Context) error {
	return w.hub.DB.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `
			update delegate_links set told_at = null where delegate = (select delegate from delegate_links where told_at is not null
			  order by random() limit 1 for update skip locked)`)
		return err
	})
}

// heldNoMore lets one hold after the other end.
func (w *world) heldNoMore(ctx context.Context) error {
	return w.hub.DB.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `
			update registrations set confirm_by = now() where id = (select id from registrations where confirm_by > now()
			  order by random() limit 1 for update skip locked)`)
		return err
	})
}
