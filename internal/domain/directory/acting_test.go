package directory

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// straySQL counts what place_bodies says and edges and nodes do not, and the reverse.
const straySQL = `
with truth as (
  select a.id, a.target, n.id as node, a.valid, coalesce(nullif(n.title_ca, ''), nullif(n.title_es collate ca, ''), n.title_en collate ca) as sort,
    n.kind, n.visibility, n.home, n.title_ca collate "C", n.title_es collate "C", n.title_en, n.created_at, n.ended_at
  from edges a join nodes n on n.id = a.source where a.kind = 'acts_in'),
copied as (select edge, place, node, valid, sort, kind, visibility, home, title_ca, title_es, title_en, created_at, ended_at from place_bodies)
select count(*) from ((select * from truth except select * from copied) union all (select * from copied except select * from truth)) x`

func (w *town) strays() (n int) {
	w.Helper()
	if err := w.db.Read().QueryRow(w.Context(), straySQL).Scan(&n); err != nil {
		w.Fatal(err)
	}
	return n
}

func (w *town) exec(sql string, args ...any) {
	w.Helper()
	if _, err := postgres.Hub(w.db.Read()).Exec(w.Context(), sql, args...); err != nil {
		w.Fatal(err)
	}
}

// changesOfBodies are changes of a body $1, of where it acts and of its node, with a
// place $2 and a drawn word $3.
func changesOfBodies() []string {
	const its = ` where id = $1::uuid and $2::uuid is not null`
	return []string{
		`update nodes set title_ca = $3::text || id` + its,
		`update nodes set title_ca = '', title_es = $3::text` + its,
		`update nodes set visibility = case $3::text when 'à' then 0 when 'B' then 1 else 4 end` + its,
		`update nodes set ended_at = case $3::text when 'B' then now() end, home = case $3 when 'à' then $2::uuid end where id = $1::uuid`,
		`update edges set valid = daterange(null, current_date + case $3::text when 'à' then -1 else 1 end)
			where source = $1::uuid and kind = 'acts_in' and $2::uuid is not null`,
		`insert into edges (id, kind, source, target) select gen_random_uuid(), 'acts_in', $1::uuid, $2::uuid
			where $3::text <> '' and not exists (select from edges where kind = 'acts_in' and source = $1 and target = $2)`,
		`delete from edges where source = $1::uuid and target = $2::uuid and kind = 'acts_in' and $3::text <> ''`,
		`update edges set kind = 'located_in' where source = $1::uuid and target = $2::uuid and kind = 'acts_in' and $3::text <> '' and not exists (
			select from edges where kind = 'located_in' and source = $1 and target = $2)`,
	}
}

// TestBodiesOfPlaces: whatever becomes of bodies and of where they act, a place's
// list says what relations and nodes say, page after page, and what the list of all
// bodies says that are asked for by the place.
func TestBodiesOfPlaces(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	places := []id.ID{w.terrassa, w.nord, w.sabadell, w.province}
	bodies := w.many(6)
	rapid.Check(t, func(r *rapid.T) {
		w.exec(rapid.SampledFrom(changesOfBodies()).Draw(r, "change"), rapid.SampledFrom(bodies).Draw(r, "body"),
			rapid.SampledFrom(places).Draw(r, "place"), rapid.SampledFrom([]string{"à", "B", "c"}).Draw(r, "word"))
		if n := w.strays(); n != 0 {
			r.Fatalf("%d rows differ", n)
		}
		for _, place := range places {
			all, err := Organizations(t.Context(), w.db.Read(), w.stranger, Filter{ActsIn: place}, page.Args{First: 50})
			if err != nil {
				r.Fatal(err)
			}
			if diff := cmp.Diff(titles(all.Nodes), w.pages(r, place)); diff != "" {
				r.Fatalf("%v: %s", place, diff)
			}
		}
	})
	w.exec(`delete from place_bodies where node = $1`, w.association("Una més", w.nord))
	if w.strays() == 0 {
		t.Error("a relation that is missing is not noticed: negative control")
	}
}

// pages turns the pages of who acts in a place.
func (w *town) pages(r *rapid.T, place id.ID) []string {
	var all []string
	want := page.Args{First: 2, Total: true}
	for {
		got, err := ActingIn(w.Context(), w.db.Read(), w.stranger, []id.ID{place}, want, Line)
		if err != nil {
			r.Fatal(err)
		}
		all = append(all, titles(got[place].Nodes)...)
		if !got[place].PageInfo().HasNextPage {
			if *got[place].TotalCount != len(all) {
				r.Fatalf("%d counted of %d", *got[place].TotalCount, len(all))
			}
			return all
		}
		if want.After, err = page.Decode(*got[place].PageInfo().EndCursor); err != nil {
			r.Fatal(err)
		}
	}
}

// TestBodiesAtOnce: who changes a body while somebody lets it act somewhere waits for
// them, or they for it; the copy has the change in either case.
func TestBodiesAtOnce(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	acts := `insert into edges (id, kind, source, target) values (gen_random_uuid(), 'acts_in', $1, $2)`
	changes := `update nodes set visibility = 1, title_ca = 'Canviat' where id = $1 and $2::uuid is not null`
	for _, steps := range [][2]string{{acts, changes}, {changes, acts}} {
		pgtest.Overlapping(t, w.db, steps[0], steps[1], w.association("Una "+id.New().String(), w.terrassa), w.sabadell)
		if n := w.strays(); n != 0 {
			t.Errorf("%q, then %q: %d rows differ", steps[0], steps[1], n)
		}
	}
}
