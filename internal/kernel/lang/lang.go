// Package lang holds the three languages of the hub and text that exists in
// them.
//
// Catalan comes first: it is the language of the network and the first
// fallback. A text written by an organisation may carry one, two or three
// languages; a reader gets their own if it is there, else Catalan, else
// Spanish, else English.
package lang

import "strings"

// Lang is one of the three languages the hub speaks.
type Lang string

// The languages, in the order of fallback.
const (
	CA Lang = "ca"
	ES Lang = "es"
	EN Lang = "en"
)

// All lists the languages in the order of fallback.
func All() []Lang { return []Lang{CA, ES, EN} }

// Parse reads the primary subtag of a language tag ("ca", "es-ES", "en_GB").
// It reports false for a language the hub does not speak.
func Parse(tag string) (Lang, bool) {
	primary, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(tag)), "_", "-"), "-")
	switch l := Lang(primary); l {
	case CA, ES, EN:
		return l, true
	}
	return CA, false
}

// Text is a text in up to three languages; an empty string means "not written".
type Text struct {
	CA string `json:"ca,omitempty"`
	ES string `json:"es,omitempty"`
	EN string `json:"en,omitempty"`
}

// ReadPlain reads a text from JSON as long as that is as plain as most texts are:
// an object of two-letter keys and strings without a backslash. It reports false,
// and reads nothing, where it is not; encoding/json reads every text.
func (t *Text) ReadPlain(src []byte) bool {
	rest := strings.TrimSpace(string(src))
	rest, ok := strings.CutPrefix(rest, "{")
	if !ok || strings.ContainsRune(rest, '\\') {
		return false
	}
	if rest == "}" {
		*t = Text{}
		return true
	}
	var read Text
	for {
		var key, value string
		if key, rest, ok = quoted(rest); !ok {
			return false
		}
		if rest, ok = strings.CutPrefix(strings.TrimLeft(rest, " "), ":"); !ok {
			return false
		}
		if value, rest, ok = quoted(rest); !ok {
			return false
		}
		switch Lang(key) {
		case CA:
			read.CA = value
		case ES:
			read.ES = value
		case EN:
			read.EN = value
		default:
			return false
		}
		rest = strings.TrimLeft(rest, " ")
		if rest == "}" {
			*t = read
			return true
		}
		if rest, ok = strings.CutPrefix(rest, ","); !ok {
			return false
		}
	}
}

// quoted takes a string off the beginning, which has nothing escaped.
func quoted(s string) (text, rest string, ok bool) {
	if s, ok = strings.CutPrefix(strings.TrimLeft(s, " "), `"`); !ok {
		return "", "", false
	}
	return strings.Cut(s, `"`)
}

// In returns the text in the language l, falling back in the order of All.
func (t Text) In(l Lang) string {
	if s := t.exactly(l); s != "" {
		return s
	}
	for _, other := range All() {
		if s := t.exactly(other); s != "" {
			return s
		}
	}
	return ""
}

// Empty reports whether no language is written.
func (t Text) Empty() bool { return t == Text{} }

// Complete reports whether all three languages are written.
func (t Text) Complete() bool { return t.CA != "" && t.ES != "" && t.EN != "" }

func (t Text) exactly(l Lang) string {
	switch l {
	case ES:
		return t.ES
	case EN:
		return t.EN
	default:
		return t.CA
	}
}
