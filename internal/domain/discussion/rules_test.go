package discussion

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
)

// Whoever is not visible stands in the text neither with an identifier nor
// otherwise, and everything else stays as it was written.
func TestTextsAreDiscreet(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		people := make([]id.ID, rapid.IntRange(0, 4).Draw(r, "people"))
		for i := range people {
			people[i] = id.New()
		}
		var text, want strings.Builder
		var visible, named []id.ID
		for _, person := range people {
			words := rapid.StringMatching(`[a-z @_.,…]{0,12}[ .]`).Draw(r, "words")
			token := "@" + node.Person.Global(person)
			text.WriteString(words + token + " ")
			named = append(named, person)
			if rapid.Bool().Draw(r, "visible") {
				visible = append(visible, person)
				want.WriteString(words + token + " ")
			} else {
				want.WriteString(words + "@… ")
			}
		}
		if got := mentioned(text.String()); !slices.Equal(got, append([]id.ID{}, named...)) {
			r.Fatalf("%q mentions %v, not %v", text.String(), got, named)
		}
		if got := discreet(text.String(), visible); got != want.String() {
			r.Fatalf("%q became %q, not %q", text.String(), got, want.String())
		}
	})
}

func TestKindsOfTomorrowAreCommented(t *testing.T) {
	for kind, want := range map[node.Kind]bool{node.Event: true, node.Municipality: true, "table": true, node.Person: false, node.Field: false, node.District: false} {
		if Commentable(kind) != want {
			t.Errorf("%s: %v", kind, !want)
		}
	}
}
