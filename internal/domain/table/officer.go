package table

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

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

var officersSQL = `select e.target, e.source, e.facts->>'office', p.name, lower(e.valid), upper(e.valid) - 1
	from edges e join nodes n on n.id = e.target left join person_names p on p.subject = e.source
	where e.target = any(` + postgres.Keys + `) and e.kind = 'has_role' and e.role = 'ORGANISER' and e.facts ? 'office' and e.valid @> ` + today + `
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
