package api_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/pgtest"
)

// What fails on our side is told with a reference and nothing else; the cause
// stands in the log, under the same reference.
func TestFaultsOfOurs(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	h := hubtest.Start(t, hubtest.Config{Database: database})
	admin, err := pgx.Connect(t.Context(), database.Admin)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.Exec(t.Context(), `alter table taxonomy_terms rename column code to marked_column`); err != nil {
		t.Fatal(err)
	}
	if err := admin.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for language, message := range map[string]string{
		"en": "Something failed on our side. If it goes on, tell us the reference.",
		"ca": "Hi ha hagut un error nostre. Si continua, digueu-nos la referència.",
		"es": "Ha habido un error nuestro. Si continúa, díganos la referencia.",
	} {
		a := h.QueryIn(t, language, "", `{ taxonomy(kind: FIELD) { title } }`, nil)
		if len(a.Errors) != 1 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		reference := at(t, a.Errors[0], "extensions.reference")
		if at(t, a.Errors[0], "message") != message || at(t, a.Errors[0], "extensions.code") != "INTERNAL" || a.Header.Get("X-Request-Id") != reference {
			t.Errorf("%s %v", a.Body, a.Header)
		}
		if body := string(a.Body); strings.Contains(body, "marked_column") || strings.Contains(body, "code\" does") || strings.Contains(body, "SQLSTATE") {
			t.Errorf("the answer speaks of the database: %s", body)
		}
		if log := h.Logs.String(); !strings.Contains(log, reference) || !strings.Contains(log, "SQLSTATE") {
			t.Errorf("the log does not have the cause under the reference %s: %s", reference, log)
		}
	}
	if a := h.Query(t, "", `{ comarques { title } }`, nil); len(a.Errors) > 0 {
		t.Errorf("the rest of the hub: %s", a.Body)
	}
}
