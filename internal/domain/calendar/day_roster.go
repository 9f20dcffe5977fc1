package calendar

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Expected is a delegate as a device at the door knows them: by the hash of their
// code, so that who has the device can recognise a code and not make one.
type Expected struct {
	ID           id.ID
	Event        id.ID
	person       id.ID // Zero when not known
	CodeHash     *string
	Name         *string // nil until it is given, and of who does not come any more
	Organization lang.Text
	Council      bool // Organization is a town, which is shown as its council
	Role         DelegateRole
	SeatPool     *lang.Text // nil without a seat
	State        DelegateState
	ArrivedAt    *time.Time
}

// GlobalID is the delegate's public identifier.
func (x *Expected) GlobalID() string { return DelegateType.GlobalPart(x.Event, x.ID) }

// Roster is a page of those a device is to know, as of a number of the event's
// changes.
type Roster struct {
	page.Connection[*Expected]
	Number int
}

// rosterSQL reads by identifier, so that who is replaced while a device reads page
// after page stands on one to come. Who does not come any more is named no longer.
const rosterSQL = `
select d.id, d.event, s.person, encode(sha256(convert_to(s.code, 'UTF8')), 'hex'),
  case when d.state in ('PENDING', 'CONFIRMED', 'WAITLISTED', 'ATTENDED', 'NO_SHOW') then coalesce(own.name, person.name) end,
  jsonb_build_object('ca', coalesce(o.title_ca, ''), 'es', coalesce(o.title_es, ''), 'en', coalesce(o.title_en, '')), o.kind = 'municipality', d.role, p.name, d.state, d.arrived_at
from registration_delegates d join registrations r on r.id = d.registration join nodes o on o.id = r.organisation
left join seat_pools p on p.id = d.pool left join delegate_secrets s on s.delegate = d.id
left join person_names own on own.subject = d.id left join person_names person on person.subject = s.person
where d.event = $1 and ($2::uuid is null or d.id > $2) order by d.id limit $3`

// Roster is what a device takes along to check people in without a network. That
// it was taken along is noted, with whom it names.
//
// Who may: as CheckIn. Refusals: ErrEventOver.
func (s *Registrations) Roster(ctx context.Context, v *access.Viewer, event id.ID, args page.Args) (*Roster, error) {
	keys, err := args.After.Keys(1)
	if err != nil {
		return nil, err
	}
	after := id.Zero
	if keys != nil {
		if after, err = id.ParseUUID(keys[0]); err != nil {
			return nil, fault.ErrBadCursor.At("after").Because(err)
		}
	}
	q := s.db.Read()
	// The number first: what happens meanwhile may be in the page, and is asked for again.
	roster := &Roster{}
	if roster.Number, err = atTheDoor(ctx, q, v, event); err != nil {
		return nil, err
	}
	rows, err := postgres.Personal(q, v).Query(ctx, rosterSQL, event, after, args.Rows())
	if err != nil {
		return nil, registrationError("read the roster", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Expected, error) {
		x := &Expected{}
		return x, row.Scan(&x.ID, &x.Event, &x.person, &x.CodeHash, &x.Name, &x.Organization, &x.Council, &x.Role, &x.SeatPool, &x.State, &x.ArrivedAt)
	})
	if err != nil {
		return nil, registrationError("read the roster", err)
	}
	roster.Connection = *page.NewConnection(list, args, func(x *Expected) page.Cursor { return page.Cursor{x.ID.String()} })
	return roster, audit.Exported(ctx, q, v, event, subjectsOf(roster.Nodes)...)
}

// subjectsOf are those whose names are in a roster: the person where it is known,
// else the delegate.
func subjectsOf(list []*Expected) (subjects []id.ID) {
	for _, x := range list {
		switch {
		case x.Name == nil:
		case x.person.IsZero():
			subjects = append(subjects, x.ID)
		default:
			subjects = append(subjects, x.person)
		}
	}
	return subjects
}

// atTheDoor lets who may check people in pass while there is somebody to check in,
// and tells where the event's changes are.
func atTheDoor(ctx context.Context, q postgres.Querier, v *access.Viewer, event id.ID) (number int, err error) {
	var on access.Subject
	var state EventState
	err = q.QueryRow(ctx, `select n.id, n.home, n.visibility, e.state, t.head4 from events e join nodes n on n.id = e.node join topics t on t.node = n.id where n.id = $1`,
		event).Scan(&on.Node, &on.Home, &on.Visibility, &state, &number)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, fault.ErrNotFound.At("event")
	}
	if err != nil {
		return 0, registrationError("find the event", err)
	}
	if err := access.At(access.MayCheckIn(v, on), "event"); err != nil {
		return 0, err
	}
	if !slices.Contains([]EventState{Published, Held}, state) {
		return 0, ErrEventOver.At("event")
	}
	return number, nil
}
