package calendar

import (
	"context"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// world is a small corner of the province for tests of events: territories, two
// organisations, some themes and a few people.
type world struct {
	t      testing.TB
	db     *postgres.DB
	events *Events
	// officer administers the district's office; technician acts for it;
	// outsider has an account and no rights.
	officer, technician, outsider *access.Viewer
}

// Nodes of the world are named by their title.
func named(title string) id.ID { return id.Named("world: " + title) }

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, db: pgtest.New(t)}
	w.events = NewEvents(w.db)
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		var nodes []node.Node
		for title, kind := range worldNodes() {
			n := node.Node{ID: named(title), Kind: kind, Title: lang.Text{CA: title}}
			if kind == node.Person {
				n.Title = lang.Text{}
			}
			if title == "Casal amagat" {
				n.Visibility = access.Organisers
			}
			nodes = append(nodes, n)
		}
		if err := node.Register(ctx, tx, nodes...); err != nil {
			return err
		}
		return node.Connect(ctx, tx, worldEdges()...)
	})
	office := named("Oficina de Sant Andreu")
	w.officer = &access.Viewer{Person: named("officer"), Lang: lang.CA, Home: []id.ID{office}, Administers: []id.ID{office}}
	w.technician = &access.Viewer{Person: named("technician"), Lang: lang.CA, Home: []id.ID{office}}
	w.outsider = &access.Viewer{Person: named("outsider"), Lang: lang.ES}
	return w
}

func worldNodes() map[string]node.Kind {
	return map[string]node.Kind{
		"Barcelonès": node.Comarca, "Osona": node.Comarca, "Barcelona": node.Municipality, "Vic": node.Municipality,
		"Sant Andreu": node.District, "Nou Barris": node.District,
		"el Bon Pastor": node.Neighbourhood, "la Trinitat Vella": node.Neighbourhood, "la Trinitat Nova": node.Neighbourhood,
		"Oficina de Sant Andreu": node.PublicService, "Associació Riu": node.Association, "Casal amagat": node.Association,
		"igualtat": node.Field, "mediació": node.Field, "soledat": node.Challenge, "mediadores": node.Audience,
		"officer": node.Person, "technician": node.Person, "outsider": node.Person, "river": node.Person,
	}
}

func worldEdges() []node.Edge {
	part := func(source, target, role string) node.Edge {
		return node.Edge{Kind: node.PartOf, Source: named(source), Target: named(target), Role: role}
	}
	return []node.Edge{
		part("Barcelona", "Barcelonès", "COMARCA"), part("Vic", "Osona", "COMARCA"),
		part("Sant Andreu", "Barcelona", "MUNICIPALITY"), part("Nou Barris", "Barcelona", "MUNICIPALITY"),
		part("el Bon Pastor", "Sant Andreu", "DISTRICT"), part("la Trinitat Vella", "Sant Andreu", "DISTRICT"),
		part("la Trinitat Nova", "Nou Barris", "DISTRICT"),
		{Kind: node.ActsFor, Source: named("river"), Target: named("Associació Riu"), Role: "REPRESENTATIVE"},
	}
}

func (w *world) tx(do func(context.Context, *postgres.Tx) error) {
	w.t.Helper()
	if err := w.db.InTx(w.t.Context(), do); err != nil {
		w.t.Fatal(err)
	}
}

// input is an event with everything that a test does not care about.
func (w *world) input(title string) EventInput {
	return EventInput{
		Home: named("Oficina de Sant Andreu"),
		EventFields: EventFields{
			Kind: ConferenceDay, Title: lang.Text{CA: title}, VenueName: "Can Fabra",
			StartsAt: time.Date(2030, 11, 28, 8, 30, 0, 0, time.UTC),
		},
	}
}

func (w *world) create(in EventInput) *EventResult {
	w.t.Helper()
	r, err := w.events.Create(w.t.Context(), w.officer, in, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) published(in EventInput) *Event {
	w.t.Helper()
	r, err := w.events.Publish(w.t.Context(), w.officer, w.create(in).Event.ID, nil, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return r.Event
}

// kinds are the kinds of the facts of an event, in order, with their levels.
func (w *world) facts(event id.ID) (facts []string) {
	w.t.Helper()
	rows, err := w.db.Read().Query(w.t.Context(), `select kind || ' ' || level from journal where node = $1 order by n4`, event)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			w.t.Fatal(err)
		}
		facts = append(facts, s)
	}
	return facts
}

// see tells whether the viewer can see the event.
func (w *world) sees(v *access.Viewer, event id.ID) bool {
	w.t.Helper()
	found, err := EventsByIDs(w.t.Context(), w.db.Read(), v, []id.ID{event}, Card)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(found) == 1
}
