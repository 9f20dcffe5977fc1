package sheet

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// TestLibreOfficeOpens has LibreOffice itself open what is written, for who has it:
// TEIXIT_SOFFICE says which program it is. Accents are there, and nothing is a
// formula, also when somebody saves the one form as the other.
func TestLibreOfficeOpens(t *testing.T) {
	soffice := os.Getenv("TEIXIT_SOFFICE")
	if soffice == "" {
		t.Skip("TEIXIT_SOFFICE is not set")
	}
	for form, write := range map[string]func(*Table, *bytes.Buffer) error{
		"csv":  func(t *Table, b *bytes.Buffer) error { return t.CSV(b) },
		"xlsx": func(t *Table, b *bytes.Buffer) error { return t.XLSX(b) },
	} {
		var b bytes.Buffer
		folder := t.TempDir()
		if err := write(participants(), &b); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(folder, "llista."+form)
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		saved := filepath.Join(folder, "desat")
		cmd := exec.CommandContext(t.Context(), soffice, "--headless", "-env:UserInstallation=file://"+filepath.Join(folder, "perfil"),
			"--infilter=CSV:59,34,76", "--convert-to", "xlsx", "--outdir", saved, file)
		if form == "xlsx" {
			cmd.Args = append(cmd.Args[:3], cmd.Args[4:]...) // its own form needs no filter
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", form, err, out)
		}
		book, err := excelize.OpenFile(filepath.Join(saved, "llista.xlsx"))
		if err != nil {
			t.Fatalf("%s: %v", form, err)
		}
		defer book.Close()
		rows, err := book.GetRows(book.GetSheetName(0))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for n, row := range rows {
			name, err := excelize.CoordinatesToCellName(1, n+1)
			if err != nil {
				t.Fatal(err)
			}
			if formula, err := book.GetCellFormula(book.GetSheetName(0), name); err != nil || formula != "" {
				t.Errorf("%s: %s is the formula %q, %v", form, name, formula, err)
			}
			if len(row) > 0 {
				names = append(names, row[0])
			}
		}
		want := []string{"Nom", "Núria Güell i Ça·la", `'=HYPERLINK("http://example.org")`, "'+34", "'-1", "'@SUM(1)", "'\tx", ""}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Errorf("%s, as LibreOffice reads it: %s", form, diff)
		}
	}
}
