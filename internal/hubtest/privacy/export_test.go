package privacy_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/domain/privacy"
)

const exportQuery = `{ viewer { dataExport { at json files { name text } } } }`

// TestExportHasEverything: whatever was planted about a person is in their copy,
// and every table that the declaration of columns names exists.
func TestExportHasEverything(t *testing.T) {
	w := newWorld(t)
	w.plant()
	export := w.hub.Must(t, w.asCanary, exportQuery, nil)["viewer"].(map[string]any)["dataExport"].(map[string]any)
	var copied struct {
		Person string
		Data   map[string][]map[string]string
	}
	w.ok(json.Unmarshal([]byte(export["json"].(string)), &copied))
	for key, column := range privacy.Columns() {
		for _, table := range strings.Fields(column.Exports) {
			if _, ok := copied.Data[table]; !ok {
				t.Errorf("%s is said to be exported as %s, which is not there", key, table)
			}
		}
	}
	for table, want := range map[string]int{
		"person": 1, "roles": 1, "claims": 1, "account": 1, "identities": 1, "sessions": 1, "api_tokens": 1,
		"sign_in_codes": 1, "invitations_received": 1, "places_at_events": 5, "mails_waiting": 1,
	} {
		if got := len(copied.Data[table]); got != want {
			t.Errorf("%s has %d rows, want %d: %v", table, got, want, copied.Data[table])
		}
	}
	all := export["json"].(string)
	for _, planted := range []string{
		canaryName, canaryMail, "Sense gluten", "Rampa per a", "Navegador Esborrable", "Clau Esborrable", "esborrable-123",
		"Entitat Inventada", "Altra Inventada", "Per reclamar",
	} {
		if !strings.Contains(all, planted) {
			t.Errorf("the copy lacks %q", planted)
		}
	}
	if strings.Contains(all, "Pacient") || strings.Contains(all, "Rita") {
		t.Error("the copy names somebody else")
	}
	files := export["files"].([]any)
	if len(files) != len(copied.Data) {
		t.Errorf("%d files for %d tables", len(files), len(copied.Data))
	}
	if !slices.ContainsFunc(files, func(f any) bool {
		return f.(map[string]any)["name"] == "person.csv" && strings.Contains(f.(map[string]any)["text"].(string), canaryName)
	}) {
		t.Error("no CSV file has the name")
	}
	again := w.hub.Must(t, w.asCanary, exportQuery, nil)["viewer"].(map[string]any)["dataExport"].(map[string]any)["json"].(string)
	if !strings.Contains(again, `"what": "EXPORT"`) {
		t.Error("the next copy does not tell of the first one")
	}
	if a := w.hub.Query(t, "", exportQuery, nil); strings.Contains(string(a.Body), "json") {
		t.Errorf("somebody without an account gets %s", a.Body)
	}
}

func TestFormulasAreDisarmed(t *testing.T) {
	w := newWorld(t)
	w.admin(w.database, `update person_names set name = '=HYPERLINK("x")' where subject = $1`, w.canary.String())
	export := w.hub.Must(t, w.asCanary, exportQuery, nil)["viewer"].(map[string]any)["dataExport"].(map[string]any)
	for _, f := range export["files"].([]any) {
		file := f.(map[string]any)
		if text := file["text"].(string); strings.Contains(text, "HYPERLINK") && !strings.Contains(text, `"'=HYPERLINK(""x"")"`) {
			t.Errorf("%s:\n%s", file["name"], text)
		}
	}
}
