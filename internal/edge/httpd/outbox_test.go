package httpd_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/edge/httpd"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/mail"
)

type letters struct {
	all []mail.Shown
	to  *string
	err error
}

func (l letters) Newest(_ context.Context, to string, _ int) ([]mail.Shown, error) {
	*l.to = to
	return l.all, l.err
}

func get(t *testing.T, l letters, path string) (*http.Response, string) {
	t.Helper()
	asked := ""
	l.to = &asked
	w := httptest.NewRecorder()
	httpd.Outbox(l, slog.New(slog.DiscardHandler)).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(path, "?to=") && asked != "anna@example.org" {
		t.Errorf("asked for mails to %q", asked)
	}
	return w.Result(), string(body)
}

func hostile() mail.Shown {
	const bad = `<script>alert(1)</script>"'` + "\nhttps://x.example/?a=1&b=\"><script>2\njavascript:alert(3)"
	return mail.Shown{ID: id.New(), To: bad, Lang: `ca"><script>`, Template: bad, Subject: bad, Text: bad, HTML: "<p>Hola</p>", At: time.Unix(0, 0).UTC()}
}

// Nothing of a mail becomes a tag, and nothing could run if it did.
func TestOutboxPage(t *testing.T) {
	t.Parallel()
	r, page := get(t, letters{all: []mail.Shown{hostile(), {Text: "Entrar:\nhttps://teixit.example/in?t=1\n"}}}, "/demo/mail?to=anna@example.org")
	if strings.Contains(page, "<script") || strings.Contains(page, `href="javascript`) {
		t.Errorf("a tag came through:\n%s", page)
	}
	if !strings.Contains(page, `<a href="https://teixit.example/in?t=1">`) {
		t.Error("the link cannot be followed")
	}
	policy := r.Header.Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || regexp.MustCompile(`style="|\son\w+="`).MatchString(page) {
		t.Errorf("policy %q", policy)
	}
	if r.Header.Get("Cache-Control") != "no-store" {
		t.Error("the page may be kept")
	}
}

func TestOutboxLetter(t *testing.T) {
	t.Parallel()
	shown := hostile()
	r, page := get(t, letters{all: []mail.Shown{shown}}, "/demo/mail/"+shown.ID.String())
	if page != shown.HTML || !strings.Contains(r.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%s %s", r.Header.Get("Content-Security-Policy"), page)
	}
	if r, _ := get(t, letters{all: []mail.Shown{shown}}, "/demo/mail/"+id.New().String()); r.StatusCode != http.StatusNotFound {
		t.Errorf("another one: %d", r.StatusCode)
	}
}

func TestOutboxForPrograms(t *testing.T) {
	t.Parallel()
	shown := hostile()
	for _, all := range [][]mail.Shown{nil, {shown}} {
		_, body := get(t, letters{all: all}, "/demo/mail.json?to=anna@example.org")
		var got struct{ Mails []mail.Shown }
		if err := json.Unmarshal([]byte(body), &got); err != nil || got.Mails == nil || len(got.Mails) != len(all) {
			t.Errorf("%v: %s", err, body)
		}
	}
	if r, body := get(t, letters{err: errors.New("secret cause")}, "/demo/mail.json"); r.StatusCode != http.StatusServiceUnavailable || strings.Contains(body, "secret") {
		t.Errorf("%d %s", r.StatusCode, body)
	}
}

// Outside the demonstration the paths are the client's like any other.
func TestOutboxIsForTheDemonstrationOnly(t *testing.T) {
	t.Parallel()
	nothing := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	ready := func(context.Context) error { return nil }
	s, err := httpd.New(httpd.Routes{
		GraphQL: nothing, Auth: nothing, Client: nothing, Metrics: nothing, Ready: ready, Notes: []string{"mails are not sent"},
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/demo/mail": "404 ", "/demo/mail.json": "404 ", "/readyz": "200 ready\nmails are not sent\n",
	} {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if got := fmt.Sprintf("%d %s", w.Code, w.Body); got != want {
			t.Errorf("%s: %q", path, got)
		}
	}
}
