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
	Edges      []Edge[T]
	Nodes      []T
	PageInfo   Info
	TotalCount *int // nil unless asked for
}

// NewConnection makes a page out of rows read with LIMIT first+1: the extra row
// only tells that more follow. key gives a row's cursor.
func NewConnection[T any](rows []T, args Args, key func(T) Cursor) *Connection[T] {
	more := len(rows) > args.First
	if more {
		rows = rows[:args.First]
	}
	c := &Connection[T]{Nodes: rows, Edges: make([]Edge[T], len(rows))}
	for i, row := range rows {
		c.Edges[i] = Edge[T]{Cursor: key(row).Encode(), Node: row}
	}
	c.PageInfo = Info{HasNextPage: more, HasPreviousPage: len(args.After) > 0}
	if n := len(rows); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	if c.Nodes == nil {
		c.Nodes = []T{}
	}
	return c
}

// Map shows the items of a page as another type; cursors stay.
func Map[T, U any](c *Connection[T], show func(T) U) *Connection[U] {
	out := &Connection[U]{
		Edges: make([]Edge[U], len(c.Edges)), Nodes: make([]U, len(c.Nodes)),
		PageInfo: c.PageInfo, TotalCount: c.TotalCount,
	}
	for i, e := range c.Edges {
		out.Nodes[i] = show(e.Node)
		out.Edges[i] = Edge[U]{Cursor: e.Cursor, Node: out.Nodes[i]}
	}
	return out
}
