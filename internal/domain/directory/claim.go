package directory

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// OpenClaim is that somebody says an association is theirs and nobody has
// decided yet.
type OpenClaim struct {
	ID           id.ID
	Organization id.ID
	Person       id.ID
	Name         *string // of the person, nil when none is recorded
	At           time.Time
}

// Claim asks to take over an association that nobody represents, and returns
// the claim. It gives no right by itself: an officer of a town where the
// association acts decides. Who may: anyone signed in.
func (s *Service) Claim(ctx context.Context, v *access.Viewer, key string, association id.ID) (id.ID, error) {
	return s.command(ctx, v, key, "organizationClaim", association, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		l, err := lock(ctx, tx, v, association)
		if err != nil {
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
		return ErrBadKind.At("organization")
	}
	var represented bool
	err := q.QueryRow(ctx, `
		select exists (select from edges where target = $1 and kind = 'acts_for' and role = 'REPRESENTATIVE'
		  and valid @> $2::date)`, l.id, l.today).Scan(&represented)
	if err == nil && represented {
		return ErrAlreadyClaimed.At("organization")
	}
	return wrap("look for representatives", err)
}

// DecideClaim accepts or rejects a claim. An accepted one makes the person a
// representative from today on. Who may: officers of a town where the
// association acts.
func (s *Service) DecideClaim(ctx context.Context, v *access.Viewer, key string, association, claim id.ID, accept bool) error {
	input := []any{association, claim, accept}
	_, err := s.command(ctx, v, key, "organizationClaimDecide", input, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		l, _, err := supervised(ctx, tx, v, association)
		if err != nil {
			return id.Zero, err
		}
		person, err := decide(ctx, tx.Native(), v, association, claim, accept)
		if err != nil {
			return id.Zero, err
		}
		if accept {
			if err := takeOver(ctx, tx, v, l, person); err != nil {
				return id.Zero, err
			}
		}
		return association, journal.Append(ctx, tx, association, v, fact(FactClaimDecided, access.Organisers,
			ClaimFact{Claim: claim, Person: person, Accepted: &accept}, association, person))
	})
	return err
}

func decide(ctx context.Context, q postgres.Querier, v *access.Viewer, association, claim id.ID, accept bool) (person id.ID, err error) {
	err = q.QueryRow(ctx, `
		update organization_claims set decided_at = now(), decided_by = $3, accepted = $4
		where id = $1 and organization = $2 and decided_at is null returning person`,
		claim, association, v.Person, accept).Scan(&person)
	if errors.Is(err, pgx.ErrNoRows) {
		return id.Zero, ErrClaimDecided.At("claim")
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
// officers of a town where it acts. Verifying again does nothing.
func (s *Service) Verify(ctx context.Context, v *access.Viewer, key string, association id.ID) error {
	_, err := s.command(ctx, v, key, "organizationVerify", association, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
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
		return l, id.Zero, ErrBadKind.At("organization")
	}
	rows, err := tx.Native().Query(ctx, `
		select distinct coalesce(t.municipality, t.node)
		from edges e join territories t on t.node = e.target
		where e.source = $1 and e.kind = 'acts_in' and e.valid @> $2::date`, association, l.today)
	if err != nil {
		return l, id.Zero, wrap("read towns", err)
	}
	towns, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return l, id.Zero, wrap("read towns", err)
	}
	if i := slices.IndexFunc(towns, v.MayAdminister); i >= 0 {
		return l, towns[i], nil
	}
	return l, id.Zero, fault.ErrDenied.New()
}

// OpenClaims reads the undecided claims of associations that act in the towns
// the viewer answers for, oldest first, with the names of who claims: the
// officer has to know whom to believe. The caller logs the access.
func OpenClaims(ctx context.Context, q postgres.Querier, v *access.Viewer, first int) ([]OpenClaim, error) {
	rows, err := q.Query(ctx, `
		select c.id, c.organization, c.person, p.name, c.at
		from organization_claims c left join person_names p on p.subject = c.person
		where c.decided_at is null and exists (
		  select from edges e join territories t on t.node = e.target
		  where e.source = c.organization and e.kind = 'acts_in' and e.valid @> `+today+`
		    and coalesce(t.municipality, t.node) = any($1))
		order by c.at, c.id limit $2`, v.Administers, first)
	if err != nil {
		return nil, wrap("read claims", err)
	}
	claims, err := pgx.CollectRows(rows, pgx.RowToStructByPos[OpenClaim])
	return claims, wrap("read claims", err)
}
