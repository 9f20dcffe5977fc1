package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net"
	"strings"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Demo makes and reads the tokens of the demonstration: each names one of its
// invented people and is signed with the demonstration's own secret.
type Demo struct{ secret []byte }

// NewDemo prepares demo sign-in. It refuses an address that others can reach:
// whoever holds a demo token is that person, without a password.
func NewDemo(secret []byte, listenAddr string) (*Demo, error) {
	if len(secret) < 32 {
		return nil, errors.New("the demo secret needs at least 32 bytes")
	}
	if !loopback(listenAddr) {
		return nil, errors.New("demo sign-in works on a loopback address only, not on " + listenAddr)
	}
	return &Demo{secret: secret}, nil
}

func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// Token names the person.
func (d *Demo) Token(person id.ID) string {
	return "demo." + b64(person[:]) + "." + b64(d.sign(person))
}

// Person reads a token. The fault is BAD_TOKEN.
func (d *Demo) Person(token string) (id.ID, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || parts[0] != "demo" {
		return id.Zero, errBadToken.New()
	}
	raw, err1 := base64.RawURLEncoding.DecodeString(parts[1])
	sig, err2 := base64.RawURLEncoding.DecodeString(parts[2])
	if err1 != nil || err2 != nil || len(raw) != 16 {
		return id.Zero, errBadToken.New()
	}
	person := id.ID(raw)
	if !hmac.Equal(sig, d.sign(person)) {
		return id.Zero, errBadToken.New()
	}
	return person, nil
}

func (d *Demo) sign(person id.ID) []byte {
	mac := hmac.New(sha256.New, d.secret)
	mac.Write([]byte("teixit demo token\x00"))
	mac.Write(person[:])
	return mac.Sum(nil)
}

// DemoSecret is the key of the demonstration, the same for all instances on one
// database.
func DemoSecret(ctx context.Context, q postgres.Querier) ([]byte, error) {
	return secret(ctx, q, "demo")
}
