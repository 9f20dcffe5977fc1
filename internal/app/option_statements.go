package app

import (
	"net/http"
	"strconv"

	"github.com/teixit/teixit/internal/edge/gqlws"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// StatementsHeader names the header in which WithStatementCounts tells how many
// SQL statements an answer took, finding out who asks included.
const StatementsHeader = "X-Statements"

// MessagesHeader names the header that tells how many messages they travelled in.
const MessagesHeader = "X-Messages"

// WithStatementCounts makes each answer of /graphql over HTTP say in its headers
// what it took. It is for tests: what a question costs is nobody's business.
func WithStatementCounts() Option { return func(all *options) { all.counts = true } }

// counting counts the statements of each request when that was asked for.
func counting(wanted bool, next http.Handler) http.Handler {
	if !wanted {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if gqlws.IsUpgrade(r) {
			next.ServeHTTP(w, r)
			return
		}
		ctx, statements := postgres.CountStatements(r.Context())
		next.ServeHTTP(&countedAnswer{w, statements}, r.WithContext(ctx))
	})
}

// countedAnswer adds the header at the last moment, when the work is done.
type countedAnswer struct {
	http.ResponseWriter
	statements *postgres.Statements
}

// WriteHeader implements http.ResponseWriter.
func (w *countedAnswer) WriteHeader(status int) {
	w.Header().Set(StatementsHeader, strconv.Itoa(w.statements.N()))
	w.Header().Set(MessagesHeader, strconv.Itoa(w.statements.Messages()))
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets an http.ResponseController reach the connection.
func (w *countedAnswer) Unwrap() http.ResponseWriter { return w.ResponseWriter }
