package calendar

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// straySQL counts what event_places says and the edges do not, and the reverse.
const straySQL = `
with truth as (
  select h.id, h.target, h.source, h.valid, e.kind, e.state, e.begins, e.over_by
  from edges h join events e on e.node = h.source where h.kind = 'held_at'),
copied as (select edge, territory, event, valid, kind, state, begins, over_by from event_places)
select count(*) from ((select * from truth except select * from copied) union all (select * from copied except select * from truth)) x`

func (w *world) strays() (n int) {
	if err := w.db.Read().QueryRow(w.t.Context(), straySQL).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := postgres.Hub(w.db.Read()).Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatal(err)
	}
}

// TestPlacesFollowTheEdges: whatever becomes of events and of where they are held,
// what lists go by is what edges and events say.
func TestPlacesFollowTheEdges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	places := []id.ID{named("Vic"), named("Barcelona"), named("la Trinitat Vella")}
	var events []id.ID
	rapid.Check(t, func(r *rapid.T) {
		place := rapid.SampledFrom(places).Draw(r, "place")
		one := func() id.ID { return events[rapid.IntRange(0, len(events)-1).Draw(r, "event")] }
		step := rapid.IntRange(0, 7).Draw(r, "step")
		if step == 0 || len(events) == 0 {
			in := w.input("Un acte")
			in.Areas = []id.ID{place}
			events = append(events, w.create(in).Event.ID)
			step = 0
		}
		switch step {
		case 1:
			w.exec(`update events set state = $2 where node = $1`, one(), rapid.SampledFrom([]string{"PUBLISHED", "HELD", "DRAFT"}).Draw(r, "state"))
		case 2:
			w.exec(`update events set starts_at = starts_at + interval '1 day', kind = $2 where node = $1`, one(),
				rapid.SampledFrom([]string{"TRAINING", "SEMINAR"}).Draw(r, "kind"))
		case 3:
			w.exec(`update edges set valid = daterange(null, current_date + $2::int) where source = $1 and kind = 'held_at'`, one(),
				fmt.Sprint(rapid.IntRange(-1, 1).Draw(r, "days")))
		case 4:
			w.exec(`insert into edges (id, kind, source, target, role, valid)
				select $1::uuid, 'held_at', $2::uuid, $3::uuid, 'VENUE', daterange(null, null)
				where not exists (select from edges where kind = 'held_at' and source = $2 and target = $3 and role = 'VENUE')`, id.New(), one(), place)
		case 5:
			w.exec(`delete from edges where source = $1 and target = $2 and kind = 'held_at'`, one(), place)
		case 6:
			w.exec(`update edges set target = $3 where source = $1 and target = $2 and kind = 'held_at' and not exists (
				select from edges where kind = 'held_at' and source = $1 and target = $3)`, one(), place, named("Nou Barris"))
		case 7: // the edge before the event, as a copy from elsewhere may bring it
			made := id.New()
			w.exec(`insert into nodes (id, kind, title_ca) values ($1, 'event', 'Un altre')`, made)
			w.exec(`insert into edges (id, kind, source, target, role) values ($1, 'held_at', $2, $3, 'AREA')`, id.New(), made, place)
			w.exec(`insert into events (node, kind, visibility, created_by) values ($1, 'TRAINING', 0, $2)`, made, w.officer.Person)
			events = append(events, made)
		}
		if n := w.strays(); n != 0 {
			r.Fatalf("after step %d: %d rows differ", step, n)
		}
	})
	in := w.input("Un acte")
	in.Areas = places[:1]
	w.exec(`delete from event_places where event = $1`, w.create(in).Event.ID)
	if w.strays() == 0 {
		t.Error("a place that is missing is not noticed: negative control")
	}
}
