// Package area looks whether places lie where they are said to lie: the venue of
// an event, a neighbourhood that a project names. What lies outside is kept as
// it was given, and its authors are warned; nothing is ever corrected in silence.
package area

import (
	"slices"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
)

// Place is a territory with all that it is part of, on a day.
type Place struct {
	ID     id.ID
	Kind   node.Kind
	Title  lang.Text
	Wholes []id.ID // nearest first
}

// Atlas holds the places that are asked about and all their wholes.
type Atlas map[id.ID]*Place

// meets tells that one of the two contains the other, or that they are the
// same. A venue given as "Barcelona" for a day of one of its districts is
// vague, not outside.
func (a Atlas) meets(x, y id.ID) bool {
	return x == y || a.contains(x, y) || a.contains(y, x)
}

func (a Atlas) contains(whole, part id.ID) bool {
	p := a[part]
	return p != nil && slices.Contains(p.Wholes, whole)
}

// width orders kinds of territory from small to large.
func width(k node.Kind) int {
	return slices.Index([]node.Kind{node.Neighbourhood, node.District, node.Municipality, node.Comarca, node.Province}, k)
}

// Given is a place and the field it was given in.
type Given struct {
	Place id.ID
	Path  []string
}

// Stray is a given place that lies outside Areas.
type Stray struct {
	Given
	Areas []id.ID
}

// Strays finds the given places that are in none of the areas, and the areas
// that do not belong with the others.
func (a Atlas) Strays(areas, given []Given) []Stray {
	var found []Stray
	for _, g := range given {
		meetsOne := func(area Given) bool { return a.meets(g.Place, area.Place) }
		if len(areas) > 0 && !slices.ContainsFunc(areas, meetsOne) {
			found = append(found, Stray{g, idsOf(areas)})
		}
	}
	return append(found, a.oddAreas(areas)...)
}

// oddAreas looks at areas given as a district and some of its neighbourhoods,
// or as neighbourhoods of one district: one that lies elsewhere is odd. A list
// of towns or of districts is never odd by itself.
func (a Atlas) oddAreas(areas []Given) []Stray {
	frames := a.frames(idsOf(areas))
	if len(frames) == 0 {
		return nil
	}
	widest := 0
	for _, f := range frames {
		widest = max(widest, width(a[f].Kind))
	}
	var found []Stray
	for _, x := range areas {
		p := a[x.Place]
		meetsFrame := func(f id.ID) bool { return a.meets(f, x.Place) }
		if p != nil && width(p.Kind) < widest && !slices.ContainsFunc(frames, meetsFrame) {
			found = append(found, Stray{x, frames})
		}
	}
	return found
}

// frames are the areas that contain other areas. When there are none and all
// are neighbourhoods, it is the district of all but one of them, at least two.
func (a Atlas) frames(areas []id.ID) []id.ID {
	var frames []id.ID
	for _, whole := range areas {
		contains := func(part id.ID) bool { return a.contains(whole, part) }
		if a[whole] != nil && slices.ContainsFunc(areas, contains) {
			frames = append(frames, whole)
		}
	}
	if len(frames) > 0 {
		return frames
	}
	in := map[id.ID]int{}
	for _, x := range areas {
		p := a[x]
		if p == nil || p.Kind != node.Neighbourhood || len(p.Wholes) == 0 {
			return nil
		}
		in[p.Wholes[0]]++
	}
	for district, n := range in {
		if n >= 2 && n == len(areas)-1 {
			return []id.ID{district}
		}
	}
	return nil
}

func idsOf(given []Given) []id.ID {
	ids := make([]id.ID, len(given))
	for i, g := range given {
		ids[i] = g.Place
	}
	return ids
}

// title joins the titles of places, in every language.
func (a Atlas) title(ids []id.ID) lang.Text {
	var t lang.Text
	join := func(s *string, l lang.Lang, p *Place) {
		if *s != "" {
			*s += ", "
		}
		*s += p.Title.In(l)
	}
	for _, v := range ids {
		if p := a[v]; p != nil {
			join(&t.CA, lang.CA, p)
			join(&t.ES, lang.ES, p)
			join(&t.EN, lang.EN, p)
		}
	}
	return t
}

// warning says where the place is, and what may have been meant. Its message may
// use {place}, {within}, {area} and {hint}.
func (s Stray) warning(code fault.Code, a Atlas, meant *Place) form.Warning {
	within := lang.Text{CA: "un altre lloc", ES: "otro lugar", EN: "another place"}
	if p := a[s.Place]; len(p.Wholes) > 0 {
		within = a[p.Wholes[0]].Title
	}
	var hint lang.Text
	var suggestion id.ID
	if meant != nil {
		suggestion = meant.ID
		hint = lang.Text{
			CA: " Volíeu dir «" + meant.Title.In(lang.CA) + "»?",
			ES: " ¿Quería decir «" + meant.Title.In(lang.ES) + "»?",
			EN: " Did you mean “" + meant.Title.In(lang.EN) + "”?",
		}
	}
	w := form.Warn(code, map[string]any{
		"place": a[s.Place].Title, "within": within, "area": a.title(s.Areas), "hint": hint,
	}, s.Path...)
	w.Node, w.Suggestion = s.Place, suggestion
	return w
}
