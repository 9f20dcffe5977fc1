package hubtest

import (
	"context"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Terrassa and other fixed places of the fixtures.
var (
	Terrassa  = territory.MunicipalityID("08279")
	Barcelona = territory.MunicipalityID("08019")
)

// Association adds an invented association that acts in Terrassa.
func (h *Hub) Association(t testing.TB, name string) id.ID {
	t.Helper()
	var made []id.ID
	h.tx(t, func(ctx context.Context, tx *postgres.Tx) (err error) {
		made, err = directory.CreateMany(ctx, tx, nil, []directory.Spec{{
			Kind: node.Association, Title: lang.Text{CA: name}, ActsIn: []id.ID{Terrassa}, Invented: true,
		}})
		return err
	})
	return made[0]
}

// Person adds an invented person who acts for a body in a role.
func (h *Hub) Person(t testing.TB, name string, body id.ID, role directory.ActingRole) id.ID {
	t.Helper()
	var made []id.ID
	h.tx(t, func(ctx context.Context, tx *postgres.Tx) (err error) {
		made, err = directory.CreatePeople(ctx, tx, nil, []directory.PersonSpec{{Name: name, For: body, Role: role}})
		return err
	})
	return made[0]
}

func (h *Hub) tx(t testing.TB, do func(ctx context.Context, tx *postgres.Tx) error) {
	t.Helper()
	if err := h.DB.InTx(context.Background(), do); err != nil {
		t.Fatal(err)
	}
}

// Viewer is the person as the services see them.
func (h *Hub) Viewer(t testing.TB, person id.ID) *access.Viewer {
	t.Helper()
	v, err := auth.Viewer(context.Background(), h.DB.Read(), person, lang.EN)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Event makes and publishes an event of Terrassa tomorrow with one general pool;
// change may alter the input first.
func (h *Hub) Event(t testing.TB, organiser id.ID, capacity int, change func(*calendar.EventInput)) id.ID {
	t.Helper()
	starts := time.Now().Add(30 * 24 * time.Hour).Truncate(time.Second)
	in := calendar.EventInput{
		Home: Terrassa,
		EventFields: calendar.EventFields{
			Kind: calendar.ConferenceDay, Title: lang.Text{CA: "Jornada de prova"}, StartsAt: starts, EndsAt: starts.Add(4 * time.Hour),
			VenueName: "Sala de proves", Venues: []id.ID{Terrassa}, Areas: []id.ID{Terrassa},
		},
		Pools: []calendar.PoolSpec{{Name: lang.Text{CA: "General"}, Capacity: capacity}},
	}
	if change != nil {
		change(&in)
	}
	ctx, v, events := context.Background(), h.Viewer(t, organiser), calendar.NewEvents(h.DB)
	made, err := events.Create(ctx, v, in, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := events.Publish(ctx, v, made.Event.ID, nil, ""); err != nil {
		t.Fatal(err)
	}
	return made.Event.ID
}
