// Package paperhttp gives out documents of the hub as files: a page to print and
// a DOCX to file. Who asks, and whether they still may, is found out at every
// download; nothing is kept by caches in between.
//
//	GET /papers/{of}/{what}.{html|docx}?lang=ca
package paperhttp

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/paper"
)

// Options is what the handler works with.
type Options struct {
	// Viewer finds who asks, as everywhere.
	Viewer func(*http.Request) (*access.Viewer, error)
	// Document makes what is asked for. For who may not see it, and for what there
	// is not, it is fault.ErrNotFound.
	Document func(ctx context.Context, v *access.Viewer, of, what string, l lang.Lang) (*paper.Document, error)
	Log      *slog.Logger
}

type handler struct{ Options }

// New makes the handler of everything below /papers/.
func New(o Options) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /papers/{of}/{file}", handler{o}.serve)
	return mux
}

// The forms in which documents are given out.
const (
	htmlType = "text/html; charset=utf-8"
	docxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

func (h handler) serve(w http.ResponseWriter, r *http.Request) {
	what, form, _ := strings.Cut(r.PathValue("file"), ".")
	l := auth.Language(r.Header.Get("Accept-Language"))
	if wanted, ok := lang.Parse(r.URL.Query().Get("lang")); ok {
		l = wanted
	}
	v, err := h.Viewer(r)
	if err != nil {
		h.refuse(w, r, err, l)
		return
	}
	d, err := h.Document(access.With(r.Context(), v), v, r.PathValue("of"), what, l)
	if err == nil && form != "html" && form != "docx" {
		err = fault.ErrNotFound.New()
	}
	if err != nil {
		h.refuse(w, r, err, l)
		return
	}
	var body bytes.Buffer
	kind := htmlType
	if form == "docx" {
		kind = docxType
		w.Header().Set("Content-Disposition", `attachment; filename="`+fileName(d, what)+`.docx"`)
		err = d.DOCX(&body)
	} else {
		// The page loads nothing and runs nothing.
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'")
		err = d.HTML(&body)
	}
	if err != nil {
		h.refuse(w, r, err, l)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "private, no-store")
	_, _ = w.Write(body.Bytes())
}

// fileName is the file number, as far as file systems like it.
func fileName(d *paper.Document, what string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-':
			return r
		}
		return '-'
	}, d.Number)
	if name = strings.Trim(name, "-"); name == "" {
		return what
	}
	return name + "-" + what
}

func (h handler) refuse(w http.ResponseWriter, r *http.Request, err error, l lang.Lang) {
	f := fault.From(err)
	status := http.StatusInternalServerError
	switch f.Code.Kind {
	case fault.NotFound, fault.Invalid:
		status = http.StatusNotFound
	case fault.Denied:
		status = http.StatusForbidden
	case fault.Unauthenticated:
		status = http.StatusUnauthorized
		w.Header().Set("WWW-Authenticate", "Bearer")
	case fault.Limited:
		status = http.StatusServiceUnavailable
	default:
		h.Log.ErrorContext(r.Context(), "give out a document", "cause", err)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(f.Message(l) + "\n"))
}
