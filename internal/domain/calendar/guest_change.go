package calendar

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

var (
	// ErrHoldLapsed is said to who confirms too late; the seats went to others.
	ErrHoldLapsed = fault.Define(fault.Conflict, "HOLD_LAPSED",
		"El temps per confirmar s'ha acabat i les places ja no es guarden. Torneu a inscriure-us.",
		"El tiempo para confirmar ha terminado y las plazas ya no se guardan. Vuelva a inscribirse.",
		"The time to confirm is over and the seats are no longer held. Register again.")
	// ErrNotConfirmed is said to who wants more of a registration than to confirm or
	// cancel it before it is confirmed.
	ErrNotConfirmed = fault.Define(fault.Conflict, "NOT_CONFIRMED_YET",
		"Primer confirmeu la inscripció.", "Primero confirme la inscripción.", "Confirm the registration first.")
	// ErrPartlySeated is about a block that has some seats and waits for more.
	ErrPartlySeated = fault.Define(fault.Conflict, "PARTLY_SEATED",
		"Part del grup ja té plaça: ja no pot esperar tot junt.",
		"Parte del grupo ya tiene plaza: ya no puede esperar todo junto.",
		"Part of the block has seats already: it can no longer wait together.")
)

// byLink carries out a command of the holder of a registration's link, signed in
// or not, and shows the registration as it stands then. A key is the link's.
func (s *Registrations) byLink(ctx context.Context, v *access.Viewer, token, mutation, key string, input any,
	do func(ctx context.Context, d *desk, f *file) error,
) (shown *Guest, err error) {
	of, err := registrationBehind(ctx, s.db.Read(), token)
	if err != nil {
		return nil, err
	}
	call := command.Call{DB: s.db, Viewer: v, Key: key, Mutation: mutation, Input: []any{linkHash(token), input}, Bearer: token}
	holder := access.Anonymous(v.Lang) // what the person behind it may besides is not asked
	err = call.Run(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		r := request{viewer: holder, event: of.event, name: mutation, bearer: of.registration}
		return s.atDesk(ctx, tx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
			if _, err := registrationBehind(ctx, tx.Native(), token); err != nil {
				return nil, err
			}
			f, err := readFile(ctx, tx.Native(), d.event, of.registration)
			if err != nil {
				return nil, err
			}
			return []id.ID{of.registration}, do(ctx, d, f)
		})
	}, func(ctx context.Context, tx *postgres.Tx, _ []id.ID) (err error) {
		shown, err = guestOf(ctx, tx.Native(), of.registration)
		return err
	})
	if err != nil {
		return nil, postgres.Translate(err, registrationConstraints())
	}
	return shown, nil
}

// Confirm shows that the mail address is read: what was held stays, delegates are
// told, an association that is new is added. Confirming twice changes nothing,
// but that mails are sent again to an address that none arrived at.
//
// Who may: the holder of the link. Refusals: ErrLinkEnded, ErrHoldLapsed,
// ErrAlreadyRegistered, ErrEventOver.
func (s *Registrations) Confirm(ctx context.Context, v *access.Viewer, token, key string) (*Guest, error) {
	return s.byLink(ctx, v, token, "registrationConfirm", key, nil, func(ctx context.Context, d *desk, f *file) error {
		if err := d.reads(ctx, token); err != nil {
			return err
		}
		return d.confirm(ctx, f, s.bodies)
	})
}

// reads notes that the address is read to which a link was mailed.
func (d *desk) reads(ctx context.Context, token string) error {
	var address string
	var mailed time.Time
	err := d.tx.Native().QueryRow(ctx, `
		select c.mail, l.made_at from registration_links l join registration_contacts c on c.registration = l.registration where l.token_hash = $1`,
		linkHash(token)).Scan(&address, &mailed)
	if err != nil {
		return registrationError("read where a link was mailed", err)
	}
	return registrationError("confirm the registration", mail.AliveAt(ctx, d.tx, address, &mailed))
}

const holdSQL = `
select r.confirm_by is null, coalesce(r.confirm_by <= clock_timestamp(), false), c.association_name, c.association_number, c.association_town
from registrations r join registration_contacts c on c.registration = r.id where r.id = $1`

func (d *desk) confirm(ctx context.Context, f *file, bodies Bodies) error {
	var done, late bool
	var added NewAssociation
	err := d.tx.Native().QueryRow(ctx, holdSQL, f.party.Registration).Scan(&done, &late, &added.Name, &added.TaxID, &added.Town)
	switch {
	case err != nil:
		return registrationError("read what is held", err)
	case done:
		return nil
	case late:
		return ErrHoldLapsed.New()
	}
	if err := d.mayChangeSeats(); err != nil {
		return err
	}
	if len(f.live()) == 0 {
		return ErrAlreadyCancelled.New()
	}
	if f.party.Organisation.IsZero() {
		if f.party.Organisation, err = bodies.AddAssociation(ctx, d.tx, added); err != nil {
			return err
		}
	}
	if err := d.makeCertain(ctx, f); err != nil {
		return err
	}
	d.tellRegistration(FactRegistrationConfirmed, f.party, 0, f.party.Waiting)
	return nil
}

const certainSQL = `
with keys as (
  update delegate_secrets s set mail_key = k.key from unnest($3::uuid[], $4::bytea[]) as k(delegate, key) where s.delegate = k.delegate
), links as (
  insert into delegate_links (delegate, event) select k.delegate, $5 from unnest($3::uuid[]) as k(delegate)
  on conflict (delegate) do update set told_at = null
), contact as (
  update registration_contacts set confirmed_at = clock_timestamp() where registration = $1
), offers as (
  update registration_delegates set offered_until = null where registration = $1 and offered_until is not null
)
update registrations set confirm_by = null, organisation = $2 where id = $1`

// makeCertain writes what a confirmation changes. From here on the delegates'
// addresses are theirs at this event, and they are told.
func (d *desk) makeCertain(ctx context.Context, f *file) error {
	rows, err := d.tx.Native().Query(ctx, `
		select d.id, lower(n.mail) from registration_delegates d join person_names n on n.subject = d.id
		where d.registration = $1 and n.mail is not null and d.state not in ('CANCELLED', 'REJECTED', 'REPLACED')`, f.party.Registration)
	if err != nil {
		return registrationError("read who is in the block", err)
	}
	delegates, keys := []id.ID{}, [][]byte{}
	var delegate id.ID
	var address string
	_, err = pgx.ForEachRow(rows, []any{&delegate, &address}, func() error {
		delegates, keys = append(delegates, delegate), append(keys, mailKey(d.event, address))
		return nil
	})
	if err != nil {
		return registrationError("read who is in the block", err)
	}
	_, err = d.tx.Native().Exec(ctx, certainSQL, f.party.Registration, f.party.Organisation, delegates, keys, d.event)
	return registrationError("confirm the registration", err)
}

// CancelBy cancels a registration by its link. Refusals: those of Cancel.
func (s *Registrations) CancelBy(ctx context.Context, v *access.Viewer, token, key string) (*Guest, error) {
	return s.byLink(ctx, v, token, "registrationLinkCancel", key, nil, func(ctx context.Context, d *desk, f *file) error {
		if err := d.mayChange(f); err != nil {
			return err
		}
		return d.cancelWhole(ctx, f)
	})
}

// CancelDelegateBy cancels one delegate by the registration's link. Refusals:
// those of CancelDelegate.
func (s *Registrations) CancelDelegateBy(ctx context.Context, v *access.Viewer, token string, delegate id.ID, key string) (*Guest, error) {
	return s.byLink(ctx, v, token, "registrationLinkDelegateCancel", key, delegate, func(ctx context.Context, d *desk, f *file) error {
		if err := d.mayChange(f); err != nil {
			return err
		}
		who, err := f.own(delegate)
		if err != nil {
			return err
		}
		return d.cancel(ctx, f, []fileDelegate{who})
	})
}

// own finds a delegate of this block who may still be changed.
func (f *file) own(delegate id.ID) (fileDelegate, error) {
	who := f.delegate(delegate)
	return who, who.mayGo()
}

// ReplaceDelegateBy names a delegate, or another one instead, by the
// registration's link. Refusals: those of ReplaceDelegate, and ErrNotConfirmed.
func (s *Registrations) ReplaceDelegateBy(ctx context.Context, v *access.Viewer, token string, delegate id.ID, by DelegateInput, key string) (*Guest, error) {
	by.Person = id.Zero // nobody is named by an identifier that is only known
	given, err := replacement(by)
	if err != nil {
		return nil, err
	}
	return s.byLink(ctx, v, token, "registrationLinkDelegateReplace", key, []any{delegate, given}, func(ctx context.Context, d *desk, f *file) error {
		if err := d.mayChange(f); err != nil {
			return err
		}
		if err := d.confirmed(ctx, f); err != nil {
			return err
		}
		return d.replace(ctx, f, f.delegate(delegate), given)
	})
}

func (d *desk) confirmed(ctx context.Context, f *file) error {
	var yes bool
	err := d.tx.Native().QueryRow(ctx, `select confirm_by is null from registrations where id = $1`, f.party.Registration).Scan(&yes)
	if err == nil && !yes {
		return ErrNotConfirmed.New()
	}
	return registrationError("read whether it is confirmed", err)
}

// ChoosePolicyBy changes what shall happen while there are not enough places, by
// the registration's link. Who waits may get seats by it at once. Refusals:
// ErrPartlySeated, ErrAlreadyCancelled, ErrEventOver.
func (s *Registrations) ChoosePolicyBy(ctx context.Context, v *access.Viewer, token string, to PlacesPolicy, key string) (*Guest, error) {
	if !oneOf(to, []PlacesPolicy{WaitTogether, TakeWhatThereIs}) {
		return nil, ErrBadPolicy.At("policy")
	}
	return s.byLink(ctx, v, token, "registrationLinkPolicyChoose", key, to, func(ctx context.Context, d *desk, f *file) error {
		if err := d.mayChange(f); err != nil {
			return err
		}
		switch live := f.live(); {
		case len(live) == 0:
			return ErrAlreadyCancelled.New()
		case to == WaitTogether && f.party.Waiting > 0 && f.party.Waiting < len(live):
			return ErrPartlySeated.At("policy")
		}
		_, err := d.tx.Native().Exec(ctx, `update registrations set policy = $2 where id = $1`, f.party.Registration, to)
		if err != nil {
			return registrationError("choose the policy", err)
		}
		return d.rearrange(ctx)
	})
}

// AcceptOfferBy says by the registration's link that who was promoted comes.
// Refusals: ErrNoOffer, ErrEventOver.
func (s *Registrations) AcceptOfferBy(ctx context.Context, v *access.Viewer, token, key string) (*Guest, error) {
	return s.byLink(ctx, v, token, "registrationLinkOfferAccept", key, nil, func(ctx context.Context, d *desk, f *file) error {
		if err := d.mayChange(f); err != nil {
			return err
		}
		return d.acceptOffer(ctx, f)
	})
}

// Adopt makes a registration that came by mail that of the account of who holds
// its link. The mails go on to the address it was asked for with.
//
// Who may: the holder of the link, signed in. Refusals: ErrNotConfirmed.
func (s *Registrations) Adopt(ctx context.Context, v *access.Viewer, token, key string) (*Guest, error) {
	if !v.SignedIn() {
		return nil, fault.ErrUnauthenticated.New()
	}
	return s.byLink(ctx, v, token, "registrationAdopt", key, v.Person, func(ctx context.Context, d *desk, f *file) error {
		if err := d.confirmed(ctx, f); err != nil {
			return err
		}
		tag, err := d.tx.Native().Exec(ctx, `update registrations set registered_by = $2 where id = $1 and registered_by is null`,
			f.party.Registration, v.Person)
		if err == nil && tag.RowsAffected() > 0 {
			d.tellRegistration(FactRegistrationAdopted, f.party, 0, f.party.Waiting)
		}
		return registrationError("adopt the registration", err)
	})
}
