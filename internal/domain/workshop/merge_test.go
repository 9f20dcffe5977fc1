package workshop

import (
	"bytes"
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// pair says that two entries, by their place, say the same.
type pair struct{ a, b int }

func drawPairs(t *rapid.T, entries int) []pair {
	place := rapid.IntRange(0, entries-1)
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) pair { return pair{place.Draw(t, "a"), place.Draw(t, "b")} }), 0, 12).Draw(t, "pairs")
}

// expected is what any order of merges must lead to, found another way: of each
// entry, the least place that a chain of pairs leads to.
func expected(entries int, pairs []pair) []int {
	least := make([]int, entries)
	for i := range least {
		least[i] = i
	}
	for range entries { // as often as the longest chain could be
		for _, p := range pairs {
			m := min(least[p.a], least[p.b])
			least[p.a], least[p.b] = m, m
		}
	}
	return least
}

// scrambled is the pairs in another order, some turned round, some twice.
func scrambled(pairs []pair, chance *rand.Rand) []pair {
	out := slices.Clone(pairs)
	for _, p := range pairs {
		if chance.IntN(2) == 0 {
			out = append(out, pair{p.b, p.a})
		}
	}
	chance.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	for i, p := range out {
		if chance.IntN(2) == 0 {
			out[i] = pair{p.b, p.a}
		}
	}
	return out
}

// Merging is commutative, associative and idempotent: any order, in either
// direction, once or twice, leads to the same sets with the same oldest.
func TestMergingIsCommutativeAndIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.IntRange(2, 9).Draw(t, "entries")
		pairs := drawPairs(t, entries)
		ids := make([]id.ID, entries)
		for i := range ids {
			ids[i] = id.New()
		}
		slices.SortFunc(ids, func(a, b id.ID) int { return bytes.Compare(a[:], b[:]) })
		want := map[id.ID]id.ID{}
		for i, least := range expected(entries, pairs) {
			want[ids[i]] = ids[least]
		}
		chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for _, order := range [][]pair{pairs, scrambled(pairs, chance), scrambled(pairs, chance)} {
			s := sets{}
			for _, v := range ids {
				s[v] = v
			}
			for _, p := range order {
				s.merge(ids[p.a], ids[p.b])
			}
			if !maps.Equal(s, want) {
				t.Fatalf("%v leads to %v", order, s)
			}
		}
	})
}

// corner is a workshop in a database, with groups and priorities of theirs.
type corner struct {
	db       *postgres.DB
	service  *Service
	officer  *access.Viewer
	place    id.ID
	workshop id.ID
	tokens   []string
	groups   []id.ID
	entries  []id.ID // in the order of their identifiers
}

func newCorner(t testing.TB) *corner {
	t.Helper()
	c := &corner{db: pgtest.New(t), place: id.Named("el Bon Pastor")}
	c.service = New(c.db, nil)
	home, person := id.Named("districte"), id.Named("oficial")
	c.tx(t, func(ctx context.Context, tx *postgres.Tx) error {
		return node.Register(ctx, tx,
			node.Node{ID: c.place, Kind: node.Neighbourhood, Title: lang.Text{CA: "el Bon Pastor"}},
			node.Node{ID: home, Kind: node.PublicService, Title: lang.Text{CA: "Districte"}},
			node.Node{ID: person, Kind: node.Person},
		)
	})
	c.officer = &access.Viewer{Person: person, Lang: lang.CA, Home: []id.ID{home}, Administers: []id.ID{home}}
	return c
}

func (c *corner) tx(t testing.TB, do func(context.Context, *postgres.Tx) error) {
	t.Helper()
	if err := c.db.InTx(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

// open makes and opens a workshop, with groups that join.
func (c *corner) open(t interface{ Fatal(...any) }, groups int) {
	ctx := context.Background()
	w, err := c.service.Create(ctx, c.officer, Input{
		Home: c.officer.Home[0], Title: lang.Text{CA: "Taller"}, Places: []id.ID{c.place},
	}, "")
	if err == nil {
		w, err = c.service.Move(ctx, c.officer, w.ID, Open, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	c.workshop, c.tokens, c.groups, c.entries = w.ID, nil, nil, nil
	for i := range groups {
		joined, err := c.service.Join(ctx, access.Anonymous(lang.CA), ShownCode(w.JoinCode), "Grup "+string(rune('A'+i)), "")
		if err != nil {
			t.Fatal(err)
		}
		c.tokens, c.groups = append(c.tokens, joined.Token), append(c.groups, joined.Group.ID)
	}
}

// Six editors merge at the same time, in any order and either direction, through
// real transactions: the sets are those of one editor who merges in peace, all
// authors are kept, and each merge that changed something is told once.
func TestConcurrentMerges(t *testing.T) {
	t.Parallel()
	c := newCorner(t)
	ctx := context.Background()
	worlds := 0
	rapid.Check(t, func(t *rapid.T) {
		if worlds++; worlds > 20 {
			return // each takes a hundred transactions: the sets alone are tried above
		}
		const groups = 6
		entries := rapid.IntRange(groups, 9).Draw(t, "entries")
		pairs := drawPairs(t, entries)
		chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		c.open(t, groups)
		authors := map[id.ID]id.ID{}
		for i := range entries {
			n, err := c.service.Note(ctx, access.Anonymous(lang.CA), Pen{Token: c.tokens[i%groups]},
				EntryInput{Kind: Priority, Territory: c.place, Text: lang.Text{CA: "Soledat"}}, "")
			if err != nil {
				t.Fatal(err)
			}
			c.entries = append(c.entries, n.Entry.ID)
			authors[n.Entry.ID] = c.groups[i%groups]
		}
		slices.SortFunc(c.entries, func(a, b id.ID) int { return bytes.Compare(a[:], b[:]) })
		var editors sync.WaitGroup
		failed := make(chan error, 1_000)
		for e := range groups {
			order := scrambled(pairs, chance)
			editors.Go(func() {
				for _, p := range order {
					_, err := c.service.Merge(ctx, access.Anonymous(lang.CA), Pen{Token: c.tokens[e]}, []id.ID{c.entries[p.a], c.entries[p.b]}, "")
					if err != nil {
						failed <- err
					}
				}
			})
		}
		editors.Wait()
		close(failed)
		for err := range failed {
			t.Fatal(err)
		}
		c.compare(t, expected(entries, pairs), authors)
	})
}

// compare holds the board to the sets that are expected, by place.
func (c *corner) compare(t *rapid.T, least []int, authors map[id.ID]id.ID) {
	ctx := context.Background()
	want := map[id.ID][]id.ID{} // the oldest and its set
	for i, l := range least {
		want[c.entries[l]] = append(want[c.entries[l]], c.entries[i])
	}
	boards, err := BoardsOf(ctx, c.db.Read(), c.officer, []id.ID{c.workshop})
	if err != nil {
		t.Fatal(err)
	}
	got, merges := map[id.ID][]id.ID{}, 0
	for _, e := range boards[c.workshop][0].Priorities {
		var all []id.ID
		for _, x := range e.set() {
			got[e.ID] = append(got[e.ID], x.ID)
			if !slices.Contains(all, authors[x.ID]) {
				all = append(all, authors[x.ID])
			}
		}
		if diff := cmp.Diff(all, e.Authors()); diff != "" {
			t.Fatal("authors:", diff)
		}
		merges += len(e.Merged)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal("sets:", diff)
	}
	var told int
	err = c.db.Read().QueryRow(ctx, `select count(*) from journal where node = $1 and kind = $2`, c.workshop, FactMerged).Scan(&told)
	if err != nil || told != merges {
		t.Fatalf("%d merges changed something and %d were told (%v)", merges, told, err)
	}
}

// Codes are read as people type them.
func TestCodes(t *testing.T) {
	code := newCode()
	for _, typed := range []string{code, ShownCode(code), " " + ShownCode(code), code[:5] + " " + code[5:]} {
		if got := typedCode(typed); got != code {
			t.Errorf("%q is read as %q, not %q", typed, got, code)
		}
	}
	for typed, want := range map[string]string{"OIL00-11111": "0110011111", "": "", "abc": "", "abcdefghjkm": ""} {
		if got := typedCode(typed); got != want {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
}

// The states as a machine, through the service: whatever is tried, a workshop
// moves along its arrows only, and groups join and note while it is open, and
// then only.
func TestMachine(t *testing.T) {
	t.Parallel()
	c := newCorner(t)
	ctx := context.Background()
	walks := 0
	rapid.Check(t, func(t *rapid.T) {
		if walks++; walks > 15 {
			return // each takes tens of transactions
		}
		c.open(t, 1)
		state := Open
		for range rapid.IntRange(1, 6).Draw(t, "tries") {
			to := rapid.SampledFrom([]State{Prepared, Open, Closed}).Draw(t, "to")
			may := state == Open && to == Closed || state == Closed && to == Open
			if _, err := c.service.Move(ctx, c.officer, c.workshop, to, ""); (err == nil) != may {
				t.Fatalf("from %s to %s: %v", state, to, err)
			}
			if may {
				state = to
			}
			_, err := c.service.Note(ctx, access.Anonymous(lang.CA), Pen{Token: c.tokens[0]},
				EntryInput{Kind: Priority, Territory: c.place, Text: lang.Text{CA: "Bancs"}}, "")
			if (err == nil) != (state == Open) {
				t.Fatalf("in %s a group notes: %v", state, err)
			}
		}
	})
}
