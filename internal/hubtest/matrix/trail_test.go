package matrix_test

import (
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/platform/node"
)

// trails are the root fields that tell who changed a thing and who read personal
// data in it.
func trails() []string { return []string{"auditTrail", "auditExport"} }

const standingSQL = `
select actor::text from access_log where node = $1 and actor is not null
union select unnest(subjects)::text from access_log where node = $1
union select actor::text from journal where node = $1 and actor is not null`

// standing are who stands in the trail that a question asks for, for who
// administers the thing: everybody who did or read something in it until now, and
// whose data they read. That grows while everybody asks; so the rows do not say
// who it is, and the log itself is asked, behind the answer. Whoever stands in
// the trail of something else is a leak.
func (m *matrix) standing(q question) map[*planted]bool {
	if !slices.Contains(trails(), q.field) {
		return nil
	}
	_, thing, err := node.Parse(q.args["node"].(string))
	m.ok(err)
	m.mu.Lock()
	defer m.mu.Unlock()
	rows, err := m.super.Query(m.Context(), standingSQL, thing.String())
	m.ok(err)
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	m.ok(err)
	stands := map[*planted]bool{}
	for _, text := range all {
		for _, p := range m.book.found(text) {
			stands[p] = true
		}
	}
	return stands
}

// inTrail tells whether a way ends where a trail names somebody.
func (w way) inTrail() bool {
	switch w[len(w)-1] {
	case "Query.auditExport", "AuditEntry.subjects":
		return true
	case "Person.id", "Person.name":
		return w[len(w)-2] == "AuditEntry.actor"
	}
	return false
}
