package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func built() fstest.MapFS {
	return fstest.MapFS{
		"index.html":            {Data: []byte("<!doctype html><title>start</title>")},
		"graphiql.html":         {Data: []byte("<!doctype html><title>graphiql</title>")},
		"favicon.svg":           {Data: []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")},
		"assets/index-abc12.js": {Data: []byte("export {}")},
		".gitkeep":              {},
	}
}

func ask(t *testing.T, h http.Handler, method, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	var b bytes.Buffer
	if _, err := b.ReadFrom(r.Body); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHandlerServesPagesAndAssets(t *testing.T) {
	t.Parallel()
	h := newHandler(built())
	for _, c := range []struct{ path, kind, cache, policy string }{
		{"/", "text/html; charset=utf-8", cacheRevisit, strictPolicy},
		{"/graphiql", "text/html; charset=utf-8", cacheRevisit, graphiqlPolicy},
		{"/favicon.svg", "image/svg+xml", cacheRevisit, strictPolicy},
		{"/assets/index-abc12.js", "text/javascript; charset=utf-8", cacheForever, strictPolicy},
	} {
		t.Run(c.path, func(t *testing.T) {
			t.Parallel()
			r := ask(t, h, http.MethodGet, c.path)
			got := [5]string{
				r.Status, r.Header.Get("Content-Type"), r.Header.Get("Cache-Control"),
				r.Header.Get("Content-Security-Policy"), r.Header.Get("X-Content-Type-Options"),
			}
			if want := [5]string{"200 OK", c.kind, c.cache, c.policy, "nosniff"}; got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

func TestHandlerAnswersPagesOfTheClient(t *testing.T) {
	t.Parallel()
	h := newHandler(built())
	start := body(t, ask(t, h, http.MethodGet, "/"))
	for _, path := range []string{"/sign-in", "/me", "/me/access", "/organisations", "/organisations/asc_1", "/accept", "/table/answer"} {
		r := ask(t, h, http.MethodGet, path)
		got := [4]string{r.Status, r.Header.Get("Content-Type"), r.Header.Get("Cache-Control"), r.Header.Get("Content-Security-Policy")}
		if want := [4]string{"200 OK", "text/html; charset=utf-8", cacheRevisit, strictPolicy}; got != want {
			t.Errorf("GET %s: got %q, want %q", path, got, want)
		}
		if text := body(t, r); text != start {
			t.Errorf("GET %s: %q, want the start page", path, text)
		}
	}
}

func TestHandlerAnswersNotModified(t *testing.T) {
	t.Parallel()
	h := newHandler(built())
	tag := ask(t, h, http.MethodGet, "/").Header.Get("ETag")
	if tag == "" {
		t.Fatal("the start page has no ETag")
	}
	if r := ask(t, h, http.MethodGet, "/", "If-None-Match", tag); r.StatusCode != http.StatusNotModified {
		t.Errorf("same tag: got %s, want 304", r.Status)
	}
	if r := ask(t, h, http.MethodGet, "/", "If-None-Match", `"another"`); r.StatusCode != http.StatusOK {
		t.Errorf("another tag: got %s, want 200", r.Status)
	}
}

func TestHandlerCompresses(t *testing.T) {
	t.Parallel()
	h := newHandler(built())
	const path = "/assets/index-abc12.js"
	plain := ask(t, h, http.MethodGet, path, "Accept-Encoding", "br, gzip;q=0")
	if text := body(t, plain); text != "export {}" || plain.Header.Get("Content-Encoding") != "" {
		t.Errorf("without gzip: %q as %q", text, plain.Header.Get("Content-Encoding"))
	}
	zipped := ask(t, h, http.MethodGet, path, "Accept-Encoding", "br, gzip, deflate")
	if zipped.Header.Get("Content-Encoding") != "gzip" || zipped.Header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("with gzip: %v", zipped.Header)
	}
	if zipped.Header.Get("ETag") == plain.Header.Get("ETag") {
		t.Error("both forms have the same tag")
	}
	reader, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(reader); string(text) != "export {}" || err != nil {
		t.Errorf("unzipped: %q, %v", text, err)
	}
}

func TestHandlerRefusesWhatItDoesNotServe(t *testing.T) {
	t.Parallel()
	h := newHandler(built())
	for _, path := range []string{
		"/nothing", "/assets/", "/assets", "/.gitkeep", "/index.html/x", "/../embed.go",
		"/sign-in/", "/sign-in/x", "/organisations/", "/organisations/a/b", "/*", "/organisations/*/..",
	} {
		if r := ask(t, h, http.MethodGet, path); r.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s: got %s, want 404", path, r.Status)
		}
	}
	r := ask(t, h, http.MethodPost, "/")
	if r.StatusCode != http.StatusMethodNotAllowed || r.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST /: got %s, Allow %q", r.Status, r.Header.Get("Allow"))
	}
}

func TestHandlerWithoutBuiltClientSaysSo(t *testing.T) {
	t.Parallel()
	h := newHandler(fstest.MapFS{".gitkeep": {}})
	for _, path := range []string{"/", "/graphiql"} {
		r := ask(t, h, http.MethodGet, path)
		if text := body(t, r); r.StatusCode != http.StatusOK || !strings.Contains(text, "make build") {
			t.Errorf("GET %s: %s %q", path, r.Status, text)
		}
	}
}

func TestHandlerServesWhatIsEmbedded(t *testing.T) {
	t.Parallel()
	if r := ask(t, Handler(), http.MethodGet, "/"); r.StatusCode != http.StatusOK {
		t.Errorf("GET /: %s", r.Status)
	}
}
