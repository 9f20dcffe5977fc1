package calendar

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/rate"
)

// post is how links leave: into a queue, towards a site.
type post struct {
	queue mail.TxQueue
	site  string
}

// WithPost lets people register by mail; site is where they find the hub.
func WithPost(queue mail.TxQueue, site string) RegistrationsOption {
	return func(s *Registrations) { s.post = post{queue, site} }
}

// Request takes a registration by mail and answers for how long its seats are
// held. Neither the answer nor the time it takes tells whether the address has
// registered at the event before: then nothing is taken, and the mail brings a
// link to what there is.
//
// Who may: anybody who sees the event. Refusals: those of Create but
// ErrAlreadyRegistered, which is said behind the link, and rate.ErrTooOften.
func (s *Registrations) Request(ctx context.Context, v *access.Viewer, in GuestInput, key string) (held time.Duration, err error) {
	if err := in.check(s.bodies); err != nil {
		return 0, err
	}
	err = rate.TakeAll(ctx, s.db,
		rate.Try{Limit: requestsPerMail, Subject: in.Mail}, rate.Try{Limit: requestsPerAddress, Subject: rate.Address(ctx)})
	if err != nil {
		return 0, err
	}
	known, err := s.lookUpGuest(ctx, v, in)
	if err != nil {
		return 0, err
	}
	call := command.Call{DB: s.db, Viewer: v, Key: key, Mutation: "registrationRequest", Input: in, Bearer: "mail " + in.Mail}
	err = call.Run(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		of, err := s.book(ctx, tx, request{viewer: v, event: in.Event}, in, known)
		return []id.ID{of}, err
	}, func(ctx context.Context, tx *postgres.Tx, _ []id.ID) error {
		holds, err := s.HoldsOf(ctx, tx.Native(), []id.ID{in.Event})
		held = holds[in.Event].Hold
		return err
	})
	return held, postgres.Translate(err, registrationConstraints())
}

func (s *Registrations) lookUpGuest(ctx context.Context, v *access.Viewer, in GuestInput) (lookedUp, error) {
	known, err := lookUp(ctx, s.db.Read(), v, in.registration())
	if err != nil || in.New == nil {
		return known, err
	}
	var town bool
	err = s.db.Read().QueryRow(ctx, `select exists (select from nodes where id = $1 and kind = 'municipality')`, in.New.Town).Scan(&town)
	if err == nil && !town {
		return known, fault.ErrNotFound.At("organization", "new", "town")
	}
	return known, registrationError("look the town up", err)
}

// book takes the seats, and gives them back at once when the address has some at
// this event for this organisation: so both cases do the same work.
func (s *Registrations) book(ctx context.Context, tx *postgres.Tx, r request, in GuestInput, known lookedUp) (id.ID, error) {
	if err := s.lock(ctx, tx, r.event); err != nil {
		return id.Zero, err
	}
	d, err := openDesk(ctx, tx, r, s.holds)
	if err != nil {
		return id.Zero, err
	}
	before, err := d.bookedBefore(ctx, in)
	if err != nil {
		return id.Zero, err
	}
	if _, err := tx.Native().Exec(ctx, `savepoint booking`); err != nil {
		return id.Zero, registrationError("set a savepoint", err)
	}
	made, err := d.register(ctx, in.registration(), known)
	if err != nil {
		return id.Zero, err
	}
	if err := d.noteContact(ctx, made.ID, in); err != nil {
		return id.Zero, err
	}
	if err := s.tell(ctx, d); err != nil {
		return id.Zero, err
	}
	booked, end := made.ID, `release savepoint booking`
	if !before.IsZero() {
		booked, end = before, `rollback to savepoint booking`
	}
	if _, err := tx.Native().Exec(ctx, end); err != nil {
		return id.Zero, registrationError("end a savepoint", err)
	}
	return booked, s.sendLink(ctx, tx, booked, in, d.at.HoldUntil)
}

const bookedBeforeSQL = `
select r.id from registration_contacts c join registrations r on r.id = c.registration
where c.event = $1 and c.mail = $2 and r.pending + r.confirmed + r.waiting > 0
  and (r.organisation = $3 or $3::uuid is null and lower(c.association_name) = lower($4) and c.association_town = $5)
order by r.line limit 1`

func (d *desk) bookedBefore(ctx context.Context, in GuestInput) (before id.ID, err error) {
	var added NewAssociation
	if in.New != nil {
		added = *in.New
	}
	err = d.tx.Native().QueryRow(ctx, `select (`+bookedBeforeSQL+`)`, in.Event, in.Mail, in.Organisation, added.Name, added.Town).Scan(&before)
	return before, registrationError("look for an earlier registration", err)
}

func (d *desk) noteContact(ctx context.Context, registration id.ID, in GuestInput) error {
	var added NewAssociation
	if in.New != nil {
		added = *in.New
	}
	_, err := d.tx.Native().Exec(ctx, `
		insert into registration_contacts (registration, event, mail, name, lang, association_name, association_number, association_town)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		registration, d.event, in.Mail, in.Name, in.Language, added.Name, added.TaxID, added.Town)
	return registrationError("note who asks", err)
}

// newLink makes one more link to a registration; only its hash is kept.
func newLink(ctx context.Context, q postgres.Querier, registration id.ID) (token string, err error) {
	token = rand.Text() + rand.Text()
	_, err = q.Exec(ctx, `
		insert into registration_links (token_hash, registration, expires_at)
		select $2, r.id, `+overSQL+` from registrations r join events e on e.node = r.event where r.id = $1`,
		registration, linkHash(token))
	return token, registrationError("make a link", err)
}

// page is where a link leads.
func (p post) page(token string) string { return p.site + "/registration#token=" + token }

// sendLink mails a link, by which the registration is confirmed if it is not yet.
func (s *Registrations) sendLink(ctx context.Context, tx *postgres.Tx, registration id.ID, in GuestInput, until time.Time) error {
	if s.post.queue == nil {
		return fmt.Errorf("calendar: registering by mail needs a queue for mails")
	}
	token, err := newLink(ctx, tx.Native(), registration)
	if err != nil {
		return err
	}
	var title lang.Text
	var sensitive, confirmed bool
	var confirmBy *time.Time
	err = tx.Native().QueryRow(ctx, `
		select jsonb_build_object('ca', n.title_ca, 'es', n.title_es, 'en', n.title_en), e.sensitive, r.confirm_by is null, r.confirm_by
		from registrations r join events e on e.node = r.event join nodes n on n.id = r.event where r.id = $1`,
		registration).Scan(&title, &sensitive, &confirmed, &confirmBy)
	if err != nil {
		return registrationError("read what a link is about", err)
	}
	if confirmBy != nil {
		until = *confirmBy
	}
	return s.post.queue.EnqueueTx(ctx, tx, mail.Message{
		To: in.Mail, Lang: in.Language, Template: mail.BookingLink, UniqueKey: fmt.Sprintf("booking/%s/%x", registration, linkHash(token)[:8]),
		About: registration,
		Data: map[string]any{
			"event": title.In(in.Language), "until": until, "link": s.post.page(token), "known": confirmed, "sensitive": sensitive,
		},
	})
}
