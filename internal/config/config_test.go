package config

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestRead: what is not set has a default; what would fail later, in front of
// people, is refused at once.
func TestRead(t *testing.T) {
	c, err := Read()
	if err != nil {
		t.Fatal(err)
	}
	if c.SessionIdle != 30*time.Minute || c.URL != "" || c.OIDCIssuer != "" || len(c.Proxies) != 0 {
		t.Errorf("the defaults: %+v", c)
	}
	for _, wrong := range []struct{ name, value string }{
		{"TEIXIT_URL", "teixit.example"},
		{"TEIXIT_URL", "https://teixit.example/hub"},
		{"TEIXIT_URL", "ftp://teixit.example"},
		{"TEIXIT_OIDC_ISSUER", "https://provider.example"},
		{"TEIXIT_SESSION_IDLE", "10s"},
		{"TEIXIT_SOCKETS", "0"},
		{"TEIXIT_SOCKETS_PER_PERSON", "-1"},
		{"TEIXIT_RECONNECT_SPREAD", "-1s"},
	} {
		t.Run(wrong.name+"="+wrong.value, func(t *testing.T) {
			t.Setenv(wrong.name, wrong.value)
			if _, err := Read(); err == nil || !strings.Contains(err.Error(), wrong.name) {
				t.Errorf("read without a word about it: %v", err)
			}
		})
	}
	t.Setenv("TEIXIT_URL", "https://teixit.example/")
	t.Setenv("TEIXIT_PROXIES", "10.0.0.0/8,192.0.2.1")
	if c, err = Read(); err != nil || len(c.Proxies) != 2 {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestParseAdmin: an administrator's command says whom it is about.
func TestParseAdmin(t *testing.T) {
	for _, verb := range []string{"create", "disable", "enable"} {
		cmd, done, err := Parse([]string{"admin", verb, "--mail", "anna@example.org"}, &bytes.Buffer{})
		if err != nil || done || cmd.Name != "admin "+verb || cmd.Mail != "anna@example.org" {
			t.Errorf("admin %s: %+v, %v, %v", verb, cmd, done, err)
		}
		if _, _, err := Parse([]string{"admin", verb}, &bytes.Buffer{}); err == nil {
			t.Errorf("admin %s about nobody", verb)
		}
	}
}
