package gqldoc

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/internal/kernel/memo"
)

// Settings is the part of gqlgen's executor that Attach sets.
type Settings interface {
	SetQueryCache(cache graphql.Cache[*ast.QueryDocument])
	SetParserTokenLimit(limit int)
	SetDisableSuggestion(value bool)
}

// Attach makes an executor take its documents from requests prepared here, and
// from nowhere else: a query that was not prepared fails to parse, so that no
// transport can forget the limits.
func Attach(exec Settings) {
	exec.SetQueryCache(carried{})
	exec.SetParserTokenLimit(1)
	exec.SetDisableSuggestion(true)
}

// OperationContext opens the execution of a prepared request. exec must have
// been attached. Errors come from the executor's own extensions; the context
// of the operation is not nil even then.
func (p *Prepared) OperationContext(
	ctx context.Context, exec graphql.GraphExecutor, headers http.Header,
) (*graphql.OperationContext, gqlerror.List) {
	now := graphql.Now()
	ctx = context.WithValue(graphql.StartOperationTrace(ctx), carriedKey{}, p)
	op, errs := exec.CreateOperationContext(ctx, &graphql.RawParams{
		Query:         p.Request.Query,
		OperationName: p.Request.OperationName,
		Variables:     p.Variables,
		Extensions:    p.Request.Extensions,
		Headers:       headers,
		ReadTime:      graphql.TraceTiming{Start: now, End: now},
	})
	op.Stats.SetExtension(memo.Key, p.memo)
	return op, errs
}

// carried is gqlgen's query cache: it finds the document of the request that
// the context carries. The preparer's own cache may have dropped it by then.
type carried struct{}

type carriedKey struct{}

// Get implements graphql.Cache.
func (carried) Get(ctx context.Context, query string) (*ast.QueryDocument, bool) {
	p, ok := ctx.Value(carriedKey{}).(*Prepared)
	if !ok || p.Request.Query != query {
		return nil, false
	}
	return p.Document, true
}

// Add implements graphql.Cache. There is nothing to add: only Prepare makes
// documents.
func (carried) Add(context.Context, string, *ast.QueryDocument) {}
