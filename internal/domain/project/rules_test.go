package project

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// The states as a machine: whatever is tried, a project moves along its arrows
// only, is never agreed without aims and a second partner, and never finishes
// with something open. What ended stays ended.
func TestStates(t *testing.T) {
	arrows := map[State][]State{Idea: {Agreed, Dropped}, Agreed: {Running, Dropped}, Running: {Finished, Dropped}}
	rapid.Check(t, func(t *rapid.T) {
		p := &Project{State: Idea}
		if rapid.Bool().Draw(t, "aims") {
			p.Aims = []lang.Text{{CA: "Alguna cosa"}}
		}
		for range rapid.IntRange(1, 8).Draw(t, "tries") {
			to := rapid.SampledFrom(States()).Draw(t, "to")
			s := standing{partners: rapid.IntRange(1, 3).Draw(t, "partners"), open: rapid.IntRange(0, 2).Draw(t, "open")}
			want := slices.Contains(arrows[p.State], to) &&
				(to != Agreed || len(p.Aims) > 0 && s.partners > 1) && (to != Finished || s.open == 0)
			if err := p.mayBecome(to, s); (err == nil) != want {
				t.Fatalf("from %s to %s with %+v: %v", p.State, to, s, err)
			}
			if want {
				p.State = to
			}
			if p.State.Final() != (len(arrows[p.State]) == 0) {
				t.Fatalf("%s is final: %v", p.State, p.State.Final())
			}
		}
	})
}

// Whoever leaves hands every open commitment on, to a partner that stays, or
// drops it; nothing is forgotten, named twice, or given to who leaves.
func TestHandover(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := func(n int) []id.ID {
			list := make([]id.ID, n)
			for i := range list {
				list[i] = id.New()
			}
			return list
		}
		leaving, stranger := id.New(), id.New()
		open, staying := ids(rapid.IntRange(0, 4).Draw(t, "open")), ids(rapid.IntRange(0, 3).Draw(t, "staying"))
		heirs := append(slices.Clone(staying), id.Zero, leaving, stranger)
		of := append(slices.Clone(open), id.New())
		plan := make([]Reassignment, rapid.IntRange(0, 5).Draw(t, "plan"))
		right, named := true, map[id.ID]bool{}
		for i := range plan {
			plan[i] = Reassignment{rapid.SampledFrom(of).Draw(t, "commitment"), rapid.SampledFrom(heirs).Draw(t, "heir")}
			right = right && slices.Contains(open, plan[i].Commitment) && !named[plan[i].Commitment] &&
				(plan[i].To.IsZero() || slices.Contains(staying, plan[i].To))
			named[plan[i].Commitment] = true
		}
		right = right && len(named) == len(open)
		if err := handover(leaving, open, staying, plan); (err == nil) != right {
			t.Fatalf("%d open, %d staying, %v: %v", len(open), len(staying), plan, err)
		}
	})
}

func TestSuccession(t *testing.T) {
	lead, other, stranger := id.New(), id.New(), id.New()
	for _, c := range []struct {
		leaving, heir id.ID
		want          error
	}{
		{other, id.Zero, nil},
		{other, lead, ErrNotTheLead},
		{lead, id.Zero, ErrNeedsLead},
		{lead, stranger, ErrNotPartner},
		{lead, other, nil},
	} {
		staying := []id.ID{lead, other}
		staying = slices.DeleteFunc(staying, func(v id.ID) bool { return v == c.leaving })
		if err := succession(c.leaving, lead, c.heir, staying); !errors.Is(err, c.want) {
			t.Errorf("%v leaves to %v: %v", c.leaving == lead, c.heir == other, err)
		}
	}
}
