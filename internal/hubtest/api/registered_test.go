package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/node"
)

const (
	registeredQuery  = `query Ours { __typename }`
	registeredStream = `subscription Ours($id: ID!) { eventChanges(id: $id) { kind event { id } } }`
)

func sha(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// ways to name a document.
func ways(text string) []map[string]any {
	return []map[string]any{
		{"extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": sha(text)}}},
		{"documentId": "sha256:" + sha(text)},
		{"documentId": sha(text), "query": ""},
	}
}

// TestRegisteredOperations: they are known by their hash on every transport from
// the start; others are not, and where nothing else is answered, only who signs in
// with a token may ask them.
func TestRegisteredOperations(t *testing.T) {
	documents := map[string]string{sha(registeredQuery): registeredQuery, sha(registeredStream): registeredStream}
	h := hubtest.Start(t, hubtest.Config{
		Change:  func(c *config.Config) { c.RegisteredOnly = true },
		Options: []app.Option{app.WithOperations(documents)},
	})
	officer := h.Person(t, "Olga Prova", hubtest.Terrassa, directory.Officer)
	event := node.Event.Global(h.Event(t, officer, 1, nil))
	r := &registered{T: t, hub: h}
	for transport, send := range r.transports() {
		t.Run(transport, func(t *testing.T) {
			for _, asked := range ways(registeredQuery) {
				if got := send("", asked); !strings.Contains(got, `{"data":{"__typename":"Query"}}`) {
					t.Errorf("%v: %s", asked, got)
				}
			}
			for _, asked := range ways(`query Theirs { __typename }`) {
				if got := send("", asked); !strings.Contains(got, "PERSISTED_QUERY_NOT_FOUND") {
					t.Errorf("%v: %s", asked, got)
				}
			}
			theirs := map[string]any{"query": `query Theirs { __typename }`}
			if got := send("", theirs); !strings.Contains(got, "OPERATION_NOT_REGISTERED") {
				t.Errorf("somebody's own text: %s", got)
			}
			if got := send(h.Token(officer), theirs); !strings.Contains(got, `{"data":{"__typename":"Query"}}`) {
				t.Errorf("with a token: %s", got)
			}
		})
	}
	// Who follows by hash and who follows by text share what is executed.
	socket := h.Socket(t, "")
	for _, asked := range append(ways(registeredStream), map[string]any{"query": registeredStream}) {
		asked["variables"] = map[string]any{"id": event}
		if got := string(socket.Send(asked).Next()); !strings.Contains(got, event) {
			t.Errorf("%v: %s", asked, got)
		}
	}
	if n := h.Meter(t, "teixit_live_groups"); n != 1 {
		t.Errorf("%d groups follow the same", n)
	}
}

// registered sends requests as they are and gives all that is answered.
type registered struct {
	*testing.T
	hub *hubtest.Hub
}

func (r *registered) transports() map[string]func(token string, asked map[string]any) string {
	return map[string]func(string, map[string]any) string{
		"POST": func(token string, asked map[string]any) string { return r.post(token, asked, "application/json") },
		"GET":  func(token string, asked map[string]any) string { return r.get(token, asked, "application/json") },
		"SSE":  func(token string, asked map[string]any) string { return r.post(token, asked, "text/event-stream") },
		"SSE by GET": func(token string, asked map[string]any) string {
			return r.get(token, asked, "text/event-stream")
		},
		"WebSocket": func(token string, asked map[string]any) string {
			socket := r.hub.Socket(r.T, token)
			defer socket.Close()
			return string(socket.Send(asked).Message().Payload)
		},
	}
}

func (r *registered) post(token string, asked map[string]any, accept string) string {
	request, err := http.NewRequestWithContext(r.Context(), http.MethodPost, r.hub.URL, bytes.NewReader(r.json(asked)))
	if err != nil {
		r.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	return r.send(request, token, accept)
}

func (r *registered) get(token string, asked map[string]any, accept string) string {
	values := url.Values{}
	for name, value := range asked {
		if text, ok := value.(string); ok {
			values.Set(name, text)
		} else {
			values.Set(name, string(r.json(value)))
		}
	}
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, r.hub.URL+"?"+values.Encode(), nil)
	if err != nil {
		r.Fatal(err)
	}
	return r.send(request, token, accept)
}

func (r *registered) send(request *http.Request, token, accept string) string {
	request.Header.Set("Accept", accept)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		r.Fatal(err)
	}
	return string(text)
}

func (r *registered) json(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		r.Fatal(err)
	}
	return text
}
