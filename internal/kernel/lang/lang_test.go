package lang_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/lang"
)

func TestFallback(t *testing.T) {
	for _, c := range []struct {
		text lang.Text
		in   lang.Lang
		want string
	}{
		{lang.Text{CA: "c", ES: "e", EN: "n"}, lang.EN, "n"},
		{lang.Text{CA: "c", ES: "e"}, lang.EN, "c"},
		{lang.Text{ES: "e", EN: "n"}, lang.CA, "e"},
		{lang.Text{EN: "n"}, lang.ES, "n"},
		{lang.Text{}, lang.ES, ""},
	} {
		if got := c.text.In(c.in); got != c.want {
			t.Errorf("%v in %s is %q, want %q", c.text, c.in, got, c.want)
		}
	}
}

func TestParse(t *testing.T) {
	for tag, want := range map[string]lang.Lang{"ca": lang.CA, "es-ES": lang.ES, "EN_gb": lang.EN} {
		if got, ok := lang.Parse(tag); !ok || got != want {
			t.Errorf("%q is %q, %v", tag, got, ok)
		}
	}
	if _, ok := lang.Parse("fr"); ok {
		t.Error("French was accepted")
	}
}

// TestPlainTexts holds what is read without encoding/json against it.
func TestPlainTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-zà-ú{}:, "\\\n]{0,12}`)
		want := lang.Text{CA: word.Draw(t, "ca"), ES: word.Draw(t, "es"), EN: word.Draw(t, "en")}
		written, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var read lang.Text
		if read.ReadPlain(written) && read != want {
			t.Fatalf("%s is read as %q", written, read)
		}
	})
	for _, bad := range []string{``, `null`, `[]`, `{`, `{"ca"}`, `{"ca": }`, `{"ca": "a"`, `{"ca": "a",}`, `{"fr": "a"}`, `{"ca": 1}`, `{"ca": "a"} x`} {
		if (&lang.Text{}).ReadPlain([]byte(bad)) {
			t.Errorf("%s is read", bad)
		}
	}
}
