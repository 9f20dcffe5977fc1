package linkcheck

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestStatus(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		switch {
		case r.URL.Path == "/gone":
			w.WriteHeader(http.StatusGone)
		case r.URL.Path == "/no-head" && r.Method == http.MethodHead:
			w.WriteHeader(http.StatusMethodNotAllowed)
		case r.URL.Path == "/moved":
			http.Redirect(w, r, "/", http.StatusFound)
		case r.URL.Path == "/circle":
			http.Redirect(w, r, "/circle", http.StatusFound)
		}
	}))
	defer server.Close()
	open := New(func(netip.Addr) bool { return true })
	for path, want := range map[string]int{"/": 200, "/gone": 410, "/no-head": 200, "/moved": 200, "/circle": 302} {
		if got := open.Status(t.Context(), server.URL+path); got != want {
			t.Errorf("%s: %d, not %d", path, got, want)
		}
	}
	if got := open.Status(t.Context(), "http://127.0.0.1:1/"); got != 0 {
		t.Errorf("nobody answers with %d", got)
	}
	before := asked
	if got := New(nil).Status(t.Context(), server.URL); got != 0 || asked != before {
		t.Errorf("the house was asked: %d", got)
	}
}

func TestPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1": false, "10.1.2.3": false, "192.168.0.1": false, "172.16.0.1": false, "169.254.169.254": false, "0.0.0.0": false,
		"100.64.1.1": false, "::1": false, "fd00::1": false, "fe80::1": false, "224.0.0.1": false, "85.0.0.1": true, "2a00::1": true,
	} {
		if got := Public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}
