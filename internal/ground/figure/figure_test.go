package figure

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/lang"
)

func TestAddsUp(t *testing.T) {
	for _, c := range []struct {
		total int
		parts []int
		off   int
	}{{144, []int{121, 23}, 0}, {230, []int{175, 55}, 0}, {230, []int{175, 54}, -1}, {3, []int{2, 2}, 1}, {0, nil, 0}} {
		f := AddsUp(c.total, c.parts)
		if c.off == 0 && f != nil || c.off != 0 && (f == nil || f.Args["difference"] != c.off) {
			t.Errorf("%v of %d: %v", c.parts, c.total, f)
		}
	}
	if got := AddsUp(230, []int{175, 54}).Message(lang.CA); got != "Les parts sumen 229 i el total és 230: la diferència és -1." {
		t.Error(got)
	}
	if rest, err := OfWhich(492, 239); rest != 253 || err != nil {
		t.Errorf("492, of which 239: %d, %v", rest, err)
	}
	if _, err := OfWhich(3, 4); err == nil || !errors.Is(error(err), ErrPartTooLarge) {
		t.Error(err)
	}
}

// Not collected, unknown and zero are three things, also in sums.
func TestCounts(t *testing.T) {
	zero, none, unknown := Of(0), Count{}, Missing(Unknown)
	if zero.Value() == nil || *zero.Value() != 0 || none.Value() != nil || unknown.Value() != nil {
		t.Error("zero is a number, the others are none")
	}
	for _, c := range []struct{ a, b, want Count }{
		{Of(2), Of(3), Of(5)},
		{zero, none, unknown},
		{none, none, none},
		{Of(2), unknown, unknown},
		{Of(2), Missing(Suppressed), Missing(Suppressed)},
	} {
		if got := c.a.Plus(c.b); got.State() != c.want.State() || cmp.Diff(got.Value(), c.want.Value()) != "" {
			t.Errorf("%v + %v = %v", c.a, c.b, got)
		}
	}
}

// numbers shows a split as numbers, -1 where it is hidden.
func numbers(s ShownSplit) (n []int) {
	for _, c := range s.Cells {
		n = append(n, number(c.Count))
	}
	return append(n, number(s.Total))
}

func number(c Count) int {
	if c.Value() == nil {
		return -1
	}
	return *c.Value()
}

func TestSex(t *testing.T) {
	split := func(n ...int) People { return People{Total: Of(sum(n)), BySex: n} }
	for name, c := range map[string]struct {
		groups []People
		want   [][]int // rows, then the sum
	}{
		"nothing small":                          {[]People{split(175, 55, 0, 0)}, [][]int{{175, 55, 0, 0, 230}, {175, 55, 0, 0, 230}}},
		"one non-binary person":                  {[]People{split(175, 54, 1, 0)}, [][]int{{175, -1, -1, 230}, {175, -1, -1, 230}}},
		"pooled they are enough":                 {[]People{split(90, 80, 3, 4)}, [][]int{{90, 80, 7, 177}, {90, 80, 7, 177}}},
		"few men":                                {[]People{split(40, 2, 0, 0)}, [][]int{{-1, -1, 0, 0, 42}, {-1, -1, 0, 0, 42}}},
		"fewer than the threshold":               {[]People{split(2, 1, 0, 0)}, [][]int{{-1, -1, 0, 0, -1}, {-1, -1, 0, 0, -1}}},
		"few men in one of two":                  {[]People{split(20, 2, 0, 0), split(30, 25, 0, 0)}, [][]int{{-1, -1, 0, 0, 22}, {-1, -1, 0, 0, 55}, {50, 27, 0, 0, 77}}},
		"nobody counted the parts of the second": {[]People{split(175, 55, 0, 0), {Total: Of(40)}}, [][]int{{175, 55, 0, 0, 230}, {40}, {270}}},
		"the second is not known":                {[]People{split(175, 55, 0, 0), {Total: Missing(Unknown)}}, [][]int{{175, 55, 0, 0, 230}, {-1}, {-1}}},
		"nobody":                                 {[]People{split(0, 0, 0, 0)}, [][]int{{0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}}},
		"nothing at all":                         {nil, [][]int{{-1}}},
	} {
		t.Run(name, func(t *testing.T) {
			shown := Sex(c.groups, Threshold)
			var got [][]int
			for _, row := range shown.Rows {
				got = append(got, numbers(row))
			}
			if diff := cmp.Diff(c.want, append(got, numbers(shown.Sum))); diff != "" {
				t.Error(diff)
			}
		})
	}
	if open := Sex([]People{split(2, 1, 0, 0)}, 0); cmp.Diff([]int{2, 1, 0, 0, 3}, numbers(open.Sum)) != "" {
		t.Errorf("without a threshold: %v", numbers(open.Sum))
	}
}

func draw(t *rapid.T, most int) [][]int {
	rows, columns := rapid.IntRange(1, 3).Draw(t, "rows"), rapid.IntRange(1, 3).Draw(t, "columns")
	cells := make([][]int, rows)
	for i := range cells {
		cells[i] = rapid.SliceOfN(rapid.IntRange(0, most), columns, columns).Draw(t, "row")
	}
	return cells
}

// What is shown adds up with what is hidden in more than one way: every hidden
// small count could be the threshold or more, and could be less than it is. The
// proof is another table, found here by trying all circles of up to eight cells,
// not by the flow that the engine uses.
func TestHiddenCountsCannotBeDerived(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := NewTable(draw(t, 14))
		s := Protect(table, Threshold)
		for i, row := range s.values {
			for j, n := range row {
				if n > 0 && n < Threshold && !s.hidden[i][j] {
					t.Fatalf("%d is shown in %v", n, table.Cells)
				}
				if n > 0 && n < Threshold {
					low, high := bounds(s, i, j)
					if high < Threshold || low >= n {
						t.Fatalf("the hidden %d at %d,%d is between %d and %d: %v hides %v", n, i, j, low, high, s.values, s.hidden)
					}
				}
			}
		}
	})
}

// bounds are what an attacker finds out about a hidden cell who knows all that is
// shown and that counts are not negative. Enough iterations of the intervals of
// all cells give outer bounds; that they are reached is checked by completing
// the table with the cell fixed there.
func bounds(s Shown, i, j int) (low, high int) {
	low, high = s.values[i][j], s.values[i][j]
	for n := s.values[i][j] - 1; n >= 0 && completes(s, i, j, n); n-- {
		low = n
	}
	for n := s.values[i][j] + 1; n <= Threshold && completes(s, i, j, n); n++ {
		high = n
	}
	return low, high
}

// completes tells whether the hidden cells can be filled so that everything adds
// up, with one of them fixed: by search over the cells inside, largest counts
// bounded by what is shown (or twice the sum, where nothing is).
func completes(s Shown, fi, fj, n int) bool {
	rows, width := len(s.values)-1, s.width
	most := 2*s.values[rows][width] + Threshold
	values := make([][]int, rows)
	for i := range values {
		values[i] = make([]int, width)
	}
	fixed := func(i, j int) (int, bool) {
		if i == fi && j == fj {
			return n, true
		}
		return s.values[i][j], !s.hidden[i][j]
	}
	var fill func(at int) bool
	fill = func(at int) bool {
		if at == rows*width {
			grand := 0
			for j := range width {
				total := 0
				for i := range rows {
					total += values[i][j]
				}
				if want, ok := fixed(rows, j); ok && want != total {
					return false
				}
				grand += total
			}
			want, ok := fixed(rows, width)
			return !ok || want == grand
		}
		i, j := at/width, at%width
		try := func(v int) bool {
			values[i][j] = v
			if j == width-1 {
				if want, ok := fixed(i, width); ok && want != sum(values[i]) {
					return false
				}
			}
			return fill(at + 1)
		}
		if v, ok := fixed(i, j); ok {
			return try(v)
		}
		// Near the true value first: what can move, moves by little.
		for d := 0; d <= min(most, 12); d++ {
			if v := s.values[i][j] + d; try(v) || d > 0 && s.values[i][j]-d >= 0 && try(s.values[i][j]-d) {
				return true
			}
		}
		return false
	}
	return fill(0)
}

// Negative control: hiding only what is small gives it away at once.
func TestHidingOnlySmallCountsIsNotEnough(t *testing.T) {
	s := newShown(NewTable([][]int{{20, 2}, {30, 25}}))
	s.hidden[0][1] = true
	if low, high := bounds(s, 0, 1); low != 2 || high != 2 {
		t.Errorf("between %d and %d", low, high)
	}
}

// Sums of what is shown are what is shown of sums.
func TestShownSumsAreConsistent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Protect(NewTable(draw(t, 400)), Threshold)
		for i := range s.values {
			cells, total := s.Row(i)
			all := Of(0)
			for _, c := range cells {
				all = all.Plus(c)
			}
			if all.State() == Known && total.State() == Known && *all.Value() != *total.Value() {
				t.Fatalf("row %d: %d and %d", i, *all.Value(), *total.Value())
			}
		}
		if !s.Whole() {
			hidden := 0
			for i := range s.hidden {
				for j := range s.hidden[i] {
					if s.hidden[i][j] {
						hidden++
						if s.values[i][j] == 0 {
							t.Fatalf("a zero is hidden")
						}
					}
				}
			}
			if hidden < 2 {
				t.Fatalf("only %d hidden", hidden)
			}
		}
	})
}

func TestWhatADraftLacks(t *testing.T) {
	f := Figure{Definition: Definition{Code: "X", Label: lang.Text{CA: "Participants"}}, Total: Of(3)}
	if diff := cmp.Diff([]string{"unit", "period", "source"}, f.Missing()); diff != "" || !f.Draft() {
		t.Error(diff)
	}
}
