// Package auth turns what a request shows (a token) into a Viewer.
//
// A grant is an edge: the rights of a person are read from the edges that hold
// today, so there is no second truth about who may what.
package auth

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Viewer reads the rights a person has today, in one statement. The fault is
// UNAUTHENTICATED when the person no longer exists.
func Viewer(ctx context.Context, q postgres.Querier, person id.ID, l lang.Lang) (*access.Viewer, error) {
	v := &access.Viewer{Person: person, Lang: l}
	err := q.QueryRow(ctx, viewerSQL, person).Scan(
		&v.Home, &v.Administers, &v.Member, &v.Organises, &v.CheckIn, &v.Version)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fault.ErrUnauthenticated.New()
	}
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("read the viewer's rights: %w", err), nil)
	}
	v.Organises = append(v.Organises, person) // everybody organises themselves
	return v, nil
}

// A representative or officer answers for the body; where the body is
// co-organiser of an event or a member of a group, its people share in that.
const viewerSQL = `
with today as (select (now() at time zone 'Europe/Madrid')::date as day),
acting as (
  select e.target as organisation, bool_or(e.role in ('REPRESENTATIVE', 'OFFICER')) as answers
  from edges e, today where e.source = $1 and e.kind = 'acts_for' and e.valid @> today.day group by e.target),
granted as (
  select e.target as node, e.role from edges e, today
  where e.source = $1 and e.kind = 'has_role' and e.valid @> today.day),
shared as (
  select e.target as node, a.answers and e.kind = 'organises' as organises
  from acting a join edges e on e.source = a.organisation, today
  where e.valid @> today.day and (e.kind = 'member_of' or e.kind = 'organises' and e.role = 'CO'))
select
  array(select organisation from acting),
  array(select organisation from acting where answers),
  array(select node from granted where role = 'MEMBER' union select node from shared where not organises),
  array(select node from granted where role = 'ORGANISER' union select node from shared where organises),
  array(select node from granted where role = 'CHECK_IN'),
  coalesce((select version from viewer_versions where person = $1), 0)
from nodes p where p.id = $1 and p.kind = 'person' and p.ended_at is null`
