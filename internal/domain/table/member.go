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

// Member is that an organisation belongs to a table, from one day to another.
type Member struct {
	link.Slots
	ID           id.ID // of the edge
	Table        id.ID
	Organization id.ID
	Role         MemberRole
	From, Until  *time.Time // the last day; nil: open
}

// GlobalID is its public identifier.
func (m *Member) GlobalID() string { return MemberType.GlobalPart(m.Table, m.ID) }

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

// Officer is who coordinates a table or is its secretary.
type Officer struct {
	Table       id.ID
	Person      id.ID
	Office      Office
	Name        *string
	From, Until *time.Time
}

// PersonID is the officer's public identifier.
func (o *Officer) PersonID() string { return node.Person.Global(o.Person) }

// AddMember lets an organisation belong to the table, from a day on (zero:
// today). Who may: the table's organisers.
func (s *Service) AddMember(ctx context.Context, v *access.Viewer, table, organisation id.ID, role MemberRole, from, until *time.Time, key string) error {
	input := struct {
		Organisation id.ID
		Role         MemberRole
		From, Until  *time.Time
	}{organisation, role, from, until}
	_, err := s.run(ctx, v, request{key, "tableMemberAdd", table, input, access.MayOrganise}, func(ctx context.Context, w *work) (id.ID, error) {
		if err := w.table.active(); err != nil {
			return id.Zero, err
		}
		if err := visible(ctx, w.q, v, some(organisation), organisations(), "organization"); err != nil {
			return id.Zero, err
		}
		return organisation, w.addMember(ctx, organisation, role, from, until)
	})
	return err
}

func (w *work) addMember(ctx context.Context, organisation id.ID, role MemberRole, from, until *time.Time) error {
	var c findings
	c.moment(from, "from")
	c.moment(until, "until")
	if err := c.Err(); err != nil {
		return err
	}
	if from == nil {
		from = &w.table.Today
	}
	var end *time.Time
	if until != nil {
		after := until.AddDate(0, 0, 1)
		end = &after
	}
	overlaps, err := w.belongs(ctx, organisation, *from, end)
	if err != nil {
		return err
	}
	if overlaps {
		return ErrAlreadyMember.At("organization")
	}
	err = node.Connect(ctx, w.tx, node.Edge{
		Kind: node.MemberOf, Source: organisation, Target: w.table.ID, Role: role.edge(), From: from, To: end,
		RecordedBy: w.viewer.Person, RecordedIn: w.table.ID,
	})
	if err != nil {
		return err
	}
	w.changed = true
	w.tell(FactMember, w.table.Visibility, Fact{Organization: organisation})
	people, err := peopleOf(ctx, w.q, organisation)
	if err != nil {
		return err
	}
	return auth.Bump(ctx, w.tx, people...)
}

// belongs tells whether an organisation has any role at the table in a time.
func (w *work) belongs(ctx context.Context, organisation id.ID, from time.Time, to *time.Time) (is bool, err error) {
	err = w.q.QueryRow(ctx, `
		select exists (select from edges where source = $1 and target = $2 and kind = 'member_of' and valid && daterange($3::date, $4::date))`,
		organisation, w.table.ID, from, to).Scan(&is)
	return is, wrap("read a membership", err)
}

// roleOn is in what role an organisation belongs to the table on a day; empty
// when it does not.
func (w *work) roleOn(ctx context.Context, organisation id.ID, day time.Time) (MemberRole, error) {
	rows, err := w.q.Query(ctx, `select role from edges where source = $1 and target = $2 and kind = 'member_of' and valid @> $3::date`,
		organisation, w.table.ID, day)
	if err != nil {
		return "", wrap("read a membership", err)
	}
	roles, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(roles) == 0 {
		return "", wrap("read a membership", err)
	}
	return memberRole(roles[0]), nil
}

// EndMember ends a membership: today the organisation does not belong to the
// table any more, its seats are cleared, and its people see no more than others
// do. Who may: the table's organisers, and who answers for the organisation.
func (s *Service) EndMember(ctx context.Context, v *access.Viewer, table, organisation id.ID, key string) error {
	may := func(v *access.Viewer, sub access.Subject) error { return access.MaySeat(v, sub, organisation) }
	_, err := s.run(ctx, v, request{key, "tableMemberEnd", table, organisation, may}, func(ctx context.Context, w *work) (id.ID, error) {
		role, err := w.roleOn(ctx, organisation, w.table.Today)
		if err != nil {
			return id.Zero, err
		}
		if role == "" {
			return id.Zero, ErrNotMember.At("organization")
		}
		return organisation, w.endMember(ctx, organisation, role)
	})
	return err
}

func (w *work) endMember(ctx context.Context, organisation id.ID, role MemberRole) error {
	_, err := node.Disconnect(ctx, w.tx, node.MemberOf, organisation, w.table.ID, role.edge(), w.table.Today)
	if err != nil {
		return err
	}
	people, err := peopleOf(ctx, w.q, organisation)
	if err != nil {
		return err
	}
	w.changed = true
	w.tell(FactMemberEnd, w.table.Visibility, Fact{Organization: organisation})
	w.revoked = append(w.revoked, people)
	for _, p := range []Position{Delegate, Substitute} {
		if _, err := w.clearSeat(ctx, organisation, p); err != nil {
			return err
		}
	}
	return nil
}

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

// Appoint makes somebody coordinator or secretary from today on. Who may: the
// table's organisers. The person must be one the viewer can see.
func (s *Service) Appoint(ctx context.Context, v *access.Viewer, table, person id.ID, office Office, key string) error {
	input := struct {
		Person id.ID
		Office Office
	}{person, office}
	_, err := s.run(ctx, v, request{key, "tableOfficerAppoint", table, input, access.MayOrganise}, func(ctx context.Context, w *work) (id.ID, error) {
		if err := visible(ctx, w.q, v, some(person), []node.Kind{node.Person}, "person"); err != nil {
			return id.Zero, err
		}
		var has bool
		err := w.q.QueryRow(ctx, `
			select exists (select from edges where source = $1 and target = $2 and kind = 'has_role' and role = 'ORGANISER' and valid @> $3::date)`,
			person, table, w.table.Today).Scan(&has)
		if err != nil {
			return id.Zero, wrap("read an office", err)
		}
		if has {
			return id.Zero, ErrHasOffice.At("person")
		}
		err = node.Connect(ctx, w.tx, node.Edge{
			Kind: node.HasRole, Source: person, Target: table, Role: "ORGANISER", From: &w.table.Today,
			Facts: map[string]any{"office": office}, RecordedBy: v.Person, RecordedIn: table,
		})
		if err != nil {
			return id.Zero, err
		}
		w.changed = true
		w.tell(FactOfficer, w.table.members(), Fact{})
		return person, auth.Bump(ctx, w.tx, person)
	})
	return err
}

// EndOffice ends what somebody does for the table. Who may: its organisers.
func (s *Service) EndOffice(ctx context.Context, v *access.Viewer, table, person id.ID, key string) error {
	_, err := s.run(ctx, v, request{key, "tableOfficerEnd", table, person, access.MayOrganise}, func(ctx context.Context, w *work) (id.ID, error) {
		ended, err := node.Disconnect(ctx, w.tx, node.HasRole, person, table, "ORGANISER", w.table.Today)
		if err == nil && !ended {
			err = ErrNoOffice.At("person")
		}
		w.changed = true
		w.tell(FactOfficerEnd, w.table.members(), Fact{})
		w.revoked = append(w.revoked, []id.ID{person})
		return person, err
	})
	return err
}

// MembersOf reads the organisations that belong to tables on a day (nil: today),
// by their name, as far as the viewer sees the organisation.
func MembersOf(ctx context.Context, q postgres.Querier, v *access.Viewer, tables []id.ID, asOf *time.Time) (map[id.ID][]*Member, error) {
	rows, err := q.Query(ctx, membersSQL, with(v, tables, asOf)...)
	if err != nil {
		return nil, wrap("read members", err)
	}
	return collect(rows, func(row pgx.CollectableRow) (*Member, id.ID, error) {
		m := &Member{}
		var role string
		err := row.Scan(&m.ID, &m.Table, &m.Organization, &role, &m.From, &m.Until)
		m.Role = memberRole(role)
		return m, m.Table, err
	})
}

var membersSQL = `select e.id, e.target, e.source, e.role, lower(e.valid), upper(e.valid) - 1
	from edges e join nodes n on n.id = e.target join nodes o on o.id = e.source
	where e.target = any($1) and e.kind = 'member_of' and e.valid @> coalesce($2::date, ` + today + `)
	  and ` + access.VisibleSQL("n", 3) + ` and ` + access.VisibleSQL("o", 3) + `
	order by e.target, o.title_ca, o.id`

// collect groups rows by what they belong to.
func collect[T any](rows pgx.Rows, scan func(pgx.CollectableRow) (T, id.ID, error)) (map[id.ID][]T, error) {
	defer rows.Close()
	found := map[id.ID][]T{}
	for rows.Next() {
		thing, of, err := scan(rows)
		if err != nil {
			return nil, wrap("read parts of tables", err)
		}
		found[of] = append(found[of], thing)
	}
	return found, wrap("read parts of tables", rows.Err())
}

var seatsSQL = `select s.id, s.table_node, s.organisation, s.position, s.person, coalesce(own.name, p.name), lower(s.valid), upper(s.valid) - 1
	from table_seats s left join person_names own on own.subject = s.id left join person_names p on p.subject = s.person
	where s.table_node = any($1) and s.valid @> ` + today + ` order by s.table_node, s.organisation, s.position`

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

var officersSQL = `select e.target, e.source, e.facts->>'office', p.name, lower(e.valid), upper(e.valid) - 1
	from edges e join nodes n on n.id = e.target left join person_names p on p.subject = e.source
	where e.target = any($1) and e.kind = 'has_role' and e.role = 'ORGANISER' and e.facts ? 'office' and e.valid @> ` + today + `
	  and ` + access.LevelSQL("n", 2) + ` >= greatest(3, n.visibility)
	order by e.target, e.facts->>'office', lower(e.valid), e.id`

// OfficersOf reads who coordinates tables and who is their secretary, for who
// takes part in them.
func OfficersOf(ctx context.Context, q postgres.Querier, v *access.Viewer, tables []id.ID) (map[id.ID][]*Officer, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, officersSQL, with(v, tables)...)
	if err != nil {
		return nil, wrap("read officers of tables", err)
	}
	found, err := collect(rows, func(row pgx.CollectableRow) (*Officer, id.ID, error) {
		o := &Officer{}
		return o, o.Table, row.Scan(&o.Table, &o.Person, &o.Office, &o.Name, &o.From, &o.Until)
	})
	if err != nil {
		return nil, err
	}
	for table, officers := range found {
		var read []id.ID
		for _, o := range officers {
			if o.Name != nil {
				read = append(read, o.Person)
			}
		}
		if err := audit.Read(ctx, q, v, audit.TablePeople, table, read); err != nil {
			return nil, err
		}
	}
	return found, nil
}
