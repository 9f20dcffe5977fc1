package calendar

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Delegates that were replaced are gone for every reader; the door alone asks
// for them, by their dead code. A delegate's name is for who answers for the
// registration, for the delegate, for the people at the door, and for the
// organisation's people when the delegate chose so; mail and code for the first two
// only, and a code only with a seat. The organisation's people do not see the row
// in delegate_secrets: who has an account and chose so is named to them by
// shown_person. Parameter 7 are the events at
// whose door the viewer stands, 8 the identifiers asked for.
func delegatesSQL(by, order string) string {
	return `
select d.id, d.event, d.registration, d.position, d.state, d.role, d.territory, d.pool, d.named,
  case when w.knows then s.person end,
  case when w.knows or w.door or w.shown then coalesce(own.name, person.name, '') else '' end,
  case when w.knows then coalesce(own.mail, '') else '' end,
  case when w.knows and d.pool is not null then coalesce(s.code, '') else '' end,
  case when w.knows or w.door then d.arrived_at end,
  case when r.answers or w.door then d.arrived_by end,
  d.shown_to, case when w.knows then coalesce(d.answer, '') else '' end, d.erased
from (select r.*, m.answers ` + registrationSeenSQL + `
    or r.event = any($7::uuid[])) r
join registration_delegates d on d.registration = r.id and d.state <> 'REPLACED'
left join delegate_secrets s on s.delegate = d.id
cross join lateral (select r.answers or coalesce(s.person = $1, false) as knows, r.event = any($7::uuid[]) as door,
  d.shown_to = 'COLLEAGUES' and r.organisation = any($3::uuid[]) as shown) w
left join person_names own on own.subject = d.id
left join person_names person on person.subject = coalesce(s.person, case when w.shown then shown_person(d.id) end)
where ` + by + ` order by ` + order
}

var (
	delegatesOfSQL    = delegatesSQL(`r.id = any($8)`, `d.registration, d.position`)
	delegatesByIDsSQL = delegatesSQL(`d.id = any($8)`, `array_position($8::uuid[], d.id)`)
)

// DelegatesOf reads the delegates of registrations, in the order of their
// places in each block.
func DelegatesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, registrations []id.ID) (map[id.ID][]*Delegate, error) {
	list, err := collectDelegates(postgres.Personal(q, v).Query(ctx, delegatesOfSQL, seer(v, doors(v), registrations)...))
	if err != nil {
		return nil, err
	}
	return byParent(list, func(d *Delegate) id.ID { return d.Registration }), notedDelegates(ctx, q, v, list)
}

// DelegatesByIDs reads the visible ones among the given delegates, in the order
// given.
func DelegatesByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Delegate, error) {
	list, err := collectDelegates(postgres.Personal(q, v).Query(ctx, delegatesByIDsSQL, seer(v, doors(v), ids)...))
	if err != nil {
		return nil, err
	}
	return list, notedDelegates(ctx, q, v, list)
}

// notedDelegates notes of whom something was read: by the person where it is
// known, else by the delegate.
func notedDelegates(ctx context.Context, q postgres.Querier, v *access.Viewer, list []*Delegate) error {
	read := map[id.ID][]id.ID{}
	for _, d := range list {
		switch {
		case !d.Person.IsZero():
			read[d.Event] = append(read[d.Event], d.Person)
		case d.Name+d.Mail+d.Code != "":
			read[d.Event] = append(read[d.Event], d.ID)
		}
	}
	for event, subjects := range read {
		if err := audit.Read(ctx, q, v, audit.Delegates, event, subjects); err != nil {
			return err
		}
	}
	return nil
}

func collectDelegates(rows pgx.Rows, err error) ([]*Delegate, error) {
	if err != nil {
		return nil, registrationError("read delegates", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Delegate, error) {
		d := &Delegate{}
		return d, row.Scan(&d.ID, &d.Event, &d.Registration, &d.Position, &d.State, &d.Role, &d.Territory, &d.Pool,
			&d.Named, &d.Person, &d.Name, &d.Mail, &d.Code, &d.ArrivedAt, &d.ArrivedBy, &d.Visibility, &d.Answer, &d.Erased)
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
