package mail

import (
	"crypto/tls"
	"crypto/x509"
	"net/http/httptest"

	"github.com/wneessen/go-mail"
)

// TrustOf is a configuration that trusts a test server's certificate.
func TrustOf(s *httptest.Server) *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return &tls.Config{RootCAs: pool, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}

// Trust makes the sender trust a test's certificate.
func Trust(s *SMTP, c *tls.Config) {
	s.tls = c
	s.options = append(s.options, mail.WithTLSConfig(c))
}
