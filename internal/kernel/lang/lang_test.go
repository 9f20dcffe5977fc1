package lang_test

import (
	"testing"

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
