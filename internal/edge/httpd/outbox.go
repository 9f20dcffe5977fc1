package httpd

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"log/slog"
	"net/http"
	"strings"

	"github.com/teixit/teixit/internal/platform/mail"
)

// Letters are the mails that the demonstration kept, newest first; to limits
// them to one address.
type Letters interface {
	Newest(ctx context.Context, to string, limit int) ([]mail.Shown, error)
}

// shownLetters is how many the page has.
const shownLetters = 100

// Outbox shows the demonstration's mails instead of sending them: /demo/mail for
// people, /demo/mail.json for programs, /demo/mail/ID for the HTML of one. Whoever
// can reach it can sign in as anybody: it is for the demonstration on a loopback
// address, and nothing else mounts it.
func Outbox(letters Letters, log *slog.Logger) http.Handler {
	o := outbox{letters: letters, log: log}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /demo/mail", o.page)
	mux.HandleFunc("GET /demo/mail.json", o.json)
	mux.HandleFunc("GET /demo/mail/{id}", o.letter)
	return mux
}

type outbox struct {
	letters Letters
	log     *slog.Logger
}

func (o outbox) read(w http.ResponseWriter, r *http.Request) ([]mail.Shown, bool) {
	w.Header().Set("Cache-Control", "no-store")
	letters, err := o.letters.Newest(r.Context(), r.URL.Query().Get("to"), shownLetters)
	if err != nil {
		o.log.ErrorContext(r.Context(), "read the outbox", "cause", err)
		plain(w, http.StatusServiceUnavailable, "the mails cannot be read now")
		return nil, false
	}
	return letters, true
}

func (o outbox) json(w http.ResponseWriter, r *http.Request) {
	letters, ok := o.read(w, r)
	if !ok {
		return
	}
	if letters == nil {
		letters = []mail.Shown{}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(map[string]any{"mails": letters})
}

func (o outbox) page(w http.ResponseWriter, r *http.Request) {
	letters, ok := o.read(w, r)
	if !ok {
		return
	}
	t, err := template.New("").Funcs(template.FuncMap{"lines": linesOf}).Parse(outboxPage)
	if err != nil {
		plain(w, http.StatusInternalServerError, "the page is broken")
		return
	}
	sum := sha256.Sum256([]byte(outboxStyle))
	policy(w, "style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	if err := t.Execute(w, map[string]any{"Style": template.CSS(outboxStyle), "Mails": letters}); err != nil {
		o.log.DebugContext(r.Context(), "write the outbox", "cause", err)
	}
}

// letter shows the HTML as a mail program would, cut off from the hub's origin.
func (o outbox) letter(w http.ResponseWriter, r *http.Request) {
	letters, ok := o.read(w, r)
	if !ok {
		return
	}
	for _, l := range letters {
		if l.ID.String() == r.PathValue("id") {
			policy(w, "style-src 'unsafe-inline'; sandbox allow-popups allow-top-navigation-by-user-activation")
			_, _ = w.Write([]byte(l.HTML))
			return
		}
	}
	plain(w, http.StatusNotFound, "no such mail")
}

func policy(w http.ResponseWriter, besides string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "+besides)
}

// line of a mail's text; an address alone on its line can be followed.
type line struct {
	Text string
	Link bool
}

func linesOf(text string) []line {
	var lines []line
	for _, l := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		link := (strings.HasPrefix(l, "https://") || strings.HasPrefix(l, "http://")) && !strings.Contains(l, " ")
		lines = append(lines, line{Text: l, Link: link})
	}
	return lines
}

const outboxStyle = `
body{margin:0 auto;max-width:46rem;padding:1.5rem;font:1.0625rem/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff}
article{border-top:1px solid #767676;padding:1rem 0}
h2{margin:0;font-size:1.125rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:0 1rem;margin:.5rem 0}
dd{margin:0}
pre{white-space:pre-wrap;font:inherit;background:#f4f4f4;padding:1rem;margin:.5rem 0}
a{color:#0b4f8a}`

const outboxPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mails of the demonstration</title>
<style>{{.Style}}</style></head>
<body>
<main>
<h1>Mails of the demonstration</h1>
<p>Nothing is sent from here: these are the mails the hub would have sent, newest first. Also as <a href="/demo/mail.json">JSON</a>.</p>
{{range .Mails}}<article id="{{.ID}}" lang="{{.Lang}}">
<h2>{{.Subject}}</h2>
<dl lang="en"><dt>To</dt><dd>{{.To}}</dd><dt>At</dt><dd><time datetime="{{.At.Format "2006-01-02T15:04:05Z07:00"}}">{{.At.Format "2006-01-02 15:04:05"}} UTC</time></dd><dt>Template</dt><dd>{{.Template}} ({{.Lang}}), <a href="/demo/mail/{{.ID}}">as HTML</a></dd></dl>
<pre>{{range lines .Text}}{{if .Link}}<a href="{{.Text}}">{{.Text}}</a>{{else}}{{.Text}}{{end}}
{{end}}</pre>
</article>
{{else}}<p>No mail yet.</p>
{{end}}</main>
</body>
</html>
`
