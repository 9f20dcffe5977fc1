package auth_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/auth"
)

// TestLanguage: the best of the hub's languages for what a browser prefers, and
// Catalan where there is none.
func TestLanguage(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]lang.Lang{
		"":                                 lang.CA,
		"es-ES,es;q=0.9,en;q=0.8":          lang.ES,
		"fr, en;q=0.7, es;q=0.8":           lang.ES,
		"en-GB;q=0.9, ca;q=0.1":            lang.EN,
		"ca-ES-valencia, es;q=0.5":         lang.CA,
		"de":                               lang.CA,
		"*":                                lang.CA,
		"en;q=oops":                        lang.CA,
		strings.Repeat("en, ", 200) + "es": lang.CA, // nobody's browser
		"\x00\xff":                         lang.CA,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", header)
		if got := auth.LanguageOf(r); got != want {
			t.Errorf("%.40q: %s, want %s", header, got, want)
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.Header["Accept-Language"] = []string{"es;q=0.1", "en"}
	if got := auth.LanguageOf(r); got != lang.EN {
		t.Errorf("in two lines: %s", got)
	}
}
