package figure

import "slices"

// People is how many took part in each of several things, with their sex where
// somebody counted it.
type People struct {
	Total Count
	// BySex are the counts in the order of the axis BySex; nil where nobody
	// counted them.
	BySex []int
}

// Check refuses a split that does not add up to its total, or that has none.
func (p People) Check() error {
	if p.BySex == nil {
		return nil
	}
	n := p.Total.Value()
	if n == nil {
		return ErrNotAddingUp.New().With("sum", sum(p.BySex)).With("total", 0).With("difference", sum(p.BySex))
	}
	if f := AddsUp(*n, p.BySex); f != nil {
		return f
	}
	return nil
}

func sum(list []int) (n int) {
	for _, x := range list {
		n += x
	}
	return n
}

// ShownPeople is what may be shown of several groups of people and of all
// together.
type ShownPeople struct {
	Rows []ShownSplit // in the order of the groups
	Sum  ShownSplit
}

// ShownSplit is one group as it is shown.
type ShownSplit struct {
	Total Count
	Cells []Cell // none where nobody counted
}

// Breakdowns are the split as a figure has it.
func (s ShownSplit) Breakdowns() []Breakdown {
	if len(s.Cells) == 0 {
		return nil
	}
	return []Breakdown{{Axis: BySex(), Cells: s.Cells}}
}

// Sex shows groups of people by sex, and their sum. With a threshold of 0
// everything is shown. The categories with few people are pooled first, so that
// one non-binary person does not hide the rest; what is still small is hidden.
//
// The sum is broken down only where every group that counted anybody is: parts
// of some, beside totals of all, would not add up.
func Sex(groups []People, threshold int) ShownPeople {
	axis := BySex().Categories
	pools := pooled(groups, threshold)
	table, places := tableOf(groups, pools)
	shown := table.Open()
	if threshold > 0 {
		shown = Protect(table, threshold)
	}
	out := ShownPeople{Rows: make([]ShownSplit, len(groups))}
	whole, known := true, len(groups) > 0
	for i, g := range groups {
		if places[i] < 0 {
			out.Rows[i].Total = g.Total
			known = known && g.Total.State() == Known
			continue
		}
		cells, total := shown.Row(places[i])
		out.Rows[i].Total = total
		if g.BySex == nil {
			whole = false
			continue
		}
		out.Rows[i].Cells = cellsOf(axis, pools, cells)
	}
	cells, total := shown.Sums()
	switch {
	case !known:
		out.Sum.Total = stateOf(groups)
	case whole:
		out.Sum = ShownSplit{Total: total, Cells: cellsOf(axis, pools, cells)}
	default:
		out.Sum.Total = total
	}
	return out
}

// stateOf is the sum of groups of which some are not known.
func stateOf(groups []People) Count {
	if len(groups) == 0 {
		return Count{}
	}
	if !slices.ContainsFunc(groups, func(p People) bool { return p.Total.State() != NotCollected }) {
		return Count{}
	}
	return Missing(Unknown)
}

// pooled are the categories of the axis, those that are too small together.
func pooled(groups []People, threshold int) [][]int {
	rare := []int{2, 3} // non-binary, not stated
	for _, g := range groups {
		for _, j := range rare {
			if g.BySex != nil && g.BySex[j] > 0 && g.BySex[j] < threshold {
				return [][]int{{0}, {1}, rare}
			}
		}
	}
	return [][]int{{0}, {1}, {2}, {3}}
}

// tableOf makes the table of the groups with a known total, and says which row
// each has; -1 for none. Who did not count parts has them all in a column of
// its own, so that totals stay protected.
func tableOf(groups []People, pools [][]int) (t Table, places []int) {
	split := slices.ContainsFunc(groups, func(p People) bool { return p.BySex == nil })
	for _, g := range groups {
		n := g.Total.Value()
		if n == nil {
			places = append(places, -1)
			continue
		}
		places = append(places, len(t.Cells))
		row := make([]int, len(pools))
		for j, pool := range pools {
			for _, c := range pool {
				if g.BySex != nil {
					row[j] += g.BySex[c]
				}
			}
		}
		if split {
			uncounted := 0
			if g.BySex == nil {
				uncounted = *n
			}
			row = append(row, uncounted)
		}
		t.Cells, t.Totals = append(t.Cells, row), append(t.Totals, *n)
	}
	return t, places
}

func cellsOf(axis []Category, pools [][]int, counts []Count) []Cell {
	cells := make([]Cell, len(pools))
	for j, pool := range pools {
		cells[j].Count = counts[j]
		for _, c := range pool {
			cells[j].Categories = append(cells[j].Categories, axis[c])
		}
	}
	return cells
}
