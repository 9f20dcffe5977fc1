// Package filehttp carries the bytes of documents over plain HTTP, beside
// GraphQL: no multipart, which other pages could send without asking.
//
//	PUT  /files/uploads/{upload}      the bytes of a file, into the place that a mutation made
//	GET  /files/{document}/{version}  a file, for who may read it at this moment
//	GET  /files/events/{event}/participants.{csv|xlsx}   who comes, for the organisers
//	PUT  /files/events/{event}/participants?dryRun=true  who comes, from a CSV or XLSX
//	GET  /files/events/{event}/imports/{import}          how far such a list has got, also as it goes on
//
// What is refused answers {"error": {"code", "message"}}, in the reader's
// language. A file is always sent as something to keep, never to show: as an
// attachment, with its checked type that no browser guesses at, in a sandbox, and
// into no cache.
package filehttp

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/sheet"
)

// File is one that is sent.
type File struct {
	Name, MediaType string
	Size            int64
	Content         io.ReadCloser
}

// Options is what the handler works with.
type Options struct {
	// Viewer finds who asks, as everywhere.
	Viewer func(*http.Request) (*access.Viewer, error)
	// Fill takes bytes into a place and answers the document they became, by
	// public identifiers.
	Fill func(ctx context.Context, v *access.Viewer, upload string, body io.Reader) (document string, version int, err error)
	// Open opens a version for who may read it.
	Open    func(ctx context.Context, v *access.Viewer, document string, version int) (*File, error)
	MaxSize int64
	// Sheet makes the table of an event's participants.
	Sheet func(ctx context.Context, v *access.Viewer, event string, l lang.Lang) (*sheet.Table, error)
	// Import begins to take participants from a file.
	Import func(ctx context.Context, v *access.Viewer, event string, file []byte, how ImportMode) (*Progress, error)
	// Imported tells how far that has got, with what is wrong behind a line.
	Imported func(ctx context.Context, v *access.Viewer, event, list string, after int) (*Progress, error)
	Log      *slog.Logger
}

type handler struct{ Options }

// patience bounds how long the bytes of one file may take, either way.
const patience = 5 * time.Minute

// New makes the handler of everything below /files/.
func New(o Options) http.Handler {
	h := handler{o}
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /files/uploads/{upload}", h.put)
	mux.HandleFunc("GET /files/{document}/{version}", h.get)
	mux.HandleFunc("GET /files/events/{event}/{file}", h.sheet)
	mux.HandleFunc("PUT /files/events/{event}/participants", h.take)
	mux.HandleFunc("GET /files/events/{event}/imports/{import}", h.progress)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "private, no-store")
		w.Header().Set("Vary", "Authorization, Cookie, Accept-Language")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
		w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
		deadline := time.Now().Add(patience)
		out := http.NewResponseController(w)
		_, _ = out.SetReadDeadline(deadline), out.SetWriteDeadline(deadline)
		mux.ServeHTTP(w, r)
	})
}

var (
	errLength = fault.Define(fault.Invalid, "LENGTH_REQUIRED",
		"Cal dir la mida del fitxer (Content-Length).", "Hay que decir el tamaño del archivo (Content-Length).",
		"The size of the file has to be said (Content-Length).")
	errTooLarge = fault.Define(fault.Invalid, "BODY_TOO_LARGE",
		"El fitxer és massa gran.", "El archivo es demasiado grande.", "The file is too large.")
)

func (h handler) put(w http.ResponseWriter, r *http.Request) {
	viewer, err := h.Viewer(r)
	switch {
	case err != nil:
	case !viewer.SignedIn():
		err = fault.ErrUnauthenticated.New()
	case r.ContentLength < 0:
		err = errLength.New()
	case r.ContentLength > h.MaxSize:
		err = errTooLarge.New()
	}
	var document string
	var version int
	if err == nil {
		document, version, err = h.Fill(r.Context(), viewer, r.PathValue("upload"), http.MaxBytesReader(w, r.Body, h.MaxSize+1))
	}
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	answer(w, http.StatusCreated, map[string]any{"document": document, "version": version})
}

func (h handler) get(w http.ResponseWriter, r *http.Request) {
	viewer, err := h.Viewer(r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	version, err := strconv.Atoi(r.PathValue("version"))
	if err != nil {
		h.refuse(w, r, fault.ErrNotFound.New())
		return
	}
	f, err := h.Open(r.Context(), viewer, r.PathValue("document"), version)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	defer f.Content.Close()
	w.Header().Set("Content-Type", f.MediaType)
	w.Header().Set("Content-Length", strconv.FormatInt(f.Size, 10))
	w.Header().Set("Content-Disposition", disposition(f.Name))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	if _, err := io.Copy(w, f.Content); err != nil && r.Context().Err() == nil {
		h.Log.WarnContext(r.Context(), "a file was not sent whole", "cause", err)
	}
}

// disposition names the file in the old way, without what it cannot say, and in
// the new one.
func disposition(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' {
			return '_'
		}
		return r
	}, name)
	return mime.FormatMediaType("attachment", map[string]string{"filename": plain}) +
		"; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}

func (h handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.From(err)
	told := map[string]any{"code": f.Code.Name, "message": f.Message(auth.Language(r.Header.Get("Accept-Language")))}
	status := statusOf(f)
	switch status {
	case http.StatusInternalServerError:
		reference := id.New().String()
		told["reference"] = reference
		h.Log.ErrorContext(r.Context(), "files: internal fault", "reference", reference, "path", r.URL.Path, "cause", err)
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "2")
	}
	answer(w, status, map[string]any{"error": told})
}

func statusOf(f *fault.Fault) int {
	if f.Is(errTooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	if f.Is(errLength) {
		return http.StatusLengthRequired
	}
	status, ok := map[fault.Kind]int{
		fault.Invalid: http.StatusBadRequest, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict,
		fault.Denied: http.StatusForbidden, fault.Unauthenticated: http.StatusUnauthorized, fault.Limited: http.StatusServiceUnavailable,
	}[f.Code.Kind]
	if !ok {
		return http.StatusInternalServerError
	}
	return status
}

func answer(w http.ResponseWriter, status int, body any) {
	b, err := json.Marshal(body)
	if err != nil { // maps of texts always marshal
		status, b = http.StatusInternalServerError, []byte(`{}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b)
}
