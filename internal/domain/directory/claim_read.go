package directory

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// ClaimType is the prefix of claims in public identifiers.
const ClaimType id.Type = "clm"

// ClaimDecision is what became of a claim.
type ClaimDecision string

// The decisions.
const (
	ClaimOpen     ClaimDecision = "OPEN"
	ClaimAccepted ClaimDecision = "ACCEPTED"
	ClaimRejected ClaimDecision = "REJECTED"
)

// Claim is that somebody says an association is theirs.
type Claim struct {
	link.Slots
	ID            id.ID
	AssociationID id.ID
	Person        id.ID
	Name          *string // nil when none is recorded, or for who may not see it
	At            time.Time
	State         ClaimDecision
	Reason        *string // of a rejection, for the person; else nil
}

// GlobalID is the claim's public identifier.
func (c *Claim) GlobalID() string { return ClaimType.GlobalPart(c.AssociationID, c.ID) }

const claimColumns = `c.id, c.organization, c.person, c.at,
	case when c.decided_at is null then 'OPEN' when c.accepted then 'ACCEPTED' else 'REJECTED' end`

func (c *Claim) targets() []any {
	return []any{&c.ID, &c.AssociationID, &c.Person, &c.At, &c.State}
}

// Officers have to know whom to believe: they get the names.
func openClaimsSQL(of string) string {
	return `select w.id, o.* from unnest(` + postgres.Keys + `) with ordinality as w(id, place)
	cross join lateral (
	  select ` + claimColumns + `, p.name
	  from organization_claims c left join person_names p on p.subject = c.person
	  where c.decided_at is null and ` + of + ` and exists (
	    select from edges e join territories t on t.node = e.target
	    where e.source = c.organization and e.kind = 'acts_in' and e.valid @> ` + today + `
	      and coalesce(t.municipality, t.node) = any($2))
	  order by c.at, c.id limit $3) o
	order by w.place`
}

var (
	openClaimsOfSQL = openClaimsSQL(`c.organization = w.id`)
	openClaimsInSQL = openClaimsSQL(`w.id = any($2) and exists (
	    select from edges e join territories t on t.node = e.target
	    where e.source = c.organization and e.kind = 'acts_in' and e.valid @> ` + today + `
	      and coalesce(t.municipality, t.node) = w.id)`)
)

// OpenClaimsOf reads the undecided claims of each association, oldest first, for
// officers of a town where it acts; others get none. The read is noted.
func OpenClaimsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, associations []id.ID, first int) (map[id.ID][]*Claim, error) {
	return openClaims(ctx, q, v, openClaimsOfSQL, associations, first)
}

// OpenClaimsIn reads those of the associations that act in each town, for its
// officers.
func OpenClaimsIn(ctx context.Context, q postgres.Querier, v *access.Viewer, towns []id.ID, first int) (map[id.ID][]*Claim, error) {
	return openClaims(ctx, q, v, openClaimsInSQL, towns, first)
}

func openClaims(ctx context.Context, q postgres.Querier, v *access.Viewer, sql string, of []id.ID, first int) (map[id.ID][]*Claim, error) {
	found := map[id.ID][]*Claim{}
	if len(v.Administers) == 0 {
		return found, nil
	}
	rows, err := postgres.Personal(q, v).Query(ctx, sql, of, v.Administers, first)
	if err != nil {
		return nil, wrap("read claims", err)
	}
	var parent id.ID
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Claim, error) {
		c := &Claim{}
		err := row.Scan(append(append([]any{&parent}, c.targets()...), &c.Name)...)
		found[parent] = append(found[parent], c)
		return c, err
	})
	if err != nil {
		return nil, wrap("read claims", err)
	}
	for _, c := range list {
		if err := audit.Read(ctx, q, v, audit.Claimants, c.AssociationID, []id.ID{c.Person}); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// ClaimsOfViewer reads the viewer's own claims, newest first, at most first.
func ClaimsOfViewer(ctx context.Context, q postgres.Querier, v *access.Viewer, first int) ([]*Claim, error) {
	return ownClaims(ctx, q, v, `c.person = $1 order by c.at desc, c.id limit $2`, v.Person, first)
}

// OwnClaim reads one claim of the viewer's; nil when there is none.
func OwnClaim(ctx context.Context, q postgres.Querier, v *access.Viewer, claim id.ID) (*Claim, error) {
	list, err := ownClaims(ctx, q, v, `c.person = $1 and c.id = $2`, v.Person, claim)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

func ownClaims(ctx context.Context, q postgres.Querier, v *access.Viewer, which string, args ...any) ([]*Claim, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, `
		select `+claimColumns+`, p.name, nullif(c.reason, '')
		from organization_claims c left join person_names p on p.subject = c.person where `+which, args...)
	if err != nil {
		return nil, wrap("read one's claims", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Claim, error) {
		c := &Claim{}
		return c, row.Scan(append(c.targets(), &c.Name, &c.Reason)...)
	})
	return list, wrap("read one's claims", err)
}

// RepresentedAmong tells which of the bodies somebody represents today.
func RepresentedAmong(ctx context.Context, q postgres.Querier, bodies []id.ID) (map[id.ID]bool, error) {
	rows, err := q.Query(ctx, `
		select distinct target from edges
		where target = any(`+postgres.Keys+`) and kind = 'acts_for' and role = 'REPRESENTATIVE' and valid @> `+today, bodies)
	if err != nil {
		return nil, wrap("look for representatives", err)
	}
	represented := map[id.ID]bool{}
	var body id.ID
	_, err = pgx.ForEachRow(rows, []any{&body}, func() error {
		represented[body] = true
		return nil
	})
	return represented, wrap("look for representatives", err)
}

// TownsOf reads the towns in which, or in parts of which, the bodies act today.
func TownsOf(ctx context.Context, q postgres.Querier, bodies []id.ID) (map[id.ID][]id.ID, error) {
	return pairs(q.Query(ctx, `
		select distinct e.source, coalesce(t.municipality, t.node)
		from edges e join territories t on t.node = e.target
		where e.source = any(`+postgres.Keys+`) and e.kind = 'acts_in' and e.valid @> `+today, bodies))
}

// WholesAbove reads what the offices are part of today, directly or by way of
// others, themselves included: who answers for any of it answers for the office.
func WholesAbove(ctx context.Context, q postgres.Querier, units []id.ID) (map[id.ID][]id.ID, error) {
	return pairs(q.Query(ctx, `
		with recursive above as (
		  select id as unit, id from unnest(`+postgres.Keys+`) as w(id)
		  union
		  select a.unit, e.target from above a join edges e on e.source = a.id
		  where e.kind = 'part_of' and e.role = 'UNIT' and e.valid @> `+today+`)
		select unit, id from above`, units))
}

func pairs(rows pgx.Rows, err error) (map[id.ID][]id.ID, error) {
	if err != nil {
		return nil, wrap("read relations", err)
	}
	found := map[id.ID][]id.ID{}
	var of, other id.ID
	_, err = pgx.ForEachRow(rows, []any{&of, &other}, func() error {
		found[of] = append(found[of], other)
		return nil
	})
	return found, wrap("read relations", err)
}
