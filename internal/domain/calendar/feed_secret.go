package calendar

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Personal is that a person has a calendar of their own, at a secret address.
type Personal struct{ Since time.Time }

// OpenPersonal gives the viewer a calendar at a new secret address, shown this
// once; the one before no longer works. A repeated key answers without the
// secret. Who may: a person, for themselves, never a program.
func (s *Registrations) OpenPersonal(ctx context.Context, v *access.Viewer, key string) (secret string, err error) {
	err = s.ownCalendar(ctx, v, key, "personalCalendarOpen", func(ctx context.Context, tx *postgres.Tx) error {
		secret = rand.Text() + rand.Text()
		_, err := tx.Native().Exec(ctx, `
			insert into calendar_secrets (person, token_hash) values ($1, $2)
			on conflict (person) do update set token_hash = excluded.token_hash, made_at = clock_timestamp()`, v.Person, linkHash(secret))
		return err
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// ClosePersonal takes the address back. Who may: as OpenPersonal.
func (s *Registrations) ClosePersonal(ctx context.Context, v *access.Viewer, key string) error {
	return s.ownCalendar(ctx, v, key, "personalCalendarClose", func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `delete from calendar_secrets where person = $1`, v.Person)
		return err
	})
}

func (s *Registrations) ownCalendar(ctx context.Context, v *access.Viewer, key, mutation string, do func(context.Context, *postgres.Tx) error) error {
	if v.SignedIn() && !v.Token.IsZero() {
		return fault.ErrDenied.New()
	}
	_, err := command.Made(ctx, command.Call{DB: s.db, Viewer: v, Key: key, Mutation: mutation, Input: nil}, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		return v.Person, registrationError("keep the calendar's address", do(ctx, tx))
	})
	return err
}

// PersonalOf reads whether the viewer has a calendar of their own; nil: none.
func PersonalOf(ctx context.Context, q postgres.Querier, v *access.Viewer) (*Personal, error) {
	p := &Personal{}
	err := postgres.Personal(q, v).QueryRow(ctx, `select made_at from calendar_secrets where person = $1`, v.Person).Scan(&p.Since)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return p, registrationError("read the calendar's address", err)
}

// PersonBehind finds whose calendar a secret opens; the fault is ErrLinkEnded.
// The secret is the right, which the policies cannot know.
func PersonBehind(ctx context.Context, q postgres.Querier, secret string) (person id.ID, err error) {
	err = postgres.Hub(q).QueryRow(ctx, `select person from calendar_secrets where token_hash = $1`, linkHash(secret)).Scan(&person)
	if errors.Is(err, pgx.ErrNoRows) {
		return person, ErrLinkEnded.New()
	}
	return person, registrationError("find whose calendar it is", err)
}
