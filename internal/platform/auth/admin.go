package auth

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// AppointAdmin makes whoever reads the mail address an administrator of the
// platform and returns a link that signs them in, once, within a day. Who may:
// who holds the machine, by command; there is no other way to the first one.
func (s *Accounts) AppointAdmin(ctx context.Context, address string) (link string, err error) {
	if address, err = Address(address); err != nil {
		return "", err
	}
	token, hash := newToken()
	err = s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		person, err := opened(ctx, tx, address, "")
		if err != nil {
			return err
		}
		if err := journal.Lock(ctx, tx, person); err != nil {
			return err
		}
		_, err = tx.Native().Exec(ctx, `update accounts set admin = true where person = $1`, person)
		if err != nil {
			return wrap("appoint the administrator", err)
		}
		if _, err := tx.Native().Exec(ctx, `
			insert into sign_in_codes (id, mail, token_hash, expires_at) values ($1, $2, $3, now() + $4)`,
			id.New(), address, hash, adminLife); err != nil {
			return wrap("keep the link", err)
		}
		if err := Bump(ctx, tx, person); err != nil {
			return err
		}
		return tell(ctx, tx, person, nil, FactAdminAppointed, nil)
	})
	return s.signInLink(token), err
}

// Which names an account.
type Which struct {
	Person id.ID
	Mail   string
}

// Disable takes an account out of use: from the commit on nobody signs in to it,
// its sessions and tokens have ended, and what it invited to is withdrawn. The
// person and all that was done stay. Who may: administrators of the platform; a
// nil viewer is who holds the machine, by command. Faults: DENIED, NO_ACCOUNT,
// OWN_ACCOUNT.
func (s *Accounts) Disable(ctx context.Context, v *access.Viewer, key string, w Which) (*Account, error) {
	return s.administer(ctx, v, key, "accountDisable", w, func(ctx context.Context, tx *postgres.Tx, a *Account) error {
		if v != nil && v.Person == a.Person {
			return ErrOwnAccount.New()
		}
		return disable(ctx, tx, v, a.Person)
	})
}

// Enable lets the person of a disabled account sign in again. Nothing that was
// ended comes back. Who may: as for Disable.
func (s *Accounts) Enable(ctx context.Context, v *access.Viewer, key string, w Which) (*Account, error) {
	return s.administer(ctx, v, key, "accountEnable", w, func(ctx context.Context, tx *postgres.Tx, a *Account) error {
		if _, err := tx.Native().Exec(ctx, `update accounts set disabled_at = null where person = $1`, a.Person); err != nil {
			return wrap("enable the account", err)
		}
		return tell(ctx, tx, a.Person, v, FactAccountEnabled, nil)
	})
}

// administer finds an account for an administrator, does something about it and
// reads it again.
func (s *Accounts) administer(ctx context.Context, v *access.Viewer, key, mutation string, w Which, do func(ctx context.Context, tx *postgres.Tx, a *Account) error) (*Account, error) {
	by := v
	if v == nil {
		by = &access.Viewer{} // the hub itself
	} else if err := mayAdminister(v); err != nil {
		return nil, err
	}
	done, err := s.one(postgres.AsHub(ctx), by, key, mutation, w, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		a, err := which(ctx, tx.Native(), w)
		if err != nil {
			return id.Zero, err
		}
		if err := journal.Lock(ctx, tx, a.Person); err != nil {
			return id.Zero, err
		}
		return a.Person, do(ctx, tx, a)
	})
	if err != nil {
		return nil, err
	}
	return which(ctx, postgres.Hub(s.db.Read()), Which{Person: done})
}

func mayAdminister(v *access.Viewer) error {
	if err := inPerson(v); err != nil {
		return err
	}
	if !v.Admin {
		return fault.ErrDenied.New()
	}
	return nil
}

func which(ctx context.Context, q postgres.Querier, w Which) (*Account, error) {
	a := &Account{}
	err := q.QueryRow(ctx, `select `+accountColumns+` from accounts a where a.person = $1 or a.mail = nullif($2, '')`,
		w.Person, w.Mail).Scan(a.targets()...)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrNoAccount.New()
	}
	return a, wrap("find the account", err)
}

func disable(ctx context.Context, tx *postgres.Tx, v *access.Viewer, person id.ID) error {
	if _, err := tx.Native().Exec(ctx, disableSQL, person); err != nil {
		return wrap("disable the account", err)
	}
	if err := tell(ctx, tx, person, v, FactAccountDisabled, nil); err != nil {
		return err
	}
	// A command of theirs that waits for its turn is not made any more.
	return Revoke(ctx, tx, person, person)
}

const disableSQL = `
with disabled as (update accounts set disabled_at = coalesce(disabled_at, now()) where person = $1 returning mail),
sessions as (update sessions set ended_at = now() where person = $1 and ended_at is null),
tokens as (update api_tokens set revoked_at = now() where person = $1 and revoked_at is null),
invited as (update invitations set revoked_at = now() where invited_by = $1 and accepted_at is null and revoked_at is null)
update sign_in_codes c set used_at = now() from disabled d where c.mail = d.mail and c.used_at is null`
