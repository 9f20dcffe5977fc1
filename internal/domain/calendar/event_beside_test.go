package calendar

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// straySQL counts what event_relations and seat_pools say and edges, events and
// nodes do not, and the reverse.
const straySQL = `
with truth as (
  select g.id, g.kind as relation, case g.kind when 'organises' then g.source else g.target end as other, e.node, g.valid,
    n.visibility, n.home, e.kind, e.state, e.begins, e.over_by, e.starts_at, e.ends_at, e.overtaking, e.sensitive,
    n.title_ca collate "C", n.title_es collate "C", n.title_en
  from edges g join events e on e.node = case g.kind when 'organises' then g.target else g.source end join nodes n on n.id = e.node
  where g.kind in ('organises', 'held_at', 'about', 'audience_of')),
copied as (select edge, relation, other, node, valid, visibility, home, kind, state, begins, over_by, starts_at, ends_at,
    overtaking, sensitive, title_ca, title_es, title_en from event_relations)
select count(*) + (select count(*) from seat_pools p join nodes n on n.id = p.event
    where (p.visibility, p.home) is distinct from (n.visibility, n.home))
from ((select * from truth except select * from copied) union all (select * from copied except select * from truth)) x`

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

// changesBeside are changes of an event $1, its relations and its node, with a body
// or place $2 and a drawn word $3.
func changesBeside() []string {
	edge := func(kind, source, target, role string) string {
		return fmt.Sprintf(`insert into edges (id, kind, source, target, role)
			select gen_random_uuid(), '%[1]s', %[2]s::uuid, %[3]s::uuid, '%[4]s' where $3::text <> '' and not exists (
				select from edges where kind = '%[1]s' and source = %[2]s and target = %[3]s and role = '%[4]s')`, kind, source, target, role)
	}
	const event = ` where node = $1::uuid and $2::uuid is not null`
	const its = ` where id = $1::uuid and $2::uuid is not null`
	return []string{
		`update events set state = case $3::text when 'a' then 'PUBLISHED' when 'b' then 'HELD' else 'DRAFT' end` + event,
		`update events set starts_at = starts_at + interval '1 day', kind = case $3::text when 'a' then 'SEMINAR' else 'TRAINING' end` + event,
		`update events set sensitive = $3::text = 'a', overtaking = case $3 when 'a' then 'IN_ORDER' else 'SMALLER_MAY_PASS' end` + event,
		`update nodes set title_ca = $3::text, title_es = title_es || $3` + its,
		`update nodes set visibility = case $3::text when 'a' then 0 when 'b' then 1 else 4 end, home = case $3 when 'a' then home end` + its,
		`update edges set valid = daterange(null, current_date + case $3::text when 'a' then -1 when 'b' then 0 else 1 end)
			where $1::uuid in (source, target) and $2::uuid is not null`,
		edge("held_at", "$1", "$2", "VENUE"),
		edge("about", "$1", "$2", ""),
		edge("organises", "$2", "$1", "CO"),
		`delete from edges where $2::uuid in (source, target) and $1::uuid in (source, target) and $3::text <> ''`,
		`update edges set target = $2::uuid where source = $1::uuid and kind = 'held_at' and role = 'AREA' and $3::text <> '' and not exists (
			select from edges where kind = 'held_at' and source = $1 and target = $2)`,
	}
}

// TestRelationsOfEvents: whatever becomes of events, their relations and who may see
// them, what lists and seats go by is what edges, events and nodes say.
func TestRelationsOfEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	others := []id.ID{named("Vic"), named("Barcelona"), named("la Trinitat Vella"), named("mediació"), named("Associació Riu")}
	var events []id.ID
	rapid.Check(t, func(r *rapid.T) {
		other := rapid.SampledFrom(others).Draw(r, "other")
		change := rapid.IntRange(-2, len(changesBeside())-1).Draw(r, "change")
		switch {
		case change == -2 || len(events) == 0:
			in := w.input("Un acte")
			in.Areas = others[:1]
			in.Pools = []PoolSpec{{Name: lang.Text{CA: "Totes"}, Capacity: 5}}
			events = append(events, w.create(in).Event.ID)
		case change == -1: // the edge before the event, as a copy from elsewhere may bring it
			made := id.New()
			w.exec(`insert into nodes (id, kind, title_ca) values ($1, 'event', 'Un altre')`, made)
			w.exec(`insert into edges (id, kind, source, target, role) values ($1, 'held_at', $2, $3, 'AREA')`, id.New(), made, other)
			w.exec(`insert into events (node, kind, visibility, created_by) values ($1, 'TRAINING', 0, $2)`, made, w.officer.Person)
			events = append(events, made)
		default:
			w.exec(changesBeside()[change], rapid.SampledFrom(events).Draw(r, "event"), other, rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "word"))
		}
		if n := w.strays(); n != 0 {
			r.Fatalf("after change %d: %d rows differ", change, n)
		}
	})
	in := w.input("Un acte")
	in.Areas = others[:1]
	w.exec(`delete from event_relations where node = $1`, w.create(in).Event.ID)
	if w.strays() == 0 {
		t.Error("a relation that is missing is not noticed: negative control")
	}
}

// TestRelationsAtOnce: who changes an event while somebody adds a relation or a pool
// to it waits for them, or they for it; the copy has the change in either case.
func TestRelationsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, add := range []string{
		`insert into edges (id, kind, source, target, role) values (gen_random_uuid(), 'held_at', $1, $2, 'VENUE')`,
		`insert into seat_pools (id, event, position, capacity) select gen_random_uuid(), $1, 9, 3 where $2::uuid is not null`,
	} {
		for _, change := range []string{
			`update nodes set visibility = 1, title_ca = 'Canviat' where id = $1 and $2::uuid is not null`,
			`update events set state = 'HELD' where node = $1 and $2::uuid is not null`,
		} {
			for _, steps := range [][2]string{{add, change}, {change, add}} {
				pgtest.Overlapping(t, w.db, steps[0], steps[1], w.create(w.input("Un acte")).Event.ID, named("Vic"))
				if n := w.strays(); n != 0 {
					t.Errorf("%q, then %q: %d rows differ", steps[0], steps[1], n)
				}
			}
		}
	}
}
