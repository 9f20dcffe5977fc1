// Package personal holds the few types with which domains show and erase what
// they keep about a person. Domains implement, without knowing it, the interface
// of the domain that asks them all.
package personal

import "github.com/teixit/teixit/internal/kernel/id"

// Subject is the person asked about: the identifier, and the mail addresses that
// they have proven to read.
type Subject struct {
	ID    id.ID
	Mails []string // lower case
}

// Table is one kind of data, as rows of text under named columns.
type Table struct {
	Name    string // such as registrations: a file's name without its ending
	Columns []string
	Rows    [][]string
}

// Erased counts what an erasure did to places at events.
type Erased struct {
	Cancelled int // at events to come: the seats went to who waits
	Nameless  int // at past events: they stay counted
}

// Add sums two counts.
func (e Erased) Add(o Erased) Erased {
	return Erased{e.Cancelled + o.Cancelled, e.Nameless + o.Nameless}
}
