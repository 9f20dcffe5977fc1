package directory

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// TestForgottenCheckLeaksNoName reads people with the checks of the statement
// taken out. Row-level security still gives no name; switched off, it does.
func TestForgottenCheckLeaksNoName(t *testing.T) {
	w := newTown(t)
	made := w.association("Una", w.terrassa)
	rep := w.person("Rita", made, Representative)
	check := peopleByIDsSQL[strings.Index(peopleByIDsSQL, "and (n.id = $7"):]
	forgotten := strings.Replace(peopleByIDsSQL, check, "and ($7::uuid is null or true or "+access.VisibleSQL("n", 2)+")", 1)
	names := func(q postgres.Querier, v *access.Viewer) (n int) {
		t.Helper()
		rows, err := q.Query(t.Context(), forgotten, append(args(v, []id.ID{rep.Person}), v.Person)...)
		if err != nil {
			t.Fatal(err)
		}
		people, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Person, error) {
			p := &Person{}
			return p, row.Scan(append(p.ScanTargets(), &p.Name)...)
		})
		if err != nil || len(people) != 1 {
			t.Fatalf("the read still checks: %d people, %v", len(people), err)
		}
		if people[0].Name != nil {
			n++
		}
		return n
	}
	strangers := []*access.Viewer{anyone, w.stranger, w.officer}
	leaks := func() (n int) {
		for _, v := range strangers {
			n += names(w.db.Read(), v) + names(postgres.Personal(w.db.Read(), v), v)
		}
		return n
	}
	if n := leaks(); n != 0 {
		t.Errorf("%d names leaked", n)
	}
	if names(postgres.Personal(w.db.Read(), rep), rep) != 1 {
		t.Error("the person does not see their own name")
	}
	disableRowSecurity(t, w)
	if n := leaks(); n != 2*len(strangers) {
		t.Errorf("negative control: without row-level security %d names leaked, want all", n)
	}
}

func disableRowSecurity(t *testing.T, w *town) {
	t.Helper()
	owner, err := pgx.Connect(t.Context(), w.database.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(context.WithoutCancel(t.Context()))
	if _, err := owner.Exec(t.Context(), `alter table person_names disable row level security`); err != nil {
		t.Fatal(err)
	}
}
