package api_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/hubtest"
)

// TestSocketLimits: one connection too many, of a person, of an address or in
// total, is refused before the upgrade, quickly, with a code and when to come
// back; whoever is known only from connection_init, with 1013. Event streams
// count with the sockets.
func TestSocketLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{Change: func(cfg *config.Config) {
		cfg.Sockets, cfg.SocketsPerPerson, cfg.SocketsPerAddress, cfg.SocketOperations = 6, 2, 3, 2
	}})
	event := w.published(t, nil)

	// Of a person: known before the upgrade, or afterwards.
	theirs := w.hub.Socket(t, w.rep.token)
	stream := w.hub.Events(t, w.rep.token, "", follow, in{"id": event})
	stream.Next()
	if code, answer := upgrade(t, w, w.rep.token); code != 429 || !strings.Contains(answer, "TOO_MANY_CONNECTIONS") {
		t.Errorf("a third of a person: %d %s", code, answer)
	}
	if refused := w.hub.Events(t, w.rep.token, "", follow, in{"id": event}); refused.Status != 429 || refused.Header.Get("Retry-After") == "" ||
		!strings.Contains(refused.Body, "TOO_MANY_CONNECTIONS") {
		t.Errorf("a third of a person, as events: %d %v %s", refused.Status, refused.Header, refused.Body)
	}
	if _, err := w.hub.DialSocket(t, w.rep.token); err == nil || !strings.Contains(err.Error(), "1013") {
		t.Errorf("a third of a person, known from connection_init: %v", err)
	}

	// On a socket.
	theirs.Subscribe(follow, in{"id": event}).Next()
	theirs.Subscribe(follow, in{"id": event}).Next()
	if m := theirs.Subscribe(follow, in{"id": event}).Message(); m.Kind != "error" || !strings.Contains(string(m.Payload), "TOO_MANY_OPERATIONS") {
		t.Errorf("a third operation: %s %s", m.Kind, m.Payload)
	}

	// Of an address, by those who are not known.
	for range 3 {
		w.hub.Socket(t, "")
	}
	if code, answer := upgrade(t, w, ""); code != 429 || !strings.Contains(answer, "TOO_MANY_CONNECTIONS") {
		t.Errorf("a fourth of an address: %d %s", code, answer)
	}
	if code, answer := upgrade(t, w, w.officer.token); code != 101 {
		t.Errorf("somebody known from the same address: %d %s", code, answer)
	}

	// In total: five are open, and the one that was upgraded last.
	if code, answer := upgrade(t, w, w.stranger.token); code != 503 || !strings.Contains(answer, "OVERLOADED") {
		t.Errorf("one too many in total: %d %s", code, answer)
	}
	if code, answer := upgrade(t, w, "nonsense"); code != 401 || !strings.Contains(answer, "BAD_TOKEN") {
		t.Errorf("with a token that is none: %d %s", code, answer)
	}
	if text := metrics(t, w); !strings.Contains(text, `teixit_sockets_refused_total{limit="person"} 3`) ||
		!strings.Contains(text, `teixit_sockets_refused_total{limit="address"} 1`) || !strings.Contains(text, `teixit_sockets_refused_total{limit="total"} 1`) {
		t.Errorf("the refusals are not counted:\n%s", text)
	}
}

// upgrade asks for a WebSocket as the bearer of token; it stays open.
func upgrade(t *testing.T, w *world, token string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, w.hub.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": "graphql-transport-ws",
	} {
		r.Header.Set(name, value)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	if response.StatusCode == http.StatusSwitchingProtocols {
		return response.StatusCode, ""
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if status := response.StatusCode; (status == 429 || status == 503) && response.Header.Get("Retry-After") == "" {
		t.Errorf("%d without Retry-After", status)
	}
	return response.StatusCode, fmt.Sprint(string(bytes.TrimSpace(body)))
}

func metrics(t *testing.T, w *world) string {
	t.Helper()
	return send(t, w, sent{method: http.MethodGet, path: "/metrics"}).body
}
