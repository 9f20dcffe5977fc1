package area

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
)

// besos is the corner of Barcelona where two neighbourhoods have nearly the
// same name and lie in different districts.
func besos() Atlas {
	a := Atlas{}
	add := func(name string, kind node.Kind, wholes ...string) {
		p := &Place{ID: id.Named(name), Kind: kind, Title: lang.Text{CA: name}}
		for _, w := range wholes {
			p.Wholes = append(p.Wholes, id.Named(w))
		}
		a[p.ID] = p
	}
	add("Barcelona", node.Municipality, "Barcelonès")
	add("Barcelonès", node.Comarca)
	add("Vic", node.Municipality, "Osona")
	add("Osona", node.Comarca)
	for _, d := range []string{"Sant Andreu", "Nou Barris"} {
		add(d, node.District, "Barcelona", "Barcelonès")
	}
	for _, n := range []string{"Bon Pastor", "Baró de Viver", "Trinitat Vella"} {
		add(n, node.Neighbourhood, "Sant Andreu", "Barcelona", "Barcelonès")
	}
	add("Trinitat Nova", node.Neighbourhood, "Nou Barris", "Barcelona", "Barcelonès")
	add("Roquetes", node.Neighbourhood, "Nou Barris", "Barcelona", "Barcelonès")
	return a
}

var outside = fault.Define(fault.Invalid, "OUTSIDE",
	"«{place}» és a {within}, fora de l'àmbit de l'acte ({area}). S'ha desat tal com ho heu escrit.{hint}",
	"«{place}» está en {within}, fuera del ámbito del acto ({area}). Se ha guardado tal como lo ha escrito.{hint}",
	"“{place}” is in {within}, outside the area of the event ({area}). It was kept as you gave it.{hint}")

func givenAt(field string, names ...string) (g []Given) {
	for _, n := range names {
		g = append(g, Given{id.Named(n), []string{field}})
	}
	return g
}

func TestStrays(t *testing.T) {
	a := besos()
	for name, c := range map[string]struct {
		area, given, want []string
	}{
		"the working day in Sant Andreu": {
			[]string{"Sant Andreu"}, []string{"Bon Pastor", "Baró de Viver", "Trinitat Nova"}, []string{"Trinitat Nova"},
		},
		"as it should have been": {[]string{"Sant Andreu"}, []string{"Bon Pastor", "Baró de Viver", "Trinitat Vella"}, nil},
		"named in the area with its district": {
			[]string{"Sant Andreu", "Bon Pastor", "Trinitat Nova"}, nil, []string{"Trinitat Nova"},
		},
		"named in the area without one": {
			[]string{"Bon Pastor", "Baró de Viver", "Trinitat Nova"}, nil, []string{"Trinitat Nova"},
		},
		"two of each district":           {[]string{"Bon Pastor", "Baró de Viver", "Trinitat Nova", "Roquetes"}, nil, nil},
		"two districts":                  {[]string{"Sant Andreu", "Nou Barris", "Bon Pastor"}, nil, nil},
		"two towns":                      {[]string{"Barcelona", "Vic"}, nil, nil},
		"a venue that contains the area": {[]string{"Sant Andreu"}, []string{"Barcelona"}, nil},
		"a venue in another town":        {[]string{"Sant Andreu", "Nou Barris"}, []string{"Vic"}, []string{"Vic"}},
		"no area":                        {nil, []string{"Vic"}, nil},
		"a wide area":                    {[]string{"Barcelonès"}, []string{"Trinitat Nova"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, s := range a.Strays(givenAt("area", c.area...), givenAt("places", c.given...)) {
				got = append(got, a[s.Place].Title.CA)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A place that is in an area is never a stray, and without areas nothing is.
func TestStraysNeverBlameWhatIsInside(t *testing.T) {
	a := besos()
	var names []string
	for _, p := range a {
		names = append(names, p.Title.CA)
	}
	slices.Sort(names)
	rapid.Check(t, func(t *rapid.T) {
		areas := givenAt("area", rapid.SliceOfDistinct(rapid.SampledFrom(names), rapid.ID[string]).Draw(t, "areas")...)
		given := givenAt("places", rapid.SliceOf(rapid.SampledFrom(names)).Draw(t, "given")...)
		for _, s := range a.Strays(areas, given) {
			for _, frame := range s.Areas {
				if a.contains(frame, s.Place) || frame == s.Place {
					t.Fatalf("%s is inside %s and was blamed", a[s.Place].Title.CA, a[frame].Title.CA)
				}
			}
			if len(s.Areas) == 0 {
				t.Fatalf("%s was blamed without an area", a[s.Place].Title.CA)
			}
		}
	})
}

func TestStrayWarningInThreeLanguages(t *testing.T) {
	a := besos()
	s := a.Strays(givenAt("area", "Sant Andreu"), givenAt("places", "Trinitat Nova"))[0]
	w := s.warning(outside, a, a[id.Named("Trinitat Vella")])
	want := lang.Text{
		CA: "«Trinitat Nova» és a Nou Barris, fora de l'àmbit de l'acte (Sant Andreu). S'ha desat tal com ho heu escrit. Volíeu dir «Trinitat Vella»?",
		ES: "«Trinitat Nova» está en Nou Barris, fuera del ámbito del acto (Sant Andreu). Se ha guardado tal como lo ha escrito. ¿Quería decir «Trinitat Vella»?",
		EN: "“Trinitat Nova” is in Nou Barris, outside the area of the event (Sant Andreu). It was kept as you gave it. Did you mean “Trinitat Vella”?",
	}
	got := lang.Text{CA: w.Message(lang.CA), ES: w.Message(lang.ES), EN: w.Message(lang.EN)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if w.Node != id.Named("Trinitat Nova") || w.Suggestion != id.Named("Trinitat Vella") {
		t.Errorf("about %v, suggests %v", w.Node, w.Suggestion)
	}
}
