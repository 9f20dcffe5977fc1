package authhttp

import (
	"net/http/httptest"
	"testing"
)

// TestAddress: what a client writes of itself is not believed; what trusted
// proxies say is.
func TestAddress(t *testing.T) {
	t.Parallel()
	direct, err := Address(nil)
	if err != nil {
		t.Fatal(err)
	}
	behind, err := Address([]string{"10.0.0.0/8", " 192.0.2.7 "})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		remote, forwarded string
		direct, behind    string
	}{
		{"203.0.113.5:1234", "", "203.0.113.5", "203.0.113.5"},
		{"203.0.113.5:1234", "1.1.1.1", "203.0.113.5", "203.0.113.5"},
		{"10.1.2.3:1234", "198.51.100.1", "10.1.2.3", "198.51.100.1"},
		{"10.1.2.3:1234", "6.6.6.6, 198.51.100.1", "10.1.2.3", "198.51.100.1"},
		{"10.1.2.3:1234", "6.6.6.6, 198.51.100.1, 192.0.2.7", "10.1.2.3", "198.51.100.1"},
		{"10.1.2.3:1234", "", "10.1.2.3", "10.1.2.3"},
		{"10.1.2.3:1234", "nonsense", "10.1.2.3", "10.1.2.3"},
		{"[2001:db8:1:2:3:4:5:6]:1234", "", "2001:db8:1:2::/64", "2001:db8:1:2::/64"},
		{"[::ffff:203.0.113.5]:1234", "", "203.0.113.5", "203.0.113.5"},
		{"[::ffff:10.1.2.3]:1234", "198.51.100.1", "10.1.2.3", "198.51.100.1"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := direct(r); got != c.direct {
			t.Errorf("%s (%s) directly: %s, want %s", c.remote, c.forwarded, got, c.direct)
		}
		if got := behind(r); got != c.behind {
			t.Errorf("%s (%s) behind proxies: %s, want %s", c.remote, c.forwarded, got, c.behind)
		}
	}
	for _, wrong := range []string{"", "proxy.example", "10.0.0.0/64"} {
		if _, err := Address([]string{wrong}); err == nil {
			t.Errorf("%q is taken for a proxy", wrong)
		}
	}
}

// TestLocal: a way back leads to a path of the hub.
func TestLocal(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/me": "/me", "/a?b=c#d": "/a?b=c#d", "": "/", "me": "/", "//x": "/", "/\\x": "/", "https://x/": "/",
		"/\r\nSet-Cookie: a=b": "/", "javascript:alert(1)": "/", "/%zz": "/",
	} {
		if got := local(path); got != want {
			t.Errorf("local(%q) = %q, want %q", path, got, want)
		}
	}
}
