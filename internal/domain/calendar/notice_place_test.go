package calendar

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Who waits is told the place that they read, whoever is told with them: the first,
// the last, or some in between.
func TestPlacesToldAreThoseRead(t *testing.T) {
	t.Parallel()
	for _, specs := range [][]PoolSpec{
		{general(1)},
		{general(2), {Capacity: 1, Reserve: Reserve{Role: RoleAssociation}}},
	} {
		x := seatsFor(t, specs...)
		places := x.waitingCrowd(18)
		waiting := make([]id.ID, 0, len(places))
		for of := range places {
			waiting = append(waiting, of)
		}
		for range 40 {
			rand.Shuffle(len(waiting), func(i, j int) { waiting[i], waiting[j] = waiting[j], waiting[i] })
			some := waiting[:1+rand.IntN(len(waiting))]
			for of, place := range x.toldPlaces(some) {
				if place != places[of] {
					t.Errorf("of %d who are told one has place %d, and reads %d", len(some), place, places[of])
				}
			}
		}
	}
}

// waitingCrowd has many register, some for pools of their own and some set aside,
// and gives the places of those who wait in a line.
func (x *venue) waitingCrowd(n int) map[id.ID]int {
	x.Helper()
	who := x.from("Associació Inventada")
	places := map[id.ID]int{}
	for i := range n {
		in := x.input(who, 1, WaitTogether)
		if i%3 == 1 {
			in.Delegates = people(RolePublic, 1)
		}
		r, err := x.desk.Create(x.ctx, who, in, "")
		x.ok(err)
		places[r.ID] = 0
		if i%5 == 4 {
			x.exec(`update registrations set aside = true where id = $1 and waiting > 0`, r.ID)
		}
	}
	list, err := RegistrationsByIDs(x.ctx, x.db.Read(), x.organiser, ids(places))
	x.ok(err)
	for _, r := range list {
		if places[r.ID] = r.Place(); places[r.ID] == 0 {
			delete(places, r.ID)
		}
	}
	if len(places) < n/2 {
		x.Fatalf("only %d wait", len(places))
	}
	return places
}

func ids(of map[id.ID]int) (all []id.ID) {
	for v := range of {
		all = append(all, v)
	}
	return all
}

// toldPlaces are the places that registrations are told.
func (x *venue) toldPlaces(some []id.ID) map[id.ID]int {
	x.Helper()
	places := map[id.ID]int{}
	hub := postgres.AsHub(access.With(x.ctx, &access.Viewer{}))
	x.ok(x.db.InTx(hub, func(ctx context.Context, tx *postgres.Tx) error {
		list, err := readNotices(ctx, tx.Native(), some)
		for _, n := range list {
			places[n.subject] = n.place
		}
		return err
	}))
	if len(places) != len(some) {
		x.Fatalf("%d of %d are told", len(places), len(some))
	}
	return places
}
