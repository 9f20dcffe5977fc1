package jobs

import (
	"strings"
	"testing"
)

// TestErrorsTellNobody: what a relay or PostgreSQL may quote does not leave with
// an error.
func TestErrorsTellNobody(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"connection refused": "connection refused",
		"550 5.1.1 <anna.canari@example.org>: no such user":                                   "550 5.1.1 <…>: no such user",
		`duplicate key value violates unique constraint "accounts_mail"`:                      `duplicate key value violates unique constraint …`,
		"Key (mail)=(anna.canari@example.org) already exists.":                                "Key (mail)… already exists.",
		"Key (name)=(Anna Canari) already exists.":                                            "Key (name)… already exists.",
		"first line\nDETAIL: Anna Canari":                                                     "first line",
		"el valor «Anna Canari» i el valor 'Anna Canari' no valen: “Anna Canari”, \"Canari\"": "el valor … i el valor … no valen: …, …",
	} {
		if got := harmless(text); got != want {
			t.Errorf("%q is told as %q, want %q", text, got, want)
		}
	}
	if got := harmless(strings.Repeat("à", 1000)); len([]rune(got)) != maxTold {
		t.Errorf("%d characters are told", len([]rune(got)))
	}
}
