package calendar

import (
	"slices"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
)

// place is a territory with all that it is part of, on the event's day.
type place struct {
	ID     id.ID
	Kind   node.Kind
	Title  lang.Text
	Wholes []id.ID // nearest first
}

// atlas holds the places that are asked about and all their wholes.
type atlas map[id.ID]*place

// meets tells that one of the two contains the other, or that they are the
// same. A venue given as "Barcelona" for a day of one of its districts is
// vague, not outside.
func (a atlas) meets(x, y id.ID) bool {
	return x == y || a.contains(x, y) || a.contains(y, x)
}

func (a atlas) contains(whole, part id.ID) bool {
	p := a[part]
	return p != nil && slices.Contains(p.Wholes, whole)
}

// width orders kinds of territory from small to large.
func width(k node.Kind) int {
	return slices.Index([]node.Kind{node.Neighbourhood, node.District, node.Municipality, node.Comarca, node.Province}, k)
}

// givenPlace is a place and the field it was given in.
type givenPlace struct {
	Place id.ID
	Path  []string
}

// stray is a given place that lies outside Areas.
type stray struct {
	givenPlace
	Areas []id.ID
}

// strays finds the given places that are in none of the areas, and the areas
// that do not belong with the others.
func (a atlas) strays(areas, given []givenPlace) []stray {
	var found []stray
	for _, g := range given {
		meetsOne := func(area givenPlace) bool { return a.meets(g.Place, area.Place) }
		if len(areas) > 0 && !slices.ContainsFunc(areas, meetsOne) {
			found = append(found, stray{g, idsOf(areas)})
		}
	}
	return append(found, a.oddAreas(areas)...)
}

// oddAreas looks at areas given as a district and some of its neighbourhoods,
// or as neighbourhoods of one district: one that lies elsewhere is odd. A list
// of towns or of districts is never odd by itself.
func (a atlas) oddAreas(areas []givenPlace) []stray {
	frames := a.frames(idsOf(areas))
	if len(frames) == 0 {
		return nil
	}
	widest := 0
	for _, f := range frames {
		widest = max(widest, width(a[f].Kind))
	}
	var found []stray
	for _, x := range areas {
		p := a[x.Place]
		meetsFrame := func(f id.ID) bool { return a.meets(f, x.Place) }
		if p != nil && width(p.Kind) < widest && !slices.ContainsFunc(frames, meetsFrame) {
			found = append(found, stray{x, frames})
		}
	}
	return found
}

// frames are the areas that contain other areas. When there are none and all
// are neighbourhoods, it is the district of all but one of them, at least two.
func (a atlas) frames(areas []id.ID) []id.ID {
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

func idsOf(given []givenPlace) []id.ID {
	ids := make([]id.ID, len(given))
	for i, g := range given {
		ids[i] = g.Place
	}
	return ids
}

// title joins the titles of places, in every language.
func (a atlas) title(ids []id.ID) lang.Text {
	var t lang.Text
	join := func(s *string, l lang.Lang, p *place) {
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

// warning says where the place is, and what may have been meant.
func (s stray) warning(a atlas, meant *place) Warning {
	within := lang.Text{CA: "un altre lloc", ES: "otro lugar", EN: "another place"}
	if p := a[s.Place]; len(p.Wholes) > 0 {
		within = a[p.Wholes[0]].Title
	}
	var hint lang.Text
	w := Warning{Node: s.Place}
	if meant != nil {
		w.Suggestion = meant.ID
		hint = lang.Text{
			CA: " Volíeu dir «" + meant.Title.In(lang.CA) + "»?",
			ES: " ¿Quería decir «" + meant.Title.In(lang.ES) + "»?",
			EN: " Did you mean “" + meant.Title.In(lang.EN) + "”?",
		}
	}
	said := warn(WarnOutsideArea, map[string]any{
		"place": a[s.Place].Title, "within": within, "area": a.title(s.Areas), "hint": hint,
	}, s.Path...)
	said.Node, said.Suggestion = w.Node, w.Suggestion
	return said
}
