package table

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
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
	if err := w.settleJoin(ctx, organisation, true, ""); err != nil {
		return err
	}
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
	where e.target = any(` + postgres.Keys + `) and e.kind = 'member_of' and e.valid @> coalesce($2::date, ` + today + `)
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
