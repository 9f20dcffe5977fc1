package access_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// letterbox keeps mails instead of sending them.
type letterbox struct {
	mu   sync.Mutex
	sent []mail.Message
}

func (l *letterbox) Enqueue(_ context.Context, m mail.Message) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = append(l.sent, m)
	return nil
}

func (l *letterbox) EnqueueTx(ctx context.Context, _ *postgres.Tx, m mail.Message) error {
	return l.Enqueue(ctx, m)
}

// newest is the data of the newest mail of a kind to the address.
func (l *letterbox) newest(t testing.TB, to, template string) map[string]any {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := len(l.sent) - 1; i >= 0; i-- {
		if m := l.sent[i]; m.To == to && m.Template == template {
			return m.Data
		}
	}
	t.Fatalf("no %s to %s", template, to)
	return nil
}

func (l *letterbox) token(t testing.TB, to, template string) string {
	t.Helper()
	_, token, _ := strings.Cut(l.newest(t, to, template)["link"].(string), "#token=")
	return token
}

// house is hubs on one database, with the mails they sent.
type house struct {
	hubs []*hubtest.Hub
	box  *letterbox
}

func newHouse(t *testing.T, instances int, change func(*config.Config), more ...app.Option) *house {
	t.Helper()
	h := &house{box: &letterbox{}}
	database := pgtest.URL(t)
	for range instances {
		h.hubs = append(h.hubs, hubtest.Start(t, hubtest.Config{
			Database: database, Change: change, Options: append([]app.Option{app.WithMail(h.box)}, more...),
		}))
	}
	return h
}

// browser is a person's browser: it keeps cookies and says which page asks.
type browser struct {
	*testing.T
	house   *house
	hub     *hubtest.Hub // to which it speaks now
	cookies map[string]string
	headers map[string]string // of all requests, besides
}

func (h *house) browser(t *testing.T) *browser {
	return &browser{T: t, house: h, hub: h.hubs[0], cookies: map[string]string{}, headers: map[string]string{}}
}

// with is the same browser with a header more.
func (b *browser) with(name, value string) *browser {
	other := *b
	other.headers = map[string]string{name: value}
	for k, v := range b.headers {
		other.headers[k] = v
	}
	return &other
}

// at is the same browser, speaking to another instance.
func (b *browser) at(i int) *browser {
	other := *b
	other.hub = b.house.hubs[i]
	return &other
}

// answer is what came back, with its body read.
type answer struct {
	*http.Response
	body string
}

// code is that of an error of /auth/.
func (a answer) code() string {
	var told struct {
		Error struct{ Code, Message string }
	}
	if json.Unmarshal([]byte(a.body), &told) != nil || told.Error.Message == "" {
		return ""
	}
	return told.Error.Code
}

// send makes one request, follows nothing, and keeps the cookies that it gets.
// A body that is no text is sent as JSON.
func (b *browser) send(method, path string, body any) answer {
	b.Helper()
	target := path
	if strings.HasPrefix(path, "/") {
		target = "http://" + b.hub.Addr + path
	}
	r, err := http.NewRequestWithContext(b.Context(), method, target, nil)
	if err != nil {
		b.Fatal(err)
	}
	switch body := body.(type) {
	case nil:
	case string:
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	default:
		encoded, err := json.Marshal(body)
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(encoded)), int64(len(encoded))
	}
	r.Header.Set("Accept-Language", "en")
	for name, value := range b.headers {
		r.Header.Set(name, value)
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		b.Fatal(err)
	}
	b.keep(response)
	return answer{response, string(read)}
}

func (b *browser) keep(response *http.Response) {
	for _, c := range response.Cookies() {
		if c.MaxAge < 0 || c.Value == "" {
			delete(b.cookies, c.Name)
			continue
		}
		b.cookies[c.Name] = c.Value
	}
}

// signIn comes in by a mailed code.
func (b *browser) signIn(address string) *browser {
	b.Helper()
	if a := b.send("POST", "/auth/code", map[string]string{"mail": address}); a.StatusCode != http.StatusAccepted {
		b.Fatalf("asking for a code: %d %s", a.StatusCode, a.body)
	}
	code := b.house.box.newest(b, address, mail.SignInCode)["code"].(string)
	if a := b.send("POST", "/auth/session", map[string]string{"mail": address, "code": code}); a.StatusCode != http.StatusOK {
		b.Fatalf("signing in: %d %s", a.StatusCode, a.body)
	}
	return b
}

// query posts an operation and returns its data, and the code of its first
// error.
func (b *browser) query(query string, variables map[string]any) (data map[string]any, code string) {
	b.Helper()
	a := b.send("POST", "/graphql", map[string]any{"query": query, "variables": variables})
	var out struct {
		Data   map[string]any
		Errors []struct {
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal([]byte(a.body), &out); err != nil {
		b.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if len(out.Errors) > 0 {
		code = out.Errors[0].Extensions.Code
	}
	return out.Data, code
}

// must is query for what has to work, without errors in the payload either.
func (b *browser) must(query string, variables map[string]any) map[string]any {
	b.Helper()
	data, code := b.query(query, variables)
	if code != "" {
		b.Fatalf("%s: %s", query, code)
	}
	for _, payload := range data {
		if code := firstError(payload); code != "" {
			b.Fatalf("%s: %s", query, code)
		}
	}
	return data
}

// refused is the code with which a mutation did not work: of an error of the
// operation, or the first one in its payload.
func (b *browser) refused(query string, variables map[string]any) string {
	b.Helper()
	data, code := b.query(query, variables)
	for _, payload := range data {
		if code == "" {
			code = firstError(payload)
		}
	}
	return code
}

func firstError(payload any) string {
	object, _ := payload.(map[string]any)
	errs, _ := object["errors"].([]any)
	if len(errs) == 0 {
		return ""
	}
	return fmt.Sprint(errs[0].(map[string]any)["code"])
}

// person is who the browser is signed in as; "" for nobody.
func (b *browser) person() string {
	b.Helper()
	return dig(b.must(`{ viewer { person { id } } }`, nil), "viewer", "person", "id")
}

// dig is the text at the path; "" when something on the way is null.
func dig(data map[string]any, path ...string) string {
	for i, key := range path {
		value := data[key]
		if i == len(path)-1 {
			if value == nil {
				return ""
			}
			return fmt.Sprint(value)
		}
		next, ok := value.(map[string]any)
		if !ok {
			return ""
		}
		data = next
	}
	return ""
}

// socket asks one query over a WebSocket that the browser opens with its
// cookies. payload is of connection_init. The status is of the upgrade; the
// close code is 0 when the query was answered.
func (b *browser) socket(payload map[string]any, query string) (data map[string]any, status, closed int) {
	b.Helper()
	header := http.Header{}
	for name, value := range b.headers {
		header.Set(name, value)
	}
	for name, value := range b.cookies {
		header.Add("Cookie", (&http.Cookie{Name: name, Value: value}).String())
	}
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, HandshakeTimeout: hubtest.Patience}
	conn, response, err := dialer.DialContext(b.Context(), "ws://"+b.hub.Addr+"/graphql", header)
	if response == nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	if err != nil {
		return nil, response.StatusCode, 0
	}
	defer conn.Close()
	for _, m := range []map[string]any{
		{"type": "connection_init", "payload": payload},
		{"type": "subscribe", "id": "1", "payload": map[string]any{"query": query}},
	} {
		if err := conn.WriteJSON(m); err != nil {
			b.Fatal(err)
		}
		var m struct {
			Type    string
			Payload struct{ Data map[string]any }
		}
		if err := conn.ReadJSON(&m); err != nil {
			code := 0
			if c, ok := err.(*websocket.CloseError); ok { //nolint:errorlint // gorilla returns it as it is
				code = c.Code
			}
			return nil, response.StatusCode, code
		}
		data = m.Payload.Data
	}
	return data, response.StatusCode, 0
}

// events asks one query over server-sent events.
func (b *browser) events(query string) string {
	b.Helper()
	return b.with("Accept", "text/event-stream").send("POST", "/graphql", map[string]any{"query": query}).body
}

func sessionOf(b *browser) string { return b.cookies[auth.SessionCookie] }
