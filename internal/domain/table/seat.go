package table

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Seat is who sits at a table for a member organisation.
type Seat struct {
	link.Slots
	ID           id.ID
	Table        id.ID
	Organization id.ID
	Position     Position
	Person       id.ID   // Zero: without an account
	Name         *string // nil when none is recorded
	From, Until  *time.Time
}

// GlobalID is its public identifier.
func (s *Seat) GlobalID() string { return SeatType.GlobalPart(s.Table, s.ID) }

// HasAccount tells that the person can sign in.
func (s *Seat) HasAccount() bool { return !s.Person.IsZero() }

// SeatSpec says who sits for a member organisation: a person with an account,
// or a name with an address.
type SeatSpec struct {
	Organisation id.ID
	Position     Position
	Person       id.ID
	Name, Mail   string
}

// SetSeat says who sits at the table for a member organisation from today on; who
// sat there before does not any more. Who may: the table's organisers, and who
// answers for the organisation. An address that somebody has proven to read
// makes the seat theirs.
func (s *Service) SetSeat(ctx context.Context, v *access.Viewer, table id.ID, in SeatSpec, key string) (id.ID, error) {
	in.Name, in.Mail = strings.TrimSpace(in.Name), strings.TrimSpace(in.Mail)
	may := func(v *access.Viewer, sub access.Subject) error { return access.MaySeat(v, sub, in.Organisation) }
	return s.run(ctx, v, request{key, "tableSeatSet", table, in, may}, func(ctx context.Context, w *work) (id.ID, error) {
		if err := in.check(ctx, w); err != nil {
			return id.Zero, err
		}
		role, err := w.roleOn(ctx, in.Organisation, w.table.Today)
		if err != nil {
			return id.Zero, err
		}
		if role == "" {
			return id.Zero, ErrNotMember.At("organization")
		}
		if _, err := w.clearSeat(ctx, in.Organisation, in.Position); err != nil {
			return id.Zero, err
		}
		w.changed = true
		w.tell(FactSeat, w.table.members(), Fact{Organization: in.Organisation})
		return w.addSeat(ctx, in)
	})
}

func (in SeatSpec) check(ctx context.Context, w *work) error {
	var c findings
	c.String(in.Name, maxTitle, "name")
	if in.Mail != "" {
		c.mail(in.Mail, "mail")
	}
	switch {
	case !in.Person.IsZero() && (in.Name != "" || in.Mail != ""):
		c.add(ErrNamedOrPerson.At("person"))
	case in.Person.IsZero() && in.Name == "":
		c.add(fault.ErrRequired.At("name"))
	}
	if err := c.Err(); err != nil {
		return err
	}
	return visible(ctx, w.q, w.viewer, some(in.Person), []node.Kind{node.Person}, "person")
}

func (w *work) addSeat(ctx context.Context, in SeatSpec) (id.ID, error) {
	seat := id.New()
	if in.Mail != "" {
		err := postgres.Hub(w.q).QueryRow(ctx, `
			select (select person from accounts where mail = lower($1) and disabled_at is null)`, in.Mail).Scan(&in.Person)
		if err != nil {
			return seat, wrap("look for an account", err)
		}
	}
	_, err := w.q.Exec(ctx, `
		insert into table_seats (id, table_node, organisation, position, person, valid) values ($1, $2, $3, $4, $5, daterange($6::date, null))`,
		seat, w.table.ID, in.Organisation, in.Position, in.Person, w.table.Today)
	if err != nil {
		return seat, wrap("add a seat", err)
	}
	if in.Name != "" {
		_, err = w.q.Exec(ctx, `insert into person_names (subject, root, name, mail) values ($1, $2, $3, nullif($4, ''))`,
			seat, w.table.ID, in.Name, in.Mail)
		if err != nil {
			return seat, wrap("name a seat", err)
		}
	}
	return seat, w.grant(ctx, in.Person)
}

// grant lets who sits at the table see what its members see.
func (w *work) grant(ctx context.Context, person id.ID) error {
	if person.IsZero() {
		return nil
	}
	var has bool
	err := w.q.QueryRow(ctx, `
		select exists (select from edges where source = $1 and target = $2 and kind = 'has_role' and role = 'MEMBER' and valid @> $3::date)`,
		person, w.table.ID, w.table.Today).Scan(&has)
	if err != nil || has {
		return wrap("read a grant", err)
	}
	err = node.Connect(ctx, w.tx, node.Edge{
		Kind: node.HasRole, Source: person, Target: w.table.ID, Role: "MEMBER", From: &w.table.Today,
		RecordedBy: w.viewer.Person, RecordedIn: w.table.ID,
	})
	if err != nil {
		return err
	}
	return auth.Bump(ctx, w.tx, person)
}

// ClearSeat leaves a seat empty from today on. Who may: as for SetSeat.
func (s *Service) ClearSeat(ctx context.Context, v *access.Viewer, table, organisation id.ID, p Position, key string) error {
	may := func(v *access.Viewer, sub access.Subject) error { return access.MaySeat(v, sub, organisation) }
	input := struct {
		Organisation id.ID
		Position     Position
	}{organisation, p}
	_, err := s.run(ctx, v, request{key, "tableSeatClear", table, input, may}, func(ctx context.Context, w *work) (id.ID, error) {
		was, err := w.clearSeat(ctx, organisation, p)
		if err == nil && !was {
			err = fault.ErrNotFound.At("organization")
		}
		w.changed = true
		w.tell(FactSeatEnd, w.table.members(), Fact{Organization: organisation})
		return organisation, err
	})
	return err
}

// clearSeat ends a seat and the grant that came with it, unless the person has
// another seat. What nobody sat on for a day is forgotten.
func (w *work) clearSeat(ctx context.Context, organisation id.ID, p Position) (was bool, err error) {
	q := postgres.Hub(w.q) // who answers for the organisation need not see who sits there
	var seat, person id.ID
	err = q.QueryRow(ctx, `
		update table_seats set valid = daterange(lower(valid), greatest($4::date, lower(valid) + 1))
		where table_node = $1 and organisation = $2 and position = $3 and valid @> $4::date and upper_inf(valid)
		returning id, person`, w.table.ID, organisation, p, w.table.Today).Scan(&seat, &person)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, wrap("end a seat", err)
	}
	if _, err := q.Exec(ctx, `delete from table_seats where id = $1 and lower(valid) = $2::date`, seat, w.table.Today); err != nil {
		return false, wrap("end a seat", err)
	}
	if _, err := q.Exec(ctx, `delete from person_names where subject = $1`, seat); err != nil {
		return false, wrap("forget who sat there", err)
	}
	if person.IsZero() {
		return true, nil
	}
	var another bool
	err = q.QueryRow(ctx, `select exists (select from table_seats where table_node = $1 and person = $2 and valid @> $3::date)`,
		w.table.ID, person, w.table.Today).Scan(&another)
	if err != nil || another {
		return true, wrap("look for another seat", err)
	}
	ended, err := node.Disconnect(ctx, w.tx, node.HasRole, person, w.table.ID, "MEMBER", w.table.Today)
	if err == nil && ended {
		w.revoked = append(w.revoked, []id.ID{person})
	}
	return true, err
}

var seatsSQL = `select s.id, s.table_node, s.organisation, s.position, s.person, coalesce(own.name, p.name), lower(s.valid), upper(s.valid) - 1
	from table_seats s left join person_names own on own.subject = s.id left join person_names p on p.subject = s.person
	where s.table_node = any(` + postgres.Keys + `) and s.valid @> ` + today + ` order by s.table_node, s.organisation, s.position`

// SeatsOf reads who sits at tables today, for who takes part in them: row-level
// security is what decides here. Reads of others' names are noted.
func SeatsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, tables []id.ID) (map[id.ID][]*Seat, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, seatsSQL, tables)
	if err != nil {
		return nil, wrap("read who sits at tables", err)
	}
	found, err := collect(rows, func(row pgx.CollectableRow) (*Seat, id.ID, error) {
		s := &Seat{}
		return s, s.Table, row.Scan(&s.ID, &s.Table, &s.Organization, &s.Position, &s.Person, &s.Name, &s.From, &s.Until)
	})
	if err != nil {
		return nil, err
	}
	for table, seats := range found {
		var read []id.ID
		for _, s := range seats {
			if s.Name != nil && s.HasAccount() {
				read = append(read, s.Person)
			} else if s.Name != nil {
				read = append(read, s.ID)
			}
		}
		if err := audit.Read(ctx, q, v, audit.TablePeople, table, read); err != nil {
			return nil, err
		}
	}
	return found, nil
}
