// Package privacy is what a person can ask of the hub about their own data: a
// copy of everything, and an erasure; and what the hub does by itself: forget in
// time, and tell before each form what is done with the data.
//
// Every room that keeps personal data is a Part. Parts export and erase what is
// theirs; this package asks them all, in order, and keeps the promise whole:
//
//   - An erasure is written into the ledger first, which lies outside the
//     database; then the person can no longer act; then the parts erase, each in
//     short transactions that can be repeated; last of all the account goes and
//     the receipt is queued. Killed anywhere, it goes on at the next start.
//   - A database restored from a backup knows people again who were erased. The
//     ledger is replayed before the hub serves, so that nobody meets them.
//
// What remains are identifiers that name nobody, and counts.
package privacy

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Part is a room that keeps personal data. Domains are parts without importing
// this package.
type Part interface {
	// Export gives everything kept about the person. That it is for the person, or
	// in their name, has been made sure of.
	Export(ctx context.Context, q postgres.Querier, who personal.Subject) ([]personal.Table, error)
	// Erase takes the person out, in transactions of its own. It can be repeated
	// and finds nothing to do the second time. v is who is told to have done it.
	Erase(ctx context.Context, v *access.Viewer, who personal.Subject) (personal.Erased, error)
}

// Operator is who runs the hub and is responsible for accounts.
type Operator struct {
	Name string // such as Diputació de Barcelona; empty: not said
	Mail string // where to ask
}

// Options is what the service needs from the rest of the hub.
type Options struct {
	Parts    []Part
	Ledger   *Ledger      // nil: nothing can be erased
	Mail     mail.TxQueue // nil: receipts are returned, not mailed
	Operator Operator
	Log      *slog.Logger
}

// Service runs what is said above.
type Service struct {
	db *postgres.DB
	Options
}

// New makes the service on a migrated database.
func New(db *postgres.DB, o Options) *Service {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{db: db, Options: o}
}

var (
	errNotConfirmed = fault.Define(fault.Invalid, "NOT_CONFIRMED",
		"Confirmeu que voleu esborrar les vostres dades: no es pot desfer.",
		"Confirme que quiere borrar sus datos: no se puede deshacer.",
		"Confirm that you want your data erased: it cannot be undone.")
	errNoLedger = fault.Define(fault.Internal, "ERASURE_NOT_SET_UP",
		"Ara mateix no es poden esborrar dades. Escriviu a qui porta el servei.",
		"Ahora mismo no se pueden borrar datos. Escriba a quien lleva el servicio.",
		"Data cannot be erased right now. Write to who runs the service.")
)

// Receipt says what an erasure did.
type Receipt struct {
	Reference string
	At        time.Time
	personal.Erased
}

// Kept says what remains after an erasure.
func (Receipt) Kept() lang.Text {
	return lang.Text{
		CA: "Queden recomptes i un identificador que no diu qui sou: les actes, els acords i les places ocupades han de continuar quadrant. " +
			"Les còpies de seguretat antigues es van substituint, i si se'n restaura una, les vostres dades s'hi tornen a esborrar abans d'obrir el servei. " +
			"Els noms que algú hagi escrit en un programa públic, els ha de treure qui el publica.",
		ES: "Quedan recuentos y un identificador que no dice quién es: las actas, los acuerdos y las plazas ocupadas deben seguir cuadrando. " +
			"Las copias de seguridad antiguas se van sustituyendo, y si se restaura una, sus datos se vuelven a borrar antes de abrir el servicio. " +
			"Los nombres que alguien haya escrito en un programa público debe quitarlos quien lo publica.",
		EN: "Counts remain, and an identifier that does not say who you are: minutes, agreements and taken seats have to add up. " +
			"Old backups are replaced in time, and when one is restored your data are erased from it again before the service opens. " +
			"Names that somebody wrote into a public programme have to be taken out by who publishes it.",
	}
}

// Erase erases the viewer's own data and returns the receipt, which is mailed
// too. confirm must be true. Sessions and tokens end with it, so that a repeated
// request is told to sign in, whatever its key: the mail has the receipt.
//
// Who may: the person. Administrators have a command for who cannot sign in.
func (s *Service) Erase(ctx context.Context, v *access.Viewer, key string, confirm bool) (*Receipt, error) {
	switch {
	case !v.SignedIn():
		return nil, fault.ErrUnauthenticated.New()
	case !v.Token.IsZero():
		return nil, fault.ErrDenied.New() // a machine does not end a person
	case !confirm:
		return nil, errNotConfirmed.At("confirm")
	}
	if err := journal.CheckKey(key); err != nil {
		return nil, err
	}
	return s.erase(ctx, v, v.Person)
}

// EraseAs erases a person at the request of an administrator, who has made sure
// that the person wants it. Faults: fault.ErrNotFound.
func (s *Service) EraseAs(ctx context.Context, v *access.Viewer, person id.ID) (*Receipt, error) {
	var known bool
	err := s.db.Read().QueryRow(ctx, `select exists (select from nodes where id = $1 and kind = 'person')`, person).Scan(&known)
	if err != nil {
		return nil, wrap("look for the person", err)
	}
	if !known {
		return nil, fault.ErrNotFound.New()
	}
	return s.erase(ctx, v, person)
}

func (s *Service) erase(ctx context.Context, v *access.Viewer, person id.ID) (*Receipt, error) {
	if s.Ledger == nil {
		return nil, errNoLedger.New()
	}
	// Once begun it goes through, whether or not somebody waits for the answer.
	ctx = context.WithoutCancel(ctx)
	r, err := s.begin(ctx, v, person)
	if err != nil {
		return nil, err
	}
	return r, s.carryOut(ctx, v, person, r)
}

const beginSQL = `
insert into erasures (id, person, receipt, asked_by) values ($1, $2, $3, $4) returning asked_at`

// begin finds the person's open erasure or opens one. The ledger knows of it
// first: what is erased and not in the ledger would come back with a backup.
func (s *Service) begin(ctx context.Context, v *access.Viewer, person id.ID) (*Receipt, error) {
	r := &Receipt{}
	err := postgres.Hub(s.db.Read()).QueryRow(ctx, `
		select receipt, asked_at, cancelled_seats, nameless_seats from erasures where person = $1 and done_at is null
		order by asked_at limit 1`, person).Scan(&r.Reference, &r.At, &r.Cancelled, &r.Nameless)
	if !errors.Is(err, pgx.ErrNoRows) {
		return r, wrap("look for an open erasure", err)
	}
	if err := s.db.Read().QueryRow(ctx, `select clock_timestamp()`).Scan(&r.At); err != nil {
		return nil, wrap("ask for the time", err)
	}
	r.Reference = newReference()
	if err := s.remember(ctx, person, r); err != nil {
		return nil, err
	}
	err = postgres.Hub(s.db.Read()).QueryRow(ctx, beginSQL, id.New(), person, r.Reference, v.Person).Scan(&r.At)
	return r, wrap("note the erasure", err)
}

// remember writes an erasure into the ledger, and with it the records that became
// one with the person: a backup of before knows them as people of their own.
func (s *Service) remember(ctx context.Context, person id.ID, r *Receipt) error {
	rows, err := s.db.Read().Query(ctx, `select target from edges where source = $1 and kind = 'supersedes'`, person)
	if err != nil {
		return wrap("look for records of the person", err)
	}
	records, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return wrap("look for records of the person", err)
	}
	lines := []Line{{Person: person, At: r.At, Receipt: r.Reference}}
	for _, record := range records {
		lines = append(lines, Line{Person: record, At: r.At, Receipt: newReference()})
	}
	for _, line := range lines {
		if err := s.Ledger.Append(line); err != nil {
			return fault.ErrUnavailable.New().Because(err)
		}
	}
	return nil
}

// carryOut does everything that is left to do of an erasure.
func (s *Service) carryOut(ctx context.Context, v *access.Viewer, person id.ID, r *Receipt) error {
	who, err := auth.SubjectOf(ctx, s.db.Read(), person)
	if err != nil {
		return err
	}
	if err := auth.Suspend(ctx, s.db, person); err != nil {
		return err
	}
	for _, part := range s.Parts {
		done, err := part.Erase(ctx, v, who)
		if err != nil {
			return err
		}
		if err := s.count(ctx, r, done); err != nil {
			return err
		}
	}
	return s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		return s.finish(ctx, tx, who, r)
	})
}

func (s *Service) count(ctx context.Context, r *Receipt, done personal.Erased) error {
	if done == (personal.Erased{}) {
		return nil
	}
	_, err := postgres.Hub(s.db.Read()).Exec(ctx, `
		update erasures set cancelled_seats = cancelled_seats + $2, nameless_seats = nameless_seats + $3 where receipt = $1`,
		r.Reference, done.Cancelled, done.Nameless)
	r.Erased = r.Erased.Add(done)
	return wrap("count what was erased", err)
}

// finish takes the account away, with it the addresses, and queues the receipt
// for them: the last mail they get.
func (s *Service) finish(ctx context.Context, tx *postgres.Tx, who personal.Subject, r *Receipt) error {
	language, err := auth.EraseAccount(ctx, tx, who)
	if err != nil {
		return err
	}
	for i, address := range who.Mails {
		if err := mail.Forget(ctx, tx, address); err != nil {
			return err
		}
		if err := s.mailReceipt(ctx, tx, address, i, language, r); err != nil {
			return err
		}
	}
	_, err = tx.Native().Exec(ctx, `update erasures set done_at = clock_timestamp() where person = $1 and done_at is null`, who.ID)
	return wrap("finish the erasure", err)
}

func (s *Service) mailReceipt(ctx context.Context, tx *postgres.Tx, address string, place int, l lang.Lang, r *Receipt) error {
	if s.Mail == nil {
		return nil
	}
	contact := s.Operator.Mail
	if contact == "" {
		contact = "-"
	}
	m := mail.Message{
		To: address, Lang: l, Template: mail.ErasureReceipt, UniqueKey: fmt.Sprintf("erasure/%s/%d", r.Reference, place),
		Data: map[string]any{"receipt": r.Reference, "at": r.At, "kept": r.Kept().In(l), "contact": contact},
	}
	if m.Check() != nil { // an address that no mail can be sent to must not stop the erasure
		return nil
	}
	return s.Mail.EnqueueTx(ctx, tx, m)
}

// Purger is a part that forgets in time.
type Purger interface {
	// Purge forgets what was kept for long enough and says at how many places.
	Purge(ctx context.Context) (places int, err error)
}

// Purge does what is due: retention dates of all parts, and erasures that were
// begun and not finished. Any instance may do it, at any time; hourly is enough.
func (s *Service) Purge(ctx context.Context) error {
	all := []error{s.resume(ctx)}
	for _, part := range s.Parts {
		if p, ok := part.(Purger); ok {
			n, err := p.Purge(ctx)
			if n > 0 {
				s.Log.InfoContext(ctx, "personal data were purged", "places", n)
			}
			all = append(all, err)
		}
	}
	return errors.Join(all...)
}

// resume finishes erasures that an instance left when it died.
func (s *Service) resume(ctx context.Context) error {
	rows, err := postgres.Hub(s.db.Read()).Query(ctx, `
		select distinct person from erasures where done_at is null and asked_at < clock_timestamp() - interval '1 minute'`)
	if err != nil {
		return wrap("look for open erasures", err)
	}
	people, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return wrap("look for open erasures", err)
	}
	for _, person := range people {
		r, err := s.begin(ctx, &access.Viewer{}, person)
		if err == nil {
			err = s.carryOut(ctx, &access.Viewer{}, person, r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return postgres.Translate(fmt.Errorf("%s: %w", doing, err), nil)
}
