// Package httpd serves the hub's routes: the GraphQL endpoint, the schema, the
// web client, health, readiness and metrics.
//
// Health says that the process lives; readiness that it can answer: the
// database was reached within the last seconds and it is not draining. A load
// balancer asks for readiness; a supervisor for health.
package httpd

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Routes are the handlers the server puts together.
type Routes struct {
	GraphQL http.Handler // POST, GET, WebSocket and SSE on /graphql
	Schema  string       // the SDL at /schema.graphql
	Client  http.Handler // everything else
	Metrics http.Handler // at /metrics
	Origins []string     // that may send credentials besides the hub's own
	Ready   func(ctx context.Context) error
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
	mux.Handle("/graphql", routes.GraphQL)
	mux.HandleFunc("GET /schema.graphql", s.schema(routes.Schema))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", s.ready(routes.Ready))
	mux.Handle("GET /metrics", routes.Metrics)
	mux.Handle("/", guard.Handler(routes.Client))
	s.http = &http.Server{
		Handler:           headers(mux),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	return s, nil
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

func (s *Server) ready(check func(ctx context.Context) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		switch {
		case s.draining.Load():
			plain(w, http.StatusServiceUnavailable, "draining")
		case check(ctx) != nil:
			plain(w, http.StatusServiceUnavailable, "database not reached")
		default:
			plain(w, http.StatusOK, "ready")
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
		h.Set("X-Frame-Options", "DENY")
		next.ServeHTTP(w, r)
	})
}
