package territory

import (
	"strings"
	"unicode/utf8"

	"github.com/teixit/teixit/internal/kernel/lang"
)

// CouncilName is how a municipality is shown when it acts as a body: "Ajuntament
// de l'Hospitalet de Llobregat", where the place is "L'Hospitalet de Llobregat".
// Only Catalan changes the name of the place; Spanish does not contract with an
// article that belongs to a name.
func CouncilName(place string) lang.Text {
	return lang.Text{
		CA: "Ajuntament " + Of(place),
		ES: "Ayuntamiento de " + place,
		EN: place + " Town Council",
	}
}

// articles are the Catalan articles a place name may begin with, and what they
// become after the preposition "de".
var articles = []struct{ article, after string }{
	{"el ", "del "},
	{"els ", "dels "},
	{"la ", "de la "},
	{"les ", "de les "},
	{"l'", "de l'"},
}

// Of puts the Catalan preposition before a place name: "de Terrassa",
// "d'Igualada", "del Prat de Llobregat", "de l'Hospitalet de Llobregat".
func Of(place string) string {
	place = strings.ReplaceAll(place, "’", "'")
	for _, a := range articles {
		if n := len(a.article); len(place) > n && strings.EqualFold(place[:n], a.article) {
			return a.after + place[n:]
		}
	}
	if elides(place) {
		return "d'" + place
	}
	return "de " + place
}

// elides reports whether "de" loses its vowel before the name: before a vowel,
// also behind a silent h, unless an i or u there is a consonant ("de Iorba").
func elides(name string) bool {
	letters := []rune(strings.ToLower(name))
	if len(letters) > 0 && letters[0] == 'h' {
		letters = letters[1:]
	}
	if len(letters) == 0 || !vowel(letters[0]) {
		return false
	}
	glide := letters[0] == 'i' || letters[0] == 'u'
	return !glide || len(letters) < 2 || !vowel(letters[1])
}

func vowel(r rune) bool {
	return r != utf8.RuneError && strings.ContainsRune("aàeèéiíïoòóuúü", r)
}
