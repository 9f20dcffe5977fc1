package privacy

import (
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// Columns that could refer to a person: identifiers and texts. Those that point
// at nodes may hold a person's; a name can say it too.
const columnsSQL = `
select c.table_name, c.column_name, exists (
    select from information_schema.key_column_usage k
    join information_schema.referential_constraints r using (constraint_schema, constraint_name)
    join information_schema.table_constraints u on u.constraint_name = r.unique_constraint_name and u.constraint_schema = r.unique_constraint_schema
    where k.table_schema = c.table_schema and k.table_name = c.table_name and k.column_name = c.column_name
      and u.table_name in ('nodes', 'accounts', 'person_names'))
from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
  and c.table_name !~ '^(journal(_about)?_[0-9]{8}|river_.*)$' -- partitions, and the queue's own: it holds identifiers of mails
  and c.udt_name in ('uuid', '_uuid', 'text', '_text', 'varchar', 'json', 'jsonb', 'bytea', 'inet', 'cidr')
order by 1, 2`

// ofPeople are names of columns that speak of people.
var ofPeople = regexp.MustCompile(`person|actor|(^|_)by$|subject|recipient|mail|name|phone|address|agent|diet|access|reason|speaker|\bip\b|about|behalf`)

// TestEveryColumnIsDeclared fails when a column that refers to a person, or could,
// is neither exported nor erased nor declared to name nobody.
func TestEveryColumnIsDeclared(t *testing.T) {
	db := pgtest.New(t)
	rows, err := db.Read().Query(t.Context(), columnsSQL)
	if err != nil {
		t.Fatal(err)
	}
	type column struct {
		Table, Name string
		Points      bool
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
	if err != nil {
		t.Fatal(err)
	}
	declared, used := Columns(), map[string]bool{}
	for _, c := range list {
		key, rest := c.Table+"."+c.Name, c.Table+".*"
		used[key], used[rest] = true, true
		_, own := declared[key]
		_, any := declared[rest]
		switch {
		case own:
		case !any:
			t.Errorf("%s: is in neither export nor erasure: declare it in Columns", key)
		case c.Points:
			t.Errorf("%s points at a node, perhaps a person: declare it by itself in Columns", key)
		case ofPeople.MatchString(c.Name):
			t.Errorf("%s sounds as if it were about people: declare it by itself in Columns", key)
		}
	}
	for key, c := range declared {
		if !used[key] {
			t.Errorf("Columns declares %s, which does not exist", key)
		}
		if c.Fate == "" {
			t.Errorf("%s has no fate", key)
		}
		if strings.HasSuffix(key, ".person") && c.Fate == Impersonal {
			t.Errorf("%s is said to be impersonal", key)
		}
	}
	t.Logf("%d columns, %d declared", len(list), len(declared))
}

// TestAColumnThatIsForgottenFails is the negative control.
func TestAColumnThatIsForgottenFails(t *testing.T) {
	d := pgtest.URL(t)
	owner, err := pgx.Connect(t.Context(), d.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(t.Context())
	if _, err := owner.Exec(t.Context(), `alter table events add column minuted_by uuid references nodes`); err != nil {
		t.Fatal(err)
	}
	rows, err := owner.Query(t.Context(), columnsSQL)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	var table, name string
	var points bool
	if _, err := pgx.ForEachRow(rows, []any{&table, &name, &points}, func() error {
		_, own := Columns()[table+"."+name]
		found = found || table == "events" && name == "minuted_by" && points && !own
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if !found {
		t.Error("a new column that points at people is not noticed")
	}
}
