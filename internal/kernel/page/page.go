// Package page holds keyset cursors and the generic connection that every list
// of the hub answers with.
//
// A cursor is the sort key of the row it stands for, opaque to clients. It
// stays right when rows before it come or go, which an offset does not.
package page

import (
	"encoding/base64"
	"encoding/json"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// Max is the largest page a client may ask for; Default is what it gets when
// it does not say.
const (
	Max     = 100
	Default = 20
)

// Args is a checked request for one page, forwards.
type Args struct {
	First int    // 1..Max
	After Cursor // empty: from the start
	Total bool   // the client selected totalCount: only then is it counted
	Alone bool   // nobody asks what lies beyond the page
}

// Rows is how many rows are read for the page: one more than is shown where it
// matters whether more follow.
func (a Args) Rows() int {
	if a.Alone {
		return a.First
	}
	return a.First + 1
}

// Cursor is the sort key of a row, as the values of the ORDER BY columns.
type Cursor []string

// Parse checks the arguments of a list field. A nil first means Default.
func Parse(first *int, after *string) (Args, error) {
	a := Args{First: Default}
	if first != nil {
		if *first < 1 || *first > Max {
			return a, fault.ErrPageSize.At("first").With("max", Max)
		}
		a.First = *first
	}
	if after == nil || *after == "" {
		return a, nil
	}
	c, err := Decode(*after)
	if err != nil {
		return a, err
	}
	a.After = c
	return a, nil
}

// Encode writes the cursor as opaque text.
func (c Cursor) Encode() string {
	b, _ := json.Marshal([]string(c)) // strings always marshal
	return base64.RawURLEncoding.EncodeToString(b)
}

// Decode reads a cursor; the fault names the field "after".
func Decode(s string) (Cursor, error) {
	var c Cursor
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || json.Unmarshal(b, &c) != nil || len(c) == 0 {
		return nil, fault.ErrBadCursor.At("after")
	}
	return c, nil
}

// Keys returns the n sort keys of the cursor, or a fault when it belongs to a
// list ordered by something else. An empty cursor gives nil.
func (c Cursor) Keys(n int) ([]string, error) {
	if len(c) == 0 {
		return nil, nil
	}
	if len(c) != n {
		return nil, fault.ErrBadCursor.At("after")
	}
	return c, nil
}

// Info tells what lies beyond the page.
type Info struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// Edge is one row of a connection.
type Edge[T any] struct {
	Cursor string
	Node   T
}

// Connection is one page of a list.
type Connection[T any] struct {
	Nodes      []T
	TotalCount *int // nil unless asked for

	cursor         func(i int) string // of the i-th row
	earlier, later bool               // more rows lie there
}

// NewConnection makes a page of as many rows as Args.Rows says: the extra row only
// tells that more follow. key gives a row's cursor.
func NewConnection[T any](rows []T, args Args, key func(T) Cursor) *Connection[T] {
	c := Of(rows, args.First, len(args.After) > 0, func(row T) string { return key(row).Encode() })
	return &c
}

// Of is NewConnection for lists whose cursors are texts of their own; earlier
// tells whether rows lie before the page.
func Of[T any](rows []T, first int, earlier bool, cursor func(T) string) Connection[T] {
	shown := rows[:min(first, len(rows))]
	if shown == nil {
		shown = []T{}
	}
	return Connection[T]{
		Nodes: shown, earlier: earlier, later: len(rows) > first,
		cursor: func(i int) string { return cursor(shown[i]) },
	}
}

// Edges are the rows with their cursors, which are made when they are asked for.
func (c *Connection[T]) Edges() []*Edge[T] {
	edges := make([]*Edge[T], len(c.Nodes))
	for i, node := range c.Nodes {
		edges[i] = &Edge[T]{Cursor: c.cursor(i), Node: node}
	}
	return edges
}

// PageInfo tells what lies beyond the page.
func (c *Connection[T]) PageInfo() *Info {
	info := &Info{HasNextPage: c.later, HasPreviousPage: c.earlier}
	if n := len(c.Nodes); n > 0 {
		first, last := c.cursor(0), c.cursor(n-1)
		info.StartCursor, info.EndCursor = &first, &last
	}
	return info
}

// Map shows the items of a page as another type; cursors stay.
func Map[T, U any](c *Connection[T], show func(T) U) *Connection[U] {
	out := &Connection[U]{
		Nodes: make([]U, len(c.Nodes)), TotalCount: c.TotalCount,
		cursor: c.cursor, earlier: c.earlier, later: c.later,
	}
	for i, node := range c.Nodes {
		out.Nodes[i] = show(node)
	}
	return out
}
