package page_test

import (
	"errors"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/page"
)

// TestPagesCoverTheList walks a list page by page, as a client does.
func TestPagesCoverTheList(t *testing.T) {
	key := func(n int) page.Cursor { return page.Cursor{strconv.Itoa(n)} }
	rapid.Check(t, func(t *rapid.T) {
		total, first := rapid.IntRange(0, 50).Draw(t, "total"), rapid.IntRange(1, 20).Draw(t, "first")
		var seen []int
		var after *string
		for {
			args, err := page.Parse(&first, after)
			if err != nil {
				t.Fatal(err)
			}
			start := 0
			if keys, _ := args.After.Keys(1); keys != nil {
				start, _ = strconv.Atoi(keys[0])
				start++
			}
			var rows []int
			for n := start; n < total && len(rows) < args.First+1; n++ {
				rows = append(rows, n)
			}
			c := page.NewConnection(rows, args, key)
			seen = append(seen, c.Nodes...)
			if !c.PageInfo().HasNextPage {
				break
			}
			after = c.PageInfo().EndCursor
		}
		if len(seen) != total {
			t.Fatalf("saw %d of %d: %v", len(seen), total, seen)
		}
		for i, n := range seen {
			if n != i {
				t.Fatalf("out of order: %v", seen)
			}
		}
	})
}

func TestRefusesBadArguments(t *testing.T) {
	for _, first := range []int{0, -1, 101, 1000} {
		if _, err := page.Parse(&first, nil); !errors.Is(err, fault.ErrPageSize) {
			t.Errorf("first %d: %v", first, err)
		}
	}
	for _, after := range []string{"x", "W10", "bnVsbA", "!!!"} {
		if _, err := page.Parse(nil, &after); !errors.Is(err, fault.ErrBadCursor) {
			t.Errorf("after %q: %v", after, err)
		}
	}
	if _, err := (page.Cursor{"a", "b"}).Keys(1); !errors.Is(err, fault.ErrBadCursor) {
		t.Errorf("a cursor of another list: %v", err)
	}
}
