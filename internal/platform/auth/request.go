package auth

import (
	"context"
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Tokens reads a bearer token. Demo is one; accounts bring others.
type Tokens interface {
	Person(token string) (id.ID, error)
}

// Authenticator finds the viewer of a request, the same way for HTTP, WebSocket
// and SSE.
type Authenticator struct {
	db     *postgres.DB
	tokens Tokens // nil: nobody can sign in
}

// NewAuthenticator reads rights from db and tokens with tokens, which may be nil.
func NewAuthenticator(db *postgres.DB, tokens Tokens) *Authenticator {
	return &Authenticator{db: db, tokens: tokens}
}

// Request finds the viewer of an HTTP request by its Authorization header.
func (a *Authenticator) Request(r *http.Request) (*access.Viewer, error) {
	return a.Bearer(r.Context(), r.Header.Get("Authorization"), Language(r.Header.Get("Accept-Language")))
}

// Bearer finds the viewer for an Authorization value; an empty one is an
// anonymous viewer. The fault is UNAUTHENTICATED or BAD_TOKEN.
func (a *Authenticator) Bearer(ctx context.Context, authorization string, l lang.Lang) (*access.Viewer, error) {
	if authorization == "" {
		return access.Anonymous(l), nil
	}
	scheme, token, ok := strings.Cut(authorization, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") || a.tokens == nil {
		return nil, errBadToken.New()
	}
	person, err := a.tokens.Person(strings.TrimSpace(token))
	if err != nil {
		return nil, err
	}
	return Viewer(ctx, a.db.Read(), person, l)
}

var matcher = language.NewMatcher([]language.Tag{language.Catalan, language.Spanish, language.English})

// Language chooses among ca, es and en by an Accept-Language value; Catalan
// when it says nothing the hub speaks.
func Language(accept string) lang.Lang {
	if accept == "" || len(accept) > 500 {
		return lang.CA
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return lang.CA
	}
	_, i, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return lang.CA
	}
	return lang.All()[i]
}
