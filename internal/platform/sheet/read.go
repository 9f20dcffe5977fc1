package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// Limits of what is read. What an XLSX unpacks to is bounded too: a small file can
// hold a large one. A part of it that is larger than maxHeld is unpacked into a file
// that goes with the reader, not into memory.
const (
	maxColumns  = 50
	maxCell     = 2_000
	maxUnpacked = 96 << 20
	maxHeld     = 16 << 20
)

var (
	// ErrUnreadable means that the file is neither CSV nor XLSX.
	ErrUnreadable = fault.Define(fault.Invalid, "SHEET_UNREADABLE",
		"El fitxer no es pot llegir: ha de ser CSV (UTF-8) o XLSX. Línia {line}.",
		"El archivo no se puede leer: debe ser CSV (UTF-8) o XLSX. Línea {line}.",
		"The file cannot be read: it has to be CSV (UTF-8) or XLSX. Line {line}.")
	// ErrTooManyRows means that the file has more lines than are taken at once.
	ErrTooManyRows = fault.Define(fault.Invalid, "SHEET_TOO_LONG",
		"El fitxer té massa línies: {max} com a màxim.", "El archivo tiene demasiadas líneas: {max} como máximo.",
		"The file has too many lines: {max} at most.")
)

// Line is one row of a file, with its number as people count, from 1.
type Line struct {
	Number int
	Cells  []string
}

// Reader reads the first sheet of a file line by line: what it holds in memory does
// not grow with their number, but for the texts that an XLSX keeps apart. Lines
// without any text are left out. CSV may have semicolons, commas or tabs; the
// apostrophe that Safe put before a formula is taken off again.
type Reader struct {
	Head Line // the first line

	next func() ([]string, int, error)
	done func()
	most int // lines besides the head that are still taken
	max  int
}

// Open begins to read a file, of at most so many lines besides its head. Close it.
func Open(file []byte, most int) (*Reader, error) {
	next, done, err := reader(file)
	if err != nil {
		return nil, ErrUnreadable.New().With("line", 1).Because(err)
	}
	r := &Reader{next: next, done: done, most: most, max: most}
	if r.Head, err = r.line(); err != nil && !errors.Is(err, io.EOF) {
		done()
		return nil, err
	}
	return r, nil
}

// Close ends reading.
func (r *Reader) Close() { r.done() }

// Next gives the next line, and io.EOF behind the last.
func (r *Reader) Next() (Line, error) {
	line, err := r.line()
	if err != nil {
		return line, err
	}
	if r.most--; r.most < 0 {
		return line, ErrTooManyRows.New().With("max", r.max)
	}
	return line, nil
}

// line gives the next line with any text.
func (r *Reader) line() (Line, error) {
	for {
		cells, n, err := r.next()
		switch {
		case errors.Is(err, io.EOF):
			return Line{}, io.EOF
		case err != nil || len(cells) > maxColumns:
			return Line{}, ErrUnreadable.New().With("line", n).Because(err)
		}
		line, text := Line{Number: n}, false
		for _, c := range cells {
			if !utf8.ValidString(c) || len(c) > maxCell {
				return Line{}, ErrUnreadable.New().With("line", n)
			}
			c = disarmed(strings.TrimSpace(c))
			line.Cells, text = append(line.Cells, c), text || c != ""
		}
		if text {
			return line, nil
		}
	}
}

// disarmed takes off the apostrophe of Safe.
func disarmed(cell string) string {
	if armed, ok := strings.CutPrefix(cell, "'"); ok && Safe(armed) != armed {
		return strings.TrimSpace(armed)
	}
	return cell
}

// reader gives the rows of a file one after the other, and io.EOF behind the last.
func reader(file []byte) (next func() ([]string, int, error), done func(), err error) {
	if bytes.HasPrefix(file, []byte("PK\x03\x04")) {
		return workbook(file)
	}
	file = bytes.TrimPrefix(file, []byte(bom))
	r := csv.NewReader(bytes.NewReader(file))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	first, _, _ := bytes.Cut(file, []byte("\n"))
	for _, comma := range []rune{';', '\t'} {
		if bytes.ContainsRune(first, comma) {
			r.Comma = comma
			break
		}
	}
	last := 0
	return func() ([]string, int, error) {
		cells, err := r.Read()
		if len(cells) > 0 {
			last, _ = r.FieldPos(0)
		}
		return cells, max(last, 1), err
	}, func() {}, nil
}

func workbook(file []byte) (next func() ([]string, int, error), done func(), err error) {
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxHeld})
	if err != nil {
		return nil, nil, err
	}
	rows, err := book.Rows(book.GetSheetName(0))
	if err != nil {
		_ = book.Close()
		return nil, nil, err
	}
	n := 0
	return func() ([]string, int, error) {
			n++
			if !rows.Next() {
				if err := rows.Error(); err != nil {
					return nil, n, err
				}
				return nil, n, io.EOF
			}
			cells, err := rows.Columns()
			return cells, n, err
		}, func() {
			_ = rows.Close()
			_ = book.Close()
		}, nil
}
