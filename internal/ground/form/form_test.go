package form_test

import (
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
)

// TestURL: complete addresses of the web, and nothing that makes a stranger's
// site look like a known one.
func TestURL(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"": "", "https://example.org": "", "http://example.org:8080/a?b=c#d": "", "https://example.org/a@b": "",
		"https://terrassa.cat@example.org": "BAD_URL", "https://a:b@example.org/": "BAD_URL", "https://@example.org/": "BAD_URL",
		"example.org": "BAD_URL", "//example.org": "BAD_URL", "javascript:alert(1)": "BAD_URL", "ftp://example.org": "BAD_URL",
		"https://": "BAD_URL", "https://:80/": "BAD_URL", "https://example.org/a b": "BAD_URL",
		"https://example.org/\x00": "BAD_TEXT", "https://example.org/" + strings.Repeat("a", form.MaxURL): "TOO_LONG",
	} {
		var c form.Findings
		c.URL(address, "url")
		got := ""
		for _, f := range fault.All(c.Err()) {
			got += f.Code.Name
		}
		if got != want {
			t.Errorf("%.60q: %q, want %q", address, got, want)
		}
	}
}
