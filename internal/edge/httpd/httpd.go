// Package httpd serves the hub's routes: the GraphQL endpoint, the schema, the
// web client, health, readiness and metrics.
//
// Health says that the process lives; readiness that it can answer: the
// database was reached within the last seconds and it is not draining. A load
// balancer asks for readiness; a supervisor for health.
package httpd

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/platform/auth"
)

// framed is where the pages are that stand in pages of others; no other page of
// the hub may.
const framed = "/embed/"

// Routes are the handlers the server puts together.
type Routes struct {
	GraphQL   http.Handler // POST, GET, WebSocket and SSE on /graphql
	Auth      http.Handler // signing in and out, below /auth/
	Files     http.Handler // documents, below /files/
	Papers    http.Handler // documents to print and file, below /papers/
	Calendars http.Handler // events for programs and pages outside, below /calendar/ and /embed/
	Mail      http.Handler // what comes back of mails, and turning them off, below /mail/; nil without it
	Schema    string       // the SDL at /schema.graphql
	Client    http.Handler // everything else
	Metrics   http.Handler // at /metrics
	Origins   []string     // that may send credentials besides the hub's own
	Ready     func(ctx context.Context) error
	Notes     []string     // what /readyz tells besides, of an instance that is ready
	Outbox    http.Handler // the demonstration's mails below /demo/mail; nil without it
	// Conn lets handlers know the connection below a request; nil: they do not.
	Conn func(ctx context.Context, c net.Conn) context.Context
}

// Server is the HTTP server of one instance.
type Server struct {
	http     *http.Server
	draining atomic.Bool
	log      *slog.Logger
}

// New prepares the server. It listens when Serve is called.
func New(routes Routes, log *slog.Logger) (*Server, error) {
	s := &Server{log: log}
	guard := http.NewCrossOriginProtection()
	for _, origin := range routes.Origins {
		if err := guard.AddTrustedOrigin(origin); err != nil {
			return nil, err
		}
	}
	mux := http.NewServeMux()
	guard.SetDenyHandler(http.HandlerFunc(crossOrigin))
	mux.Handle("/graphql", guardCookies(guard, routes.GraphQL))
	mux.Handle("/auth/", guard.Handler(routes.Auth))
	mux.Handle("/files/", guardCookies(guard, routes.Files))
	if routes.Papers != nil {
		mux.Handle("GET /papers/", routes.Papers)
	}
	if routes.Calendars != nil {
		mux.Handle("GET /calendar/", routes.Calendars)
		mux.Handle("GET "+framed, routes.Calendars)
	}
	if routes.Mail != nil {
		mux.Handle("POST /mail/", routes.Mail)
		mux.Handle("GET /mail/off/", routes.Mail)
	}
	mux.HandleFunc("GET /schema.graphql", s.schema(routes.Schema))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", s.ready(routes.Ready, strings.Join(append([]string{"ready"}, routes.Notes...), "\n")))
	if routes.Outbox != nil {
		mux.Handle("GET /demo/", routes.Outbox)
	}
	mux.Handle("GET /metrics", routes.Metrics)
	mux.Handle("/", guard.Handler(routes.Client))
	s.http = &http.Server{
		Handler:           headers(mux),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ConnContext:       routes.Conn,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	return s, nil
}

// guardCookies keeps pages of other origins from acting in the name of whoever is
// signed in: their requests carry the session's cookie, which the browser adds
// by itself. What brings an Authorization of its own, or nothing, may come from
// anywhere: the cookie does not count then.
func guardCookies(guard *http.CrossOriginProtection, next http.Handler) http.Handler {
	guarded := guard.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie(auth.SessionCookie); err == nil && r.Header.Get("Authorization") == "" {
			guarded.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

var errCrossOrigin = fault.Define(fault.Denied, "ORIGIN_NOT_ALLOWED",
	"Aquesta pàgina no pot fer peticions en nom vostre.",
	"Esta página no puede hacer peticiones en su nombre.",
	"This page may not act in your name.")

// crossOrigin refuses in the forms of both that it guards.
func crossOrigin(w http.ResponseWriter, r *http.Request) {
	code, message := errCrossOrigin.Name, errCrossOrigin.New().Message(auth.Language(r.Header.Get("Accept-Language")))
	body, err := json.Marshal(map[string]any{
		"error":  map[string]string{"code": code, "message": message},
		"errors": []any{map[string]any{"message": message, "extensions": map[string]string{"code": code}}},
	})
	if err != nil { // texts always marshal
		body = nil
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusForbidden)
	_, _ = w.Write(body)
}

// Serve answers on l until Shutdown.
func (s *Server) Serve(l net.Listener) error {
	if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Drain makes the instance not ready, so that no new work is sent to it.
func (s *Server) Drain() { s.draining.Store(true) }

// Shutdown stops accepting and waits for open requests until ctx ends, then
// cuts what is left.
func (s *Server) Shutdown(ctx context.Context) error {
	if err := s.http.Shutdown(ctx); err != nil {
		return errors.Join(err, s.http.Close())
	}
	return nil
}

func (s *Server) schema(sdl string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/graphql; charset=utf-8")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Cache-Control", "public, max-age=300")
		_, _ = w.Write([]byte(sdl))
	}
}

func (s *Server) ready(check func(ctx context.Context) error, ready string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		switch {
		case s.draining.Load():
			plain(w, http.StatusServiceUnavailable, "draining")
		case check(ctx) != nil:
			plain(w, http.StatusServiceUnavailable, "database not reached")
		default:
			plain(w, http.StatusOK, ready)
		}
	}
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n"))
}

func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		if !strings.HasPrefix(r.URL.Path, framed) {
			h.Set("X-Frame-Options", "DENY")
		}
		next.ServeHTTP(w, r)
	})
}
