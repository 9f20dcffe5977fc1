package auth

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Claims is what an OpenID Connect provider vouches for. Issuer and subject
// together are who it is; the rest is what the provider says about them.
type Claims struct {
	Issuer, Subject string
	Name            string
	Mail            string // in the form of Address, empty when none was said
	// MailVerified is set only where the provider says so: some never do, and
	// some let people write any address.
	MailVerified bool
	Language     lang.Lang
}

// SignInWith finds the person of an identity. An identity seen for the first
// time makes a person of its own: an account is never found by a mail address
// that somebody else vouches for. Where there is an account with that address
// the fault is OIDC_MAIL_KNOWN, and the person links the two by LinkIdentity.
// Other faults: ACCOUNT_DISABLED.
func (s *Accounts) SignInWith(ctx context.Context, c Claims) (person id.ID, err error) {
	err = s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		if err := serial(ctx, tx, identityKey(c)); err != nil {
			return err
		}
		var disabled bool
		person, disabled, err = ownerOf(ctx, tx, c)
		switch {
		case err != nil:
			return err
		case disabled:
			return ErrAccountDisabled.New()
		case !person.IsZero():
			return nil
		}
		person, err = newcomer(ctx, tx, c)
		return err
	})
	return person, err
}

func identityKey(c Claims) string { return "identity " + c.Issuer + " " + c.Subject }

// ownerOf is Zero for an identity that nobody has linked.
func ownerOf(ctx context.Context, tx *postgres.Tx, c Claims) (person id.ID, disabled bool, err error) {
	err = tx.Native().QueryRow(ctx, `
		select a.person, a.disabled_at is not null from identities i join accounts a on a.person = i.person
		where i.issuer = $1 and i.subject = $2`, c.Issuer, c.Subject).Scan(&person, &disabled)
	if errors.Is(err, pgx.ErrNoRows) {
		return id.Zero, false, nil
	}
	return person, disabled, wrap("find the identity", err)
}

func newcomer(ctx context.Context, tx *postgres.Tx, c Claims) (id.ID, error) {
	a := Account{Language: c.Language}
	if c.Mail != "" {
		if err := serial(ctx, tx, "account "+c.Mail); err != nil {
			return id.Zero, err
		}
		var known bool
		err := tx.Native().QueryRow(ctx, `select exists (select from accounts where mail = $1)`, c.Mail).Scan(&known)
		if err != nil {
			return id.Zero, wrap("look for the mail address", err)
		}
		if known {
			return id.Zero, ErrMailKnown.New()
		}
		if c.MailVerified {
			a.Mail = &c.Mail
		}
	}
	name, err := cleanName(c.Name)
	if err != nil {
		name = "" // what the provider wrote is no name
	}
	person, err := newAccount(ctx, tx, a, name)
	if err != nil {
		return id.Zero, err
	}
	return person, addIdentity(ctx, tx, &access.Viewer{Person: person}, c)
}

// LinkIdentity lets the viewer sign in with the identity from now on. The fault
// is IDENTITY_TAKEN when it is somebody else's.
func (s *Accounts) LinkIdentity(ctx context.Context, v *access.Viewer, c Claims) error {
	if err := inPerson(v); err != nil {
		return err
	}
	return s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		if err := serial(ctx, tx, identityKey(c)); err != nil {
			return err
		}
		owner, _, err := ownerOf(ctx, tx, c)
		switch {
		case err != nil || owner == v.Person:
			return err
		case !owner.IsZero():
			return ErrIdentityTaken.New()
		}
		if err := journal.Lock(ctx, tx, v.Person); err != nil {
			return err
		}
		return addIdentity(ctx, tx, v, c)
	})
}

func addIdentity(ctx context.Context, tx *postgres.Tx, v *access.Viewer, c Claims) error {
	tag, err := tx.Native().Exec(ctx, `insert into identities (issuer, subject, person) select $1, $2, a.person from accounts a where a.person = $3`,
		c.Issuer, c.Subject, v.Person)
	if err == nil && tag.RowsAffected() == 0 {
		return ErrNoAccount.New()
	}
	if err != nil {
		return wrap("link the identity", err)
	}
	return tell(ctx, tx, v.Person, v, FactIdentityLinked, nil)
}

// Identity is a provider's account that a person has linked.
type Identity struct {
	Issuer   string
	LinkedAt time.Time
}

// IdentitiesOf reads what the viewer has linked to their own account.
func IdentitiesOf(ctx context.Context, q postgres.Querier, v *access.Viewer) ([]*Identity, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, `select issuer, linked_at from identities where person = $1 order by linked_at, issuer limit 100`, v.Person)
	if err != nil {
		return nil, wrap("read the identities", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToAddrOfStructByPos[Identity])
	return list, wrap("read the identities", err)
}

// UnlinkIdentities takes an issuer's identities off the viewer's account, unless
// nothing would be left to sign in with: then the fault is LAST_WAY_IN.
func (s *Accounts) UnlinkIdentities(ctx context.Context, v *access.Viewer, key, issuer string) error {
	if err := inPerson(v); err != nil {
		return err
	}
	_, err := once(ctx, s.db, v, key, "linkedIdentityRemove", issuer, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		return nil, unlink(ctx, tx, v, issuer)
	})
	return err
}

func unlink(ctx context.Context, tx *postgres.Tx, v *access.Viewer, issuer string) error {
	if err := journal.Lock(ctx, tx, v.Person); err != nil {
		return err
	}
	tag, err := tx.Native().Exec(ctx, `delete from identities where person = $1 and issuer = $2`, v.Person, issuer)
	if err == nil && tag.RowsAffected() == 0 {
		return fault.ErrNotFound.At("issuer")
	}
	if err != nil {
		return wrap("unlink the identity", err)
	}
	var way bool
	err = tx.Native().QueryRow(ctx, `
			select a.mail is not null or exists (select from identities i where i.person = a.person)
			from accounts a where a.person = $1`, v.Person).Scan(&way)
	switch {
	case err != nil:
		return wrap("look for another way in", err)
	case !way:
		return ErrLastWayIn.New()
	}
	return tell(ctx, tx, v.Person, v, FactIdentityUnlinked, nil)
}
