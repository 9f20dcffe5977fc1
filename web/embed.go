// Package web holds the built web client inside the binary and serves it.
//
// The client is made by `npm run build` into dist, which is not committed: a
// binary built without it serves a page that says so, and everything else of
// the hub works. What is served comes from a list made once, when the handler
// is made: a path that is not on it is not found, so no directory is ever
// listed and no hidden file shown. The client's own pages (src/routes.json, from
// which the client makes its router too) are answered with its start page.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed all:dist
var dist embed.FS

//go:embed src/routes.json
var routesJSON string

// What a page may load. Everything comes from the hub itself; 'self' covers
// its WebSocket too. GraphiQL's editor writes style elements and carries its
// icons and fonts inside its style sheet, so its page alone is allowed those.
const (
	strictPolicy   = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	graphiqlPolicy = strictPolicy + "; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; worker-src 'self' blob:"
)

// Names of files under assets carry a hash of their content, so they never
// change; all others are asked for again and answered 304 by their tag.
const (
	cacheForever = "public, max-age=31536000, immutable"
	cacheRevisit = "no-cache"
)

const placeholder = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Teixit</title>
<h1>Teixit is running</h1>
<p>The web client is not in this binary: <code>make build</code> builds it with the client.</p>
<p>The API is there: <a href="/schema.graphql">schema</a>, <code>POST /graphql</code>.</p>
`

// file is one thing that can be asked for.
type file struct {
	name   string // for the content type
	body   []byte
	zipped func() []byte // body as gzip, made when first asked for; nil: not worth it
	tag    string
	cache  string
	policy string
}

// Handler serves the client: its pages, GraphiQL at /graphiql, and the files
// these load. Anybody may ask; only GET and HEAD are answered. What a page shows
// comes over GraphQL, so the page itself is the same for everybody.
func Handler() http.Handler {
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("web: " + err.Error()) // only an invalid constant path fails
	}
	return newHandler(built)
}

func newHandler(built fs.FS) http.Handler {
	files, routes := collect(built), routes()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, found := files[r.URL.Path]
		if !found && routes.has(r.URL.Path) {
			f, found = files["/"], true
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		switch {
		case !found:
			http.NotFound(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		default:
			f.serve(w, r)
		}
	})
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", f.cache)
	h.Set("Content-Security-Policy", f.policy)
	h.Set("Referrer-Policy", "same-origin")
	if kind := mime.TypeByExtension(path.Ext(f.name)); kind != "" {
		h.Set("Content-Type", kind)
	}
	body, tag := f.body, f.tag
	if f.zipped != nil {
		h.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r) {
			h.Set("Content-Encoding", "gzip")
			body, tag = f.zipped(), f.tag+"-gzip"
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, f.name, time.Time{}, bytes.NewReader(body))
}

// acceptsGzip tells whether the client takes gzip. Nobody who names it refuses
// it in practice, but "gzip;q=0" is how one would.
func acceptsGzip(r *http.Request) bool {
	for _, coding := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if strings.EqualFold(name, "gzip") && strings.TrimSpace(q) != "q=0" {
			return true
		}
	}
	return false
}

// zip compresses a text; pictures and fonts are compressed already.
func zip(name string, body []byte) func() []byte {
	switch path.Ext(name) {
	case ".js", ".css", ".html", ".svg":
		return sync.OnceValue(func() []byte {
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			_, _ = w.Write(body) // a buffer takes everything
			_ = w.Close()
			return b.Bytes()
		})
	default:
		return nil
	}
}

// operationsFile holds what the client asks, by the SHA-256 of its text.
const operationsFile = "operations.json"

// Operations are what the client of this binary asks, by the SHA-256 of the text
// that it sends (see scripts/operations.mjs); none where the binary was built
// without the client.
func Operations() map[string]string {
	text, err := fs.ReadFile(dist, "dist/"+operationsFile)
	if err != nil {
		return nil
	}
	var all map[string]string
	if err := json.Unmarshal(text, &all); err != nil {
		panic("web: dist/" + operationsFile + ": " + err.Error()) // made by our own build
	}
	return all
}

// patterns of paths; * stands for one segment.
type patterns []string

// routes are the pages of the client.
func routes() patterns {
	var all patterns
	if err := json.Unmarshal([]byte(routesJSON), &all); err != nil {
		panic("web: src/routes.json: " + err.Error()) // an embedded constant
	}
	return all
}

func (all patterns) has(asked string) bool {
	for _, pattern := range all {
		if ok, err := path.Match(pattern, asked); ok && err == nil && !strings.HasSuffix(asked, "/") {
			return true
		}
	}
	return false
}

// collect lists what is served, by URL path.
func collect(built fs.FS) map[string]file {
	files := map[string]file{}
	for _, name := range []string{"index.html", "graphiql.html"} {
		files[pagePath(name)] = newFile(name, []byte(placeholder))
	}
	maps.Copy(files, read(built))
	return files
}

// read takes the built files, without hidden ones and what is for the hub. What cannot be read is left
// out: in an embedded tree that does not happen.
func read(built fs.FS) map[string]file {
	files := map[string]file{}
	_ = fs.WalkDir(built, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") || name == operationsFile {
			return err
		}
		body, err := fs.ReadFile(built, name)
		if err != nil {
			return err
		}
		files[pagePath(name)] = newFile(name, body)
		return nil
	})
	return files
}

// pagePath is where a built file is served: pages without their ending.
func pagePath(name string) string {
	if name == "index.html" {
		return "/"
	}
	return "/" + strings.TrimSuffix(name, ".html")
}

func newFile(name string, body []byte) file {
	sum := sha256.Sum256(body)
	f := file{name: name, body: body, zipped: zip(name, body), tag: hex.EncodeToString(sum[:12]), cache: cacheRevisit, policy: strictPolicy}
	if strings.HasPrefix(name, "assets/") {
		f.cache = cacheForever
	}
	if name == "graphiql.html" {
		f.policy = graphiqlPolicy
	}
	return f
}
