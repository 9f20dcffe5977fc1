package figure

import (
	"fmt"
	"slices"
)

// Threshold is the least count that is shown, where nobody has set another.
const Threshold = 5

// Table is counts in rows (activities, territories) and columns (women, men),
// with the sums of both. It is what disclosure control looks at: what is hidden
// in a row must not come back by its sums.
type Table struct {
	// Cells are the counts by row and column. Rows are equally long; a row of nil
	// has a total only, because nobody counted its parts.
	Cells [][]int
	// Totals are those of the rows; nil where nobody counted the parts either.
	Totals []int
}

// NewTable makes a table whose rows add up.
func NewTable(cells [][]int) Table {
	t := Table{Cells: cells, Totals: make([]int, len(cells))}
	for i, row := range cells {
		for _, n := range row {
			t.Totals[i] += n
		}
	}
	return t
}

// Shown says which cells of a table are shown, sums included: row len(Cells) is
// that of the sums, column width that of the totals.
type Shown struct {
	width  int
	hidden [][]bool
	values [][]int
}

// Row is a row as it is shown: its cells and its total. Row(rows) has the sums.
func (s Shown) Row(i int) (cells []Count, total Count) {
	counts := make([]Count, s.width+1)
	for j := range counts {
		counts[j] = Of(s.values[i][j])
		if s.hidden[i][j] {
			counts[j] = Missing(Suppressed)
		}
	}
	return counts[:s.width], counts[s.width]
}

// Sums is the row of the sums.
func (s Shown) Sums() (cells []Count, total Count) { return s.Row(len(s.values) - 1) }

// Whole tells that nothing is hidden.
func (s Shown) Whole() bool {
	return !slices.ContainsFunc(s.hidden, func(row []bool) bool { return slices.Contains(row, true) })
}

// Open shows everything: for who is responsible for the figures.
func (t Table) Open() Shown { return newShown(t) }

// Protect hides every count between one and the threshold, and as many others
// (sums included) as it takes, the smallest first: from what is shown, each
// hidden small count could as well be the threshold or more, and could also be
// less than it is. A zero is shown: it is nobody's.
func Protect(t Table, threshold int) Shown {
	s := newShown(t)
	var small [][2]int
	for i, row := range s.values {
		for j, n := range row {
			if n > 0 && n < threshold {
				s.hidden[i][j] = true
				small = append(small, [2]int{i, j})
			}
		}
	}
	for _, c := range small {
		if !s.cover(c[0], c[1], threshold) {
			s.hideAll()
			break
		}
	}
	return s
}

func newShown(t Table) Shown {
	width := 0
	for _, row := range t.Cells {
		width = max(width, len(row))
	}
	s := Shown{width: width}
	sums := make([]int, width+1)
	for i, row := range t.Cells {
		if len(row) != width {
			panic(fmt.Sprintf("figure: row %d has %d cells, not %d", i, len(row), width))
		}
		full := append(slices.Clone(row), t.Totals[i])
		for j, n := range full {
			sums[j] += n
		}
		s.values = append(s.values, full)
	}
	s.values = append(s.values, sums)
	for range s.values {
		s.hidden = append(s.hidden, make([]bool, width+1))
	}
	return s
}

func (s Shown) hideAll() {
	for i, row := range s.hidden {
		for j := range row {
			s.hidden[i][j] = s.values[i][j] > 0
		}
	}
}
