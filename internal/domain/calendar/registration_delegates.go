package calendar

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Delegates that were replaced are gone for every reader; the door alone asks
// for them, by their dead code. A delegate's name is for who answers for the
// registration, for the delegate, and for the people at the door; mail and code
// not for the door, and a code only with a seat. Parameter 7 are the events at
// whose door the viewer stands, 8 the identifiers asked for.
func delegatesSQL(by, order string) string {
	return `
select d.id, d.event, d.registration, d.position, d.state, d.role, d.territory, d.pool, d.named,
  case when w.knows then d.person end,
  case when w.knows or w.door then coalesce(own.name, person.name, '') else '' end,
  case when w.knows then coalesce(own.mail, '') else '' end,
  case when w.knows and d.pool is not null then d.code else '' end,
  case when w.knows or w.door then d.arrived_at end,
  case when r.answers or w.door then d.arrived_by end
from (select r.*, m.answers ` + registrationSeenSQL + `
    or r.event = any($7::uuid[])) r
join registration_delegates d on d.registration = r.id and d.state <> 'REPLACED'
cross join lateral (select r.answers or coalesce(d.person = $1, false) as knows, r.event = any($7::uuid[]) as door) w
left join person_names own on own.subject = d.id
left join person_names person on person.subject = d.person
where ` + by + ` order by ` + order
}

var (
	delegatesOfSQL    = delegatesSQL(`r.id = any($8)`, `d.registration, d.position`)
	delegatesByIDsSQL = delegatesSQL(`d.id = any($8)`, `array_position($8::uuid[], d.id)`)
)

// DelegatesOf reads the delegates of registrations, in the order of their
// places in each block.
func DelegatesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, registrations []id.ID) (map[id.ID][]*Delegate, error) {
	list, err := collectDelegates(q.Query(ctx, delegatesOfSQL, seer(v, doors(v), registrations)...))
	return byParent(list, func(d *Delegate) id.ID { return d.Registration }), err
}

// DelegatesByIDs reads the visible ones among the given delegates, in the order
// given.
func DelegatesByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Delegate, error) {
	return collectDelegates(q.Query(ctx, delegatesByIDsSQL, seer(v, doors(v), ids)...))
}

func collectDelegates(rows pgx.Rows, err error) ([]*Delegate, error) {
	if err != nil {
		return nil, registrationError("read delegates", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Delegate, error) {
		d := &Delegate{}
		return d, row.Scan(&d.ID, &d.Event, &d.Registration, &d.Position, &d.State, &d.Role, &d.Territory, &d.Pool,
			&d.Named, &d.Person, &d.Name, &d.Mail, &d.Code, &d.ArrivedAt, &d.ArrivedBy)
	})
	return list, registrationError("read delegates", err)
}

// doors keeps an empty list from becoming NULL.
func doors(v *access.Viewer) []id.ID {
	if v.CheckIn == nil {
		return []id.ID{}
	}
	return v.CheckIn
}

func oneDelegate(ctx context.Context, q postgres.Querier, v *access.Viewer, delegate id.ID) (*Delegate, error) {
	list, err := DelegatesByIDs(ctx, q, v, []id.ID{delegate})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.ErrNotFound.New()
	}
	return list[0], nil
}
