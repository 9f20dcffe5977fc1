package figure

// A table with its sums is a network: with the sums counted negatively, each row
// and each column adds up to nothing, and every cell stands in one row and one
// column. So what could be otherwise without anything shown changing are circles
// of hidden cells, whose counts rise and fall in turn. How far a cell could rise
// is the greatest flow from its row to its column through the other hidden
// cells; how far it could fall is the same the other way round. Both are exact.

// endless is more than any count could rise by.
const endless = 1 << 40

// room is by how much the signed count of a cell could rise or fall.
func (s Shown) room(i, j int, rises bool) int {
	// A sum stands negatively, unless it is the sum of sums.
	negative := (i == len(s.values)-1) != (j == s.width)
	if rises != negative {
		return endless // a count could always be higher
	}
	return s.values[i][j] // and never below nothing
}

// cover hides more cells until the hidden cell could be the threshold or more,
// and less than it is. It fails when there are not enough cells to hide. A circle
// that lets the cell rise lets it fall by one, too: no zero is on it.
func (s Shown) cover(i, j, threshold int) bool {
	need := threshold - s.values[i][j]
	rises := (i == len(s.values)-1) == (j == s.width)
	for s.slack(i, j, rises, need) < need || s.slack(i, j, !rises, 1) < 1 {
		circle, ok := s.cheapest(i, j, rises, need)
		if !ok {
			return false
		}
		for _, c := range circle {
			s.hidden[c[0]][c[1]] = true
		}
	}
	return true
}

// slack is by how much the signed count could rise (or fall), at most enough:
// a greatest flow from row to column, found path by path.
func (s Shown) slack(row, column int, rises bool, enough int) int {
	moved := map[[2]int]int{} // by how much each signed count has risen
	total := 0
	for total < enough {
		path := s.path(row, column, rises, moved)
		if path == nil {
			return total
		}
		step := enough - total
		for _, p := range path {
			step = min(step, s.left(p, moved))
		}
		for _, p := range path {
			moved[p.cell] += p.sign() * step
		}
		total += step
	}
	return total
}

// step is one cell of a circle, whose signed count rises or falls.
type step struct {
	cell  [2]int
	rises bool
}

func (p step) sign() int {
	if p.rises {
		return 1
	}
	return -1
}

// left is how far a step can still go after what has moved.
func (s Shown) left(p step, moved map[[2]int]int) int {
	if p.rises {
		return s.room(p.cell[0], p.cell[1], true) - moved[p.cell]
	}
	return s.room(p.cell[0], p.cell[1], false) + moved[p.cell]
}

// path finds a shortest way from a row to a column through other hidden cells
// that have room: out of a row by a cell that gives way, out of a column by one
// that follows.
func (s Shown) path(row, column int, rises bool, moved map[[2]int]int) []step {
	type place struct {
		column bool
		n      int
	}
	from := map[place]step{}
	seen := map[place]bool{{false, row}: true}
	queue := []place{{false, row}}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for n := range s.across(at.column) {
			cell, next := [2]int{at.n, n}, place{!at.column, n}
			if at.column {
				cell = [2]int{n, at.n}
			}
			p := step{cell, rises == at.column}
			if seen[next] || !s.hidden[cell[0]][cell[1]] || cell == [2]int{row, column} || s.left(p, moved) < 1 {
				continue
			}
			seen[next], from[next] = true, p
			if next == (place{true, column}) {
				var path []step
				for back := next; back != (place{false, row}); {
					p := from[back]
					path = append(path, p)
					back = place{!back.column, p.cell[0]}
					if back.column {
						back.n = p.cell[1]
					}
				}
				return path
			}
			queue = append(queue, next)
		}
	}
	return nil
}

// across is how many cells there are out of a column (or a row).
func (s Shown) across(column bool) int {
	if column {
		return len(s.values)
	}
	return s.width + 1
}

// cheapest finds the circle through a cell that hides the least that is shown
// and has the room that is needed.
func (s Shown) cheapest(row, column int, rises bool, need int) (circle [][2]int, ok bool) {
	rows := len(s.values)
	const far = 1 << 60
	cost := make([]int, rows+s.width+1) // rows, then columns
	from := make([]int, len(cost))
	done := make([]bool, len(cost))
	for n := range cost {
		cost[n] = far
	}
	cost[row] = 0
	for {
		at := nearest(cost, done)
		if at < 0 || cost[at] == far {
			return nil, false
		}
		if at == rows+column {
			break
		}
		done[at] = true
		inColumn := at >= rows
		for n := range s.across(inColumn) {
			cell, next := [2]int{at, n}, rows+n
			if inColumn {
				cell, next = [2]int{n, at - rows}, n
			}
			price, can := s.price(step{cell, rises == inColumn}, need)
			if can && cell != [2]int{row, column} && cost[at]+price < cost[next] {
				cost[next], from[next] = cost[at]+price, at
			}
		}
	}
	for at := rows + column; at != row; at = from[at] {
		r, c := at, from[at]-rows
		if at >= rows {
			r, c = from[at], at-rows
		}
		circle = append(circle, [2]int{r, c})
	}
	return circle, true
}

func nearest(cost []int, done []bool) int {
	at := -1
	for n, c := range cost {
		if !done[n] && (at < 0 || c < cost[at]) {
			at = n
		}
	}
	return at
}

// price is what hiding a cell takes away from readers: nothing where it is
// hidden already, and more for sums than for what they are made of.
func (s Shown) price(p step, need int) (price int, can bool) {
	n := s.values[p.cell[0]][p.cell[1]]
	switch {
	case n == 0, s.room(p.cell[0], p.cell[1], p.rises) < need:
		return 0, false
	case s.hidden[p.cell[0]][p.cell[1]]:
		return 0, true
	case p.cell[0] == len(s.values)-1 || p.cell[1] == s.width:
		return 1_000_000 + n, true
	}
	return 1 + n, true
}
