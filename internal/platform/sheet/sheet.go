// Package sheet writes and reads the tables that people open in a spreadsheet:
// CSV as Excel and LibreOffice take it in Catalan and Spanish (a byte order mark,
// semicolons), and XLSX.
//
// A cell never becomes a formula: one that begins as formulas do gets an
// apostrophe in front, in both forms, so that it is harmless also when somebody
// saves the one as the other.
package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Table is one sheet. Cells are text or whole numbers.
type Table struct {
	Name    string // of the file, without its ending
	Columns []string
	Rows    [][]any
}

const bom = "\ufeff"

// Safe is a text that no spreadsheet takes for a formula.
func Safe(text string) string {
	if strings.ContainsAny(text[:min(len(text), 1)], "=+-@\t\r") {
		return "'" + text
	}
	return text
}

// cell is a value as it is written: numbers stay numbers.
func cell(v any) any {
	if text, ok := v.(string); ok {
		return Safe(text)
	}
	return v
}

// CSV writes the table with a byte order mark and semicolons.
func (t *Table) CSV(w io.Writer) error {
	if _, err := io.WriteString(w, bom); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	if err := out.Write(t.Columns); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	line := make([]string, len(t.Columns))
	for _, row := range t.Rows {
		for i, v := range row {
			line[i] = fmt.Sprint(cell(v))
		}
		if err := out.Write(line[:len(row)]); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// XLSX writes the table as a workbook of one sheet, row by row.
func (t *Table) XLSX(w io.Writer) error {
	if err := t.xlsx(w); err != nil {
		return fmt.Errorf("write XLSX: %w", err)
	}
	return nil
}

func (t *Table) xlsx(w io.Writer) error {
	book := excelize.NewFile()
	defer book.Close()
	name := book.GetSheetName(0)
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	out, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	head := make([]any, len(t.Columns))
	for i, column := range t.Columns {
		head[i] = excelize.Cell{StyleID: bold, Value: column}
	}
	if err := out.SetRow("A1", head); err != nil {
		return err
	}
	for i, row := range t.Rows {
		cells := make([]any, len(row))
		for j, v := range row {
			cells[j] = cell(v)
		}
		if err := out.SetRow(fmt.Sprintf("A%d", i+2), cells); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	var b bytes.Buffer
	if _, err := book.WriteTo(&b); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}
