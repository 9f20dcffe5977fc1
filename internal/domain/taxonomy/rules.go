package taxonomy

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
)

// MaxNote is the longest note of a term, in characters and per language.
const MaxNote = 1000

// checkNew collects what is wrong with a term to add.
func checkNew(kind node.Kind, code string, title, note lang.Text) error {
	var wrong fault.List
	if !slices.Contains(Kinds(), kind) {
		wrong = append(wrong, ErrBadKind.At("kind"))
	}
	if !validCode(code) {
		wrong = append(wrong, ErrBadCode.At("code"))
	}
	return append(wrong, checkTexts(title, note)...).Err()
}

// checkTexts collects what is wrong with a term's texts. A term needs all three
// languages: everybody meets it.
func checkTexts(title, note lang.Text) fault.List {
	var wrong fault.List
	for l, text := range map[lang.Lang]string{lang.CA: title.CA, lang.ES: title.ES, lang.EN: title.EN} {
		switch {
		case strings.TrimSpace(text) == "":
			wrong = append(wrong, fault.ErrRequired.At("title", string(l)))
		case utf8.RuneCountInString(text) > MaxTitle:
			wrong = append(wrong, fault.ErrTooLong.At("title", string(l)).With("max", MaxTitle))
		}
	}
	for l, text := range map[lang.Lang]string{lang.CA: note.CA, lang.ES: note.ES, lang.EN: note.EN} {
		if utf8.RuneCountInString(text) > MaxNote {
			wrong = append(wrong, fault.ErrTooLong.At("note", string(l)).With("max", MaxNote))
		}
	}
	slices.SortFunc(wrong, func(a, b *fault.Fault) int { return slices.Compare(a.Path, b.Path) })
	return wrong
}

func validCode(code string) bool {
	if code == "" || len(code) > 64 || code[0] < 'A' || code[0] > 'Z' {
		return false
	}
	return strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}
