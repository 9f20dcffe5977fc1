package sheet

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func participants() *Table {
	return &Table{Name: "participants", Columns: []string{"Nom", "Minuts"}, Rows: [][]any{
		{"Núria Güell i Ça·la", 90}, {`=HYPERLINK("http://example.org")`, 0}, {"+34", -5}, {"-1", 1}, {"@SUM(1)", 1}, {"\tx", 1}, {"", 1},
	}}
}

// What is written is read again as it was, without a formula in between.
func TestThereAndBack(t *testing.T) {
	for name, write := range map[string]func(*Table, *bytes.Buffer) error{
		"CSV":  func(t *Table, b *bytes.Buffer) error { return t.CSV(b) },
		"XLSX": func(t *Table, b *bytes.Buffer) error { return t.XLSX(b) },
	} {
		var b bytes.Buffer
		if err := write(participants(), &b); err != nil {
			t.Fatal(name, err)
		}
		head, lines, err := readAll(b.Bytes(), 100)
		if err != nil || head.Cells[0] != "Nom" || len(lines) != 7 {
			t.Fatalf("%s: %v %v %v", name, head, lines, err)
		}
		var names []string
		for _, l := range lines {
			names = append(names, l.Cells[0])
		}
		want := []string{"Núria Güell i Ça·la", `=HYPERLINK("http://example.org")`, "+34", "-1", "@SUM(1)", "x", ""}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestSafe(t *testing.T) {
	for _, text := range []string{"=1", "+1", "-1", "@x", "\tx", "\rx"} {
		if Safe(text) != "'"+text {
			t.Errorf("%q stays %q", text, Safe(text))
		}
	}
	for _, text := range []string{"", "Anna", "1", "a=b"} {
		if Safe(text) != text {
			t.Errorf("%q becomes %q", text, Safe(text))
		}
	}
}

func TestReadTellsLines(t *testing.T) {
	for _, comma := range []string{";", ",", "\t"} {
		head, lines, err := readAll([]byte(bom+"nom"+comma+"correu\r\n\r\nAina"+comma+"a@b.cat\r\n"), 10)
		if err != nil || len(head.Cells) != 2 || len(lines) != 1 || lines[0].Number != 3 {
			t.Errorf("%q: %v %v %v", comma, head, lines, err)
		}
	}
	if _, _, err := readAll([]byte("nom\n1\n2\n3\n"), 2); !errors.Is(err, ErrTooManyRows) {
		t.Errorf("too long: %v", err)
	}
	for name, text := range map[string]string{
		"no UTF-8": "nom\n\xff\xfe", "a long cell": "nom\n" + strings.Repeat("x", maxCell+1), "no zip": "PK\x03\x04nothing",
		"many columns": strings.Repeat("a;", maxColumns+1) + "\n",
	} {
		if _, _, err := readAll([]byte(text), 10); !errors.Is(err, ErrUnreadable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// readAll reads a file to its end.
func readAll(file []byte, most int) (head Line, lines []Line, err error) {
	r, err := Open(file, most)
	if err != nil {
		return head, nil, err
	}
	defer r.Close()
	for {
		line, err := r.Next()
		if errors.Is(err, io.EOF) {
			return r.Head, lines, nil
		}
		if err != nil {
			return r.Head, nil, err
		}
		lines = append(lines, line)
	}
}
