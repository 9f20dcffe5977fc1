package httpd

import "net/http"

// Handler answers requests without listening.
func (s *Server) Handler() http.Handler { return s.http.Handler }
