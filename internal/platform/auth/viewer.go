// Package auth turns what a request shows (a token) into a Viewer.
//
// A grant is an edge: the rights of a person are read from the edges that hold
// today, so there is no second truth about who may what.
package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Viewer reads the rights a person has today, in one statement. The fault is
// UNAUTHENTICATED when the person no longer exists or may not sign in any more.
// People who were recorded and have no account have rights too: what signs in
// with a session or a token needs one (see Renewed).
func Viewer(ctx context.Context, q postgres.Querier, person id.ID, l lang.Lang) (*access.Viewer, error) {
	return viewer(ctx, q, person, id.Zero, id.Zero, l)
}

func viewer(ctx context.Context, q postgres.Querier, person, session, token id.ID, l lang.Lang) (*access.Viewer, error) {
	w, err := find(q.QueryRow(ctx, viewerSQL, person, session, token), l)
	return w.viewer, err
}

// who is what one statement finds out about who asks.
type who struct {
	viewer *access.Viewer
	stale  bool // its use was last noted a while ago
}

// find reads a row of one of the statements made by rightsSQL. No row is
// UNAUTHENTICATED.
func find(row pgx.Row, l lang.Lang) (who, error) {
	w := who{viewer: &access.Viewer{Lang: l}}
	v := w.viewer
	var until *time.Time
	err := row.Scan(&v.Home, &v.Administers, &v.Member, &v.Organises, &v.CheckIn, &v.Version, &until,
		&v.Person, &v.Session, &v.Token, &v.Scopes, &v.Admin, &w.stale)
	if errors.Is(err, pgx.ErrNoRows) {
		return who{}, fault.ErrUnauthenticated.New()
	}
	if err != nil {
		return who{}, postgres.Translate(fmt.Errorf("read the viewer's rights: %w", err), nil)
	}
	v.Organises = append(v.Organises, v.Person) // everybody organises themselves
	if until != nil {
		v.Until = *until
	}
	return w, nil
}

var viewerSQL = rightsSQL(`select $1::uuid as person, $2::uuid as session, $3::uuid as token, null::text[] as scopes, false as stale`)

// A representative or officer answers for the body; where the body is
// co-organiser of an event, a member of a group or a partner of a project, its
// people share in that.
// Who broke the glass of a node organises it until the half hour is over.
// source finds the person and what they signed in with; no row, and there is no
// viewer. The account, which row-level security hides from everybody else, is
// asked of a function that says so when there is none: who signed in with a
// session or a token and has no open account is nobody.
func rightsSQL(source string) string {
	return `
with who as (` + source + `),
standing as (select s.standing, s.admin, s.glass, s.glass_until from who w cross join viewer_standing(w.person) s),
today as (select (now() at time zone 'Europe/Madrid')::date as day),
acting as (
  select e.target as organisation, bool_or(e.role in ('REPRESENTATIVE', 'OFFICER')) as answers, min(upper(e.valid)) as ends
  from edges e, today where e.source = (select person from who) and e.kind = 'acts_for' and e.valid @> today.day group by e.target),
granted as (
  select e.target as node, e.role, upper(e.valid) as ends from edges e, today
  where e.source = (select person from who) and e.kind = 'has_role' and e.valid @> today.day),
shared as (
  select e.target as node, a.answers and e.kind = 'organises' as organises, upper(e.valid) as ends
  from acting a join edges e on e.source = a.organisation, today
  where e.valid @> today.day and (e.kind in ('member_of', 'leads', 'collaborates_in') or e.kind = 'organises' and e.role = 'CO')),
ends as (
  select least(
    (select min(d.ends)::timestamp at time zone 'Europe/Madrid'
     from (select ends from acting union all select ends from granted union all select ends from shared) d),
    (select glass_until from standing)) as first)
select
  array(select organisation from acting),
  array(select organisation from acting where answers),
  array(select node from granted where role = 'MEMBER' union select node from shared where not organises),
  array(select node from granted where role = 'ORGANISER' union select node from shared where organises
    union select unnest(glass) from standing),
  array(select node from granted where role = 'CHECK_IN'),
  coalesce((select version from viewer_versions where person = (select person from who)), 0),
  (select first from ends), -- when the first of these rights ends
  w.person, w.session, w.token, w.scopes, s.admin, w.stale
from who w join nodes p on p.id = w.person cross join standing s
where p.kind = 'person' and p.ended_at is null
  and (s.standing = 'OPEN' or s.standing = 'NONE' and num_nonnulls(w.session, w.token) = 0)`
}
