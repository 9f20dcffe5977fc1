package directory

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// MaxReason is the longest reason for a rejection, in characters.
const MaxReason = 500

// Claim asks to take over an association that nobody represents, and returns
// the claim. It gives no right by itself: an officer of a town where the
// association acts decides. Who may: anyone signed in (access.MayClaim).
func (s *Service) Claim(ctx context.Context, v *access.Viewer, key string, association id.ID) (id.ID, error) {
	return s.command(ctx, v, key, "associationClaim", association, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		l, err := lock(ctx, tx, v, association)
		if err != nil {
			return id.Zero, err
		}
		if err := access.MayClaim(v); err != nil {
			return id.Zero, err
		}
		if err := claimable(ctx, tx.Native(), l); err != nil {
			return id.Zero, err
		}
		claim := id.New()
		_, err = tx.Native().Exec(ctx,
			`insert into organization_claims (id, organization, person) values ($1, $2, $3)`, claim, association, v.Person)
		if err != nil {
			return id.Zero, storeError("claim", err)
		}
		return claim, journal.Append(ctx, tx, association, v, fact(FactOrganizationClaimed, access.Organisers,
			ClaimFact{Claim: claim, Person: v.Person}, association, v.Person))
	})
}

func claimable(ctx context.Context, q postgres.Querier, l locked) error {
	if l.kind != node.Association {
		return ErrBadKind.At("id")
	}
	represented, err := RepresentedAmong(ctx, q, []id.ID{l.id})
	if err == nil && represented[l.id] {
		return ErrAlreadyClaimed.At("id")
	}
	return err
}

// Decision is what an officer decides about a claim.
type Decision struct {
	Association, Claim id.ID
	Accept             bool
	Reason             string // of a rejection, for the person; needed then
}

func (d *Decision) check() error {
	d.Reason = strings.TrimSpace(d.Reason)
	switch {
	case !d.Accept && d.Reason == "":
		return fault.ErrRequired.At("reason")
	case !utf8.ValidString(d.Reason) || strings.ContainsRune(d.Reason, 0):
		return fault.ErrBadText.At("reason")
	case utf8.RuneCountInString(d.Reason) > MaxReason:
		return fault.ErrTooLong.At("reason").With("max", MaxReason)
	}
	return nil
}

// DecideClaim accepts or rejects a claim, and tells the person by mail. An
// accepted one makes the person a representative from today on. Who may:
// officers of a town where the association acts (access.MayVerify).
func (s *Service) DecideClaim(ctx context.Context, v *access.Viewer, key string, d Decision) error {
	_, err := s.command(ctx, v, key, "claimDecide", d, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		l, _, err := supervised(ctx, tx, v, d.Association)
		if err != nil {
			return id.Zero, err
		}
		if err := d.check(); err != nil {
			return id.Zero, err
		}
		person, err := d.store(ctx, tx.Native(), v)
		if err != nil {
			return id.Zero, err
		}
		if d.Accept {
			if err := takeOver(ctx, tx, v, l, person); err != nil {
				return id.Zero, err
			}
		}
		if err := s.tellClaimant(ctx, tx, d, person); err != nil {
			return id.Zero, err
		}
		return d.Association, journal.Append(ctx, tx, d.Association, v, fact(FactClaimDecided, access.Organisers,
			ClaimFact{Claim: d.Claim, Person: person, Accepted: &d.Accept}, d.Association, person))
	})
	return err
}

func (d *Decision) store(ctx context.Context, q postgres.Querier, v *access.Viewer) (person id.ID, err error) {
	reason := d.Reason
	if d.Accept {
		reason = ""
	}
	err = q.QueryRow(ctx, `
		update organization_claims set decided_at = now(), decided_by = $3, accepted = $4, reason = $5
		where id = $1 and organization = $2 and decided_at is null returning person`,
		d.Claim, d.Association, v.Person, d.Accept, reason).Scan(&person)
	if errors.Is(err, pgx.ErrNoRows) {
		return id.Zero, ErrClaimDecided.At("id")
	}
	return person, wrap("decide a claim", err)
}

// takeOver makes the person a representative; who is one already stays one.
func takeOver(ctx context.Context, tx *postgres.Tx, v *access.Viewer, l locked, person id.ID) error {
	if err := claimable(ctx, tx.Native(), l); err != nil {
		return err
	}
	_, err := appoint(ctx, tx, v, l, AppointmentSpec{Organization: l.id, Person: person, Role: Representative})
	if err != nil {
		return err
	}
	_, err = tx.Native().Exec(ctx, `
		update organizations set claimed_at = coalesce(claimed_at, now()), revision = revision + 1 where node = $1`, l.id)
	return wrap("note the claim", err)
}

// Verify notes that an officer has checked an association's entry. Who may:
// officers of a town where it acts (access.MayVerify). Verifying again does
// nothing.
func (s *Service) Verify(ctx context.Context, v *access.Viewer, key string, association id.ID) error {
	_, err := s.command(ctx, v, key, "associationVerify", association, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		_, town, err := supervised(ctx, tx, v, association)
		if err != nil {
			return id.Zero, err
		}
		tag, err := tx.Native().Exec(ctx, `
			update organizations set verified_at = now(), verified_by = $2, revision = revision + 1
			where node = $1 and verified_at is null`, association, town)
		if err != nil || tag.RowsAffected() == 0 {
			return association, wrap("verify", err)
		}
		return association, journal.Append(ctx, tx, association, v,
			fact(FactOrganizationVerified, access.Public, OrganizationVerified{By: town}, association, town))
	})
	return err
}

// supervised is lock for what an officer of a town does about an association
// that acts there; it returns the officer's town.
func supervised(ctx context.Context, tx *postgres.Tx, v *access.Viewer, association id.ID) (locked, id.ID, error) {
	l, err := lock(ctx, tx, v, association)
	if err != nil {
		return l, id.Zero, err
	}
	if l.kind != node.Association {
		return l, id.Zero, ErrBadKind.At("id")
	}
	towns, err := TownsOf(ctx, tx.Native(), []id.ID{association})
	if err != nil {
		return l, id.Zero, err
	}
	if err := access.MayVerify(v, towns[association]); err != nil {
		return l, id.Zero, err
	}
	return l, towns[association][slices.IndexFunc(towns[association], v.MayAdminister)], nil
}
