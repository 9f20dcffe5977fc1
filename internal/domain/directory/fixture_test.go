package directory

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

var anyone = access.Anonymous(lang.CA)

// town is a small world: a province, two towns, one of them with a district,
// two fields, and people who act for them.
type town struct {
	*testing.T
	database                           pgtest.Database
	db                                 *postgres.DB
	service                            *Service
	province, terrassa, sabadell, nord id.ID
	equality, care                     id.ID
	officer, stranger                  *access.Viewer // officer of Terrassa; signed in without roles
}

func newTown(t *testing.T) *town {
	t.Helper()
	database := pgtest.URL(t)
	w := &town{
		T: t, database: database, db: pgtest.Open(t, database),
		province: id.Named("p"), terrassa: id.Named("t"), sabadell: id.Named("s"), nord: id.Named("n"),
		equality: id.Named("e"), care: id.Named("c"),
	}
	w.service = New(w.db)
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		err := node.Register(ctx, tx,
			node.Node{ID: w.province, Kind: node.Province, Title: lang.Text{CA: "Barcelona"}},
			node.Node{ID: w.terrassa, Kind: node.Municipality, Title: lang.Text{CA: "Terrassa"}, Home: w.terrassa},
			node.Node{ID: w.sabadell, Kind: node.Municipality, Title: lang.Text{CA: "Sabadell"}, Home: w.sabadell},
			node.Node{ID: w.nord, Kind: node.District, Title: lang.Text{CA: "Nord"}, Home: w.terrassa},
			node.Node{ID: w.equality, Kind: node.Field, Title: lang.Text{CA: "Igualtat"}},
			node.Node{ID: w.care, Kind: node.Field, Title: lang.Text{CA: "Atenció"}})
		if err != nil {
			return err
		}
		_, err = tx.Native().Exec(ctx, `
			insert into territories (node, kind, code, municipality, lat, lon) values
			($1, 'province', '08', null, null, null), ($2, 'municipality', '08279', null, 41.5, 2.0),
			($3, 'municipality', '08187', null, 41.5, 2.1), ($4, 'district', '01', $2, null, null)`,
			w.province, w.terrassa, w.sabadell, w.nord)
		if err != nil {
			return err
		}
		return node.Connect(ctx, tx,
			node.Edge{Kind: node.PartOf, Role: "PROVINCE", Source: w.terrassa, Target: w.province},
			node.Edge{Kind: node.PartOf, Role: "PROVINCE", Source: w.sabadell, Target: w.province},
			node.Edge{Kind: node.PartOf, Role: "MUNICIPALITY", Source: w.nord, Target: w.terrassa})
	})
	w.officer = w.person("Olga Oficial", w.terrassa, Officer)
	w.stranger = w.person("Sara Sola", w.sabadell, Delegate)
	return w
}

func (w *town) tx(do func(ctx context.Context, tx *postgres.Tx) error) {
	w.Helper()
	if err := w.db.InTx(w.Context(), do); err != nil {
		w.Fatal(err)
	}
}

// person adds somebody who acts for a body, and returns them as a viewer.
func (w *town) person(name string, body id.ID, role ActingRole) *access.Viewer {
	w.Helper()
	var made []id.ID
	w.tx(func(ctx context.Context, tx *postgres.Tx) (err error) {
		made, err = CreatePeople(ctx, tx, nil, []PersonSpec{{Name: name, Mail: "x@example.org", For: body, Role: role}})
		return err
	})
	v := &access.Viewer{Person: made[0], Lang: lang.CA, Home: []id.ID{body}, Organises: made}
	if role == Representative || role == Officer {
		v.Administers = []id.ID{body}
	}
	return v
}

func (w *town) association(name string, places ...id.ID) id.ID {
	w.Helper()
	made, err := w.service.AssociationCreate(w.Context(), w.stranger, "", Spec{Title: lang.Text{CA: name}, ActsIn: places})
	if err != nil {
		w.Fatal(err)
	}
	return made
}

// many adds n associations of Terrassa in one go.
func (w *town) many(n int) []id.ID {
	w.Helper()
	specs := make([]Spec, n)
	for i := range specs {
		specs[i] = Spec{
			Kind: node.Association, Title: lang.Text{CA: fmt.Sprintf("Entitat %03d", i)},
			ActsIn: []id.ID{w.terrassa}, Fields: []id.ID{w.equality}, Invented: true,
			Identifiers: []ExternalIdentifier{{Scheme: MunicipalRegister, Value: fmt.Sprintf("08279/%d", i)}},
		}
	}
	var made []id.ID
	w.tx(func(ctx context.Context, tx *postgres.Tx) (err error) {
		made, err = CreateMany(ctx, tx, nil, specs)
		return err
	})
	return made
}

func (w *town) read(v *access.Viewer, body id.ID) Body {
	w.Helper()
	found, err := OrganizationsByIDs(w.Context(), w.db.Read(), v, []id.ID{body, id.Zero}, Full)
	if err != nil || len(found) != 1 {
		w.Fatalf("read %d bodies, %v", len(found), err)
	}
	return found[0]
}

// facts are the kinds of facts on a topic, oldest first.
func (w *town) facts(topic id.ID) []string {
	w.Helper()
	var kinds []string
	err := w.db.Read().QueryRow(w.Context(),
		`select array(select kind from journal where node = $1 order by n4)`, topic).Scan(&kinds)
	if err != nil {
		w.Fatal(err)
	}
	return kinds
}

func (w *town) count(sql string, args ...any) (n int) {
	w.Helper()
	if err := postgres.Hub(w.db.Read()).QueryRow(w.Context(), sql, args...).Scan(&n); err != nil {
		w.Fatal(err)
	}
	return n
}

func day(t *testing.T, s string) *time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

// Short names for what every transaction in tests takes.
type (
	ctx = context.Context
	tx  = *postgres.Tx
)
