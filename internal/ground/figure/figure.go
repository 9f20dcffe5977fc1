// Package figure is what the hub counts: figures with a definition, a unit, a
// period and a source, that add up along their breakdowns, and of which nothing
// is shown from which somebody could be recognised.
//
// What always holds
//   - Not collected, unknown and zero are three things.
//   - A breakdown adds up to its total, or is refused with the difference.
//   - A figure is published with label, unit, period and source; a draft may
//     lack them and says so (Missing).
//   - A count under the threshold (5 by default) is hidden, and as many of its
//     complements as it takes: from what is shown, with all its sums, a hidden
//     count could as well be one that is not small. See Protect.
package figure

import (
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// State says what is known of a count.
type State string

// The states of a count.
const (
	Known        State = "KNOWN"
	NotCollected State = "NOT_COLLECTED" // nobody counted
	Unknown      State = "UNKNOWN"       // somebody may have counted, the number is not known
	Suppressed   State = "SUPPRESSED"    // known and not shown: somebody could be recognised
)

// States lists the states that people enter.
func States() []State { return []State{Known, NotCollected, Unknown} }

// Count is a number or the reason why there is none. The zero Count was not
// collected.
type Count struct {
	n     int
	state State
}

// Of is a known count.
func Of(n int) Count { return Count{n, Known} }

// Missing is a count in a state without a number.
func Missing(s State) Count {
	if s == Known {
		s = Unknown
	}
	return Count{0, s}
}

// Value is the number; nil when there is none to show.
func (c Count) Value() *int {
	if c.state != Known {
		return nil
	}
	n := c.n
	return &n
}

// State says what is known of it.
func (c Count) State() State {
	if c.state == "" {
		return NotCollected
	}
	return c.state
}

// Plus adds two counts. What is not known in one is not known in the sum.
func (c Count) Plus(d Count) Count {
	switch {
	case c.State() == Known && d.State() == Known:
		return Of(c.n + d.n)
	case c.State() == NotCollected && d.State() == NotCollected:
		return Count{}
	case c.State() == Suppressed || d.State() == Suppressed:
		return Missing(Suppressed)
	}
	return Missing(Unknown)
}

// Definition says what is counted.
type Definition struct {
	Code  string // stable name, for programs
	Label lang.Text
	Unit  lang.Text
}

// Category is one part of a breakdown, such as women.
type Category struct {
	Code  string
	Label lang.Text
}

// Axis is what a figure is broken down by, with its categories in their order.
type Axis struct {
	Code       string
	Label      lang.Text
	Categories []Category
}

// The codes of BySex.
const (
	Woman     = "WOMAN"
	Man       = "MAN"
	NonBinary = "NON_BINARY"
	NotStated = "NOT_STATED"
)

// BySex breaks people down by sex: woman, man, non-binary, not stated.
func BySex() Axis {
	return Axis{
		Code: "SEX", Label: lang.Text{CA: "Sexe", ES: "Sexo", EN: "Sex"},
		Categories: []Category{
			{Woman, lang.Text{CA: "Dones", ES: "Mujeres", EN: "Women"}},
			{Man, lang.Text{CA: "Homes", ES: "Hombres", EN: "Men"}},
			{NonBinary, lang.Text{CA: "Persones no binàries", ES: "Personas no binarias", EN: "Non-binary people"}},
			{NotStated, lang.Text{CA: "No consta", ES: "No consta", EN: "Not stated"}},
		},
	}
}

// ErrNotAddingUp is raised where the parts of a breakdown are more or fewer than
// their total.
var ErrNotAddingUp = fault.Define(fault.Invalid, "PARTS_DO_NOT_ADD_UP",
	"Les parts sumen {sum} i el total és {total}: la diferència és {difference}.",
	"Las partes suman {sum} y el total es {total}: la diferencia es {difference}.",
	"The parts add up to {sum} and the total is {total}: the difference is {difference}.")

// ErrPartTooLarge is raised where an "of which" part exceeds its whole.
var ErrPartTooLarge = fault.Define(fault.Invalid, "PART_EXCEEDS_TOTAL",
	"La part ({part}) supera el total ({total}).", "La parte ({part}) supera el total ({total}).",
	"The part ({part}) exceeds the total ({total}).")

// AddsUp tells whether the parts are the total; otherwise the fault says the
// difference.
func AddsUp(total int, parts []int) *fault.Fault {
	sum := 0
	for _, n := range parts {
		sum += n
	}
	if sum == total {
		return nil
	}
	return ErrNotAddingUp.New().With("sum", sum).With("total", total).With("difference", sum-total)
}

// OfWhich splits a total into a part and the rest: 492, of which 239 new.
func OfWhich(total, part int) (rest int, err *fault.Fault) {
	if part < 0 || part > total {
		return 0, ErrPartTooLarge.New().With("part", part).With("total", total)
	}
	return total - part, nil
}

// Cell is one part of a breakdown as it is shown. Small categories may have
// been pooled: then it stands for several.
type Cell struct {
	Categories []Category
	Count      Count
}

// Codes are the codes of the categories.
func (c Cell) Codes() []string {
	codes := make([]string, len(c.Categories))
	for i, k := range c.Categories {
		codes[i] = k.Code
	}
	return codes
}

// Label names the cell.
func (c Cell) Label() lang.Text {
	var t lang.Text
	for i, k := range c.Categories {
		if i > 0 {
			t = lang.Text{CA: t.CA + " o ", ES: t.ES + " o ", EN: t.EN + " or "}
		}
		t = lang.Text{CA: t.CA + k.Label.CA, ES: t.ES + k.Label.ES, EN: t.EN + k.Label.EN}
	}
	return t
}

// Breakdown is a figure along one axis, as it is shown.
type Breakdown struct {
	Axis  Axis
	Cells []Cell
}

// AxisCode is the stable name of the axis.
func (b Breakdown) AxisCode() string { return b.Axis.Code }

// Label is the axis in words.
func (b Breakdown) Label() lang.Text { return b.Axis.Label }

// Figure is a count with its definition and its breakdowns, as it is shown.
type Figure struct {
	Definition
	Period
	Source     lang.Text // empty: not stated
	Total      Count
	Breakdowns []Breakdown // none: not broken down
}

// Missing names what a figure lacks to be published: label, unit, period,
// source.
func (f Figure) Missing() []string {
	missing := []string{}
	for _, x := range []struct {
		name  string
		lacks bool
	}{
		{"label", f.Label.Empty()},
		{"unit", f.Unit.Empty()},
		{"period", f.Period.From.IsZero() && f.Period.Until.IsZero()},
		{"source", f.Source.Empty()},
	} {
		if x.lacks {
			missing = append(missing, x.name)
		}
	}
	return missing
}

// Draft tells that the figure lacks something to be published.
func (f Figure) Draft() bool { return len(f.Missing()) > 0 }
