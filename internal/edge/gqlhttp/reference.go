package gqlhttp

import (
	"context"
	"crypto/rand"
	"net/http"
)

type referenceKey struct{}

// Reference is the reference of the request ctx belongs to: what the user is
// shown when something fails, and what the log lines of the request carry.
func Reference(ctx context.Context) string {
	s, _ := ctx.Value(referenceKey{}).(string)
	return s
}

// WithReference gives a request its reference before it reaches the handler,
// such as in the outermost middleware; the handler then makes none.
func WithReference(ctx context.Context, reference string) context.Context {
	return context.WithValue(ctx, referenceKey{}, reference)
}

// NewReference makes a reference: short enough to read out over the telephone.
func NewReference() string { return rand.Text()[:12] }

// referenced returns r with a reference in its context, made when it has none.
// One sent by the client is not taken: it could be anybody's.
func referenced(r *http.Request) (*http.Request, string) {
	if s := Reference(r.Context()); s != "" {
		return r, s
	}
	s := NewReference()
	return r.WithContext(WithReference(r.Context(), s)), s
}
