// Package private helps show people what is kept about them.
package private

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Query is one table of an export: its statement gives rows of text. Parameter 1
// is the person, parameter 2, where it is used, the addresses they have proven to
// read.
type Query struct {
	Name    string
	Columns []string
	SQL     string
}

// Export runs the queries on the hub's own authority: the caller has made sure
// that the copy is for the person.
func Export(ctx context.Context, q postgres.Querier, who personal.Subject, queries []Query) ([]personal.Table, error) {
	tables := make([]personal.Table, 0, len(queries))
	for _, e := range queries {
		t := personal.Table{Name: e.Name, Columns: e.Columns}
		args := []any{who.ID}
		if strings.Contains(e.SQL, "$2") {
			args = append(args, append([]string{}, who.Mails...))
		}
		rows, err := postgres.Hub(q).Query(ctx, e.SQL, args...)
		if err == nil {
			t.Rows, err = pgx.CollectRows(rows, postgres.TextRow)
		}
		if err != nil {
			return nil, postgres.Translate(fmt.Errorf("export %s: %w", e.Name, err), nil)
		}
		tables = append(tables, t)
	}
	return tables, nil
}
