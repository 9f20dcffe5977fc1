package privacy

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/private"
	"github.com/teixit/teixit/internal/platform/sheet"
)

// Copy is everything the hub has about a person at one moment.
type Copy struct {
	Person id.ID
	At     time.Time
	Tables []personal.Table
}

// Export reads everything the hub has about the viewer. Who may: the person, and
// no program in their name, for accounts, sessions and tokens are in it. It is
// noted in the log, so that the person sees when a copy was taken.
func (s *Service) Export(ctx context.Context, v *access.Viewer) (*Copy, error) {
	if err := auth.AllowPerson(v); err != nil {
		return nil, err
	}
	if err := audit.Exported(ctx, s.db.Read(), v, id.Zero, v.Person); err != nil {
		return nil, err
	}
	return s.copyOf(ctx, v.Person)
}

// copyOf reads it all in one snapshot.
func (s *Service) copyOf(ctx context.Context, person id.ID) (*Copy, error) {
	c := &Copy{Person: person}
	err := s.db.Snapshot(ctx, func(ctx context.Context, q postgres.Querier) error {
		if err := q.QueryRow(ctx, `select now()`).Scan(&c.At); err != nil {
			return wrap("ask for the time", err)
		}
		who, err := auth.SubjectOf(ctx, q, person)
		if err != nil {
			return err
		}
		for _, part := range s.Parts {
			tables, err := part.Export(ctx, q, who)
			if err != nil {
				return err
			}
			c.Tables = append(c.Tables, tables...)
		}
		own, err := ownTables(ctx, q, who)
		c.Tables = append(c.Tables, own...)
		return err
	})
	return c, err
}

// ownTables is what this package and the access log keep.
func ownTables(ctx context.Context, q postgres.Querier, who personal.Subject) ([]personal.Table, error) {
	return private.Export(ctx, q, who, []private.Query{
		{Name: "reads_by_you", Columns: []string{"at", "what", "in"}, SQL: `
			select l.at::text, l.what, coalesce(nullif(n.title_ca, ''), '') from access_log l left join nodes n on n.id = l.node
			where l.actor = $1 order by l.id`},
		// Who read is somebody else's data: the list in the hub names those whom
		// the person may know.
		{Name: "reads_of_your_data", Columns: []string{"at", "what", "in", "for"}, SQL: `
			select l.at::text, l.what, coalesce(nullif(n.title_ca, ''), ''), coalesce(b.title_ca, '')
			from access_log l left join nodes n on n.id = l.node left join nodes b on b.id = l.on_behalf_of
			where l.subjects && ($1::uuid || array(select delegate from delegate_secrets where person = $1)
			    || array(select target from edges where source = $1 and kind = 'supersedes'))
			  and l.actor is distinct from $1 order by l.id`},
		{Name: "erasures", Columns: []string{"receipt", "asked_at", "done_at"}, SQL: `
			select receipt, asked_at::text, coalesce(done_at::text, '') from erasures where person = $1 or asked_by = $1
			order by asked_at`},
	})
}

// JSON writes the copy as one document.
func (c *Copy) JSON() (string, error) {
	data := map[string]any{}
	for _, t := range c.Tables {
		rows := make([]map[string]string, len(t.Rows))
		for i, cells := range t.Rows {
			rows[i] = make(map[string]string, len(cells))
			for j, cell := range cells {
				rows[i][t.Columns[j]] = cell
			}
		}
		data[t.Name] = rows
	}
	b, err := json.MarshalIndent(map[string]any{
		"person": c.Person.String(), "at": c.At.UTC().Format(time.RFC3339), "data": data,
	}, "", "  ")
	if err != nil {
		return "", fmt.Errorf("write a copy of personal data: %w", err)
	}
	return string(b), nil
}

// File is one table as CSV.
type File struct{ Name, Text string }

// Files writes the copy as CSV, one file for each table.
func (c *Copy) Files() ([]File, error) {
	files := make([]File, len(c.Tables))
	for i, t := range c.Tables {
		text, err := CSV(t)
		if err != nil {
			return nil, err
		}
		files[i] = File{t.Name + ".csv", text}
	}
	return files, nil
}

// CSV writes a table as people open it: in a spreadsheet. A cell that a
// spreadsheet would take for a formula gets an apostrophe in front.
func CSV(t personal.Table) (string, error) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	rows := append([][]string{t.Columns}, t.Rows...)
	for _, cells := range rows {
		safe := make([]string, len(cells))
		for i, cell := range cells {
			safe[i] = sheet.Safe(cell)
		}
		if err := w.Write(safe); err != nil {
			return "", fmt.Errorf("write CSV: %w", err)
		}
	}
	w.Flush()
	return b.String(), w.Error()
}
