package directory

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
)

// TestUnitedHoldsTheSameDays: whatever two bodies' relations were, afterwards no
// two of one kind hold on one day, and a day has one exactly when it had one.
func TestUnitedHoldsTheSameDays(t *testing.T) {
	t.Parallel()
	epoch := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	day := func(n int) *time.Time {
		if n < 0 {
			return nil
		}
		d := epoch.AddDate(0, 0, n)
		return &d
	}
	holds := func(r relation, n int) bool {
		d := *day(n)
		return (r.from == nil || !d.Before(*r.from)) && (r.to == nil || d.Before(*r.to))
	}
	rapid.Check(t, func(r *rapid.T) {
		var all []relation
		for i := range rapid.IntRange(0, 8).Draw(r, "relations") {
			begin := rapid.IntRange(-1, 18).Draw(r, "first day")
			end := rapid.IntRange(max(begin+1, 1), 20).Draw(r, "last day")
			if rapid.Bool().Draw(r, "open") {
				end = -1
			}
			all = append(all, relation{
				id: id.Named(string(rune('a' + i))), from: day(begin), to: day(end), own: rapid.Bool().Draw(r, "own"),
				key: relationKey{kind: "acts_for", source: rapid.SampledFrom([]id.ID{id.Named("p"), id.Named("q")}).Draw(r, "who")},
			})
		}
		keep, drop := united(slices.Clone(all))
		if len(keep)+len(drop) != len(all) {
			r.Fatalf("%d kept and %d dropped of %d", len(keep), len(drop), len(all))
		}
		for _, key := range []id.ID{id.Named("p"), id.Named("q")} {
			for n := range 25 {
				count := func(list []relation) (on int) {
					for _, x := range list {
						if x.key.source == key && holds(x, n) {
							on++
						}
					}
					return on
				}
				if had, has := count(all), count(keep); has > 1 || had > 0 != (has > 0) {
					r.Fatalf("day %d: %d before, %d after", n, had, has)
				}
			}
		}
	})
}

// TestMergeKeepsHistory: dates meet, chains lead to the last, what is left of the
// first is its own past.
func TestMergeKeepsHistory(t *testing.T) {
	w := newTown(t)
	first, second, third := w.association("Una", w.terrassa), w.association("Dues", w.terrassa, w.nord), w.association("Tres", w.terrassa)
	rita := w.person("Rita", first, Representative)
	claim, err := w.service.Claim(t.Context(), w.stranger, "", second)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.service.Merge(t.Context(), rita, "", first, second); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("its own representative merges: %v", err)
	}
	for _, pair := range [][2]id.ID{{first, second}, {second, third}} {
		if err := w.service.Merge(t.Context(), w.officer, "key"+pair[0].String(), pair[0], pair[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.service.Merge(t.Context(), w.officer, "key"+first.String(), first, second); err != nil {
		t.Errorf("the same again with its key: %v", err)
	}
	became, err := SuccessorsOf(t.Context(), w.db.Read(), []id.ID{first, second, third})
	if err != nil || became[first] != third || became[second] != third || len(became) != 2 {
		t.Errorf("they became %v, %v", became, err)
	}
	v, err := auth.Viewer(t.Context(), w.db.Read(), rita.Person, "ca")
	if err != nil || !v.MayAdminister(third) || v.ActsFor(first) || v.ActsFor(second) {
		t.Errorf("the representative's rights %+v, %v", v, err)
	}
	if got := w.namesAt(v, third); !slices.Equal(got, []string{"Rita"}) {
		t.Errorf("its people are %v", got)
	}
	if found, err := OrganizationsByIDs(t.Context(), w.db.Read(), anyone, []id.ID{first, second, third}, Full); err != nil || len(found) != 1 {
		t.Errorf("%d entries are left, %v", len(found), err)
	}
	if err := w.service.DecideClaim(t.Context(), w.officer, "", Decision{third, claim, false, "Ja té qui la representa."}); err != nil {
		t.Errorf("the claim went along: %v", err)
	}
	if n := w.count(`select count(*) from edges where source = $1 and kind = 'acts_in' and valid @> current_date`, third); n != 2 {
		t.Errorf("it acts in %d places", n)
	}
	if _, err := w.service.Claim(t.Context(), w.stranger, "", first); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("an ended entry is claimed: %v", err)
	}
}

// TestAdministratorMerges where no officer's town has both.
func TestAdministratorMerges(t *testing.T) {
	w := newTown(t)
	here, there := w.association("Una", w.terrassa), w.association("Dues", w.sabadell)
	if err := w.service.Merge(t.Context(), w.officer, "", here, there); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("an officer of one of the towns: %v", err)
	}
	admin := &access.Viewer{Person: w.stranger.Person, Admin: true}
	if err := w.service.Merge(t.Context(), admin, "", here, w.terrassa); !errors.Is(err, ErrMergeKinds) {
		t.Errorf("an association into a town: %v", err)
	}
	if err := w.service.Merge(t.Context(), admin, "", here, there); err != nil {
		t.Error(err)
	}
}
