package dataset

import (
	"testing"

	"github.com/teixit/teixit/internal/kernel/id"
)

func TestShares(t *testing.T) {
	t.Parallel()
	towns := []town{{population: 1_600_000}, {population: 10_000}, {population: 100}, {population: 25}}
	for _, n := range []int{1, 7, 12_000} {
		sum := 0
		for _, share := range shares(towns, n) {
			if share < 0 {
				t.Errorf("a share of %d", share)
			}
			sum += share
		}
		if sum != n {
			t.Errorf("%d shared out of %d", sum, n)
		}
	}
	if got := shares(towns, 12_000); got[0] < 12*got[1] || got[1] < 9*got[2] {
		t.Errorf("shares %v do not follow the root of the inhabitants", got)
	}
}

func TestOrganisers(t *testing.T) {
	t.Parallel()
	quiet := id.Named("quiet")
	towns := []town{{}, {associations: []id.ID{quiet}}, {}}
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		towns[0].associations = append(towns[0].associations, id.Named(name))
	}
	led := map[id.ID]int{}
	for _, o := range organisers(towns, 33) {
		led[o.id]++
	}
	if len(led) != 9 || led[id.Named("a")] != 4 || led[id.Named("h")] != 4 || led[quiet] != 1 {
		t.Errorf("%v", led)
	}
}
