// Package audit notes who read whose personal data, and shows who did and read
// what.
//
// Writes are facts of the journal. Reads of others' personal data are no facts
// of any topic: they go to access_log, which the application can add to and not
// change. A read notes itself where the data are read (Read); what one operation
// has read is written together, in one statement, before its answer leaves
// (Collect, Log.Write). When that fails, so does the answer: what could not be
// noted was not given out.
//
// One's own data are not noted, except when they are exported.
package audit

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// What can be read. Names are stable: the log keeps them for ever.
const (
	Person    = "PERSON"    // somebody's name; node: their home
	People    = "PEOPLE"    // who acts for an organisation; node: the organisation
	Claimants = "CLAIMANTS" // who claims an association; node: the association
	Delegates = "DELEGATES" // names, mails or codes at an event; node: the event
	Needs     = "NEEDS"     // diet and access needs at an event; node: the event
	Account   = "ACCOUNT"   // an account that an administrator looked up; node: none
	// TablePeople: who sits at a table; node: the table. A subject without an
	// account is their seat.
	TablePeople = "TABLE_PEOPLE"
	Trail       = "TRAIL"  // who did and read what; node: the thing
	Export      = "EXPORT" // data that were taken along; node: the thing, or none for one's own
)

// entry is one line of the log before it is written.
type entry struct {
	actor, onBehalfOf id.ID
	what              string
	node              id.ID
}

// Log collects what one operation reads. It is safe for concurrent use.
type Log struct {
	mu       sync.Mutex
	entries  []entry
	subjects map[entry][]id.ID
}

type logKey struct{}

// Collect returns a context under which reads are collected, and where.
func Collect(ctx context.Context) (context.Context, *Log) {
	l := &Log{}
	return context.WithValue(ctx, logKey{}, l), l
}

// Read notes that v read personal data of the subjects (people, or delegates
// without an account) in the thing called node, which may be Zero. Subjects that
// are v or Zero are left out, and without any left there is nothing to note.
//
// Without a Log in the context the line is written at once through q, which must
// not be read-only.
func Read(ctx context.Context, q postgres.Querier, v *access.Viewer, what string, node id.ID, subjects []id.ID) error {
	others := make([]id.ID, 0, len(subjects))
	for _, s := range subjects {
		if !s.IsZero() && s != v.Person {
			others = append(others, s)
		}
	}
	if len(others) == 0 {
		return nil
	}
	return note(ctx, q, v, what, node, others)
}

// Exported notes that v took data along: also one's own.
func Exported(ctx context.Context, q postgres.Querier, v *access.Viewer, node id.ID, subjects ...id.ID) error {
	return note(ctx, q, v, Export, node, subjects)
}

func note(ctx context.Context, q postgres.Querier, v *access.Viewer, what string, node id.ID, subjects []id.ID) error {
	e := entry{v.Person, v.For, what, node}
	if l, ok := ctx.Value(logKey{}).(*Log); ok {
		l.add(e, subjects)
		return nil
	}
	var l Log
	l.add(e, subjects)
	return l.write(ctx, q)
}

func (l *Log) add(e entry, subjects []id.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.subjects == nil {
		l.subjects = map[entry][]id.ID{}
	}
	if _, known := l.subjects[e]; !known {
		l.entries = append(l.entries, e)
	}
	l.subjects[e] = append(l.subjects[e], subjects...)
}

// Empty reports whether nothing was read that is to be noted.
func (l *Log) Empty() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.entries) == 0
}

// Write writes what was read since the last call, in one statement. It costs
// nothing when nothing was.
func (l *Log) Write(ctx context.Context, db *postgres.DB) error {
	// Whoever asked may be gone already: what was read was read.
	return l.write(context.WithoutCancel(ctx), db.Read())
}

const writeSQL = `
insert into access_log (actor, on_behalf_of, what, node, subjects)
select e.actor, e.body, e.what, e.node,
  array(select distinct s.subject from unnest($5::int[], $6::uuid[]) as s(line, subject) where s.line = e.line)
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[]) with ordinality as e(actor, body, what, node, line)
order by e.line`

func (l *Log) write(ctx context.Context, q postgres.Querier) error {
	l.mu.Lock()
	entries, of := l.entries, l.subjects
	l.entries, l.subjects = nil, nil
	l.mu.Unlock()
	if len(entries) == 0 {
		return nil
	}
	var actors, bodies, nodes, subjects []id.ID
	var what []string
	var lines []int
	for i, e := range entries {
		actors, bodies = append(actors, e.actor), append(bodies, e.onBehalfOf)
		what, nodes = append(what, e.what), append(nodes, e.node)
		subjects = append(subjects, of[e]...)
		lines = append(lines, slices.Repeat([]int{i + 1}, len(of[e]))...)
	}
	if _, err := q.Exec(ctx, writeSQL, actors, bodies, what, nodes, lines, subjects); err != nil {
		return postgres.Translate(fmt.Errorf("note who read personal data: %w", err), nil)
	}
	return nil
}
