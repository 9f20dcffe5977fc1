package matrix_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/domain/privacy"
)

const textColumns = `
select c.table_name, c.column_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
  and c.table_name !~ '^(journal(_about)?_[0-9]{8}|river_.*)$' -- partitions, and the queue's own: it holds identifiers of mails
  and c.udt_name in ('uuid', '_uuid', 'text', '_text', 'varchar', 'json', 'jsonb', 'bytea', 'inet', 'cidr')
order by 1, 2`

// everyColumn looks whether something is planted in every column of the database
// that says who somebody is or what they did, or points at them: what is not
// planted cannot be found. Which these are, the declaration for export and
// erasure says, which is itself held against the database.
func (m *matrix) everyColumn(t *testing.T) {
	rows, err := m.super.Query(t.Context(), textColumns)
	m.ok(err)
	columns, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ Table, Name string }])
	m.ok(err)
	declared, used, n := privacy.Columns(), map[string]bool{}, 0
	for _, c := range columns {
		key := c.Table + "." + c.Name
		d, ok := declared[key]
		if !ok {
			d = declared[c.Table+".*"]
		}
		if d.Fate == privacy.Impersonal || d.Fate == privacy.Published {
			continue
		}
		n++
		planted := m.plantedIn(c.Table, c.Name)
		switch why := m.rows.columns[key]; {
		case !planted && why == "":
			t.Errorf("%s: nothing is planted in it: plant something in a rows_…_test.go, or say in columns why not", key)
		case planted && why != "":
			t.Errorf("%s has something planted, and columns says why it has not", key)
		case why != "":
			used[key] = true
		}
	}
	for key := range m.rows.columns {
		if !used[key] {
			t.Errorf("columns says why nothing is planted in %s, which is no column about people", key)
		}
	}
	t.Logf("columns about people planted %d/%d, left out with a reason %d", n-len(used), n, len(used))
}

func (m *matrix) plantedIn(table, column string) bool {
	rows, err := m.super.Query(m.Context(), fmt.Sprintf(`select distinct %q::text from %q where %[1]q is not null`, column, table))
	m.ok(err)
	values, err := pgx.CollectRows(rows, pgx.RowTo[string])
	m.ok(err)
	return slices.ContainsFunc(values, func(v string) bool { return m.book.found(v) != nil })
}

// endedToken shows the token of an ended account to every root field, over every
// transport: it is refused before anything is looked at.
func (m *matrix) endedToken(t *testing.T) {
	c := newClient(m.hub, shown{authorization: "Bearer " + m.global("token: "+ended)})
	defer c.close()
	for _, root := range m.contract.roots() {
		for _, f := range m.contract.fields(root) {
			query := strings.ToLower(root.Name) + " { " + f.Name + " { __typename } }"
			for _, way := range []string{overPOST, overGET, overEvents} {
				a, err := c.ask(way, query, nil)
				m.ran.Add(1)
				if err != nil || a.Status != http.StatusUnauthorized || a.Data != nil || a.code() != "BAD_TOKEN" {
					t.Errorf("%s.%s over %s: %+v %v", root.Name, f.Name, way, a, err)
				}
			}
		}
	}
	if _, err := c.dial(t.Context()); err == nil || !strings.Contains(err.Error(), "4403") {
		t.Errorf("a socket: %v", err)
	}
}
