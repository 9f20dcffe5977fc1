package territory

import (
	"testing"
	"time"
)

func TestEmbeddedData(t *testing.T) {
	d, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(d.municipalities); n != 311 {
		t.Errorf("%d municipalities, want 311", n)
	}
	if n := len(d.comarques); n != 14 {
		t.Errorf("%d comarques, want 13 and la Selva", n)
	}
	districts := map[string]bool{}
	for _, q := range d.quarters {
		districts[q.districtCode] = true
	}
	if len(d.quarters) != 73 || len(districts) != 10 {
		t.Errorf("%d neighbourhoods in %d districts, want 73 in 10", len(d.quarters), len(districts))
	}
}

// The bands are the statistics institute's own counts: a lost or doubled row,
// or a shifted column, changes one of them.
func TestPopulationBands(t *testing.T) {
	d, err := load()
	if err != nil {
		t.Fatal(err)
	}
	limits := []int{500, 2000, 5000, 10000, 50000, 1 << 30}
	var got [6]int
	for _, m := range d.municipalities {
		for i, limit := range limits {
			if m.population < limit {
				got[i]++
				break
			}
		}
	}
	if want := [6]int{64, 52, 64, 46, 66, 19}; got != want {
		t.Errorf("towns per size band %v, want %v", got, want)
	}
}

// On every day that any border moved, and on the day before, each town is in
// exactly one comarca.
func TestOneComarcaPerTownOnEveryDay(t *testing.T) {
	d, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range d.stays {
		for _, edge := range []*time.Time{s.from, s.to} {
			if edge == nil {
				continue
			}
			for _, day := range []time.Time{*edge, edge.AddDate(0, 0, -1)} {
				in := map[string]int{}
				for _, other := range d.stays {
					if covers(other, day) {
						in[other.municipality]++
					}
				}
				for _, m := range d.municipalities {
					if in[m.code] != 1 {
						t.Fatalf("%s is in %d comarques on %s", m.name, in[m.code], day.Format(time.DateOnly))
					}
				}
			}
		}
	}
}

func covers(s stay, day time.Time) bool {
	return (s.from == nil || !day.Before(*s.from)) && (s.to == nil || day.Before(*s.to))
}
