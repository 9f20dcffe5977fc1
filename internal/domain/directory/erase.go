package directory

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/private"
)

// Erase takes a person out of the directory: the name, open claims, and every
// role that they have today or would have. Past roles stay as edges of an
// identifier that names nobody any more. v is who is told to have done it. It can
// be repeated.
func (s *Service) Erase(ctx context.Context, v *access.Viewer, who personal.Subject) (done personal.Erased, err error) {
	bodies, err := concerned(ctx, s.db.Read(), who.ID)
	if err != nil {
		return done, err
	}
	err = s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, append(bodies, who.ID)...); err != nil {
			return err
		}
		ended, err := endRoles(ctx, tx.Native(), who.ID)
		if err != nil {
			return err
		}
		for _, a := range ended {
			if err := journal.Append(ctx, tx, a.Organization, v, a.fact(FactAppointmentEnded)); err != nil {
				return err
			}
		}
		if _, err := tx.Native().Exec(ctx, eraseSQL, who.ID); err != nil {
			return wrap("erase a person", err)
		}
		return auth.Bump(ctx, tx, who.ID)
	})
	return done, err
}

// concerned are the bodies whose topics tell of the end of the person's roles.
func concerned(ctx context.Context, q postgres.Querier, person id.ID) ([]id.ID, error) {
	rows, err := q.Query(ctx, `
		select distinct e.target from edges e
		where e.source = $1 and e.kind = 'acts_for' and coalesce(upper(e.valid), 'infinity') > `+today, person)
	if err != nil {
		return nil, wrap("find a person's roles", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	return ids, wrap("find a person's roles", err)
}

// A role that began before today ends today, one of today or later never was.
const endRolesSQL = `
with gone as (
  delete from edges where source = $1 and lower(valid) >= ` + today + ` returning target, kind, role, lower(valid) as since
), ended as (
  update edges set valid = daterange(lower(valid), ` + today + `)
  where source = $1 and (lower_inf(valid) or lower(valid) < ` + today + `) and coalesce(upper(valid), 'infinity') > ` + today + `
  returning target, kind, role, lower(valid) as since
)
select target, role, since, ` + today + ` - 1 from (select * from gone union all select * from ended) x
where kind = 'acts_for' order by target, role`

func endRoles(ctx context.Context, q postgres.Querier, person id.ID) ([]AppointmentSpec, error) {
	rows, err := q.Query(ctx, endRolesSQL, person)
	if err != nil {
		return nil, wrap("end a person's roles", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (AppointmentSpec, error) {
		a := AppointmentSpec{Person: person}
		var until time.Time
		err := row.Scan(&a.Organization, &a.Role, &a.From, &until)
		a.Until = &until
		return a, err
	})
	return list, wrap("end a person's roles", err)
}

// The node stays: history points at it. Its life ends, and nobody signs in as it.
const eraseSQL = `
with names as (
  delete from person_names where subject = $1
), claims as (
  delete from organization_claims where person = $1 and decided_at is null
), reasons as (
  update organization_claims set reason = '' where person = $1 and decided_at is not null
)
update nodes set ended_at = coalesce(ended_at, now()), visibility = 4 where id = $1 and kind = 'person'`

// Export gives all that the directory keeps about a person. The caller has made
// sure that it is for the person.
func (s *Service) Export(ctx context.Context, q postgres.Querier, who personal.Subject) ([]personal.Table, error) {
	return private.Export(ctx, q, who, []private.Query{
		{Name: "person", Columns: []string{"identifier", "name", "mail", "recorded_at"}, SQL: `
			select n.id::text, coalesce(p.name, ''), coalesce(p.mail, ''), coalesce(p.recorded_at, n.created_at)::text
			from nodes n left join person_names p on p.subject = n.id where n.id = $1`},
		{Name: "roles", Columns: []string{"kind", "in", "role", "from", "until", "recorded_at"}, SQL: `
			select e.kind, coalesce(nullif(n.title_ca, ''), n.title_es, n.title_en), e.role, coalesce(lower(e.valid)::text, ''),
			  coalesce((upper(e.valid) - 1)::text, ''), e.recorded_at::text
			from edges e join nodes n on n.id = e.target where e.source = $1 order by e.recorded_at`},
		{Name: "claims", Columns: []string{"association", "claimed_at", "decided_at", "accepted", "reason"}, SQL: `
			select n.title_ca, c.at::text, coalesce(c.decided_at::text, ''), coalesce(c.accepted::text, ''), c.reason
			from organization_claims c join nodes n on n.id = c.organization where c.person = $1 order by c.at`},
		{Name: "claims_decided", Columns: []string{"association", "decided_at", "accepted"}, SQL: `
			select n.title_ca, c.decided_at::text, c.accepted::text
			from organization_claims c join nodes n on n.id = c.organization where c.decided_by = $1 order by c.decided_at`},
		{Name: "organisations_added", Columns: []string{"organisation"}, SQL: `
			select n.title_ca from organizations o join nodes n on n.id = o.node where o.added_by = $1 order by n.title_ca`},
		{Name: "relations_recorded", Columns: []string{"kind", "role", "to", "recorded_at"}, SQL: `
			select e.kind, e.role, coalesce(nullif(n.title_ca, ''), ''), e.recorded_at::text
			from edges e join nodes n on n.id = e.target where e.recorded_by = $1 order by e.recorded_at`},
	})
}
